#include "monitor/base/csv.h"

static bool at_line_end(const struct csv *c)
{
	return c->at >= c->text.n || c->text.p[c->at] == '\n' || c->text.p[c->at] == '\r';
}

/* Over one line ending: \n, \r\n or \r. */
static void skip_line_end(struct csv *c)
{
	if (c->at < c->text.n && c->text.p[c->at] == '\r') {
		c->at++;
		if (c->at >= c->text.n || c->text.p[c->at] != '\n') {
			c->line++;
			return;
		}
	}
	if (c->at < c->text.n && c->text.p[c->at] == '\n') {
		c->at++;
		c->line++;
	}
}

static void skip_line(struct csv *c)
{
	while (!at_line_end(c)) {
		c->at++;
	}
	skip_line_end(c);
}

/* End of a quoted cell's content (its closing quote), or SIZE_MAX. Counts doubled quotes. */
static size_t closing_quote(const struct csv *c, size_t from, size_t *doubled)
{
	for (size_t i = from; i < c->text.n; i++) {
		if (c->text.p[i] != '"') {
			continue;
		}
		if (i + 1 < c->text.n && c->text.p[i + 1] == '"') {
			(*doubled)++;
			i++;
			continue;
		}
		return i;
	}
	return SIZE_MAX;
}

static int unquote(struct csv *c, struct str raw, size_t doubled, struct str *out)
{
	if (doubled == 0) {
		*out = raw;
		return HARK_OK;
	}
	char *p = arena_alloc(c->arena, raw.n + 1);
	if (p == NULL) {
		return HARK_ENOMEM;
	}
	size_t n = 0;
	for (size_t i = 0; i < raw.n; i++) {
		p[n++] = raw.p[i];
		i += raw.p[i] == '"'; /* the second of a pair */
	}
	*out = str_n(p, n);
	return HARK_OK;
}

static int read_quoted(struct csv *c, struct str *out, struct hark_err *err)
{
	size_t start = c->at + 1, doubled = 0;
	size_t end = closing_quote(c, start, &doubled);
	if (end == SIZE_MAX) {
		skip_line(c);
		return hark_err_set(err, HARK_EPARSE, "a quotation mark is never closed");
	}
	for (size_t i = start; i < end; i++) {
		c->line += c->text.p[i] == '\n' ||
			   (c->text.p[i] == '\r' && (i + 1 == end || c->text.p[i + 1] != '\n'));
	}
	c->at = end + 1;
	if (!at_line_end(c) && c->text.p[c->at] != c->separator) {
		skip_line(c);
		return hark_err_set(err, HARK_EPARSE,
			"text after a closing quotation mark (write \"\" for a quotation mark "
			"inside)");
	}
	int rc = unquote(c, str_n(c->text.p + start, end - start), doubled, out);
	return rc == HARK_OK ? rc : hark_err_set(err, rc, "no memory to read it");
}

static void read_plain(struct csv *c, struct str *out)
{
	size_t start = c->at;
	while (!at_line_end(c) && c->text.p[c->at] != c->separator) {
		c->at++;
	}
	*out = str_n(c->text.p + start, c->at - start);
}

static int read_row(struct csv *c, struct csv_row *row, struct hark_err *err)
{
	size_t cap = 0;
	*row = (struct csv_row){.line = c->line};
	for (;;) {
		struct str cell = STR_NONE;
		if (c->at < c->text.n && c->text.p[c->at] == '"') {
			int rc = read_quoted(c, &cell, err);
			if (rc != HARK_OK) {
				return rc;
			}
		} else {
			read_plain(c, &cell);
		}
		if (row->n == CSV_COLUMNS_MAX) {
			skip_line(c);
			return hark_err_set(
				err, HARK_EPARSE, "more than %d columns", CSV_COLUMNS_MAX);
		}
		struct str *grown =
			arena_grow(c->arena, row->cells, row->n, &cap, sizeof(*row->cells));
		if (grown == NULL) {
			skip_line(c);
			return hark_err_set(err, HARK_ENOMEM, "no memory to read it");
		}
		row->cells = grown;
		row->cells[row->n++] = cell;
		if (at_line_end(c)) {
			row->unended = c->at >= c->text.n;
			skip_line_end(c);
			return HARK_OK;
		}
		c->at++; /* the separator */
	}
}

/* Whichever of , ; tab and | is most frequent in the first line. */
static char guess_separator(struct str text)
{
	static const char kinds[] = {',', ';', '\t', '|'};
	size_t counts[sizeof(kinds)] = {0};
	for (size_t i = 0; i < text.n && text.p[i] != '\n' && text.p[i] != '\r'; i++) {
		for (size_t k = 0; k < sizeof(kinds); k++) {
			counts[k] += text.p[i] == kinds[k];
		}
	}
	size_t best = 0;
	for (size_t k = 1; k < sizeof(kinds); k++) {
		best = counts[k] > counts[best] ? k : best;
	}
	return kinds[best];
}

static void skip_empty_lines(struct csv *c)
{
	while (c->at < c->text.n && at_line_end(c)) {
		skip_line_end(c);
	}
}

int csv_open(struct csv *c, struct str text, struct arena *arena, struct hark_err *err)
{
	return csv_open_with(c, text, 0, arena, err);
}

int csv_open_with(
	struct csv *c, struct str text, char separator, struct arena *arena, struct hark_err *err)
{
	if (str_starts(text, STR("\xef\xbb\xbf"))) {
		text = str_n(text.p + 3, text.n - 3);
	}
	*c = (struct csv){.text = text, .arena = arena, .line = 1};
	skip_empty_lines(c);
	if (c->at >= text.n) {
		return hark_err_set(err, HARK_EPARSE,
			"it is empty: the first line must name the columns, for example name,id");
	}
	c->separator =
		separator != 0 ? separator : guess_separator(str_n(text.p + c->at, text.n - c->at));
	int rc = read_row(c, &c->header, err);
	for (size_t i = 0; rc == HARK_OK && i < c->header.n; i++) {
		c->header.cells[i] = str_trim(c->header.cells[i]);
	}
	return rc;
}

static bool is_odd(struct str s, char c)
{
	bool odd = false;
	for (size_t i = 0; i < s.n; i++) {
		odd ^= s.p[i] == c;
	}
	return odd;
}

/* A quotation mark that is never closed is taken to end where another cell's begins, lines on. Of the lines
 * that a broken row took, goes on at the first after `first` that is a whole row by itself. */
static void resume(struct csv *c, struct csv first)
{
	struct csv_row row;
	skip_line(&first);
	while (first.at < c->at) {
		struct csv ahead = first;
		if (read_row(&ahead, &row, NULL) == HARK_OK && row.n == c->header.n &&
			!is_odd(str_n(c->text.p + first.at, ahead.at - first.at), '"')) {
			*c = first;
			return;
		}
		skip_line(&first);
	}
}

int csv_next(struct csv *c, struct csv_row *row, struct hark_err *err)
{
	skip_empty_lines(c);
	*row = (struct csv_row){.line = c->line};
	if (c->at >= c->text.n) {
		return HARK_ENOENT;
	}
	struct csv start = *c;
	int rc = read_row(c, row, err);
	if (rc == HARK_EPARSE) {
		resume(c, start);
	}
	if (rc == HARK_OK && row->n > c->header.n) {
		return hark_err_set(err, HARK_EPARSE,
			"%zu cells under %zu column names (put quotes around a cell with a "
			"separator in it)",
			row->n, c->header.n);
	}
	return rc;
}

size_t csv_column(const struct csv *c, const char *name)
{
	for (size_t i = 0; i < c->header.n; i++) {
		if (str_eq_nocase(c->header.cells[i], str_c(name))) {
			return i;
		}
	}
	return SIZE_MAX;
}

struct str csv_cell(const struct csv_row *row, size_t column)
{
	return column < row->n ? str_trim(row->cells[column]) : STR_NONE;
}

bool csv_is_blank(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		if (str_trim(row->cells[i]).n > 0) {
			return false;
		}
	}
	return true;
}
