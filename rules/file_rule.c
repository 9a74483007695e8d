/* The keys of one rule. */
#include "rules/file.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* One reading: what is read, where errors go. */
struct reading {
	struct rule *rule;
	struct arena *arena;
	struct diags *diags;
};

typedef void (*key_fn)(struct reading *r, const struct yaml_node *value);

static void not_one_of(struct reading *r, const struct yaml_node *node, struct str given,
	const char *what, const char *const *known, size_t n)
{
	char help[300] = "one of ";
	const char *near = did_you_mean(given, known, n);
	if (near != NULL) {
		snprintf(help, sizeof(help), "did you mean %s?", near);
	} else {
		for (size_t i = 0; i < n; i++) {
			size_t used = strlen(help);
			snprintf(help + used, sizeof(help) - used, "%s%s", i > 0 ? ", " : "",
				known[i]);
		}
	}
	yaml_error(r->diags, node, "E011", help, "there is no %s '%.*s'", what,
		(int)(given.n < 60 ? given.n : 60), given.p);
}

static bool choose(struct reading *r, const struct yaml_node *node, const char *what,
	const char *const *known, size_t n, size_t *out)
{
	struct str given = scalar_text(node, r->diags);
	if (given.p == NULL) {
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(given, known[i])) {
			*out = i;
			return true;
		}
	}
	not_one_of(r, node, given, what, known, n);
	return false;
}

static bool read_bool(struct reading *r, const struct yaml_node *node, bool *out)
{
	static const char *const names[] = {"false", "true", "no", "yes", "off", "on"};
	size_t i;
	if (!choose(r, node, "such switch (true or false)", names, COUNT(names), &i)) {
		return false;
	}
	*out = i % 2 == 1;
	return true;
}

static void read_id(struct reading *r, const struct yaml_node *value)
{
	r->rule->id = scalar_text(value, r->diags);
	if (r->rule->id.p != NULL && !is_slug(r->rule->id)) {
		yaml_error(r->diags, value, "E009", "for example competitor-switch",
			"an id is made of letters, digits, - and _");
	}
}

static void read_title(struct reading *r, const struct yaml_node *value)
{
	r->rule->title = scalar_text(value, r->diags);
}

static void read_kind(struct reading *r, const struct yaml_node *value)
{
	const char *names[16];
	size_t n = 0, i;
	for (enum signal_kind k = SIGNAL_MENTION; k <= SIGNAL_PAIN; k++) {
		names[n++] = signal_kind_name(k);
	}
	if (choose(r, value, "kind of signal", names, n, &i)) {
		r->rule->kind = (enum signal_kind)i;
	}
}

static void read_flags(struct reading *r, const struct yaml_node *value)
{
	static const char *const names[] = {"regulated", "sensitive", "mixed"};
	static const unsigned bits[] = {FLAG_REGULATED, FLAG_SENSITIVE, FLAG_MIXED};
	size_t n = value->kind == YAML_SEQUENCE ? value->n : 1;
	for (size_t k = 0; k < n; k++) {
		size_t i;
		if (choose(r, value->kind == YAML_SEQUENCE ? value->items[k] : value, "flag", names,
			    COUNT(names), &i)) {
			r->rule->flags |= bits[i];
		}
	}
}

static void read_status(struct reading *r, const struct yaml_node *value)
{
	static const char *const names[] = {"live", "shadow", "retired"};
	size_t i;
	if (choose(r, value, "status", names, COUNT(names), &i)) {
		r->rule->status = (enum rule_status)i;
	}
}

static void read_level(struct reading *r, const struct yaml_node *value)
{
	static const char *const names[] = {"instant", "normal", "digest"};
	size_t i;
	if (choose(r, value, "level", names, COUNT(names), &i)) {
		r->rule->level = (enum signal_level)i;
	}
}

static void read_owner(struct reading *r, const struct yaml_node *value)
{
	r->rule->owner = scalar_text(value, r->diags);
}

static void read_route(struct reading *r, const struct yaml_node *value)
{
	r->rule->route = scalar_text(value, r->diags);
}

static void read_visibility(struct reading *r, const struct yaml_node *value)
{
	r->rule->visibility = scalar_text(value, r->diags);
}

static void read_types(struct reading *r, const struct yaml_node *value)
{
	static const char *const names[] = {
		"post", "reply", "repost", "quote", "review", "job", "filing"};
	size_t i;
	read_strs(&r->rule->scope.types, value, r->arena, r->diags);
	for (size_t k = 0; value->kind == YAML_SEQUENCE && k < value->n; k++) {
		choose(r, value->items[k], "type of post", names, COUNT(names), &i);
	}
	if (value->kind == YAML_SCALAR) {
		choose(r, value, "type of post", names, COUNT(names), &i);
	}
}

static void read_strict(struct reading *r, const struct yaml_node *value)
{
	read_bool(r, value, &r->rule->scope.lang_strict);
}

static void read_scope(struct reading *r, const struct yaml_node *value)
{
	static const char *const known[] = {
		"lang", "type", "source", "site", "author", "lang-strict"};
	struct scope *s = &r->rule->scope;
	struct strs *const lists[] = {&s->langs, NULL, &s->sources, &s->sites, &s->authors};
	if (value->kind != YAML_MAPPING) {
		yaml_error(r->diags, value, "E008",
			"for example { lang: [en], type: [post, reply] }", "scope is a mapping");
		return;
	}
	for (size_t i = 0; i < value->n; i++) {
		const struct yaml_pair *p = &value->pairs[i];
		size_t k = 0;
		while (k < COUNT(known) && !str_eq_c(p->key->text, known[k])) {
			k++;
		}
		if (k == 1) {
			read_types(r, p->value);
		} else if (k == 5) {
			read_strict(r, p->value);
		} else if (k < COUNT(lists)) {
			read_strs(lists[k], p->value, r->arena, r->diags);
		} else {
			unknown_key(p->key, known, COUNT(known), "scope", r->diags);
		}
	}
}

static void read_match(struct reading *r, const struct yaml_node *value)
{
	if (scalar_text(value, r->diags).p != NULL) {
		r->rule->match = query_parse(value, r->arena, &r->rule->names, r->diags);
	}
}

static void read_subject(struct reading *r, const struct yaml_node *value)
{
	static const char *const names[] = {"author", "contact", "account"};
	struct str s = scalar_text(value, r->diags);
	size_t i;
	if (s.n > 1 && s.p[0] == '$') {
		r->rule->subject = SUBJECT_VARIABLE;
		r->rule->subject_var = str_n(s.p + 1, s.n - 1);
	} else if (s.p != NULL && choose(r, value, "subject", names, COUNT(names), &i)) {
		r->rule->subject = (enum subject_kind)i;
	}
}

static bool read_points(struct reading *r, const struct yaml_node *value, int *out)
{
	int64_t n;
	struct str s = scalar_text(value, r->diags);
	if (s.p == NULL) {
		return false;
	}
	if (!str_i64(s, &n) || n < -100 || n > 100) {
		yaml_error(r->diags, value, "E011", NULL, "a score is a number from -100 to 100");
		return false;
	}
	*out = (int)n;
	return true;
}

/* A comparison, or any other query that is more than one bare word. */
static struct query *read_score_query(struct reading *r, const struct yaml_node *key)
{
	struct query *q = query_parse(key, r->arena, NULL, r->diags);
	bool word = q != NULL && q->kind == QUERY_PHRASE && key->text.p[0] != '"';
	if (word) {
		static const char *const known[] = {"base", "question"};
		const char *near = did_you_mean(key->text, known, COUNT(known));
		char help[60] = "put \" around a word that is searched for";
		if (near != NULL) {
			snprintf(help, sizeof(help), "did you mean %s?", near);
		}
		yaml_error(r->diags, key, "E011", help, "there is no score term '%.*s'",
			(int)(key->text.n < 60 ? key->text.n : 60), key->text.p);
		return NULL;
	}
	return q;
}

static void read_score(struct reading *r, const struct yaml_node *value)
{
	if (value->kind == YAML_SCALAR) {
		read_points(r, value, &r->rule->score_base);
		return;
	}
	if (value->kind != YAML_MAPPING) {
		yaml_error(r->diags, value, "E008", "for example { base: 40, question: 15 }",
			"score is a mapping");
		return;
	}
	for (size_t i = 0; i < value->n; i++) {
		const struct yaml_pair *p = &value->pairs[i];
		struct score_term term = {.name = p->key->text};
		if (str_eq_c(p->key->text, "base")) {
			read_points(r, p->value, &r->rule->score_base);
			continue;
		}
		if (!str_eq_c(p->key->text, "question")) {
			term.when = read_score_query(r, p->key);
		}
		struct score_term *grown = arena_grow(r->arena, r->rule->terms, r->rule->terms_n,
			&r->rule->terms_cap, sizeof(*grown));
		if (!read_points(r, p->value, &term.points) || grown == NULL) {
			continue;
		}
		r->rule->terms = grown;
		r->rule->terms[r->rule->terms_n++] = term;
	}
}

static void add_emit(struct reading *r, struct str name, const struct yaml_node *value)
{
	struct str text = scalar_text(value, r->diags);
	struct template *grown = arena_grow(
		r->arena, r->rule->emit, r->rule->emit_n, &r->rule->emit_cap, sizeof(*grown));
	if (grown == NULL || text.p == NULL) {
		return;
	}
	r->rule->emit = grown;
	r->rule->emit[r->rule->emit_n++] = (struct template){name, value, text};
}

/* Of several texts for one name the first stands whose variables are all known. */
static void read_emit(struct reading *r, const struct yaml_node *value)
{
	if (value->kind != YAML_MAPPING) {
		yaml_error(r->diags, value, "E008", "for example { competitor: $rival.name }",
			"emit is a mapping");
		return;
	}
	for (size_t i = 0; i < value->n; i++) {
		const struct yaml_pair *p = &value->pairs[i];
		if (p->value->kind != YAML_SEQUENCE) {
			add_emit(r, p->key->text, p->value);
		}
		for (size_t k = 0; p->value->kind == YAML_SEQUENCE && k < p->value->n; k++) {
			add_emit(r, p->key->text, p->value->items[k]);
		}
	}
}

bool duration_parse(struct str s, int64_t *ms)
{
	static const struct {
		char unit;
		int64_t ms;
	} units[] = {{'s', 1000}, {'m', 60000}, {'h', 3600000}, {'d', 86400000}, {'w', 604800000}};
	int64_t n;
	if (s.n < 2 || !str_i64(str_n(s.p, s.n - 1), &n) || n < 1 || n > 100000) {
		return false;
	}
	for (size_t i = 0; i < COUNT(units); i++) {
		if (s.p[s.n - 1] == units[i].unit) {
			*ms = n * units[i].ms;
			return true;
		}
	}
	return false;
}

static void check_key_part(struct reading *r, const struct yaml_node *node)
{
	static const char *const names[] = {
		"subject", "kind", "rule", "source", "author", "thread"};
	size_t i;
	if (node->kind != YAML_SCALAR || node->text.n < 2 || node->text.p[0] != '$') {
		choose(r, node, "part of a lead's key", names, COUNT(names), &i);
	}
}

static void read_lead(struct reading *r, const struct yaml_node *value)
{
	static const char *const known[] = {"key", "window"};
	if (value->kind != YAML_MAPPING) {
		yaml_error(r->diags, value, "E008",
			"for example { key: [subject, kind], window: 14d }", "lead is a mapping");
		return;
	}
	for (size_t i = 0; i < value->n; i++) {
		const struct yaml_pair *p = &value->pairs[i];
		if (str_eq_c(p->key->text, "key")) {
			r->rule->lead_key = (struct strs){0};
			read_strs(&r->rule->lead_key, p->value, r->arena, r->diags);
			size_t n = p->value->kind == YAML_SEQUENCE ? p->value->n : 1;
			for (size_t k = 0; k < n; k++) {
				check_key_part(r, p->value->kind == YAML_SEQUENCE
							  ? p->value->items[k]
							  : p->value);
			}
		} else if (!str_eq_c(p->key->text, "window")) {
			unknown_key(p->key, known, COUNT(known), "lead", r->diags);
		} else if (!duration_parse(
				   scalar_text(p->value, r->diags), &r->rule->lead_window_ms)) {
			yaml_error(r->diags, p->value, "E011", "for example 14d or 12h",
				"a window is a number and s, m, h, d or w");
		}
	}
}

static void read_slow(struct reading *r, const struct yaml_node *value)
{
	read_bool(r, value, &r->rule->slow);
}

static void read_tests(struct reading *r, const struct yaml_node *value)
{
	static const char *const known[] = {"lists", "defaults", "match", "nomatch"};
	r->rule->tests = value;
	if (value->kind != YAML_MAPPING) {
		yaml_error(r->diags, value, "E008", "with match: and nomatch: in it",
			"tests is a mapping");
		r->rule->tests = NULL;
		return;
	}
	for (size_t i = 0; i < value->n; i++) {
		size_t k = 0;
		while (k < COUNT(known) && !str_eq_c(value->pairs[i].key->text, known[k])) {
			k++;
		}
		if (k == COUNT(known)) {
			unknown_key(value->pairs[i].key, known, COUNT(known), "tests", r->diags);
		}
	}
}

static void read_prose(struct reading *r, const struct yaml_node *value)
{
	struct strs any = {0};
	read_strs(&any, value, r->arena, r->diags);
}

static const struct {
	const char *name;
	key_fn read;
	bool required;
} keys[] = {
	{"id", read_id, true},
	{"title", read_title, false},
	{"kind", read_kind, true},
	{"match", read_match, true},
	{"flags", read_flags, false},
	{"status", read_status, false},
	{"level", read_level, false},
	{"owner", read_owner, false},
	{"scope", read_scope, false},
	{"lang-strict", read_strict, false},
	{"slow", read_slow, false},
	{"subject", read_subject, false},
	{"score", read_score, false},
	{"emit", read_emit, false},
	{"route", read_route, false},
	{"lead", read_lead, false},
	{"visibility", read_visibility, false},
	{"description", read_prose, false},
	{"references", read_prose, false},
	{"falsepositives", read_prose, false},
	{"tests", read_tests, false},
};

static void set_defaults(struct rule *rule)
{
	static struct str key[] = {{"subject", 7}, {"kind", 4}};
	rule->level = LEVEL_NORMAL;
	rule->status = RULE_LIVE;
	rule->score_base = SCORE_BASE;
	rule->lead_window_ms = LEAD_WINDOW_MS;
	rule->lead_key = (struct strs){key, COUNT(key)};
}

void rule_read(
	struct rule *rule, const struct yaml_node *node, struct arena *arena, struct diags *diags)
{
	struct reading r = {rule, arena, diags};
	const char *names[COUNT(keys)];
	set_defaults(rule);
	if (node->kind != YAML_MAPPING) {
		yaml_error(diags, node, "E008", "with id, kind and match", "a rule is a mapping");
		return;
	}
	for (size_t i = 0; i < COUNT(keys); i++) {
		names[i] = keys[i].name;
		if (keys[i].required && yaml_get(node, keys[i].name) == NULL) {
			yaml_error(diags, node, "E007", NULL, "this rule has no %s", keys[i].name);
		}
	}
	for (size_t k = 0; k < node->n; k++) {
		size_t i = 0;
		while (i < COUNT(keys) && !str_eq_c(node->pairs[k].key->text, keys[i].name)) {
			i++;
		}
		if (i < COUNT(keys)) {
			keys[i].read(&r, node->pairs[k].value);
		} else {
			unknown_key(node->pairs[k].key, names, COUNT(names), "a rule", diags);
		}
	}
}

static void read_require(struct list_options *o, const struct yaml_node *value, struct arena *arena,
	struct diags *diags)
{
	static const char *const names[] = {"case", "context", "handle"};
	bool *const switches[] = {&o->need_case, &o->need_context, &o->need_handle};
	struct strs given = {0};
	read_strs(&given, value, arena, diags);
	for (size_t i = 0; i < given.n; i++) {
		size_t k = 0;
		while (k < COUNT(names) && !str_eq_c(given.v[i], names[k])) {
			k++;
		}
		if (k < COUNT(names)) {
			*switches[k] = true;
		} else {
			yaml_error(diags, value, "E011", "one of case, context, handle",
				"a name cannot require '%.*s'", STR_FMT(given.v[i]));
		}
	}
}

/* Words by themselves: phrases have no place there. */
static void read_words(
	struct strs *out, const struct yaml_node *value, struct arena *arena, struct diags *diags)
{
	read_strs(out, value, arena, diags);
	for (size_t i = 0; i < out->n; i++) {
		if (out->v[i].n == 0 || memchr(out->v[i].p, ' ', out->v[i].n) != NULL) {
			yaml_error(diags, value, "E011",
				"write single words, for example [app, crm]",
				"'%.*s' is not one word", STR_FMT(out->v[i]));
		}
	}
}

static void read_switch(bool *off, const struct yaml_node *value, struct diags *diags)
{
	struct str s = scalar_text(value, diags);
	*off |= str_eq_c(s, "off") || str_eq_c(s, "false") || str_eq_c(s, "no");
	bool on = str_eq_c(s, "on") || str_eq_c(s, "true") || str_eq_c(s, "yes");
	if (s.p != NULL && !on && !*off) {
		yaml_error(diags, value, "E011", NULL, "this is on or off");
	}
}

bool list_option_read(struct list_options *o, const struct yaml_pair *pair, struct arena *arena,
	struct diags *diags)
{
	struct str key = pair->key->text;
	if (str_eq_c(key, "variants")) {
		read_switch(&o->no_variants, pair->value, diags);
	} else if (str_eq_c(key, "class")) {
		read_switch(&o->no_class, pair->value, diags);
		o->no_variants |= o->no_class;
	} else if (str_eq_c(key, "require")) {
		read_require(o, pair->value, arena, diags);
	} else if (str_eq_c(key, "forbid")) {
		read_words(&o->forbid, pair->value, arena, diags);
	} else if (str_eq_c(key, "context")) {
		read_words(&o->context, pair->value, arena, diags);
	} else {
		return false;
	}
	return true;
}
