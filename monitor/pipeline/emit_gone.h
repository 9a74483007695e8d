/* A post that was taken back, or says something else now: what follows for the leads it was evidence of. */
#ifndef HARK_PIPELINE_EMIT_GONE_H
#define HARK_PIPELINE_EMIT_GONE_H

#include "monitor/pipeline/emit_lead.h"

/* The source, or its author, wants the post gone: the copies go, leads say so, alerts that nobody has got
 * yet and that rest on it alone are not sent. */
void emit_deleted(struct emitter *e, const struct post *post);
/* The signals in doubt that an edited post did not raise again are lost. */
void emit_edited_away(struct emitter *e, int64_t post);

#endif
