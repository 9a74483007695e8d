/* Bounded hand-over of owned pointers between threads.
 *
 * An item belongs to the pusher until queue_push() returns HARK_OK, to the queue until
 * queue_pop() gives it out, then to the popper. Any thread may call anything except
 * queue_free(), which needs every other user to be gone. */
#ifndef HARK_BASE_QUEUE_H
#define HARK_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue;

/* Holds at most `cap` items; `drop` frees what is left at queue_free(). NULL: no memory. */
struct queue *queue_new(size_t cap, void (*drop)(void *item));
void queue_free(struct queue *q);

/* Waits while full. HARK_EPIPE: the queue is closed and the caller still owns `item`. */
int queue_push(struct queue *q, void *item);
/* Never waits. Returns how many of the items, from the first on, it took; the caller still owns the
 * others: it is full or closed. */
size_t queue_try_push_all(struct queue *q, void *const *items, size_t n);
/* Waits up to `timeout_ms` (-1: for ever). NULL: nothing came, or closed and empty. */
void *queue_pop(struct queue *q, int64_t timeout_ms);
/* Waits until `n` items are inside (or as many as it can hold), it is closed, or the time is over, and
 * takes none. Returns how many there are. A pusher wakes it once, not for every item; one waiter. */
size_t queue_wait(struct queue *q, size_t n, int64_t timeout_ms);
/* No more pushes; what is inside can still be popped, then every pop gives NULL at once. */
void queue_close(struct queue *q);
/* Closed and empty: nothing will come any more. */
bool queue_is_done(struct queue *q);
/* Items inside now: a hint, old by the time it is read. */
size_t queue_len(struct queue *q);

#endif
