/* The parts of a profile-watch: the poll under way, one look, and what follows from it. */
#ifndef HARK_CONNECTORS_WATCH_H
#define HARK_CONNECTORS_WATCH_H

#include "connectors/watch_compare.h"

#define WATCH_SLICE_MAX 100
#define WATCH_TAG_MAX 16
#define WATCH_WHY_MAX 300

enum watch_result {
	WATCH_UNASKED,
	WATCH_HERE,
	WATCH_LOST, /* a healthy answer that there is no such account */
};

/* What is told when the whole slice is in. Texts lie in the poll's arena. */
struct watch_news {
	enum watch_event event;
	struct hark_profile profile;
	bool opted_out;
};

struct watch {
	struct watch_accounts accounts;
	struct watch_state state;
	const struct hark_connector *readers[WATCH_NETWORKS];
	int64_t every_ms;
	unsigned misses; /* healthy answers in a row before an account is gone */
	bool is_old;     /* a slice is in: since then the credential is the same */

	/* The poll under way. */
	struct arena arena;
	size_t slice[WATCH_SLICE_MAX]; /* of accounts */
	enum watch_result results[WATCH_SLICE_MAX];
	size_t slice_n, first; /* first: the one asked for first */
	struct watch_news *news;
	size_t news_n, news_cap;
	size_t failures;
	char why[WATCH_WHY_MAX]; /* the first of them */
	/* The request asked for last. */
	const struct hark_connector *reader;
	void *reader_ctx;
	char tag[WATCH_TAG_MAX];
};

/* watch_look.c: the request for the first account of the slice from `at` on whose host may be asked; which
 * that is, slice_n if there is none. And the reply to it: the host's result. */
size_t watch_ask(struct watch *w, struct hark_host *host, size_t at, struct hark_request *request);
int watch_read(struct watch *w, struct hark_host *host, size_t at, const struct hark_reply *reply);
void watch_end_request(struct watch *w);

/* watch_slice.c: which accounts are next, when the slice after that is due, and how far it has got. */
int64_t watch_choose(struct watch *w, int64_t now_ms); /* 0, or when there is something to ask */
int64_t watch_next(struct watch *w, int64_t now_ms);
void watch_tell_progress(struct watch *w, struct hark_host *host);

/* watch_tell.c: the slice is in. */
int watch_tell(struct watch *w, struct hark_host *host);

#endif
