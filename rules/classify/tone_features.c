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
static int value_of(const struct tone_token *t, const struct tone_token *before)
{
	int value = t->value;
	if ((t->flags & TONE_NEGATED) != 0) {
		value = value > 0 ? -value + 1 - (value == 1 ? 1 : 0) : -value / 2;
	}
	if (before != NULL && (before->roles & ROLE_STRONGER) != 0) {
		value += value > 0 ? 1 : value < 0 ? -1 : 0;
	}
	return value;
}

#define NO_BUT 100 /* nothing stands behind one */

struct tally {
	int sum, good, bad, most, least, last, behind, words;
	int counts[SIGNS];
};

static void tally_value(struct tally *y, int value)
{
	y->sum += value;
	y->good += value > 0;
	y->bad += value < 0;
	y->most = value > y->most ? value : y->most;
	y->least = value < y->least ? value : y->least;
	y->last = value != 0 ? value : y->last;
	y->behind += y->behind != NO_BUT ? value : 0;
}

/* A token that is no word. */
static void tally_other(struct tally *y, const struct tone_scan *s, const struct tone_token *t)
{
	y->counts[SIGN_HANDLES] += t->kind == TONE_HANDLE;
	y->counts[SIGN_URLS] += t->kind == TONE_URL;
	y->counts[SIGN_TAGS] += t->kind == TONE_TAG;
	if (t->kind == TONE_MARK) {
		char c = s->fold[t->fold];
		int much = 1 + ((t->flags & TONE_LONG) != 0);
		y->counts[SIGN_EXCLAIMED] += c == '!' ? much : 0;
		y->counts[SIGN_ASKED] += c == '?' ? much : 0;
		y->counts[SIGN_DOTS] += c == '.' && much > 1;
	}
}

/* Tokens from … to, of which `before` is looked at before the first. */
static void tally_run(struct tally *y, const struct tone_scan *s, uint32_t from, uint32_t to,
	const struct tone_token *before)
{
	int words = 0, negations = 0, me = 0;
	for (uint32_t i = from; i < to; i++) {
		const struct tone_token *t = &s->v[i];
		int value = 0;
		if (t->value != 0) { /* few words */
			value = value_of(t, before);
			tally_value(y, value);
		}
		if ((t->roles & ROLE_CONTRASTS) != 0) {
			y->behind = 0;
		}
		if ((t->flags & (TONE_SHOUT | TONE_LONG)) != 0) {
			y->counts[SIGN_SHOUTED] += (t->flags & TONE_SHOUT) != 0;
			y->counts[SIGN_LONG] +=
				(t->flags & TONE_LONG) != 0 && t->kind == TONE_WORD;
		}
		negations += t->roles / ROLE_NEGATES % 2;
		me += t->roles / ROLE_WE % 2;
		if (t->kind == TONE_WORD) {
			words++;
		} else {
			y->counts[SIGN_FACES] += (t->kind == TONE_EMOTICON) * (value > 0 ? 1 : -1);
			tally_other(y, s, t);
		}
		before = t;
	}
	y->words += words;
	y->counts[SIGN_NEGATIONS] += negations;
	y->counts[SIGN_ME] += me;
}

static struct tally tally_of(const struct tone_scan *s)
{
	struct tally y = {.behind = NO_BUT};
	if (s->n <= 2 * TONE_LOOKED_AT) {
		tally_run(&y, s, 0, s->n, NULL);
	} else {
		tally_run(&y, s, 0, TONE_LOOKED_AT, NULL);
		tally_run(&y, s, s->n - TONE_LOOKED_AT, s->n, &s->v[TONE_LOOKED_AT - 1]);
	}
	return y;
}

/* What a post begins or ends with. */
static int edge_of(const struct tone_scan *s, uint32_t i)
{
	if (s->n == 0) {
		return 60;
	}
	const struct tone_token *t = &s->v[i];
	return t->kind == TONE_MARK ? s->fold[t->fold] % 50 : 50 + t->kind;
}

static void read_signs(const struct tone_scan *s, struct tone_features *f)
{
	static const uint8_t counted[] = {SIGN_SHOUTED, SIGN_LONG, SIGN_EXCLAIMED, SIGN_ASKED,
		SIGN_DOTS, SIGN_HANDLES, SIGN_URLS, SIGN_TAGS, SIGN_NEGATIONS, SIGN_ME, SIGN_FACES};
	const struct tally y = tally_of(s);
	put_sign(f, SIGN_BIAS, 0);
	put_sign(f, SIGN_SUM, few(y.sum, 8));
	put_sign(f, SIGN_GOOD, few(y.good, 5));
	put_sign(f, SIGN_BAD, few(y.bad, 5));
	put_sign(f, SIGN_MOST, y.most);
	put_sign(f, SIGN_LEAST, y.least);
	put_sign(f, SIGN_LAST, y.last);
	put_sign(f, SIGN_BEHIND_BUT, y.behind == NO_BUT ? NO_BUT : few(y.behind, 3));
	for (size_t k = 0; k < sizeof(counted); k++) {
		put_sign(f, counted[k], few(y.counts[counted[k]], 4));
	}
	put_sign(f, SIGN_LENGTH, step(y.words));
	put_sign(f, SIGN_DENSITY,
		y.words == 0 ? 99 : 10 * (y.good - y.bad) / (y.words < 5 ? 5 : y.words));
	put_sign(f, SIGN_ENDS, edge_of(s, s->n - 1));
	put_sign(f, SIGN_BEGINS, edge_of(s, 0));
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
	read_signs(s, f);
}

void tone_signs_read(const struct tone_scan *s, struct tone_features *f)
{
	f->n[TONE_SIGNS] = 0;
	read_signs(s, f);
}

double tone_group_norm(const struct tone_features *f, enum tone_group group)
{
	return group == TONE_SIGNS || f->n[group] == 0 ? 1.0 : sqrt((double)f->n[group]);
}
