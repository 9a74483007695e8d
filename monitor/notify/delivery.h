/* One attempt to give an alert to a receiver, and what came of it. It owns copies of everything it
 * needs, so it may move between threads; one owner at a time. */
#ifndef HARK_NOTIFY_DELIVERY_H
#define HARK_NOTIFY_DELIVERY_H

#include "monitor/config/conf.h"
#include "monitor/store/leaves.h"
#include "monitor/store/outbox.h"

#include <stdatomic.h>

enum delivery_outcome {
	DELIVERY_FAILED, /* to be tried again */
	DELIVERY_SENT,
	DELIVERY_GONE,      /* the receiver wants no more: disable it */
	DELIVERY_NOT_TRIED, /* the program stops: as if never claimed */
};

struct delivery {
	struct delivery *next;
	struct conf *conf;                    /* counted */
	const struct conf_receiver *receiver; /* inside `conf` */
	int64_t id, lease_token, lead;
	int attempt;                           /* from 1 */
	struct str delivery_id, kind, payload; /* NUL-terminated */
	char leave[LEAVE_MARK_MAX];            /* of the link that ends mails; "": it has none */
	const atomic_bool *abandon;            /* end early when it becomes true; NULL: never */

	enum delivery_outcome outcome;
	int status;             /* HTTP status or exit status; 0: none */
	int64_t retry_after_ms; /* the receiver asks for at least this; 0: it does not */
	int64_t took_ms;
	char error[300];  /* one sentence unless sent; never a URL's path or a secret */
	char answer[200]; /* first line of what the receiver said */
	char block[];
};

/* Owned by the caller; takes a count of `conf`. NULL: no memory. */
struct delivery *delivery_new(
	struct conf *conf, const struct conf_receiver *receiver, const struct outbox_row *row);
void delivery_free(struct delivery *d); /* NULL is fine */

void delivery_sent(struct delivery *d, int status);
void delivery_failed(struct delivery *d, int status, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* `path` as it is or, if relative, beside the configuration. HARK_EINVAL: too long. */
int delivery_path(const struct delivery *d, const char *path, char *out, size_t bytes);
/* Where its reader is: of the digest or else the quiet hours. NULL: nothing says. */
const struct zone *delivery_zone(const struct delivery *d);
/* Copies the first line of `text` without control characters. */
void delivery_first_line(struct str text, char *out, size_t bytes);

#endif
