/* Runs of ASCII letters, digits and _, sixteen bytes at a time: what most posts are made of.
 *
 * SSE2 belongs to every x86-64, so nothing is chosen at run time; elsewhere the scalar twin does the
 * work. Both give the same for every input (test_text.c compares them). */
#ifndef HARK_RULES_RUN_H
#define HARK_RULES_RUN_H

#include "rules/fold.h"

#ifdef __SSE2__
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

#ifdef __SSE2__
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

static inline size_t run_sse2(const char *p, size_t left, char out[RUN_MAX])
{
	static const unsigned char ones[2 * RUN_MAX] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff};
	__m128i v = run_load(p, left), space = _mm_set1_epi8(0x20);
	__m128i letter = run_between(_mm_or_si128(v, space), 'a', 26);
	__m128i other =
		_mm_or_si128(run_between(v, '0', 10), _mm_cmpeq_epi8(v, _mm_set1_epi8('_')));
	unsigned in = (unsigned)_mm_movemask_epi8(_mm_or_si128(letter, other));
	size_t n = (size_t)__builtin_ctz(~in);
	__m128i kept = _mm_loadu_si128((const __m128i *)(const void *)(ones + RUN_MAX - n));
	__m128i lower = _mm_or_si128(v, _mm_and_si128(letter, space));
	_mm_storeu_si128((__m128i *)(void *)out, _mm_and_si128(lower, kept));
	return n;
}
#define run_of run_sse2
#else
#define run_of run_scalar
#endif

#endif
