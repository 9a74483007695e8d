/* How hark import shows a file: what it takes its columns for, and what came of its rows. */
#ifndef HARK_CLI_IMPORT_SHOW_H
#define HARK_CLI_IMPORT_SHOW_H

#include "monitor/base/jsonout.h"
#include "monitor/people/import.h"

#define IMPORT_REASONS 5 /* are shown */

/* Rows that were refused: a file to mend and import again, and the first reasons. */
struct import_refused {
	struct buf csv;
	const struct csv *table; /* its header is the file's */
	struct arena arena;
	struct {
		unsigned line;
		struct str reason;
	} first[IMPORT_REASONS];
	size_t n; /* of `first` */
};

void import_refused_init(struct import_refused *r, const struct csv *table);
void import_refused_release(struct import_refused *r);
void import_refused_clear(struct import_refused *r);
/* For struct import_options. */
void import_refused_add(
	struct import_refused *r, const struct csv_row *row, struct str raw, const char *reason);

/* Where the rows come from. */
struct import_source {
	const char *path;
	const char *charset;
	bool charset_wrong;
	struct str before; /* an earlier import of this very file, or absent */
};

/* Field, column, values; what is ignored; what to watch. To standard output. */
int import_show_mapping(
	const struct import_table *t, const struct import_source *source, bool color);
/* Counts, and why the first rows were refused. */
void import_show_counts(
	const struct import_result *r, const struct import_refused *refused, bool written);
/* All of it as one JSON object. `rejected_file` may be NULL. */
void import_show_json(const struct import_table *t, const struct import_source *source,
	const struct import_result *r, const struct import_refused *refused,
	const char *rejected_file, struct buf *out);
/* The mapping as the ledger keeps it: {"name":"Full name",…}. */
void import_mapping_json(const struct import_table *t, struct jsonout *j);

#endif
