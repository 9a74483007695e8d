#include "monitor/api/credit_view.h"

#include "monitor/model/id.h"

#define DISPUTED "credit-disputed"
#define SETTLED "credit-settled"

int credit_look_up(struct store *s, const struct conf_credit *policy, int64_t id,
	struct arena *arena, struct credit_told *out, struct hark_err *err)
{
	*out = (struct credit_told){0};
	int rc = store_lead_load(s, id, arena, &out->lead, err);
	rc = rc == HARK_OK ? credit_find(s, policy, &out->lead, arena, &out->credit, err) : rc;
	rc = rc == HARK_OK
		     ? store_decision_list(s, id, arena, &out->decisions, &out->decisions_n, err)
		     : rc;
	return rc == HARK_OK ? store_lead_events(s, id, arena, &out->events, &out->events_n, err)
			     : rc;
}

bool credit_is_settled(const struct step *e)
{
	return str_eq_c(e->action, SETTLED);
}

bool credit_is_dispute(const struct step *e)
{
	return str_eq_c(e->action, DISPUTED) || credit_is_settled(e);
}

struct str credit_label(const struct credit_step *s)
{
	return s->person != 0                 ? s->staff
	       : !str_empty(s->author.name)   ? s->author.name
	       : !str_empty(s->author.handle) ? s->author.handle
					      : s->author.profile_url;
}

static void credit_step_json(
	const struct credit_step *s, const struct credit_step *before, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_str(j, "name", credit_label(s));
	jsonout_key_str(j, "handle", s->author.handle);
	jsonout_key_bool(j, "staff", s->person != 0);
	if (before != NULL) {
		jsonout_key(j, "met");
		jsonout_object(j);
		jsonout_key_str(j, "with", credit_label(before));
		jsonout_key_c(j, "by", s->met.is_reply ? "reply" : "mention");
		jsonout_key_str(j, "said_by", credit_label(s->met.by_other ? before : s));
		jsonout_key_str(j, "url", s->met.url);
		jsonout_key_time(j, "at", s->met.at_ms);
		jsonout_end_object(j);
	}
	jsonout_end_object(j);
}

void credit_told_json(
	const struct conf_credit *policy, const struct credit_told *s, struct jsonout *j)
{
	char id[ID_TEXT_MAX];
	jsonout_object(j);
	jsonout_key_c(j, "lead", id_text(ID_LEAD, s->lead.id, id));
	jsonout_key(j, "policy");
	jsonout_object(j);
	jsonout_key_i64(j, "territory", policy->territory);
	jsonout_key_i64(j, "originator", policy->originator);
	jsonout_key_i64(j, "helper", policy->helper);
	jsonout_key_i64(j, "steps", policy->steps);
	jsonout_key_i64(j, "within_ms", policy->within_ms);
	jsonout_end_object(j);
	jsonout_key(j, "chain");
	jsonout_array(j);
	for (size_t i = 0; i < s->credit.chain_n; i++) {
		credit_step_json(&s->credit.chain[i], i > 0 ? &s->credit.chain[i - 1] : NULL, j);
	}
	jsonout_end_array(j);
	jsonout_key(j, "split");
	jsonout_array(j);
	for (size_t i = 0; i < s->credit.parts_n; i++) {
		const struct credit_part *p = &s->credit.parts[i];
		jsonout_object(j);
		jsonout_key_str(j, "name", p->name);
		jsonout_key_c(j, "role", credit_role_name(p->role));
		jsonout_key(j, "percent");
		jsonout_double(j, p->hundredths / 100.0);
		if (p->value != COUNT_NONE) {
			jsonout_key_i64(j, "value", p->value);
			jsonout_key_str(j, "currency", s->lead.outcome_currency);
		}
		jsonout_key_str(j, "reason", p->reason);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_key(j, "disputes");
	jsonout_array(j);
	for (size_t i = 0; i < s->events_n; i++) {
		if (credit_is_dispute(&s->events[i])) {
			jsonout_object(j);
			jsonout_key_time(j, "at", s->events[i].at_ms);
			jsonout_key_str(j, "by", s->events[i].actor);
			jsonout_key_bool(j, "settles", credit_is_settled(&s->events[i]));
			jsonout_key_str(j, "note", s->events[i].note);
			jsonout_end_object(j);
		}
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

int credit_note_within(struct store *s, int64_t id, bool settles, struct str actor, struct str note,
	int64_t now_ms, struct arena *arena, struct hark_err *err)
{
	struct lead lead;
	const struct step event = {
		.actor = actor, .action = settles ? STR(SETTLED) : STR(DISPUTED), .note = note};
	int rc = store_lead_load(s, id, arena, &lead, err);
	if (rc == HARK_OK) {
		store_lead_event(s, id, now_ms, &event);
	}
	return rc;
}
