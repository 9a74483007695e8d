/* Entries that share one name.
 *
 * Every post with that name would be compared with all of them, so that a list with a million equal
 * names would cost a million steps a mention: only the first of them are kept in the index, and
 * whoever builds it is told. */
#include "rules/names_in.h"

#include <stdlib.h>

struct chain {
	struct name **v; /* owned */
	size_t n, cap;
};

static bool collect(struct chain *c, const struct names *n, uint32_t id)
{
	for (c->n = 0; id != 0; id = c->v[c->n++]->next) {
		if (c->n == c->cap) {
			size_t want = c->cap < 256 ? 512 : c->cap * 2;
			struct name **grown = realloc(c->v, want * sizeof(*grown));
			if (grown == NULL) {
				return false;
			}
			c->v = grown;
			c->cap = want;
		}
		c->v[c->n] = name_at(n, id);
	}
	return true;
}

/* Signs do not count: with them there would be as many names for the same words. */
static int by_words(const struct name *x, const struct name *y)
{
	if (x->list != y->list) {
		return (x->list > y->list) - (x->list < y->list);
	}
	if (x->kind != y->kind) {
		return x->kind - y->kind;
	}
	return str_cmp(folded_of(x), folded_of(y));
}

static int by_name(const void *a, const void *b)
{
	const struct name *x = *(struct name *const *)a, *y = *(struct name *const *)b;
	int order = by_words(x, y);
	return order != 0 ? order : (x->entry > y->entry) - (x->entry < y->entry);
}

/* The entries of one name, in their order: v[from] and those behind it that are equal. Marks what is
 * too many; returns how many names that were. */
static size_t look_at(const struct chain *c, size_t from, struct namesakes *out)
{
	const struct name *first = c->v[from];
	*out = (struct namesakes){first->list, first->entry, 0, folded_of(first)};
	size_t i = from;
	for (; i < c->n && by_words(first, c->v[i]) == 0; i++) {
		out->entries += i == from || c->v[i]->entry != c->v[i - 1]->entry;
		c->v[i]->flags |= out->entries > NAMESAKES_MAX ? NAME_LEFT_OUT : 0;
	}
	return i - from;
}

/* The chain without what was marked. */
static void unlink_marked(struct names *n, uint32_t *head)
{
	for (uint32_t *at = head; *at != 0;) {
		struct name *name = name_at(n, *at);
		if (name->flags & NAME_LEFT_OUT) {
			*at = name->next;
		} else {
			at = &name->next;
		}
	}
}

int names_limit(
	struct names *n, struct name_table *t, const uint8_t *many, namesakes_fn tell, void *ctx)
{
	struct chain c = {0};
	int rc = HARK_OK;
	for (size_t s = 0; s < t->slots_n && rc == HARK_OK; s++) {
		if (many[s] <= NAMESAKES_TOLD) {
			continue;
		}
		rc = collect(&c, n, *head_of(t, s)) ? HARK_OK : HARK_ENOMEM;
		size_t from = 0;
		if (rc == HARK_OK) {
			qsort(c.v, c.n, sizeof(struct name *), by_name);
		}
		while (rc == HARK_OK && from < c.n) {
			struct namesakes found;
			from += look_at(&c, from, &found);
			if (found.entries > NAMESAKES_TOLD && tell != NULL) {
				tell(ctx, &found);
			}
		}
		unlink_marked(n, head_of(t, s));
	}
	free(c.v);
	return rc;
}
