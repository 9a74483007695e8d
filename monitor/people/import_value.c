#include "monitor/people/import_value.h"

#include "connectors/parse/date.h"
#include "connectors/roster_table.h"
#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/base/diag.h"
#include "monitor/base/url_key.h"
#include "monitor/model/money.h"

#include <stdio.h>

#define VALUE_MAX 4096
#define EMAIL_MAX 254 /* RFC 5321 */

bool import_is_nothing(struct str s)
{
	static const char *const nothing[] = {
		"-", "--", "n/a", "#n/a", "(blank)", "[not provided]", "(none)"};
	for (size_t i = 0; i < sizeof(nothing) / sizeof(nothing[0]); i++) {
		if (str_eq_nocase(s, str_c(nothing[i]))) {
			return true;
		}
	}
	return s.n == 0;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
}

struct str import_lower(struct str s, struct arena *arena)
{
	char *p = arena_room(arena, s.n + 1);
	for (size_t i = 0; p != NULL && i < s.n; i++) {
		p[i] = lower(s.p[i]);
	}
	return p != NULL ? str_n(p, s.n) : STR_NONE;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* ---- several in one cell ---- */

/* The next piece between any of `marks`; false when nothing is left. */
static bool next_piece(struct str *rest, const char *marks, struct str *piece)
{
	while (rest->n > 0) {
		size_t n = 0;
		while (n < rest->n && strchr(marks, rest->p[n]) == NULL) {
			n++;
		}
		*piece = str_trim(str_n(rest->p, n));
		n += n < rest->n;
		*rest = str_n(rest->p + n, rest->n - n);
		if (piece->n > 0) {
			return true;
		}
	}
	return false;
}

struct lines {
	char *p;
	size_t n;
};

/* Room for every piece of `s`. */
static bool lines_open(struct lines *l, struct str s, struct arena *arena)
{
	*l = (struct lines){.p = arena_room(arena, s.n + 2)};
	return l->p != NULL;
}

static bool lines_have(const struct lines *l, struct str line)
{
	struct str rest = str_n(l->p, l->n), one;
	while (str_split(&rest, '\n', &one)) {
		if (str_eq(one, line)) {
			return true;
		}
	}
	return false;
}

static void lines_add(struct lines *l, struct str line)
{
	if (!lines_have(l, line)) {
		if (l->n > 0) {
			l->p[l->n++] = '\n';
		}
		memcpy(l->p + l->n, line.p, line.n);
		l->n += line.n;
	}
}

static bool is_host(struct str s)
{
	bool dot = false;
	for (size_t i = 0; i < s.n; i++) {
		char c = lower(s.p[i]);
		bool counts = is_digit(c) || (c >= 'a' && c <= 'z') || (signed char)c < 0;
		bool inner = i > 0 && i + 1 < s.n && s.p[i - 1] != '.';
		if (!counts && !((c == '-' || c == '.') && inner)) {
			return false;
		}
		dot |= c == '.';
	}
	return dot;
}

static struct str bare_email(struct str s)
{
	size_t open = str_find(s, STR("<"));
	if (open != SIZE_MAX && s.p[s.n - 1] == '>') {
		s = str_trim(str_n(s.p + open + 1, s.n - open - 2));
	}
	return str_starts_nocase(s, STR("mailto:")) ? str_n(s.p + 7, s.n - 7) : s;
}

static bool is_email(struct str s)
{
	const char *at = memchr(s.p, '@', s.n);
	if (at == NULL || at == s.p || s.n > EMAIL_MAX) {
		return false;
	}
	struct str host = str_n(at + 1, s.n - (size_t)(at + 1 - s.p));
	for (size_t i = 0; i < s.n; i++) {
		if ((unsigned char)s.p[i] <= ' ' || strchr("<>()[],;:\\\"", s.p[i]) != NULL) {
			return false;
		}
	}
	return host.n > 0 && memchr(host.p, '@', host.n) == NULL && is_host(host);
}

int import_emails(struct str s, struct arena *arena, struct str *out, struct hark_err *err)
{
	struct lines l;
	struct str piece, rest = s;
	bool named = str_find(s, STR("<")) != SIZE_MAX;
	if (!lines_open(&l, s, arena)) {
		return HARK_ENOMEM;
	}
	while (next_piece(&rest, named ? ";,\n" : ";, \t\n", &piece)) {
		struct str one = bare_email(piece);
		if (one.n == 0 || !is_email(one)) {
			return hark_err_set(
				err, HARK_EINVAL, "'%.*s' is no e-mail address", STR_FMT(s));
		}
		one = import_lower(one, arena);
		if (one.p == NULL) {
			return HARK_ENOMEM;
		}
		lines_add(&l, one);
	}
	*out = str_n(l.p, l.n);
	return HARK_OK;
}

int import_link(struct str s, struct arena *arena, struct str *out, struct hark_err *err)
{
	struct buf page, url;
	buf_init(&page, VALUE_MAX);
	buf_init(&url, VALUE_MAX);
	roster_page(&page, s);
	struct str whole = roster_page_url(buf_str(&page), &url);
	*out = whole.p != NULL ? url_key(whole, arena) : STR_NONE;
	int rc = page.rc == HARK_ENOMEM || url.rc == HARK_ENOMEM ? HARK_ENOMEM : HARK_OK;
	if (rc == HARK_OK && out->p == NULL) {
		rc = hark_err_set(
			err, HARK_EINVAL, "'%.*s' is no address of a profile", STR_FMT(s));
	} else if (rc == HARK_OK) {
		*out = arena_str(arena, *out);
		rc = out->p == NULL ? HARK_ENOMEM : HARK_OK;
	}
	buf_release(&page);
	buf_release(&url);
	return rc;
}

struct str import_handle(struct str s, struct arena *arena)
{
	return import_lower(s.n > 1 && s.p[0] == '@' ? str_n(s.p + 1, s.n - 1) : s, arena);
}

static struct str host_of(struct str s)
{
	size_t scheme = str_find(s, STR("://"));
	if (scheme != SIZE_MAX) {
		s = str_n(s.p + scheme + 3, s.n - scheme - 3);
	}
	size_t n = 0;
	while (n < s.n && strchr("/?#:", s.p[n]) == NULL) {
		n++;
	}
	s.n = n;
	return str_starts_nocase(s, STR("www.")) ? str_n(s.p + 4, s.n - 4) : s;
}

int import_domains(struct str s, struct arena *arena, struct str *out, struct hark_err *err)
{
	struct lines l;
	struct str piece, rest = s;
	if (!lines_open(&l, s, arena)) {
		return HARK_ENOMEM;
	}
	while (next_piece(&rest, ";,| \t\n", &piece)) {
		struct str host = host_of(piece);
		if (host.n == 0 || !is_host(host)) {
			return hark_err_set(
				err, HARK_EINVAL, "'%.*s' is no domain", STR_FMT(piece));
		}
		host = import_lower(host, arena);
		if (host.p == NULL) {
			return HARK_ENOMEM;
		}
		lines_add(&l, host);
	}
	*out = str_n(l.p, l.n);
	return HARK_OK;
}

struct str import_names(struct str s, struct arena *arena)
{
	struct lines l;
	struct str piece;
	if (!lines_open(&l, s, arena)) {
		return STR_NONE;
	}
	while (next_piece(&s, ";|\n", &piece)) {
		lines_add(&l, piece);
	}
	return str_n(l.p, l.n);
}

/* ---- dates ---- */

/* "3/4/2026", "03-04-26", "3.4.2026 09:14": three numbers, the year last. */
struct numeric {
	int64_t first, second, year;
	char mark;
};

static bool read_numeric(struct str s, struct numeric *out)
{
	int64_t part[3] = {0};
	size_t digits[3] = {0}, at = 0;
	out->mark = 0;
	for (size_t k = 0; k < 3; k++) {
		while (at < s.n && is_digit(s.p[at]) && digits[k] < 5) {
			part[k] = part[k] * 10 + (s.p[at++] - '0');
			digits[k]++;
		}
		if (k < 2 && (at >= s.n || strchr("/.-", s.p[at]) == NULL ||
				     (k == 1 && s.p[at] != out->mark))) {
			return false;
		}
		if (k < 2) {
			out->mark = s.p[at++];
		}
	}
	bool ends = at == s.n || s.p[at] == ' ' || s.p[at] == ',' || s.p[at] == 'T';
	bool fits = digits[0] >= 1 && digits[0] <= 2 && digits[1] >= 1 && digits[1] <= 2 &&
		    (digits[2] == 2 || digits[2] == 4);
	*out = (struct numeric){
		part[0], part[1], digits[2] == 2 ? 2000 + part[2] : part[2], out->mark};
	return ends && fits;
}

void import_dates_look(struct str s, unsigned *seen)
{
	struct numeric n;
	if (read_numeric(s, &n) && n.mark != '.') {
		bool is_date = n.first <= 31 && n.second <= 31 && (n.first <= 12 || n.second <= 12);
		*seen |= !is_date              ? 0
			 : n.first > 12        ? DATES_SEEN_DAY_FIRST
			 : n.second > 12       ? DATES_SEEN_MONTH_FIRST
			 : n.first == n.second ? 0
					       : DATES_SEEN_EITHER;
	}
}

static int numeric_date(const struct numeric *n, struct str s, enum date_order order,
	struct arena *arena, struct str *out, struct hark_err *err)
{
	bool day_first =
		n->mark == '.' || n->first > 12 || (n->second <= 12 && order == DATES_DAY_FIRST);
	int64_t day = day_first ? n->first : n->second;
	int64_t month = day_first ? n->second : n->first;
	if (n->mark != '.' && n->first <= 12 && n->second <= 12 && n->first != n->second &&
		order == DATES_UNKNOWN) {
		return hark_err_set(err, HARK_EINVAL,
			"'%.*s' may begin with the day or with the month: --dates dmy or --dates mdy",
			STR_FMT(s));
	}
	char text[32];
	int64_t at_ms;
	int length = snprintf(text, sizeof(text), "%04d-%02d-%02d", (int)n->year, (int)month, (int)day);
	if (!date_parse(str_n(text, (size_t)length), &at_ms)) { /* 29 February is one in some years */
		return hark_err_set(err, HARK_EINVAL, "'%.*s' is no date", STR_FMT(s));
	}
	*out = arena_str(arena, str_n(text, (size_t)length));
	return out->p != NULL ? HARK_OK : HARK_ENOMEM;
}

/* "2026" and "2026-09" stay as they are. */
static bool is_partial(struct str s)
{
	bool year = s.n >= 4 && is_digit(s.p[0]) && is_digit(s.p[1]) && is_digit(s.p[2]) &&
		    is_digit(s.p[3]) && (s.p[0] == '1' || s.p[0] == '2');
	return year &&
	       (s.n == 4 || (s.n == 7 && s.p[4] == '-' && is_digit(s.p[5]) && is_digit(s.p[6]) &&
				    str_cmp(str_n(s.p + 5, 2), STR("12")) <= 0 &&
				    str_cmp(str_n(s.p + 5, 2), STR("00")) > 0));
}

int import_date(struct str s, enum date_order order, struct arena *arena, struct str *out,
	struct hark_err *err)
{
	struct numeric n;
	char text[CLOCK_TEXT_MAX];
	int64_t at_ms, number;
	if (is_partial(s)) {
		*out = s;
		return HARK_OK;
	}
	if (read_numeric(s, &n)) {
		return numeric_date(&n, s, order, arena, out, err);
	}
	bool only_digits = str_i64(s, &number);
	bool is_iso = s.n >= 10 && s.p[4] == '-' && s.p[7] == '-';
	if ((only_digits && s.n < 12) ||
		!date_parse(s, &at_ms)) { /* 45000 is a spreadsheet's own */
		return hark_err_set(err, HARK_EINVAL, "'%.*s' is no date", STR_FMT(s));
	}
	/* The day as it is written, whatever the zone behind it. */
	*out = arena_str(arena, is_iso ? str_n(s.p, 10) : str_n(clock_rfc3339(at_ms, text), 10));
	return out->p != NULL ? HARK_OK : HARK_ENOMEM;
}

/* ---- numbers ---- */

/* Hundredths of a number with any marks in it. The last mark is the decimal one if one or two digits follow, or
 * if it is the only one and other than three follow. */
static bool read_number(struct str s, int64_t *out)
{
	size_t last = SIZE_MAX, marks = 0, from = s.n > 0 && s.p[0] == '-';
	int64_t value = 0;
	for (size_t i = from; i < s.n; i++) {
		if (!is_digit(s.p[i])) {
			last = i;
			marks++;
		}
	}
	size_t behind = last == SIZE_MAX ? 0 : s.n - last - 1;
	bool decimal = last != SIZE_MAX && s.p[last] != ' ' && s.p[last] != '\'' &&
		       (behind <= 2 || (marks == 1 && behind != 3)) && behind > 0;
	if (s.n == from || behind > 9 || (last != SIZE_MAX && behind == 0)) {
		return false;
	}
	size_t decimals = 0;
	for (size_t i = from; i < s.n; i++) {
		if (is_digit(s.p[i])) {
			decimals += decimal && i > last;
			if (decimals > 2) {
				continue;
			}
			if (value > INT64_MAX / 1000) {
				return false;
			}
			value = value * 10 + (s.p[i] - '0');
		} else if (strchr(".,' ", s.p[i]) == NULL) {
			return false;
		}
	}
	for (; decimals < 2; decimals++) {
		value *= 10;
	}
	*out = from > 0 ? -value : value;
	return true;
}

/* Takes a currency off the front or the end of `s`. */
static void take_currency(struct str *s, struct str *currency)
{
	static const struct {
		const char *sign, *code;
	} signs[] = {{"\xe2\x82\xac", "EUR"}, {"\xc2\xa3", "GBP"}, {"$", ""}};
	for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
		struct str sign = str_c(signs[i].sign);
		bool front = str_starts(*s, sign), back = str_ends(*s, sign);
		if (front || back) {
			*s = str_trim(str_n(front ? s->p + sign.n : s->p, s->n - sign.n));
			*currency = signs[i].code[0] != '\0' ? str_c(signs[i].code) : *currency;
			return;
		}
	}
	if (s->n > 3 && money_currency(str_n(s->p, 3))) {
		*currency = str_n(s->p, 3);
		*s = str_trim(str_n(s->p + 3, s->n - 3));
	} else if (s->n > 3 && money_currency(str_n(s->p + s->n - 3, 3))) {
		*currency = str_n(s->p + s->n - 3, 3);
		*s = str_trim(str_n(s->p, s->n - 3));
	}
}

int import_money(struct str s, int64_t *hundredths, struct str *currency, struct hark_err *err)
{
	struct str number = s;
	take_currency(&number, currency);
	return read_number(number, hundredths)
		       ? HARK_OK
		       : hark_err_set(err, HARK_EINVAL, "'%.*s' is no amount", STR_FMT(s));
}

int import_score(struct str s, int64_t *hundredths, int64_t *max, struct hark_err *err)
{
	struct str rest = s, first = s;
	size_t slash = str_find(s, STR("/"));
	bool good = true;
	if (slash != SIZE_MAX) {
		first = str_trim(str_n(s.p, slash));
		rest = str_trim(str_n(s.p + slash + 1, s.n - slash - 1));
		good = read_number(rest, max);
	}
	return good && read_number(first, hundredths)
		       ? HARK_OK
		       : hark_err_set(err, HARK_EINVAL, "'%.*s' is no score", STR_FMT(s));
}

/* ---- words ---- */

struct meaning {
	const char *word, *is; /* the value begins with the word */
};

/* Whether a word that begins like `word` stands in `s`. */
static bool has_word(struct str s, const char *word)
{
	size_t n = strlen(word);
	for (size_t i = 0; i + n <= s.n; i++) {
		bool starts = i == 0 || !(lower(s.p[i - 1]) >= 'a' && lower(s.p[i - 1]) <= 'z');
		if (starts && str_eq_nocase(str_n(s.p + i, n), str_n(word, n))) {
			return true;
		}
	}
	return false;
}

static const char *meaning_of(struct str s, const struct meaning *m, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (has_word(s, m[i].word)) {
			return m[i].is;
		}
	}
	return NULL;
}

static const char *const usual[] = {"customer", "prospect", "competitor", "partner", "target"};
#define USUAL (sizeof(usual) / sizeof(usual[0]))

bool import_type_is_usual(struct str type)
{
	bool found = false;
	for (size_t i = 0; i < USUAL; i++) {
		found |= str_eq_c(type, usual[i]);
	}
	return found;
}

const char *import_type_near(struct str type)
{
	return did_you_mean(type, usual, USUAL);
}

struct str import_account_type(struct str s, struct arena *arena)
{
	static const struct meaning types[] = {{"competitor", "competitor"},
		{"rival", "competitor"}, {"wettbewerb", "competitor"}, {"konkurren", "competitor"},
		{"target", "target"}, {"ziel", "target"}, {"prospect", "prospect"},
		{"lead", "prospect"}, {"opportunity", "prospect"}, {"qualifiedlead", "prospect"},
		{"marketingqualifiedlead", "prospect"}, {"salesqualifiedlead", "prospect"},
		{"interessent", "prospect"}, {"partner", "partner"}, {"reseller", "partner"},
		{"customer", "customer"}, {"client", "customer"}, {"kunde", "customer"}};
	const char *type = meaning_of(s, types, sizeof(types) / sizeof(types[0]));
	bool was = has_word(s, "former") || has_word(s, "ex-") || has_word(s, "lost") ||
		   has_word(s, "churned") || has_word(s, "not ") || has_word(s, "non-");
	return type != NULL && !was ? str_c(type) : import_lower(s, arena);
}

const char *import_deal_state(struct str stage)
{
	static const struct meaning states[] = {{"lost", "lost"}, {"verloren", "lost"},
		{"closedlost", "lost"}, {"disqualified", "lost"}, {"cancel", "lost"},
		{"not won", "lost"}, {"won", "won"}, {"gewonnen", "won"}, {"closedwon", "won"}};
	const char *state = meaning_of(stage, states, sizeof(states) / sizeof(states[0]));
	return state != NULL ? state : "open";
}

const char *import_case_state(struct str status)
{
	static const struct meaning states[] = {{"reopened", "open"}, {"re-opened", "open"},
		{"unresolved", "open"}, {"not ", "open"}, {"fixed", "closed"}, {"closed", "closed"},
		{"resolved", "closed"}, {"solved", "closed"}, {"done", "closed"},
		{"cancel", "closed"}, {"merged", "closed"}, {"erledigt", "closed"},
		{"geschlossen", "closed"}, {"ok-with-progress", "ok-with-progress"},
		{"ok with progress", "ok-with-progress"}, {"workaround", "ok-with-progress"},
		{"fix", "ok-with-progress"}, {"solution", "ok-with-progress"}};
	const char *state = meaning_of(status, states, sizeof(states) / sizeof(states[0]));
	return state != NULL ? state : "open";
}

static bool is_one_of(struct str s, const char *const *words)
{
	while (*words != NULL && !str_eq_nocase(s, str_c(*words))) {
		words++;
	}
	return *words != NULL;
}

bool import_truth(struct str s)
{
	static const char *const truths[] = {
		"1", "true", "t", "yes", "y", "x", "ja", "j", "wahr", "oui", "vrai", "sim", "tak", "won", NULL};
	return is_one_of(s, truths);
}

bool import_untruth(struct str s)
{
	static const char *const untruths[] = {
		"0", "false", "f", "no", "n", "nein", "falsch", "non", "faux", "nee", "nie", "-", NULL};
	return str_empty(s) || is_one_of(s, untruths);
}

/* ---- how a file is read ---- */

bool import_dates_parse(struct str s, enum date_order *out)
{
	bool day = str_eq_c(s, "dmy"), month = str_eq_c(s, "mdy");
	*out = day ? DATES_DAY_FIRST : month ? DATES_MONTH_FIRST : DATES_UNKNOWN;
	return day || month;
}

bool import_separator_parse(struct str s, char *out)
{
	static const struct {
		const char *name;
		char c;
	} names[] = {
		{"comma", ','}, {"semicolon", ';'}, {"tab", '\t'}, {"pipe", '|'}, {"bar", '|'}};
	*out = 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		*out = str_eq_c(s, names[i].name) ? names[i].c : *out;
	}
	if (*out == 0 && s.n == 1 && strchr("\"\n\r", s.p[0]) == NULL) {
		*out = s.p[0];
	}
	return *out != 0;
}

bool import_system_is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-')) {
			return false;
		}
	}
	return s.n > 0;
}
