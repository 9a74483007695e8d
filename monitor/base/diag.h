/* What is wrong in a file a person wrote: all of it at once, each with file:line:col, a code, a
 * sentence and a suggestion. Configuration, rules, lists and definitions share this.
 *
 *	rules/sales.yml:9:24: error E012: OR and AND side by side need brackets
 *	    9 |   match: joined OR joining "new role"
 *	      |                 ^~
 *
 * A list has one owner at a time. */
#ifndef HARK_BASE_DIAG_H
#define HARK_BASE_DIAG_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"

#include <stdbool.h>
#include <stdio.h>

enum diag_level {
	DIAG_ERROR,
	DIAG_WARNING,
};

/* A place in a file. Lines and columns count from 1, columns in characters; 0: unknown. */
struct diag_at {
	const char *file; /* borrowed, copied by diags_add() */
	unsigned line, col;
	unsigned col_end;  /* one past the last marked column; 0: mark one column */
	unsigned byte_col; /* the same column in bytes, from 1; 0: as `col` */
};

struct diag {
	enum diag_level level;
	const char *code; /* "E012" or "C003"; all strings live in the list's arena */
	struct diag_at at;
	const char *message;
	const char *help;   /* what to do, or NULL */
	const char *source; /* the line itself without its newline, or NULL */
};

struct diags {
	struct arena arena;
	struct diag *v; /* in the order they were found */
	size_t n, cap;
	size_t errors; /* how many of them are errors */
	size_t lost;   /* beyond the ceiling of 1000, or without memory */
	int rc;        /* HARK_ENOMEM: not all is there, or not all of it was shown */
};

void diags_init(struct diags *d);
void diags_release(struct diags *d);

/* `source` (may be absent) is the text of the line. `help` may be NULL. */
void diags_add(struct diags *d, enum diag_level level, const char *code, struct diag_at at,
	struct str source, const char *help, const char *fmt, ...)
	__attribute__((format(printf, 7, 8)));

/* Whether that was said of a file, wherever in it. False once there was no memory: its text may be missing. */
bool diags_has(const struct diags *d, const char *code, const char *file, const char *message);

/* Sorted by file and place; with carets, in colour if asked. */
void diags_print(struct diags *d, FILE *out, bool color);
/* A JSON array of {level, code, file, line, col, col_end, byte_col, message, help}. */
void diags_json(struct diags *d, struct buf *out);

/* The candidate nearest to `word` by edits of letters (a swap counts as one), or NULL if none is
 * near: at most a third of the letters may differ. */
const char *did_you_mean(struct str word, const char *const *candidates, size_t n);

#endif
