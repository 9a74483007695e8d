/* The profiles of a batch on their way into the store. */
#ifndef HARK_PIPELINE_EMIT_PROFILE_H
#define HARK_PIPELINE_EMIT_PROFILE_H

#include "monitor/pipeline/emit_lead.h"

/* Stores what is new about people; those who have opted out are only counted. */
void emit_profiles(struct emitter *e);

#endif
