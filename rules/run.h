/* Words of ASCII letters, digits and _, many bytes at a time: what most posts are made of.
 *
 * SSE2 belongs to every x86-64, so nothing is chosen at run time; elsewhere the scalar twins do the
 * work. Both give the same for every input (test_text.c compares them). */
#ifndef HARK_RULES_RUN_H
#define HARK_RULES_RUN_H

#include "rules/fold.h"
#include "rules/token_hash.h"

#ifdef __x86_64__
#include <emmintrin.h>
#endif

#define RUN_MAX 16
static inline bool is_run_byte(unsigned char c)
{
	return c < 0x80 &&
	       (fold_ascii_class[c] == CHAR_LETTER || fold_ascii_class[c] == CHAR_DIGIT);
}

/* Length of the run that begins at p, at most 16 and at most `left`; in lower case to `out`, zeros
 * behind it. */
static inline size_t run_scalar(const char *p, size_t left, char out[RUN_MAX])
{
	size_t n = 0, most = left < RUN_MAX ? left : RUN_MAX;
	memset(out, 0, RUN_MAX);
	while (n < most && is_run_byte((unsigned char)p[n])) {
		out[n] = (char)fold_ascii_lower[(unsigned char)p[n]];
		n++;
	}
	return n;
}

#ifdef __x86_64__
static inline __m128i run_load(const char *p, size_t left)
{
	if (__builtin_expect(left >= RUN_MAX, 1)) {
		return _mm_loadu_si128((const __m128i *)(const void *)p);
	}
	char tail[RUN_MAX] = {0};
	for (size_t i = 0; i < left; i++) {
		tail[i] = p[i];
	}
	return _mm_loadu_si128((const __m128i *)(const void *)tail);
}

/* Bytes from `first` on, `n` of them: 0xff. */
static inline __m128i run_between(__m128i v, char first, int n)
{
	__m128i moved = _mm_add_epi8(v, _mm_set1_epi8((char)(-128 - first)));
	return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-128 + n)));
}

/* Of 16 bytes: letters to *letter, all that words are made of as the result. */
static inline __m128i run_classes(__m128i v, __m128i *letter)
{
	*letter = run_between(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 26);
	__m128i other =
		_mm_or_si128(run_between(v, '0', 10), _mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
	return _mm_or_si128(*letter, other);
}

static inline __m128i run_lower(__m128i v, __m128i letter)
{
	return _mm_or_si128(v, _mm_and_si128(letter, _mm_set1_epi8(0x20)));
}

/* The first n of 16 bytes, zeros behind. */
static inline __m128i run_first(__m128i v, size_t n)
{
	static const unsigned char ones[2 * RUN_MAX] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	return _mm_and_si128(
		v, _mm_loadu_si128((const __m128i *)(const void *)(ones + RUN_MAX - n)));
}

static inline size_t run_sse2(const char *p, size_t left, char out[RUN_MAX])
{
	__m128i v = run_load(p, left), letter;
	unsigned in = (unsigned)_mm_movemask_epi8(run_classes(v, &letter));
	size_t n = (size_t)__builtin_ctz(~in);
	_mm_storeu_si128((__m128i *)(void *)out, run_first(run_lower(v, letter), n));
	return n;
}

/* The n <= 16 bytes at p, which are in lower case; 16 can be read. To `out` with zeros behind; their hash. */
static inline uint64_t run_word(const char *p, size_t n, uint64_t seed, char out[RUN_MAX])
{
	__m128i v = run_first(_mm_loadu_si128((const __m128i *)(const void *)p), n);
	_mm_storeu_si128((__m128i *)(void *)out, v);
	uint64_t lo = (uint64_t)_mm_cvtsi128_si64(v);
	uint64_t hi = (uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v));
	return token_mix(lo ^ token_salt[0], hi ^ token_salt[1] ^ seed);
}
#define run_of run_sse2
#else
static inline uint64_t run_word(const char *p, size_t n, uint64_t seed, char out[RUN_MAX])
{
	memset(out, 0, RUN_MAX);
	memcpy(out, p, n);
	return token_hash_block(seed, out);
}
#define run_of run_scalar
#endif

#endif
