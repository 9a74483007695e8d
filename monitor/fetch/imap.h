/* What is said to a mailbox behind the log-in (RFC 3501): which mails are new, and those mails, over any byte
 * stream. The folder is opened with EXAMINE and mails are looked at with BODY.PEEK, so nothing in it changes.
 *
 * Like websocket.h it reads and writes through the functions it is given and has no socket, clock or thread of
 * its own. Everything the peer says is bounded: lines, numbers, literals, and all of it together.
 *
 * Why not libcurl's own FETCH: it opens with SELECT and asks for BODY[], which marks mails as read, and of a
 * command of our own it hands out only the first line before 8.17 (curl issue 18847), or takes a line inside of
 * a mail for the end of the answer (curl issue 22865). */
#ifndef HARK_FETCH_IMAP_H
#define HARK_FETCH_IMAP_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#include <sys/types.h>

struct imap;

struct imap_io {
	/* Bytes moved, more than 0; 0: none now; HARK_EPIPE: the peer has ended the stream; HARK_ENET. */
	ssize_t (*read)(void *ctx, void *bytes, size_t n);
	ssize_t (*write)(void *ctx, const void *bytes, size_t n);
	void *ctx;
};

#define IMAP_MAILS_MAX 500

struct imap_ask {
	struct str folder; /* UTF-8 */
	/* The mails behind this one; where `validity` is not the folder's (0: none is): those since a day. */
	uint32_t validity, after;
	struct str since; /* "1-Feb-2026" */
	size_t mails;     /* most of one answer, at most IMAP_MAILS_MAX */
	size_t mail_max;  /* bytes that are read of a mail */
};

/* HARK_EINVAL: what is asked cannot be sent. */
int imap_new(struct imap **out, const struct imap_io *io, const struct imap_ask *ask,
	struct hark_err *err);
void imap_free(struct imap *m); /* NULL is fine */

enum imap_state {
	IMAP_WAITS,     /* for its peer */
	IMAP_DONE,      /* the answer is there */
	IMAP_NO_FOLDER, /* err says what the peer says */
	IMAP_FAILED,    /* err says why */
};
/* Reads and writes as far as it goes. The mails go to `body` one after the other; its ceiling bounds how many. */
enum imap_state imap_step(struct imap *m, struct buf *body, struct hark_err *err);
bool imap_wants_write(const struct imap *m);

/* Of IMAP_DONE. Appends the answer's headers, name and value each with its NUL, and returns how many:
 * Mail (UID OFFSET BYTES SIZE RECEIVED, for each in the body; RECEIVED is when the server got it, may be empty),
 * Place (UIDVALIDITY UID, up to where mails were read), Left (how many more there are), End (UIDVALIDITY UID, of
 * the last of them), Lost (UID REASON, for each that the server could not give). */
size_t imap_headers(const struct imap *m, struct buf *out);

#endif
