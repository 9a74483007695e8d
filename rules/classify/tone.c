#include "rules/classify/tone.h"

#include "rules/classify/tone_limits.h"
#include "rules/classify/tone_whole.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct tone_reader {
	const struct tone_model *model; /* shared */
	struct tone_scan scan;
	struct tone_memory memory;
	struct tone_features features; /* all of them only where evidence is asked for */
	struct tone_turns turns;
	struct tone_cues cues;
	struct tone_sums sums;
	struct tone_clauses clauses;
	double moved; /* by turns, of what was read last */
	struct tone_whole whole;
	struct tone_claims claims;
	bool claimed; /* what was read last is weighed by its claims too */
};

struct tone_reader *tone_reader_new(const struct tone_model *model)
{
	struct tone_reader *r =
		malloc(sizeof(*r)); /* most of it is seldom used, and so no memory yet */
	if (r == NULL) {
		return NULL;
	}
	r->model = model;
	memset(&r->memory, 0, sizeof(r->memory));
	return r;
}

void tone_reader_free(struct tone_reader *r)
{
	free(r);
}

const char *tone_label_name(enum tone_label label)
{
	static const char *const names[] = {"unknown", "negative", "neutral", "positive"};
	return names[label];
}

/* The language as the source gives it: en, en-GB, EN_us, und. */
static bool said_foreign(struct str lang)
{
	return lang.n >= 2 && strncasecmp(lang.p, "en", 2) != 0 &&
	       strncasecmp(lang.p, "und", 3) != 0;
}

static struct str text_of(const struct tone_scan *s, const struct tone_feature *x)
{
	const struct tone_token *last = &s->v[x->token], *first = last;
	for (unsigned left = x->words; left > 1 && first > s->v && first[-1].title == last->title;
		left--) {
		first--;
	}
	struct str field = last->title ? s->title : s->text;
	return str_n(field.p + first->start, last->end - first->start);
}

/* Keeps the heaviest, one of each text. */
static void add_reason(struct tone *t, const struct tone_reason *new)
{
	size_t at = 0;
	for (size_t i = 0; i < t->why_n; i++) {
		if (t->why[i].what == new->what && str_eq(t->why[i].text, new->text)) {
			t->why[i].worth += new->worth;
			return;
		}
	}
	while (at < t->why_n && fabs(t->why[at].worth) >= fabs(new->worth)) {
		at++;
	}
	if (at == TONE_WHY_MAX) {
		return;
	}
	t->why_n += t->why_n < TONE_WHY_MAX;
	memmove(&t->why[at + 1], &t->why[at], (t->why_n - at - 1) * sizeof(t->why[0]));
	t->why[at] = *new;
}

/* A feature's worth for the label, less what it is worth for the others on average. */
static double worth_of(
	const struct tone_reader *r, enum tone_group g, uint32_t i, enum tone_label label)
{
	double mine = 0, others = 0;
	for (unsigned c = 0; c < TONE_CLASSES; c++) {
		double w = tone_model_worth(r->model, &r->features, g, i, c);
		mine += c + 1 == (unsigned)label ? w : 0;
		others += c + 1 == (unsigned)label ? 0 : w / (TONE_CLASSES - 1);
	}
	return mine - others;
}

#define TURN_WORTH 1.6 /* in a short text, on the scale of the model's sums */
#define SIGN_WORTH 8.0 /* nothing else speaks */
#define SHORT 10       /* words; the longer the text, the less one phrase says of it */

/* What a turn moves from negative to positive, or below 0 the other way: twice what its words spoke for
 * the wrong side, and what it is worth by itself. */
static double turned(const struct tone_reader *r, const struct tone_turn *turn, uint32_t words)
{
	bool up = turn->kind == TONE_DENIED_FLAW || turn->kind == TONE_GOOD_SIGN;
	double sum[TONE_CLASSES] = {0};
	double own = TURN_WORTH * (words > SHORT ? (double)SHORT / words : 1.0);
	tone_sums_part(&r->sums, r->model, turn->from, turn->to, words, sum);
	double wrong = (up ? sum[0] - sum[2] : sum[2] - sum[0]) * (double)r->model->head->slope;
	own += wrong > 0 ? wrong : 0;
	if (turn->kind == TONE_GOOD_SIGN || turn->kind == TONE_BAD_SIGN) {
		own = SIGN_WORTH;
	}
	return up ? own : -own;
}

/* By the model, calibrated. */
static void logits_of(struct tone_reader *r, double sum[TONE_CLASSES])
{
	const struct tone_model_head *head = r->model->head;
	tone_sums_read(&r->sums, r->model, &r->memory, &r->scan);
	tone_sums_add(&r->sums, r->model, 0, r->scan.n, sum);
	tone_signs_read(&r->scan, &r->features);
	tone_sums_group(r->model, &r->features, TONE_SIGNS, sum);
	for (int c = 0; c < TONE_CLASSES; c++) {
		sum[c] = sum[c] * (double)head->slope + (double)head->bias[c];
	}
}

/* The kinds of statement it may be, then what turns it around. */
static void weigh(struct tone_reader *r, const struct tone_parts *parts)
{
	double logits[TONE_CLASSES] = {0}, moved = 0;
	logits_of(r, logits);
	tone_clauses_read(&r->scan, &r->cues, &r->turns, &r->sums, r->model, &r->clauses);
	tone_whole_signs(&r->scan, r->model, &r->cues, &r->clauses, parts, logits, &r->whole);
	tone_sums_kinds(&r->sums, r->model, 0, r->scan.n, r->whole.told);
	for (size_t i = 0; i < r->turns.n; i++) {
		moved += turned(r, &r->turns.v[i], r->scan.n);
	}
	tone_whole_weigh(&r->whole, moved);
	r->moved = moved;
	r->claimed = false;
}

static void weigh_claims(struct tone_reader *r)
{
	if (r->claimed) {
		return;
	}
	r->claimed = true;
	tone_claims_read(&r->scan, r->model, &r->clauses, &r->claims);
	tone_claims_weigh(&r->claims, &r->whole, r->moved);
}

/* Spoken for a label: what it moves to it less what it moves to the others, as worth_of() has it. */
static void explain_turns(const struct tone_reader *r, struct tone *t)
{
	for (size_t i = 0; i < r->turns.n; i++) {
		const struct tone_turn *turn = &r->turns.v[i];
		const struct tone_token *first = &r->scan.v[turn->from],
					*last = &r->scan.v[turn->to - 1];
		struct str field = first->title ? r->scan.title : r->scan.text;
		double moved = turned(r, turn, r->scan.n), side = (double)t->label - TONE_NEUTRAL;
		struct tone_reason one = {
			.what = tone_turn_name(turn->kind), .worth = 1.5 * side * moved};
		one.text = str_n(field.p + first->start,
			(first->title == last->title ? last->end : first->end) - first->start);
		add_reason(t, &one);
	}
}

static void explain(const struct tone_reader *r, struct tone *t)
{
	const struct tone_features *f = &r->features;
	for (int g = 0; g < TONE_GROUPS; g++) {
		struct tone_reason one = {.what = g == TONE_WORDS ? "words" : "letters"};
		double sum = 0;
		for (uint32_t i = 0; i < f->n[g]; i++) {
			const struct tone_feature *x = &f->v[g][i];
			double worth = worth_of(r, (enum tone_group)g, i, t->label);
			if (g == TONE_LETTERS) { /* those of one word together */
				sum = i > 0 && x->token == f->v[g][i - 1].token ? sum + worth
										: worth;
				if (i + 1 < f->n[g] && f->v[g][i + 1].token == x->token) {
					continue;
				}
				worth = sum;
			}
			one.worth = worth;
			one.text = STR_NONE;
			if (g == TONE_SIGNS) {
				one.what = tone_sign_name(x->token);
			} else {
				one.text = text_of(&r->scan, x);
			}
			add_reason(t, &one);
		}
	}
}

#define PURE_WORTH 0.35
#define OTHER_WORTH 0.15

/* Mixed praise above pure above neutral above blame. */
static double praise_of(const double kind[TONE_KINDS])
{
	return kind[TONE_MIXED] + PURE_WORTH * kind[TONE_PURE] + OTHER_WORTH * kind[TONE_OTHER];
}

static enum tone_label likeliest(const double p[TONE_CLASSES])
{
	unsigned best = p[1] >= p[0] ? 1 : 0;
	best = p[2] > p[best] ? 2 : best;
	return (enum tone_label)(best + 1);
}

static void tell_label(const struct tone_whole *w, struct tone *t)
{
	memcpy(t->p, w->label, sizeof(t->p));
	t->label = likeliest(t->p);
	t->score = t->p[2] - t->p[0];
}

void tone_judge(struct tone_reader *r, const struct post *post, struct tone *out)
{
	memset(out, 0, sizeof(*out));
	if (said_foreign(post->lang)) {
		return;
	}
	tone_scan(&r->scan, post->title, post->text);
	tone_words_mark(r->model->words, &r->memory, &r->scan);
	if (!tone_is_english(&r->scan)) {
		return;
	}
	tone_turns_read(&r->scan, &r->turns);
	tone_cues_read(r->model->words, &r->scan, &r->cues);
	tone_parts_read(&r->scan, &r->cues, &out->parts);
	weigh(r, &out->parts);
	tell_label(&r->whole, out);
}

static void tell_aspects(struct tone_reader *r, struct tone *t)
{
	struct tone_verdict verdict = {
		t->label == TONE_POSITIVE, t->label == TONE_NEGATIVE, t->mixed};
	float firm = verdict.praises ? tone_sums_firm(&r->sums, r->model, r->scan.n) : 0;
	tone_aspects_read(&r->scan, &r->cues, &r->clauses, &verdict, firm, &t->aspects);
}

void tone_tell(struct tone_reader *r, struct tone *t)
{
	if (t->label != TONE_UNKNOWN) {
		tell_aspects(r, t);
	}
}

static void explain_all(const struct tone_reader *r, struct tone *t)
{
	t->why_n = 0;
	explain(r, t);
	explain_turns(r, t);
}

void tone_read(struct tone_reader *r, const struct post *post, bool why, struct tone *out)
{
	tone_judge(r, post, out);
	if (why && out->label != TONE_UNKNOWN) {
		tone_features_read(&r->scan, &r->features);
		explain_all(r, out);
	}
	tone_tell(r, out);
}

/* Whether the label is another one by what is claimed. A post without a clause claims nothing. */
static bool relabel(struct tone_reader *r, struct tone *t)
{
	enum tone_label before = t->label;
	if (r->clauses.n > 0) {
		tone_whole_claimed(&r->whole, r->claims.kind);
		tell_label(&r->whole, t);
	}
	if (t->label != before && t->why_n > 0) {
		explain_all(r, t);
	}
	return t->label != before;
}

void tone_claim(struct tone_reader *r, struct tone *t)
{
	float chance[TONE_CLAUSES_MAX];
	if (t->label == TONE_UNKNOWN) {
		return;
	}
	weigh_claims(r);
	bool other = relabel(r, t);
	t->praise = praise_of(r->claims.kind);
	tone_parts_claimed(&r->scan, &r->cues, &r->claims, r->model, &t->parts);
	if (t->label == TONE_POSITIVE) {
		tone_limits_read(&r->clauses, &r->claims, chance);
		t->mixed = tone_parts_limited(&r->scan, &r->clauses, chance, &t->parts);
	}
	if (t->mixed || other) { /* a limit is criticised */
		tell_aspects(r, t);
	}
}

void tone_watch(struct tone_reader *r, const struct post *post, struct tone_watched *out)
{
	struct tone t;
	tone_read(r, post, false, &t);
	out->label = t.label;
	out->scan = &r->scan;
	out->clauses = &r->clauses;
	out->whole = &r->whole;
	out->claims = &r->claims;
	out->sums = &r->sums;
	if (t.label != TONE_UNKNOWN) {
		weigh_claims(r);
	}
	out->moved = t.label != TONE_UNKNOWN ? r->moved : 0;
}
