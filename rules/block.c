#include "rules/block.h"

#include "rules/fold.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

/* What all ways share, inlined into each of them with what they do otherwise. */
#define SHARED static inline __attribute__((always_inline))

struct edges {
	uint64_t all, upper, after;
};

struct way {
	/* One block, and its bytes in lower case. */
	void (*one)(struct block *b, const char *p, char lower[BLOCK_BYTES]);
	/* The n < BLOCK_BYTES bytes at p with spaces behind them. */
	void (*pad)(char out[BLOCK_BYTES], const char *p, size_t n);
	/* Writes the edges of a block that begins at `base`; returns where to go on. */
	uint16_t *(*flatten)(uint16_t *out, const struct edges *e, size_t base);
};

/* Between two runs there is a bit for each byte in ~word. A hard break added to them is carried to the
 * first byte behind: where the next run begins, perhaps blocks later. */
SHARED uint64_t add_carry(uint64_t a, uint64_t b, unsigned *carry)
{
	uint64_t sum = a + b, all = sum + *carry;
	*carry = (sum < a) | (all < sum);
	return all;
}

SHARED void map_blocks(struct block_map *m, const char *p, size_t n, struct way way)
{
	struct block b[BLOCKS_MAX + 1];
	size_t whole = n / BLOCK_BYTES, left = n % BLOCK_BYTES, blocks = whole + (left > 0);
	uint16_t *out = m->edge;
	uint64_t before = 0; /* whether a run reaches the next block */
	unsigned carry = 0;
	for (size_t i = 0; i < whole; i++) {
		way.one(&b[i], p + i * BLOCK_BYTES, m->lower + i * BLOCK_BYTES);
	}
	if (left > 0) {
		char padded[BLOCK_BYTES];
		way.pad(padded, p + whole * BLOCK_BYTES, left);
		way.one(&b[whole], padded, m->lower + whole * BLOCK_BYTES);
	}
	b[blocks] = (struct block){0};
	m->events = m->hards = 0;
	for (size_t i = 0; i < blocks; i++) {
		uint64_t word = b[i].word, behind_run = word << 1 | before;
		uint64_t glue = (word | b[i].behind) >> 1 | (b[i + 1].word | b[i + 1].behind) << 63;
		uint64_t event = b[i].odd | (b[i].mid & behind_run & glue);
		struct edges e = {
			word ^ behind_run, b[i].upper, add_carry(~word, b[i].hard, &carry) & word};
		m->hard[i] = b[i].hard;
		m->event[i] = event;
		m->hards |= (uint32_t)(b[i].hard != 0) << i;
		m->events |= (uint32_t)(event != 0) << i;
		out = way.flatten(out, &e, i * BLOCK_BYTES);
		before = word >> 63;
	}
	if (before != 0) {
		*out++ = (uint16_t)n;
	}
	out[0] = out[1] = UINT16_MAX;
	m->runs = (size_t)(out - m->edge) / 2;
	m->bytes = n;
}

static inline void pad_plain(char out[BLOCK_BYTES], const char *p, size_t n)
{
	memset(out, ' ', BLOCK_BYTES);
	memcpy(out, p, n);
}

static inline uint16_t edge_of(const struct edges *e, size_t base, size_t bit)
{
	uint64_t flags = (e->upper >> bit & 1) | (e->after >> bit & 1) << 1;
	return (uint16_t)(base + bit + (flags << EDGE_FLAGS));
}

static inline uint16_t *flatten_plain(uint16_t *out, const struct edges *e, size_t base)
{
	for (uint64_t bits = e->all; bits != 0; bits &= bits - 1) {
		*out++ = edge_of(e, base, (size_t)__builtin_ctzll(bits));
	}
	return out;
}

static inline void one_scalar(struct block *b, const char *p, char lower[BLOCK_BYTES])
{
	*b = (struct block){0};
	for (unsigned i = 0; i < BLOCK_BYTES; i++) {
		unsigned char c = (unsigned char)p[i];
		uint64_t bit = UINT64_C(1) << i;
		lower[i] = c < 0x80 ? (char)fold_ascii_lower[c] : p[i];
		b->upper |= c < 0x80 && fold_ascii_lower[c] != c ? bit : 0;
		switch (c < 0x80 ? fold_ascii_class[c] : CHAR_DROP) {
		case CHAR_LETTER:
		case CHAR_DIGIT:
			b->word |= bit;
			break;
		case CHAR_HARD:
			b->hard |= bit;
			break;
		case CHAR_MID_NUMBER:
			b->mid |= bit;
			break;
		case CHAR_BREAK:
			b->mid |= c == ':' ? bit : 0;
			b->behind |= c == '/' ? bit : 0;
			break;
		default:
			b->odd |= bit;
			b->behind |= c >= 0x80 ? bit : 0;
			break;
		}
	}
}

static void map_scalar(struct block_map *m, const char *p, size_t n)
{
	map_blocks(m, p, n, (struct way){one_scalar, pad_plain, flatten_plain});
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

static inline void one_sse2(struct block *b, const char *p, char lower[BLOCK_BYTES])
{
	*b = (struct block){0};
	for (unsigned i = 0; i < BLOCK_BYTES; i += 16) {
		__m128i v = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
		__m128i word = _mm_or_si128(between(_mm_or_si128(v, _mm_set1_epi8(0x20)), 'a', 26),
			_mm_or_si128(between(v, '0', 10), _mm_cmpeq_epi8(v, _mm_set1_epi8('_'))));
		__m128i upper = between(v, 'A', 26);
		__m128i low = _mm_or_si128(v, _mm_and_si128(upper, _mm_set1_epi8(0x20)));
		__m128i hard = is_any(v, '\n', '\r', '!', '?');
		__m128i odd = _mm_or_si128(is_any(v, '\'', '#', '@', '$'), v);
		__m128i mid = is_any(v, '.', ',', ':', ':');
		__m128i behind = _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('/')), v);
		_mm_storeu_si128((__m128i *)(void *)(lower + i), low);
		b->upper |= (uint64_t)(unsigned)_mm_movemask_epi8(upper) << i;
		b->word |= (uint64_t)(unsigned)_mm_movemask_epi8(word) << i;
		b->hard |= (uint64_t)(unsigned)_mm_movemask_epi8(hard) << i;
		b->odd |= (uint64_t)(unsigned)_mm_movemask_epi8(odd) << i;
		b->mid |= (uint64_t)(unsigned)_mm_movemask_epi8(mid) << i;
		b->behind |= (uint64_t)(unsigned)_mm_movemask_epi8(behind) << i;
	}
}

static void map_sse2(struct block_map *m, const char *p, size_t n)
{
	map_blocks(m, p, n, (struct way){one_sse2, pad_plain, flatten_plain});
}

#define AVX2 __attribute__((target("avx2,bmi,popcnt")))

AVX2 static inline __m256i between_avx2(__m256i v, char first, int n)
{
	__m256i moved = _mm256_add_epi8(v, _mm256_set1_epi8((char)(-128 - first)));
	return _mm256_cmpgt_epi8(_mm256_set1_epi8((char)(-128 + n)), moved);
}

AVX2 static inline __m256i is_any_avx2(__m256i v, char a, char b, char c, char d)
{
	return _mm256_or_si256(_mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(a)),
				       _mm256_cmpeq_epi8(v, _mm256_set1_epi8(b))),
		_mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8(c)),
			_mm256_cmpeq_epi8(v, _mm256_set1_epi8(d))));
}

AVX2 static inline uint64_t bits_avx2(__m256i v, unsigned i)
{
	return (uint64_t)(uint32_t)_mm256_movemask_epi8(v) << i;
}

AVX2 static inline void one_avx2(struct block *b, const char *p, char lower[BLOCK_BYTES])
{
	struct block r = {0};
#pragma GCC unroll 2
	for (unsigned i = 0; i < BLOCK_BYTES; i += 32) {
		__m256i v = _mm256_loadu_si256((const __m256i *)(const void *)(p + i));
		__m256i word = _mm256_or_si256(
			between_avx2(_mm256_or_si256(v, _mm256_set1_epi8(0x20)), 'a', 26),
			_mm256_or_si256(between_avx2(v, '0', 10),
				_mm256_cmpeq_epi8(v, _mm256_set1_epi8('_'))));
		__m256i upper = between_avx2(v, 'A', 26);
		__m256i low = _mm256_or_si256(v, _mm256_and_si256(upper, _mm256_set1_epi8(0x20)));
		__m256i mid = is_any_avx2(v, '.', ',', ':', ':');
		__m256i behind = _mm256_or_si256(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('/')), v);
		__m256i odd = _mm256_or_si256(is_any_avx2(v, '\'', '#', '@', '$'), v);
		_mm256_storeu_si256((__m256i *)(void *)(lower + i), low);
		r.upper |= bits_avx2(upper, i);
		r.word |= bits_avx2(word, i);
		r.hard |= bits_avx2(is_any_avx2(v, '\n', '\r', '!', '?'), i);
		r.odd |= bits_avx2(odd, i);
		r.mid |= bits_avx2(mid, i);
		r.behind |= bits_avx2(behind, i);
	}
	*b = r;
}

/* Some edges more than there are bits, rather than a branch that is guessed wrong in each block. */
#define FLATTEN_ALWAYS 24

AVX2 static inline uint16_t *flatten_avx2(uint16_t *out, const struct edges *e, size_t base)
{
	uint64_t bits = e->all;
	size_t n = (size_t)__builtin_popcountll(bits);
#pragma GCC unroll 24
	for (size_t i = 0; i < FLATTEN_ALWAYS; i++) {
		uint64_t edge = base + _tzcnt_u64(bits);
		__asm__("" : "+r"(edge)); /* or it is put together with others, which is slower */
		out[i] = (uint16_t)edge;
		bits = _blsr_u64(bits);
	}
	if (n > FLATTEN_ALWAYS) {
		struct edges more = {bits, 0, 0};
		flatten_plain(out + FLATTEN_ALWAYS, &more, base);
	}
	/* Few have a flag. */
	for (bits = (e->upper | e->after) & e->all; bits != 0; bits = _blsr_u64(bits)) {
		uint64_t below = _blsmsk_u64(bits) >> 1;
		out[__builtin_popcountll(e->all & below)] =
			edge_of(e, base, (size_t)_tzcnt_u64(bits));
	}
	return out + n;
}

AVX2 static void map_avx2(struct block_map *m, const char *p, size_t n)
{
	map_blocks(m, p, n, (struct way){one_avx2, pad_plain, flatten_avx2});
}

#define AVX512 \
	__attribute__((target("avx512f,avx512bw,avx512vl,avx512vbmi,avx512vbmi2,bmi,popcnt")))

/* Of each ASCII character, bits below; filled by block_init(). */
enum {
	IS_WORD = 1,
	IS_UPPER = 2,
	IS_HARD = 4,
	IS_ODD = 8,
	IS_MID = 16,
	IS_BEHIND = 32,
};
static unsigned char ascii[128];

static void fill_ascii(void)
{
	for (unsigned c = 0; c < 128; c++) {
		struct block b;
		char text[BLOCK_BYTES] = {(char)c}, lower[BLOCK_BYTES];
		one_scalar(&b, text, lower);
		ascii[c] = (unsigned char)((b.word & 1) * IS_WORD | (b.upper & 1) * IS_UPPER |
					   (b.hard & 1) * IS_HARD | (b.odd & 1) * IS_ODD |
					   (b.mid & 1) * IS_MID | (b.behind & 1) * IS_BEHIND);
	}
}

AVX512 static inline void one_avx512(struct block *b, const char *p, char lower[BLOCK_BYTES])
{
	__m512i v = _mm512_loadu_si512(p);
	__mmask64 above = _mm512_movepi8_mask(v);
	__m512i is = _mm512_maskz_permutex2var_epi8(
		~above, _mm512_loadu_si512(ascii), v, _mm512_loadu_si512(ascii + 64));
	__mmask64 upper = _mm512_test_epi8_mask(is, _mm512_set1_epi8(IS_UPPER));
	_mm512_storeu_si512(lower, _mm512_mask_add_epi8(v, upper, v, _mm512_set1_epi8(0x20)));
	*b = (struct block){
		.word = _mm512_test_epi8_mask(is, _mm512_set1_epi8(IS_WORD)),
		.upper = upper,
		.hard = _mm512_test_epi8_mask(is, _mm512_set1_epi8(IS_HARD)),
		.odd = _mm512_test_epi8_mask(is, _mm512_set1_epi8(IS_ODD)) | above,
		.mid = _mm512_test_epi8_mask(is, _mm512_set1_epi8(IS_MID)),
		.behind = _mm512_test_epi8_mask(is, _mm512_set1_epi8(IS_BEHIND)) | above,
	};
}

AVX512 static inline void pad_avx512(char out[BLOCK_BYTES], const char *p, size_t n)
{
	__mmask64 some = (UINT64_C(1) << n) - 1;
	_mm512_storeu_si512(out, _mm512_mask_loadu_epi8(_mm512_set1_epi8(' '), some, p));
}

/* `at`: 32 places in a block and, in their two highest bits, flags. */
AVX512 static inline __m512i edges_avx512(__m256i at, size_t base)
{
	__m512i wide = _mm512_cvtepu8_epi16(at);
	__m512i place = _mm512_and_si512(wide, _mm512_set1_epi16(63));
	__m512i flags = _mm512_slli_epi16(_mm512_srli_epi16(wide, 6), EDGE_FLAGS);
	return _mm512_add_epi16(_mm512_or_si512(place, flags), _mm512_set1_epi16((short)base));
}

AVX512 static inline uint16_t *flatten_avx512(uint16_t *out, const struct edges *e, size_t base)
{
	static const unsigned char places[BLOCK_BYTES] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12,
		13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33,
		34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54,
		55, 56, 57, 58, 59, 60, 61, 62, 63};
	size_t n = (size_t)__builtin_popcountll(e->all);
	__m512i at = _mm512_loadu_si512(places);
	at = _mm512_mask_add_epi8(at, e->upper, at, _mm512_set1_epi8(0x40));
	at = _mm512_mask_add_epi8(at, e->after, at, _mm512_set1_epi8((char)0x80));
	at = _mm512_maskz_compress_epi8(e->all, at);
	_mm512_storeu_si512(out, edges_avx512(_mm512_castsi512_si256(at), base));
	if (n > 32) {
		_mm512_storeu_si512(out + 32, edges_avx512(_mm512_extracti64x4_epi64(at, 1), base));
	}
	return out + n;
}

AVX512 static void map_avx512(struct block_map *m, const char *p, size_t n)
{
	map_blocks(m, p, n, (struct way){one_avx512, pad_avx512, flatten_avx512});
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
	       __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512vbmi") &&
	       __builtin_cpu_supports("avx512vbmi2");
}
#endif

block_map_fn block_map = map_scalar;

block_map_fn block_mapper_at(size_t i)
{
	block_map_fn mappers[5] = {map_scalar};
	size_t n = 1;
#ifdef __x86_64__
	mappers[n++] = map_sse2;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
		__builtin_cpu_supports("popcnt")) {
		mappers[n++] = map_avx2;
		if (has_avx512()) {
			mappers[n++] = map_avx512;
		}
	}
#endif
	return i < n ? mappers[i] : NULL;
}

void block_init(void)
{
#ifdef __x86_64__
	fill_ascii();
#endif
	for (size_t i = 0; block_mapper_at(i) != NULL; i++) {
		block_map = block_mapper_at(i);
	}
}
