/* Character references of HTML: names, decimal and hexadecimal numbers. Pure; any thread. */
#ifndef HARK_PARSE_ENTITY_H
#define HARK_PARSE_ENTITY_H

#include "monitor/base/buf.h"
#include "monitor/base/str.h"

/* The character of a name without '&' and ';' ("nbsp"), 0 if there is none. */
uint32_t entity_named(struct str name);
/* The reference at the start of `s`, which begins with '&': its length with the ';', and the
 * character; 0 if it is none. Numbers 128 to 159 mean windows-1252, as everywhere on the web. */
size_t entity_at(struct str s, uint32_t *cp);
/* Writes `s` with its references decoded once to `to`, which has room for s.n bytes: no reference is
 * shorter than what it means. Returns how many bytes it wrote. */
size_t entity_decode_at(struct str s, char *to);
/* Appends the same. */
int entity_decode(struct str s, struct buf *out);

#endif
