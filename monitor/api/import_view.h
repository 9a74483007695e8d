/* Imports as JSON, for the command line and the API alike: what a file is taken for, what came of its rows, the ledger. */
#ifndef HARK_API_IMPORT_VIEW_H
#define HARK_API_IMPORT_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/people/import.h"
#include "monitor/store/imports.h"

/* One whole object each. `look`: nothing was taken back. */
void import_view(struct jsonout *j, const struct import_entry *e);
void import_undone_json(struct jsonout *j, const struct import_undone *u, bool look);

#define IMPORT_REASONS 5 /* are shown */

/* Rows that were refused: a file to mend and import again, and the first reasons. */
struct import_refused {
	struct buf csv; /* whole rows; once its ceiling is reached, those that follow are left out */
	const struct csv *table; /* its header is the file's */
	struct arena arena;
	struct {
		unsigned line;
		struct str reason;
	} first[IMPORT_REASONS];
	size_t n; /* of `first` */
};

/* `max`: bytes of `csv`. */
void import_refused_init(struct import_refused *r, const struct csv *table, size_t max);
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
	struct str before;   /* an earlier import of this very file, or absent */
	bool tells_rejected; /* no file keeps the rejected rows: they are told */
};

/* All of it as one JSON object. `rejected_file` may be NULL. */
void import_file_json(const struct import_table *t, const struct import_source *source,
	const struct import_result *r, const struct import_refused *refused,
	const char *rejected_file, struct jsonout *j);
/* The mapping as the ledger keeps it: {"name":"Full name",…}. */
void import_mapping_json(const struct import_table *t, struct jsonout *j);

#endif
