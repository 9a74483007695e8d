#include "rules/classify/tone_clauses.h"

#include <math.h>
#include <string.h>

static const char *const names[CLAUSE_SIGNS] = {"any clause", "sounds bad", "sounds good",
	"sounds plain", "good words", "bad words", "a very bad word", "a damning word",
	"a word of delight", "negates", "hardly", "too", "a bit", "lacks", "only", "still",
	"wishes", "needs", "sometimes", "late", "less", "contrasts", "is contrasted", "concedes",
	"phrase of a limit", "former", "number", "we", "you", "begins with an article",
	"the whole thing", "the company", "short", "long", "first", "last", "begins a sentence",
	"asked", "exclaimed", "denied flaw", "denied praise", "phrase of a lesson", "keeps it",
	"gives it up"};

const char *tone_clause_sign_name(enum tone_clause_sign sign)
{
	return names[sign];
}

static bool ends_clause(const struct tone_scan *s, uint32_t i)
{
	return tone_pauses(s, i) || s->v[i].kind == TONE_EMOJI || s->v[i].kind == TONE_EMOTICON;
}

/* Words from i on, up to four, before a mark. */
static unsigned words_from(const struct tone_scan *s, uint32_t i)
{
	unsigned n = 0;
	while (n < 4 && i + n < s->n && tone_wordlike(&s->v[i + n])) {
		n++;
	}
	return n;
}

/* Does a new subject follow an "and"? */
static bool goes_on(const struct tone_scan *s, uint32_t i)
{
	return (s->v[i].roles & ROLE_BINDS) != 0 && str_eq_c(tone_folded(s, i), "and") &&
	       i + 1 < s->n && (s->v[i + 1].roles & (ROLE_ARTICLE | ROLE_PRONOUN)) != 0 &&
	       words_from(s, i + 1) == 4;
}

/* Where the clause that begins at `from` ends; `sentence`: whether its sentence ends there too. */
static uint32_t end_of(const struct tone_scan *s, uint32_t from, bool *sentence)
{
	uint32_t i = from;
	for (; i < s->n; i++) {
		if (s->v[i].kind < TONE_EMOJI) { /* most tokens: words */
			if (i > from + 1 && ((s->v[i].roles & ROLE_SPLITS) != 0 ||
						    (i > from + 2 && goes_on(s, i)))) {
				break;
			}
		} else if (tone_ends_sentence(s, i)) {
			*sentence = true;
			return i;
		} else if (ends_clause(s, i) && (i != from + 1 || !tone_mark(s, i, ','))) {
			break;
		}
	}
	*sentence = i == s->n;
	return i;
}

struct count {
	uint32_t roles;
	unsigned words, negates, numbers, only, less;
	int good, bad, worst, best;
};

static void count_word(const struct tone_scan *s, uint32_t i, struct count *c)
{
	const struct tone_token *t = &s->v[i];
	c->roles |= t->roles;
	c->words += tone_wordlike(t);
	c->negates += t->roles / ROLE_NEGATES % 2;
	c->numbers += t->kind == TONE_NUMBER;
	if (t->value != 0 || (t->flags & TONE_DENIED) != 0) { /* few words */
		int value = (t->flags & TONE_DENIED) != 0 ? 1 : t->value;
		bool turned = (t->flags & TONE_NEGATED) != 0 && (t->flags & TONE_DENIED) == 0;
		value = !turned ? value : value > 0 ? -value : 0;
		c->good += value > 0 ? value : 0;
		c->bad -= value < 0 ? value : 0;
		c->worst = value < c->worst ? value : c->worst;
		c->best = value > c->best ? value : c->best;
	}
	if (tone_wordlike(t) && t->fold_n == 4) {
		c->only += memcmp(s->fold + t->fold, "only", 4) == 0;
		c->less += memcmp(s->fold + t->fold, "less", 4) == 0;
	}
}

static float capped(double x, double most)
{
	return (float)(x > most ? most : x);
}

#define FEW 3.0

static void read_tone(
	struct tone_clause *c, const struct tone_sums *sums, const struct tone_model *m)
{
	double sum[TONE_CLASSES] = {0};
	tone_sums_add(sums, m, c->from, c->to, sum);
	double words = c->to - c->from,
	       sure = sqrt(words / (words + FEW)); /* one word says little */
	double d = sure * (sum[2] - sum[0]);
	d = d < 0 && c->sign[CLAUSE_DENIES] > 0 ? -d : d; /* its words speak for the wrong side */
	c->tone = (float)d;
	c->sign[CLAUSE_GOOD] = d > 0 ? capped(d, 3) : 0;
	c->sign[CLAUSE_BAD] = d < 0 ? capped(-d, 3) : 0;
	c->sign[CLAUSE_PLAIN] = (float)(sure * (sum[1] - (sum[2] + sum[0]) / 2));
}

static void read_roles(struct tone_clause *c, uint32_t roles)
{
#define SIGN_OF(role) [__builtin_ctz(ROLE_##role)]
	static const uint8_t sign_of[32] = {SIGN_OF(HARDLY) = CLAUSE_HARDLY,
		SIGN_OF(TOO) = CLAUSE_TOO, SIGN_OF(WEAKER) = CLAUSE_WEAKER,
		SIGN_OF(LACKS) = CLAUSE_LACKS, SIGN_OF(WISHES) = CLAUSE_WISHES,
		SIGN_OF(NEEDS) = CLAUSE_NEEDS, SIGN_OF(RARELY) = CLAUSE_RARELY,
		SIGN_OF(LATE) = CLAUSE_LATE, SIGN_OF(FORMER) = CLAUSE_FORMER,
		SIGN_OF(YOU) = CLAUSE_YOU, SIGN_OF(WHOLE) = CLAUSE_WHOLE,
		SIGN_OF(COMPANY) = CLAUSE_COMPANY, SIGN_OF(WE) = CLAUSE_WE,
		SIGN_OF(CONTRASTS) = CLAUSE_STILL};
#undef SIGN_OF
	const uint32_t known = ROLE_HARDLY | ROLE_TOO | ROLE_WEAKER | ROLE_LACKS | ROLE_WISHES |
			       ROLE_NEEDS | ROLE_RARELY | ROLE_LATE | ROLE_FORMER | ROLE_YOU |
			       ROLE_WHOLE | ROLE_COMPANY | ROLE_WE | ROLE_CONTRASTS;
	for (uint32_t rest = roles & known; rest != 0; rest &= rest - 1) {
		c->sign[sign_of[__builtin_ctz(rest)]] = 1;
	}
}

/* `stop`: where its sentence ends. */
static void read_words(struct tone_clause *c, const struct tone_scan *s,
	const struct tone_cues *cues, uint32_t stop)
{
	struct count n = {0};
	for (uint32_t i = c->from; i < c->to; i++) {
		count_word(s, i, &n);
	}
	read_roles(c, n.roles);
	c->sign[CLAUSE_GOOD_WORDS] = capped(n.good, 4);
	c->sign[CLAUSE_BAD_WORDS] = capped(n.bad, 4);
	c->sign[CLAUSE_WORST] = n.worst <= -2;
	c->sign[CLAUSE_DAMNS] = n.worst <= -3;
	c->sign[CLAUSE_DELIGHTS] = n.best >= 3;
	c->sign[CLAUSE_NEGATES] = capped(n.negates, 2);
	c->sign[CLAUSE_ONLY] = n.only > 0;
	c->sign[CLAUSE_LESS] = n.less > 0;
	c->sign[CLAUSE_NUMBER] = capped(n.numbers, 2);
	c->sign[CLAUSE_SHORT] = n.words <= 3;
	c->sign[CLAUSE_LONG] = n.words >= 14;
	c->sign[CLAUSE_CONTRASTS] = (s->v[c->from].roles & (ROLE_SPLITS | ROLE_CONTRASTS)) != 0;
	c->sign[CLAUSE_CONCEDES] = (s->v[c->from].roles & ROLE_CONCEDES) != 0;
	c->sign[CLAUSE_CONTRASTED] = c->to < s->n && (s->v[c->to].roles & ROLE_SPLITS) != 0;
	c->sign[CLAUSE_THING] = (s->v[c->from].roles & ROLE_ARTICLE) != 0;
	c->sign[CLAUSE_ASKED] = stop < s->n && tone_mark(s, stop, '?');
	c->sign[CLAUSE_SHOUTED] = stop < s->n && tone_mark(s, stop, '!');
	uint32_t kinds = tone_cue_kinds(cues, c->from, c->to);
	c->sign[CLAUSE_CUE] = (float)(kinds >> CUE_LIMIT & 1);
	c->sign[CLAUSE_STAYS] = (float)(kinds >> CUE_STAYS & 1);
	c->sign[CLAUSE_LEAVES] = (float)(kinds >> CUE_LEAVES & 1);
	c->sign[CLAUSE_LESSON] = (float)(kinds >> CUE_LESSON & 1);
}

static void read_turns(struct tone_clause *c, const struct tone_turns *turns)
{
	for (size_t i = 0; i < turns->n; i++) {
		const struct tone_turn *t = &turns->v[i];
		if (t->from >= c->from && t->from < c->to) {
			c->sign[t->kind == TONE_DENIED_FLAW ? CLAUSE_DENIES : CLAUSE_SPOILT] = 1;
		}
	}
}

#define LANES 4 /* added up side by side */
_Static_assert(CLAUSE_SIGNS % LANES == 0, "no sign is left over");

static void weigh(struct tone_clause *c)
{
	float sum[LANES] = {0};
	for (int k = 0; k < CLAUSE_SIGNS; k += LANES) {
		for (int lane = 0; lane < LANES; lane++) {
			sum[lane] += tone_limit_weights[k + lane] * c->sign[k + lane];
		}
	}
	c->limit = c->sign[CLAUSE_DENIES] > 0
			   ? 0
			   : 1 / (1 + expf(-(c->told + sum[0] + sum[1] + sum[2] + sum[3])));
}

void tone_clauses_read(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_turns *turns, const struct tone_sums *sums, const struct tone_model *m,
	struct tone_clauses *out)
{
	bool ends = true;
	uint32_t stop = 0;
	out->n = out->sentences = 0;
	for (uint32_t i = 0; i < s->n && out->n < TONE_CLAUSES_MAX;) {
		bool begins = ends;
		uint32_t to = end_of(s, i, &ends), next = to;
		if (to > i) {
			struct tone_clause *c = &out->v[out->n++];
			memset(c, 0, sizeof(*c));
			out->sentences += begins;
			c->from = i;
			c->to = to;
			c->sentence = (uint16_t)out->sentences;
			c->sign[CLAUSE_BIAS] = 1;
			c->sign[CLAUSE_BEGINS] = begins;
			c->sign[CLAUSE_FIRST] = out->n == 1;
			read_turns(c, turns);
			read_tone(c, sums, m);
			c->told = tone_sums_limit(sums, m, c->from, c->to);
			read_words(c, s, cues, tone_sentence_end(s, to, &stop));
		} else {
			ends |= begins;
		}
		next += next < s->n && (ends_clause(s, next) || tone_ends_sentence(s, next));
		i = next > i ? next : i + 1;
	}
	for (size_t k = 0; k < out->n; k++) {
		out->v[k].sign[CLAUSE_LAST] = k + 1 == out->n;
		weigh(&out->v[k]);
	}
}

#define LIMIT_LEAST 0.5f

float tone_limit_least(const struct tone_clauses *c)
{
	float most = 0;
	for (size_t i = 0; i < c->n; i++) {
		most = c->v[i].limit > most ? c->v[i].limit : most;
	}
	return most < LIMIT_LEAST ? most : LIMIT_LEAST;
}
