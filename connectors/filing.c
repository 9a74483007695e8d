#include "connectors/filing.h"

#include "connectors/filing_words.h"

#include <stdio.h>

#define WORDS_MAX 300 /* of one sentence; the rest is not read */
#define REACH 14      /* words between a verb and what belongs to it */
#define NAME_MAX 5    /* words */
#define NAMES_MAX 64  /* people of one text, for "Mr. Example" */

struct reader {
	struct arena *arena;
	struct filing_move *out;
	size_t n;
	struct str names[NAMES_MAX]; /* full names seen so far */
	size_t names_n;
	struct str sentence;
	struct word w[WORDS_MAX];
	size_t words;
};

/* --- the section --- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Where "Item N.NN" begins from `from` on; *number is "N.NN". SIZE_MAX: nowhere. */
static size_t find_item(struct str text, size_t from, struct str *number)
{
	for (size_t i = from; i + 9 <= text.n; i++) {
		struct str rest = str_n(text.p + i, text.n - i);
		if (!str_starts_nocase(rest, STR("item"))) {
			continue;
		}
		size_t k = 4;
		while (k < rest.n && (rest.p[k] == ' ' || rest.p[k] == '\n')) {
			k++;
		}
		if (k + 4 <= rest.n && is_digit(rest.p[k]) && rest.p[k + 1] == '.' &&
			is_digit(rest.p[k + 2]) && is_digit(rest.p[k + 3])) {
			*number = str_n(rest.p + k, 4);
			return i;
		}
	}
	return SIZE_MAX;
}

bool filing_item_502(struct str text, struct str *section)
{
	struct str number = STR_NONE;
	size_t at = find_item(text, 0, &number);
	while (at != SIZE_MAX && !str_eq(number, STR("5.02"))) {
		at = find_item(text, at + 4, &number);
	}
	if (at == SIZE_MAX) {
		return false;
	}
	size_t end = at;
	do { /* "Item 5.02" may be referred to inside of it */
		end = find_item(text, end + 4, &number);
	} while (end != SIZE_MAX && str_eq(number, STR("5.02")));
	*section = str_n(text.p + at, (end != SIZE_MAX ? end : text.n) - at);
	size_t signature = str_find(*section, STR("\nSIGNATURE"));
	if (signature != SIZE_MAX) {
		section->n = signature;
	}
	return true;
}

/* --- sentences --- */

static bool ends_sentence(struct str text, size_t i)
{
	if (text.p[i] == '\n') {
		return true;
	}
	if (text.p[i] != '.' || i + 2 >= text.n || text.p[i + 1] != ' ') {
		return false;
	}
	size_t start = i;
	while (start > 0 && text.p[start - 1] != ' ' && text.p[start - 1] != '\n') {
		start--;
	}
	struct str word = str_n(text.p + start, i - start);
	bool next_is_capital = text.p[i + 2] < 'a' || text.p[i + 2] > 'z';
	return next_is_capital && word.n > 1 && !word_is(WORD_ABBREVIATION, word) &&
	       str_find(word, STR(".")) == SIZE_MAX;
}

static struct str next_sentence(struct str *rest)
{
	size_t i = 0;
	while (i < rest->n && !ends_sentence(*rest, i)) {
		i++;
	}
	struct str one = str_n(rest->p, i);
	size_t used = i < rest->n ? i + 1 : i;
	*rest = str_n(rest->p + used, rest->n - used);
	return str_trim(one);
}

static void split_words(struct reader *r)
{
	struct str rest = r->sentence, part;
	r->words = 0;
	while (r->words < WORDS_MAX && str_split(&rest, ' ', &part)) {
		struct word w = word_make(part);
		if (w.s.n > 0) {
			r->w[r->words++] = w;
		}
	}
}

/* --- people --- */

static bool is_name_word(const struct word *w)
{
	return w->capital && !word_is(WORD_NO_NAME, w->s) && !word_is(WORD_MONTH, w->s) &&
	       !word_is(WORD_HONORIFIC, w->s);
}

/* Words of the full name that begins at `i`, 0 if none does. */
static size_t name_at(const struct reader *r, size_t i)
{
	size_t n = 0, capitals = 0;
	if (i >= r->words || !is_name_word(&r->w[i]) ||
		(i > 0 && r->w[i - 1].capital && is_name_word(&r->w[i - 1]) &&
			r->w[i - 1].after == '\0')) {
		return 0;
	}
	while (i + n < r->words && n < NAME_MAX) {
		const struct word *w = &r->w[i + n];
		bool particle = n > 0 && word_is(WORD_PARTICLE, w->s);
		if (!particle && !is_name_word(w)) {
			break;
		}
		capitals += !particle;
		n++;
		if (w->after != '\0' && w->after != '.') {
			break;
		}
	}
	bool company =
		i + n < r->words && (word_is(WORD_COMPANY, r->w[i + n].s) || r->w[i + n].opens);
	bool initial_only = n == 2 && r->w[i + 1].s.n == 1;
	return capitals >= 2 && !company && !initial_only ? n : 0;
}

static struct str text_of(const struct reader *r, size_t from, size_t n)
{
	const struct word *last = &r->w[from + n - 1];
	struct str s = str_n(r->w[from].s.p, (size_t)(last->s.p + last->s.n - r->w[from].s.p));
	bool initial = n > 0 && last->s.n == 1 && last->after == '.';
	s.n += initial;
	return s;
}

static struct str last_word(struct str name)
{
	size_t i = name.n;
	while (i > 0 && name.p[i - 1] != ' ') {
		i--;
	}
	return str_n(name.p + i, name.n - i);
}

/* "Mr. Example" as the full name that was said before. */
static struct str known_name(const struct reader *r, struct str last)
{
	for (size_t i = 0; i < r->names_n; i++) {
		if (str_eq_nocase(last_word(r->names[i]), last)) {
			return r->names[i];
		}
	}
	return STR_NONE;
}

struct person {
	struct str name; /* absent: nobody */
	size_t from, end;
};

static struct person person_at(struct reader *r, size_t i)
{
	size_t n = name_at(r, i);
	if (n > 0) {
		return (struct person){text_of(r, i, n), i, i + n};
	}
	if (i + 1 < r->words && word_is(WORD_HONORIFIC, r->w[i].s) && r->w[i + 1].capital) {
		n = name_at(r, i + 1);
		struct str name = n > 0 ? text_of(r, i + 1, n) : known_name(r, r->w[i + 1].s);
		return (struct person){name, i, i + 1 + (n > 0 ? n : 1)};
	}
	return (struct person){STR_NONE, i, i};
}

static struct person person_before(struct reader *r, size_t at)
{
	for (size_t i = at; i-- > 0;) {
		struct person p = person_at(r, i);
		if (p.name.p != NULL && p.end <= at) {
			if (i > 0 && word_is(WORD_HONORIFIC, r->w[i - 1].s)) {
				p.from--;
			}
			return p;
		}
	}
	return (struct person){STR_NONE, at, at};
}

static struct person person_after(struct reader *r, size_t at, size_t reach)
{
	for (size_t i = at; i < r->words && i < at + reach; i++) {
		struct person p = person_at(r, i);
		if (p.name.p != NULL) {
			return p;
		}
	}
	return (struct person){STR_NONE, at, at};
}

static void note_names(struct reader *r)
{
	for (size_t i = 0; i < r->words && r->names_n < NAMES_MAX; i++) {
		size_t n = name_at(r, i);
		if (n > 0) {
			r->names[r->names_n++] = text_of(r, i, n);
			i += n - 1;
		}
	}
}

/* --- titles --- */

/* The title whose first word, or an article before it, is at `i`; absent: there is none. */
static struct str title_at(const struct reader *r, size_t i)
{
	while (i < r->words && word_is(WORD_ARTICLE, r->w[i].s)) {
		i++;
	}
	size_t n = 0, sure = 0;
	while (i + n < r->words && n < REACH) {
		const struct word *w = &r->w[i + n];
		bool is_title = word_is(WORD_TITLE, w->s);
		bool joint = n > 0 && (word_is(WORD_JOINT, w->s));
		if (!is_title && !joint && !(sure > 0 && w->capital && word_is(WORD_FIELD, w->s))) {
			break;
		}
		n++;
		sure = joint ? sure : n;
		if (w->after == ';' || w->after == ')' ||
			(w->after == ',' && !(i + n < r->words && r->w[i + n].capital))) {
			break;
		}
	}
	return sure > 0 ? text_of(r, i, sure) : STR_NONE;
}

/* The title said between `from` and `to` with "as", "to the position of" …; or the board. */
static struct str title_between(const struct reader *r, size_t from, size_t to)
{
	bool board = false;
	for (size_t i = from; i < r->words && i < to; i++) {
		struct str s = r->w[i].s;
		bool leads = str_eq_nocase(s, STR("as")) || str_eq_nocase(s, STR("of")) ||
			     str_eq_nocase(s, STR("to"));
		struct str title = leads ? title_at(r, i + 1) : STR_NONE;
		if (title.p != NULL) {
			return title;
		}
		board |= str_eq_nocase(s, STR("board")) && i > from;
	}
	return board ? STR("Director") : STR_NONE;
}

/* --- dates --- */

/* "September 30, 2026" at `i`. */
static bool date_at(const struct reader *r, size_t i, char out[11])
{
	int64_t day, year;
	int month = i + 2 < r->words ? word_month(r->w[i].s) : 0;
	if (month == 0 || !str_i64(r->w[i + 1].s, &day) || !str_i64(r->w[i + 2].s, &year) ||
		day < 1 || day > 31 || year < 1990 || year > 2100) {
		return false;
	}
	snprintf(out, 11, "%04d-%02d-%02d", (int)year, month, (int)day);
	return true;
}

static struct str effective_of(struct reader *r)
{
	char first[11] = "", date[11] = "";
	for (size_t i = 0; i < r->words; i++) {
		if (first[0] == '\0') {
			date_at(r, i, first);
		}
		if (!word_is(WORD_EFFECTIVE, r->w[i].s)) {
			continue;
		}
		for (size_t k = i + 1; k < r->words && k < i + 7 && date[0] == '\0'; k++) {
			date_at(r, k, date);
		}
		if (date[0] == '\0' && i + 1 < r->words &&
			str_eq_nocase(r->w[i + 1].s, STR("immediately"))) {
			snprintf(date, sizeof(date), "%s", first);
		}
	}
	return date[0] != '\0' ? arena_str(r->arena, str_c(date)) : STR_NONE;
}

/* --- moves --- */

static void add(struct reader *r, bool left, struct str person, struct str title)
{
	for (size_t i = 0; i < r->n; i++) {
		if (r->out[i].left == left && str_eq_nocase(r->out[i].person, person)) {
			return;
		}
	}
	if (r->n < FILING_MOVES_MAX) {
		r->out[r->n++] = (struct filing_move){.left = left,
			.person = person,
			.title = title,
			.effective = effective_of(r),
			.sentence = r->sentence};
	}
}

/* "appointed Jane Example as …", or "Jane Example was appointed …". */
static void read_appointment(struct reader *r, size_t verb)
{
	bool passive = verb > 0 && word_is(WORD_BE, r->w[verb - 1].s);
	struct person p = passive ? person_before(r, verb) : person_after(r, verb + 1, 5);
	if (p.name.p == NULL && !passive) {
		passive = true; /* "Jane Example named Chief …" */
		p = person_before(r, verb);
	}
	size_t from = passive ? verb + 1 : p.end;
	struct str title = title_at(r, from);
	if (title.p == NULL) {
		title = title_between(r, from, from + REACH);
	}
	if (p.name.p != NULL && title.p != NULL) {
		add(r, false, p.name, title);
	}
}

/* ", the Chief Financial Officer of …," behind the name. */
static struct str title_behind(const struct reader *r, const struct person *p)
{
	bool comma = p->end > 0 && p->end < r->words && r->w[p->end - 1].after == ',';
	return comma ? title_at(r, p->end) : STR_NONE;
}

static void read_departure(struct reader *r, size_t verb)
{
	struct person p = person_before(r, verb);
	if (p.name.p == NULL) {
		p = person_after(r, verb + 1, 6);
	}
	struct str title = title_between(r, verb + 1, verb + REACH);
	if (title.p == NULL || str_eq(title, STR("Director"))) {
		struct str behind = title_behind(r, &p);
		title = behind.p != NULL ? behind : title;
	}
	if (p.name.p != NULL) {
		add(r, true, p.name, title);
	}
}

/* "Jane Example joins Globex as …". Without a title it may be of a past job. */
static void read_joining(struct reader *r, size_t verb)
{
	struct person p = person_before(r, verb);
	struct str title = title_between(r, verb + 1, verb + REACH);
	if (p.name.p != NULL && title.p != NULL && !str_eq(title, STR("Director"))) {
		add(r, false, p.name, title);
	}
}

static void read_sentence(struct reader *r)
{
	split_words(r);
	note_names(r);
	for (size_t i = 0; i < r->words; i++) {
		if (word_is(WORD_NOT, r->w[i].s)) {
			return; /* "is not the result of a disagreement", "no arrangement by which" */
		}
	}
	for (size_t i = 0; i < r->words; i++) {
		bool steps = word_is(WORD_STEP, r->w[i].s) && i + 1 < r->words &&
			     str_eq_nocase(r->w[i + 1].s, STR("down"));
		if (steps || word_is(WORD_LEAVE, r->w[i].s)) {
			read_departure(r, i + steps);
		} else if (word_is(WORD_APPOINT, r->w[i].s)) {
			read_appointment(r, i);
		} else if (word_is(WORD_JOIN, r->w[i].s)) {
			read_joining(r, i);
		}
	}
}

size_t filing_moves(struct str text, struct arena *arena, struct filing_move *out)
{
	struct reader *r = arena_alloc(arena, sizeof(*r));
	if (r == NULL) {
		return 0;
	}
	r->arena = arena;
	r->out = out;
	while (text.n > 0) {
		r->sentence = next_sentence(&text);
		read_sentence(r);
	}
	return r->n;
}
