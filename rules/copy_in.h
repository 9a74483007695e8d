/* Inside the comparing of texts: what copy_words.c reads and copy.c lays side by side. */
#ifndef HARK_RULES_COPY_IN_H
#define HARK_RULES_COPY_IN_H

#include "rules/copy.h"
#include "rules/text.h"

/* What a word says that must not differ. */
enum copy_tell {
	TELL_NUMBER = 1 << 0, /* also "three", "million", "Q3" */
	TELL_NOT = 1 << 1,    /* not, never, denies */
	TELL_TURN = 1 << 2,   /* has an opposite or a next one: up, buys, Monday */
	TELL_NAME = 1 << 3,   /* written with a capital letter, where that says something */
	TELL_UNIT = 1 << 4,   /* dollars, a handle: need not be there, but must not be another */
	TELL_FRAME = 1 << 5,  /* the same of "Courier:" before a text and "| Courier" behind it */
};

struct copy_word {
	uint32_t hash; /* of what it counts as: "3" for "three" */
	uint32_t fold; /* its folded bytes in the text */
	uint16_t fold_n;
	uint8_t weight; /* 2; 1: the, of, in; 0: need not be there */
	uint8_t tells;
	bool cut;    /* the half word before "…" */
	bool starts; /* a sentence, or what follows a colon or a dash */
};

/* How capital letters are used. */
enum copy_case {
	CASE_NONE,  /* not at all */
	CASE_NAMES, /* as in a sentence: names have them */
	CASE_ALL,   /* Every Word, or EVERYTHING */
};

struct copy {
	struct text own;     /* what copy_read() read */
	const char *folded;  /* what the words are slices of; borrowed, or behind the words */
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

uint32_t copy_hash(struct str folded);
/* NULL: it is a word like any other. */
const struct copy_known *copy_known(uint32_t hash);

#endif
