/* Which column of a table is which field of a record: guessed from the names that Salesforce, HubSpot, LinkedIn,
 * Dynamics, Pipedrive and people give their columns, corrected by what the user says. Pure. */
#ifndef HARK_PEOPLE_IMPORT_MAP_H
#define HARK_PEOPLE_IMPORT_MAP_H

#include "monitor/base/csv.h"
#include "monitor/store/record.h"

#define IMPORT_MORE_MAX 16 /* columns of the user's own that are kept as attributes */
#define IMPORT_WISHES_MAX 64

/* What the user says of the columns. All borrowed. */
struct import_wishes {
	/* "field=Column"; a field that there is none of becomes an attribute of that name, which lists can
	 * ask for; an empty column: the field stays away. */
	const char *map[IMPORT_WISHES_MAX];
	size_t map_n;
	const char *set
		[IMPORT_WISHES_MAX]; /* "field=value": where the column is missing or a cell empty */
	size_t set_n;
	const char *system;   /* whose ids these are; NULL: guessed */
	struct str colleague; /* of ties: the row of whose they are */
};

struct import_map {
	enum record_kind kind;
	const char *system;            /* "salesforce" …, or the name of the kind */
	size_t at[RECORD_FIELDS];      /* column, SIZE_MAX: none */
	struct str set[RECORD_FIELDS]; /* absent: nothing */
	struct {
		struct str name;
		size_t at;
	} more[IMPORT_MORE_MAX];
	size_t more_n;
};

/* The map for a table whose header is csv->header. HARK_ENOENT: this is no header for such records, the sentence
 * says what is missing. HARK_EINVAL: what the user says cannot be, whatever the header. */
int import_map(struct import_map *out, enum record_kind kind, const struct csv *csv,
	const struct import_wishes *wishes, struct hark_err *err);
/* LinkedIn translates the names of its columns, not their order: true if the next row shows such
 * a table. False: *out stays. */
bool import_map_by_order(struct import_map *out, enum record_kind kind, const struct csv *csv,
	const struct import_wishes *wishes);

/* What a field is called in messages and by --map; NULL: these records have no such field. */
const char *import_field_name(enum record_kind kind, enum record_field field);
/* False: there is none of that name. */
bool import_field_parse(enum record_kind kind, struct str name, enum record_field *out);

#endif
