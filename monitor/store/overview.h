/* Numbers of a time for people who look at how it goes: what was found, what became of it, where it came from. */
#ifndef HARK_STORE_OVERVIEW_H
#define HARK_STORE_OVERVIEW_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct overview_filter {
	int64_t since_ms;   /* on a quarter of an hour */
	int64_t offset_ms;  /* of the reader's zone from UTC: where days begin */
	struct str seen_as; /* a class of leads beside "all"; absent: every class */
};

struct overview_day {
	int64_t day; /* since 1970-01-01 in the reader's zone */
	struct str kind;
	int64_t signals;
};

struct overview_source {
	struct str name;
	int64_t signals, leads;
};

/* Leads that were raised, and how many of them got how far. */
struct overview_funnel {
	int64_t raised, alerted, claimed, answered, won, lost, dismissed;
};

/* Signals that stand, by day and kind, the oldest first. Strings in `arena`, here as below. */
int store_overview_days(struct store *s, const struct overview_filter *f, struct arena *arena,
	struct overview_day **out, size_t *n, struct hark_err *err);
/* Those that gave the most leads first, by the `newest` signals; *from_ms: since when those are. */
int store_overview_sources(struct store *s, const struct overview_filter *f, size_t newest,
	size_t max, struct arena *arena, struct overview_source **out, size_t *n, int64_t *from_ms,
	struct hark_err *err);
int store_overview_funnel(struct store *s, const struct overview_filter *f,
	struct overview_funnel *out, struct hark_err *err);

#endif
