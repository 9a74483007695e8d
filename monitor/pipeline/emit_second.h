/* Whoever replies in public to an announced purchase is a lead of the second degree: often they are next. */
#ifndef HARK_PIPELINE_EMIT_SECOND_H
#define HARK_PIPELINE_EMIT_SECOND_H

#include "monitor/pipeline/emit_lead.h"
#include "monitor/store/encounters.h"

/* A new post that is stored with its signals. */
struct second_post {
	const struct batch_post *bp;
	int64_t post, story, author; /* rows; author 0: not known */
	struct met met;              /* whom its author was proven to be */
	bool historic;
};

/* The author of a reply to an announcement becomes a lead, and so do those of replies that came before an
 * announcement. A later finding in the same person's posts joins that lead. */
void emit_second_degree(struct emitter *e, const struct second_post *p);

#endif
