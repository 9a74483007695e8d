#include "monitor/pipeline/aside.h"

#include <pthread.h>
#include <stdlib.h>

struct work {
	struct aside *aside;
	struct source *source; /* NULL: this place is free */
	struct program *program;
	struct fetch_reply *reply;
	pthread_t thread;
	atomic_bool abandon, done;
};

struct aside {
	struct work works[ASIDE_MAX];
	void (*ready)(void *ctx);
	void *ctx;
};

struct aside *aside_new(void (*ready)(void *ctx), void *ctx)
{
	struct aside *a = calloc(1, sizeof(*a));
	if (a != NULL) {
		a->ready = ready;
		a->ctx = ctx;
	}
	return a;
}

static struct work *free_place(const struct aside *a)
{
	for (size_t i = 0; i < ASIDE_MAX; i++) {
		if (a->works[i].source == NULL) {
			return (struct work *)&a->works[i];
		}
	}
	return NULL;
}

bool aside_has_room(const struct aside *a)
{
	return free_place(a) != NULL;
}

static void *run(void *arg)
{
	struct work *w = arg;
	program_run(w->program, &w->abandon, w->reply);
	struct aside *a = w->aside;
	atomic_store(&w->done, true);
	a->ready(a->ctx);
	return NULL;
}

int aside_start(
	struct aside *a, struct source *source, struct program *program, struct fetch_reply *reply)
{
	struct work *w = free_place(a);
	if (w == NULL) {
		return HARK_ENOMEM;
	}
	w->aside = a;
	w->source = source;
	w->program = program;
	w->reply = reply;
	atomic_store(&w->abandon, false);
	atomic_store(&w->done, false);
	if (pthread_create(&w->thread, NULL, run, w) != 0) {
		w->source = NULL;
		return HARK_ENOMEM;
	}
	pthread_setname_np(w->thread, "hark-aside");
	return HARK_OK;
}

void aside_abandon(struct aside *a, const struct source *source)
{
	for (size_t i = 0; i < ASIDE_MAX; i++) {
		if (a->works[i].source == source) {
			atomic_store(&a->works[i].abandon, true);
		}
	}
}

static struct source *finish(struct work *w, struct fetch_reply **reply)
{
	struct source *source = w->source;
	pthread_join(w->thread, NULL);
	program_free(w->program);
	*reply = w->reply;
	w->source = NULL;
	return source;
}

struct source *aside_take(struct aside *a, struct fetch_reply **reply)
{
	for (size_t i = 0; i < ASIDE_MAX; i++) {
		struct work *w = &a->works[i];
		if (w->source != NULL && atomic_load(&w->done)) {
			return finish(w, reply);
		}
	}
	return NULL;
}

void aside_free(struct aside *a)
{
	if (a == NULL) {
		return;
	}
	for (size_t i = 0; i < ASIDE_MAX; i++) {
		if (a->works[i].source != NULL) {
			atomic_store(&a->works[i].abandon, true);
		}
	}
	for (size_t i = 0; i < ASIDE_MAX; i++) {
		struct fetch_reply *reply;
		if (a->works[i].source != NULL) {
			source_free(finish(&a->works[i], &reply));
			fetch_reply_free(reply);
		}
	}
	free(a);
}
