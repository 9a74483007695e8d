/* What is served where, and who may ask. monitor/api/openapi.json describes the same; a test holds them
 * together. */
#include "monitor/api/api_in.h"

#include <stdio.h>

#define V1 "/api/v1"

const struct route api_routes[] = {
	{"GET", V1 "/leads", NEED_READ, leads_list},
	{"GET", V1 "/leads/{lead}", NEED_READ, leads_show_one},
	{"POST", V1 "/leads/{lead}/claim", NEED_WORK, leads_claim},
	{"POST", V1 "/leads/{lead}/release", NEED_WORK, leads_release},
	{"POST", V1 "/leads/{lead}/answer", NEED_WORK, leads_answer},
	{"POST", V1 "/leads/{lead}/outcome", NEED_WORK, leads_outcome},
	{"POST", V1 "/leads/{lead}/dismiss", NEED_WORK, leads_dismiss},
	{"POST", V1 "/leads/{lead}/snooze", NEED_WORK, leads_snooze},
	{"POST", V1 "/leads/{lead}/undo", NEED_WORK, leads_undo},
	{"POST", V1 "/leads/{lead}/verdict", NEED_WORK, leads_judge},
	{"GET", V1 "/people", NEED_READ, people_list},
	{"GET", V1 "/people/{number}", NEED_READ, people_show_one},
	{"GET", V1 "/accounts", NEED_READ, accounts_list},
	{"GET", V1 "/accounts/{number}", NEED_READ, accounts_show_one},
	{"GET", V1 "/silences", NEED_READ, silences_list},
	{"POST", V1 "/silences", NEED_WORK, silences_add},
	{"POST", V1 "/silences/{number}/end", NEED_WORK, silences_end},
	{"GET", V1 "/rules", NEED_READ, rules_list_all},
	{"GET", V1 "/rules/{name}", NEED_READ, rules_show_one},
	{"GET", V1 "/sources", NEED_READ, sources_list_all},
	{"GET", V1 "/sources/{name}", NEED_READ, sources_show_one},
	{"POST", V1 "/sources/{name}/poll", NEED_ADMIN, sources_poll},
	{"POST", V1 "/sources/{name}/pause", NEED_ADMIN, sources_pause},
	{"POST", V1 "/sources/{name}/resume", NEED_ADMIN, sources_resume},
	{"GET", V1 "/status", NEED_READ, status_show},
	{"POST", V1 "/reload", NEED_ADMIN, config_reload},
	{"GET", V1 "/me", NEED_READ, me_show},
	{"GET", "/metrics", NEED_METRICS, metrics_show},
	{NULL},
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
