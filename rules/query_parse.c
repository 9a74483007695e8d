/* Recursive descent over the grammar of the query language. What is ambiguous is refused with the
 * place and a way out; after an error the parser gives up on this query (the file goes on). */
#include "rules/query_in.h"

#include "rules/fold.h"

static struct query *parse_or(struct parser *p);
static struct query *parse_atom(struct parser *p);

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

static struct query *finish(struct parser *p, struct query *q)
{
	q->bytes = (uint32_t)(p->at - q->at);
	return q;
}

static bool add_kid(struct parser *p, struct query *q, struct query *kid, size_t *cap)
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

static bool deeper(struct parser *p, size_t at)
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

static bool next_is(struct parser *p, const char *word)
{
	return str_eq_c(peek_run(p), word);
}

/* "( … )", the bracket being next. */
static struct query *parse_brackets(struct parser *p)
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

/* LIST and its conditions; `any:` or `all:` at `at` has been taken. */
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
		anchor |= q->parts[i].kind != PART_ANY && q->parts[i].kind != PART_SLOT;
	}
	if (!anchor) {
		return parse_error(p, at, p->at - at, "E020", NULL,
			"there is no word between these quotation marks");
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
		return parse_error(p, at, p->at - at, "E016", "for example re:/\\binvoice\\b \\d+/i",
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

static struct query *parse_field(struct parser *p, size_t at, enum query_field field)
{
	struct query *q = new_node(p, QUERY_FIELD, at);
	bool values = p->values;
	enum query_field outer = p->field;
	size_t cap = 0;
	if (q == NULL || !deeper(p, at)) {
		return NULL;
	}
	if (p->in_field) {
		return parse_error(p, at, p->at - at, "E019", NULL,
			"a field cannot stand inside another field");
	}
	p->in_field = true;
	q->field = p->field = field;
	p->values = field >= QUERY_FIRST_VALUE_FIELD;
	skip_space(p);
	struct query *kid = NULL;
	if (peek(p) == '(') {
		kid = parse_brackets(p);
	} else if (p->at < p->text.n) {
		kid = parse_atom(p);
	} else {
		parse_error(p, at, p->at - at, "E016", NULL, "something to look for must follow");
	}
	p->in_field = false;
	p->values = values;
	p->field = outer;
	p->depth--;
	if (kid == NULL || !add_kid(p, q, kid, &cap)) {
		return NULL;
	}
	return finish(p, q);
}

/* NUMFIELD OP NUMBER or NUMFIELD:LOW..HIGH; the name has been taken. */
static struct query *parse_comparison(struct parser *p, size_t at, enum query_number number)
{
	struct query *q = new_node(p, QUERY_NUMBER, at);
	bool ok;
	if (q == NULL) {
		return NULL;
	}
	q->number = number;
	skip_space(p);
	if (take(p, ':')) {
		q->op = OP_RANGE;
		skip_space(p);
		ok = take_number(p, &q->low) && take(p, '.') && take(p, '.') &&
		     take_number(p, &q->high);
	} else {
		ok = take_op(p, &q->op);
		skip_space(p);
		ok = ok && take_number(p, &q->low);
	}
	if (!ok || (peek(p) != '\0' && strchr(" \t\r\n)],", peek(p)) == NULL)) {
		return parse_error(p, at, p->at - at, "E016",
			"for example followers > 5000, or followers:100..5000",
			"a number must follow %s", query_number_name(number));
	}
	return finish(p, q);
}

static struct query *misplaced(struct parser *p, size_t at, struct str run)
{
	return parse_error(p, at, run.n, "E018",
		"write it in small letters or in quotation marks to search for the word",
		"the operator %.*s stands where a word should be", STR_FMT(run));
}

static struct query *unknown_field(struct parser *p, size_t at, struct str run)
{
	char help[120] = "put it in quotation marks to search for the text";
	const char *near = field_near(run);
	if (near != NULL) {
		snprintf(help, sizeof(help), "did you mean %s:?", near);
	}
	return parse_error(p, at, run.n, "E010", help, "there is no field called \"%.*s\"",
		(int)(run.n < 60 ? run.n : 60), run.p);
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

/* A comparison follows the run. */
static bool compared(struct parser *p, struct str run)
{
	size_t back = p->at;
	p->at += run.n;
	skip_space(p);
	char c = peek(p);
	bool op = c == '<' || c == '>' || c == '=' ||
		  (c == '!' && p->at + 1 < p->text.n && p->text.p[p->at + 1] == '=');
	p->at = back;
	return op;
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
		p->at += known ? run.n : 0;
		return known ? parse_comparison(p, at, number) : unknown_field(p, at, run);
	}
	if (str_eq_c(run, "and") || str_eq_c(run, "or") || str_eq_c(run, "not")) {
		parse_warning(p, at, run.n, "W013", "operators are written in capitals",
			"this is searched for as a word");
	}
	return parse_word(p, at);
}

static bool check_value(struct parser *p, const struct query *q, size_t at)
{
	const char *near;
	if (value_known(p->field, q->text, &near)) {
		return true;
	}
	char help[80];
	snprintf(help, sizeof(help), "did you mean %s?", near);
	parse_error(p, at, p->at - at, "E013", help, "%s: has no value \"%.*s\"",
		query_field_name(p->field), (int)(q->text.n < 60 ? q->text.n : 60), q->text.p);
	return false;
}

/* What stands behind site:, lang:, tag: and so on. */
static struct query *parse_value(struct parser *p, size_t at)
{
	bool quoted = peek(p) == '"';
	struct str text = quoted ? STR_NONE : peek_run(p);
	bool any = str_starts(text, STR("any:"));
	if (any || str_starts(text, STR("all:"))) {
		if (!any || (p->field != QUERY_SITE && p->field != QUERY_LINK &&
				    p->field != QUERY_MENTION && p->field != QUERY_URL)) {
			return parse_error(p, at, 4, "E016",
				"any: works in site:, link:, url: and mention:",
				"a list cannot stand here");
		}
		p->values = false;
		p->at += 4;
		struct query *set = parse_set(p, false, at);
		p->values = true;
		return set;
	}
	if (!quoted && is_operator(text)) {
		return misplaced(p, at, text);
	}
	struct query *q = new_node(p, QUERY_VALUE, at);
	text = quoted ? take_quoted(p) : text;
	p->at += quoted ? 0 : text.n;
	if (q == NULL || text.p == NULL) {
		return NULL;
	}
	char sign = p->field == QUERY_TAGS ? '#' : p->field == QUERY_MENTION ? '@' : '\0';
	text = str_trim(text);
	if (sign != '\0' && text.n > 0 && text.p[0] == sign) {
		text = str_n(text.p + 1, text.n - 1);
	}
	if (text.n == 0) {
		return parse_error(p, at, 1, "E016", NULL,
			"a value must follow %s:", query_field_name(p->field));
	}
	q->field = p->field;
	q->text = arena_str(p->arena, text);
	if (sign != '\0') {
		text_reset(&p->scratch);
		text_open(&p->scratch, TEXT_TAGS);
		(sign == '#' ? text_add_tag : text_add_handle)(&p->scratch, text);
		q->hash = sign == '#' ? p->scratch.tags[0].hash : p->scratch.hash[0];
	}
	return check_value(p, q, at) ? finish(p, q) : NULL;
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

static struct query *parse_atom(struct parser *p)
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

static struct query *parse_prim(struct parser *p)
{
	skip_space(p);
	if (p->at >= p->text.n || peek(p) == ')') {
		return parse_error(p, p->at > 0 ? p->at - 1 : 0, 1, "E018", NULL,
			"a word or a bracket should follow here");
	}
	struct query *q = peek(p) == '(' ? parse_brackets(p) : parse_atom(p);
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

static struct query *parse_or(struct parser *p)
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

struct query *query_parse(const struct yaml_node *source, struct arena *arena, struct diags *diags)
{
	struct parser p = {.source = source, .text = source->text, .arena = arena, .diags = diags};
	while (p.text.n > 0 && strchr(" \t\r\n", p.text.p[p.text.n - 1]) != NULL) {
		p.text.n--; /* a block ends with a newline */
	}
	struct query *q = NULL;
	text_init(&p.scratch);
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
			peek(&p) == ')' ? "take it away, or open it" : NULL,
			peek(&p) == ')' ? "this bracket was never opened"
					: "a comma stands only inside MIN/n ( … )");
	}
	if (p.scratch.starved && !p.failed) {
		parse_error(&p, 0, 0, "E000", NULL, "no memory to read it");
	}
	text_release(&p.scratch);
	return p.failed ? NULL : q;
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
