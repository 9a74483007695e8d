/* A source described by a file: what definition.c makes of the text and rest.c runs.
 *
 * The format is hark-connectors(7). A definition is checked when it is read, with the place of every
 * mistake; afterwards it is immutable, and any thread may run it. */
#ifndef HARK_CONNECTORS_DEFINITION_H
#define HARK_CONNECTORS_DEFINITION_H

#include "connectors/condition.h"
#include "connectors/connector.h"
#include "connectors/form.h"
#include "monitor/base/diag.h"
#include "monitor/base/hours.h"

#define DEFINITION_PAGES_MAX 50
#define DEFINITION_BYTES_MAX (1u << 20)

/* Values of a run that fill blanks, behind the definition's own vars. */
enum run_var {
	RUN_CURSOR, /* as the source gave it */
	RUN_SINCE_EPOCH,
	RUN_SINCE_MS,
	RUN_SINCE_ISO,
	RUN_SINCE_DATE,
	RUN_NOW,
	RUN_TODAY,
	RUN_PAGE,
	RUN_OFFSET,
	RUN_PAGE_CURSOR, /* what the page before said */
	RUN_SIZE,
	RUN_VARS,
};
extern const char *const run_var_names[RUN_VARS];

enum target_type {
	TARGET_TEXT,
	TARGET_TIME,
	TARGET_COUNT,
	TARGET_LIST,
	TARGET_BOOL,
	TARGET_CHOICE,
};

/* A field of a record (targets.c). */
struct target {
	const char *name;
	enum target_type type;
	size_t offset; /* in struct hark_post or hark_profile */
	const char *about;
};
extern const struct target post_targets[], profile_targets[]; /* end with a NULL name */

struct alternative {
	const struct pointer *pointers; /* all they find is one list */
	size_t pointers_n;
	const struct form *form; /* a template or constant instead, or NULL */
	struct transforms steps;
	const struct conditions *when; /* NULL: always */
};

struct field {
	const struct target *target;
	struct alternative *alternatives;
	size_t n, cap;
};

struct mapping {
	struct field *fields;
	size_t n, cap;
};

struct parameter {
	struct str name;
	struct form *forms; /* more than one: the parameter is repeated */
	size_t n;
	bool repeats; /* the form is one blank of a list: one parameter an element */
	bool is_number;
};

struct parameters {
	struct parameter *v;
	size_t n, cap;
};

enum body_kind {
	BODY_NONE,
	BODY_FORM,
	BODY_JSON,
	BODY_GRAPHQL,
};

struct request_form {
	const char *method;
	struct form url;
	struct parameters query, headers, fields; /* fields: of the body */
	enum body_kind body;
	struct str graphql;
	int no_redirects, whole; /* as in struct hark_request */
};

enum cursor_kind {
	CURSOR_NONE,
	CURSOR_SEEN_SET,
	CURSOR_MAX_ID,
	CURSOR_MAX_TIME,
	CURSOR_STOP_AT,
	CURSOR_ANCHOR,
	CURSOR_TOKEN,
	CURSOR_SNAPSHOT,
};

struct cursor_rule {
	enum cursor_kind kind;
	struct field from; /* what is compared; its target is not used */
	bool is_time;      /* stop_at: a time, no id */
	int64_t overlap_ms;
	int64_t initial_ms; /* max_time: how far the first poll looks back; 0: not at all */
	int64_t misses;     /* snapshot: healthy polls before what vanished counts as removed */
	struct field watch; /* snapshot: fields whose change counts */
	bool account; /* snapshot: the reply is one account, no list of those who belong to it */
};

enum paging_kind {
	PAGING_NONE,
	PAGING_PAGE,
	PAGING_OFFSET,
	PAGING_CURSOR,
	PAGING_LINK_HEADER,
	PAGING_URL_IN_BODY,
	PAGING_BEFORE_SMALLEST_ID,
	PAGING_REPEAT,
};

struct paging_rule {
	enum paging_kind kind;
	int64_t start, size, max_pages;
	const struct pointer *next;     /* CURSOR, URL_IN_BODY, BEFORE_SMALLEST_ID: in the item */
	const struct pointer *total;    /* OFFSET: how many there are; PAGE: pages */
	const struct pointer *has_more; /* false: the last page */
	const char *rel;                /* LINK_HEADER */
	bool whole_list;                /* the list means nothing in part: also at the first poll */
};

enum item_format {
	ITEMS_JSON,
	ITEMS_NDJSON,
	ITEMS_XML,
	ITEMS_CSV,
	ITEMS_EVENTS, /* server-sent: [{"event", "id", "data"}]; of a stream alone */
};

struct lookup {
	struct pointer in;  /* where the elements are */
	struct pointer key; /* in the element */
	struct field by;    /* of the item; its target is not used */
};

struct items_rule {
	enum item_format format;
	const struct pointer *pointers;
	size_t pointers_n;
	const struct pointer *children; /* items inside items, NULL: none */
	bool parallel;                  /* columns side by side instead of rows */
	bool unique;                    /* of items with one id in a reply the first counts */
	struct conditions skip, keep, opt_out; /* opt_out: who is behind it asks to be left alone */
	struct lookup lookups[LOOKUPS_MAX];
	size_t lookups_n;
};

/* What is heard instead of asked for; `request` then reads what was missed between two connections. */
struct stream_rule {
	bool present, websocket;
	struct form url;
	struct parameters query;
	struct items_rule items; /* format and pointer only: the rest is that of all items */
	bool resumes;            /* its address says from where on */
	int64_t idle_ms;
};

struct detail_rule {
	bool present;
	struct form url;
	struct conditions when;
	int64_t max;        /* a poll */
	bool list_is_ids;   /* the list holds ids: no record without its detail */
	bool decides;       /* it alone says whether an author opts out: no record without it */
	struct mapping map; /* goes before the definition's own */
	struct conditions skip;
};

enum error_action {
	ACTION_RETRY_LATER,
	ACTION_BACKOFF,
	ACTION_AUTH_FAILED,
	ACTION_QUOTA,
	ACTION_DISABLE,
	ACTION_IGNORE,
	ACTION_PARTIAL,
	ACTION_RESET_CURSOR,
	ACTION_EMPTY,
	ACTION_FAIL,
};

struct error_rule {
	const int64_t *statuses;
	size_t statuses_n;
	struct str content_type; /* part of it; absent: any */
	struct conditions when;
	const struct regex *body;
	enum error_action action;
	const struct pointer *message; /* in the body, or */
	struct str text;               /* as written */
	const struct pointer *seconds; /* how long to wait */
	struct str header;             /* that says the same */
	int64_t wait_ms;               /* where nothing says so */
	int midnight_offset_s;         /* QUOTA: until midnight there; INT_MAX: not asked for */
};

enum reset_kind {
	RESET_EPOCH,
	RESET_DELTA,
	RESET_ISO8601,
};

struct rate_rule {
	struct hark_bucket buckets[4];
	size_t buckets_n;
	const char *remaining, *reset; /* header names, or NULL */
	enum reset_kind reset_kind;
	const char *poll_interval;     /* header */
	const struct pointer *backoff; /* in the body: seconds to wait */
	const struct pointer *quota_remaining;
	int64_t quota_floor; /* at this many left the source rests until the next day */
	int64_t budget;      /* units a UTC day; 0: none */
	int64_t cost_request, cost_item;
};

/* One of the definition's own tests. */
struct definition_test {
	struct diag_at at;
	const char *sample; /* file beside the definition */
	const char *expect; /* the same, JSON Lines */
	const char *detail; /* reply to the detail request, or NULL */
	const char *url;    /* where the sample came from, or NULL */
	int64_t now_ms;
};

#define DEFINITION_TESTS_MAX 8

struct definition {
	struct arena arena;
	struct maker maker;              /* vars: the definition's, then the run's */
	struct hark_connector connector; /* .data points back here */
	const char *path;
	struct diag_at id_at;
	const char *source; /* "mastodon", for people */
	const struct hours
		*hours; /* when its source may be asked, where that says nothing; NULL: always */
	const char *hours_text; /* the same, for people */
	size_t vars_n;
	struct hark_setting *settings, *secrets; /* end with an empty one */
	bool *var_is_list;
	bool is_profile, is_private;
	bool is_pushed; /* the peer calls us: there is no request */
	enum hark_post_type type;
	struct hark_auth *auth; /* NULL: none. Its addresses are as written: */
	struct form auth_url, auth_refresh_url;
	struct request_form request;
	bool asks; /* there is a request */
	struct stream_rule stream;
	struct items_rule items;
	struct mapping map;
	struct detail_rule detail;
	struct cursor_rule cursor;
	struct paging_rule paging;
	struct error_rule *errors;
	size_t errors_n, errors_cap;
	struct rate_rule rate;
	size_t body_max;           /* 0: the host's */
	const char *encoding;      /* of its replies, whatever they say; NULL: what they say */
	const char *const *expect; /* content types, or parts of them, of which a reply has one */
	size_t expect_n;           /* 0: any */
	struct definition_test tests[DEFINITION_TESTS_MAX];
	size_t tests_n;
};

/* Reads and checks a definition. `path` names it in messages; the folder of its samples follows from
 * it. HARK_EPARSE: `diags` says all that is wrong. The caller owns *out: definition_free(). */
int definition_read(struct definition **out, struct str text, const char *path, struct diags *diags,
	struct hark_err *err);
/* Whether secrets may go there: they cross no network in the open; one's own is none. */
bool def_is_safe(struct str url);
void definition_free(struct definition *d); /* NULL is fine */

#endif
