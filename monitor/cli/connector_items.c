/* Where the items of a reply are: of all the lists in it those that look most like posts. */
#include "monitor/cli/connector_members.h"

#include <stdio.h>
#include <string.h>

#define DEPTH_MAX 5
#define WORTH_ONE 3  /* fields that one object needs to be a post beside a list */
#define INNER_LESS 2 /* fields that posts inside other items must have more than those */
#define SHARED_MIN 2 /* members that the values of an object must have in common to be a list */

/* The best array, and the best object. */
struct best {
	struct guessed many, one;
	int many_worth, one_worth, one_depth;
};

static void keep(struct guessed *to, const struct guessed *from)
{
	json_decref(to->items);
	*to = *from;
	json_incref(to->items);
}

/* `less`: what it has to be better than the others by. */
static void weigh_many(json_t *items, const char *pointer, int less, struct best *best)
{
	struct guessed g = {.items = items};
	int w = guess_worth(&g) - less;
	snprintf(g.pointer, sizeof(g.pointer), "%s", pointer);
	if (w > best->many_worth ||
		(w == best->many_worth &&
			json_array_size(items) > json_array_size(best->many.items))) {
		keep(&best->many, &g);
		best->many_worth = w;
	}
}

static void weigh_one(json_t *object, const char *pointer, int depth, struct best *best)
{
	struct guessed g = {.items = object, .is_one = true};
	int w = guess_worth(&g);
	snprintf(g.pointer, sizeof(g.pointer), "%s", pointer);
	if (w > best->one_worth || (w == best->one_worth && depth > best->one_depth &&
					   str_starts(str_c(pointer), str_c(best->one.pointer)))) {
		keep(&best->one, &g);
		best->one_worth = w;
		best->one_depth = depth;
	}
}

static bool is_list(const json_t *node)
{
	return json_is_object(json_array_get(node, 0));
}

/* Posts that lie in the elements of another list, as those of a thread. Such a list is one of posts itself more
 * often than not, whose comments or labels these are. */
static void weigh_inner(json_t *list, const char *pointer, struct best *best)
{
	char every[GUESS_POINTER_MAX], deeper[GUESS_POINTER_MAX];
	json_t *object = json_array_get(list, 0), *value;
	const char *key;
	json_object_foreach(object, key, value)
	{
		if (!is_list(value) || strcmp(key, "*") == 0 ||
			!pointer_step(every, pointer, "*") || !pointer_step(deeper, every, key)) {
			continue;
		}
		json_t *all = json_array();
		for (size_t i = 0; i < json_array_size(list) && i < MEMBER_ITEMS; i++) {
			json_t *inner = json_object_get(json_array_get(list, i), key);
			if (json_is_array(inner)) {
				json_array_extend(all, inner);
			}
		}
		weigh_many(all, deeper, INNER_LESS, best);
		json_decref(all);
	}
}

/* {"a1": {...}, "b2": {...}}, whose keys are no names: all values are objects that have most members in common. */
static json_t *values_of(json_t *object)
{
	json_t *values = json_array(), *value, *first = NULL;
	const char *key, *member;
	json_object_foreach(object, key, value)
	{
		size_t shared = 0;
		json_t *one;
		first = first == NULL ? value : first;
		json_object_foreach(value, member, one)
		{
			shared += json_object_get(first, member) != NULL;
		}
		if (!json_is_object(value) || shared < SHARED_MIN ||
			shared * 2 < json_object_size(first)) {
			json_decref(values);
			return NULL;
		}
		json_array_append(values, value);
	}
	if (json_array_size(values) < 2) {
		json_decref(values);
		return NULL;
	}
	return values;
}

static void find_items(json_t *node, const char *pointer, int depth, struct best *best)
{
	char deeper[GUESS_POINTER_MAX];
	if (is_list(node)) {
		weigh_many(node, pointer, 0, best);
		weigh_inner(node, pointer, best);
	}
	if (!json_is_object(node)) {
		return;
	}
	weigh_one(node, pointer, depth, best);
	json_t *values = values_of(node), *value;
	if (values != NULL && pointer_step(deeper, pointer, "*")) {
		weigh_many(values, deeper, 0, best);
	}
	json_decref(values);
	const char *key;
	json_object_foreach(node, key, value)
	{
		if (depth < DEPTH_MAX && strcmp(key, "*") != 0 &&
			pointer_step(deeper, pointer, key)) {
			find_items(value, deeper, depth + 1, best);
		}
	}
}

void guess_items(const json_t *root, struct guessed *out)
{
	struct best best = {
		.many_worth = -1, .one = {.items = json_incref((json_t *)root), .is_one = true}};
	find_items(best.one.items, "", 0, &best);
	bool is_one = best.many.items == NULL ||
		      (best.one_worth > best.many_worth && best.one_worth >= WORTH_ONE);
	*out = (struct guessed){0};
	keep(out, is_one ? &best.one : &best.many);
	json_decref(best.one.items);
	json_decref(best.many.items);
}

void guess_release(struct guessed *g)
{
	json_decref(g->items);
	g->items = NULL;
}
