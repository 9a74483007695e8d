/* Fingerprints (xxhash, whose only home is hash.c). Not secret, not for signatures. */
#ifndef HARK_BASE_HASH_H
#define HARK_BASE_HASH_H

#include "monitor/base/str.h"

/* XXH3, 64 bits. */
uint64_t hash64(struct str s, uint64_t seed);

/* A fingerprint that is fed piece by piece. Each piece ends with a separator, so that ("ab", "c")
 * and ("a", "bc") differ. */
struct hash128 {
	uint64_t lo, hi;
};
struct hash128 hash128(const struct str *parts, size_t n);

/* 32 hexadecimal digits and a NUL. Returns `out`. */
char *hash128_hex(struct hash128 h, char out[33]);

#endif
