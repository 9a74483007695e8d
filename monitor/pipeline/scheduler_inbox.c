/* What other threads say to the scheduler, and how it is read at the next turn of the loop. */
#include "monitor/pipeline/scheduler_parts.h"

#include <stdlib.h>
#include <string.h>
#include <utlist.h>

enum message_kind {
	MESSAGE_INSTALL,
	MESSAGE_POLL,
	MESSAGE_ACCEPT,
	MESSAGE_PAUSE,
	MESSAGE_RESUME,
	MESSAGE_PLAIN,
	MESSAGE_PUSH,
};

struct message {
	struct message *next;
	enum message_kind kind;
	struct source **sources; /* INSTALL: owned */
	size_t n;
	char *name; /* POLL, ACCEPT, PAUSE, RESUME, PLAIN: owned */
	struct push *push;
};

static int tell(struct scheduler *s, struct message *m)
{
	pthread_mutex_lock(&s->lock);
	LL_APPEND(s->inbox, m);
	pthread_mutex_unlock(&s->lock);
	fetch_wake(s->fetch);
	return HARK_OK;
}

int scheduler_install(struct scheduler *s, struct source **sources, size_t n)
{
	struct message *m = calloc(1, sizeof(*m));
	if (m == NULL) {
		return HARK_ENOMEM;
	}
	*m = (struct message){.kind = MESSAGE_INSTALL, .sources = sources, .n = n};
	return tell(s, m);
}

void scheduler_return(struct scheduler *s, struct source *source)
{
	pthread_mutex_lock(&s->lock);
	bool first = s->homing == NULL;
	source->home_next = s->homing;
	s->homing = source;
	pthread_mutex_unlock(&s->lock);
	if (first) { /* else the loop has been woken already and will find this one too */
		fetch_wake(s->fetch);
	}
}

static int tell_name(struct scheduler *s, enum message_kind kind, const char *name)
{
	struct message *m = calloc(1, sizeof(*m));
	char *copy = strdup(name);
	if (m == NULL || copy == NULL) {
		free(m);
		free(copy);
		return HARK_ENOMEM;
	}
	*m = (struct message){.kind = kind, .name = copy};
	return tell(s, m);
}

int scheduler_poll_now(struct scheduler *s, const char *name)
{
	return tell_name(s, MESSAGE_POLL, name);
}

int scheduler_accept(struct scheduler *s, const char *name)
{
	return tell_name(s, MESSAGE_ACCEPT, name);
}

int scheduler_push(struct scheduler *s, struct push *push)
{
	struct message *m = calloc(1, sizeof(*m));
	if (m == NULL) {
		return HARK_ENOMEM;
	}
	*m = (struct message){.kind = MESSAGE_PUSH, .push = push};
	return tell(s, m);
}

int scheduler_pause(struct scheduler *s, const char *name, bool paused)
{
	return tell_name(s, paused ? MESSAGE_PAUSE : MESSAGE_RESUME, name);
}

int scheduler_poll_plainly(struct scheduler *s, const char *name)
{
	return tell_name(s, MESSAGE_PLAIN, name);
}

static void poll_named(struct scheduler *s, const char *name, bool accepts, int64_t now_ms)
{
	struct source *src = scheduler_find(s, name);
	if (src != NULL && !src->out && src->elder == NULL &&
		src->transport != HARK_TRANSPORT_PUSH) {
		scheduler_take(s, src);
		src->called = true;
		src->accepts = accepts;
		due_add(&s->due, src, now_ms);
	}
}

static void pause_named(struct scheduler *s, const char *name, bool paused, int64_t now_ms)
{
	struct source *src = scheduler_find(s, name);
	if (src == NULL) {
		return;
	}
	src = src->elder != NULL ? src->elder : src;
	src->wish = paused ? WISH_PAUSE : WISH_RESUME;
	if (!src->out) {
		scheduler_grant_wish(src);
		scheduler_take(s, src);
		scheduler_settle(s, src, now_ms);
		scheduler_arrange(s, src, now_ms);
	}
}

static void plain_named(struct scheduler *s, const char *name, int64_t now_ms)
{
	struct source *src = scheduler_find(s, name);
	if (src == NULL) {
		return;
	}
	src = src->elder != NULL ? src->elder : src;
	src->is_plain = true;
	if (!src->out && scheduler_be_plain(src)) {
		scheduler_take(s, src);
		scheduler_settle(s, src, now_ms);
	}
}

static void read_message(struct scheduler *s, struct message *m, int64_t now_ms)
{
	switch (m->kind) {
	case MESSAGE_INSTALL:
		scheduler_replace_all(s, m->sources, m->n, now_ms);
		break;
	case MESSAGE_POLL:
	case MESSAGE_ACCEPT:
		poll_named(s, m->name, m->kind == MESSAGE_ACCEPT, now_ms);
		break;
	case MESSAGE_PAUSE:
	case MESSAGE_RESUME:
		pause_named(s, m->name, m->kind == MESSAGE_PAUSE, now_ms);
		break;
	case MESSAGE_PLAIN:
		plain_named(s, m->name, now_ms);
		break;
	case MESSAGE_PUSH:
		scheduler_take_push(s, m->push, now_ms);
		break;
	}
	free(m->sources);
	free(m->name);
	free(m);
}

void scheduler_read_inbox(struct scheduler *s, int64_t now_ms)
{
	pthread_mutex_lock(&s->lock);
	struct message *m = s->inbox;
	struct source *home = s->homing;
	s->inbox = NULL;
	s->homing = NULL;
	pthread_mutex_unlock(&s->lock);
	while (home != NULL) {
		struct source *next = home->home_next;
		scheduler_come_home(s, home, now_ms);
		home = next;
	}
	while (m != NULL) {
		struct message *next = m->next;
		read_message(s, m, now_ms);
		m = next;
	}
}
