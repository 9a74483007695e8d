/* Counts for people: "1 post", "2 posts", "0 copies".
 *
 * Pure and thread-safe. */
#ifndef HARK_BASE_COUNT_H
#define HARK_BASE_COUNT_H

#include <stdint.h>

#define COUNT_MAX 64

/* `n` of what `one` names in the singular ("list entry"); more than one ends in s, es, ies or is people.
 * Returns `out`; cut where it does not fit. */
const char *count_text(int64_t n, const char *one, char out[COUNT_MAX]);

/* For printf("%s"); valid until the block it stands in ends. */
#define COUNT(n, one) count_text((int64_t)(n), (one), (char[COUNT_MAX]){0})

#endif
