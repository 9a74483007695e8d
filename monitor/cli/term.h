/* Text on a terminal: how wide it is, and what must not reach it.
 *
 * Titles, names and errors come from strangers; an escape sequence in one could rewrite the screen
 * and a direction override could disguise an address. What people see goes through term_add(). */
#ifndef HARK_CLI_TERM_H
#define HARK_CLI_TERM_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#include <stdio.h>

/* Columns of the terminal behind `out`; 0: it is none, so nothing needs fitting. */
int term_width(FILE *out);
/* Columns `text` takes when written by term_add(). */
size_t term_columns(struct str text);
/* Appends `text` as one clean line: white space becomes one blank each, control and direction
 * characters and broken UTF-8 become U+FFFD. At most `max` columns (0: all); what is cut ends in
 * an ellipsis. Returns the columns written. */
size_t term_add(struct buf *out, struct str text, size_t max);
/* Asks `question` and appends the line somebody types to `answer`, without its newline. HARK_ESTATE:
 * nobody is there. HARK_ELIMIT: more than the ceiling of `answer`; there is no use in asking on. */
int term_ask(const char *question, struct buf *answer, struct hark_err *err);
/* The same for what must not be seen: on a terminal nothing is shown while it is typed. */
int term_ask_secret(const char *question, struct buf *answer, struct hark_err *err);

#endif
