/* One row of a table into one record, in the form it is stored in. Pure. */
#ifndef HARK_PEOPLE_IMPORT_ROW_H
#define HARK_PEOPLE_IMPORT_ROW_H

#include "monitor/people/import_map.h"
#include "monitor/people/import_value.h"

/* HARK_EINVAL: the row cannot be used; the sentence is the reason, for the user. HARK_ENOENT: the row says that it
 * is deleted. HARK_ESTATE: it says that the person opted out. HARK_ENOMEM. What *out points to lives in the row, in the map and in `arena`. */
int import_row(const struct import_map *map, const struct csv_row *row, enum date_order order,
	struct arena *arena, struct record *out, struct hark_err *err);
/* Adds to `seen` what the dates of the row tell of the order of day and month. */
void import_row_dates(const struct import_map *map, const struct csv_row *row, unsigned *seen);

#endif
