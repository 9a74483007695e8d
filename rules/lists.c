#include "rules/lists.h"

#include "monitor/base/csv.h"
#include "rules/fold.h"

enum known_column {
	COLUMN_NAME,
	COLUMN_ID,
	COLUMN_ALIASES,
	COLUMN_HANDLES,
	COLUMN_DOMAINS,
	COLUMNS_KNOWN,
};

/* Also in the singular: a list of people has one handle each. */
static const char *const known_columns[COLUMNS_KNOWN][2] = {
	{"name", "name"},
	{"id", "id"},
	{"aliases", "alias"},
	{"handles", "handle"},
	{"domains", "domain"},
};

void lists_init(struct lists *l)
{
	*l = (struct lists){0};
	arena_init(&l->arena, 0);
	names_init(&l->names);
	text_init(&l->scratch);
}

void lists_release(struct lists *l)
{
	names_release(&l->names);
	text_release(&l->scratch);
	arena_release(&l->arena);
	*l = (struct lists){0};
}

struct list *lists_add(struct lists *l, struct str name, const struct list_options *options)
{
	struct list *list = arena_alloc(&l->arena, sizeof(*list));
	struct list **grown = arena_grow(&l->arena, l->v, l->n, &l->cap, sizeof(*grown));
	if (list == NULL || grown == NULL) {
		l->rc = HARK_ENOMEM;
		return NULL;
	}
	l->v = grown;
	list->index = (uint32_t)l->n;
	l->v[l->n++] = list;
	list->name = arena_str(&l->arena, name);
	if (options == NULL) {
		return list;
	}
	list->options = *options;
	list->context = arena_alloc(&l->arena, options->context_n * sizeof(uint64_t));
	for (size_t i = 0; list->context != NULL && i < options->context_n; i++) {
		text_reset(&l->scratch);
		text_add(&l->scratch, TEXT_TEXT, options->context[i]);
		if (l->scratch.n > 0) {
			list->context[list->context_n++] = l->scratch.hash[0];
		}
	}
	return list;
}

/* One row, whatever it was read from. */
struct row {
	struct lists *l;
	struct list *list;
	uint32_t entry;
	struct diags *diags;
	struct diag_at at;
	struct str source; /* the line, for messages */
};

static void complain(
	struct row *r, const char *code, const char *help, const char *message, struct str what)
{
	diags_add(r->diags, DIAG_WARNING, code, r->at, r->source, help, "%s: '%.*s'", message,
		(int)(what.n < 80 ? what.n : 80), what.p);
}

static size_t characters(struct str s)
{
	size_t n = 0;
	for (size_t i = 0; i < s.n; i++) {
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	}
	return n;
}

static bool is_letter_at(struct str s, size_t i)
{
	return i < s.n && ((unsigned char)s.p[i] >= 0x80 ||
				  fold_ascii_class[(unsigned char)s.p[i]] == CHAR_LETTER ||
				  fold_ascii_class[(unsigned char)s.p[i]] == CHAR_DIGIT);
}

/* A sign that belongs to the name (C++, AT&T, Yahoo!) and that words alone would not see. */
static bool needs_verify(struct str name)
{
	for (size_t i = 0; i < name.n; i++) {
		bool sign = strchr("&+#!@$%*=^|", name.p[i]) != NULL;
		bool glued = (i > 0 && name.p[i - 1] != ' ') || is_letter_at(name, i + 1);
		if (sign && glued && i > 0) {
			return true;
		}
	}
	return false;
}

static void add_name(struct row *r, struct str name)
{
	size_t tokens = 0;
	unsigned flags = (r->list->options.need_case ? NAME_CASE : 0) |
			 (r->list->options.need_context ? NAME_CONTEXT : 0);
	int rc = names_add(&r->l->names, r->list->index, r->entry, name,
		needs_verify(name) ? name : STR_NONE, flags, &r->l->scratch, &tokens);
	if (rc != HARK_OK) {
		r->l->rc = rc;
	} else if (tokens == 0) {
		complain(r, "W072", "give it an alias with letters",
			"there is no word in this name", name);
	} else {
		r->list->names++;
	}
}

struct spelling {
	const char *letter, *as;
};

/* A copy in which each of `letters` is replaced; absent if none occurs. */
static struct str respell(struct row *r, struct str name, const struct spelling *letters, size_t n)
{
	struct buf b;
	bool changed = false;
	buf_init(&b, 4096);
	for (size_t i = 0; i < name.n;) {
		size_t k = 0;
		struct str rest = str_n(name.p + i, name.n - i);
		while (k < n && !str_starts(rest, str_c(letters[k].letter))) {
			k++;
		}
		if (k < n) {
			buf_add_c(&b, letters[k].as);
			i += strlen(letters[k].letter);
			changed = true;
		} else {
			buf_add_char(&b, name.p[i++]);
		}
	}
	r->l->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : r->l->rc;
	struct str out =
		changed && b.rc == HARK_OK ? arena_str(&r->l->arena, buf_str(&b)) : STR_NONE;
	buf_release(&b);
	return out;
}

/* Mueller for Müller, obrien for O'Brien: what people type without the right keys. */
static void add_variants(struct row *r, struct str name)
{
	static const struct spelling umlauts[] = {
		{"\xc3\xa4", "ae"},
		{"\xc3\xb6", "oe"},
		{"\xc3\xbc", "ue"},
		{"\xc3\x84", "Ae"},
		{"\xc3\x96", "Oe"},
		{"\xc3\x9c", "Ue"},
		{"\xc3\xb8", "oe"},
		{"\xc3\x98", "Oe"},
		{"\xc3\xa5", "aa"},
		{"\xc3\x85", "Aa"},
	};
	static const struct spelling apostrophes[] = {{"'", ""}, {"\xe2\x80\x99", ""}};
	struct str other = respell(r, name, umlauts, sizeof(umlauts) / sizeof(umlauts[0]));
	if (other.p != NULL) {
		add_name(r, other);
	}
	other = str_ends(name, STR("'s")) || str_ends(name, STR("'"))
			? STR_NONE
			: respell(r, name, apostrophes, 2);
	if (other.p != NULL) {
		add_name(r, other);
	}
}

static void take_name(struct row *r, struct str name)
{
	if (characters(name) < 2) {
		complain(r, "W071", "use a longer name or a handle",
			"a name of one letter is found everywhere and is left out", name);
		return;
	}
	if (r->list->options.need_handle) {
		return;
	}
	add_name(r, name);
	if (!r->list->options.no_variants) {
		add_variants(r, name);
	}
}

static void add_token(struct row *r, enum token_kind kind, struct str folded)
{
	if (names_add_token(&r->l->names, r->list->index, r->entry, kind, folded) != HARK_OK) {
		r->l->rc = HARK_ENOMEM;
	}
	r->list->names++;
}

void profile_address(struct str url, struct buf *out)
{
	size_t scheme = str_find(url, STR("://"));
	if (scheme != SIZE_MAX) {
		url = str_n(url.p + scheme + 3, url.n - scheme - 3);
	}
	if (str_starts_nocase(url, STR("www."))) {
		url = str_n(url.p + 4, url.n - 4);
	}
	for (size_t i = 0; i < url.n; i++) {
		if (url.p[i] == '?' || url.p[i] == '#') {
			url.n = i;
		}
	}
	while (url.n > 0 && url.p[url.n - 1] == '/') {
		url.n--;
	}
	size_t from = out->n;
	buf_add_str(out, url);
	for (size_t i = from; i < out->n; i++) {
		char c = out->p[i];
		out->p[i] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
	}
}

struct str author_handle(const struct author *a)
{
	struct str rest = a->profile_url, part = STR_NONE, last = STR_NONE;
	if (a->handle.n > 0) {
		return a->handle;
	}
	while (str_split(&rest, '/', &part)) {
		last = part.n > 0 ? part : last;
	}
	return last.n > 1 && last.p[0] == '@' ? last : STR_NONE;
}

/* @name, name@host, or the address of a profile. */
static void take_handle(struct row *r, struct str handle)
{
	struct buf b;
	buf_init(&b, 2048);
	if (memchr(handle.p, '/', handle.n) != NULL) {
		profile_address(handle, &b);
		add_token(r, TOKEN_URL, buf_str(&b));
	} else {
		text_reset(&r->l->scratch);
		text_open(&r->l->scratch, TEXT_HANDLE);
		text_add_handle(&r->l->scratch, handle);
		if (r->l->scratch.n == 1) {
			add_token(r, TOKEN_HANDLE, text_at(&r->l->scratch, 0));
		}
	}
	r->list->entries[r->entry].has_handle = true;
	r->l->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : r->l->rc;
	buf_release(&b);
}

static void take_domain(struct row *r, struct str domain)
{
	struct buf b;
	buf_init(&b, 2048);
	profile_address(domain, &b);
	struct str host = buf_str(&b);
	const char *slash = memchr(host.p, '/', host.n);
	host.n = slash != NULL ? (size_t)(slash - host.p) : host.n;
	if (host.n > 0) {
		add_token(r, TOKEN_DOMAIN, host);
	}
	r->l->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : r->l->rc;
	buf_release(&b);
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

/* A new entry; its id is the name, folded, unless it is given. */
static struct list_entry *new_entry(struct row *r, struct str name, struct str id)
{
	struct list *list = r->list;
	struct list_entry *grown =
		arena_grow(&r->l->arena, list->entries, list->n, &list->cap, sizeof(*grown));
	if (grown == NULL) {
		r->l->rc = HARK_ENOMEM;
		return NULL;
	}
	list->entries = grown;
	r->entry = (uint32_t)list->n;
	struct list_entry *e = &list->entries[list->n++];
	*e = (struct list_entry){.name = arena_str(&r->l->arena, name), .line = r->at.line};
	e->attrs = arena_alloc(&r->l->arena, list->columns_n * sizeof(*e->attrs));
	if (id.n > 0) {
		e->id = arena_str(&r->l->arena, id);
	} else {
		struct buf b;
		buf_init(&b, 1 << 16);
		text_reset(&r->l->scratch);
		text_add(&r->l->scratch, TEXT_TEXT, name);
		for (size_t i = 0; i < r->l->scratch.n; i++) {
			buf_add_c(&b, i > 0 ? " " : "");
			buf_add_str(&b, text_at(&r->l->scratch, i));
		}
		e->id = arena_str(&r->l->arena, b.n > 0 ? buf_str(&b) : name);
		buf_release(&b);
	}
	return e->attrs != NULL ? e : NULL;
}

static enum known_column known_column(struct str name)
{
	size_t i = 0;
	while (i < COLUMNS_KNOWN && !str_eq_nocase(name, str_c(known_columns[i][0])) &&
		!str_eq_nocase(name, str_c(known_columns[i][1]))) {
		i++;
	}
	return (enum known_column)i;
}

static struct str lower(struct arena *a, struct str s)
{
	struct str copy = arena_str(a, s);
	for (size_t i = 0; copy.p != NULL && i < copy.n; i++) {
		char *c = (char *)copy.p + i;
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	}
	return copy;
}

static void read_csv_row(struct row *r, const struct csv_row *cells)
{
	struct str name = STR_NONE, id = STR_NONE;
	for (size_t i = 0; i < r->list->columns_n; i++) {
		enum known_column k = known_column(r->list->columns[i]);
		name = k == COLUMN_NAME ? csv_cell(cells, i) : name;
		id = k == COLUMN_ID ? csv_cell(cells, i) : id;
	}
	if (name.n == 0) {
		complain(r, "W073", "fill in the name, or take the row away",
			"a row without a name is left out",
			cells->n > 0 ? cells->cells[0] : STR(""));
		return;
	}
	struct list_entry *e = new_entry(r, name, id);
	for (size_t i = 0; e != NULL && i < r->list->columns_n; i++) {
		struct str cell = csv_cell(cells, i);
		if (cell.n > 0) {
			e->attrs[i] = arena_str(&r->l->arena, cell);
			take_value(r, known_column(r->list->columns[i]), cell);
			e = &r->list->entries[r->entry];
		}
	}
}

static struct str line_at(struct str text, size_t from)
{
	const char *end = from < text.n ? memchr(text.p + from, '\n', text.n - from) : NULL;
	size_t n = end != NULL ? (size_t)(end - text.p) - from : text.n - from;
	return from < text.n ? str_trim(str_n(text.p + from, n)) : STR_NONE;
}

static bool open_csv(struct lists *l, struct list *list, struct csv *c, struct str text,
	const char *file, struct arena *arena, struct diags *diags)
{
	struct hark_err err = {0};
	struct diag_at at = {.file = file, .line = 1, .col = 1};
	if (csv_open(c, text, arena, &err) != HARK_OK) {
		diags_add(diags, DIAG_ERROR, "E070", at, STR_NONE, NULL, "%s", err.text);
		return false;
	}
	list->columns = arena_alloc(&l->arena, c->header.n * sizeof(*list->columns));
	bool named = false;
	for (size_t i = 0; list->columns != NULL && i < c->header.n; i++) {
		list->columns[list->columns_n++] = lower(&l->arena, c->header.cells[i]);
		named |= known_column(c->header.cells[i]) == COLUMN_NAME;
	}
	if (!named) {
		diags_add(diags, DIAG_ERROR, "E071", at, line_at(c->text, 0),
			"the first line names the columns, for example name,id,aliases",
			"no column is called name");
	}
	return named;
}

void list_read_csv(
	struct lists *l, struct list *list, struct str text, const char *file, struct diags *diags)
{
	struct arena arena;
	struct csv c;
	arena_init(&arena, 0);
	if (open_csv(l, list, &c, text, file, &arena, diags)) {
		struct csv_row cells;
		struct hark_err err = {0};
		size_t from = c.at;
		int rc;
		while ((rc = csv_next(&c, &cells, &err)) != HARK_ENOENT && l->rc == HARK_OK) {
			struct row r = {.l = l,
				.list = list,
				.diags = diags,
				.at = {.file = file, .line = cells.line, .col = 1},
				.source = line_at(c.text, from)};
			if (rc == HARK_OK) {
				read_csv_row(&r, &cells);
			} else {
				diags_add(diags, DIAG_WARNING, "W074", r.at, r.source,
					"the row is left out", "%s", err.text);
			}
			from = c.at;
		}
	}
	l->rc = arena.rc == HARK_ENOMEM ? HARK_ENOMEM : l->rc;
	arena_release(&arena);
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

/* The columns of an inline list are the keys of all its items. */
static void collect_columns(struct lists *l, struct list *list, const struct yaml_node *items)
{
	size_t cap = 0;
	for (size_t i = 0; i < items->n; i++) {
		const struct yaml_node *item = items->items[i];
		for (size_t k = 0; item->kind == YAML_MAPPING && k < item->n; k++) {
			struct str key = item->pairs[k].key->text;
			if (column_index(list, key) < list->columns_n) {
				continue;
			}
			struct str *grown = arena_grow(
				&l->arena, list->columns, list->columns_n, &cap, sizeof(*grown));
			if (grown != NULL) {
				list->columns = grown;
				list->columns[list->columns_n++] = lower(&l->arena, key);
			}
		}
	}
}

static void read_yaml_cell(
	struct row *r, struct list_entry *e, struct str key, const struct yaml_node *value)
{
	size_t column = column_index(r->list, key);
	size_t n = value->kind == YAML_SEQUENCE ? value->n : 1;
	for (size_t i = 0; i < n; i++) {
		const struct yaml_node *v = value->kind == YAML_SEQUENCE ? value->items[i] : value;
		struct str cell = v->kind == YAML_SCALAR ? str_trim(v->text) : STR_NONE;
		if (cell.n > 0 && column < r->list->columns_n) {
			e->attrs[column] = arena_str(&r->l->arena, cell);
			take_value(r, known_column(key), cell);
		}
	}
}

static void read_yaml_item(struct row *r, const struct yaml_node *item)
{
	const struct yaml_node *name = item->kind == YAML_MAPPING ? yaml_get(item, "name") : item;
	const struct yaml_node *id = yaml_get(item, "id");
	if (name == NULL || name->kind != YAML_SCALAR || str_trim(name->text).n == 0) {
		yaml_error(r->diags, item, "E052",
			"for example { name: Jane Doe, handle: \"@jdoe\" }",
			"an entry of a list is a name, or a mapping with one");
		return;
	}
	struct list_entry *e = new_entry(r, str_trim(name->text), id != NULL ? id->text : STR_NONE);
	if (e == NULL) {
		return;
	}
	if (item->kind == YAML_SCALAR) {
		take_value(r, COLUMN_NAME, str_trim(item->text));
		return;
	}
	for (size_t k = 0; k < item->n; k++) {
		read_yaml_cell(r, &r->list->entries[r->entry], item->pairs[k].key->text,
			item->pairs[k].value);
	}
}

void list_read_yaml(
	struct lists *l, struct list *list, const struct yaml_node *items, struct diags *diags)
{
	if (items->kind != YAML_SEQUENCE) {
		yaml_error(diags, items, "E052", "for example [Globex, Initech]",
			"a list of a test is a sequence of names");
		return;
	}
	collect_columns(l, list, items);
	for (size_t i = 0; i < items->n && l->rc == HARK_OK; i++) {
		struct row r = {.l = l, .list = list, .diags = diags, .at = items->items[i]->at};
		r.source = yaml_line(items->items[i], r.at.line);
		read_yaml_item(&r, items->items[i]);
	}
}

int lists_build(struct lists *l)
{
	return l->rc != HARK_OK ? l->rc : names_build(&l->names);
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
	return i < list->columns_n ? e->attrs[i] : STR_NONE;
}

bool list_has_attr(const struct list *list, struct str attr)
{
	return str_eq_c(attr, "name") || str_eq_c(attr, "id") ||
	       column_index(list, attr) < list->columns_n;
}
