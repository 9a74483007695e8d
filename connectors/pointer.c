#include "connectors/pointer.h"

#include <stdio.h>

#define STEPS_MAX 16

static int find_from(struct str name, const char *const *lookups, size_t n)
{
	static const char *const own[] = {
		[POINTER_ITEM] = "item",
		[POINTER_ROOT] = "root",
		[POINTER_PARENT] = "parent",
		[POINTER_DETAIL] = "detail",
	};
	for (int i = POINTER_ITEM; i <= POINTER_DETAIL; i++) {
		if (str_eq_c(name, own[i])) {
			return i;
		}
	}
	for (size_t i = 0; i < n; i++) {
		if (str_eq_c(name, lookups[i])) {
			return POINTER_LOOKUP + (int)i;
		}
	}
	return -1;
}

/* "~1" means '/', "~0" means '~'. */
static struct str unescape(struct str key, struct arena *arena)
{
	char *to = arena_alloc(arena, key.n + 1);
	size_t n = 0;
	for (size_t i = 0; to != NULL && i < key.n; i++) {
		bool escaped = key.p[i] == '~' && i + 1 < key.n && (key.p[i + 1] | 1) == '1';
		to[n++] = escaped ? (key.p[i + 1] == '1' ? '/' : '~') : key.p[i];
		i += escaped;
	}
	return to != NULL ? str_n(to, n) : STR_NONE;
}

static size_t index_of(struct str key)
{
	int64_t i;
	bool is_number = key.n > 0 && key.n < 10 && key.p[0] >= '0' && key.p[0] <= '9';
	return is_number && str_i64(key, &i) ? (size_t)i : SIZE_MAX;
}

/* "[kind=reply]"; any other step is a name. */
static void read_filter(struct pointer_step *step)
{
	struct str inside = step->key;
	if (inside.n < 3 || inside.p[0] != '[' || inside.p[inside.n - 1] != ']') {
		return;
	}
	inside = str_n(inside.p + 1, inside.n - 2);
	size_t at = str_find(inside, STR("="));
	if (at != SIZE_MAX && at > 0) {
		step->member = str_n(inside.p, at);
		step->value = str_n(inside.p + at + 1, inside.n - at - 1);
	}
}

int pointer_compile(struct pointer *out, struct str text, const char *const *lookups,
	size_t lookups_n, struct arena *arena, struct hark_err *err)
{
	struct pointer_step steps[STEPS_MAX];
	struct str rest = text, part;
	*out = (struct pointer){.text = arena_str(arena, text)};
	if (rest.n > 0 && rest.p[0] == '$') {
		size_t n = str_find(rest, STR("/"));
		n = n == SIZE_MAX ? rest.n : n;
		out->from = find_from(str_n(rest.p + 1, n - 1), lookups, lookups_n);
		rest = str_n(rest.p + n, rest.n - n);
		if (out->from < 0) {
			return hark_err_set(err, HARK_EPARSE,
				"'%.*s' begins with no place there is: $item, $root, $parent, $detail or the "
				"name of a lookup",
				STR_FMT(str_cut_utf8(text, 100)));
		}
	}
	if (rest.n > 0 && rest.p[0] != '/') {
		return hark_err_set(err, HARK_EPARSE, "a pointer begins with '/': '/%.*s'",
			STR_FMT(str_cut_utf8(rest, 100)));
	}
	while (rest.n > 0) {
		rest = str_n(rest.p + 1, rest.n - 1);
		size_t n = str_find(rest, STR("/"));
		part = str_n(rest.p, n == SIZE_MAX ? rest.n : n);
		rest = str_n(rest.p + part.n, rest.n - part.n);
		if (out->n == STEPS_MAX) {
			return hark_err_set(
				err, HARK_EPARSE, "a pointer has at most %d steps", STEPS_MAX);
		}
		struct str key = unescape(part, arena);
		steps[out->n] = (struct pointer_step){
			.key = key, .index = index_of(key), .every = str_eq_c(part, "*")};
		read_filter(&steps[out->n++]);
	}
	struct pointer_step *kept = arena_alloc(arena, (out->n + 1) * sizeof(*kept));
	if (kept == NULL || arena->rc != HARK_OK) {
		return hark_err_set(err, HARK_ENOMEM, "no memory");
	}
	memcpy(kept, steps, out->n * sizeof(*kept));
	out->steps = kept;
	return HARK_OK;
}

static const json_t *step_into(const json_t *node, const struct pointer_step *step)
{
	if (json_is_object(node)) {
		return json_object_getn(node, step->key.p, step->key.n);
	}
	return json_is_array(node) && step->index != SIZE_MAX ? json_array_get(node, step->index)
							      : NULL;
}

struct visitor {
	bool (*visit)(void *ctx, const json_t *value, const json_t *within);
	void *ctx;
};

static bool walk(const struct visitor *v, const json_t *node, const struct pointer_step *step,
	size_t n, const json_t *within);

static bool walk_every(
	const struct visitor *v, const json_t *node, const struct pointer_step *step, size_t n)
{
	if (json_is_array(node)) {
		size_t size = json_array_size(node);
		for (size_t i = 0; i < size; i++) {
			const json_t *one = json_array_get(node, i);
			if (!walk(v, one, step, n, one)) {
				return false;
			}
		}
	} else if (json_is_object(node)) {
		json_t *object = (json_t *)node; /* the iterator changes nothing */
		for (void *at = json_object_iter(object); at != NULL;
			at = json_object_iter_next(object, at)) {
			const json_t *one = json_object_iter_value(at);
			if (!walk(v, one, step, n, one)) {
				return false;
			}
		}
	}
	return true;
}

static bool is_scalar(const json_t *node, struct str text)
{
	char number[32];
	if (json_is_integer(node)) {
		snprintf(number, sizeof(number), "%" JSON_INTEGER_FORMAT, json_integer_value(node));
		return str_eq_c(text, number);
	}
	if (json_is_boolean(node)) {
		return str_eq_c(text, json_is_true(node) ? "true" : "false");
	}
	return json_is_string(node) &&
	       str_eq(text, str_n(json_string_value(node), json_string_length(node)));
}

static bool says(const json_t *node, const struct pointer_step *filter)
{
	return is_scalar(json_object_getn(node, filter->member.p, filter->member.n), filter->value);
}

/* A list of one may arrive as an object. */
static bool walk_those(
	const struct visitor *v, const json_t *node, const struct pointer_step *filter, size_t n)
{
	size_t size = json_is_array(node) ? json_array_size(node) : 1;
	for (size_t i = 0; i < size; i++) {
		const json_t *one = json_is_array(node) ? json_array_get(node, i) : node;
		if (says(one, filter) && !walk(v, one, filter + 1, n, one)) {
			return false;
		}
	}
	return true;
}

static bool walk(const struct visitor *v, const json_t *node, const struct pointer_step *step,
	size_t n, const json_t *within)
{
	for (; n > 0 && node != NULL; step++, n--) {
		if (step->every) {
			return walk_every(v, node, step + 1, n - 1);
		}
		if (step->member.p != NULL) {
			return walk_those(v, node, step, n - 1);
		}
		node = step_into(node, step);
	}
	return node == NULL || v->visit(v->ctx, node, within);
}

void pointer_visit(const struct pointer *p, const struct scope *scope,
	bool (*visit)(void *ctx, const json_t *value, const json_t *within), void *ctx)
{
	const struct visitor v = {visit, ctx};
	const json_t *start = scope->at[p->from];
	if (start != NULL) {
		walk(&v, start, p->steps, p->n, NULL);
	}
}

static bool meets_empty(const json_t *node, const struct pointer_step *step, size_t n)
{
	for (; n > 0 && node != NULL && !step->every; step++, n--) {
		node = step->member.p == NULL ? step_into(node, step) : NULL;
	}
	if (n == 0 || node == NULL) {
		return false;
	}
	if (json_is_object(node)) {
		return json_object_size(node) == 0;
	}
	bool met = json_is_array(node) && json_array_size(node) == 0;
	for (size_t i = 0; i < json_array_size(node) && !met; i++) {
		met = meets_empty(json_array_get(node, i), step + 1, n - 1);
	}
	return met;
}

bool pointer_meets_empty(const struct pointer *p, const struct scope *scope)
{
	return meets_empty(scope->at[p->from], p->steps, p->n);
}

static bool keep_first(void *ctx, const json_t *value, const json_t *within)
{
	(void)within;
	*(const json_t **)ctx = value;
	return false;
}

const json_t *pointer_first(const struct pointer *p, const struct scope *scope)
{
	const json_t *found = NULL;
	pointer_visit(p, scope, keep_first, &found);
	return found;
}

static bool add_value(void *ctx, const json_t *value, const json_t *within)
{
	(void)within;
	values_add_node(ctx, value);
	return true;
}

void pointer_all(const struct pointer *p, const struct scope *scope, struct values *out)
{
	pointer_visit(p, scope, add_value, out);
}
