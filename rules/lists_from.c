/* Lists of imported records, chosen by `where: "type = customer, tier != c"`. */
#include "rules/lists_in.h"
#include "rules/query.h"
#include "rules/rules.h"

#define TESTS_MAX 16

static const char *const kinds[] = {"contacts", "accounts", "staff", "products"};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

bool list_kind_known(struct str kind, const char **near)
{
	for (size_t i = 0; i < KINDS; i++) {
		if (str_eq_c(kind, kinds[i])) {
			return true;
		}
	}
	*near = did_you_mean(kind, kinds, KINDS);
	*near = *near != NULL ? *near : kinds[0];
	return false;
}

struct taking {
	struct row row;
	struct attr_test tests[TESTS_MAX];
	size_t tests_n;
	size_t seen, taken;
	struct buf others; /* what the first test that failed found instead, a few */
	struct attr_test *failed;
};

/* ---- where ---- */

static size_t op_at(struct str s, enum query_op *op, size_t *bytes)
{
	static const struct {
		const char *text;
		enum query_op op;
	} known[] = {{"!=", OP_NE}, {"<=", OP_LE}, {">=", OP_GE}, {"==", OP_EQ}, {"=", OP_EQ},
		{"<", OP_LT}, {">", OP_GT}};
	for (size_t i = 0; i < s.n; i++) {
		for (size_t k = 0; k < sizeof(known) / sizeof(known[0]); k++) {
			if (str_starts(str_n(s.p + i, s.n - i), str_c(known[k].text))) {
				*op = known[k].op;
				*bytes = strlen(known[k].text);
				return i;
			}
		}
	}
	return SIZE_MAX;
}

static struct str without_quotes(struct str s)
{
	bool quoted = s.n > 1 && s.p[0] == '"' && s.p[s.n - 1] == '"';
	return quoted ? str_n(s.p + 1, s.n - 2) : s;
}

static bool read_where(struct taking *t, struct str where)
{
	struct str one;
	while (str_split(&where, ',', &one)) {
		struct attr_test *test = &t->tests[t->tests_n];
		size_t bytes = 0, at = op_at(one, &test->op, &bytes);
		if (t->tests_n == TESTS_MAX || at == SIZE_MAX) {
			return false;
		}
		test->attr = str_trim(str_n(one.p, at));
		test->value =
			without_quotes(str_trim(str_n(one.p + at + bytes, one.n - at - bytes)));
		if (test->attr.n == 0 || test->value.n == 0) {
			return false;
		}
		t->tests_n++;
	}
	return true;
}

static struct str record_attr(const struct rules_record *record, struct str name)
{
	if (str_eq_c(name, "name")) {
		return record->name;
	}
	if (str_eq_c(name, "id")) {
		return record->id;
	}
	for (size_t i = 0; i < record->attrs_n; i++) {
		if (str_eq_nocase(record->attrs[i].name, name)) {
			return record->attrs[i].value;
		}
	}
	return STR_NONE;
}

/* ---- records ---- */

#define OTHERS_MAX 300

/* Kept once each, while there is room. */
static void keep_other(struct taking *t, struct attr_test *test, struct str value)
{
	struct str rest = buf_str(&t->others), one;
	t->failed = t->failed != NULL ? t->failed : test;
	value = str_trim(value);
	if (t->failed != test || value.n == 0 || t->others.n + value.n + 2 > OTHERS_MAX) {
		return;
	}
	while (str_split(&rest, ',', &one)) {
		if (str_eq(str_trim(one), value)) {
			return;
		}
	}
	buf_printf(&t->others, "%s%.*s", t->others.n > 0 ? ", " : "", STR_FMT(value));
}

/* A misspelt value finds nothing, without an error. */
static void say_nothing_taken(struct taking *t, const char *kind)
{
	struct row *r = &t->row;
	char help[OTHERS_MAX + 100];
	if (t->seen == 0 || t->taken > 0 || t->failed == NULL) {
		return;
	}
	snprintf(help, sizeof(help),
		t->others.n > 0 ? "there are: %s" : "no record has that column", buf_c(&t->others));
	diags_add(r->diags, DIAG_WARNING, "W078", r->at, r->source, help,
		"the list '%.*s' is empty: where: none of the %s has such a %.*s as '%.*s'",
		STR_FMT(r->list->name), kind, STR_FMT(t->failed->attr), STR_FMT(t->failed->value));
}

static void take_record(void *to, const struct rules_record *record)
{
	struct taking *t = to;
	struct row *r = &t->row;
	t->seen++;
	for (size_t i = 0; i < t->tests_n; i++) {
		struct str has = record_attr(record, t->tests[i].attr);
		if (!attr_test_holds(&t->tests[i], has)) {
			keep_other(t, &t->tests[i], has);
			return;
		}
	}
	t->taken++;
	struct str name = str_trim(record->name);
	if (r->l->rc != HARK_OK || name.n == 0 || !row_begin(r, name, record->id)) {
		return;
	}
	take_name(r, name);
	for (size_t i = 0; i < record->attrs_n; i++) {
		size_t column = list_column(r->l, r->list, record->attrs[i].name);
		if (column != SIZE_MAX) {
			row_cell(r, column, str_trim(record->attrs[i].value));
		}
	}
	row_end(r);
}

void list_read_records(struct lists *l, struct list *list, const struct rules_records *records,
	struct str kind, struct str where, struct diag_at at, struct str line, struct diags *diags)
{
	struct hark_err err = {0};
	struct buf cells;
	char name[32];
	snprintf(name, sizeof(name), "%.*s", STR_FMT(kind));
	buf_init(&cells, 1 << 20);
	struct taking t = {.row = {.l = l,
				   .list = list,
				   .diags = diags,
				   .at = at,
				   .source = line,
				   .cells = &cells}};
	buf_init(&t.others, 4096);
	list_column(l, list, STR("name"));
	if (where.p != NULL && !read_where(&t, where)) {
		diags_add(diags, DIAG_ERROR, "E016", at, line,
			"for example where: \"type = customer, tier != c\"",
			"where: of the list '%.*s' is a column, a comparison and a value",
			STR_FMT(list->name));
	} else {
		int rc = records != NULL ? records->each(records->ctx, name, take_record, &t, &err)
					 : HARK_ENOENT;
		if (rc == HARK_OK) {
			say_nothing_taken(&t, name);
		}
		if (rc == HARK_ENOMEM) {
			l->rc = rc;
		} else if (rc != HARK_OK) {
			diags_add(diags, DIAG_ERROR, "E032", at, line,
				"import them, or give the list a file: instead",
				"the list '%.*s' needs imported %s%s%s", STR_FMT(list->name), name,
				rc == HARK_ENOENT ? ", and there are none here" : ": ",
				rc == HARK_ENOENT ? "" : err.text);
		}
	}
	buf_release(&t.others);
	buf_release(&cells);
}
