#include "monitor/cli/import_show.h"

#include "monitor/base/utf8.h"
#include "monitor/cli/table.h"
#include "monitor/people/import_columns.h"

#include <stdio.h>

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

static void print_ignored(const struct import_table *t)
{
	bool any = false;
	for (size_t i = 0; i < t->csv.header.n; i++) {
		if (!import_table_uses(t, i)) {
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
	if (r->orphaned > 0) {
		printf("%lld reference%s whoever kept the gate: hark references list --orphans\n",
			(long long)r->orphaned, r->orphaned == 1 ? " has lost" : "s have lost");
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
