#include "monitor/cli/import_show.h"

#include "monitor/base/utf8.h"
#include "monitor/cli/table.h"
#include "monitor/people/import_columns.h"

#include <stdio.h>

#define REFUSED_MAX ((size_t)512 << 20)

/* ---- refused rows ---- */

static void put_cell(struct buf *b, struct str s, char separator)
{
	/* a spreadsheet would compute it; hark takes the apostrophe off again */
	bool computes = s.n > 0 && strchr("=+-@", s.p[0]) != NULL;
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

void import_refused_init(struct import_refused *r, const struct csv *table)
{
	*r = (struct import_refused){.table = table};
	buf_init(&r->csv, REFUSED_MAX);
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

void import_refused_add(
	struct import_refused *r, const struct csv_row *row, struct str raw, const char *reason)
{
	if (r->n < IMPORT_REASONS) {
		r->first[r->n].line = row->line;
		r->first[r->n++].reason = arena_str(&r->arena, str_c(reason));
	}
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

/* ---- the mapping ---- */

static void print_clean(struct str s)
{
	struct buf out;
	buf_init(&out, s.n * 3 + 16);
	utf8_show(&out, s);
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

static const char *separator_name(char c)
{
	return c == '\t'  ? "tabs"
	       : c == ';' ? "semicolons"
	       : c == '|' ? "bars"
	       : c == ',' ? "commas"
			  : "a character";
}

static void add_samples(struct table *table, const struct import_table *t, size_t column)
{
	struct buf b;
	buf_init(&b, 1024);
	for (size_t i = 0; i < IMPORT_SAMPLES && t->samples[column][i].n > 0; i++) {
		buf_printf(&b, "%s%.*s", i > 0 ? " | " : "", STR_FMT(t->samples[column][i]));
	}
	table_add_str(table, buf_str(&b));
	buf_release(&b);
}

static void add_row(
	struct table *table, const struct import_table *t, const char *field, size_t column)
{
	table_add(table, field);
	table_add_str(table, t->csv.header.cells[column]);
	add_samples(table, t, column);
}

/* Whether a field or an attribute is read from it. */
static bool is_used(const struct import_table *t, size_t column)
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

static void print_ignored(const struct import_table *t)
{
	bool any = false;
	for (size_t i = 0; i < t->csv.header.n; i++) {
		if (!is_used(t, i)) {
			fputs(any ? ", " : "ignored: ", stdout);
			print_clean(t->csv.header.cells[i]);
			any = true;
		}
	}
	fputs(any ? "\n" : "", stdout);
}

static void print_cautions(const struct import_table *t, const struct import_source *source)
{
	if (source->charset_wrong) {
		printf("caution: not all of it is %s; what is not was read as well as can be, see --charset\n",
			source->charset);
	}
	if (t->twice_encoded > 0) {
		printf("caution: %zu row%s like M\xc3\x83\xc2\xbcller: the file was converted to UTF-8 twice\n",
			t->twice_encoded, t->twice_encoded == 1 ? " looks" : "s look");
	}
	if (source->before.n > 0) {
		printf("this very file was imported before: %.*s\n", STR_FMT(source->before));
	}
}

int import_show_mapping(
	const struct import_table *t, const struct import_source *source, bool color)
{
	static const struct table_column columns[] = {{"field", TABLE_LEFT, false},
		{"column", TABLE_LEFT, true}, {"values", TABLE_LEFT, true}};
	struct table table;
	print_clean(str_c(source->path));
	printf(": %lld row%s of %s, %s between cells, %s%s%s\n\n", (long long)t->rows,
		t->rows == 1 ? "" : "s", record_kind_name(t->map.kind),
		separator_name(t->csv.separator), source->charset,
		t->map.at[REC_ID] != SIZE_MAX ? ", ids of " : "",
		t->map.at[REC_ID] != SIZE_MAX ? t->map.system : "");
	table_init(&table, columns, 3);
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		if ((c->kinds & 1u << t->map.kind) == 0) {
			continue;
		}
		if (t->map.at[c->field] != SIZE_MAX) {
			add_row(&table, t, c->name, t->map.at[c->field]);
		}
		if (t->map.set[c->field].p != NULL) {
			table_add(&table, c->name);
			table_add(&table, t->map.at[c->field] != SIZE_MAX ? "where it is empty"
									  : "everywhere");
			table_add_str(&table, t->map.set[c->field]);
		}
	}
	for (size_t i = 0; i < t->map.more_n; i++) {
		char name[64];
		snprintf(name, sizeof(name), "%.*s (attribute)", STR_FMT(t->map.more[i].name));
		add_row(&table, t, name, t->map.more[i].at);
	}
	int rc = table_print(&table, stdout, color);
	table_release(&table);
	print_ignored(t);
	print_cautions(t, source);
	putchar('\n');
	return rc;
}

/* ---- the outcome ---- */

static void print_words(const import_words words)
{
	for (size_t i = 0; i + 1 < IMPORT_TYPES && words[i][0] != '\0'; i++) {
		fputs(i > 0 ? ", " : "", stdout);
		print_clean(str_c(words[i]));
	}
	puts(words[IMPORT_TYPES - 1][0] != '\0' ? " \xe2\x80\xa6" : "");
}

static void print_strangers(const struct import_result *r)
{
	if (r->strangers > 0) {
		printf("caution: %lld row%s an account hark does not know: ",
			(long long)r->strangers, r->strangers == 1 ? " names" : "s name");
		print_words(r->stranger);
	}
}

static void print_types(const struct import_result *r)
{
	if (r->other_types == 0) {
		return;
	}
	printf("caution: %lld row%s another type than customer, prospect, competitor, partner and "
	       "target: ",
		(long long)r->other_types, r->other_types == 1 ? " has" : "s have");
	print_words(r->other_type);
}

void import_show_counts(
	const struct import_result *r, const struct import_refused *refused, bool written)
{
	const struct import_counts *c = &r->counts;
	printf("%lld new, %lld changed, %lld unchanged, %lld rejected, %lld to review",
		(long long)c->added, (long long)c->changed, (long long)c->unchanged,
		(long long)c->rejected, (long long)c->reviews);
	if (c->opted_out > 0) {
		printf(", %lld left out because they asked for it", (long long)c->opted_out);
	}
	if (r->deleted > 0) {
		printf(", %lld left out as deleted", (long long)r->deleted);
	}
	putchar('\n');
	if (written && r->linked > 0) {
		printf("%lld known jobs, deals, cases and answers now belong to these accounts\n",
			(long long)r->linked);
	}
	if (r->unlinked > 0) {
		printf("%lld row%s the employer by the id of an account that is not here: import accounts "
		       "first, then this file again\n",
			(long long)r->unlinked, r->unlinked == 1 ? " names" : "s name");
	}
	print_types(r);
	print_strangers(r);
	for (size_t i = 0; i < refused->n; i++) {
		printf("  line %u: ", refused->first[i].line);
		print_clean(refused->first[i].reason);
		putchar('\n');
	}
	if (c->rejected > (int64_t)refused->n) {
		printf("  and %lld more\n", (long long)(c->rejected - (int64_t)refused->n));
	}
}

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
		jsonout_key_bool(j, "used", is_used(t, i));
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
	jsonout_key_i64(j, "deleted", r->deleted);
	jsonout_key_i64(j, "unlinked", r->unlinked);
	jsonout_key_i64(j, "other_types", r->other_types);
	jsonout_key_i64(j, "unknown_accounts", r->strangers);
}

void import_show_json(const struct import_table *t, const struct import_source *source,
	const struct import_result *r, const struct import_refused *refused,
	const char *rejected_file, struct buf *out)
{
	struct jsonout j;
	char separator[2] = {t->csv.separator, '\0'};
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "file", source->path);
	jsonout_key_c(&j, "kind", record_kind_name(t->map.kind));
	jsonout_key_c(&j, "system", t->map.system);
	jsonout_key_c(&j, "charset", source->charset);
	jsonout_key_bool(&j, "charset_wrong", source->charset_wrong);
	jsonout_key_c(&j, "separator", separator);
	jsonout_key(&j, "mapping");
	import_mapping_json(t, &j);
	json_set(t, &j);
	json_columns(t, &j);
	json_outcome(r, &j);
	jsonout_key(&j, "reasons");
	jsonout_array(&j);
	for (size_t i = 0; i < refused->n; i++) {
		jsonout_object(&j);
		jsonout_key_i64(&j, "line", refused->first[i].line);
		jsonout_key_str(&j, "reason", refused->first[i].reason);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	jsonout_key_c(&j, "rejected_file", rejected_file);
	jsonout_end_object(&j);
}
