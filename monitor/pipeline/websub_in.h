/* What the files of websub.h share. The lock is held where nothing else is said. */
#ifndef HARK_PIPELINE_WEBSUB_IN_H
#define HARK_PIPELINE_WEBSUB_IN_H

#include "monitor/pipeline/websub.h"

#include <pthread.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <utlist.h>

struct entry {
	struct entry *next; /* of the same source */
	struct subscription *row;
	bool is_changed; /* since it was written */
	bool is_over;    /* to be removed */
};

/* A source that has subscriptions: one that is wanted, and perhaps some that are left. */
struct site {
	UT_hash_handle hh;
	struct entry *entries;
	size_t body_max;
	int64_t spacing_ms;
	bool was_active;        /* as of the last turn; the main thread's, as the next */
	struct site *next_lost; /* of those whose subscription ended in this turn */
	char name[];
};

struct websub {
	struct websub_options options;
	pthread_mutex_t lock; /* guards what follows */
	struct site *sites;   /* by name; never removed */
	struct rng rng;
	bool look;

	int64_t later_ms; /* the main thread's; steady clock: no turn before */
};

struct site *websub_find_site(struct websub *w, struct str name); /* NULL: there is none */
struct site *websub_site_of(
	struct websub *w, struct str name); /* made if need be; NULL: no memory */
/* NULL: there is none. Takes as long for an id that is almost right. */
struct entry *websub_find_entry(struct websub *w, struct str source, struct str id);
/* The one that is wanted, or NULL. */
struct entry *websub_wanted_of(const struct site *site);
/* Owns `row` from now on. False: no memory, and it is gone. */
bool websub_add_row(struct websub *w, struct subscription *row, bool is_changed);
void websub_entry_free(struct entry *e);

/* Takes the lock itself: works out anew which subscriptions there should be. */
int websub_look_around(struct websub *w, const struct conf *conf, struct hark_err *err);

#endif
