/* The hash of a token, made for words: up to 16 bytes cost one 128-bit product.
 *
 * Salted once a process, since names and posts come from strangers; equal hashes still have to be
 * confirmed byte by byte. The same token has the same hash however it is read. Any thread, after
 * fold_init(). */
#ifndef HARK_RULES_TOKEN_HASH_H
#define HARK_RULES_TOKEN_HASH_H

#include "monitor/base/str.h"

extern uint64_t token_salt[3];

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

/* One more block of 16 bytes, the last one with zeros behind its end. */
static inline uint64_t token_hash_block(uint64_t seed, const char block[16])
{
	uint64_t lo, hi;
	memcpy(&lo, block, 8);
	memcpy(&hi, block + 8, 8);
	return token_mix(lo ^ token_salt[0], hi ^ token_salt[1] ^ seed);
}

/* Of any length, from anywhere. `kind`: enum token_kind. */
uint64_t token_hash_bytes(unsigned kind, struct str folded);

#endif
