#include "monitor/api/source_view.h"

#include "monitor/config/sources_file.h"
#include "monitor/pipeline/hub.h"
#include "monitor/pipeline/pace.h"
#include "monitor/store/posts.h"
#include "monitor/store/rechecks.h"

#define ADDRESS_MAX 4096

/* For the last part of the address, which is a secret. */
#define OF_A_HUB "ID"
#define OF_A_SENDER "TOKEN"

void source_view_address(const struct conf *c, const struct conf_source *s, struct buf *out)
{
	struct str listen = str_c(c->http_listen), base = str_c(c->http_public_url);
	const char *last = s->pushed ? OF_A_SENDER : OF_A_HUB;
	if ((!s->pushed && !s->websub) || listen.n == 0 || s->name == NULL) {
		return;
	}
	while (base.n > 0 && base.p[base.n - 1] == '/') {
		base.n--;
	}
	if (base.n > 0) {
		buf_printf(out, "%.*s/in/%s/%s", STR_FMT(base), s->name, last);
	} else if (str_starts(listen, STR("unix:"))) {
		buf_printf(out, "/in/%s/%s at %.*s", s->name, last, STR_FMT(listen));
	} else {
		buf_printf(out, "http://%.*s/in/%s/%s", STR_FMT(listen), s->name, last);
	}
}

const char *source_view_state(const struct source_view *r)
{
	if (r->source->paused || r->state.paused) {
		return "paused";
	}
	if (r->stream.since_ms > 0) {
		return "streaming";
	}
	if (r->waits) {
		return "standby";
	}
	if (r->opens_ms > 0 && r->state.failures == 0) {
		return "resting";
	}
	if (!r->is_known || r->state.polled_ms == 0) {
		return r->state.failures > 0 ? "failing" : "new";
	}
	if (r->state.failures == 0 && r->alarms_n > 0) {
		return alarm_name(r->alarms[0].alarm);
	}
	return r->state.failures > 0 ? "failing" : r->state.degraded.p != NULL ? "damaged" : "ok";
}

static void write_gaps(struct jsonout *j, const struct source_view *r)
{
	jsonout_key(j, "gaps");
	jsonout_array(j);
	for (size_t i = 0; i < r->gaps_n; i++) {
		jsonout_object(j);
		jsonout_key_time(j, "from", r->gaps[i].from_ms);
		jsonout_key_time(j, "until", r->gaps[i].until_ms);
		jsonout_key_c(j, "cause", gap_cause_name(r->gaps[i].cause));
		jsonout_key_time(j, "filled", r->gaps[i].filled_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_alarms(struct jsonout *j, const struct source_view *r)
{
	jsonout_key(j, "alarms");
	jsonout_array(j);
	for (size_t i = 0; i < r->alarms_n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "alarm", alarm_name(r->alarms[i].alarm));
		jsonout_key_str(j, "text", r->alarms[i].text);
		jsonout_key_time(j, "raised", r->alarms[i].raised_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void write_address(struct jsonout *j, const struct source_view *r)
{
	struct buf text;
	buf_init(&text, ADDRESS_MAX);
	source_view_address(r->conf, r->source, &text);
	jsonout_key_str(j, "sent_to", text.n > 0 ? buf_str(&text) : STR_NONE);
	buf_release(&text);
}

/* What is sent to a source, instead of asked for. */
static void write_push(struct jsonout *j, const struct source_view *r)
{
	jsonout_key(j, "push");
	jsonout_object(j);
	jsonout_key_time(j, "received", r->state.polled_ms);
	jsonout_key_i64(j, "messages", r->state.polls_total);
	jsonout_key_i64(j, "refused", r->refused.n);
	jsonout_key_time(j, "refused_at", r->refused.last_ms);
	jsonout_end_object(j);
}

/* What its hub tells of. */
static void write_hub(struct jsonout *j, const struct source_view *r)
{
	const struct subscription *s = r->hub;
	jsonout_key(j, "websub");
	jsonout_object(j);
	jsonout_key_c(j, "state", subscription_state_name(s->state));
	jsonout_key_c(j, "hub", s->hub);
	jsonout_key_c(j, "topic", s->topic);
	jsonout_key_time(j, "lease_until", s->lease_ms);
	jsonout_key_time(j, "asked", s->asked_ms);
	jsonout_key_time(j, "asks_next", s->next_ms);
	jsonout_key_bool(j, "signed", s->secret[0] != '\0');
	jsonout_key_i64(j, "failures", s->failures);
	jsonout_key_c(j, "error", s->error[0] != '\0' ? s->error : NULL);
	jsonout_key_time(j, "pushed", s->pushed_ms);
	jsonout_key_i64(j, "pushes", s->pushes);
	jsonout_key_i64(j, "ignored", s->ignored);
	jsonout_end_object(j);
}

void source_view_json(struct jsonout *j, const struct source_view *r)
{
	const struct source_state *s = &r->state;
	jsonout_object(j);
	jsonout_key_c(j, "name", r->source->name);
	jsonout_key_c(j, "connector", r->source->connector);
	jsonout_key_c(j, "url", r->source->url);
	jsonout_key_c(j, "state", source_view_state(r));
	jsonout_key_c(j, "stands_for", r->source->stands_for);
	jsonout_key_bool(j, "paused", r->source->paused || s->paused);
	jsonout_key_time(j, "polled", s->polled_ms);
	jsonout_key_time(j, "heard", s->heard_ms);
	jsonout_key_time(j, "changed", s->changed_ms);
	jsonout_key_time(j, "due", r->next_ms);
	jsonout_key_time(j, "resting_until", r->opens_ms);
	jsonout_key_i64(j, "every_ms", r->source->every_ms);
	jsonout_key_i64(j, "interval_ms", s->interval_ms);
	jsonout_key_i64(j, "polls", s->polls_total);
	jsonout_key_i64(j, "posts", s->posts_total);
	jsonout_key_i64(j, "people", r->profiles.people);
	jsonout_key_i64(j, "profile_changes", r->profiles.changes);
	jsonout_key_i64(j, "opted_out", s->opted_out_total);
	if (r->counts_links) {
		jsonout_key_i64(j, "rechecks", r->links);
		jsonout_key_time(j, "recheck_due", r->links_next_ms);
		jsonout_key_i64(j, "deleted", r->deleted);
		jsonout_key_time(j, "deleted_at", r->deleted_last_ms);
	}
	jsonout_key_i64(j, "failures", s->failures);
	jsonout_key_str(j, "error", s->error);
	jsonout_key_time(j, "error_at", s->error_ms);
	jsonout_key_str(j, "degraded", s->degraded);
	jsonout_key_str(j, "noted", s->noted);
	jsonout_key_str(j, "progress", s->progress);
	jsonout_key_str(j, "moved_to", s->moved_to);
	bool is_first;
	jsonout_key_str(j, "hub", hub_after(s->hub, STR(""), &is_first));
	jsonout_key_str(j, "topic", s->topic);
	write_alarms(j, r);
	if (r->stream.since_ms > 0) {
		jsonout_key(j, "stream");
		jsonout_object(j);
		jsonout_key_time(j, "since", r->stream.since_ms);
		jsonout_key_time(j, "event", r->stream.event_ms);
		jsonout_key_i64(j, "events", r->stream.events);
		jsonout_key_i64(j, "per_min", r->stream.per_min);
		jsonout_end_object(j);
	}
	write_gaps(j, r);
	write_address(j, r);
	if (r->source->pushed) {
		write_push(j, r);
	}
	if (r->hub != NULL) {
		write_hub(j, r);
	}
	jsonout_key_c(j, "file", r->source->at.file);
	jsonout_key_i64(j, "line", r->source->at.line);
	jsonout_key_bool(j, "removable", sources_file_has(r->conf, r->source));
	jsonout_end_object(j);
}

struct gap_reader {
	struct source_view *row;
	struct arena *arena;
};

static bool take_gap(void *ctx, struct str source, const struct gap *gap)
{
	struct gap_reader *reader = ctx;
	struct source_view *r = reader->row;
	(void)source;
	struct gap *all = arena_grow(reader->arena, r->gaps, r->gaps_n, &r->gaps_cap, sizeof(*all));
	if (all != NULL) {
		r->gaps = all;
		all[r->gaps_n++] = *gap;
	}
	return all != NULL;
}

static bool take_alarm(void *ctx, const struct alarm_row *row)
{
	struct gap_reader *reader = ctx;
	struct source_view *r = reader->row;
	if (r->alarms_n < ALARMS) {
		struct alarm_row *to = &r->alarms[r->alarms_n++];
		*to = *row;
		to->text = arena_str(reader->arena, row->text);
	}
	return true;
}

static bool take_hub(void *ctx, struct subscription *row)
{
	struct source_view *r = ctx;
	r->hub = row; /* the one that is wanted comes first */
	return false;
}

int source_view_load(struct source_view *r, struct store *store, int64_t since_ms,
	struct arena *arena, struct hark_err *err)
{
	struct gap_reader reader = {r, arena};
	struct str name = str_c(r->source->name);
	const char *for_whom = r->source->stands_for;
	struct source_state head = {0};
	if (for_whom != NULL) {
		int found = store_source_load(store, str_c(for_whom), arena, &head, err);
		r->waits = found != HARK_OK || !source_state_ails(&head);
	}
	int rc = store_source_load(store, name, arena, &r->state, err);
	r->is_known = rc == HARK_OK;
	if (rc == HARK_OK || rc == HARK_ENOENT) {
		int counted = store_refusals_load(store, name, &r->refused, err);
		rc = counted == HARK_OK ? rc : counted;
	}
	if (rc == HARK_OK) {
		rc = store_gaps_each(store, name, since_ms, take_gap, &reader, err);
	}
	if (rc == HARK_OK) {
		rc = store_alarms_standing(store, name, take_alarm, &reader, err);
	}
	if (rc == HARK_OK) {
		rc = store_profile_count(store, name, &r->profiles, err);
	}
	if (rc == HARK_OK) {
		rc = store_subscriptions_each(store, name, take_hub, r, err);
	}
	if (rc == HARK_OK && r->counts_links) {
		r->links = store_rechecks_count(store, name, &r->links_next_ms);
		r->deleted = store_posts_deleted(store, name, &r->deleted_last_ms);
	}
	return rc == HARK_ENOENT ? HARK_OK : rc;
}

void source_view_hours(struct source_view *r, int64_t now_ms)
{
	const struct hours *hours = r->source->hours;
	int64_t due_ms = r->state.due_ms;
	r->next_ms = due_ms;
	if (hours == NULL || r->source->pushed || r->source->paused || r->state.paused) {
		return;
	}
	r->next_ms = pace_within(hours, due_ms > now_ms ? due_ms : now_ms, r->source->every_ms);
	r->opens_ms = hours_open(hours, now_ms) ? 0 : hours_next_ms(hours, now_ms);
}
