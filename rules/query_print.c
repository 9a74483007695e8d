/* A query back as text, in one normal form. */
#include "rules/query.h"

#include <stdlib.h>

static bool is_row(const struct query *q)
{
	return q->kind == QUERY_AND || q->kind == QUERY_OR || q->kind == QUERY_NEAR;
}

static void print_inner(const struct query *q, struct buf *out)
{
	if (is_row(q) || (q->kind == QUERY_NOT && q->var.p == NULL)) {
		buf_add_char(out, '(');
		query_print(q, out);
		buf_add_char(out, ')');
	} else {
		query_print(q, out);
	}
}

static void print_kids(const struct query *q, const char *between, struct buf *out)
{
	for (size_t i = 0; i < q->kids_n; i++) {
		buf_add_c(out, i > 0 ? between : "");
		print_inner(q->kids[i], out);
	}
}

/* LIST and its conditions. Inside quotation marks values have none of their own. */
static void print_list(const struct query *q, const char *quote, struct buf *out)
{
	buf_add_str(out, q->list);
	for (size_t i = 0; i < q->tests_n; i++) {
		const struct attr_test *t = &q->tests[i];
		buf_printf(out, "%s%.*s%s%s%.*s%s%s", i == 0 ? "[" : ",", STR_FMT(t->attr),
			query_op_name(t->op), quote, STR_FMT(t->value), quote,
			i + 1 == q->tests_n ? "]" : "");
	}
}

static void print_set(const struct query *q, const char *quote, struct buf *out)
{
	buf_add_c(out, q->all ? "all:" : "any:");
	print_list(q, quote, out);
}

static void print_slot(const struct query_part *p, struct buf *out)
{
	buf_printf(out, "<%.*s:%s", STR_FMT(p->name), query_slot_name(p->slot));
	if (p->slot == SLOT_WORDS && p->low == p->high) {
		buf_printf(out, "/%u", (unsigned)p->low);
	} else if (p->slot == SLOT_WORDS) {
		buf_printf(out, "/%u-%u", (unsigned)p->low, (unsigned)p->high);
	} else if (p->slot == SLOT_LIST) {
		buf_add_char(out, ':');
		print_list(p->set, "", out);
	}
	buf_add_char(out, '>');
}

static void print_pattern(struct str folded, struct buf *out)
{
	while (folded.n > 0) {
		size_t i = str_find(folded, STR(WILDCARD));
		i = i == SIZE_MAX ? folded.n : i;
		buf_add_str(out, str_n(folded.p, i));
		if (i == folded.n) {
			return;
		}
		buf_add_char(out, '?');
		folded = str_n(folded.p + i + 3, folded.n - i - 3);
	}
}

static void print_part(const struct query *q, const struct query_part *p, struct buf *out)
{
	switch (p->kind) {
	case PART_ANY:
		buf_add_char(out, '*');
		return;
	case PART_SET:
		print_set(p->set, "", out);
		return;
	case PART_SLOT:
		print_slot(p, out);
		return;
	default:
		break;
	}
	if (p->kind == PART_PATTERN) {
		print_pattern(p->folded, out);
	} else {
		bool sign = !q->cased && (p->token == TOKEN_HANDLE || p->token == TOKEN_CASHTAG);
		buf_add_c(out, !sign ? "" : p->token == TOKEN_HANDLE ? "@" : "$");
		buf_add_str(out, q->cased ? p->written : p->folded);
	}
	buf_add_c(out, p->open ? "*" : "");
}

static void print_phrase(const struct query *q, struct buf *out)
{
	bool quotes =
		q->parts_n != 1 || q->parts[0].kind == PART_SET || q->parts[0].kind == PART_SLOT;
	buf_add_c(out, q->cased ? "case:" : "");
	buf_add_c(out, quotes ? "\"" : "");
	for (size_t i = 0; i < q->parts_n; i++) {
		buf_add_c(out, i > 0 ? " " : "");
		print_part(q, &q->parts[i], out);
	}
	buf_add_c(out, quotes ? "\"" : "");
}

/* As few decimals as still read as the same number. No exponent: queries have none. */
static void print_decimal(double value, struct buf *out)
{
	char text[NUMBER_TEXT_MAX];
	for (int places = 0; places < (int)sizeof(text); places++) {
		snprintf(text, sizeof(text), "%.*f", places, value);
		if (strtod(text, NULL) == value) {
			break;
		}
	}
	buf_add_c(out, text);
}

static void print_number(const struct query *q, struct buf *out)
{
	buf_add_c(out, query_number_name(q->number));
	if (q->op == OP_RANGE) {
		buf_add_c(out, ":");
		print_decimal(q->low, out);
		buf_add_c(out, "..");
		print_decimal(q->high, out);
	} else {
		buf_printf(out, " %s ", query_op_name(q->op));
		print_decimal(q->low, out);
	}
}

static void print_near(const struct query *q, struct buf *out)
{
	char between[32];
	snprintf(between, sizeof(between), " %sNEAR/%lld ", q->ordered ? "O" : "",
		(long long)q->count);
	print_kids(q, between, out);
}

static void print_leaf(const struct query *q, struct buf *out)
{
	switch (q->kind) {
	case QUERY_PHRASE:
		print_phrase(q, out);
		break;
	case QUERY_TAG:
		buf_printf(out, "#%.*s", STR_FMT(q->parts[0].folded));
		break;
	case QUERY_RAW:
		buf_printf(out, "raw:\"%.*s\"", STR_FMT(q->text));
		break;
	case QUERY_SET:
		print_set(q, "\"", out);
		break;
	case QUERY_VALUE:
		buf_printf(out, "\"%.*s\"", STR_FMT(q->text));
		break;
	case QUERY_NUMBER:
		print_number(q, out);
		break;
	case QUERY_REF:
		buf_printf(out, "&%.*s", STR_FMT(q->text));
		break;
	default:
		buf_printf(out, "re:/%.*s/%s", STR_FMT(q->text), q->ignore_case ? "i" : "");
		break;
	}
}

static void print_node(const struct query *q, struct buf *out)
{
	switch (q->kind) {
	case QUERY_AND:
		print_kids(q, " ", out);
		break;
	case QUERY_OR:
		print_kids(q, " OR ", out);
		break;
	case QUERY_NOT:
		buf_add_c(out, "NOT ");
		print_inner(q->kids[0], out);
		break;
	case QUERY_NEAR:
		print_near(q, out);
		break;
	case QUERY_FIELD:
		buf_printf(out, "%s:", query_field_name(q->field));
		print_inner(q->kids[0], out);
		break;
	case QUERY_COUNT:
	case QUERY_PICK:
		buf_printf(out, "%s/%lld (", q->kind == QUERY_PICK ? "MIN" : "ATLEAST",
			(long long)q->count);
		print_kids(q, ", ", out);
		buf_add_char(out, ')');
		break;
	default:
		print_leaf(q, out);
		break;
	}
}

void query_print(const struct query *q, struct buf *out)
{
	bool brackets = q->var.p != NULL && (is_row(q) || q->kind == QUERY_NOT);
	buf_add_c(out, brackets ? "(" : "");
	print_node(q, out);
	buf_add_c(out, brackets ? ")" : "");
	if (q->var.p != NULL) {
		buf_printf(out, " AS $%.*s", STR_FMT(q->var));
	}
}
