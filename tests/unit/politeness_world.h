/* A network of peers, a clock and a machine that restarts, for the real scheduler: what fetch would do is done
 * here, with fetch's own host budgets, and no time passes. The program that links it replaces
 * clock_wall_ms(), clock_steady_ms(), fetch_submit() and fetch_wake() by the linker's --wrap.
 *
 * Add pages, then run; the score says what the peers saw. */
#ifndef HARK_TESTS_POLITENESS_WORLD_H
#define HARK_TESTS_POLITENESS_WORLD_H

#include "tests/unit/politeness_score.h"
#include "tests/unit/tmpstore.h"

#include "monitor/config/conf.h"

#define WORLD_START_MS (1790000000LL * 1000)
#define WORLD_HOUR_MS (3600 * 1000LL)
#define WORLD_DAY_MS (24 * WORLD_HOUR_MS)
#define WORLD_PAGES 512

/* What a peer counts and says of a quota. */
struct peer_limit {
	long n;
	int64_t per_ms;    /* its windows are fixed, not sliding */
	int64_t window_ms; /* start of the present one */
	long used;
};

/* One address and how its peer behaves. Fields not set: a healthy feed that never changes. */
struct page {
	struct score_page score;
	char url[160];
	bool is_json;
	void (*write)(const struct page *p,
		struct buf *out); /* its body; NULL: a feed or JSON of one item */
	bool is_mailbox;
	int64_t lease_ms;  /* of a hub: what it grants at once; 0: it is none, or never asks back */
	int64_t change_ms; /* a new item so often */
	bool no_etag, no_modified;
	int ttl_min;
	int64_t max_age_ms;
	const char *moved_to;
	int64_t moved_from_ms;          /* since the start; 301 from then on */
	int status;                     /* instead of 200, */
	int64_t bad_from_ms, bad_to_ms; /* then */
	int64_t retry_after_ms;         /* with it */
	int said;                       /* when all is well; 0: 200 */
	struct peer_limit *limit;
};

struct world {
	struct tmpstore *place;
	struct score score;
	struct page pages[WORLD_PAGES];
	size_t pages_n;
	struct conf conf;
	struct conf_source sources[WORLD_PAGES];
	int64_t offline_from_ms, offline_to_ms;
	/* A page nobody has added, when it is asked for first; NULL: there are no others. */
	struct page *(*make)(struct world *w, const char *url);
	int64_t restart_every_ms;
	bool rechecks; /* an open lead rests on every post, and links are looked at again */
	bool forgets;  /* a restart finds nothing in the store: for a test of the judge */
	long restarts, polls, renewals; /* the last: leases granted */
};

/* How often it has changed since the start. */
long world_version(const struct page *p);
struct page *world_page(
	struct world *w, const char *url, struct score_host *host, int64_t every_ms);
/* A source that polls the page; `connector` with its settings. */
struct conf_source *world_source(struct world *w, const struct page *page, const char *connector,
	const struct hark_pair *vars, size_t vars_n);
/* Lets `days` pass; then every page is looked at for the last time. */
void world_run(struct world *w, int days);

#endif
