/* Subscriptions at hubs: one row for each callback address a hub was given. Beside the source's own row,
 * which belongs to its polls. */
#ifndef HARK_STORE_SUBSCRIPTIONS_H
#define HARK_STORE_SUBSCRIPTIONS_H

#include "monitor/store/store.h"

#define SUBSCRIPTION_ID_BYTES 32
#define SUBSCRIPTION_ID_MAX (2 * SUBSCRIPTION_ID_BYTES) /* as text */
#define SUBSCRIPTION_ERROR_MAX 300

enum subscription_state {
	SUBSCRIPTION_ASKED,   /* the hub has not asked back yet, or the lease has run out */
	SUBSCRIPTION_ACTIVE,  /* verified, until lease_ms */
	SUBSCRIPTION_DENIED,  /* the hub does not want to */
	SUBSCRIPTION_LEAVING, /* not wanted any more: the hub is told, then it is forgotten */
	SUBSCRIPTION_STATES,
};

/* Times are wall clock milliseconds, 0: not yet. */
struct subscription {
	char id[SUBSCRIPTION_ID_MAX + 1]; /* last part of the callback, which nobody can guess */
	char secret[SUBSCRIPTION_ID_MAX + 1];  /* what the hub signs with; "": it was given none */
	char *source, *topic, *hub, *callback; /* owned */
	enum subscription_state state;
	bool internal;                      /* the hub may live at a private address */
	int64_t asked_ms;                   /* last request to the hub */
	int64_t lease_ms;                   /* when the lease ends */
	int64_t next_ms;                    /* when the hub is asked next */
	int64_t failures;                   /* in a row */
	char error[SUBSCRIPTION_ERROR_MAX]; /* last one; "": none */
	int64_t pushed_ms, pushes;          /* last content, and how often there was some */
	int64_t ignored;                    /* for a wrong or missing signature */
};

const char *subscription_state_name(enum subscription_state state);

/* NULL: no memory. Everything else is 0. */
struct subscription *subscription_new(
	struct str source, struct str topic, struct str hub, struct str callback);
void subscription_free(struct subscription *s); /* NULL is fine */

/* Inside a transaction; a failure is the transaction's. */
void store_subscription_save(struct store *s, const struct subscription *row);
void store_subscription_remove(struct store *s, const char *id);
/* All rows, or those of one source (`source` absent: all), those that leave last. `fn` owns the row; it returns
 * false to stop. It must not use the store. */
int store_subscriptions_each(struct store *s, struct str source,
	bool (*fn)(void *ctx, struct subscription *row), void *ctx, struct hark_err *err);

/* Every source whose pages name a hub. Borrowed until `fn` returns. */
int store_hubs_each(struct store *s,
	void (*fn)(void *ctx, struct str source, struct str hub, struct str topic, bool paused),
	void *ctx, struct hark_err *err);

#endif
