/* The characters of a query: space, comments, runs, quotes, numbers, and errors with their place. */
#include "rules/query_in.h"

#include <math.h>
#include <stdlib.h>

static void report(struct parser *p, enum diag_level level, size_t at, size_t n, const char *code,
	const char *help, const char *message)
{
	struct diag_at place = yaml_place(p->source, at, n);
	diags_add(p->diags, level, code, place, yaml_line(p->source, place.line), help, "%s",
		message);
}

/* Errors of one word, phrase or field, which say nothing about what follows. */
static bool is_local(const char *code)
{
	static const char *const codes[] = {
		"E010", "E013", "E014", "E015", "E017", "E020", "E030", "E036"};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (strcmp(code, codes[i]) == 0) {
			return true;
		}
	}
	return false;
}

void *parse_error(struct parser *p, size_t at, size_t n, const char *code, const char *help,
	const char *fmt, ...)
{
	char message[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (!p->failed) { /* the rest follows from the first */
		report(p, DIAG_ERROR, at, n, code, help, message);
		p->local = is_local(code);
	}
	p->failed = true;
	return NULL;
}

void parse_warning(struct parser *p, size_t at, size_t n, const char *code, const char *help,
	const char *message)
{
	report(p, DIAG_WARNING, at, n, code, help, message);
}

char peek(const struct parser *p)
{
	return p->at < p->text.n ? p->text.p[p->at] : '\0';
}

bool take(struct parser *p, char c)
{
	if (p->at < p->text.n && p->text.p[p->at] == c) {
		p->at++;
		return true;
	}
	return false;
}

static bool starts(const struct parser *p, const char *what)
{
	return str_starts(str_n(p->text.p + p->at, p->text.n - p->at), str_c(what));
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_comment(struct parser *p)
{
	size_t from = p->at;
	p->commented = true;
	if (starts(p, "//")) {
		while (p->at < p->text.n && p->text.p[p->at] != '\n') {
			p->at++;
		}
		return;
	}
	p->at += 2;
	while (p->at < p->text.n && !starts(p, "*/")) {
		p->at++;
	}
	if (p->at >= p->text.n) {
		parse_error(p, from, 2, "E002", "end it with */", "a comment is never closed");
		return;
	}
	p->at += 2;
}

void skip_space(struct parser *p)
{
	while (p->at < p->text.n) {
		if (is_space(p->text.p[p->at])) {
			p->at++;
		} else if (starts(p, "//") || starts(p, "/*")) {
			skip_comment(p);
		} else {
			break;
		}
	}
}

struct str peek_run(const struct parser *p)
{
	size_t i = p->at;
	/* A value may hold what otherwise ends a word: site:news.example.com, url:a.example/b,c */
	const char *stop = p->values ? "()\"" : "()\",[]<>=:!";
	while (i < p->text.n && !is_space(p->text.p[i]) &&
		(p->text.p[i] == '\0' || strchr(stop, p->text.p[i]) == NULL)) {
		i++;
	}
	while (p->values && i > p->at && p->text.p[i - 1] == ',') {
		i--; /* MIN/2 (source:news, pricing): the last one parts */
	}
	return str_n(p->text.p + p->at, i - p->at);
}

struct str take_quoted(struct parser *p)
{
	size_t from = p->at++;
	size_t start = p->at;
	while (p->at < p->text.n && p->text.p[p->at] != '"') {
		p->at++;
	}
	if (p->at >= p->text.n) {
		parse_error(p, from, 1, "E002", "add the closing \"",
			"a quotation mark is never closed");
		return STR_NONE;
	}
	return str_n(p->text.p + start, p->at++ - start);
}

int64_t take_int(struct parser *p)
{
	int64_t value = 0;
	size_t from = p->at;
	while (p->at < p->text.n && p->text.p[p->at] >= '0' && p->text.p[p->at] <= '9') {
		value = value * 10 + (p->text.p[p->at++] - '0');
		if (p->at - from > 9) {
			return -1;
		}
	}
	return p->at > from ? value : -1;
}

bool take_number(struct parser *p, double *out)
{
	char digits[NUMBER_TEXT_MAX];
	size_t n = 0;
	while (p->at < p->text.n && n < sizeof(digits) - 1) {
		char c = p->text.p[p->at];
		bool range = c == '.' && starts(p, "..");
		if (range || !((c >= '0' && c <= '9') || c == '.' || (c == '-' && n == 0))) {
			break;
		}
		digits[n++] = c;
		p->at++;
	}
	digits[n] = '\0';
	char *end = digits;
	*out = strtod(digits, &end);
	return n > 0 && *end == '\0' && digits[n - 1] != '-' && isfinite(*out);
}

bool take_op(struct parser *p, enum query_op *out)
{
	static const struct {
		const char *text;
		enum query_op op;
	} known[] = {{"!=", OP_NE}, {"<=", OP_LE}, {">=", OP_GE}, {"==", OP_EQ}, {"=", OP_EQ},
		{"<", OP_LT}, {">", OP_GT}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (starts(p, known[i].text)) {
			p->at += strlen(known[i].text);
			*out = known[i].op;
			return true;
		}
	}
	return false;
}

struct str take_ident(struct parser *p)
{
	size_t from = p->at;
	while (p->at < p->text.n) {
		char c = p->text.p[p->at];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '_' || c == '-')) {
			break;
		}
		p->at++;
	}
	return str_n(p->text.p + from, p->at - from);
}

static bool operator_is(struct str run, const char *name)
{
	struct str bare = str_c(name);
	return str_starts(run, bare) && (run.n == bare.n || run.p[bare.n] == '/');
}

bool is_operator(struct str run)
{
	return str_eq_c(run, "AND") || str_eq_c(run, "OR") || str_eq_c(run, "NOT") ||
	       str_eq_c(run, "AS") || operator_is(run, "NEAR") || operator_is(run, "ONEAR") ||
	       operator_is(run, "ATLEAST") || operator_is(run, "MIN");
}
