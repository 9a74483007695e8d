#include "monitor/pipeline/due.h"

#include <stdlib.h>

void due_release(struct due *d)
{
	free(d->all);
	*d = (struct due){0};
}

bool due_reserve(struct due *d, size_t n)
{
	if (n <= d->cap) {
		return true;
	}
	struct source **grown = realloc(d->all, n * sizeof(struct source *));
	if (grown == NULL) {
		return false;
	}
	d->all = grown;
	d->cap = n;
	return true;
}

static void put(struct due *d, size_t i, struct source *src)
{
	d->all[i] = src;
	src->slot = i;
}

static void sift_up(struct due *d, size_t i)
{
	struct source *src = d->all[i];
	for (; i > 0 && d->all[(i - 1) / 2]->due_ms > src->due_ms; i = (i - 1) / 2) {
		put(d, i, d->all[(i - 1) / 2]);
	}
	put(d, i, src);
}

static void sift_down(struct due *d, size_t i)
{
	struct source *src = d->all[i];
	for (;;) {
		size_t child = 2 * i + 1;
		if (child + 1 < d->n && d->all[child + 1]->due_ms < d->all[child]->due_ms) {
			child++;
		}
		if (child >= d->n || d->all[child]->due_ms >= src->due_ms) {
			break;
		}
		put(d, i, d->all[child]);
		i = child;
	}
	put(d, i, src);
}

void due_add(struct due *d, struct source *src, int64_t due_ms)
{
	src->due_ms = due_ms;
	put(d, d->n, src);
	sift_up(d, d->n++);
}

void due_remove(struct due *d, struct source *src)
{
	size_t i = src->slot;
	struct source *last = d->all[--d->n];
	if (last != src) {
		put(d, i, last);
		sift_up(d, i);
		sift_down(d, last->slot);
	}
}

int64_t due_first_ms(const struct due *d)
{
	return d->n > 0 ? d->all[0]->due_ms : INT64_MAX;
}
