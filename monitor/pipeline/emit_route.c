#include "monitor/pipeline/emit_route.h"

#include "monitor/leads/alert.h"
#include "monitor/leads/route_ask.h"
#include "monitor/store/decisions.h"
#include "monitor/store/driver.h"
#include "monitor/store/outbox.h"

/* Once a batch. */
static void read_silences(struct emitter *e)
{
	if (!e->silences_read) {
		e->silences_read = store_silence_list(e->store, e->now_ms, false, &e->kept,
					   &e->silences, &e->silences_n, NULL) == HARK_OK;
	}
}

static void keep_notes(struct emitter *e, int64_t lead, const struct route_answer *a)
{
	store_decisions_clear(e->store, lead);
	for (size_t i = 0; i < a->notes_n; i++) {
		const struct route_note *n = &a->notes[i];
		struct decision d = {.stage = str_c(route_stage_name(n->stage)),
			.cause = str_c(n->cause),
			.receiver = str_c(n->receiver),
			.value = n->value,
			.threshold = n->threshold,
			.at_ms = e->now_ms};
		store_decision_add(e->store, lead, &d);
	}
}

bool emit_route(struct emitter *e, struct lead *lead, struct route_answer *out)
{
	struct route_case c;
	read_silences(e);
	int rc = route_ask(
		e->store, e->conf, lead, e->silences, e->silences_n, e->now_ms, &e->scratch, &c);
	out->receivers = c.receivers;
	if (rc != HARK_OK || route_decide(&c.question, &e->scratch, out) != HARK_OK) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory for the routes of a lead");
		return false;
	}
	if (!str_eq(lead->owner, out->owner.owner)) {
		lead->owner = out->owner.owner;
		store_lead_set_owner(e->store, lead->id, lead->owner);
	}
	keep_notes(e, lead->id, out);
	if (out->silenced_by != 0) {
		store_silence_hit(e->store, out->silenced_by);
	}
	return route_tells(out, e->conf);
}

void emit_route_send(struct emitter *e, const struct lead *lead, const struct route_answer *answer,
	struct str payload)
{
	const char *urgency = lead_urgency(lead);
	for (size_t i = 0; i < e->conf->receivers_n; i++) {
		const struct route_receiver *r = &answer->receivers[i];
		struct str name = str_c(e->conf->receivers[i].name);
		size_t made = 0;
		if (r->fate == FATE_OVERFLOW) {
			store_overflow_add(e->store, lead->id, name, lead->score, e->now_ms);
		} else if (r->fate == FATE_SEND) {
			outbox_add_at(e->store, lead->id, name, STR(ALERT_RAISED), str_c(urgency),
				payload, e->now_ms, r->due_ms, &made, NULL);
			e->counts->alerts += made;
		}
	}
}
