/* Whether what was fitted to a phrase is enough to call it a move. */
#include "rules/classify/frame.h"

#define ENOUGH 5
#define EVIDENCE_MAX 2
#define EVIDENCE_REACH 2 /* sentences */

static void add(struct move *out, const char *name, int points)
{
	out->points += points;
	if (out->why_n < MOVE_WHY_MAX) {
		out->why[out->why_n].name = name;
		out->why[out->why_n++].points = points;
	}
}

static uint32_t sentence_at(const struct move_finder *f, uint32_t i)
{
	return f->spans.marks[i].sentence;
}

static const char *veto_of(const struct move_finder *f, const struct frame *x)
{
	uint32_t sentence = sentence_at(f, x->from);
	for (size_t i = 0; i < f->vetoes.n; i++) {
		const struct hit *h = &f->vetoes.v[i];
		const struct veto *v = &vetoes[h->row];
		if (v->scope == VETO_POST || sentence_at(f, h->from) == sentence) {
			return v->reason;
		}
	}
	return NULL;
}

static bool is_year_long_past(struct str w)
{
	return w.n == 4 && (str_starts(w, STR("19")) || str_starts(w, STR("18")) ||
				   (str_starts(w, STR("20")) && w.p[2] < '2'));
}

/* "in 1938", not "since 1998". */
static bool is_long_past(const struct move_finder *f, const struct frame *x)
{
	const struct text *t = &f->spans.text;
	for (uint32_t i = x->begin + 1; i < x->end; i++) {
		uint32_t far = i > x->to ? i - x->to : x->from > i ? x->from - i : 0;
		if (far <= 8 && is_year_long_past(text_at(t, i)) &&
			str_eq_c(text_at(t, i - 1), "in")) {
			return true;
		}
	}
	return is_year_long_past(text_at(t, x->begin));
}

static bool asks(const struct move_finder *f, const struct frame *x)
{
	return f->spans.marks[x->end - 1].asks;
}

static void add_evidence(const struct move_finder *f, const struct frame *x, struct move *out)
{
	uint32_t sentence = sentence_at(f, x->from);
	int points = 0;
	for (size_t i = 0; i < f->evidence.n && points < EVIDENCE_MAX; i++) {
		const struct hit *h = &f->evidence.v[i];
		uint32_t at = sentence_at(f, h->from);
		uint32_t far = at > sentence ? at - sentence : sentence - at;
		if (cues[h->row].kind == CUE_EVIDENCE && far <= EVIDENCE_REACH) {
			points++;
			add(out, cues[h->row].phrase, cues[h->row].points);
		}
	}
}

static bool is_inside(const struct move_finder *f, const struct frame *x)
{
	for (size_t i = 0; i < f->evidence.n; i++) {
		const struct hit *h = &f->evidence.v[i];
		if (cues[h->row].kind == CUE_INSIDE) {
			uint32_t at = sentence_at(f, h->from), here = sentence_at(f, x->from);
			if ((at > here ? at - here : here - at) <= 1) {
				return true;
			}
		}
	}
	return false;
}

bool frame_weigh(const struct move_finder *f, const struct frame *x, struct move *out)
{
	out->event = x->event;
	out->pattern = x->cue->phrase;
	out->points = 0;
	out->why_n = 0;
	out->refused = f->post->type == POST_TYPE_JOB ? "advert"
		       : asks(f, x)                   ? "question"
		       : is_long_past(f, x)           ? "memory"
						      : veto_of(f, x);
	add(out, "phrase", x->cue->points);
	if (!x->silent) {
		add(out, x->me ? "author" : "person", 1);
	}
	if (x->employer != NOBODY || x->ours) {
		add(out, "employer", 1);
	}
	if (x->title != NOBODY) {
		add(out, "title", 1);
	}
	if (x->event == MOVE_JOINED && x->old != NOBODY) {
		add(out, "former employer", 2);
	}
	add_evidence(f, x, out);
	if (x->event == MOVE_JOINED && x->old == NOBODY && is_inside(f, x)) {
		out->event = MOVE_PROMOTED;
	}
	bool nowhere =
		x->employer == NOBODY && !x->ours && x->title == NOBODY && x->cue->points < 4;
	if (out->refused == NULL && (out->points < ENOUGH || nowhere)) {
		out->refused = "too little";
	}
	return out->refused == NULL;
}
