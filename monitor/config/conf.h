/* The configuration as the program uses it. Built aside, checked, then immutable and counted: any
 * thread may read one it holds a count of. All strings live in the configuration's own arena.
 *
 * The option table (options.c) is the one place that names keys, types, defaults and help texts;
 * parsing, `hark check`, the man page's option list and the tests come from it. */
#ifndef HARK_CONFIG_CONF_H
#define HARK_CONFIG_CONF_H

#include "connectors/connector.h"
#include "monitor/base/diag.h"
#include "monitor/base/err.h"
#include "monitor/base/hours.h"
#include "monitor/base/recur.h"
#include "monitor/config/effects.h"
#include "monitor/config/notice.h"
#include "monitor/model/score.h"
#include "rules/rules.h"

#include <stdatomic.h>

/* A secret: where it is, never what it is, until conf_secret() is asked. */
struct conf_secret {
	enum { SECRET_NONE, SECRET_ENV, SECRET_FILE, SECRET_CREDENTIAL } from;
	const char *name; /* variable, path or credential name */
};

/* Of what is pushed: who cannot guess so many characters has no way in. */
#define CONF_TOKEN_MIN 16

struct conf_source {
	const char *name;
	const char *connector;
	const char *broken; /* why that cannot be used; NULL: it can (conf_read_running()) */
	const char *url;              /* NULL if absent; also among the vars */
	const char *folder, *format;  /* the same */
	const char *const *command;   /* NULL if absent; as a JSON array among the vars */
	const struct hark_pair *vars; /* the connector's settings, complete */
	size_t vars_n;
	const char *secret_names[4];
	struct conf_secret secrets[4];
	size_t secrets_n;
	int64_t every_ms;    /* poll interval */
	int64_t spacing_ms;  /* between two requests to its host */
	const struct hours *hours; /* it is asked in these only; NULL: always */
	int64_t backfill_ms; /* raise first-poll posts younger than this; 0: baseline only */
	bool internal;       /* may live at a private address */
	bool accepts_terms;  /* of a connector that is off without it */
	bool paused;         /* in the file; the store may pause it too */
	bool websub;         /* may subscribe at the hub it names */
	bool pushed;         /* nobody is asked: its peer sends */
	bool local;          /* so is no server: it is pushed, a folder or a program */
	const char *lang;    /* when the source does not say, or NULL */
	const char *charset; /* overrides what the source says, or NULL */
	enum { CONF_PUBLIC, CONF_PRIVATE } visibility;
	int64_t max_bytes;   /* decoded body */
	int64_t alarm_after; /* failures in a row */
	const char *const *fallback; /* names of sources polled in its place while it fails, in order */
	size_t fallback_n;
	const char *stands_for; /* the source whose fallback this is; its posts are that one's. NULL: none */
	size_t stands_at;       /* place in that fallback */
	struct diag_at at;
};

struct conf_list {
	const char *name, *file;
	const char *from, *where; /* imported records instead of a file */
	const char *const *context;
	size_t context_n;
	const char *const *forbid;
	size_t forbid_n;
	const char *const *require;
	size_t require_n;
	bool variants, class;
	struct diag_at at;
};

enum receiver_type {
	RECEIVER_STDOUT,
	RECEIVER_FILE,
	RECEIVER_EXEC,
	RECEIVER_WEBHOOK,
	RECEIVER_SLACK,
	RECEIVER_TEAMS,
	RECEIVER_DISCORD,
	RECEIVER_MAIL,
};

struct conf_receiver {
	const char *name;
	enum receiver_type type;
	const char *url;                       /* webhook */
	const char *path;                      /* file, joined with base_dir */
	const char *const *command;            /* exec: argv, NULL-terminated */
	struct conf_secret secret, old_secret; /* webhook; both sign while keys rotate */
	struct conf_secret address;            /* chats: where to post, known to nobody else */
	const char *server, *from, *to, *user; /* mail; user: NULL, without a log-in */
	struct conf_secret password;
	bool internal;                         /* may live at a private address */
	const struct hours *quiet; /* alerts wait until they are over; NULL: never */
	int64_t budget;            /* alerts in budget_per_ms; 0: any number */
	int64_t budget_per_ms;
	const struct recur *digest; /* when it gets one; NULL: none but of what a budget or a level holds */
	enum { DIGEST_TAKES_DIGEST, DIGEST_TAKES_NORMAL, DIGEST_TAKES_ALL } digest_takes;
	enum { DIGEST_EMPTY_DAILY, DIGEST_EMPTY_TELL, DIGEST_EMPTY_SKIP } when_empty;
	int64_t digest_max; /* leads it names */
	const char *const *owners; /* whose leads it gets by routes to the owner; none: its name's */
	size_t owners_n;
	const char *const *sees; /* classes of leads it may be told of, beside "all" */
	size_t sees_n;
	int64_t timeout_ms;
	struct diag_at at;
};

/* What a route names to hear of sources that need somebody; only those that name it do. */
#define CONF_KIND_SOURCE_ALARM "source-alarm"
/* The same for the desk of references: requests, deals that need one, access that is to end. */
#define CONF_KIND_REFERENCE_DESK "reference-desk"

/* A signal kind, or any; a route matches when every given condition does.
 *
 * Routes stand in the order they are written, each before those under it: [i + 1, end) are below routes[i]. Where
 * one below is taken, the route's own receivers are not. */
struct conf_route {
	const char *const *kinds;
	size_t kinds_n; /* 0: every kind */
	const char *const *rules;
	size_t rules_n;
	const char *const *routes; /* the rule's `route:` names */
	size_t routes_n;
	const char *const *types; /* of the account the lead is about: customer, prospect … */
	size_t types_n;
	const char *const *territories;
	size_t territories_n;
	const char *const *products;
	size_t products_n;
	const char *const *segments;
	size_t segments_n;
	int64_t score_min;       /* 0..100 */
	bool goes_on;            /* where it is taken, those after it beside it are looked at, too */
	size_t end;              /* behind what is below it */
	unsigned depth;          /* 0: at the top */
	bool to_owner;           /* the receiver of the lead's owner is one of them */
	const size_t *receivers; /* indices into conf.receivers */
	size_t receivers_n;
	struct diag_at at;
};

/* A lead that never was, and who must be told of it. NULL: not said. */
struct conf_route_test {
	const char *about;
	const char *kind, *rule, *route, *owner; /* of the lead; owner: whom its rule names */
	int64_t score;
	/* of the account it is about */
	const char *type, *territory, *region, *industry, *product, *segment, *account_owner;
	const char *channel, *partner, *preferred;
	const char *at; /* RFC 3339; NULL: outside of all quiet hours */
	int64_t at_ms;
	const char *const *to;
	size_t to_n; /* 0: nobody */
	const char *const *held;
	size_t held_n;
	struct diag_at place;
};

/* What routes call the receiver of whoever owns the lead. */
#define CONF_TO_OWNER "owner"

/* Routes below routes below routes: so deep at most. */
#define CONF_ROUTE_DEPTH_MAX 8

/* A row of the territory table: who owns leads about accounts like these. NULL: any. */
struct conf_territory {
	const char *territory, *region, *industry, *segment, *product;
	const char *owner;
	unsigned line;
};

/* Whose sale it is, see monitor/leads/credit.h. */
struct conf_credit {
	int64_t territory, originator, helper; /* weights */
	int64_t steps;                         /* of talk back from the lead */
	int64_t within_ms;                     /* before it */
};

/* What had a part in a won deal, see monitor/references/value.h. */
struct conf_value {
	int64_t within_ms; /* before the deal was created */
	const char *const *channels;
	size_t channels_n;
};

/* When weak signals of an account are a lead together, see monitor/leads/build_up.h. */
struct conf_build_up {
	int64_t score; /* so much they must add up to; 0: never */
	int64_t half_ms, window_ms;
	const char *const *kinds;
	size_t kinds_n; /* 0: those of somebody who may buy */
};

/* Whether those who reply to an announced purchase are leads. */
struct conf_second {
	int64_t cap; /* so many of one announcement; 0: none */
	int64_t score;
	bool consumers; /* those of people who bought for themselves, too */
};

/* A rule that the configuration names somewhere. Whether there is one is known when the rules are loaded. */
struct conf_rule_name {
	const char *rule;
	struct diag_at at;
	const char *line; /* that it stands in */
};

/* Which questions are leads only if nobody answers them. */
struct conf_unanswered {
	int64_t after_ms; /* 0: none waits */
	int64_t score;    /* at least */
	enum { ANSWERED_BY_ANYONE, ANSWERED_BY_STAFF } answered_by;
	const char *const *rules;
	size_t rules_n; /* 0: those of kind question */
	const char *const *sources;
	size_t sources_n; /* 0: any */
	const char *const *accounts;
	size_t accounts_n; /* the same */
};

/* Who answers for it that findings of rules of flag sensitive are like others; rules_n 0: none is. */
struct conf_sensitive {
	const char *const *rules;
	size_t rules_n;
	const struct diag_at *rules_at; /* where each was written */
	const char *by, *why;
};

/* What is promised to whoever comes with a code that a customer has passed on (monitor/leads/offer.h). */
#define OFFER_CODE_MIN 4
#define OFFER_TEXT_MAX 500 /* bytes: several stand in one alert */
struct conf_offer {
	const char *code;
	const char *text;       /* what they get */
	const char *disclosure; /* what has to be said of what whoever recommends gets for it */
	struct diag_at at;
};

/* Leads of these kinds are not told while something is open at the account. */
struct conf_inhibit {
	const char *const *kinds;
	size_t kinds_n; /* 0: every kind */
	enum { INHIBIT_DEAL, INHIBIT_CASE } while_open;
	struct diag_at at;
};

/* Who keeps the gate of references at accounts like these; no condition fits all. Owner, gatekeeper and second are names,
 * or words for whoever that is at the account (monitor/references/owners.h). NULL: the owner, and nobody. */
struct conf_ref_owner {
	const char *const *motions;
	size_t motions_n;
	const char *const *channels;
	size_t channels_n;
	const char *const *segments;
	size_t segments_n;
	const char *const *types;
	size_t types_n;
	const char *const *regions;
	size_t regions_n;
	const char *const *products;
	size_t products_n;
	const char *owner, *gatekeeper, *second;
	struct diag_at at;
};

/* Praise from accounts like these is for compliance first. NULL: any. */
struct conf_ref_regulated {
	const char *industry, *product, *region;
	const char *why;
	struct diag_at at;
};

/* A request for a reference that is refused: all that is given must hold. */
struct conf_ref_request {
	const char *name; /* of the rule */
	const char *const *stages;
	size_t stages_n;
	int64_t below;        /* whole units of its currency; 0: not asked */
	const char *currency; /* of what is below; NULL: any */
	int64_t open;         /* so many requests are open for the opportunity; 0: not asked */
	int64_t owes;         /* so many more the rep has borrowed than lent; 0: not asked */
	const char *why;      /* NULL: the rule's name says it */
	struct diag_at at;
};

/* How often somebody may be asked, and what keeps them from being asked. */
struct conf_refs {
	int64_t service_ms; /* an unhappy account is left alone so long, unless it is cleared */
	int64_t cap_person, cap_account, cap_activity, cap_window_ms;
	int64_t rest_ms; /* whoever was tepid twice rests so long */
	int64_t ask_ms; /* whoever is asked for permission has so long */
	enum { REFS_DEAL_WARN, REFS_DEAL_BLOCK } open_deal;
	const char *marketing; /* who owns what no rep does, or NULL */
	int64_t first_ms;      /* a request has its first name after so long … */
	int64_t request_ms;    /* … and ends after so long */
	const char *const *late_stages; /* of deals that need a reference */
	size_t late_stages_n;
	const struct conf_ref_request *requests;
	size_t requests_n;
	const struct conf_ref_owner *owners;
	size_t owners_n;
	const struct conf_ref_regulated *regulated;
	size_t regulated_n;
};

struct conf {
	struct arena arena;
	atomic_int refs;
	const char *path;     /* of the main file */
	const char *base_dir; /* relative paths in it start here */

	const char *contact; /* mailto: or http(s): of the operator; goes into the User-Agent */
	const char *operator_name; /* or NULL */
	const char *lawful_basis;
	const char *store;   /* sqlite:PATH, joined with base_dir; NULL: what is written there is wrong */
	const char *control; /* path of the control socket */

	const char *http_listen;
	const char *http_public_url; /* where hubs reach http_listen, or NULL */
	const char *http_user_header; /* who a proxy says it is, or NULL */
	bool http_behind_tls; /* and listening beyond this machine is wanted */
	int64_t http_timeout_ms, http_connect_timeout_ms;
	int64_t http_parallel;   /* transfers at once */
	int64_t http_per_host;   /* transfers at once to one host */
	int64_t http_max_bytes;  /* default of sources[].max-body */
	int64_t http_spacing_ms; /* default of sources[].spacing */
	int64_t workers;         /* threads; 0: one a processor */

	const struct conf_list *lists;
	size_t lists_n;
	const char *const *rules; /* paths, globs, packs/NAME */
	const struct diag_at *rules_at;
	size_t rules_n;
	const struct conf_source *sources;
	size_t sources_n;
	const struct conf_receiver *receivers;
	size_t receivers_n;
	const struct conf_route *routes;
	size_t routes_n;
	const struct conf_route_test *route_tests;
	size_t route_tests_n;

	const char *territories_path; /* CSV, or NULL */
	const struct conf_territory *territories; /* the first that fits decides */
	size_t territories_n;
	const char *effects_path; /* what follows from a job move; NULL: nothing */
	const struct effect *effects;
	size_t effects_n;
	const struct conf_inhibit *inhibits;
	size_t inhibits_n;
	struct score_weights score;
	struct conf_credit credit;
	struct conf_value value;
	struct conf_build_up build_up;
	struct conf_second second;
	const struct conf_offer *offers;
	size_t offers_n;
	struct conf_unanswered unanswered;
	const struct conf_rule_name *rule_names;
	size_t rule_names_n;
	struct conf_sensitive sensitive;
	struct conf_refs references;
	int64_t alarms_gather_ms; /* alarms wait so long for company */
	int64_t keep_unmatched_ms, keep_leads_ms;
	const char *privacy_contact;
	const char *privacy_lang; /* of notices for those whose language is not known, or NULL */
	const struct conf_notice *notices; /* with those that came with hark */
	size_t notices_n;
	const struct hark_pair *notice_files, *purposes; /* as written */
	size_t notice_files_n, purposes_n;
	bool privacy_recheck; /* links that leads rest on are looked at again */
};

/* Reads `path` and what it includes (every .yaml file of conf.d beside it). All findings go into `diags`; with
 * any error there is no configuration. The caller owns one count of *out. */
int conf_load(struct conf **out, const char *path, struct diags *diags, struct hark_err *err);
/* As conf_load(), with `extra` read as one more file of conf.d, called `extra_name` in findings. */
int conf_load_with(struct conf **out, const char *path, struct str extra, const char *extra_name,
	struct diags *diags, struct hark_err *err);
/* As conf_load(), but gives what could be read even when there are errors (HARK_EPARSE): for checks
 * that go on to the rules, never for use. */
int conf_read(struct conf **out, const char *path, struct diags *diags, struct hark_err *err);
/* As conf_read(), for a daemon that starts (`running` NULL) or reloads: a connector that cannot be used is
 * a warning, and its source `broken`, unless that worked in `running`. What is HARK_OK is for use. */
int conf_read_running(struct conf **out, const char *path, const struct conf *running,
	struct diags *diags, struct hark_err *err);
struct conf *conf_ref(struct conf *c);
void conf_unref(struct conf *c); /* NULL is fine */

/* -c FILE, else $HARK_CONFIG, else ./hark.yaml, else the system's. Borrowed, static. */
const char *conf_default_path(void);

/* Where the shipped rule packs are: $HARK_PACKS, else beside the program in a build folder or a moved
 * tree, else the installed folder. Looked up once; static. Any thread. */
const char *conf_packs_dir(void);
/* What every request says it is: hark, its version and the operator's contact. */
#define CONF_AGENT_MAX 600
void conf_user_agent(const struct conf *c, char out[CONF_AGENT_MAX]);
/* What ruleset_load() needs to know; arrays in `arena`, strings borrowed from the configuration. */
int conf_rules_source(
	const struct conf *c, struct arena *arena, struct rules_source *out, struct hark_err *err);

/* The secret's bytes, without a final newline, appended to `out` (the caller wipes and releases
 * it). HARK_ENOENT names where it was looked for, never the value. */
int conf_secret(
	const struct conf_secret *s, const char *base_dir, struct buf *out, struct hark_err *err);

#endif
