#include "connectors/employer.h"

#include "monitor/base/buf.h"
#include "monitor/base/err.h"
#include "monitor/base/fold.h"
#include "monitor/base/utf8.h"

#include <string.h>

#define TEXT_MAX 4000 /* bytes of a text that are looked at */
#define TOKENS_MAX 800
#define ORG_WORDS_MAX 4
#define FIELD_BYTES_MAX 80
#define FOLDED_MAX 20000

/* --- words --- */

enum token_kind {
	TOKEN_WORD,
	TOKEN_AT,    /* '@' */
	TOKEN_AND,   /* '&', '+', '/': between two of a kind */
	TOKEN_OPEN,  /* '(' or '[' */
	TOKEN_BREAK, /* ends a clause: a comma, a bracket, a picture */
	TOKEN_END,   /* ends a sentence */
};

struct token {
	enum token_kind kind;
	struct str text;
	bool glued; /* to the one before: no space between */
};

struct tokens {
	struct token v[TOKENS_MAX];
	size_t n;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Part of a word. */
static bool is_letter(uint32_t cp)
{
	return cp == '_' || fold(&cp) == FOLD_LETTER || (cp >= 0x300 && cp < 0x370);
}

static bool is_capital(struct str s)
{
	uint32_t cp;
	if (utf8_first(s, &cp) == 0) {
		return false;
	}
	return (cp >= 'A' && cp <= 'Z') || (cp >= 0xc0 && cp <= 0xde && cp != 0xd7) ||
	       (cp >= 0x100 && cp < 0x138 && cp % 2 == 0) || (cp >= 0x391 && cp <= 0x3a9) ||
	       (cp >= 0x400 && cp <= 0x42f);
}

/* What may stand inside a word: "co-founder", "AT&T", "acme.example", "Ada's". */
static size_t inner(struct str s)
{
	static const char curly[] = "\xe2\x80\x99";
	if (s.n > 0 && strchr("-'&.", s.p[0]) != NULL) {
		return 1;
	}
	return s.n >= 3 && memcmp(s.p, curly, 3) == 0 ? 3 : 0;
}

/* Bytes of the word at the start of `s`, 0: there is none. */
static size_t word_length(struct str s)
{
	size_t n = 0;
	for (;;) {
		uint32_t cp;
		struct str rest = str_n(s.p + n, s.n - n);
		size_t joint = n > 0 ? inner(rest) : 0;
		size_t bytes = utf8_first(str_n(rest.p + joint, rest.n - joint), &cp);
		if (bytes == 0 || !is_letter(cp)) {
			return n;
		}
		n += joint + bytes;
	}
}

static enum token_kind kind_of(uint32_t cp)
{
	switch (cp) {
	case '@':
		return TOKEN_AT;
	case '&':
	case '+':
	case '/':
		return TOKEN_AND;
	case '(':
	case '[':
		return TOKEN_OPEN;
	case '.':
	case '!':
	case '?':
	case ';':
	case '|':
	case '\n':
	case '\r':
	case 0xb7:   /* middle dot */
	case 0x2022: /* bullet */
	case 0x2013: /* dashes */
	case 0x2014:
		return TOKEN_END;
	default:
		return TOKEN_BREAK;
	}
}

static void tokenise(struct tokens *all, struct str s)
{
	bool glued = false;
	all->n = 0;
	for (size_t at = 0; at < s.n && all->n < TOKENS_MAX;) {
		uint32_t cp;
		struct str rest = str_n(s.p + at, s.n - at);
		size_t n = word_length(rest);
		struct token *t = &all->v[all->n];
		*t = (struct token){.kind = TOKEN_WORD, .text = str_n(rest.p, n), .glued = glued};
		if (n == 0) {
			n = utf8_first(rest, &cp);
			n = n > 0 ? n : 1;
			t->text.n = n;
			t->kind = kind_of(cp);
		}
		at += n;
		bool is_space = rest.p[0] == ' ' || rest.p[0] == '\t';
		bool is_hyphen = rest.p[0] == '-' || rest.p[0] == '#';
		glued = !is_space;
		all->n += !is_space && !(is_hyphen && t->kind == TOKEN_BREAK);
	}
}

/* --- what words say --- */

/* Words and, with a '*', beginnings of words; letters without case. */
static bool is_among(struct str word, const char *const *list)
{
	for (; *list != NULL; list++) {
		struct str one = str_c(*list);
		if (str_ends(one, STR("*")) ? str_starts_nocase(word, str_n(one.p, one.n - 1))
					    : str_eq_nocase(word, one)) {
			return true;
		}
	}
	return false;
}

static const char *const work_words[] = {"vp", "svp", "evp", "avp", "ceo", "cto", "cfo", "coo",
	"cio", "ciso", "cmo", "cpo", "cro", "cso", "cdo", "md", "gm", "pm", "swe", "sre", "dev",
	"devs", "devrel", "devops", "hr", "qa", "ux", "eng", "mgr", "code", "codes", "coding",
	"coder", "hack", "hacks", "hacking", "hacker", "run", "runs", "running", "make", "makes",
	"making", "maker", "head", "heading", "owner", "staff", "sales", "sell*", "work", "works",
	"working", "worker", "employee", "employed", "engineer*", "develop*", "manager", "manage",
	"manages", "managing", "director*", "market*", "design", "designs", "designer*",
	"designing", "research*", "consult*", "build", "builds", "building", "builder", "lead",
	"leads", "leading", "leader", "chief", "founder", "founding", "cofounder", "co-founder",
	"partner*", "analyst", "analytics", "scientist*", "professor", "teach", "teaches",
	"teacher", "teaching", "lecturer", "architect*", "specialist", "officer", "president",
	"vice-president", "editor", "writer", "journalist", "reporter", "recruit*", "account*",
	"executive", "product", "program", "programmer", "software", "security", "support",
	"success", "operations", "principal", "senior", "junior", "associate", "assistant",
	"coordinator", "administrator", "admin", "sysadmin", "technician", "evangelist", "advocate",
	"lawyer", "attorney", "counsel", "nurse", "physician", "pilot", "intern", "entwickler*",
	"leiter*", "leite", "gesch\303\244ftsf\303\274hr*", "arbeite", "ingenieur*", "verkauf*",
	"vertrieb*", "ing\xc3\xa9nieur*", "directeur", "directrice", "d\xc3\xa9veloppe*",
	"responsable", "travaille", NULL};

/* There, but not at work; or not yet; or not at all. */
static const char *const other_words[] = {"student", "students", "stud*", "volunteer*", "fan",
	"mentor*", "advis*", "board", "member", "invest*", "speak*", "spoke", "guest", "customer",
	"client", "user", "love*", "like", "likes", "interview*", "hope*", "hoping", "want*",
	"wish*", "aspiring", "wannabe", "soon", "join", "joining", "incoming", "future", "open",
	"looking", "seeking", "not", "no", "never", "maybe", "dream*", "parody", "unofficial",
	"try", "trying", "apply*", "married", "hired", "fired", "against", "versus", NULL};

static const char *const past_words[] = {"ex", "ex-*", "former", "was", "were", "used", "until",
	"till", "retired", "left", "quit", "emeritus", "once", "worked", "built", "led", "ran",
	"managed", "alum*", "ehemalig*", "ancien", "ancienne", "war", "exited", NULL};

/* They hold for all that follows in the sentence, up to a word of now. */
static const char *const before_words[] = {"formerly", "previously", "past", "prev", "prior",
	"before", "ehemals", "fr\xc3\xbcher", "zuvor", "anciennement", NULL};
static const char *const now_words[] = {"now", "currently", "today", "jetzt", "aktuell", "derzeit",
	"actuellement", "maintenant", NULL};

static const char *const at_words[] = {"at", "bei", "chez", NULL};
static const char *const of_words[] = {"of", "von", "de", NULL};
static const char *const of_titles[] = {"ceo", "cto", "cfo", "coo", "founder", "cofounder",
	"co-founder", "owner", "president", NULL};
static const char *const and_words[] = {"and", "und", "et", "y", "or", NULL};
static const char *const joints[] = {"of", "de", "du", "der", "des", "del", NULL};

/* Capital letters that begin no name of an organisation. */
static const char *const no_names[] = {"home", "work", "large", "heart", "night", "day", "scale",
	"stealth", "self", "freelance", "myself", "a", "an", "my", "your", "our", "his", "her",
	"their", "big", "startup*", "early", "fortune", "remote", "various", "several", "many",
	"some", "several", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
	"sunday", "school", "college", "sea", "best", "least", "last", "first", "all", "any",
	"this", "that", "it", "nothing", NULL};

/* --- one place in the text --- */

struct breath {
	bool works, other, past;
};

static void note(struct breath *b, struct str word)
{
	b->works |= is_among(word, work_words);
	b->other |= is_among(word, other_words);
	b->past |= is_among(word, past_words);
}

static bool ends_clause(const struct token *t)
{
	return t->kind == TOKEN_BREAK || t->kind == TOKEN_OPEN;
}

/* Whether what stands at `at` is under a "formerly": looked for back to the sentence's start. */
static bool is_before(const struct tokens *all, size_t at)
{
	for (size_t i = at; i-- > 0 && all->v[i].kind != TOKEN_END;) {
		if (all->v[i].kind == TOKEN_WORD && is_among(all->v[i].text, now_words)) {
			return false;
		}
		if (all->v[i].kind == TOKEN_WORD && is_among(all->v[i].text, before_words)) {
			return true;
		}
	}
	return false;
}

/* What is said before the token `at`: of its own clause, and of the one before it where that one has the
 * title ("VP Sales, EMEA at Acme"). */
static struct breath look_back(const struct tokens *all, size_t at)
{
	struct breath b = {.past = is_before(all, at)};
	int clauses = 0;
	for (size_t i = at; i-- > 0 && all->v[i].kind != TOKEN_END;) {
		if (ends_clause(&all->v[i])) {
			clauses++;
			if (b.works || clauses == 2) {
				break;
			}
		} else if (all->v[i].kind == TOKEN_WORD) {
			note(&b, all->v[i].text);
		}
	}
	return b;
}

static bool is_year(struct str s)
{
	return s.n >= 4 && (s.p[0] == '1' || s.p[0] == '2') && is_digit(s.p[1]) &&
	       is_digit(s.p[2]) && is_digit(s.p[3]) && (s.n == 4 || !is_digit(s.p[4]));
}

/* "until May" or "(2015-2019)" behind a name; "since 2015" and "2015-present" are no end. */
static bool has_ended(const struct tokens *all, size_t from)
{
	static const char *const on[] = {
		"since", "seit", "depuis", "present", "now", "today", "heute", NULL};
	static const char *const off[] = {"until", "till", "bis", NULL};
	bool dated = false;
	for (size_t i = from; i < all->n && i < from + 6 && all->v[i].kind != TOKEN_END; i++) {
		struct str word = all->v[i].text;
		if (all->v[i].kind != TOKEN_WORD) {
			continue;
		}
		size_t dash = str_find(word, STR("-"));
		struct str behind =
			dash != SIZE_MAX ? str_n(word.p + dash + 1, word.n - dash - 1) : STR("");
		if (is_among(word, on) || is_among(behind, on)) {
			return false;
		}
		dated |= is_year(word) || (i < from + 2 && is_among(word, off));
	}
	return dated;
}

/* --- a name --- */

struct found {
	struct str name;
	bool several;
};

static bool starts_name(const struct token *t)
{
	bool number = t->kind == TOKEN_WORD && is_digit(t->text.p[0]) && !is_year(t->text);
	return t->kind == TOKEN_WORD && (is_capital(t->text) || number);
}

/* Whether another name is tied to the one that ends before `at`. */
static bool is_one_of_two(const struct tokens *all, size_t at)
{
	if (at + 1 >= all->n) {
		return false;
	}
	const struct token *t = &all->v[at], *next = &all->v[at + 1];
	bool ties = t->kind == TOKEN_AND || (t->kind == TOKEN_WORD && is_among(t->text, and_words));
	return ties && (starts_name(next) || next->kind == TOKEN_AT || t->kind == TOKEN_AND);
}

static struct str without_genitive(struct str s)
{
	if (str_ends(s, STR("'s"))) {
		s.n -= 2;
	} else if (str_ends(s, STR("\xe2\x80\x99s"))) {
		s.n -= 4;
	}
	return s;
}

/* The name at `at`, and where it ends; absent: none. */
static struct str read_name(const struct tokens *all, size_t at, size_t *end)
{
	size_t words = 0, i = at;
	if (i < all->n && str_eq_nocase(all->v[i].text, STR("the"))) {
		i++;
	}
	if (i >= all->n || !starts_name(&all->v[i]) || is_among(all->v[i].text, no_names)) {
		return STR_NONE;
	}
	for (; i < all->n && words < ORG_WORDS_MAX; words++) {
		size_t step = i + 1 < all->n && words > 0 && all->v[i].kind == TOKEN_WORD &&
			      is_among(all->v[i].text, joints);
		if (!starts_name(&all->v[i + step])) {
			break;
		}
		i += step + 1;
	}
	const char *start = all->v[at].text.p, *stop = all->v[i - 1].text.p + all->v[i - 1].text.n;
	*end = i;
	return without_genitive(str_n(start, (size_t)(stop - start)));
}

/* "@acme"; what leads to a server ("@ada@social.example", "@ada.example") is a person's or unclear. */
static struct str read_handle(const struct tokens *all, size_t at, size_t *end)
{
	const struct token *t = &all->v[at];
	bool goes_on = at + 1 < all->n && all->v[at + 1].kind == TOKEN_AT && all->v[at + 1].glued;
	*end = at + 1;
	return t->text.n < 2 || goes_on || memchr(t->text.p, '.', t->text.n) != NULL
		       ? STR_NONE
		       : without_genitive(t->text);
}

/* What the token `at` leads to. */
static struct str name_after(const struct tokens *all, size_t at, size_t *end)
{
	const struct token *t = &all->v[at];
	if (at + 1 >= all->n) {
		return STR_NONE;
	}
	bool is_handle =
		t->kind == TOKEN_AT && all->v[at + 1].kind == TOKEN_WORD && all->v[at + 1].glued;
	if (t->kind == TOKEN_AT && t->glued && at > 0 && all->v[at - 1].kind == TOKEN_WORD) {
		return STR_NONE; /* an e-mail address, or a handle's server */
	}
	return is_handle ? read_handle(all, at + 1, end) : read_name(all, at + 1, end);
}

/* Whether the token leads to an employer: '@', "at", or "of" behind a title of those who head one. */
static bool leads_on(const struct tokens *all, size_t at)
{
	const struct token *t = &all->v[at];
	if (t->kind == TOKEN_AT) {
		return true;
	}
	if (t->kind != TOKEN_WORD) {
		return false;
	}
	return is_among(t->text, at_words) ||
	       (at > 0 && is_among(t->text, of_words) && all->v[at - 1].kind == TOKEN_WORD &&
		       is_among(all->v[at - 1].text, of_titles));
}

static void take(struct found *f, struct str name, bool one_of_two)
{
	f->several |= one_of_two || (f->name.p != NULL && !employer_same(f->name, name));
	f->name = f->name.p != NULL && f->name.n >= name.n ? f->name : name;
}

struct str employer_in_bio(struct str bio)
{
	struct tokens all;
	struct found f = {.name = STR_NONE};
	tokenise(&all, str_cut_utf8(bio, TEXT_MAX));
	for (size_t i = 0; i < all.n; i++) {
		size_t end = i;
		struct str name = leads_on(&all, i) ? name_after(&all, i, &end) : STR_NONE;
		if (name.p == NULL) {
			continue;
		}
		struct breath b = look_back(&all, i);
		if (b.works && !b.other && !b.past && !has_ended(&all, end)) {
			take(&f, name, is_one_of_two(&all, end));
		}
	}
	return f.several ? STR_NONE : f.name;
}

/* --- a field --- */

static const char *const no_companies[] = {"none", "n/a", "na", "null", "freelance*",
	"self-employed", "selfemployed", "self", "independent", "student", "unemployed", "home",
	"stealth", "various", "retired", "consultant", "contractor", "personal", "private", "me",
	"myself", "looking", "open", "ex", "ex-*", "former", "formerly", "previously", "past",
	"not", "no", "my", "the", "university", "school", "somewhere", "nowhere", "earth",
	"internet", NULL};

/* ", Inc." and the like. */
static const char *const legal_forms[] = {"inc", "incorporated", "ltd", "limited", "llc", "llp",
	"plc", "corp", "corporation", "co", "company", "gmbh", "ag", "kg", "se", "ug", "ev", "sa",
	"sas", "sarl", "srl", "spa", "bv", "nv", "ab", "as", "oy", "oyj", "aps", "kk", "pty", "pte",
	"pvt", NULL};

static struct str without_comma_form(struct str s)
{
	size_t comma = str_find(s, STR(","));
	struct str form =
		comma != SIZE_MAX ? str_trim(str_n(s.p + comma + 1, s.n - comma - 1)) : STR_NONE;
	if (str_ends(form, STR("."))) {
		form.n--;
	}
	return is_among(form, legal_forms) ? str_trim(str_n(s.p, comma)) : s;
}

static bool has_letter(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		if (c >= 0x80 || ((c | 32) >= 'a' && (c | 32) <= 'z')) {
			return true;
		}
	}
	return false;
}

struct str employer_in_field(struct str field)
{
	struct tokens all;
	struct str name = without_comma_form(str_trim(field));
	if (name.n > 0 && name.p[0] == '@') {
		name = str_trim(str_n(name.p + 1, name.n - 1));
	}
	if (name.n < 2 || name.n > FIELD_BYTES_MAX || !has_letter(name)) {
		return STR_NONE;
	}
	tokenise(&all, name);
	for (size_t i = 0; i < all.n; i++) {
		const struct token *t = &all.v[i];
		bool is_end = i + 1 == all.n && t->text.p[0] == '.';
		if ((t->kind != TOKEN_WORD && !is_end) ||
			(i > 0 && t->kind == TOKEN_WORD && is_among(t->text, and_words)) ||
			(t->kind == TOKEN_WORD && is_among(t->text, past_words))) {
			return STR_NONE;
		}
	}
	bool lone_article = all.n > 1 && str_eq_nocase(all.v[0].text, STR("the"));
	return all.n == 0 || (!lone_article && is_among(all.v[0].text, no_companies)) ? STR_NONE
										      : name;
}

/* --- comparing --- */

/* The words of a name in one piece, without its legal form. */
static void squash(struct buf *out, struct str name)
{
	struct buf words;
	struct str rest, word, kept[64];
	size_t n = 0;
	buf_init(&words, FOLDED_MAX);
	fold_words(&words, str_cut_utf8(name, TEXT_MAX));
	rest = buf_str(&words);
	while (n < 64 && str_split(&rest, ' ', &word)) {
		if (word.n > 0) {
			kept[n++] = word;
		}
	}
	while (n > 1 && is_among(kept[n - 1], legal_forms)) {
		n--;
	}
	for (size_t i = n > 1 && str_eq(kept[0], STR("the")); i < n; i++) {
		buf_add_str(out, kept[i]);
	}
	buf_release(&words);
}

bool employer_same(struct str a, struct str b)
{
	struct buf x, y;
	buf_init(&x, FOLDED_MAX);
	buf_init(&y, FOLDED_MAX);
	squash(&x, a);
	squash(&y, b);
	struct str p = buf_str(&x), q = buf_str(&y);
	bool same = x.rc == HARK_OK && y.rc == HARK_OK &&
		    (p.n == 0 || q.n == 0 ? p.n == q.n : str_starts(p, q) || str_starts(q, p));
	buf_release(&x);
	buf_release(&y);
	return same;
}

/* Whether the name begins at this token. */
static bool is_here(const struct tokens *all, size_t at, struct str squashed)
{
	struct buf words;
	bool is = false;
	buf_init(&words, FOLDED_MAX);
	for (size_t i = at; i < all->n && i < at + 2 * ORG_WORDS_MAX && !is; i++) {
		struct buf one;
		if (all->v[i].kind != TOKEN_WORD) {
			break;
		}
		buf_init(&one, FOLDED_MAX);
		squash(&one, all->v[i].text);
		buf_add_str(&words, buf_str(&one));
		buf_release(&one);
		is = str_eq(buf_str(&words), squashed);
		if (words.n > squashed.n) {
			break;
		}
	}
	buf_release(&words);
	return is;
}

bool employer_is_named(struct str text, struct str employer)
{
	struct tokens all;
	struct buf name;
	bool is = false;
	buf_init(&name, FOLDED_MAX);
	squash(&name, employer);
	tokenise(&all, str_cut_utf8(text, TEXT_MAX));
	for (size_t i = 0; i < all.n && !is && name.n > 0; i++) {
		struct breath b;
		if (all.v[i].kind == TOKEN_WORD && is_here(&all, i, buf_str(&name))) {
			b = look_back(&all, i);
			is = !b.past && !has_ended(&all, i + 1);
		}
	}
	buf_release(&name);
	return is;
}
