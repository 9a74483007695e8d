/* The atoms of a query: words, phrases, tags, sets, patterns, references, counts. */
#include "rules/query_in.h"

#include "rules/fold.h"

static bool parse_attr_test(struct parser *p, struct query *q, size_t *cap)
{
	struct attr_test *grown = arena_grow(p->arena, q->tests, q->tests_n, cap, sizeof(*grown));
	struct attr_test test = {.op = OP_EQ};
	skip_space(p);
	size_t from = p->at;
	test.attr = take_ident(p);
	skip_space(p);
	if (grown == NULL || test.attr.n == 0 || !take_op(p, &test.op)) {
		parse_error(p, from, 1, "E016", "for example any:customers[tier=gold]",
			"a condition is a column, a comparison and a value");
		return false;
	}
	skip_space(p);
	bool quoted = peek(p) == '"';
	test.value = quoted ? take_quoted(p) : peek_run(p);
	p->at += quoted ? 0 : test.value.n;
	if (test.value.n == 0) {
		parse_error(p, from, p->at - from, "E016", "for example any:customers[tier=gold]",
			"a condition needs a value");
		return false;
	}
	q->tests = grown;
	q->tests[q->tests_n++] = test;
	return true;
}

struct query *parse_set(struct parser *p, bool all, size_t at)
{
	size_t cap = 0, name_at = p->at;
	struct query *q = new_node(p, QUERY_SET, at);
	struct str name = take_ident(p);
	if (q == NULL) {
		return NULL;
	}
	if (name.n == 0) {
		return parse_error(p, name_at, 1, "E016", "for example any:customers",
			"the name of a list must follow");
	}
	q->list = arena_str(p->arena, name);
	q->all = all;
	if (take(p, '[')) {
		do {
			if (!parse_attr_test(p, q, &cap)) {
				return NULL;
			}
			skip_space(p);
		} while (take(p, ','));
		if (!take(p, ']')) {
			return parse_error(p, at, p->at - at, "E001", "add the closing ]",
				"this bracket is never closed");
		}
	}
	return finish(p, q);
}

static struct query *parse_phrase(struct parser *p, size_t at)
{
	struct query *q = new_node(p, QUERY_PHRASE, at);
	size_t inner = p->at + 1;
	struct str text = take_quoted(p);
	if (q == NULL || text.p == NULL || !add_words(p, q, inner, text, true)) {
		return NULL;
	}
	bool anchor = false;
	for (size_t i = 0; i < q->parts_n; i++) {
		const struct query_part *part = &q->parts[i];
		anchor |= part->kind == PART_SLOT ? part->set != NULL : part->kind != PART_ANY;
	}
	if (!anchor) {
		return parse_error(p, at, p->at - at, "E020", NULL,
			"there is no word between these quotation marks");
	}
	size_t most = q->slots ? SLOT_PHRASE_PARTS_MAX : PHRASE_WORDS_MAX;
	if (q->parts_n > most) {
		return parse_error(p, at, p->at - at, "E004", NULL,
			"a phrase%s has at most %zu words", q->slots ? " with slots or lists" : "",
			most);
	}
	return finish(p, q);
}

static struct query *parse_raw(struct parser *p, size_t at)
{
	struct query *q = new_node(p, QUERY_RAW, at);
	if (q == NULL) {
		return NULL;
	}
	if (peek(p) != '"') {
		return parse_error(p, at, p->at - at, "E016", "for example raw:\"C++\"",
			"quotation marks must follow raw:");
	}
	struct str text = take_quoted(p);
	if (text.p == NULL) {
		return NULL;
	}
	if (str_trim(text).n == 0) {
		return parse_error(p, at, p->at - at, "E020", NULL,
			"there is nothing between these quotation marks");
	}
	q->text = arena_str(p->arena, text);
	return finish(p, q);
}

static struct query *parse_regex(struct parser *p, size_t at)
{
	struct query *q = new_node(p, QUERY_REGEX, at);
	if (q == NULL || !take(p, '/')) {
		return parse_error(p, at, p->at - at, "E016",
			"for example re:/\\binvoice\\b \\d+/i",
			"a pattern between slashes must follow re:");
	}
	size_t from = p->at;
	while (p->at < p->text.n && p->text.p[p->at] != '/') {
		p->at += p->text.p[p->at] == '\\' && p->at + 1 < p->text.n ? 2 : 1;
	}
	q->text = arena_str(p->arena, str_n(p->text.p + from, p->at - from));
	if (!take(p, '/')) {
		return parse_error(p, at, 4, "E002",
			"end it with / (and write \\/ for a slash inside)",
			"a pattern is never closed");
	}
	q->ignore_case = take(p, 'i');
	return finish(p, q);
}

static char first_odd(struct str run)
{
	const char *end = run.p + run.n;
	for (const char *c = run.p; c < end;) {
		uint32_t cp;
		const char *at = c;
		c += fold_decode(c, end, &cp);
		enum char_class kind = fold_class(cp);
		bool fine = kind != CHAR_BREAK && kind != CHAR_HARD && kind != CHAR_HASH &&
			    kind != CHAR_AT && kind != CHAR_DOLLAR;
		if (!fine && strchr("-*?", *at) == NULL && (unsigned char)*at < 0x80) {
			return *at;
		}
	}
	return '\0';
}

static struct query *odd_character(struct parser *p, size_t at, struct str run, char c)
{
	char help[160];
	snprintf(help, sizeof(help),
		"put it in quotation marks, or raw:\"%.*s\" to have it exactly so",
		(int)(run.n < 80 ? run.n : 80), run.p);
	return parse_error(p, at, run.n > 0 ? run.n : 1, "E017", help,
		"the character %c cannot stand in a word", c);
}

/* A bare word, also #tag, @handle, $CASH and emoji. */
static struct query *parse_word(struct parser *p, size_t at)
{
	struct str run = peek_run(p);
	char sign = run.n > 1 && (run.p[0] == '@' || run.p[0] == '$') ? run.p[0] : '\0';
	char odd = first_odd(sign != '\0' ? str_n(run.p + 1, run.n - 1) : run);
	bool handle_host = sign == '@' && odd == '@';
	if (odd != '\0' && !handle_host) {
		return odd_character(p, at, run, odd);
	}
	struct query *q = new_node(p, QUERY_PHRASE, at);
	if (q == NULL || !add_words(p, q, at, run, false)) {
		return NULL;
	}
	enum token_kind want = sign == '@' ? TOKEN_HANDLE : TOKEN_CASHTAG;
	if (q->parts_n == 0 || q->parts[0].kind == PART_ANY ||
		(sign != '\0' && (q->parts_n != 1 || q->parts[0].token != want))) {
		return parse_error(
			p, at, run.n, "E017", NULL, "this is no word, handle or cashtag");
	}
	p->at += run.n;
	return finish(p, q);
}

static struct query *parse_tag(struct parser *p, size_t at)
{
	struct query *q = new_node(p, QUERY_TAG, at);
	struct str run = peek_run(p);
	text_reset(&p->scratch);
	text_add(&p->scratch, TEXT_TEXT, run);
	if (q == NULL) {
		return NULL;
	}
	if (p->scratch.tags_n != 1 || p->scratch.tags[0].token.end != run.n) {
		return parse_error(p, at, run.n, "E017", "a tag is # and letters, digits or _",
			"this is no tag");
	}
	struct query_part *part = new_part(p, q, PART_TOKEN);
	if (part == NULL) {
		return NULL;
	}
	part->token = TOKEN_TAG;
	part->folded = arena_str(p->arena, text_token(&p->scratch, &p->scratch.tags[0].token));
	part->written = arena_str(p->arena, run);
	part->hash = token_hash(TOKEN_TAG, part->folded);
	p->at += run.n;
	return finish(p, q);
}

static struct query *parse_ref(struct parser *p, size_t at)
{
	struct query *q = new_node(p, QUERY_REF, at);
	p->at++;
	struct str name = take_ident(p);
	if (q == NULL) {
		return NULL;
	}
	if (name.n == 0) {
		return parse_error(p, at, 1, "E016",
			"for example &leaving, or quotation marks around the text",
			"the name of an entry of define: must follow &");
	}
	q->text = arena_str(p->arena, name);
	return finish(p, q);
}

struct query *misplaced(struct parser *p, size_t at, struct str run)
{
	return parse_error(p, at, run.n, "E018",
		"write it in small letters or in quotation marks to search for the word",
		"the operator %.*s stands where a word should be", STR_FMT(run));
}

/* `run` is followed by a colon. */
static struct query *parse_named(struct parser *p, size_t at, struct str run)
{
	enum query_field field;
	enum query_number number;
	if (number_parse(run, &number)) {
		p->at += run.n;
		return parse_comparison(p, at, number);
	}
	p->at += run.n + 1;
	if (str_eq_c(run, "any") || str_eq_c(run, "all")) {
		return parse_set(p, run.p[1] == 'l', at);
	}
	if (str_eq_c(run, "raw")) {
		return parse_raw(p, at);
	}
	if (str_eq_c(run, "re")) {
		return parse_regex(p, at);
	}
	if (str_eq_c(run, "case")) {
		struct query *q = peek(p) == '"' ? parse_phrase(p, at) : parse_word(p, p->at);
		if (q != NULL) {
			q->cased = true;
			q->at = (uint32_t)at;
			finish(p, q);
		}
		return q;
	}
	return field_parse(run, &field) ? parse_field(p, at, field) : unknown_field(p, at, run);
}

/* "NOT_" and its like: in capitals and almost an operator. */
static bool almost_operator(struct str run, const char **meant)
{
	static const char *const names[] = {"AND", "OR", "NOT", "NEAR", "ONEAR"};
	struct str bare = run;
	while (bare.n > 0 && (bare.p[bare.n - 1] == '_' || bare.p[bare.n - 1] == '.' ||
				     bare.p[bare.n - 1] == '/' ||
				     (bare.p[bare.n - 1] >= '0' && bare.p[bare.n - 1] <= '9'))) {
		bare.n--;
	}
	while (bare.n > 0 && bare.p[0] == '_') {
		bare = str_n(bare.p + 1, bare.n - 1);
	}
	for (size_t i = 0; i < 5 && bare.n < run.n; i++) {
		if (str_eq_c(bare, names[i])) {
			*meant = names[i];
			return true;
		}
	}
	return false;
}

/* A comparison follows the run; <to:ORG> is none. */
static bool compared(struct parser *p, struct str run)
{
	size_t back = p->at;
	p->at += run.n;
	skip_space(p);
	char c = peek(p), next = p->at + 1 < p->text.n ? p->text.p[p->at + 1] : '\0';
	bool letter = (next >= 'a' && next <= 'z') || (next >= 'A' && next <= 'Z');
	bool op = (c == '<' && !letter) || c == '>' || c == '=' || (c == '!' && next == '=');
	p->at = back;
	return op;
}

/* "folowers > 5": the comparison goes with its name. */
static struct query *compared_unknown(struct parser *p, size_t at, struct str run)
{
	enum query_op op;
	skip_space(p);
	take_op(p, &op);
	skip_space(p);
	p->at += peek_run(p).n;
	return unknown_field(p, at, run);
}

static struct query *parse_run(struct parser *p, size_t at)
{
	struct str run = peek_run(p);
	const char *meant = NULL;
	enum query_number number;
	char after = p->at + run.n < p->text.n ? p->text.p[p->at + run.n] : '\0';
	if (run.n == 0) {
		return odd_character(p, at, STR("…"), peek(p));
	}
	if (after == ':') {
		return parse_named(p, at, run);
	}
	if (is_operator(run)) {
		return misplaced(p, at, run);
	}
	if (almost_operator(run, &meant)) {
		char help[60];
		snprintf(help, sizeof(help), "did you mean the operator %s?", meant);
		return parse_error(p, at, run.n, "E030", help,
			"no watchlist, define or field called \"%.*s\"", STR_FMT(run));
	}
	if (compared(p, run)) {
		bool known = number_parse(run, &number);
		p->at += run.n;
		return known ? parse_comparison(p, at, number) : compared_unknown(p, at, run);
	}
	if (str_eq_c(run, "and") || str_eq_c(run, "or") || str_eq_c(run, "not")) {
		parse_warning(p, at, run.n, "W013", "operators are written in capitals",
			"this is searched for as a word");
	}
	return parse_word(p, at);
}

/* ATLEAST/3 ( … ) and MIN/2 ( …, … ). */
static struct query *parse_counted(struct parser *p, size_t at, bool pick)
{
	struct query *q = new_node(p, pick ? QUERY_PICK : QUERY_COUNT, at);
	size_t cap = 0;
	p->at += pick ? 3 : 7;
	if (q == NULL || !deeper(p, at)) {
		return NULL;
	}
	q->count = take(p, '/') ? take_int(p) : -1;
	skip_space(p);
	if (q->count < 1 || q->count > 10000 || !take(p, '(')) {
		return parse_error(p, at, p->at - at, "E016",
			pick ? "for example MIN/2 (price, demo, trial)"
			     : "for example ATLEAST/3 (crash)",
			"a number from 1 and brackets must follow");
	}
	do {
		struct query *kid = parse_or(p);
		if (kid == NULL || !add_kid(p, q, kid, &cap)) {
			return NULL;
		}
		skip_space(p);
	} while (pick && take(p, ','));
	p->depth--;
	if (!take(p, ')')) {
		return parse_error(p, at, p->at - at, "E001", "add the closing )",
			"this bracket is never closed");
	}
	if (pick && q->count > (int64_t)q->kids_n) {
		return parse_error(p, at, p->at - at, "E061", NULL, "%lld of %zu can never hold",
			(long long)q->count, q->kids_n);
	}
	return finish(p, q);
}

struct query *parse_atom(struct parser *p)
{
	size_t at = p->at;
	struct str run = peek_run(p);
	if (p->values) {
		return parse_value(p, at);
	}
	switch (peek(p)) {
	case '"':
		return parse_phrase(p, at);
	case '#':
		return parse_tag(p, at);
	case '&':
		return parse_ref(p, at);
	case '<':
		return parse_error(p, at, 1, "E016", "for example \"joining <to:ORG>\"",
			"a slot stands inside quotation marks");
	default:
		break;
	}
	if (str_eq_c(run, "ATLEAST") || str_starts(run, STR("ATLEAST/"))) {
		return parse_counted(p, at, false);
	}
	if (str_eq_c(run, "MIN") || str_starts(run, STR("MIN/"))) {
		return parse_counted(p, at, true);
	}
	return parse_run(p, at);
}
