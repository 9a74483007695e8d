/* What the files of inlet.h share. The lock is held where nothing else is said. */
#ifndef HARK_API_INLET_IN_H
#define HARK_API_INLET_IN_H

#include "monitor/api/inlet.h"

#include <pthread.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define INLET_BUSY_S 1 /* until the next try: a commit takes milliseconds */

/* A source that can be pushed to. */
struct door {
	UT_hash_handle hh;
	struct setup *setup; /* a count, so that `conf` stays */
	const struct conf_source *conf;
	char *accept; /* owned; "type, type", or NULL: all types */
	enum hark_auth_kind signed_by;
	char *key_name; /* owned; under `secret:` */
	struct hark_bucket rate;
	size_t body_max;
	bool told; /* that its token is too short */
};

/* What outlives a reload. */
struct tally {
	UT_hash_handle hh;
	int64_t refused, refused_ms;
	size_t waiting;
	char name[];
};

struct inlet {
	struct inlet_options options;
	pthread_mutex_t lock; /* guards what follows */
	struct door *doors;   /* by name */
	struct tally *tallies;
	struct buckets *buckets;
	size_t waiting_bytes;
	bool closed;
};

/* A push on its way: what its end needs. */
struct errand {
	struct inlet *inlet;
	struct http_exchange *x;
	struct tally *tally; /* never freed before the inlet */
	size_t bytes;
	void (*answer)(struct http_exchange *x, const struct push *p);
};

/* A message of the source `name` is refused for what it says of its sender. */
void inlet_count_refused(struct inlet *in, const char *name);
/* "Retry-After: seconds", with a sentence. */
void inlet_later(struct http_exchange *x, int status, int64_t seconds, const char *why);
/* False: it has been answered. */
bool inlet_has_room(struct inlet *in, const char *name, struct http_exchange *x);
/* The body of `x` as a message to the source; its end calls `answer`. NULL: no memory. */
struct push *inlet_make_push(struct inlet *in, const char *name, struct http_exchange *x,
	void (*answer)(struct http_exchange *x, const struct push *p));

/* Of hubs (inlet_hub.c). False: the address is not one that a hub was given. */
bool inlet_hub_admit(struct inlet *in, struct http_exchange *x, struct str name, struct str id);
/* Without the lock. *out: what is to be handed on; NULL: it has been answered. */
bool inlet_hub_take(struct inlet *in, struct http_exchange *x, struct str name, struct str id,
	struct push **out);

#endif
