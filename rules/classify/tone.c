#include "rules/classify/tone.h"

#include "rules/classify/tone_turns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct tone_reader {
	const struct tone_model *model; /* shared */
	struct tone_words *words;       /* owned */
	struct tone_scan scan;
	struct tone_features features;
	struct tone_turns turns;
};

struct tone_reader *tone_reader_new(const struct tone_model *model)
{
	struct tone_reader *r = malloc(sizeof(*r));
	if (r == NULL) {
		return NULL;
	}
	r->model = model;
	r->words = tone_words_new();
	if (r->words == NULL) {
		free(r);
		return NULL;
	}
	return r;
}

void tone_reader_free(struct tone_reader *r)
{
	if (r != NULL) {
		tone_words_free(r->words);
		free(r);
	}
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

/* Is feature x one of a word within the turn? */
static bool within(const struct tone_turn *turn, enum tone_group g, const struct tone_feature *x)
{
	return g != TONE_SIGNS && x->token >= turn->from && x->token < turn->to;
}

#define TURN_WORTH 1.6 /* in a short text, on the scale of the model's sums */
#define SHORT 10       /* words; the longer the text, the less one phrase says of it */

/* What a turn moves from negative to positive, or below 0 the other way: twice what its words spoke for
 * the wrong side, and what it is worth by itself. */
static double turned(const struct tone_reader *r, const struct tone_turn *turn, uint32_t words)
{
	bool up = turn->kind == TONE_DENIED_FLAW || turn->kind == TONE_GOOD_SIGN;
	const struct tone_features *f = &r->features;
	double wrong = 0, own = TURN_WORTH * (words > SHORT ? (double)SHORT / words : 1.0);
	for (int g = 0; g < TONE_GROUPS; g++) {
		for (uint32_t i = 0; i < f->n[g]; i++) {
			if (within(turn, (enum tone_group)g, &f->v[g][i])) {
				double good =
					tone_model_worth(r->model, f, (enum tone_group)g, i, 2);
				double bad =
					tone_model_worth(r->model, f, (enum tone_group)g, i, 0);
				wrong += up ? bad - good : good - bad;
			}
		}
	}
	own += wrong > 0 ? wrong : 0;
	return up ? own : -own;
}

/* The chances of what lies between two tokens: by the model, then by what turns it around. */
static void weigh(struct tone_reader *r, uint32_t from, uint32_t to, double p[TONE_CLASSES])
{
	double moved = 0;
	tone_features_read(&r->scan, from, to, &r->features);
	tone_model_weigh(r->model, &r->features, p);
	for (size_t i = 0; i < r->turns.n; i++) {
		const struct tone_turn *turn = &r->turns.v[i];
		moved += turn->from >= from && turn->to <= to ? turned(r, turn, to - from) : 0;
	}
	if (moved != 0) {
		double bad = p[0] * exp(-moved), good = p[2] * exp(moved), all = bad + p[1] + good;
		p[0] = bad / all;
		p[1] /= all;
		p[2] = good / all;
	}
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

static enum tone_label likeliest(const double p[TONE_CLASSES])
{
	unsigned best = p[1] >= p[0] ? 1 : 0;
	best = p[2] > p[best] ? 2 : best;
	return (enum tone_label)(best + 1);
}

static double hear(void *with, uint32_t from, uint32_t to)
{
	struct tone_reader *r = with;
	double p[TONE_CLASSES];
	weigh(r, from, to, p);
	return p[2] - p[0];
}

#define MIXED_LEAST 0.15 /* chance of positive, where some sentence praises by itself */

/* A limit is one beside praise: without praise, complaints are complaints. */
static void read_parts(struct tone_reader *r, struct tone *t)
{
	struct tone_ear ear = {hear, r, t->label == TONE_POSITIVE};
	size_t kept = 0, limits = 0;
	tone_parts_read(&r->scan, t->p[2] >= MIXED_LEAST ? &ear : NULL, &t->parts);
	bool praising = t->label == TONE_POSITIVE || t->parts.praise;
	for (size_t i = 0; i < t->parts.n; i++) {
		bool limit = t->parts.v[i].kind == TONE_LIMIT;
		if (!limit || praising) {
			t->parts.v[kept++] = t->parts.v[i];
			limits += limit;
		}
	}
	t->parts.n = kept;
	t->mixed = limits > 0;
}

void tone_read(struct tone_reader *r, const struct post *post, bool why, struct tone *out)
{
	memset(out, 0, sizeof(*out));
	tone_scan(&r->scan, post->title, post->text);
	tone_words_mark(r->words, &r->scan);
	if (said_foreign(post->lang) || !tone_is_english(&r->scan)) {
		return;
	}
	tone_turns_read(&r->scan, &r->turns);
	weigh(r, 0, r->scan.n, out->p);
	out->label = likeliest(out->p);
	out->score = out->p[2] - out->p[0];
	if (why) {
		explain(r, out);
		explain_turns(r, out);
	}
	read_parts(r, out);
}
