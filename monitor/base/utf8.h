/* Which bytes are UTF-8 (RFC 3629: no surrogates, nothing above U+10FFFF, no long forms). Pure. */
#ifndef HARK_BASE_UTF8_H
#define HARK_BASE_UTF8_H

#include "monitor/base/buf.h"
#include "monitor/base/str.h"

/* Length of the sequence at the start of `s`, 0 if there is none. */
size_t utf8_sequence(struct str s);
/* The character at the start of `s` and its length; 0 if there is none. */
size_t utf8_first(struct str s, uint32_t *cp);
/* The bytes of a Unicode scalar value (what is none: U+FFFD); returns how many. */
size_t utf8_put(uint32_t cp, char out[4]);
/* What a byte from 0x80 to 0x9f means in windows-1252; any other value as it is. */
uint32_t utf8_of_1252(uint32_t c);
/* Line and column (in characters) of offset `at`, from 1. */
void utf8_place(struct str s, size_t at, long *line, long *column);
/* Bytes of the longest valid prefix. */
size_t utf8_valid(struct str s);
/* Appends `s` as text for people: bytes that are not UTF-8 become U+FFFD; NUL and control characters
 * other than tab, newline and carriage return are dropped. */
int utf8_clean(struct buf *out, struct str s);
/* Whether a character turns the direction of the text around it, and so can disguise it. */
bool utf8_is_direction(uint32_t cp);
/* Whether nobody sees it: that, or it has no width. The two joiners are seen by those who write Persian or Hindi. */
bool utf8_is_unseen(uint32_t cp);
/* Whether `s`, a name or a line that people act on, holds what they do not see: bytes that are not UTF-8, control
 * characters (but tab and ends of lines), and what is unseen. */
bool utf8_is_disguised(struct str s);
/* Appends `s` as it may be shown on a terminal: control (but tab) and direction characters and bytes
 * that are not UTF-8 become U+FFFD, one each. */
int utf8_show(struct buf *out, struct str s);
/* Whether utf8_clean() would change nothing. */
bool utf8_is_clean(struct str s);

#endif
