/* Runs on whichever thread parses; holds no state of its own. */
#include "connectors/collect.h"

#include "connectors/id.h"
#include "connectors/link.h"
#include "connectors/move.h"
#include "connectors/optout.h"
#include "connectors/profile.h"
#include "monitor/base/file.h"
#include "monitor/base/hash.h"
#include "monitor/base/utf8.h"

#include <stdarg.h>
#include <stdio.h>

#define FILE_MAX ((size_t)64 << 20)

/* One run of a connector function: where its records go and what it said. */
struct run {
	struct hark_host host; /* first: host->ctx is not needed to find us */
	struct collected *out; /* NULL while opening and planning */
	struct str source;
	struct arena *arena;
	struct hark_err err;
	struct buf scratch;    /* for texts that need cleaning */
	struct buf file;       /* while opening: read last */
	const char *reply_url; /* NULL: not said */
	bool opens;
	struct diags *diags; /* while opening; NULL: nobody wants them */
	const char *code;
};

static struct run *run_of(struct hark_host *host)
{
	return host->ctx;
}

static int no_memory(struct run *run)
{
	return hark_err_set(&run->err, run->arena->max_bytes != 0 ? HARK_ELIMIT : HARK_ENOMEM,
		"the records of one reply need more memory than one poll may use");
}

/* A clean copy in the arena. Absent for NULL; `p == NULL` with text given: no memory. */
static struct str keep(struct run *run, const char *text, size_t max)
{
	struct str s = str_c(text);
	if (s.p == NULL) {
		return STR_NONE;
	}
	s = str_cut_utf8(s, max);
	if (!utf8_is_clean(s)) {
		buf_clear(&run->scratch);
		if (utf8_clean(&run->scratch, s) != HARK_OK) {
			return STR_NONE;
		}
		s = buf_str(&run->scratch);
	}
	return arena_str(run->arena, str_cut_utf8(s, max));
}

/* An address; NULL for what is no link. */
static const char *link_or_none(const struct run *run, const char *text)
{
	return link_is_one_in(text, run->reply_url) ? text : NULL;
}

struct keeping {
	const char *from;
	struct str *to;
	size_t max;
};

/* Measures the texts that are clean, which is nearly all, so that one piece of the arena takes them
 * together; the others are kept at once, and `from` forgotten. */
static bool measure(struct run *run, struct keeping *fields, size_t n, size_t *bytes)
{
	*bytes = 0;
	for (size_t i = 0; i < n; i++) {
		struct keeping *f = &fields[i];
		*f->to = str_c(f->from);
		if (f->from == NULL) {
			continue;
		}
		if (utf8_is_clean(*f->to)) {
			*f->to = str_cut_utf8(*f->to, f->max);
			*bytes += f->to->n + 1;
			continue;
		}
		*f->to = keep(run, f->from, f->max);
		if (f->to->p == NULL) {
			return false;
		}
		f->from = NULL;
	}
	return true;
}

static bool keep_all(struct run *run, struct keeping *fields, size_t n)
{
	size_t bytes;
	char *room = NULL;
	if (!measure(run, fields, n, &bytes) ||
		(bytes > 0 && (room = arena_room(run->arena, bytes)) == NULL)) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		struct str *to = fields[i].to;
		if (fields[i].from != NULL) {
			memcpy(room, to->p, to->n);
			room[to->n] = '\0';
			to->p = room;
			room += to->n + 1;
		}
	}
	return true;
}

static bool keep_list(struct run *run, const char *const *from, size_t n, struct strs *to)
{
	*to = (struct strs){0};
	if (n > COLLECT_LIST_MAX) {
		run->out->dropped += n - COLLECT_LIST_MAX;
		n = COLLECT_LIST_MAX;
	}
	struct keeping members[COLLECT_LIST_MAX];
	struct str *v = n > 0 ? arena_room(run->arena, n * sizeof(*v)) : NULL;
	size_t kept = 0;
	for (size_t i = 0; v != NULL && i < n; i++) {
		if (from[i] != NULL && from[i][0] != '\0') {
			members[kept] = (struct keeping){from[i], &v[kept], COLLECT_FIELD_MAX};
			kept++;
		}
	}
	if ((n > 0 && v == NULL) || !keep_all(run, members, kept)) {
		return false;
	}
	to->v = v;
	for (size_t i = 0; i < kept; i++) {
		if (v[i].n > 0) { /* cleaning may leave nothing */
			v[to->n++] = v[i];
		}
	}
	return true;
}

static bool keep_links(struct run *run, const struct hark_post *from, struct strs *to)
{
	const char *links[COLLECT_LIST_MAX];
	size_t n = 0, i = 0;
	for (; i < from->links_count && n < COLLECT_LIST_MAX; i++) {
		if (link_is_one(from->links[i])) {
			links[n++] = from->links[i];
		}
	}
	run->out->dropped += from->links_count - i;
	return keep_list(run, links, n, to);
}

static int64_t known_time(int64_t t)
{
	return t == HARK_TIME_NONE ? 0 : t;
}

static enum post_type type_of(enum hark_post_type type)
{
	static const enum post_type types[] = {
		[HARK_POST] = POST_TYPE_POST,
		[HARK_REPLY] = POST_TYPE_REPLY,
		[HARK_REPOST] = POST_TYPE_REPOST,
		[HARK_QUOTE] = POST_TYPE_QUOTE,
		[HARK_REVIEW] = POST_TYPE_REVIEW,
		[HARK_JOB] = POST_TYPE_JOB,
		[HARK_FILING] = POST_TYPE_FILING,
	};
	return (unsigned)type < sizeof(types) / sizeof(types[0]) ? types[type] : POST_TYPE_POST;
}

/* An id for a record that has neither id nor address: from what it says. */
static struct str id_from_content(struct run *run, const struct post *p)
{
	char date[32], hex[33], text[40];
	snprintf(date, sizeof(date), "%lld", (long long)p->published);
	struct str parts[] = {p->title, p->text, p->author.display_name, str_c(date)};
	snprintf(text, sizeof(text), "hash:%s",
		hash128_hex(hash128(parts, sizeof(parts) / sizeof(parts[0])), hex));
	return arena_str(run->arena, str_c(text));
}

static bool keep_texts(struct run *run, const struct hark_post *from, struct post *to)
{
	struct keeping fields[] = {
		{id_fit(from->external_id, run->arena), &to->external_id, COLLECT_FIELD_MAX},
		{link_or_none(run, from->url), &to->url, COLLECT_FIELD_MAX},
		{from->author.handle, &to->author.handle, COLLECT_FIELD_MAX},
		{from->author.display_name, &to->author.display_name, COLLECT_FIELD_MAX},
		{link_or_none(run, from->author.profile_url), &to->author.profile_url,
			COLLECT_FIELD_MAX},
		{from->author.bio, &to->author.bio, COLLECT_FIELD_MAX},
		{from->title, &to->title, COLLECT_TITLE_MAX},
		{from->text, &to->text, COLLECT_TEXT_MAX},
		{from->quoted, &to->quoted, COLLECT_TEXT_MAX},
		{from->lang, &to->lang, COLLECT_FIELD_MAX},
		{from->country, &to->country, COLLECT_FIELD_MAX},
		{id_fit(from->in_reply_to, run->arena), &to->in_reply_to, COLLECT_FIELD_MAX},
		{id_fit(from->thread, run->arena), &to->thread, COLLECT_FIELD_MAX},
	};
	return keep_all(run, fields, sizeof(fields) / sizeof(fields[0])) &&
	       keep_list(run, from->tags, from->tags_count, &to->tags) &&
	       keep_list(run, from->mentions, from->mentions_count, &to->mentions) &&
	       keep_links(run, from, &to->links);
}

static bool keep_post(struct run *run, const struct hark_post *from, struct post *to)
{
	post_init(to);
	to->source = run->source;
	to->type = type_of(from->type);
	to->author.followers = from->author.followers;
	to->author.following = from->author.following;
	to->author.verified = from->author.verified;
	to->published = known_time(from->published);
	to->edited = known_time(from->edited);
	to->likes = from->likes;
	to->replies = from->replies;
	to->shares = from->shares;
	to->views = from->views;
	to->score = from->score;
	to->rating = from->rating;
	to->visibility = from->is_private ? VISIBILITY_PRIVATE : VISIBILITY_PUBLIC;
	to->deleted = from->is_deleted;
	if (!keep_texts(run, from, to)) {
		return false;
	}
	if (str_empty(to->external_id) && from->url != NULL) { /* be it a link or not */
		to->external_id = keep(run, id_fit(from->url, run->arena), COLLECT_FIELD_MAX);
	}
	if (str_empty(to->external_id)) {
		to->external_id = id_from_content(run, to);
	}
	return to->external_id.p != NULL && run->arena->rc == HARK_OK;
}

static void skipped(struct hark_host *host, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void leave_out(struct run *run)
{
	run->out->opted_out++;
	skipped(&run->host, COLLECT_OPTED_OUT);
}

/* Of an author who has opted out only the id is handed on, so that an older copy can be found. */
static int withdraw(struct run *run, const struct hark_post *post)
{
	struct collected *out = run->out;
	const char *id = post->external_id != NULL ? post->external_id : post->url;
	leave_out(run);
	if (id == NULL || out->withdrawn_n == COLLECT_RECORDS_MAX) {
		return HARK_OK;
	}
	struct str *ids = arena_grow(
		run->arena, out->withdrawn, out->withdrawn_n, &out->withdrawn_cap, sizeof(*ids));
	struct str copy = keep(run, id_fit(id, run->arena), COLLECT_FIELD_MAX);
	if (ids == NULL || copy.p == NULL) {
		return no_memory(run);
	}
	out->withdrawn = ids;
	ids[out->withdrawn_n++] = copy;
	return HARK_OK;
}

static int emit_post(struct hark_host *host, const struct hark_post *post)
{
	struct run *run = run_of(host);
	struct collected *out = run->out;
	if (post->author.opted_out || optout_in_bio(str_c(post->author.bio))) {
		return withdraw(run, post);
	}
	if (out->posts_n == COLLECT_RECORDS_MAX) {
		out->dropped++;
		out->lost++;
		return HARK_OK;
	}
	struct post *posts =
		arena_grow(run->arena, out->posts, out->posts_n, &out->posts_cap, sizeof(*posts));
	if (posts == NULL) {
		return no_memory(run);
	}
	out->posts = posts;
	if (!keep_post(run, post, &posts[out->posts_n])) {
		return no_memory(run);
	}
	out->posts_n++;
	return HARK_OK;
}

static const char *keep_c(struct run *run, const char *text, bool *ok)
{
	struct str s = keep(run, text, COLLECT_FIELD_MAX);
	*ok = *ok && (text == NULL || s.p != NULL);
	return s.p;
}

/* Of people who have opted out only what tells them apart is handed on. */
static int withdraw_person(struct run *run, const struct hark_profile *from)
{
	struct collected *out = run->out;
	const char *key = profile_key(from);
	bool ok = true;
	leave_out(run);
	if (key == NULL || out->withdrawn_people_n == COLLECT_PROFILES_MAX) {
		return HARK_OK;
	}
	struct hark_profile *all = arena_grow(run->arena, out->withdrawn_people,
		out->withdrawn_people_n, &out->withdrawn_people_cap, sizeof(*all));
	const struct hark_profile who = {
		.key = keep_c(run, id_fit(key, run->arena), &ok),
		.url = keep_c(run, from->url, &ok),
		.handle = keep_c(run, from->handle, &ok),
	};
	if (all == NULL || !ok) {
		return no_memory(run);
	}
	out->withdrawn_people = all;
	all[out->withdrawn_people_n++] = who;
	return HARK_OK;
}

static int emit_profile(struct hark_host *host, const struct hark_profile *from)
{
	struct run *run = run_of(host);
	struct collected *out = run->out;
	const char *key = profile_key(from), *fit = id_fit(key, run->arena),
		   *url = link_or_none(run, from->url);
	bool ok = key == NULL || fit != NULL;
	if (from->opted_out || optout_in_bio(str_c(from->bio))) {
		return withdraw_person(run, from);
	}
	if (out->profiles_n == COLLECT_PROFILES_MAX) {
		out->dropped++;
		out->lost++;
		return HARK_OK;
	}
	struct hark_profile *profiles = arena_grow(
		run->arena, out->profiles, out->profiles_n, &out->profiles_cap, sizeof(*profiles));
	if (profiles == NULL) {
		return no_memory(run);
	}
	out->profiles = profiles;
	profiles[out->profiles_n] = (struct hark_profile){
		.key = keep_c(run,
			fit != key || (url == NULL && key == from->url) ? fit : from->key, &ok),
		.person = keep_c(run, from->person, &ok),
		.handle = keep_c(run, from->handle, &ok),
		.url = keep_c(run, url, &ok),
		.employer = keep_c(run, from->employer, &ok),
		.title = keep_c(run, from->title, &ok),
		.location = keep_c(run, from->location, &ok),
		.was_employer = keep_c(run, from->was_employer, &ok),
		.was_title = keep_c(run, from->was_title, &ok),
		.bio = keep_c(run, from->bio, &ok),
		.email = keep_c(run, from->email, &ok),
		.effective = keep_c(run, from->effective, &ok),
		.evidence_url = keep_c(run, link_or_none(run, from->evidence_url), &ok),
		.observed = from->observed,
		.event = from->event,
	};
	out->profiles_n += ok;
	return ok ? HARK_OK : no_memory(run);
}

static int emit_feed(struct hark_host *host, const struct hark_feed *from)
{
	struct run *run = run_of(host);
	struct collected_feed *to = &run->out->feed;
	struct keeping fields[] = {
		{from->format, &to->format, COLLECT_FIELD_MAX},
		{from->title, &to->title, COLLECT_TITLE_MAX},
		{from->url, &to->url, COLLECT_FIELD_MAX},
		{from->description, &to->description, COLLECT_TEXT_MAX},
		{from->lang, &to->lang, COLLECT_FIELD_MAX},
		{from->hub, &to->hub, COLLECT_FIELD_MAX},
		{from->self, &to->self, COLLECT_FIELD_MAX},
		{from->next, &to->next, COLLECT_FIELD_MAX},
		{from->generator, &to->generator, COLLECT_FIELD_MAX},
	};
	to->updated = known_time(from->updated);
	to->ttl_s = from->ttl_s;
	to->expired = from->is_expired != 0;
	return keep_all(run, fields, sizeof(fields) / sizeof(fields[0])) ? HARK_OK : no_memory(run);
}

__attribute__((format(printf, 2, 0))) static struct str say(
	struct run *run, const char *fmt, va_list ap)
{
	char text[300];
	vsnprintf(text, sizeof(text), fmt, ap);
	return keep(run, text, sizeof(text));
}

/* The first damage is the one worth looking at. */
__attribute__((format(printf, 4, 5))) static void degraded(
	struct hark_host *host, long line, long column, const char *fmt, ...)
{
	struct collected *out = run_of(host)->out;
	va_list ap;
	if (out != NULL && !out->degraded) {
		va_start(ap, fmt);
		out->degraded = true;
		out->degraded_line = line;
		out->degraded_column = column;
		out->degraded_why = say(run_of(host), fmt, ap);
		va_end(ap);
	}
}

__attribute__((format(printf, 4, 5))) static void noted(
	struct hark_host *host, long line, long column, const char *fmt, ...)
{
	struct collected *out = run_of(host)->out;
	va_list ap;
	if (out != NULL && out->noted.p == NULL) {
		va_start(ap, fmt);
		out->noted_line = line;
		out->noted_column = column;
		out->noted = say(run_of(host), fmt, ap);
		va_end(ap);
	}
}

__attribute__((format(printf, 2, 0))) static int vfail(struct run *run, const char *fmt, va_list ap)
{
	char text[sizeof(run->err.text)];
	vsnprintf(text, sizeof(text), fmt, ap);
	int code = run->out != NULL ? HARK_EPARSE : HARK_EINVAL;
	buf_clear(&run->scratch);
	if (utf8_clean(&run->scratch, str_c(text)) != HARK_OK) {
		return no_memory(run);
	}
	return hark_err_set(&run->err, code, "%s", buf_c(&run->scratch));
}

__attribute__((format(printf, 2, 3))) static int fail(struct hark_host *host, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	int rc = vfail(run_of(host), fmt, ap);
	va_end(ap);
	return rc;
}

static void wait_until(struct hark_host *host, int64_t until_ms)
{
	struct collected *out = run_of(host)->out;
	if (out != NULL && until_ms > out->wait_until_ms) {
		out->wait_until_ms = until_ms;
	}
}

__attribute__((format(printf, 4, 5))) static int refuse(
	struct hark_host *host, enum hark_refusal what, int64_t until_ms, const char *fmt, ...)
{
	struct run *run = run_of(host);
	va_list ap;
	va_start(ap, fmt);
	int rc = vfail(run, fmt, ap);
	va_end(ap);
	if (run->out != NULL) {
		run->out->refusal = what;
		wait_until(host, until_ms);
	}
	return rc;
}

static void reject(struct run *run, const char *why)
{
	struct collected *out = run->out;
	if (run->host.item < 0 || out->rejects_n == COLLECT_REJECTS_MAX) {
		return;
	}
	struct collected_reject *all = arena_grow(
		run->arena, out->rejects, out->rejects_n, &out->rejects_cap, sizeof(*all));
	if (all != NULL) {
		out->rejects = all;
		all[out->rejects_n++] =
			(struct collected_reject){run->host.item, keep(run, why, 200)};
	}
}

static void skipped(struct hark_host *host, const char *fmt, ...)
{
	struct run *run = run_of(host);
	struct collected *out = run->out;
	char text[200];
	va_list ap;
	if (out == NULL) {
		return;
	}
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	out->skipped++;
	reject(run, text);
	for (size_t i = 0; i < out->skips_n; i++) {
		if (str_eq_c(out->skips[i].why, text)) {
			out->skips[i].items++;
			return;
		}
	}
	if (out->skips_n < COLLECT_SKIPS_MAX) {
		struct str why = keep(run, text, sizeof(text));
		out->skips[out->skips_n++] = (struct collected_skip){why, 1};
	} else {
		out->skips[COLLECT_SKIPS_MAX - 1].items++;
	}
}

static void spend(struct hark_host *host, int64_t units)
{
	struct run *run = run_of(host);
	if (run->out != NULL && units > 0) {
		run->out->spent += units;
	}
}

static void missed(struct hark_host *host)
{
	struct collected *out = run_of(host)->out;
	if (out != NULL) {
		out->missed = true;
	}
}

static void again(struct hark_host *host, int64_t after_ms)
{
	struct collected *out = run_of(host)->out;
	if (out != NULL) {
		out->again_ms = after_ms > 0 ? after_ms : 1;
	}
}

__attribute__((format(printf, 2, 3))) static void progress(
	struct hark_host *host, const char *fmt, ...)
{
	struct run *run = run_of(host);
	char text[300];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (run->out != NULL) {
		run->out->progress = keep(run, text, sizeof(text));
	}
}

/* --- files that settings name --- */

static const char *read_file(struct hark_host *host, const char *path, size_t *bytes)
{
	struct run *run = run_of(host);
	struct hark_err err = {0};
	if (!run->opens) {
		host->fail(host, "%s: a file is read when the connector is opened", path);
		return NULL;
	}
	buf_clear(&run->file);
	if (file_read(&run->file, path, &err) != HARK_OK) {
		host->fail(host, "%s", err.text);
		return NULL;
	}
	*bytes = run->file.n;
	return buf_c(&run->file);
}

__attribute__((format(printf, 5, 6))) static void left_out(
	struct hark_host *host, const char *path, long line, long column, const char *fmt, ...)
{
	struct run *run = run_of(host);
	char text[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (run->diags != NULL) {
		const struct diag_at at = {
			.file = path, .line = (unsigned)line, .col = (unsigned)column};
		diags_add(run->diags, DIAG_WARNING, run->code, at, STR_NONE, NULL, "%s", text);
	}
}

static int set_cursor(struct hark_host *host, const char *cursor)
{
	struct run *run = run_of(host);
	run->out->cursor = arena_str(run->arena, str_c(cursor));
	return cursor == NULL || run->out->cursor.p != NULL ? HARK_OK : no_memory(run);
}

static bool copy_pairs(
	struct run *run, const struct hark_pair *from, size_t n, const struct hark_pair **to)
{
	struct hark_pair *pairs = n > 0 ? arena_alloc(run->arena, n * sizeof(*pairs)) : NULL;
	for (size_t i = 0; pairs != NULL && i < n; i++) {
		pairs[i].name = arena_c(run->arena, str_c(from[i].name));
		pairs[i].value = arena_c(run->arena, str_c(from[i].value));
		if (pairs[i].name == NULL || pairs[i].value == NULL) {
			return false;
		}
	}
	*to = pairs;
	return n == 0 || pairs != NULL;
}

static int request_more(struct hark_host *host, const struct hark_request *from)
{
	struct run *run = run_of(host);
	struct collected *out = run->out;
	struct hark_request *more =
		arena_grow(run->arena, out->more, out->more_n, &out->more_cap, sizeof(*more));
	if (more == NULL) {
		return no_memory(run);
	}
	out->more = more;
	struct hark_request *to = &more[out->more_n];
	*to = *from;
	to->url = arena_c(run->arena, str_c(from->url));
	to->method = arena_c(run->arena, str_c(from->method));
	to->tag = arena_c(run->arena, str_c(from->tag));
	to->item = keep(run, id_fit(from->item, run->arena), COLLECT_FIELD_MAX).p;
	to->body = arena_c(
		run->arena, from->body != NULL ? str_n(from->body, from->body_bytes) : STR_NONE);
	bool ok = copy_pairs(run, from->headers, from->headers_count, &to->headers) &&
		  (from->url == NULL || to->url != NULL) &&
		  (from->method == NULL || to->method != NULL) &&
		  (from->tag == NULL || to->tag != NULL) &&
		  (from->item == NULL || to->item != NULL) &&
		  (from->body == NULL || to->body != NULL);
	out->more_n += ok;
	return ok ? HARK_OK : no_memory(run);
}

static void *alloc(struct hark_host *host, size_t bytes)
{
	return arena_alloc(run_of(host)->arena, bytes);
}

static void run_init(
	struct run *run, const struct hark_connector *c, struct arena *arena, struct collected *out)
{
	*run = (struct run){
		.host = {.emit_post = emit_post,
			.emit_profile = emit_profile,
			.emit_feed = emit_feed,
			.degraded = degraded,
			.noted = noted,
			.connector = c,
			.item = -1,
			.fail = fail,
			.refuse = refuse,
			.wait_until = wait_until,
			.spend = spend,
			.skipped = skipped,
			.set_cursor = set_cursor,
			.request_more = request_more,
			.missed = missed,
			.again = again,
			.progress = progress,
			.read_file = read_file,
			.left_out = left_out,
			.alloc = alloc},
		.out = out,
		.arena = arena,
	};
	run->host.ctx = run;
	buf_init(&run->scratch, 4 * COLLECT_TEXT_MAX);
}

/* The connector's result as ours: its sentence, or one for a connector that gave none. */
static int run_done(struct run *run, const struct hark_connector *c, int rc, struct hark_err *err)
{
	buf_release(&run->scratch);
	if (rc == 0) {
		return HARK_OK;
	}
	if (run->err.code != HARK_OK) {
		return hark_err_set(err, run->err.code, "%s", run->err.text);
	}
	return hark_err_set(err, HARK_EPARSE, "connector %s failed and did not say why", c->name);
}

int collect_open_noting(const struct hark_connector *c, const struct hark_pair *settings, size_t n,
	void **ctx, struct diags *diags, const char *code, struct hark_err *err)
{
	struct run run;
	struct arena arena;
	arena_init(&arena, 1 << 20);
	run_init(&run, c, &arena, NULL);
	run.opens = true;
	run.diags = diags;
	run.code = code;
	buf_init(&run.file, FILE_MAX);
	*ctx = NULL;
	int rc = c->open != NULL ? c->open(&run.host, settings, n, ctx) : 0;
	rc = run_done(&run, c, rc, err);
	buf_release(&run.file);
	arena_release(&arena);
	return rc;
}

int collect_open(const struct hark_connector *c, const struct hark_pair *settings, size_t n,
	void **ctx, struct hark_err *err)
{
	return collect_open_noting(c, settings, n, ctx, NULL, NULL, err);
}

static int plan(const struct hark_connector *c, void *ctx, const char *cursor, int64_t now_ms,
	bool is_called, struct hark_request *request, struct arena *arena, struct hark_err *err)
{
	struct run run;
	run_init(&run, c, arena, NULL);
	run.host.now_ms = now_ms;
	run.host.is_called = is_called;
	*request = (struct hark_request){.transport = HARK_TRANSPORT_HTTP};
	return run_done(&run, c, c->plan(&run.host, ctx, cursor, request), err);
}

int collect_plan(const struct hark_connector *c, void *ctx, const char *cursor, int64_t now_ms,
	struct hark_request *request, struct arena *arena, struct hark_err *err)
{
	return plan(c, ctx, cursor, now_ms, false, request, arena, err);
}

int collect_plan_called(const struct hark_connector *c, void *ctx, const char *cursor,
	int64_t now_ms, struct hark_request *request, struct arena *arena, struct hark_err *err)
{
	return plan(c, ctx, cursor, now_ms, true, request, arena, err);
}

int collect(struct collected *out, const struct hark_connector *c, void *ctx, struct str source,
	const struct hark_reply *reply, struct arena *arena, struct hark_err *err)
{
	struct run run;
	*out = (struct collected){0};
	run_init(&run, c, arena, out);
	run.host.now_ms = reply->received_ms;
	run.source = arena_str(arena, source);
	run.reply_url = reply->url;
	if (source.p != NULL && run.source.p == NULL) {
		return run_done(&run, c, no_memory(&run), err);
	}
	int rc = c->parse(&run.host, ctx, reply);
	if (out->lost > 0) {
		degraded(&run.host, 0, 0,
			"%zu records are left out: one reply may hold %d posts and %d profiles",
			out->lost, COLLECT_RECORDS_MAX, COLLECT_PROFILES_MAX);
	}

	if (rc == 0 && c->in_slices && out->refusal == HARK_REFUSED_AUTH) {
		out->refused_why = arena_str(arena, str_c(run.err.text));
	}
	return run_done(&run, c, rc, err);
}

int collect_moves(struct collected *out, const struct hark_connector *c, struct str source,
	bool is_private, struct arena *arena, struct hark_err *err)
{
	struct run run;
	int rc = 0;
	run_init(&run, c, arena, out);
	run.source = source;
	run.reply_url = "file:"; /* what is no link was none in the profile */
	for (size_t i = 0; i < out->profiles_n && rc == 0; i++) {
		const struct hark_profile *p = &out->profiles[i];
		const struct move move = {.profile = p,
			.was_employer = p->was_employer,
			.was_title = p->was_title,
			.is_private = is_private,
			.key = profile_key(p)};
		if (p->event != HARK_LISTED && p->person != NULL) {
			rc = move_emit_post(&run.host, &move);
		}
	}
	return run_done(&run, c, rc, err);
}

void collect_close(const struct hark_connector *c, void *ctx)
{
	if (c->close != NULL && ctx != NULL) {
		c->close(ctx);
	}
}
