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
	unsigned depth;
	bool failed;
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
bool take_number(struct parser *p, double *out);
bool take_op(struct parser *p, enum query_op *out);
/* Letters, digits, - and _; empty if there are none. */
struct str take_ident(struct parser *p);
bool is_operator(struct str run);

/* query_words.c: the text of a word or phrase into parts. */
bool add_words(struct parser *p, struct query *q, size_t at, struct str text, bool phrase);

struct query *new_node(struct parser *p, enum query_kind kind, size_t at);
struct query *parse_set(struct parser *p, bool all, size_t at);
struct query_part *new_part(struct parser *p, struct query *q, enum part_kind kind);

/* query_names.c */
bool field_parse(struct str name, enum query_field *out);
bool number_parse(struct str name, enum query_number *out);
const char *field_near(struct str name);
bool value_known(enum query_field field, struct str value, const char **near);

#endif
