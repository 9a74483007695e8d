#include "rules/classify/tone_claims.h"

#include "rules/classify/tone_keys.h"

#include <math.h>
#include <string.h>

static const char *const names[CLAIM_SIGNS] = {"best praise", "best blame", "best limit",
	"best of none", "best lesson", "best choice", "best result", "mean praise", "mean blame",
	"mean limit", "mean of none", "mean lesson", "mean choice", "mean result", "last praise",
	"last blame", "last limit", "last of none", "last lesson", "last choice", "last result",
	"words of mixed praise", "words of pure praise", "words of blame", "words of others",
	"praise beside a limit", "praise beside blame", "kindest clause", "harshest clause",
	"opens kindly"};

const char *tone_claim_sign_name(unsigned sign)
{
	return names[sign];
}

#define TAGS (TONE_CLAIM_ROWS * sizeof(uint64_t))
_Static_assert(TAGS + 8 == TONE_CLAIM_LINE, "all tags of a line are read at once");

struct lanes {
	int32_t v[CLAIM_LANES];
};

/* Of rows, not yet taken apart: four lanes in each, sixteen bits a lane. */
struct packed {
	uint64_t low, middle, high;
	int32_t rows;
};

#define OF_EACH 0x0001000100010001ull
#define FIVE_BITS (31 * OF_EACH)
#define SIX_BITS (63 * OF_EACH)

static inline const int8_t *line_of(const struct tone_model *m, uint32_t bucket)
{
	return m->claims + (size_t)(bucket / TONE_CLAIM_SHARED) * TONE_CLAIM_LINE;
}

#define EACH_BYTE 0x0101010101010101ull

/* Adds the row of a bucket, if it has one. */
static inline void add_row(const struct tone_model *m, uint32_t bucket, struct packed *sum)
{
	const int8_t *line = line_of(m, bucket);
	uint64_t tags, tag = bucket % TONE_CLAIM_SHARED + 1;
	memcpy(&tags, line + TAGS, sizeof(tags));
	uint64_t other = tags ^ tag * EACH_BYTE; /* 0 where it is the same; seven bits */
	uint64_t same = ~((other | EACH_BYTE << 7) - EACH_BYTE) & EACH_BYTE << 7;
	if (same != 0) {
		uint64_t row;
		memcpy(&row, line + (size_t)(__builtin_ctzll(same) / 8) * sizeof(row), sizeof(row));
		sum->low += row & FIVE_BITS;
		sum->middle += row >> 5 & SIX_BITS;
		sum->high += row >> 11 & FIVE_BITS;
		sum->rows++;
	}
}

static void take_apart(const struct packed *part, struct lanes *sum)
{
	const uint64_t all[] = {part->low, part->middle, part->high};
	for (int k = 0; k < CLAIM_LANES; k++) {
		sum->v[k] += (int32_t)(all[k / 4] >> k % 4 * 16 & 0xffff) -
			     part->rows * (k / 4 == 1 ? 32 : 16);
	}
}

#define RUN 64 /* tokens */
_Static_assert(RUN *CLAIM_FEATURES * 63 <= UINT16_MAX, "no lane runs over into the next");

/* Adds those of tokens from … to. */
static void add_tokens(const struct tone_claims *x, const struct tone_model *m, uint32_t from,
	uint32_t to, struct lanes *sum)
{
	for (uint32_t i = from; i < to;) {
		struct packed part = {0};
		for (uint32_t stop = to - i < RUN ? to : i + RUN; i < stop; i++) {
			for (int k = 0; k < CLAIM_FEATURES; k++) {
				add_row(m, x->bucket[i][k], &part);
			}
		}
		take_apart(&part, sum);
	}
}

#define WORDY 64 /* tokens: in longer texts the mean counts, whatever is repeated */

/* The lanes from … to as what they are worth, of n tokens. */
static void weigh(const struct tone_model *m, const struct lanes *sum, uint32_t n, int from, int to,
	float *out)
{
	float share = 1 / sqrtf(CLAIM_FEATURES * (float)(n > 0 ? n : 1));
	share *= n > WORDY ? sqrtf((float)WORDY / (float)n) : 1;
	for (int k = from; k < to; k++) {
		out[k - from] =
			share * (float)sum->v[k] * m->claim_head->step[k] + m->claim_head->bias[k];
	}
}

static float squashed(float x)
{
	return x / (1 + fabsf(x));
}

static void read_clause(
	const struct tone_model *m, const struct lanes *sum, uint32_t n, float claim[TONE_CLAIMS])
{
	weigh(m, sum, n, 0, TONE_CLAIMS, claim);
	for (int k = 0; k < TONE_CLAIMS; k++) {
		claim[k] = squashed(claim[k]);
	}
}

static float most_of(float a, float b)
{
	return a > b ? a : b;
}

/* What is praised beside clause i, the likeliest limit. */
static float praise_beside(const struct tone_claims *c, size_t n, size_t at)
{
	float best = -1;
	for (size_t i = 0; i < n; i++) {
		best = i != at ? most_of(best, c->clause[i][CLAIM_PRAISE]) : best;
	}
	return best;
}

static void read_signs(struct tone_claims *c, size_t n)
{
	float *sign = c->sign;
	size_t limit = 0;
	for (size_t i = 0; i < n; i++) {
		const float *claim = c->clause[i];
		float kind = (claim[CLAIM_PRAISE] - claim[CLAIM_BLAME]) / 2;
		for (int k = 0; k < TONE_CLAIMS; k++) {
			float best = sign[CLAIM_BEST + k];
			sign[CLAIM_BEST + k] = i == 0 ? claim[k] : most_of(best, claim[k]);
			sign[CLAIM_MEAN + k] += claim[k] / (float)n;
		}
		limit = claim[CLAIM_LIMIT] > c->clause[limit][CLAIM_LIMIT] ? i : limit;
		sign[CLAIM_KINDEST] = i == 0 ? kind : most_of(sign[CLAIM_KINDEST], kind);
		sign[CLAIM_HARSHEST] = i == 0 ? kind : -most_of(-sign[CLAIM_HARSHEST], -kind);
		sign[CLAIM_OPENS] = i == 0 ? kind : sign[CLAIM_OPENS];
	}
	float beside = (1 + praise_beside(c, n, limit)) / 4;
	memcpy(sign + CLAIM_LAST, c->clause[n - 1], sizeof(c->clause[0]));
	sign[CLAIM_LIMITED] = (1 + sign[CLAIM_BEST + CLAIM_LIMIT]) * beside;
	sign[CLAIM_BLAMED] = (1 + sign[CLAIM_BEST + CLAIM_BLAME]) * beside;
}

/* Words that say how things stand to each other, whatever is spoken of. */
#define SMALL                                                                                    \
	(ROLE_NEGATES | ROLE_HARDLY | ROLE_STRONGER | ROLE_WEAKER | ROLE_CONTRASTS |             \
		ROLE_ARTICLE | ROLE_BINDS | ROLE_PREPOSITION | ROLE_PRONOUN | ROLE_VERB |        \
		ROLE_ENGLISH | ROLE_WE | ROLE_TOO | ROLE_LACKS | ROLE_ASKS | ROLE_COUNTS |       \
		ROLE_WISHES | ROLE_NEEDS | ROLE_RARELY | ROLE_LATE | ROLE_FORMER | ROLE_SPLITS | \
		ROLE_CONCEDES | ROLE_YOU)

/* What a token is where only small words and marks are told apart. */
static uint64_t form_of(const struct tone_token *t)
{
	if (t->kind == TONE_MARK || (t->roles & SMALL) != 0) {
		return tone_key(t);
	}
	return 3u + t->kind + (t->value > 0 ? 16u : t->value < 0 ? 32u : 0);
}

/* Told first: the lines are in no near cache. */
static void find_buckets(
	const struct tone_scan *s, const struct tone_model *m, struct tone_claims *out)
{
	uint64_t one = 1, two = 2, form_one = 1, form_two = 2;
	for (uint32_t i = 0; i < s->n; i++) {
		const struct tone_token *t = &s->v[i];
		uint64_t here = tone_key(t), form = form_of(t);
		const uint64_t keys[CLAIM_FEATURES] = {tone_key_one(t), tone_key_pair(one, here),
			tone_key_triple(two, 0, here),
			tone_key_triple(form_two, form_one, form) + 1};
		for (int k = 0; k < CLAIM_FEATURES; k++) {
			out->bucket[i][k] = tone_bucket(keys[k], TONE_CLAIM_BUCKETS_LOG2);
			__builtin_prefetch(line_of(m, out->bucket[i][k]));
		}
		two = one;
		one = here;
		form_two = form_one;
		form_one = form;
	}
}

#define KIND_MOST 5.0f

void tone_claims_read(const struct tone_scan *s, const struct tone_model *m,
	const struct tone_clauses *clauses, struct tone_claims *out)
{
	struct lanes all = {{0}};
	float kinds[TONE_KINDS];
	uint32_t i = 0;
	memset(out->sign, 0, sizeof(out->sign));
	find_buckets(s, m, out);
	for (size_t c = 0; c < clauses->n; c++) {
		struct lanes sum = {{0}};
		uint32_t from = clauses->v[c].from, to = clauses->v[c].to;
		add_tokens(out, m, i, from, &all); /* marks between clauses */
		add_tokens(out, m, from, to, &sum);
		i = to;
		for (int k = 0; k < CLAIM_LANES; k++) {
			all.v[k] += sum.v[k];
		}
		read_clause(m, &sum, to - from, out->clause[c]);
	}
	add_tokens(out, m, i, s->n, &all);
	if (clauses->n == 0) {
		return; /* nothing is claimed */
	}
	read_signs(out, clauses->n);
	weigh(m, &all, s->n, TONE_CLAIMS, CLAIM_LANES, kinds);
	for (int k = 0; k < TONE_KINDS; k++) {
		out->sign[CLAIM_KIND + k] = fmaxf(-KIND_MOST, fminf(KIND_MOST, kinds[k]));
	}
}

void tone_claims_sentence(const struct tone_claims *c, const struct tone_model *m, uint32_t from,
	uint32_t to, float claim[TONE_CLAIMS])
{
	struct lanes sum = {{0}};
	add_tokens(c, m, from, to, &sum);
	weigh(m, &sum, to - from, 0, TONE_CLAIMS, claim);
}

static void add_signs(
	const float *sign, int n, const float (*weights)[TONE_KINDS], float sum[TONE_KINDS])
{
	for (int i = 0; i < n; i++) {
		for (int k = 0; k < TONE_KINDS; k++) {
			sum[k] += weights[i][k] * sign[i];
		}
	}
}

void tone_claims_weigh(struct tone_claims *c, const struct tone_whole *whole, double moved)
{
	float sum[TONE_KINDS] = {0};
	add_signs(whole->sign, WHOLE_SIGNS, tone_order_weights, sum);
	add_signs(c->sign, CLAIM_SIGNS, tone_order_weights + WHOLE_SIGNS, sum);
	tone_kinds_share(sum, moved, c->kind);
}
