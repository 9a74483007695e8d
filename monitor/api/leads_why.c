/* Why a lead is there, and whose sale it is, as hark why and hark leads credit say. */
#include "monitor/api/api_in.h"

#include "monitor/api/credit_view.h"
#include "monitor/api/why_view.h"
#include "monitor/model/id.h"

#define SIGNALS_MAX 200
#define NOTE_MAX 2000

/* The lead in the path, if whoever asks may see it. False: answered. */
static bool find(struct call *c, int64_t *id)
{
	struct lead lead;
	struct hark_err err = {0};
	if (!id_parse(ID_LEAD, c->arg, id)) {
		call_refuse(c, 404, "there is no lead of that name");
		return false;
	}
	if (leads_load_seen(c->store, c, *id, &lead, &err) != HARK_OK) {
		call_fail(c, &err);
		return false;
	}
	return true;
}

static int write_findings(
	struct call *c, const struct why_view *view, int64_t lead, struct hark_err *err)
{
	const struct signal_filter filter = {.lead = lead, .max = SIGNALS_MAX};
	struct stored_signal *v = NULL;
	size_t n = 0;
	int rc = store_signal_list(c->store, &filter, c->arena, &v, &n, err);
	call_items(c);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct why_told told;
		if (!role_sees(c->who.role, v[i].visibility)) {
			continue;
		}
		rc = why_look_up(view, &v[i], &told, err);
		if (rc == HARK_OK) {
			why_told_json(&told, &c->j);
		}
	}
	call_items_end(c, 0);
	return rc;
}

void leads_why(struct call *c)
{
	struct hark_err err = {0};
	struct why_view view = {.store = c->store, .arena = c->arena};
	int64_t id;
	if (!find(c, &id)) {
		return;
	}
	view.matcher = matcher_new(c->setup->rules);
	int rc = view.matcher != NULL ? write_findings(c, &view, id, &err)
				      : hark_err_set(&err, HARK_ENOMEM, "no memory to match");
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
	matcher_free(view.matcher);
}

/* ---- one finding ---- */

static void answer_finding(struct call *c, struct why_view *view, int64_t id)
{
	const struct signal_filter filter = {.id = id, .max = 1};
	struct stored_signal *v = NULL;
	struct why_told told;
	struct hark_err err = {0};
	size_t n = 0;
	int rc = store_signal_list(c->store, &filter, c->arena, &v, &n, &err);
	if (rc == HARK_OK && (n == 0 || !role_sees(c->who.role, v[0].visibility))) {
		rc = hark_err_set(&err, HARK_ENOENT, "there is no signal of that name");
	}
	rc = rc == HARK_OK ? why_look_up(view, &v[0], &told, &err) : rc;
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	why_told_json(&told, &c->j);
	call_answer(c, 200);
}

void signals_why(struct call *c)
{
	struct why_view view = {.store = c->store, .arena = c->arena};
	int64_t id;
	if (!id_parse(ID_SIGNAL, c->arg, &id)) {
		call_refuse(c, 404, "there is no signal of that name");
		return;
	}
	view.matcher = matcher_new(c->setup->rules);
	if (view.matcher != NULL) {
		answer_finding(c, &view, id);
	} else {
		call_refuse(c, 500, "no memory to match");
	}
	matcher_free(view.matcher);
}

/* ---- whose sale it is ---- */

static int write_credit(struct store *s, struct call *c, int64_t id, struct hark_err *err)
{
	const struct conf_credit *policy = &c->setup->conf->credit;
	struct credit_told told;
	int rc = credit_look_up(s, policy, id, c->arena, &told, err);
	if (rc == HARK_OK) {
		credit_told_json(policy, &told, &c->j);
	}
	return rc;
}

void leads_credit_show(struct call *c)
{
	struct hark_err err = {0};
	int64_t id;
	if (!find(c, &id)) {
		return;
	}
	if (write_credit(c->store, c, id, &err) == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

struct noting {
	int64_t id;
	struct str dispute, settle;
};

/* On the writer's thread. */
static int note(struct store *s, struct call *c, struct hark_err *err)
{
	const struct noting *n = c->write_arg;
	struct lead lead;
	bool settles = !str_empty(n->settle);
	int rc = leads_load_seen(s, c, n->id, &lead, err);
	rc = rc == HARK_OK ? credit_note_within(s, n->id, settles, c->who.name,
				     settles ? n->settle : n->dispute, c->now_ms, c->arena, err)
			   : rc;
	return rc == HARK_OK ? write_credit(s, c, n->id, err) : rc;
}

void leads_credit_note(struct call *c)
{
	static const char *const members[] = {"dispute", "settle", NULL};
	struct noting n = {0};
	if (!call_knows(c, members) || !call_text(c, "dispute", NOTE_MAX, &n.dispute) ||
		!call_text(c, "settle", NOTE_MAX, &n.settle)) {
		return;
	}
	if (str_empty(n.dispute) == str_empty(n.settle)) {
		call_refuse(c, 422, "say why: either 'dispute' or 'settle'");
	} else if (find(c, &n.id)) {
		call_write(c, note, &n);
	}
}
