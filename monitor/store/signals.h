/* Signals: what rules found in posts. Inside the caller's transaction; failures are its commit's. */
#ifndef HARK_STORE_SIGNALS_H
#define HARK_STORE_SIGNALS_H

#include "monitor/model/signal.h"
#include "monitor/store/store.h"

/* What a WHERE says of the signals of a story, a parameter, "$1": those of its own post, and those of its copies, which
 * alone have an index. */
#define SIGNALS_OF_STORY(story) \
	"((post = " story " AND story = " story ") OR (story = " story " AND story <> post))"

struct signal_place {
	int64_t id;   /* of a new row: store_signal_ids() */
	int64_t lead; /* the one it makes or joins, 0: none */
	int64_t post, story;
	const char *visibility; /* access class */
	bool historic;
	bool waits; /* for an answer: it makes no lead yet */
	int64_t now_ms;
};

/* Whether another post of the story has raised this rule. */
bool store_signal_in_story(struct store *s, int64_t story, int64_t post, struct str rule);
/* Reserves `n` keys for new signals and returns the first; some may stay unused. */
int64_t store_signal_ids(struct store *s, size_t n);
/* Whether the post has it already. */
bool store_signal_has(struct store *s, int64_t post, const struct signal *signal);
/* False: the post had it already (or a failure). */
bool store_signal_add(
	struct store *s, const struct signal *signal, const struct signal_place *place);
/* An edited post says it again: what was found where is written anew. False: it had no such signal. */
bool store_signal_refresh(struct store *s, const struct signal *signal, int64_t post);
/* Whether a stored signal is the first of its story in its lead. */
bool store_signal_new_story(struct store *s, const struct signal_place *place);

#endif
