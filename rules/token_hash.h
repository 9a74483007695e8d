/* The hash of a token, made for words: up to 16 bytes cost one 128-bit product.
 *
 * Salted once a process, since names and posts come from strangers; equal hashes still have to be
 * confirmed byte by byte. The same token has the same hash however it is read. Any thread, after
 * fold_init(). */
#ifndef HARK_RULES_TOKEN_HASH_H
#define HARK_RULES_TOKEN_HASH_H

#include "monitor/base/str.h"

extern uint64_t token_salt[3];

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define TOKEN_JOIN(a, b, n) ((uint64_t)(a) | (uint64_t)(b) << ((n)-4) * 8)
#else
#define TOKEN_JOIN(a, b, n) ((uint64_t)(a) << 32 | (uint64_t)(b) << (8 - (n)) * 8)
#endif

/* Chooses the salt; fold_init() calls it. */
void token_hash_init(void);

static inline uint64_t token_mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	a = (a ^ a >> 32) * (b | 1);
	a = (a ^ a >> 29) * 0xbf58476d1ce4e5b9u;
	return a ^ a >> 32 ^ b;
#endif
}

static inline uint64_t token_seed(unsigned kind, size_t n)
{
	return token_salt[2] + ((uint64_t)n << 8 | kind);
}

/* n <= 8 bytes as they would be loaded with zeros behind: two loads that overlap, no copying. */
static inline uint64_t token_tail(const char *p, size_t n)
{
	uint64_t v = 0;
	uint32_t a, b;
	if (n == 8) {
		memcpy(&v, p, 8);
	} else if (n >= 4) {
		memcpy(&a, p, 4);
		memcpy(&b, p + n - 4, 4);
		v = TOKEN_JOIN(a, b, n);
	} else {
		unsigned char bytes[8] = {0};
		for (size_t i = 0; i < n; i++) {
			bytes[i] = (unsigned char)p[i];
		}
		memcpy(&v, bytes, 8);
	}
	return v;
}

/* One more block of 16 bytes, the last one with zeros behind its end. */
static inline uint64_t token_hash_block(uint64_t seed, const char block[16])
{
	uint64_t lo, hi;
	memcpy(&lo, block, 8);
	memcpy(&hi, block + 8, 8);
	return token_mix(lo ^ token_salt[0], hi ^ token_salt[1] ^ seed);
}

/* The last block, of n <= 16 bytes at p: none behind them are read. */
static inline uint64_t token_hash_last(uint64_t seed, const char *p, size_t n)
{
	uint64_t lo = 0, hi = 0;
	if (n > 8) {
		memcpy(&lo, p, 8);
		hi = token_tail(p + 8, n - 8);
	} else {
		lo = token_tail(p, n);
	}
	return token_mix(lo ^ token_salt[0], hi ^ token_salt[1] ^ seed);
}

/* Of any length, from anywhere. `kind`: enum token_kind. */
uint64_t token_hash_bytes(unsigned kind, struct str folded);

#endif
