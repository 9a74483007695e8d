#include "connectors/value.h"

#include "connectors/parse/date.h"
#include "monitor/base/json.h"

#include <math.h>
#include <stdio.h>

bool node_has_content(const json_t *node)
{
	switch (json_typeof(node)) {
	case JSON_STRING:
		return json_string_length(node) > 0;
	case JSON_ARRAY:
		return json_array_size(node) > 0;
	case JSON_OBJECT:
		return json_object_size(node) > 0;
	case JSON_NULL:
		return false;
	default:
		return true;
	}
}

static struct value *add(struct values *vs)
{
	if (vs->n == VALUES_MAX) {
		return NULL;
	}
	struct value *v = arena_grow(vs->arena, vs->v, vs->n, &vs->cap, sizeof(*v));
	if (v == NULL) {
		return NULL;
	}
	vs->v = v;
	return &vs->v[vs->n++];
}

void values_add_node(struct values *vs, const json_t *node)
{
	if (node == NULL || !node_has_content(node)) {
		return;
	}
	struct value *v = add(vs);
	if (v != NULL) {
		*v = (struct value){.kind = VALUE_NODE, .node = node};
	}
}

void values_add_text(struct values *vs, struct str text)
{
	struct value *v = text.n > 0 ? add(vs) : NULL;
	if (v != NULL) {
		*v = (struct value){.kind = VALUE_TEXT, .text = text};
	}
}

void values_add_time(struct values *vs, int64_t ms)
{
	struct value *v = add(vs);
	if (v != NULL) {
		*v = (struct value){.kind = VALUE_TIME, .ms = ms};
	}
}

void values_drop(struct values *vs, size_t i)
{
	vs->n--;
	memmove(&vs->v[i], &vs->v[i + 1], (vs->n - i) * sizeof(*vs->v));
}

/* A NUL inside ends nothing: it is left out. */
static struct str string_text(const json_t *node, struct arena *arena)
{
	struct str s = str_n(json_string_value(node), json_string_length(node));
	if (memchr(s.p, '\0', s.n) == NULL) {
		return s;
	}
	char *copy = arena_alloc(arena, s.n + 1);
	size_t n = 0;
	for (size_t i = 0; copy != NULL && i < s.n; i++) {
		if (s.p[i] != '\0') {
			copy[n++] = s.p[i];
		}
	}
	return copy != NULL ? str_n(copy, n) : STR_NONE;
}

struct str node_text(const json_t *node, struct arena *arena)
{
	char text[40];
	switch (json_typeof(node)) {
	case JSON_STRING:
		return string_text(node, arena);
	case JSON_INTEGER:
	case JSON_REAL:
		return arena_str(arena, str_c(json_number_text(node, text)));
	case JSON_TRUE:
		return STR("true");
	case JSON_FALSE:
		return STR("false");
	default:
		return STR_NONE;
	}
}

struct str value_text(const struct value *v, struct arena *arena)
{
	switch (v->kind) {
	case VALUE_TEXT:
		return v->text;
	case VALUE_NODE:
		return node_text(v->node, arena);
	default:
		return arena_printf(arena, "%lld", (long long)v->ms);
	}
}

static bool real_i64(double d, int64_t *out)
{
	if (!(fabs(d) < 9e18)) {
		return false;
	}
	*out = llround(d);
	return true;
}

bool value_number(const struct value *v, int64_t *out)
{
	if (v->kind == VALUE_TEXT) {
		return str_i64(str_trim(v->text), out);
	}
	if (v->kind != VALUE_NODE) {
		return false;
	}
	if (json_is_integer(v->node)) {
		*out = json_integer_value(v->node);
		return true;
	}
	if (json_is_real(v->node)) {
		return real_i64(json_real_value(v->node), out);
	}
	return json_is_string(v->node) &&
	       str_i64(str_trim(str_n(json_string_value(v->node), json_string_length(v->node))),
		       out);
}

bool value_time(const struct value *v, int64_t now_ms, int64_t *wall_ms)
{
	char digits[32];
	struct str text = v->text;
	if (v->kind == VALUE_TIME) {
		*wall_ms = v->ms;
		return true;
	}
	if (v->kind == VALUE_NODE && json_is_string(v->node)) {
		text = str_n(json_string_value(v->node), json_string_length(v->node));
	} else if (v->kind == VALUE_NODE) {
		int64_t number;
		if (!value_number(v, &number)) {
			return false;
		}
		snprintf(digits, sizeof(digits), "%lld", (long long)number);
		text = str_c(digits);
	}
	return date_parse_sane(text, now_ms, wall_ms);
}

int value_compare_ids(struct str a, struct str b)
{
	while (a.n > 0 && a.p[0] == '0') {
		a = str_n(a.p + 1, a.n - 1);
	}
	while (b.n > 0 && b.p[0] == '0') {
		b = str_n(b.p + 1, b.n - 1);
	}
	if (a.n != b.n) {
		return a.n < b.n ? -1 : 1;
	}
	return a.n > 0 ? memcmp(a.p, b.p, a.n) : 0;
}
