#include "rules/link.h"

#include "rules/slot.h"

#include <stdlib.h>

static bool link_node(struct linker *l, struct query *q);

static bool is_ident(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_' || c == '-';
}

static bool starts_var(struct str s)
{
	return s.n > 1 && s.p[0] == '$' &&
	       ((s.p[1] >= 'a' && s.p[1] <= 'z') || (s.p[1] >= 'A' && s.p[1] <= 'Z'));
}

static struct str cut_ident(struct str *rest)
{
	size_t n = 0;
	while (n < rest->n && is_ident(rest->p[n])) {
		n++;
	}
	struct str name = str_n(rest->p, n);
	*rest = str_n(rest->p + n, rest->n - n);
	return name;
}

bool template_next(struct str *rest, struct str *literal, struct str *var, struct str *attr)
{
	*literal = *var = *attr = STR_NONE;
	if (rest->n == 0) {
		return false;
	}
	if (starts_var(*rest)) {
		*rest = str_n(rest->p + 1, rest->n - 1);
		*var = cut_ident(rest);
		if (rest->n > 1 && rest->p[0] == '.' && is_ident(rest->p[1])) {
			*rest = str_n(rest->p + 1, rest->n - 1);
			*attr = cut_ident(rest);
		}
		return true;
	}
	if (str_starts(*rest, STR("$$"))) {
		*literal = str_n(rest->p, 1);
		*rest = str_n(rest->p + 2, rest->n - 2);
		return true;
	}
	size_t n = 1;
	while (n < rest->n && rest->p[n] != '$') {
		n++;
	}
	*literal = str_n(rest->p, n);
	*rest = str_n(rest->p + n, rest->n - n);
	return true;
}

static void add_var(struct linker *l, const struct query *q, struct str name)
{
	struct rule *rule = l->rule;
	if (rule == NULL) {
		return;
	}
	for (size_t i = 0; i < rule->vars_n; i++) {
		if (str_eq(rule->vars[i], name)) {
			return;
		}
	}
	if (rule->vars_n == RULE_VARS_MAX) {
		query_report(q, DIAG_ERROR, l->diags, "E038", NULL,
			"more than %d variables in one rule", RULE_VARS_MAX);
		return;
	}
	rule->vars[rule->vars_n++] = name;
}

/* A list of the file that could not be made, which has been reported. */
static bool is_broken_list(const struct linker *l, struct str name)
{
	for (size_t i = 0; i < l->file->lists_n; i++) {
		if (str_eq(l->file->lists[i].name, name)) {
			return true;
		}
	}
	return false;
}

/* False: the rule is known to miss it. */
static bool add_missing(struct linker *l, struct rule *rule, struct str list)
{
	for (size_t i = 0; i < rule->missing_n; i++) {
		if (str_eq(rule->missing[i], list)) {
			return false;
		}
	}
	struct str *grown = arena_grow(
		l->arena, rule->missing, rule->missing_n, &rule->missing_cap, sizeof(*grown));
	if (grown != NULL) {
		rule->missing = grown;
		rule->missing[rule->missing_n++] = list;
	}
	return true;
}

/* Said once a rule and list, however often it stands there and the rule is linked. */
static void switch_off(struct linker *l, const struct query *q)
{
	bool is_new = l->rule == NULL || add_missing(l, l->rule, q->list);
	if (is_new) {
		query_report(q, DIAG_WARNING, l->diags, "W030",
			"define it under lists: to switch the rule on",
			"the rule is inactive: there is no list called \"%.*s\"", STR_FMT(q->list));
	}
	if (l->rule != NULL) {
		l->rule->inactive = true;
	}
}

/* A wrong word is wrong wherever it stands; a list that is to come is missed once a file. */
static bool unknown_list(struct linker *l, const struct query *q)
{
	if (is_broken_list(l, q->list)) {
		return false;
	}
	if (l->file->pack) {
		switch_off(l, q);
		return true;
	}
	const char *names[200];
	char missing[512];
	size_t n = l->list_names(l->ctx, l->file, names, 200);
	const char *near = did_you_mean(q->list, names, n);
	snprintf(missing, sizeof(missing), "there is no list called \"%.*s\"", STR_FMT(q->list));
	if (near != NULL) {
		char help[160];
		snprintf(help, sizeof(help), "did you mean %s?", near);
		query_report(q, DIAG_ERROR, l->diags, "E030", help, "%s", missing);
	} else if (!diags_has(l->diags, "E030", yaml_place(q->source, q->at, 1).file, missing)) {
		query_report(
			q, DIAG_ERROR, l->diags, "E030", "define it under lists:", "%s", missing);
	}
	return false;
}

/* The column that was meant, else how there comes to be one. */
static const char *column_help(const struct list *list, struct str attr, char help[120])
{
	const char *names[64];
	size_t n = 0;
	for (size_t i = 0; i < list->columns_n && n < 64; i++) {
		names[n++] = list->columns[i].p;
	}
	const char *near = did_you_mean(attr, names, n);
	if (near == NULL) {
		return "add it to the list, or name one that it has";
	}
	snprintf(help, 120, "did you mean %s?", near);
	return help;
}

static void unknown_column(
	struct linker *l, const struct query *q, const struct list *list, struct str attr)
{
	char help[120];
	query_report(q, DIAG_ERROR, l->diags, "E034", column_help(list, attr, help),
		"the list \"%.*s\" has no column \"%.*s\"", STR_FMT(q->list), STR_FMT(attr));
}

static bool link_set(struct linker *l, struct query *q)
{
	struct list *list = l->find_list(l->ctx, l->file, q->list);
	q->link = list;
	if (list == NULL) {
		return unknown_list(l, q);
	}
	list->used = true;
	for (size_t i = 0; i < q->tests_n && !l->test; i++) {
		if (!list_has_attr(list, q->tests[i].attr)) {
			unknown_column(l, q, list, q->tests[i].attr);
			return false;
		}
	}
	return true;
}

static bool link_regex(struct linker *l, struct query *q)
{
	struct hark_err err = {0};
	size_t offset = 0;
	struct regex *regex = q->link;
	if (regex == NULL) {
		struct regex **grown =
			realloc(l->file->regexes, (l->file->regexes_n + 1) * sizeof(*grown));
		if (grown == NULL) {
			l->arena->rc = HARK_ENOMEM;
			return false;
		}
		l->file->regexes = grown;
		if (regex_new(&regex, q->text, q->ignore_case, &offset, &err) != HARK_OK) {
			size_t at = q->at + 4 + offset; /* behind re:/ */
			struct diag_at place = yaml_place(q->source, at, 1);
			diags_add(l->diags, DIAG_ERROR, "E040", place,
				yaml_line(q->source, place.line), NULL, "%s", err.text);
			return false;
		}
		l->file->regexes[l->file->regexes_n++] = regex;
		q->link = regex;
	}
	for (size_t i = 0; regex_group(regex, i).p != NULL; i++) {
		add_var(l, q, regex_group(regex, i));
	}
	return true;
}

static struct define *find_define(struct rule_file *f, struct str name)
{
	for (size_t i = 0; i < f->defines_n; i++) {
		if (str_eq(f->defines[i].name, name)) {
			return &f->defines[i];
		}
	}
	return NULL;
}

static bool unknown_define(struct linker *l, const struct query *q)
{
	const char *names[200];
	char help[160];
	size_t n = 0;
	for (size_t i = 0; i < l->file->defines_n && n < 200; i++) {
		names[n++] = l->file->defines[i].name.p;
	}
	const char *near = did_you_mean(q->text, names, n);
	snprintf(help, sizeof(help), "did you mean &%s?", near != NULL ? near : "");
	query_report(q, DIAG_ERROR, l->diags, "E030", near != NULL ? help : "add it under define:",
		"there is no definition called \"%.*s\"", STR_FMT(q->text));
	return false;
}

static bool link_ref(struct linker *l, struct query *q)
{
	struct define *d = find_define(l->file, q->text);
	if (d == NULL) {
		return unknown_define(l, q);
	}
	if (d->query == NULL) {
		return false; /* reported where it stands */
	}
	if (d->linking) {
		query_report(q, DIAG_ERROR, l->diags, "E035", NULL,
			"the definition \"%.*s\" contains itself", STR_FMT(q->text));
		return false;
	}
	if (d->generation != l->generation) { /* once a rule, however often it is named */
		d->generation = l->generation;
		d->linking = true;
		d->ok = link_node(l, d->query);
		d->linking = false;
	}
	if (q->kids_n == 0) {
		q->kids = arena_alloc(l->arena, sizeof(*q->kids));
		if (q->kids == NULL) {
			return false;
		}
		q->kids[q->kids_n++] = d->query;
	}
	return d->ok;
}

static bool link_kids(struct linker *l, struct query *q)
{
	bool ok = true;
	uint64_t nodes = 1;
	for (size_t i = 0; i < q->kids_n; i++) {
		ok &= link_node(l, q->kids[i]);
		nodes += q->kids[i]->nodes;
	}
	q->nodes = nodes < UINT32_MAX ? (uint32_t)nodes : UINT32_MAX;
	if (ok && q->nodes > QUERY_NODES_MAX) {
		query_report(q, DIAG_ERROR, l->diags, "E004", "use a list",
			"more than %d terms with everything that is referred to", QUERY_NODES_MAX);
		return false;
	}
	return ok;
}

/* The lists whose names a slot takes too, as far as they are there. */
static bool link_slot_lists(
	struct linker *l, struct query_part *p, const char *const *names, size_t max)
{
	p->lists = arena_alloc(l->arena, max * sizeof(*p->lists));
	p->lists_n = 0;
	for (size_t i = 0; p->lists != NULL && names[i] != NULL && i < max; i++) {
		struct list *list = l->find_slot_list(l->ctx, l->file, str_c(names[i]));
		if (list != NULL) {
			list->used = true;
			p->lists[p->lists_n++] = list;
		}
	}
	return p->lists != NULL;
}

static bool link_part(struct linker *l, const struct query *q, struct query_part *p)
{
	bool ok = p->set == NULL || link_set(l, p->set);
	if (p->kind != PART_SLOT) {
		return ok;
	}
	add_var(l, q, p->name);
	if (p->slot == SLOT_PERSON) {
		ok = link_slot_lists(l, p, slot_person_lists, 8);
	} else if (p->slot == SLOT_ORG || p->slot == SLOT_TITLE) {
		ok = link_slot_lists(l, p, slot_org_lists, 8);
	}
	return ok;
}

static bool link_phrase(struct linker *l, struct query *q)
{
	bool ok = true;
	for (size_t i = 0; i < q->parts_n; i++) {
		ok &= link_part(l, q, &q->parts[i]);
	}
	return ok;
}

/* NEAR and ATLEAST work on what has a place in the text. */
static bool has_place(const struct query *q)
{
	switch (q->kind) {
	case QUERY_PHRASE:
	case QUERY_TAG:
	case QUERY_RAW:
	case QUERY_SET:
	case QUERY_REGEX:
	case QUERY_NEAR:
	case QUERY_COUNT:
		return true;
	case QUERY_OR:
	case QUERY_REF:
		for (size_t i = 0; i < q->kids_n; i++) {
			if (!has_place(q->kids[i])) {
				return false;
			}
		}
		return true;
	default:
		return false;
	}
}

static bool check_operands(struct linker *l, const struct query *q)
{
	for (size_t i = 0; i < q->kids_n; i++) {
		if (!has_place(q->kids[i])) {
			query_report(q->kids[i], DIAG_ERROR, l->diags, "E031",
				"words, phrases, lists and OR groups can",
				"this cannot stand beside %s",
				q->kind == QUERY_NEAR ? "NEAR" : "ATLEAST");
			return false;
		}
	}
	return true;
}

static bool link_node(struct linker *l, struct query *q)
{
	bool ok;
	if (++l->depth > 4 * QUERY_DEPTH_MAX) {
		query_report(q, DIAG_ERROR, l->diags, "E005", NULL, "definitions nested too deep");
		l->depth--;
		return false;
	}
	switch (q->kind) {
	case QUERY_SET:
		ok = link_set(l, q);
		break;
	case QUERY_REGEX:
		ok = link_regex(l, q);
		break;
	case QUERY_REF:
		ok = link_ref(l, q);
		q->nodes = ok ? q->kids[0]->nodes : 1;
		break;
	case QUERY_PHRASE:
		ok = link_phrase(l, q);
		break;
	case QUERY_NEAR:
	case QUERY_COUNT:
		ok = link_kids(l, q) && check_operands(l, q);
		break;
	default:
		ok = link_kids(l, q);
		break;
	}
	if (q->var.p != NULL) {
		add_var(l, q, q->var);
	}
	l->depth--;
	return ok;
}

/* Whether something must be there for the tree to hold. */
static bool is_positive(const struct query *q)
{
	size_t n = 0;
	switch (q->kind) {
	case QUERY_NOT:
	case QUERY_NUMBER:
		return false;
	case QUERY_VALUE:
		return q->field != QUERY_LANG && q->field != QUERY_COUNTRY &&
		       q->field != QUERY_TYPE && q->field != QUERY_HAS &&
		       q->field != QUERY_VERIFIED;
	default:
		break;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		n += is_positive(q->kids[i]);
	}
	switch (q->kind) {
	case QUERY_AND:
	case QUERY_NEAR:
		return n > 0;
	case QUERY_PICK:
		return (int64_t)(q->kids_n - n) < q->count;
	default:
		return n == q->kids_n;
	}
}

static bool scope_is_anchor(const struct scope *s)
{
	size_t n = s->sites.n + s->authors.n + s->sources.n;
	return n > 0 && n <= SCOPE_ANCHORS_MAX;
}

static const struct query *first_regex(const struct query *q)
{
	const struct query *found = q->kind == QUERY_REGEX ? q : NULL;
	for (size_t i = 0; found == NULL && i < q->kids_n; i++) {
		found = first_regex(q->kids[i]);
	}
	return found;
}

static void check_anchor(struct linker *l, struct rule *rule)
{
	if (!is_positive(rule->match) && !scope_is_anchor(&rule->scope)) {
		query_report(rule->match, DIAG_ERROR, l->diags, "E020",
			"add a word, a list or a few sites or authors under scope:",
			"nothing here says what must be in a post");
		return;
	}
	anchors_of(l, rule->match, &rule->anchors);
	needs_of(l, rule->match, rule);
	const struct query *regex = rule->anchors.always ? first_regex(rule->match) : NULL;
	if (regex != NULL && !rule->slow && !scope_is_anchor(&rule->scope)) {
		query_report(regex, DIAG_ERROR, l->diags, "E040",
			"add a word beside it, or \\b on both sides of a word inside, or slow: "
			"true",
			"no word tells when to try this pattern: it would run on every post");
	}
}

/* What binds a variable, first of its name: a node, or a slot of it. */
struct binder {
	const struct query *node;
	const struct query_part *slot;
};

static struct binder binder(const struct query *q, struct str var)
{
	if (q->var.p != NULL && str_eq(q->var, var)) {
		return (struct binder){.node = q};
	}
	for (size_t i = 0; i < q->parts_n; i++) {
		if (q->parts[i].kind == PART_SLOT && str_eq(q->parts[i].name, var)) {
			return (struct binder){.slot = &q->parts[i]};
		}
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		struct binder found = binder(q->kids[i], var);
		if (found.node != NULL || found.slot != NULL) {
			return found;
		}
	}
	return (struct binder){0};
}

/* The list whose entry a variable stands for, or NULL: it may be a text, or of several lists. */
static const struct list *list_of(const struct rule *rule, struct str var)
{
	struct binder from = binder(rule->match, var);
	const struct query *q = from.slot != NULL ? from.slot->set : from.node;
	while (q != NULL && (q->kind == QUERY_FIELD || q->kind == QUERY_REF)) {
		q = q->kids[0];
	}
	return q != NULL && q->kind == QUERY_SET ? q->link : NULL;
}

static bool var_known(const struct rule *rule, struct str var)
{
	for (size_t i = 0; i < rule->vars_n; i++) {
		if (str_eq(rule->vars[i], var)) {
			return true;
		}
	}
	return false;
}

static void check_var(struct linker *l, struct rule *rule, const struct yaml_node *node,
	struct str var, struct str attr)
{
	if (!var_known(rule, var)) {
		const char *names[RULE_VARS_MAX];
		char help[120];
		for (size_t i = 0; i < rule->vars_n; i++) {
			names[i] = arena_c(l->arena, rule->vars[i]);
		}
		const char *near = did_you_mean(var, names, rule->vars_n);
		snprintf(help, sizeof(help), "did you mean $%s?", near != NULL ? near : "");
		yaml_error(l->diags, node, "E037",
			near != NULL ? help : "bind it in match: with AS",
			"nothing in match: is called $%.*s", STR_FMT(var));
		return;
	}
	if (attr.p == NULL || l->test) {
		return;
	}
	const struct list *list = list_of(rule, var);
	if (list != NULL && !list_has_attr(list, attr)) {
		char help[120];
		yaml_error(l->diags, node, "E034", column_help(list, attr, help),
			"the list \"%.*s\" has no column \"%.*s\"", STR_FMT(list->name),
			STR_FMT(attr));
	}
}

static void check_template(
	struct linker *l, struct rule *rule, const struct yaml_node *node, struct str text)
{
	struct str literal, var, attr;
	while (template_next(&text, &literal, &var, &attr)) {
		if (var.p != NULL) {
			check_var(l, rule, node, var, attr);
		}
	}
}

static void check_templates(struct linker *l, struct rule *rule)
{
	for (size_t i = 0; i < rule->emit_n; i++) {
		check_template(l, rule, rule->emit[i].node, rule->emit[i].text);
	}
	const struct yaml_node *subject = yaml_get(rule->node, "subject");
	if (rule->subject == SUBJECT_VARIABLE && subject != NULL) {
		check_var(l, rule, subject, rule->subject_var, STR_NONE);
	}
	const struct yaml_node *lead = yaml_get(rule->node, "lead"), *key = yaml_get(lead, "key");
	for (size_t i = 0; key != NULL && i < rule->lead_key.n; i++) {
		check_template(l, rule, key, rule->lead_key.v[i]);
	}
}

void link_rule(struct linker *l, struct rule *rule)
{
	size_t before = l->diags->errors;
	l->rule = rule;
	l->depth = 0;
	l->generation = ++l->file->generations;
	struct query *match = rule->match != NULL ? rule->match : rule->names;
	/* What a broken rule names is looked up too: all mistakes of a file at once. */
	bool ok = match != NULL && link_node(l, match);
	for (size_t i = 0; i < rule->terms_n; i++) {
		ok &= rule->terms[i].when == NULL || link_node(l, rule->terms[i].when);
	}
	if (ok && !rule->broken && !rule->inactive && rule->match != NULL) {
		check_anchor(l, rule);
		check_templates(l, rule);
	}
	rule->broken |= rule->match == NULL || !ok || l->diags->errors > before;
	l->rule = NULL;
}

void link_defines(struct linker *l)
{
	for (size_t i = 0; i < l->file->defines_n; i++) {
		struct define *d = &l->file->defines[i];
		struct query *q = d->query != NULL ? d->query : d->names;
		if (d->generation == 0 && q != NULL) {
			d->linking = true;
			d->generation = l->generation = ++l->file->generations;
			d->ok = link_node(l, q) && d->query != NULL;
			d->linking = false;
		}
	}
}
