/* Waiting for another thread for so long and no longer, by a clock that never jumps.
 *
 *	struct timespec until = waiting_until(timeout_ms);
 *	while (!ready && pthread_cond_timedwait(&cond, &lock, &until) == 0) {
 *	} */
#ifndef HARK_BASE_WAITING_H
#define HARK_BASE_WAITING_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

/* As pthread_cond_init(), which would go by the wall clock. */
void waiting_init(pthread_cond_t *cond);
/* `ms` from now, for one of those. */
struct timespec waiting_until(int64_t ms);

#endif
