/* Lines of a card, and rows as JSON, on standard output. Text of strangers comes without what a terminal would obey. */
#ifndef HARK_CLI_PRINT_H
#define HARK_CLI_PRINT_H

#include "monitor/base/jsonout.h"

void print_clean(struct str s);
/* At least so many columns wide, as a terminal counts them. */
void print_padded(struct str s, size_t columns);
/* Each of its lines behind `indent`, the last one without a newline. */
void print_indented(const char *indent, struct str text);
/* "name       value"; nothing where there is none. */
void print_field(const char *name, struct str value);
void print_time(const char *name, int64_t at_ms);

/* A JSON array on one line, of any length: `one` writes the i-th of the `n` rows of `v`. */
void print_json_rows(
	const void *v, size_t n, void (*one)(struct jsonout *j, const void *v, size_t i));

#endif
