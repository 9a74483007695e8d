/* Names: runs of words with a capital, and whether they are a person's or an organisation's. */
#include "rules/classify/spans.h"

#include "rules/slot.h"

#define WAS_MAX 7 /* tokens */
#define NAME_TOKENS_MAX 9
#define SMALL_WORDS_MAX 3

static unsigned flags_at(const struct spans *s, uint32_t i)
{
	return s->marks[i].flags;
}

static bool is(const struct spans *s, uint32_t i, const char *word)
{
	return i < s->text.n && str_eq_c(text_at(&s->text, i), word);
}

static bool is_big(const struct spans *s, uint32_t i);

/* May a name hold this word? */
static bool holds(const struct spans *s, uint32_t i, bool inside)
{
	unsigned f = flags_at(s, i);
	if (i >= s->text.n || !spans_capital(s, i) || s->text.v[i].field == TEXT_FIELDS) {
		return false;
	}
	if (s->marks[i].title != 0 && !(inside && (f & WORD_ORG))) {
		return false;
	}
	if ((f & WORD_PLAIN) && is_big(s, i)) {
		return true;
	}
	if ((f & WORD_PLAIN) && !(inside && (f & WORD_ORG))) {
		/* May, June, Will, Mark are people as well. */
		return (f & WORD_GIVEN) && i + 1 < s->text.n && s->marks[i].gap == GAP_SPACE &&
		       spans_capital(s, i + 1) && !(flags_at(s, i + 1) & WORD_PLAIN) &&
		       s->text.v[i].fold_n > 2;
	}
	if ((f & WORD_TIME) && !(f & WORD_GIVEN) && !inside) {
		return false;
	}
	return !(f & (WORD_HONORIFIC | WORD_ME)) || (inside && (f & WORD_ORG));
}

/* Little words that begin or fill names as well: Big Yellow Door, Museum of Small Machines. */
static bool is_big(const struct spans *s, uint32_t i)
{
	static const char *const words[] = {"big", "little", "old", "great", "good", "small",
		"first", "one", "two", "three", "four", "five", "seven", "next", "best", "long",
		"right", "open", "island", "thing", "quiet", "further", "like", "great", "plus",
		"people", "more"};
	bool small_before = i > 0 && s->marks[i - 1].sentence == s->marks[i].sentence &&
			    !spans_capital(s, i - 1);
	bool row = small_before && i + 1 < s->text.n && s->marks[i].gap == GAP_SPACE &&
		   spans_capital(s, i + 1) && s->marks[i + 1].title == 0 &&
		   !(flags_at(s, i + 1) & WORD_PLAIN);
	for (size_t k = 0; row && k < sizeof(words) / sizeof(words[0]); k++) {
		if (is(s, i, words[k])) {
			return true;
		}
	}
	return false;
}

static bool joins_org(const struct spans *s, uint32_t i)
{
	return is(s, i, "of") || is(s, i, "for") || is(s, i, "de") || is(s, i, "du") ||
	       is(s, i, "del") || is(s, i, "di") || is(s, i, "da");
}

static bool is_kind_of_org(const struct spans *s, uint32_t i)
{
	static const char *const kinds[] = {"hospital", "council", "university", "school",
		"commission", "ministry", "museum", "library", "airport", "college"};
	for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
		if (is(s, i, kinds[k])) {
			return s->marks[i].title == 0;
		}
	}
	return false;
}

/* An initial, or the small second half of a name: Patricia A. Drummond, Chen Bo-wei. */
static bool is_tail(const struct spans *s, uint32_t i, enum gap gap)
{
	bool initial = spans_capital(s, i) && s->text.v[i].fold_n == 1 && gap == GAP_SPACE &&
		       i + 1 < s->text.n && holds(s, i + 1, true);
	bool kind = gap == GAP_SPACE && !spans_capital(s, i) &&
		    is_kind_of_org(s, i); /* Lenore hospital */
	bool half = gap == GAP_HYPHEN && s->text.v[i].kind == TOKEN_WORD && !spans_capital(s, i) &&
		    !(flags_at(s, i) & (WORD_PLAIN | WORD_TITLE));
	bool form = gap == GAP_SPACE && i > 0 && slot_is_legal_form(text_at(&s->text, i)) &&
		    s->text.v[i].fold_n >= 3; /* Dartmoor Lithium plc */
	return initial || half || kind || form;
}

/* "for the South Coast Way", "at Steam Team": a little word with a capital, among words without, goes on. */
static bool goes_on(const struct spans *s, uint32_t from, uint32_t next)
{
	unsigned other = WORD_TIME | WORD_ME | WORD_WE | WORD_PRONOUN | WORD_HONORIFIC;
	bool among = from > 0 && s->marks[from - 1].sentence == s->marks[from].sentence &&
		     s->text.v[from - 1].kind == TOKEN_WORD && !spans_capital(s, from - 1);
	return among && s->marks[next - 1].gap == GAP_SPACE && spans_capital(s, next) &&
	       s->text.v[next].field != TEXT_FIELDS && s->marks[next].title == 0 &&
	       (flags_at(s, next) & WORD_PLAIN) != 0 && (flags_at(s, next) & other) == 0;
}

/* The next word of the name behind i, or 0. */
static uint32_t next_name(const struct spans *s, uint32_t from, uint32_t i)
{
	enum gap gap = (enum gap)s->marks[i].gap;
	uint32_t next = i + 1;
	if (next >= s->text.n || gap >= GAP_COLON) {
		return 0;
	}
	if (gap == GAP_COMMA) { /* Pemberton Sensors, Inc. */
		return slot_is_legal_form(text_at(&s->text, next)) && spans_capital(s, next) ? next
											     : 0;
	}
	if (gap == GAP_OWNER) { /* St. Wystan's Parish School, Dunstan's Brickworks */
		bool last = next + 1 >= s->text.n || !spans_capital(s, next + 1) ||
			    s->marks[next].gap != GAP_SPACE;
		bool org = (flags_at(s, next) & WORD_ORG) != 0;
		return holds(s, next, true) && !(flags_at(s, next) & WORD_GIVEN) && (org || last)
			       ? next
			       : 0;
	}
	if (holds(s, next, true) || is_tail(s, next, gap) || goes_on(s, from, next)) {
		return next;
	}
	bool org = (flags_at(s, i) & (WORD_ORG | WORD_BARE_ORG)) != 0;
	if (slot_is_particle(text_at(&s->text, next)) && !(flags_at(s, next) & WORD_PLAIN) &&
		s->marks[next].gap == GAP_SPACE) { /* van, de, bin */
		uint32_t k = next + 1;
		while (k < s->text.n && k < next + 3 && slot_is_particle(text_at(&s->text, k)) &&
			!spans_capital(s, k)) {
			k++;
		}
		return holds(s, k, true) ? k : 0;
	}
	bool swaps = is(s, next, "for") && from > 0 &&
		     (flags_at(s, from - 1) & WORD_FROM) != 0; /* "leaves Acme Foods for" */
	if (org && !swaps && gap == GAP_SPACE && joins_org(s, next) &&
		s->marks[next].gap == GAP_SPACE) {
		uint32_t k = next + 1 + is(s, next + 1, "the");
		return holds(s, k, true) ? k : 0;
	}
	if (gap == GAP_SPACE && is(s, next, "and") && i == from && holds(s, next + 1, true) &&
		(flags_at(s, next + 1) & WORD_ORG)) {
		return next + 1;
	}
	if (gap == GAP_SPACE && is(s, next, "and") && i > from + 1 && joins_org(s, i - 1) &&
		(flags_at(s, from) & (WORD_ORG | WORD_BARE_ORG)) && holds(s, next + 1, true)) {
		return next + 1; /* Department for Canals and Bridges */
	}
	return 0;
}

static bool ends_like(struct str w, const char *ending)
{
	return str_ends(w, str_c(ending));
}

/* "Medievalist Theodore Vance-Obi": the trade before the name. */
static bool is_trade(const struct spans *s, uint32_t i)
{
	struct str w = text_at(&s->text, i);
	bool given = i + 1 < s->text.n && (flags_at(s, i + 1) & WORD_GIVEN) != 0;
	return w.n >= 6 && !(flags_at(s, i) & WORD_GIVEN) &&
	       (ends_like(w, "ist") || ends_like(w, "ian") ||
		       (given && (ends_like(w, "er") || ends_like(w, "or"))));
}

static bool same_sentence(const struct spans *s, uint32_t a, uint32_t b)
{
	return b < s->text.n && s->marks[a].sentence == s->marks[b].sentence;
}

/* IPO, CEO, SUV. */
static bool is_sign(const struct spans *s, uint32_t i)
{
	const struct token *k = &s->text.v[i];
	struct str source = s->text.fields[k->field].source;
	for (uint32_t at = k->start; at < k->end; at++) {
		if (source.p[at] < 'A' || source.p[at] > 'Z') {
			return false;
		}
	}
	return true;
}

/* What its own words say. */
static int lean_of_words(const struct spans *s, const struct extent *n)
{
	uint32_t words = 0;
	int lean = 0;
	bool org = false, particle = false, initial = false;
	for (uint32_t i = n->from; i < n->to; i++) {
		unsigned f = flags_at(s, i);
		org |= (f & WORD_ORG) != 0 || (i > n->from && is(s, i, "of"));
		org |= s->marks[i].gap == GAP_AND && i + 1 < n->to;
		org |= s->marks[i].gap == GAP_OWNER && i + 1 < n->to;
		particle |= slot_is_particle(text_at(&s->text, i)) && !spans_capital(s, i);
		initial |= s->text.v[i].fold_n == 1;
		words += !(i > n->from && s->marks[i - 1].gap == GAP_HYPHEN) && spans_capital(s, i);
	}
	bool given = (flags_at(s, n->from) & WORD_GIVEN) != 0;
	lean += org ? -3 : 0;
	lean -= words == 1 && is_sign(s, n->from) ? 2 : 0;
	lean += given ? 3 : 0;
	lean += words >= 2 && words <= 4 ? 1 : words == 1 ? -1 : -2;
	lean += particle && !org ? 1 : 0;
	lean += initial && !org && words >= 2 ? 2 : 0;
	return lean;
}

/* What stands around it says more. */
static int lean_of_place(const struct spans *s, const struct extent *n)
{
	int lean = 0;
	if (n->from > 0 && same_sentence(s, n->from, n->from - 1)) {
		uint32_t before = n->from - 1;
		unsigned f = flags_at(s, before);
		enum gap gap = (enum gap)s->marks[before].gap;
		bool touches = gap == GAP_SPACE;
		lean += (f & WORD_HONORIFIC) && touches ? 4 : 0;
		lean += s->marks[before].title != 0 && touches && !(f & WORD_PLACE) ? 2 : 0;
		lean -= touches && (is(s, before, "at") || is(s, before, "the") ||
					   is(s, before, "with") || is(s, before, "from"))
				? 3
				: 0;
		lean -= touches && is(s, before, "of") && before > 0 &&
					s->marks[before - 1].title != 0
				? 3
				: 0;
		lean -= gap == GAP_COMMA && s->marks[before].title != 0 ? 1 : 0;
	}
	enum gap gap = (enum gap)s->marks[n->to - 1].gap;
	if (same_sentence(s, n->from, n->to)) {
		lean += gap == GAP_COMMA && s->marks[n->to].title != 0 ? 2 : 0;
		lean += gap == GAP_COMMA && (is(s, n->to, "who") || (flags_at(s, n->to) & WORD_OLD))
				? 3
				: 0;
		lean -= gap == GAP_OWNER || (gap == GAP_SPACE && s->marks[n->to].title != 0) ? 1
											     : 0;
		lean -= gap == GAP_COLON ? 1 : 0;
	}
	return lean;
}

/* "she trained at", "he was head of textiles at": where somebody was before. */
static bool was_there(const struct spans *s, uint32_t at)
{
	static const char *const was[] = {"was", "spent", "trained", "worked", "served",
		"previously", "formerly", "recently"};
	for (uint32_t k = at, n = 0; k > 0 && n < WAS_MAX; n++) {
		k--;
		if (!same_sentence(s, at, k) || s->marks[k].gap > GAP_COMMA) {
			return false;
		}
		for (size_t w = 0; w < sizeof(was) / sizeof(was[0]); w++) {
			struct str next = text_at(&s->text, k + 1);
			if (is(s, k, was[w])) {
				return w > 0 ||
				       !(str_ends(next, STR("ed")) || is(s, k + 1, "made") ||
					       is(s, k + 1, "sworn"));
			}
		}
	}
	return false;
}

static bool is_old(const struct spans *s, const struct extent *n)
{
	for (uint32_t k = n->from, i = 0; k > 0 && i < 4; i++) {
		k--;
		if (!same_sentence(s, n->from, k) || s->marks[k].gap >= GAP_COMMA ||
			s->marks[k].name != 0 || is(s, k, "to") || is(s, k, "for") ||
			is(s, k, "into") || is(s, k, "as")) {
			return false;
		}
		if (is(s, k, "from") && k > 0 &&
			(is(s, k - 1, "over") || is(s, k - 1, "offer") || is(s, k - 1, "letter") ||
				is(s, k - 1, "contract") || is(s, k - 1, "payslip") ||
				is(s, k - 1, "mail") || is(s, k - 1, "call"))) {
			return false;
		}
		if (i == 0 && (is(s, k, "at") || is(s, k, "with")) && was_there(s, k)) {
			return true;
		}
		if (i == 0 && k > 0 && (is(s, k, "at") || is(s, k, "with")) &&
			(is(s, k - 1, "years") || is(s, k - 1, "decade") ||
				is(s, k - 1, "decades") || is(s, k - 1, "previously"))) {
			return true;
		}
		if (flags_at(s, k) & (WORD_OLD | WORD_FROM)) {
			return i == 0 || (flags_at(s, k) & WORD_OLD) == 0 ||
			       s->marks[n->from - 1].title == 0;
		}
	}
	return false;
}

static bool has_org_word(const struct spans *s, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++) {
		if (flags_at(s, i) & WORD_ORG) {
			return true;
		}
	}
	return false;
}

/* Nothing but a country or city. */
static bool is_land(const struct spans *s, uint32_t from, uint32_t to)
{
	return to - from == 1 && (flags_at(s, from) & WORD_LAND) != 0;
}

static uint32_t name_end(const struct spans *s, uint32_t i)
{
	uint32_t last = i;
	for (uint32_t n = 0; n < NAME_TOKENS_MAX; n++) {
		uint32_t next = next_name(s, i, last);
		if (next == 0) {
			break;
		}
		last = next;
	}
	return last + 1;
}

static bool is_one_token_name(const struct spans *s, uint32_t i)
{
	return s->text.v[i].kind == TOKEN_HANDLE || s->text.v[i].kind == TOKEN_CASHTAG;
}

static int add_name(struct spans *s, uint32_t from, uint32_t to)
{
	struct extent *n = spans_add(&s->names, &s->names_n, &s->names_cap);
	if (n == NULL) {
		return HARK_ENOMEM;
	}
	n->from = from;
	n->to = to;
	n->opens = from == 0 || !same_sentence(s, from, from - 1);
	n->greets = s->marks[to - 1].gap == GAP_COMMA;
	n->lean = is_one_token_name(s, from) ? (s->text.v[from].kind == TOKEN_CASHTAG ? -1 : -2)
					     : lean_of_words(s, n);
	n->lean += lean_of_place(s, n);
	n->old = is_old(s, n);
	n->place = from > 0 && is(s, from - 1, "in") && !has_org_word(s, from, to);
	n->place |= is_land(s, from, to);
	n->place |=
		n->opens && s->marks[to - 1].gap == GAP_DASH && is_sign(s, from); /* "TOKYO -" */
	for (uint32_t i = from; i < to; i++) {
		s->marks[i].name = (uint32_t)s->names_n;
		s->marks[i].title = 0;
	}
	return HARK_OK;
}

/* "The Lagoon Post": the article is part of a name where its capital is no accident. */
static uint32_t with_article(const struct spans *s, uint32_t from)
{
	bool article = from > 0 && is(s, from - 1, "the") && spans_capital(s, from - 1) &&
		       s->marks[from - 1].gap == GAP_SPACE;
	bool opens = article && (from == 1 || !same_sentence(s, from - 1, from - 2));
	return article && !opens ? from - 1 : from;
}

/* What stands behind a person's name and is none: Horatio Blunt KC. */
static uint32_t without_letters(const struct spans *s, uint32_t from, uint32_t to)
{
	static const char *const letters[] = {"kc", "qc", "mbe", "obe", "cbe", "phd", "md", "cpa",
		"esq", "frcs", "msc", "mba", "cfa", "rn", "bsc", "jp"};
	for (size_t k = 0; to - from >= 3 && k < sizeof(letters) / sizeof(letters[0]); k++) {
		if (is(s, to - 1, letters[k])) {
			return to - 1;
		}
	}
	return to;
}

/* "Zurich-based Helvar Re", "Watching Priscilla Okoro": what stands before the name. */
static uint32_t without_lead(const struct spans *s, uint32_t from, uint32_t to)
{
	static const char *const tails[] = {
		"based", "backed", "owned", "listed", "headquartered", "born"};
	for (uint32_t i = from + 1; i + 1 < to && i <= from + 2; i++) {
		for (size_t k = 0; k < sizeof(tails) / sizeof(tails[0]); k++) {
			if (is(s, i, tails[k]) && s->marks[i - 1].gap == GAP_HYPHEN) {
				return i + 1;
			}
		}
	}
	bool opens = from == 0 || !same_sentence(s, from, from - 1);
	bool doing = str_ends(text_at(&s->text, from), STR("ing")) &&
		     s->marks[from].gap == GAP_SPACE && from + 1 < to &&
		     (flags_at(s, from + 1) & WORD_GIVEN) != 0;
	return opens && doing ? from + 1 : from;
}

static int mark_name(struct spans *s, uint32_t *i)
{
	uint32_t from = *i, to = without_letters(s, from, name_end(s, from));
	bool lone = to - from == 1 && (flags_at(s, from) & WORD_BARE_ORG) &&
		    !spans_capital(s, from + 1 < s->text.n ? from + 1 : from);
	*i = to - 1;
	if (is(s, from, "board") || is(s, from, "company") || is(s, from, "registrant") ||
		(from > 0 && (flags_at(s, from - 1) & WORD_TICKER))) {
		return HARK_OK;
	}
	if (lone && s->text.v[from].kind == TOKEN_WORD) {
		return HARK_OK;
	}
	if (to - from >= 3 && is_trade(s, from) && s->marks[from].gap == GAP_SPACE &&
		!has_org_word(s, from, to)) {
		from++;
	}
	bool trade =
		to - from >= 2 && (flags_at(s, from) & (WORD_BARE_ORG | WORD_ORG)) == WORD_BARE_ORG;
	from += trade && (from == 0 || !same_sentence(s, from,
					       from - 1)); /* "Housebuilder Dovecote Homes" */
	bool sign = to - from == 1 && from > 0 && is_sign(s, from) &&
		    s->marks[from - 1].gap == GAP_PAREN &&
		    s->marks[from - 1].name != 0; /* "Cobre Alto (CBRA)" */
	if (sign) {
		return HARK_OK;
	}
	from = without_lead(s, from, to);
	bool letter = to - from == 1 && s->text.v[from].fold_n == 1;
	return letter ? HARK_OK : add_name(s, with_article(s, from), to);
}

/* "at hen & hatchet": of an author without capitals, the words behind at, with, join. */
static uint32_t small_name_end(const struct spans *s, uint32_t i)
{
	uint32_t to = i;
	while (to < s->text.n && to < i + SMALL_WORDS_MAX && s->text.v[to].kind == TOKEN_WORD &&
		s->marks[to].title == 0 &&
		!(flags_at(s, to) & (WORD_TIME | WORD_PRONOUN | WORD_ME | WORD_WE)) &&
		(!(flags_at(s, to) & (WORD_PLAIN | WORD_ARTICLE)) ||
			(to > i && (flags_at(s, to) & WORD_ORG)))) {
		to++;
		if (s->marks[to - 1].gap != GAP_SPACE && s->marks[to - 1].gap != GAP_AND) {
			break;
		}
	}
	return to;
}

static int mark_small_name(struct spans *s, uint32_t *i)
{
	static const char *const before[] = {"at", "with", "join", "joined", "joining", "joins",
		"accepted", "told", "leaving", "left", "quit"};
	bool there = false;
	for (size_t k = 0; k < sizeof(before) / sizeof(before[0]); k++) {
		there |= is(s, *i, before[k]);
	}
	if (!there || s->marks[*i].gap != GAP_SPACE) {
		return HARK_OK;
	}
	uint32_t from = *i + 1, to = small_name_end(s, from);
	if (to == from) {
		return HARK_OK;
	}
	*i = to - 1;
	int rc = add_name(s, from, to);
	if (rc == HARK_OK) {
		s->names[s->names_n - 1].lean = -2;
	}
	return rc;
}

int names_mark(struct spans *s)
{
	int rc = HARK_OK;
	for (uint32_t i = 0; i < s->text.n && rc == HARK_OK; i++) {
		if (is_one_token_name(s, i)) {
			rc = add_name(s, i, i + 1);
		} else if (holds(s, i, false)) {
			rc = mark_name(s, &i);
		} else if (s->small) {
			rc = mark_small_name(s, &i);
		}
	}
	return rc;
}
