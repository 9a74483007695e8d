/* The words and signs of a post as its tone is read: what the matcher's tokeniser throws away is half
 * of it. Inside the tone reader.
 *
 * A word is letters, digits and apostrophes; a hyphen splits. Marks, emoticons, emoji, handles, URLs and
 * hashtags are tokens of their own. Folded: lower case, runs of three or more equal letters cut to two,
 * digits as 0, typographic apostrophes straight; &amp; and \u2019 written out in the text are read as
 * what they mean. A scan is scratch that the caller holds: nothing is allocated. */
#ifndef HARK_RULES_CLASSIFY_TONE_SCAN_H
#define HARK_RULES_CLASSIFY_TONE_SCAN_H

#include "monitor/base/str.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define TONE_TOKENS_MAX 4096 /* of a post; what lies behind them is not read */
#define TONE_FOLD_MAX 32768
#define TONE_WORD_MAX 40 /* folded bytes of a word that are told apart */

enum tone_kind {
	TONE_WORD,
	TONE_NUMBER, /* a word that begins with a digit */
	TONE_TAG,    /* folded without its # */
	TONE_HANDLE,
	TONE_URL,
	TONE_EMOJI,
	TONE_EMOTICON, /* folded to ":)", ":(", ":/", "<3" or "</3" */
	TONE_MARK,     /* folded to its first byte; " for all quotes, - for all dashes */
};

enum tone_token_flag {
	TONE_CAPITAL = 1 << 0, /* begins with a capital letter */
	TONE_SHOUT = 1 << 1,   /* two or more letters, all capitals */
	TONE_LONG = 1 << 2,    /* letters or marks were repeated */
	TONE_FOREIGN = 1 << 3, /* holds letters that are not ASCII */
	TONE_SCRIPT = 1 << 4,  /* holds letters that are not Latin */
	TONE_JOINED = 1 << 5,  /* nothing but a hyphen lies between it and the word before */
	TONE_NEGATED = 1 << 6, /* within reach of a negation (tone_words.c) */
	TONE_DENIED = 1 << 7,  /* part of a denied flaw (tone_turns.c) */
};

struct tone_token {
	uint64_t hash;       /* of the folded bytes */
	uint32_t start, end; /* bytes of the field as written */
	uint16_t fold;
	uint8_t fold_n; /* at most TONE_WORD_MAX */
	uint8_t kind, flags;
	bool title;     /* its field */
	bool ends;      /* a mark that ends a sentence */
	uint8_t denies; /* tone_denial */
	int8_t value;   /* -3 … 3: the worth of a word (tone_words.c) */
	uint8_t listed; /* tone_listed */
	uint16_t cue;   /* phrases that may begin here (tone_words.h) */
	uint32_t roles; /* tone_role */
};

struct tone_scan {
	struct tone_token v[TONE_TOKENS_MAX];
	uint32_t n;
	/* the tokens that end a sentence, in order, then `n` */
	uint16_t stops[TONE_TOKENS_MAX + 1];
	uint32_t stops_n;
	char fold[TONE_FOLD_MAX + 16]; /* readable a little beyond */
	uint32_t fold_n;
	struct str title, text; /* borrowed */
};

/* Both fields, the title first with a line's end behind it. They must outlive the use. */
void tone_scan(struct tone_scan *s, struct str title, struct str text);

#define TONE_HASH_SEED 0xcbf29ce484222325ull
static inline uint64_t tone_hash_byte(uint64_t h, unsigned char c)
{
	return (h ^ c) * 0x100000001b3ull;
}
/* The hash before that byte, the last one: odd numbers can be divided by. */
static inline uint64_t tone_hash_undo(uint64_t h, unsigned char c)
{
	return (h * 0xce965057aff6957bull) ^ c;
}
uint64_t tone_hash(struct str s);

static inline struct str tone_folded(const struct tone_scan *s, uint32_t i)
{
	return str_n(s->fold + s->v[i].fold, s->v[i].fold_n);
}
/* Is token i that mark? */
static inline bool tone_mark(const struct tone_scan *s, uint32_t i, char mark)
{
	return s->v[i].kind == TONE_MARK && s->fold[s->v[i].fold] == mark;
}
/* Does token i part clauses of a sentence? */
static inline bool tone_pauses(const struct tone_scan *s, uint32_t i)
{
	const uint64_t pauses =
		1ull << ',' | 1ull << ';' | 1ull << ':' | 1ull << '-' | 1ull << '(' | 1ull << ')';
	unsigned char c = (unsigned char)s->fold[s->v[i].fold];
	return s->v[i].kind == TONE_MARK && c < 64 && (pauses >> c & 1) != 0;
}
/* Full stop, exclamation, question, line's end. */
static inline bool tone_ends_sentence(const struct tone_scan *s, uint32_t i)
{
	return s->v[i].ends;
}
/* The first token from i on that ends a sentence, or the end of all. `k`: 0 before the first call; i never goes back. */
static inline uint32_t tone_sentence_end(const struct tone_scan *s, uint32_t i, uint32_t *k)
{
	while (s->stops[*k] < i) {
		(*k)++;
	}
	return s->stops[*k];
}
static inline bool tone_wordlike(const struct tone_token *t)
{
	return t->kind <= TONE_TAG;
}
/* Is it that word, folded? Most words begin with another letter. */
static inline bool tone_is_word(const struct tone_scan *s, uint32_t i, const char *word)
{
	const struct tone_token *t = &s->v[i];
	return s->fold[t->fold] == word[0] && tone_wordlike(t) && t->fold_n == strlen(word) &&
	       memcmp(s->fold + t->fold, word, t->fold_n) == 0;
}

#endif
