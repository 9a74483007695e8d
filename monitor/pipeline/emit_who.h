/* Who wrote a post of a batch, on its way into the store: what a worker found (introduce.h) is held against what is
 * stored now, and becomes rows. */
#ifndef HARK_PIPELINE_EMIT_WHO_H
#define HARK_PIPELINE_EMIT_WHO_H

#include "monitor/pipeline/emit_lead.h"
#include "monitor/store/encounters.h"

/* A post that is stored, with at least one signal. */
struct meeting {
	const struct batch_post *bp;
	int64_t post, author; /* author: 0 for an edit, and where nobody is named */
	bool is_new;
};

/* Who wrote it; nobody (person 0) unless there is evidence. What is proven on the way is learned, and whom a name
 * alone points at is put up for review, once. *out lives as long as the batch. */
void emit_meet(struct emitter *e, const struct meeting *m, struct met *out);
/* "handle @anna@social.example", "name + employer"; in the emitter's `kept`. */
struct str emit_who_evidence(struct emitter *e, unsigned evidence, struct str handle);
/* A finding about its author is one about the person, so that what they write elsewhere joins the same lead. */
void emit_met_subject(struct emitter *e, const struct met *met, struct signal *signal);

#endif
