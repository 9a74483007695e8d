#include "rules/classify/tone_limits.h"

#include <math.h>
#include <string.h>

#define ODDS_MOST 5.0f
#define TONE_MOST 3.0f

static float within(float x, float least, float most)
{
	return x < least ? least : x > most ? most : x;
}

static float odds_of(float chance)
{
	const float tiny = 1e-9f;
	return within(logf((chance + tiny) / (1 - chance + tiny)), -ODDS_MOST, ODDS_MOST);
}

static float log_of(double chance)
{
	return within(logf((float)chance + 1e-9f), -ODDS_MOST, 0);
}

/* What is weighed of each clause for itself, and the most of it … */
enum { PRAISE, BLAME, LIMIT, ODDS, TONE, OF_CLAUSE };
static const float least[OF_CLAUSE] = {-1, -1, -1, -ODDS_MOST, -TONE_MOST};

struct around {
	size_t n;
	float own[TONE_CLAUSES_MAX][OF_CLAUSE];
	float before[TONE_CLAUSES_MAX][OF_CLAUSE]; /* … of those before a clause … */
	float behind[TONE_CLAUSES_MAX][OF_CLAUSE]; /* … and behind it */
	float shared[LIMIT_NODES]; /* what the nodes sum up from what all clauses have in common */
};

static void weigh(int sign, float value, float node[restrict LIMIT_NODES])
{
	const float *restrict weight = tone_beside_weights[sign];
	if (value == 0) { /* most of a clause's own */
		return;
	}
	for (int k = 0; k < LIMIT_NODES; k++) {
		node[k] += value * weight[k];
	}
}

static void weigh_all(int sign, const float *value, int n, float node[LIMIT_NODES])
{
	for (int k = 0; k < n; k++) {
		weigh(sign + k, value[k], node);
	}
}

static void look_at_each(
	const struct tone_clauses *clauses, const struct tone_claims *claims, struct around *a)
{
	for (size_t i = 0; i < a->n; i++) {
		const float *claim = claims->clause[i];
		const float own[OF_CLAUSE] = {claim[CLAIM_PRAISE], claim[CLAIM_BLAME],
			claim[CLAIM_LIMIT], odds_of(clauses->v[i].limit),
			within(clauses->v[i].tone, -TONE_MOST, TONE_MOST)};
		memcpy(a->own[i], own, sizeof(own));
	}
	for (size_t i = 0; i < a->n; i++) {
		size_t last = a->n - 1 - i;
		for (int k = 0; k < OF_CLAUSE; k++) {
			a->before[i][k] =
				i == 0 ? least[k] : fmaxf(a->before[i - 1][k], a->own[i - 1][k]);
			a->behind[last][k] =
				i == 0 ? least[k]
				       : fmaxf(a->behind[last + 1][k], a->own[last + 1][k]);
		}
	}
}

static void look_at_all(
	const struct tone_clauses *clauses, const struct tone_claims *claims, struct around *a)
{
	uint32_t tokens = 0;
	memset(a->shared, 0, sizeof(a->shared));
	for (size_t i = 0; i < a->n; i++) {
		tokens += clauses->v[i].to - clauses->v[i].from;
	}
	for (int k = 0; k < LIMIT_KINDS; k++) {
		weigh(LIMIT_ORDERED + k, log_of(claims->kind[k]), a->shared);
	}
	weigh(LIMIT_CLAUSES, logf((float)a->n), a->shared);
	weigh(LIMIT_ALL, log1pf((float)tokens), a->shared);
	weigh_all(LIMIT_CLAIMED, claims->sign, CLAIM_SIGNS, a->shared);
}

/* Where there is none, nothing is claimed, and it is the least likely limit. */
static void weigh_near(const struct around *a, const struct tone_claims *claims, size_t i,
	bool there, int sign, float node[LIMIT_NODES])
{
	if (there) {
		weigh_all(sign, claims->clause[i], TONE_CLAIMS, node);
	}
	weigh(sign + TONE_CLAIMS, there ? a->own[i][ODDS] : -ODDS_MOST, node);
}

static float chance_of(const struct around *a, const struct tone_clauses *clauses,
	const struct tone_claims *claims, size_t i)
{
	const struct tone_clause *c = &clauses->v[i];
	const bool there[LIMIT_CLAUSES_NEAR] = {true, i > 0, i + 1 < a->n, i > 1, i + 2 < a->n};
	const size_t at[LIMIT_CLAUSES_NEAR] = {i, i - 1, i + 1, i - 2, i + 2};
	float node[LIMIT_NODES], sum = tone_beside_nodes[LIMIT_NODES];
	memcpy(node, a->shared, sizeof(node));
	for (int k = 0; k < LIMIT_CLAUSES_NEAR; k++) {
		weigh_near(a, claims, at[k], there[k], LIMIT_AROUND + k * LIMIT_NEAR, node);
	}
	for (int k = 0; k < 3; k++) {
		weigh(LIMIT_TONES + k, there[k] ? a->own[at[k]][TONE] : 0, node);
	}
	for (int k = 0; k < OF_CLAUSE; k++) {
		weigh(LIMIT_MOST + 2 * k, a->before[i][k], node);
		weigh(LIMIT_MOST + 2 * k + 1, a->behind[i][k], node);
	}
	weigh(LIMIT_TOKENS, log1pf((float)(c->to - c->from)), node);
	weigh(LIMIT_PLACE, ((float)i + 0.5f) / (float)a->n, node);
	weigh_all(LIMIT_CLAUSE, c->sign, CLAUSE_SIGNS, node);
	for (int k = 0; k < LIMIT_NODES; k++) {
		sum += tone_beside_nodes[k] * node[k] / (1 + fabsf(node[k]));
	}
	return 1 / (1 + expf(-sum));
}

void tone_limits_read(const struct tone_clauses *clauses, const struct tone_claims *claims,
	float chance[TONE_CLAUSES_MAX])
{
	struct around a;
	a.n = clauses->n;
	look_at_each(clauses, claims, &a);
	look_at_all(clauses, claims, &a);
	for (size_t i = 0; i < clauses->n; i++) {
		bool denied = clauses->v[i].sign[CLAUSE_DENIES] > 0; /* a flaw that is not there */
		chance[i] = denied ? 0 : chance_of(&a, clauses, claims, i);
	}
}
