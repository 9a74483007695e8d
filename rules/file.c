#include "rules/file.h"

#include "monitor/base/hash.h"

/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

struct str scalar_text(const struct yaml_node *node, struct diags *diags)
{
	if (node->kind == YAML_SCALAR) {
		return str_trim(node->text);
	}
	yaml_error(diags, node, "E008", NULL, "one value belongs here, not a %s",
		node->kind == YAML_MAPPING ? "mapping" : "list");
	return STR_NONE;
}

bool read_strs(
	struct strs *out, const struct yaml_node *node, struct arena *arena, struct diags *diags)
{
	size_t n = node->kind == YAML_SEQUENCE ? node->n : 1;
	out->v = arena_alloc(arena, (n + 1) * sizeof(*out->v));
	for (size_t i = 0; out->v != NULL && i < n; i++) {
		struct str s =
			scalar_text(node->kind == YAML_SEQUENCE ? node->items[i] : node, diags);
		if (s.p == NULL) {
			return false;
		}
		out->v[out->n++] = s;
	}
	return out->v != NULL;
}

void unknown_key(const struct yaml_node *key, const char *const *known, size_t n, const char *where,
	struct diags *diags)
{
	char help[100];
	const char *near = did_you_mean(key->text, known, n);
	if (near != NULL) {
		snprintf(help, sizeof(help), "did you mean %s?", near);
	}
	yaml_error(diags, key, "E006", near != NULL ? help : NULL, "%s has no key '%.*s'", where,
		(int)(key->text.n < 80 ? key->text.n : 80), key->text.p);
}

bool is_slug(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '_')) {
			return false;
		}
	}
	return s.n > 0 && s.n <= 100;
}

static struct str read_from(const struct yaml_node *value, struct diags *diags)
{
	struct str from = scalar_text(value, diags);
	char help[60];
	const char *near;
	if (from.p == NULL || list_kind_known(from, &near)) {
		return from;
	}
	snprintf(help, sizeof(help), "did you mean %s?", near);
	yaml_error(diags, value, "E011", help, "there are no imported records called '%.*s'",
		(int)(from.n < 60 ? from.n : 60), from.p);
	return STR_NONE;
}

static void check_list(const struct file_list *l, const struct yaml_pair *pair, struct diags *diags)
{
	const struct yaml_node *from = yaml_get(pair->value, "from");
	const struct yaml_node *file = yaml_get(pair->value, "file");
	const struct yaml_node *where = yaml_get(pair->value, "where");
	if (file == NULL && from == NULL) {
		yaml_error(diags, pair->key, "E007",
			"for example { file: competitors.csv }, or { from: accounts }",
			"the list '%.*s' needs a file, or imported records", STR_FMT(l->name));
	} else if (file != NULL && from != NULL) {
		yaml_error(diags, from, "E007", "keep one of them",
			"a list has a file: or is made from: imported records");
	} else if (where != NULL && from == NULL) {
		yaml_error(diags, where, "E007", "write any:LIST[column=value] in the query",
			"where: chooses among imported records");
	}
}

static void read_list(
	struct rule_file *f, const struct yaml_pair *pair, struct arena *arena, struct diags *diags)
{
	static const char *const known[] = {
		"file", "from", "where", "variants", "class", "require", "forbid", "context"};
	struct file_list *grown =
		arena_grow(arena, f->lists, f->lists_n, &f->lists_cap, sizeof(*grown));
	if (grown == NULL) {
		return;
	}
	f->lists = grown;
	struct file_list *l = &f->lists[f->lists_n];
	*l = (struct file_list){.name = pair->key->text, .node = pair->key};
	if (!is_slug(l->name)) {
		yaml_error(diags, pair->key, "E009", NULL,
			"the name of a list is made of letters, digits, - and _");
		return;
	}
	if (pair->value->kind != YAML_MAPPING) {
		yaml_error(diags, pair->value, "E008", "for example { file: competitors.csv }",
			"a list is described by a mapping");
		return;
	}
	for (size_t i = 0; i < pair->value->n; i++) {
		const struct yaml_pair *p = &pair->value->pairs[i];
		if (str_eq_c(p->key->text, "file")) {
			l->path = scalar_text(p->value, diags);
		} else if (str_eq_c(p->key->text, "from")) {
			l->from = read_from(p->value, diags);
		} else if (str_eq_c(p->key->text, "where")) {
			l->where = scalar_text(p->value, diags);
		} else if (!list_option_read(&l->options, p, arena, diags)) {
			unknown_key(p->key, known, COUNT(known), "a list", diags);
		}
	}
	check_list(l, pair, diags);
	f->lists_n++;
}

static void read_define(
	struct rule_file *f, const struct yaml_pair *pair, struct arena *arena, struct diags *diags)
{
	struct define *grown =
		arena_grow(arena, f->defines, f->defines_n, &f->defines_cap, sizeof(*grown));
	if (grown == NULL) {
		return;
	}
	f->defines = grown;
	struct define *d = &f->defines[f->defines_n++];
	*d = (struct define){.name = pair->key->text, .node = pair->value};
	if (!is_slug(d->name)) {
		yaml_error(diags, pair->key, "E009", NULL,
			"a definition's name is made of letters, digits, - and _");
	}
	if (scalar_text(pair->value, diags).p != NULL) {
		d->query = query_parse(pair->value, arena, &d->names, diags);
	}
}

struct known_id {
	UT_hash_handle hh;
	const struct rule *rule;
};

/* The rule that had this id before; NULL: none, it is remembered. */
static const struct rule *first_of_id(
	struct known_id **known, const struct rule *rule, struct arena *arena, struct diags *diags)
{
	struct known_id *k = NULL;
	if (rule->id.n == 0) {
		return NULL;
	}
	HASH_FIND(hh, *known, rule->id.p, rule->id.n, k);
	if (k != NULL) {
		return k->rule;
	}
	k = arena_alloc(arena, sizeof(*k));
	if (k != NULL) {
		k->rule = rule;
		HASH_ADD_KEYPTR(hh, *known, rule->id.p, rule->id.n, k);
	}
	if (k == NULL || k->hh.tbl == NULL) {
		yaml_error(diags, rule->node, "E000", NULL,
			"no memory to compare its id with the others");
	}
	return NULL;
}

static const struct yaml_node *id_node(const struct rule *rule)
{
	const struct yaml_node *id = yaml_get(rule->node, "id");
	return id != NULL ? id : rule->node;
}

static void check_same_id(
	struct known_id **known, const struct rule *rule, struct arena *arena, struct diags *diags)
{
	const struct rule *first = first_of_id(known, rule, arena, diags);
	if (first != NULL) {
		char help[60];
		snprintf(help, sizeof(help), "first on line %u", first->node->at.line);
		yaml_error(diags, id_node(rule), "E033", help,
			"two rules of this file are called '%.*s'", STR_FMT(rule->id));
	}
}

void rule_files_check_ids(
	struct rule_file *const *files, size_t n, struct arena *arena, struct diags *diags)
{
	struct known_id *known = NULL;
	for (size_t f = 0; f < n; f++) {
		for (size_t i = 0; i < files[f]->rules_n; i++) {
			const struct rule *rule = &files[f]->rules[i];
			const struct rule *first = first_of_id(&known, rule, arena, diags);
			bool same_file = first >= files[f]->rules && first <= rule;
			if (first == NULL || same_file) {
				continue;
			}
			struct str file = str_cut_utf8(first->file, 200);
			char help[300];
			snprintf(help, sizeof(help), "%.*s:%u has the other; change one of them",
				STR_FMT(file), first->node->at.line);
			yaml_error(diags, id_node(rule), "E033", help,
				"a rule of another file is called '%.*s' too, and commands, counts "
				"and leads know a rule by its id",
				STR_FMT(rule->id));
		}
	}
	HASH_CLEAR(hh, known);
}

static void read_rules(
	struct rule_file *f, const struct yaml_node *node, struct arena *arena, struct diags *diags)
{
	if (node->kind != YAML_SEQUENCE) {
		yaml_error(diags, node, "E008", "put - before each rule", "rules: is a list");
		return;
	}
	struct known_id *known = NULL;
	for (size_t i = 0; i < node->n; i++) {
		struct rule *grown =
			arena_grow(arena, f->rules, f->rules_n, &f->rules_cap, sizeof(*grown));
		if (grown == NULL) {
			break;
		}
		f->rules = grown;
		struct rule *rule = &f->rules[f->rules_n++];
		*rule = (struct rule){.file = str_c(f->name), .node = node->items[i]};
		size_t before = diags->errors;
		rule_read(rule, node->items[i], arena, diags);
		check_same_id(&known, rule, arena, diags);
		rule->broken = diags->errors > before;
	}
	HASH_CLEAR(hh, known);
}

typedef void (*pair_fn)(
	struct rule_file *, const struct yaml_pair *, struct arena *, struct diags *);

static void each_pair(struct rule_file *f, const struct yaml_node *node, pair_fn fn,
	struct arena *arena, struct diags *diags)
{
	if (node->kind != YAML_MAPPING) {
		yaml_error(
			diags, node, "E008", "write one name: … a line", "a mapping belongs here");
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		fn(f, &node->pairs[i], arena, diags);
	}
}

static void read_top(
	struct rule_file *f, const struct yaml_node *root, struct arena *arena, struct diags *diags)
{
	static const char *const known[] = {"lists", "define", "rules"};
	if (root->kind != YAML_MAPPING) {
		yaml_error(diags, root, "E008", "begin with rules:", "a rule file is a mapping");
		return;
	}
	for (size_t i = 0; i < root->n; i++) {
		const struct yaml_pair *p = &root->pairs[i];
		if (str_eq_c(p->key->text, "lists")) {
			each_pair(f, p->value, read_list, arena, diags);
		} else if (str_eq_c(p->key->text, "define")) {
			each_pair(f, p->value, read_define, arena, diags);
		} else if (str_eq_c(p->key->text, "rules")) {
			read_rules(f, p->value, arena, diags);
		} else {
			unknown_key(p->key, known, COUNT(known), "a rule file", diags);
		}
	}
	if (yaml_get(root, "rules") == NULL && yaml_get(root, "define") == NULL) {
		yaml_error(
			diags, root, "E007", "begin with rules:", "there is no rule in this file");
	}
}

/* Everything that decides what a rule does, in the order written. */
static void add_content(const struct yaml_node *node, struct buf *out)
{
	if (node->kind == YAML_SCALAR) {
		buf_printf(out, "%zu:%.*s", node->text.n, STR_FMT(node->text));
		return;
	}
	for (size_t i = 0; i < node->n; i++) {
		if (node->kind == YAML_SEQUENCE) {
			add_content(node->items[i], out);
		} else {
			add_content(node->pairs[i].key, out);
			add_content(node->pairs[i].value, out);
		}
	}
}

/* A query as it prints, so that comments and layout make no new version; a broken one as it stands. */
static void add_query(const struct query *q, const struct yaml_node *node, struct buf *out)
{
	if (q == NULL) {
		add_content(node, out);
		return;
	}
	buf_add_c(out, "q:");
	query_print(q, out);
	buf_add_char(out, '\n');
}

/* Tests and prose are left out. */
static void add_rule(const struct rule *rule, struct buf *out)
{
	static const char *const prose[] = {"tests", "description", "references", "falsepositives"};
	for (size_t i = 0; rule->node->kind == YAML_MAPPING && i < rule->node->n; i++) {
		const struct yaml_pair *p = &rule->node->pairs[i];
		size_t k = 0;
		while (k < COUNT(prose) && !str_eq_c(p->key->text, prose[k])) {
			k++;
		}
		if (k < COUNT(prose)) {
			continue;
		}
		add_content(p->key, out);
		if (str_eq_c(p->key->text, "match")) {
			add_query(rule->match, p->value, out);
		} else {
			add_content(p->value, out);
		}
	}
}

/* The version of each rule: a fingerprint of its content and the file's definitions. */
static void set_hashes(struct rule_file *f)
{
	struct buf b;
	buf_init(&b, 4 * RULE_FILE_MAX);
	for (size_t i = 0; i < f->defines_n; i++) {
		buf_printf(&b, "%.*s=", STR_FMT(f->defines[i].name));
		add_query(f->defines[i].query, f->defines[i].node, &b);
	}
	uint64_t defines = hash64(buf_str(&b), 0);
	for (size_t i = 0; i < f->rules_n; i++) {
		buf_clear(&b);
		add_rule(&f->rules[i], &b);
		snprintf(f->rules[i].hash, sizeof(f->rules[i].hash), "%016llx",
			(unsigned long long)hash64(buf_str(&b), defines));
		if (b.rc != HARK_OK) {
			f->arena->rc = b.rc;
		}
	}
	buf_release(&b);
}

struct rule_file *rule_file_read(
	struct str text, const char *name, struct arena *arena, struct diags *diags)
{
	struct rule_file *f = arena_alloc(arena, sizeof(*f));
	if (f == NULL) {
		return NULL;
	}
	f->arena = arena;
	f->name = arena_c(arena, str_c(name));
	struct yaml_node *root = yaml_read(text, name, arena, diags);
	if (root == NULL || f->name == NULL) {
		return NULL;
	}
	read_top(f, root, arena, diags);
	set_hashes(f);
	return f;
}
