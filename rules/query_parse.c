/* Recursive descent over the grammar of the query language. What is ambiguous is refused with the
 * place and a way out. A word that is wrong is skipped, to find what else is; after an error of
 * operators or brackets the parser gives up on this query (the file goes on). */
#include "rules/query_in.h"

#define SKIPPED_MAX 20

struct query *new_node(struct parser *p, enum query_kind kind, size_t at)
{
	struct query *q = arena_alloc(p->arena, sizeof(*q));
	if (q == NULL) {
		return parse_error(p, at, 1, "E000", NULL, "no memory to read it");
	}
	q->kind = kind;
	q->source = p->source;
	q->at = (uint32_t)at;
	q->var_index = -1;
	q->nodes = 1;
	return q;
}

bool add_kid(struct parser *p, struct query *q, struct query *kid, size_t *cap)
{
	struct query **grown = arena_grow(p->arena, q->kids, q->kids_n, cap, sizeof(*grown));
	if (grown == NULL) {
		return parse_error(p, q->at, 1, "E000", NULL, "no memory to read it") != NULL;
	}
	q->kids = grown;
	q->kids[q->kids_n++] = kid;
	q->nodes += kid->nodes;
	return true;
}

struct query *finish(struct parser *p, struct query *q)
{
	q->bytes = (uint32_t)(p->at - q->at);
	if (p->names != NULL && (q->kind == QUERY_SET || q->kind == QUERY_REF)) {
		add_kid(p, p->names, q, &p->names_cap);
	}
	return q;
}

bool deeper(struct parser *p, size_t at)
{
	if (++p->depth <= QUERY_DEPTH_MAX) {
		return true;
	}
	parse_error(p, at, 1, "E005",
		"put a part of it under define:", "nested more than %d levels deep",
		QUERY_DEPTH_MAX);
	return false;
}

static bool at_end_of_group(struct parser *p)
{
	skip_space(p);
	char c = peek(p);
	return p->failed || p->at >= p->text.n || c == ')' || (c == ',' && !p->values);
}

bool next_is(struct parser *p, const char *word)
{
	return str_eq_c(peek_run(p), word);
}

struct query *parse_brackets(struct parser *p)
{
	size_t from = p->at++;
	if (!deeper(p, from)) {
		return NULL;
	}
	struct query *q = parse_or(p);
	p->depth--;
	if (q == NULL) {
		return NULL;
	}
	skip_space(p);
	if (!take(p, ')')) {
		return parse_error(
			p, from, 1, "E001", "add the closing )", "this bracket is never closed");
	}
	q->at = (uint32_t)from;
	q->bracketed = true;
	return finish(p, q);
}

static struct query *parse_as(struct parser *p, struct query *q)
{
	size_t at = p->at;
	p->at += 2;
	skip_space(p);
	bool dollar = take(p, '$');
	struct str name = take_ident(p);
	if (!dollar || name.n == 0) {
		return parse_error(p, at, 2, "E016", "for example any:contacts AS $who",
			"a name with $ must follow AS");
	}
	if (q->var.p != NULL) {
		return parse_error(p, at, p->at - at, "E016", NULL,
			"this has a name already: $%.*s", STR_FMT(q->var));
	}
	q->var = arena_str(p->arena, name);
	return q;
}

/* Behind a word that is wrong, so that the other mistakes of the query are found too: over what is
 * left of it, and over what a field that is none was to hold. NULL: there were enough. */
static struct query *skip_word(struct parser *p, size_t at)
{
	p->failed = p->local = false;
	if (++p->skipped >= SKIPPED_MAX) {
		p->failed = true;
		return NULL;
	}
	bool field = p->at > at && p->text.p[p->at - 1] == ':';
	if (field && peek(p) == '(') {
		return parse_brackets(p);
	}
	if (field && peek(p) == '"') {
		take_quoted(p);
	}
	while (p->at < p->text.n && strchr(" \t\r\n()\"", p->text.p[p->at]) == NULL) {
		p->at++;
	}
	p->at += p->at == at; /* over a sign that is no word */
	struct query *nothing = new_node(p, QUERY_PHRASE, at);
	return nothing != NULL && !p->failed ? finish(p, nothing) : NULL;
}

static struct query *parse_prim(struct parser *p)
{
	skip_space(p);
	if (p->at >= p->text.n || peek(p) == ')') {
		return parse_error(p, p->at > 0 ? p->at - 1 : 0, 1, "E018", NULL,
			"a word or a bracket should follow here");
	}
	size_t at = p->at;
	struct query *q = peek(p) == '(' ? parse_brackets(p) : parse_atom(p);
	if (q == NULL) {
		q = p->local ? skip_word(p, at) : NULL;
	}
	if (q == NULL) {
		return NULL;
	}
	skip_space(p);
	return !p->values && next_is(p, "AS") ? parse_as(p, q) : q;
}

/* NEAR, NEAR/8, NEAR/2f, ONEAR/3. False: not next, or wrong (p->failed). */
static bool take_near(struct parser *p, struct query *near)
{
	struct str run = peek_run(p);
	size_t at = p->at, name = str_starts(run, STR("ONEAR")) ? 5 : 4;
	bool plain = str_starts(run, STR("NEAR")), ordered = str_starts(run, STR("ONEAR"));
	if ((!plain && !ordered) || (run.n > name && run.p[name] != '/')) {
		return false;
	}
	p->at += name;
	near->ordered = ordered;
	near->count = take(p, '/') ? take_int(p) : NEAR_DEFAULT;
	near->ordered |= p->at < at + run.n && take(p, 'f');
	if (near->count < 0 || near->count > NEAR_MAX || p->at != at + run.n) {
		parse_error(p, at, run.n, "E016", "for example NEAR/8",
			"NEAR takes a number of words from 0 to %d", NEAR_MAX);
		return false;
	}
	return true;
}

static struct query *parse_near(struct parser *p)
{
	struct query *left = parse_prim(p);
	unsigned chain = 0;
	while (left != NULL && !p->values) {
		struct query *near = new_node(p, QUERY_NEAR, left->at);
		size_t cap = 0;
		skip_space(p);
		if (near == NULL || !take_near(p, near)) {
			break;
		}
		if (++chain > QUERY_DEPTH_MAX / 2) {
			return parse_error(p, left->at, 4, "E005", NULL, "too many NEAR in a row");
		}
		struct query *right = parse_prim(p);
		if (right == NULL || !add_kid(p, near, left, &cap) ||
			!add_kid(p, near, right, &cap)) {
			return NULL;
		}
		left = finish(p, near);
	}
	return p->failed ? NULL : left;
}

static struct query *parse_unary(struct parser *p)
{
	skip_space(p);
	size_t at = p->at, cap = 0;
	bool word = next_is(p, "NOT"), minus = peek(p) == '-';
	if (!word && !minus) {
		return parse_near(p);
	}
	p->at += word ? 3 : 1;
	struct query *q = new_node(p, QUERY_NOT, at);
	if (q == NULL || !deeper(p, at)) {
		return NULL;
	}
	if (minus && (p->at >= p->text.n || strchr(" \t\n-", peek(p)) != NULL)) {
		return parse_error(p, at, 1, "E018", "write -word or NOT word",
			"- stands directly before what it excludes");
	}
	struct query *kid = word ? parse_unary(p) : parse_near(p);
	p->depth--;
	return kid != NULL && add_kid(p, q, kid, &cap) ? finish(p, q) : NULL;
}

/* A row of terms: those joined by AND or by nothing. */
static struct query *parse_and(struct parser *p)
{
	size_t cap = 0;
	struct query *first = parse_unary(p), *all = NULL;
	while (first != NULL && !at_end_of_group(p) && !next_is(p, "OR")) {
		if (next_is(p, "AND")) {
			p->at += 3;
		}
		struct query *next = parse_unary(p);
		if (next == NULL) {
			return NULL;
		}
		if (all == NULL) {
			all = new_node(p, QUERY_AND, first->at);
			if (all == NULL || !add_kid(p, all, first, &cap)) {
				return NULL;
			}
		}
		if (!add_kid(p, all, next, &cap)) {
			return NULL;
		}
		finish(p, all);
	}
	return p->failed ? NULL : all != NULL ? all : first;
}

/* a b, a AND b: terms side by side without brackets around them. */
static bool is_bare_row(const struct query *q)
{
	return q->kind == QUERY_AND && !q->bracketed;
}

static struct str text_of(const struct parser *p, const struct query *q)
{
	return str_trim(str_n(p->text.p + q->at, q->bytes));
}

/* "(joined OR joining) "new role"": the ORs bracketed, everything else as it was. */
static void suggest_brackets(
	const struct parser *p, const struct query * or, char *help, size_t size)
{
	struct buf b;
	buf_init(&b, size - 1);
	for (size_t g = 0; g < or->kids_n; g++) {
		const struct query *group = or->kids[g];
		bool row = is_bare_row(group);
		size_t n = row ? group->kids_n : 1;
		bool first = g == 0, last = g + 1 == or->kids_n;
		for (size_t i = 0; i < n; i++) {
			const struct query *item = row ? group->kids[i] : group;
			buf_add_c(&b, i > 0 ? " " : "");
			buf_add_c(&b, first && i + 1 == n ? "(" : "");
			buf_add_str(&b, text_of(p, item));
			buf_add_c(&b, last && i == 0 ? ")" : "");
		}
		buf_add_c(&b, last ? "" : " OR ");
	}
	snprintf(help, size, "%s", b.rc == HARK_OK ? buf_c(&b) : "put brackets around one of them");
	buf_release(&b);
}

struct query *parse_or(struct parser *p)
{
	size_t cap = 0, or_at = 0;
	struct query *first = parse_and(p), *any = NULL;
	bool mixed = first != NULL && is_bare_row(first);
	while (first != NULL && !at_end_of_group(p) && next_is(p, "OR")) {
		or_at = any == NULL ? p->at : or_at;
		p->at += 2;
		struct query *next = parse_and(p);
		if (next == NULL) {
			return NULL;
		}
		if (any == NULL) {
			any = new_node(p, QUERY_OR, first->at);
			if (any == NULL || !add_kid(p, any, first, &cap)) {
				return NULL;
			}
		}
		mixed |= is_bare_row(next);
		if (!add_kid(p, any, next, &cap)) {
			return NULL;
		}
		finish(p, any);
	}
	if (any != NULL && mixed) {
		char help[200];
		suggest_brackets(p, any, help, sizeof(help));
		return parse_error(
			p, or_at, 2, "E012", help, "OR and AND side by side need brackets");
	}
	return p->failed ? NULL : any != NULL ? any : first;
}

static bool readable(struct parser *p)
{
	if (p->source->style == YAML_DOUBLE_QUOTED || p->source->style == YAML_FOLDED ||
		(p->source->style == YAML_PLAIN && p->source->at.col_end == 0)) {
		parse_error(p, 0, 0, "E003", "write it in single quotes, or as a block after |",
			"a query cannot stand in double quotes, in a > block or on several bare "
			"lines");
		return false;
	}
	if (p->text.n > QUERY_BYTES_MAX) {
		parse_error(p, 0, 1, "E004", "use a list or a regular expression",
			"a query of more than %u KiB", QUERY_BYTES_MAX / 1024);
		return false;
	}
	/* A bare scalar ends where YAML sees a comment: "a #tag" is "a". */
	if (p->source->style == YAML_PLAIN && p->source->at.col_end > 0) {
		struct diag_at end = yaml_place(p->source, p->text.n, 0);
		struct str line = yaml_line(p->source, end.line);
		size_t from = end.byte_col > 0 ? end.byte_col - 1 : 0;
		struct str rest =
			from < line.n ? str_trim(str_n(line.p + from, line.n - from)) : STR_NONE;
		if (rest.n > 1 && rest.p[0] == '#' && rest.p[1] != ' ') {
			parse_error(p, p->text.n, 1, "E003", "put the whole query in single quotes",
				"YAML takes everything from # on for a comment");
			return false;
		}
	}
	return true;
}

struct query *query_parse(const struct yaml_node *source, struct arena *arena, struct query **names,
	struct diags *diags)
{
	struct parser p = {.source = source, .text = source->text, .arena = arena, .diags = diags};
	while (p.text.n > 0 && strchr(" \t\r\n", p.text.p[p.text.n - 1]) != NULL) {
		p.text.n--; /* a block ends with a newline */
	}
	struct query *q = NULL;
	text_init(&p.scratch);
	p.names = names != NULL ? new_node(&p, QUERY_OR, 0) : NULL;
	if (readable(&p)) {
		skip_space(&p);
		if (p.at >= p.text.n && !p.failed) {
			parse_error(&p, 0, 1, "E020", NULL, "this query is empty");
		} else if (!p.failed) {
			q = parse_or(&p);
		}
	}
	if (q != NULL && !p.failed && p.at < p.text.n) {
		parse_error(&p, p.at, 1, "E001",
			peek(&p) == ')' ? "take it away, or open it"
					: "leave it away, or put the text in quotation marks",
			peek(&p) == ')' ? "this bracket was never opened"
					: "a comma stands only inside MIN/n ( … )");
	}
	if (p.scratch.starved && !p.failed) {
		parse_error(&p, 0, 0, "E000", NULL, "no memory to read it");
	}
	text_release(&p.scratch);
	if (q != NULL) {
		q->commented = p.commented;
	}
	bool broken = p.failed || p.skipped > 0;
	if (names != NULL) {
		*names = broken && p.names != NULL && p.names->kids_n > 0 ? p.names : NULL;
	}
	return broken ? NULL : q;
}

void query_report(const struct query *q, enum diag_level level, struct diags *diags,
	const char *code, const char *help, const char *fmt, ...)
{
	char message[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	struct diag_at at = yaml_place(q->source, q->at, q->bytes);
	diags_add(diags, level, code, at, yaml_line(q->source, at.line), help, "%s", message);
}
