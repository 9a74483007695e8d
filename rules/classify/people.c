/* Given names before other names, and surnames that are trades, places or plain words behind them:
 * "John Smith", "J. Miller", "Will Page", not "Will Acme", "Austin Police", "Baker". */
#include "rules/classify/spans.h"

static bool goes_on(const struct spans *s, uint32_t i)
{
	return i + 1 < s->text.n && s->marks[i].gap == GAP_SPACE && spans_capital(s, i) &&
	       spans_capital(s, i + 1);
}

static bool is_of_an_org(const struct spans *s, uint32_t i)
{
	unsigned f = s->marks[i].flags;
	return (f & (WORD_ORG | WORD_BARE_ORG | WORD_LAND)) != 0 && (f & WORD_SURNAME) == 0;
}

/* May the word behind a given name be of the same person? */
static bool is_surname(const struct spans *s, uint32_t i)
{
	unsigned f = s->marks[i].flags;
	if (goes_on(s, i) && is_of_an_org(s, i + 1)) {
		return false; /* Hunter Miller Group */
	}
	return (f & WORD_SURNAME) != 0 ||
	       (f & (WORD_PLAIN | WORD_TITLE | WORD_ORG | WORD_BARE_ORG | WORD_TIME | WORD_LAND |
			    WORD_ME | WORD_WE | WORD_PRONOUN)) == 0;
}

/* "J. Smith", "John F. Baker"; "I Cook" and "Plan B" are none. */
static bool is_initial(const struct spans *s, uint32_t i)
{
	const struct token *t = &s->text.v[i];
	struct str source = s->text.fields[t->field].source;
	return t->fold_n == 1 && t->end < source.n && source.p[t->end] == '.';
}

static bool is_given(const struct spans *s, const struct vocabulary *v, uint32_t i)
{
	unsigned f = s->marks[i].flags;
	if ((f & WORD_GIVEN) != 0 || is_initial(s, i)) {
		return true;
	}
	if (!vocabulary_given(v, s->text.hash[i])) {
		return false;
	}
	/* "Will Paul Bishop leave?", "Cash Grant Awarded" */
	bool verb = (f & WORD_PLAIN) != 0 && vocabulary_given(v, s->text.hash[i + 1]) &&
		    goes_on(s, i + 1);
	bool inside = i > 0 && goes_on(s, i - 1) && (s->marks[i - 1].flags & WORD_PLAIN) == 0 &&
		      (s->marks[i - 1].flags & (WORD_GIVEN | WORD_TITLE | WORD_HONORIFIC)) == 0 &&
		      s->text.v[i - 1].fold_n > 1;
	return !verb && !inside;
}

/* It is no other word here: neither a trade nor the beginning of a phrase. */
static void is_but_a_name(struct mark *m, unsigned flag)
{
	m->flags = flag | (m->flags & WORD_GIVEN);
	m->topics = 0;
	m->phrases_n = 0;
}

void people_mark(struct spans *s, const struct vocabulary *v)
{
	for (uint32_t i = 0; i + 1 < s->text.n; i++) {
		if (!goes_on(s, i) || !is_given(s, v, i) || !is_surname(s, i + 1)) {
			continue;
		}
		is_but_a_name(&s->marks[i], is_initial(s, i) ? 0 : WORD_GIVEN);
		for (uint32_t k = i + 1; (s->marks[k].flags & WORD_SURNAME) != 0; k++) {
			is_but_a_name(&s->marks[k], WORD_SURNAME);
			if (k + 1 >= s->text.n || s->marks[k].gap != GAP_HYPHEN ||
				!spans_capital(s, k + 1)) {
				break; /* Cook-Baker */
			}
		}
	}
}
