#include "rules/classify/tone_parts.h"

#include "rules/classify/tone_claims.h"

#include <string.h>

struct span {
	uint32_t from, to; /* tokens, end exclusive */
};

/* Does the last mark close a bracket or a quote that was opened within? */
static bool closes(const struct tone_scan *s, struct span x)
{
	char shut = s->fold[s->v[x.to - 1].fold], open = shut == ')' ? '(' : '"';
	for (uint32_t i = x.from; (shut == ')' || shut == '"') && i + 1 < x.to; i++) {
		if (tone_mark(s, i, open)) {
			return true;
		}
	}
	return false;
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
			cut = tone_is_word(s, x.from, joints[k]);
		}
		x.from += cut;
	}
	while (x.to > x.from && s->v[x.to - 1].kind >= TONE_EMOJI && !tone_mark(s, x.to - 1, '%') &&
		!closes(s, x)) {
		x.to--;
	}
	return x;
}

static bool add(
	const struct tone_scan *s, struct tone_parts *out, enum tone_part_kind kind, struct span x)
{
	x = trimmed(s, x);
	if (x.from >= x.to || out->n == TONE_PARTS_MAX ||
		s->v[x.from].title != s->v[x.to - 1].title) {
		return false;
	}
	out->v[out->n++] = (struct tone_part){
		kind, s->v[x.from].title, s->v[x.from].start, s->v[x.to - 1].end};
	return true;
}

/* The next clause of a sentence from token `from` on; a word that contrasts begins a new one. */
static struct span clause(const struct tone_scan *s, uint32_t from, uint32_t end)
{
	uint32_t to = from;
	while (to < end && !tone_pauses(s, to) &&
		!(to > from && (tone_is_word(s, to, "but") || tone_is_word(s, to, "though") ||
				       tone_is_word(s, to, "although")))) {
		to++;
	}
	return (struct span){from, to};
}

static bool is_count(const struct tone_scan *s, uint32_t i)
{
	bool one = tone_is_word(s, i, "one"); /* as a number only behind these */
	bool number =
		!one || (i > 0 && (tone_is_word(s, i - 1, "to") || tone_is_word(s, i - 1, "from") ||
					  tone_is_word(s, i - 1, "took")));
	return (s->v[i].roles & ROLE_COUNTS) != 0 && number;
}
static bool is_unit(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	return i < end && ((s->v[i].roles & ROLE_UNIT) != 0 || tone_mark(s, i, '%'));
}

/* A number of something: "3 weeks", "40 %", "two days", "by a fifth". */
static bool measures(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	bool part = i > 0 && (tone_is_word(s, i - 1, "a") || tone_is_word(s, i - 1, "by"));
	return s->v[i].kind == TONE_NUMBER ||
	       ((s->v[i].roles & ROLE_COUNTS) != 0 &&
		       (is_unit(s, i + 1, end) || (part && is_count(s, i))));
}

/* Is a figure set against another in it: "from … to", "rather than", "compared with"? */
static bool sets_against(const struct tone_scan *s, const struct tone_cues *cues, struct span x)
{
	for (uint32_t i = x.from; i < x.to; i++) {
		i = tone_cue_find(cues, CUE_AGAINST, false, i, x.to);
		/* "from": a number, or the number of something */
		if (i < x.to &&
			(!tone_is_word(s, i, "from") ||
				(i + 2 < s->n && (measures(s, i + 1, s->n) || is_count(s, i + 1) ||
							 measures(s, i + 2, s->n))))) {
			return true;
		}
	}
	return false;
}

enum way { DOWN = -1, ANY, UP, GOOD };

/* Words of change. */
static const struct {
	const char *word;
	int8_t way; /* where the figure goes */
	bool own; /* with what is changed behind it, the span begins with it: who did it is no part */
	bool alone; /* says by how much */
	bool near;  /* by how much stands beside it */
} verbs[] = {{"cut", DOWN, true, false, false}, {"cuts", DOWN, true, false, false},
	{"reduced", DOWN, true, false, false}, {"reduces", DOWN, true, false, false},
	{"shaved", GOOD, true, false, false}, {"saved", GOOD, true, false, false},
	{"saves", GOOD, true, false, false}, {"slashed", DOWN, true, false, false},
	{"trimmed", DOWN, true, false, false}, {"increased", UP, true, false, false},
	{"decreased", DOWN, true, false, false}, {"raised", UP, true, false, false},
	{"shortened", DOWN, true, false, false}, {"halved", DOWN, true, true, false},
	{"doubled", UP, true, true, false}, {"tripled", UP, true, true, false},
	{"quadrupled", UP, true, true, false}, {"handles", ANY, true, false, true},
	{"cover", ANY, true, false, true}, {"went", ANY, false, false, false},
	{"dropped", DOWN, false, false, false}, {"fell", DOWN, false, false, false},
	{"rose", UP, false, false, false}, {"grew", UP, false, false, false},
	{"shrank", DOWN, false, false, false}, {"climbed", UP, false, false, false},
	{"lower", DOWN, false, false, true}, {"higher", UP, false, false, true},
	{"fewer", DOWN, false, false, true}, {"down", DOWN, false, false, true},
	{"up", UP, false, false, true}};
#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

/* The word of change of the span and which it is; `x.to` where none is. */
static uint32_t verb_of(const struct tone_scan *s, struct span x, size_t *which)
{
	for (uint32_t i = x.from; i < x.to; i++) {
		for (size_t k = 0; (s->v[i].roles & ROLE_RISES) != 0 && k < VERBS; k++) {
			if (tone_is_word(s, i, verbs[k].word)) {
				*which = k;
				return i;
			}
		}
	}
	return x.to;
}

/* A figure in digits, or below 0. */
static double figure(const struct tone_scan *s, uint32_t i)
{
	struct str field = s->v[i].title ? s->title : s->text;
	double value = 0;
	if (s->v[i].kind != TONE_NUMBER) {
		return -1;
	}
	for (uint32_t at = s->v[i].start; at < s->v[i].end && value < 1e9; at++) {
		char c = field.p[at];
		if (c != ',' && (c < '0' || c > '9')) {
			break;
		}
		value = c == ',' ? value : 10 * value + (c - '0');
	}
	return value;
}

/* Where "from 4 to 7" goes; ANY where it cannot be told. */
static enum way way_between(const struct tone_scan *s, struct span x)
{
	double first = -1;
	for (uint32_t i = x.from; i < x.to; i++) {
		double here = figure(s, i);
		if (here >= 0 && first >= 0 && tone_is_word(s, i - 1, "to")) {
			return here < first ? DOWN : here > first ? UP : ANY;
		}
		first = here >= 0 ? here : first;
	}
	return ANY;
}

/* What is better the more there is of it. */
static bool is_wanted(const struct tone_scan *s, struct span x)
{
	static const char *const wanted[] = {"revenue", "sales", "turnover", "bookings", "orders",
		"conversion", "conversions", "satisfaction", "rating", "ratings", "score",
		"members", "output", "throughput", "accuracy", "uptime", "retention", "yield",
		"renewals", "attendance", "occupancy", "capacity", "margin", "customers"};
	for (uint32_t i = x.from; i < x.to; i++) {
		for (size_t k = 0; k < sizeof(wanted) / sizeof(wanted[0]); k++) {
			if (tone_is_word(s, i, wanted[k])) {
				return true;
			}
		}
	}
	return false;
}

/* What is better the less there is of it: time (but not "a day"), and what sounds bad. */
static bool is_unwanted(const struct tone_scan *s, struct span x)
{
	static const char *const unwanted[] = {"calls", "tickets", "clicks", "steps", "shows",
		"costs", "returns", "churn", "queue", "absences", "reminders", "load"};
	for (uint32_t i = x.from; i < x.to; i++) {
		const struct tone_token *t = &s->v[i];
		bool time = (t->roles & ROLE_UNIT) != 0 && t->kind == TONE_WORD && i > x.from &&
			    (s->v[i - 1].kind == TONE_NUMBER || is_count(s, i - 1)) &&
			    !tone_is_word(s, i, "percent");
		if (time || t->value < 0) {
			return true;
		}
		for (size_t k = 0; k < sizeof(unwanted) / sizeof(unwanted[0]); k++) {
			if (tone_is_word(s, i, unwanted[k])) {
				return true;
			}
		}
	}
	return false;
}

/* Is the change one for the worse? */
static bool is_worse(const struct tone_scan *s, struct span x, enum way way)
{
	enum way to = way_between(s, x);
	way = way == GOOD || to == ANY ? way : to;
	return (way == UP && is_unwanted(s, x) && !is_wanted(s, x)) ||
	       (way == DOWN && is_wanted(s, x));
}

/* Does something that is changed follow the word at i: "cut our costs", not "halved within a month"? */
static bool has_object(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	return i + 1 < end && tone_wordlike(&s->v[i + 1]) &&
	       (s->v[i + 1].roles & ROLE_PREPOSITION) == 0;
}

/* Behind the last measure what only says when and how it came to be falls. */
static uint32_t outcome_end(const struct tone_scan *s, uint32_t last, uint32_t end)
{
	static const char *const tails[] = {
		"within", "after", "with", "since", "and", "without", "when"};
	for (uint32_t i = last + 1; i < end; i++) {
		for (size_t k = 0; k < sizeof(tails) / sizeof(tails[0]); k++) {
			if (tone_is_word(s, i, tails[k])) {
				return i;
			}
		}
	}
	return end;
}

/* "from 3 weeks to 2 days", "fell 40 %", "halved our hours"; empty where there is none. */
static struct span change(const struct tone_scan *s, const struct tone_cues *cues, struct span x)
{
	struct span none = {x.to, x.to};
	size_t which = 0;
	uint32_t verb = verb_of(s, x, &which), numbers = 0, near = x.to, last = x.to;
	for (uint32_t i = x.from; i < x.to; i++) {
		bool sure = measures(s, i, x.to);
		bool here = sure || is_count(s, i);
		numbers += here;
		near = here && (sure || numbers > 1) && near == x.to ? i : near;
		last = here ? i : last;
	}
	bool object = verb < x.to && has_object(s, verb, x.to);
	bool times = verb < x.to && verbs[which].alone && (object || verb > x.from);
	bool by = verb < x.to && near < x.to && near <= verb + (verbs[which].near ? 3 : 6) &&
		  near + 3 >= verb;
	if (!times && !by && !(numbers >= 2 && sets_against(s, cues, x))) {
		return none;
	}
	uint32_t told = verb < x.to && (last == x.to || last < verb) ? verb : last;
	return (struct span){verb < x.to && verbs[which].own && object ? verb : x.from,
		outcome_end(s, told, x.to)};
}

/* A result goes on behind a comma where it is set against what was. */
static struct span widened(
	const struct tone_scan *s, const struct tone_cues *cues, struct span x, uint32_t end)
{
	while (x.to + 1 < end && (tone_mark(s, x.to, ',') || tone_mark(s, x.to, ';')) &&
		tone_cue_find(cues, CUE_AGAINST, false, x.to + 1, x.to + 3) < x.to + 3) {
		x.to = clause(s, x.to + 1, end).to;
	}
	return x;
}

/* Does a clause with a subject of its own begin at the comma i: ", and we would …"? */
static bool begins_own(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	return tone_mark(s, i, ',') && i + 2 < end &&
	       (tone_is_word(s, i + 1, "and") || tone_is_word(s, i + 1, "so")) &&
	       (s->v[i + 2].roles & ROLE_WE) != 0;
}

/* Is what stands before the next colon but the name of a lesson: "Pro tip from a burnt child: …"? */
static bool is_heading(const struct tone_scan *s, uint32_t at, uint32_t end)
{
	static const char *const heads[] = {"lesson", "lessons", "takeaway", "takeaways", "tip",
		"advice", "wisdom", "rule", "moral", "hint"};
	for (uint32_t i = at; i < end && !tone_mark(s, i, ':'); i++) {
		for (size_t k = 0; k < sizeof(heads) / sizeof(heads[0]); k++) {
			if (tone_is_word(s, i, heads[k])) {
				return true;
			}
		}
	}
	return false;
}

/* Is token i one of these words, which stand in the order of their first letters? */
static bool is_among(const struct tone_scan *s, uint32_t i, const char *const *words, size_t n)
{
	char first = s->fold[s->v[i].fold];
	size_t from = 0, to = n; /* where those with its first letter begin */
	while (from < to) {
		size_t middle = (from + to) / 2;
		if (words[middle][0] < first) {
			from = middle + 1;
		} else {
			to = middle;
		}
	}
	for (; from < n && words[from][0] == first; from++) {
		if (tone_is_word(s, i, words[from])) {
			return true;
		}
	}
	return false;
}
#define AMONG(s, i, words) is_among(s, i, words, sizeof(words) / sizeof((words)[0]))

static bool comes_first(const struct tone_scan *s, uint32_t from, uint32_t end)
{
	static const char *const before[] = {"before", "beforehand", "first", "instead", "not",
		"rather", "straight", "twice", "until", "whatever"};
	for (uint32_t i = from; i < end; i++) {
		if (AMONG(s, i, before)) {
			return true;
		}
	}
	return false;
}

/* Is somebody told at token i not to do something? What they shall not think or feel is no advice. */
static bool forbids(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	static const char *const deeds[] = {"accept", "assume", "be", "believe", "book", "bother",
		"choose", "do", "forget", "go", "haggle", "import", "judge", "leave", "let", "make",
		"migrate", "mix", "order", "pay", "put", "rely", "run", "save", "sign", "skimp",
		"skip", "start", "take", "throw", "trust", "try", "underestimate", "wait"};
	if ((s->v[i].roles & ROLE_NEGATES) == 0 && !tone_is_word(s, i, "do")) {
		return false; /* most words */
	}
	bool denied = tone_is_word(s, i, "don't") || tone_is_word(s, i, "dont") ||
		      tone_is_word(s, i, "never");
	uint32_t at = i + 1;
	if (tone_is_word(s, i, "do") && i + 1 < end && tone_is_word(s, i + 1, "not")) {
		denied = true;
		at++;
	}
	return denied && at + 1 < end && AMONG(s, at, deeds) &&
	       (s->v[at + 1].roles & ROLE_WE) == 0; /* "never let us down" */
}

/* Is somebody told at token i what to do? That it is a verb is told by the word behind it. */
static bool orders(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	static const char *const deeds[] = {"agree", "ask", "begin", "book", "budget", "buy",
		"calculate", "check", "choose", "clean", "compare", "count", "decide", "demand",
		"document", "draw", "export", "find", "freeze", "get", "go", "have", "hire",
		"insist", "install", "invest", "involve", "keep", "label", "leave", "let", "listen",
		"look", "make", "map", "measure", "meet", "move", "name", "negotiate", "order",
		"pay", "phone", "photograph", "pick", "pilot", "plan", "print", "ring", "sit",
		"skip", "spend", "start", "stick", "take", "talk", "teach", "tell", "test", "train",
		"treat", "try", "use", "visit", "wait", "wear", "weigh", "write"};
	/* alone they may tell what was done */
	static const char *const either[] = {"fix", "give", "put", "read", "run", "set"};
	static const char *const behind[] = {"along", "down", "enough", "everybody", "everyone",
		"everything", "how", "if", "into", "one", "out", "people", "somebody", "someone",
		"that", "them", "twice", "two", "up", "what", "whether", "who", "you", "your"};
	while (i < end && (tone_is_word(s, i, "please") || tone_is_word(s, i, "do") ||
				  tone_is_word(s, i, "just") || tone_is_word(s, i, "always"))) {
		i++;
	}
	const uint32_t no_verb = ROLE_PRONOUN | ROLE_ARTICLE | ROLE_WE | ROLE_PREPOSITION |
				 ROLE_BINDS | ROLE_NEGATES | ROLE_COUNTS;
	if (i + 2 >= end || (s->v[i].roles & no_verb) != 0) {
		return false; /* most words */
	}
	bool either_way = AMONG(s, i, either);
	if (!either_way && !AMONG(s, i, deeds)) {
		return false;
	}
	bool own = (s->v[i + 1].roles & ROLE_WE) != 0; /* "ask me", "let us" */
	bool thing = (s->v[i + 1].roles & (ROLE_ARTICLE | ROLE_PREPOSITION)) != 0 ||
		     AMONG(s, i + 1, behind);
	return !own && ((thing && !either_way) || comes_first(s, i + 1, end));
}

/* Advice to those who come after is an order: "Test the export before you sign", "Don't skip the training", "If you
 * have the choice, take the big one". The token that it begins with, or `end`. */
static uint32_t find_advice(const struct tone_scan *s, struct span x)
{
	uint32_t from = x.from;
	while (from < x.to && s->v[from].kind >= TONE_EMOJI) {
		from++;
	}
	if (from == x.to || forbids(s, from, x.to) || orders(s, from, x.to)) {
		return from;
	}
	bool supposes = tone_is_word(s, from, "if") || tone_is_word(s, from, "should") ||
			tone_is_word(s, from, "when") || tone_is_word(s, from, "whoever");
	for (uint32_t i = from + 1; i + 1 < x.to; i++) {
		bool told = tone_mark(s, i, ':') || (supposes && tone_mark(s, i, ','));
		if (told && (forbids(s, i + 1, x.to) || orders(s, i + 1, x.to))) {
			return from;
		}
	}
	return x.to;
}

static void read_lesson(
	const struct tone_scan *s, struct span x, uint32_t at, struct tone_parts *out)
{
	uint32_t from = x.from, to = x.to;
	bool heads = is_heading(s, at, x.to);
	for (uint32_t i = x.from; i < x.to; i++) {
		bool ends = tone_mark(s, i, ';') || (tone_mark(s, i, ',') && i + 1 < x.to &&
							    tone_is_word(s, i + 1, "because"));
		if (i < at && (ends || tone_is_word(s, i, "but") || begins_own(s, i, x.to))) {
			from = i + 1;
		} else if (i > at && tone_mark(s, i, ':') && heads && i + 2 < x.to) {
			heads = false; /* "Lesson for the record: …" */
			from = i + 1;
		} else if (i > at && ends) {
			to = i;
			break;
		}
	}
	add(s, out, TONE_LESSON, (struct span){from, to});
}

/* Most sentences have no number. */
static bool may_measure(const struct tone_scan *s, struct span x)
{
	for (uint32_t i = x.from; i < x.to; i++) {
		if (s->v[i].kind == TONE_NUMBER ||
			(s->v[i].roles & (ROLE_COUNTS | ROLE_RISES)) != 0) {
			return true;
		}
	}
	return false;
}

/* A result in a sentence, if there is one. */
static bool read_outcome(const struct tone_scan *s, const struct tone_cues *cues, struct span x,
	struct tone_parts *out)
{
	if (!may_measure(s, x)) {
		return false;
	}
	bool found = false;
	for (uint32_t i = x.from; i < x.to;) {
		struct span c = widened(s, cues, clause(s, i, x.to), x.to);
		struct span told = change(s, cues, c);
		if (told.from < told.to && told.to - told.from > 2) {
			size_t which = 0;
			bool verb = verb_of(s, told, &which) < told.to;
			bool worse = is_worse(s, told, verb ? (enum way)verbs[which].way : ANY);
			add(s, out, TONE_OUTCOME, told);
			out->worse += worse;
			out->better += !worse;
			found = true;
		}
		i = c.to > i ? c.to : i + 1;
		i += i < x.to && tone_pauses(s, i);
	}
	return found;
}

/* Is something chosen in it among others, or for a reason? */
static bool chooses(const struct tone_cues *c, struct span x, bool result)
{
	return tone_cue_find(c, CUE_SELECTION, result, x.from, x.to) < x.to ||
	       (!result && tone_cue_find(c, CUE_CHOICE, false, x.from, x.to) < x.to &&
		       tone_cue_find(c, CUE_OTHERS, false, x.from, x.to) < x.to);
}

/* Of what a sentence sounds like; chosen on sentences of hands that nothing was learnt from. */
#define LESSON_SURE 1.0f
#define LESSON_DOUBTFUL (-2.0f)
#define CHOICE_SURE 0.5f
#define CHOICE_DOUBTFUL (-1.5f)
#define LIMIT_LIKELY 0.36f /* chosen alike, for F1 */

#define FEW_WORDS 6 /* sound like anything */

/* Whether it is there: by a phrase that tells it, and by how much the sentence sounds like it. */
static bool sounds(bool told, struct span x, float claim, float doubtful, float sure)
{
	return told ? claim > doubtful : claim > sure && x.to - x.from > FEW_WORDS;
}

/* `claim`: of each claim, or NULL where phrases alone decide. */
static void read_sentence(const struct tone_scan *s, const struct tone_cues *cues, struct span x,
	const float *claim, struct tone_parts *out)
{
	uint32_t at = tone_cue_find(cues, CUE_LESSON, false, x.from, x.to);
	at = at < x.to ? at : find_advice(s, x);
	bool lesson = at < x.to, asked = x.to < s->n && tone_mark(s, x.to, '?'), result = false;
	if (claim != NULL) {
		lesson = sounds(lesson, x, claim[CLAIM_LESSON], LESSON_DOUBTFUL, LESSON_SURE);
	}
	if (lesson && !asked) {
		read_lesson(s, x, at < x.to ? at : x.from, out);
	} else if (!asked) {
		result = read_outcome(s, cues, x, out);
	}
	bool choice = chooses(cues, x, result);
	if (claim != NULL) {
		choice = sounds(choice, x, claim[CLAIM_CHOICE], CHOICE_DOUBTFUL, CHOICE_SURE);
	}
	if (!asked && x.to - x.from > 4 && choice) {
		add(s, out, TONE_SELECTION, x);
	}
}

/* Does any of its words say something? "Too", "only" or "as well" do not, between two commas. */
static bool says_something(const struct tone_scan *s, struct span x)
{
	const uint32_t telling = ROLE_NEGATES | ROLE_HARDLY | ROLE_WEAKER | ROLE_VERB | ROLE_LACKS |
				 ROLE_WHOLE | ROLE_COMPANY | ROLE_ASKS | ROLE_COUNTS | ROLE_WISHES |
				 ROLE_NEEDS | ROLE_RARELY | ROLE_LATE | ROLE_FORMER;
	for (uint32_t i = x.from; i < x.to; i++) {
		const struct tone_token *t = &s->v[i];
		bool plain = t->roles == 0 && t->value == 0; /* names a thing or what is done */
		if (tone_wordlike(t) && (plain || t->value < 0 || (t->roles & telling) != 0)) {
			return true;
		}
	}
	return false;
}

/* Is the next clause of the same breath? */
static bool goes_on(const struct tone_clause *x, const struct tone_clause *next)
{
	return next->sentence == x->sentence && next->sign[CLAUSE_CONTRASTS] == 0;
}

bool tone_parts_limited(const struct tone_scan *s, const struct tone_clauses *c,
	const float chance[TONE_CLAUSES_MAX], struct tone_parts *out)
{
	bool found = false;
	for (size_t i = 0; i < c->n; i++) {
		const struct tone_clause *first = &c->v[i], *last = first;
		if (chance[i] < LIMIT_LIKELY) {
			continue;
		}
		while (i + 1 < c->n && chance[i + 1] >= LIMIT_LIKELY &&
			goes_on(last, &c->v[i + 1])) {
			last = &c->v[++i];
		}
		struct span x = {first->from, last->to};
		found |= says_something(s, x) && add(s, out, TONE_LIMIT, x);
	}
	return found;
}

/* Is somebody asked in the sentence? Not where the author answers, or nobody can. */
static bool asks(const struct tone_scan *s, uint32_t from, uint32_t to)
{
	static const char *const others[] = {
		"anyone", "anybody", "someone", "somebody", "you", "your", "others", "folks"};
	if (to >= s->n || !tone_mark(s, to, '?') || to < from + 3 ||
		(to + 1 < s->n && tone_mark(s, to + 1, '!'))) {
		return false;
	}
	for (uint32_t i = to + 1; i < s->n && i < to + 3; i++) {
		if (tone_is_word(s, i, "yes") || tone_is_word(s, i, "no") ||
			tone_is_word(s, i, "never") || tone_is_word(s, i, "nope")) {
			return false;
		}
	}
	for (uint32_t i = from; i < to; i++) {
		for (size_t k = 0; k < sizeof(others) / sizeof(others[0]); k++) {
			if (tone_is_word(s, i, others[k])) {
				return true;
			}
		}
	}
	bool of_self = tone_is_word(s, from + 1, "i") && !tone_is_word(s, from, "can") &&
		       !tone_is_word(s, from, "how");
	bool rhetoric = (s->v[from + 1].roles & ROLE_NEGATES) != 0;
	return (s->v[from].roles & ROLE_ASKS) != 0 && !of_self && !rhetoric;
}

static void read_all(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_claims *claims, const struct tone_model *m, struct tone_parts *out)
{
	float claim[TONE_CLAIMS];
	out->n = 0;
	out->better = out->worse = 0;
	out->question = false;
	for (uint32_t i = 0, k = 0; i < s->n;) {
		uint32_t to = tone_sentence_end(s, i, &k);
		out->question |= asks(s, i, to);
		if (claims != NULL && to > i) {
			tone_claims_sentence(claims, m, i, to, claim);
		}
		read_sentence(s, cues, (struct span){i, to},
			claims != NULL && to > i ? claim : NULL, out);
		i = to + 1;
	}
}

void tone_parts_read(
	const struct tone_scan *s, const struct tone_cues *cues, struct tone_parts *out)
{
	read_all(s, cues, NULL, NULL, out);
}

void tone_parts_claimed(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_claims *claims, const struct tone_model *m, struct tone_parts *out)
{
	read_all(s, cues, claims, m, out);
}
