#include "connectors/document.h"

#include "connectors/parse/xml.h"
#include "monitor/base/csv.h"
#include "monitor/base/events.h"
#include "monitor/base/json.h"

#include <stdio.h>
#include <stdlib.h>

#define DEPTH_MAX 64 /* items inside items */
#define XML_DEPTH_MAX 100
#define XML_MEND_MAX (12u << 20) /* what mending may add, if it is not twice the size */

/* --- JSON --- */

/* Of what is no list and no object null alone is a document: nothing is there. */
static json_t *read_json(struct str body, struct hark_err *err)
{
	struct str text = str_trim(body);
	if (str_eq_c(text, "null")) {
		return json_null();
	}
	if (text.n == 0) {
		hark_err_set(err, HARK_EPARSE, "it is empty, not even [] or {}");
		return NULL;
	}
	json_t *root = json_read(body, err);
	if (root == NULL && memchr("[{", text.p[0], 2) == NULL) {
		json_t *value = json_loadb(text.p, text.n, JSON_DECODE_ANY, NULL);
		if (value != NULL) {
			hark_err_set(err, HARK_EPARSE,
				"it answered with the single value %.*s instead of data",
				STR_FMT(str_cut_utf8(text, 60)));
		}
		json_decref(value);
	}
	return root;
}

static json_t *read_lines(struct str body, struct hark_err *err)
{
	json_t *all = json_array();
	struct str rest = body, line;
	while (all != NULL && str_split(&rest, '\n', &line)) {
		if (str_trim(line).n == 0) {
			continue;
		}
		json_t *one = json_read(line, err);
		if (one == NULL || json_array_append_new(all, one) != 0) {
			json_decref(all);
			return NULL;
		}
	}
	return all;
}

/* --- streams --- */

#define EVENT_MAX (16u << 20)

struct piece {
	json_t *all;
	enum item_format format;
	size_t *bad;
};

static json_t *text_node(struct str s)
{
	json_t *node = json_stringn(s.p != NULL ? s.p : "", s.n);
	return node != NULL ? node : json_null();
}

static int take_event(void *ctx, const struct event *e)
{
	struct piece *p = ctx;
	struct hark_err err;
	json_t *data = json_read(e->data, &err);
	if (p->format != ITEMS_EVENTS) {
		*p->bad += data == NULL;
		return data == NULL || json_array_append_new(p->all, data) == 0 ? HARK_OK
										: HARK_ENOMEM;
	}
	json_t *event = json_object();
	json_object_set_new(event, "data", data != NULL ? data : text_node(e->data));
	json_object_set_new(
		event, "event", text_node(e->type.p != NULL ? e->type : STR("message")));
	if (e->id.p != NULL) {
		json_object_set_new(event, "id", text_node(e->id));
	}
	return json_array_append_new(p->all, event) == 0 ? HARK_OK : HARK_ENOMEM;
}

json_t *document_stream(struct str body, enum item_format format, size_t *bad)
{
	struct events e;
	struct piece p = {json_array(), format, bad};
	*bad = 0;
	events_init(&e, format == ITEMS_EVENTS ? EVENTS_SSE : EVENTS_LINES, EVENT_MAX);
	int rc = p.all != NULL ? events_feed(&e, body, take_event, &p) : HARK_ENOMEM;
	rc = rc == HARK_OK ? events_finish(&e, take_event, &p) : rc;
	*bad += e.left_out;
	events_release(&e);
	if (rc != HARK_OK) {
		json_decref(p.all);
		return NULL;
	}
	return p.all;
}

/* --- CSV --- */

static json_t *read_row(const struct csv *table, const struct csv_row *row)
{
	json_t *object = json_object();
	for (size_t i = 0; object != NULL && i < table->header.n; i++) {
		char key[256];
		snprintf(key, sizeof(key), "%.*s",
			STR_FMT(str_cut_utf8(table->header.cells[i], sizeof(key) - 1)));
		json_object_set_new(object, key, text_node(csv_cell(row, i)));
	}
	return object;
}

static json_t *read_csv(struct str body, struct hark_err *err)
{
	struct csv table;
	struct csv_row row;
	struct arena arena;
	arena_init(&arena, 64u << 20);
	json_t *rows = csv_open(&table, body, &arena, err) == HARK_OK ? json_array() : NULL;
	for (int rc; rows != NULL && (rc = csv_next(&table, &row, err)) != HARK_ENOENT;) {
		if (rc == HARK_OK) {
			json_array_append_new(rows, read_row(&table, &row));
		} else if (rc != HARK_EPARSE) {
			json_decref(rows);
			rows = NULL;
		}
	}
	arena_release(&arena);
	return rows;
}

/* --- XML --- */

struct xml_tree {
	json_t *stack[XML_DEPTH_MAX];
	struct str names[XML_DEPTH_MAX]; /* in the parser's own table: equal pointers */
	struct buf text[XML_DEPTH_MAX];
	size_t depth;
	bool no_memory;
};

static int xml_start(void *user, const struct xml_tag *tag)
{
	struct xml_tree *t = user;
	if (t->depth + 1 >= XML_DEPTH_MAX) {
		return HARK_ELIMIT;
	}
	json_t *node = json_object();
	if (node == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < tag->attrs_n; i++) {
		const char *prefix, *name;
		struct str value = xml_attr_at(tag, i, &prefix, &name);
		char key[200];
		snprintf(key, sizeof(key), "@%s", name);
		json_object_set_new(node, key, text_node(value));
	}
	t->depth++;
	t->stack[t->depth] = node;
	t->names[t->depth] = str_c(tag->name);
	buf_init(&t->text[t->depth], 8u << 20);
	return HARK_OK;
}

static void add_child(json_t *parent, const char *name, json_t *child)
{
	json_t *there = json_object_get(parent, name);
	if (there == NULL) {
		json_object_set_new(parent, name, child);
	} else if (json_is_array(there)) {
		json_array_append_new(there, child);
	} else {
		json_t *list = json_array();
		json_array_append(list, there);
		json_array_append_new(list, child);
		json_object_set_new(parent, name, list);
	}
}

static int xml_end(void *user)
{
	struct xml_tree *t = user;
	json_t *node = t->stack[t->depth];
	struct str text = str_trim(buf_str(&t->text[t->depth]));
	if (json_object_size(node) == 0) {
		json_decref(node);
		node = text_node(text);
	} else if (text.n > 0) {
		json_object_set_new(node, "#text", text_node(text));
	}
	buf_release(&t->text[t->depth]);
	const char *name = t->names[t->depth].p;
	t->depth--;
	add_child(t->stack[t->depth], name, node);
	return HARK_OK;
}

static int xml_text(void *user, struct str text)
{
	struct xml_tree *t = user;
	return t->depth > 0 ? buf_add_str(&t->text[t->depth], text) : HARK_OK;
}

static void drop_open(struct xml_tree *t)
{
	for (; t->depth > 0; t->depth--) {
		json_decref(t->stack[t->depth]);
		buf_release(&t->text[t->depth]);
	}
	json_decref(t->stack[0]);
}

static json_t *read_xml_once(struct str body, struct hark_err *err)
{
	static const struct xml_handler handler = {xml_start, xml_end, xml_text};
	struct xml_tree *t = calloc(1, sizeof(*t));
	if (t == NULL || (t->stack[0] = json_object()) == NULL) {
		free(t);
		hark_err_set(err, HARK_ENOMEM, "no memory to read XML");
		return NULL;
	}
	int rc = xml_read(body, &handler, t, NULL, err);
	json_t *root = t->stack[0];
	if (rc != HARK_OK) {
		if (err->code == HARK_OK) {
			hark_err_set(err, rc, "this XML cannot be read");
		}
		drop_open(t);
		root = NULL;
	}
	free(t);
	return root;
}

/* What no parser takes, as a stray '&' or "&nbsp;", is mended and read again. */
static json_t *read_xml(struct str body, struct hark_err *err)
{
	json_t *root = read_xml_once(body, err);
	if (root == NULL && err->code == HARK_EPARSE) {
		struct buf room;
		buf_init(&room, body.n + (body.n < XML_MEND_MAX ? body.n : XML_MEND_MAX) + 65536);
		if (xml_repair(body, &room, err) == HARK_OK) {
			root = read_xml_once(buf_str(&room), err);
		}
		buf_release(&room);
	}
	return root;
}

json_t *document_read(struct str body, enum item_format format, struct hark_err *err)
{
	switch (format) {
	case ITEMS_NDJSON:
		return read_lines(body, err);
	case ITEMS_XML:
		return read_xml(body, err);
	case ITEMS_CSV:
		return read_csv(body, err);
	default:
		return read_json(body, err);
	}
}

/* --- items --- */

struct walk_items {
	const struct items_rule *rule;
	const json_t *root;
	int (*visit)(void *ctx, struct scope *scope);
	void *ctx;
	size_t seen, places, left_out;
	int rc;
};

static void take_item(struct walk_items *w, const json_t *item, const json_t *parent, size_t depth);

static void take_list(struct walk_items *w, const json_t *list, const json_t *parent, size_t depth)
{
	if (!json_is_array(list)) {
		take_item(w, list, parent, depth);
		return;
	}
	size_t n = json_array_size(list);
	for (size_t i = 0; i < n && w->rc == HARK_OK; i++) {
		take_item(w, json_array_get(list, i), parent, depth);
	}
}

static void take_item(struct walk_items *w, const json_t *item, const json_t *parent, size_t depth)
{
	if (item == NULL || json_is_null(item) || w->rc != HARK_OK) {
		return;
	}
	if (w->seen == DOCUMENT_ITEMS_MAX) {
		w->left_out++;
		return;
	}
	struct scope scope = {
		.at = {[POINTER_ITEM] = item, [POINTER_ROOT] = w->root, [POINTER_PARENT] = parent}};
	w->seen++;
	w->rc = w->visit(w->ctx, &scope);
	if (w->rule->children != NULL && depth < DEPTH_MAX) {
		const json_t *children = pointer_first(w->rule->children, &scope);
		if (json_is_array(children)) {
			take_list(w, children, item, depth + 1);
		}
	}
}

/* Columns side by side: {"id": [1, 2], "form": ["8-K", "4"]} is two items. */
static void take_columns(struct walk_items *w, const json_t *columns)
{
	json_t *object = (json_t *)columns; /* the iterator changes nothing */
	size_t rows = 0;
	for (void *at = json_object_iter(object); at != NULL;
		at = json_object_iter_next(object, at)) {
		size_t n = json_array_size(json_object_iter_value(at));
		rows = n > rows ? n : rows;
	}
	for (size_t i = 0; i < rows && w->rc == HARK_OK; i++) {
		if (w->seen == DOCUMENT_ITEMS_MAX) {
			w->left_out += rows - i;
			return;
		}
		json_t *row = json_object();
		for (void *at = json_object_iter(object); row != NULL && at != NULL;
			at = json_object_iter_next(object, at)) {
			json_t *cell = json_array_get(json_object_iter_value(at), i);
			if (cell != NULL) {
				json_object_set(row, json_object_iter_key(at), cell);
			}
		}
		take_item(w, row, columns, 0);
		json_decref(row);
	}
}

static bool take_place(void *ctx, const json_t *value, const json_t *within)
{
	struct walk_items *w = ctx;
	w->places++;
	if (w->rule->parallel && json_is_object(value)) {
		take_columns(w, value);
	} else {
		take_list(w, value, within, 0);
	}
	return w->rc == HARK_OK;
}

int document_items(const struct items_rule *rule, const json_t *root,
	int (*visit)(void *ctx, struct scope *scope), void *ctx, size_t *places, size_t *left_out)
{
	struct walk_items w = {.rule = rule, .root = root, .visit = visit, .ctx = ctx};
	struct scope scope = {.at = {[POINTER_ITEM] = root, [POINTER_ROOT] = root}};
	for (size_t i = 0; i < rule->pointers_n && w.rc == HARK_OK; i++) {
		size_t before = w.places;
		pointer_visit(&rule->pointers[i], &scope, take_place, &w);
		w.places += w.places == before && pointer_meets_empty(&rule->pointers[i], &scope);
	}
	*places = w.places;
	*left_out = w.left_out;
	return w.rc;
}
