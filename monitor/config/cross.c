/* What no single value can show: names that refer to each other, floors that depend on who owns a
 * server, keys that go together. */
#include "connectors/collect.h"
#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/base/crypto.h"
#include "monitor/base/jsonout.h"
#include "monitor/base/listen.h"
#include "monitor/config/load.h"
#include "monitor/config/values.h"
#include "monitor/model/signal.h"

#include <stdio.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) (l->no_memory = true)
#include <uthash.h>

/* Floors for servers of others. 15 minutes is what feed readers hold (15 to 20), 2 seconds what
 * crawlers hold between two requests. */
#define EVERY_MIN_MS (CONNECTOR_EVERY_MIN_S * INT64_C(1000))
#define SPACING_MIN_MS (INT64_C(2) * 1000)
#define ARGUMENT_MAX ((size_t)131071) /* of a program: bytes */
#define COMMAND_MAX ((size_t)1 << 20) /* … all of them */

#define ADD_SECRET "add it under secret: as env:NAME, file:PATH or credential:NAME"

/* The value of a key, or the whole record where the key is not written. */
static const struct yaml_node *place_of(const struct yaml_node *record, const char *key)
{
	const struct yaml_node *value = yaml_get(record, key);
	return value != NULL ? value : record;
}

/* What the connector knows of its source goes before the general floor and default. */
static void check_pace(struct loader *l, const struct yaml_node *node, struct conf_source *s)
{
	const struct hark_connector *c = s->connector != NULL ? connector_find(s->connector) : NULL;
	bool is_set = yaml_get(node, "every") != NULL;
	int64_t floor_ms =
		c != NULL && c->every_min_s > 0 ? c->every_min_s * INT64_C(1000) : EVERY_MIN_MS;
	struct buf text;
	if (c != NULL && c->every_s > 0 && !is_set) {
		s->every_ms = c->every_s * INT64_C(1000);
	}
	const struct definition *d = c != NULL ? connector_definition(c) : NULL;
	if (d != NULL && s->hours == NULL) {
		s->hours = d->hours; /* stays as long as the program */
	}
	if (s->internal || s->local || s->broken != NULL || s->every_ms >= floor_ms) {
		return;
	}
	buf_init(&text, 100);
	value_write_duration(&text, floor_ms);
	read_say(l, DIAG_ERROR, C_FLOOR, place_of(node, "every"),
		"if the server is your own, say internal: yes",
		"every%s: somebody else's server is asked no more often than every %s",
		is_set ? "" : ", as the connector says it", buf_c(&text));
	buf_release(&text);
}

static void check_floors(
	struct loader *l, const struct yaml_node *node, const struct conf_source *s)
{
	if (s->internal || s->local) {
		return;
	}
	if (s->spacing_ms >= 0 && s->spacing_ms < SPACING_MIN_MS) {
		read_say(l, DIAG_ERROR, C_FLOOR, place_of(node, "spacing"),
			"if the server is your own, say internal: yes",
			"spacing: two requests to somebody else's server stand at least 2s apart");
	}
}

/* Secrets of that name must be known to the connector, and those it needs given. */
static void check_secrets(struct loader *l, const struct yaml_node *node,
	const struct conf_source *s, const struct hark_connector *c)
{
	for (size_t i = 0; i < s->secrets_n; i++) {
		const struct hark_setting *known = c->secrets;
		while (known != NULL && known->name != NULL && strcmp(known->name, "*") != 0 &&
			strcmp(known->name, s->secret_names[i]) != 0) {
			known++;
		}
		if (known == NULL || known->name == NULL) {
			read_say(l, DIAG_ERROR, C_CONNECTOR, place_of(node, "secret"),
				"hark connector show NAME lists them",
				"connector %s has no secret '%s'", c->name, s->secret_names[i]);
		}
	}
	for (const struct hark_setting *k = c->secrets; k != NULL && k->name != NULL; k++) {
		bool is_given = !k->required;
		for (size_t i = 0; i < s->secrets_n; i++) {
			is_given |= strcmp(k->name, s->secret_names[i]) == 0;
		}
		if (!is_given) {
			read_say(l, DIAG_ERROR, C_MISSING, place_of(node, "secret"), ADD_SECRET,
				"connector %s needs the secret '%s'", c->name, k->name);
		}
	}
}

static void check_terms(struct loader *l, const struct yaml_node *node, const struct conf_source *s,
	const struct hark_connector *c)
{
	if (c->opt_in && !s->accepts_terms) {
		read_say(l, DIAG_ERROR, C_CONNECTOR, place_of(node, "connector"),
			"where that fits you, add accept-terms: yes", "connector %s: %s", c->name,
			c->terms != NULL ? c->terms : "its owner has terms of his own");
	}
}

/* A host in a private network is for internal sources. */
static void check_hosts(struct loader *l, const struct yaml_node *node, const struct conf_source *s,
	const struct hark_connector *c)
{
	for (size_t i = 0; i < s->vars_n && !s->internal; i++) {
		for (const struct hark_setting *k = c->settings; k != NULL && k->name != NULL;
			k++) {
			struct str value = str_c(s->vars[i].value);
			bool is_private = k->type == HARK_SETTING_HOST && value.n > 0 &&
					  host_is_internal(value);
			if (strcmp(k->name, s->vars[i].name) == 0 && is_private) {
				read_say(l, DIAG_ERROR, C_VALUE, place_of(node, "vars"),
					"if the server is your own, say internal: yes",
					"%s: '%s' lies in a private network", k->name,
					s->vars[i].value);
			}
		}
	}
}

/* One that its request names. What the connector always needs, check_secrets() asks for. */
static void need_secret(struct loader *l, const struct yaml_node *node, const struct conf_source *s,
	const struct hark_connector *c, const char *name)
{
	bool is_given = name == NULL;
	for (const struct hark_setting *k = c->secrets; k != NULL && k->name != NULL; k++) {
		is_given |= name != NULL && k->required && strcmp(k->name, name) == 0;
	}
	for (size_t i = 0; i < s->secrets_n; i++) {
		is_given |= name != NULL && strcmp(s->secret_names[i], name) == 0;
	}
	if (!is_given) {
		read_say(l, DIAG_ERROR, C_MISSING, place_of(node, "secret"), ADD_SECRET,
			"connector %s with these settings needs the secret '%s'", c->name, name);
	}
}

/* Where it cannot be read from here, harkd says so when it is needed. */
static void check_token(struct loader *l, const struct yaml_node *node, const struct conf_source *s)
{
	const struct yaml_node *secret = yaml_get(node, "secret");
	struct buf text;
	for (size_t i = 0; i < s->secrets_n; i++) {
		if (strcmp(s->secret_names[i], "token") != 0) {
			continue;
		}
		buf_init(&text, 4096);
		if (conf_secret(&s->secrets[i], l->conf->base_dir, &text, NULL) == HARK_OK &&
			text.n < CONF_TOKEN_MIN) {
			read_say(l, DIAG_ERROR, C_SECRET,
				secret != NULL && secret->kind == YAML_MAPPING
					? place_of(secret, "token")
					: place_of(node, "secret"),
				"openssl rand -hex 32 makes a good one",
				"the token of '%s' is shorter than %d characters and could be guessed",
				s->name != NULL ? s->name : "a source", CONF_TOKEN_MIN);
		}
		crypto_wipe_buf(&text);
	}
}

/* The first request shows who is asked, and with which secrets. */
static void check_request(struct loader *l, const struct yaml_node *node, struct conf_source *s,
	const struct hark_connector *c, void *ctx)
{
	struct hark_request request;
	struct arena arena;
	arena_init(&arena, 1 << 20);
	if (collect_plan(c, ctx, NULL, 0, &request, &arena, NULL) == HARK_OK) {
		const struct hark_auth *auth = request.auth;
		s->pushed = request.transport == HARK_TRANSPORT_PUSH;
		s->local = s->pushed || request.transport == HARK_TRANSPORT_FILE ||
			   request.transport == HARK_TRANSPORT_PROCESS;
		if (auth != NULL && auth->kind != HARK_AUTH_NONE && !auth->optional) {
			need_secret(l, node, s, c, auth->secret);
			need_secret(l, node, s, c, auth->secret2);
		}
		if (s->pushed) {
			check_token(l, node, s);
		}
	}
	arena_release(&arena);
}

/* Whether harkd goes on without the source when its connector cannot be used. */
static bool may_break(const struct loader *l, const struct conf_source *s)
{
	const struct conf *running = l->running;
	bool may = running == NULL;
	for (size_t i = 0; running != NULL && s->name != NULL && i < running->sources_n; i++) {
		const struct conf_source *known = &running->sources[i];
		may |= known->broken != NULL && strcmp(known->name, s->name) == 0;
	}
	return l->is_daemon && may;
}

/* A name that no connector has is misspelt in the configuration itself. */
static void say_unusable(struct loader *l, const struct yaml_node *node, struct conf_source *s,
	bool may, const struct hark_err *err)
{
	bool is_broken = may && err->code != HARK_ENOENT && err->code != HARK_ENOMEM;
	if (is_broken) {
		s->broken = read_keep(l, str_c(err->text));
	}
	read_say(l, is_broken ? DIAG_WARNING : DIAG_ERROR, C_CONNECTOR, place_of(node, "connector"),
		err->code == HARK_ENOENT ? "hark connector list shows all there are"
					 : "hark connector check says all that is wrong with it",
		is_broken ? "not polled until it is right: %s" : "%s", err->text);
}

/* The connector itself reads its settings, so what it refuses is refused here, in its words. */
static void check_connector(struct loader *l, const struct yaml_node *node, struct conf_source *s)
{
	struct hark_err err;
	void *ctx = NULL;
	const struct hark_connector *c = NULL;
	bool may = may_break(l, s);
	if (connector_get(&c, s->connector, may ? NULL : l->diags, &err) != HARK_OK) {
		say_unusable(l, node, s, may, &err);
	} else if (collect_open_noting(c, s->vars, s->vars_n, &ctx, l->diags, C_LEFT_OUT, &err) ==
		   HARK_OK) {
		check_request(l, node, s, c, ctx);
	} else {
		read_say(l, DIAG_ERROR, C_CONNECTOR, place_of(node, "vars"), NULL,
			"connector %s: %s", s->connector, err.text);
	}
	if (c != NULL) {
		collect_close(c, ctx);
		check_secrets(l, node, s, c);
		check_terms(l, node, s, c);
		check_hosts(l, node, s, c);
	}
}

static const struct hark_pair *find_var(const struct conf_source *s, const char *name)
{
	for (size_t i = 0; i < s->vars_n; i++) {
		if (strcmp(s->vars[i].name, name) == 0) {
			return &s->vars[i];
		}
	}
	return NULL;
}

static bool add_var(struct loader *l, struct conf_source *s, const char *name, const char *value)
{
	struct hark_pair *all = arena_alloc(&l->conf->arena, (s->vars_n + 1) * sizeof(*all));
	if (all == NULL) {
		l->no_memory = true;
		return false;
	}
	all[0] = (struct hark_pair){name, value};
	if (s->vars_n > 0) {
		memcpy(all + 1, s->vars, s->vars_n * sizeof(*all));
	}
	s->vars = all;
	s->vars_n++;
	return true;
}

/* Makes `url` and vars.url one and the same. False: a finding, the connector need not be asked. */
static bool join_url(struct loader *l, const struct yaml_node *node, struct conf_source *s)
{
	struct hark_err err;
	const struct hark_pair *var = find_var(s, "url");
	const struct yaml_node *vars = yaml_get(node, "vars");
	if (var != NULL && s->url != NULL) {
		read_say(l, DIAG_ERROR, C_SHAPE, vars, "keep one of them",
			"the URL stands in url: and in vars:");
		return false;
	}
	if (var != NULL) {
		s->url = var->value;
		if (value_url(str_c(var->value), &err) != HARK_OK) {
			read_say(l, DIAG_ERROR, C_VALUE, yaml_get(vars, "url"), NULL, "url: %s",
				err.text);
			return false;
		}
		return true;
	}
	if (s->url == NULL) {
		return yaml_get(node, "url") == NULL; /* else it was refused already */
	}
	return add_var(l, s, "url", s->url);
}

/* The same for a key that needs no check of its own. */
static bool join_short(struct loader *l, const struct yaml_node *node, struct conf_source *s,
	const char *name, const char *value)
{
	if (value != NULL && find_var(s, name) != NULL) {
		read_say(l, DIAG_ERROR, C_SHAPE, yaml_get(node, "vars"), "keep one of them",
			"%s stands under its own key and in vars:", name);
		return false;
	}
	return value == NULL || add_var(l, s, name, value);
}

/* As the kernel takes them: see execve(2), MAX_ARG_STRLEN. */
static bool check_command(
	struct loader *l, const struct yaml_node *node, const char *const *command)
{
	size_t all = 0;
	for (size_t i = 0; command[i] != NULL; i++) {
		size_t n = strlen(command[i]);
		all += n;
		if (n > ARGUMENT_MAX || all > COMMAND_MAX) {
			read_say(l, DIAG_ERROR, C_VALUE, yaml_get(node, "command"),
				"hand it over in a file",
				n > ARGUMENT_MAX
					? "command: part %zu has %zu bytes, of at most %zu"
					: "command: up to part %zu it has %zu bytes, of at most %zu",
				i + 1, n > ARGUMENT_MAX ? n : all,
				n > ARGUMENT_MAX ? ARGUMENT_MAX : COMMAND_MAX);
			return false;
		}
	}
	return true;
}

/* `command` as the setting of that name: one text. */
static bool join_command(struct loader *l, const struct yaml_node *node, struct conf_source *s)
{
	struct buf text;
	struct jsonout j;
	if (s->command == NULL) {
		return true;
	}
	if (!check_command(l, node, s->command)) {
		return false;
	}
	buf_init(&text, 8 * COMMAND_MAX); /* escaped */
	jsonout_init(&j, &text);
	jsonout_array(&j);
	for (size_t i = 0; s->command[i] != NULL; i++) {
		jsonout_str(&j, str_c(s->command[i]));
	}
	jsonout_end_array(&j);
	const char *kept = arena_c(&l->conf->arena, buf_str(&text));
	l->no_memory = l->no_memory || kept == NULL || text.rc != HARK_OK;
	buf_release(&text);
	return kept != NULL && join_short(l, node, s, "command", kept);
}

/* --- settings that name a list --- */

static bool is_list_setting(const struct hark_connector *c, const char *name)
{
	const struct hark_setting *k = c->settings;
	while (k != NULL && k->name != NULL && strcmp(k->name, name) != 0) {
		k++;
	}
	return k != NULL && k->name != NULL && k->type == HARK_SETTING_LIST;
}

/* The first setting that names a list or a file; NULL: none does. */
static const struct hark_pair *find_list_setting(const struct conf_source *s)
{
	const struct hark_connector *c = s->connector != NULL ? connector_find(s->connector) : NULL;
	for (size_t i = 0; c != NULL && i < s->vars_n; i++) {
		if (is_list_setting(c, s->vars[i].name)) {
			return &s->vars[i];
		}
	}
	return NULL;
}

/* The file of the list of that name, or the one of that path. NULL: it has none, which has been said. */
static const char *list_path(struct loader *l, const struct yaml_node *node, const char *value)
{
	for (size_t i = 0; i < l->lists_n; i++) {
		const struct conf_list *list = &l->lists[i];
		if (list->name == NULL || strcmp(list->name, value) != 0) {
			continue;
		}
		if (list->file == NULL) {
			read_say(l, DIAG_ERROR, C_MISFIT, place_of(node, "vars"),
				"name a list with file:", "the list '%s' is not made from a file",
				value);
		}
		return list->file;
	}
	return read_join(l, str_c(value));
}

/* Puts paths for the names of lists. False: a finding. */
static bool resolve_lists(struct loader *l, const struct yaml_node *node, struct conf_source *s)
{
	const struct hark_connector *c = connector_find(s->connector);
	struct hark_pair *all = arena_alloc(&l->conf->arena, (s->vars_n + 1) * sizeof(*all));
	l->no_memory = l->no_memory || all == NULL;
	for (size_t i = 0; all != NULL && i < s->vars_n; i++) {
		all[i] = s->vars[i];
		if (is_list_setting(c, all[i].name)) {
			all[i].value = list_path(l, node, all[i].value);
		}
		if (all[i].value == NULL) {
			return false;
		}
	}
	s->vars = all != NULL ? all : s->vars;
	return all != NULL;
}

static void wait_for_lists(struct loader *l, const struct yaml_node *node, struct conf_source *s)
{
	struct waiting_source *w = arena_alloc(&l->scratch, sizeof(*w));
	l->no_memory = l->no_memory || w == NULL;
	if (w != NULL) {
		*w = (struct waiting_source){l->waiting, node, (size_t)(s - l->sources)};
		l->waiting = w;
	}
}

/* All lists are known. */
static void resolve_waiting(struct loader *l)
{
	for (const struct waiting_source *w = l->waiting; w != NULL; w = w->next) {
		struct conf_source *s = &l->sources[w->at];
		if (resolve_lists(l, w->node, s)) {
			check_connector(l, w->node, s);
		}
	}
}

/* What is looked at in slices has to know the interval for all of it. */
static void tell_interval(struct loader *l, struct conf_source *s)
{
	const struct hark_connector *c = s->connector != NULL ? connector_find(s->connector) : NULL;
	char text[24];
	if (c != NULL && c->in_slices && find_var(s, "every_ms") == NULL) {
		snprintf(text, sizeof(text), "%lld", (long long)s->every_ms);
		const char *kept = read_keep(l, str_c(text));
		if (kept != NULL) {
			add_var(l, s, "every_ms", kept);
		}
	}
}

void cross_source(struct loader *l, const struct yaml_node *node, struct conf_source *s)
{
	if (node->kind != YAML_MAPPING) {
		return;
	}
	if (find_list_setting(s) != NULL) {
		check_pace(l, node, s);
		check_floors(l, node, s);
		tell_interval(l, s);
		wait_for_lists(l, node, s);
		return;
	}
	if (join_url(l, node, s) && join_short(l, node, s, "folder", s->folder) &&
		join_short(l, node, s, "format", s->format) && join_command(l, node, s) &&
		s->connector != NULL) {
		check_connector(l, node, s);
	}
	cross_websub(l, node, s);
	if (!s->pushed) {
		check_pace(l, node, s);
		check_floors(l, node, s);
	}
}

/* What stands near a name is looked for word by word. */
static void check_words(struct loader *l, const struct yaml_node *words)
{
	size_t n = words == NULL ? 0 : words->kind == YAML_SEQUENCE ? words->n : 1;
	for (size_t i = 0; i < n; i++) {
		const struct yaml_node *word =
			words->kind == YAML_SEQUENCE ? words->items[i] : words;
		if (word->kind == YAML_SCALAR && memchr(word->text.p, ' ', word->text.n) != NULL) {
			read_say(l, DIAG_ERROR, C_VALUE, word,
				"write single words, for example [app, crm]",
				"'%.*s' is not one word", STR_FMT(str_cut_utf8(word->text, 80)));
		}
	}
}

void cross_list(struct loader *l, const struct yaml_pair *p, const struct conf_list *list)
{
	if (p->value->kind != YAML_MAPPING || list->name == NULL) {
		return;
	}
	const struct yaml_node *file = yaml_get(p->value, "file");
	const struct yaml_node *from = yaml_get(p->value, "from");
	const struct yaml_node *where = yaml_get(p->value, "where");
	check_words(l, yaml_get(p->value, "context"));
	check_words(l, yaml_get(p->value, "forbid"));
	if (file == NULL && from == NULL) {
		read_say(l, DIAG_ERROR, C_MISSING, p->value, NULL,
			"file is missing in lists.NAME, or from");
	} else if (file != NULL && from != NULL) {
		read_say(l, DIAG_ERROR, C_SHAPE, from, "keep one of them",
			"a list has a file, or is made from imported records");
	} else if (where != NULL && from == NULL) {
		read_say(l, DIAG_ERROR, C_SHAPE, where, "write any:LIST[column=value] in the rule",
			"where chooses among imported records");
	}
}

static void check_type_keys(
	struct loader *l, const struct yaml_node *node, const struct conf_receiver *r)
{
	const char *type = option_find(SECTION_RECEIVER, STR("type"))->choices[r->type];
	for (const struct option *o = options; o->key != NULL; o++) {
		if (o->section != SECTION_RECEIVER || o->types == 0) {
			continue;
		}
		const struct yaml_node *value = yaml_get(node, o->key);
		bool fits = (o->types & 1u << r->type) != 0;
		if (value != NULL && !fits) {
			read_say(l, DIAG_ERROR, C_MISFIT, value, NULL,
				"%s does not go with type: %s", o->key, type);
		} else if (value == NULL && fits && o->required) {
			read_say(l, DIAG_ERROR, C_MISSING, node, NULL,
				"%s is missing: a receiver of type %s needs it", o->key, type);
		}
	}
}

/* Keys of a digest that never comes. */
static void check_digest_keys(
	struct loader *l, const struct yaml_node *node, const struct conf_receiver *r)
{
	static const char *const keys[] = {"digest-takes", "digest-max", "when-empty"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (yaml_get(node, keys[i]) != NULL && r->digest == NULL &&
			yaml_get(node, "digest") == NULL) {
			read_say(l, DIAG_ERROR, C_MISFIT, yaml_get(node, keys[i]),
				"say when it comes, digest: hourly or digest: daily 08:00 UTC, or take "
				"this out",
				"%s is about a digest, and this receiver has none", keys[i]);
		}
	}
}

void cross_receiver(struct loader *l, const struct yaml_node *node, const struct conf_receiver *r)
{
	const struct option *type = option_find(SECTION_RECEIVER, STR("type"));
	const struct yaml_node *written =
		node->kind == YAML_MAPPING ? yaml_get(node, "type") : NULL;
	if (written == NULL || !str_eq_c(written->text, type->choices[r->type])) {
		return; /* missing or refused: said already */
	}
	check_type_keys(l, node, r);
	check_digest_keys(l, node, r);
	if (yaml_get(node, "sees") != NULL) {
		cross_class(l, yaml_get(node, "sees"));
	}
	if (r->type != RECEIVER_WEBHOOK || r->url == NULL) {
		return;
	}
	if (!r->internal && str_starts_nocase(str_c(r->url), STR("http://")) &&
		!host_is_internal(url_host(str_c(r->url)))) {
		read_say(l, DIAG_WARNING, C_PLAIN_HTTP, yaml_get(node, "url"), "use https",
			"alerts for '%s' cross the internet unencrypted", r->name);
	}
	if (r->secret.from == SECRET_NONE && yaml_get(node, "secret") == NULL) {
		read_say(l, DIAG_WARNING, C_UNSIGNED, node,
			"add secret: env:NAME, file:PATH or credential:NAME",
			"receiver '%s' has no secret: it cannot tell hark's messages from forged ones",
			r->name);
	}
}

/* A name and where it was given first. */
struct taken {
	const char *name;
	struct diag_at at;
	UT_hash_handle hh;
};

static void take(
	struct loader *l, struct taken **all, const char *what, const char *name, struct diag_at at)
{
	struct taken *before = NULL;
	if (name == NULL) {
		return;
	}
	HASH_FIND_STR(*all, name, before);
	if (before != NULL) {
		diags_add(l->diags, DIAG_ERROR, C_TAKEN, at, STR_NONE,
			"give one of them another name",
			"the %s '%s' is already defined at %s:%u:%u", what, name, before->at.file,
			before->at.line, before->at.col);
		return;
	}
	struct taken *t = arena_alloc(&l->scratch, sizeof(*t));
	if (t == NULL) {
		l->no_memory = true;
		return;
	}
	t->name = name;
	t->at = at;
	HASH_ADD_KEYPTR(hh, *all, t->name, strlen(t->name), t);
}

static void check_names(struct loader *l)
{
	struct taken *lists = NULL, *sources = NULL, *receivers = NULL;
	for (size_t i = 0; i < l->lists_n; i++) {
		take(l, &lists, "list", l->lists[i].name, l->lists[i].at);
	}
	for (size_t i = 0; i < l->sources_n; i++) {
		take(l, &sources, "source", l->sources[i].name, l->sources[i].at);
	}
	for (size_t i = 0; i < l->receivers_n; i++) {
		take(l, &receivers, "receiver", l->receivers[i].name, l->receivers[i].at);
		if (l->receivers[i].name != NULL &&
			strcmp(l->receivers[i].name, CONF_TO_OWNER) == 0) {
			diags_add(l->diags, DIAG_ERROR, C_TAKEN, l->receivers[i].at, STR_NONE,
				"give it another name",
				"no receiver may be called '" CONF_TO_OWNER
				"': to a route that is whoever the lead belongs to");
		}
	}
	HASH_CLEAR(hh, lists);
	HASH_CLEAR(hh, sources);
	HASH_CLEAR(hh, receivers);
}

/* SIZE_MAX: there is none, and that has been said. */
static size_t find_receiver(struct loader *l, const struct yaml_node *node)
{
	const char *names[256];
	size_t n = 0;
	for (size_t i = 0; i < l->receivers_n; i++) {
		const char *name = l->receivers[i].name;
		if (name != NULL && str_eq_c(node->text, name)) {
			return i;
		}
		if (name != NULL && n < sizeof(names) / sizeof(*names)) {
			names[n++] = name;
		}
	}
	char help[200];
	const char *near = did_you_mean(node->text, names, n);
	snprintf(help, sizeof(help), "did you mean %s?", near != NULL ? near : "");
	read_say(l, DIAG_ERROR, C_NO_SUCH, node,
		near != NULL ? help : "define it under receivers:", "there is no receiver '%.*s'",
		STR_FMT(str_cut_utf8(node->text, 80)));
	return SIZE_MAX;
}

/* A route that says no receiver has those of the one it is under. */
static void inherit_receivers(struct loader *l, struct loaded_route *r)
{
	const struct loaded_route *above = r->above != SIZE_MAX ? &l->routes[r->above] : NULL;
	bool is_leaf = r->route.end == (size_t)(r - l->routes) + 1;
	if (above != NULL) {
		r->route.receivers = above->route.receivers;
		r->route.receivers_n = above->route.receivers_n;
		r->route.to_owner = above->route.to_owner;
	}
	bool lost = above != NULL && above->to != NULL; /* what is wrong there has been said */
	if (is_leaf && r->route.receivers_n == 0 && !r->route.to_owner && !lost &&
		r->node->kind == YAML_MAPPING) {
		read_say(l, DIAG_ERROR, C_MISSING, r->node, NULL, "to is missing in routes[]");
	}
}

static void resolve_route(struct loader *l, struct loaded_route *r)
{
	const struct yaml_node *to = r->to;
	struct yaml_node *single = (struct yaml_node *)to;
	struct yaml_node **items = &single;
	size_t n = 1;
	if (to == NULL) {
		inherit_receivers(l, r);
		return;
	}
	if (to->kind != YAML_SCALAR) {
		items = to->items;
		n = to->kind == YAML_SEQUENCE ? to->n : 0;
	}
	if (n == 0) {
		read_say(l, DIAG_ERROR, C_SHAPE, to, NULL,
			"to must be the name of a receiver or a sequence of names");
		return;
	}
	size_t *receivers = arena_alloc(&l->conf->arena, n * sizeof(*receivers));
	l->no_memory = l->no_memory || receivers == NULL;
	for (size_t i = 0; receivers != NULL && i < n; i++) {
		bool owner = str_eq_c(items[i]->text, CONF_TO_OWNER);
		size_t at = owner ? SIZE_MAX : find_receiver(l, items[i]);
		r->route.to_owner |= owner;
		if (at != SIZE_MAX) {
			receivers[r->route.receivers_n++] = at;
		}
	}
	r->route.receivers = receivers;
}

static void say_no_kind(struct loader *l, const struct yaml_node *node, bool with_alarms)
{
	const char *names[18];
	size_t n = 0;
	enum signal_kind kind;
	struct buf help;
	while (n + 2 < sizeof(names) / sizeof(*names) &&
		signal_kind_parse(str_c(signal_kind_name((enum signal_kind)n)), &kind)) {
		names[n] = signal_kind_name((enum signal_kind)n);
		n++;
	}
	if (with_alarms) {
		names[n++] = CONF_KIND_SOURCE_ALARM;
		names[n++] = CONF_KIND_REFERENCE_DESK;
	}
	const char *near = did_you_mean(node->text, names, n);
	buf_init(&help, 500);
	if (near != NULL) {
		buf_printf(&help, "did you mean %s?", near);
	} else {
		buf_add_c(&help, "there are ");
		read_name_all(names, n, &help);
	}
	read_say(l, DIAG_ERROR, C_NO_SUCH, node, buf_c(&help), "there is no kind '%.*s'",
		STR_FMT(str_cut_utf8(node->text, 80)));
	buf_release(&help);
}

/* A kind that no rule can have would never match. */
void cross_kinds(struct loader *l, const struct yaml_node *kinds, bool with_alarms)
{
	enum signal_kind kind;
	for (size_t i = 0; kinds != NULL && i < (kinds->kind == YAML_SCALAR ? 1 : kinds->n); i++) {
		const struct yaml_node *one =
			kinds->kind == YAML_SEQUENCE ? kinds->items[i] : kinds;
		if (one->kind == YAML_SCALAR && one->text.n > 0 &&
			!signal_kind_parse(one->text, &kind) &&
			!(with_alarms && (str_eq_c(one->text, CONF_KIND_SOURCE_ALARM) ||
						 str_eq_c(one->text, CONF_KIND_REFERENCE_DESK)))) {
			say_no_kind(l, one, with_alarms);
		}
	}
}

static void check_kinds(struct loader *l, const struct yaml_node *route)
{
	const struct yaml_node *when = route->kind == YAML_MAPPING ? yaml_get(route, "when") : NULL;
	cross_kinds(l, when != NULL && when->kind == YAML_MAPPING ? yaml_get(when, "kind") : NULL,
		true);
}

/* Whoever owns an opportunity may be told. */
static bool tells_owners_of_deals(const struct loader *l)
{
	for (size_t i = 0; i < l->inhibits_n; i++) {
		if (l->inhibits[i].while_open == INHIBIT_DEAL) {
			return true;
		}
	}
	return false;
}

static void check_use(struct loader *l)
{
	for (size_t i = 0; i < l->receivers_n; i++) {
		bool is_used = tells_owners_of_deals(l);
		for (size_t k = 0; k < l->routes_n && !is_used; k++) {
			for (size_t m = 0; m < l->routes[k].route.receivers_n; m++) {
				is_used = is_used || l->routes[k].route.receivers[m] == i;
			}
			is_used = is_used || l->routes[k].route.to_owner;
		}
		if (!is_used && l->receivers[i].name != NULL) {
			diags_add(l->diags, DIAG_WARNING, C_IDLE, l->receivers[i].at, STR_NONE,
				"add a route: - { to: … }", "no route leads to the receiver '%s'",
				l->receivers[i].name);
		}
	}
	for (size_t i = 0; i < l->sources_n; i++) {
		if (l->sources[i].pushed && l->conf->http_listen == NULL) {
			diags_add(l->diags, DIAG_WARNING, C_IDLE, l->sources[i].at, STR_NONE,
				"add http: { listen: 127.0.0.1:8787 }",
				"nothing can be sent to '%s': hark does not listen",
				l->sources[i].name != NULL ? l->sources[i].name : "a source");
		}
	}
	if (l->sources_n == 0) {
		diags_add(l->diags, DIAG_WARNING, C_IDLE, (struct diag_at){.file = l->conf->path},
			STR_NONE, "hark sources add URL adds one",
			"there are no sources: nothing is polled");
	}
}

/* Somebody else's server. */
static bool asks_others(const struct conf_source *s)
{
	return !s->internal && !s->local;
}

static void check_owner(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *operator_node = yaml_get(root, "operator");
	bool is_refused = operator_node != NULL && operator_node->kind == YAML_MAPPING &&
			  yaml_get(operator_node, "contact") != NULL;
	for (size_t i = 0; i < l->sources_n && l->conf->contact == NULL && !is_refused; i++) {
		const struct conf_source *s = &l->sources[i];
		if (asks_others(s)) {
			diags_add(l->diags, DIAG_ERROR, C_CONTACT, s->at, STR_NONE,
				"add operator: { contact: \"mailto:you@your.domain\" }, or "
				"internal: yes "
				"to the source if the server is your own",
				"'%s' asks somebody else's server, and nothing says who asks",
				s->name != NULL ? s->name : "a source");
			return;
		}
	}
}

/* What harkd would refuse when it starts. */
static void check_listen(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *http = yaml_get(root, "http");
	union listen_address a;
	socklen_t len = 0;
	struct hark_err err;
	if (l->conf->http_listen != NULL && http != NULL && http->kind == YAML_MAPPING &&
		listen_check(l->conf->http_listen, l->conf->http_behind_tls, &a, &len, &err) !=
			HARK_OK) {
		read_say(l, DIAG_ERROR, C_VALUE, place_of(http, "listen"), NULL, "listen: %s",
			err.text);
	}
}

static void check_limits(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *http = yaml_get(root, "http");
	const struct yaml_node *retention = yaml_get(root, "retention");
	if (http != NULL && http->kind == YAML_MAPPING) {
		for (size_t i = 0; i < l->sources_n; i++) {
			if (l->conf->http_per_host > 1 && asks_others(&l->sources[i])) {
				read_say(l, DIAG_ERROR, C_FLOOR, place_of(http, "per-host"), NULL,
					"per-host: '%s' is not internal, so its server is asked "
					"one thing at a "
					"time",
					l->sources[i].name != NULL ? l->sources[i].name
								   : "a source");
				break;
			}
		}
		for (size_t i = 0; i < l->sources_n; i++) {
			if (l->conf->http_spacing_ms < SPACING_MIN_MS &&
				asks_others(&l->sources[i])) {
				read_say(l, DIAG_ERROR, C_FLOOR, place_of(http, "spacing"), NULL,
					"spacing: '%s' is not internal, so requests to its server "
					"stand at "
					"least 2s apart",
					l->sources[i].name != NULL ? l->sources[i].name
								   : "a source");
				break;
			}
		}
	}
	if (l->conf->keep_unmatched_ms > l->conf->keep_leads_ms) {
		read_say(l, DIAG_WARNING, C_RETENTION,
			retention != NULL ? place_of(retention, "unmatched") : root, NULL,
			"posts without a finding are kept longer than leads");
	}
}

static struct conf_source *find_source(struct loader *l, const char *name)
{
	for (size_t i = 0; i < l->sources_n; i++) {
		if (l->sources[i].name != NULL && strcmp(l->sources[i].name, name) == 0) {
			return &l->sources[i];
		}
	}
	return NULL;
}

/* What is wrong with `in` as a fallback of `s`; NULL: nothing. */
static const char *why_no_fallback(const struct conf_source *s, const struct conf_source *in)
{
	if (in == NULL) {
		return "there is no such source";
	}
	if (in == s || in->fallback_n > 0) {
		return "it has a fallback of its own";
	}
	if (in->stands_for != NULL) {
		return "it is one already";
	}
	return in->visibility != s->visibility ? "one is private and the other public" : NULL;
}

/* A source that stands in for another is told so. */
static void resolve_fallbacks(struct loader *l)
{
	for (size_t i = 0; i < l->sources_n; i++) {
		const struct conf_source *s = &l->sources[i];
		for (size_t k = 0; k < s->fallback_n; k++) {
			struct conf_source *in = find_source(l, s->fallback[k]);
			const char *why = why_no_fallback(s, in);
			if (why != NULL) {
				diags_add(l->diags, DIAG_ERROR, in == NULL ? C_NO_SUCH : C_MISFIT,
					s->at, STR_NONE, "name sources that stand for no other",
					"'%s' cannot be the fallback of '%s': %s", s->fallback[k],
					s->name != NULL ? s->name : "a source", why);
				continue;
			}
			in->stands_for = s->name;
			in->stands_at = k;
		}
	}
}

/* A source that nobody has would never have a question. */
static void check_unanswered(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *policy =
		root->kind == YAML_MAPPING ? yaml_get(root, "unanswered") : NULL;
	const struct yaml_node *names = policy != NULL && policy->kind == YAML_MAPPING
						? yaml_get(policy, "sources")
						: NULL;
	for (size_t i = 0; names != NULL && i < (names->kind == YAML_SCALAR ? 1 : names->n); i++) {
		const struct yaml_node *one =
			names->kind == YAML_SEQUENCE ? names->items[i] : names;
		const char *name = one->kind == YAML_SCALAR ? read_keep(l, one->text) : NULL;
		if (name != NULL && find_source(l, name) == NULL) {
			read_say(l, DIAG_ERROR, C_NO_SUCH, one, NULL, "there is no source '%.*s'",
				STR_FMT(str_cut_utf8(one->text, 80)));
		}
	}
}

void cross_all(struct loader *l, const struct yaml_node *root)
{
	check_names(l);
	resolve_waiting(l);
	resolve_fallbacks(l);
	for (size_t i = 0; i < l->routes_n; i++) {
		resolve_route(l, &l->routes[i]);
		check_kinds(l, l->routes[i].node);
	}
	cross_route_tests(l);
	check_owner(l, root);
	check_listen(l, root);
	check_limits(l, root);
	check_unanswered(l, root);
	cross_websub_all(l, root);
	cross_territories(l);
	cross_effects(l);
	cross_notices(l, root);
	cross_policy(l);
	if (l->diags->errors == 0) { /* else what seems idle may only be misspelt */
		check_use(l);
	}
}
