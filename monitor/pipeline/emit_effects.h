/* What follows from a job move, as the policy says (monitor/config/effects.h): a lead, an alert of a class of its own,
 * a note about an account, references that lose somebody. Each once a move; evidence that comes later joins the lead. */
#ifndef HARK_PIPELINE_EMIT_EFFECTS_H
#define HARK_PIPELINE_EMIT_EFFECTS_H

#include "monitor/pipeline/emit_lead.h"
#include "monitor/store/move_effects.h"

/* What rules of leads are called that a policy raises: "effects/champion-moved". */
#define EFFECT_RULE "effects/"

/* `post`: that tells of the move, in this batch or before; NULL: none is known, and no lead is raised. `is_new`: false
 * for an edit. Nothing follows from the move of a stranger. */
void emit_effects(struct emitter *e, int64_t move, const struct move_post *post, bool is_new);

/* What a rule found in the post at hand of the very move is evidence of its lead, and no lead of its own. */
void emit_effects_gather(const struct emitter *e, struct signal *signal);

/* Moves that became somebody's by a decision, outside of a batch. In the caller's transaction. *out is added to; true:
 * there may be more. */
bool emit_pending_moves(
	struct store *s, const struct conf *conf, int64_t now_ms, struct emit_counts *out);

#endif
