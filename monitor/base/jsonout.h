/* Writes JSON straight into a buffer: no tree, no allocation of its own.
 *
 *	jsonout_init(&j, &buf);
 *	jsonout_object(&j);
 *	jsonout_key_str(&j, "title", post->title);
 *	jsonout_end_object(&j);
 *
 * Why not jansson: printing a Post through a tree costs about as much as parsing one (16 µs), and
 * the filters print hundreds of thousands a second. Absent strings and empty keys are the
 * caller's business; jsonout_key_str() leaves an absent value out. Bytes that are not UTF-8 become
 * U+FFFD. Failures stay in the buffer's `rc`. */
#ifndef HARK_BASE_JSONOUT_H
#define HARK_BASE_JSONOUT_H

#include "monitor/base/buf.h"

struct jsonout {
	struct buf *out; /* borrowed */
	bool comma;      /* the next value needs one */
};

void jsonout_init(struct jsonout *j, struct buf *out);
void jsonout_object(struct jsonout *j);
void jsonout_end_object(struct jsonout *j);
void jsonout_array(struct jsonout *j);
void jsonout_end_array(struct jsonout *j);
void jsonout_key(struct jsonout *j, const char *key); /* `key` needs no escaping */
/* A key that may hold any text. */
void jsonout_key_any(struct jsonout *j, struct str key);
void jsonout_str(struct jsonout *j, struct str s);
void jsonout_i64(struct jsonout *j, int64_t value);
void jsonout_double(struct jsonout *j, double value); /* finite; up to 6 significant digits */
void jsonout_bool(struct jsonout *j, bool value);
void jsonout_null(struct jsonout *j);
/* RFC 3339 text of a wall time in milliseconds. */
void jsonout_time(struct jsonout *j, int64_t wall_ms);
/* One JSON value that is already text. */
void jsonout_raw(struct jsonout *j, struct str json);

void jsonout_key_str(struct jsonout *j, const char *key, struct str s); /* nothing if absent */
void jsonout_key_c(struct jsonout *j, const char *key, const char *s);  /* nothing if NULL */
void jsonout_key_i64(struct jsonout *j, const char *key, int64_t value);
void jsonout_key_bool(struct jsonout *j, const char *key, bool value);
void jsonout_key_time(struct jsonout *j, const char *key, int64_t wall_ms); /* nothing if 0 */

#endif
