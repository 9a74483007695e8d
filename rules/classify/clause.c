/* What stands around the phrase in its clause: whether it tells a fact, who does what to whom. */
#include "rules/classify/features.h"

#define BACK_MAX 12 /* tokens before the phrase that are looked at */
#define NEAR 3
#define QUOTE_BYTES 1024 /* so far back a quote may begin */

static unsigned topics_at(const struct move_finder *f, uint32_t i)
{
	return f->spans.marks[i].topics;
}

static bool is_any(const struct move_finder *f, uint32_t i, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (frame_is(f, i, *words)) {
			return true;
		}
	}
	return false;
}

/* "can't wait to", "couldn't be happier to", "not only": no denial. */
static bool denies(const struct move_finder *f, uint32_t i)
{
	static const char *const glad[] = {"wait", "believe", "be", "only", "just", "more", "stop",
		"thank", "think", "imagine", "say", "express", "help", "hide", NULL};
	bool wont_be = frame_is(f, i, "won't") || frame_is(f, i, "not");
	return !is_any(f, i + 1, glad) || (wont_be && frame_is(f, i + 1, "be"));
}

/* "would like to welcome" */
static bool polite(const struct move_finder *f, uint32_t i)
{
	static const char *const says[] = {"like", "love", NULL};
	static const char *const what[] = {"welcome", "announce", "share", "introduce",
		"congratulate", "thank", "inform", "say", "extend", "wish", "confirm", "present",
		NULL};
	return is_any(f, i + 1, says) && frame_is(f, i + 2, "to") && is_any(f, i + 3, what);
}

/* What the words before the phrase do to it, nearest first. */
static void read_before(const struct move_finder *f, const struct frame *x, struct features *out)
{
	bool same = true; /* no comma between */
	for (uint32_t i = x->from; i > x->begin && x->from - i < BACK_MAX;) {
		i--;
		unsigned t = topics_at(f, i);
		uint32_t far = x->from - i;
		same &= f->spans.marks[i].gap < GAP_COMMA;
		if (!same) {
			break;
		}
		bool named = f->spans.marks[i].name != 0;
		out->value[FEATURE_NEGATED] |= far <= NEAR && (t & TOPIC_NOT) && denies(f, i);
		out->value[FEATURE_MODAL] |=
			far <= NEAR + 1 && (t & TOPIC_MODAL) && !named && !polite(f, i);
		out->value[FEATURE_UNREAL] |= far <= NEAR * 2 && (t & TOPIC_UNREAL) && !named;
		out->value[FEATURE_CONDITION] |= (t & TOPIC_IF) != 0 && !named;
		out->value[FEATURE_BACKGROUND] |= far <= NEAR && (t & TOPIC_SINCE);
		out->value[FEATURE_RELATIVE] |=
			far <= 2 && (frame_is(f, i, "who") || frame_is(f, i, "which") ||
					    frame_is(f, i, "that"));
		out->value[FEATURE_VAGUE] |= far <= NEAR && (t & TOPIC_VAGUE);
	}
}

static void read_quotes(const struct move_finder *f, const struct frame *x, struct features *out)
{
	const struct text *t = &f->spans.text;
	struct str source = t->fields[t->v[x->from].field].source;
	size_t n = 0, end = t->v[x->from].start, begin = t->v[x->begin].start;
	begin -= begin > 0; /* the sign before its first word */
	begin = end > QUOTE_BYTES && begin < end - QUOTE_BYTES ? end - QUOTE_BYTES : begin;
	for (size_t i = begin; i < end && i < source.n; i++) {
		n += source.p[i] == '"';
		bool curly = i + 2 < source.n && source.p[i] == '\xe2' && source.p[i + 1] == '\x80';
		n += curly && (source.p[i + 2] == '\x9c' || source.p[i + 2] == '\x9d');
	}
	out->value[FEATURE_QUOTED] = n % 2;
}

static void read_tense(const struct move_finder *f, const struct frame *x, struct features *out)
{
	struct str w = text_at(&f->spans.text, x->from);
	out->value[FEATURE_TENSE_GOING] = str_ends(w, STR("ing"));
	out->value[FEATURE_TENSE_PAST] = str_ends(w, STR("ed")) || str_eq_c(w, "left") ||
					 str_eq_c(w, "became") || str_eq_c(w, "took");
	out->value[FEATURE_TENSE_PRESENT] = w.n > 3 && str_ends(w, STR("s"));
}

/* A word that says something itself: no article, auxiliary or adverb. */
static bool says_nothing(const struct move_finder *f, uint32_t i)
{
	unsigned flags = frame_flags(f, i);
	return f->spans.marks[i].name == 0 && f->spans.marks[i].title == 0 &&
	       (flags & (WORD_PLAIN | WORD_ARTICLE | WORD_BE)) != 0 &&
	       (flags & (WORD_ME | WORD_WE | WORD_PRONOUN)) == 0;
}

static void read_subject(const struct move_finder *f, const struct frame *x, struct features *out)
{
	uint32_t i = x->from;
	while (i > x->begin && x->from - i < NEAR && says_nothing(f, i - 1)) {
		i--;
	}
	if (i == x->begin) {
		return;
	}
	unsigned flags = frame_flags(f, --i);
	enum feature what = f->spans.marks[i].name != 0 || f->spans.marks[i].title != 0
				    ? FEATURE_SUBJECT_NAME
			    : (flags & WORD_ME)      ? FEATURE_SUBJECT_ME
			    : (flags & WORD_WE)      ? FEATURE_SUBJECT_WE
			    : (flags & WORD_PRONOUN) ? FEATURE_SUBJECT_HE
						     : FEATURE_SUBJECT_COMMON;
	out->value[what] = 1;
}

static void read_object(const struct move_finder *f, const struct frame *x, struct features *out)
{
	uint32_t i = x->to;
	while (i < x->end && i - x->to < NEAR && says_nothing(f, i)) {
		i++;
	}
	bool capital = i < x->end && spans_capital(&f->spans, i);
	enum feature what = i >= x->end                     ? FEATURE_OBJECT_END
			    : f->spans.marks[i].name != 0   ? FEATURE_OBJECT_NAME
			    : f->spans.marks[i].title != 0  ? FEATURE_OBJECT_TITLE
			    : capital || says_nothing(f, i) ? FEATURES_PLAIN
			    : (frame_flags(f, i) & (WORD_ME | WORD_WE | WORD_PRONOUN))
				    ? FEATURES_PLAIN
				    : FEATURE_OBJECT_COMMON;
	if (what != FEATURES_PLAIN) {
		out->value[what] = 1;
	}
}

bool clause_ago(const struct move_finder *f, uint32_t i)
{
	static const char *const behind[] = {
		"ago", "on", "since", "into", "later", "today", "old", "earlier", "back", NULL};
	return (topics_at(f, i) & TOPIC_SPAN) != 0 && is_any(f, i + 1, behind) &&
	       f->spans.marks[i].gap <= GAP_COMMA && i > 0 && !frame_is(f, i - 1, "this");
}

bool clause_year(const struct move_finder *f, uint32_t i)
{
	static const char *const before[] = {"in", "since", "from", "until", "till", "to", "of",
		"back", "january", "february", "march", "april", "may", "june", "july", "august",
		"september", "october", "november", "december", NULL};
	struct str w = text_at(&f->spans.text, i);
	return w.n == 4 && (str_starts(w, STR("19")) || str_starts(w, STR("20"))) && i > 0 &&
	       is_any(f, i - 1, before);
}

static void read_times(const struct move_finder *f, const struct frame *x, struct features *out)
{
	for (uint32_t i = x->begin; i < x->end; i++) {
		out->value[FEATURE_AGO_NEAR] |= clause_ago(f, i);
		out->value[FEATURE_YEAR_NEAR] |= clause_year(f, i);
	}
	out->value[FEATURE_AGO_POST] = f->speaks_of_ago;
	out->value[FEATURE_YEAR_POST] = f->speaks_of_a_year;
}

/* "my daughter starts at", "the intern left", where nobody but the author was found. */
static bool is_anothers(const struct move_finder *f, const struct frame *x)
{
	uint32_t i = x->from;
	while (i > x->begin && x->from - i < NEAR && says_nothing(f, i - 1)) {
		i--;
	}
	if (!x->me || i < x->begin + 2 || spans_capital(&f->spans, i - 1) ||
		f->spans.marks[i - 1].gap > GAP_HYPHEN) {
		return false;
	}
	unsigned before = frame_flags(f, i - 2);
	bool owned = frame_is(f, i - 2, "my") || frame_is(f, i - 2, "his") ||
		     frame_is(f, i - 2, "her") || (before & (WORD_WE | WORD_ARTICLE)) != 0;
	return owned && (frame_flags(f, i - 1) & (WORD_ME | WORD_WE | WORD_PRONOUN)) == 0 &&
	       f->spans.marks[i - 1].name == 0;
}

void clause_read(const struct move_finder *f, const struct frame *x, struct features *out)
{
	read_before(f, x, out);
	read_quotes(f, x, out);
	read_tense(f, x, out);
	read_subject(f, x, out);
	read_object(f, x, out);
	read_times(f, x, out);
	out->value[FEATURE_OTHERS] = is_anothers(f, x);
}
