#include "monitor/references/request.h"

#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"

/* ---- the policy ---- */

static const struct conf_ref_request built_in[] = {
	{.name = "one-at-a-time", .open = 1, .why = "somebody asks for one already"}};

static bool is_one_of(struct str value, const char *const *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq_nocase(value, str_c(v[i]))) {
			return true;
		}
	}
	return n == 0;
}

static bool is_small(const struct conf_ref_request *e, const struct deal *d)
{
	bool same = e->currency == NULL || str_eq_nocase(d->currency, str_c(e->currency));
	return same && d->value_cents / 100 < e->below;
}

static bool holds(const struct conf_ref_request *e, const struct request_case *c)
{
	return is_one_of(c->deal->stage, e->stages, e->stages_n) &&
	       (e->below == 0 || is_small(e, c->deal)) && (e->open == 0 || c->open >= e->open) &&
	       (e->owes == 0 || c->lending.borrowed - c->lending.lent >= e->owes);
}

static void say_rule(
	const struct conf_ref_request *e, const struct request_case *c, struct buf *out)
{
	const char *gap = " (";
	buf_printf(out, "refused by %s", e->name);
	if (e->why != NULL) {
		buf_printf(out, ": %s", e->why);
	}
	if (e->stages_n > 0) {
		buf_printf(out, "%sthe stage is %.*s", gap, STR_FMT(c->deal->stage));
		gap = ", ";
	}
	if (e->below > 0) {
		buf_printf(out, "%sthe value is %lld, the least is %lld", gap,
			(long long)(c->deal->value_cents / 100), (long long)e->below);
		gap = ", ";
	}
	if (e->open > 0) {
		buf_printf(out, "%s%lld open for it, the most is %lld", gap, (long long)c->open,
			(long long)e->open);
		gap = ", ";
	}
	if (e->owes > 0) {
		buf_printf(out, "%slent %lld, borrowed %lld", gap, (long long)c->lending.lent,
			(long long)c->lending.borrowed);
	}
	buf_add_c(out, ")");
	if (e->at.file != NULL) {
		buf_printf(out, ", %s:%u", e->at.file, e->at.line);
	}
}

/* What no policy lets through. */
static const char *incomplete(const struct deal *d)
{
	return !str_eq_c(d->state, "open") ? "the opportunity is not open"
	       : str_empty(d->stage)       ? "the stage of the opportunity is not known"
	       : d->value_cents < 0        ? "the value of the opportunity is not known"
					   : NULL;
}

bool request_is_refused(const struct conf_refs *refs, const struct request_case *c,
	const char **rule, struct buf *why)
{
	const char *lacks = incomplete(c->deal);
	const struct conf_ref_request *v = refs->requests_n > 0 ? refs->requests : built_in;
	size_t n = refs->requests_n > 0 ? refs->requests_n : sizeof(built_in) / sizeof(*built_in);
	if (lacks != NULL) {
		*rule = "complete";
		buf_printf(why, "refused by complete: %s", lacks);
		return true;
	}
	for (size_t i = 0; i < n; i++) {
		if (holds(&v[i], c)) {
			*rule = v[i].name;
			say_rule(&v[i], c, why);
			return true;
		}
	}
	return false;
}

/* ---- the states ---- */

#define BIT(s) (1u << (s))
#define LIVE (BIT(REQUEST_OPEN) | BIT(REQUEST_NAMED))

static const struct {
	const char *name;
	unsigned from;
	enum request_state to;
	bool by_hand;
	const char *over,
		*early; /* what is said of a request that has ended, and of one that is under way */
} table[REQUEST_ACTIONS] = {
	[REQUEST_NAME] = {"name", LIVE, REQUEST_NAMED, true, "nobody is named for what is over",
		""},
	[REQUEST_FULFIL] = {"fulfil", BIT(REQUEST_NAMED), REQUEST_FULFILLED, true,
		"it is over, ask again with hark references request",
		"name somebody first: hark references supply"},
	[REQUEST_REFUSE] = {"refuse", LIVE, REQUEST_REFUSED, true, "it is over", ""},
	[REQUEST_WITHDRAW] = {"withdraw", LIVE, REQUEST_WITHDRAWN, true, "it is over", ""},
	[REQUEST_ESCALATE] = {"escalate", BIT(REQUEST_OPEN), REQUEST_OPEN, false, "", ""},
	[REQUEST_EXPIRE] = {"expire", LIVE, REQUEST_EXPIRED, false, "", ""},
};

const char *request_action_name(enum request_action action)
{
	return table[action].name;
}

bool request_is_due(const struct request *r, int64_t now_ms, enum request_action *action)
{
	if ((LIVE & BIT(r->state)) == 0 || r->next_ms == 0 || r->next_ms > now_ms) {
		return false;
	}
	*action = r->due_ms <= now_ms ? REQUEST_EXPIRE : REQUEST_ESCALATE;
	return true;
}

static int check(const struct request *r, const struct request_step *step, struct hark_err *err)
{
	if ((table[step->action].from & BIT(r->state)) == 0) {
		bool over = (LIVE & BIT(r->state)) == 0;
		return hark_err_set(err, HARK_ESTATE, "req_%lld is %s: %s", (long long)r->id,
			request_state_name(r->state),
			over ? table[step->action].over : table[step->action].early);
	}
	if (table[step->action].by_hand && str_empty(step->actor)) {
		return hark_err_set(err, HARK_EINVAL, "who does it? say --as NAME");
	}
	if (step->action == REQUEST_REFUSE && str_empty(step->reason)) {
		return hark_err_set(
			err, HARK_EINVAL, "whoever asked is told why: say --reason TEXT");
	}
	return HARK_OK;
}

int request_apply(struct request *r, const struct request_step *step, struct hark_err *err)
{
	int rc = check(r, step, err);
	if (rc != HARK_OK) {
		return rc;
	}
	r->state = table[step->action].to;
	r->next_ms = r->due_ms;
	if (step->action == REQUEST_ESCALATE) {
		r->level = 1;
	} else if (step->action == REQUEST_NAME) {
		r->first_ms = r->first_ms != 0 ? r->first_ms : step->now_ms;
	} else {
		r->ended_ms = step->now_ms;
		r->ended_by = step->actor;
		r->why = step->reason;
		r->next_ms = 0;
	}
	return HARK_OK;
}

void request_before_write(const struct request *r, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "state", request_state_name(r->state));
	jsonout_key_str(&j, "why", r->why);
	jsonout_key_i64(&j, "first", r->first_ms);
	jsonout_key_i64(&j, "next", r->next_ms);
	jsonout_key_i64(&j, "level", r->level);
	jsonout_key_i64(&j, "ended", r->ended_ms);
	jsonout_key_str(&j, "ended_by", r->ended_by);
	jsonout_end_object(&j);
}

int request_before_read(
	struct request *r, struct str json, struct arena *arena, struct hark_err *err)
{
	json_t *root = json_read(json, err);
	if (root == NULL || !request_state_parse(json_str(root, "state"), &r->state)) {
		json_decref(root);
		return hark_err_set(err, HARK_EPARSE, "what was before is not readable");
	}
	r->why = arena_str(arena, json_str(root, "why"));
	r->first_ms = json_i64(root, "first", 0);
	r->next_ms = json_i64(root, "next", 0);
	r->level = json_i64(root, "level", 0);
	r->ended_ms = json_i64(root, "ended", 0);
	r->ended_by = arena_str(arena, json_str(root, "ended_by"));
	json_decref(root);
	return HARK_OK;
}
