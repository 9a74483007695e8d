/* The steps that work a request for a reference, by the functions hark references works them with. */
#include "monitor/api/desk.h"

#include "monitor/model/id.h"
#include "monitor/references/guard.h"
#include "monitor/references/request_work.h"

#define NAME_MAX 400
#define TEXT_MAX 2000
#define WEIGHS_MAX 8000

/* ---- asking ---- */

struct asking {
	struct str opportunity;
	struct request_ask ask;
	struct deal deal;
};

/* On the writer's thread. What the policy refuses is taken back here, and kept by keep_refused(). */
static int make(struct store *s, struct call *c, struct hark_err *err)
{
	struct asking *a = c->write_arg;
	struct request r;
	int rc = store_deal_find(s, a->opportunity, c->arena, &a->deal, err);
	a->ask.deal = &a->deal;
	rc = rc == HARK_OK
		     ? request_make_within(s, c->setup->conf, &a->ask, c->now_ms, c->arena, &r, err)
		     : rc;
	if (rc == HARK_OK && r.state == REQUEST_REFUSED) {
		return hark_err_set(err, HARK_ESTATE, "%.*s: %.*s",
			STR_FMT(str_cut_utf8(r.deal, 100)), STR_FMT(r.why));
	}
	if (rc == HARK_OK) {
		request_tag(c, &r);
		view_request(&c->j, &r);
	}
	return rc;
}

/* On the writer's thread: the request that was refused, with its rule. */
static void keep_refused(struct store *s, struct call *c, const struct hark_err *why)
{
	const struct asking *a = c->write_arg;
	struct request r;
	struct hark_err err = {0};
	if (why->code == HARK_ESTATE && !a->ask.dry) {
		request_make_within(s, c->setup->conf, &a->ask, c->now_ms, c->arena, &r, &err);
	}
}

/* "weighs": ["import speed", "Rivalsoft"], one a line. False: answered. */
static bool read_weighs(struct call *c, struct buf *out)
{
	const json_t *list = json_object_get(c->body, "weighs"), *one;
	size_t i;
	bool good = list == NULL || json_is_array(list);
	json_array_foreach(list, i, one)
	{
		struct str words =
			json_is_string(one) ? str_trim(str_c(json_string_value(one))) : STR_NONE;
		good = good && !str_empty(words) && str_find(words, STR("\n")) == SIZE_MAX;
		buf_add_c(out, i > 0 ? "\n" : "");
		buf_add_str(out, words);
	}
	if (!good || out->rc != HARK_OK) {
		call_refuse(c, 422, "'weighs' is a list of a few words each, on one line");
	}
	return good && out->rc == HARK_OK;
}

static void read_and_make(struct call *c, struct asking *a, struct buf *weighs)
{
	static const char *const members[] = {
		"opportunity", "for", "weighs", "role", "dry_run", NULL};
	const json_t *dry = json_object_get(c->body, "dry_run");
	if (!call_knows(c, members) || !call_line(c, "opportunity", NAME_MAX, &a->opportunity) ||
		!desk_read_activity(c, "for", &a->ask.activity) ||
		!call_line(c, "role", NAME_MAX, &a->ask.role) || !read_weighs(c, weighs)) {
		return;
	}
	a->ask.rep = c->who.name;
	a->ask.activity = a->ask.activity.p != NULL ? a->ask.activity : STR("call");
	a->ask.weighs = weighs->n > 0 ? buf_str(weighs) : STR_NONE;
	a->ask.dry = json_is_true(dry);
	if (str_empty(a->opportunity)) {
		call_refuse(c, 422, "'opportunity' is its id, name or number");
	} else if (dry != NULL && !json_is_boolean(dry)) {
		call_refuse(c, 422, "'dry_run' is true or false");
	} else {
		c->refused = keep_refused;
		call_write(c, make, a);
	}
}

void requests_add(struct call *c)
{
	struct asking a = {0};
	struct buf weighs;
	buf_init(&weighs, WEIGHS_MAX);
	read_and_make(c, &a, &weighs);
	buf_release(&weighs);
}

/* ---- steps ---- */

struct work {
	int64_t id;
	bool undo;
	bool own; /* for those who look after references, and who has asked */
	struct request_step step;
};

static int check_own(struct store *s, const struct call *c, const struct work *w,
	const struct request *r, struct hark_err *err)
{
	struct step *v = NULL;
	size_t n = 0;
	if (!w->own || role_keeps_references(c->who.role)) {
		return HARK_OK;
	}
	if (!str_eq_nocase(r->rep, c->who.name)) {
		return hark_err_set(err, HARK_EAUTH,
			"this is for marketing, the head of sales, and %.*s, who has asked",
			STR_FMT(r->rep));
	}
	int rc = w->undo ? store_request_events(s, r->id, c->arena, &v, &n, err) : HARK_OK;
	const struct step *last = request_last_step(v, n);
	if (rc == HARK_OK && last != NULL && !str_eq_nocase(last->actor, c->who.name)) {
		rc = hark_err_set(err, HARK_EAUTH, "the last step was taken by %.*s, not by you",
			STR_FMT(last->actor));
	}
	return rc;
}

/* When whoever was not to be named is free again. */
static void tell_free(
	struct store *s, struct call *c, const struct work *w, const struct request *r)
{
	struct reference who;
	struct guard_answer g;
	if (w->step.action == REQUEST_NAME && !w->undo &&
		store_reference_load(s, w->step.reference, c->arena, &who, NULL) == HARK_OK &&
		guard_ask(s, c->setup->conf, &who, r->activity, c->now_ms, c->arena, &g, NULL) ==
			HARK_OK) {
		c->next_free_ms = g.free_ms;
	}
}

/* On the writer's thread. */
static int work_within(struct store *s, struct call *c, struct hark_err *err)
{
	const struct work *w = c->write_arg;
	struct request_card card;
	struct request r;
	int rc = store_request_load(s, w->id, c->arena, &r, err);
	if (rc == HARK_OK) {
		request_tag(c, &r);
		rc = call_check_match(c, c->etag, err);
	}
	rc = rc == HARK_OK ? check_own(s, c, w, &r, err) : rc;
	if (rc == HARK_OK) {
		rc = w->undo ? request_undo_within(
				       s, w->id, c->who.name, c->now_ms, c->arena, &r, err)
			     : request_work_within(
				       s, c->setup->conf, w->id, &w->step, c->arena, &r, err);
	}
	if (rc == HARK_ESTATE) {
		tell_free(s, c, w, &r);
	}
	rc = rc == HARK_OK ? request_card_load(s, w->id, c->arena, &card, err) : rc;
	if (rc == HARK_OK) {
		request_tag(c, &card.r);
		view_request_card(&c->j, &card);
	}
	return rc;
}

/* On the writer's thread. */
static void keep_refusal(struct store *s, struct call *c, const struct hark_err *why)
{
	const struct work *w = c->write_arg;
	if (!w->undo) {
		request_refused_within(s, w->id, &w->step, why);
	}
}

static void run(struct call *c, struct work *w)
{
	if (desk_read_id(c, ID_REQUEST, "request", &w->id)) {
		w->step.actor = c->who.name;
		w->step.now_ms = c->now_ms;
		c->refused = keep_refusal;
		call_write(c, work_within, w);
	}
}

void requests_supply(struct call *c)
{
	static const char *const members[] = {"reference", NULL};
	struct work w = {.step = {.action = REQUEST_NAME}};
	if (!call_knows(c, members) || !call_id(c, "reference", ID_REFERENCE, &w.step.reference)) {
		return;
	}
	if (w.step.reference == 0) {
		call_refuse(c, 422, "'reference' says who is named, such as ref_7");
	} else {
		run(c, &w);
	}
}

void requests_decline(struct call *c)
{
	static const char *const members[] = {"reason", NULL};
	struct work w = {.step = {.action = REQUEST_REFUSE}};
	if (!call_knows(c, members) || !call_text(c, "reason", TEXT_MAX, &w.step.reason)) {
		return;
	}
	if (str_empty(w.step.reason)) {
		call_refuse(c, 422, "whoever asked is told why: 'reason'");
	} else {
		run(c, &w);
	}
}

void requests_call_off(struct call *c)
{
	static const char *const members[] = {"reason", NULL};
	struct work w = {.own = true, .step = {.action = REQUEST_WITHDRAW}};
	if (call_knows(c, members) && call_text(c, "reason", TEXT_MAX, &w.step.reason)) {
		run(c, &w);
	}
}

static const char *const no_members[] = {NULL};

void requests_fulfil(struct call *c)
{
	struct work w = {.own = true, .step = {.action = REQUEST_FULFIL}};
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}

void requests_undo(struct call *c)
{
	struct work w = {.own = true, .undo = true};
	if (call_knows(c, no_members)) {
		run(c, &w);
	}
}
