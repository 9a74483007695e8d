/* Lists from files: CSV and JSON Lines, in the encodings people save them in. */
#include "rules/lists_in.h"

#include "monitor/base/csv.h"
#include "monitor/base/json.h"
#include "monitor/base/recode.h"

#define ROW_BYTES_MAX (1u << 20)

/* ---- CSV ---- */

static void read_csv_row(struct row *r, const struct csv_row *cells)
{
	struct str name = STR_NONE, id = STR_NONE;
	for (size_t i = 0; i < r->list->columns_n; i++) {
		enum known_column k = known_column(r->list->columns[i]);
		name = k == COLUMN_NAME ? csv_cell(cells, i) : name;
		id = k == COLUMN_ID ? csv_cell(cells, i) : id;
	}
	if (name.n == 0) {
		row_complain(r, "W073", "fill in the name, or take the row away",
			"a row without a name is left out",
			cells->n > 0 ? cells->cells[0] : STR(""));
		return;
	}
	bool ok = row_begin(r, name, id);
	for (size_t i = 0; ok && i < r->list->columns_n; i++) {
		row_cell(r, i, csv_cell(cells, i));
	}
	if (ok) {
		row_end(r);
	}
}

static struct str line_at(struct str text, size_t from)
{
	const char *end = from < text.n ? memchr(text.p + from, '\n', text.n - from) : NULL;
	size_t n = end != NULL ? (size_t)(end - text.p) - from : text.n - from;
	return from < text.n ? str_trim(str_n(text.p + from, n)) : STR_NONE;
}

static void no_name_column(struct diags *diags, struct diag_at at, struct str line)
{
	diags_add(diags, DIAG_ERROR, "E071", at, line,
		"the first line names the columns, for example name,id,aliases",
		"no column is called name");
}

static bool open_csv(struct lists *l, struct list *list, struct csv *c, struct str text,
	const char *file, struct arena *arena, struct diags *diags)
{
	struct hark_err err = {0};
	struct diag_at at = {.file = file, .line = 1, .col = 1};
	if (csv_open(c, text, arena, &err) != HARK_OK) {
		diags_add(diags, DIAG_ERROR, "E070", at, STR_NONE, NULL, "%s", err.text);
		return false;
	}
	list->columns = arena_alloc(&l->arena, LIST_COLUMNS_MAX * sizeof(*list->columns));
	bool named = false;
	for (size_t i = 0; list->columns != NULL && i < c->header.n; i++) {
		list->columns[list->columns_n++] = list_lower(&l->arena, c->header.cells[i]);
		named |= known_column(c->header.cells[i]) == COLUMN_NAME;
	}
	if (!named) {
		at.line = c->header.line;
		no_name_column(diags, at, line_at(c->text, 0));
	}
	return named;
}

void list_read_csv(
	struct lists *l, struct list *list, struct str text, const char *file, struct diags *diags)
{
	struct arena header, arena; /* a row's cells are forgotten with the next */
	struct buf blob;
	struct csv c;
	arena_init(&header, 0);
	arena_init(&arena, 0);
	buf_init(&blob, ROW_BYTES_MAX);
	if (open_csv(l, list, &c, text, file, &header, diags)) {
		struct csv_row cells;
		struct hark_err err = {0};
		size_t from = c.at;
		int rc;
		c.arena = &arena;
		while ((rc = csv_next(&c, &cells, &err)) != HARK_ENOENT && l->rc == HARK_OK) {
			struct row r = {.l = l,
				.list = list,
				.diags = diags,
				.at = {.file = file, .line = cells.line, .col = 1},
				.source = line_at(c.text, from),
				.cells = &blob};
			if (rc == HARK_OK) {
				read_csv_row(&r, &cells);
			} else {
				diags_add(diags, DIAG_WARNING, "W074", r.at, r.source,
					"the row is left out", "%s", err.text);
			}
			from = c.at;
			l->rc = arena.rc == HARK_ENOMEM ? HARK_ENOMEM : l->rc;
			arena_reset(&arena);
		}
	}
	l->rc = header.rc == HARK_ENOMEM ? HARK_ENOMEM : l->rc;
	buf_release(&blob);
	arena_release(&header);
	arena_release(&arena);
}

/* ---- JSON Lines ---- */

/* A text, a number, true or false; several stand in one cell with ; between. */
static void add_json_value(struct buf *out, const json_t *v)
{
	size_t from = out->n;
	buf_add_c(out, from > 0 ? ";" : "");
	if (json_is_string(v)) {
		buf_add_str(out, str_trim(str_n(json_string_value(v), json_string_length(v))));
	} else if (json_is_integer(v)) {
		buf_printf(out, "%lld", (long long)json_integer_value(v));
	} else if (json_is_real(v)) {
		buf_printf(out, "%.15g", json_real_value(v));
	} else if (json_is_boolean(v)) {
		buf_add_c(out, json_is_true(v) ? "true" : "false");
	} else {
		buf_cut(out, from);
	}
}

static void json_cell(struct buf *out, const json_t *v)
{
	buf_clear(out);
	if (!json_is_array(v)) {
		add_json_value(out, v);
		return;
	}
	for (size_t i = 0; i < json_array_size(v); i++) {
		add_json_value(out, json_array_get(v, i));
	}
}

static void read_json_cells(struct row *r, json_t *object, struct buf *cell)
{
	const char *key;
	json_t *value;
	json_object_foreach(object, key, value)
	{
		json_cell(cell, value);
		size_t column = cell->n > 0 ? list_column(r->l, r->list, str_c(key)) : SIZE_MAX;
		if (column != SIZE_MAX) {
			row_cell(r, column, buf_str(cell));
		}
	}
}

static void read_json_row(struct row *r, struct buf *cell)
{
	struct hark_err err = {0};
	json_t *object = json_read(r->source, &err);
	struct buf id;
	if (!json_is_object(object)) {
		diags_add(r->diags, DIAG_WARNING, "W074", r->at, r->source, "the line is left out",
			"%s", object == NULL ? err.text : "a line must be one JSON object");
		json_decref(object);
		return;
	}
	buf_init(&id, ROW_BYTES_MAX);
	json_cell(&id, json_object_get(object, "id"));
	struct str name = str_trim(json_str(object, "name"));
	if (name.n == 0) {
		row_complain(r, "W073", "fill in the name, or take the row away",
			"a row without a name is left out", r->source);
	} else if (row_begin(r, name, buf_str(&id))) {
		read_json_cells(r, object, cell);
		row_end(r);
	}
	buf_release(&id);
	json_decref(object);
}

void list_read_jsonl(
	struct lists *l, struct list *list, struct str text, const char *file, struct diags *diags)
{
	struct buf blob, cell;
	struct str line;
	unsigned n = 0;
	buf_init(&blob, ROW_BYTES_MAX);
	buf_init(&cell, ROW_BYTES_MAX);
	list_column(l, list, STR("name"));
	while (l->rc == HARK_OK && str_split(&text, '\n', &line)) {
		struct row r = {.l = l,
			.list = list,
			.diags = diags,
			.at = {.file = file, .line = ++n, .col = 1},
			.source = str_trim(line),
			.cells = &blob};
		if (r.source.n > 0) {
			read_json_row(&r, &cell);
		}
	}
	l->rc = cell.rc == HARK_ENOMEM ? HARK_ENOMEM : l->rc;
	buf_release(&blob);
	buf_release(&cell);
}

static bool is_jsonl(struct str text, const char *file)
{
	return str_ends(str_c(file), STR(".jsonl")) || str_ends(str_c(file), STR(".ndjson")) ||
	       (text.n > 0 && text.p[0] == '{');
}

void list_read_file(
	struct lists *l, struct list *list, struct str text, const char *file, struct diags *diags)
{
	struct buf recoded;
	buf_init(&recoded, 2 * (size_t)LIST_BYTES_MAX);
	if (recode(&recoded, text, file, diags)) {
		text = buf_str(&recoded);
	}
	if (recoded.rc != HARK_OK) {
		l->rc = recoded.rc;
	} else if (is_jsonl(text, file)) {
		list_read_jsonl(l, list, text, file, diags);
	} else {
		list_read_csv(l, list, text, file, diags);
	}
	buf_release(&recoded);
}
