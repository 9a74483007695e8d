#include "monitor/people/import_map.h"

#include "monitor/base/cell.h"
#include "monitor/base/diag.h"
#include "monitor/people/import_columns.h"
#include "monitor/people/import_value.h"

#define LINKEDIN_COLUMNS 7

static bool is_of(const struct import_column *c, enum record_kind kind)
{
	return (c->kinds & 1u << kind) != 0;
}

const char *import_field_name(enum record_kind kind, enum record_field field)
{
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		if (c->field == field && is_of(c, kind)) {
			return c->name;
		}
	}
	return NULL;
}

bool import_field_parse(enum record_kind kind, struct str name, enum record_field *out)
{
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		if (is_of(c, kind) && str_eq_c(name, c->name)) {
			*out = c->field;
			return true;
		}
	}
	return false;
}

static size_t find_column(const struct csv *csv, const struct import_column *c)
{
	for (size_t k = 0; k < IMPORT_NAMES_MAX && c->known[k] != NULL; k++) {
		for (size_t i = 0; i < csv->header.n; i++) {
			if (cell_is_called(csv->header.cells[i], c->known[k])) {
				return i;
			}
		}
	}
	return SIZE_MAX;
}

/* ---- whose it is ---- */

/* Columns that only the exports of that tool have, all lower case. */
static const struct {
	const char *system, *columns[6];
} systems[] = {
	{"linkedin", {"connectedon"}},
	{"dynamics", {"donotmodifycontact", "donotmodifyaccount", "donotmodifyopportunity",
			     "donotmodifycase", "statusreason"}},
	{"hubspot", {"recordid", "hsobjectid", "ticketid"}},
	{"pipedrive", {"personname", "organizationname", "dealtitle", "personorganization"}},
	{"salesforce", {"isdeleted", "systemmodstamp", "accountid", "contactid", "opportunityid",
			       "casenumber"}},
};
#define SYSTEMS (sizeof(systems) / sizeof(systems[0]))

static bool has_called(const struct csv *csv, const char *name)
{
	for (size_t i = 0; i < csv->header.n; i++) {
		if (cell_is_called(csv->header.cells[i], name)) {
			return true;
		}
	}
	return false;
}

static const char *guess_system(const struct csv *csv, enum record_kind kind)
{
	for (size_t s = 0; s < SYSTEMS; s++) {
		for (size_t i = 0; i < 6 && systems[s].columns[i] != NULL; i++) {
			if (has_called(csv, systems[s].columns[i])) {
				return systems[s].system;
			}
		}
	}
	return record_kind_name(kind);
}

/* ---- what the user says ---- */

/* The field whose name is nearest, or NULL. */
static const char *near_field(enum record_kind kind, struct str name)
{
	const char *names[RECORD_FIELDS];
	size_t n = 0;
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		if (is_of(c, kind) && n < RECORD_FIELDS) {
			names[n++] = c->name;
		}
	}
	return did_you_mean(name, names, n);
}

static int no_field(enum record_kind kind, struct str name, struct hark_err *err)
{
	const char *near = near_field(kind, name);
	return hark_err_set(err, HARK_EINVAL, "%s have no field '%.*s'%s%s%s",
		record_kind_name(kind), STR_FMT(name), near != NULL ? ", did you mean '" : "",
		near != NULL ? near : "", near != NULL ? "'?" : "");
}

static bool split(const char *text, struct str *name, struct str *value)
{
	struct str s = str_c(text);
	size_t at = str_find(s, STR("="));
	if (at == SIZE_MAX || at == 0) {
		return false;
	}
	*name = str_trim(str_n(s.p, at));
	*value = str_trim(str_n(s.p + at + 1, s.n - at - 1));
	return name->n > 0;
}

static int no_column(const struct csv *csv, struct str value, struct hark_err *err)
{
	const char *names[CSV_COLUMNS_MAX];
	size_t n = 0;
	struct arena arena;
	arena_init(&arena, 0);
	for (; n < csv->header.n; n++) {
		names[n] = arena_c(&arena, csv->header.cells[n]);
		names[n] = names[n] != NULL ? names[n] : "";
	}
	const char *near = did_you_mean(value, names, n);
	int rc = hark_err_set(err, HARK_ENOENT, "it has no column '%.*s'%s%s%s", STR_FMT(value),
		near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
		near != NULL ? "'?" : "");
	arena_release(&arena);
	return rc;
}

static int add_more(struct import_map *m, struct str name, size_t at, struct hark_err *err)
{
	for (size_t i = 0; i < name.n; i++) {
		bool fits = (name.p[i] >= 'a' && name.p[i] <= 'z') ||
			    (name.p[i] >= '0' && name.p[i] <= '9') || name.p[i] == '-' ||
			    name.p[i] == '_';
		if (!fits) {
			return hark_err_set(err, HARK_EINVAL,
				"'%.*s' is no name for an attribute: small letters, digits, - and _",
				STR_FMT(name));
		}
	}
	if (m->more_n == IMPORT_MORE_MAX) {
		return hark_err_set(err, HARK_EINVAL, "more than %d attributes", IMPORT_MORE_MAX);
	}
	m->more[m->more_n].name = name;
	m->more[m->more_n++].at = at;
	return HARK_OK;
}

static int take_map(
	struct import_map *m, const struct csv *csv, const char *text, struct hark_err *err)
{
	struct str name = STR_NONE, value = STR_NONE;
	enum record_field field;
	if (!split(text, &name, &value)) {
		return hark_err_set(err, HARK_EINVAL,
			"'%s' is no FIELD=COLUMN, for example name=\"Full name\"", text);
	}
	bool known = import_field_parse(m->kind, name, &field);
	if (value.n == 0) {
		if (!known) {
			return no_field(m->kind, name, err);
		}
		m->at[field] = SIZE_MAX;
		return HARK_OK;
	}
	size_t at = 0;
	while (at < csv->header.n && !str_eq_nocase(csv->header.cells[at], value)) {
		at++;
	}
	if (!known && near_field(m->kind, name) != NULL) { /* rather a slip than an attribute */
		return no_field(m->kind, name, err);
	}
	if (at == csv->header.n) {
		return no_column(csv, value, err);
	}
	if (!known) {
		return add_more(m, name, at, err);
	}
	m->at[field] = at;
	return HARK_OK;
}

/* The usual type that a word is meant to be, or NULL: it is one, or a word of the user's own. */
static const char *slip_of(struct str type)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct str known = import_account_type(type, &arena);
	const char *near = import_type_is_usual(known) ? NULL : import_type_near(known);
	arena_release(&arena);
	return near;
}

static int take_set(struct import_map *m, const char *text, struct hark_err *err)
{
	struct str name = STR_NONE, value = STR_NONE;
	enum record_field field;
	if (!split(text, &name, &value) || value.n == 0) {
		return hark_err_set(err, HARK_EINVAL,
			"'%s' is no FIELD=VALUE, for example type=customer", text);
	}
	if (!import_field_parse(m->kind, name, &field)) {
		return no_field(m->kind, name, err);
	}
	if (field == REC_ID || field == REC_EMAIL || field == REC_LINK || field == REC_HANDLE) {
		return hark_err_set(err, HARK_EINVAL,
			"%.*s tells records apart: no two have the same", STR_FMT(name));
	}
	const char *near = field == REC_TYPE && m->kind == RECORD_ACCOUNT ? slip_of(value) : NULL;
	if (near != NULL) {
		return hark_err_set(err, HARK_EINVAL, "there is no type '%.*s', did you mean '%s'?",
			STR_FMT(value), near);
	}
	m->set[field] = value;
	return HARK_OK;
}

/* What is said of a field twice cannot both be meant. */
static int check_once(const char *const *said, size_t n, struct hark_err *err)
{
	for (size_t i = 1; i < n; i++) {
		for (size_t k = 0; k < i; k++) {
			struct str a = STR_NONE, b = STR_NONE, value;
			if (split(said[k], &a, &value) && split(said[i], &b, &value) &&
				str_eq(a, b)) {
				return hark_err_set(err, HARK_EINVAL,
					"'%s' and '%s' are both said of %.*s: say one of them",
					said[k], said[i], STR_FMT(a));
			}
		}
	}
	return HARK_OK;
}

static int take_wishes(struct import_map *m, const struct csv *csv,
	const struct import_wishes *wishes, struct hark_err *err)
{
	int rc = check_once(wishes->set, wishes->set_n, err);
	rc = rc == HARK_OK ? check_once(wishes->map, wishes->map_n, err) : rc;
	for (size_t i = 0; i < wishes->set_n && rc == HARK_OK; i++) {
		rc = take_set(m, wishes->set[i], err);
	}
	for (size_t i = 0; i < wishes->map_n && rc == HARK_OK; i++) {
		rc = take_map(m, csv, wishes->map[i], err);
	}
	m->set[REC_COLLEAGUE] = wishes->colleague;
	m->system = wishes->system != NULL ? wishes->system : guess_system(csv, m->kind);
	return rc;
}

/* ---- whether it will do ---- */

static bool has(const struct import_map *m, enum record_field f)
{
	return m->at[f] != SIZE_MAX || m->set[f].p != NULL;
}

static int lacks(
	const struct import_map *m, const char *what, const char *say, struct hark_err *err)
{
	return hark_err_set(err, HARK_ENOENT, "no column says %s of these %s: %s", what,
		record_kind_name(m->kind), say);
}

static int check_person(const struct import_map *m, struct hark_err *err)
{
	if (!has(m, REC_NAME) && !has(m, REC_LAST) && !has(m, REC_FIRST)) {
		return lacks(m, "the name", "--map name=COLUMN", err);
	}
	if (!has(m, REC_ID) && !has(m, REC_EMAIL) && !has(m, REC_LINK) && !has(m, REC_ACCOUNT)) {
		return lacks(m, "more than the name",
			"an id, an e-mail address, a profile or an employer, --map employer=COLUMN",
			err);
	}
	return HARK_OK;
}

static int check_account(const struct import_map *m, struct hark_err *err)
{
	if (!has(m, REC_NAME)) {
		return lacks(m, "the name", "--map name=COLUMN", err);
	}
	return has(m, REC_TYPE) ? HARK_OK
				: lacks(m, "the type",
					  "--map type=COLUMN or --set type=customer (or prospect, "
					  "competitor)",
					  err);
}

/* What hangs on an account. */
static int check_deed(const struct import_map *m, struct hark_err *err)
{
	if (m->kind != RECORD_SURVEY && !has(m, REC_ID)) {
		return lacks(m, "the id", "--map id=COLUMN", err);
	}
	if (!has(m, REC_ACCOUNT) && !has(m, REC_ACCOUNT_ID) &&
		(m->kind != RECORD_SURVEY || !has(m, REC_EMAIL))) {
		return lacks(m, "the account", "--map account=COLUMN", err);
	}
	if (m->kind == RECORD_OPPORTUNITY && !has(m, REC_STAGE) && !has(m, REC_STATE) &&
		!has(m, REC_WON)) {
		return lacks(m, "the stage", "--map stage=COLUMN", err);
	}
	if (m->kind == RECORD_CASE && !has(m, REC_STAGE) && !has(m, REC_CLOSED)) {
		return lacks(m, "the status", "--map status=COLUMN", err);
	}
	if (m->kind == RECORD_SURVEY && !has(m, REC_SCORE)) {
		return lacks(m, "the score", "--map score=COLUMN", err);
	}
	return m->kind != RECORD_SURVEY || has(m, REC_SURVEY)
		       ? HARK_OK
		       : lacks(m, "which survey", "--set survey=nps or --set survey=csat", err);
}

static int check(const struct import_map *m, struct hark_err *err)
{
	switch (m->kind) {
	case RECORD_CONTACT:
	case RECORD_STAFF:
	case RECORD_TIE:
		return check_person(m, err);
	case RECORD_ACCOUNT:
		return check_account(m, err);
	default:
		return check_deed(m, err);
	}
}

/* A column of scores that is called by its survey says which it is. */
static void name_survey(struct import_map *m, const struct csv *csv)
{
	if (m->kind != RECORD_SURVEY || has(m, REC_SURVEY) || m->at[REC_SCORE] == SIZE_MAX) {
		return;
	}
	struct str name = csv->header.cells[m->at[REC_SCORE]];
	if (cell_is_called(name, "nps") || cell_is_called(name, "npsscore")) {
		m->set[REC_SURVEY] = STR("nps");
	} else if (cell_is_called(name, "csat") || cell_is_called(name, "csatscore")) {
		m->set[REC_SURVEY] = STR("csat");
	}
}

/* A column is for one field only: "Title" of a deal is not its name and something else. */
static bool is_taken(const struct import_map *m, size_t at)
{
	for (size_t f = 0; f < RECORD_FIELDS; f++) {
		if (m->at[f] == at) {
			return true;
		}
	}
	return false;
}

static void empty_map(struct import_map *m, enum record_kind kind)
{
	*m = (struct import_map){.kind = kind};
	for (size_t f = 0; f < RECORD_FIELDS; f++) {
		m->at[f] = SIZE_MAX;
	}
}

int import_map(struct import_map *out, enum record_kind kind, const struct csv *csv,
	const struct import_wishes *wishes, struct hark_err *err)
{
	empty_map(out, kind);
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		size_t at = is_of(c, kind) ? find_column(csv, c) : SIZE_MAX;
		if (at != SIZE_MAX && !is_taken(out, at)) {
			out->at[c->field] = at;
		}
	}
	int rc = take_wishes(out, csv, wishes, err);
	if (rc == HARK_OK) {
		name_survey(out, csv);
		rc = check(out, err);
	}
	return rc;
}

bool import_map_by_order(struct import_map *out, enum record_kind kind, const struct csv *csv,
	const struct import_wishes *wishes)
{
	static const enum record_field order[] = {
		REC_FIRST, REC_LAST, REC_LINK, REC_EMAIL, REC_ACCOUNT, REC_TITLE, REC_DATE};
	struct csv ahead = *csv;
	struct csv_row row;
	if ((kind != RECORD_CONTACT && kind != RECORD_TIE) || csv->header.n != LINKEDIN_COLUMNS ||
		csv_next(&ahead, &row, NULL) != HARK_OK || row.n != LINKEDIN_COLUMNS ||
		str_find(row.cells[2], STR("linkedin.com/in/")) == SIZE_MAX) {
		return false;
	}
	struct import_map m;
	empty_map(&m, kind);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (order[i] == REC_DATE && kind == RECORD_CONTACT) {
			break; /* since when one knows them is nothing of theirs */
		}
		m.at[order[i]] = i;
	}
	bool took = take_wishes(&m, csv, wishes, NULL) == HARK_OK;
	m.system = wishes->system != NULL ? wishes->system : "linkedin";
	if (took) {
		*out = m;
	}
	return took;
}
