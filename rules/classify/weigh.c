/* Whether what was fitted to a phrase is enough to call it a move: named features times weights. */
#include "rules/classify/wording.h"

#define ENOUGH 0

static int cost(int points)
{
	return points < 0 ? -points : points;
}

/* Keeps the features that weigh most. */
static void add(struct move *out, const char *name, int points)
{
	size_t at = out->why_n;
	while (at > 0 && cost(out->why[at - 1].points) < cost(points)) {
		at--;
	}
	if (at == MOVE_WHY_MAX) {
		return;
	}
	out->why_n += out->why_n < MOVE_WHY_MAX;
	for (size_t i = out->why_n - 1; i > at; i--) {
		out->why[i] = out->why[i - 1];
	}
	out->why[at].name = name;
	out->why[at].points = points;
}

/* Is the feature a reason to refuse, not only a lack? */
static bool is_reason(size_t feature)
{
	return feature >= FEATURE_VETO ||
	       (feature >= FEATURE_QUESTION && feature <= FEATURE_QUOTED);
}

void weights_read(struct move_finder *f)
{
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		const char *name = feature_name(f->words, i);
		f->feature_names[i] = name;
		f->worth[i] = 0;
		for (size_t k = 0; k < weights_n && name[0] != '\0'; k++) {
			if (strcmp(weights[k].name, name) == 0) {
				f->worth[i] = weights[k].points;
			}
		}
	}
}

enum move_event frame_event(const struct frame *x, const struct features *v)
{
	bool rises = x->event == MOVE_JOINED && x->old == NOBODY && v->value[FEATURE_INSIDE];
	return rises ? MOVE_PROMOTED : x->event;
}

/* The reason that speaks most against it, or NULL. */
static const char *worst_reason(const struct move_finder *f, const struct features *v)
{
	const char *found = NULL;
	int worst = 0;
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		int points = v->value[i] * f->worth[i];
		if (points < worst && is_reason(i)) {
			worst = points;
			found = f->feature_names[i];
		}
	}
	return found;
}

bool frame_weigh(
	const struct move_finder *f, const struct frame *x, struct features *v, struct move *out)
{
	features_read(f, x, v);
	out->event = frame_event(x, v);
	out->pattern = x->cue->phrase;
	out->named = 0;
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		out->named += v->value[i] * f->worth[i];
	}
	wording_see(f->wording, v);
	if (f->watch != NULL) {
		f->watch(f->watcher, f, x, v);
	}
	return out->named >= ENOUGH;
}

void frame_decide(const struct move_finder *f, const struct frame *x, const struct features *v,
	struct move *out)
{
	out->points = wording_points(f, f->wording, x, v, out->named);
	const char *reason = worst_reason(f, v);
	out->refused = out->points >= ENOUGH ? NULL : reason != NULL ? reason : "too little";
	out->why_n = 0;
	if (out->points != out->named) {
		add(out, "all words of the post", out->points - out->named);
	}
	for (size_t i = 0; i < FEATURES_MAX; i++) {
		if (v->value[i] != 0 && f->worth[i] != 0) {
			add(out, f->feature_names[i], v->value[i] * f->worth[i]);
		}
	}
}
