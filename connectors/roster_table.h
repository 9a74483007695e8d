/* A list of people as their tools export it: CSV in any letters, with or without something above the
 * line that names the columns and below the last row.
 *
 *	roster_table_open(&t, text, &columns, &err);
 *	while ((rc = roster_table_next(&t, &row, &err)) != HARK_ENOENT) {
 *		if (rc != HARK_OK) { report row.line and err; continue; } // the rest goes on
 *	}
 *	roster_table_close(&t);
 *
 * Known columns are those of LinkedIn's Connections.csv, Sales Navigator, Salesforce and HubSpot, by
 * name; settings name others. Everything in a row is valid until the next call. One owner at a time. */
#ifndef HARK_CONNECTORS_ROSTER_TABLE_H
#define HARK_CONNECTORS_ROSTER_TABLE_H

#include "monitor/base/buf.h"
#include "monitor/base/csv.h"

enum roster_field {
	ROSTER_NAME,
	ROSTER_FIRST,
	ROSTER_LAST,
	ROSTER_ID,
	ROSTER_LINK,
	ROSTER_EMAIL,
	ROSTER_EMPLOYER,
	ROSTER_TITLE,
	ROSTER_LOCATION,
	ROSTER_SINCE,     /* of the job */
	ROSTER_CONNECTED, /* tells namesakes apart */
	ROSTER_FIELDS,
};

/* Names of columns, in order of the fields; NULL: those that are known. */
struct roster_columns {
	const char *name[ROSTER_FIELDS];
};

struct roster_row {
	struct str key;    /* who it is: what the exports of one tool agree in */
	struct str page;   /* what roster_page_url() makes an address of; may be empty */
	struct str person; /* never empty */
	struct str email, employer, title, location, since; /* may be empty */
	unsigned line;
	bool nameless; /* with HARK_EINVAL: it says something, but of nobody */
};

struct roster_table {
	struct csv csv;
	struct arena header, row;
	size_t at[ROSTER_FIELDS]; /* SIZE_MAX: there is no such column */
	struct buf key, page;     /* of the row */
	bool below;               /* a line below the table was read */
};

/* `text` is UTF-8 and borrowed until roster_table_close(). HARK_EPARSE: no line of it names columns. */
int roster_table_open(struct roster_table *t, struct str text, const struct roster_columns *columns,
	struct hark_err *err);
/* HARK_ENOENT: there are no more. HARK_EPARSE: this row is broken; row->line says which. HARK_EINVAL: it
 * is sound, but no person; the sentence says why. */
int roster_table_next(struct roster_table *t, struct roster_row *row, struct hark_err *err);
void roster_table_close(struct roster_table *t);

/* Whether there is a format of that name; and whether the columns are those of that tool (NULL and
 * "csv" are any). */
bool roster_table_knows(const char *format);
bool roster_table_is(const struct roster_table *t, const char *format);

/* Appends what stands for a page: "l" and the name of a LinkedIn profile, or "u" and any other page without
 * its scheme; nothing if it is no address. */
void roster_page(struct buf *out, struct str link);
/* The address of a page, or of the one that a key was made from, in `room`; absent: there is none. */
struct str roster_page_url(struct str page, struct buf *room);
/* The person's handle there, or absent. */
struct str roster_page_handle(struct str page);
/* Whether the key was made from the name alone. */
bool roster_key_is_name(struct str key);

#endif
