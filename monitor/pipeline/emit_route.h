/* Routing inside a batch: decides who hears of a lead, keeps what was decided, makes the rows. */
#ifndef HARK_PIPELINE_EMIT_ROUTE_H
#define HARK_PIPELINE_EMIT_ROUTE_H

#include "monitor/leads/route.h"
#include "monitor/pipeline/emit_lead.h"

/* Decides about a lead that has live evidence, and keeps the decision; the lead gets its owner. False: nobody is
 * told, or a failure. Strings in the emitter's scratch. */
bool emit_route(struct emitter *e, struct lead *lead, struct route_answer *out);
/* One outbox row for each receiver that is told, or its place among those that wait. */
void emit_route_send(struct emitter *e, const struct lead *lead, const struct route_answer *answer,
	struct str payload);

#endif
