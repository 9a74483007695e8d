#include "monitor/references/rank.h"

static const int bands[STATEMENT_TONES] = {
	[SAID_NEUTRAL] = 20, [SAID_POSITIVE] = 45, [SAID_MIXED] = 70};
#define PART_POINTS 6 /* each of outcome, selection and lesson */
#define MORE_POINTS 2 /* for each statement more */
#define MORE_MAX 6    /* 3 * 6 + 6 stays below the next band */

static int part_points(struct str parts)
{
	static const char *const wanted[] = {
		"\"part\":\"outcome\"", "\"part\":\"selection\"", "\"part\":\"lesson\""};
	int points = 0;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		points += str_find(parts, str_c(wanted[i])) != SIZE_MAX ? PART_POINTS : 0;
	}
	return points;
}

struct rank rank_of(const struct statement *v, size_t n)
{
	struct rank r = {.historic = true};
	int64_t more = 0;
	for (size_t i = 0; i < n; i++) {
		if (bands[v[i].tone] == 0 || v[i].deleted_ms != 0) {
			continue;
		}
		int score = bands[v[i].tone] + part_points(v[i].parts);
		r.score = score > r.score ? score : r.score;
		r.tone = v[i].tone > r.tone ? v[i].tone : r.tone;
		r.historic = r.historic && v[i].historic;
		r.statements++;
	}
	more = r.statements > 1 ? (r.statements - 1) * MORE_POINTS : 0;
	r.score += (int)(more > MORE_MAX ? MORE_MAX : more);
	r.historic = r.historic && r.statements > 0;
	return r;
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* The next word of letters; absent at the end. */
static struct str next_word(struct str *rest)
{
	size_t from = 0;
	while (from < rest->n && !is_letter(rest->p[from])) {
		from++;
	}
	size_t to = from;
	while (to < rest->n && is_letter(rest->p[to])) {
		to++;
	}
	struct str word = to > from ? str_n(rest->p + from, to - from) : STR_NONE;
	*rest = str_n(rest->p + to, rest->n - to);
	return word;
}

static bool is_one_of(struct str word, const char *const *words)
{
	for (; *words != NULL; words++) {
		if (str_eq_nocase(word, str_c(*words))) {
			return true;
		}
	}
	return false;
}

enum authority authority_of_title(struct str title)
{
	static const char *const chiefs[] = {"chief", "ceo", "cto", "cfo", "cio", "coo", "cmo",
		"ciso", "cpo", "cro", "chro", "president", "vp", "svp", "evp", "director", "head",
		"owner", "founder", "cofounder", "partner", "principal", "chairman", "chairwoman",
		"chair", "md", NULL};
	static const char *const beside[] = {"assistant", "associate", "secretary", "to", "deputy",
		"intern", "trainee", "former", "ex", "photography", "art", NULL};
	static const char *const work[] = {"product", "process", "scrum", NULL};
	static const char *const general[] = {"general", "managing", NULL};
	struct str rest = title, word, last = STR_NONE;
	bool high = false, low = false;
	if (str_empty(str_trim(title))) {
		return AUTHORITY_UNKNOWN;
	}
	while ((word = next_word(&rest)).p != NULL) {
		bool of_work = str_eq_nocase(word, STR("owner")) && is_one_of(last, work);
		high = high || (is_one_of(word, chiefs) && !of_work) ||
		       (str_eq_nocase(word, STR("manager")) && is_one_of(last, general));
		low = low || is_one_of(word, beside);
		last = word;
	}
	return high && !low ? AUTHORITY_AUTHORISE : AUTHORITY_SPEAK;
}
