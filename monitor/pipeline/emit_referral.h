/* A friend's recommendation with an offer of ours: the lead keeps who it was, the code and what is to be disclosed, and
 * whoever recommends gets into the pipeline of references. */
#ifndef HARK_PIPELINE_EMIT_REFERRAL_H
#define HARK_PIPELINE_EMIT_REFERRAL_H

#include "monitor/pipeline/emit_second.h"

/* The known person who hands on an offer with a post by `author`, met as `person` (0: nobody); 0: nobody does. */
int64_t emit_recommends(struct emitter *e, const struct post *post, int64_t author, int64_t person);
/* After everything that makes leads of the post: those that say that somebody wants to buy are referrals if the post, what
 * it replies to or where its thread began names a code; so are leads of whom the post that names it answers, and of replies
 * that came before it, whose history says so. */
void emit_referral(struct emitter *e, const struct second_post *p);
/* The same of a finding that waited, in a stored post, and is of a lead now. */
void emit_referral_late(struct emitter *e, const struct signal *signal, int64_t post, int64_t lead);

#endif
