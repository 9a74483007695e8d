#include "monitor/base/hash.h"

#include "config.h"

#include <stdio.h>
#include <string.h>
#define XXH_STATIC_LINKING_ONLY /* the size of the state */
#ifdef HAVE_XXH_X86DISPATCH
#include <xxh_x86dispatch.h> /* in the widest vectors that the machine has */
#else
#include <xxhash.h>
#endif

#define JOINED_MAX 2048 /* as most posts are; to feed pieces one by one costs more than to copy these */

uint64_t hash64(struct str s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.p != NULL ? s.p : "", s.n, seed);
}

/* The pieces one behind the other; 0: there is no room for them. */
static size_t join(char room[JOINED_MAX], const struct str *parts, size_t n)
{
	size_t at = 0;
	for (size_t i = 0; i < n; i++) {
		uint64_t len = parts[i].n;
		if (len > JOINED_MAX - sizeof(len) || at > JOINED_MAX - sizeof(len) - len) {
			return 0;
		}
		memcpy(room + at, &len, sizeof(len));
		at += sizeof(len);
		if (len > 0) {
			memcpy(room + at, parts[i].p, len);
			at += len;
		}
	}
	return at;
}

static XXH128_hash_t hash_piecemeal(const struct str *parts, size_t n)
{
	XXH3_state_t state;
	XXH3_128bits_reset(&state);
	for (size_t i = 0; i < n; i++) {
		uint64_t len = parts[i].n;
		XXH3_128bits_update(&state, &len, sizeof(len));
		XXH3_128bits_update(&state, parts[i].p != NULL ? parts[i].p : "", parts[i].n);
	}
	return XXH3_128bits_digest(&state);
}

struct hash128 hash128(const struct str *parts, size_t n)
{
	char room[JOINED_MAX];
	size_t joined = join(room, parts, n);
	XXH128_hash_t h = joined > 0 ? XXH3_128bits(room, joined) : hash_piecemeal(parts, n);
	return (struct hash128){h.low64, h.high64};
}

char *hash128_hex(struct hash128 h, char out[33])
{
	snprintf(out, 33, "%016llx%016llx", (unsigned long long)h.hi, (unsigned long long)h.lo);
	return out;
}
