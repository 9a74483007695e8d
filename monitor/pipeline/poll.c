#include "monitor/pipeline/poll_parts.h"

#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/pipeline/budget.h"
#include "monitor/pipeline/folder.h"
#include "monitor/pipeline/hub.h"
#include "monitor/pipeline/poll_health.h"

#include <stdlib.h>

#define BATCH_BYTES_MAX (256u << 20)

void poll_job_free(struct poll_job *job)
{
	if (job != NULL) {
		source_free(job->source);
		fetch_reply_free(job->reply);
		free(job);
	}
}

void batch_free(struct batch *b)
{
	if (b != NULL) {
		arena_release(&b->arena);
		ruleset_unref(b->rules);
		free(b);
	}
}

/* --- the answer's judgement --- */

static const char *other_status(int status)
{
	return status >= 500   ? "its server has a problem"
	       : status >= 400 ? "it answered with an error"
	       : status >= 300 ? "it redirects to no address that could be followed"
			       : "that is no answer to what it was asked for";
}

static enum poll_outcome judge(const struct poll_job *job, const char **sentence)
{
	const struct fetch_reply *r = job->reply;
	if (job->source->connector->judges_failures) {
		return POLL_SAME; /* one of many requests may fail alone */
	}
	bool is_offline = r->network && job->offline;
	const struct more *more = job->source->more.first;
	if (r->rc != HARK_OK && !is_offline && more != NULL && more->request.may_fail) {
		return POLL_SAME;
	}
	if (r->rc != HARK_OK) {
		*sentence = r->error;
		if (r->rc == HARK_EAGAIN) {
			return POLL_QUOTA; /* nobody was asked */
		}
		return is_offline ? POLL_OFFLINE : POLL_FAILED;
	}
	if (job->source->connector->judges_status) {
		return POLL_SAME; /* it knows what its source means by a status */
	}
	switch (r->status) {
	case 200:
	case 203:
	case 226:
	case 304:
		return POLL_SAME;
	case 401:
	case 403:
		*sentence = "it wants a log-in or refuses us: check the source's secret and terms";
		return POLL_REFUSED;
	case 404:
		*sentence = "nothing is at that address: check the source's URL";
		return POLL_FAILED;
	case 410:
		*sentence = "it is gone for good";
		return POLL_GONE;
	case 429:
	case 503:
		*sentence = "it asks us to come back later";
		return POLL_FAILED;
	default:
		*sentence = other_status(r->status);
		return POLL_FAILED;
	}
}

static void say(struct batch *b, const char *sentence, int status)
{
	char text[600];
	if (status != 0) {
		snprintf(text, sizeof(text), "HTTP %d: %s", status, sentence);
		sentence = text;
	}
	b->state.error = arena_str(&b->arena, str_c(sentence));
	b->state.error_ms = b->received_ms;
}

/* Whoever says that it is gone knows neither that it is paused now, nor its name here. */
static void say_way_back(struct batch *b)
{
	struct buf text;
	buf_init(&text, 1000);
	buf_printf(&text,
		"%.*s; paused: `hark sources remove %.*s`, or `hark sources resume %.*s` to try "
		"again",
		STR_FMT(str_cut_utf8(b->state.error, 600)), STR_FMT(b->source), STR_FMT(b->source));
	b->state.error = arena_str(&b->arena, buf_str(&text));
	buf_release(&text);
}

/* --- pages --- */

/* Notes what the connector asked for and is wanted. True: the poll goes on. */
static bool take_more(struct source *src, const struct batch *b, const struct collected *got)
{
	more_done(&src->more); /* this was its reply */
	for (size_t i = 0; i < got->more_n; i++) {
		const struct hark_request *one = &got->more[i];
		if (!more_is_wanted(one, b->posts, b->posts_n, got->posts_n + got->withdrawn_n,
			    b->historic, src->page)) {
			continue;
		}
		if (budget_allows(&one->cost, b->state.spent, more_units(&src->more))) {
			more_add(&src->more, one);
		} else if (one->more != HARK_MORE_IF_NEW && !one->may_fail && !b->historic) {
			src->missed = true;
		}
	}
	src->page += src->more.first != NULL;
	return src->more.first != NULL;
}

/* The last page is in: what the first one said becomes the state, with the items of all pages. */
static int close_pages(struct batch *b, struct source *src, bool damaged)
{
	struct source_state *s = &b->state;
	if (src->next_cursor != NULL) {
		s->cursor = arena_str(&b->arena, str_c(src->next_cursor));
	}
	if (src->pending != NULL) {
		s->etag = arena_str(&b->arena, src->pending->etag);
		s->last_modified = arena_str(&b->arena, src->pending->last_modified);
		s->body_hash = src->pending->body_hash;
	}
	int rc = poll_remember(b, src, src->unchanged);
	/* A damaged answer without items says nothing of what was there before we came. */
	s->baseline_done |= !damaged || src->seen_n > 0 || src->connector->in_slices;
	if (!s->baseline_done) {
		s->etag = s->last_modified = STR_NONE;
	}
	return rc;
}

static void keep_validators(struct batch *b, const struct fetch_reply *r, const char *planned_url)
{
	struct source_state *s = &b->state;
	s->url = arena_str(&b->arena, str_c(planned_url));
	s->etag = arena_str(&b->arena, str_c(r->etag));
	s->last_modified = arena_str(&b->arena, str_c(r->last_modified));
}

static struct hash128 hash_body(const struct fetch_reply *r)
{
	struct str body = buf_str(&r->body);
	return hash128(&body, 1);
}

/* A page more follows: the validators of the first wait in the source until the last is stored, so
 * that a stop in between repeats the poll instead of losing the rest. So does the cursor, unless it holds all that
 * is still asked for. */
static int hold_pages(struct batch *b, struct source *src)
{
	if (src->page == 1) {
		free(src->pending);
		src->pending = source_state_pack(&b->state);
		if (src->pending == NULL) {
			return HARK_ENOMEM;
		}
	}
	const struct source_state *old = src->state;
	b->state.etag = old->etag;
	b->state.last_modified = old->last_modified;
	b->state.body_hash = old->body_hash;
	b->state.seen = old->seen;
	/* Of the first poll nothing may look like news later: it is repeated as a whole. */
	if (old->baseline_done && src->next_cursor != NULL && more_may_all_fail(&src->more)) {
		b->state.cursor = arena_str(&b->arena, str_c(src->next_cursor));
	}
	return HARK_OK;
}

/* --- one answer with a body --- */

/* NULL: there are none, or no memory for them. */
static const struct hark_pair *reply_headers(const struct fetch_reply *r, struct arena *arena)
{
	struct hark_pair *all =
		r->headers_n > 0 ? arena_alloc(arena, r->headers_n * sizeof(*all)) : NULL;
	const char *at = buf_c(&r->headers);
	for (size_t i = 0; all != NULL && i < r->headers_n; i++) {
		all[i].name = at;
		all[i].value = at + strlen(at) + 1;
		at = all[i].value + strlen(all[i].value) + 1;
	}
	return all;
}

/* Which file of its folder this is; NULL: the source has no folder. */
static const char *file_of(const struct source *src, const struct fetch_reply *r)
{
	return src->transport == HARK_TRANSPORT_FILE ? r->url : NULL;
}

static struct str with_place(
	struct batch *b, const char *file, long line, long column, struct str why)
{
	char text[800], where[400] = "";
	if (file != NULL && line > 0) {
		snprintf(where, sizeof(where), "%.300s:%ld: ", file, line);
	} else if (file != NULL) {
		snprintf(where, sizeof(where), "%.300s: ", file);
	} else if (line > 0) {
		snprintf(where, sizeof(where), "line %ld, column %ld: ", line, column);
	}
	snprintf(text, sizeof(text), "%s%.*s", where, STR_FMT(str_cut_utf8(why, 300)));
	return arena_str(&b->arena, str_c(text));
}

void poll_mark_degraded(struct batch *b, const struct collected *got, const char *file)
{
	b->state.degraded = b->state.noted = STR_NONE;
	if (got->degraded) {
		b->state.degraded = with_place(
			b, file, got->degraded_line, got->degraded_column, got->degraded_why);
	}
	if (got->noted.p != NULL) {
		b->state.noted =
			with_place(b, file, got->noted_line, got->noted_column, got->noted);
	}
}

void poll_reply(const struct source *src, const struct fetch_reply *r, struct arena *arena,
	struct hark_reply *out)
{
	const struct more *more = src->more.first;
	const struct hark_pair *headers = reply_headers(r, arena);
	*out = (struct hark_reply){
		.tag = more != NULL ? more->request.tag : NULL,
		.url = !src->secret_in_url ? r->url
		       : more != NULL      ? more->request.url
					   : src->asked_url,
		.status = r->rc == HARK_OK ? r->status : 0,
		.error = r->rc == HARK_OK ? NULL : r->error,
		.headers = headers,
		.headers_count = headers != NULL ? r->headers_n : 0,
		.content_type = r->content_type,
		.charset = src->conf->charset,
		.body = buf_c(&r->body),
		.body_bytes = r->body.n,
		.received_ms = r->received_ms,
		.spent = budget_spent(src, r->received_ms),
		.is_opened = r->opened,
	};
}

static int read_body(struct batch *b, struct poll_job *job, struct hash128 body_hash,
	struct matcher *m, enum hark_refusal *refusal, struct hark_err *err)
{
	struct source *src = job->source;
	const struct fetch_reply *r = job->reply;
	struct collected *got = arena_alloc(&b->arena, sizeof(*got));
	struct hark_reply reply;
	if (got == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for its answer");
	}
	b->got = got;
	poll_reply(src, r, &b->arena, &reply);
	bool is_same = src->unchanged && src->page == 0;
	if (is_same) {
		reply.status = 304;
		reply.body = "";
		reply.body_bytes = 0;
	}
	int rc = collect(got, src->connector, src->ctx, source_posts(src), &reply, &b->arena, err);
	src->hold_until_ms = got->wait_until_ms;
	b->state.spent += got->spent;
	if (rc != HARK_OK) {
		*refusal = got->refusal;
		return rc;
	}
	const char *url = poll_planned_url(src, &b->arena);
	if (src->page == 0) {
		more_first(&src->more, url);
	}
	const struct definition *d = connector_definition(src->connector);
	if (d != NULL && got->posts_n == 0) {
		rc = collect_moves(
			got, src->connector, source_posts(src), d->is_private, &b->arena, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	if (src->listens) {
		got->posts_n = poll_fold(got->posts, got->posts_n, &b->arena);
	}
	rc = poll_take(b, src, got, m);
	if (rc != HARK_OK) {
		return hark_err_set(err, rc, "no memory for its %zu posts", got->posts_n);
	}
	src->missed |= got->missed;
	if (!is_same) {
		health_reply(b, src, got);
		b->state.ttl_ms = got->feed.ttl_s * 1000;
	}
	poll_mark_degraded(b, got, file_of(src, r));
	b->state.progress = got->progress.p != NULL ? got->progress : b->state.progress;
	if (got->cursor.p != NULL && !source_keep(&src->next_cursor, got->cursor.p)) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for its cursor");
	}
	if (src->page == 0 && !is_same) {
		keep_validators(b, r, url);
		b->state.body_hash = body_hash;
		if (src->transport == HARK_TRANSPORT_HTTP && !src->listens) {
			hub_note(&b->state, r, &got->feed, reply.url, url, &b->arena);
		}
	}
	return take_more(src, b, got) ? hold_pages(b, src) : close_pages(b, src, got->degraded);
}

static bool same_body(const struct source *src, struct hash128 now)
{
	const struct source_state *s = src->state;
	return src->page == 0 && !src->listens && s->baseline_done && s->error.p == NULL &&
	       now.lo == s->body_hash.lo && now.hi == s->body_hash.hi;
}

static enum poll_outcome refused(enum hark_refusal refusal)
{
	switch (refusal) {
	case HARK_REFUSED_AUTH:
		return POLL_REFUSED;
	case HARK_REFUSED_GONE:
		return POLL_GONE;
	case HARK_REFUSED_QUOTA:
		return POLL_QUOTA;
	default:
		return POLL_FAILED;
	}
}

/* It was asked only for what has changed, and nothing has. */
static bool is_not_modified(const struct poll_job *job)
{
	return job->reply->status == 304 && job->source->page == 0 &&
	       !job->source->connector->judges_failures;
}

/* One that has none of our validators and yet says so. */
static bool is_out_of_turn(const struct poll_job *job)
{
	const struct source *src = job->source;
	bool asked = src->state->etag.p != NULL || src->state->last_modified.p != NULL;
	return src->page > 0
		       ? job->reply->status == 304 && !src->connector->judges_status
		       : is_not_modified(job) && src->transport != HARK_TRANSPORT_FILE && !asked;
}

/* The first page is that of the last poll. */
static bool is_as_before(struct batch *b, const struct poll_job *job, struct hash128 hash)
{
	if (is_not_modified(job)) {
		health_same(b, true);
		return true;
	}
	/* What a connector compares itself counts again, the same or not. */
	if (job->source->connector->judges_status || !same_body(job->source, hash)) {
		return false;
	}
	/* Perhaps under a new ETag or at a new address: the old ones would never fit again. */
	keep_validators(b, job->reply, poll_planned_url(job->source, &b->arena));
	health_same(b, false);
	return true;
}

static enum poll_outcome read_answer(struct batch *b, struct poll_job *job, struct matcher *m)
{
	struct source *src = job->source;
	struct hark_err err = {0};
	b->state.error = STR_NONE;
	if (is_out_of_turn(job)) {
		say(b, "it says that nothing has changed, though it was asked for everything", 304);
		return POLL_FAILED;
	}
	struct hash128 hash = src->page == 0 ? hash_body(job->reply) : (struct hash128){0, 0};
	if (is_as_before(b, job, hash)) {
		if (!src->tells_unchanged) {
			return POLL_SAME;
		}
		src->unchanged = true;
	}
	enum hark_refusal refusal = HARK_REFUSED;
	if (read_body(b, job, hash, m, &refusal, &err) != HARK_OK) {
		if (file_of(src, job->reply) != NULL) {
			hark_err_wrap(&err, "%s", job->reply->url);
		}
		b->posts_n = b->profiles_n = b->withdrawn_people_n = 0;
		source_pages_reset(src);
		say(b, err.text, 0);
		return refused(refusal);
	}
	if (b->got->refused_why.p != NULL) {
		say(b, arena_c(&b->arena, b->got->refused_why), 0);
		return POLL_REFUSED;
	}
	return b->posts_n > 0 ? POLL_NEWS : POLL_SAME;
}

struct batch *poll_batch_new(struct source *src, int64_t received_ms)
{
	struct batch *b = calloc(1, sizeof(*b));
	if (b == NULL) {
		return NULL;
	}
	arena_init(&b->arena, BATCH_BYTES_MAX);
	b->source = str_c(src->conf->name);
	b->posts_of = str_c(src->conf->stands_for);
	b->received_ms = received_ms;
	/* What is heard is new, and a slice knows itself what it sees for the first time. */
	b->historic = !src->state->baseline_done && !src->listens && !src->connector->in_slices;
	b->backfill_from = src->conf->backfill_ms > 0 ? received_ms - src->conf->backfill_ms : 0;
	if (src->stood_by) {
		b->historic = true;
		b->backfill_from = src->stands_since_ms;
		/* What the fallback itself did not have when it was polled last. */
		b->undated_is_new = src->state->baseline_done;
	}
	b->state = *src->state;
	habits_read(&b->habits, src->state->habits);
	b->state.polled_ms = received_ms;
	b->state.spent = budget_spent(src, received_ms);
	b->state.spent_day = received_ms / PACE_DAY_MS;
	b->state.polls_total++;
	b->user = src;
	return b;
}

/* What is wrong with this file, and with those that were refused before it. */
static void say_refused(struct batch *b, struct str before)
{
	struct buf text;
	buf_init(&text, 4096);
	folder_say_refused(b->state.error, before, &text);
	b->state.error = arena_str(&b->arena, buf_str(&text));
	buf_release(&text);
}

/* A file is read once; one that was refused is marked as such. What was wrong with the last one stands until
 * another is read, and the source fails as long; a folder's baseline is all that was in it at first. */
static void finish_file(struct batch *b, const struct source *src, enum poll_outcome outcome,
	const struct fetch_reply *r)
{
	const struct source_state *old = src->state;
	bool is_good = outcome == POLL_NEWS || outcome == POLL_SAME;
	bool is_read = r->status == 200 && is_good;
	if (r->etag != NULL && !is_read) {
		folder_refuse(r->etag, folder_settings(src));
		if (folder_has_refused(old->etag) && old->error.p != NULL) {
			say_refused(b, old->error);
		}
	}
	b->state.etag = r->etag != NULL ? arena_str(&b->arena, str_c(r->etag)) : old->etag;
	if (r->status == 304 && folder_has_refused(old->etag)) {
		b->state.error = old->error;
		b->state.error_ms = old->error_ms;
		b->state.failures = old->failures;
	}
	b->state.baseline_done = old->baseline_done || (is_read && !src->files_left);
}

static void take_rates(struct batch *b, const struct source *src)
{
	for (size_t i = 0; i < src->rates_n; i++) {
		b->rates[i] = src->rates[i];
	}
	b->rates_n = src->rates_n;
	if (src->conf->secrets_n > 0 && b->rates_n > 0 &&
		src->hold_until_ms > b->rates[0].held_ms) {
		b->rates[0].held_ms = src->hold_until_ms;
	}
}

/* The interval is for all that is looked at; polls follow each other faster. */
static void pace_slice(struct batch *b, enum poll_outcome outcome, int64_t now_ms, struct rng *rng)
{
	bool good = outcome == POLL_NEWS || outcome == POLL_SAME || outcome == POLL_REFUSED;
	const struct source *src = b->user;
	if (outcome == POLL_REFUSED && src->state->failures > 0 && b->got != NULL &&
		!b->got->degraded) {
		b->state.failures = src->state->failures; /* refused before; nobody asked again */
	}
	if (good && b->got != NULL && b->got->again_ms > 0) {
		int64_t wait = b->got->again_ms;
		b->state.interval_ms = wait;
		b->state.due_ms = now_ms + wait + (int64_t)rng_below(rng, (uint64_t)wait / 20 + 1);
	}
}

static void finish(struct batch *b, enum poll_outcome outcome, const struct fetch_reply *r,
	int64_t now_ms, struct rng *rng)
{
	const struct source *src = b->user;
	bool is_file = src->transport == HARK_TRANSPORT_FILE;
	int64_t slice_ms = src->connector->in_slices ? src->state->interval_ms : 0;
	const struct pace_limits limits = {slice_ms > 0 ? slice_ms : src->conf->every_ms,
		src->conf->internal || is_file || src->transport == HARK_TRANSPORT_PROCESS};
	if (outcome == POLL_NEWS) {
		b->state.changed_ms = now_ms;
	}
	for (size_t i = 0; i < b->posts_n; i++) {
		b->state.posts_total += !b->posts[i].post.opted_out;
	}
	take_rates(b, src);
	int64_t retry_ms = r != NULL ? r->retry_after_ms : 0, hold_ms = src->hold_until_ms - now_ms;
	retry_ms += retry_ms > 0; /* `now_ms` is cut to a whole millisecond: never too early */
	retry_ms = hold_ms > retry_ms ? hold_ms : retry_ms;
	b->state.retry_ms = retry_ms > 0 ? now_ms + retry_ms : 0;
	pace_next(
		&b->state, &limits, outcome, retry_ms, r != NULL ? r->max_age_ms : 0, now_ms, rng);
	if (src->connector->in_slices) {
		pace_slice(b, outcome, now_ms, rng);
	}
	if (!budget_allows(&src->cost, b->state.spent, 0)) {
		int64_t renewed_ms = budget_renewed_ms(now_ms);
		b->state.due_ms = b->state.due_ms > renewed_ms ? b->state.due_ms : renewed_ms;
	}
	b->state.plain_due_ms = 0;
	if (src->subscribed && (outcome == POLL_NEWS || outcome == POLL_SAME)) {
		b->state.plain_due_ms = b->state.due_ms;
		b->state.due_ms = hub_due(now_ms, b->state.due_ms);
	}
	if (src->listens && (outcome == POLL_NEWS || outcome == POLL_SAME)) {
		b->state.due_ms = now_ms; /* it goes on, and after a restart at once */
		/* One that ends as soon as it has said something has not recovered. */
		b->state.failures = src->holds ? 0 : src->state->failures;
	}
	if (is_file && r != NULL) {
		finish_file(b, src, outcome, r);
		b->state.due_ms = now_ms + (src->files_left ? 0 : src->conf->every_ms);
	}
}

/* A slice is told of with its last reply: until then what was wrong stands. */
static void hold_health(struct batch *b)
{
	const struct source_state *old = ((const struct source *)b->user)->state;
	b->state.error = old->error;
	b->state.error_ms = old->error_ms;
	b->state.degraded = old->degraded;
	b->state.noted = old->noted;
	b->state.failures = old->failures;
	b->state.alarms = old->alarms;
	b->alarms_n = 0;
}

/* It came as it should and could not be read; what failed at the other end is no other format. */
static bool is_unreadable(const struct fetch_reply *r, enum poll_outcome outcome)
{
	bool is_good = r->rc == HARK_OK && (r->status < 300 || r->status == 304);
	return is_good && outcome == POLL_FAILED;
}

struct batch *poll_batch(struct poll_job *job, struct matcher *m, int64_t now_ms, struct rng *rng)
{
	struct batch *b = poll_batch_new(
		job->source, job->reply->received_ms != 0 ? job->reply->received_ms : now_ms);
	const char *sentence = NULL;
	if (b == NULL) {
		return NULL;
	}
	job->source->hold_until_ms = 0;
	if (job->reply->opened || job->reply->status != 200) {
		job->source->opening = job->reply->opened;
		job->source->cut_ms = job->source->state->heard_ms;
	}
	enum poll_outcome outcome = judge(job, &sentence);
	if (sentence != NULL) {
		if (poll_asks_new_place(job->source, poll_planned_url(job->source, &b->arena))) {
			poll_forget_move(b); /* it leads nowhere: back to the configured address */
		}
		source_pages_reset(job->source);
		say(b, sentence, job->reply->rc == HARK_OK ? job->reply->status : 0);
	} else {
		poll_note_move(b, job->source, job->reply);
		outcome = read_answer(b, job, m);
	}
	if (outcome == POLL_GONE) {
		say_way_back(b);
	}
	bool failed = outcome != POLL_SAME && outcome != POLL_NEWS;
	finish(b, outcome, job->reply, now_ms, rng);
	health_end(b, job->source, outcome, sentence == NULL && is_unreadable(job->reply, outcome),
		now_ms);
	if (job->source->more.first == NULL || failed) {
		source_pages_reset(job->source);
	} else if (job->source->connector->in_slices) {
		hold_health(b);
	}
	return b;
}

struct batch *poll_failure(
	struct source *source, const char *error, int64_t now_ms, struct rng *rng)
{
	struct batch *b = poll_batch_new(source, now_ms);
	if (b != NULL) {
		source_pages_reset(source);
		say(b, error, 0);
		finish(b, POLL_FAILED, NULL, now_ms, rng);
		health_end(b, source, POLL_FAILED, false, now_ms);
	}
	return b;
}
