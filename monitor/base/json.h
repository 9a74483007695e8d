/* Reading JSON that others wrote, through jansson.
 *
 * json_read() repairs first what jansson refuses and real services send: a byte order mark, NUL
 * escapes, bytes that are not UTF-8 (U+FFFD), lone surrogate escapes. Integers beyond 64 bits, and reals from 2^53 on,
 * which a double would round, become texts as they stand ("12345678901234567.0", "1e20"). jansson's own nesting limit (2048) holds, and a tree may take JSON_TREE_MAX bytes beside its text: "{}" needs a hundred times its
 * size, and millions of them are no document anybody wrote. Reading and walking are thread-safe as long as a tree has one user. */
#ifndef HARK_BASE_JSON_H
#define HARK_BASE_JSON_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

#include <jansson.h>

#define JSON_TREE_MAX (48u << 20)

/* An owned tree (json_decref()), or NULL with a sentence that says line and column. */
json_t *json_read(struct str bytes, struct hark_err *err);

/* A number as text: integers exact, whole reals as integers, other reals with the fewest digits that make them
 * again ("0.1"). Returns `room`; NULL: it is no number. */
const char *json_number_text(const json_t *number, char room[40]);
/* The same for what is meant for hark alone: an object that names a member twice is refused, as nobody can tell which
 * of the two is meant. */
json_t *json_read_strict(struct str bytes, struct hark_err *err);

/* The text of a member, borrowed from the tree; absent if the member is missing, null or no string. */
struct str json_str(const json_t *object, const char *key);
/* The integer of a member: integers, whole reals and decimal strings; `otherwise` if it is none. */
int64_t json_i64(const json_t *object, const char *key, int64_t otherwise);
bool json_bool(const json_t *object, const char *key, bool otherwise);

#endif
