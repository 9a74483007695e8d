#include "monitor/base/yaml.h"

#include "monitor/base/err.h"

#include <stdlib.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <yaml.h>

#define DEPTH_MAX 64

struct reader {
	yaml_parser_t parser;
	struct arena *arena;
	struct diags *diags;
	struct yaml_file *file;
	bool failed;
};

/* Text of line `line` (from 1), by walking: only errors ask for it. */
static struct str line_of(struct yaml_file *f, unsigned line)
{
	if (f->last_line == 0 || line < f->last_line) {
		f->last_line = 1;
		f->last_at = 0;
	}
	struct str rest = str_n(f->text.p + f->last_at, f->text.n - f->last_at), part = STR_NONE;
	for (unsigned i = f->last_line; i <= line; i++) {
		size_t at = f->text.n - rest.n;
		if (!str_split(&rest, '\n', &part)) {
			return STR_NONE;
		}
		f->last_line = i;
		f->last_at = at;
	}
	if (part.n > 0 && part.p[part.n - 1] == '\r') {
		part.n--;
	}
	return part;
}

static unsigned chars(struct str s)
{
	unsigned n = 0;
	for (size_t i = 0; i < s.n; i++) {
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	}
	return n;
}

/* libyaml counts columns in characters, from 0. */
static struct diag_at place(const struct reader *r, yaml_mark_t start, yaml_mark_t end)
{
	struct diag_at at = {.file = r->file->name,
		.line = (unsigned)start.line + 1,
		.col = (unsigned)start.column + 1};
	if (end.line == start.line && end.column > start.column) {
		at.col_end = (unsigned)end.column + 1;
	}
	return at;
}

static void refuse(struct reader *r, struct diag_at at, const char *code, const char *help,
	const char *message)
{
	diags_add(r->diags, DIAG_ERROR, code, at, line_of(r->file, at.line), help, "%s", message);
	r->failed = true;
}

/* What is not closed is noticed where the next thing begins, be it pages further on. */
static const char *help_of(const struct reader *r, const char *text, char *opened, size_t size)
{
	bool open = strstr(text, "flow") != NULL || strstr(text, "quoted") != NULL;
	if (strstr(text, "cannot start any token") != NULL) {
		return "put the text in single quotes; indent with spaces, not tabs";
	}
	if (strstr(text, "tab character") != NULL) {
		return "indent with spaces";
	}
	if (strstr(text, "mapping values") != NULL) {
		return "keys of one thing begin in one column; a text with : in it stands in "
		       "single quotes";
	}
	if (strstr(text, "parsing a block") != NULL) {
		return "keys of one thing begin in one column; a text that begins with a quote "
		       "ends with it, so put single quotes around the whole";
	}
	if (!open || r->parser.context_mark.line >= r->parser.problem_mark.line) {
		return NULL;
	}
	snprintf(opened, size, "what begins in line %zu, column %zu is not closed",
		r->parser.context_mark.line + 1, r->parser.context_mark.column + 1);
	return opened;
}

static bool next(struct reader *r, yaml_event_t *e)
{
	if (yaml_parser_parse(&r->parser, e)) {
		return true;
	}
	char text[256], opened[80];
	yaml_mark_t mark = r->parser.problem_mark;
	if (r->parser.error == YAML_MEMORY_ERROR) {
		refuse(r, (struct diag_at){.file = r->file->name}, "Y000", NULL,
			"no memory to read it");
		return false;
	}
	if (r->parser.error == YAML_READER_ERROR) {
		/* The reader knows a byte offset only. */
		struct str head = str_n(r->file->text.p, r->parser.problem_offset < r->file->text.n
								 ? r->parser.problem_offset
								 : r->file->text.n);
		struct str rest = head, part = STR_NONE;
		mark.line = 0;
		while (str_split(&rest, '\n', &part)) {
			mark.line++;
		}
		mark.line -= mark.line > 0;
		mark.column = chars(part);
	}
	snprintf(text, sizeof(text), "%s%s%s",
		r->parser.problem != NULL ? r->parser.problem : "not YAML",
		r->parser.context != NULL ? " " : "",
		r->parser.context != NULL ? r->parser.context : "");
	refuse(r, place(r, mark, mark), "Y001", help_of(r, text, opened, sizeof(opened)), text);
	return false;
}

static struct yaml_node *new_node(struct reader *r, const yaml_event_t *e, enum yaml_kind kind)
{
	struct yaml_node *node = arena_alloc(r->arena, sizeof(*node));
	if (node == NULL) {
		refuse(r, (struct diag_at){.file = r->file->name}, "Y000", NULL,
			"no memory to read it");
		return NULL;
	}
	node->kind = kind;
	node->at = place(r, e->start_mark, e->end_mark);
	node->file = r->file;
	return node;
}

static enum yaml_style style_of(yaml_scalar_style_t style)
{
	switch (style) {
	case YAML_SINGLE_QUOTED_SCALAR_STYLE:
		return YAML_SINGLE_QUOTED;
	case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
		return YAML_DOUBLE_QUOTED;
	case YAML_LITERAL_SCALAR_STYLE:
		return YAML_LITERAL;
	case YAML_FOLDED_SCALAR_STYLE:
		return YAML_FOLDED;
	default:
		return YAML_PLAIN;
	}
}

static void check_extras(
	struct reader *r, const yaml_event_t *e, const yaml_char_t *anchor, const yaml_char_t *tag)
{
	struct diag_at at = place(r, e->start_mark, e->end_mark);
	at.col_end = 0;
	if (anchor != NULL) {
		refuse(r, at, "Y003", "write the value out where it is needed",
			"anchors are not used here");
	}
	if (tag != NULL) {
		refuse(r, at, "Y004", "every value is read as text; take the tag away",
			"tags are not used here");
	}
}

static struct yaml_node *read_node(struct reader *r, yaml_event_t *e, unsigned depth);

static struct yaml_node *read_scalar(struct reader *r, const yaml_event_t *e)
{
	struct yaml_node *node = new_node(r, e, YAML_SCALAR);
	check_extras(r, e, e->data.scalar.anchor, e->data.scalar.tag);
	if (node == NULL) {
		return NULL;
	}
	node->style = style_of(e->data.scalar.style);
	node->text = arena_str(
		r->arena, str_n((const char *)e->data.scalar.value, e->data.scalar.length));
	if (node->text.p == NULL) {
		refuse(r, node->at, "Y000", NULL, "no memory to read it");
		return NULL;
	}
	if (memchr(node->text.p, '\0', node->text.n) != NULL) {
		refuse(r, node->at, "Y006", NULL, "a NUL character cannot stand in a value");
	}
	return node;
}

static struct yaml_node *read_sequence(struct reader *r, const yaml_event_t *start, unsigned depth)
{
	struct yaml_node *node = new_node(r, start, YAML_SEQUENCE);
	size_t cap = 0;
	check_extras(r, start, start->data.sequence_start.anchor, start->data.sequence_start.tag);
	for (;;) {
		yaml_event_t e;
		if (node == NULL || !next(r, &e)) {
			return NULL;
		}
		if (e.type == YAML_SEQUENCE_END_EVENT) {
			yaml_event_delete(&e);
			return node;
		}
		struct yaml_node *item = read_node(r, &e, depth);
		struct yaml_node **grown =
			arena_grow(r->arena, node->items, node->n, &cap, sizeof(*grown));
		if (item == NULL || grown == NULL) {
			return NULL;
		}
		node->items = grown;
		node->items[node->n++] = item;
	}
}

struct key {
	UT_hash_handle hh;
	const struct yaml_node *node;
};

/* Keys of a mapping that are compared one by one; where there are more, a table finds them. */
#define KEYS_FEW 16

static void add_key(struct reader *r, struct key **seen, const struct yaml_node *node)
{
	struct key *k = NULL;
	HASH_FIND(hh, *seen, node->text.p, node->text.n, k);
	if (k != NULL) {
		return; /* the first of two counts */
	}
	k = calloc(1, sizeof(*k));
	if (k != NULL) {
		k->node = node;
		HASH_ADD_KEYPTR(hh, *seen, node->text.p, node->text.n, k);
	}
	if (k == NULL || k->hh.tbl == NULL) {
		r->arena->rc = HARK_ENOMEM;
		free(k);
	}
}

/* The first key of that name among those the mapping has so far. */
static const struct yaml_node *find_key(
	struct key *seen, const struct yaml_node *map, struct str name)
{
	struct key *k = NULL;
	for (size_t i = 0; i < map->n && map->n < KEYS_FEW; i++) {
		if (str_eq(map->pairs[i].key->text, name)) {
			return map->pairs[i].key;
		}
	}
	HASH_FIND(hh, seen, name.p, name.n, k);
	return k != NULL ? k->node : NULL;
}

/* Registers a key; a second one of the same name is an error that names the first. */
static void check_duplicate(struct reader *r, struct key **seen, const struct yaml_node *map,
	const struct yaml_node *node)
{
	const struct yaml_node *first = find_key(*seen, map, node->text);
	if (first != NULL) {
		char message[200], help[64];
		snprintf(message, sizeof(message), "the key '%.*s' stands here twice",
			(int)(node->text.n < 100 ? node->text.n : 100), node->text.p);
		snprintf(help, sizeof(help), "first on line %u", first->at.line);
		refuse(r, node->at, "Y002", help, message);
		return;
	}
	if (map->n + 1 < KEYS_FEW) {
		return;
	}
	for (size_t i = 0; map->n + 1 == KEYS_FEW && i < map->n; i++) {
		add_key(r, seen, map->pairs[i].key);
	}
	add_key(r, seen, node);
}

static void forget(struct key *seen)
{
	struct key *k, *tmp;
	HASH_ITER (hh, seen, k, tmp) {
		HASH_DEL(seen, k);
		free(k);
	}
}

static bool read_pair(struct reader *r, yaml_event_t *e, struct yaml_node *map, size_t *cap,
	struct key **seen, unsigned depth)
{
	struct diag_at at = place(r, e->start_mark, e->end_mark);
	struct yaml_node *key = read_node(r, e, depth);
	if (key == NULL) {
		return false;
	}
	if (key->kind != YAML_SCALAR) {
		refuse(r, at, "Y005", "put quotes around the key", "a key must be plain text");
		return false;
	}
	yaml_event_t v;
	if (!next(r, &v)) {
		return false;
	}
	struct yaml_node *value = read_node(r, &v, depth);
	struct yaml_pair *grown = arena_grow(r->arena, map->pairs, map->n, cap, sizeof(*grown));
	if (value == NULL || grown == NULL) {
		return false;
	}
	check_duplicate(r, seen, map, key);
	map->pairs = grown;
	map->pairs[map->n++] = (struct yaml_pair){key, value};
	return true;
}

static struct yaml_node *read_mapping(struct reader *r, const yaml_event_t *start, unsigned depth)
{
	struct yaml_node *node = new_node(r, start, YAML_MAPPING);
	struct key *seen = NULL;
	size_t cap = 0;
	check_extras(r, start, start->data.mapping_start.anchor, start->data.mapping_start.tag);
	while (node != NULL) {
		yaml_event_t e;
		if (!next(r, &e)) {
			node = NULL;
			break;
		}
		if (e.type == YAML_MAPPING_END_EVENT) {
			yaml_event_delete(&e);
			break;
		}
		if (!read_pair(r, &e, node, &cap, &seen, depth)) {
			node = NULL;
		}
	}
	forget(seen);
	return node;
}

/* Takes the event (and deletes it). NULL: an error has been reported. */
static struct yaml_node *read_node(struct reader *r, yaml_event_t *e, unsigned depth)
{
	struct yaml_node *node = NULL;
	if (depth > DEPTH_MAX) {
		refuse(r, place(r, e->start_mark, e->end_mark), "Y007", NULL,
			"nested more than 64 levels deep");
	} else if (e->type == YAML_SCALAR_EVENT) {
		node = read_scalar(r, e);
	} else if (e->type == YAML_SEQUENCE_START_EVENT) {
		node = read_sequence(r, e, depth + 1);
	} else if (e->type == YAML_MAPPING_START_EVENT) {
		node = read_mapping(r, e, depth + 1);
	} else {
		refuse(r, place(r, e->start_mark, e->end_mark), "Y003",
			"write the value out where it is needed", "aliases are not used here");
	}
	yaml_event_delete(e);
	return node;
}

static struct yaml_node *empty_mapping(struct reader *r)
{
	struct yaml_node *node = arena_alloc(r->arena, sizeof(*node));
	if (node != NULL) {
		node->kind = YAML_MAPPING;
		node->at = (struct diag_at){.file = r->file->name, .line = 1, .col = 1};
		node->file = r->file;
	}
	return node;
}

static struct yaml_node *read_document(struct reader *r)
{
	struct yaml_node *root = NULL;
	yaml_event_t e;
	while (next(r, &e)) {
		yaml_event_type_t type = e.type;
		if (type == YAML_STREAM_END_EVENT) {
			yaml_event_delete(&e);
			return root != NULL ? root : empty_mapping(r);
		}
		if (type == YAML_DOCUMENT_START_EVENT && root != NULL) {
			refuse(r, place(r, e.start_mark, e.end_mark), "Y008",
				"put it in a file of its own", "a second document starts here");
			yaml_event_delete(&e);
			return NULL;
		}
		if (type == YAML_STREAM_START_EVENT || type == YAML_DOCUMENT_START_EVENT ||
			type == YAML_DOCUMENT_END_EVENT) {
			yaml_event_delete(&e);
			continue;
		}
		root = read_node(r, &e, 0);
		if (root == NULL) {
			return NULL;
		}
	}
	return NULL;
}

static struct yaml_node *no_memory(struct diags *diags, const char *name)
{
	diags_add(diags, DIAG_ERROR, "Y000", (struct diag_at){.file = name}, STR_NONE, NULL,
		"no memory to read it");
	return NULL;
}

/* Editors on Windows begin a text with a byte order mark. In UTF-8 it is no part of it; UTF-16 and UTF-32, of
 * which places in the text would be lost, are refused. */
static bool take_mark(struct str *text)
{
	if (str_starts(*text, STR("\xef\xbb\xbf"))) {
		*text = str_n(text->p + 3, text->n - 3);
	}
	return !str_starts(*text, STR("\xff\xfe")) && !str_starts(*text, STR("\xfe\xff")) &&
	       (text->n < 4 || memcmp(text->p, "\0\0\xfe\xff", 4) != 0);
}

static struct yaml_node *wide(struct diags *diags, const char *name)
{
	diags_add(diags, DIAG_ERROR, "Y009", (struct diag_at){.file = name, .line = 1, .col = 1},
		STR_NONE, "save it as UTF-8", "this file is in UTF-16 or UTF-32");
	return NULL;
}

struct yaml_node *yaml_read(
	struct str text, const char *name, struct arena *arena, struct diags *diags)
{
	text = text.p != NULL ? text : STR("");
	if (!take_mark(&text)) {
		return wide(diags, name);
	}
	struct reader r = {.arena = arena,
		.diags = diags,
		.file = arena_alloc(arena, sizeof(struct yaml_file))};
	if (r.file == NULL) {
		return no_memory(diags, name);
	}
	r.file->name = arena_c(arena, str_c(name));
	r.file->text = arena_str(arena, text);
	if (arena->rc != HARK_OK || !yaml_parser_initialize(&r.parser)) {
		return no_memory(diags, name);
	}
	yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
		&r.parser, (const unsigned char *)r.file->text.p, r.file->text.n);
	struct yaml_node *root = read_document(&r);
	yaml_parser_delete(&r.parser);
	if (arena->rc != HARK_OK && !r.failed) {
		return no_memory(diags, name);
	}
	return r.failed ? NULL : root;
}

struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key)
{
	for (size_t i = 0; mapping != NULL && mapping->kind == YAML_MAPPING && i < mapping->n;
		i++) {
		if (str_eq_c(mapping->pairs[i].key->text, key)) {
			return mapping->pairs[i].value;
		}
	}
	return NULL;
}

struct str yaml_line(const struct yaml_node *node, unsigned line)
{
	return line_of(node->file, line);
}

static unsigned indent_of(struct str line)
{
	unsigned n = 0;
	while (n < line.n && line.p[n] == ' ') {
		n++;
	}
	return n;
}

/* Indent of a literal block: that of its first line that is not empty. */
static unsigned block_indent(const struct yaml_node *node)
{
	for (unsigned line = node->at.line + 1;; line++) {
		struct str text = line_of(node->file, line);
		if (text.p == NULL) {
			return 0;
		}
		if (indent_of(text) < text.n) {
			return indent_of(text);
		}
	}
}

static void place_literal(const struct yaml_node *node, struct str before, struct diag_at *at)
{
	struct str rest = before, part = STR_NONE;
	unsigned line = node->at.line;
	while (str_split(&rest, '\n', &part)) {
		line++;
	}
	at->line = line;
	at->col = block_indent(node) + chars(part) + 1;
}

static void place_single_quoted(struct str before, struct diag_at *at)
{
	at->col += 1 + chars(before);
	for (size_t i = 0; i < before.n; i++) {
		at->col += before.p[i] == '\''; /* written twice in the file */
	}
}

struct diag_at yaml_place(const struct yaml_node *node, size_t offset, size_t bytes)
{
	struct diag_at at = node->at;
	bool one_line = node->at.col_end != 0;
	offset = offset < node->text.n ? offset : node->text.n;
	bytes = bytes < node->text.n - offset ? bytes : node->text.n - offset;
	struct str before = str_n(node->text.p, offset);
	if (node->style == YAML_LITERAL) {
		place_literal(node, before, &at);
	} else if (node->style == YAML_PLAIN && one_line) {
		at.col += chars(before);
	} else if (node->style == YAML_SINGLE_QUOTED && one_line) {
		place_single_quoted(before, &at);
	} else {
		return at;
	}
	unsigned marked = chars(str_n(node->text.p + offset, bytes));
	at.col_end = at.col + (marked > 0 ? marked : 1);
	struct str line = line_of(node->file, at.line);
	unsigned col = 1;
	size_t byte = 0;
	for (; byte < line.n && col < at.col; byte++) {
		col += byte + 1 == line.n || ((unsigned char)line.p[byte + 1] & 0xc0) != 0x80;
	}
	at.byte_col = (unsigned)byte + 1;
	return at;
}

void yaml_error(struct diags *d, const struct yaml_node *node, const char *code, const char *help,
	const char *fmt, ...)
{
	char message[512];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	diags_add(d, DIAG_ERROR, code, node->at, line_of(node->file, node->at.line), help, "%s",
		message);
}
