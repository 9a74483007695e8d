#include "monitor/people/import_table.h"

#include "monitor/people/import_row.h"

#define HEADER_RECORDS_MAX 20 /* the line that names the columns is among so many */
#define SAMPLE_MAX 60         /* bytes */

/* What is no table, by how it begins. */
static int refuse_other_files(struct str text, struct hark_err *err)
{
	static const struct {
		const char *start, *what;
	} others[] = {{"PK", "a spreadsheet or a ZIP archive: unpack it, or save the sheet as CSV"},
		{"\xd0\xcf\x11\xe0", "an old spreadsheet: save the sheet as CSV"},
		{"%PDF", "a PDF: export the records as CSV"},
		{"{", "JSON: export the records as CSV"}, {"[{", "JSON: export the records as CSV"},
		{"<", "a web page or XML: export the records as CSV"},
		{"BEGIN:VCARD", "a vCard: export the records as CSV"}};
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		if (str_starts(text, str_c(others[i].start))) {
			return hark_err_set(err, HARK_EPARSE, "this is %s", others[i].what);
		}
	}
	return str_trim(text).n > 0 ? HARK_OK : hark_err_set(err, HARK_EPARSE, "it is empty");
}

/* The first of the lines at the top that will do. *best is what is wrong with the one that has most columns. */
static int find_header(struct import_table *t, enum record_kind kind, struct str text,
	char separator, const struct import_wishes *wishes, struct hark_err *best)
{
	struct str rest = text;
	unsigned line = 1;
	size_t columns = 0;
	for (int i = 0; i < HEADER_RECORDS_MAX && rest.n > 0; i++) {
		struct hark_err err = {0};
		int rc = csv_open_with(&t->csv, rest, separator, &t->arena, &err);
		if (rc == HARK_OK) {
			rc = import_map(&t->map, kind, &t->csv, wishes, &err);
		}
		if (rc == HARK_ENOENT || (rc == HARK_OK && t->map.at[REC_LINK] == SIZE_MAX)) {
			rc = import_map_by_order(&t->map, kind, &t->csv, wishes) ? HARK_OK : rc;
		}
		if (rc == HARK_OK) {
			t->csv.line += line - 1;
			return HARK_OK;
		}
		if (best->code == HARK_OK || t->csv.header.n > columns) {
			columns = t->csv.header.n;
			*best = err;
			best->code = rc;
		}
		if (rc == HARK_EINVAL || rc == HARK_ENOMEM) {
			return rc;
		}
		line += t->csv.line - 1;
		rest = str_n(t->csv.text.p + t->csv.at, t->csv.text.n - t->csv.at);
	}
	return HARK_EPARSE;
}

/* A row that holds a NUL byte is refused by itself; where one stands in the names of columns nothing can be gone by. */
static int refuse_binary(const struct import_table *t, struct hark_err *err)
{
	bool binary = false;
	for (size_t i = 0; i < t->csv.header.n; i++) {
		struct str name = t->csv.header.cells[i];
		binary |= name.n > 0 && memchr(name.p, '\0', name.n) != NULL;
	}
	return !binary
		       ? HARK_OK
		       : hark_err_set(err, HARK_EPARSE,
				 "line %u, which names the columns, holds a NUL byte: this is no text, save it as CSV",
				 t->csv.line - 1);
}

static void take_samples(struct import_table *t, const struct csv_row *row)
{
	for (size_t c = 0; c < t->csv.header.n; c++) {
		struct str value = str_cut_utf8(csv_cell(row, c), SAMPLE_MAX);
		size_t i = 0;
		while (i < IMPORT_SAMPLES && t->samples[c][i].n > 0 &&
			!str_eq(t->samples[c][i], value)) {
			i++;
		}
		if (value.n > 0 && i < IMPORT_SAMPLES && t->samples[c][i].n == 0) {
			t->samples[c][i] = arena_str(&t->arena, value);
		}
	}
}

/* "MÃ¼ller": the two characters that stand for one. */
static bool is_twice_encoded(const struct csv_row *row)
{
	for (size_t i = 0; i < row->n; i++) {
		struct str s = row->cells[i];
		for (size_t k = 0; k + 3 < s.n; k++) {
			if ((unsigned char)s.p[k] == 0xc3 && (unsigned char)s.p[k + 1] == 0x83 &&
				(unsigned char)s.p[k + 2] == 0xc2) {
				return true;
			}
		}
	}
	return false;
}

/* Over the whole file once: what cannot be known from the first rows. */
static void look_through(struct import_table *t, unsigned *seen, unsigned *anywhere)
{
	struct csv ahead = t->csv;
	struct csv_row row;
	int rc;
	ahead.arena = &t->row;
	while ((rc = csv_next(&ahead, &row, NULL)) != HARK_ENOENT) {
		if (rc == HARK_OK && csv_is_blank(&row)) {
			arena_reset(&t->row);
			continue; /* counted among none of what becomes of rows */
		}
		t->rows++;
		if (rc == HARK_OK) {
			import_row_dates(&t->map, &row, seen);
			for (size_t i = 0; i < row.n; i++) {
				import_dates_look(row.cells[i], anywhere);
			}
			t->twice_encoded += is_twice_encoded(&row);
			if (t->rows < 1000) {
				take_samples(t, &row);
			}
		}
		arena_reset(&t->row);
	}
}

static int decide_order(
	struct import_table *t, enum date_order said, unsigned seen, struct hark_err *err)
{
	bool day = (seen & DATES_SEEN_DAY_FIRST) != 0, month = (seen & DATES_SEEN_MONTH_FIRST) != 0;
	t->order = said != DATES_UNKNOWN ? said
		   : day && !month       ? DATES_DAY_FIRST
		   : month && !day       ? DATES_MONTH_FIRST
					 : DATES_UNKNOWN;
	if (t->order == DATES_UNKNOWN && !day && !month && (seen & DATES_SEEN_EITHER) != 0) {
		return hark_err_set(err, HARK_EINVAL,
			"its dates are like 3/4/2026, and none says whether the day or the month is first: "
			"--dates dmy or --dates mdy");
	}
	return HARK_OK;
}

int import_table_open(struct import_table *t, enum record_kind kind, struct str text,
	char separator, enum date_order order, const struct import_wishes *wishes,
	struct hark_err *err)
{
	struct hark_err why = {0};
	unsigned seen = 0, anywhere = 0; /* in columns that are imported, and in any */
	*t = (struct import_table){.map = {.kind = kind}};
	arena_init(&t->arena, 0);
	arena_init(&t->row, 0);
	int rc = refuse_other_files(text, err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = find_header(t, kind, text, separator, wishes, &why);
	if (rc == HARK_EPARSE && memchr(text.p, '\0', text.n) != NULL) {
		return hark_err_set(err, rc, "this is no text: save it as CSV");
	}
	if (rc != HARK_OK) {
		return hark_err_set(err, rc, "%s", why.text);
	}
	rc = refuse_binary(t, err);
	if (rc != HARK_OK) {
		return rc;
	}
	t->samples = arena_alloc(&t->arena, (t->csv.header.n + 1) * sizeof(*t->samples));
	if (t->samples == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to read it");
	}
	look_through(t, &seen, &anywhere);
	const unsigned orders = anywhere & (DATES_SEEN_DAY_FIRST | DATES_SEEN_MONTH_FIRST);
	if (seen == DATES_SEEN_EITHER && orders != (DATES_SEEN_DAY_FIRST | DATES_SEEN_MONTH_FIRST)) {
		seen |= orders; /* whatever wrote it has one order for all of them */
	}
	t->csv.arena = &t->row;
	return decide_order(t, order, seen, err);
}

void import_table_close(struct import_table *t)
{
	arena_release(&t->arena);
	arena_release(&t->row);
}

bool import_table_uses(const struct import_table *t, size_t column)
{
	for (size_t f = 0; f < RECORD_FIELDS; f++) {
		if (t->map.at[f] == column) {
			return true;
		}
	}
	for (size_t i = 0; i < t->map.more_n; i++) {
		if (t->map.more[i].at == column) {
			return true;
		}
	}
	return false;
}
