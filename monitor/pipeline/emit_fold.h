/* Two leads turn out to tell one story: the younger one is folded into the older. */
#ifndef HARK_PIPELINE_EMIT_FOLD_H
#define HARK_PIPELINE_EMIT_FOLD_H

#include "monitor/pipeline/emit_lead.h"

/* Folds those of a story's leads into older ones that the same rule made of it, if they have no other
 * evidence and nobody works on them: their signals move, their alerts that are not sent yet are taken back,
 * both histories say so, and they end as dismissed. */
void emit_fold(struct emitter *e, int64_t story);

#endif
