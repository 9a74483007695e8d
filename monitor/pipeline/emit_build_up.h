/* Weak signals of one account that add up to a lead (monitor/leads/build_up.h). */
#ifndef HARK_PIPELINE_EMIT_BUILD_UP_H
#define HARK_PIPELINE_EMIT_BUILD_UP_H

#include "monitor/pipeline/emit_lead.h"

/* After a signal too weak for a lead is stored: it joins the lead that signals of its account have added up to, or
 * makes one with them. What is evidence of one counts for no other, so a build-up raises once. */
void emit_build_up(struct emitter *e, const struct signal *signal, struct signal_place *place,
	int64_t published);

#endif
