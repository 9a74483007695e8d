/* The names that columns have in exports, for import_map.c. */
#ifndef HARK_PEOPLE_IMPORT_COLUMNS_H
#define HARK_PEOPLE_IMPORT_COLUMNS_H

#include "monitor/store/record.h"

#define IMPORT_NAMES_MAX 18

struct import_column {
	enum record_field field;
	unsigned kinds;                      /* bits of enum record_kind */
	const char *name;                    /* what the field is called */
	const char *known[IMPORT_NAMES_MAX]; /* as cell_is_called() compares, best first */
};

/* Ends with a NULL name; in the order in which fields are shown. */
extern const struct import_column import_columns[];

#endif
