/* The profiles of a batch on their way into the store. */
#ifndef HARK_PIPELINE_EMIT_PROFILE_H
#define HARK_PIPELINE_EMIT_PROFILE_H

#include "monitor/pipeline/emit_lead.h"

/* Stores what is new about people; those who have opted out are only counted. */
void emit_profiles(struct emitter *e);

/* Nothing stays of people who ask so at the source: neither what was stored of them nor the posts that tell
 * of them. */
void emit_withdrawn_people(struct emitter *e);

#endif
