#include "monitor/references/peers.h"

#include "monitor/base/json.h"
#include "monitor/store/references.h"

#include <stdio.h>
#include <stdlib.h>

#define REFERENCES_MAX 10000
#define WORD_MIN 3

/* ---- points ---- */

static void add(struct peer *p, const char *what, int points, struct str value)
{
	p->reasons[p->reasons_n++] = (struct peer_reason){what, points, value};
	p->points += points;
}

static bool is_same(struct str a, struct str b)
{
	return !str_empty(a) && str_eq_nocase(a, b);
}

static bool next_word(struct str *rest, struct str *word)
{
	size_t i = 0, n = 0;
	while (i < rest->n && strchr(" ,/&-.()", rest->p[i]) != NULL) {
		i++;
	}
	while (i + n < rest->n && strchr(" ,/&-.()", rest->p[i + n]) == NULL) {
		n++;
	}
	*word = str_n(rest->p + i, n);
	*rest = str_n(rest->p + i + n, rest->n - i - n);
	return n > 0;
}

static bool is_rank(struct str word)
{
	static const char *const ranks[] = {"the", "and", "for", "head", "chief", "vice",
		"president", "director", "manager", "lead", "senior", "junior", "officer", "global",
		"group", "regional", "assistant", "deputy"};
	for (size_t i = 0; i < sizeof(ranks) / sizeof(ranks[0]); i++) {
		if (str_eq_nocase(word, str_c(ranks[i]))) {
			return true;
		}
	}
	return word.n < WORD_MIN;
}

bool peer_same_role(struct str role, struct str title)
{
	struct str a, b;
	while (!str_empty(role) && next_word(&role, &a)) {
		struct str rest = title;
		while (!is_rank(a) && !str_empty(rest) && next_word(&rest, &b)) {
			if (str_eq_nocase(a, b)) {
				return true;
			}
		}
	}
	return false;
}

void peer_score(struct peer *p, const struct deal *deal, const struct request *r,
	const struct peer_facts *f)
{
	if (is_same(deal->industry, f->sales.industry)) {
		add(p, "industry", 25, deal->industry);
	}
	if (is_same(deal->segment, f->sales.segment)) {
		add(p, "size", 15, deal->segment);
	}
	if (is_same(deal->region, f->sales.region)) {
		add(p, "region", 10, deal->region);
	}
	if (peer_same_role(r->role, f->title)) {
		add(p, "role", 10, f->title);
	}
	if (!str_empty(f->rival)) {
		add(p, "replaced rival", 20, f->rival);
	}
	if (!str_empty(f->story)) {
		add(p, "told why they chose", 15, f->story);
	}
	if (!str_empty(f->weighed)) {
		add(p, "spoke of what is weighed", 10, f->weighed);
	}
	if (!str_empty(f->motive)) {
		add(p, "motive", 5, f->motive);
	}
	if (f->score >= 10) {
		add(p, "credible", f->score / 10, STR_NONE);
	}
	if (f->uses > 0) {
		add(p, "used lately", -5 * (int)(f->uses < 10 ? f->uses : 10), STR_NONE);
	}
}

/* ---- what is known of one ---- */

static unsigned char lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
}

static bool speaks_of(struct str text, struct str what)
{
	for (size_t i = 0; what.n > 0 && i + what.n <= text.n; i++) {
		size_t k = 0;
		while (k < what.n && lower(text.p[i + k]) == lower(what.p[k])) {
			k++;
		}
		if (k == what.n) {
			return true;
		}
	}
	return false;
}

/* Their own words of why they chose, where these name the rival or what is weighed. */
static struct str find_story(
	const struct statement *s, struct str rival, struct str weighs, struct arena *arena)
{
	struct str found = STR_NONE;
	json_t *parts = s->parts.n > 0 ? json_read(s->parts, NULL) : NULL;
	for (size_t i = 0; i < json_array_size(parts) && found.p == NULL; i++) {
		const json_t *part = json_array_get(parts, i);
		struct str text = json_str(part, "text"), rest = weighs, line;
		bool fits = str_eq_c(json_str(part, "part"), "selection") && speaks_of(text, rival);
		while (!fits && str_eq_c(json_str(part, "part"), "selection") &&
			str_split(&rest, '\n', &line)) {
			fits = speaks_of(text, line);
		}
		found = fits ? arena_str(arena, text) : found;
	}
	json_decref(parts);
	return found;
}

static void read_statements(const struct statement *v, size_t n, const struct deal *deal,
	const struct request *r, struct arena *arena, struct peer_facts *f)
{
	struct str line;
	for (size_t i = 0; i < n; i++) {
		struct str rest = r->weighs;
		if (!statement_stands(&v[i])) {
			continue;
		}
		f->story = f->story.p != NULL ? f->story
					      : find_story(&v[i], deal->rival, r->weighs, arena);
		while (f->weighed.p == NULL && str_split(&rest, '\n', &line)) {
			f->weighed = speaks_of(v[i].text, line) ? line : STR_NONE;
		}
	}
}

/* What they were glad to do before, they may do again. */
static const char *motive_of(struct str activity)
{
	static const struct {
		const char *activity, *motive;
	} motives[] = {{"call", "peers"}, {"community", "peers"}, {"speaker", "visibility"},
		{"case-study", "visibility"}, {"quote", "visibility"}, {"survey", "benchmarking"}};
	for (size_t i = 0; i < sizeof(motives) / sizeof(motives[0]); i++) {
		if (str_eq_c(activity, motives[i].activity)) {
			return motives[i].motive;
		}
	}
	return "";
}

int peer_motive(struct store *s, int64_t person, struct str activity, struct arena *arena,
	struct str *out, struct hark_err *err)
{
	struct activity *v;
	size_t n;
	int rc = store_activities(s, person, arena, &v, &n, err);
	*out = STR_NONE;
	for (size_t i = 0; rc == HARK_OK && i < n && out->p == NULL; i++) {
		const char *motive = motive_of(v[i].activity);
		bool glad = str_eq_c(v[i].customer_tone, "good") ||
			    str_eq_c(v[i].customer_tone, "great");
		if (glad && (str_empty(activity) || strcmp(motive, motive_of(activity)) == 0)) {
			*out = str_c(motive);
		}
	}
	return rc;
}

static int read_facts(struct store *s, const struct conf *conf, const struct deal *deal,
	const struct request *r, const struct reference *ref, int64_t now_ms, struct arena *arena,
	struct peer_facts *f, struct hark_err *err)
{
	struct reference_facts facts;
	struct statement *v;
	size_t n;
	*f = (struct peer_facts){.title = ref->title, .score = ref->score};
	int rc = store_reference_facts(s, ref, r->activity, now_ms - conf->references.cap_window_ms,
		now_ms, arena, &facts, err);
	rc = rc == HARK_OK ? store_reference_statements(s, ref->id, arena, &v, &n, err) : rc;
	rc = rc == HARK_OK ? peer_motive(s, ref->person, r->activity, arena, &f->motive, err) : rc;
	if (rc == HARK_OK) {
		f->sales = facts.sales;
		f->uses = facts.person.n;
		f->rival =
			store_deal_replaced(s, ref->account, deal->rival) ? deal->rival : STR_NONE;
		read_statements(v, n, deal, r, arena, f);
	}
	return rc;
}

/* ---- all of them ---- */

static bool fits(const struct peer *p)
{
	return p->guard.may_ask && !p->same_account;
}

static int compare(const void *a, const void *b)
{
	const struct peer *x = a, *y = b;
	if (fits(x) != fits(y)) {
		return fits(x) ? -1 : 1;
	}
	if (x->points != y->points) {
		return x->points > y->points ? -1 : 1;
	}
	return x->reference.id < y->reference.id ? -1 : x->reference.id > y->reference.id;
}

static int look_at(struct store *s, const struct conf *conf, const struct deal *deal,
	const struct request *r, int64_t now_ms, struct arena *arena, struct peer *p,
	struct hark_err *err)
{
	struct peer_facts facts;
	int rc = guard_ask(s, conf, &p->reference, r->activity, now_ms, arena, &p->guard, err);
	rc = rc == HARK_OK ? read_facts(s, conf, deal, r, &p->reference, now_ms, arena, &facts, err)
			   : rc;
	if (rc == HARK_OK) {
		p->same_account = deal->account != 0 && p->reference.account == deal->account;
		peer_score(p, deal, r, &facts);
	}
	return rc;
}

int peers_rank(struct store *s, const struct conf *conf, const struct deal *deal,
	const struct request *r, int64_t now_ms, struct arena *arena, struct peer **out, size_t *n,
	struct hark_err *err)
{
	const struct reference_filter all = {.max = REFERENCES_MAX};
	struct reference *v;
	size_t kept = 0;
	int rc = store_reference_list(s, &all, arena, &v, n, err);
	*out = NULL;
	if (rc != HARK_OK || *n == 0) {
		return rc;
	}
	*out = arena_alloc(arena, *n * sizeof(**out));
	if (*out == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the references");
	}
	for (size_t i = 0; i < *n && rc == HARK_OK; i++) {
		(*out)[kept] = (struct peer){.reference = v[i]};
		rc = look_at(s, conf, deal, r, now_ms, arena, &(*out)[kept], err);
		kept += !guard_has(&(*out)[kept].guard, GUARD_OPTED_OUT);
	}
	*n = kept;
	qsort(*out, *n, sizeof(**out), compare);
	return rc;
}
