#include "rules/classify/roles.h"

#include <stdlib.h>

#define GAP_TOKENS_MAX 5
#define LONE_TOKENS_MAX 32 /* a longer post that tells a move has a word for it */
#define NO_MATCH UINT32_MAX
#define AUTHOR_BYTES_MAX 256

struct move_finder *move_finder_new(void)
{
	struct move_finder *f = calloc(1, sizeof(*f));
	if (f != NULL) {
		spans_init(&f->spans);
		text_init(&f->author);
		f->words = vocabulary_new();
		f->wording = f->words != NULL ? wording_new(f) : NULL;
		if (f->wording == NULL) {
			move_finder_free(f);
			return NULL;
		}
		weights_read(f);
	}
	return f;
}

void move_finder_free(struct move_finder *f)
{
	if (f != NULL) {
		spans_release(&f->spans);
		text_release(&f->author);
		vocabulary_free(f->words);
		wording_free(f->wording);
		free(f);
	}
}

const char *move_event_name(enum move_event event)
{
	static const char *const names[] = {NULL, "joined", "left", "promoted"};
	return names[event];
}

/* ---- phrases ---- */

struct attempt {
	const struct move_finder *f;
	const struct phrase *phrase;
	uint32_t sentence;
	uint32_t asked; /* where the first name or title it asks for begins */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static uint32_t after_title(struct attempt *a, uint32_t i)
{
	const struct spans *s = &a->f->spans;
	uint32_t at = i;
	while (at < s->text.n && at < i + 3 && (s->marks[at].flags & WORD_ARTICLE) &&
		s->marks[at].title == 0) {
		at++;
	}
	uint32_t t = at < s->text.n ? s->marks[at].title : 0;
	if (t == 0 || s->titles[t - 1].from != at) {
		return NO_MATCH;
	}
	a->asked = a->asked < i ? a->asked : i;
	return s->titles[t - 1].to;
}

static uint32_t after_name(struct attempt *a, uint32_t i)
{
	const struct spans *s = &a->f->spans;
	uint32_t at = i;
	while (at < s->text.n && at < i + 2 && s->marks[at].name == 0 &&
		((s->marks[at].flags & (WORD_HONORIFIC | WORD_ARTICLE)) ||
			(!(s->marks[at].flags & WORD_PLAIN) && !spans_capital(s, at)))) {
		at++;
	}
	uint32_t n = at < s->text.n ? s->marks[at].name : 0;
	if (n == 0 || s->names[n - 1].from != at) {
		return NO_MATCH;
	}
	a->asked = a->asked < i ? a->asked : i;
	return s->names[n - 1].to;
}

static uint32_t match_elements(struct attempt *a, uint32_t element, uint32_t i);

/* What stands at i matches this element: goes on behind it. */
static uint32_t match_one(struct attempt *a, const struct element *e, uint32_t element, uint32_t i)
{
	const struct text *t = &a->f->spans.text;
	bool here = i < t->n && a->f->spans.marks[i].sentence == a->sentence;
	uint32_t next = NO_MATCH;
	if (!here) {
		return NO_MATCH;
	}
	switch (e->kind) {
	case ELEMENT_WORD:
		next = vocabulary_has(a->f->words, e, t->hash[i]) ||
				       (e->number && is_digit(text_at(t, i).p[0]))
			       ? i + 1
			       : NO_MATCH;
		break;
	case ELEMENT_TITLE:
		next = after_title(a, i);
		break;
	case ELEMENT_NAME:
		next = after_name(a, i);
		break;
	default:
		break;
	}
	return next != NO_MATCH ? match_elements(a, element + 1, next) : NO_MATCH;
}

/* Behind the last token, or NO_MATCH. */
static uint32_t match_elements(struct attempt *a, uint32_t element, uint32_t i)
{
	if (element == a->phrase->elements_n) {
		return i;
	}
	const struct element *e = vocabulary_element(a->f->words, a->phrase->elements + element);
	uint32_t to = NO_MATCH;
	if (e->kind == ELEMENT_GAP) {
		for (uint32_t k = 0; k <= GAP_TOKENS_MAX && to == NO_MATCH; k++) {
			to = match_elements(a, element + 1, i + k);
		}
		return to;
	}
	uint32_t asked = a->asked;
	to = match_one(a, e, element, i);
	if (to == NO_MATCH && e->optional) {
		a->asked = asked;
		to = match_elements(a, element + 1, i);
	}
	return to;
}

/* "from Summit Towers": a word of a long name speaks of nothing. */
static bool is_of_a_company(const struct move_finder *f, uint32_t i)
{
	uint32_t name = f->spans.marks[i].name;
	const struct extent *n = name != 0 ? &f->spans.names[name - 1] : NULL;
	return n != NULL && n->to - n->from >= 2 && n->lean < 0;
}

/* "has left Channel West": its last word begins a name that goes on. */
static bool ends_in_a_name(const struct move_finder *f, uint32_t from, uint32_t to)
{
	uint32_t name = to > from + 1 ? f->spans.marks[to - 1].name : 0;
	const struct extent *n = name != 0 ? &f->spans.names[name - 1] : NULL;
	return n != NULL && n->from == to - 1 && n->to > to;
}

static void keep(struct move_finder *f, const struct phrase *p, uint32_t from, uint32_t to)
{
	if (p->is_veto && p->elements_n == 1 && is_of_a_company(f, from)) {
		return;
	}
	if (p->is_veto && ends_in_a_name(f, from, to)) {
		return;
	}
	struct hits *hits = p->is_veto                             ? &f->vetoes
			    : cue_at(p->row)->kind >= CUE_EVIDENCE ? &f->evidence
								   : &f->moves;
	if (hits->n < HITS_MAX) {
		hits->v[hits->n++] = (struct hit){.row = p->row, .from = from, .to = to};
	}
}

static void find_phrases(struct move_finder *f)
{
	const struct spans *s = &f->spans;
	for (uint32_t i = 0; i < s->text.n; i++) {
		for (uint32_t k = 0; k < s->marks[i].phrases_n; k++) {
			struct attempt a = {.f = f,
				.phrase = vocabulary_phrase(f->words, s->marks[i].phrases + k),
				.sentence = s->marks[i].sentence,
				.asked = NO_MATCH};
			uint32_t to = match_elements(&a, 0, i);
			if (to != NO_MATCH) {
				keep(f, a.phrase, i, a.asked < to ? a.asked : to);
			}
		}
		f->speaks_of_me |= (s->marks[i].flags & WORD_ME) != 0;
		f->speaks_of_us |= (s->marks[i].flags & WORD_WE) != 0;
		f->speaks_of_them |= (s->marks[i].flags & WORD_PRONOUN) != 0;
		f->begins_n += (s->marks[i].topics & TOPIC_BEGIN) != 0;
		f->ends_n += (s->marks[i].topics & TOPIC_END) != 0;
		f->speaks_of_ago |= clause_ago(f, i);
		f->speaks_of_a_year |= clause_year(f, i);
		unsigned t = s->marks[i].topics;
		for (size_t k = 0; t != 0; k++, t >>= 1) {
			f->topics[k] += (t & 1) != 0 && f->topics[k] < 2;
		}
	}
}

/* A newspaper, a company: it does not speak of itself as a person. */
static int read_author(struct move_finder *f)
{
	text_reset(&f->author);
	text_add(&f->author, TEXT_NAME,
		str_cut_utf8(f->post->author.display_name, AUTHOR_BYTES_MAX));
	f->author_is_org = f->author_is_paper = false;
	for (size_t i = 0; i < f->author.n; i++) {
		unsigned flags = vocabulary_find(f->words, f->author.hash[i])->flags;
		f->author_is_paper |= (flags & (WORD_PAPER | WORD_PRESS)) != 0;
		f->author_is_org |=
			(flags & (WORD_ORG | WORD_BARE_ORG)) != 0 && !(flags & WORD_GIVEN);
	}
	return f->author.rc;
}

/* ---- the best ---- */

/* "clocked out of Ferrier's for good": with nothing that is owned, the 's is part of the name. */
static uint32_t owned_bytes(
	const struct move_finder *f, const struct extent *n, struct str source, uint32_t end)
{
	const struct spans *s = &f->spans;
	struct str rest = str_n(source.p + end, source.n - end);
	uint32_t bytes = str_starts(rest, STR("'s"))              ? 2
			 : str_starts(rest, STR("\xe2\x80\x99s")) ? 4
								  : 0;
	static const char *const behind[] = {
		"for", "on", "in", "to", "after", "at", "as", "today", "and", "from", "with"};
	bool closes =
		n->to == s->text.n || s->marks[n->to].sentence != s->marks[n->to - 1].sentence;
	for (size_t k = 0; k < sizeof(behind) / sizeof(behind[0]); k++) {
		closes |= frame_is(f, n->to, behind[k]);
	}
	return n->lean < 0 && closes && n->to - n->from <= 3 ? bytes : 0;
}

static struct move_part part_of(const struct move_finder *f, const struct extent *v, uint32_t one)
{
	if (one == NOBODY) {
		return (struct move_part){.text = STR_NONE};
	}
	const struct text *t = &f->spans.text;
	const struct token *first = &t->v[v[one - 1].from], *last = &t->v[v[one - 1].to - 1];
	struct str source = t->fields[first->field].source;
	uint32_t end = last->end;
	/* The full stop of "Inc." is part of the name. */
	struct str word = text_token(t, last);
	bool ends = f->spans.marks[v[one - 1].to - 1].gap == GAP_END;
	bool legal = str_eq_c(word, "inc") || (str_eq_c(word, "ltd") && !ends) ||
		     str_eq_c(word, "co") || str_eq_c(word, "corp") || str_eq_c(word, "jr") ||
		     str_eq_c(word, "sr");
	struct str inside = str_n(source.p + first->start, end - first->start);
	bool opened =
		str_find(inside, STR("(")) != SIZE_MAX && end < source.n && source.p[end] == ')';
	end += opened || (legal && end < source.n && source.p[end] == '.');
	end += owned_bytes(f, &v[one - 1], source, end);
	uint32_t start = first->start; /* without the sign of a handle or cashtag */
	start += start + 1 < end && (source.p[start] == '@' || source.p[start] == '$');
	return (struct move_part){.text = str_n(source.p + start, end - start),
		.field = (enum text_field)first->field,
		.start = start,
		.end = end};
}

static struct move_part author(const struct move_finder *f)
{
	struct str name = f->post->author.display_name;
	return (struct move_part){.text = name, .field = TEXT_NAME, .end = (uint32_t)name.n};
}

void frame_parts(const struct move_finder *f, const struct frame *x, struct move *out)
{
	const struct spans *s = &f->spans;
	const struct text *t = &s->text;
	out->person = x->me ? author(f) : part_of(f, s->names, x->person);
	out->employer = x->ours ? author(f) : part_of(f, s->names, x->employer);
	out->title = part_of(f, s->titles, x->title);
	bool starts = out->event == MOVE_JOINED || out->event == MOVE_NONE;
	out->from = part_of(f, s->names, starts ? x->old : NOBODY);
	const struct token *first = &t->v[x->from],
			   *last = &t->v[x->to > x->from ? x->to - 1 : x->from];
	struct str source = t->fields[first->field].source;
	out->cue =
		(struct move_part){.text = str_n(source.p + first->start, last->end - first->start),
			.field = (enum text_field)first->field,
			.start = first->start,
			.end = last->end};
}

#define START_BONUS 5 /* tenths of a point */
#define RISE_BONUS 12
#define BOTH_BONUS 20

/* A text with both ends of a move tells a start, and one that has a word for a rise tells that. */
static int rank_of(const struct frame *x, const struct move *m)
{
	bool ends = m->event == MOVE_LEFT;
	return m->named + (ends ? 0 : START_BONUS) + (m->event == MOVE_PROMOTED ? RISE_BONUS : 0) +
	       (!ends && x->old != NOBODY ? BOTH_BONUS : 0);
}

/* What a phrase may tell, with all that was seen of it. */
struct reading {
	struct frame frame;
	struct features features;
	struct move move;
	bool enough;
};

struct best {
	struct reading one; /* without a pattern: none yet */
	int rank;
	struct reading of[MOVE_PROMOTED + 1]; /* the likeliest of each event */
	/* A start that is too little alone, for whoever has an end as well: "departs Acme for Beta". */
	struct reading both;
	bool has_both;
};

static void try_hit(const struct move_finder *f, const struct hit *hit, const struct cue *cue,
	struct best *best)
{
	struct reading r = {.move.event = MOVE_NONE};
	if (!frame_fit(f, hit, cue, &r.frame)) {
		return;
	}
	r.enough = frame_weigh(f, &r.frame, &r.features, &r.move);
	bool had = best->one.enough;
	int rank = rank_of(&r.frame, &r.move);
	bool better = best->one.move.pattern == NULL || (r.enough && !had) ||
		      (r.enough == had && rank > best->rank);
	bool both = r.move.event == MOVE_JOINED && r.frame.old != NOBODY &&
		    r.move.named >= -BOTH_BONUS &&
		    r.features.value[FEATURE_NEGATED] + r.features.value[FEATURE_MODAL] == 0;
	struct reading *same = &best->of[r.move.event];
	bool likeliest = same->move.pattern == NULL || r.move.named > same->move.named;
	if (better || both || likeliest) {
		frame_parts(f, &r.frame, &r.move);
	}
	if (likeliest) {
		*same = r;
	}
	if (both) {
		best->both = r;
		best->has_both = true;
	}
	if (better) {
		best->one = r;
		best->rank = rank;
	}
}

static void try_bare(const struct move_finder *f, size_t n,
	bool (*stands)(const struct move_finder *f, size_t i, struct hit *hit), enum bare_kind kind,
	struct best *best)
{
	struct hit hit;
	for (size_t i = 0; i < n && i < HITS_MAX; i++) {
		if (stands(f, i, &hit)) {
			try_hit(f, &hit, bare_cue(f, kind), best);
		}
	}
}

static void prefer_both(struct best *best)
{
	const struct move *m = &best->one.move;
	if (m->event == MOVE_LEFT && best->one.enough && best->has_both &&
		str_eq(m->person.text, best->both.move.person.text)) {
		best->one = best->both;
	}
}

/* The phrase that tells of the event that all of the post says: where another one than the likeliest says the same of
 * the same person, it has the better parts. */
static const struct frame *phrase_of(const struct best *best, enum move_event event)
{
	const struct reading *other = &best->of[event];
	bool same = other->move.pattern != NULL &&
		    str_eq(other->move.person.text, best->one.move.person.text);
	return same && event != best->one.move.event ? &other->frame : &best->one.frame;
}

/* Of the likeliest phrase: whether something happens, what, and who and where. */
static void decide(struct move_finder *f, const struct best *best, struct move *out)
{
	*out = best->one.move;
	frame_decide(f, &best->one.frame, &best->one.features, out);
	enum move_event event = wording_event(f->wording);
	if (event == MOVE_LEFT && out->from.text.n > 0) {
		event = out->event; /* both ends tell a start */
	}
	struct frame x = *phrase_of(best, event);
	x.event = event;
	roles_choose(f, &x);
	out->event = event;
	out->pattern = x.cue->phrase;
	frame_parts(f, &x, out);
	out->event = out->refused != NULL ? MOVE_NONE : event;
}

/* "nawab tyres. counter clerk. since eid": no word of starts or ends, but a short post with a title. */
static bool may_be_lone(const struct move_finder *f)
{
	return f->spans.titles_n > 0 && f->spans.text.n <= LONE_TOKENS_MAX;
}

/* Do the first two words of a phrase stand here? */
static bool may_match(const struct move_finder *f, const struct phrase *p, size_t i)
{
	if (!p->is_move || p->elements_n == 1) {
		return p->is_move;
	}
	const struct text *t = &f->spans.text;
	const struct element *second = vocabulary_element(f->words, p->elements + 1);
	if (second->kind != ELEMENT_WORD || second->optional) {
		return true;
	}
	return i + 1 < t->n && (vocabulary_has(f->words, second, t->hash[i + 1]) ||
				       (second->number && is_digit(text_at(t, i + 1).p[0])));
}

/* Most posts speak of no move: that is seen before names are looked for. */
static bool speaks(const struct move_finder *f)
{
	const struct spans *s = &f->spans;
	for (size_t i = 0; i < s->text.n; i++) {
		if (s->marks[i].flags & WORD_TITLE) {
			return true;
		}
		for (uint32_t k = 0; k < s->marks[i].phrases_n; k++) {
			if (may_match(f, vocabulary_phrase(f->words, s->marks[i].phrases + k), i)) {
				return true;
			}
		}
	}
	return false;
}

/* What title and text say must not differ. */
static bool tells_when(const struct post *post, char out[EFFECTIVE_MAX])
{
	char other[EFFECTIVE_MAX];
	int64_t said_ms = post->published > 0 ? post->published : 0;
	bool text = effective_find(str_cut_utf8(post->text, MOVE_BYTES_MAX), said_ms, out);
	bool title = effective_find(str_cut_utf8(post->title, MOVE_BYTES_MAX), said_ms, other);
	if (title && !text && out[0] == '\0') {
		memcpy(out, other, sizeof(other));
		return true;
	}
	return text && (other[0] == '\0' || strcmp(out, other) == 0);
}

int move_find(struct move_finder *f, const struct post *post, struct move *out)
{
	*out = (struct move){0};
	f->post = post;
	f->moves.n = f->evidence.n = f->vetoes.n = 0;
	f->speaks_of_me = f->speaks_of_us = f->speaks_of_them = false;
	f->speaks_of_ago = f->speaks_of_a_year = false;
	f->begins_n = f->ends_n = 0;
	memset(f->topics, 0, sizeof(f->topics));
	int rc = spans_read(&f->spans, f->words, str_cut_utf8(post->title, MOVE_BYTES_MAX),
		str_cut_utf8(post->text, MOVE_BYTES_MAX));
	if (rc != HARK_OK || !speaks(f)) {
		return rc;
	}
	rc = read_author(f);
	rc = rc == HARK_OK ? spans_mark(&f->spans, f->words) : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	find_phrases(f);
	f->author_is_org |= f->speaks_of_us && !f->speaks_of_me && !f->author_is_paper;
	wording_begin(f->wording);
	struct best best = {.rank = 0};
	for (size_t i = 0; i < f->moves.n; i++) {
		try_hit(f, &f->moves.v[i], cue_at(f->moves.v[i].row), &best);
	}
	try_bare(f, f->spans.titles_n, bare_title, BARE_TITLE, &best);
	try_bare(f, f->spans.names_n, bare_name, BARE_NAME, &best);
	if (best.one.move.pattern == NULL && (f->begins_n + f->ends_n > 0 || may_be_lone(f))) {
		try_bare(f, f->spans.titles_n, lone_title, LONE_TITLE, &best);
		try_bare(f, f->spans.names_n, lone_name, LONE_NAME, &best);
	}
	prefer_both(&best);
	if (best.one.move.pattern != NULL) {
		decide(f, &best, out);
	}
	if (out->event == MOVE_NONE || !tells_when(post, out->effective)) {
		out->effective[0] = '\0';
	}
	return HARK_OK;
}
