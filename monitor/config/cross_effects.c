/* The policy of what follows from a job move: reads the file that the configuration names, or the one hark came with. */
#include "monitor/base/file.h"
#include "monitor/config/load.h"
#include "monitor/model/role.h"

#include <stdio.h>
#include <unistd.h>

#define FILE_MAX ((size_t)1 << 20)
#define DAY_MS (24 * 3600 * INT64_C(1000))
#define WINDOW_DEFAULT_MS (30 * DAY_MS)
#define SCORE_DEFAULT 60

struct word {
	const char *name; /* NULL ends a list */
	unsigned value;
};

static const struct word who_words[] = {{"contact", MOVER_CONTACT}, {"staff", MOVER_STAFF},
	{"gatekeeper", MOVER_GATEKEEPER}, {NULL, 0}};
static const struct word account_words[] = {{"customer", AT_CUSTOMER}, {"prospect", AT_PROSPECT},
	{"target", AT_TARGET}, {"competitor", AT_COMPETITOR}, {"partner", AT_PARTNER},
	{"other", AT_OTHER}, {"any", AT_ANY}, {"unknown", AT_UNKNOWN}, {NULL, 0}};
static const struct word make_words[] = {{"lead", MAKE_LEAD}, {"alert", MAKE_ALERT},
	{"note", MAKE_NOTE}, {"orphans", MAKE_ORPHANS}, {NULL, 0}};
static const struct word about_words[] = {
	{"person", ABOUT_PERSON}, {"new", ABOUT_NEW}, {"old", ABOUT_OLD}, {NULL, 0}};
static const struct word deal_words[] = {{"new", DEAL_NEW}, {"old", DEAL_OLD}, {NULL, 0}};
static const struct word yes_words[] = {{"yes", 1}, {"no", 0}, {NULL, 0}};
static const struct word plan_words[] = {{"rival", 1}, {NULL, 0}};
static const struct word level_words[] = {
	{"instant", LEVEL_INSTANT}, {"normal", LEVEL_NORMAL}, {"digest", LEVEL_DIGEST}, {NULL, 0}};

static void say_choices(
	struct loader *l, const struct yaml_node *node, const char *key, const struct word *words)
{
	struct buf names;
	buf_init(&names, 1000);
	for (size_t i = 0; words[i].name != NULL; i++) {
		buf_printf(&names, "%s%s",
			i == 0                      ? ""
			: words[i + 1].name == NULL ? " or "
						    : ", ",
			words[i].name);
	}
	read_say(l, DIAG_ERROR, C_CHOICE, node, NULL, "%s is %s, not '%.*s'", key, buf_c(&names),
		STR_FMT(str_cut_utf8(node->text, 80)));
	buf_release(&names);
}

static bool read_word(struct loader *l, const struct yaml_node *node, const char *key,
	const struct word *words, unsigned *out)
{
	if (node->kind != YAML_SCALAR) {
		read_say(l, DIAG_ERROR, C_SHAPE, node, NULL, "%s takes one word", key);
		return false;
	}
	for (size_t i = 0; words[i].name != NULL; i++) {
		if (str_eq_c(node->text, words[i].name)) {
			*out = words[i].value;
			return true;
		}
	}
	say_choices(l, node, key, words);
	return false;
}

/* One word or a sequence of them. */
static unsigned read_words(
	struct loader *l, const struct yaml_node *node, const char *key, const struct word *words)
{
	unsigned all = 0, one = 0;
	if (node->kind == YAML_MAPPING || (node->kind == YAML_SEQUENCE && node->n == 0)) {
		read_say(l, DIAG_ERROR, C_SHAPE, node, NULL,
			"%s takes a word or a sequence of words", key);
		return 0;
	}
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->n; i++) {
		all |= read_word(l, node->items[i], key, words, &one) ? one : 0;
	}
	if (node->kind == YAML_SCALAR && read_word(l, node, key, words, &one)) {
		all = one;
	}
	return all;
}

static const char *read_text(struct loader *l, const struct yaml_node *node, const char *key)
{
	if (node->kind != YAML_SCALAR || str_trim(node->text).n == 0) {
		read_say(l, DIAG_ERROR, C_SHAPE, node, NULL, "%s takes a text", key);
		return NULL;
	}
	return read_keep(l, str_trim(node->text));
}

static int64_t read_number(
	struct loader *l, const struct yaml_node *node, const char *key, int64_t min, int64_t max)
{
	int64_t value = min;
	if (node->kind != YAML_SCALAR || !str_i64(node->text, &value) || value < min ||
		value > max) {
		read_say(l, DIAG_ERROR, C_RANGE, node, NULL, "%s takes a number from %lld to %lld",
			key, (long long)min, (long long)max);
	}
	return value;
}

static void check_title(struct loader *l, const struct yaml_node *node)
{
	static const char *const slots[] = {
		"{person}", "{to}", "{from}", "{role}", "{was}", "{deal}"};
	struct str rest = node->text;
	for (size_t at = str_find(rest, STR("{")); at != SIZE_MAX; at = str_find(rest, STR("{"))) {
		bool known = false;
		rest = str_n(rest.p + at, rest.n - at);
		for (size_t i = 0; i < sizeof(slots) / sizeof(slots[0]); i++) {
			known |= str_starts(rest, str_c(slots[i]));
		}
		if (!known) {
			diags_add(l->diags, DIAG_ERROR, C_VALUE,
				yaml_place(node, (size_t)(rest.p - node->text.p), 1),
				yaml_line(node, node->at.line),
				"it may be {person}, {to}, {from}, {role}, {was} or {deal}",
				"this is no part of a move");
		}
		rest = str_n(rest.p + 1, rest.n - 1);
	}
}

static void read_pair(struct loader *l, const struct yaml_pair *p, struct effect *e)
{
	const struct yaml_node *v = p->value;
	struct str key = p->key->text;
	unsigned one = 0;
	if (str_eq_c(key, "name")) {
		e->name = read_text(l, v, "name");
	} else if (str_eq_c(key, "who")) {
		e->who = read_words(l, v, "who", who_words);
	} else if (str_eq_c(key, "joins")) {
		e->joins = read_words(l, v, "joins", account_words);
	} else if (str_eq_c(key, "leaves")) {
		e->leaves = read_words(l, v, "leaves", account_words);
	} else if (str_eq_c(key, "deal")) {
		e->deal = read_word(l, v, "deal", deal_words, &one) ? (enum effect_deal)one
								    : DEAL_ANY;
	} else if (str_eq_c(key, "client")) {
		e->client = read_word(l, v, "client", yes_words, &one) && one != 0;
	} else if (str_eq_c(key, "plan")) {
		e->rival_plan = read_word(l, v, "plan", plan_words, &one);
	} else if (str_eq_c(key, "make")) {
		e->make = read_word(l, v, "make", make_words, &one) ? (enum effect_make)one
								    : MAKE_LEAD;
	} else if (str_eq_c(key, "about")) {
		e->about = read_word(l, v, "about", about_words, &one) ? (enum effect_about)one
								       : ABOUT_PERSON;
	} else if (str_eq_c(key, "level")) {
		e->level = read_word(l, v, "level", level_words, &one) ? (enum signal_level)one
								       : LEVEL_NORMAL;
	} else if (str_eq_c(key, "kind")) {
		if (v->kind != YAML_SCALAR || !signal_kind_parse(v->text, &e->kind)) {
			read_say(l, DIAG_ERROR, C_CHOICE, v, NULL, "this is no kind of lead");
		}
	} else if (str_eq_c(key, "score")) {
		e->score = read_number(l, v, "score", 0, 100);
	} else if (str_eq_c(key, "window")) {
		e->window_ms = read_number(l, v, "window", 1, 365) * DAY_MS;
	} else if (str_eq_c(key, "class")) {
		e->class = read_text(l, v, "class");
		cross_class(l, v);
	} else if (str_eq_c(key, "route")) {
		e->route = read_text(l, v, "route");
	} else if (str_eq_c(key, "title")) {
		e->title = read_text(l, v, "title");
		check_title(l, v);
	} else {
		read_say(l, DIAG_ERROR, C_UNKNOWN_KEY, p->key,
			"name, who, joins, leaves, deal, client, plan, make, about, kind, score, level, window, "
			"class, route or title",
			"an effect has no '%.*s'", STR_FMT(str_cut_utf8(key, 80)));
	}
}

void cross_class(struct loader *l, const struct yaml_node *node)
{
	enum role role;
	for (size_t i = 0; node->kind == YAML_SEQUENCE && i < node->n; i++) {
		cross_class(l, node->items[i]);
	}
	if (node->kind == YAML_SCALAR && !str_eq_c(node->text, "all") &&
		!role_parse(node->text, &role)) {
		read_say(l, DIAG_ERROR, C_CHOICE, node,
			"all, sales, sales-head, marketing or compliance",
			"nobody has the class '%.*s'", STR_FMT(str_cut_utf8(node->text, 80)));
	}
}

static bool is_taken(const struct effect *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].name != NULL && strcmp(v[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}

/* What no single value can show. */
static void check_effect(struct loader *l, const struct yaml_node *node, const struct effect *e)
{
	bool shown = e->make != MAKE_ORPHANS;
	const struct {
		bool wrong;
		const char *code, *text;
	} checks[] = {
		{e->name == NULL, C_MISSING, "the effect has no name"},
		{yaml_get(node, "who") == NULL, C_MISSING, "the effect does not say who"},
		{yaml_get(node, "make") == NULL, C_MISSING, "the effect does not say what to make"},
		{yaml_get(node, "joins") == NULL && yaml_get(node, "leaves") == NULL, C_MISSING,
			"the effect says neither joins nor leaves"},
		{shown && e->title == NULL, C_MISSING, "the effect has no title"},
		{e->make == MAKE_ALERT && yaml_get(node, "class") == NULL, C_MISSING,
			"an alert is of a class of its own: the effect names none"},
		{e->make == MAKE_NOTE && e->about == ABOUT_PERSON, C_MISFIT,
			"a note is about an account: new or old"},
		{e->deal == DEAL_NEW && e->joins == 0, C_MISFIT, "a deal where nobody joins"},
		{e->deal == DEAL_OLD && e->leaves == 0, C_MISFIT, "a deal where nobody leaves"},
	};
	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
		if (checks[i].wrong) {
			read_say(l, DIAG_ERROR, checks[i].code, node, NULL, "%s", checks[i].text);
		}
	}
}

static void read_effect(struct loader *l, const struct yaml_node *node, struct effect *v, size_t n)
{
	struct effect *e = &v[n];
	*e = (struct effect){.kind = SIGNAL_JOB_MOVE,
		.level = LEVEL_NORMAL,
		.score = SCORE_DEFAULT,
		.window_ms = WINDOW_DEFAULT_MS,
		.class = "all",
		.line = node->at.line};
	if (node->kind != YAML_MAPPING) {
		read_say(l, DIAG_ERROR, C_SHAPE, node, NULL,
			"an effect is a mapping: { name: …, who: … }");
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		read_pair(l, &node->pairs[i], e);
	}
	check_effect(l, node, e);
	if (e->name != NULL && is_taken(v, n, e->name)) {
		read_say(l, DIAG_ERROR, C_TAKEN, yaml_get(node, "name"), NULL,
			"an effect above has the name '%s'", e->name);
	}
}

static void read_policy(struct loader *l, const struct yaml_node *root)
{
	const struct yaml_node *all = root->kind == YAML_MAPPING ? yaml_get(root, "effects") : NULL;
	if (all == NULL || root->n > 1 || (all->kind != YAML_SEQUENCE && !read_is_empty(all))) {
		read_say(l, DIAG_ERROR, C_SHAPE, root, NULL,
			"the file holds effects: and a sequence of them");
		return;
	}
	size_t n = all->kind == YAML_SEQUENCE ? all->n : 0;
	struct effect *v = arena_alloc(&l->conf->arena, (n + 1) * sizeof(*v));
	l->no_memory |= v == NULL;
	for (size_t i = 0; v != NULL && i < n; i++) {
		read_effect(l, all->items[i], v, i);
	}
	l->conf->effects = v;
	l->conf->effects_n = v != NULL ? n : 0;
}

/* The shipped one stands beside the packs. */
static void find_shipped(struct loader *l)
{
	struct buf path;
	buf_init(&path, PATH_MAX);
	buf_printf(&path, "%s/../effects.yaml", conf_packs_dir());
	if (access(buf_c(&path), R_OK) == 0) {
		l->conf->effects_path = read_keep(l, buf_str(&path));
	}
	buf_release(&path);
}

void cross_effects(struct loader *l)
{
	struct hark_err err;
	struct buf text;
	if (l->conf->effects_path == NULL) {
		find_shipped(l);
	}
	const char *path = l->conf->effects_path;
	if (path == NULL) { /* a program without its files: nothing follows from a move */
		return;
	}
	buf_init(&text, FILE_MAX);
	if (file_read(&text, path, &err) != HARK_OK) {
		diags_add(l->diags, DIAG_ERROR, C_UNREADABLE,
			(struct diag_at){.file = l->conf->path}, STR_NONE, NULL, "effects: %s",
			err.text);
	} else {
		const struct yaml_node *root =
			yaml_read(buf_str(&text), path, &l->scratch, l->diags);
		if (root != NULL) {
			read_policy(l, root);
		}
	}
	buf_release(&text);
}
