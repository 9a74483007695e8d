/* A source at run time: its configuration, its connector's context and what is remembered of it.
 *
 * A source belongs to the scheduler while it waits. While it is polled it travels whole, with the
 * reply, through worker and writer, and comes home after the commit; only its holder touches it. */
#ifndef HARK_PIPELINE_SOURCE_H
#define HARK_PIPELINE_SOURCE_H

#include "connectors/collect.h"
#include "monitor/pipeline/batch.h"
#include "monitor/pipeline/more.h"
#include "monitor/pipeline/push.h"
#include "monitor/pipeline/setup.h"
#include "monitor/store/rates.h"
#include "monitor/store/source_state.h"

struct source {
	struct setup *setup; /* a count, so that conf stays */
	const struct conf_source *conf;
	const struct hark_connector *connector;
	void *ctx;                  /* the connector's, owned */
	uint64_t place;             /* where it is polled: connector and first address */
	struct source_state *state; /* owned, one block */

	/* The pages of the poll under way. */
	char *asked_url;       /* owned; of the first request, as planned; NULL: not asked yet */
	struct more_list more; /* what is to be asked next in this poll */
	unsigned page;         /* 0: the first */
	char *next_cursor;     /* owned; what the connector said last, stored with the last page */
	uint64_t *seen;        /* owned; fingerprints of the items of all pages so far */
	size_t seen_n, seen_cap;
	bool met_known; /* an item of the last poll */
	bool missed;    /* the connector says so */
	bool unchanged; /* the first page is that of the last poll */
	struct gap gap; /* that this poll ends, seen at its first page */
	struct source_state
		*pending; /* owned; what the first page said, stored with the last one */

	/* How it is asked: of the request planned last, as long as the connector's context. */
	const struct hark_auth *auth; /* NULL: none */
	const struct hark_bucket *buckets;
	size_t buckets_n;
	struct hark_cost cost; /* of the first request of a poll */
	int64_t request_units; /* of the request planned last */
	int64_t sent_units;    /* of all that went out since the state was stored */
	enum hark_transport transport;
	const char *const *args; /* PROCESS */
	size_t args_n;
	bool tells_unchanged; /* the connector wants to know when nothing has changed */
	bool files_left;      /* FILE: others wait to be read */
	bool listens; /* it is heard over a stream, whatever `transport` the request under way has */
	bool is_events;   /* … of server-sent events */
	size_t event_max; /* … of so many bytes at most */
	bool opening;     /* … which is connected again, and what was missed is being read */
	bool holds;       /* … for so long that it is a success */
	int64_t cut_ms;   /* … after it was heard last at this time, wall clock */
	bool subscribed;  /* its hub tells of its news, as of when it went to a worker */
	bool stored;      /* the last batch has been committed */
	int64_t damage_told_ms; /* wall clock; of parts left out, so that not every reply or message says so */
	struct push *pushes; /* owned; wait for their turn, oldest first */
	struct push *push;   /* owned; the one it is out with; NULL: it is polled */
	bool secret_in_url;  /* what was sent is not what may be kept */
	/* How full they were when the reply came; with secrets, the first is what all who use them wait for. */
	struct rate_fill *rates; /* owned, RATES_MAX; NULL: it has filled none, as most never do */
	size_t rates_n;
	int64_t hold_until_ms; /* wall clock; the source wants nothing with this credential before */

	bool called;  /* an admin wants it polled, whatever its hours; set by the scheduler */
	bool accepts; /* … and takes the newest file it refused for right */

	/* The scheduler's; nobody else reads them. */
	size_t slot;              /* in its heap */
	int64_t due_ms;           /* steady clock */
	bool out;                 /* under way: not in the heap */
	bool polled;              /* at least once since it was installed */
	bool orphan;              /* not in the configuration any more: freed when it comes home */
	struct source *heir;      /* of one that is out: takes its memory over when it comes home */
	struct source *elder;     /* of an heir: whom it waits for; it is not in the heap */
	struct source *home_next; /* in the list of those that came home */
	struct listener *listener; /* of one that is listened to now, owned */
	struct source *listen_prev, *listen_next;
	unsigned short_streams; /* connections in a row that ended within seconds */
	struct crowd *crowd;    /* its host, while it has a place in fetch or stands in line, … */
	bool in_line;           /* … where it is not in the heap */
	struct source *line_prev, *line_next;
	bool is_plain;    /* its hub tells of nothing any more, which is to be seen to at home */
	bool ails;        /* as of when it was last at home */
	int64_t heard_ms; /* the same; wall clock */
	bool stands;      /* polled in place of another, as far as was said */
	bool stood_by;    /* it has not been polled since it stands in for another, … */
	int64_t stands_since_ms; /* … who was heard last then: what is older is no news */
	enum { WISH_NONE, WISH_PAUSE, WISH_RESUME } wish; /* for when it comes home */
};

/* Opens the connector of sources[i]. The sentence names the place in the configuration. */
int source_new(struct source **out, struct setup *setup, size_t i, struct hark_err *err);
void source_free(struct source *s); /* NULL is fine */

/* Forgets what `state` knows of another place than the source's: validators, cursor and items belong to an
 * address, and the first poll of a new one is a baseline again. Whether it is paused stays. True: it was
 * of another place. */
bool source_settle_in(struct source *s);

/* An admin has paused it, here or in the configuration. */
bool source_rests(const struct source *s);
/* It is asked in certain hours only, and `wall_ms` is in none of them. */
bool source_is_closed(const struct source *s, int64_t wall_ms);

/* One block that holds the state and every string in it; free() it. NULL: no memory. */
struct source_state *source_state_pack(const struct source_state *s);

/* Remembers a copy of `state` from now on. False: no memory, and nothing changed. */
bool source_take_state(struct source *s, const struct source_state *state);

/* Whose posts it gives: of the source it stands in for, else its own. */
struct str source_posts(const struct source *s);
/* Replaces a text that the source owns. False: no memory, and the old one stays. */
bool source_keep(char **to, const char *text);

/* Forgets the pages of the last poll. */
void source_pages_reset(struct source *s);

#endif
