/* What is kept quiet, until when and why. */
#include "monitor/api/api_in.h"
#include "monitor/api/view.h"

#include "monitor/model/signal.h"

#define VALUE_MAX 400
#define REASON_MAX 2000

void silences_list(struct call *c)
{
	struct hark_err err = {0};
	struct silence *v;
	size_t n;
	bool all;
	if (!call_flag(c, "all", &all)) {
		return;
	}
	if (store_silence_list(c->store, c->now_ms, all, c->arena, &v, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	call_items(c);
	for (size_t i = 0; i < n; i++) {
		view_silence(&c->j, &v[i]);
	}
	call_items_end(c, 0);
	call_answer(c, 200);
}

/* On the writer's thread. */
static int add(struct store *s, struct call *c, struct hark_err *err)
{
	struct silence *silence = c->write_arg;
	(void)err; /* a failure is the transaction's */
	silence->id = store_silence_add(s, silence);
	view_silence(&c->j, silence);
	return HARK_OK;
}

static bool is_what(struct str what)
{
	static const char *const all[] = {"rule", "kind", "who", "account", "owner"};
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq_c(what, all[i])) {
			return true;
		}
	}
	return false;
}

void silences_add(struct call *c)
{
	static const char *const members[] = {"what", "value", "for", "reason", NULL};
	struct silence s = {.actor = c->who.name, .from_ms = c->now_ms};
	enum signal_kind kind;
	if (!call_knows(c, members) || !call_line(c, "what", 20, &s.what) ||
		!call_line(c, "value", VALUE_MAX, &s.value) ||
		!call_text(c, "reason", REASON_MAX, &s.reason) ||
		!call_until(c, "for", 0, &s.until_ms)) {
		return;
	}
	if (!is_what(s.what)) {
		call_refuse(c, 422, "'what' is rule, kind, who, account or owner");
	} else if (str_empty(s.value)) {
		call_refuse(c, 422, "'value' says which %.*s", STR_FMT(s.what));
	} else if (str_eq_c(s.what, "kind") && !signal_kind_parse(s.value, &kind)) {
		call_refuse(c, 422, "there is no such kind of lead");
	} else if (s.until_ms == s.from_ms) {
		call_refuse(c, 422, "a silence ends: 'for' is a time such as 4h or 7d");
	} else if (str_empty(s.reason)) {
		call_refuse(c, 422, "a silence needs a 'reason'");
	} else {
		call_write(c, add, &s);
	}
}

/* On the writer's thread. */
static int end(struct store *s, struct call *c, struct hark_err *err)
{
	const int64_t *id = c->write_arg;
	int rc = store_silence_end(s, *id, c->now_ms, err);
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "id", *id);
	jsonout_end_object(&c->j);
	return rc;
}

void silences_end(struct call *c)
{
	int64_t id;
	if (str_i64(c->arg, &id) && id > 0) {
		call_write(c, end, &id);
	} else {
		call_refuse(c, 404, "no silence of that number is in force");
	}
}
