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

/* What all words of a text are together. */
struct gist {
	uint32_t roles, flags, words, english;
};

static struct gist gist_of(const struct tone_scan *s)
{
	struct gist g = {0};
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		g.roles |= t->roles;
		g.flags |= t->flags;
		g.words += t->kind == TONE_WORD;
		g.english += t->kind == TONE_WORD && (t->roles & ROLE_ENGLISH) != 0;
	}
	return g;
}

/* Does a word hint at another language? */
static bool is_doubtful(const struct gist *g)
{
	return (g->roles & ROLE_FOREIGN) != 0 || (g->flags & (TONE_FOREIGN | TONE_SCRIPT)) != 0;
}

/* A language that no list knows has hardly a word of English either. */
static bool is_unheard_of(const struct gist *g)
{
	return g->words >= ENGLISH_WORDS && g->english * ENGLISH_PART < g->words;
}

bool tone_is_english(const struct tone_scan *s)
{
	const struct gist gist = gist_of(s);
	if (is_unheard_of(&gist)) {
		return false;
	}
	if (!is_doubtful(&gist)) {
		return true;
	}
	enum { ENGLISH = 1, FOREIGN = 2, ACCENT = 4, SCRIPT = 8, KINDS = 16 };
	unsigned counts[KINDS] = {0}, words = 0, english = 0, foreign = 0, accents = 0, script = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		counts[((t->roles & ROLE_ENGLISH) != 0) * ENGLISH +
			((t->roles & ROLE_FOREIGN) != 0) * FOREIGN +
			((t->flags & TONE_FOREIGN) != 0) * ACCENT +
			((t->flags & TONE_SCRIPT) != 0) * SCRIPT] += t->kind == TONE_WORD;
	}
	for (unsigned k = 0; k < KINDS; k++) {
		words += counts[k];
		english += (k & (ENGLISH | FOREIGN)) == ENGLISH ? counts[k] : 0;
		foreign += (k & (ENGLISH | FOREIGN)) == FOREIGN ? counts[k] : 0;
		accents += k == ACCENT ? counts[k] : 0;
		script += (k & SCRIPT) != 0 ? counts[k] : 0;
	}
	if (script > 0 && is_other_script(s)) {
		return false;
	}
	unsigned against = 2 * foreign + accents;
	return against == 0 || against <= 2 * english || (against == 1 && words > 3) ||
	       (against == 2 && english > 0);
}
