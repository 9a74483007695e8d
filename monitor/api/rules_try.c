/* The text of a rule file is checked, tested, tried on what is stored; nothing is written, nobody hears of it.
 *
 * On the threads for what takes long. A backtest streams how far it is, and stops when nobody listens any more. */
#include "monitor/api/rules_in.h"

#include "monitor/api/rules_diff_view.h"
#include "monitor/api/view_trial.h"
#include "monitor/base/utf8.h"
#include "monitor/config/values.h"
#include "rules/check.h"

#include <limits.h>
#include <stdio.h>

#define SAMPLES_DEFAULT 5
#define SAMPLES_MAX 100
#define STREAM_MAX ((size_t)16 << 20)
#define DIFF_DEFAULT_MS (7 * 24 * 3600 * INT64_C(1000))
#define HOMELESS "new.yaml"

/* ---- the text ---- */

static int place(struct call *c, struct str id, struct rules_trial *t, struct hark_err *err)
{
	t->exists = id.p != NULL && rules_find(c, id, &t->info);
	if (t->exists) {
		t->draft.path = t->info.path;
		t->draft.name = arena_c(c->arena, t->info.file);
		t->draft.pack = t->info.pack;
	} else {
		int rc = rules_draft_place(&t->source, id, c->arena, &t->draft, err);
		if (rc != HARK_OK && rc != HARK_ESTATE) {
			return rc;
		}
		t->homeless = rc == HARK_ESTATE;
	}
	if (t->homeless) { /* it can be tried all the same */
		char path[PATH_MAX];
		snprintf(path, sizeof(path), "%s/" HOMELESS, c->setup->conf->base_dir);
		t->draft.name = HOMELESS;
		t->draft.path = arena_c(c->arena, str_c(path));
	}
	return t->draft.path != NULL && t->draft.name != NULL
		       ? HARK_OK
		       : hark_err_set(err, HARK_ENOMEM, "no memory for the rules");
}

bool rules_trial_open(struct call *c, struct str id, struct rules_trial *t)
{
	struct hark_err err = {0};
	struct str text = http_body(c->x);
	*t = (struct rules_trial){
		.draft = {.text = text, .alone = true, .running = c->setup->rules}};
	diags_init(&t->found);
	if (str_empty(str_trim(text))) {
		call_refuse(c, 422, "the body is the text of a rule file");
		return false;
	}
	if (utf8_valid(text) != text.n) {
		long line, column;
		utf8_place(text, utf8_valid(text), &line, &column);
		call_refuse(c, 422, "the text is not UTF-8 at line %ld, column %ld", line, column);
		return false;
	}
	if (conf_rules_source(c->setup->conf, c->arena, &t->source, &err) != HARK_OK ||
		place(c, id, t, &err) != HARK_OK) {
		call_fail(c, &err);
		return false;
	}
	t->source.draft = &t->draft;
	return true;
}

void rules_trial_release(struct rules_trial *t)
{
	diags_release(&t->found);
}

static void refuse_rules(struct call *c, struct diags *found)
{
	struct buf list;
	const struct diag *first = NULL;
	char sentence[1400];
	for (size_t i = 0; i < found->n && first == NULL; i++) {
		first = found->v[i].level == DIAG_ERROR ? &found->v[i] : NULL;
	}
	if (first != NULL) {
		snprintf(sentence, sizeof(sentence), "%s:%u:%u: error %s: %s", first->at.file,
			first->at.line, first->at.col, first->code, first->message);
	} else {
		snprintf(sentence, sizeof(sentence), "the rules are wrong");
	}
	buf_init(&list, STREAM_MAX);
	diags_json(found, &list);
	call_refuse_findings(c, str_c(sentence), list.rc == HARK_OK ? buf_str(&list) : STR_NONE);
	buf_release(&list);
}

struct ruleset *rules_trial_load(struct call *c, struct rules_trial *t)
{
	struct ruleset *set = NULL;
	struct hark_err err = {0};
	int rc = ruleset_load(&set, &t->source, &t->found, &err);
	if (rc == HARK_EPARSE) {
		refuse_rules(c, &t->found);
	} else if (rc != HARK_OK) {
		call_fail(c, &err);
	}
	return set;
}

/* ---- check ---- */

static void write_rules(struct jsonout *j, const struct ruleset *set)
{
	struct rule_info info;
	jsonout_key(j, "rules");
	jsonout_array(j);
	for (size_t i = 0; set != NULL && ruleset_rule_at(set, i, &info); i++) {
		jsonout_object(j);
		jsonout_key_str(j, "id", info.id);
		jsonout_key_str(j, "title", info.title);
		jsonout_key_c(j, "kind", signal_kind_name(info.kind));
		jsonout_key_c(j, "level", signal_level_name(info.level));
		jsonout_key_c(j, "status", info.status);
		jsonout_key_i64(j, "line", info.line);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void rules_check_text(struct call *c)
{
	struct rules_trial t;
	struct rules_checked checked = {0};
	struct hark_err err = {0};
	if (rules_trial_open(c, http_query(c->x, "rule"), &t)) {
		int rc = ruleset_check(&t.source, false, &t.found, c->arena, &checked, &err);
		if (rc != HARK_OK && t.found.errors == 0) {
			call_fail(c, &err);
		} else {
			jsonout_object(&c->j);
			jsonout_key_bool(&c->j, "ok", t.found.errors == 0);
			jsonout_key_c(&c->j, "file", t.draft.name);
			jsonout_key_i64(&c->j, "errors", (int64_t)t.found.errors);
			write_rules(&c->j, checked.set);
			view_findings(&c->j, "findings", &t.found);
			jsonout_end_object(&c->j);
			call_answer(c, 200);
		}
	}
	ruleset_unref(checked.set);
	rules_trial_release(&t);
}

/* ---- test ---- */

struct test_run {
	struct jsonout *j;
	int64_t n;
};

static void on_case(void *ctx, const struct rule_test_result *result)
{
	struct test_run *run = ctx;
	run->n++;
	view_rule_test(run->j, result);
}

void rules_test_text(struct call *c)
{
	struct rules_trial t;
	struct test_run run = {.j = &c->j};
	struct hark_err err = {0};
	size_t failed = 0;
	struct ruleset *set = NULL;
	if (rules_trial_open(c, http_query(c->x, "rule"), &t) &&
		(set = rules_trial_load(c, &t)) != NULL) {
		jsonout_object(&c->j);
		jsonout_key(&c->j, "cases");
		jsonout_array(&c->j);
		int rc = ruleset_test(&t.source, on_case, &run, &failed, &t.found, &err);
		jsonout_end_array(&c->j);
		jsonout_key_i64(&c->j, "passed", run.n - (int64_t)failed);
		jsonout_key_i64(&c->j, "failed", (int64_t)failed);
		view_findings(&c->j, "findings", &t.found);
		jsonout_end_object(&c->j);
		if (rc != HARK_OK && t.found.errors == 0) {
			call_fail(c, &err);
		} else {
			call_answer(c, 200);
		}
	}
	ruleset_unref(set);
	rules_trial_release(&t);
}

/* ---- preview ---- */

void rules_preview(struct call *c)
{
	struct rules_trial t;
	struct ruleset *set = NULL;
	struct preview preview;
	struct hark_err err = {0};
	if (rules_trial_open(c, http_query(c->x, "rule"), &t) &&
		(set = rules_trial_load(c, &t)) != NULL) {
		if (preview_run(c->store, c->setup->conf, set, c->arena, &preview, &err) ==
			HARK_OK) {
			view_preview(&c->j, &preview);
			call_answer(c, 200);
		} else {
			call_fail(c, &err);
		}
	}
	ruleset_unref(set);
	rules_trial_release(&t);
}

/* ---- difference ---- */

static bool still_wanted(void *ctx, int64_t done, int64_t total)
{
	const struct call *c = ctx;
	(void)done;
	(void)total;
	return !atomic_load(api_stopping(c->api));
}

/* With the one backtest begun, which ends here. */
static void answer_diff(struct call *c, struct ruleset *set, const char *const *paths,
	size_t paths_n, int64_t span_ms)
{
	const struct backtest_options options = {
		.since_ms = c->now_ms - span_ms, .progress = still_wanted, .ctx = c};
	struct rules_compared compared;
	struct hark_err err = {0};
	int rc = rules_compare(
		&compared, c->store, c->setup->conf, set, paths, paths_n, &options, c->arena, &err);
	api_backtest_end(c->api);
	if (rc == HARK_OK) {
		rules_diff_json(&compared, &c->j);
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

/* Of the text that was sent, or, without one, of all the files as they are now. */
void rules_diff_text(struct call *c)
{
	struct rules_trial t = {0};
	struct ruleset *set = NULL;
	struct str since = http_query(c->x, "since");
	struct hark_err err = {0};
	int64_t span_ms = DIFF_DEFAULT_MS;
	bool alone = !str_empty(http_body(c->x)), ready = true;
	if (since.p != NULL && (value_duration(since, &span_ms, NULL) != HARK_OK || span_ms <= 0)) {
		call_refuse(c, 400, "'since' is a time such as 12h, 7d or 4w");
		return;
	}
	if (alone) {
		ready = rules_trial_open(c, http_query(c->x, "rule"), &t);
	} else {
		diags_init(&t.found);
		if (conf_rules_source(c->setup->conf, c->arena, &t.source, &err) != HARK_OK) {
			call_fail(c, &err);
			ready = false;
		}
	}
	const char *const path = t.draft.name;
	if (ready && (set = rules_trial_load(c, &t)) != NULL) {
		if (api_backtest_begin(c->api)) {
			answer_diff(c, set, &path, alone, span_ms);
		} else {
			call_refuse(c, 409,
				"a backtest is running: wait until it has ended, or stop it");
		}
	}
	ruleset_unref(set);
	rules_trial_release(&t);
}

/* ---- backtest ---- */

struct streaming {
	struct call *c;
	struct http_stream *st;
};

/* One line. False: nobody reads it. */
static bool send_line(struct streaming *s)
{
	buf_add_char(&s->c->out, '\n');
	bool sent =
		s->c->out.rc == HARK_OK && http_stream_write(s->st, buf_str(&s->c->out)) == HARK_OK;
	buf_clear(&s->c->out);
	jsonout_init(&s->c->j, &s->c->out);
	return sent;
}

static bool on_progress(void *ctx, int64_t done, int64_t total)
{
	struct streaming *s = ctx;
	jsonout_object(&s->c->j);
	jsonout_key_i64(&s->c->j, "done", done);
	jsonout_key_i64(&s->c->j, "total", total);
	jsonout_end_object(&s->c->j);
	return send_line(s) && !atomic_load(api_stopping(s->c->api));
}

/* With the one backtest begun, which ends here. The exchange is the server's from here on. */
static void stream(struct call *c, struct ruleset *set, int64_t since_ms, int64_t samples)
{
	struct streaming s = {.c = c};
	const struct backtest_options options = {.since_ms = since_ms,
		.samples_max = (size_t)samples,
		.progress = on_progress,
		.ctx = &s};
	struct backtest result;
	struct hark_err err = {0};
	http_header(c->x, "Content-Type", "application/x-ndjson");
	http_header(c->x, "Cache-Control", "no-store");
	api_count(c->api, 200);
	s.st = http_stream(c->x, 200, STREAM_MAX);
	int rc = s.st != NULL ? backtest_run(c->store, c->setup->conf, set, &options, c->arena,
					&result, &err)
			      : HARK_EPIPE;
	api_backtest_end(c->api); /* before the client hears of the end, and asks for the next */
	if (s.st == NULL) {
		return;
	}
	jsonout_object(&c->j);
	if (rc == HARK_OK) {
		jsonout_key(&c->j, "result");
		view_backtest(&c->j, &result);
	} else {
		jsonout_key_c(&c->j, "error", err.text);
	}
	jsonout_end_object(&c->j);
	send_line(&s);
	http_stream_end(s.st);
}

void rules_backtest_text(struct call *c)
{
	struct rules_trial t;
	struct ruleset *set = NULL;
	struct str since = http_query(c->x, "since");
	int64_t samples, span_ms = 0;
	if (!call_number(c, "samples", 0, SAMPLES_MAX, SAMPLES_DEFAULT, &samples)) {
		return;
	}
	if (since.p != NULL && value_duration(since, &span_ms, NULL) != HARK_OK) {
		call_refuse(c, 400, "'since' is a time such as 12h, 7d or 4w");
		return;
	}
	if (rules_trial_open(c, http_query(c->x, "rule"), &t) &&
		(set = rules_trial_load(c, &t)) != NULL) {
		if (api_backtest_begin(c->api)) {
			stream(c, set, span_ms > 0 ? c->now_ms - span_ms : 0, samples);
		} else {
			call_refuse(c, 409,
				"a backtest is running: wait until it has ended, or stop it");
		}
	}
	ruleset_unref(set);
	rules_trial_release(&t);
}
