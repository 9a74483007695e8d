/* A post as a row of units. */
#include "rules/classify/wording.h"

#include "monitor/base/hash.h"

enum sign {
	SIGN_PERSON = 1,
	SIGN_EMPLOYER,
	SIGN_FORMER,
	SIGN_SOMEBODY, /* a name of another */
	SIGN_ORG,
	SIGN_NAME,
	SIGN_TITLE,
	SIGN_OTHER_TITLE,
	SIGN_NUMBER,
	SIGN_STOP,
	SIGN_ASKS,
	SIGN_COMMA,
	SIGN_COLON,
	SIGN_DASH,
	SIGN_PAREN,
	SIGN_WORD, /* any of some length */
};

#define STEM_LEAST 3
#define WORD_LEAST 4 /* bytes; shorter ones are mostly little words, and stand for themselves */

uint64_t wording_mix(uint64_t a, uint64_t b)
{
	uint64_t h = ((a << 23 | a >> 41) ^ b) * 0x9e3779b97f4a7c15U;
	return h ^ h >> 32;
}

uint64_t wording_hash(struct str word)
{
	return hash64(word, 0);
}

struct str wording_stem(struct str word)
{
	static const char *const endings[] = {"ing", "ed", "es", "s", "er", "ment", "ly"};
	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++) {
		struct str ending = str_c(endings[i]);
		if (word.n >= ending.n + STEM_LEAST && str_ends(word, ending)) {
			word.n -= ending.n;
			break;
		}
	}
	while (word.n > STEM_LEAST && (word.p[word.n - 1] == 'e' || word.p[word.n - 1] == 'i')) {
		word.n--;
	}
	return word;
}

static struct wording_unit sign_of(enum sign sign, uint32_t at)
{
	uint64_t hash = wording_mix((uint64_t)sign, 0x5167);
	return (struct wording_unit){
		.word = hash, .stem = hash, .class = hash, .at = at, .sign = true};
}

/* What a word is: what it speaks of, what it does in a sentence, else only that it is one. */
static uint64_t class_of(const struct mark *m, struct str word, uint64_t hash)
{
	const unsigned does = WORD_ME | WORD_WE | WORD_PRONOUN | WORD_OLD | WORD_PLACE | WORD_BE |
			      WORD_ARTICLE | WORD_FROM;
	if (m->topics != 0) {
		return wording_mix(m->topics, 1);
	}
	if (m->flags & does) {
		return wording_mix(m->flags & does, 2);
	}
	if (m->flags & WORD_TIME) {
		return wording_mix(WORD_TIME, 2);
	}
	bool itself = (m->flags & WORD_PLAIN) != 0 || word.n < WORD_LEAST;
	return itself ? hash : sign_of(SIGN_WORD, 0).class;
}

static struct wording_unit word_at(const struct move_finder *f, uint32_t i)
{
	struct str word = text_at(&f->spans.text, i);
	if (word.n > 0 && word.p[0] >= '0' && word.p[0] <= '9') {
		return sign_of(SIGN_NUMBER, i);
	}
	uint64_t hash = wording_hash(word);
	return (struct wording_unit){.word = hash,
		.stem = wording_hash(wording_stem(word)),
		.class = class_of(&f->spans.marks[i], word, hash),
		.at = i};
}

static enum sign role_of(const struct move_finder *f, const struct frame *x, uint32_t name)
{
	int lean = f->spans.names[name - 1].lean;
	return name == x->person     ? SIGN_PERSON
	       : name == x->employer ? SIGN_EMPLOYER
	       : name == x->old      ? SIGN_FORMER
	       : lean > 0            ? SIGN_SOMEBODY
	       : lean < 0            ? SIGN_ORG
				     : SIGN_NAME;
}

/* The sign behind token i; 0: none. */
static enum sign sign_behind(const struct mark *m)
{
	switch (m->gap) {
	case GAP_COMMA:
		return SIGN_COMMA;
	case GAP_COLON:
		return SIGN_COLON;
	case GAP_DASH:
		return SIGN_DASH;
	case GAP_PAREN:
		return SIGN_PAREN;
	case GAP_END:
		return m->asks ? SIGN_ASKS : SIGN_STOP;
	default:
		return 0;
	}
}

size_t wording_units(const struct move_finder *f, const struct frame *x,
	struct wording_unit out[WORDING_UNITS_MAX])
{
	const struct spans *s = &f->spans;
	size_t n = 0;
	for (uint32_t i = 0; i < s->text.n && n + 2 <= WORDING_UNITS_MAX;) {
		uint32_t name = s->marks[i].name, title = s->marks[i].title, at = i++;
		if (name != 0) {
			out[n++] = sign_of(role_of(f, x, name), at);
			while (i < s->text.n && s->marks[i].name == name) {
				i++;
			}
		} else if (title != 0) {
			out[n++] = sign_of(title == x->title ? SIGN_TITLE : SIGN_OTHER_TITLE, at);
			while (i < s->text.n && s->marks[i].title == title &&
				s->marks[i].name == 0) {
				i++;
			}
		} else {
			out[n++] = word_at(f, at);
		}
		enum sign behind = sign_behind(&s->marks[i - 1]);
		if (behind != 0) {
			out[n++] = sign_of(behind, i - 1);
		}
	}
	return n;
}
