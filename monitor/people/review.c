#include "monitor/people/review.h"

#include "monitor/people/company_name.h"

#define SEPARATOR ';'

static enum review_verdict of(enum name_verdict v)
{
	return v == NAME_SAME         ? REVIEW_AGREES
	       : v == NAME_COMPATIBLE ? REVIEW_MAY_AGREE
	       : v == NAME_DIFFERENT  ? REVIEW_DIFFERS
				      : REVIEW_UNKNOWN;
}

static void compare_names(struct review_line *line)
{
	struct person_name a, b;
	person_name_read(&a, line->person);
	person_name_read(&b, line->other);
	struct name_match m = person_name_compare(&a, &b);
	line->verdict = of(m.verdict);
	line->reason = m.reason == NAME_EXACT ? NULL : name_reason_name(m.reason);
}

static bool is_better(enum review_verdict a, enum review_verdict b)
{
	static const int worth[] = {0, 3, 2, 1};
	return worth[a] > worth[b];
}

static void compare_companies(struct str a, struct str b, struct review_line *line)
{
	struct company_name x, y;
	company_name_read(&x, a);
	company_name_read(&y, b);
	struct company_match m = company_name_compare(&x, &y);
	if (is_better(of(m.verdict), line->verdict)) {
		line->verdict = of(m.verdict);
		line->reason = m.reason == COMPANY_EXACT || m.reason == COMPANY_OTHER
				       ? NULL
				       : company_reason_name(m.reason);
	}
}

static void compare_texts(struct str a, struct str b, struct review_line *line)
{
	enum review_verdict v = str_eq_nocase(a, b) ? REVIEW_AGREES : REVIEW_DIFFERS;
	line->verdict = is_better(v, line->verdict) ? v : line->verdict;
}

typedef void (*compare_fn)(struct str a, struct str b, struct review_line *line);

/* Each value of one with each of the other: the best counts. */
static void compare_all(struct review_line *line, compare_fn compare)
{
	struct str rest = line->person, one, two;
	while (str_split(&rest, SEPARATOR, &one)) {
		struct str others = line->other;
		while (str_split(&others, SEPARATOR, &two)) {
			if (str_trim(one).n > 0 && str_trim(two).n > 0) {
				compare(str_trim(one), str_trim(two), line);
			}
		}
	}
}

void review_compare(const struct person_side *person, const struct person_side *other,
	struct review_line out[REVIEW_LINES])
{
	const struct review_line lines[REVIEW_LINES] = {
		{"name", person->name, other->name, REVIEW_UNKNOWN, NULL},
		{"employer", person->employer, other->employer, REVIEW_UNKNOWN, NULL},
		{"title", person->title, other->title, REVIEW_UNKNOWN, NULL},
		{"place", person->place, other->place, REVIEW_UNKNOWN, NULL},
		{"e-mail", person->email, other->email, REVIEW_UNKNOWN, NULL},
		{"profile", person->profile, other->profile, REVIEW_UNKNOWN, NULL},
		{"handle", person->handle, other->handle, REVIEW_UNKNOWN, NULL}};
	memcpy(out, lines, sizeof(lines));
	compare_names(&out[0]);
	compare_all(&out[1], compare_companies);
	for (size_t i = 2; i < REVIEW_LINES; i++) {
		compare_all(&out[i], compare_texts);
	}
}

const char *review_verdict_name(enum review_verdict verdict)
{
	static const char *const names[] = {"", "agrees", "may agree", "differs"};
	return names[verdict];
}
