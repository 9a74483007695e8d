/* Cells of tables as spreadsheets and the tools of people who sell write them. Pure. */
#ifndef HARK_BASE_CELL_H
#define HARK_BASE_CELL_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"

/* Whether a column is called `name`, which is in lower case: only letters and digits count, so that
 * "First Name", "first_name" and "FirstName" are one. */
bool cell_is_called(struct str header, const char *name);
/* What a spreadsheet shows for ="x", =HYPERLINK("address","x") and for a cell that begins with an
 * apostrophe so that it is no formula. Of a link it is the address if `wants_address`. A slice of `s`. */
struct str cell_shown(struct str s, bool wants_address);
/* Whether a spreadsheet would compute it, once it is shown as above. */
bool cell_is_formula(struct str s);
/* Without white space around it; inside single spaces, no control characters, the no-break space a space,
 * and nothing that nobody sees (such as the byte order mark of a file that was put behind another); at
 * most `max` bytes. `s`, or a copy in `arena`; absent without memory. */
struct str cell_clean(struct str s, size_t max, struct arena *arena);
/* Appends a cell of a CSV file (RFC 4180), in quotes where it needs them. */
void cell_write(struct buf *out, struct str text);
/* The same for somebody who opens the file in a spreadsheet: what would be computed begins with an apostrophe,
 * however blanks or quotes hide it. */
void cell_write_shown(struct buf *out, struct str text);

#endif
