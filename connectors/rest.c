/* DESIGN: one context lives as long as its source. What is remembered of the poll under way (the
 * cursor that grows with its pages) lives in the context and starts anew with every reply without a
 * tag; what a later request needs to know travels in its tag: "p3" is the fourth page, "d[{…},[…]]"
 * the detail of the item behind the 'd', with what its lookups found. Strings of a request live in `arena` until the next call. */
#include "connectors/rest.h"

#include "connectors/asking.h"
#include "connectors/rest_parts.h"
#include "monitor/base/fold.h"
#include "monitor/base/utf8.h"
#include "monitor/config/values.h"
#include "rules/regex.h"

#include <ctype.h>
#include <stdlib.h>

#define ARENA_MAX (96u << 20)

int rest_no_memory(struct hark_host *host)
{
	return host->fail(host, "no memory");
}

/* --- settings --- */

static int unknown_setting(struct hark_host *host, const struct definition *d, const char *name)
{
	struct buf all;
	buf_init(&all, 2000);
	for (size_t i = 0; i < d->vars_n; i++) {
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", d->settings[i].name);
	}
	int rc = host->fail(host, "there is no setting '%s' for %s: %s", name, d->connector.name,
		all.n > 0 ? buf_c(&all) : "it has none");
	buf_release(&all);
	return rc;
}

static bool is_host_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '.' || c == '-' || c == ':' || c == '[' || c == ']')) {
			return false;
		}
	}
	return s.n > 0 && s.n < 256;
}

/* Not white space, not a sign, nothing that is not seen. */
static bool is_tag_character(struct str s, size_t *bytes)
{
	uint32_t cp = 0;
	*bytes = utf8_first(s, &cp);
	if (cp < 0x80) {
		return cp == '_' || isalnum((int)cp);
	}
	return *bytes > 0 && cp != 0xad && cp != 0x200b && cp != 0x2060 && cp != 0xfeff &&
	       fold(&cp) != FOLD_BREAK;
}

/* Letters of any script, digits and '_'; with its '#' or without. */
static bool take_tag(struct str *value)
{
	size_t n = 0, bytes;
	if (str_starts(*value, STR("#"))) {
		*value = str_n(value->p + 1, value->n - 1);
	}
	while (n < value->n && is_tag_character(str_n(value->p + n, value->n - n), &bytes)) {
		n += bytes;
	}
	return n > 0 && n == value->n;
}

static int check_setting(struct hark_host *host, const struct hark_setting *s, struct str *value)
{
	struct hark_err err;
	int64_t number;
	if (value->n == 0) {
		return s->required ? host->fail(host, "it needs %s: %s", s->name, s->about) : 0;
	}
	if (s->type == HARK_SETTING_HOST && !is_host_name(*value)) {
		return host->fail(host, "%s must be the name of a host, as %s", s->name,
			s->example != NULL ? s->example : "forum.example.com");
	}
	if (s->type == HARK_SETTING_URL && value_url(*value, &err) != HARK_OK) {
		return host->fail(host, "%s: %s", s->name, err.text);
	}
	if (s->type == HARK_SETTING_NUMBER && !str_i64(*value, &number)) {
		return host->fail(host, "%s must be a whole number", s->name);
	}
	if (s->type == HARK_SETTING_TAG && !take_tag(value)) {
		return host->fail(host, "%s must be one hashtag, as %s", s->name,
			s->example != NULL ? s->example : "widgets");
	}
	return 0;
}

static int take_settings(
	struct hark_host *host, struct rest *rest, const struct hark_pair *pairs, size_t count)
{
	const struct definition *d = rest->d;
	for (size_t i = 0; i < d->vars_n; i++) {
		rest->vars[i] = str_c(d->settings[i].otherwise);
	}
	for (size_t k = 0; k < count; k++) {
		size_t i = 0;
		while (i < d->vars_n && strcmp(d->settings[i].name, pairs[k].name) != 0) {
			i++;
		}
		if (i == d->vars_n) {
			return unknown_setting(host, d, pairs[k].name);
		}
		rest->vars[i] = str_c(pairs[k].value);
	}
	rest->budget = d->rate.budget;
	for (size_t i = 0; i < d->vars_n; i++) {
		int rc = check_setting(host, &d->settings[i], &rest->vars[i]);
		if (rc != 0) {
			return rc;
		}
		if (strcmp(d->settings[i].name, "budget") == 0) {
			str_i64(rest->vars[i], &rest->budget);
		}
	}
	return 0;
}

static void rest_close(void *ctx)
{
	struct rest *rest = ctx;
	cursor_close(&rest->before);
	cursor_close(&rest->now);
	regex_scratch_free(rest->scratch);
	arena_release(&rest->arena);
	free(rest->auth_urls[0]);
	free(rest->auth_urls[1]);
	free(rest->vars);
	free(rest);
}

/* Where it logs in hangs on its settings, as the server of an account does. */
static int fill_auth(struct hark_host *host, struct rest *rest)
{
	const struct definition *d = rest->d;
	const struct form *forms[] = {&d->auth_url, &d->auth_refresh_url};
	const char **to[] = {&rest->auth.url, &rest->auth.refresh_url};
	struct work w = {.arena = &rest->arena, .vars = rest->vars, .scratch = rest->scratch};
	if (d->auth == NULL) {
		return 0;
	}
	rest->auth = *d->auth;
	for (size_t i = 0; i < 2; i++) {
		if (*to[i] == NULL) {
			continue;
		}
		struct str url = form_text(forms[i], &w);
		if (url.n == 0) {
			return host->fail(host, "a blank of the address it logs in at stays empty");
		}
		if (!def_is_safe(url)) {
			return host->fail(host,
				"the address it logs in at must begin with https://, as secrets "
				"cross no network in the open");
		}
		rest->auth_urls[i] = strndup(url.p, url.n);
		if (rest->auth_urls[i] == NULL) {
			return rest_no_memory(host);
		}
		*to[i] = rest->auth_urls[i];
	}
	return 0;
}

static int rest_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	const struct definition *d = host->connector->data;
	struct rest *rest = calloc(1, sizeof(*rest));
	if (rest == NULL) {
		return rest_no_memory(host);
	}
	arena_init(&rest->arena, ARENA_MAX);
	rest->d = d;
	rest->vars = calloc(d->vars_n + RUN_VARS, sizeof(*rest->vars));
	rest->scratch = regex_scratch_new();
	cursor_open(&rest->before, NULL);
	cursor_open(&rest->now, NULL);
	int rc = rest->vars == NULL || rest->scratch == NULL || rest->now.state == NULL
			 ? rest_no_memory(host)
			 : take_settings(host, rest, pairs, count);
	rc = rc == 0 ? fill_auth(host, rest) : rc;
	if (rc != 0) {
		rest_close(rest);
		return rc;
	}
	*ctx = rest;
	return 0;
}

struct work rest_work(struct rest *rest, struct hark_host *host, const char *url)
{
	return (struct work){.arena = &rest->arena,
		.vars = rest->vars,
		.now_ms = host->now_ms,
		.base = str_c(url),
		.scratch = rest->scratch};
}

/* --- requests --- */

void rest_complete(const struct rest *rest, struct hark_request *request)
{
	request->auth = request->auth != NULL ? &rest->auth : NULL;
	request->cost = (struct hark_cost){
		rest->budget, rest->d->rate.cost_request, rest->d->rate.cost_item};
}

bool rest_can_pay(const struct reading *r, size_t requests)
{
	const struct rest *rest = r->rest;
	const struct rate_rule *rate = &rest->d->rate;
	int64_t items = rate->cost_item * (int64_t)r->page.items;
	int64_t ahead = rate->cost_request * (int64_t)(rest->ahead + requests) + rate->cost_item;
	return rest->budget == 0 || r->reply->spent + items + ahead <= rest->budget;
}

static int rest_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct rest *rest = ctx;
	struct hark_err err;
	struct work w = rest_work(rest, host, NULL);
	arena_reset(&rest->arena);
	cursor_close(&rest->before);
	cursor_open(&rest->before, cursor);
	struct asking ask = {
		.d = rest->d, .vars = rest->vars, .cursor = &rest->before, .now_ms = host->now_ms};
	int rc = rest->d->stream.present ? asking_stream(&ask, &w, request, &err)
					 : asking_fill(&ask, &w, request, &err);
	rest_complete(rest, request);
	request->tells_unchanged =
		!rest->d->stream.present && rest_is_due(&rest->before, host->now_ms);
	return rc == HARK_OK ? 0 : host->fail(host, "%s", err.text);
}

void rest_install(struct hark_connector *c)
{
	c->open = rest_open;
	c->plan = rest_plan;
	c->parse = rest_parse;
	c->close = rest_close;
}
