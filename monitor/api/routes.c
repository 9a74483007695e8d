/* What is served where, and who may ask. monitor/api/openapi.json describes the same; a test holds them
 * together. */
#include "monitor/api/api_in.h"

#include <stdio.h>

#define V1 "/api/v1"

const struct route api_routes[] = {
	{"GET", V1 "/leads", NEED_READ, leads_list, NULL},
	{"GET", V1 "/leads/{lead}", NEED_READ, leads_show_one, NULL},
	{"GET", V1 "/leads/{lead}/timeline", NEED_READ, leads_timeline, NULL},
	{"POST", V1 "/leads/{lead}/claim", NEED_WORK, leads_claim, NULL},
	{"POST", V1 "/leads/{lead}/release", NEED_WORK, leads_release, NULL},
	{"POST", V1 "/leads/{lead}/star", NEED_WORK, leads_star, NULL},
	{"POST", V1 "/leads/{lead}/unstar", NEED_WORK, leads_unstar, NULL},
	{"POST", V1 "/leads/{lead}/assign", NEED_WORK, leads_assign, NULL},
	{"POST", V1 "/leads/{lead}/answer", NEED_WORK, leads_answer, NULL},
	{"POST", V1 "/leads/{lead}/outcome", NEED_WORK, leads_outcome, NULL},
	{"POST", V1 "/leads/{lead}/dismiss", NEED_WORK, leads_dismiss, NULL},
	{"POST", V1 "/leads/{lead}/snooze", NEED_WORK, leads_snooze, NULL},
	{"POST", V1 "/leads/{lead}/undo", NEED_WORK, leads_undo, NULL},
	{"POST", V1 "/leads/{lead}/verdict", NEED_WORK, leads_judge, NULL},
	{"GET", V1 "/leads/{lead}/why", NEED_READ, leads_why, NULL},
	{"GET", V1 "/leads/{lead}/credit", NEED_READ, leads_credit_show, NULL},
	{"POST", V1 "/leads/{lead}/credit", NEED_WORK, leads_credit_note, NULL},
	{"GET", V1 "/signals/{signal}/why", NEED_READ, signals_why, NULL},
	{"GET", V1 "/why-not", NEED_READ, why_not_show, NULL},
	{"GET", V1 "/leads.csv", NEED_READ, leads_export, NULL},
	{"GET", V1 "/leads.atom", NEED_READ, leads_atom, NULL},
	{"POST", V1 "/outcomes", NEED_WORK, outcomes_take, "text/csv"},
	{"GET", V1 "/moves", NEED_READ, moves_list, NULL},
	{"GET", V1 "/moves/{number}", NEED_READ, moves_show_one, NULL},
	{"GET", V1 "/search", NEED_READ, search_all, NULL},
	{"GET", V1 "/references", NEED_READ, references_list, NULL},
	{"GET", V1 "/references/{reference}", NEED_READ, references_show_one, NULL},
	{"POST", V1 "/references", NEED_WORK, references_nominate, NULL},
	{"POST", V1 "/references/{reference}/ask", NEED_DESK, references_ask, NULL},
	{"POST", V1 "/references/{reference}/grant", NEED_WORK, references_grant, NULL},
	{"POST", V1 "/references/{reference}/refuse", NEED_WORK, references_refuse, NULL},
	{"POST", V1 "/references/{reference}/withdraw", NEED_WORK, references_withdraw, NULL},
	{"POST", V1 "/references/{reference}/reopen", NEED_DESK, references_reopen, NULL},
	{"POST", V1 "/references/{reference}/hold", NEED_WORK, references_hold, NULL},
	{"POST", V1 "/references/{reference}/unhold", NEED_WORK, references_unhold, NULL},
	{"POST", V1 "/references/{reference}/assign", NEED_DESK, references_assign, NULL},
	{"POST", V1 "/references/{reference}/use", NEED_WORK, references_use, NULL},
	{"POST", V1 "/references/{reference}/outcome", NEED_WORK, references_tell_outcome, NULL},
	{"POST", V1 "/references/{reference}/sign", NEED_PRIVACY, references_sign, NULL},
	{"POST", V1 "/references/{reference}/thank", NEED_WORK, references_thank, NULL},
	{"POST", V1 "/references/{reference}/undo", NEED_WORK, references_undo, NULL},
	{"GET", V1 "/references/{reference}/brief", NEED_READ, references_brief, NULL},
	{"GET", V1 "/references/{reference}/coach", NEED_READ, references_coach, NULL},
	{"POST", V1 "/references/{reference}/values", NEED_WORK, references_add_value, NULL},
	{"GET", V1 "/values", NEED_READ, values_list, NULL},
	{"POST", V1 "/values/{number}/undo", NEED_WORK, values_undo, NULL},
	{"GET", V1 "/tasks", NEED_READ, tasks_list, NULL},
	{"POST", V1 "/tasks/{number}/done", NEED_WORK, tasks_done, NULL},
	{"GET", V1 "/service", NEED_READ, service_list, NULL},
	{"GET", V1 "/peeks", NEED_READ, peeks_list, NULL},
	{"POST", V1 "/peeks", NEED_WORK, peeks_admit, NULL},
	{"POST", V1 "/peeks/{peek}/revoke", NEED_WORK, peeks_revoke, NULL},
	{"POST", V1 "/peeks/{peek}/undo", NEED_WORK, peeks_undo, NULL},
	{"GET", V1 "/quotes", NEED_READ, quotes_list, NULL},
	{"GET", V1 "/proof", NEED_READ, proof_list, NULL},
	{"GET", V1 "/prospect", NEED_READ, prospect_list, NULL},
	{"GET", V1 "/pack", NEED_READ, pack_show, NULL},
	{"GET", V1 "/requests", NEED_READ, requests_list, NULL},
	{"POST", V1 "/requests", NEED_WORK, requests_add, NULL},
	{"POST", V1 "/requests/{request}/supply", NEED_DESK, requests_supply, NULL},
	{"POST", V1 "/requests/{request}/fulfil", NEED_WORK, requests_fulfil, NULL},
	{"POST", V1 "/requests/{request}/decline", NEED_DESK, requests_decline, NULL},
	{"POST", V1 "/requests/{request}/call-off", NEED_WORK, requests_call_off, NULL},
	{"POST", V1 "/requests/{request}/undo", NEED_WORK, requests_undo, NULL},
	{"GET", V1 "/requests/{request}", NEED_READ, requests_show_one, NULL},
	{"GET", V1 "/requests/{request}/matches", NEED_READ, requests_match, NULL},
	{"GET", V1 "/people", NEED_READ, people_list, NULL},
	{"GET", V1 "/people/{number}", NEED_READ, people_show_one, NULL},
	{"GET", V1 "/accounts", NEED_READ, accounts_list, NULL},
	{"GET", V1 "/accounts/{number}", NEED_READ, accounts_show_one, NULL},
	{"GET", V1 "/accounts/{number}/owner", NEED_READ, accounts_owner, NULL},
	{"POST", V1 "/accounts/{number}/clear", NEED_WORK, accounts_clear, NULL},
	{"GET", V1 "/imports", NEED_READ, imports_list, NULL},
	{"POST", V1 "/imports/{kind}", NEED_ADMIN, imports_add, "text/csv"},
	{"POST", V1 "/imports/{number}/undo", NEED_ADMIN, imports_undo, NULL},
	{"GET", V1 "/reviews", NEED_READ, reviews_list, NULL},
	{"GET", V1 "/reviews/{number}", NEED_READ, reviews_show_one, NULL},
	{"POST", V1 "/reviews/{number}/accept", NEED_WORK, reviews_accept, NULL},
	{"POST", V1 "/reviews/{number}/reject", NEED_WORK, reviews_reject, NULL},
	{"POST", V1 "/reviews/{number}/undo", NEED_WORK, reviews_undo, NULL},
	{"GET", V1 "/silences", NEED_READ, silences_list, NULL},
	{"POST", V1 "/silences", NEED_WORK, silences_add, NULL},
	{"POST", V1 "/silences/{number}/end", NEED_WORK, silences_end, NULL},
	{"POST", V1 "/privacy/opt-out", NEED_PRIVACY, privacy_opt_out_some, NULL},
	{"POST", V1 "/privacy/erase", NEED_PRIVACY, privacy_erase_some, NULL},
	{"POST", V1 "/privacy/export", NEED_PRIVACY, privacy_export_some, NULL},
	{"GET", V1 "/privacy/due", NEED_PRIVACY, privacy_list_due, NULL},
	{"GET", V1 "/privacy/notices", NEED_PRIVACY, privacy_show_notices, NULL},
	{"GET", V1 "/privacy/retention", NEED_PRIVACY, privacy_show_retention, NULL},
	{"GET", V1 "/audit", NEED_PRIVACY, audit_list, NULL},
	{"GET", V1 "/audit/check", NEED_PRIVACY, audit_check_all, NULL},
	{"POST", V1 "/leads/{lead}/informed", NEED_PRIVACY, privacy_note_informed_of_lead, NULL},
	{"POST", V1 "/people/{number}/informed", NEED_PRIVACY, privacy_note_informed, NULL},
	{"GET", V1 "/rules", NEED_READ, rules_list_all, NULL},
	{"GET", V1 "/rules/{name}", NEED_READ, rules_show_one, NULL},
	{"PUT", V1 "/rules/{name}", NEED_ADMIN, rules_save, ROUTE_RULES},
	{"POST", V1 "/rules/check", NEED_ADMIN, rules_check_text, ROUTE_RULES},
	{"POST", V1 "/rules/test", NEED_ADMIN, rules_test_text, ROUTE_RULES},
	{"POST", V1 "/rules/diff", NEED_ADMIN, rules_diff_text, ROUTE_RULES},
	{"POST", V1 "/rules/preview", NEED_ADMIN, rules_preview, ROUTE_RULES},
	{"POST", V1 "/rules/backtest", NEED_ADMIN, rules_backtest_text, ROUTE_RULES},
	{"GET", V1 "/near-misses", NEED_ADMIN, near_misses_show, NULL},
	{"POST", V1 "/near-misses", NEED_ADMIN, near_misses_take, NULL},
	{"POST", V1 "/near-misses/{number}/verdict", NEED_ADMIN, near_misses_judge, NULL},
	{"GET", V1 "/tuning", NEED_ADMIN, tuning_show, NULL},
	{"GET", V1 "/sources", NEED_READ, sources_list_all, NULL},
	{"POST", V1 "/sources", NEED_ADMIN, sources_add, NULL},
	{"POST", V1 "/find-feeds", NEED_ADMIN, sources_find_feeds, NULL},
	{"POST", V1 "/try-source", NEED_ADMIN, sources_try_new, NULL},
	{"GET", V1 "/connectors", NEED_READ, connectors_list, NULL},
	{"GET", V1 "/sources/{name}", NEED_READ, sources_show_one, NULL},
	{"POST", V1 "/sources/{name}/poll", NEED_ADMIN, sources_poll, NULL},
	{"POST", V1 "/sources/{name}/pause", NEED_ADMIN, sources_pause, NULL},
	{"POST", V1 "/sources/{name}/resume", NEED_ADMIN, sources_resume, NULL},
	{"POST", V1 "/sources/{name}/accept", NEED_ADMIN, sources_accept, NULL},
	{"GET", V1 "/sources.opml", NEED_ADMIN, sources_opml, NULL},
	{"POST", V1 "/sources.opml", NEED_ADMIN, sources_bring_opml, SOURCES_OPML},
	{"POST", V1 "/sources/{name}/remove", NEED_ADMIN, sources_remove, NULL},
	{"POST", V1 "/sources/{name}/try", NEED_ADMIN, sources_try, NULL},
	{"GET", V1 "/routes", NEED_ADMIN, alert_routes_list, NULL},
	{"POST", V1 "/routes/test", NEED_ADMIN, alert_routes_test, NULL},
	{"GET", V1 "/receivers", NEED_ADMIN, receivers_list, NULL},
	{"POST", V1 "/receivers/{name}/test", NEED_ADMIN, receivers_test, NULL},
	{"POST", V1 "/receivers/{name}/subscribe", NEED_ADMIN, receivers_subscribe, NULL},
	{"GET", V1 "/alerts", NEED_ADMIN, alerts_list, NULL},
	{"POST", V1 "/alerts/replay", NEED_ADMIN, alerts_send_again, NULL},
	{"GET", V1 "/overview", NEED_READ, overview_show, NULL},
	{"GET", V1 "/reports/{report}", NEED_READ, reports_show, NULL},
	{"GET", V1 "/status", NEED_READ, status_show, NULL},
	{"POST", V1 "/reload", NEED_ADMIN, config_reload, NULL},
	{"GET", V1 "/events", NEED_READ, events_watch, NULL},
	{"POST", V1 "/setup", NEED_NOBODY, first_user_make, NULL},
	{"POST", V1 "/session", NEED_NOBODY, session_begin, NULL},
	{"GET", V1 "/session", NEED_READ, session_show, NULL},
	{"POST", V1 "/session/end", NEED_READ, session_end, NULL},
	{"GET", V1 "/me", NEED_READ, me_show, NULL},
	{"GET", "/unsubscribe/{token}", NEED_NOBODY, leave_show, NULL},
	{"POST", "/unsubscribe/{token}", NEED_NOBODY, leave_now, ROUTE_TAKES_ANY},
	{"GET", "/metrics", NEED_METRICS, metrics_show, NULL},
	{"GET", "/feeds/{token}/leads.atom", NEED_FEED, leads_atom, NULL},
	{NULL, NULL, NEED_READ, NULL, NULL},
};

/* Whether the path is one of the pattern's; *arg: what stands for its {…}. */
static bool fits(const char *pattern, struct str path, struct str *arg)
{
	struct str rest = str_c(pattern), want, got;
	*arg = STR_NONE;
	for (;;) {
		bool more = str_split(&rest, '/', &want);
		if (str_split(&path, '/', &got) != more) {
			return false;
		}
		if (!more) {
			return true;
		}
		if (want.n > 0 && want.p[0] == '{') {
			*arg = got;
			if (str_empty(got)) {
				return false;
			}
		} else if (!str_eq(want, got)) {
			return false;
		}
	}
}

const struct route *route_find(
	struct str method, struct str path, struct str *arg, char others[METHODS_MAX])
{
	size_t n = 0;
	bool is_head = str_eq_c(method, "HEAD");
	others[0] = '\0';
	for (const struct route *r = api_routes; r->method != NULL; r++) {
		if (!fits(r->path, path, arg)) {
			continue;
		}
		if (str_eq_c(is_head ? STR("GET") : method, r->method)) {
			return r;
		}
		n += (size_t)snprintf(
			others + n, METHODS_MAX - n, "%s%s", n > 0 ? ", " : "", r->method);
	}
	return NULL;
}

enum crew route_crew(const struct route *r)
{
	bool asks_network = r->handle == sources_find_feeds || r->handle == sources_try ||
			    r->handle == sources_try_new || r->handle == receivers_test;
	bool tries_rules = r->takes != NULL && strcmp(r->takes, ROUTE_RULES) == 0;
	bool adds_up = r->handle == overview_show || r->handle == reports_show ||
		       r->handle == tuning_show || r->handle == privacy_list_due ||
		       r->handle == near_misses_take || r->handle == why_not_show ||
		       r->handle == imports_add || r->handle == audit_check_all;
	return asks_network  ? CREW_OUTSIDE
	       : tries_rules ? CREW_RULES
	       : adds_up     ? CREW_NUMBERS
			     : CREW_RECORDS;
}
