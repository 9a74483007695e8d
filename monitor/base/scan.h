/* Sixteen bytes of text at a time.
 *
 *	while (n - i >= 16 && scan_first(scan_eq(scan_load(p + i), '<')) == 16) {
 *		i += 16;
 *	}
 *
 * Written in the vectors gcc and clang know on every machine (SSE2 on amd64, NEON on arm64), so there
 * is one form of each loop. A mask has 0xff where the answer is yes and 0 elsewhere; masks are joined
 * with | and &. For text that is walked once and mostly passed over; where memchr() does, it is
 * faster. Pure. */
#ifndef HARK_BASE_SCAN_H
#define HARK_BASE_SCAN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

typedef uint8_t scan16 __attribute__((vector_size(16)));

/* `p`: sixteen readable bytes, at any address. */
static inline scan16 scan_load(const char *p)
{
	scan16 v;
	memcpy(&v, p, sizeof(v));
	return v;
}

/* Two times eight bytes. */
static inline scan16 scan_pair(uint64_t a, uint64_t b)
{
	typedef uint64_t pair __attribute__((vector_size(16)));
	return (scan16)(pair){a, b};
}

static inline void scan_store(char *p, scan16 v)
{
	memcpy(p, &v, sizeof(v));
}

static inline scan16 scan_all(uint8_t c)
{
	return (scan16){c, c, c, c, c, c, c, c, c, c, c, c, c, c, c, c};
}

static inline scan16 scan_eq(scan16 v, uint8_t c)
{
	return (scan16)(v == scan_all(c));
}

/* Bytes below `c`, as unsigned numbers. */
static inline scan16 scan_below(scan16 v, uint8_t c)
{
	return (scan16)(v < scan_all(c));
}

/* Index of the first byte of the mask that says yes, 16 if none does; its highest bit decides. */
static inline size_t scan_first(scan16 mask)
{
#ifdef __SSE2__
	/* one instruction gives a bit of each byte */
	return (size_t)__builtin_ctz((unsigned)_mm_movemask_epi8((__m128i)mask) | 1u << 16);
#else
	mask &= scan_all(0x80);
	uint64_t half[2];
	memcpy(half, &mask, sizeof(half));
	for (size_t i = 0; i < 2; i++) {
		if (half[i] != 0) {
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			return 8 * i + (size_t)__builtin_ctzll(half[i]) / 8;
#else
			return 8 * i + (size_t)__builtin_clzll(half[i]) / 8;
#endif
		}
	}
	return 16;
#endif
}

#endif
