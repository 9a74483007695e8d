#include "monitor/leads/states.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/model/id.h"
#include "monitor/model/money.h"

#define BIT(state) (1u << (state))
#define ANY ((1u << LEAD_STATES) - 1)
#define AS_IT_IS LEAD_STATES
#define CLOSED "it is closed already; undo opens it again"
#define OPEN (BIT(LEAD_NEW) | BIT(LEAD_CLAIMED) | BIT(LEAD_ANSWERED) | BIT(LEAD_SNOOZED))

static const struct {
	const char *name;
	unsigned from; /* states it may be taken in */
	unsigned to;   /* AS_IT_IS: the same */
	bool owners;   /* a lead somebody else has claimed is left alone */
	const char *help;
} rules[LEAD_ACTIONS] = {
	[LEAD_CLAIM] = {"claim", BIT(LEAD_NEW) | BIT(LEAD_SNOOZED) | BIT(LEAD_CLAIMED),
		LEAD_CLAIMED, true, "only a new lead can be claimed"},
	[LEAD_RELEASE] = {"release", BIT(LEAD_CLAIMED), LEAD_NEW, true,
		"only a claimed lead can be released"},
	[LEAD_ANSWER] = {"answer", BIT(LEAD_CLAIMED), LEAD_ANSWERED, true, "claim it first"},
	[LEAD_WIN] = {"win", BIT(LEAD_ANSWERED), LEAD_WON, true,
		"only an answered lead can be won"},
	[LEAD_LOSE] = {"lose", BIT(LEAD_ANSWERED), LEAD_LOST, true,
		"only an answered lead can be lost"},
	[LEAD_DISMISS] = {"dismiss", OPEN, LEAD_DISMISSED, true, CLOSED},
	[LEAD_SNOOZE] = {"snooze", OPEN, LEAD_SNOOZED, true, CLOSED},
	[LEAD_STAR] = {"star", ANY, AS_IT_IS, false, ""},
	[LEAD_UNSTAR] = {"unstar", ANY, AS_IT_IS, false, ""},
	[LEAD_ASSIGN] = {"assign", OPEN, AS_IT_IS, true, CLOSED},
	[LEAD_LAPSE] = {"lapse", BIT(LEAD_CLAIMED), LEAD_NEW, false, "nobody has claimed it"},
	[LEAD_WAKE] = {"wake", BIT(LEAD_SNOOZED), LEAD_NEW, false, "it is not snoozed"},
};

const char *lead_action_name(enum lead_action action)
{
	return (size_t)action < LEAD_ACTIONS ? rules[action].name : "?";
}

const char *lead_untold(enum lead_state state)
{
	static const char *const why[LEAD_STATES] = {[LEAD_WON] = "its lead was won",
		[LEAD_LOST] = "its lead was lost",
		[LEAD_DISMISSED] = "its lead was dismissed",
		[LEAD_SNOOZED] = "its lead is snoozed"};
	return (size_t)state < LEAD_STATES ? why[state] : NULL;
}

bool lead_is_due(const struct lead *lead, int64_t now_ms, enum lead_action *action)
{
	if (lead->state == LEAD_CLAIMED && lead->claim_until <= now_ms) {
		*action = LEAD_LAPSE;
		return true;
	}
	if (lead->state == LEAD_SNOOZED && lead->snooze_until <= now_ms) {
		*action = LEAD_WAKE;
		return true;
	}
	return false;
}

static int refuse_claimed(const struct lead *lead, struct hark_err *err)
{
	char id[ID_TEXT_MAX], until[CLOCK_TEXT_MAX];
	return hark_err_set(err, HARK_ESTATE, "%s is claimed by %.*s until %s",
		id_text(ID_LEAD, lead->id, id), STR_FMT(lead->claim_by),
		clock_local(lead->claim_until, until));
}

int lead_check_value(int64_t value, struct str currency, struct hark_err *err)
{
	if (value == COUNT_NONE) {
		return str_empty(currency)
			       ? HARK_OK
			       : hark_err_set(err, HARK_EINVAL, "a currency needs its value");
	}
	if (value < 0 || value > LEAD_VALUE_MAX) {
		return hark_err_set(err, HARK_EINVAL,
			"the value of a win is a whole number of at most %lld",
			(long long)LEAD_VALUE_MAX);
	}
	return money_currency(currency)
		       ? HARK_OK
		       : hark_err_set(err, HARK_EINVAL,
				 "a value needs its currency, three capitals such as EUR");
}

static int check(const struct lead *lead, const struct lead_step *step, struct hark_err *err)
{
	char id[ID_TEXT_MAX];
	if ((rules[step->action].from & BIT(lead->state)) == 0) {
		return hark_err_set(err, HARK_ESTATE, "%s is %s: %s",
			id_text(ID_LEAD, lead->id, id), lead_state_name(lead->state),
			rules[step->action].help);
	}
	if (rules[step->action].owners && lead->state == LEAD_CLAIMED &&
		!str_eq(lead->claim_by, step->actor)) {
		return refuse_claimed(lead, err);
	}
	if (step->action < LEAD_LAPSE &&
		str_empty(step->actor)) { /* hark's own steps are the last */
		return hark_err_set(err, HARK_EINVAL, "who does it? say --as NAME");
	}
	if (step->action == LEAD_DISMISS && str_empty(step->reason)) {
		return hark_err_set(err, HARK_EINVAL, "a dismissal needs a reason: --reason TEXT");
	}
	if (step->action == LEAD_ASSIGN && str_empty(step->to)) {
		return hark_err_set(err, HARK_EINVAL, "to whom? say the name of a user");
	}
	if (step->action == LEAD_WIN) {
		int rc = lead_check_value(step->outcome_value, step->outcome_currency, err);
		if (rc != HARK_OK) {
			return rc;
		}
	}
	if ((step->action == LEAD_CLAIM || step->action == LEAD_SNOOZE) &&
		step->until_ms <= step->now_ms) {
		return hark_err_set(err, HARK_EINVAL, "the end of a %s lies in the future",
			lead_action_name(step->action));
	}
	return HARK_OK;
}

static int64_t first(int64_t old_ms, int64_t now_ms)
{
	return old_ms != 0 ? old_ms : now_ms;
}

static void set_claim(struct lead *lead, struct str by, int64_t until_ms)
{
	lead->claim_by = by;
	lead->claim_until = until_ms;
}

int lead_apply(struct lead *lead, const struct lead_step *step, struct hark_err *err)
{
	int rc = check(lead, step, err);
	if (rc != HARK_OK) {
		return rc;
	}
	if (rules[step->action].to != AS_IT_IS) {
		lead->state = (enum lead_state)rules[step->action].to;
	}
	switch (step->action) {
	case LEAD_CLAIM:
		set_claim(lead, step->actor, step->until_ms);
		lead->claimed_ms = first(lead->claimed_ms, step->now_ms);
		break;
	case LEAD_RELEASE:
	case LEAD_LAPSE:
		set_claim(lead, STR_NONE, 0);
		break;
	case LEAD_ANSWER: /* it stays the answerer's, without an end */
		lead->claim_until = 0;
		lead->answered_ms = first(lead->answered_ms, step->now_ms);
		break;
	case LEAD_WIN:
		lead->outcome_value = step->outcome_value;
		lead->outcome_currency = step->outcome_currency;
		lead->closed_ms = step->now_ms;
		break;
	case LEAD_LOSE:
		lead->closed_ms = step->now_ms;
		break;
	case LEAD_DISMISS:
		lead->reason = step->reason;
		lead->closed_ms = step->now_ms;
		break;
	case LEAD_SNOOZE:
		lead->snooze_until = step->until_ms;
		lead->claim_until = 0;
		break;
	case LEAD_STAR:
	case LEAD_UNSTAR:
		lead->starred = step->action == LEAD_STAR;
		break;
	case LEAD_ASSIGN:
		lead->owner = step->to;
		break;
	case LEAD_WAKE: /* back to where the work was */
		lead->state = lead->answered_ms != 0 ? LEAD_ANSWERED : LEAD_NEW;
		break;
	}
	if (lead->state != LEAD_SNOOZED) {
		lead->snooze_until = 0;
	}
	if (lead->state == LEAD_NEW) {
		set_claim(lead, STR_NONE, 0);
	}
	return HARK_OK;
}

void lead_as_of(struct lead *lead, int64_t now_ms)
{
	struct lead_step step = {.now_ms = now_ms};
	if (lead_is_due(lead, now_ms, &step.action)) {
		lead_apply(lead, &step, NULL); /* what is due is allowed */
	}
}

void lead_before_write(const struct lead *lead, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "state", lead_state_name(lead->state));
	jsonout_key_str(&j, "claim_by", lead->claim_by);
	jsonout_key_i64(&j, "claim_until", lead->claim_until);
	jsonout_key_i64(&j, "snooze_until", lead->snooze_until);
	jsonout_key_str(&j, "reason", lead->reason);
	jsonout_key_i64(&j, "claimed", lead->claimed_ms);
	jsonout_key_i64(&j, "answered", lead->answered_ms);
	jsonout_key_i64(&j, "closed", lead->closed_ms);
	if (lead->outcome_value != COUNT_NONE) {
		jsonout_key_i64(&j, "outcome_value", lead->outcome_value);
	}
	jsonout_key_str(&j, "outcome_currency", lead->outcome_currency);
	jsonout_key_str(&j, "outcome_date", lead->outcome_date);
	jsonout_key_str(&j, "owner", lead->owner);
	jsonout_key_bool(&j, "starred", lead->starred);
	jsonout_end_object(&j);
}

int lead_before_read(struct lead *lead, struct str json, struct arena *arena, struct hark_err *err)
{
	json_t *o = json_read(json, err);
	if (o == NULL) {
		return HARK_EPARSE;
	}
	bool known = lead_state_parse(json_str(o, "state"), &lead->state);
	set_claim(lead, arena_str(arena, json_str(o, "claim_by")), json_i64(o, "claim_until", 0));
	lead->snooze_until = json_i64(o, "snooze_until", 0);
	lead->reason = arena_str(arena, json_str(o, "reason"));
	lead->claimed_ms = json_i64(o, "claimed", 0);
	lead->answered_ms = json_i64(o, "answered", 0);
	lead->closed_ms = json_i64(o, "closed", 0);
	lead->outcome_value = json_i64(o, "outcome_value", COUNT_NONE);
	lead->outcome_currency = arena_str(arena, json_str(o, "outcome_currency"));
	lead->outcome_date = arena_str(arena, json_str(o, "outcome_date"));
	lead->owner = arena_str(arena, json_str(o, "owner"));
	lead->starred = json_is_true(json_object_get(o, "starred"));
	json_decref(o);
	return known ? HARK_OK
		     : hark_err_set(
			       err, HARK_EPARSE, "an event of the lead does not say its state");
}
