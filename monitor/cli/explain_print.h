/* An explanation for people and for programs. */
#ifndef HARK_CLI_EXPLAIN_PRINT_H
#define HARK_CLI_EXPLAIN_PRINT_H

#include "monitor/base/jsonout.h"
#include "rules/explain.h"

/* `width`: columns, 0: no terminal. */
void explain_print(const struct explanation *x, const struct post *post, size_t width, bool color,
	struct buf *out);
/* Clauses and what follows, without the rule and the post. */
void explain_print_clauses(const struct explanation *x, bool color, struct buf *out);
/* One object. */
void explain_json(const struct explanation *x, const struct post *post, struct jsonout *j);
/* "there is no list called products", of an inactive rule. */
void explain_missing(const struct explanation *x, struct buf *out);
const char *explain_outcome_name(const struct explanation *x); /* "match", "no match", … */
const char *clause_outcome_name(enum clause_outcome outcome);  /* "true", "not evaluated", … */

#endif
