/* Rules, or branches of them, that no post can satisfy. */
#include "rules/lint_in.h"

#include "rules/eval.h"

#define TERMS_MAX 500

/* What must hold together: the terms of an AND, with those of ANDs inside. */
struct together {
	const struct query *yes[TERMS_MAX], *no[TERMS_MAX];
	size_t yes_n, no_n;
};

static void exclude(struct together *t, const struct query *q)
{
	if (t->no_n < TERMS_MAX) {
		t->no[t->no_n++] = q;
	}
}

static void collect(struct together *t, const struct query *q)
{
	q = lint_bare(q);
	if (q->kind == QUERY_AND) {
		for (size_t i = 0; i < q->kids_n; i++) {
			collect(t, q->kids[i]);
		}
	} else if (q->kind == QUERY_NOT) {
		const struct query *kid = lint_bare(q->kids[0]);
		exclude(t, kid);
		for (size_t i = 0; kid->kind == QUERY_OR && i < kid->kids_n; i++) {
			exclude(t, lint_bare(kid->kids[i]));
		}
	} else if (t->yes_n < TERMS_MAX) {
		t->yes[t->yes_n++] = q;
	}
}

static void never(struct lint *l, const struct query *q, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void never(struct lint *l, const struct query *q, const char *fmt, ...)
{
	char why[400];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(why, sizeof(why), fmt, ap);
	va_end(ap);
	query_report(q, DIAG_WARNING, l->diags, "W061", NULL, "this can never hold: %s", why);
}

static struct str as_written(struct lint *l, const struct query *q)
{
	struct buf b;
	buf_init(&b, 200);
	query_format(q, 0, &b);
	struct str text = arena_str(l->arena, buf_str(&b));
	buf_release(&b);
	return text.p != NULL ? text : STR("");
}

/* a NOT a, also where a is one of several. */
static bool wanted_and_excluded(struct lint *l, const struct query *q, const struct together *t)
{
	for (size_t n = 0; n < t->no_n; n++) {
		struct str excluded = lint_meaning(l, t->no[n]);
		for (size_t y = 0; y < t->yes_n; y++) {
			if (str_eq(excluded, lint_meaning(l, t->yes[y]))) {
				never(l, q, "%.*s is wanted and excluded",
					STR_FMT(as_written(l, t->yes[y])));
				return true;
			}
		}
	}
	return false;
}

static double low_of(const struct query *q)
{
	return q->op == OP_EQ || q->op == OP_GT || q->op == OP_GE || q->op == OP_RANGE ? q->low
										       : -1e300;
}

static double high_of(const struct query *q)
{
	return q->op == OP_RANGE                                    ? q->high
	       : q->op == OP_EQ || q->op == OP_LT || q->op == OP_LE ? q->low
								    : 1e300;
}

static bool numbers_exclude(const struct query *a, const struct query *b)
{
	double low = low_of(a) > low_of(b) ? low_of(a) : low_of(b);
	double high = high_of(a) < high_of(b) ? high_of(a) : high_of(b);
	bool open = a->op == OP_LT || a->op == OP_GT || b->op == OP_LT || b->op == OP_GT;
	return low > high || (low == high && open);
}

static const struct query *single_value(const struct query *q)
{
	const struct query *kid = q->kind == QUERY_FIELD ? q->kids[0] : NULL;
	bool one = q->kind == QUERY_FIELD &&
		   (q->field == QUERY_LANG || q->field == QUERY_TYPE || q->field == QUERY_COUNTRY ||
			   q->field == QUERY_VERIFIED || q->field == QUERY_SOURCE);
	return one && kid->kind == QUERY_VALUE && memchr(kid->text.p, '*', kid->text.n) == NULL
		       ? kid
		       : NULL;
}

static bool values_exclude(const struct query *a, const struct query *b)
{
	const struct query *x = single_value(a), *y = single_value(b);
	if (x == NULL || y == NULL || a->field != b->field) {
		return false;
	}
	return !str_starts_nocase(x->text, y->text) && !str_starts_nocase(y->text, x->text);
}

static bool exclude_one_another(struct lint *l, const struct query *q, const struct together *t)
{
	for (size_t i = 0; i < t->yes_n; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct query *a = t->yes[k], *b = t->yes[i];
			bool numbers = a->kind == QUERY_NUMBER && b->kind == QUERY_NUMBER &&
				       a->number == b->number && numbers_exclude(a, b);
			if (numbers || values_exclude(a, b)) {
				never(l, q, "%.*s and %.*s exclude one another",
					STR_FMT(as_written(l, a)), STR_FMT(as_written(l, b)));
				return true;
			}
		}
	}
	return false;
}

static bool scope_excludes(
	struct lint *l, const struct rule *rule, const struct query *q, const struct together *t)
{
	for (size_t i = 0; i < t->yes_n; i++) {
		const struct query *v = single_value(t->yes[i]);
		const struct strs *wanted = v == NULL                  ? NULL
					    : v->field == QUERY_LANG   ? &rule->scope.langs
					    : v->field == QUERY_TYPE   ? &rule->scope.types
					    : v->field == QUERY_SOURCE ? &rule->scope.sources
								       : NULL;
		bool possible = wanted == NULL || wanted->n == 0;
		for (size_t k = 0; !possible && k < wanted->n; k++) {
			possible = str_starts_nocase(wanted->v[k], v->text) ||
				   str_starts_nocase(v->text, wanted->v[k]);
		}
		if (!possible) {
			never(l, q, "the scope excludes %.*s", STR_FMT(as_written(l, t->yes[i])));
			return true;
		}
	}
	return false;
}

static bool empty_list(struct lint *l, const struct query *q, const struct together *t)
{
	for (size_t i = 0; i < t->yes_n; i++) {
		const struct query *set = t->yes[i];
		if (set->kind == QUERY_FIELD) {
			set = lint_bare(set->kids[0]);
		}
		const struct list *list = set->kind == QUERY_SET ? set->link : NULL;
		if (list != NULL && list->n == 0) {
			never(l, q, "the list \"%.*s\" is empty", STR_FMT(set->list));
			return true;
		}
	}
	return false;
}

static void check(struct lint *l, const struct rule *rule, const struct query *q)
{
	struct together *t = arena_alloc(l->arena, sizeof(*t));
	q = lint_bare(q);
	if (q->kind == QUERY_OR) {
		for (size_t i = 0; i < q->kids_n; i++) {
			check(l, rule, q->kids[i]);
		}
		return;
	}
	if (t == NULL) {
		l->rc = HARK_ENOMEM;
		return;
	}
	collect(t, q);
	if (!wanted_and_excluded(l, q, t) && !exclude_one_another(l, q, t) &&
		!scope_excludes(l, rule, q, t) && !empty_list(l, q, t)) {
		for (size_t i = 0; i < t->yes_n; i++) {
			if (t->yes[i]->kind == QUERY_OR) {
				check(l, rule, t->yes[i]);
			}
		}
	}
}

void lint_never(struct lint *l)
{
	for (size_t i = 0; i < l->r->rules_n; i++) {
		check(l, l->r->rules[i], l->r->rules[i]->match);
	}
}
