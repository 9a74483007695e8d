/* Which table and columns hold a kind of record; for the files in monitor/store. */
#ifndef HARK_STORE_RECORD_TABLE_H
#define HARK_STORE_RECORD_TABLE_H

#include "monitor/store/record.h"

struct record_column {
	const char *name;
	enum record_field field;
	bool is_number;
};

struct record_table {
	const char *name;
	const struct record_column *columns;
	size_t n;
	const char *more,
		*values; /* of an INSERT: columns that are always the same; may be empty */
};

const struct record_table *record_table(enum record_kind kind);

#endif
