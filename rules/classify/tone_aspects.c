#include "rules/classify/tone_aspects.h"

#include "rules/frequency.h"

#include <string.h>

#define PHRASE_MOST 4 /* words of an aspect */

/* Lists of folded words, each between commas. */

static bool in_list(struct str word, const char *list)
{
	char key[TONE_WORD_MAX + 3];
	if (word.n == 0 || word.n > TONE_WORD_MAX) {
		return false;
	}
	key[0] = key[word.n + 1] = ',';
	memcpy(key + 1, word.p, word.n);
	key[word.n + 2] = '\0';
	return strstr(list, key) != NULL;
}
static bool in(const struct tone_scan *s, uint32_t i, const char *list)
{
	return i < s->n && tone_wordlike(&s->v[i]) && in_list(tone_folded(s, i), list);
}
static bool listed(const struct tone_scan *s, uint32_t i, unsigned lists)
{
	return i < s->n && (s->v[i].listed & lists) != 0;
}
static bool ends_in(const struct tone_scan *s, uint32_t i, const char *end)
{
	struct str word = tone_folded(s, i);
	size_t n = strlen(end);
	return word.n > n + 2 && memcmp(word.p + word.n - n, end, n) == 0;
}

#define NO_NOUN                                                                                  \
	(ROLE_VERB | ROLE_PREPOSITION | ROLE_PRONOUN | ROLE_BINDS | ROLE_NEGATES | ROLE_HARDLY | \
		ROLE_CONTRASTS | ROLE_SPLITS | ROLE_STRONGER | ROLE_WEAKER | ROLE_TOO |          \
		ROLE_ARTICLE | ROLE_ASKS | ROLE_WISHES | ROLE_LACKS | ROLE_COUNTS | ROLE_ENGLISH)

/* May the token be a word of a noun phrase? `first`: it begins one. */
static bool is_noun(const struct tone_scan *s, uint32_t i, uint32_t end, bool first)
{
	if (i >= end || (s->v[i].kind != TONE_WORD && s->v[i].kind != TONE_NUMBER)) {
		return false;
	}
	const struct tone_token *t = &s->v[i];
	if ((t->value != 0 && !listed(s, i, LISTED_TONED)) || ends_in(s, i, "ly") ||
		((t->roles & NO_NOUN) != 0 && (t->roles & ROLE_COMPANY) == 0)) {
		return false;
	}
	if (first || !ends_in(s, i, "s") || ends_in(s, i - 1, "s")) {
		return first || !ends_in(s, i, "ed");
	}
	/* "the engine throws errors", but "the help pages are" */
	bool verb = i + 1 < end &&
		    (s->v[i + 1].roles & (ROLE_ARTICLE | ROLE_PRONOUN | ROLE_PREPOSITION)) != 0;
	return !verb;
}

struct phrase {
	uint32_t from, to;
};

/* The noun phrase that begins at `i`; empty where none does. */
static struct phrase noun_phrase(const struct tone_scan *s, uint32_t i, uint32_t end)
{
	while (i < end && (s->v[i].roles & ROLE_ARTICLE) != 0) {
		i++;
	}
	struct phrase x = {i, i};
	while (x.to - x.from < PHRASE_MOST && is_noun(s, x.to, end, x.to == x.from)) {
		x.to++;
		if (ends_in(s, x.to - 1, "'s")) { /* the owner is no part */
			x.from = x.to;
		}
	}
	while (x.from < x.to && listed(s, x.from, LISTED_EMPTY)) {
		x.from++;
	}
	return x;
}

/* Needs no article: a plural, an activity, a quality. */
static bool is_mass(const struct tone_scan *s, uint32_t i)
{
	static const char *const ends[] = {"s", "ing", "ion", "ment", "ity", "up"};
	for (size_t k = 0; k < sizeof(ends) / sizeof(ends[0]); k++) {
		if (ends_in(s, i, ends[k])) {
			return true;
		}
	}
	return listed(s, i, LISTED_TONED) ||
	       in(s, i, ",search,sync,print,battery,staff,hardware,paperwork,");
}

/* A word for the whole, a name of a product, or nothing that can be judged. */
static bool is_part(const struct tone_scan *s, struct phrase x)
{
	if (x.from >= x.to || listed(s, x.to - 1, LISTED_EMPTY) ||
		s->v[x.to - 1].kind == TONE_NUMBER) {
		return false;
	}
	const struct tone_token *last = &s->v[x.to - 1];
	bool alone = x.to == x.from + 1 && (last->roles & ROLE_COMPANY) == 0;
	bool begins = x.from == 0 || tone_ends_sentence(s, x.from - 1);
	if ((last->roles & ROLE_WHOLE) != 0 || last->fold_n <= 2 ||
		(alone && !begins && (last->flags & TONE_CAPITAL) != 0)) {
		return false;
	}
	/* "Acme is" and "crane is" are names; a part in the singular has an article, or is no thing */
	bool article = x.from > 0 && (s->v[x.from - 1].roles & ROLE_ARTICLE) != 0;
	return !alone || article || !begins || is_mass(s, x.from);
}

static void add(const struct tone_scan *s, struct phrase x, bool praised, struct tone_aspects *out)
{
	if (out->n == TONE_ASPECTS_MAX || s->v[x.from].title != s->v[x.to - 1].title) {
		return;
	}
	out->v[out->n++] = (struct tone_aspect){
		praised, s->v[x.from].title, s->v[x.from].start, s->v[x.to - 1].end};
}

/* The subject a clause begins with, where something is said of it. */
static bool read_subject(const struct tone_scan *s, const struct tone_clause *c, bool praised,
	struct tone_aspects *out)
{
	uint32_t from = c->from;
	while (from < c->to &&
		((s->v[from].roles & (ROLE_SPLITS | ROLE_CONTRASTS | ROLE_BINDS)) != 0)) {
		from++;
	}
	struct phrase x = noun_phrase(s, from, c->to);
	bool said = x.to < c->to && tone_wordlike(&s->v[x.to]);
	if (!said || !is_part(s, x)) {
		return false;
	}
	add(s, x, praised, out);
	return true;
}

/* Behind a judging word or a word that leads to what is judged. */
static void read_object(const struct tone_scan *s, const struct tone_clause *c, bool praised,
	struct tone_aspects *out)
{
	for (uint32_t i = c->from; i < c->to; i++) {
		bool judges = praised ? s->v[i].value >= 2 : s->v[i].value <= -1;
		bool article = i + 1 < c->to && (s->v[i + 1].roles & ROLE_ARTICLE) != 0;
		bool lacks = (s->v[i].roles & (ROLE_LACKS | ROLE_NEGATES)) != 0;
		bool leads_on = (article && listed(s, i, LISTED_LEADS)) ||
				(lacks && in(s, i, ",no,missing,lacks,without,"));
		if (!judges && !leads_on) {
			continue;
		}
		struct phrase x = noun_phrase(s, i + 1, c->to);
		if (is_part(s, x)) {
			add(s, x, praised, out);
			return;
		}
	}
}

/* Is anybody spoken of as he or she? */
static bool has_person(const struct tone_scan *s)
{
	const uint32_t may = ROLE_PRONOUN | ROLE_ARTICLE | ROLE_BINDS;
	for (uint32_t i = 0; i < s->n; i++) {
		if ((s->v[i].roles & may) == 0) {
			continue;
		}
		const char *word = s->fold + s->v[i].fold;
		if ((word[0] == 's' || word[0] == 'h' || (word[0] == 'w' && word[1] == 'h')) &&
			in(s, i, ",she,he,her,him,his,she's,he's,who,")) {
			return true;
		}
	}
	return false;
}

static bool is_capital(const struct tone_scan *s, uint32_t i)
{
	return i < s->n && s->v[i].kind == TONE_WORD && (s->v[i].flags & TONE_CAPITAL) != 0 &&
	       s->v[i].value == 0;
}

#define NAME_MOST 3 /* words of a person's name */

/* Behind the row of capitals that begins at `i`, a little beyond the longest name. */
static uint32_t past_name(const struct tone_scan *s, uint32_t i)
{
	uint32_t to = i + 1;
	while (to <= i + NAME_MOST && is_capital(s, to)) {
		to++;
	}
	return to;
}

/* A firm's or a product's name, by one of its words behind the first. */
static bool is_of_firm(const struct tone_scan *s, uint32_t i, uint32_t to)
{
	bool firm = to > i + NAME_MOST;
	for (uint32_t k = i + 1; k < to && !firm; k++) {
		firm = (s->v[k].roles & (ROLE_COMPANY | ROLE_WHOLE)) != 0 ||
		       tone_word_of_firm(tone_folded(s, k));
	}
	return firm;
}

/* "Kudos to", "a shout-out to", "thank". */
static bool is_thanked(const struct tone_scan *s, uint32_t i)
{
	if (i < 2 || !tone_is_word(s, i - 1, "to")) {
		return i > 0 && tone_is_word(s, i - 1, "thank");
	}
	bool shout = i > 2 && in(s, i - 2, ",out,off,") && in(s, i - 3, ",shout,shouts,hats,hat,");
	return shout || in(s, i - 2,
				",kudos,thanks,thx,shoutout,shoutouts,props,credit,cheers,bravo,"
				"congrats,congratulations,applause,");
}

/* "from support", "on their training team"; `firm`: also "at Acme". */
static bool belongs(const struct tone_scan *s, uint32_t i, bool firm)
{
	if (i >= s->n || (s->v[i].roles & ROLE_PREPOSITION) == 0 ||
		!in(s, i, ",from,at,of,on,in,")) {
		return false;
	}
	const uint32_t other = ROLE_ARTICLE | ROLE_BINDS | ROLE_PREPOSITION;
	uint32_t k = i + 1;
	k += k < s->n && (s->v[k].roles & ROLE_ARTICLE) != 0;
	for (uint32_t stop = k + 3;
		k < stop && k < s->n && tone_wordlike(&s->v[k]) && (s->v[k].roles & other) == 0;
		k++) {
		if ((s->v[k].roles & ROLE_COMPANY) != 0 || (firm && is_capital(s, k))) {
			return true;
		}
	}
	return false;
}

/* Of a name that is in no list: does what stands round it say that it is a person's? */
static bool stands_for_person(const struct tone_scan *s, uint32_t i, uint32_t to, bool he)
{
	if (he && i > 0 &&
		in(s, i - 1, ",to,for,by,is,thank,clone,ask,praise,about,with,like,without,") &&
		(i + 1 == s->n || !tone_wordlike(&s->v[i + 1]) ||
			in(s, i + 1, ",from,at,in,who,on,and,for,"))) {
		return true;
	}
	bool full = to > i + 1, thanked = is_thanked(s, i);
	bool ends = full && thanked &&
		    (to == s->n || !tone_wordlike(&s->v[to]) || in(s, to, ",who,and,for,"));
	return ends || belongs(s, to, full || thanked);
}

static bool is_everyday(const struct tone_scan *s, uint32_t i)
{
	return word_frequency(tone_folded(s, i)) != WORD_RARE;
}

/* "Blue Harbor": words that mean something, in a row. */
static bool is_all_everyday(const struct tone_scan *s, uint32_t i, uint32_t to)
{
	while (i < to && is_everyday(s, i)) {
		i++;
	}
	return i == to;
}

/* "Eve" of "Christmas Eve": not where a name begins. */
static bool goes_on(const struct tone_scan *s, uint32_t i)
{
	return i > 0 && is_capital(s, i - 1) && (s->v[i - 1].roles & ~(uint32_t)ROLE_GIVEN) == 0 &&
	       !in(s, i - 1, ",mr,mrs,ms,dr,prof,");
}

/* Is a person named at token i: "Thandeka", or "thanks to Ossip from support, he …"? */
static bool is_person(const struct tone_scan *s, uint32_t i, bool he)
{
	const uint32_t roles = s->v[i].roles;
	bool known = (roles & (ROLE_GIVEN | ROLE_ENGLISH)) == ROLE_GIVEN;
	if (!is_capital(s, i) || (!known && roles != 0) || goes_on(s, i) ||
		(i > 0 && in(s, i - 1, known ? ",the," : ",the,a,an,"))) { /* "the Ossip kit" */
		return false;
	}
	uint32_t to = past_name(s, i);
	bool stands = stands_for_person(s, i, to, he);
	if ((!known && !stands) || is_of_firm(s, i, to)) {
		return false;
	}
	if (!is_all_everyday(s, i, to)) { /* asked last: each word is looked for */
		return true;
	}
	bool row = to > i + 1;
	return !row && (stands || he || is_thanked(s, i)); /* "Grace" */
}

static uint32_t given_name(const struct tone_scan *s, const struct tone_clause *c, bool he)
{
	uint32_t i = c->from;
	while (i < c->to && ((s->v[i].flags & TONE_CAPITAL) == 0 || !is_person(s, i, he))) {
		i++;
	}
	return i;
}

#define SOUNDS_GOOD 0.3f
#define SOUNDS_BAD (-0.2f)
#define LIMIT_LIKELY 0.4f
#define PLAINLY_GOOD 2.0f
#define LIMIT_UNLIKELY 0.2f

static bool criticises(const struct tone_clause *c, const struct tone_verdict *v, float least)
{
	return v->mixed ? c->limit >= least : v->blames && c->tone < SOUNDS_BAD;
}
static bool praises(const struct tone_clause *c)
{
	bool delights = c->sign[CLAUSE_DELIGHTS] > 0 && c->sign[CLAUSE_BAD_WORDS] <= 0;
	return (c->tone > SOUNDS_GOOD || delights) && c->limit < LIMIT_LIKELY &&
	       c->sign[CLAUSE_ASKED] <= 0 &&
	       (c->sign[CLAUSE_GOOD_WORDS] > 0 || c->sign[CLAUSE_DENIES] > 0);
}

/* In praise, what is told of a part without a judging word: "Receipts fly out". */
static bool works(const struct tone_clause *c)
{
	return c->tone > PLAINLY_GOOD && c->limit < LIMIT_UNLIKELY && c->sign[CLAUSE_ASKED] <= 0 &&
	       c->sign[CLAUSE_GOOD_WORDS] <= 0 && c->sign[CLAUSE_BAD_WORDS] <= 0;
}

/* People of a firm, and what is said of people alone; by the first letter, as all words of praise are looked up. */
static const char *const serves[26] = {['a' - 'a'] = ",adjuster,advisor,adviser,",
	['b' - 'a'] = ",builders,builder,",
	['c' - 'a'] = ",caterer,courteous,",
	['d' - 'a'] = ",decent,",
	['e' - 'a'] = ",engineer,estimator,",
	['f' - 'a'] = ",folks,firm,friendly,fitters,",
	['h' - 'a'] = ",helpful,helpdesk,honest,humane,",
	['i' - 'a'] = ",invoice,invoices,invoicing,installers,",
	['p' - 'a'] = ",people,polite,",
	['r' - 'a'] = ",rang,refund,refunded,",
	['s' - 'a'] = ",service,supplier,solicitor,",
	['t' - 'a'] = ",treat,treated,trainer,technician,",
	['u' - 'a'] = ",upsold,",
	['v' - 'a'] = ",vendor,"};

static bool is_served(const struct tone_scan *s, uint32_t i)
{
	unsigned first = (unsigned char)s->fold[s->v[i].fold] - (unsigned)'a';
	return first < 26 && serves[first] != NULL && s->v[i].fold_n > 3 && in(s, i, serves[first]);
}

/* "Their team", "the support team", no crew or staff of the writer's own. */
static bool is_theirs(const struct tone_scan *s, uint32_t i)
{
	return !in(s, i, ",team,teams,crew,staff,training,") ||
	       (i > 0 && in(s, i - 1, ",their,your,support,service,sales,account,claims,"));
}

/* Is a name of two words thanked that ends at token i, and of no person? */
static bool is_thanked_firm(const struct tone_scan *s, uint32_t i, bool he)
{
	return i > 1 && is_capital(s, i) && (s->v[i - 2].flags & TONE_CAPITAL) != 0 &&
	       is_thanked(s, i) && !is_person(s, i, he);
}

/* Does a clause speak of the firm or of its people? */
static bool is_of_company(const struct tone_scan *s, const struct tone_clause *c, bool he)
{
	for (uint32_t i = c->from; i < c->to; i++) {
		bool counted = i > 0 && (s->v[i - 1].kind == TONE_NUMBER ||
						(s->v[i - 1].roles & ROLE_COUNTS) != 0);
		if (((s->v[i].roles & ROLE_COMPANY) != 0 && is_theirs(s, i)) ||
			(is_served(s, i) && !counted) || is_thanked_firm(s, i, he)) {
			return true;
		}
	}
	return false;
}

static bool speaks_of_it(const struct tone_scan *s, const struct tone_clause *c)
{
	uint32_t i = c->from;
	while (i < c->to && !tone_is_word(s, i, "it")) {
		i++;
	}
	return i < c->to;
}

static void count_clause(
	const struct tone_scan *s, const struct tone_clause *x, bool he, float sign[FIRM_SIGNS])
{
	char first = s->fold[s->v[x->from].fold];
	bool theirs = is_of_company(s, x, he) ||
		      (first == 't' && in(s, x->from, ",they,they're,they've,these,"));
	bool thing = (x->sign[CLAUSE_WHOLE] > 0 && !theirs) || speaks_of_it(s, x) ||
		     ((first == 'i' || first == 't') && in(s, x->from, ",it,it's,this,"));
	sign[FIRM_COMPANY] += theirs && sign[FIRM_COMPANY] < 2;
	sign[FIRM_PRODUCT] += thing && sign[FIRM_PRODUCT] < 2;
}

/* `he`: somebody is spoken of as he or she. */
static void firm_signs(
	const struct tone_scan *s, const struct tone_clauses *c, bool he, float sign[FIRM_SIGNS])
{
	memset(sign, 0, FIRM_SIGNS * sizeof(sign[0]));
	sign[FIRM_BIAS] = 1;
	for (size_t i = 0; i < c->n; i++) {
		count_clause(s, &c->v[i], he, sign);
	}
	sign[FIRM_MORE] = sign[FIRM_COMPANY] > sign[FIRM_PRODUCT];
}

void tone_firm_signs(
	const struct tone_scan *s, const struct tone_clauses *c, float sign[FIRM_SIGNS])
{
	firm_signs(s, c, has_person(s), sign);
}

static void read_target(const struct tone_scan *s, const struct tone_clauses *c, bool he,
	float firm, struct tone_aspects *out)
{
	float sign[FIRM_SIGNS];
	bool thanked = false;
	for (size_t i = 0; i < c->n; i++) {
		const struct tone_clause *x = &c->v[i];
		for (uint32_t k = x->from; k < x->to; k++) {
			thanked |= is_thanked_firm(s, k, he);
		}
		uint32_t name = given_name(s, x, he);
		if (name < x->to) {
			uint32_t last = past_name(s, name) - 1;
			out->person = (struct tone_aspect){
				true, s->v[name].title, s->v[name].start, s->v[last].end};
			out->target = TONE_PERSON;
			return;
		}
	}
	firm_signs(s, c, he, sign);
	for (int k = 0; k < FIRM_SIGNS; k++) {
		firm += tone_firm_weights[k] * sign[k];
	}
	out->target = thanked || firm > 0 ? TONE_COMPANY : TONE_PRODUCT;
}

/* Signs alone say nothing of what they are for. */
static bool has_words(const struct tone_scan *s)
{
	uint32_t i = 0;
	while (i < s->n && !tone_wordlike(&s->v[i])) {
		i++;
	}
	return i < s->n;
}

static bool opens_at(const struct tone_scan *s, uint32_t i)
{
	return i < s->n && (s->v[i].roles & ROLE_OPENS) != 0;
}

/* Is something bad told in the clause: "it crashed", "still waiting"? */
static bool tells_bad(const struct tone_clause *c)
{
	return (c->sign[CLAUSE_BAD_WORDS] >= 1 && c->sign[CLAUSE_DENIES] <= 0 &&
		       c->sign[CLAUSE_CONTRASTS] <= 0) ||
	       c->sign[CLAUSE_SPOILT] > 0 || c->sign[CLAUSE_LEAVES] > 0;
}

/* Does a sentence open with praise, or with a phrase that is seldom meant, and tell what is bad in it or in the
 * next? */
static bool praises_what_is_bad(
	const struct tone_scan *s, const struct tone_cues *cues, const struct tone_clauses *c)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct tone_clause *x = &c->v[i];
		bool near = opens_at(s, x->from + 1) || opens_at(s, x->from + 2);
		bool opens = opens_at(s, x->from) ||
			     (near && in(s, x->from, ",so,what,oh,i,how,and,just,nothing,")) ||
			     tone_cue_find(cues, CUE_WRY, false, x->from, x->to) < x->to;
		for (size_t k = i; opens && k < c->n && c->v[k].sentence <= x->sentence + 1; k++) {
			if (tells_bad(&c->v[k])) {
				return true;
			}
		}
	}
	return false;
}

/* A word in quotes, or a hashtag, that praises: the "improved" layout, #blessed. In blame any word in quotes. */
static bool quotes_praise(const struct tone_scan *s, bool blames)
{
	for (uint32_t i = 0; i < s->n; i++) {
		if (s->v[i].kind == TONE_WORD) {
			continue; /* most tokens */
		}
		if (s->v[i].kind == TONE_TAG && s->v[i].value > 0 && blames) {
			return true;
		}
		if (tone_mark(s, i, '"') && i + 2 < s->n && tone_mark(s, i + 2, '"') &&
			(s->v[i + 1].value > 0 || (blames && s->v[i + 1].kind == TONE_WORD))) {
			return true;
		}
	}
	return false;
}

static bool is_sarcastic(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_clauses *c, const struct tone_verdict *verdict)
{
	bool wry = tone_cue_find(cues, CUE_WRY, false, 0, s->n) < s->n;
	return (verdict->blames && wry) || praises_what_is_bad(s, cues, c) ||
	       quotes_praise(s, verdict->blames);
}

void tone_aspects_read(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_clauses *clauses, const struct tone_verdict *verdict, float firm,
	struct tone_aspects *out)
{
	out->n = 0;
	out->target = TONE_NOBODY;
	float least = tone_limit_least(clauses);
	bool he = has_person(s);
	for (size_t i = 0; i < clauses->n; i++) {
		const struct tone_clause *c = &clauses->v[i];
		bool bad = criticises(c, verdict, least);
		bool plain = verdict->praises && !bad && works(c);
		if (!bad && !plain && !praises(c)) {
			continue;
		}
		uint32_t name = bad ? c->to : given_name(s, c, he);
		if (name < c->to) {
			add(s, (struct phrase){name, name + 1}, true, out);
		} else if (!read_subject(s, c, !bad, out) && !plain) {
			read_object(s, c, !bad, out);
		}
	}
	if (verdict->praises && has_words(s)) {
		read_target(s, clauses, he, firm, out);
	}
	out->sarcasm = !verdict->mixed && is_sarcastic(s, cues, clauses, verdict);
}

const char *tone_target_name(enum tone_target target)
{
	static const char *const names[] = {NULL, "product", "company", "person"};
	return names[target];
}
