/* What a definition is given by its source: vars and the log-in. */
#include "connectors/definition_parts.h"

#include "monitor/config/values.h"

/* --- vars --- */

struct var {
	struct hark_setting *setting;
	bool is_list;
};

static void read_var_type(struct defread *r, const struct yaml_node *node, void *into)
{
	static const char *const names[] = {
		"string", "host", "url", "integer", "list", "tag", NULL};
	struct var *v = into;
	size_t type = defread_choice(r, node, names);
	v->is_list = type == 4;
	v->setting->type = type == 1   ? HARK_SETTING_HOST
			   : type == 2 ? HARK_SETTING_URL
			   : type == 3 ? HARK_SETTING_NUMBER
			   : type == 5 ? HARK_SETTING_TAG
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

bool def_is_safe(struct str url)
{
	return str_starts(url, STR("https://")) ||
	       (str_starts(url, STR("http://")) && host_is_internal(url_host(url)));
}

/* What a blank decides is looked at when the settings of a source fill it. */
static bool is_safe(const char *address)
{
	struct str url = str_c(address);
	return def_is_safe(url) || str_starts(url, STR("{"));
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
