/* Places for connections: who dawdles over a request keeps one until somebody else wants it.
 *
 * When all are taken, the connection that has been without a whole request for the longest is shut down. So
 * any number of clients that send nothing, or a byte now and then, keep nobody out, and no clock is needed
 * to tell slow from dead. The callbacks run on libmicrohttpd's threads. */
#ifndef HARK_API_HTTP_PLACES_H
#define HARK_API_HTTP_PLACES_H

#include <microhttpd.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#define PLACES_SPARE \
	16 /* libmicrohttpd's own limit is higher by these: some are on their way out */

struct place;

struct places {
	pthread_mutex_t lock; /* guards what follows */
	pthread_cond_t idle;  /* no request is being answered any more */
	struct place *all;    /* the first has been without a whole request for the longest */
	unsigned n, busy;
	unsigned most;
	const char *const *headers; /* of every answer: name, value … NULL; borrowed */
	void (*drop)(void *request);
};

/* `drop` frees what places_keep() was given and libmicrohttpd has not ended. */
void places_init(
	struct places *p, unsigned most, const char *const *headers, void (*drop)(void *request));
/* After libmicrohttpd has stopped. */
void places_release(struct places *p);
/* For MHD_OPTION_NOTIFY_CONNECTION, with a struct places. */
void places_connection(void *places, struct MHD_Connection *connection, void **slot,
	enum MHD_ConnectionNotificationCode code);
/* Those of places_init(); NULL: none. */
const char *const *places_headers(struct MHD_Connection *connection);
/* What belongs to the request that a connection is in; NULL when libmicrohttpd says that it has ended. It does not
 * always (0.9.75): where cookies take all the memory of a connection, it closes that and says nothing. */
void places_keep(struct places *p, struct MHD_Connection *connection, void *request);
/* A whole request is here (busy), or its answer has gone out. */
void places_mark(struct places *p, struct MHD_Connection *connection, bool busy);

/* Waits until no answer is on its way, `wait_ms` at most. Not on libmicrohttpd's threads. */
void places_settle(struct places *p, int64_t wait_ms);

#endif
