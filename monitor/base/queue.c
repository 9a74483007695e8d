#include "monitor/base/queue.h"

#include "monitor/base/err.h"
#include "monitor/base/waiting.h"

#include <stdbool.h>
#include <stdlib.h>

struct queue {
	void (*drop)(void *item);
	size_t cap;

	pthread_mutex_t lock; /* guards all below */
	pthread_cond_t room, work, plenty;
	size_t head, len;
	size_t wanted; /* who waits for plenty wants so many; SIZE_MAX: nobody does */
	bool closed;
	void *items[];
};

struct queue *queue_new(size_t cap, void (*drop)(void *item))
{
	struct queue *q = calloc(1, sizeof(*q) + cap * sizeof(q->items[0]));
	if (q == NULL) {
		return NULL;
	}
	q->drop = drop;
	q->cap = cap;
	q->wanted = SIZE_MAX;
	pthread_mutex_init(&q->lock, NULL);
	waiting_init(&q->room);
	waiting_init(&q->work);
	waiting_init(&q->plenty);
	return q;
}

void queue_free(struct queue *q)
{
	if (q == NULL) {
		return;
	}
	for (; q->len > 0; q->len--) {
		if (q->drop != NULL) {
			q->drop(q->items[q->head]);
		}
		q->head = (q->head + 1) % q->cap;
	}
	pthread_cond_destroy(&q->room);
	pthread_cond_destroy(&q->work);
	pthread_cond_destroy(&q->plenty);
	pthread_mutex_destroy(&q->lock);
	free(q);
}

/* Tells those who wait that `n` items came. Without the lock, which they need first of all. */
static void tell(struct queue *q, size_t n, bool plenty)
{
	if (n > 1) {
		pthread_cond_broadcast(&q->work);
	} else if (n == 1) {
		pthread_cond_signal(&q->work);
	}
	if (plenty) {
		pthread_cond_signal(&q->plenty);
	}
}

int queue_push(struct queue *q, void *item)
{
	pthread_mutex_lock(&q->lock);
	while (q->len == q->cap && !q->closed) {
		pthread_cond_wait(&q->room, &q->lock);
	}
	bool closed = q->closed;
	if (!closed) {
		q->items[(q->head + q->len++) % q->cap] = item;
	}
	bool plenty = q->len >= q->wanted;
	pthread_mutex_unlock(&q->lock);
	tell(q, closed ? 0 : 1, plenty);
	return closed ? HARK_EPIPE : HARK_OK;
}

size_t queue_try_push_all(struct queue *q, void *const *items, size_t n)
{
	size_t i = 0;
	pthread_mutex_lock(&q->lock);
	while (i < n && q->len < q->cap && !q->closed) {
		q->items[(q->head + q->len++) % q->cap] = items[i++];
	}
	bool plenty = q->len >= q->wanted;
	pthread_mutex_unlock(&q->lock);
	tell(q, i, plenty);
	return i;
}

void *queue_pop(struct queue *q, int64_t timeout_ms)
{
	struct timespec until = timeout_ms > 0 ? waiting_until(timeout_ms) : (struct timespec){0};
	void *item = NULL;
	pthread_mutex_lock(&q->lock);
	while (q->len == 0 && !q->closed && timeout_ms != 0) {
		if (timeout_ms < 0) {
			pthread_cond_wait(&q->work, &q->lock);
		} else if (pthread_cond_timedwait(&q->work, &q->lock, &until) != 0) {
			break;
		}
	}
	if (q->len > 0) {
		item = q->items[q->head];
		q->head = (q->head + 1) % q->cap;
		q->len--;
		pthread_cond_signal(&q->room);
	}
	pthread_mutex_unlock(&q->lock);
	return item;
}

size_t queue_wait(struct queue *q, size_t n, int64_t timeout_ms)
{
	struct timespec until = waiting_until(timeout_ms);
	pthread_mutex_lock(&q->lock);
	q->wanted = n < q->cap ? n : q->cap;
	while (q->len < q->wanted && !q->closed &&
		pthread_cond_timedwait(&q->plenty, &q->lock, &until) == 0) {
	}
	q->wanted = SIZE_MAX;
	size_t len = q->len;
	pthread_mutex_unlock(&q->lock);
	return len;
}

void queue_close(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	q->closed = true;
	pthread_cond_broadcast(&q->room);
	pthread_cond_broadcast(&q->work);
	pthread_cond_broadcast(&q->plenty);
	pthread_mutex_unlock(&q->lock);
}

bool queue_is_done(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	bool done = q->closed && q->len == 0;
	pthread_mutex_unlock(&q->lock);
	return done;
}

size_t queue_len(struct queue *q)
{
	pthread_mutex_lock(&q->lock);
	size_t len = q->len;
	pthread_mutex_unlock(&q->lock);
	return len;
}
