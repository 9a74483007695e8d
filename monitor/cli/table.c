#include "monitor/cli/table.h"

#include "monitor/base/err.h"
#include "monitor/cli/term.h"

#include <assert.h>
#include <stdarg.h>

#define COLUMNS_MAX 32
#define GAP 2          /* blanks between columns */
#define SHRUNK_LEAST 8 /* no column is cut below this */
#define OUTPUT_MAX ((size_t)256 << 20)

void table_init(struct table *t, const struct table_column *columns, size_t columns_n)
{
	assert(columns_n > 0 && columns_n <= COLUMNS_MAX);
	*t = (struct table){.columns = columns, .columns_n = columns_n};
	arena_init(&t->arena, 0);
}

void table_release(struct table *t)
{
	arena_release(&t->arena);
	*t = (struct table){0};
}

void table_add_str(struct table *t, struct str cell)
{
	struct str *cells = arena_grow(&t->arena, t->cells, t->n, &t->cap, sizeof(*cells));
	struct str copy = arena_str(&t->arena, cell);
	if (cells == NULL || (copy.p == NULL && cell.n > 0)) {
		t->rc = HARK_ENOMEM;
		return;
	}
	t->cells = cells;
	t->cells[t->n++] = copy;
}

void table_add(struct table *t, const char *cell)
{
	table_add_str(t, str_c(cell != NULL ? cell : ""));
}

void table_addf(struct table *t, const char *fmt, ...)
{
	struct buf text;
	va_list ap;
	buf_init(&text, 1 << 16);
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	table_add_str(t, buf_str(&text));
	buf_release(&text);
}

size_t table_rows(const struct table *t)
{
	return t->n / t->columns_n;
}

static struct str cell_at(const struct table *t, size_t row, size_t column)
{
	size_t i = row * t->columns_n + column;
	return i < t->n ? t->cells[i] : STR_NONE;
}

static void natural_widths(const struct table *t, size_t *widths)
{
	for (size_t c = 0; c < t->columns_n; c++) {
		widths[c] = term_columns(str_c(t->columns[c].title));
	}
	for (size_t i = 0; i < t->n; i++) {
		size_t n = term_columns(t->cells[i]);
		if (n > widths[i % t->columns_n]) {
			widths[i % t->columns_n] = n;
		}
	}
}

/* Takes from the widest column that may shrink until the row fits or none can give more. */
static void fit(const struct table *t, size_t *widths, size_t width)
{
	size_t total = GAP * (t->columns_n - 1);
	for (size_t c = 0; c < t->columns_n; c++) {
		total += widths[c];
	}
	while (width > 0 && total > width) {
		size_t widest = t->columns_n;
		for (size_t c = 0; c < t->columns_n; c++) {
			if (t->columns[c].shrinks && widths[c] > SHRUNK_LEAST &&
				(widest == t->columns_n || widths[c] > widths[widest])) {
				widest = c;
			}
		}
		if (widest == t->columns_n) {
			return;
		}
		widths[widest]--;
		total--;
	}
}

static void blanks(struct buf *out, size_t n)
{
	while (n-- > 0) {
		buf_add_char(out, ' ');
	}
}

static void write_cell(
	const struct table *t, struct buf *out, size_t column, struct str text, size_t width)
{
	size_t used = term_columns(text);
	size_t pad = used < width ? width - used : 0;
	bool is_last = column + 1 == t->columns_n;
	if (t->columns[column].align == TABLE_RIGHT) {
		blanks(out, pad);
		pad = 0;
	}
	term_add(out, text, width);
	if (!is_last) {
		blanks(out, pad + GAP);
	}
}

static void trim_line(struct buf *out)
{
	while (out->n > 0 && out->p[out->n - 1] == ' ') {
		buf_cut(out, out->n - 1);
	}
	buf_add_char(out, '\n');
}

/* As many whole words as fit, at least one, cut off `rest`. */
static struct str take_words(struct str *rest, size_t width)
{
	size_t end = 0;
	for (size_t i = 0; i <= rest->n; i++) {
		bool is_end = i > 0 && (i == rest->n || rest->p[i] == ' ') && rest->p[i - 1] != ' ';
		if (is_end && (end == 0 || term_columns(str_n(rest->p, i)) <= width)) {
			end = i;
		}
	}
	struct str line = str_n(rest->p, end);
	*rest = str_trim(str_n(rest->p + end, rest->n - end));
	return line;
}

/* The last cell of a row that may take several lines, `indent` columns from the left. */
static void write_wrapped(struct buf *out, struct str text, size_t width, size_t indent)
{
	struct str rest = str_trim(text);
	term_add(out, take_words(&rest, width), 0);
	while (rest.n > 0) {
		buf_add_char(out, '\n');
		blanks(out, indent);
		term_add(out, take_words(&rest, width), 0);
	}
}

static void write_row(const struct table *t, struct buf *out, size_t row, const size_t *widths)
{
	size_t indent = 0;
	for (size_t c = 0; c < t->columns_n; c++) {
		struct str text = cell_at(t, row, c);
		if (t->wraps && c + 1 == t->columns_n && term_columns(text) > widths[c]) {
			write_wrapped(out, text, widths[c], indent);
		} else {
			write_cell(t, out, c, text, widths[c]);
		}
		indent += widths[c] + GAP;
	}
	trim_line(out);
}

int table_write(const struct table *t, struct buf *out, size_t width, bool color)
{
	size_t widths[COLUMNS_MAX];
	natural_widths(t, widths);
	fit(t, widths, width);
	buf_add_c(out, color ? "\033[1m" : "");
	for (size_t c = 0; c < t->columns_n; c++) {
		write_cell(t, out, c, str_c(t->columns[c].title), widths[c]);
	}
	buf_add_c(out, color ? "\033[0m" : "");
	trim_line(out);
	for (size_t row = 0; row < table_rows(t); row++) {
		write_row(t, out, row, widths);
	}
	return t->rc != HARK_OK ? t->rc : out->rc;
}

int table_print(const struct table *t, FILE *out, bool color)
{
	struct buf text;
	buf_init(&text, OUTPUT_MAX);
	int rc = table_write(t, &text, (size_t)term_width(out), color);
	if (rc == HARK_OK && fwrite(buf_c(&text), 1, text.n, out) != text.n) {
		rc = HARK_EIO;
	}
	buf_release(&text);
	return rc;
}
