/* What the readers of lists share: a row of a list, whatever it was read from.
 *
 * The cells of an entry are kept as one run of bytes, each its column (2 bytes), its length (4) and
 * its text; CELLS_END ends them. Most entries of a long list have few cells. */
#ifndef HARK_RULES_LISTS_IN_H
#define HARK_RULES_LISTS_IN_H

#include "rules/lists.h"

#define CELLS_END 0xffffu
#define LIST_COLUMNS_MAX 256

enum known_column {
	COLUMN_NAME,
	COLUMN_ID,
	COLUMN_ALIASES,
	COLUMN_HANDLES,
	COLUMN_DOMAINS,
	COLUMNS_KNOWN,
};

struct row {
	struct lists *l;
	struct list *list;
	uint32_t entry;
	struct diags *diags;
	struct diag_at at;
	struct str source; /* the line, for messages */
	struct buf *cells; /* of this row, borrowed from the reader */
};

/* lists_row.c */

/* COLUMNS_KNOWN: a free one. */
enum known_column known_column(struct str name);
/* A new entry; unless an id is given it is the name, folded, from row_end() on. False: no memory. */
bool row_begin(struct row *r, struct str name, struct str id);
/* One cell of it; several values of a known column stand between ; or |. */
void row_cell(struct row *r, size_t column, struct str cell);
void row_end(struct row *r);
/* A warning about the row. */
void row_complain(
	struct row *r, const char *code, const char *help, const char *message, struct str what);
/* A copy with its ASCII letters small. */
struct str list_lower(struct arena *a, struct str s);
/* The index of a column, added if it is new; SIZE_MAX: too many, or no memory. */
size_t list_column(struct lists *l, struct list *list, struct str name);

/* lists_name.c: ways to write a name, and what else an entry is known by. */
void take_name(struct row *r, struct str name);
void take_handle(struct row *r, struct str handle);
void take_domain(struct row *r, struct str domain);

#endif
