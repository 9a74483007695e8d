#include "rules/lint_in.h"

#include <stdlib.h>

void lint_rule(struct lint *l, const struct rule *rule, const char *code, const char *help,
	const char *fmt, ...)
{
	char message[512];
	const struct yaml_node *id = yaml_get(rule->node, "id");
	const struct yaml_node *node = id != NULL ? id : rule->node;
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	diags_add(l->diags, DIAG_WARNING, code, node->at, yaml_line(node, node->at.line), help,
		"%s", message);
}

const struct query *lint_bare(const struct query *q)
{
	while (q->kids_n == 1 &&
		(q->kind == QUERY_REF || q->kind == QUERY_AND || q->kind == QUERY_OR)) {
		q = q->kids[0];
	}
	return q;
}

static int by_text(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static bool is_unordered(const struct query *q)
{
	return q->kind == QUERY_AND || q->kind == QUERY_OR || q->kind == QUERY_PICK ||
	       (q->kind == QUERY_NEAR && !q->ordered);
}

static void put_kids(struct lint *l, const struct query *q, struct buf *out)
{
	struct str *kids = arena_alloc(l->arena, q->kids_n * sizeof(*kids));
	for (size_t i = 0; kids != NULL && i < q->kids_n; i++) {
		kids[i] = lint_meaning(l, q->kids[i]);
	}
	if (kids != NULL && is_unordered(q)) {
		qsort(kids, q->kids_n, sizeof(*kids), by_text);
	}
	for (size_t i = 0; kids != NULL && i < q->kids_n; i++) {
		bool again = i > 0 && q->kind != QUERY_NEAR && q->kind != QUERY_PICK &&
			     str_eq(kids[i], kids[i - 1]);
		buf_add_c(out, again ? "" : " ");
		buf_add_str(out, again ? STR("") : kids[i]);
	}
}

struct str lint_meaning(struct lint *l, const struct query *q)
{
	struct buf b;
	buf_init(&b, 64u << 20);
	q = lint_bare(q);
	struct query bare = *q;
	bare.var = STR_NONE;
	if (q->kids_n == 0) {
		query_print(&bare, &b);
	} else {
		buf_printf(&b, "(%d/%d/%lld/%d", (int)q->kind, (int)q->field, (long long)q->count,
			q->ordered);
		put_kids(l, q, &b);
		buf_add_char(&b, ')');
	}
	struct str text = arena_str(l->arena, buf_str(&b));
	l->rc = b.rc != HARK_OK || text.p == NULL ? HARK_ENOMEM : l->rc;
	buf_release(&b);
	return text.p != NULL ? text : STR("");
}

/* ---- what leans on nothing, and what nothing leans on ---- */

static void mark_defines(const struct rule_file *f, const struct query *q, bool *used)
{
	for (size_t i = 0; q->kind == QUERY_REF && i < f->defines_n; i++) {
		if (str_eq(f->defines[i].name, q->text)) {
			if (used[i]) {
				return;
			}
			used[i] = true;
		}
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		mark_defines(f, q->kids[i], used);
	}
}

static void lint_defines(struct lint *l, const struct rule_file *f)
{
	bool *used = arena_alloc(l->arena, f->defines_n + 1);
	if (used == NULL) {
		l->rc = HARK_ENOMEM;
		return;
	}
	for (size_t i = 0; i < f->rules_n; i++) {
		const struct rule *rule = &f->rules[i];
		if (rule->match != NULL) {
			mark_defines(f, rule->match, used);
		}
		for (size_t k = 0; k < rule->terms_n; k++) {
			if (rule->terms[k].when != NULL) {
				mark_defines(f, rule->terms[k].when, used);
			}
		}
	}
	for (size_t i = 0; i < f->defines_n; i++) {
		const struct yaml_node *node = f->defines[i].node;
		if (!used[i] && f->rules_n > 0) {
			diags_add(l->diags, DIAG_WARNING, "W067", node->at,
				yaml_line(node, node->at.line), NULL,
				"no rule uses the definition \"%.*s\"",
				STR_FMT(f->defines[i].name));
		}
	}
}

static bool has_cases(const struct rule *rule, const char *key)
{
	const struct yaml_node *cases = yaml_get(rule->tests, key);
	return cases != NULL && cases->kind == YAML_SEQUENCE && cases->n > 0;
}

static void lint_tests(struct lint *l, const struct rule_file *f)
{
	for (size_t i = 0; i < f->rules_n; i++) {
		const struct rule *rule = &f->rules[i];
		bool match = has_cases(rule, "match"), nomatch = has_cases(rule, "nomatch");
		if (rule->status != RULE_RETIRED && (!match || !nomatch)) {
			lint_rule(l, rule, "W050", "under tests: in match: and nomatch:",
				match     ? "no test shows what this rule must not match"
				: nomatch ? "no test shows what this rule must match"
					  : "this rule has no tests");
		}
	}
}

static const struct list *loaded_from(const struct lint *l, const void *origin)
{
	for (size_t i = 0; i < l->r->lists.n; i++) {
		if (l->r->lists.v[i]->origin == origin) {
			return l->r->lists.v[i];
		}
	}
	return NULL;
}

static void lint_list(struct lint *l, struct diag_at at, struct str source, struct str name,
	const struct list *list)
{
	if (list == NULL || !list->used) {
		diags_add(l->diags, DIAG_WARNING, "W065", at, source, NULL,
			"no rule uses the list \"%.*s\"", STR_FMT(name));
	} else if (list->n == 0) {
		diags_add(l->diags, DIAG_WARNING, "W066", at, source, NULL,
			"the list \"%.*s\" is empty: rules that need it find nothing",
			STR_FMT(name));
	}
}

static void lint_lists(struct lint *l, bool configured)
{
	for (size_t f = 0; f < l->r->files_n; f++) {
		const struct rule_file *file = l->r->files[f];
		for (size_t i = 0; i < file->lists_n; i++) {
			const struct yaml_node *node = file->lists[i].node;
			lint_list(l, node->at, yaml_line(node, node->at.line), file->lists[i].name,
				loaded_from(l, node));
		}
	}
	for (size_t i = 0; configured && i < l->source->lists_n; i++) {
		const struct rules_list *defined = &l->source->lists[i];
		if (defined->at.line > 0) { /* not one of a folder */
			lint_list(l, defined->at, STR_NONE, str_c(defined->name),
				loaded_from(l, defined));
		}
	}
}

int ruleset_lint(struct ruleset *r, const struct rules_source *source, bool lists,
	struct diags *diags, struct arena *arena, struct lint_result *out, struct hark_err *err)
{
	struct lint l = {.r = r, .source = source, .diags = diags, .arena = arena};
	*out = (struct lint_result){0};
	for (size_t f = 0; f < r->files_n; f++) {
		lint_defines(&l, r->files[f]);
		lint_tests(&l, r->files[f]);
	}
	lint_lists(&l, lists);
	lint_never(&l);
	lint_same(&l);
	int rc = lint_cost(&l, out);
	rc = rc != HARK_OK ? rc : l.rc != HARK_OK ? l.rc : arena->rc;
	return rc == HARK_OK ? rc : hark_err_set(err, rc, "no memory to look at the rules closely");
}
