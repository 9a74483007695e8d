#include "rules/classify/tone_sums.h"

#include "rules/classify/tone_keys.h"

#include <math.h>
#include <string.h>

static inline const int8_t *worth(const struct tone_model *m, uint32_t bucket)
{
	return m->table + (size_t)bucket * TONE_SIDES;
}

struct letters {
	const struct tone_model *m;
	int sides[TONE_SIDES], n;
};

static inline void add_letters(void *with, uint32_t bucket)
{
	struct letters *l = with;
	const int8_t *w = worth(l->m, bucket);
	l->sides[0] += w[0];
	l->sides[1] += w[1];
	l->n++;
}

static struct letters letters_of(
	const struct tone_model *m, const struct tone_scan *s, uint32_t i)
{
	struct letters l = {m, {0, 0}, 0};
	tone_letters_each(tone_folded(s, i), add_letters, &l);
	return l;
}

static void read_letters(struct tone_memory *memory, const struct tone_model *m,
	const struct tone_scan *s, uint32_t i, struct tone_upto *t)
{
	struct tone_met *met = tone_remembered(memory, s->v[i].hash), other;
	if (met->tag != tone_tag(s->v[i].hash)) { /* a later word has its place */
		met = &other;
		met->letters_n = 0;
	}
	if (met->letters_n == 0) {
		struct letters l = letters_of(m, s, i);
		met->letters[0] = (int16_t)l.sides[0];
		met->letters[1] = (int16_t)l.sides[1];
		met->letters_n = (uint8_t)l.n;
	}
	t->letters[0] += met->letters[0];
	t->letters[1] += met->letters[1];
	t->letters_n += met->letters_n;
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
		for (int k = 0; k < PARTS; k++) {
			__builtin_prefetch(worth(m, bucket[k]));
		}
		two = one;
		one = h;
	}
}

static inline void add_word(const struct tone_model *m, uint32_t bucket, struct tone_upto *t)
{
	const int8_t *w = worth(m, bucket);
	t->words[0] += w[0];
	t->words[1] += w[1];
	t->words_n++;
}

#define RAISED 128 /* -128 … 127 as 0 … 255 */

/* The four bytes of a bucket, raised, as four lanes of 16 bits, in the order of told_lanes. */
static inline uint64_t told_of(const struct tone_model *m, uint32_t bucket)
{
	uint32_t four;
	memcpy(&four, m->told + (size_t)bucket * TONE_TOLD, sizeof(four));
	uint64_t raised = four ^ 0x80808080u;
	return (raised | raised << 24) & 0x00ff00ff00ff00ffull;
}

void tone_sums_read(struct tone_sums *x, const struct tone_model *m, struct tone_memory *memory,
	const struct tone_scan *s)
{
	struct tone_upto sum = {0};
	find_buckets(x, m, s);
	x->upto[0] = sum;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		const uint32_t *bucket = x->bucket[i];
		add_word(m, bucket[PART_ONE], &sum);
		add_word(m, bucket[PART_PAIR], &sum);
		add_word(m, bucket[PART_TRIPLE], &sum);
		if (t->kind == TONE_TAG) {
			add_word(m, tone_bucket(t->hash * 3, TONE_BUCKETS_LOG2), &sum);
		}
		if ((t->flags & (TONE_SHOUT | TONE_LONG)) != 0) {
			add_word(m, tone_bucket(tone_key_loud(t), TONE_BUCKETS_LOG2), &sum);
		}
		sum.told += told_of(m, tone_told_bucket(x, i, PART_ONE)) +
			    told_of(m, tone_told_bucket(x, i, PART_PAIR));
		if (tone_wordlike(t)) {
			read_letters(memory, m, s, i, &sum);
		}
		x->upto[i + 1] = sum;
	}
}

struct total {
	int words[TONE_SIDES], letters[TONE_SIDES];
	uint32_t words_n, letters_n;
};

static inline void take_word(const struct tone_model *m, uint32_t bucket, struct total *t)
{
	const int8_t *w = worth(m, bucket);
	t->words[0] -= w[0];
	t->words[1] -= w[1];
	t->words_n--;
}

/* Pairs and triples that begin before `from` do not count, but those of the post's beginning. */
static inline void add_up(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, struct total *t)
{
	const struct tone_upto *begin = &x->upto[from], *end = &x->upto[to];
	for (int side = 0; side < TONE_SIDES; side++) {
		t->words[side] += end->words[side] - begin->words[side];
		t->letters[side] += end->letters[side] - begin->letters[side];
	}
	t->words_n += end->words_n - begin->words_n;
	t->letters_n += end->letters_n - begin->letters_n;
	if (from > 0 && from < to) {
		take_word(m, x->bucket[from][PART_PAIR], t);
		take_word(m, x->bucket[from][PART_TRIPLE], t);
	}
	if (from > 0 && from + 1 < to) {
		take_word(m, x->bucket[from + 1][PART_TRIPLE], t);
	}
}

static inline void add_all(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, struct total *t)
{
	if (to - from > 2 * TONE_LOOKED_AT) {
		add_up(x, m, from, from + TONE_LOOKED_AT, t);
		add_up(x, m, to - TONE_LOOKED_AT, to, t);
	} else {
		add_up(x, m, from, to, t);
	}
}

static double share_of(const struct tone_model *m, enum tone_group group, uint32_t n)
{
	return n < TONE_SHARES ? m->share[group][n] : tone_model_share(m->head, group, n);
}

/* The sums of `t`, as parts of a text with the counts of `of`. */
static inline void weigh(const struct tone_model *m, const struct total *t, const struct total *of,
	double sum[TONE_CLASSES])
{
	double words = share_of(m, TONE_WORDS, of->words_n);
	double letters = share_of(m, TONE_LETTERS, of->letters_n);
	for (unsigned side = 0; side < TONE_SIDES; side++) {
		sum[2 * side] += words * t->words[side] + letters * t->letters[side];
	}
}

void tone_sums_add(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, double sum[TONE_CLASSES])
{
	struct total t = {0};
	add_all(x, m, from, to, &t);
	weigh(m, &t, &t, sum);
}

void tone_sums_part(const struct tone_sums *x, const struct tone_model *m, uint32_t from,
	uint32_t to, uint32_t words, double sum[TONE_CLASSES])
{
	struct total part = {0}, all = {0};
	add_all(x, m, from, to, &part);
	add_all(x, m, 0, words, &all);
	weigh(m, &part, &all, sum);
}

static float told_share(uint32_t n)
{
	return 1 / sqrtf(2 * (float)(n > 0 ? n : 1));
}

#define TOLD_RUN 128 /* tokens: no lane of their sum runs over */

static const uint8_t told_lanes[TONE_TOLD] = {0, 32, 16, 48}; /* the bits at which they begin */

/* Adds those of what is told from `first` up to `end`. A lane that ran over before does so in both sums. */
static void add_told(const struct tone_sums *x, uint32_t from, uint32_t to, int first, int end,
	int32_t sum[TONE_TOLD])
{
	for (uint32_t i = from; i < to;) {
		uint32_t run = to - i < TOLD_RUN ? to - i : TOLD_RUN;
		uint64_t lanes = x->upto[i + run].told - x->upto[i].told;
		for (int k = first; k < end; k++) {
			sum[k] += (int32_t)(lanes >> told_lanes[k] & 0xffff) -
				  (int32_t)run * 2 * RAISED;
		}
		i += run;
	}
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
