/* A source of the configuration with what the store remembers of it, as the command line and the API show it. */
#ifndef HARK_API_SOURCE_VIEW_H
#define HARK_API_SOURCE_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/store/alarms.h"
#include "monitor/store/gaps.h"
#include "monitor/store/profiles.h"
#include "monitor/store/refusals.h"
#include "monitor/store/sources.h"
#include "monitor/store/subscriptions.h"

/* A source that the daemon listens to now. */
struct sources_stream {
	const struct conf_source *source;
	int64_t since_ms, event_ms; /* wall clock: connected since (0: it is not), last event */
	int64_t events, per_min;
};

struct source_view {
	const struct conf *conf;
	const struct conf_source *source;
	struct source_state state;
	bool is_known;                /* the store has a row */
	bool waits;                   /* stands by for one that is well */
	int64_t opens_ms;             /* it rests until its hours open then; 0: it does not */
	int64_t next_ms;              /* when it is asked next; 0: at once */
	struct sources_stream stream; /* of one that is heard now; since_ms 0: it is not */
	struct refusals refused;
	struct gap *gaps; /* newest first */
	size_t gaps_n, gaps_cap;
	struct alarm_row alarms[ALARMS]; /* that stand */
	size_t alarms_n;
	struct profile_counts profiles;
	bool counts_links;                /* and deleted posts, which takes a moment: */
	int64_t links, links_next_ms;     /* so many are to be looked at again, the first then */
	int64_t deleted, deleted_last_ms; /* posts */
	struct subscription *hub;         /* owned; NULL: none */
};

/* "ok", "failing", "paused" …; a constant. */
const char *source_view_state(const struct source_view *r);
/* Fills what the store knows of r->source, gaps from `since_ms` on. r->hub is to be freed. Texts in `arena`. */
int source_view_load(struct source_view *r, struct store *store, int64_t since_ms,
	struct arena *arena, struct hark_err *err);
/* When it is asked next, and whether it rests; after source_view_load(). */
void source_view_hours(struct source_view *r, int64_t now_ms);
/* One object. */
void source_view_json(struct jsonout *j, const struct source_view *r);
/* Appends where programs send to the source, or where hubs call it, without what must stay secret; nothing
 * for a source that is only asked, and where hark does not listen. */
void source_view_address(const struct conf *c, const struct conf_source *s, struct buf *out);

#endif
