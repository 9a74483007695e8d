#include "monitor/cli/explain_print.h"

#include "monitor/base/utf8.h"
#include "monitor/cli/marks.h"
#include "monitor/cli/term.h"
#include "rules/lists.h"
#include "rules/query.h"

#define CLAUSE_COLUMNS 46
#define ANCHORS_SHOWN 6
#define ALTERNATIVES_SHOWN 8
#define MISSING_MAX 4096
#define SPANS_MAX 128

struct printing {
	struct buf *out;
	bool color;
};

static void put(const struct printing *p, struct str s)
{
	term_add(p->out, s, 0);
}

static void put_colored(const struct printing *p, const char *color, const char *text)
{
	buf_printf(p->out, "%s%s%s", p->color ? color : "", text, p->color ? "\033[0m" : "");
}

static void put_outcome(const struct printing *p, enum clause_outcome outcome)
{
	static const char *const names[] = {"FALSE", "TRUE", "UNDECIDED", "not evaluated"};
	static const char *const colors[] = {"\033[31m", "\033[32m", "\033[33m", "\033[2m"};
	put_colored(p, colors[outcome], names[outcome]);
}

/* ---- clauses ---- */

static void put_place(const struct printing *p, const struct clause_place *place)
{
	if (place->text.n > 0) {
		buf_add_c(p->out, "  \"");
		put(p, place->text);
		buf_add_char(p->out, '"');
	}
	if (place->placed) {
		buf_printf(p->out, " %s %u-%u", post_field_name(place->span.field),
			place->span.start, place->span.end);
	}
	if (place->list != NULL) {
		buf_add_c(p->out, " → ");
		put(p, place->list_name);
		buf_add_char(p->out, ' ');
		if (!str_eq(place->entry_id, place->entry_name)) {
			put(p, place->entry_id);
			buf_add_char(p->out, ' ');
		}
		buf_add_char(p->out, '"');
		put(p, place->entry_name);
		buf_add_char(p->out, '"');
		if (place->line > 0) {
			buf_printf(p->out, " (line %u)", place->line);
		}
	}
}

/* One of many alternatives that did not hold and came nowhere near. */
static bool says_little(const struct clause *c, bool settled)
{
	return c->outcome == CLAUSE_FALSE && c->kids_n == 0 && (settled || c->miss.n == 0);
}

static void put_clause(
	const struct printing *p, const struct clause *c, unsigned depth, bool settled);

/* `settled`: that they do not hold did no harm. Of many, those that say little are only counted. */
static void put_kids(const struct printing *p, const struct clause *c, unsigned depth, bool settled)
{
	size_t left_out = 0;
	bool many = c->kids_n > ALTERNATIVES_SHOWN && c->q->kind == QUERY_OR;
	settled |= c->outcome == CLAUSE_TRUE || c->q->kind == QUERY_NOT;
	for (size_t i = 0; i < c->kids_n; i++) {
		if (many && says_little(&c->kids[i], settled)) {
			left_out++;
		} else {
			put_clause(p, &c->kids[i], depth + 1, settled);
		}
	}
	if (left_out > 0) {
		buf_printf(p->out, "%*s(%zu%s are ", (int)(2 * depth + 2), "", left_out,
			left_out < c->kids_n ? " others" : "");
		put_outcome(p, CLAUSE_FALSE);
		buf_add_c(p->out, ")\n");
	}
}

static void put_clause(
	const struct printing *p, const struct clause *c, unsigned depth, bool settled)
{
	struct buf left;
	buf_init(&left, 8192);
	term_add(&left, c->text, 0);
	if (c->var.n > 0) {
		buf_printf(&left, " AS $%.*s", STR_FMT(c->var));
	}
	size_t used = 2 * depth + term_columns(buf_str(&left));
	buf_printf(p->out, "%*s%s", (int)(2 * depth), "", buf_c(&left));
	buf_printf(p->out, "%*s  ", used < CLAUSE_COLUMNS ? (int)(CLAUSE_COLUMNS - used) : 0, "");
	buf_release(&left);
	put_outcome(p, c->outcome);
	for (size_t i = 0; i < c->places_n; i++) {
		put_place(p, &c->places[i]);
	}
	for (size_t i = 0; i < c->values_n; i++) {
		buf_printf(p->out, "  %.*s=\"", STR_FMT(c->values[i].name));
		put(p, c->values[i].value);
		buf_add_char(p->out, '"');
	}
	if (c->value.n > 0) {
		buf_printf(p->out, "  $%.*s = \"", STR_FMT(c->var));
		put(p, c->value);
		buf_add_char(p->out, '"');
	}
	if (c->miss.n > 0 && !settled) {
		buf_add_c(p->out, "  ");
		put(p, c->miss);
	}
	buf_add_char(p->out, '\n');
	if (c->outcome != CLAUSE_SKIPPED) {
		put_kids(p, c, depth, settled);
	}
}

/* ---- around them ---- */

static void put_strs(const struct printing *p, const struct str *v, size_t n, size_t most)
{
	for (size_t i = 0; i < n && i < most; i++) {
		buf_add_c(p->out, i > 0 ? ", " : "");
		put(p, v[i]);
	}
	if (n > most) {
		buf_printf(p->out, " and %zu more", n - most);
	}
}

static void put_anchors(const struct printing *p, const struct explanation *x)
{
	if (x->anchor_group_n == 0) {
		buf_add_c(p->out, "woken by  every post: no word of the rule is certain\n");
	} else if (x->anchors_n > 0) {
		buf_add_c(p->out, "woken by  ");
		put_strs(p, x->anchors, x->anchors_n, ANCHORS_SHOWN);
		buf_add_char(p->out, '\n');
	} else {
		buf_add_c(p->out, "woken by  nothing: the post holds none of ");
		put_strs(p, x->anchor_group, x->anchor_group_n, ANCHORS_SHOWN);
		buf_add_char(p->out, '\n');
	}
}

static struct str said_of(const struct post *post, enum scope_part part)
{
	const struct str values[] = {post->lang, str_c(post_type_name(post->type)), post->source,
		post->url,
		post->author.handle.n > 0 ? post->author.handle : post->author.display_name};
	return values[part];
}

static void put_scope(
	const struct printing *p, const struct explanation *x, const struct post *post)
{
	for (enum scope_part i = 0; i < SCOPE_PARTS; i++) {
		const struct strs *wanted = scope_part_values(x->scope, i);
		if (wanted->n == 0) {
			continue;
		}
		buf_printf(p->out, "scope     %s: ", scope_part_name(i));
		put_strs(p, wanted->v, wanted->n, ANCHORS_SHOWN);
		buf_add_c(p->out, "  ");
		put_outcome(p, x->in_scope[i] ? CLAUSE_TRUE : CLAUSE_FALSE);
		if (i == SCOPE_LANG && x->lang_passed) {
			buf_add_c(p->out, "  the language is not known: it passes");
		} else if (!x->in_scope[i]) {
			buf_add_c(p->out, "  the post says ");
			put(p, said_of(post, i).n > 0 ? said_of(post, i) : STR("nothing"));
		}
		buf_add_char(p->out, '\n');
	}
}

static void collect_spans(const struct clause *c, bool negated, struct span *spans, size_t *n)
{
	if (c->outcome == CLAUSE_SKIPPED) {
		return;
	}
	for (size_t i = 0; i < c->places_n && !negated && *n < SPANS_MAX; i++) {
		if (c->places[i].placed) {
			spans[(*n)++] = c->places[i].span;
		}
	}
	for (size_t i = 0; i < c->kids_n; i++) {
		collect_spans(&c->kids[i], negated ^ (c->q->kind == QUERY_NOT), spans, n);
	}
}

/* A clause that stands several times in a query is turned by the same change each time. */
static bool is_said(const struct explanation *x, size_t i)
{
	const struct flip *f = &x->flips[i];
	for (size_t k = 0; k < i; k++) {
		if (str_eq(x->flips[k].clause, f->clause) &&
			str_eq(x->flips[k].change, f->change)) {
			return true;
		}
	}
	return false;
}

static void put_flips(const struct printing *p, const struct explanation *x)
{
	for (size_t i = 0; i < x->flips_n; i++) {
		if (is_said(x, i)) {
			continue;
		}
		buf_add_c(p->out, x->matched ? "hangs on  " : "would match  ");
		if (x->matched) {
			put(p, x->flips[i].clause);
		} else {
			put(p, x->flips[i].change);
			if (x->flips[i].clause.n > 0) {
				buf_add_c(p->out, ": ");
				put(p, x->flips[i].clause);
			}
			buf_add_c(p->out, "  (tried)");
		}
		buf_add_char(p->out, '\n');
	}
	if (!x->matched && !x->undecided && x->flips_n == 0) {
		buf_add_c(p->out, "would match  after no single change that was tried\n");
	}
}

static void put_failure(const struct printing *p, const struct explanation *x)
{
	const struct clause *c = x->first_false;
	if (!x->scope_holds) {
		buf_add_c(p->out, "fails at  scope\n");
	}
	if (c == NULL || x->root.outcome == CLAUSE_TRUE) {
		return;
	}
	buf_add_c(p->out, "fails at  ");
	put(p, c->text);
	if (c->outcome == CLAUSE_TRUE) {
		buf_add_c(p->out, ", which the rule excludes");
	} else if (c->miss.n > 0) {
		buf_add_c(p->out, ": ");
		put(p, c->miss);
	}
	buf_add_char(p->out, '\n');
}

void explain_print_clauses(const struct explanation *x, bool color, struct buf *out)
{
	const struct printing p = {out, color};
	put_clause(&p, &x->root, 0, false);
	buf_add_char(out, '\n');
	if (!x->matched) {
		put_failure(&p, x);
	}
	put_flips(&p, x);
}

/* " = base 40 + question 15"; what does not hold is left out. */
static void put_score(const struct printing *p, const struct explanation *x)
{
	for (size_t i = 0; i < x->score_n && x->score_n > 1; i++) {
		const struct score_line *s = &x->score[i];
		if (s->holds) {
			buf_printf(p->out, "%s", i == 0 ? " = " : s->points < 0 ? " - " : " + ");
			put(p, s->name);
			buf_printf(p->out, " %d", i > 0 && s->points < 0 ? -s->points : s->points);
		}
	}
}

static void put_head(const struct printing *p, const struct explanation *x, const struct post *post)
{
	buf_add_c(p->out, "rule ");
	put(p, x->rule.id);
	buf_printf(p->out, " @ %.6s (", x->rule.hash);
	put(p, x->rule.file);
	buf_printf(p->out, ":%u)  %s\npost ", x->rule.line, x->rule.status);
	put(p, post->source);
	buf_add_char(p->out, ':');
	put(p, post->external_id);
	for (size_t i = 0; i < x->lists_n; i++) {
		buf_add_c(p->out, i == 0 ? "   lists " : ", ");
		put(p, x->lists[i]);
	}
	buf_add_char(p->out, '\n');
	put_colored(p, x->matched && !x->undecided ? "\033[1;32m" : "\033[1;31m",
		explain_outcome_name(x));
	if (x->signal != NULL) {
		buf_printf(p->out, "  score %d", x->signal->score);
		put_score(p, x);
	}
	if (x->retired) {
		buf_add_c(p->out, "  (retired: the daemon does not look at it)");
	}
	if (x->inactive) {
		struct buf missing;
		buf_init(&missing, MISSING_MAX);
		explain_missing(x, &missing);
		buf_add_c(p->out, ": ");
		put(p, buf_str(&missing));
		buf_release(&missing);
		buf_add_c(p->out, "; define it under lists: to switch the rule on");
	}
	buf_add_c(p->out, "\n\n");
}

void explain_print(const struct explanation *x, const struct post *post, size_t width, bool color,
	struct buf *out)
{
	const struct printing p = {out, color};
	struct span spans[SPANS_MAX];
	size_t n = 0;
	put_head(&p, x, post);
	if (x->inactive) {
		return;
	}
	collect_spans(&x->root, false, spans, &n);
	marks_write(post, spans, n, width > 0 ? width : 100, color, out);
	buf_add_char(out, '\n');
	put_anchors(&p, x);
	put_scope(&p, x, post);
	explain_print_clauses(x, color, out);
}
