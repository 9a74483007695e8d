/* Entries of lists and their cells. */
#include "rules/lists_in.h"

#include "monitor/base/hash.h"

#include <stdlib.h>

/* Also in the singular: a list of people has one handle each. */
static const char *const known_columns[COLUMNS_KNOWN][2] = {
	{"name", "name"},
	{"id", "id"},
	{"aliases", "alias"},
	{"handles", "handle"},
	{"domains", "domain"},
};

enum known_column known_column(struct str name)
{
	size_t i = 0;
	while (i < COLUMNS_KNOWN && !str_eq_nocase(name, str_c(known_columns[i][0])) &&
		!str_eq_nocase(name, str_c(known_columns[i][1]))) {
		i++;
	}
	return (enum known_column)i;
}

void row_complain(
	struct row *r, const char *code, const char *help, const char *message, struct str what)
{
	diags_add(r->diags, DIAG_WARNING, code, r->at, r->source, help, "%s: '%.*s'", message,
		(int)(what.n < 80 ? what.n : 80), what.p);
}

/* Calls `take` for each of the values in one cell, between ; or |. */
static void each_value(struct row *r, struct str cell, void (*take)(struct row *, struct str))
{
	size_t from = 0;
	for (size_t i = 0; i <= cell.n; i++) {
		if (i == cell.n || cell.p[i] == ';' || cell.p[i] == '|') {
			struct str value = str_trim(str_n(cell.p + from, i - from));
			if (value.n > 0) {
				take(r, value);
			}
			from = i + 1;
		}
	}
}

static void take_value(struct row *r, enum known_column column, struct str cell)
{
	switch (column) {
	case COLUMN_NAME:
		take_name(r, cell);
		break;
	case COLUMN_ALIASES:
		each_value(r, cell, take_name);
		break;
	case COLUMN_HANDLES:
		each_value(r, cell, take_handle);
		break;
	case COLUMN_DOMAINS:
		each_value(r, cell, take_domain);
		break;
	default:
		break;
	}
}

/* The words of a name, folded, with one space between. */
static struct str folded_name(struct lists *l, struct str name)
{
	struct buf b;
	buf_init(&b, 1 << 16);
	text_reset(&l->scratch);
	text_add(&l->scratch, TEXT_TEXT, name);
	for (size_t i = 0; i < l->scratch.n; i++) {
		buf_add_c(&b, i > 0 ? " " : "");
		buf_add_str(&b, text_at(&l->scratch, i));
	}
	struct str id = arena_str(&l->arena, b.n > 0 ? buf_str(&b) : name);
	l->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : l->rc;
	buf_release(&b);
	return id;
}

static bool room_for_entry(struct list *list)
{
	if (list->n < list->cap) {
		return true;
	}
	size_t want = list->cap < 16 ? 16 : list->cap + list->cap / 2;
	struct list_entry *moved = realloc(list->entries, want * sizeof(*moved));
	if (moved == NULL || want > UINT32_MAX) {
		list->entries = moved != NULL ? moved : list->entries;
		return false;
	}
	list->entries = moved;
	list->cap = want;
	return true;
}

bool row_begin(struct row *r, struct str name, struct str id)
{
	struct list *list = r->list;
	if (!room_for_entry(list)) {
		r->l->rc = HARK_ENOMEM;
		return false;
	}
	r->entry = (uint32_t)list->n;
	list->entries[list->n++] =
		(struct list_entry){.name = arena_str(&r->l->arena, name), .line = r->at.line};
	struct list_entry *e = &list->entries[r->entry];
	e->id = id.n > 0 ? arena_str(&r->l->arena, id) : STR_NONE;
	list->version = hash64(id, hash64(name, list->version));
	buf_clear(r->cells);
	return e->name.p != NULL && (id.n == 0 || e->id.p != NULL);
}

static void put_cell(struct buf *b, size_t column, struct str cell)
{
	uint16_t at = (uint16_t)column;
	uint32_t bytes = (uint32_t)cell.n;
	buf_add_str(b, str_n((const char *)&at, sizeof(at)));
	buf_add_str(b, str_n((const char *)&bytes, sizeof(bytes)));
	buf_add_str(b, cell);
}

void row_cell(struct row *r, size_t column, struct str cell)
{
	enum known_column known = known_column(r->list->columns[column]);
	if (cell.n == 0) {
		return;
	}
	if (known != COLUMN_NAME && known != COLUMN_ID) {
		r->list->version = hash64(r->list->columns[column], hash64(cell, r->list->version));
		put_cell(r->cells, column, cell);
	}
	take_value(r, known, cell);
}

void row_end(struct row *r)
{
	static const uint16_t end = CELLS_END;
	struct list_entry *e = &r->list->entries[r->entry];
	if (e->id.p == NULL) { /* no words were found in it, or they are not looked for */
		e->id = folded_name(r->l, e->name);
	}
	if (r->cells->n == 0) {
		return;
	}
	buf_add_str(r->cells, str_n((const char *)&end, sizeof(end)));
	if (r->cells->rc == HARK_ELIMIT) {
		row_complain(r, "W074", "shorten it",
			"a row of more than 1 MiB, its columns are left out", e->name);
		r->cells->rc = HARK_OK;
	} else if (r->cells->rc == HARK_OK) {
		e->cells = arena_str(&r->l->arena, buf_str(r->cells)).p;
	}
	r->l->rc = r->cells->rc == HARK_ENOMEM ? HARK_ENOMEM : r->l->rc;
}

/* Index of a column, or their number. */
static size_t column_index(const struct list *list, struct str name)
{
	size_t i = 0;
	while (i < list->columns_n && !str_eq_nocase(list->columns[i], name)) {
		i++;
	}
	return i;
}

struct str list_lower(struct arena *a, struct str s)
{
	struct str copy = arena_str(a, s);
	for (size_t i = 0; copy.p != NULL && i < copy.n; i++) {
		char *c = (char *)copy.p + i;
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	}
	return copy;
}

size_t list_column(struct lists *l, struct list *list, struct str name)
{
	size_t i = column_index(list, name);
	if (i < list->columns_n) {
		return i;
	}
	if (list->columns == NULL) {
		list->columns = arena_alloc(&l->arena, LIST_COLUMNS_MAX * sizeof(*list->columns));
	}
	if (list->columns == NULL || list->columns_n == LIST_COLUMNS_MAX) {
		return SIZE_MAX;
	}
	list->columns[list->columns_n] = list_lower(&l->arena, name);
	return list->columns_n++;
}

static struct str find_cell(const char *cells, size_t column)
{
	for (;;) {
		uint16_t at;
		uint32_t bytes;
		memcpy(&at, cells, sizeof(at));
		if (at == CELLS_END) {
			return STR_NONE;
		}
		memcpy(&bytes, cells + sizeof(at), sizeof(bytes));
		cells += sizeof(at) + sizeof(bytes);
		if (at == column) {
			return str_n(cells, bytes);
		}
		cells += bytes;
	}
}

struct str list_attr(const struct list *list, const struct list_entry *e, struct str attr)
{
	if (str_eq_c(attr, "name")) {
		return e->name;
	}
	if (str_eq_c(attr, "id")) {
		return e->id;
	}
	size_t i = column_index(list, attr);
	return i < list->columns_n && e->cells != NULL ? find_cell(e->cells, i) : STR_NONE;
}

bool list_has_attr(const struct list *list, struct str attr)
{
	return str_eq_c(attr, "name") || str_eq_c(attr, "id") ||
	       column_index(list, attr) < list->columns_n;
}
