/* An alert as a mail: header lines (RFC 5322), text and HTML. Pure.
 *
 * The Message-ID is made of the delivery, so that a mail that is sent again after a crash is the same one; mails
 * about one lead refer to one root and stand together. Machines know it as a list (RFC 2919) and as sent by a
 * program (RFC 3834), so nobody's out-of-office note answers it. Where hark can be reached it has the link that ends
 * them, for a button of the mail program (RFC 2369, 8058) and as text. */
#ifndef HARK_NOTIFY_MAIL_H
#define HARK_NOTIFY_MAIL_H

#include "monitor/notify/message.h"

#define MAIL_HEADERS_MAX 14

struct mail_frame {
	const char *from, *to; /* addresses */
	const char *receiver;  /* its name in the configuration */
	const char *delivery_id;
	const char *leave; /* the address that ends these mails; NULL: there is none */
	int64_t now_ms; /* wall clock */
};

struct mail {
	struct buf lines; /* of the headers, each with its NUL */
	const char *headers[MAIL_HEADERS_MAX];
	struct buf text, html;
};

/* HARK_ENOMEM. Release it in either case. */
int mail_write(struct mail *out, const struct message *m, const struct mail_frame *frame);
void mail_release(struct mail *m);

#endif
