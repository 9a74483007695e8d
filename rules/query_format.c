/* A query laid out for people. query_print() gives the folded words that are compared; here they
 * stand as written, and only what is between them gets one form. */
#include "rules/query.h"

#define FLAT_MAX (4 * QUERY_BYTES_MAX)
#define STEP 2

struct layout {
	struct buf *out;
	size_t width; /* 0: one line */
	size_t indent;
	size_t line; /* where the last line begins */
};

static void put_node(struct layout *l, const struct query *q);

static bool is_row(const struct query *q)
{
	return q->kind == QUERY_AND || q->kind == QUERY_OR || q->kind == QUERY_NEAR;
}

/* Whether its name ("AS $x") needs brackets in front. */
static bool is_named_group(const struct query *q)
{
	return q->var.p != NULL && (is_row(q) || q->kind == QUERY_NOT);
}

static void new_line(struct layout *l)
{
	buf_add_char(l->out, '\n');
	l->line = l->out->n;
	for (size_t i = 0; i < l->indent; i++) {
		buf_add_char(l->out, ' ');
	}
}

static bool fits(const struct layout *l, const struct query *q, size_t more)
{
	if (l->width == 0) {
		return true;
	}
	struct buf flat;
	buf_init(&flat, FLAT_MAX);
	struct layout one = {.out = &flat};
	put_node(&one, q);
	bool fit = flat.rc == HARK_OK && l->out->n - l->line + flat.n + more <= l->width;
	buf_release(&flat);
	return fit;
}

/* The bytes of a leaf, without brackets around it and without its name. */
static struct str written(const struct query *q)
{
	struct str s = str_n(q->source->text.p + q->at, q->bytes);
	s = str_trim(s);
	while (s.n > 1 && s.p[0] == '(' && s.p[s.n - 1] == ')') {
		s = str_trim(str_n(s.p + 1, s.n - 2));
	}
	if (q->var.p != NULL && str_ends(s, q->var)) {
		struct str cut = str_n(s.p, s.n - q->var.n);
		if (str_ends(cut, STR("$"))) {
			cut = str_trim(str_n(cut.p, cut.n - 1));
			s = str_ends(cut, STR("AS")) ? str_trim(str_n(cut.p, cut.n - 2)) : s;
		}
	}
	return s;
}

/* White space outside quotation marks falls; inside it stays, or is one blank between words. */
static void put_squeezed(struct str s, bool words, struct buf *out)
{
	bool quoted = false, blank = false;
	for (size_t i = 0; i < s.n; i++) {
		bool space = strchr(" \t\r\n", s.p[i]) != NULL && s.p[i] != '\0';
		if (space && (words || !quoted)) {
			blank = quoted && out->p[out->n - 1] != '"';
			continue;
		}
		buf_add_c(out, blank && s.p[i] != '"' ? " " : "");
		blank = false;
		quoted ^= s.p[i] == '"';
		buf_add_char(out, s.p[i]);
	}
}

static void put_leaf(const struct query *q, struct buf *out)
{
	struct query bare = *q;
	bare.var = STR_NONE;
	if (q->kind == QUERY_NUMBER) {
		query_print(&bare, out);
	} else if (q->kind == QUERY_RAW || q->kind == QUERY_REGEX || q->kind == QUERY_VALUE) {
		buf_add_str(out, written(q));
	} else {
		put_squeezed(written(q), q->kind == QUERY_PHRASE, out);
	}
}

/* "( … )", over several lines where one is too short. */
static void put_group(struct layout *l, const struct query *q)
{
	bool one = fits(l, q, 2);
	buf_add_char(l->out, '(');
	l->indent += STEP;
	if (!one) {
		new_line(l);
	}
	put_node(l, q);
	l->indent -= STEP;
	if (!one) {
		new_line(l);
	}
	buf_add_char(l->out, ')');
}

static void put_inner(struct layout *l, const struct query *q)
{
	if (is_row(q) && q->var.p == NULL) {
		put_group(l, q);
	} else {
		put_node(l, q);
	}
}

/* AND goes without saying before NOT. */
static void put_operator(const struct query *row, const struct query *kid, struct buf *out)
{
	if (row->kind == QUERY_NEAR) {
		buf_printf(out, "%sNEAR/%lld ", row->ordered ? "O" : "", (long long)row->count);
	} else if (row->kind == QUERY_OR) {
		buf_add_c(out, "OR ");
	} else if (kid->kind != QUERY_NOT || kid->var.p != NULL) {
		buf_add_c(out, "AND ");
	}
}

/* OR fills lines, the others take one for each of theirs. */
static void put_row(struct layout *l, const struct query *q)
{
	bool one = fits(l, q, 0);
	for (size_t i = 0; i < q->kids_n; i++) {
		const struct query *kid = q->kids[i];
		if (i > 0 && (one || (q->kind == QUERY_OR && fits(l, kid, sizeof(" OR ()"))))) {
			buf_add_char(l->out, ' ');
		} else if (i > 0) {
			new_line(l);
		}
		if (i > 0) {
			put_operator(q, kid, l->out);
		}
		put_inner(l, kid);
	}
}

static void put_list(struct layout *l, const struct query *q)
{
	bool one = fits(l, q, 0);
	buf_printf(l->out, "%s/%lld (", q->kind == QUERY_PICK ? "MIN" : "ATLEAST",
		(long long)q->count);
	l->indent += STEP;
	for (size_t i = 0; i < q->kids_n; i++) {
		buf_add_c(l->out, i == 0 ? "" : one ? ", " : ",");
		if (!one) {
			new_line(l);
		}
		put_node(l, q->kids[i]);
	}
	l->indent -= STEP;
	if (!one) {
		new_line(l);
	}
	buf_add_char(l->out, ')');
}

static void put_not(struct layout *l, const struct query *q)
{
	buf_add_c(l->out, "NOT ");
	if (q->kids[0]->kind == QUERY_NOT && q->kids[0]->var.p == NULL) {
		put_group(l, q->kids[0]);
	} else {
		put_inner(l, q->kids[0]);
	}
}

static void put_field(struct layout *l, const struct query *q)
{
	const struct query *kid = q->kids[0];
	buf_printf(l->out, "%s:", query_field_name(q->field));
	if (is_row(kid) || kid->kind == QUERY_NOT || kid->var.p != NULL) {
		put_group(l, kid);
	} else {
		put_node(l, kid);
	}
}

static void put_bare(struct layout *l, const struct query *q)
{
	switch (q->kind) {
	case QUERY_AND:
	case QUERY_OR:
	case QUERY_NEAR:
		put_row(l, q);
		break;
	case QUERY_NOT:
		put_not(l, q);
		break;
	case QUERY_FIELD:
		put_field(l, q);
		break;
	case QUERY_COUNT:
	case QUERY_PICK:
		put_list(l, q);
		break;
	default:
		put_leaf(q, l->out);
		break;
	}
}

static void put_node(struct layout *l, const struct query *q)
{
	if (is_named_group(q)) {
		struct query bare = *q;
		bare.var = STR_NONE;
		put_group(l, &bare);
	} else {
		put_bare(l, q);
	}
	if (q->var.p != NULL) {
		buf_printf(l->out, " AS $%.*s", STR_FMT(q->var));
	}
}

void query_format(const struct query *q, size_t width, struct buf *out)
{
	struct layout l = {.out = out, .width = width, .line = out->n};
	put_node(&l, q);
}
