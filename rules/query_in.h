/* What the files of the query reader share among themselves. */
#ifndef HARK_RULES_QUERY_IN_H
#define HARK_RULES_QUERY_IN_H

#include "rules/query.h"

struct parser {
	const struct yaml_node *source;
	struct str text;
	size_t at;
	struct arena *arena;
	struct diags *diags;
	struct text scratch; /* to fold words */
	struct query *names; /* lists and definitions met, or NULL */
	size_t names_cap;
	unsigned depth;
	bool failed;
	bool local;       /* the failure is that of one word: what follows can be read */
	unsigned skipped; /* words with an error that were left out */
	bool commented;
	bool in_field;
	bool values; /* inside a field that holds values */
	enum query_field field;
};

/* query_scan.c: characters. */

/* `n` bytes from `at` are wrong; returns NULL for `return parse_error(…)`. */
void *parse_error(struct parser *p, size_t at, size_t n, const char *code, const char *help,
	const char *fmt, ...) __attribute__((format(printf, 6, 7)));
void parse_warning(struct parser *p, size_t at, size_t n, const char *code, const char *help,
	const char *message);
/* Over white space and comments. */
void skip_space(struct parser *p);
/* The byte at the place, or 0 at the end. */
char peek(const struct parser *p);
/* Takes `c` if it is next (no space before it). */
bool take(struct parser *p, char c);
/* The run of bytes from here that could be a word, an operator or a field, not taken. */
struct str peek_run(const struct parser *p);
/* The content of "…" from the opening quotation mark on; absent after an error. */
struct str take_quoted(struct parser *p);
/* Decimal digits; -1 if there are none or too many. */
int64_t take_int(struct parser *p);
/* Digits, - before and one . among them; false if that is none or infinite. */
bool take_number(struct parser *p, double *out);
bool take_op(struct parser *p, enum query_op *out);
/* Letters, digits, - and _; empty if there are none. */
struct str take_ident(struct parser *p);
bool is_operator(struct str run);

/* query_words.c: the text of a word or phrase into parts; false after an error. */
bool add_words(struct parser *p, struct query *q, size_t at, struct str text, bool phrase);

/* query_slot.c: <name:TYPE> and any:LIST inside quotation marks. p->at stands at its first byte and
 * is moved behind it; false after an error. */
bool add_slot(struct parser *p, struct query *q);
bool add_set(struct parser *p, struct query *q);

struct query_part *new_part(struct parser *p, struct query *q, enum part_kind kind);

/* query_parse.c: operators and brackets. NULL or false: an error has been reported. */
struct query *new_node(struct parser *p, enum query_kind kind, size_t at);
/* The node ends here. */
struct query *finish(struct parser *p, struct query *q);
bool add_kid(struct parser *p, struct query *q, struct query *kid, size_t *cap);
/* One level more; whoever succeeds takes it back with p->depth--. */
bool deeper(struct parser *p, size_t at);
bool next_is(struct parser *p, const char *word);
struct query *parse_or(struct parser *p);
/* "( … )", the bracket being next. */
struct query *parse_brackets(struct parser *p);

/* query_atom.c */
struct query *parse_atom(struct parser *p);
/* LIST and its conditions; `any:` or `all:` at `at` has been taken. */
struct query *parse_set(struct parser *p, bool all, size_t at);
struct query *misplaced(struct parser *p, size_t at, struct str run);

/* query_field.c */
struct query *parse_field(struct parser *p, size_t at, enum query_field field);
/* NUMFIELD OP NUMBER or NUMFIELD:LOW..HIGH; the name has been taken. */
struct query *parse_comparison(struct parser *p, size_t at, enum query_number number);
/* What stands behind site:, lang:, tag: and so on. */
struct query *parse_value(struct parser *p, size_t at);
struct query *unknown_field(struct parser *p, size_t at, struct str run);

/* query_names.c */
bool field_parse(struct str name, enum query_field *out);
bool number_parse(struct str name, enum query_number *out);
const char *field_near(struct str name);
bool value_known(enum query_field field, struct str value, const char **near);

#endif
