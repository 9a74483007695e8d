/* Inside the comparing of texts: what copy_words.c reads and copy.c lays side by side. */
#ifndef HARK_RULES_COPY_IN_H
#define HARK_RULES_COPY_IN_H

#include "rules/copy.h"
#include "rules/run.h"
#include "rules/text.h"

/* What a word says that must not differ. */
enum copy_tell {
	TELL_NUMBER = 1 << 0, /* also "three", "million", "Q3" */
	TELL_NOT = 1 << 1,    /* not, never, denies; nearly, former, semi */
	TELL_TURN = 1 << 2,   /* has an opposite or a next one: up, buys, Monday */
	TELL_NAME = 1 << 3,   /* written with a capital letter, where that says something */
	TELL_UNIT = 1 << 4,   /* dollars, a handle: need not be there, but must not be another */
	TELL_FRAME = 1 << 5,  /* the same of "Courier:" before a text and "| Courier" behind it */
	TELL_SIDE = 1 << 6,   /* to and from, my and your: light, but none in place of another */
};

struct copy_word {
	uint32_t hash; /* of what it counts as: "3" for "three" */
	uint32_t fold; /* its folded bytes in the text */
	uint16_t fold_n;
	uint8_t weight; /* 2; 1: the, of, in; 0: need not be there */
	uint8_t tells;
	bool cut;    /* the half word before "…" */
	bool starts; /* a sentence, or what follows a colon or a dash */
	bool aside;  /* a handle or hashtag around the text that says whom or what it is about */
};

/* How capital letters are used. */
enum copy_case {
	CASE_NONE,  /* not at all */
	CASE_NAMES, /* as in a sentence: names have them */
	CASE_ALL,   /* Every Word, or EVERYTHING */
};

struct copy {
	struct text own;     /* what copy_read() read */
	const char *folded;  /* what the words are slices of */
	struct copy_word *v; /* behind this struct */
	size_t n;
	size_t counted;  /* words with a weight */
	unsigned weight; /* of all */
	enum copy_case letters;
};

static inline struct str copy_bytes(const struct copy *c, const struct copy_word *w)
{
	return str_n(c->folded + w->fold, w->fold_n);
}

/* copy_known.c: words that are known to be light, or to say what must not differ. */
struct copy_known {
	uint32_t hash; /* what it counts as */
	uint8_t weight, tells;
};

/* A bit for each hash about here: nearly all words end at it, in 2 KiB. */
#define COPY_SLOTS 2048
extern uint8_t copy_known_bits[COPY_SLOTS];

/* Any thread, once before the rest. */
void copy_known_init(void);
uint32_t copy_hash_long(struct str folded);
const struct copy_known *copy_known_find(uint32_t hash);

/* Of the first n <= 16 bytes, as two numbers with zeros behind them. */
static inline uint32_t copy_hash_two(uint64_t lo, uint64_t hi, size_t n)
{
	return (uint32_t)token_mix(
		       lo ^ UINT64_C(0x9e3779b97f4a7c15), hi ^ n ^ UINT64_C(0xd6e8feb86659fd93)) |
	       1;
}

/* The same in every process; never 0. */
static inline uint32_t copy_hash(struct str s)
{
	if (s.n > 16) {
		return copy_hash_long(s);
	}
	uint64_t lo = token_tail(s.p, s.n < 8 ? s.n : 8);
	return copy_hash_two(lo, s.n > 8 ? token_tail(s.p + 8, s.n - 8) : 0, s.n);
}

/* The same of n bytes, 1 to 16, where 16 can be read: words of all lengths go one way. */
static inline uint32_t copy_hash_short(const char *p, size_t n)
{
#if defined(__x86_64__)
	__m128i v = run_first(_mm_loadu_si128((const __m128i *)(const void *)p), n);
	return copy_hash_two((uint64_t)_mm_cvtsi128_si64(v),
		(uint64_t)_mm_cvtsi128_si64(_mm_unpackhi_epi64(v, v)), n);
#else
	return copy_hash(str_n(p, n));
#endif
}

static inline bool copy_may_be_known(uint32_t hash)
{
	return (copy_known_bits[hash / 16 % COPY_SLOTS] >> hash / 2 % 8 & 1) != 0;
}

/* NULL: it is a word like any other. */
static inline const struct copy_known *copy_known(uint32_t hash)
{
	return copy_may_be_known(hash) ? copy_known_find(hash) : NULL;
}

#endif
