/* How hark import shows a file: what it takes its columns for, and what came of its rows. */
#ifndef HARK_CLI_IMPORT_SHOW_H
#define HARK_CLI_IMPORT_SHOW_H

#include "monitor/api/import_view.h"

/* Field, column, values; what is ignored; what to watch. To standard output. */
int import_show_mapping(
	const struct import_table *t, const struct import_source *source, bool color);
/* Counts, and why the first rows were refused. */
void import_show_counts(
	const struct import_result *r, const struct import_refused *refused, bool written);

#endif
