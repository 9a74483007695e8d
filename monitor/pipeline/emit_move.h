/* Job moves on their way into the store: what profiles and posts of a batch tell of them becomes records, joined to a
 * person only by evidence. Of a stranger a name and employers are kept; whom the name alone points at is put up for
 * review. */
#ifndef HARK_PIPELINE_EMIT_MOVE_H
#define HARK_PIPELINE_EMIT_MOVE_H

#include "monitor/pipeline/emit_who.h"
#include "monitor/store/profiles.h"

/* A profile of the batch that tells of a change, stored as `row`. */
void emit_move_profile(struct emitter *e, size_t i, const struct profile_row *row);

/* A post of the batch that was stored or edited. */
struct heard_post {
	const struct batch_post *bp;
	int64_t id, story, author; /* author: 0 for an edit, and where nobody is named */
	bool is_new, historic;
	struct met met; /* who wrote it */
};
/* Takes what it tells of a move, and draws what follows. */
void emit_move_post(struct emitter *e, const struct heard_post *post);
/* After the last post: what follows from moves that no post has put into words. */
void emit_moves_end(struct emitter *e);
/* Who has asked to be left alone is not told of, by whatever name. */
bool emit_move_is_quiet(struct emitter *e, struct str name);

#endif
