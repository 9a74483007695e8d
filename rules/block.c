#include "rules/block.h"

#include "rules/fold.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

static void one_scalar(struct block *b, const char *p)
{
	*b = (struct block){0};
	for (unsigned i = 0; i < BLOCK_BYTES; i++) {
		unsigned char c = (unsigned char)p[i];
		uint64_t bit = UINT64_C(1) << i;
		switch (c < 0x80 ? fold_ascii_class[c] : CHAR_DROP) {
		case CHAR_LETTER:
		case CHAR_DIGIT:
			b->word |= bit;
			break;
		case CHAR_HARD:
			b->hard |= bit;
			break;
		case CHAR_BREAK:
		case CHAR_MID_NUMBER:
			break;
		default:
			b->odd |= bit;
			break;
		}
	}
}

static void read_scalar(struct block *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		one_scalar(&b[i], p + i * BLOCK_BYTES);
	}
}

#ifdef __x86_64__
/* Bytes from `first` on, `n` of them: 0xff. */
static inline __m128i between(__m128i v, char first, int n)
{
	__m128i moved = _mm_add_epi8(v, _mm_set1_epi8((char)(-128 - first)));
	return _mm_cmplt_epi8(moved, _mm_set1_epi8((char)(-128 + n)));
}

static inline __m128i is_any(__m128i v, char a, char b, char c, char d)
{
	return _mm_or_si128(_mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8(a)),
				    _mm_cmpeq_epi8(v, _mm_set1_epi8(b))),
		_mm_or_si128(
			_mm_cmpeq_epi8(v, _mm_set1_epi8(c)), _mm_cmpeq_epi8(v, _mm_set1_epi8(d))));
}

static void one_sse2(struct block *b, const char *p)
{
	*b = (struct block){0};
	for (unsigned i = 0; i < BLOCK_BYTES; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i word = _mm_or_si128(between(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 26),
			_mm_or_si128(between(v, '0', 10), _mm_cmpeq_epi8(v, _mm_set1_epi8('_'))));
		__m128i hard = is_any(v, '\n', '\r', '!', '?');
		__m128i odd = _mm_or_si128(is_any(v, '\'', '#', '@', '$'), v);
		b->word |= (uint64_t)(unsigned)_mm_movemask_epi8(word) << i;
		b->hard |= (uint64_t)(unsigned)_mm_movemask_epi8(hard) << i;
		b->odd |= (uint64_t)(unsigned)_mm_movemask_epi8(odd) << i;
	}
}

static void read_sse2(struct block *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		one_sse2(&b[i], p + i * BLOCK_BYTES);
	}
}

__attribute__((target("avx2"))) static inline __m256i between_avx2(__m256i v, char first, int n)
{
	__m256i moved = _mm256_add_epi8(v, _mm256_set1_epi8((char)(-128 - first)));
	return _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(-128 + n)), moved);
}

__attribute__((target("avx2"))) static inline __m256i is_any_avx2(
	__m256i v, char a, char b, char c, char d)
{
	return _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(a)),
				       _mm256_cmpeq_epi8(v, _mm256_set1_epi8(b))),
		_mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(c)),
			_mm256_cmpeq_epi8(v, _mm256_set1_epi8(d))));
}

__attribute__((target("avx2"))) static inline void one_avx2(struct block *b, const char *p)
{
	uint64_t word_bits = 0, hard_bits = 0, odd_bits = 0;
	for (unsigned i = 0; i < BLOCK_BYTES; i += 32) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
		__m256i word = _mm256_or_si256(
			between_avx2(_mm256_or_si256(v, _mm256_set1_epi8(0x20)), 'a', 26),
			_mm256_or_si256(between_avx2(v, '0', 10),
				_mm256_cmpeq_epi8(v, _mm256_set1_epi8('_'))));
		__m256i hard = is_any_avx2(v, '\n', '\r', '!', '?');
		__m256i odd = _mm256_or_si256(is_any_avx2(v, '\'', '#', '@', '$'), v);
		word_bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(word) << i;
		hard_bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(hard) << i;
		odd_bits |= (uint64_t)(uint32_t)_mm256_movemask_epi8(odd) << i;
	}
	*b = (struct block){word_bits, hard_bits, odd_bits};
}

__attribute__((target("avx2"))) static void read_avx2(struct block *b, const char *p, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		one_avx2(&b[i], p + i * BLOCK_BYTES);
	}
}
#endif

block_read_fn block_read = read_scalar;

block_read_fn block_reader_at(size_t i)
{
	block_read_fn readers[4] = {read_scalar};
	size_t n = 1;
#ifdef __x86_64__
	readers[n++] = read_sse2;
	if (__builtin_cpu_supports("avx2")) {
		readers[n++] = read_avx2;
	}
#endif
	return i < n ? readers[i] : NULL;
}

void block_init(void)
{
	for (size_t i = 0; block_reader_at(i) != NULL; i++) {
		block_read = block_reader_at(i);
	}
}
