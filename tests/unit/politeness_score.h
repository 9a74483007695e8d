/* How polite a reader is, as its peers see it: every request and every answer is written down, and what breaks
 * a promise is counted by kind and the first of each kind kept in words.
 *
 * The judge knows nothing of hark: what it asks of a request follows from what the peers answered before and
 * from the intervals, spacings and quotas the peers (or the operator) set. Times are wall clock
 * milliseconds, arguments. */
#ifndef HARK_TESTS_POLITENESS_SCORE_H
#define HARK_TESTS_POLITENESS_SCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum breach {
	BREACH_UNCONDITIONAL, /* without the validators of the last 200 */
	BREACH_EARLY, /* before max(interval, max-age, ttl, Retry-After, back-off), capped at a day */
	BREACH_SPACING,   /* too soon after another request to the host */
	BREACH_IN_FLIGHT, /* too many at once at the host */
	BREACH_QUOTA,     /* more than n in a window */
	BREACH_HELD,      /* while a quota was used up, as the peer had said */
	BREACH_GONE,      /* after 410 */
	BREACH_STOPPED,   /* not asked for longer than the longest wait there is */
	BREACH_LAPSED,    /* a lease of a hub ran out */
	BREACH_CLOSED,    /* while its operator wants no request */
	BREACHES,
};

struct score {
	long requests, revalidations; /* the second: of those with something to revalidate */
	long breaches[BREACHES];
	char first[BREACHES][160];
};

struct score_host {
	int64_t spacing_ms, started_ms;
	int most, in_flight;
	bool rests; /* the Retry-After of one page is every page's */
	int64_t not_before_ms;
};

#define SCORE_QUOTA_MAX 64
/* `n` (at most SCORE_QUOTA_MAX) in any `per_ms`, or in each day of UTC. */
struct score_quota {
	long n, asked;
	bool daily;
	int64_t day;
	long today;
	int64_t per_ms, at[SCORE_QUOTA_MAX], held_ms;
};

/* One address. */
struct score_page {
	const char *url;
	struct score_host *host;
	struct score_quota *quota; /* NULL: none */
	int64_t every_ms;
	long asked;
	int64_t asked_ms, not_before_ms, ttl_ms;
	int failures;
	bool gone, revalidates;
	int open_from_h,
		open_to_h; /* of each day in UTC, it is asked in these alone; 0, 0: always */
	bool moved;        /* its last answer was a redirect */
	bool once;         /* never again, and perhaps never */
	int64_t lapse_ms;  /* a lease that was granted ends then */
	char etag[64], modified[64];
};

struct score_answer {
	int status; /* 0: none came, the network failed */
	const char *etag, *modified;
	int64_t retry_after_ms, max_age_ms, ttl_ms;
};

void score_ask(struct score *s, struct score_page *p, const char *etag, const char *modified,
	int64_t now_ms);
void score_answer(
	struct score *s, struct score_page *p, const struct score_answer *a, int64_t now_ms);
/* A hub has granted a lease: it is to be renewed behind the half of it, and before its end. */
void score_lease(struct score_page *p, int64_t lease_ms, int64_t now_ms);
/* Whoever asks was started anew: hubs may have given it up meanwhile, and unless one has refused it, it may
 * ask again when an hour has gone by. */
void score_restart(struct score_page *p);
/* The connection is gone, with or without an answer. */
void score_closed(struct score_page *p);
/* The watch is over. */
void score_end(struct score *s, const struct score_page *p, int64_t now_ms);
long score_breaches(const struct score *s);

#endif
