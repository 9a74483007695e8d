/* What a definition's pointers find in a reply, on its way into a field.
 *
 * A value is a piece of text, a JSON value or a moment. null, "", [] and {} are absent and never
 * become a value. Text is borrowed from the tree or lives in the arena. Pure; one user at a time. */
#ifndef HARK_CONNECTORS_VALUE_H
#define HARK_CONNECTORS_VALUE_H

#include "monitor/base/arena.h"

#include <jansson.h>

enum value_kind {
	VALUE_TEXT,
	VALUE_NODE, /* not yet looked at, or an object or array */
	VALUE_TIME,
};

struct value {
	enum value_kind kind;
	struct str text;    /* TEXT: never empty, NUL-terminated */
	const json_t *node; /* NODE: borrowed from the tree */
	int64_t ms;         /* TIME: wall clock */
};

#define VALUES_MAX 500

/* A list that lives in an arena. */
struct values {
	struct arena *arena;
	struct value *v;
	size_t n, cap;
};

/* Whether there is anything in it: no null, "", [] or {}. */
bool node_has_content(const json_t *node);
/* Adds a node unless it is absent, or the list is full. */
void values_add_node(struct values *vs, const json_t *node);
/* Adds a text unless it is empty; it must be NUL-terminated and outlive the list. */
void values_add_text(struct values *vs, struct str text);
void values_add_time(struct values *vs, int64_t ms);
/* Removes the i-th. */
void values_drop(struct values *vs, size_t i);

/* A scalar as NUL-terminated text, numbers as of json_number_text(). Absent for objects and
 * arrays, and without memory. */
struct str value_text(const struct value *v, struct arena *arena);
struct str node_text(const json_t *node, struct arena *arena);
/* A whole number; false if it is none. */
bool value_number(const struct value *v, int64_t *out);
/* A moment: numbers are seconds, milliseconds or microseconds since 1970 by their size, text what
 * date_parse() takes. Times that cannot be (before 1995, a day after `now_ms`) are none. */
bool value_time(const struct value *v, int64_t now_ms, int64_t *wall_ms);
/* How two ids of digits or of base 36 stand to each other: shorter is smaller, then by bytes. */
int value_compare_ids(struct str a, struct str b);

#endif
