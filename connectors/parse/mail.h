/* Mail as it lies in a mailbox (RFC 5322, 2045 to 2047, 2231, 3676): what its head says, and the text a
 * person would read.
 *
 * Multiparts, quoted-printable and base64, the letters of each part and encoded words in headers are undone. Of
 * alternatives plain text goes before HTML, which becomes text with its links. Attachments are left out and
 * nothing that a mail points to is loaded.
 *
 * Why no library: anybody may write to a mailbox. On mails made to hurt (libgmime 3.2.13, libetpan 1.9.4)
 * GMime overflows the stack at a From of 600 KB and ends the program where memory fails, as all of GLib
 * does; libetpan overflows it at nested comments and nested mails, and is not done with 3 MB of nested
 * multiparts after a minute. Here depth and parts are bounded and time is linear. Pure; any thread. */
#ifndef HARK_PARSE_MAIL_H
#define HARK_PARSE_MAIL_H

#include "connectors/parse/html.h"
#include "monitor/base/err.h"

#define MAIL_DEPTH_MAX 16           /* of parts in parts; what lies deeper is not looked at */
#define MAIL_PARTS_MAX 1000         /* what is more is not looked at */
#define MAIL_TEXT_MAX (1024u << 10) /* of a part, decoded; the rest is left out */

struct mail {
	struct str id;          /* Message-ID without its brackets; absent: none */
	struct str in_reply_to; /* the same */
	struct str thread;      /* the first of References, or in_reply_to */
	struct str subject;
	struct str from_name, from_address;
	struct str archived_at; /* its address on the web (RFC 5064); absent: none */
	int64_t sent_ms;        /* wall clock; 0: it does not say, or no date */
	struct str text;
	struct str html;         /* its HTML, as UTF-8; absent: none */
	struct html_links links; /* of its HTML */
	const char *damage;      /* the first thing wrong with it; NULL: nothing */
};

/* Strings live in `arena`. A damaged mail is read as far as it goes. HARK_EPARSE: the bytes are no mail. */
int mail_read(struct mail *out, struct str bytes, struct arena *arena, struct hark_err *err);

#endif
