/* What a definition asks: request and stream, and whether that makes a whole. */
#include "connectors/definition_parts.h"

#include "connectors/builtin.h"
#include "connectors/secret_parameter.h"
#include "monitor/config/values.h"

#include <stdio.h>

#define VARS_MAX 64

/* --- request --- */

static void read_method(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {"GET", "POST", NULL};
	((struct request_form *)into)->method = names[defread_choice(r, node, names)];
}

static void check_parameter(
	struct defread *r, const struct yaml_node *at, struct str name, struct str value)
{
	if (parameter_is_secret(name, value)) {
		defread_say(r, at, D_SECRET,
			"take it away and use auth: kind: query, with its name and that of a secret",
			"a definition holds no secret, so it gives no %.*s itself",
			STR_FMT(str_cut_utf8(name, 40)));
	}
}

/* An address as it is written may have a query of its own. */
static void read_address(struct defread *r, const struct yaml_node *node, struct form *form)
{
	struct str query = node->kind == YAML_SCALAR ? query_of(node->text) : STR_NONE;
	struct str whole, name, value;
	defread_form(r, node, FORM_PATH, form);
	while (next_parameter(&query, &whole, &name, &value)) {
		check_parameter(r, node, name, value);
	}
}

static void read_url(struct defread *r, const struct yaml_node *node, void *into)
{
	read_address(r, node, &((struct request_form *)into)->url);
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

static void read_query_of(struct defread *r, const struct yaml_node *node, struct parameters *out)
{
	read_parameters(r, node, FORM_QUERY, out);
	for (size_t i = 0; node->kind == YAML_MAPPING && i < node->n; i++) {
		const struct yaml_pair *pair = &node->pairs[i];
		DEFREAD_EACH(pair->value, k, one)
		{
			check_parameter(r, pair->key, pair->key->text, one->text);
		}
	}
}

static void read_query(struct defread *r, const struct yaml_node *node, void *into)
{
	read_query_of(r, node, &((struct request_form *)into)->query);
}

static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if ((c < ' ' && c != '\t') || c == 0x7f) {
			return true;
		}
	}
	return false;
}

/* RFC 9110 section 5.6.2. */
static bool is_header_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c <= ' ' || c >= 0x7f || strchr("\"(),/:;<=>?@[\\]{}", c) != NULL) {
			return false;
		}
	}
	return s.n > 0;
}

static bool is_one_of(struct str name, const char *const *names)
{
	while (*names != NULL && !str_eq_nocase(name, str_c(*names))) {
		names++;
	}
	return *names != NULL;
}

static void check_header(struct defread *r, const struct yaml_pair *pair)
{
	static const char *const secrets[] = {
		"Authorization", "Proxy-Authorization", "Cookie", NULL};
	static const char *const owned[] = {"Host", "Content-Length", "Transfer-Encoding",
		"Connection", NULL}; /* what frames the request */
	struct str name = pair->key->text;
	struct str value = pair->value->kind == YAML_SCALAR ? pair->value->text : STR_NONE;
	if (is_one_of(name, secrets) || parameter_is_secret(name, value)) {
		defread_say(r, pair->key, D_SECRET, "use auth, as kind: header",
			"a definition holds no secret, so it sends no %.*s itself", STR_FMT(name));
	} else if (is_one_of(name, owned)) {
		defread_say(r, pair->key, D_VALUE, "take it away",
			"hark itself sends %.*s, from the address and the body", STR_FMT(name));
	} else if (!is_header_name(name)) {
		defread_say(r, pair->key, D_VALUE, "letters, digits and '-'",
			"this is no name of a header");
	}
	DEFREAD_EACH(pair->value, i, one)
	{
		if (i > 0) {
			defread_say(r, one, D_SHAPE, "join them with a comma",
				"a header has one value");
		} else if (has_control(one->text)) {
			defread_say(r, one, D_VALUE, NULL,
				"a header holds no line break and no other control character");
		}
	}
}

static void read_headers(struct defread *r, const struct yaml_node *node, void *into)
{
	read_parameters(r, node, FORM_TEXT, &((struct request_form *)into)->headers);
	for (size_t i = 0; node->kind == YAML_MAPPING && i < node->n; i++) {
		check_header(r, &node->pairs[i]);
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
	read_address(r, node, &((struct stream_rule *)into)->url);
}

static void read_stream_query(struct defread *r, const struct yaml_node *node, void *into)
{
	read_query_of(r, node, &((struct stream_rule *)into)->query);
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

/* --- the whole --- */

bool def_asks(const struct parameters *all, size_t var)
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

/* The example or the default that makes an address a private one; NULL: the address is one without them. */
static const struct yaml_node *private_value(const struct defread *r, const struct yaml_node *root,
	const struct form *form, const char **key)
{
	const struct yaml_node *vars = yaml_get(root, "vars");
	for (size_t i = 0; i < r->d->vars_n; i++) {
		const struct hark_setting *s = &r->d->settings[i];
		const char *value = s->example != NULL ? s->example : s->otherwise;
		const char *slashes = value != NULL ? strstr(value, "://") : NULL;
		if (value == NULL || !form_asks(form, i) ||
			(s->type != HARK_SETTING_HOST && slashes == NULL)) {
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

/* Two addresses may be checked with one example. */
static bool is_said(const struct defread *r, const struct yaml_node *node)
{
	for (size_t i = 0; i < r->diags->n; i++) {
		const struct diag *d = &r->diags->v[i];
		if (strcmp(d->code, D_PRIVATE) == 0 && d->at.line == node->at.line &&
			d->at.col == node->at.col) {
			return true;
		}
	}
	return false;
}

static void say_private(struct defread *r, const struct yaml_node *root,
	const struct yaml_node *url, const struct form *form)
{
	const char *key = NULL;
	const struct yaml_node *value = private_value(r, root, form, &key);
	if (value == NULL) {
		defread_say(r, url, D_PRIVATE,
			"for a server of your own write http://{host}/..., vars: { host: { type: "
			"host } }, and internal: yes at the source",
			"this address lies in a private network");
	} else if (!is_said(r, value)) {
		defread_say(r, value, D_PRIVATE,
			"write an invented one, as board.example; yours goes under vars of the "
			"source, with internal: yes",
			"this %s lies in a private network", key);
	}
}

static struct str with_examples(
	const struct defread *r, const struct form *form, struct arena *arena)
{
	const struct definition *d = r->d;
	struct str vars[VARS_MAX + RUN_VARS] = {STR_NONE};
	for (size_t i = 0; i < d->vars_n; i++) {
		const struct hark_setting *s = &d->settings[i];
		vars[i] = str_c(s->example != NULL ? s->example : s->otherwise);
	}
	for (size_t i = 0; i < RUN_VARS; i++) {
		vars[d->vars_n + i] = STR("1");
	}
	struct work w = {.arena = arena, .vars = vars};
	return form_text(form, &w);
}

/* What stands before the first blank that an item fills. */
static bool cut_at_item(struct form *form)
{
	for (size_t i = 0; i < form->n; i++) {
		if (form->blanks[i].is_pointer) {
			form->after = form->blanks[i].before;
			form->n = i;
			return true;
		}
	}
	return false;
}

/* Whether the item decides which server it is: then it shows when it is asked. */
static bool is_open_ended(struct str text)
{
	size_t at = str_find(text, STR("://"));
	if (at == SIZE_MAX) {
		return true;
	}
	for (size_t i = at + 3; i < text.n; i++) {
		if (strchr("/?#", text.p[i]) != NULL) {
			return false;
		}
	}
	return str_starts_nocase(text, STR("http://")) || str_starts_nocase(text, STR("https://"));
}

/* Fills an address with the examples: it must be a complete one, and not of a private network. A WebSocket's
 * may begin with ws, which says what http does. */
static void check_address(struct defread *r, const struct yaml_node *root,
	const struct yaml_node *url, const struct form *whole, bool websocket)
{
	struct form form = *whole;
	struct hark_err err;
	struct arena scratch;
	bool is_cut = cut_at_item(&form);
	if (url == NULL || (is_cut && form.n == 0 && form.after.n == 0)) {
		return;
	}
	arena_init(&scratch, 1 << 20);
	struct str text = with_examples(r, &form, &scratch);
	if (websocket && text.n > 2 && str_starts(text, STR("ws"))) {
		char *http = arena_alloc(&scratch, text.n + 3);
		snprintf(http, text.n + 3, "http%.*s", (int)(text.n - 2), text.p + 2);
		text = str_c(http);
	}
	if (text.n == 0) {
		defread_say(r, url, D_BLANK, "give the var a default or an example",
			"a blank of the address stays empty");
	} else if (is_cut && is_open_ended(text)) {
		/* nothing to say yet */
	} else if (value_url(text, &err) != HARK_OK) {
		defread_say(r, url, D_VALUE, NULL, "%s", err.text);
	} else if (host_is_internal(url_host(text))) {
		say_private(r, root, url, &form);
	}
	arena_release(&scratch);
}

/* Every address that hark asks. */
static void check_addresses(struct defread *r, const struct yaml_node *root)
{
	const struct definition *d = r->d;
	const struct {
		const char *under, *key;
		const struct form *form;
		bool websocket;
	} all[] = {
		{"request", "url", &d->request.url, false},
		{"stream", "url", &d->stream.url, d->stream.websocket},
		{"detail", "url", &d->detail.url, false},
		{"auth", "url", &d->auth_url, false},
		{"auth", "refresh_url", &d->auth_refresh_url, false},
	};
	if (d->vars_n > VARS_MAX) {
		defread_say(r, yaml_get(root, "vars"), D_SHAPE, NULL, "at most %d vars", VARS_MAX);
		return;
	}
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		check_address(r, root, yaml_get(yaml_get(root, all[i].under), all[i].key),
			all[i].form, all[i].websocket);
	}
}

/* What is pushed is asked for nothing: what belongs to asking would never be used. */
static void check_pushed(struct defread *r, const struct yaml_node *root)
{
	static const char *const asking[] = {
		"request", "every", "every_min", "active_hours", "cursor", "paging", "detail"};
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
			a->kind == HARK_AUTH_HUB ? "hub_signature" : "webhook");
	}
	check_addresses(r, root);
	if (has_request) {
		check_def_loop(r, root);
	}
	if (d->stream.present) {
		for (size_t run = RUN_CURSOR; run <= RUN_SINCE_DATE; run++) {
			d->stream.resumes |= def_asks(&d->stream.query, d->vars_n + run);
		}
	}
	d->asks = has_request;
}
