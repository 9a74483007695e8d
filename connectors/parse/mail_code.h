/* How mail spells bytes and letters: the encodings of bodies, and of words in headers. Pure, linear in time. */
#ifndef HARK_PARSE_MAIL_CODE_H
#define HARK_PARSE_MAIL_CODE_H

#include "monitor/base/buf.h"

/* Appends the bytes that are meant; a broken "=XY" stays as it is. False: there was one. HARK_ELIMIT in out->rc:
 * there is more than it may hold, and the beginning is in it. */
bool mail_quoted_printable(struct str text, struct buf *out);
/* format=flowed: a line that ends in a blank goes on in the next, without that blank where `delsp`. */
void mail_unflow(struct str text, bool delsp, struct buf *out);

/* Appends a header's value as UTF-8 on one line: folding undone, encoded words decoded, neighbours of them
 * joined. Bytes beyond ASCII that nobody explains are read as what they look like. */
void mail_words(struct str value, struct buf *out);

/* A parameter of a header, as charset of Content-Type, in its plain form or in that of RFC 2231; appended to
 * `out`. False: it is not there. */
bool mail_parameter(struct str value, struct str name, struct buf *out);

#endif
