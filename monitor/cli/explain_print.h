/* An explanation for people. */
#ifndef HARK_CLI_EXPLAIN_PRINT_H
#define HARK_CLI_EXPLAIN_PRINT_H

#include "monitor/api/explain_view.h"
#include "rules/explain.h"

/* `width`: columns, 0: no terminal. */
void explain_print(const struct explanation *x, const struct post *post, size_t width, bool color,
	struct buf *out);
/* Clauses and what follows, without the rule and the post. */
void explain_print_clauses(const struct explanation *x, bool color, struct buf *out);

#endif
