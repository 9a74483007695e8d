#include "rules/classify/tone_limits.h"

#include <math.h>
#include <string.h>

static const char *const names[LIMIT_SIGNS] = {"any clause", "a limit by itself", "praise", "blame",
	"limit", "none", "lesson", "choice", "result", "praise before", "blame before",
	"limit before", "praise behind", "blame behind", "limit behind", "praise beside",
	"limit beside", "a limit by itself beside", "the likeliest by itself", "mixed praise",
	"pure praise", "all blame", "first", "last", "contrasts", "is contrasted",
	"begins a sentence", "clauses", "mean praise", "mean blame"};

const char *tone_limit_sign_name(unsigned sign)
{
	return names[sign];
}

#define ODDS_MOST 5.0f

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

/* The largest of what clauses have, and the largest of the others. */
struct most {
	float v, next;
	size_t at;
};

static void meet(struct most *m, size_t i, float v)
{
	if (i == 0 || v > m->v) {
		m->next = i == 0 ? m->next : m->v;
		m->v = v;
		m->at = i;
	} else if (v > m->next) {
		m->next = v;
	}
}
static float beside(const struct most *m, size_t i)
{
	return m->at == i ? m->next : m->v;
}

/* What is known of the post, as each of its clauses is weighed. */
struct around {
	float alone[TONE_CLAUSES_MAX];
	struct most odds, praise, limit;
	float sign[LIMIT_SIGNS]; /* those that all clauses share */
};

static void look_around(
	const struct tone_clauses *clauses, const struct tone_claims *claims, struct around *a)
{
	size_t n = clauses->n;
	*a = (struct around){.odds.next = -ODDS_MOST,
		.praise.next = -1,
		.limit.next = -1,
		.sign[LIMIT_BIAS] = 1};
	for (size_t i = 0; i < n; i++) {
		const float *claim = claims->clause[i];
		a->alone[i] = odds_of(clauses->v[i].limit);
		meet(&a->odds, i, a->alone[i]);
		meet(&a->praise, i, claim[CLAIM_PRAISE]);
		meet(&a->limit, i, claim[CLAIM_LIMIT]);
	}
	for (int k = 0; k < LIMIT_OF_KINDS; k++) {
		a->sign[LIMIT_ORDERED + k] = log_of(claims->kind[k]);
	}
	a->sign[LIMIT_CLAUSES] = logf((float)n);
	a->sign[LIMIT_MEAN_PRAISE] = claims->sign[CLAIM_MEAN + CLAIM_PRAISE];
	a->sign[LIMIT_MEAN_BLAME] = claims->sign[CLAIM_MEAN + CLAIM_BLAME];
}

static void read_near(const float claim[TONE_CLAIMS], float *sign)
{
	for (int k = 0; k < LIMIT_NEAR; k++) {
		sign[k] = claim[k]; /* the first claims are praise, blame, limit */
	}
}

static float chance_of(const struct around *a, const struct tone_clauses *clauses,
	const struct tone_claims *claims, size_t i)
{
	float sign[LIMIT_SIGNS], sum = 0;
	const float *own = clauses->v[i].sign;
	memcpy(sign, a->sign, sizeof(sign));
	sign[LIMIT_ALONE] = a->alone[i];
	memcpy(sign + LIMIT_CLAIMS, claims->clause[i], sizeof(claims->clause[i]));
	if (i > 0) {
		read_near(claims->clause[i - 1], sign + LIMIT_BEFORE);
	}
	if (i + 1 < clauses->n) {
		read_near(claims->clause[i + 1], sign + LIMIT_BEHIND);
	}
	sign[LIMIT_PRAISE_BESIDE] = beside(&a->praise, i);
	sign[LIMIT_LIMIT_BESIDE] = beside(&a->limit, i);
	sign[LIMIT_ALONE_BESIDE] = beside(&a->odds, i);
	sign[LIMIT_LIKELIEST] = a->alone[i] >= sign[LIMIT_ALONE_BESIDE];
	sign[LIMIT_FIRST] = own[CLAUSE_FIRST];
	sign[LIMIT_LAST] = own[CLAUSE_LAST];
	sign[LIMIT_CONTRASTS] = own[CLAUSE_CONTRASTS];
	sign[LIMIT_CONTRASTED] = own[CLAUSE_CONTRASTED];
	sign[LIMIT_BEGINS] = own[CLAUSE_BEGINS];
	for (int k = 0; k < LIMIT_SIGNS; k++) {
		sum += tone_beside_weights[k] * sign[k];
	}
	return 1 / (1 + expf(-sum));
}

void tone_limits_read(const struct tone_clauses *clauses, const struct tone_claims *claims,
	float chance[TONE_CLAUSES_MAX])
{
	struct around a;
	look_around(clauses, claims, &a);
	for (size_t i = 0; i < clauses->n; i++) {
		bool denied = clauses->v[i].sign[CLAUSE_DENIES] > 0; /* a flaw that is not there */
		chance[i] = denied ? 0 : chance_of(&a, clauses, claims, i);
	}
}
