/* What the daemon says on its control socket (monitor/control.h). */
#include "config.h"

#include "monitor/daemon_parts.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/pipeline/folder.h"
#include "monitor/store/first_user.h"
#include "monitor/store/alarms.h"
#include "monitor/store/sources.h"

#include <stdlib.h>
#include <unistd.h>

static void answer_error(struct jsonout *j, const char *sentence)
{
	jsonout_object(j);
	jsonout_key_bool(j, "ok", false);
	jsonout_key_c(j, "error", sentence);
	jsonout_end_object(j);
}

static void answer_ok(struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_bool(j, "ok", true);
	jsonout_end_object(j);
}

/* What was done on somebody's word is in the trail. */
static void note(struct daemon *d, const json_t *request, struct str target, const char *note)
{
	struct str as = json_str(request, "as"), what = json_str(request, "do");
	daemon_note(d, str_cut_utf8(json_str(request, "by"), 100),
		as.n > 0 ? str_cut_utf8(as, 100) : what, target, str_c(note));
}

static void answer_reload(
	struct daemon *d, struct jsonout *j, struct buf *out, const json_t *request)
{
	struct diags diags;
	struct hark_err err = {0};
	diags_init(&diags);
	int rc = daemon_reload(d, &diags, &err);
	note(d, request, STR_NONE, rc == HARK_OK ? "reload" : "reload: refused");
	jsonout_object(j);
	jsonout_key_bool(j, "ok", rc == HARK_OK);
	jsonout_key_c(j, "error", rc != HARK_OK ? err.text : NULL);
	jsonout_key_i64(j, "sources", (int64_t)d->setup->conf->sources_n);
	jsonout_key_i64(j, "rules", (int64_t)ruleset_count(d->setup->rules));
	jsonout_key(j, "diagnostics");
	diags_json(&diags, out);
	j->comma = true;
	jsonout_end_object(j);
	diags_release(&diags);
}

static void status_counts(struct daemon *d, struct jsonout *j)
{
	struct writer_counts w;
	writer_counts(d->writer, &w);
	jsonout_key_i64(j, "polls", w.polls);
	jsonout_key_i64(j, "posts", w.posts_new);
	jsonout_key_i64(j, "edits", w.posts_edited);
	jsonout_key_i64(j, "copies", w.posts_copies);
	jsonout_key_i64(j, "signals", w.signals);
	jsonout_key_i64(j, "leads", w.leads_new);
	jsonout_key_i64(j, "leads_joined", w.leads_joined);
	jsonout_key_i64(j, "historic", w.historic);
	jsonout_key_i64(j, "alerts", w.alerts);
	jsonout_key_i64(j, "commits", w.commits);
	jsonout_key_bool(j, "disk_full", w.disk_full);
}

static void status_sources(struct daemon *d, struct jsonout *j)
{
	struct scheduler_counts s;
	scheduler_counts(d->scheduler, &s);
	jsonout_key(j, "sources");
	jsonout_object(j);
	jsonout_key_i64(j, "total", (int64_t)s.sources);
	jsonout_key_i64(j, "under_way", (int64_t)s.under_way);
	jsonout_key_i64(j, "failing", (int64_t)s.failing);
	jsonout_key_i64(j, "paused", (int64_t)s.paused);
	if (s.next_due_ms >= 0) {
		jsonout_key_i64(j, "next_due_s", s.next_due_ms / 1000);
	}
	jsonout_end_object(j);
}

#define ALARMS_SAID 50

struct alarm_list {
	struct jsonout *j;
	int64_t n;
};

static bool write_alarm(void *ctx, const struct alarm_row *row)
{
	struct alarm_list *list = ctx;
	if (list->n++ < ALARMS_SAID) {
		jsonout_object(list->j);
		jsonout_key_str(list->j, "source", row->source);
		jsonout_key_c(list->j, "alarm", alarm_name(row->alarm));
		jsonout_key_str(list->j, "text", row->text);
		jsonout_key_time(list->j, "raised", row->raised_ms);
		jsonout_end_object(list->j);
	}
	return true;
}

static void status_alarms(struct daemon *d, struct jsonout *j)
{
	struct alarm_list list = {.j = j};
	jsonout_key(j, "source_alarms");
	jsonout_array(j);
	store_alarms_standing(d->reader, STR_NONE, write_alarm, &list, NULL);
	jsonout_end_array(j);
	jsonout_key_i64(j, "source_alarms_total", list.n);
}

static bool is_first_user_awaited(struct daemon *d)
{
	return d->http != NULL && store_first_check(d->reader, NULL) == HARK_OK;
}

static void answer_status(struct daemon *d, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_bool(j, "ok", true);
	jsonout_key_c(j, "version", PACKAGE_VERSION);
	jsonout_key_i64(j, "pid", getpid());
	jsonout_key_time(j, "started", d->started_ms);
	jsonout_key_c(j, "config", d->setup->conf->path);
	jsonout_key_c(j, "store", d->setup->conf->store);
	jsonout_key_i64(j, "rules", (int64_t)ruleset_count(d->setup->rules));
	jsonout_key_i64(j, "list_entries", (int64_t)ruleset_list_count(d->setup->rules));
	jsonout_key_bool(j, "first_user_awaited", is_first_user_awaited(d));
	status_sources(d, j);
	status_counts(d, j);
	status_alarms(d, j);
	jsonout_key_time(j, "reloaded", d->reload_ms);
	jsonout_key_c(j, "reload_error", d->reload_error[0] != '\0' ? d->reload_error : NULL);
	jsonout_key_c(j, "restart_for", d->restart_for[0] != '\0' ? d->restart_for : NULL);
	jsonout_end_object(j);
}

static void answer_streams(struct daemon *d, struct jsonout *j)
{
	struct scheduler_stream *all;
	size_t n;
	if (scheduler_streams(d->scheduler, &all, &n) != HARK_OK) {
		answer_error(j, "no memory");
		return;
	}
	jsonout_object(j);
	jsonout_key_bool(j, "ok", true);
	jsonout_key(j, "streams");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "source", all[i].source);
		jsonout_key_time(j, "since", all[i].since_ms);
		jsonout_key_time(j, "event", all[i].event_ms);
		jsonout_key_i64(j, "events", all[i].events);
		jsonout_key_i64(j, "per_min", (int64_t)(all[i].per_s * 60 + 0.5));
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
	free(all);
}

struct pause_wish {
	struct str source;
	bool paused;
};

static int store_pause(struct store *store, void *arg, struct hark_err *err)
{
	const struct pause_wish *wish = arg;
	return store_source_set_paused(store, wish->source, wish->paused, err);
}

static bool has_source(const struct conf *c, struct str name)
{
	for (size_t i = 0; i < c->sources_n; i++) {
		if (str_eq_c(name, c->sources[i].name)) {
			return true;
		}
	}
	return false;
}

/* A request by hand is one more for a source that has had enough, too. */
static bool is_too_early(struct daemon *d, const char *name, struct hark_err *err)
{
	struct arena arena;
	struct source_state state = {0};
	char when[CLOCK_TEXT_MAX];
	arena_init(&arena, 0);
	int rc = store_source_load(d->reader, str_c(name), &arena, &state, NULL);
	int64_t until_ms = rc == HARK_OK ? state.retry_ms : 0;
	arena_release(&arena);
	if (until_ms <= clock_wall_ms()) {
		return false;
	}
	hark_err_set(err, HARK_EBUSY,
		"'%s' wants no request before %s (Retry-After); --force asks it all the same", name,
		clock_local(until_ms, when));
	return true;
}

/* Nothing to be accepted by hand. */
static bool has_refused_none(struct daemon *d, const char *name, struct hark_err *err)
{
	struct arena arena;
	struct source_state state = {0};
	arena_init(&arena, 0);
	int rc = store_source_load(d->reader, str_c(name), &arena, &state, NULL);
	bool none = rc != HARK_OK || state.error.p == NULL || !folder_has_refused(state.etag);
	bool too_large = !none && !folder_may_accept(state.error);
	arena_release(&arena);
	if (none) {
		hark_err_set(err, HARK_ENOENT, "no file of '%s' stands refused", name);
	} else if (too_large) {
		hark_err_set(err, HARK_ELIMIT,
			"what '%s' refused is larger than max-body, which nobody can take for right: set "
			"max-body higher and `hark reload`",
			name);
	}
	return none || too_large;
}

static void answer_source(
	struct daemon *d, struct jsonout *j, struct str what, const json_t *request)
{
	const char *name = json_str(request, "source").p;
	bool force = json_bool(request, "force", false);
	struct hark_err err = {0};
	bool pause = str_eq_c(what, "pause");
	int rc;
	if (name == NULL || !has_source(d->setup->conf, str_c(name))) {
		answer_error(j, "there is no source of that name: `hark sources list`");
		return;
	}
	if (str_eq_c(what, "poll") && !force && is_too_early(d, name, &err)) {
		rc = err.code;
	} else if (str_eq_c(what, "poll")) {
		rc = scheduler_poll_now(d->scheduler, name);
	} else if (str_eq_c(what, "accept") && has_refused_none(d, name, &err)) {
		rc = err.code;
	} else if (str_eq_c(what, "accept")) {
		rc = scheduler_accept(d->scheduler, name);
	} else {
		struct pause_wish wish = {str_c(name), pause};
		rc = writer_call(d->writer, store_pause, &wish, &err);
		if (rc == HARK_OK) {
			rc = scheduler_pause(d->scheduler, name, pause);
			websub_look(d->websub);
		}
	}
	if (rc == HARK_OK) {
		note(d, request, str_c(name), NULL);
		answer_ok(j);
	} else {
		answer_error(j, err.text[0] != '\0' ? err.text : hark_code_name(rc));
	}
}

void daemon_answer(void *ctx, struct str request, struct buf *reply)
{
	struct daemon *d = ctx;
	struct jsonout j;
	struct hark_err err = {0};
	jsonout_init(&j, reply);
	json_t *q = json_read(request, &err);
	struct str what = json_str(q, "do");
	if (q == NULL) {
		answer_error(&j, err.text);
	} else if (str_eq_c(what, "status")) {
		answer_status(d, &j);
	} else if (str_eq_c(what, "streams")) {
		answer_streams(d, &j);
	} else if (str_eq_c(what, "reload")) {
		answer_reload(d, &j, reply, q);
	} else if (str_eq_c(what, "poll") || str_eq_c(what, "accept") || str_eq_c(what, "pause") ||
		   str_eq_c(what, "resume")) {
		answer_source(d, &j, what, q);
	} else {
		answer_error(&j, "unknown request");
	}
	json_decref(q);
}
