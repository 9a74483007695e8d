/* Polls that wait for something else than a socket of the transfer loop: each has a thread of its own,
 * and the loop takes what has ended. Functions belong to the loop's thread, but for the work itself. */
#ifndef HARK_PIPELINE_ASIDE_H
#define HARK_PIPELINE_ASIDE_H

#include "monitor/pipeline/program.h"

#define ASIDE_MAX 8 /* at once */

struct aside;

/* `ready` is called on any thread when something has ended. NULL: no memory. */
struct aside *aside_new(void (*ready)(void *ctx), void *ctx);
/* Ends and waits for all there are; their sources are freed. NULL is fine. */
void aside_free(struct aside *a);

/* False: as many as may be are under way. */
bool aside_has_room(const struct aside *a);
/* Takes the source, the program and the reply. HARK_ENOMEM: nothing was taken. */
int aside_start(
	struct aside *a, struct source *source, struct program *program, struct fetch_reply *reply);
/* Ends the work for a source soon; its reply says HARK_EPIPE. */
void aside_abandon(struct aside *a, const struct source *source);
/* The next that has ended, with its reply; NULL: none. */
struct source *aside_take(struct aside *a, struct fetch_reply **reply);

#endif
