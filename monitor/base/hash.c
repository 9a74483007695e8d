#include "monitor/base/hash.h"

#include "config.h"

#include <stdio.h>
#define XXH_STATIC_LINKING_ONLY /* the size of the state */
#ifdef HAVE_XXH_X86DISPATCH
#include <xxh_x86dispatch.h> /* in the widest vectors that the machine has */
#else
#include <xxhash.h>
#endif

uint64_t hash64(struct str s, uint64_t seed)
{
	return XXH3_64bits_withSeed(s.p != NULL ? s.p : "", s.n, seed);
}

struct hash128 hash128(const struct str *parts, size_t n)
{
	XXH3_state_t state;
	XXH3_128bits_reset(&state);
	for (size_t i = 0; i < n; i++) {
		uint64_t len = parts[i].n;
		XXH3_128bits_update(&state, &len, sizeof(len));
		XXH3_128bits_update(&state, parts[i].p != NULL ? parts[i].p : "", parts[i].n);
	}
	XXH128_hash_t h = XXH3_128bits_digest(&state);
	return (struct hash128){h.low64, h.high64};
}

char *hash128_hex(struct hash128 h, char out[33])
{
	snprintf(out, 33, "%016llx%016llx", (unsigned long long)h.hi, (unsigned long long)h.lo);
	return out;
}
