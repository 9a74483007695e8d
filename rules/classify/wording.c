#include "rules/classify/wording.h"

#include "rules/classify/wording_event.h"
#include "rules/classify/wording_net.h"

#include <math.h>
#include <stdlib.h>

#define EDGE 0xed9eu  /* before and behind all units */
#define CLOSE 3       /* units beside the phrase that are told apart by their place */
#define FRAMES_MANY 6 /* more are as many */
#define WORDS_STEP 10
#define WORDS_STEPS 8

struct wording {
	uint64_t names[FEATURES_MAX]; /* hashes of the features, so that their order is free */
	uint8_t any[FEATURES_MAX];    /* the most of all that might be a move */
	uint8_t every[FEATURES_MAX];  /* the least */
	unsigned frames;
	struct wording_unit units[WORDING_UNITS_MAX];
	uint64_t row[WORDING_UNITS_MAX + 2];
	size_t units_n;
	/* The sum. */
	const struct move_finder *f;
	int32_t sum[WORDING_GROUPS];
	uint32_t n[WORDING_GROUPS];
	struct wording_net net;
	struct wording_event_sums events;
};

struct wording *wording_new(const struct move_finder *f)
{
	struct wording *w = calloc(1, sizeof(*w));
	for (size_t i = 0; w != NULL && i < FEATURES_MAX; i++) {
		w->names[i] = wording_hash(str_c(feature_name(f->words, i)));
	}
	return w;
}

void wording_free(struct wording *w)
{
	free(w);
}

void wording_begin(struct wording *w)
{
	memset(w->any, 0, sizeof(w->any));
	memset(w->every, 0xff, sizeof(w->every));
	w->frames = 0;
}

void wording_see(struct wording *w, const struct features *v)
{
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		w->any[i] = v->value[i] > w->any[i] ? v->value[i] : w->any[i];
		w->every[i] = v->value[i] < w->every[i] ? v->value[i] : w->every[i];
	}
	w->frames++;
}

static void count(struct wording *w, enum wording_group group, uint64_t hash)
{
	uint32_t slot = (uint32_t)(wording_mix(hash, group + 1u) >> (64 - WORDING_SLOTS_LOG2));
	w->sum[group] += wording_table[slot];
	w->n[group]++;
	if (wording_table[slot] != 0) {
		wording_net_add(&w->net, group, slot);
		wording_event_add(&w->events, group, slot);
	}
	if (w->f->watch_wording != NULL) {
		w->f->watch_wording(w->f->watcher, group, slot);
	}
}

/* A feature of value 2 is that of value 1 and something more. */
static void count_feature(
	struct wording *w, enum wording_group group, uint64_t hash, unsigned value)
{
	for (unsigned k = 0; k < value; k++) {
		count(w, group, wording_mix(hash, k));
	}
}

static void count_seen(struct wording *w, const struct frame *x, const struct features *v)
{
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		if (w->any[i] == 0) {
			continue; /* nowhere, so not here */
		}
		count_feature(w, WORDING_ANY, w->names[i], w->any[i]);
		if (w->every[i] != 0) {
			count(w, WORDING_ANY, wording_mix(w->names[i], 100));
		}
		count_feature(w, WORDING_SEEN, w->names[i], v->value[i]);
	}
	unsigned frames = w->frames < FRAMES_MANY ? w->frames : FRAMES_MANY;
	count(w, WORDING_ANY, frames);
	count(w, WORDING_SEEN, frame_event(x, v));
}

static void count_pairs(struct wording *w, const struct features *v)
{
	uint64_t seen[FEATURES_MAX];
	size_t n = 0;
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		if (v->value[i] == 0) {
			continue;
		}
		for (size_t k = 0; k < n; k++) {
			/* the same in either order */
			count(w, WORDING_PAIRS, (seen[k] + w->names[i]) ^ (seen[k] * w->names[i]));
		}
		seen[n++] = w->names[i];
	}
}

/* All rows of least to most of them that stand side by side. */
static void count_rows(
	struct wording *w, enum wording_group group, size_t units, size_t least, size_t most)
{
	w->row[0] = w->row[units + 1] = EDGE;
	for (size_t i = 0; i < units + 2; i++) {
		uint64_t hash = 0;
		for (size_t k = 0; k < most && i + k < units + 2; k++) {
			hash = wording_mix(hash, w->row[i + k]);
			if (k + 1 >= least) {
				count(w, group, hash);
			}
		}
	}
}

static void count_units(struct wording *w)
{
	size_t n = w->units_n;
	for (size_t i = 0; i < n; i++) {
		w->row[i + 1] = w->units[i].word;
	}
	count_rows(w, WORDING_UNITS, n, 1, 3);
	for (size_t i = 0; i < n; i++) {
		count(w, WORDING_SKIPS, wording_mix(wording_mix(w->row[i], 2), w->row[i + 2]));
		if (i + 1 < n) {
			count(w, WORDING_SKIPS,
				wording_mix(wording_mix(w->row[i], 3), w->row[i + 3]));
		}
	}
	for (size_t i = 0; i < n; i++) {
		w->row[i + 1] = w->units[i].stem;
	}
	count_rows(w, WORDING_STEMS, n, 1, 3);
}

/* The longest phrase of moving that begins at token i, from hit *next on, which is moved along. */
static const struct hit *phrase_at(const struct move_finder *f, uint32_t i, size_t *next)
{
	const struct hit *best = NULL;
	for (; *next < f->moves.n && f->moves.v[*next].from <= i; (*next)++) {
		const struct hit *h = &f->moves.v[*next];
		if (h->from == i && h->to > i && (best == NULL || h->to > best->to)) {
			best = h;
		}
	}
	return best;
}

static void count_classes(struct wording *w)
{
	size_t n = 0, next = 0;
	uint32_t skip = 0; /* words of a phrase up to here are part of it */
	for (size_t i = 0; i < w->units_n; i++) {
		const struct wording_unit *u = &w->units[i];
		const struct hit *h = u->sign ? NULL : phrase_at(w->f, u->at, &next);
		if (!u->sign && u->at < skip) {
			continue;
		}
		if (h != NULL) {
			skip = h->to;
			w->row[++n] = wording_mix(cue_at(h->row)->kind, 5);
		} else {
			w->row[++n] = u->class;
		}
	}
	count_rows(w, WORDING_CLASSES, n, 1, 4);
}

static void count_clause(struct wording *w, const struct frame *x, const struct features *v)
{
	uint64_t phrase = wording_hash(str_c(x->cue->phrase));
	uint64_t event = wording_mix(frame_event(x, v), 6), kind = wording_mix(x->cue->kind, 7);
	uint64_t before[CLOSE] = {EDGE, EDGE, EDGE};
	size_t behind = 0;
	for (size_t i = 0; i < w->units_n; i++) {
		const struct wording_unit *u = &w->units[i];
		if (u->at < x->begin || u->at >= x->end) {
			continue;
		}
		unsigned side = u->at < x->from ? 0 : u->at < x->to ? 1 : 2;
		count(w, WORDING_CLAUSE, wording_mix(u->stem, side));
		count(w, WORDING_DEEDS, wording_mix(u->stem, event));
		count(w, WORDING_DEEDS, wording_mix(u->stem, kind));
		if (side == 0) {
			memmove(&before[1], &before[0], sizeof(before) - sizeof(before[0]));
			before[0] = u->stem;
		} else if (side == 2 && behind < CLOSE) {
			count(w, WORDING_CLAUSE, wording_mix(u->stem, 20 + behind));
			if (behind++ == 0) {
				count(w, WORDING_CLAUSE, wording_mix(u->stem, phrase));
			}
		}
	}
	for (unsigned k = 0; k < CLOSE; k++) {
		count(w, WORDING_CLAUSE, wording_mix(before[k], 10 + k));
	}
	count(w, WORDING_CLAUSE, wording_mix(phrase, before[0]));
	count(w, WORDING_CLAUSE, phrase);
}

static void count_author(struct wording *w)
{
	const struct move_finder *f = w->f;
	for (size_t i = 0; i < f->author.n; i++) {
		count(w, WORDING_AUTHOR, wording_hash(text_at(&f->author, i)));
	}
	size_t steps = f->spans.text.n / WORDS_STEP;
	unsigned org = f->author_is_org + 2u * f->author_is_paper;
	unsigned speaks = f->speaks_of_me + 2u * f->speaks_of_us;
	count(w, WORDING_AUTHOR, wording_mix(steps < WORDS_STEPS ? steps : WORDS_STEPS, 8));
	count(w, WORDING_AUTHOR, wording_mix(org, 9));
	count(w, WORDING_AUTHOR, wording_mix(speaks, 10));
	count(w, WORDING_AUTHOR, wording_mix((uint64_t)f->post->type, 11));
	count(w, WORDING_AUTHOR, wording_mix(f->post->title.n > 0, 12));
}

int wording_points(const struct move_finder *f, struct wording *w, const struct frame *x,
	const struct features *v, int named)
{
	w->f = f;
	memset(w->sum, 0, sizeof(w->sum));
	memset(w->n, 0, sizeof(w->n));
	wording_net_begin(&w->net);
	w->events = (struct wording_event_sums){0};
	w->units_n = wording_units(f, x, w->units);
	count_seen(w, x, v);
	count_pairs(w, v);
	count_units(w);
	count_classes(w);
	count_clause(w, x, v);
	count_author(w);
	double points = wording_worth.bias + wording_worth.named * named;
	for (size_t g = 0; g < WORDING_GROUPS; g++) {
		points += wording_worth.step * w->sum[g] / sqrt(w->n[g] > 0 ? w->n[g] : 1);
	}
	points += wording_net_step * (double)wording_net_answer(&w->net, w->n);
	return (int)floor(points + 0.5);
}

enum move_event wording_event(const struct wording *w)
{
	return wording_event_told(&w->events, w->n);
}
