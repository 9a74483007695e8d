#include "rules/classify/tone_features.h"

#include "rules/classify/tone_keys.h"

#include <math.h>
#include <string.h>

enum sign {
	SIGN_BIAS,
	SIGN_SUM,
	SIGN_GOOD,
	SIGN_BAD,
	SIGN_MOST,
	SIGN_LEAST,
	SIGN_LAST,
	SIGN_BEHIND_BUT,
	SIGN_SHOUTED,
	SIGN_LONG,
	SIGN_EXCLAIMED,
	SIGN_ASKED,
	SIGN_DOTS,
	SIGN_HANDLES,
	SIGN_URLS,
	SIGN_TAGS,
	SIGN_NEGATIONS,
	SIGN_LENGTH,
	SIGN_ENDS,
	SIGN_BEGINS,
	SIGN_FACES,
	SIGN_ME,
	SIGN_DENSITY,
	SIGN_TITLE,
	SIGNS,
};

static const char *const sign_names[SIGNS] = {"any post", "sum of words", "good words", "bad words",
	"best word", "worst word", "last word of tone", "sum behind but", "capitals",
	"repeated letters", "exclamation marks", "question marks", "dots", "handles", "links",
	"hashtags", "negations", "length", "last sign", "first sign", "faces", "I and we",
	"share of words of tone", "title"};

const char *tone_sign_name(unsigned sign)
{
	return sign < SIGNS ? sign_names[sign] : "";
}

static void put(
	struct tone_features *f, enum tone_group g, uint64_t h, uint32_t token, unsigned words)
{
	struct tone_feature *x = &f->v[g][f->n[g]++];
	x->bucket = tone_bucket(h, TONE_BUCKETS_LOG2);
	x->token = (uint16_t)token;
	x->words = (uint8_t)words;
}

static void read_words(
	const struct tone_scan *s, const uint32_t *at, uint32_t n, struct tone_features *f)
{
	uint64_t one = 1, two = 2;
	for (uint32_t k = 0, run = 0; k < n; k++, run++) {
		const struct tone_token *t = &s->v[at[k]];
		uint64_t h = tone_key(t);
		if (k > 0 && at[k] != at[k - 1] + 1) {
			run = 0; /* what was left out is no neighbour */
		}
		bool begins = at[k] < TONE_LOOKED_AT;
		put(f, TONE_WORDS, tone_key_one(t), at[k], 1);
		if (t->kind == TONE_TAG) {
			put(f, TONE_WORDS, t->hash * 3, at[k], 1);
		}
		if ((t->flags & (TONE_SHOUT | TONE_LONG)) != 0) {
			put(f, TONE_WORDS, tone_key_loud(t), at[k], 1);
		}
		if (begins || run >= 1) {
			put(f, TONE_WORDS, tone_key_pair(one, h), at[k], 2);
		}
		if (begins || run >= 2) {
			put(f, TONE_WORDS, tone_key_triple(two, one, h), at[k], 3);
		}
		two = one;
		one = h;
	}
}

struct letters {
	struct tone_features *f;
	uint32_t token;
};

static void put_letters(void *with, uint32_t bucket)
{
	struct letters *l = with;
	struct tone_feature *x = &l->f->v[TONE_LETTERS][l->f->n[TONE_LETTERS]++];
	x->bucket = bucket;
	x->token = (uint16_t)l->token;
	x->words = 1;
}

static void put_sign(struct tone_features *f, enum sign sign, int value)
{
	put(f, TONE_SIGNS, ((uint64_t)sign + 1) * 0xc2b2ae3d27d4eb4full + (uint64_t)(value + 100),
		sign, 0);
}
static int few(int n, int most)
{
	return n < -most ? -most : n > most ? most : n;
}
/* 0 1 2 3 4-5 6-8 9-… */
static int step(int n)
{
	return n <= 3 ? n : n <= 5 ? 4 : n <= 8 ? 5 : n <= 16 ? 6 : n <= 24 ? 7 : n <= 40 ? 8 : 9;
}

/* The worth of a word where it stands: negated, made stronger by the word before. */
static int value_of(const struct tone_scan *s, const uint32_t *at, uint32_t k)
{
	const struct tone_token *t = &s->v[at[k]];
	int value = t->value;
	if ((t->flags & TONE_NEGATED) != 0 && value != 0) {
		value = value > 0 ? -value + 1 - (value == 1 ? 1 : 0) : -value / 2;
	}
	if (k > 0 && (s->v[at[k - 1]].roles & ROLE_STRONGER) != 0) {
		value += value > 0 ? 1 : value < 0 ? -1 : 0;
	}
	return value;
}

static void read_signs(
	const struct tone_scan *s, const uint32_t *at, uint32_t n, struct tone_features *f)
{
	int sum = 0, good = 0, bad = 0, most = 0, least = 0, last = 0, behind = 100,
	    counts[SIGNS] = {0};
	int words = 0;
	for (uint32_t k = 0; k < n; k++) {
		const struct tone_token *t = &s->v[at[k]];
		int value = t->value != 0 ? value_of(s, at, k) : 0;
		if (value != 0) {
			sum += value;
			good += value > 0;
			bad += value < 0;
			most = value > most ? value : most;
			least = value < least ? value : least;
			last = value;
			behind = behind != 100 ? behind + value : behind;
		}
		if ((t->roles & ROLE_CONTRASTS) != 0) {
			behind = 0;
		}
		words += t->kind == TONE_WORD;
		if ((t->flags & (TONE_SHOUT | TONE_LONG)) != 0) {
			counts[SIGN_SHOUTED] += (t->flags & TONE_SHOUT) != 0;
			counts[SIGN_LONG] += (t->flags & TONE_LONG) != 0 && t->kind == TONE_WORD;
		}
		counts[SIGN_NEGATIONS] += (t->roles & ROLE_NEGATES) != 0;
		counts[SIGN_ME] += (t->roles & ROLE_WE) != 0;
		if (t->kind == TONE_WORD) {
			continue;
		}
		counts[SIGN_HANDLES] += t->kind == TONE_HANDLE;
		counts[SIGN_URLS] += t->kind == TONE_URL;
		counts[SIGN_TAGS] += t->kind == TONE_TAG;
		counts[SIGN_FACES] += (t->kind == TONE_EMOTICON) * (value > 0 ? 1 : -1);
		if (t->kind == TONE_MARK) {
			char c = s->fold[t->fold];
			int much = 1 + ((t->flags & TONE_LONG) != 0);
			counts[SIGN_EXCLAIMED] += c == '!' ? much : 0;
			counts[SIGN_ASKED] += c == '?' ? much : 0;
			counts[SIGN_DOTS] += c == '.' && much > 1;
		}
	}
	put_sign(f, SIGN_BIAS, 0);
	put_sign(f, SIGN_SUM, few(sum, 8));
	put_sign(f, SIGN_GOOD, few(good, 5));
	put_sign(f, SIGN_BAD, few(bad, 5));
	put_sign(f, SIGN_MOST, most);
	put_sign(f, SIGN_LEAST, least);
	put_sign(f, SIGN_LAST, last);
	put_sign(f, SIGN_BEHIND_BUT, behind == 100 ? 100 : few(behind, 3));
	static const uint8_t counted[] = {SIGN_SHOUTED, SIGN_LONG, SIGN_EXCLAIMED, SIGN_ASKED,
		SIGN_DOTS, SIGN_HANDLES, SIGN_URLS, SIGN_TAGS, SIGN_NEGATIONS, SIGN_ME, SIGN_FACES};
	for (size_t k = 0; k < sizeof(counted); k++) {
		put_sign(f, counted[k], few(counts[counted[k]], 4));
	}
	put_sign(f, SIGN_LENGTH, step(words));
	put_sign(f, SIGN_DENSITY, words == 0 ? 99 : 10 * (good - bad) / (words < 5 ? 5 : words));
	put_sign(f, SIGN_ENDS,
		n == 0                              ? 60
		: s->v[at[n - 1]].kind == TONE_MARK ? s->fold[s->v[at[n - 1]].fold] % 50
						    : 50 + s->v[at[n - 1]].kind);
	put_sign(f, SIGN_BEGINS,
		n == 0                          ? 60
		: s->v[at[0]].kind == TONE_MARK ? s->fold[s->v[at[0]].fold] % 50
						: 50 + s->v[at[0]].kind);
}

/* The tokens that are looked at, in order; `at` has room for 2 * TONE_LOOKED_AT. */
static uint32_t looked_at(const struct tone_scan *s, uint32_t *at)
{
	uint32_t n = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->n > 2 * TONE_LOOKED_AT && i == TONE_LOOKED_AT) {
			i = s->n - TONE_LOOKED_AT;
		}
		at[n++] = i;
	}
	return n;
}

void tone_features_read(const struct tone_scan *s, struct tone_features *f)
{
	uint32_t at[2 * TONE_LOOKED_AT], n = looked_at(s, at);
	memset(f->n, 0, sizeof(f->n));
	read_words(s, at, n, f);
	for (uint32_t k = 0; k < n; k++) {
		if (tone_wordlike(&s->v[at[k]])) {
			struct letters l = {f, at[k]};
			tone_letters_each(tone_folded(s, at[k]), put_letters, &l);
		}
	}
	read_signs(s, at, n, f);
}

void tone_signs_read(const struct tone_scan *s, struct tone_features *f)
{
	uint32_t at[2 * TONE_LOOKED_AT], n = looked_at(s, at);
	f->n[TONE_SIGNS] = 0;
	read_signs(s, at, n, f);
}

double tone_group_norm(const struct tone_features *f, enum tone_group group)
{
	return group == TONE_SIGNS || f->n[group] == 0 ? 1.0 : sqrt((double)f->n[group]);
}
