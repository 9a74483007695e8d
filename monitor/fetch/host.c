#include "monitor/fetch/host.h"

#include "monitor/base/err.h"

#include <stdlib.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <utlist.h>

enum place {
	NOWHERE,
	READY,
	READY_URGENT,
	TIMED,
};

struct line {
	struct host_item *first, **last;
};

struct host {
	UT_hash_handle hh;
	struct host *prev, *next; /* in a ready queue */
	enum place place;
	size_t heap_index;
	int64_t due_ms; /* while TIMED */

	struct line urgent, normal;
	int64_t in_flight;
	int64_t started_ms; /* the last start */
	bool started;
	size_t key_bytes;
	char key[];
};

struct hosts {
	struct host *by_key;
	struct host *ready, *ready_urgent;
	struct host **heap; /* soonest first */
	size_t heap_n, heap_cap;
	int64_t per_host;
	int64_t spacing_max_ms; /* largest seen: so long a start must be remembered */
};

struct hosts *hosts_new(int64_t per_host)
{
	struct hosts *hs = calloc(1, sizeof(*hs));
	if (hs != NULL) {
		hosts_set_per_host(hs, per_host);
	}
	return hs;
}

/* Hosts that wait for a slot are settled again when one of theirs comes free, which is soon enough. */
void hosts_set_per_host(struct hosts *hs, int64_t per_host)
{
	hs->per_host = per_host > 0 ? per_host : 1;
}

/* Heap: a binary one over `due_ms`, each host knowing its index. */

static void heap_put(struct hosts *hs, size_t i, struct host *h)
{
	hs->heap[i] = h;
	h->heap_index = i;
}

static void heap_up(struct hosts *hs, size_t i, struct host *h)
{
	for (; i > 0 && hs->heap[(i - 1) / 2]->due_ms > h->due_ms; i = (i - 1) / 2) {
		heap_put(hs, i, hs->heap[(i - 1) / 2]);
	}
	heap_put(hs, i, h);
}

static void heap_down(struct hosts *hs, size_t i, struct host *h)
{
	for (;;) {
		size_t child = 2 * i + 1;
		if (child + 1 < hs->heap_n &&
			hs->heap[child + 1]->due_ms < hs->heap[child]->due_ms) {
			child++;
		}
		if (child >= hs->heap_n || hs->heap[child]->due_ms >= h->due_ms) {
			break;
		}
		heap_put(hs, i, hs->heap[child]);
		i = child;
	}
	heap_put(hs, i, h);
}

static void heap_remove(struct hosts *hs, struct host *h)
{
	size_t i = h->heap_index;
	struct host *last = hs->heap[--hs->heap_n];
	if (last == h) {
		return;
	}
	if (i > 0 && hs->heap[(i - 1) / 2]->due_ms > last->due_ms) {
		heap_up(hs, i, last);
	} else {
		heap_down(hs, i, last);
	}
}

static bool heap_reserve(struct hosts *hs)
{
	size_t need = HASH_COUNT(hs->by_key) + 1;
	if (need <= hs->heap_cap) {
		return true;
	}
	size_t cap = need < 32 ? 64 : need * 2;
	struct host **heap = realloc(hs->heap, cap * sizeof(struct host *));
	if (heap == NULL) {
		return false;
	}
	hs->heap = heap;
	hs->heap_cap = cap;
	return true;
}

static void line_add(struct line *l, struct host_item *item)
{
	item->next = NULL;
	if (l->first == NULL) {
		l->last = &l->first;
	}
	*l->last = item;
	l->last = &item->next;
}

static struct host_item *line_take(struct line *l)
{
	struct host_item *item = l->first;
	l->first = item->next;
	item->next = NULL;
	return item;
}

static struct host_item *head_of(const struct host *h)
{
	return h->urgent.first != NULL ? h->urgent.first : h->normal.first;
}

static void lift(struct hosts *hs, struct host *h)
{
	if (h->place == READY) {
		DL_DELETE(hs->ready, h);
	} else if (h->place == READY_URGENT) {
		DL_DELETE(hs->ready_urgent, h);
	} else if (h->place == TIMED) {
		heap_remove(hs, h);
	}
	h->place = NOWHERE;
}

static void forget(struct hosts *hs, struct host *h)
{
	HASH_DEL(hs->by_key, h);
	free(h);
}

static void time_until(struct hosts *hs, struct host *h, int64_t due_ms)
{
	h->due_ms = due_ms;
	h->place = TIMED;
	heap_up(hs, hs->heap_n++, h); /* room was reserved when the host was made */
}

/* Puts a host where it belongs now; it may be freed. */
static void settle(struct hosts *hs, struct host *h, int64_t now_ms)
{
	const struct host_item *head = head_of(h);
	lift(hs, h);
	if (head != NULL && h->in_flight >= hs->per_host) {
		return;
	}
	int64_t spacing = head != NULL ? head->spacing_ms : hs->spacing_max_ms;
	int64_t due = h->started ? h->started_ms + spacing : now_ms;
	if (head == NULL && h->in_flight > 0) {
		return;
	}
	if (due > now_ms) {
		time_until(hs, h, due);
	} else if (head == NULL) {
		forget(hs, h);
	} else if (head->urgent) {
		DL_APPEND(hs->ready_urgent, h);
		h->place = READY_URGENT;
	} else {
		DL_APPEND(hs->ready, h);
		h->place = READY;
	}
}

static struct host *host_make(struct hosts *hs, struct str key)
{
	struct host *h = heap_reserve(hs) ? calloc(1, sizeof(*h) + key.n) : NULL;
	if (h == NULL) {
		return NULL;
	}
	memcpy(h->key, key.p, key.n);
	h->key_bytes = key.n;
	HASH_ADD_KEYPTR(hh, hs->by_key, h->key, h->key_bytes, h);
	if (h->hh.tbl == NULL) {
		free(h);
		return NULL;
	}
	return h;
}

int hosts_add(struct hosts *hs, struct str key, struct host_item *item, int64_t now_ms)
{
	struct host *h = NULL;
	HASH_FIND(hh, hs->by_key, key.p, key.n, h);
	if (h == NULL && (h = host_make(hs, key)) == NULL) {
		return HARK_ENOMEM;
	}
	item->host = h;
	if (item->spacing_ms > hs->spacing_max_ms) {
		hs->spacing_max_ms = item->spacing_ms;
	}
	line_add(item->urgent ? &h->urgent : &h->normal, item);
	/* A host already ready stays where it stands in the queue, unless urgency moves it. */
	if (!(h->place == READY && !item->urgent) && h->place != READY_URGENT) {
		settle(hs, h, now_ms);
	}
	return HARK_OK;
}

/* Hosts whose moment has come leave the heap. */
static void ripen(struct hosts *hs, int64_t now_ms)
{
	while (hs->heap_n > 0 && hs->heap[0]->due_ms <= now_ms) {
		settle(hs, hs->heap[0], now_ms);
	}
}

struct host_item *hosts_next(struct hosts *hs, bool urgent_only, int64_t now_ms)
{
	ripen(hs, now_ms);
	struct host *h = hs->ready_urgent != NULL ? hs->ready_urgent
			 : urgent_only            ? NULL
						  : hs->ready;
	if (h == NULL) {
		return NULL;
	}
	struct host_item *item = line_take(h->urgent.first != NULL ? &h->urgent : &h->normal);
	h->in_flight++;
	h->started = true;
	h->started_ms = now_ms;
	settle(hs, h, now_ms);
	return item;
}

void hosts_done(struct hosts *hs, struct host_item *item, int64_t now_ms)
{
	struct host *h = item->host;
	item->host = NULL;
	h->in_flight--;
	if (h->place == NOWHERE) {
		settle(hs, h, now_ms);
	}
}

struct host_item *hosts_drain(struct hosts *hs)
{
	struct host *h, *tmp;
	HASH_ITER (hh, hs->by_key, h, tmp) {
		if (head_of(h) == NULL) {
			continue;
		}
		struct host_item *item =
			line_take(h->urgent.first != NULL ? &h->urgent : &h->normal);
		item->host = NULL;
		if (head_of(h) == NULL) {
			lift(hs, h);
		}
		return item;
	}
	return NULL;
}

int64_t hosts_due(const struct hosts *hs)
{
	return hs->heap_n > 0 ? hs->heap[0]->due_ms : INT64_MAX;
}

size_t hosts_count(const struct hosts *hs)
{
	return HASH_COUNT(hs->by_key);
}

void hosts_free(struct hosts *hs)
{
	struct host *h, *tmp;
	if (hs == NULL) {
		return;
	}
	HASH_ITER (hh, hs->by_key, h, tmp) {
		forget(hs, h);
	}
	free(hs->heap);
	free(hs);
}
