#include "monitor/references/ask_tell.h"

#include "monitor/model/id.h"
#include "monitor/references/desk_tell.h"

#include <stdio.h>

#define TITLE_MAX 600
#define NAME_MAX_SHOWN 150

static void write_ask(const void *ctx, struct jsonout *j)
{
	const struct reference *r = ctx;
	char id[ID_TEXT_MAX];
	jsonout_key_c(j, "reference", id_text(ID_REFERENCE, r->id, id));
	jsonout_key_str(j, "account", r->account_name);
	jsonout_key_str(j, "gatekeeper", r->gatekeeper);
	jsonout_key_c(j, "permission", permission_name(r->permission));
	jsonout_key_str(j, "ask_to", r->ask_to);
	jsonout_key_time(j, "due", r->ask_due);
}

static void write_title(
	const struct reference *r, enum reference_action action, struct str before, char *out)
{
	char what[300];
	struct str was = str_cut_utf8(before, NAME_MAX_SHOWN);
	struct str now = str_cut_utf8(r->ask_to, NAME_MAX_SHOWN);
	snprintf(what, sizeof(what), "ref_%lld of %.*s", (long long)r->id,
		STR_FMT(str_cut_utf8(r->account_name, NAME_MAX_SHOWN)));
	if (action == REFERENCE_ASK_AGAIN) {
		snprintf(out, TITLE_MAX, "the words agreed to for %s have changed, so %.*s %s",
			what, STR_FMT(str_empty(now) ? STR("they") : now),
			str_empty(now) ? "need a gatekeeper, and to be asked again"
				       : "is asked again");
	} else if (action == REFERENCE_ASK || action == REFERENCE_ASSIGN) {
		snprintf(out, TITLE_MAX, "%.*s is asked whether %s may be approached", STR_FMT(now),
			what);
	} else if (action == REFERENCE_REMIND) {
		snprintf(out, TITLE_MAX, "%.*s has not answered yet for %s", STR_FMT(was), what);
	} else if (action == REFERENCE_ESCALATE) {
		snprintf(out, TITLE_MAX, "%.*s is asked now for %s, as %.*s has not answered",
			STR_FMT(now), what, STR_FMT(was));
	} else {
		snprintf(out, TITLE_MAX, "the ask for %s has expired: nobody has answered", what);
	}
}

static const char *event_of(enum reference_action action)
{
	switch (action) {
	case REFERENCE_ASK:
	case REFERENCE_ASSIGN: /* while somebody is asked: the new one is */
		return "ask.opened";
	case REFERENCE_ASK_AGAIN:
		return "ask.again";
	case REFERENCE_REMIND:
		return "ask.reminder";
	case REFERENCE_ESCALATE:
		return "ask.escalated";
	case REFERENCE_LAPSE:
		return "ask.expired";
	default:
		return NULL;
	}
}

/* A step of a person is news where it has somebody else asked. */
static bool is_news(
	const struct reference *r, const struct reference_step *step, struct str before)
{
	bool by_hand = step->action == REFERENCE_ASK || step->action == REFERENCE_ASSIGN;
	bool anew = step->action == REFERENCE_ASK || !str_eq_nocase(r->ask_to, before);
	return event_of(step->action) != NULL &&
	       (!by_hand || (anew && !str_empty(r->ask_to) && !str_eq_nocase(r->ask_to, step->actor)));
}

int ask_tell(struct store *s, const struct conf *conf, const struct reference *r,
	const struct reference_step *step, struct str before, size_t *made, struct hark_err *err)
{
	char title[TITLE_MAX];
	struct str concerned = !str_empty(r->ask_to)  ? r->ask_to
			       : !str_empty(r->owner) ? r->owner
						      : r->gatekeeper;
	*made = 0;
	if (!is_news(r, step, before)) {
		return HARK_OK;
	}
	write_title(r, step->action, before, title);
	const struct desk_news news = {
		event_of(step->action), str_c(title), concerned, write_ask, r};
	return desk_tell(s, conf, &news, step->now_ms, made, err);
}
