/* Runs a connector and keeps what it gives: the host side of connectors/connector.h, the same for
 * the daemon's workers, the command line, fixtures and fuzzers.
 *
 *	void *ctx = NULL;
 *	if (collect_open(connector, settings, n, &ctx, err) == HARK_OK) {
 *		collect_plan(connector, ctx, cursor, now_ms, &request, &arena, err);
 *		… fetch request …
 *		rc = collect(&got, connector, ctx, STR("acme-news"), &reply, &arena, err);
 *		… use got.posts until the arena is released …
 *	}
 *	collect_close(connector, ctx);
 *
 * Everything in `struct collected` lives in the arena that was given, which must outlive it; nothing
 * of the reply is referred to afterwards. Texts are valid UTF-8 without NUL and cut at the ceilings
 * below. A context has one user at a time. */
#ifndef HARK_CONNECTORS_COLLECT_H
#define HARK_CONNECTORS_COLLECT_H

#include "connectors/connector.h"
#include "monitor/base/arena.h"
#include "monitor/base/diag.h"
#include "monitor/base/err.h"
#include "monitor/model/post.h"

/* Bytes a field may have; what is longer is cut at a character. An id too long ends in '~' and a fingerprint of the
 * whole, so that two of them never become one. */
#define COLLECT_TEXT_MAX (1 << 20)
#define COLLECT_TITLE_MAX 4096
#define COLLECT_FIELD_MAX 4096 /* ids, addresses, names … */
/* Posts and profiles of one reply (a profile is small, and an export of 100,000 people one reply), and
 * members of one list in a record; what is more is counted as dropped. */
#define COLLECT_RECORDS_MAX 20000
#define COLLECT_PROFILES_MAX 250000
#define COLLECT_LIST_MAX 500

struct collected_feed {
	struct str format; /* "rss20", "atom10", "json11" …; absent: the connector said nothing */
	struct str title, url, description, lang, hub, self, next, generator;
	int64_t updated; /* wall clock milliseconds, 0 unknown */
	int64_t ttl_s;   /* 0: it does not say */
	bool expired;
};

#define COLLECT_OPTED_OUT "author opted out" /* the reason where people ask to be left alone */
#define COLLECT_SKIPS_MAX 16                 /* different reasons; the last takes all others */
struct collected_skip {
	struct str why;
	size_t items;
};

/* An item that became no record, where the connector says which it was. */
#define COLLECT_REJECTS_MAX 100
struct collected_reject {
	long item; /* from 0 */
	struct str why;
};

struct collected {
	struct post *posts; /* in the order of the document; post.deleted marks a tombstone */
	size_t posts_n, posts_cap;
	struct hark_profile *profiles;
	size_t profiles_n, profiles_cap;
	struct collected_feed feed;
	struct str cursor;         /* absent: unchanged */
	struct hark_request *more; /* pages asked for */
	size_t more_n, more_cap;
	bool degraded;                       /* the document is damaged, yet gave what is above */
	long degraded_line, degraded_column; /* from 1, 0 unknown */
	struct str degraded_why;             /* one sentence */
	struct str noted; /* of a sound record a part is left out: one sentence; absent: none */
	long noted_line, noted_column;
	bool missed;               /* more was published than this poll reaches back to */
	int64_t spent;             /* units of the day's, beside the request's */
	int64_t again_ms;          /* when the next slice is due, from now; 0: not said */
	struct str progress;       /* absent: not said */
	size_t lost;               /* records beyond the ceilings; `degraded` says so */
	size_t dropped;            /* records or list members beyond the ceilings */
	enum hark_refusal refusal; /* what a failure means */
	struct str
		refused_why; /* of a slice whose records are good all the same; absent: it is not refused */
	int64_t wait_until_ms; /* wall clock; no request with this credential before; 0: none said */
	struct collected_skip skips[COLLECT_SKIPS_MAX]; /* why items became no records */
	size_t skips_n;
	struct str
		*withdrawn; /* ids of posts whose authors have opted out: no records, and what was
	                          stored of them before has to go */
	size_t withdrawn_n, withdrawn_cap;
	struct hark_profile *withdrawn_people; /* the same of profiles: key, url and handle alone */
	size_t withdrawn_people_n, withdrawn_people_cap;
	size_t opted_out;                 /* posts and profiles left out because people ask so */
	struct collected_reject *rejects; /* the first of them */
	size_t rejects_n, rejects_cap;
	size_t skipped; /* all items that became no record */
};

/* Reads settings into a context. HARK_EINVAL with a sentence: a setting is unknown, missing or
 * wrong. Settings are borrowed until collect_close(). */
int collect_open(const struct hark_connector *c, const struct hark_pair *settings, size_t n,
	void **ctx, struct hark_err *err);
/* The same; what is wrong in files that the settings name and left out is noted as warnings of that code. */
int collect_open_noting(const struct hark_connector *c, const struct hark_pair *settings, size_t n,
	void **ctx, struct diags *diags, const char *code, struct hark_err *err);
/* The first request of a poll at `now_ms` (wall clock); it lives until the next call with this context or the release of
 * `arena`. `cursor`: NULL at the first poll. */
int collect_plan(const struct hark_connector *c, void *ctx, const char *cursor, int64_t now_ms,
	struct hark_request *request, struct arena *arena, struct hark_err *err);
/* The same where somebody asks for the poll. */
int collect_plan_called(const struct hark_connector *c, void *ctx, const char *cursor,
	int64_t now_ms, struct hark_request *request, struct arena *arena, struct hark_err *err);
/* Parses one reply. `source` becomes the source of every post. *out is written anew; after a
 * failure (HARK_EPARSE with the connector's sentence, HARK_ENOMEM, HARK_ELIMIT) it holds what came
 * before. `out->more` pages are the caller's to fetch and to hand to another collect(). */
int collect(struct collected *out, const struct hark_connector *c, void *ctx, struct str source,
	const struct hark_reply *reply, struct arena *arena, struct hark_err *err);
/* Adds a post for every profile that tells of a change, as in move.h: for connectors that give profiles
 * alone. */
int collect_moves(struct collected *out, const struct hark_connector *c, struct str source,
	bool is_private, struct arena *arena, struct hark_err *err);
void collect_close(const struct hark_connector *c, void *ctx);

#endif
