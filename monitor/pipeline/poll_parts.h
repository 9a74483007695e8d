/* What the parts of a poll know of each other: poll_request.c asks, poll_move.c knows where a source has moved to,
 * poll_take.c keeps what is new in an answer, and poll.c judges it and works out what the source's row will say. */
#ifndef HARK_PIPELINE_POLL_PARTS_H
#define HARK_PIPELINE_POLL_PARTS_H

#include "monitor/pipeline/poll.h"

/* The configured address, wherever the poll went. */
const char *poll_planned_url(const struct source *src, struct arena *arena);
/* A poll goes where the last ones were sent on to. Nothing of the state changes while it is under way,
 * so its answer can ask the same again. */
bool poll_asks_new_place(const struct source *src, const char *planned_url);
void poll_forget_move(struct batch *b);
/* A redirect that is believed is asked for no more; what ends it is an answer that is none. */
void poll_note_move(struct batch *b, const struct source *src, const struct fetch_reply *r);

/* Of several states of one post in a piece of a stream the last is what there is: nobody is told of a post
 * that was taken back a moment later. Returns how many are left. */
size_t poll_fold(struct post *all, size_t n, struct arena *arena);

#endif
