/* What the scheduler shows of itself to other threads: counted by the loop when somebody asks. */
#include "monitor/pipeline/scheduler_parts.h"

#include "monitor/base/waiting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_WAIT_MS 2000 /* for a loop that is busy; then the last counts have to do */

static void count_in_line(void *counts, struct source *src)
{
	((struct scheduler_counts *)counts)->failing += src->state->failures > 0;
}

/* Without memory the last picture stays. */
static void show_streams(struct scheduler *s, int64_t now_ms)
{
	size_t n = 0, cap = 0;
	for (struct source *src = s->listening; src != NULL; src = src->listen_next) {
		cap++;
	}
	struct scheduler_stream *all = calloc(cap + 1, sizeof(*all));
	for (struct source *src = s->listening; all != NULL && src != NULL;
		src = src->listen_next) {
		struct listener_facts facts;
		listener_look(src->listener, now_ms, &facts);
		if (facts.is_open) {
			struct scheduler_stream *one = &all[n++];
			snprintf(one->source, sizeof(one->source), "%s", src->conf->name);
			one->since_ms = facts.since_ms;
			one->event_ms = facts.event_ms;
			one->events = facts.events;
			one->per_s = facts.per_s;
		}
	}
	pthread_mutex_lock(&s->lock);
	if (all != NULL) {
		struct scheduler_stream *old = s->streams;
		s->streams = all;
		s->streams_n = n;
		all = old;
	}
	pthread_mutex_unlock(&s->lock);
	free(all);
}

void scheduler_count(struct scheduler *s, int64_t now_ms)
{
	struct scheduler_counts c = {
		.sources = s->sources, .under_way = s->under_way, .next_due_ms = -1};
	pthread_mutex_lock(&s->lock);
	bool is_asked = s->is_asked;
	pthread_mutex_unlock(&s->lock);
	if (!is_asked) {
		return;
	}
	show_streams(s, now_ms);
	for (size_t i = 0; i < s->due.n; i++) {
		c.failing += s->due.all[i]->state->failures > 0;
		c.paused += source_rests(s->due.all[i]);
	}
	crowds_each(s->crowds, count_in_line, &c);
	int64_t due_ms = due_first_ms(&s->due);
	if (due_ms < SCHEDULER_EVER_DUE) {
		c.next_due_ms = due_ms > now_ms ? due_ms - now_ms : 0;
	}
	pthread_mutex_lock(&s->lock);
	s->counts = c;
	s->is_asked = false;
	pthread_cond_broadcast(&s->counted);
	pthread_mutex_unlock(&s->lock);
}

void scheduler_counts(struct scheduler *s, struct scheduler_counts *out)
{
	struct timespec until = waiting_until(COUNT_WAIT_MS);
	pthread_mutex_lock(&s->lock);
	s->is_asked = true;
	pthread_mutex_unlock(&s->lock);
	fetch_wake(s->fetch);
	pthread_mutex_lock(&s->lock);
	while (s->is_asked && pthread_cond_timedwait(&s->counted, &s->lock, &until) == 0) {
	}
	*out = s->counts;
	pthread_mutex_unlock(&s->lock);
}

int scheduler_streams(struct scheduler *s, struct scheduler_stream **out, size_t *n)
{
	struct scheduler_counts counts;
	scheduler_counts(s, &counts); /* they are taken together */
	pthread_mutex_lock(&s->lock);
	*n = s->streams_n;
	*out = calloc(*n + 1, sizeof(**out));
	if (*out != NULL && *n > 0) {
		memcpy(*out, s->streams, *n * sizeof(**out));
	}
	pthread_mutex_unlock(&s->lock);
	return *out != NULL ? HARK_OK : HARK_ENOMEM;
}
