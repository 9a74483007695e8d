#include "rules/classify/features.h"

#define EVIDENCE_MAX 2
#define EVIDENCE_REACH 2 /* sentences */
#define WORDS_FEW 14
#define WORDS_MANY 70
#define NAMES_MANY 6
#define LITTLE_MAX 3 /* words between a phrase and a name */

static const char *const names[] = {
#define X(id, name) [FEATURE_##id] = (name),
	FEATURE_LIST(X)
#undef X
};

static const char *const cue_names[CUE_KINDS] = {
	[CUE_HIRE] = "phrase: hires",
	[CUE_HIRED] = "phrase: hired",
	[CUE_NAMED] = "phrase: named",
	[CUE_JOIN] = "phrase: joins",
	[CUE_BECOME] = "phrase: becomes",
	[CUE_WELCOME] = "phrase: welcome",
	[CUE_ME] = "phrase: I start",
	[CUE_LEAVE] = "phrase: leaves",
	[CUE_FIRE] = "phrase: fires",
	[CUE_FIRED] = "phrase: fired",
	[CUE_OUSTED] = "phrase: ousted",
	[CUE_ME_LEAVE] = "phrase: I leave",
	[CUE_PROMOTE] = "phrase: promotes",
	[CUE_PROMOTED] = "phrase: promoted",
	[CUE_ME_PROMOTE] = "phrase: I rise",
	[CUE_EVIDENCE] = "",
	[CUE_INSIDE] = "",
};

const char *feature_name(const struct vocabulary *v, size_t feature)
{
	if (feature < FEATURES_PLAIN) {
		return names[feature];
	}
	if (feature < FEATURE_VETO) {
		return cue_names[feature - FEATURE_CUE];
	}
	for (size_t i = 0; i < vetoes_n; i++) {
		if (vocabulary_reason(v, i) == feature - FEATURE_VETO) {
			return vetoes[i].reason;
		}
	}
	return "";
}

static bool within(const struct frame *x, const struct extent *n)
{
	return n->from >= x->begin && n->to <= x->end;
}

static bool touches(const struct frame *x, const struct extent *n)
{
	return (n->to <= x->from && x->from - n->to <= 1) ||
	       (n->from >= x->to && n->from - x->to <= 1);
}

static void read_person(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	v[FEATURE_ME] = x->me && !x->silent;
	v[FEATURE_SILENT] = x->silent;
	v[FEATURE_AUTHOR_ORG] = x->me && f->author_is_org;
	if (x->person == NOBODY) {
		return;
	}
	const struct extent *n = &f->spans.names[x->person - 1];
	v[FEATURE_PERSON_ORG] = n->lean <= 0;
	v[FEATURE_PERSON_GIVEN] = n->lean >= 3;
	v[FEATURE_PERSON_ONE] = n->to - n->from == 1 && n->lean < 2;
	v[FEATURE_PERSON_LONG] = n->to - n->from > 3;
	v[FEATURE_PERSON_FAR] = !within(x, n);
	v[FEATURE_PERSON_TOUCHES] = touches(x, n);
	bool before = n->from > 0 && f->spans.marks[n->from - 1].title != 0;
	v[FEATURE_PERSON_TITLED] =
		before || (n->to < f->spans.text.n && f->spans.marks[n->to].title != 0);
}

static void read_employer(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	v[FEATURE_EMPLOYER_US] = x->ours;
	v[FEATURE_EMPLOYER] = x->employer != NOBODY;
	v[FEATURE_FORMER] = x->old != NOBODY;
	if (x->employer == NOBODY) {
		return;
	}
	const struct extent *n = &f->spans.names[x->employer - 1];
	v[FEATURE_EMPLOYER_ORG] = n->lean <= -2;
	v[FEATURE_EMPLOYER_PERSON] = n->lean >= 2;
	v[FEATURE_EMPLOYER_PLACE] = n->place;
	v[FEATURE_EMPLOYER_FAR] = !within(x, n);
	char first = text_at(&f->spans.text, n->from).p[0];
	v[FEATURE_EMPLOYER_NUMBER] = first >= '0' && first <= '9';
	v[FEATURE_EMPLOYER_OPENS] = n->opens && n->to - n->from == 1;
	v[FEATURE_EMPLOYER_TOUCHES] = touches(x, n);
	v[FEATURE_EMPLOYER_AT] = n->from > 0 && (frame_flags(f, n->from - 1) & WORD_PLACE) != 0;
}

static bool names_a_place(const struct move_finder *f, const struct frame *x)
{
	for (uint32_t i = x->begin; i < x->end; i++) {
		uint32_t name = f->spans.marks[i].name;
		if (name != 0 && f->spans.names[name - 1].place) {
			return true;
		}
	}
	return false;
}

static void read_title(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	bool somewhere = x->employer != NOBODY || x->ours;
	v[FEATURE_NOWHERE] = !somewhere && x->title == NOBODY;
	v[FEATURE_NOWHERE_LAND] = v[FEATURE_NOWHERE] && names_a_place(f, x);
	bool one_word = x->person != NOBODY &&
			f->spans.names[x->person - 1].to - f->spans.names[x->person - 1].from == 1;
	v[FEATURE_SURNAME_NEWS] = one_word && somewhere && x->cue->points > 2 &&
				  (x->old != NOBODY || v[FEATURE_PERSON_TITLED]);
	v[FEATURE_TITLE] = x->title != NOBODY;
	if (x->title == NOBODY) {
		return;
	}
	const struct extent *t = &f->spans.titles[x->title - 1];
	v[FEATURE_TITLE_FAR] = !within(x, t);
	v[FEATURE_TITLE_LONG] = t->to - t->from > 1;
	if (x->employer != NOBODY) {
		const struct extent *n = &f->spans.names[x->employer - 1];
		v[FEATURE_TITLE_AT] = (n->from >= t->to && n->from - t->to <= 2) ||
				      (t->from >= n->to && t->from - n->to <= 1);
	}
}

/* ---- headlines ---- */

/* Do only little words lie between two names or phrases? */
static bool only_little(const struct move_finder *f, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		unsigned plain = WORD_PLAIN | WORD_PLACE | WORD_BE | WORD_ARTICLE | WORD_FROM;
		if (!(frame_flags(f, i) & plain) || f->spans.marks[i].gap > GAP_HYPHEN) {
			return false;
		}
	}
	return from > 0 && to >= from && to - from <= LITTLE_MAX &&
	       f->spans.marks[from - 1].gap <= GAP_OWNER;
}

/* "joins Acme's supply chain", "joins Acme boycott": of something of theirs. */
static bool goes_on_in_small(const struct move_finder *f, const struct extent *n)
{
	unsigned closes = WORD_PLAIN | WORD_PLACE | WORD_BE | WORD_ARTICLE | WORD_TIME;
	return n->to < f->spans.text.n && f->spans.marks[n->to - 1].gap <= GAP_OWNER &&
	       f->spans.text.v[n->to].kind == TOKEN_WORD && !spans_capital(&f->spans, n->to) &&
	       f->spans.marks[n->to].title == 0 && !(frame_flags(f, n->to) & closes);
}

/* "Jane Doe joins Acme": a name of two words or more, the phrase, another name, and nothing else. */
static void read_plain_news(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	const struct spans *s = &f->spans;
	uint32_t at = x->to + (x->to < x->end && (frame_flags(f, x->to) & WORD_PLACE) != 0);
	uint32_t behind = at < x->end ? s->marks[at].name : 0;
	v[FEATURE_OBJECT_LAND] =
		behind != 0 && s->names[behind - 1].from == at && s->names[behind - 1].place;
	if (x->person == NOBODY || x->employer == NOBODY) {
		return;
	}
	const struct extent *one = &s->names[x->person - 1], *two = &s->names[x->employer - 1];
	if (!within(x, one) || !within(x, two)) {
		return;
	}
	v[FEATURE_EMPLOYER_PART] = goes_on_in_small(f, two);
	const struct extent *first = one->from < two->from ? one : two,
			    *last = one->from < two->from ? two : one;
	bool opens = first->from == x->begin || s->marks[first->from - 1].gap >= GAP_COLON ||
		     s->marks[first->from - 1].title != 0;
	bool clean = true;
	for (size_t i = 0; i < vocabulary_reasons(f->words); i++) {
		clean &= v[FEATURE_VETO + i] < 2;
	}
	v[FEATURE_PLAIN_NEWS] = clean && opens && one->lean > 0 && one->to - one->from >= 2 &&
				!two->place && !v[FEATURE_EMPLOYER_PART] && first->to <= x->from &&
				last->from >= x->to && only_little(f, first->to, x->from) &&
				only_little(f, x->to, last->from);
}

/* ---- what stands together, and what between ---- */

/* A comma, a dash or a colon between the phrase and a name of its sentence? */
static bool stands_apart(const struct move_finder *f, const struct frame *x, const struct extent *n)
{
	uint32_t from = n->to <= x->from ? n->to : x->to, to = n->to <= x->from ? x->from : n->from;
	bool apart = false;
	for (uint32_t i = from; i <= to && i > 0 && within(x, n); i++) {
		apart |= f->spans.marks[i - 1].gap >= GAP_COMMA; /* before token i */
	}
	return apart;
}

/* Who, where and as what, of one frame. */
struct row {
	uint32_t from, to; /* tokens */
	uint32_t words;    /* of the parts alone */
};

/* "Acme's chief engineer Jane Doe": who somebody is, in one row; the phrase is not part of it. */
static bool stand_together(const struct move_finder *f, const struct frame *x, struct row *row)
{
	if (x->person == NOBODY || x->employer == NOBODY || x->title == NOBODY) {
		return false;
	}
	const struct extent *parts[] = {&f->spans.names[x->person - 1],
		&f->spans.names[x->employer - 1], &f->spans.titles[x->title - 1]};
	*row = (struct row){.from = UINT32_MAX};
	for (size_t i = 0; i < 3; i++) {
		row->from = parts[i]->from < row->from ? parts[i]->from : row->from;
		row->to = parts[i]->to > row->to ? parts[i]->to : row->to;
		row->words += parts[i]->to - parts[i]->from;
	}
	bool inside = x->to > x->from && x->from >= row->from && x->from < row->to;
	return row->to - row->from <= row->words + LITTLE_MAX && !inside;
}

/* A word that tells something, and not of a move. */
static bool tells_else(const struct move_finder *f, uint32_t i)
{
	unsigned known = WORD_PLAIN | WORD_ARTICLE | WORD_PLACE | WORD_BE | WORD_ME | WORD_WE |
			 WORD_PRONOUN | WORD_TIME | WORD_FROM | WORD_OLD | WORD_HONORIFIC;
	unsigned news = TOPIC_BEGIN | TOPIC_END | TOPIC_NOW | TOPIC_WHEN | TOPIC_GLAD;
	const struct mark *m = &f->spans.marks[i];
	return f->spans.text.v[i].kind == TOKEN_WORD && m->name == 0 && m->title == 0 &&
	       !(m->flags & known) && !(m->topics & news) && !spans_capital(&f->spans, i);
}

/* What stands around such a row: "By Jane Doe, editor of Acme", "Jane Doe of Acme warns". */
static void read_around(
	const struct move_finder *f, const struct frame *x, const struct row *row, uint8_t *v)
{
	static const char *const aside[] = {"by", "with", "from", "of", "to", "for", "between",
		"says", "said", "whose", "under"};
	uint32_t from = row->from, to = row->to;
	from -= from > x->begin && (frame_flags(f, from - 1) & (WORD_ARTICLE | WORD_HONORIFIC));
	bool opens = from <= x->begin;
	for (size_t i = 0; !opens && i < sizeof(aside) / sizeof(aside[0]); i++) {
		v[FEATURE_BARE_ASIDE] |= frame_is(f, from - 1, aside[i]);
	}
	v[FEATURE_BARE_DOES] = to < x->end && tells_else(f, to);
	v[FEATURE_BARE_SIGNED] = opens && to >= x->end && from > 0;
}

static void read_rows(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	if (x->person != NOBODY) {
		v[FEATURE_PERSON_APART] = stands_apart(f, x, &f->spans.names[x->person - 1]);
	}
	if (x->employer != NOBODY) {
		v[FEATURE_EMPLOYER_APART] = stands_apart(f, x, &f->spans.names[x->employer - 1]);
	}
	struct row row;
	if (stand_together(f, x, &row)) {
		if (x->cue->points < 2 && x->from == x->to && !x->me) {
			read_around(f, x, &row, v);
		}
		v[x->from == x->to              ? FEATURE_GROUP_BARE
			: x->event == MOVE_LEFT ? FEATURE_GROUP_END
						: FEATURE_GROUP_BEGIN] = 1;
	}
}

/* ---- a title beside a name ---- */

#define WORDS_OTHER_MAX 3

/* Words of a sentence that say something else than who, where, as what, when or that it is new. */
static uint8_t other_words(const struct move_finder *f, const struct frame *x)
{
	uint8_t n = 0;
	for (uint32_t i = x->begin; i < x->end && n < WORDS_OTHER_MAX; i++) {
		n += tells_else(f, i);
	}
	return n;
}

/* Most of them say who somebody is, not what became of him. */
static void read_bare(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	const struct spans *s = &f->spans;
	v[FEATURE_BARE] = x->cue->points < 1;
	v[FEATURE_LONE] = x->cue->points < 0;
	if (x->cue->points > 1 || x->from != x->to) {
		return;
	}
	bool other = !x->me && !x->ours;
	bool talks = v[FEATURE_TALK_NEAR] + v[FEATURE_SAY_NEAR] > 0;
	v[FEATURE_BARE_OTHER] = other;
	v[x->me ? FEATURE_BARE_MY_WORDS : FEATURE_BARE_WORDS] = other_words(f, x);
	v[FEATURE_BARE_UNTOLD] = other && v[FEATURE_BEGIN_NEAR] + v[FEATURE_END_NEAR] == 0;
	v[FEATURE_BARE_TOLD] = !x->me && talks;
	v[FEATURE_BARE_QUIET] = v[FEATURE_BEGIN_NEAR] + v[FEATURE_END_NEAR] + v[FEATURE_NOW_NEAR] +
					v[FEATURE_WHEN_NEAR] ==
				0;
	v[FEATURE_BARE_LAST] = x->end == s->text.n && s->titles_n > 0 && x->begin > 0;
	if (x->person == NOBODY || x->title == NOBODY) {
		return;
	}
	const struct extent *n = &s->names[x->person - 1], *t = &s->titles[x->title - 1];
	v[FEATURE_BARE_BEHIND] = t->from >= n->to && t->from - n->to <= 1;
	v[FEATURE_BARE_FRONT] = n->from >= t->to && n->from - t->to <= 1;
}

/* ---- the post ---- */

static uint32_t sentence_at(const struct move_finder *f, uint32_t i)
{
	return f->spans.marks[i].sentence;
}

static void read_evidence(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	uint32_t sentence = sentence_at(f, x->from);
	for (size_t i = 0; i < f->evidence.n; i++) {
		const struct hit *h = &f->evidence.v[i];
		uint32_t at = sentence_at(f, h->from);
		uint32_t far = at > sentence ? at - sentence : sentence - at;
		bool news = cue_at(h->row)->kind == CUE_EVIDENCE;
		v[FEATURE_NEWS] += news && far <= EVIDENCE_REACH && v[FEATURE_NEWS] < EVIDENCE_MAX;
		v[FEATURE_INSIDE] |= !news && far <= 1;
	}
}

/* "The supervisory board of Acme has named Jane": a board that appoints is no seat on one. */
static bool is_board_that_acts(const struct frame *x, const struct hit *h)
{
	enum cue_kind kind = x->cue->kind;
	bool acts = kind == CUE_HIRE || kind == CUE_FIRE || kind == CUE_PROMOTE;
	return acts && h->from >= x->begin && h->to <= x->from &&
	       strcmp(vetoes[h->row].reason, "board") == 0;
}

static void read_vetoes(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	uint32_t sentence = sentence_at(f, x->from);
	for (size_t i = 0; i < f->vetoes.n; i++) {
		const struct hit *h = &f->vetoes.v[i];
		uint8_t *value = &v[FEATURE_VETO + vocabulary_reason(f->words, h->row)];
		if (is_board_that_acts(x, h)) {
			continue;
		}
		if (sentence_at(f, h->from) == sentence) {
			*value = 2;
		} else if (vetoes[h->row].scope == VETO_POST && *value == 0) {
			*value = 1; /* further off it says less */
		}
	}
}

#define PHRASE_SURE 3

/* A reason that says what a text is about beside a move, not that the move is none. */
static bool is_a_subject(const char *reason)
{
	static const char *const subjects[] = {"merger", "sport", "club", "course", "event",
		"podcast", "award", "committee", "election", "school", "investment", "band"};
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		if (strcmp(subjects[i], reason) == 0) {
			return true;
		}
	}
	return false;
}

/* Who, where, as what and a phrase of moving: a lone word against it may speak of something else. */
static bool has_one_reason(const struct move_finder *f, const struct frame *x, const uint8_t *v)
{
	bool known = (x->me || v[FEATURE_PERSON_GIVEN]) && x->title != NOBODY &&
		     (x->ours || x->employer != NOBODY) && x->cue->points >= PHRASE_SURE;
	size_t n = 0, last = 0;
	for (size_t i = 0; known && i < vocabulary_reasons(f->words); i++) {
		if (v[FEATURE_VETO + i] > 0) {
			n++;
			last = FEATURE_VETO + i;
		}
	}
	return n == 1 && is_a_subject(f->feature_names[last]);
}

static void read_topics(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	uint8_t *near = &v[FEATURE_NOT_NEAR];
	for (uint32_t i = x->begin; i < x->end; i++) {
		unsigned t = f->spans.marks[i].topics;
		for (size_t k = 0; t != 0; k++, t >>= 1) {
			near[2 * k] += (t & 1) != 0 && near[2 * k] < 2;
		}
	}
	for (size_t k = 0; k < TOPICS; k++) {
		near[2 * k + 1] = f->topics[k];
	}
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

static void read_post(const struct move_finder *f, const struct frame *x, uint8_t *v)
{
	const struct spans *s = &f->spans;
	v[FEATURE_IN_HEADLINE] = s->text.v[x->from].field == TEXT_TITLE;
	v[FEATURE_FIRST_SENTENCE] = x->begin == 0;
	v[FEATURE_HE_SHE] = f->speaks_of_them;
	v[FEATURE_QUESTION] = s->marks[x->end - 1].asks;
	v[FEATURE_LONG_PAST] = is_long_past(f, x);
	v[FEATURE_JOB_POST] = f->post->type == POST_TYPE_JOB ? 2 : 0;
	v[FEATURE_SHORT] = s->text.n <= WORDS_FEW;
	v[FEATURE_LONG] = s->text.n >= WORDS_MANY;
	v[FEATURE_MANY_NAMES] = s->names_n >= NAMES_MANY;
	v[FEATURE_NO_NAMES] = s->names_n == 0;
}

void features_read(const struct move_finder *f, const struct frame *x, struct features *out)
{
	*out = (struct features){0};
	uint8_t *v = out->value;
	v[FEATURE_PHRASE] = 1;
	v[FEATURE_PHRASE_WEAK] = x->cue->points < 3 ? (uint8_t)(3 - x->cue->points) : 0;
	v[FEATURE_PHRASE_ALONE] = x->cue->points > 3;
	v[FEATURE_CUE + x->cue->kind] = 1;
	read_person(f, x, v);
	read_employer(f, x, v);
	read_title(f, x, v);
	v[FEATURE_WHOLE] = (x->me || v[FEATURE_PERSON_GIVEN]) && x->title != NOBODY &&
			   (x->ours || v[FEATURE_EMPLOYER_ORG]);
	read_evidence(f, x, v);
	read_vetoes(f, x, v);
	v[FEATURE_ONE_REASON] = has_one_reason(f, x, v);
	read_topics(f, x, v);
	bool ends = x->event == MOVE_LEFT;
	v[FEATURE_BEGIN_SAME] = !ends ? v[FEATURE_BEGIN_POST] : 0;
	v[FEATURE_END_SAME] = ends ? v[FEATURE_END_POST] : 0;
	read_plain_news(f, x, v);
	read_rows(f, x, v);
	read_bare(f, x, v);
	read_post(f, x, v);
	clause_read(f, x, out);
}
