/* A file to import, opened: where its header is, which column is which field, what stands in the columns. */
#ifndef HARK_PEOPLE_IMPORT_TABLE_H
#define HARK_PEOPLE_IMPORT_TABLE_H

#include "monitor/people/import_map.h"
#include "monitor/people/import_value.h"

#define IMPORT_SAMPLES 3

struct import_table {
	struct csv csv; /* before its first row */
	struct import_map map;
	enum date_order order;
	int64_t rows; /* below the header */
	struct str (*samples)
		[IMPORT_SAMPLES]; /* by column; the first values that differ, in the arena */
	size_t twice_encoded; /* rows with UTF-8 that was taken for another set and encoded again */
	struct arena arena;   /* header and samples */
	struct arena row;     /* of the row at hand */
};

/* `text` is UTF-8 and borrowed until import_table_close(); `separator` 0: guessed; `order` as the user says it,
 * else found out. HARK_EPARSE: none of the first lines is a header for such records, or the file is none.
 * HARK_EINVAL: what the user says cannot be; also dates that may be read in two ways. To be closed in any case. */
int import_table_open(struct import_table *t, enum record_kind kind, struct str text,
	char separator, enum date_order order, const struct import_wishes *wishes,
	struct hark_err *err);
void import_table_close(struct import_table *t);
/* Whether a field or an attribute is read from that column. */
bool import_table_uses(const struct import_table *t, size_t column);

#endif
