/* Rows for whoever shows them, as a table for people, as JSON, or as CSV: columns are named once.
 *
 *	static const struct sheet_column columns[] = {
 *		{"reference", "reference", SHEET_NUMBER, false}, {"since", "since", SHEET_TIME, false}};
 *	sheet_init(&s, columns, 2);
 *	sheet_number(&s, r->id);
 *	sheet_number(&s, r->since_ms);
 *	sheet_json(&s, &j);
 *	sheet_release(&s);
 *
 * Cells are copied. A failure to get memory is kept in s->rc. */
#ifndef HARK_MODEL_SHEET_H
#define HARK_MODEL_SHEET_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/base/jsonout.h"

enum sheet_kind {
	SHEET_TEXT,
	SHEET_NUMBER,
	SHEET_TIME,  /* wall clock milliseconds; 0: none */
	SHEET_SPAN,  /* milliseconds; told in full units for people */
	SHEET_SHARE, /* thousandths */
	SHEET_BOOL,
	SHEET_PRIVATE, /* whether it is private: true in JSON, and the mark in words elsewhere */
	SHEET_JSON,    /* a JSON value; in tables and CSV its text cell is shown instead */
};

struct sheet_column {
	const char *key;   /* in JSON and CSV */
	const char *title; /* NULL: not in the table */
	enum sheet_kind kind;
	bool shrinks; /* may be cut on a narrow terminal */
};

#define SHEET_NONE INT64_MIN

struct sheet_cell {
	struct str text;
	int64_t n; /* SHEET_NONE: empty */
};

struct sheet {
	const struct sheet_column *columns; /* borrowed */
	size_t columns_n;
	struct arena arena;
	struct sheet_cell *cells;
	size_t n, cap;
	int64_t *keys; /* of rows; see sheet_key() */
	size_t keys_n, keys_cap;
	size_t left_out; /* rows that could have been here, and why they are not, after their number */
	const char *left_out_why;
	int rc;
};

void sheet_init(struct sheet *s, const struct sheet_column *columns, size_t columns_n);
void sheet_release(struct sheet *s);
void sheet_text(struct sheet *s, struct str text);    /* absent: empty */
void sheet_text_c(struct sheet *s, const char *text); /* NULL: empty */
/* Numbers, times, spans, shares and truths. */
void sheet_number(struct sheet *s, int64_t n);
/* What the row that begins here is known by from one reading to the next, greater than 0: every row has one, or none. */
void sheet_key(struct sheet *s, int64_t key);
/* The row behind that of a key; `otherwise` where it is there no more. */
size_t sheet_behind(const struct sheet *s, int64_t key, size_t otherwise);
size_t sheet_rows(const struct sheet *s);
bool sheet_is_empty(const struct sheet_column *c, const struct sheet_cell *cell);
/* As an array: all of it, or rows [from, until). */
void sheet_json(const struct sheet *s, struct jsonout *j);
void sheet_json_rows(const struct sheet *s, size_t from, size_t until, struct jsonout *j);
/* With a head; a text that a spreadsheet would take for a formula gets an apostrophe in front. */
void sheet_csv(const struct sheet *s, struct buf *out);

#endif
