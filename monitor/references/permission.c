#include "monitor/references/permission.h"

#include "monitor/base/arena.h"
#include "monitor/base/json.h"

#define BIT(p) (1u << (p))
#define ANY (BIT(PERMISSIONS) - 1)
#define GRANTED (BIT(PERMISSION_INTERNAL) | BIT(PERMISSION_NAMED))
#define STAYS PERMISSIONS
/* Instead of a level: nobody has been told yet that it has to be asked for again. */
#define VOIDED (-1)

static const struct {
	const char *name;
	unsigned from;
	unsigned to; /* STAYS: as it is */
	bool by_hand;
	const char *help;
} table[REFERENCE_ACTIONS] = {
	[REFERENCE_ASK] = {"ask",
		BIT(PERMISSION_FOUND) | BIT(PERMISSION_INTERNAL) | BIT(PERMISSION_EXPIRED),
		PERMISSION_ASKED, true,
		"it can be asked for once it is found, internal-only or expired"},
	[REFERENCE_GRANT] = {"grant", BIT(PERMISSION_ASKED), PERMISSION_INTERNAL, true,
		"ask first: hark references ask"},
	[REFERENCE_NAME] = {"name", BIT(PERMISSION_ASKED), PERMISSION_NAMED, true,
		"ask first: hark references ask"},
	[REFERENCE_REFUSE] = {"refuse", BIT(PERMISSION_ASKED), PERMISSION_FOUND, true,
		"nobody was asked"},
	[REFERENCE_WITHDRAW] = {"withdraw", ANY & ~BIT(PERMISSION_WITHDRAWN), PERMISSION_WITHDRAWN,
		true, "it is withdrawn already"},
	[REFERENCE_REOPEN] = {"reopen", BIT(PERMISSION_WITHDRAWN), PERMISSION_FOUND, true,
		"it was not withdrawn"},
	[REFERENCE_HOLD] = {"hold", ANY, STAYS, true, ""},
	[REFERENCE_UNHOLD] = {"unhold", ANY, STAYS, true, ""},
	[REFERENCE_ASSIGN] = {"assign", ANY, STAYS, true, ""},
	[REFERENCE_USE] = {"use", GRANTED, STAYS, true,
		"nobody may be approached without a permission"},
	[REFERENCE_ASK_AGAIN] = {"ask again", BIT(PERMISSION_ASKED), STAYS, false, ""},
	[REFERENCE_REMIND] = {"remind", BIT(PERMISSION_ASKED), STAYS, false, ""},
	[REFERENCE_ESCALATE] = {"escalate", BIT(PERMISSION_ASKED), STAYS, false, ""},
	[REFERENCE_LAPSE] = {"lapse", BIT(PERMISSION_ASKED), PERMISSION_EXPIRED, false, ""},
	[REFERENCE_EXPIRE] = {"expire", GRANTED, PERMISSION_EXPIRED, false, ""},
	[REFERENCE_OVER] = {"hold over", ANY, STAYS, false, ""},
};

const char *reference_action_name(enum reference_action action)
{
	return table[action].name;
}

bool permission_is_granted(const struct reference *r)
{
	return (GRANTED & BIT(r->permission)) != 0;
}

bool permission_is_due(const struct reference *r, int64_t now_ms, enum reference_action *action)
{
	if (r->hold_until != 0 && r->hold_until <= now_ms) {
		*action = REFERENCE_OVER;
	} else if (r->permission == PERMISSION_ASKED && r->ask_next != 0 && r->ask_next <= now_ms) {
		bool has_second = !str_empty(r->second) && !str_eq_nocase(r->second, r->ask_to);
		*action = r->ask_level == VOIDED            ? REFERENCE_ASK_AGAIN
			  : r->ask_level % 2 == 0           ? REFERENCE_REMIND
			  : r->ask_level == 1 && has_second ? REFERENCE_ESCALATE
							    : REFERENCE_LAPSE;
	} else if (permission_is_granted(r) && r->expires_ms != 0 && r->expires_ms <= now_ms) {
		*action = REFERENCE_EXPIRE;
	} else {
		return false;
	}
	return true;
}

static int check_hold(const struct reference_step *step, struct hark_err *err)
{
	if (str_empty(step->reason)) {
		return hark_err_set(err, HARK_EINVAL, "a hold needs a reason: --reason CODE");
	}
	return step->until_ms > step->now_ms
		       ? HARK_OK
		       : hark_err_set(
				 err, HARK_EINVAL, "a hold ends by itself, in the future: --until DAY");
}

static int check_consent(
	const struct reference *r, const struct reference_step *step, struct hark_err *err)
{
	if (str_empty(step->granted_by)) {
		return hark_err_set(err, HARK_EINVAL, "who agreed? say --by NAME");
	}
	if (step->until_ms != 0 && step->until_ms <= step->now_ms) {
		return hark_err_set(err, HARK_EINVAL,
			"what they agreed to ends in the future, or never: --until DAY");
	}
	if (step->consent != NULL && !statement_stands(step->consent)) {
		return hark_err_set(err, HARK_ESTATE,
			"statement %lld does not stand any more as it was captured",
			(long long)step->consent->id);
	}
	if (step->action == REFERENCE_NAME && step->consent == NULL) {
		return hark_err_set(err, HARK_EINVAL,
			"agreed to which text? say --statement N: the consent is to that very text");
	}
	if (step->action == REFERENCE_NAME && r->authority != AUTHORITY_AUTHORISE &&
		str_empty(r->authoriser) && str_empty(step->authoriser)) {
		return hark_err_set(err, HARK_EINVAL,
			"%.*s %s: say who authorised it, --authorised-by NAME",
			STR_FMT(r->person_name),
			r->authority == AUTHORITY_SPEAK ? "can speak, not authorise"
							: "has no title that is known");
	}
	return HARK_OK;
}

/* "quote call" has "call"; a scope that says nothing has everything. */
static bool has_scope(struct str scope, struct str activity)
{
	struct str word;
	bool any = false;
	while (str_split(&scope, ' ', &word)) {
		any = any || word.n > 0;
		if (str_eq(word, activity)) {
			return true;
		}
	}
	return !any;
}

int permission_is_whole(const struct reference *r, struct hark_err *err)
{
	return r->joined == 0
		       ? HARK_OK
		       : hark_err_set(err, HARK_ESTATE,
				 "ref_%lld went into ref_%lld when two people became one: that one counts",
				 (long long)r->id, (long long)r->joined);
}

/* What to do instead, from where it is. */
static const char *help_for(const struct reference *r, enum reference_action action)
{
	bool grants = action == REFERENCE_GRANT || action == REFERENCE_NAME;
	if (grants && r->permission == PERMISSION_NAMED) {
		return "they have agreed already, and undo or withdraw takes that back";
	}
	if (grants && r->permission == PERMISSION_INTERNAL) {
		return "to agree to more they are asked again: hark references ask";
	}
	return table[action].help;
}

static int check(const struct reference *r, const struct reference_step *step, struct hark_err *err)
{
	const char *help = help_for(r, step->action);
	if ((table[step->action].from & BIT(r->permission)) == 0) {
		return hark_err_set(err, HARK_ESTATE, "ref_%lld is %s: %s", (long long)r->id,
			permission_name(r->permission), help);
	}
	if (table[step->action].by_hand && str_empty(step->actor)) {
		return hark_err_set(err, HARK_EINVAL, "who does it? say --as NAME");
	}
	switch (step->action) {
	case REFERENCE_ASK:
		return !str_empty(r->gatekeeper) && r->orphaned_ms == 0
			       ? HARK_OK
			       : hark_err_set(err, HARK_ESTATE,
					 "ref_%lld has no gatekeeper, and nobody is asked without: "
					 "hark references owner says why",
					 (long long)r->id);
	case REFERENCE_GRANT:
	case REFERENCE_NAME:
		return check_consent(r, step, err);
	case REFERENCE_HOLD:
		return check_hold(step, err);
	case REFERENCE_UNHOLD:
		return r->hold_until != 0 ? HARK_OK
					  : hark_err_set(err, HARK_ESTATE,
						    "ref_%lld is not on hold", (long long)r->id);
	case REFERENCE_ASSIGN:
		return str_empty(step->gatekeeper)
			       ? hark_err_set(err, HARK_EINVAL, "who is to keep the gate?")
			       : HARK_OK;
	case REFERENCE_USE:
		return has_scope(r->scope, step->activity)
			       ? HARK_OK
			       : hark_err_set(err, HARK_ESTATE,
					 "ref_%lld agreed to %.*s, not to %.*s", (long long)r->id,
					 STR_FMT(r->scope), STR_FMT(step->activity));
	default:
		return HARK_OK;
	}
}

static void end_ask(struct reference *r)
{
	r->ask_to = STR_NONE;
	r->ask_due = r->ask_next = r->ask_level = 0;
}

static void begin_ask(
	struct reference *r, struct str to, int64_t level, int64_t ask_ms, int64_t now_ms)
{
	r->ask_to = to;
	r->ask_level = level;
	r->ask_due = now_ms + ask_ms;
	r->ask_next = now_ms + ask_ms / 2;
}

void permission_ask_anew(struct reference *r, int64_t ask_ms, int64_t now_ms)
{
	if (r->permission == PERMISSION_ASKED) {
		begin_ask(r, r->gatekeeper, 0, ask_ms, now_ms);
	}
}

static void end_hold(struct reference *r)
{
	r->hold_reason = r->held_by = STR_NONE;
	r->hold_until = 0;
}

static void begin_hold(struct reference *r, const struct reference_step *step)
{
	r->hold_reason = step->reason;
	r->held_by = step->actor;
	r->hold_until = step->until_ms;
}

static void take_grant(struct reference *r, const struct reference_step *step)
{
	r->scope = step->scope;
	r->expires_ms = step->until_ms;
	r->consent = step->consent != NULL ? step->consent->id : 0;
	r->authoriser = str_empty(step->authoriser) ? r->authoriser : step->authoriser;
	end_ask(r);
}

static void take_nothing(struct reference *r)
{
	r->scope = STR_NONE;
	r->consent = r->expires_ms = 0;
	end_ask(r);
}

int permission_apply(struct reference *r, const struct reference_step *step, struct hark_err *err)
{
	int rc = check(r, step, err);
	if (rc != HARK_OK) {
		return rc;
	}
	if (table[step->action].to != STAYS) {
		r->permission = (enum permission)table[step->action].to;
		r->stage_ms = step->now_ms;
	}
	switch (step->action) {
	case REFERENCE_ASK:
		begin_ask(r, r->gatekeeper, 0, step->ask_ms, step->now_ms);
		break;
	case REFERENCE_GRANT:
	case REFERENCE_NAME:
		take_grant(r, step);
		break;
	case REFERENCE_REFUSE:
		take_nothing(r);
		if (step->until_ms > step->now_ms) {
			begin_hold(r, step);
		}
		break;
	case REFERENCE_WITHDRAW:
	case REFERENCE_LAPSE:
	case REFERENCE_EXPIRE:
		take_nothing(r);
		break;
	case REFERENCE_HOLD:
		begin_hold(r, step);
		break;
	case REFERENCE_UNHOLD:
	case REFERENCE_OVER:
		end_hold(r);
		break;
	case REFERENCE_ASSIGN:
		r->owner = str_empty(r->owner) || r->orphaned_ms != 0 ? step->gatekeeper : r->owner;
		r->gatekeeper = step->gatekeeper;
		r->assigned_by = step->actor;
		r->orphaned_ms = 0;
		r->orphan_why = STR_NONE;
		permission_ask_anew(r, step->ask_ms, step->now_ms);
		break;
	case REFERENCE_ASK_AGAIN:
		begin_ask(r, r->ask_to, 0, step->ask_ms, step->now_ms);
		break;
	case REFERENCE_REMIND:
		r->ask_level++;
		r->ask_next = r->ask_due;
		break;
	case REFERENCE_ESCALATE:
		begin_ask(r, r->second, 2, step->ask_ms, step->now_ms);
		break;
	case REFERENCE_REOPEN:
	case REFERENCE_USE:
		break;
	}
	return HARK_OK;
}

void permission_void(struct reference *r, int64_t ask_ms, int64_t now_ms)
{
	take_nothing(r);
	r->permission = PERMISSION_ASKED;
	r->stage_ms = now_ms;
	begin_ask(r, r->gatekeeper, VOIDED, ask_ms, now_ms);
	r->ask_next = now_ms;
}

/* ---- undo ---- */

void permission_before_write(const struct reference *r, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "permission", permission_name(r->permission));
	jsonout_key_i64(&j, "stage", r->stage_ms);
	jsonout_key_str(&j, "scope", r->scope);
	jsonout_key_i64(&j, "consent", r->consent);
	jsonout_key_i64(&j, "expires", r->expires_ms);
	jsonout_key_str(&j, "ask_to", r->ask_to);
	jsonout_key_i64(&j, "ask_due", r->ask_due);
	jsonout_key_i64(&j, "ask_next", r->ask_next);
	jsonout_key_i64(&j, "ask_level", r->ask_level);
	jsonout_key_str(&j, "hold_reason", r->hold_reason);
	jsonout_key_str(&j, "held_by", r->held_by);
	jsonout_key_i64(&j, "hold_until", r->hold_until);
	jsonout_key_str(&j, "owner", r->owner);
	jsonout_key_str(&j, "gatekeeper", r->gatekeeper);
	jsonout_key_str(&j, "assigned_by", r->assigned_by);
	jsonout_key_str(&j, "authoriser", r->authoriser);
	jsonout_end_object(&j);
}

static struct str keep(struct arena *arena, const json_t *o, const char *key)
{
	return arena_str(arena, json_str(o, key));
}

int permission_before_read(
	struct reference *r, struct str json, struct arena *arena, struct hark_err *err)
{
	json_t *o = json_read(json, err);
	if (o == NULL) {
		return HARK_EPARSE;
	}
	bool known = permission_parse(json_str(o, "permission"), &r->permission);
	r->stage_ms = json_i64(o, "stage", 0);
	r->scope = keep(arena, o, "scope");
	r->consent = json_i64(o, "consent", 0);
	r->expires_ms = json_i64(o, "expires", 0);
	r->ask_to = keep(arena, o, "ask_to");
	r->ask_due = json_i64(o, "ask_due", 0);
	r->ask_next = json_i64(o, "ask_next", 0);
	r->ask_level = json_i64(o, "ask_level", 0);
	r->hold_reason = keep(arena, o, "hold_reason");
	r->held_by = keep(arena, o, "held_by");
	r->hold_until = json_i64(o, "hold_until", 0);
	r->owner = keep(arena, o, "owner");
	r->gatekeeper = keep(arena, o, "gatekeeper");
	r->assigned_by = keep(arena, o, "assigned_by");
	r->authoriser = keep(arena, o, "authoriser");
	json_decref(o);
	return known ? HARK_OK
		     : hark_err_set(err, HARK_EPARSE,
			       "an event of the reference does not say its permission");
}
