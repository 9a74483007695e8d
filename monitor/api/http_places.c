#include "monitor/api/http_places.h"

#include "monitor/base/waiting.h"

#include <stdlib.h>
#include <sys/socket.h>
#include <utlist.h>

struct place {
	int fd;
	const char *const *headers; /* of its answers */
	void *request;              /* owned, or NULL; of the connection's thread */
	bool busy;                  /* a whole request is here, its answer has not gone out yet */
	struct place *prev, *next;
};

void places_init(
	struct places *p, unsigned most, const char *const *headers, void (*drop)(void *request))
{
	*p = (struct places){.most = most, .headers = headers, .drop = drop};
	pthread_mutex_init(&p->lock, NULL);
	waiting_init(&p->idle);
}

void places_release(struct places *p)
{
	pthread_cond_destroy(&p->idle);
	pthread_mutex_destroy(&p->lock);
}

/* With the lock held. */
static void set_busy(struct places *p, struct place *one, bool busy)
{
	p->busy += busy && !one->busy;
	p->busy -= !busy && one->busy;
	one->busy = busy;
	if (p->busy == 0) {
		pthread_cond_broadcast(&p->idle);
	}
}

/* Closing is libmicrohttpd's: it hears of the end at the next turn of its loop. The descriptor is open as
 * long as the place is in the list. */
static void make_room(struct places *p)
{
	struct place *one;
	DL_FOREACH (p->all, one) {
		if (!one->busy) {
			shutdown(one->fd, SHUT_RDWR);
			set_busy(
				p, one, true); /* on its way out: the next to give way is another */
			return;
		}
	}
}

/* Without memory a connection goes uncounted. */
static void come(struct places *p, struct MHD_Connection *connection, void **slot)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
	struct place *one = info != NULL ? calloc(1, sizeof(*one)) : NULL;
	*slot = one;
	if (one == NULL) {
		return;
	}
	one->fd = info->connect_fd;
	one->headers = p->headers;
	pthread_mutex_lock(&p->lock);
	if (p->n >= p->most) {
		make_room(p);
	}
	DL_APPEND(p->all, one);
	p->n++;
	pthread_mutex_unlock(&p->lock);
}

static void keep(const struct places *p, struct place *one, void *request)
{
	if (one->request != NULL && request != one->request) {
		p->drop(one->request);
	}
	one->request = request;
}

static void go(struct places *p, struct place *one)
{
	if (one != NULL) {
		keep(p, one, NULL);
		pthread_mutex_lock(&p->lock);
		set_busy(p, one, false);
		DL_DELETE(p->all, one);
		p->n--;
		pthread_mutex_unlock(&p->lock);
		free(one);
	}
}

void places_connection(void *places, struct MHD_Connection *connection, void **slot,
	enum MHD_ConnectionNotificationCode code)
{
	if (code == MHD_CONNECTION_NOTIFY_STARTED) {
		come(places, connection, slot);
	} else {
		go(places, *slot);
		*slot = NULL;
	}
}

static struct place *place_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	return info != NULL ? info->socket_context : NULL;
}

const char *const *places_headers(struct MHD_Connection *connection)
{
	const struct place *one = place_of(connection);
	return one != NULL ? one->headers : NULL;
}

void places_keep(struct places *p, struct MHD_Connection *connection, void *request)
{
	struct place *one = place_of(connection);
	if (one != NULL && request != NULL) {
		keep(p, one, request);
	} else if (one != NULL) {
		one->request = NULL;
	}
}

void places_mark(struct places *p, struct MHD_Connection *connection, bool busy)
{
	struct place *one = place_of(connection);
	if (one != NULL) {
		pthread_mutex_lock(&p->lock);
		set_busy(p, one, busy);
		DL_DELETE(p->all, one);
		DL_APPEND(p->all, one);
		pthread_mutex_unlock(&p->lock);
	}
}

void places_settle(struct places *p, int64_t wait_ms)
{
	struct timespec until = waiting_until(wait_ms);
	pthread_mutex_lock(&p->lock);
	int rc = 0;
	while (p->busy > 0 && rc == 0) {
		rc = pthread_cond_timedwait(&p->idle, &p->lock, &until);
	}
	pthread_mutex_unlock(&p->lock);
}
