/* Subscriptions at the hubs that feeds name (WebSub): which are wanted, what each hub is to be asked, and what
 * hubs ask back. The rows are in the store; what happens between two turns is in memory.
 *
 * DESIGN. Polls note which hub a page names, in the transaction that stores its posts. From that and the
 * configuration websub_turn() works out which subscriptions there should be, writes them down, and only then asks
 * the hub, so that no callback is forgotten. What a hub says later (a verification, a refusal) counts at once
 * and is written by the next turn: lost to a crash, it is asked for again. A callback address holds 32
 * random bytes; who does not know it learns nothing.
 *
 * The secret hubs sign with is sent over https alone, and to one's own hub on one's own network. Without it nobody can tell who sends,
 * so what comes is only a reason to poll.
 *
 * Threads: websub_turn(), websub_load() and websub_free() belong to the main thread, the others to any. */
#ifndef HARK_PIPELINE_WEBSUB_H
#define HARK_PIPELINE_WEBSUB_H

#include "monitor/config/conf.h"
#include "monitor/fetch/fetch.h"
#include "monitor/pipeline/hub.h"
#include "monitor/pipeline/subscription.h"

#define WEBSUB_PATH "/in/"

struct websub;

struct websub_options {
	struct fetch *fetch; /* must outlive it, but for its loop */
	/* Runs `fn` inside a transaction and waits for its end. */
	int (*write)(void *ctx, int (*fn)(struct store *s, void *arg, struct hark_err *err),
		void *arg, struct hark_err *err);
	void (*wake)(void *ctx); /* there is a reason for a turn; any thread */
	/* News of the source come by a subscription no more; main thread. */
	void (*lost)(void *ctx, const char *source);
	void *ctx;
};

struct websub *websub_new(const struct websub_options *options); /* NULL: no memory */
/* When neither requests nor answers of hubs can come any more. NULL is fine. */
void websub_free(struct websub *w);
/* What is stored, at the start. */
int websub_load(struct websub *w, struct store *store, struct hark_err *err);

/* Pages name other hubs than before, or a source is paused, resumed, or of another configuration. */
void websub_look(struct websub *w);
/* Brings the subscriptions in line with the configuration and asks the hubs what is due. */
void websub_turn(struct websub *w, const struct conf *conf);
/* Whether news of the source come by a subscription. */
bool websub_is_active(struct websub *w, const char *source);

/* Of a callback address; `secret` is "" where the hub has none. */
struct websub_place {
	bool is_left;    /* not wanted any more */
	size_t body_max; /* of its source */
	char secret[SUBSCRIPTION_ID_MAX + 1];
	char topic[HUB_URL_MAX + 1];
};
/* False: there is no such callback. */
bool websub_find(struct websub *w, struct str source, struct str id, struct websub_place *out);
enum subscription_reply websub_answer(
	struct websub *w, struct str source, struct str id, const struct subscription_question *q);
/* Content came, `good`, or was ignored for its signature. */
void websub_count(struct websub *w, struct str source, struct str id, bool good);

#endif
