#include "rules/classify/tone_words.h"

/* Names stand in any language. */
static bool is_name(const struct tone_scan *s, uint32_t i)
{
	const struct tone_token *t = &s->v[i];
	bool begins = i == 0 || tone_ends_sentence(s, i - 1);
	return (t->flags & TONE_CAPITAL) != 0 && !begins && t->value == 0 &&
	       (t->roles & ROLE_ENGLISH) == 0;
}

/* Is most of it in another script? By bytes: a sign of Japanese, which is three, says as much as a few letters,
 * and words of Japanese have no spaces. */
static bool is_other_script(const struct tone_scan *s)
{
	uint32_t other = 0, latin = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		if (t->kind == TONE_WORD && (t->flags & TONE_SCRIPT) != 0) {
			other += t->end - t->start;
		} else if (t->kind == TONE_WORD && !is_name(s, i)) {
			latin += t->end - t->start;
		}
	}
	return other > latin;
}

#define ENGLISH_WORDS 24 /* so many of a text tell of its language, */
#define ENGLISH_PART 16  /* of which English is more than one in so many, by far */

/* Counts of words, in lanes of 16 bits: TONE_TOKENS_MAX fits. A word that other languages have too is known, but no
 * word of English alone. */
#define KNOWN (1ull << 0)
#define ENGLISH (1ull << 16)
#define FOREIGN (1ull << 32)
#define ACCENT (1ull << 48)
#define WORD (1u << 0)
#define SCRIPT (1u << 16)

_Static_assert(TONE_SCRIPT == 2 * TONE_FOREIGN, "two bits side by side");

struct counts {
	uint64_t tongue;
	uint32_t words;
};

static struct counts count_words(const struct tone_scan *s)
{
	/* by two bits of roles, then two of flags: a word of English, one of another language, accents, script */
	static const struct counts kinds[16] = {{0, WORD}, {KNOWN + ENGLISH, WORD}, {FOREIGN, WORD},
		{KNOWN, WORD}, {ACCENT, WORD}, {KNOWN + ENGLISH, WORD}, {FOREIGN, WORD},
		{KNOWN, WORD}, {0, WORD + SCRIPT}, {KNOWN + ENGLISH, WORD + SCRIPT},
		{FOREIGN, WORD + SCRIPT}, {KNOWN, WORD + SCRIPT}, {0, WORD + SCRIPT},
		{KNOWN + ENGLISH, WORD + SCRIPT}, {FOREIGN, WORD + SCRIPT}, {KNOWN, WORD + SCRIPT}};
	struct counts sum = {0, 0};
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		if (t->kind == TONE_WORD) {
			unsigned tongue =
				t->roles / ROLE_ENGLISH % 2 + t->roles / ROLE_FOREIGN % 2 * 2;
			const struct counts *kind =
				&kinds[tongue + t->flags / TONE_FOREIGN % 4 * 4];
			sum.tongue += kind->tongue;
			sum.words += kind->words;
		}
	}
	return sum;
}

static unsigned lane(uint64_t lanes, uint64_t one)
{
	return (unsigned)(lanes / one & 0xffff);
}

bool tone_is_english(const struct tone_scan *s)
{
	struct counts c = count_words(s);
	unsigned words = lane(c.words, WORD), english = lane(c.tongue, ENGLISH);
	if (words >= ENGLISH_WORDS && lane(c.tongue, KNOWN) * ENGLISH_PART < words) {
		return false; /* a language that no list knows has hardly a word of English either */
	}
	if (lane(c.words, SCRIPT) > 0 && is_other_script(s)) {
		return false;
	}
	unsigned against = 2 * lane(c.tongue, FOREIGN) + lane(c.tongue, ACCENT);
	return against == 0 || against <= 2 * english || (against == 1 && words > 3) ||
	       (against == 2 && english > 0);
}
