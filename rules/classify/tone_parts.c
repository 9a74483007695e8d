#include "rules/classify/tone_parts.h"

#include <string.h>

enum cue_kind {
	CUE_LESSON,
	CUE_SELECTION,
	CUE_LIMIT,
};

/* Phrases of folded words. */
static const struct {
	uint8_t kind;
	const char *words;
} cues[] = {
	{CUE_LESSON, "mistake number one"},
	{CUE_LESSON, "nobody tells you"},
	{CUE_LESSON, "if you deploy"},
	{CUE_LESSON, "before you switch"},
	{CUE_LESSON, "before you sign"},
	{CUE_LESSON, "if we'd"},
	{CUE_LESSON, "takeaway"},
	{CUE_LESSON, "wish we had"},
	{CUE_LESSON, "wish i had"},
	{CUE_LESSON, "wish we'd"},
	{CUE_LESSON, "wish i'd"},
	{CUE_LESSON, "wish someone"},
	{CUE_LESSON, "wish somebody"},
	{CUE_LESSON, "next time"},
	{CUE_LESSON, "our mistake"},
	{CUE_LESSON, "my mistake"},
	{CUE_LESSON, "mistake was"},
	{CUE_LESSON, "lesson"},
	{CUE_LESSON, "hindsight"},
	{CUE_LESSON, "in retrospect"},
	{CUE_LESSON, "do it again"},
	{CUE_LESSON, "did it again"},
	{CUE_LESSON, "had i known"},
	{CUE_LESSON, "had we known"},
	{CUE_LESSON, "we should have"},
	{CUE_LESSON, "i should have"},
	{CUE_LESSON, "we should've"},
	{CUE_LESSON, "i should've"},
	{CUE_LESSON, "ought to have"},
	{CUE_LESSON, "the hard way"},
	{CUE_LESSON, "of advice"},
	{CUE_LESSON, "my advice"},
	{CUE_LESSON, "our advice"},
	{CUE_LESSON, "would have been smarter"},
	{CUE_LESSON, "would have been wiser"},
	{CUE_LESSON, "do what we did"},
	{CUE_LESSON, "had to learn"},
	{CUE_LESSON, "never again let"},
	{CUE_SELECTION, "chose"},
	{CUE_SELECTION, "we picked"},
	{CUE_SELECTION, "i picked"},
	{CUE_SELECTION, "went with"},
	{CUE_SELECTION, "going with"},
	{CUE_SELECTION, "opted for"},
	{CUE_SELECTION, "decided for"},
	{CUE_SELECTION, "settled on"},
	{CUE_SELECTION, "shortlist"},
	{CUE_SELECTION, "in our trial"},
	{CUE_SELECTION, "turned down"},
	{CUE_SELECTION, "passed on"},
	{CUE_SELECTION, "narrowed it down"},
	{CUE_SELECTION, "came down to"},
	{CUE_SELECTION, "weighed"},
	{CUE_SELECTION, "considered"},
	{CUE_SELECTION, "candidates"},
	{CUE_SELECTION, "neck and neck"},
	{CUE_SELECTION, "got the job"},
	{CUE_SELECTION, "got the nod"},
	{CUE_SELECTION, "made us choose"},
	{CUE_SELECTION, "made us pick"},
	{CUE_SELECTION, "the tie"},
	{CUE_SELECTION, "evaluated"},
	{CUE_SELECTION, "head to head"},
	{CUE_SELECTION, "over the other"},
	{CUE_SELECTION, "rather than renew"},
	{CUE_SELECTION, "we compared"},
	{CUE_SELECTION, "beat"},
	{CUE_SELECTION, "instead of renewing"},
	{CUE_SELECTION, "compared with"},
	{CUE_SELECTION, "decided it"},
	{CUE_SELECTION, "was out"},
	{CUE_SELECTION, "was out because"},
	{CUE_SELECTION, "of all the"},
	{CUE_SELECTION, "we took"},
	{CUE_SELECTION, "they took"},
	{CUE_SELECTION, "i went for"},
	{CUE_SELECTION, "we went for"},
	{CUE_SELECTION, "offers came in"},
	{CUE_SELECTION, "scored best"},
	{CUE_SELECTION, "dismissed"},
	{CUE_SELECTION, "looked into"},
	{CUE_SELECTION, "why we didn't"},
	{CUE_SELECTION, "going back to"},
	{CUE_SELECTION, "ruled out"},
	{CUE_SELECTION, "runner up"},
	{CUE_LIMIT, "wish it"},
	{CUE_LIMIT, "wish they"},
	{CUE_LIMIT, "wish the"},
	{CUE_LIMIT, "could be"},
	{CUE_LIMIT, "could do with"},
	{CUE_LIMIT, "only downside"},
	{CUE_LIMIT, "only complaint"},
	{CUE_LIMIT, "only gripe"},
	{CUE_LIMIT, "takes a while"},
	{CUE_LIMIT, "took weeks"},
	{CUE_LIMIT, "took months"},
	{CUE_LIMIT, "room for improvement"},
	{CUE_LIMIT, "costs extra"},
	{CUE_LIMIT, "not yet"},
	{CUE_LIMIT, "has no"},
	{CUE_LIMIT, "have no"},
	{CUE_LIMIT, "there is no"},
	{CUE_LIMIT, "there's no"},
	{CUE_LIMIT, "hasn't got"},
	{CUE_LIMIT, "doesn't have"},
	{CUE_LIMIT, "still can't"},
	{CUE_LIMIT, "still no"},
	{CUE_LIMIT, "still needs"},
	{CUE_LIMIT, "you can't"},
	{CUE_LIMIT, "can't be"},
	{CUE_LIMIT, "a pain"},
	{CUE_LIMIT, "less great"},
	{CUE_LIMIT, "a step back"},
};

const char *tone_cue(size_t i)
{
	return i < sizeof(cues) / sizeof(cues[0]) ? cues[i].words : NULL;
}

struct span {
	uint32_t from, to; /* tokens, end exclusive */
};

static bool is_word(const struct tone_scan *s, uint32_t i, const char *word, size_t n)
{
	return tone_wordlike(&s->v[i]) && s->v[i].fold_n == n &&
	       memcmp(s->fold + s->v[i].fold, word, n) == 0;
}
static bool is(const struct tone_scan *s, uint32_t i, const char *word)
{
	return is_word(s, i, word, strlen(word));
}

/* Does the phrase stand at token i? */
static bool stands(const struct tone_scan *s, uint32_t i, uint32_t end, const char *words)
{
	for (; *words != '\0'; i++) {
		size_t n = strcspn(words, " ");
		if (i >= end || !is_word(s, i, words, n)) {
			return false;
		}
		words += n + strspn(words + n, " ");
	}
	return true;
}

/* The first token of the span at which a phrase of the kind stands, or its end. */
static uint32_t find(const struct tone_scan *s, struct span x, enum cue_kind kind)
{
	for (uint32_t i = x.from; i < x.to; i++) {
		if ((s->v[i].roles & ROLE_CUE) == 0) {
			continue;
		}
		char first = s->v[i].fold_n > 0 ? s->fold[s->v[i].fold] : 0;
		for (size_t k = 0; k < sizeof(cues) / sizeof(cues[0]); k++) {
			if (cues[k].kind == kind && cues[k].words[0] == first &&
				stands(s, i, x.to, cues[k].words)) {
				return i;
			}
		}
	}
	return x.to;
}

static bool ends_clause(const struct tone_scan *s, uint32_t i)
{
	return s->v[i].kind == TONE_MARK && strchr(",;:-()", s->fold[s->v[i].fold]) != NULL;
}

/* Marks at both ends fall, and what only joins the span to what stands before it. */
static struct span trimmed(const struct tone_scan *s, struct span x)
{
	static const char *const joints[] = {"but", "and", "though", "although", "however", "shame",
		"pity", "still", "so", "also", "unfortunately", "sadly", "that"};
	bool cut = true;
	while (x.from < x.to && cut) {
		cut = s->v[x.from].kind >= TONE_EMOJI;
		for (size_t k = 0; k < sizeof(joints) / sizeof(joints[0]) && !cut; k++) {
			cut = is(s, x.from, joints[k]);
		}
		x.from += cut;
	}
	while (x.to > x.from && s->v[x.to - 1].kind >= TONE_EMOJI && !tone_mark(s, x.to - 1, '%')) {
		x.to--;
	}
	return x;
}

static void add(
	const struct tone_scan *s, struct tone_parts *out, enum tone_part_kind kind, struct span x)
{
	x = trimmed(s, x);
	if (x.from >= x.to || out->n == TONE_PARTS_MAX ||
		s->v[x.from].title != s->v[x.to - 1].title) {
		return;
	}
	out->v[out->n++] = (struct tone_part){
		kind, s->v[x.from].title, s->v[x.from].start, s->v[x.to - 1].end};
}

/* The next clause of a sentence from token `from` on; a word that contrasts begins a new one. */
static struct span clause(const struct tone_scan *s, uint32_t from, uint32_t end)
{
	uint32_t to = from;
	while (to < end && !ends_clause(s, to) &&
		!(to > from &&
			(is(s, to, "but") || is(s, to, "though") || is(s, to, "although")))) {
		to++;
	}
	return (struct span){from, to};
}

/* The worth of its words: above 0 praise. */
static int worth(const struct tone_scan *s, struct span x)
{
	int sum = 0;
	for (uint32_t i = x.from; i < x.to; i++) {
		int value = s->v[i].value;
		sum += (s->v[i].flags & TONE_NEGATED) == 0 ? value : value > 0 ? -value : 1;
	}
	return sum;
}

/* A number of something: "3 weeks", "40 %", "two days". */
static bool measures(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	bool unit =
		i + 1 < end && ((s->v[i + 1].roles & ROLE_UNIT) != 0 || tone_mark(s, i + 1, '%'));
	return s->v[i].kind == TONE_NUMBER || ((s->v[i].roles & ROLE_COUNTS) != 0 && unit);
}

/* Is the number at i set against another: "from … to", "rather than", "compared with", "down"? */
static bool is_set_against(const struct tone_scan *s, uint32_t i)
{
	static const char *const words[] = {"from", "rather than", "instead of", "compared with",
		"up from", "down from", "where it", "where they", "it was", "it took", "they took",
		"before it", "used to", "became"};
	for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
		if (stands(s, i, s->n, words[k])) {
			return true;
		}
	}
	return false;
}

/* What changes, from its word on; `end` where none is. */
static uint32_t verb_of(const struct tone_scan *s, struct span x, bool *own)
{
	static const struct {
		const char *word;
		bool own; /* the span begins with it: who did it is no part of the result */
	} verbs[] = {{"cut", true}, {"cuts", true}, {"reduced", true}, {"shaved", true},
		{"saved", true}, {"saves", true}, {"slashed", true}, {"trimmed", true},
		{"halved", true}, {"doubled", true}, {"tripled", true}, {"handles", true},
		{"went", false}, {"dropped", false}, {"fell", false}, {"rose", false},
		{"grew", false}, {"shrank", false}, {"climbed", false}, {"lower", false},
		{"higher", false}, {"fewer", false}, {"down", false}, {"up", false}};
	for (uint32_t i = x.from; i < x.to; i++) {
		for (size_t k = 0;
			(s->v[i].roles & ROLE_RISES) != 0 && k < sizeof(verbs) / sizeof(verbs[0]);
			k++) {
			if (is(s, i, verbs[k].word)) {
				*own = verbs[k].own;
				return i;
			}
		}
	}
	return x.to;
}

/* "from 3 weeks to 2 days", "fell 40 %", "halved our hours": where it begins, or the end. */
static uint32_t change(const struct tone_scan *s, struct span x)
{
	bool own = false, against = false;
	uint32_t verb = verb_of(s, x, &own), numbers = 0, near = x.to;
	for (uint32_t i = x.from; i < x.to; i++) {
		bool here = measures(s, i, x.to) || (s->v[i].roles & ROLE_COUNTS) != 0;
		numbers += here;
		near = here && (measures(s, i, x.to) || numbers > 1) && near == x.to ? i : near;
		against |= (s->v[i].roles & (ROLE_RISES | ROLE_BINDS | ROLE_PREPOSITION |
						    ROLE_PRONOUN)) != 0 &&
			   is_set_against(s, i);
	}
	bool times = verb < x.to && s->v[verb].fold_n >= 6 && is(s, verb, "halved");
	bool alone = verb < x.to && verb + 6 >= near && near < x.to;
	if (times || alone || (against && numbers >= 2)) {
		return own ? verb : x.from;
	}
	return x.to;
}

/* A result goes on behind a comma where it is set against what was. */
static struct span widened(const struct tone_scan *s, struct span x, uint32_t end)
{
	while (x.to + 1 < end && (tone_mark(s, x.to, ',') || tone_mark(s, x.to, ';')) &&
		is_set_against(s, x.to + 1)) {
		x.to = clause(s, x.to + 1, end).to;
	}
	return x;
}

static void read_lesson(
	const struct tone_scan *s, struct span x, uint32_t at, struct tone_parts *out)
{
	uint32_t from = x.from, to = x.to;
	for (uint32_t i = x.from; i < x.to; i++) {
		bool ends = tone_mark(s, i, ';') ||
			    (tone_mark(s, i, ',') && i + 1 < x.to && is(s, i + 1, "because"));
		if (i < at && (ends || is(s, i, "but"))) {
			from = i + 1;
		} else if (i > at && ends) {
			to = i;
			break;
		}
	}
	add(s, out, TONE_LESSON, (struct span){from, to});
}

/* Does some word lower what is said: not, too, hardly, a bit? */
static bool lowers(const struct tone_scan *s, struct span x)
{
	uint32_t roles = 0;
	for (uint32_t i = x.from; i < x.to; i++) {
		roles |= s->v[i].roles;
	}
	return (roles & (ROLE_NEGATES | ROLE_HARDLY | ROLE_TOO | ROLE_WEAKER)) != 0;
}

/* The clause that states a limit: the first that says something bad, else one that lowers; else none. */
static struct span flaw(const struct tone_scan *s, struct span x)
{
	struct span low = {x.to, x.to};
	for (uint32_t i = x.from; i < x.to;) {
		struct span c = clause(s, i, x.to);
		if (c.to - c.from >= 3 && (worth(s, c) < 0 || find(s, c, CUE_LIMIT) < c.to)) {
			return c;
		}
		low = low.from == x.to && c.to - c.from >= 3 && worth(s, c) <= 0 && lowers(s, c)
			      ? c
			      : low;
		i = c.to > i ? c.to : i + 1;
		i += i < x.to && ends_clause(s, i);
	}
	return low;
}

/* A result in a sentence, if there is one. */
static bool read_outcome(const struct tone_scan *s, struct span x, struct tone_parts *out)
{
	bool found = false;
	for (uint32_t i = x.from; i < x.to;) {
		struct span c = widened(s, clause(s, i, x.to), x.to);
		uint32_t at = change(s, c);
		if (at < c.to) {
			add(s, out, TONE_OUTCOME, (struct span){at, c.to});
			found = true;
		}
		i = c.to > i ? c.to : i + 1;
		i += i < x.to && ends_clause(s, i);
	}
	return found;
}

#define SOUNDS_GOOD 0.3
#define SOUNDS_BAD (-0.3)

/* Is a flaw denied in it? Then it states none. */
static bool holds_denied(const struct tone_scan *s, struct span x)
{
	for (uint32_t i = x.from; i < x.to; i++) {
		if ((s->v[i].flags & TONE_DENIED) != 0) {
			return true;
		}
	}
	return false;
}

static void read_limit(const struct tone_scan *s, struct span x, const struct tone_ear *ear,
	struct tone_parts *out)
{
	struct span c = flaw(s, x);
	bool denied = holds_denied(s, c);
	if ((c.from >= c.to || denied) && ear->praised) {
		return; /* nothing to hear for */
	}
	double sound = ear->hear(ear->with, x.from, x.to);
	out->praise |= sound > SOUNDS_GOOD;
	if (!denied && (sound < SOUNDS_BAD || find(s, x, CUE_LIMIT) < x.to)) {
		add(s, out, TONE_LIMIT, c);
	}
}

static void read_sentence(const struct tone_scan *s, struct span x, const struct tone_ear *ear,
	struct tone_parts *out)
{
	uint32_t lesson = find(s, x, CUE_LESSON);
	bool selection = find(s, x, CUE_SELECTION) < x.to && x.to - x.from > 4;
	if (selection) {
		add(s, out, TONE_SELECTION, x);
	}
	if (lesson < x.to) {
		read_lesson(s, x, lesson, out);
	} else if (!read_outcome(s, x, out) && !selection && ear != NULL && x.to > x.from) {
		read_limit(s, x, ear, out);
	}
}

void tone_parts_read(const struct tone_scan *s, const struct tone_ear *ear, struct tone_parts *out)
{
	out->n = 0;
	out->question = out->praise = false;
	for (uint32_t i = 0; i < s->n;) {
		uint32_t to = i;
		while (to < s->n && !tone_ends_sentence(s, to)) {
			to++;
		}
		out->question |= to < s->n && to > i && tone_mark(s, to, '?');
		read_sentence(s, (struct span){i, to}, ear, out);
		i = to + 1;
	}
}
