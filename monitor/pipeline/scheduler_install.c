/* A new set of sources takes the place of the old one, which may be under way. */
#include "monitor/pipeline/scheduler_parts.h"

#include "monitor/base/log.h"
#include "monitor/pipeline/folder.h"

#include <stdlib.h>
#include <string.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <utlist.h>

/* Sources of a host in fetch: what may be in flight, and as many to follow. */
#define PLACES(per_host) (2 * (size_t)(per_host))

struct named {
	UT_hash_handle hh;
	struct source *source;
};

static struct named *find(const struct scheduler *s, const char *name)
{
	struct named *n = NULL;
	HASH_FIND_STR(s->names, name, n);
	return n;
}

struct source *scheduler_find(const struct scheduler *s, const char *name)
{
	const struct named *n = find(s, name);
	return n != NULL ? n->source : NULL;
}

void scheduler_forget_names(struct scheduler *s)
{
	HASH_CLEAR(hh, s->names);
	free(s->entries);
	s->entries = NULL;
}

/* Its settings may be others now. */
static void try_refused_again(struct source *src)
{
	if (src->transport == HARK_TRANSPORT_FILE && folder_has_refused(src->state->etag)) {
		src->state->due_ms = 0;
	}
}

static void inherit(struct scheduler *s, struct source *heir, struct source *old)
{
	struct source_state *given = heir->state;
	heir->state = old->state;
	old->state = given;
	heir->polled = old->polled;
	heir->cut_ms = old->cut_ms;
	heir->holds = old->holds;
	heir->short_streams = old->short_streams;
	heir->sent_units += old->sent_units;
	heir->stands = old->stands;
	heir->stood_by = old->stood_by;
	heir->stands_since_ms = old->stands_since_ms;
	LL_CONCAT(old->pushes, heir->pushes);
	heir->pushes = old->pushes;
	old->pushes = NULL;
	if (source_settle_in(heir)) {
		heir->polled = false;
		log_info("%s: polled at another place now, whose first poll is a baseline",
			heir->conf->name);
	}
	try_refused_again(heir);
	scheduler_hand_stream_on(s, heir, old);
}

void scheduler_adopt(struct scheduler *s, struct source *heir, struct source *old, int64_t now_ms)
{
	inherit(s, heir, old);
	source_free(old);
	scheduler_settle(s, heir, now_ms);
}

static void wait_for(struct source *heir, struct source *elder)
{
	heir->elder = elder;
	heir->ails = elder->ails;
	heir->heard_ms = elder->heard_ms;
	elder->heir = heir;
}

/* One that is under way is waited for; of several heirs meanwhile only the last counts. */
static void replace(struct scheduler *s, struct source *old, struct source *heir, int64_t now_ms)
{
	if (old->out) {
		aside_abandon(s->aside, old);
		wait_for(heir, old);
	} else if (old->elder != NULL) {
		wait_for(heir, old->elder);
		heir->pushes = old->pushes;
		old->pushes = NULL;
		source_free(old);
	} else {
		scheduler_take(s, old);
		scheduler_adopt(s, heir, old, now_ms);
	}
}

static void drop(struct scheduler *s, struct source *src)
{
	scheduler_stop_listening(s, src);
	if (src->out) {
		aside_abandon(s->aside, src);
		src->orphan = true;
		return;
	}
	if (src->elder != NULL) {
		scheduler_stop_listening(s, src->elder);
		src->elder->heir = NULL;
		src->elder->orphan = true;
	} else {
		scheduler_take(s, src);
	}
	source_free(src);
}

/* The new sources by name, in `entries`; false: no memory. */
static bool name_sources(
	struct source **sources, size_t n, struct named *entries, struct named **fresh)
{
	for (size_t i = 0; i < n; i++) {
		const char *name = sources[i]->conf->name;
		entries[i].source = sources[i];
		HASH_ADD_KEYPTR(hh, *fresh, name, strlen(name), &entries[i]);
		if (entries[i].hh.tbl == NULL) {
			return false;
		}
	}
	return true;
}

static bool any_polled(struct source **sources, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (sources[i]->state->polled_ms > 0) {
			return true;
		}
	}
	return false;
}

void scheduler_replace_all(struct scheduler *s, struct source **sources, size_t n, int64_t now_ms)
{
	struct named *entries = calloc(n + 1, sizeof(*entries)), *fresh = NULL, *old, *tmp;
	if (entries == NULL || !due_reserve(&s->due, s->due.n + n) ||
		!name_sources(sources, n, entries, &fresh)) {
		log_error("no memory for %zu sources: the old ones stay", n);
		HASH_CLEAR(hh, fresh);
		free(entries);
		for (size_t i = 0; i < n; i++) {
			source_free(sources[i]);
		}
		return;
	}
	s->is_restart = !s->installed && any_polled(sources, n);
	for (size_t i = 0; i < n; i++) {
		struct source *src = sources[i];
		old = find(s, src->conf->name);
		if (old != NULL) {
			HASH_DEL(s->names, old);
			replace(s, old->source, src, now_ms);
		} else {
			try_refused_again(src);
			scheduler_settle(s, src, now_ms);
		}
	}
	HASH_ITER (hh, s->names, old, tmp) {
		HASH_DEL(s->names, old);
		drop(s, old->source);
	}
	free(s->entries);
	s->entries = entries;
	s->names = fresh;
	s->sources = n;
	if (n > 0) {
		crowds_set_most(s->crowds, PLACES(sources[0]->setup->conf->http_per_host));
	}
	for (size_t i = 0; i < n; i++) {
		scheduler_arrange(s, entries[i].source, now_ms);
	}
	s->installed = true;
	s->is_restart = false;
}
