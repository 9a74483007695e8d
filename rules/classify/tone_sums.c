#include "rules/classify/tone_sums.h"

#include "rules/classify/tone_keys.h"

#include <math.h>
#include <string.h>

static inline const int8_t *worth(const struct tone_model *m, uint32_t bucket)
{
	return m->table + (size_t)bucket * TONE_SIDES;
}
#define LANE 32    /* bits */
#define RAISED 128 /* -128 … 127 as 0 … 255 */

/* The two bytes of a bucket side by side. */
static inline uint64_t lanes_of(const struct tone_model *m, uint32_t bucket)
{
	uint16_t two;
	memcpy(&two, worth(m, bucket), sizeof(two));
	uint64_t raised = two ^ 0x8080u;
	return (raised | raised << (LANE - 8)) & (0xffull << LANE | 0xff);
}

static inline struct tone_word_sums *remembered(struct tone_sums *x, uint64_t hash)
{
	return &x->words[(hash ^ hash >> 17) & (TONE_REMEMBERED - 1)];
}

struct letters {
	const struct tone_model *m;
	uint64_t sum;
	uint32_t n;
};

static inline void add_letters(void *with, uint32_t bucket)
{
	struct letters *l = with;
	l->sum += lanes_of(l->m, bucket);
	l->n++;
}

static void read_letters(struct tone_sums *x, const struct tone_model *m, const struct tone_scan *s,
	uint32_t i, struct tone_token_sums *t)
{
	uint64_t hash = s->v[i].hash;
	uint32_t tag = (uint32_t)(hash >> 32) | 1;
	struct tone_word_sums *w = remembered(x, hash);
	if (w->tag != tag) {
		struct letters l = {m, 0, 0};
		tone_letters_each(tone_folded(s, i), add_letters, &l);
		*w = (struct tone_word_sums){tag, l.n, l.sum};
	}
	t->letters = w->letters;
	t->letters_n = (uint8_t)w->letters_n;
}

enum part { PART_ONE, PART_PAIR, PART_TRIPLE, PARTS };

/* The table is larger than the nearest cache: where all features of the post lie is told first. */
static void find_buckets(struct tone_sums *x, const struct tone_model *m, const struct tone_scan *s)
{
	uint64_t one = 1, two = 2;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		uint64_t h = tone_key(t);
		uint32_t *bucket = x->bucket[i];
		bucket[PART_ONE] = tone_bucket(tone_key_one(t), TONE_BUCKETS_LOG2);
		bucket[PART_PAIR] = tone_bucket(tone_key_pair(one, h), TONE_BUCKETS_LOG2);
		bucket[PART_TRIPLE] = tone_bucket(tone_key_triple(two, one, h), TONE_BUCKETS_LOG2);
		__builtin_prefetch(remembered(x, t->hash));
		for (int k = 0; k < PARTS; k++) {
			__builtin_prefetch(worth(m, bucket[k]));
		}
		two = one;
		one = h;
	}
}

/* The four bytes of a bucket as four lanes of 16 bits, in the order of told_lanes. */
static inline uint64_t told_of(const struct tone_model *m, uint32_t bucket)
{
	uint32_t four;
	memcpy(&four, m->told + (size_t)bucket * TONE_TOLD, sizeof(four));
	uint64_t raised = four ^ 0x80808080u;
	return (raised | raised << 24) & 0x00ff00ff00ff00ffull;
}

void tone_sums_read(struct tone_sums *x, const struct tone_model *m, const struct tone_scan *s)
{
	find_buckets(x, m, s);
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		struct tone_token_sums *v = &x->v[i];
		*v = (struct tone_token_sums){.one_n = 1};
		v->one = lanes_of(m, x->bucket[i][PART_ONE]);
		if (t->kind == TONE_TAG) {
			v->one += lanes_of(m, tone_bucket(t->hash * 3, TONE_BUCKETS_LOG2));
			v->one_n++;
		}
		if ((t->flags & (TONE_SHOUT | TONE_LONG)) != 0) {
			v->one += lanes_of(m, tone_bucket(tone_key_loud(t), TONE_BUCKETS_LOG2));
			v->one_n++;
		}
		v->pair = lanes_of(m, x->bucket[i][PART_PAIR]);
		v->triple = lanes_of(m, x->bucket[i][PART_TRIPLE]);
		v->told = told_of(m, tone_told_bucket(x, i, PART_ONE)) +
			  told_of(m, tone_told_bucket(x, i, PART_PAIR));
		if (tone_wordlike(t)) {
			read_letters(x, m, s, i, v);
		}
	}
}

struct total {
	uint64_t words, letters; /* lanes */
	uint32_t words_n, letters_n;
};

/* Pairs and triples that begin before `from` do not count, but those of the post's beginning. */
static void add_up(const struct tone_sums *x, uint32_t from, uint32_t to, struct total *t)
{
	for (uint32_t i = from; i < to; i++) {
		const struct tone_token_sums *v = &x->v[i];
		t->words += v->one + v->pair + v->triple;
		t->words_n += v->one_n + 2u;
		t->letters += v->letters;
		t->letters_n += v->letters_n;
	}
	if (from > 0 && from < to) {
		t->words -= x->v[from].pair + x->v[from].triple;
		t->words_n -= 2;
	}
	if (from > 0 && from + 1 < to) {
		t->words -= x->v[from + 1].triple;
		t->words_n--;
	}
}

static void add_all(const struct tone_sums *x, uint32_t from, uint32_t to, struct total *t)
{
	if (to - from > 2 * TONE_LOOKED_AT) {
		add_up(x, from, from + TONE_LOOKED_AT, t);
		add_up(x, to - TONE_LOOKED_AT, to, t);
	} else {
		add_up(x, from, to, t);
	}
}

/* A side of n features. */
static double lane(uint64_t lanes, uint32_t n, unsigned side)
{
	return (double)((int64_t)(uint32_t)(lanes >> side * LANE) - (int64_t)n * RAISED);
}

static double share_of(const struct tone_model *m, enum tone_group group, uint32_t n)
{
	return n < TONE_SHARES ? m->share[group][n] : tone_model_share(m->head, group, n);
}

/* The sums of `t`, as parts of a text with the counts of `of`. */
static void weigh(const struct tone_model *m, const struct total *t, const struct total *of,
	double sum[TONE_CLASSES])
{
	double words = share_of(m, TONE_WORDS, of->words_n);
	double letters = share_of(m, TONE_LETTERS, of->letters_n);
	for (unsigned side = 0; side < TONE_SIDES; side++) {
		sum[2 * side] += words * lane(t->words, t->words_n, side) +
				 letters * lane(t->letters, t->letters_n, side);
	}
}

void tone_sums_add(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, double sum[TONE_CLASSES])
{
	struct total t = {0};
	add_all(x, from, to, &t);
	weigh(m, &t, &t, sum);
}

void tone_sums_part(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, uint32_t words, double sum[TONE_CLASSES])
{
	struct total part = {0}, all = {0};
	add_all(x, from, to, &part);
	add_all(x, 0, words, &all);
	weigh(m, &part, &all, sum);
}

#define TOLD_RUN 64 /* tokens: no lane runs over */

static const uint8_t told_lanes[TONE_TOLD] = {0, 32, 16, 48}; /* the bits at which they begin */

/* Adds those of what is told from `first` up to `end`. */
static void add_told(const struct tone_sums *x, uint32_t from, uint32_t to, int first, int end,
	int32_t sum[TONE_TOLD])
{
	for (uint32_t i = from; i < to;) {
		uint64_t lanes = 0;
		uint32_t run = to - i < TOLD_RUN ? to - i : TOLD_RUN;
		for (uint32_t stop = i + run; i < stop; i++) {
			lanes += x->v[i].told;
		}
		for (int k = first; k < end; k++) {
			sum[k] += (int32_t)(lanes >> told_lanes[k] & 0xffff) -
				  (int32_t)run * 2 * RAISED;
		}
	}
}

static float told_share(uint32_t n)
{
	return 1 / sqrtf(2 * (float)(n > 0 ? n : 1));
}

static uint32_t add_all_told(const struct tone_sums *x, uint32_t from, uint32_t to, int first,
	int end, int32_t sum[TONE_TOLD])
{
	if (to - from <= 2 * TONE_LOOKED_AT) {
		add_told(x, from, to, first, end, sum);
		return to - from;
	}
	add_told(x, from, from + TONE_LOOKED_AT, first, end, sum);
	add_told(x, to - TONE_LOOKED_AT, to, first, end, sum);
	return 2 * TONE_LOOKED_AT;
}

float tone_sums_limit(
	const struct tone_sums *x, const struct tone_model *m, uint32_t from, uint32_t to)
{
	int32_t sum[TONE_TOLD] = {0};
	uint32_t n = add_all_told(x, from, to, TONE_TOLD_LIMIT, TONE_TOLD_LIMIT + 1, sum);
	return told_share(n) * (float)sum[TONE_TOLD_LIMIT] * m->head->told_limit;
}

void tone_sums_kinds(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, float kinds[TONE_TOLD - TONE_TOLD_KIND])
{
	int32_t sum[TONE_TOLD] = {0};
	float share = told_share(add_all_told(x, from, to, TONE_TOLD_KIND, TONE_TOLD, sum));
	for (int k = TONE_TOLD_KIND; k < TONE_TOLD; k++) {
		kinds[k - TONE_TOLD_KIND] = share * (float)sum[k] * m->head->told_kind;
	}
}

float tone_sums_firm(const struct tone_sums *x, const struct tone_model *m, uint32_t n)
{
	int sum = 0;
	uint32_t read = 0;
	for (uint32_t i = 0; i < n; i++, read++) {
		if (n > 2 * TONE_LOOKED_AT && i == TONE_LOOKED_AT) {
			i = n - TONE_LOOKED_AT;
		}
		sum += m->firm[tone_told_bucket(x, i, PART_ONE)];
		sum += m->firm[tone_told_bucket(x, i, PART_PAIR)];
	}
	return told_share(read) * (float)sum * m->head->told_firm;
}

void tone_sums_group(const struct tone_model *m, const struct tone_features *f,
	enum tone_group group, double sum[TONE_CLASSES])
{
	double weight =
		(double)m->head->group[group] * (double)m->head->step / tone_group_norm(f, group);
	for (uint32_t i = 0; i < f->n[group]; i++) {
		const int8_t *w = worth(m, f->v[group][i].bucket);
		for (unsigned side = 0; side < TONE_SIDES; side++) {
			sum[2 * side] += weight * w[side];
		}
	}
}
