/* Sources whose posts are pushed: the messages that wait for one are read one at a time. */
#include "monitor/pipeline/scheduler_parts.h"

#include <utlist.h>

void scheduler_start_push(struct scheduler *s, struct source *src)
{
	due_remove(&s->due, src);
	crowd_leave(s->crowds, src);
	src->push = src->pushes;
	src->pushes = src->push->next;
	src->push->next = NULL;
	scheduler_set_out(s, src);
	scheduler_hand_over(s, src, NULL);
}

void scheduler_take_push(struct scheduler *s, struct push *p, int64_t now_ms)
{
	struct source *src = scheduler_find(s, p->source);
	if (src == NULL) {
		push_end_all(&p, PUSH_GONE, "there is no such source any more");
		return;
	}
	LL_APPEND(src->pushes, p);
	if (!src->out && src->elder == NULL) {
		scheduler_take(s, src);
		scheduler_settle(s, src, now_ms);
	}
}
