#include "monitor/api/import_view.h"

#include "monitor/people/import_columns.h"

/* ---- the ledger ---- */

void import_view(struct jsonout *j, const struct import_entry *e)
{
	jsonout_object(j);
	jsonout_key_i64(j, "import", e->id);
	jsonout_key_str(j, "kind", e->kind);
	jsonout_key_str(j, "system", e->system);
	jsonout_key_str(j, "file", e->file);
	jsonout_key_str(j, "hash", e->hash);
	jsonout_key_time(j, "at", e->at_ms);
	jsonout_key_str(j, "by", e->actor);
	jsonout_key_time(j, "undone", e->undone_ms);
	jsonout_key_str(j, "undone_by", e->undone_by);
	jsonout_key_i64(j, "rows", e->counts.rows);
	jsonout_key_i64(j, "new", e->counts.added);
	jsonout_key_i64(j, "changed", e->counts.changed);
	jsonout_key_i64(j, "unchanged", e->counts.unchanged);
	jsonout_key_i64(j, "rejected", e->counts.rejected);
	jsonout_key_i64(j, "reviews", e->counts.reviews);
	jsonout_key_i64(j, "opted_out", e->counts.opted_out);
	jsonout_end_object(j);
}

void import_undone_json(struct jsonout *j, const struct import_undone *u, bool look)
{
	jsonout_object(j);
	jsonout_key_bool(j, "dry_run", look);
	jsonout_key_i64(j, "import", u->import.id);
	jsonout_key_i64(j, "removed", u->removed);
	jsonout_key_i64(j, "restored", u->restored);
	jsonout_end_object(j);
}

/* ---- refused rows ---- */

static void put_cell(struct buf *b, struct str s, char separator)
{
	/* a spreadsheet would compute it; hark takes the apostrophe off again */
	bool computes = s.n > 0 && memchr("=+-@", s.p[0], 4) != NULL;
	bool quotes = computes;
	for (size_t i = 0; i < s.n; i++) {
		quotes |= s.p[i] == '"' || s.p[i] == separator || s.p[i] == '\n' || s.p[i] == '\r';
	}
	if (!quotes) {
		buf_add_str(b, s);
		return;
	}
	buf_add_c(b, computes ? "\"'" : "\"");
	for (size_t i = 0; i < s.n; i++) {
		buf_add_c(b, s.p[i] == '"' ? "\"" : "");
		buf_add_char(b, s.p[i]);
	}
	buf_add_char(b, '"');
}

static void put_header(struct import_refused *r)
{
	for (size_t i = 0; i < r->table->header.n; i++) {
		put_cell(&r->csv, r->table->header.cells[i], r->table->separator);
		buf_add_char(&r->csv, r->table->separator);
	}
	buf_printf(&r->csv, "rejected line%crejected because\n", r->table->separator);
}

void import_refused_init(struct import_refused *r, const struct csv *table, size_t max)
{
	*r = (struct import_refused){.table = table};
	buf_init(&r->csv, max);
	arena_init(&r->arena, 0);
	put_header(r);
}

void import_refused_release(struct import_refused *r)
{
	buf_release(&r->csv);
	arena_release(&r->arena);
}

void import_refused_clear(struct import_refused *r)
{
	buf_clear(&r->csv);
	arena_reset(&r->arena);
	r->n = 0;
	put_header(r);
}

static void put_row(
	struct import_refused *r, const struct csv_row *row, struct str raw, const char *reason)
{
	for (size_t i = 0; i < r->table->header.n; i++) {
		struct str cell = row->n > 0 ? i < row->n ? row->cells[i] : STR_NONE
				  : i == 0   ? raw
					     : STR_NONE;
		put_cell(&r->csv, cell, r->table->separator);
		buf_add_char(&r->csv, r->table->separator);
	}
	buf_printf(&r->csv, "%u%c", row->line, r->table->separator);
	put_cell(&r->csv, str_c(reason), r->table->separator);
	buf_add_char(&r->csv, '\n');
}

void import_refused_add(
	struct import_refused *r, const struct csv_row *row, struct str raw, const char *reason)
{
	if (r->n < IMPORT_REASONS) {
		r->first[r->n].line = row->line;
		r->first[r->n++].reason = arena_str(&r->arena, str_c(reason));
	}
	if (r->csv.rc == HARK_OK) {
		size_t whole = r->csv.n;
		put_row(r, row, raw, reason);
		buf_cut(&r->csv, r->csv.rc == HARK_OK ? r->csv.n : whole);
	}
}

/* ---- one file ---- */

void import_mapping_json(const struct import_table *t, struct jsonout *j)
{
	jsonout_object(j);
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		if ((c->kinds & 1u << t->map.kind) != 0 && t->map.at[c->field] != SIZE_MAX) {
			jsonout_key_str(j, c->name, t->csv.header.cells[t->map.at[c->field]]);
		}
	}
	for (size_t i = 0; i < t->map.more_n; i++) {
		jsonout_key_any(j, t->map.more[i].name);
		jsonout_str(j, t->csv.header.cells[t->map.more[i].at]);
	}
	jsonout_end_object(j);
}

static void json_set(const struct import_table *t, struct jsonout *j)
{
	jsonout_key(j, "set");
	jsonout_object(j);
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		if ((c->kinds & 1u << t->map.kind) != 0 && t->map.set[c->field].p != NULL) {
			jsonout_key_str(j, c->name, t->map.set[c->field]);
		}
	}
	jsonout_end_object(j);
}

static void json_columns(const struct import_table *t, struct jsonout *j)
{
	jsonout_key(j, "columns");
	jsonout_array(j);
	for (size_t i = 0; i < t->csv.header.n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "name", t->csv.header.cells[i]);
		jsonout_key_bool(j, "used", import_table_uses(t, i));
		jsonout_key(j, "values");
		jsonout_array(j);
		for (size_t k = 0; k < IMPORT_SAMPLES && t->samples[i][k].n > 0; k++) {
			jsonout_str(j, t->samples[i][k]);
		}
		jsonout_end_array(j);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void json_outcome(const struct import_result *r, struct jsonout *j)
{
	const struct import_counts *c = &r->counts;
	jsonout_key_bool(j, "written", r->id != 0);
	if (r->id != 0) {
		jsonout_key_i64(j, "import", r->id);
	}
	jsonout_key_i64(j, "rows", c->rows);
	jsonout_key_i64(j, "new", c->added);
	jsonout_key_i64(j, "changed", c->changed);
	jsonout_key_i64(j, "unchanged", c->unchanged);
	jsonout_key_i64(j, "rejected", c->rejected);
	jsonout_key_i64(j, "reviews", c->reviews);
	jsonout_key_i64(j, "opted_out", c->opted_out);
	jsonout_key_i64(j, "orphaned", r->orphaned);
	jsonout_key_i64(j, "deleted", r->deleted);
	jsonout_key_i64(j, "unlinked", r->unlinked);
	jsonout_key_i64(j, "other_types", r->other_types);
	jsonout_key_i64(j, "unknown_accounts", r->strangers);
}

void import_file_json(const struct import_table *t, const struct import_source *source,
	const struct import_result *r, const struct import_refused *refused,
	const char *rejected_file, struct jsonout *j)
{
	char separator[2] = {t->csv.separator, '\0'};
	jsonout_object(j);
	jsonout_key_c(j, "file", source->path);
	jsonout_key_c(j, "kind", record_kind_name(t->map.kind));
	jsonout_key_c(j, "system", t->map.system);
	jsonout_key_c(j, "charset", source->charset);
	jsonout_key_bool(j, "charset_wrong", source->charset_wrong);
	jsonout_key_c(j, "separator", separator);
	jsonout_key(j, "mapping");
	import_mapping_json(t, j);
	json_set(t, j);
	json_columns(t, j);
	json_outcome(r, j);
	jsonout_key(j, "reasons");
	jsonout_array(j);
	for (size_t i = 0; i < refused->n; i++) {
		jsonout_object(j);
		jsonout_key_i64(j, "line", refused->first[i].line);
		jsonout_key_str(j, "reason", refused->first[i].reason);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_key_c(j, "rejected_file", rejected_file);
	jsonout_key_str(j, "before", str_empty(source->before) ? STR_NONE : source->before);
	if (source->tells_rejected && r->counts.rejected > 0) {
		jsonout_key_str(j, "rejected_rows", buf_str(&refused->csv));
		jsonout_key_bool(j, "rejected_rows_cut", refused->csv.rc != HARK_OK);
	}
	jsonout_end_object(j);
}
