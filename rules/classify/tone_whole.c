#include "rules/classify/tone_whole.h"

#include <math.h>
#include <string.h>

static const char *const names[WHOLE_SIGNS] = {"any post", "model: negative", "model: neutral",
	"model: positive", "best clause", "worst clause", "first clause", "last clause",
	"mean clause", "good words", "bad words", "very bad words", "damning words",
	"words of delight", "good words at the end", "bad words at the end", "a limit",
	"a second limit", "ends with a limit", "limit beside praise", "contrasts",
	"ends with a question", "asks", "exclaims", "lesson", "numbers", "handle", "hashtag",
	"link", "emoji", "length", "one sentence", "sentences", "clauses", "we", "you", "negates",
	"names", "long and good", "long and bad", "short and good", "short and bad", "keeps it",
	"gives it up", "a result", "a result for the worse", "said wryly", "a word in quotes",
	"bad words of what is over", "good words of what is over"};

const char *tone_whole_sign_name(enum tone_whole_sign sign)
{
	return names[sign];
}

static float within(double x, double most)
{
	return (float)(x > most ? most : x < -most ? -most : x);
}

/* Logarithms: what is longer than all that was learnt from weighs no more. */
#define WORDS_MOST 4.0   /* 55 words */
#define CLAUSES_MOST 2.1 /* 7 sentences, 7 clauses */

/* Does one word or two stand in quotes from the mark i on? */
static bool quotes(const struct tone_scan *s, uint32_t i)
{
	return i + 2 < s->n && tone_mark(s, i, '"') && tone_wordlike(&s->v[i + 1]) &&
	       (tone_mark(s, i + 2, '"') || (i + 3 < s->n && tone_mark(s, i + 3, '"')));
}

/* Is it written as a name is? */
static bool is_name(const struct tone_scan *s, uint32_t i)
{
	const struct tone_token *t = &s->v[i];
	return (t->flags & (TONE_CAPITAL | TONE_SHOUT)) == TONE_CAPITAL &&
	       (t->roles & (ROLE_ENGLISH | ROLE_PRONOUN)) == 0 && i > 0 &&
	       !tone_ends_sentence(s, i - 1);
}

static float log1p_of(const struct tone_model *m, size_t n, double most)
{
	return within((double)(n < TONE_LOGARITHMS ? m->log1p[n] : log1pf((float)n)), most);
}

/* Of words and signs, wherever they stand. Most tokens are words. */
static void count_tokens(const struct tone_scan *s, const struct tone_model *m, float *sign)
{
	unsigned words = 0, names_n = 0, quoted = 0, kinds = 0;
	for (uint32_t i = 0; i < s->n; i++) {
		unsigned kind = s->v[i].kind;
		kinds |= 1u << kind;
		words += tone_wordlike(&s->v[i]);
		if (kind == TONE_WORD) {
			names_n += is_name(s, i);
		} else if (kind == TONE_MARK) {
			quoted += quotes(s, i);
		}
	}
	sign[WHOLE_HANDLE] = (kinds & 1u << TONE_HANDLE) != 0;
	sign[WHOLE_TAG] = (kinds & 1u << TONE_TAG) != 0;
	sign[WHOLE_URL] = (kinds & 1u << TONE_URL) != 0;
	sign[WHOLE_SIGN] = (kinds & (1u << TONE_EMOJI | 1u << TONE_EMOTICON)) != 0;
	sign[WHOLE_QUOTED] = within(quoted, 1);
	sign[WHOLE_WORDS] = log1p_of(m, words, WORDS_MOST);
	sign[WHOLE_NAMES] = within(names_n, 3);
}

static void read_limits(const struct tone_clauses *c, float *sign)
{
	float first = 0, second = 0, beside = 0;
	size_t at = 0;
	for (size_t i = 0; i < c->n; i++) {
		if (c->v[i].limit > first) {
			second = first;
			first = c->v[i].limit;
			at = i;
		} else if (c->v[i].limit > second) {
			second = c->v[i].limit;
		}
	}
	for (size_t i = 0; i < c->n; i++) { /* the best that is said beside it */
		double good = (double)(1 - c->v[i].limit) * (double)within(c->v[i].tone, 2);
		beside = i != at && good > (double)beside ? (float)good : beside;
	}
	sign[WHOLE_LIMIT] = first;
	sign[WHOLE_LIMIT_SECOND] = second;
	sign[WHOLE_LIMIT_LAST] = c->n > 0 ? c->v[c->n - 1].limit : 0;
	sign[WHOLE_LIMIT_BESIDE] = first * beside;
}

static void read_clauses(const struct tone_clauses *c, float *sign)
{
	double sum = 0;
	for (size_t i = 0; i < c->n; i++) {
		const struct tone_clause *x = &c->v[i];
		float tone = within(x->tone, 3);
		sum += (double)tone;
		sign[WHOLE_BEST] = tone > sign[WHOLE_BEST] || i == 0 ? tone : sign[WHOLE_BEST];
		sign[WHOLE_WORST] = tone < sign[WHOLE_WORST] || i == 0 ? tone : sign[WHOLE_WORST];
		sign[WHOLE_GOOD_WORDS] += x->sign[CLAUSE_GOOD_WORDS];
		sign[WHOLE_BAD_WORDS] += x->sign[CLAUSE_BAD_WORDS];
		sign[WHOLE_VERY_BAD] += x->sign[CLAUSE_WORST];
		sign[WHOLE_DAMNS] += x->sign[CLAUSE_DAMNS];
		sign[WHOLE_DELIGHTS] += x->sign[CLAUSE_DELIGHTS];
		sign[WHOLE_NUMBERS] += x->sign[CLAUSE_NUMBER];
		sign[WHOLE_NEGATES] += x->sign[CLAUSE_NEGATES];
		sign[WHOLE_CONTRASTS] += x->sign[CLAUSE_CONTRASTS];
		sign[WHOLE_EXCLAIMS] += x->sign[CLAUSE_SHOUTED];
		sign[WHOLE_ASKS] += x->sign[CLAUSE_ASKED];
		sign[WHOLE_WE] += x->sign[CLAUSE_WE];
		sign[WHOLE_YOU] += x->sign[CLAUSE_YOU];
		sign[WHOLE_LESSON] += x->sign[CLAUSE_LESSON];
		sign[WHOLE_STAYS] += x->sign[CLAUSE_STAYS];
		sign[WHOLE_LEAVES] += x->sign[CLAUSE_LEAVES];
		if (x->sentence == c->sentences) {
			sign[WHOLE_LAST_GOOD] += x->sign[CLAUSE_GOOD_WORDS];
			sign[WHOLE_LAST_BAD] += x->sign[CLAUSE_BAD_WORDS];
		}
	}
	if (c->n > 0) {
		sign[WHOLE_FIRST] = within(c->v[0].tone, 3);
		sign[WHOLE_LAST] = within(c->v[c->n - 1].tone, 3);
		sign[WHOLE_MEAN] = (float)(sum / (double)c->n);
		sign[WHOLE_ASKED] = c->v[c->n - 1].sign[CLAUSE_ASKED];
	}
}

/* What is not meant as it is said, and what is no longer so. */
static void read_cues(const struct tone_cues *cues, const struct tone_clauses *c, float *sign)
{
	for (size_t k = 0; k < cues->n; k++) {
		sign[WHOLE_WRY] += cues->v[k].kind == CUE_WRY;
	}
	for (size_t i = 0; i < c->n; i++) {
		const struct tone_clause *x = &c->v[i];
		float good = x->sign[CLAUSE_GOOD_WORDS], bad = x->sign[CLAUSE_BAD_WORDS];
		if ((good > 0 || bad > 0) &&
			tone_cue_find(cues, CUE_OVER, false, x->from, x->to) < x->to) {
			sign[WHOLE_BAD_OVER] += bad;
			sign[WHOLE_GOOD_OVER] += good;
		}
	}
}

#define LOGIT_MOST 3.0

/* Long posts have large ones: they shrink together, so that they stay apart. */
static void read_logits(const double logits[TONE_CLASSES], float *sign)
{
	double mean = (logits[0] + logits[1] + logits[2]) / TONE_CLASSES, most = LOGIT_MOST;
	for (int c = 0; c < TONE_CLASSES; c++) {
		most = fmax(most, fabs(logits[c] - mean));
	}
	for (int c = 0; c < TONE_CLASSES; c++) {
		sign[WHOLE_NEGATIVE + c] = (float)((logits[c] - mean) * LOGIT_MOST / most);
	}
}

void tone_whole_signs(const struct tone_scan *s, const struct tone_model *m,
	const struct tone_cues *cues, const struct tone_clauses *clauses,
	const struct tone_parts *parts, const double logits[TONE_CLASSES], struct tone_whole *out)
{
	static const struct {
		uint8_t sign, most;
	} caps[] = {{WHOLE_GOOD_WORDS, 5}, {WHOLE_BAD_WORDS, 5}, {WHOLE_NUMBERS, 3},
		{WHOLE_NEGATES, 3}, {WHOLE_CONTRASTS, 2}, {WHOLE_EXCLAIMS, 2}, {WHOLE_ASKS, 2},
		{WHOLE_WE, 3}, {WHOLE_YOU, 3}, {WHOLE_LESSON, 1}, {WHOLE_LAST_GOOD, 4},
		{WHOLE_LAST_BAD, 4}, {WHOLE_VERY_BAD, 3}, {WHOLE_DAMNS, 2}, {WHOLE_DELIGHTS, 3},
		{WHOLE_STAYS, 2}, {WHOLE_LEAVES, 2}, {WHOLE_WRY, 2}, {WHOLE_BAD_OVER, 4},
		{WHOLE_GOOD_OVER, 4}};
	float *sign = out->sign;
	memset(out, 0, sizeof(*out));
	sign[WHOLE_BIAS] = 1;
	read_logits(logits, sign);
	count_tokens(s, m, sign);
	read_clauses(clauses, sign);
	read_cues(cues, clauses, sign);
	for (size_t k = 0; k < sizeof(caps) / sizeof(caps[0]); k++) {
		float *x = &sign[caps[k].sign], most = caps[k].most;
		*x = *x > most ? most : *x; /* none is below 0 */
	}
	sign[WHOLE_RESULT] = parts->better > 0;
	sign[WHOLE_RESULT_BAD] = parts->worse > 0;
	read_limits(clauses, sign);
	sign[WHOLE_ONE_SENTENCE] = clauses->sentences <= 1;
	sign[WHOLE_SENTENCES] = log1p_of(m, clauses->sentences, CLAUSES_MOST);
	sign[WHOLE_CLAUSES] = log1p_of(m, clauses->n, CLAUSES_MOST);
	bool is_long = sign[WHOLE_WORDS] > 3.1f;
	sign[is_long ? WHOLE_LONG_GOOD : WHOLE_SHORT_GOOD] = sign[WHOLE_POSITIVE];
	sign[is_long ? WHOLE_LONG_BAD : WHOLE_SHORT_BAD] = sign[WHOLE_NEGATIVE];
}

/* Of n sums; they become chances. */
static void share(double *v, int n)
{
	double most = v[0], all = 0;
	for (int k = 1; k < n; k++) {
		most = v[k] > most ? v[k] : most;
	}
	for (int k = 0; k < n; k++) {
		all += v[k] = exp(v[k] - most);
	}
	for (int k = 0; k < n; k++) {
		v[k] /= all;
	}
}

void tone_kinds_share(const float sum[TONE_KINDS], double moved, double kind[TONE_KINDS])
{
	for (int k = 0; k < TONE_KINDS; k++) {
		double turn = k == TONE_BLAME ? -moved : k == TONE_OTHER ? 0 : moved;
		kind[k] = (double)sum[k] + turn;
	}
	share(kind, TONE_KINDS);
}

/* Of texts by hands that nothing was learnt from, more of those told as neutral are so than their chances say, and less
 * of those told as blame (tests/quality/statements.txt): chances are drawn apart by a power of 3/2, or together by one
 * of 7/8. They keep their order. */
static void settle(double p[TONE_CLASSES])
{
	int best = p[1] >= p[0] ? 1 : 0;
	best = p[2] > p[best] ? 2 : best;
	if (best == 2) {
		return;
	}
	double all = 0;
	for (int c = 0; c < TONE_CLASSES; c++) {
		double half = sqrt(p[c]), fourth = sqrt(half);
		all += p[c] = best == 1 ? p[c] * half : half * fourth * sqrt(fourth);
	}
	for (int c = 0; c < TONE_CLASSES; c++) {
		p[c] /= all;
	}
}

static void add_kinds(const double kind[TONE_KINDS], double said[TONE_CLASSES])
{
	said[0] = kind[TONE_BLAME];
	said[1] = kind[TONE_OTHER];
	said[2] = kind[TONE_MIXED] + kind[TONE_PURE];
}

/* How far it is chatter says how much either counts. */
static void weigh_chatter(struct tone_whole *w, const double said[TONE_CLASSES])
{
	for (int c = 0; c < TONE_CLASSES; c++) {
		w->label[c] = w->chatter * w->chat[c] + (1 - w->chatter) * said[c];
	}
}

void tone_whole_weigh(struct tone_whole *w, double moved)
{
	float sum[TONE_WEIGHED] = {0};
	for (int i = 0; i < WHOLE_SIGNS; i++) {
		for (int k = 0; k < TONE_WEIGHED; k++) {
			sum[k] += tone_whole_weights[i][k] * w->sign[i];
		}
	}
	for (int k = 0; k < TONE_KINDS; k++) {
		sum[WEIGHED_KINDS + k] += w->told[k];
	}
	tone_kinds_share(sum + WEIGHED_KINDS, moved, w->kind);
	for (int c = 0; c < TONE_CLASSES; c++) {
		w->chat[c] = (double)sum[WEIGHED_LABELS + c] + (c - 1) * moved;
	}
	share(w->chat, TONE_CLASSES);
	w->chatter = 1 / (1 + exp((double)-sum[WEIGHED_CHATTER]));
	double said[TONE_CLASSES];
	add_kinds(w->kind, said);
	weigh_chatter(w, said);
	settle(w->label);
}

#define LEAST 1e-6
#define POWERS 1.3 /* of both readings together: what they agree on is likelier than either says */

/* How much the whole counts beside what is claimed: in short texts, of which the model learnt many in plain words, more.
 * Of hands left out, that told labels no worse than claims by themselves, and those of plain texts and sentences of
 * product reviews better (tests/quality/statements.txt). */
static double share_of_whole(const struct tone_whole *w)
{
	double words = (double)w->sign[WHOLE_WORDS]; /* 1.8: five of them, 2.9: 17 */
	return fmax(0.25, fmin(0.8, 0.8 - 0.5 * (words - 1.8)));
}

void tone_whole_claimed(struct tone_whole *w, const double claimed[TONE_KINDS])
{
	double said[TONE_CLASSES], before[TONE_CLASSES], all = 0, power = share_of_whole(w);
	add_kinds(claimed, said);
	add_kinds(w->kind, before);
	for (int c = 0; c < TONE_CLASSES; c++) {
		all += said[c] = exp(power * log(fmax(before[c], LEAST)) +
				     (POWERS - power) * log(fmax(said[c], LEAST)));
	}
	for (int c = 0; c < TONE_CLASSES; c++) {
		said[c] /= all;
	}
	weigh_chatter(w, said);
}
