/* What a definition asks: settings, log-in, request, cursor and pages. */
#include "connectors/definition_parts.h"

#include "connectors/builtin.h"
#include "monitor/config/values.h"

#include <limits.h>
#include <stdio.h>

/* --- vars --- */

struct var {
	struct hark_setting *setting;
	bool is_list;
};

static void read_var_type(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"string", "host", "url", "integer", "list", NULL};
	struct var *v = into;
	size_t type = defread_choice(r, node, names);
	v->is_list = type == 4;
	v->setting->type = type == 1   ? HARK_SETTING_HOST
			   : type == 2 ? HARK_SETTING_URL
			   : type == 3 ? HARK_SETTING_NUMBER
				       : HARK_SETTING_TEXT;
}

static void read_var_required(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct var *)into)->setting->required = defread_bool(r, node);
}

static void read_var_default(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct var *)into)->setting->otherwise = defread_text(r, node);
}

static void read_var_about(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct var *)into)->setting->about = defread_text(r, node);
}

static void read_var_example(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct var *)into)->setting->example = defread_text(r, node);
}

static const struct defkey var_keys[] = {
	{"type", read_var_type, false},
	{"about", read_var_about, true},
	{"required", read_var_required, false},
	{"default", read_var_default, false},
	{"example", read_var_example, false},
	{NULL, NULL, false},
};

static bool is_run_var(struct str name)
{
	for (size_t i = 0; i < RUN_VARS; i++) {
		if (str_eq_c(name, run_var_names[i])) {
			return true;
		}
	}
	return false;
}

static void read_var(struct defread *r, const struct yaml_pair *pair, size_t i)
{
	struct hark_setting *s = &r->d->settings[i];
	struct var v = {.setting = s};
	s->name = defread_text(r, pair->key);
	s->about = "";
	if (is_run_var(pair->key->text)) {
		defread_say(r, pair->key, D_VALUE, "give it another name",
			"%s is the name of a value of the run", s->name);
	}
	defread_keys(r, pair->value, "a var", var_keys, &v);
	r->d->var_is_list[i] = v.is_list;
	if (s->required && s->example == NULL && pair->value->kind == YAML_MAPPING) {
		defread_say(r, pair->value, D_MISSING, NULL,
			"a required var has an example, which stands in for it in tests");
	}
}

void read_def_vars(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	if (!defread_is(r, node, YAML_MAPPING, "vars")) {
		return;
	}
	d->settings = arena_alloc(r->arena, (node->n + 1) * sizeof(*d->settings));
	d->var_is_list = arena_alloc(r->arena, node->n + 1);
	const char **names = arena_alloc(r->arena, (node->n + RUN_VARS) * sizeof(*names));
	if (d->settings == NULL || d->var_is_list == NULL || names == NULL) {
		r->no_memory = true;
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		read_var(r, &node->pairs[i], i);
		names[i] = d->settings[i].name != NULL ? d->settings[i].name : "";
	}
	memcpy(names + node->n, run_var_names, sizeof(run_var_names));
	d->vars_n = node->n;
	d->maker.vars = names;
	d->maker.vars_n = node->n + RUN_VARS;
	d->maker.settings = d->settings;
	d->maker.settings_n = node->n;
}

/* --- auth --- */

static const char *const auth_names[] = {"none", "header", "query", "bearer", "basic",
	"oauth2_client", "login_json", "webhook", "hub_signature", NULL};

static void read_auth_kind(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct hark_auth *)into)->kind = (enum hark_auth_kind)defread_choice(r, node, auth_names);
}

#define TEXT_READER(function, record, member)                                             \
	static void function(struct defread *r, const struct yaml_node *node, void *into) \
	{                                                                                 \
		((struct record *)into)->member = defread_text(r, node);                  \
	}
TEXT_READER(read_auth_name, hark_auth, name)
TEXT_READER(read_auth_name2, hark_auth, name2)
TEXT_READER(read_auth_url, hark_auth, url)
TEXT_READER(read_auth_scope, hark_auth, scope)
TEXT_READER(read_auth_token, hark_auth, token)
TEXT_READER(read_auth_refresh_url, hark_auth, refresh_url)
TEXT_READER(read_auth_refresh, hark_auth, refresh)
TEXT_READER(read_auth_expired, hark_auth, expired)

/* A secret's name, never a secret: hark looks it up under the source's `secret:`. */
static const char *secret_name(struct defread *r, const struct yaml_node *node)
{
	struct str s = node->kind == YAML_SCALAR ? node->text : STR_NONE;
	bool ok = s.n > 0 && s.n <= 32;
	for (size_t i = 0; ok && i < s.n; i++) {
		ok = (s.p[i] >= 'a' && s.p[i] <= 'z') || s.p[i] == '-' || s.p[i] == '_';
	}
	if (!ok) {
		defread_say(r, node, D_SECRET, "for example: token",
			"a secret has a name of lower-case letters here, and its value elsewhere");
		return NULL;
	}
	return defread_text(r, node);
}

static void read_auth_secret(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct hark_auth *)into)->secret = secret_name(r, node);
}

static void read_auth_secret2(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct hark_auth *)into)->secret2 = secret_name(r, node);
}

static void read_auth_optional(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct hark_auth *)into)->optional = defread_bool(r, node);
}

static void read_auth_in_body(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct hark_auth *)into)->in_body = defread_bool(r, node);
}

static const struct defkey auth_keys[] = {
	{"kind", read_auth_kind, true},
	{"name", read_auth_name, false},
	{"name2", read_auth_name2, false},
	{"secret", read_auth_secret, false},
	{"secret2", read_auth_secret2, false},
	{"url", read_auth_url, false},
	{"scope", read_auth_scope, false},
	{"token", read_auth_token, false},
	{"refresh_url", read_auth_refresh_url, false},
	{"refresh", read_auth_refresh, false},
	{"expired", read_auth_expired, false},
	{"in_body", read_auth_in_body, false},
	{"optional", read_auth_optional, false},
	{NULL, NULL, false},
};

/* Secrets cross no network in the open; one's own machine is none. */
static bool is_safe(const char *address)
{
	struct str url = str_c(address);
	return str_starts(url, STR("https://")) ||
	       (str_starts(url, STR("http://")) && host_is_internal(url_host(url)));
}

static void check_auth(struct defread *r, const struct yaml_node *node, const struct hark_auth *a)
{
	bool has_url = is_safe(a->url);
	bool has_refresh = a->refresh_url == NULL && a->refresh == NULL;
	const char *lacks = NULL;
	if (a->kind == HARK_AUTH_NONE) {
		return;
	}
	if (a->secret == NULL) {
		lacks = "secret";
	} else if ((a->kind == HARK_AUTH_HEADER || a->kind == HARK_AUTH_QUERY ||
			   a->kind == HARK_AUTH_LOGIN) &&
		   a->name == NULL) {
		lacks = "name";
	} else if ((a->kind == HARK_AUTH_OAUTH2 || a->kind == HARK_AUTH_LOGIN) && !has_url) {
		lacks = "url (https://…)";
	} else if ((a->kind == HARK_AUTH_OAUTH2 || a->kind == HARK_AUTH_LOGIN) &&
		   a->secret2 == NULL) {
		lacks = "secret2";
	} else if (a->kind == HARK_AUTH_LOGIN && (a->token == NULL || a->name2 == NULL)) {
		lacks = a->token == NULL ? "token" : "name2";
	} else if (!has_refresh && (a->refresh == NULL || !is_safe(a->refresh_url))) {
		lacks = a->refresh == NULL ? "refresh" : "refresh_url (https://…)";
	}
	if (lacks != NULL) {
		defread_say(
			r, node, D_MISSING, NULL, "auth %s lacks %s", auth_names[a->kind], lacks);
	}
}

/* Its blanks are filled with the settings of the source. */
static void read_auth_form(
	struct defread *r, const struct yaml_node *node, const char *key, struct form *form)
{
	const struct yaml_node *url = yaml_get(node, key);
	if (url != NULL) {
		defread_form(r, url, FORM_PATH, form);
	}
}

void read_def_auth(struct defread *r, const struct yaml_node *node, void *into)
{
	struct definition *d = into;
	struct hark_auth *a = arena_alloc(r->arena, sizeof(*a));
	struct hark_setting *s = arena_alloc(r->arena, 3 * sizeof(*s));
	size_t errors = r->diags->errors, n = 0;
	if (a == NULL || s == NULL) {
		r->no_memory = true;
		return;
	}
	defread_keys(r, node, "auth", auth_keys, a);
	read_auth_form(r, node, "url", &d->auth_url);
	read_auth_form(r, node, "refresh_url", &d->auth_refresh_url);
	if (r->diags->errors == errors) {
		check_auth(r, node, a);
	}
	if (a->secret != NULL) {
		s[n++] = (struct hark_setting){
			.name = a->secret, .about = "", .required = !a->optional};
	}
	if (a->secret2 != NULL) {
		s[n++] = (struct hark_setting){
			.name = a->secret2, .about = "", .required = !a->optional};
	}
	d->secrets = s;
	d->auth = a->kind != HARK_AUTH_NONE ? a : NULL;
}

/* --- request --- */

static void read_method(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"GET", "POST", NULL};
	((struct request_form *)into)->method = names[defread_choice(r, node, names)];
}

static void read_url(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_form(r, node, FORM_PATH, &((struct request_form *)into)->url);
}

static bool is_number_text(const struct yaml_node *node)
{
	int64_t n;
	return node->kind == YAML_SCALAR && node->style == YAML_PLAIN && str_i64(node->text, &n);
}

static void read_parameter(
	struct defread *r, const struct yaml_pair *pair, enum form_use use, struct parameters *out)
{
	struct parameter *v = arena_grow(r->arena, out->v, out->n, &out->cap, sizeof(*v));
	size_t n = pair->value->kind == YAML_SEQUENCE ? pair->value->n : 1;
	struct form *forms = arena_alloc(r->arena, (n + 1) * sizeof(*forms));
	if (v == NULL || forms == NULL) {
		r->no_memory = true;
		return;
	}
	out->v = v;
	v = &out->v[out->n++];
	*v = (struct parameter){.name = arena_str(r->arena, pair->key->text),
		.forms = forms,
		.is_number = is_number_text(pair->value)};
	DEFREAD_EACH(pair->value, i, one)
	{
		v->n += defread_form(r, one, use, &forms[v->n]);
	}
	const struct form *f = &forms[0];
	v->repeats = v->n == 1 && f->n == 1 && f->after.n == 0 && f->blanks[0].before.n == 0 &&
		     !f->blanks[0].is_pointer && f->blanks[0].var < r->d->vars_n &&
		     r->d->var_is_list[f->blanks[0].var] && f->blanks[0].steps.n == 0;
}

static void read_parameters(
	struct defread *r, const struct yaml_node *node, enum form_use use, struct parameters *out)
{
	for (size_t i = 0; defread_is(r, node, YAML_MAPPING, "this") && i < node->n; i++) {
		read_parameter(r, &node->pairs[i], use, out);
	}
}

static void read_query(struct defread *r, const struct yaml_node *node, void *into)
{
	read_parameters(r, node, FORM_QUERY, &((struct request_form *)into)->query);
}

static void read_headers(struct defread *r, const struct yaml_node *node, void *into)
{
	read_parameters(r, node, FORM_TEXT, &((struct request_form *)into)->headers);
	for (size_t i = 0; node->kind == YAML_MAPPING && i < node->n; i++) {
		struct str name = node->pairs[i].key->text;
		if (str_eq_nocase(name, STR("Authorization")) ||
			str_eq_nocase(name, STR("Cookie"))) {
			defread_say(r, node->pairs[i].key, D_SECRET, "use auth",
				"a definition holds no secret, so it sends no %.*s itself",
				STR_FMT(name));
		}
	}
}

static void read_body_kind(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"none", "form", "json", "graphql", NULL};
	((struct request_form *)into)->body = (enum body_kind)defread_choice(r, node, names);
}

static void read_body_fields(struct defread *r, const struct yaml_node *node, void *into)
{
	struct request_form *f = into;
	read_parameters(r, node, f->body == BODY_FORM ? FORM_QUERY : FORM_TEXT, &f->fields);
}

static void read_graphql(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct request_form *)into)->graphql = str_c(defread_text(r, node));
}

static const struct defkey body_keys[] = {
	{"kind", read_body_kind, true},
	{"query", read_graphql, false},
	{"fields", read_body_fields, false},
	{"variables", read_body_fields, false},
	{NULL, NULL, false},
};

static void read_body(struct defread *r, const struct yaml_node *node, void *into)
{
	struct request_form *f = into;
	defread_keys(r, node, "body", body_keys, f);
	if (f->body == BODY_GRAPHQL && f->graphql.p == NULL) {
		defread_say(r, node, D_MISSING, NULL, "a graphql body lacks query");
	}
}

static void read_redirects(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"follow", "none", "same_host", NULL};
	((struct request_form *)into)->no_redirects = (int)defread_choice(r, node, names);
}

static void read_conditional(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct request_form *)into)->whole = !defread_bool(r, node);
}

static const struct defkey request_keys[] = {
	{"method", read_method, false},
	{"url", read_url, true},
	{"query", read_query, false},
	{"headers", read_headers, false},
	{"body", read_body, false},
	{"redirects", read_redirects, false},
	{"conditional", read_conditional, false},
	{NULL, NULL, false},
};

void read_def_request(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_keys(r, node, "request", request_keys, &((struct definition *)into)->request);
}

/* --- stream --- */

static void read_stream_transport(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"http", "websocket", NULL};
	((struct stream_rule *)into)->websocket = defread_choice(r, node, names) == 1;
}

static void read_stream_url(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_form(r, node, FORM_PATH, &((struct stream_rule *)into)->url);
}

static void read_stream_query(struct defread *r, const struct yaml_node *node, void *into)
{
	read_parameters(r, node, FORM_QUERY, &((struct stream_rule *)into)->query);
}

static void read_stream_format(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"lines", "events", NULL};
	((struct stream_rule *)into)->items.format =
		defread_choice(r, node, names) == 1 ? ITEMS_EVENTS : ITEMS_NDJSON;
}

static void read_stream_idle(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct stream_rule *)into)->idle_ms = defread_duration(r, node);
}

static const struct defkey stream_keys[] = {
	{"transport", read_stream_transport, false},
	{"url", read_stream_url, true},
	{"query", read_stream_query, false},
	{"format", read_stream_format, true},
	{"idle", read_stream_idle, false},
	{NULL, NULL, false},
};

void read_def_stream(struct defread *r, const struct yaml_node *node, void *into)
{
	struct stream_rule *s = &((struct definition *)into)->stream;
	struct hark_err err;
	struct pointer *pointer = arena_alloc(r->arena, sizeof(*pointer));
	defread_keys(r, node, "stream", stream_keys, s);
	bool is_events = s->items.format == ITEMS_EVENTS;
	if (s->websocket && is_events) {
		defread_say(r, node, D_VALUE, NULL, "a websocket gives lines, no events");
	}
	/* Of an event the data is the item, and the event the element it lies in. */
	if (pointer == NULL || pointer_compile(pointer, is_events ? STR("/*/data") : STR(""), NULL,
				       0, r->arena, &err) != HARK_OK) {
		r->no_memory = true;
		return;
	}
	pointer->from = POINTER_ROOT;
	s->items.pointers = pointer;
	s->items.pointers_n = 1;
	s->present = true;
}

/* --- cursor --- */

static void read_cursor_kind(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"none", "seen_set", "max_id", "max_time", "stop_at",
		"anchor", "token", "snapshot_diff", NULL};
	((struct cursor_rule *)into)->kind = (enum cursor_kind)defread_choice(r, node, names);
}

static void read_cursor_from(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_field(r, node, &((struct cursor_rule *)into)->from);
}

static void read_cursor_overlap(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->overlap_ms = defread_duration(r, node);
}

static void read_cursor_initial(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->initial_ms = defread_duration(r, node);
}

static void read_cursor_by(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"id", "time", NULL};
	((struct cursor_rule *)into)->is_time = defread_choice(r, node, names) == 1;
}

static void read_cursor_account(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->account = defread_bool(r, node);
}

static void read_cursor_misses(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct cursor_rule *)into)->misses = defread_number(r, node, 1, 20);
}

static void read_cursor_watch(struct defread *r, const struct yaml_node *node, void *into)
{
	defread_field(r, node, &((struct cursor_rule *)into)->watch);
}

static const struct defkey cursor_keys[] = {
	{"kind", read_cursor_kind, true},
	{"from", read_cursor_from, false},
	{"by", read_cursor_by, false},
	{"overlap", read_cursor_overlap, false},
	{"initial", read_cursor_initial, false},
	{"misses", read_cursor_misses, false},
	{"account", read_cursor_account, false},
	{"watch", read_cursor_watch, false},
	{NULL, NULL, false},
};

void read_def_cursor(struct defread *r, const struct yaml_node *node, void *into)
{
	struct cursor_rule *c = &((struct definition *)into)->cursor;
	defread_keys(r, node, "cursor", cursor_keys, c);
	if (c->kind > CURSOR_SEEN_SET && c->from.n == 0) {
		defread_say(r, node, D_MISSING, NULL,
			"cursor lacks from, the pointer to what is remembered");
	}
	c->is_time |= c->kind == CURSOR_MAX_TIME;
}

/* --- paging --- */

static const char *const paging_names[] = {"none", "page", "offset", "cursor", "link_header",
	"url_in_body", "before_smallest_id", "repeat_until_empty", NULL};

static void read_paging_kind(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct paging_rule *)into)->kind =
		(enum paging_kind)defread_choice(r, node, paging_names);
}

#define NUMBER_READER(function, record, member, low, high)                                \
	static void function(struct defread *r, const struct yaml_node *node, void *into) \
	{                                                                                 \
		((struct record *)into)->member = defread_number(r, node, low, high);     \
	}
NUMBER_READER(read_paging_start, paging_rule, start, 0, 1)
NUMBER_READER(read_paging_size, paging_rule, size, 1, 10000)
NUMBER_READER(read_max_pages, paging_rule, max_pages, 1, DEFINITION_PAGES_MAX)

#define POINTER_READER(function, record, member)                                          \
	static void function(struct defread *r, const struct yaml_node *node, void *into) \
	{                                                                                 \
		((struct record *)into)->member = defread_new_pointer(r, node);           \
	}
POINTER_READER(read_paging_next, paging_rule, next)
POINTER_READER(read_paging_total, paging_rule, total)
POINTER_READER(read_paging_more, paging_rule, has_more)
TEXT_READER(read_paging_rel, paging_rule, rel)

static void read_whole(struct defread *r, const struct yaml_node *node, void *into)
{
	((struct paging_rule *)into)->whole_list = defread_bool(r, node);
}

static const struct defkey paging_keys[] = {
	{"kind", read_paging_kind, true},
	{"start", read_paging_start, false},
	{"size", read_paging_size, false},
	{"next", read_paging_next, false},
	{"total", read_paging_total, false},
	{"has_more", read_paging_more, false},
	{"rel", read_paging_rel, false},
	{"whole_list", read_whole, false},
	{"max_pages", read_max_pages, false},
	{NULL, NULL, false},
};

void read_def_paging(struct defread *r, const struct yaml_node *node, void *into)
{
	struct paging_rule *p = &((struct definition *)into)->paging;
	p->max_pages = 10;
	defread_keys(r, node, "paging", paging_keys, p);
	bool needs_next = p->kind == PAGING_CURSOR || p->kind == PAGING_URL_IN_BODY ||
			  p->kind == PAGING_BEFORE_SMALLEST_ID;
	if (needs_next && p->next == NULL) {
		defread_say(r, node, D_MISSING, NULL,
			"paging %s lacks next, the pointer to what the next page hangs on",
			paging_names[p->kind]);
	}
	if (p->kind == PAGING_OFFSET && p->size == 0) {
		defread_say(r, node, D_MISSING, NULL, "paging offset lacks size");
	}
}

/* --- the whole --- */

static bool asks(const struct parameters *all, size_t var)
{
	for (size_t i = 0; i < all->n; i++) {
		for (size_t k = 0; k < all->v[i].n; k++) {
			if (form_asks(&all->v[i].forms[k], var)) {
				return true;
			}
		}
	}
	return false;
}

static bool request_asks(const struct definition *d, enum run_var run)
{
	size_t var = d->vars_n + (size_t)run;
	return form_asks(&d->request.url, var) || asks(&d->request.query, var) ||
	       asks(&d->request.fields, var) || asks(&d->request.headers, var);
}

/* A page that asks the same as the one before would come for ever. */
static void check_loop(struct defread *r, const struct yaml_node *root)
{
	static const int needs[] = {
		[PAGING_PAGE] = RUN_PAGE,
		[PAGING_OFFSET] = RUN_OFFSET,
		[PAGING_CURSOR] = RUN_PAGE_CURSOR,
		[PAGING_BEFORE_SMALLEST_ID] = RUN_PAGE_CURSOR,
		[PAGING_REPEAT] = RUN_CURSOR,
	};
	enum paging_kind kind = r->d->paging.kind;
	bool has_need = kind == PAGING_PAGE || kind == PAGING_OFFSET || kind == PAGING_CURSOR ||
			kind == PAGING_BEFORE_SMALLEST_ID || kind == PAGING_REPEAT;
	if (has_need && !request_asks(r->d, (enum run_var)needs[kind])) {
		defread_say(r, yaml_get(root, "paging"), D_LOOP, NULL,
			"paging %s goes in a circle: nothing in request asks for {%s}",
			paging_names[kind], run_var_names[needs[kind]]);
	}
}

/* The example or the default that is itself a private address; NULL: the address is one without them. */
static const struct yaml_node *private_value(
	const struct defread *r, const struct yaml_node *root, const char **key)
{
	const struct yaml_node *vars = yaml_get(root, "vars");
	for (size_t i = 0; i < r->d->vars_n; i++) {
		const struct hark_setting *s = &r->d->settings[i];
		const char *value = s->example != NULL ? s->example : s->otherwise;
		const char *slashes = value != NULL ? strstr(value, "://") : NULL;
		if (value == NULL || (s->type != HARK_SETTING_HOST && slashes == NULL)) {
			continue;
		}
		char url[300];
		snprintf(url, sizeof(url), "%s%s", slashes == NULL ? "http://" : "", value);
		if (host_is_internal(url_host(str_c(url)))) {
			*key = s->example != NULL ? "example" : "default";
			return yaml_get(yaml_get(vars, s->name), *key);
		}
	}
	return NULL;
}

static void say_private(
	struct defread *r, const struct yaml_node *root, const struct yaml_node *url)
{
	const char *key = NULL;
	const struct yaml_node *value = private_value(r, root, &key);
	if (value != NULL) {
		defread_say(r, value, D_PRIVATE,
			"write an invented one, as board.example; yours goes under vars of the "
			"source, with internal: yes",
			"this %s lies in a private network", key);
	} else {
		defread_say(r, url, D_PRIVATE,
			"for a server of your own write http://{host}/..., vars: { host: { type: "
			"host } }, and internal: yes at the source",
			"this address lies in a private network");
	}
}

/* Fills an address with the examples: it must be a complete one, and not of a private network. A WebSocket's
 * may begin with ws, which says what http does. */
static void check_address(struct defread *r, const struct yaml_node *root, const char *key,
	const struct form *form, bool websocket)
{
	const struct yaml_node *url = yaml_get(yaml_get(root, key), "url");
	struct definition *d = r->d;
	struct str vars[64 + RUN_VARS] = {STR_NONE};
	struct hark_err err;
	struct arena scratch;
	if (d->vars_n > 64) {
		defread_say(r, yaml_get(root, "vars"), D_SHAPE, NULL, "at most 64 vars");
		return;
	}
	for (size_t i = 0; i < d->vars_n; i++) {
		const struct hark_setting *s = &d->settings[i];
		vars[i] = str_c(s->example != NULL ? s->example : s->otherwise);
	}
	for (size_t i = 0; i < RUN_VARS; i++) {
		vars[d->vars_n + i] = STR("1");
	}
	arena_init(&scratch, 1 << 20);
	struct work w = {.arena = &scratch, .vars = vars};
	struct str text = form_text(form, &w);
	if (websocket && text.n > 2 && str_starts(text, STR("ws"))) {
		char *http = arena_alloc(&scratch, text.n + 3);
		snprintf(http, text.n + 3, "http%.*s", (int)(text.n - 2), text.p + 2);
		text = str_c(http);
	}
	if (text.n == 0) {
		defread_say(r, url, D_BLANK, "give the var a default or an example",
			"a blank of the address stays empty");
	} else if (value_url(text, &err) != HARK_OK) {
		defread_say(r, url, D_VALUE, NULL, "%s", err.text);
	} else if (host_is_internal(url_host(text))) {
		say_private(r, root, url);
	}
	arena_release(&scratch);
}

/* What is pushed is asked for nothing: what belongs to asking would never be used. */
static void check_pushed(struct defread *r, const struct yaml_node *root)
{
	static const char *const asking[] = {
		"request", "every", "every_min", "cursor", "paging", "detail"};
	const struct hark_auth *a = r->d->auth;
	for (size_t i = 0; i < sizeof(asking) / sizeof(asking[0]); i++) {
		const struct yaml_node *node = yaml_get(root, asking[i]);
		if (node != NULL) {
			defread_say(r, node, D_SHAPE, "take one of them away",
				"%s does not go with pushed: nobody is asked", asking[i]);
		}
	}
	if (a != NULL && a->kind != HARK_AUTH_WEBHOOK && a->kind != HARK_AUTH_HUB) {
		defread_say(r, yaml_get(root, "auth"), D_SHAPE,
			"write kind: webhook or hub_signature",
			"what is pushed asks nobody: auth says how messages are signed");
	}
}

/* The secret in the address, and then that of the signature. */
static void add_token(struct defread *r)
{
	struct hark_setting *s = arena_alloc(r->arena, 3 * sizeof(*s));
	if (s == NULL) {
		r->no_memory = true;
		return;
	}
	s[0] = (struct hark_setting){.name = "token", .about = PUSH_TOKEN_ABOUT, .required = 1};
	if (r->d->auth != NULL) {
		s[1] = (struct hark_setting){.name = r->d->auth->secret,
			.about = "what messages are signed with",
			.required = 1};
	}
	r->d->secrets = s;
}

void check_def_request(struct defread *r, const struct yaml_node *root)
{
	struct definition *d = r->d;
	const struct hark_auth *a = r->d->auth;
	if (r->d->is_pushed) {
		check_pushed(r, root);
		add_token(r);
		return;
	}
	bool has_request = yaml_get(root, "request") != NULL;
	if (!has_request && !d->stream.present) {
		defread_say(r, root, D_MISSING, "what is sent to hark says pushed: true",
			"a definition lacks request, or stream");
		return;
	}
	if (a != NULL && (a->kind == HARK_AUTH_WEBHOOK || a->kind == HARK_AUTH_HUB)) {
		defread_say(r, yaml_get(root, "auth"), D_SHAPE,
			"say pushed: true instead of request", "auth %s goes with what is pushed",
			auth_names[a->kind]);
	}
	if (has_request) {
		check_address(r, root, "request", &d->request.url, false);
		check_loop(r, root);
	}
	if (d->stream.present) {
		check_address(r, root, "stream", &d->stream.url, d->stream.websocket);
		for (size_t run = RUN_CURSOR; run <= RUN_SINCE_DATE; run++) {
			d->stream.resumes |= asks(&d->stream.query, d->vars_n + run);
		}
	}
	d->asks = has_request;
}
