#include "connectors/roster_table.h"

#include "monitor/base/cell.h"
#include "monitor/base/fold.h"
#include "monitor/base/hash.h"
#include "monitor/base/utf8.h"

#include <stdio.h>

#define HEADER_RECORDS_MAX 20 /* the line that names the columns is among so many */
#define FIELD_MAX 1000        /* bytes of a name, a title …; the rest is cut off */
#define NAMES_MAX 12
#define SALESFORCE_LONG 18 /* the same id is written with 15 or with 18 characters */
#define SALESFORCE_SHORT 15

/* Without case and punctuation, best first. */
static const char *const known[ROSTER_FIELDS][NAMES_MAX] = {
	[ROSTER_NAME] = {"name", "fullname", "contactname", "leadname", "person", "personname",
		"employeename"},
	[ROSTER_FIRST] = {"firstname", "givenname", "vorname", "prénom"},
	[ROSTER_LAST] = {"lastname", "surname", "familyname", "nachname"},
	[ROSTER_ID] = {"recordid", "contactid", "leadid", "id", "hsobjectid", "personid",
		"employeeid"},
	[ROSTER_LINK] = {"linkedinurl", "linkedinprofileurl", "linkedinprofile", "profileurl",
		"linkedinc", "linkedin", "personlinkedinurl", "memberurl", "leadlinkedinurl", "url",
		"profilelink"},
	[ROSTER_EMAIL] = {"emailaddress", "email", "workemail", "primaryemail"},
	[ROSTER_EMPLOYER] = {"companyname", "company", "accountname", "currentcompany", "employer",
		"associatedcompany", "organization", "organisation", "companyaccount",
		"primarycompany", "firma"},
	[ROSTER_TITLE] = {"jobtitle", "position", "currenttitle", "title", "currentposition",
		"headline"},
	[ROSTER_LOCATION] = {"location", "geography", "countryregion", "personlocation"},
	[ROSTER_SINCE] = {"positionstartdate", "startedon", "jobstartdate", "rolestartdate"},
	[ROSTER_CONNECTED] = {"connectedon"},
};

/* LinkedIn translates the names of its columns, not their order. */
static const enum roster_field linkedin_order[] = {ROSTER_FIRST, ROSTER_LAST, ROSTER_LINK,
	ROSTER_EMAIL, ROSTER_EMPLOYER, ROSTER_TITLE, ROSTER_CONNECTED};
#define LINKEDIN_COLUMNS (sizeof(linkedin_order) / sizeof(linkedin_order[0]))

/* --- the columns --- */

static size_t find_known(const struct csv *csv, enum roster_field field)
{
	for (size_t k = 0; k < NAMES_MAX && known[field][k] != NULL; k++) {
		for (size_t i = 0; i < csv->header.n; i++) {
			if (cell_is_called(csv->header.cells[i], known[field][k])) {
				return i;
			}
		}
	}
	return SIZE_MAX;
}

static bool has(const struct roster_table *t, enum roster_field field)
{
	return t->at[field] != SIZE_MAX;
}

/* True: the record names who and where. A column that a setting names must be there. */
static bool map_names(struct roster_table *t, const struct roster_columns *columns)
{
	for (enum roster_field f = 0; f < ROSTER_FIELDS; f++) {
		const char *name = columns->name[f];
		t->at[f] = name != NULL ? csv_column(&t->csv, name) : find_known(&t->csv, f);
		if (name != NULL && !has(t, f)) {
			return false;
		}
	}
	return (has(t, ROSTER_NAME) || has(t, ROSTER_LAST) || has(t, ROSTER_FIRST)) &&
	       (has(t, ROSTER_EMPLOYER) || has(t, ROSTER_TITLE));
}

/* True: the record before one with a LinkedIn profile in its third cell. */
static bool map_order(struct roster_table *t)
{
	struct csv ahead = t->csv;
	struct csv_row row;
	if (t->csv.header.n != LINKEDIN_COLUMNS || csv_next(&ahead, &row, NULL) != HARK_OK ||
		row.n != LINKEDIN_COLUMNS ||
		str_find(row.cells[2], STR("linkedin.com/in/")) == SIZE_MAX) {
		return false;
	}
	for (enum roster_field f = 0; f < ROSTER_FIELDS; f++) {
		t->at[f] = SIZE_MAX;
	}
	for (size_t i = 0; i < LINKEDIN_COLUMNS; i++) {
		t->at[linkedin_order[i]] = i;
	}
	return true;
}

static bool any_is_named(const struct roster_columns *columns)
{
	for (enum roster_field f = 0; f < ROSTER_FIELDS; f++) {
		if (columns->name[f] != NULL) {
			return true;
		}
	}
	return false;
}

/* The beginning of an archive, of its index if nothing is in it, or of one of several parts. A column may be
 * called PK. */
static bool is_zip(struct str text)
{
	return str_starts(text, STR("PK\3\4")) || str_starts(text, STR("PK\5\6")) ||
	       str_starts(text, STR("PK\7\10"));
}

static int no_header(struct str text, const struct roster_columns *columns, struct hark_err *err)
{
	if (str_trim(text).n == 0) {
		return hark_err_set(err, HARK_EPARSE, "it is empty");
	}
	for (enum roster_field f = 0; f < ROSTER_FIELDS; f++) {
		if (columns->name[f] != NULL) {
			return hark_err_set(err, HARK_EPARSE,
				"none of the first %d lines names all columns that the settings name "
				"('%s' …)",
				HEADER_RECORDS_MAX, columns->name[f]);
		}
	}
	return hark_err_set(err, HARK_EPARSE,
		"none of the first %d lines names a column for the name and one for the employer or "
		"the title: hark connector show roster lists the settings that do",
		HEADER_RECORDS_MAX);
}

int roster_table_open(struct roster_table *t, struct str text, const struct roster_columns *columns,
	struct hark_err *err)
{
	struct str rest = text;
	unsigned line = 1;
	t->below = false;
	arena_init(&t->header, 0);
	arena_init(&t->row, 0);
	buf_init(&t->key, 1 << 16);
	buf_init(&t->page, 1 << 16);
	if (is_zip(text)) { /* not packed, its lines could be read */
		return hark_err_set(err, HARK_EPARSE,
			"this is a ZIP archive or a spreadsheet: unpack it, or save the sheet as CSV");
	}
	for (int i = 0; i < HEADER_RECORDS_MAX && rest.n > 0; i++) {
		int rc = csv_open(&t->csv, rest, &t->header, err);
		if (rc == HARK_OK &&
			(map_names(t, columns) || (!any_is_named(columns) && map_order(t)))) {
			t->csv.arena = &t->row;
			t->csv.line += line - 1;
			return HARK_OK;
		}
		line += t->csv.line - 1;
		rest = str_n(t->csv.text.p + t->csv.at, t->csv.text.n - t->csv.at);
	}
	return no_header(text, columns, err);
}

void roster_table_close(struct roster_table *t)
{
	arena_release(&t->header);
	arena_release(&t->row);
	buf_release(&t->key);
	buf_release(&t->page);
}

/* --- the tool --- */

/* A column that only that tool writes. */
#define TOOL_COLUMNS 3
static const struct {
	const char *format, *columns[TOOL_COLUMNS];
} tools[] = {
	{"csv", {NULL}},
	{"linkedin-connections", {"connectedon"}},
	{"sales-navigator", {"linkedinurl", "profileurl", "salesnavigatorurl"}},
	{"salesforce", {"id", "contactid", "leadid"}},
	{"hubspot", {"recordid"}},
};
#define TOOLS (sizeof(tools) / sizeof(tools[0]))

bool roster_table_knows(const char *format)
{
	for (size_t i = 0; i < TOOLS; i++) {
		if (strcmp(tools[i].format, format) == 0) {
			return true;
		}
	}
	return false;
}

static bool has_column(const struct roster_table *t, const char *const names[TOOL_COLUMNS])
{
	for (size_t i = 0; i < t->csv.header.n; i++) {
		for (size_t k = 0; k < TOOL_COLUMNS && names[k] != NULL; k++) {
			if (cell_is_called(t->csv.header.cells[i], names[k])) {
				return true;
			}
		}
	}
	return false;
}

bool roster_table_is(const struct roster_table *t, const char *format)
{
	for (size_t i = 0; format != NULL && i < TOOLS; i++) {
		if (strcmp(tools[i].format, format) == 0) {
			/* translated columns were known by what stands in them */
			bool by_order = i == 1 && has(t, ROSTER_CONNECTED);
			return tools[i].columns[0] == NULL || by_order ||
			       has_column(t, tools[i].columns);
		}
	}
	return true;
}

/* --- a cell --- */

static struct str cell(struct roster_table *t, const struct csv_row *raw, enum roster_field field)
{
	struct str s = csv_cell(raw, t->at[field]);
	return s.n == 0 ? STR("")
			: cell_clean(cell_shown(s, field == ROSTER_LINK), FIELD_MAX, &t->row);
}

/* --- who it is --- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

/* Adds `s` with %xx decoded where that gives more than a control character. */
static void add_decoded(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int hex = s.p[i] == '%' ? str_hex(s, i + 1) : -1;
		int c = hex >= 0 ? hex : (unsigned char)s.p[i];
		bool decodes = hex >= 0 && c > ' ' && c != 0x7f && c != '%';
		buf_add_char(out, decodes ? (char)c : lower(s.p[i]));
		i += decodes ? 2 : 0;
	}
}

static void cut_at(struct str *s, const char *any)
{
	for (size_t i = 0; i < s->n; i++) {
		if (strchr(any, s->p[i]) != NULL && s->p[i] != '\0') {
			s->n = i;
			return;
		}
	}
}

/* "l" and the name of the profile, decoded if that gives text. */
static void add_profile(struct buf *out, struct str name)
{
	buf_add_char(out, 'l');
	add_decoded(out, name);
	if (!utf8_is_clean(buf_str(out))) {
		buf_clear(out);
		buf_add_char(out, 'l');
		buf_add_str(out, name);
	}
}

void roster_page(struct buf *out, struct str link)
{
	size_t scheme = str_find(link, STR("://"));
	if (scheme != SIZE_MAX) {
		link = str_n(link.p + scheme + 3, link.n - scheme - 3);
	}
	cut_at(&link, "?#, ");
	while (link.n > 0 && link.p[link.n - 1] == '/') {
		link.n--;
	}
	struct str path = link, host;
	if (!str_split(&path, '/', &host) || path.n == 0 || str_find(host, STR(".")) == SIZE_MAX) {
		return;
	}
	bool linkedin = (host.n >= 12 && str_eq_nocase(str_n(host.p + host.n - 12, 12),
						 STR("linkedin.com"))) &&
			(host.n == 12 || host.p[host.n - 13] == '.');
	if (linkedin && str_starts_nocase(path, STR("in/")) && path.n > 3) {
		path = str_n(path.p + 3, path.n - 3);
		cut_at(&path, "/"); /* a language may follow */
		add_profile(out, path);
		return;
	}
	buf_add_char(out, 'u');
	for (size_t i = 0; i < host.n; i++) {
		buf_add_char(out, lower(host.p[i]));
	}
	buf_add_char(out, '/');
	buf_add_str(out, path);
}

/* Salesforce writes the same id in two lengths. */
static struct str short_id(struct str id)
{
	bool is_contact = str_starts(id, STR("003")) || str_starts(id, STR("00Q"));
	return id.n == SALESFORCE_LONG && is_contact ? str_n(id.p, SALESFORCE_SHORT) : id;
}

/* Addresses are not kept, only what tells them apart. */
static void key_of_words(struct buf *out, char kind, struct str a, struct str b)
{
	struct buf words;
	buf_init(&words, 1 << 16);
	fold_words(&words, a);
	buf_add_char(&words, '\n');
	fold_words(&words, b);
	buf_printf(out, "%c%016llx", kind, (unsigned long long)hash64(buf_str(&words), 0));
	buf_release(&words);
}

static void add_key(struct roster_table *t, const struct csv_row *raw, const struct roster_row *row)
{
	struct str id = short_id(cell(t, raw, ROSTER_ID));
	if (id.n > 0) {
		buf_add_char(&t->key, 'i');
		buf_add_str(&t->key, id);
	} else if (row->page.n > 0) {
		buf_add_str(&t->key, row->page);
	} else if (str_find(row->email, STR("@")) != SIZE_MAX) {
		key_of_words(&t->key, 'e', row->email, STR(""));
	} else {
		key_of_words(&t->key, 'n', row->person, cell(t, raw, ROSTER_CONNECTED));
	}
}

struct str roster_page_url(struct str page, struct buf *room)
{
	if (page.n < 2 || (page.p[0] != 'l' && page.p[0] != 'u')) {
		return STR_NONE;
	}
	buf_clear(room);
	buf_add_c(room, page.p[0] == 'l' ? "https://www.linkedin.com/in/" : "https://");
	for (size_t i = 1; i < page.n; i++) {
		if ((signed char)page.p[i] < 0 || strchr("\"<>\\^`{|}", page.p[i]) != NULL) {
			buf_printf(room, "%%%02x", (unsigned char)page.p[i]);
		} else {
			buf_add_char(room, page.p[i]);
		}
	}
	return buf_str(room);
}

struct str roster_page_handle(struct str page)
{
	return page.n > 1 && page.p[0] == 'l' ? str_n(page.p + 1, page.n - 1) : STR_NONE;
}

bool roster_key_is_name(struct str key)
{
	return key.n > 0 && key.p[0] == 'n';
}

/* --- a row --- */

static struct str join(struct roster_table *t, struct str first, struct str last)
{
	if (first.n == 0 || last.n == 0) {
		return first.n > 0 ? first : last;
	}
	char *p = arena_room(&t->row, first.n + last.n + 2);
	if (p == NULL) {
		return STR("");
	}
	memcpy(p, first.p, first.n);
	p[first.n] = ' ';
	memcpy(p + first.n + 1, last.p, last.n);
	return str_n(p, first.n + 1 + last.n);
}

/* A date as the records write it: what stands in front of a time. */
static struct str date_of(struct str s)
{
	bool is_iso = s.n >= 10 && s.p[4] == '-' && s.p[7] == '-';
	return is_iso ? str_n(s.p, 10) : s;
}

/* The last row of a file that was cut. One cell may as well be a line below the table, if something else
 * stands between it and the rows. */
static bool is_cut(const struct roster_table *t, const struct csv_row *raw, unsigned expected)
{
	bool may_be_below = raw->n == 1 && (t->below || raw->line != expected);
	return raw->unended && raw->n < t->csv.header.n && !may_be_below;
}

static bool is_empty(const struct csv_row *raw)
{
	for (size_t i = 0; i < raw->n; i++) {
		if (str_trim(csv_cell(raw, i)).n > 0) {
			return false;
		}
	}
	return true;
}

int roster_table_next(struct roster_table *t, struct roster_row *row, struct hark_err *err)
{
	struct csv_row raw;
	unsigned expected = t->csv.line;
	arena_reset(&t->row);
	int rc = csv_next(&t->csv, &raw, err);
	*row = (struct roster_row){.line = raw.line};
	if (rc != HARK_OK) {
		return rc;
	}
	if (is_cut(t, &raw, expected)) {
		return hark_err_set(err, HARK_EPARSE, "the file ends in the middle of it");
	}
	if (raw.n == 1 && t->csv.header.n > 2) {
		t->below = true;
		return hark_err_set(err, HARK_EINVAL, "a line below the table");
	}
	row->person = cell(t, &raw, ROSTER_NAME);
	if (row->person.n == 0) {
		row->person = join(t, cell(t, &raw, ROSTER_FIRST), cell(t, &raw, ROSTER_LAST));
	}
	if (row->person.n == 0 && is_empty(&raw)) {
		return hark_err_set(err, HARK_EINVAL, "an empty row");
	}
	if (row->person.n == 0) {
		row->nameless = true;
		return hark_err_set(err, HARK_EINVAL, "a row without a name");
	}
	row->email = cell(t, &raw, ROSTER_EMAIL);
	row->employer = cell(t, &raw, ROSTER_EMPLOYER);
	row->title = cell(t, &raw, ROSTER_TITLE);
	row->location = cell(t, &raw, ROSTER_LOCATION);
	row->since = date_of(cell(t, &raw, ROSTER_SINCE));
	buf_clear(&t->key);
	buf_clear(&t->page);
	roster_page(&t->page, cell(t, &raw, ROSTER_LINK));
	row->page = buf_str(&t->page);
	add_key(t, &raw, row);
	row->key = buf_str(&t->key);
	return t->row.rc != HARK_OK || t->key.rc != HARK_OK || t->page.rc != HARK_OK
		       ? hark_err_set(err, HARK_ENOMEM, "no memory to read it")
		       : HARK_OK;
}
