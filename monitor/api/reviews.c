/* Pairs of people that may be one, and what somebody decides about them. */
#include "monitor/api/api_in.h"
#include "monitor/api/review_view.h"

#include "monitor/people/company_name.h"
#include "monitor/references/candidates.h"

#include <stdio.h>

#define LIST_DEFAULT 50
#define LIST_MAX 500

/* What is told of a move that is not for whoever asks is not there for them. */
static bool is_seen(struct store *s, const struct call *c, const struct review *r)
{
	struct move_row m;
	return r->move == 0 ||
	       (store_move_row(s, r->move, c->arena, &m) && role_sees(c->who.role, m.visibility));
}

/* False: answered. */
static bool read_state(struct call *c, struct str *state)
{
	static const char *const all[] = {"open", "accepted", "rejected"};
	*state = http_query(c->x, "state");
	*state = state->p != NULL ? *state : str_c(all[0]);
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		if (str_eq_c(*state, all[i])) {
			return true;
		}
	}
	if (!str_eq_c(*state, "all")) {
		call_refuse(c, 400, "there is no state '%.*s': open, accepted, rejected or all",
			(int)(state->n < 40 ? state->n : 40), state->p);
		return false;
	}
	*state = STR_NONE;
	return true;
}

void reviews_list(struct call *c)
{
	struct hark_err err = {0};
	struct review *v = NULL;
	struct str state;
	size_t n = 0;
	struct call_page page;
	if (!read_state(c, &state) || !call_page(c, LIST_DEFAULT, LIST_MAX, &page)) {
		return;
	}
	if (store_review_list(c->store, state, page.place, page.max, c->arena, &v, &n, &err) !=
		HARK_OK) {
		call_fail(c, &err);
		return;
	}
	size_t shown = n < page.max ? n : page.shown;
	call_items(c);
	for (size_t i = 0; i < shown; i++) {
		if (is_seen(c->store, c, &v[i])) {
			view_review(&c->j, &v[i]);
		}
	}
	call_items_end(c, shown < n ? v[shown - 1].id : 0);
	call_answer(c, 200);
}

/* Writes it into c->out. */
static int show(struct store *s, struct call *c, int64_t id, struct hark_err *err)
{
	struct review_card card;
	int rc = review_card_load(s, id, c->arena, &card, err);
	if (rc == HARK_OK && !is_seen(s, c, &card.r)) {
		rc = hark_err_set(err, HARK_ENOENT, "there is no review %lld", (long long)id);
	}
	if (rc == HARK_OK) {
		snprintf(c->etag, sizeof(c->etag), "\"review-%lld-%.*s-%lld\"", (long long)id,
			STR_FMT(card.r.state), (long long)card.r.decided_ms);
		view_review_card(&c->j, &card);
	}
	return rc;
}

/* False: answered. */
static bool read_id(struct call *c, int64_t *id)
{
	if (str_i64(c->arg, id) && *id > 0) {
		return true;
	}
	call_refuse(c, 404, "there is no review of that number");
	return false;
}

void reviews_show_one(struct call *c)
{
	struct hark_err err = {0};
	int64_t id;
	if (!read_id(c, &id)) {
		return;
	}
	if (show(c->store, c, id, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	call_tag_body(c);
	call_answer(c, 200);
}

struct deciding {
	int64_t id;
	enum review_step step;
};

/* On the writer's thread. */
static int decide(struct store *s, struct call *c, struct hark_err *err)
{
	const struct deciding *d = c->write_arg;
	int rc = show(s, c, d->id, err);
	rc = rc == HARK_OK ? call_check_match(c, c->etag, err) : rc;
	if (rc == HARK_OK) {
		rc = store_review_decide_within(
			s, d->id, d->step, c->who.name, company_name_same,
			candidates_recount, c->now_ms, err);
	}
	if (rc == HARK_OK) {
		buf_clear(&c->out);
		jsonout_init(&c->j, &c->out);
		rc = show(s, c, d->id, err);
	}
	return rc;
}

static void run(struct call *c, enum review_step step)
{
	static const char *const no_members[] = {NULL};
	struct deciding d = {.step = step};
	if (call_knows(c, no_members) && read_id(c, &d.id)) {
		call_write(c, decide, &d);
	}
}

void reviews_accept(struct call *c)
{
	run(c, REVIEW_ACCEPT);
}

void reviews_reject(struct call *c)
{
	run(c, REVIEW_REJECT);
}

void reviews_undo(struct call *c)
{
	run(c, REVIEW_REOPEN);
}
