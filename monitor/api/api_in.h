/* What the files of the API share. */
#ifndef HARK_API_API_IN_H
#define HARK_API_API_IN_H

#include "monitor/api/api.h"
#include "monitor/api/call.h"
#include "monitor/model/lead.h"

#include <stdatomic.h>

/* As struct api_options.write. */
int api_write(struct api *api, int (*fn)(struct store *s, void *arg, struct hark_err *err),
	void *arg, struct hark_err *err);
/* As api_write(), for when a token or a session was used last, which is no reason to refuse a request: what
 * fails is told in the log, once until it goes well again. */
void api_remember_use(struct api *api,
	int (*fn)(struct store *s, void *arg, struct hark_err *err), void *arg);
/* As struct api_options.ask. */
int api_ask(struct api *api, const char *request_json, struct buf *reply, struct hark_err *err);

/* Who may. */
enum need {
	NEED_NOBODY,  /* who logs in, or has a link */
	NEED_FEED,    /* the token in the path, of scope feed */
	NEED_METRICS, /* any token */
	NEED_READ,    /* any user */
	NEED_WORK,    /* any but a viewer, with a token that writes */
	NEED_ADMIN,   /* the same, an admin */
	NEED_PRIVACY, /* the same, an admin or compliance */
	NEED_DESK,    /* the same, marketing, the head of sales or an admin */
};

/* Set as soon as the API stops: what takes long ends then. */
const atomic_bool *api_stopping(const struct api *api);
struct fetch;
/* While a handler asks the network through `fetch`, so that api_stop() stops it. False: it has begun. */
bool api_hold_fetch(struct api *api, struct fetch *fetch);
void api_let_go(struct api *api, struct fetch *fetch);

/* As store_scrub(), on a connection of its own. */
int api_scrub(struct api *api, struct hark_err *err);

/* Requests answered since the start. */
struct api_counts {
	long long well, refused, failed; /* up to 399, 4xx, 5xx */
};
void api_counts(struct api *api, struct api_counts *out);
/* One more, with that status. */
void api_count(struct api *api, int status);

/* One backtest at a time. False: one runs. */
bool api_backtest_begin(struct api *api);
void api_backtest_end(struct api *api);

/* The type of a rule file (RFC 9512). */
#define ROUTE_RULES "application/yaml"
/* A list of feeds (https://opml.org/spec2.opml). */
#define SOURCES_OPML "text/x-opml"

struct route {
	const char *method, *path; /* at most one {…}, which stands for a whole part */
	enum need need;
	void (*handle)(struct call *c);
	const char *takes; /* the type of its body; NULL: JSON */
};
/* Of whatever type, and the handler may look at it. */
#define ROUTE_TAKES_ANY "*/*"

/* Ends with a NULL method. */
extern const struct route api_routes[];
/* NULL: nothing is there. *others: the methods that something is there for, "GET, POST", "" if there are none. */
#define METHODS_MAX 64
const struct route *route_find(
	struct str method, struct str path, struct str *arg, char others[METHODS_MAX]);

/* Names that may stand in its query, one space between them; NULL: whatever does is nobody's business. */
const char *route_query(const struct route *r);
/* Whether the query has no others. False: the call is answered. */
bool route_asks_what_is_known(struct call *c);

/* Who answers: what takes long has threads of its own, so that nothing else waits for it. */
enum crew {
	CREW_RECORDS,
	CREW_OUTSIDE, /* asks the network */
	CREW_RULES,   /* goes through thousands of posts */
	CREW_NUMBERS, /* goes through all leads of a time */
	CREWS,
};
enum crew route_crew(const struct route *r);

/* Finds out who asks. False: the call is answered. */
bool auth_call(struct call *c);
/* Whether what somebody showed still stands, and for the same user, role and scope; so where that cannot be read. */
bool auth_stands(
	struct store *s, const struct pass *pass, const struct principal *who, int64_t now_ms);

enum found {
	FOUND_NOBODY,
	FOUND_SOMEBODY,
	FOUND_ANSWERED, /* the call is */
};
/* Whether the request comes from a page of ours. False: the call is answered. */
bool session_same_origin(struct call *c);
/* One more try by somebody who is not logged in, at `what`: a name, a token. False: it comes from another page, or after
 * too many others, and the call is answered. */
bool session_may_try(struct call *c, struct str what);
/* c->who is logged in from here on: answers with a cookie. */
void session_open(struct call *c);
/* Who asks by a cookie. */
enum found session_find(struct call *c);
/* Before a password is looked at. 0: go on; else how long to wait. */
int64_t api_try_login(struct api *api, struct str user, const char *client);
void api_login_was_good(struct api *api, struct str user, const char *client);

/* The rule of that id that is loaded, of whatever status. */
struct rule_info;
bool rules_find(const struct call *c, struct str id, struct rule_info *out);
/* Reads the configuration anew. HARK_ESTATE: it is wrong, says the sentence. */
int status_reload(struct call *c, struct hark_err *err);

struct lead_filter;
/* What the query asks for, one lead more than it wants. False: the call is answered. */
bool leads_filter(struct call *c, int64_t limit_default, int64_t limit_max, struct lead_filter *f);
/* Whoever may not see it is told that it is not there: HARK_ENOENT. */
int leads_load_seen(
	struct store *s, const struct call *c, int64_t id, struct lead *lead, struct hark_err *err);

/* The source of the name in the path. False: there is none, and the call is answered. */
bool sources_named(struct call *c, const struct conf_source **source);

/* The resources, one file each. */
void leads_list(struct call *c);
void leads_show_one(struct call *c);
void leads_claim(struct call *c);
void leads_release(struct call *c);
void leads_star(struct call *c);
void leads_unstar(struct call *c);
void leads_assign(struct call *c);
void leads_answer(struct call *c);
void leads_outcome(struct call *c);
void leads_dismiss(struct call *c);
void leads_snooze(struct call *c);
void leads_undo(struct call *c);
void leads_judge(struct call *c);
void leads_why(struct call *c);
void signals_why(struct call *c);
void why_not_show(struct call *c);
void leads_credit_show(struct call *c);
void leads_credit_note(struct call *c);
void imports_list(struct call *c);
void imports_add(struct call *c);
void imports_undo(struct call *c);
void alert_routes_list(struct call *c);
void alert_routes_test(struct call *c);
void receivers_list(struct call *c);
void receivers_test(struct call *c);
void receivers_subscribe(struct call *c);
void alerts_list(struct call *c);
void alerts_send_again(struct call *c);
void me_show(struct call *c);
void people_list(struct call *c);
void people_show_one(struct call *c);
void accounts_list(struct call *c);
void accounts_show_one(struct call *c);
void rules_list_all(struct call *c);
void rules_show_one(struct call *c);
void rules_check_text(struct call *c);
void rules_test_text(struct call *c);
void rules_diff_text(struct call *c);
void rules_preview(struct call *c);
void rules_backtest_text(struct call *c);
void rules_save(struct call *c);
void near_misses_show(struct call *c);
void near_misses_take(struct call *c);
void near_misses_judge(struct call *c);
void tuning_show(struct call *c);
void silences_list(struct call *c);
void silences_add(struct call *c);
void silences_end(struct call *c);
void privacy_opt_out_some(struct call *c);
void privacy_erase_some(struct call *c);
void privacy_export_some(struct call *c);
void privacy_list_due(struct call *c);
void privacy_show_notices(struct call *c);
void privacy_show_retention(struct call *c);
void audit_list(struct call *c);
void audit_check_all(struct call *c);
void privacy_note_informed(struct call *c);
void privacy_note_informed_of_lead(struct call *c);
void sources_list_all(struct call *c);
void sources_show_one(struct call *c);
void sources_accept(struct call *c);
void sources_opml(struct call *c);
void sources_bring_opml(struct call *c);
void sources_pause(struct call *c);
void sources_resume(struct call *c);
void sources_poll(struct call *c);
void sources_find_feeds(struct call *c);
void sources_add(struct call *c);
void sources_remove(struct call *c);
void sources_try(struct call *c);
void sources_try_new(struct call *c);
void connectors_list(struct call *c);
void overview_show(struct call *c);
void reports_show(struct call *c);
void status_show(struct call *c);
void config_reload(struct call *c);
void metrics_show(struct call *c);
void events_watch(struct call *c);
void search_all(struct call *c);
void moves_list(struct call *c);
void references_list(struct call *c);
void references_show_one(struct call *c);
void requests_list(struct call *c);
void requests_show_one(struct call *c);
void requests_match(struct call *c);
void references_nominate(struct call *c);
void references_ask(struct call *c);
void references_grant(struct call *c);
void references_refuse(struct call *c);
void references_withdraw(struct call *c);
void references_reopen(struct call *c);
void references_hold(struct call *c);
void references_unhold(struct call *c);
void references_assign(struct call *c);
void references_use(struct call *c);
void references_tell_outcome(struct call *c);
void references_sign(struct call *c);
void references_thank(struct call *c);
void references_undo(struct call *c);
void references_brief(struct call *c);
void references_coach(struct call *c);
void references_add_value(struct call *c);
void values_list(struct call *c);
void values_undo(struct call *c);
void tasks_list(struct call *c);
void tasks_done(struct call *c);
void service_list(struct call *c);
void accounts_clear(struct call *c);
void accounts_owner(struct call *c);
void peeks_list(struct call *c);
void peeks_admit(struct call *c);
void peeks_revoke(struct call *c);
void peeks_undo(struct call *c);
void quotes_list(struct call *c);
void proof_list(struct call *c);
void prospect_list(struct call *c);
void pack_show(struct call *c);
void requests_add(struct call *c);
void requests_supply(struct call *c);
void requests_fulfil(struct call *c);
void requests_decline(struct call *c);
void requests_call_off(struct call *c);
void requests_undo(struct call *c);
void reviews_list(struct call *c);
void reviews_show_one(struct call *c);
void reviews_accept(struct call *c);
void reviews_reject(struct call *c);
void reviews_undo(struct call *c);
void leave_show(struct call *c);
void leave_now(struct call *c);
void first_user_make(struct call *c);
void session_begin(struct call *c);
void session_show(struct call *c);
void session_end(struct call *c);
void moves_show_one(struct call *c);
void leads_export(struct call *c);
void leads_timeline(struct call *c);
void leads_atom(struct call *c);
void outcomes_take(struct call *c);

#endif
