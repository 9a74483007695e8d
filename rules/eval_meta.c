/* What a post says about itself: hosts, languages, counts. No positions in the text. */
#include "monitor/base/clock.h"
#include "rules/eval.h"

#include <math.h>
#include <stdlib.h>

static struct str without_scheme(struct str url)
{
	size_t i = str_find(url, STR("://"));
	return i == SIZE_MAX ? url : str_n(url.p + i + 3, url.n - i - 3);
}

/* Host and what follows it. */
static void split_url(struct str url, struct str *host, struct str *path)
{
	url = without_scheme(url);
	size_t n = 0;
	while (n < url.n && strchr("/?#", url.p[n]) == NULL) {
		n++;
	}
	*path = str_n(url.p + n, url.n - n);
	*host = str_n(url.p, n);
	const char *at = host->n > 0 ? memrchr(host->p, '@', host->n) : NULL;
	if (at != NULL) {
		*host = str_n(at + 1, (size_t)(host->p + host->n - at - 1));
	}
	const char *port = host->n > 0 ? memrchr(host->p, ':', host->n) : NULL;
	if (port != NULL && memchr(host->p, ']', host->n) == NULL) {
		host->n = (size_t)(port - host->p);
	}
}

static bool ends_nocase(struct str s, struct str suffix)
{
	return s.n >= suffix.n && str_eq_nocase(str_n(s.p + s.n - suffix.n, suffix.n), suffix);
}

bool url_is_below(struct str url, struct str domain, bool path)
{
	struct str host, rest, wanted, wanted_path;
	if (url.p == NULL) {
		return false;
	}
	split_url(url, &host, &rest);
	split_url(domain, &wanted, &wanted_path);
	if (str_starts(wanted, STR("*."))) {
		wanted = str_n(wanted.p + 2, wanted.n - 2);
	}
	bool below = wanted.n > 0 && ends_nocase(host, wanted) &&
		     (host.n == wanted.n || host.p[host.n - wanted.n - 1] == '.');
	return below && (!path || wanted_path.n <= 1 || str_starts(rest, wanted_path));
}

bool lang_is(struct str lang, struct str wanted)
{
	return str_starts_nocase(lang, wanted) &&
	       (lang.n == wanted.n || lang.p[wanted.n] == '-' || lang.p[wanted.n] == '_');
}

static bool any_link(const struct eval *e, struct str domain)
{
	for (size_t i = 0; i < e->post->links.n; i++) {
		if (url_is_below(e->post->links.v[i], domain, true)) {
			return true;
		}
	}
	const struct text *t = e->text;
	for (uint32_t i = t->fields[TEXT_TITLE].start; i < t->fields[TEXT_TEXT].end; i++) {
		if (t->v[i].kind == TOKEN_URL && url_is_below(text_at(t, i), domain, true)) {
			return true;
		}
	}
	return false;
}

static bool has_kind(const struct eval *e, enum token_kind kind)
{
	const struct text *t = e->text;
	for (uint32_t i = t->fields[TEXT_TITLE].start; i < t->fields[TEXT_TEXT].end; i++) {
		if (t->v[i].kind == kind) {
			return true;
		}
	}
	return false;
}

static bool has_file(const struct eval *e, const char *const *endings)
{
	for (size_t i = 0; i < e->post->links.n; i++) {
		struct str host, path;
		split_url(e->post->links.v[i], &host, &path);
		size_t n = 0;
		while (n < path.n && path.p[n] != '?' && path.p[n] != '#') {
			n++;
		}
		for (const char *const *x = endings; *x != NULL; x++) {
			if (ends_nocase(str_n(path.p, n), str_c(*x))) {
				return true;
			}
		}
	}
	return false;
}

/* A tag of the post itself, not of what it quotes or of its author; NULL: whichever. */
static bool any_tag(const struct text *t, const uint64_t *hash)
{
	for (size_t i = 0; i < t->tags_n; i++) {
		uint8_t f = t->tags[i].token.field;
		if ((f == TEXT_TITLE || f == TEXT_TEXT || f == TEXT_TAGS) &&
			(hash == NULL || t->tags[i].hash == *hash)) {
			return true;
		}
	}
	return false;
}

static bool has(const struct eval *e, struct str what)
{
	static const char *const images[] = {
		".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", NULL};
	static const char *const videos[] = {".mp4", ".webm", ".mov", ".m4v", ".m3u8", NULL};
	if (str_eq_c(what, "link")) {
		return e->post->links.n > 0 || has_kind(e, TOKEN_URL);
	}
	if (str_eq_c(what, "tag")) {
		return any_tag(e->text, NULL);
	}
	if (str_eq_c(what, "mention")) {
		return e->post->mentions.n > 0 || has_kind(e, TOKEN_HANDLE);
	}
	return has_file(e, str_eq_c(what, "image") ? images : videos);
}

static bool has_mention(const struct text *t, uint64_t hash)
{
	for (size_t i = 0; i < t->n; i++) {
		uint8_t f = t->v[i].field;
		if (t->hash[i] == hash &&
			(f == TEXT_TITLE || f == TEXT_TEXT || f == TEXT_MENTIONS)) {
			return true;
		}
	}
	return false;
}

static bool source_is(struct str source, struct str wanted)
{
	if (wanted.n > 0 && wanted.p[wanted.n - 1] == '*') {
		return str_starts_nocase(source, str_n(wanted.p, wanted.n - 1));
	}
	return str_eq_nocase(source, wanted);
}

bool meta_value(const struct eval *e, const struct query *q)
{
	const struct post *p = e->post;
	switch (q->field) {
	case QUERY_URL:
		return url_is_below(p->url, q->text, true);
	case QUERY_SITE:
		return url_is_below(p->url, q->text, false);
	case QUERY_LINK:
		return any_link(e, q->text);
	case QUERY_SOURCE:
		return p->source.p != NULL && source_is(p->source, q->text);
	case QUERY_LANG:
		return p->lang.p != NULL && lang_is(p->lang, q->text);
	case QUERY_COUNTRY:
		return p->country.p != NULL && str_eq_nocase(p->country, q->text);
	case QUERY_TAGS:
		return any_tag(e->text, &q->hash);
	case QUERY_MENTION:
		return has_mention(e->text, q->hash);
	case QUERY_REPLYTO:
		return p->in_reply_to.p != NULL && str_eq_nocase(p->in_reply_to, q->text);
	case QUERY_TYPE:
		return str_eq_c(q->text, post_type_name(p->type));
	case QUERY_HAS:
		return has(e, q->text);
	case QUERY_VERIFIED:
		return p->author.verified == (str_eq_c(q->text, "yes") ? 1 : 0);
	default:
		return false;
	}
}

static int64_t sum(int64_t a, int64_t b)
{
	return a == COUNT_NONE ? b : b == COUNT_NONE ? a : a + b;
}

/* Without a time from the caller the clock is asked only where somebody wants to know. */
static int64_t age_days(const struct eval *e)
{
	int64_t now_ms = e->now_ms != 0 ? e->now_ms : clock_wall_ms();
	int64_t since_ms = e->post->published;
	return since_ms > 0 ? (now_ms - since_ms) / 86400000 : COUNT_NONE;
}

static int64_t number_of(const struct eval *e, enum query_number number)
{
	const struct post *p = e->post;
	switch (number) {
	case NUMBER_FOLLOWERS:
		return p->author.followers;
	case NUMBER_FOLLOWING:
		return p->author.following;
	case NUMBER_LIKES:
		return p->likes;
	case NUMBER_SHARES:
		return p->shares;
	case NUMBER_REPLIES:
		return p->replies;
	case NUMBER_VIEWS:
		return p->views;
	case NUMBER_ENGAGEMENT:
		return sum(p->likes, sum(p->shares, p->replies));
	case NUMBER_SCORE:
		return p->score;
	case NUMBER_RATING:
		return p->rating;
	case NUMBER_AGE_DAYS:
		return age_days(e);
	default:
		return COUNT_NONE;
	}
}

static bool compare(double value, enum query_op op, double low, double high)
{
	switch (op) {
	case OP_EQ:
		return value == low;
	case OP_NE:
		return value != low;
	case OP_LT:
		return value < low;
	case OP_LE:
		return value <= low;
	case OP_GT:
		return value > low;
	case OP_GE:
		return value >= low;
	default:
		return value >= low && value <= high;
	}
}

bool meta_number_value(const struct eval *e, const struct query *q, double *out)
{
	if (q->number == NUMBER_SENTIMENT) {
		*out = e->post->sentiment.score;
		return !isnan(*out);
	}
	int64_t value = number_of(e, q->number);
	*out = (double)value;
	return value != COUNT_NONE;
}

bool meta_number(const struct eval *e, const struct query *q)
{
	double value;
	return meta_number_value(e, q, &value) && compare(value, q->op, q->low, q->high);
}

static bool as_number(struct str s, double *out)
{
	char copy[64], *end;
	if (s.n == 0 || s.n >= sizeof(copy)) {
		return false;
	}
	memcpy(copy, s.p, s.n);
	copy[s.n] = '\0';
	*out = strtod(copy, &end);
	return *end == '\0';
}

bool attr_test_holds(const struct attr_test *t, struct str value)
{
	double a, b;
	if (as_number(value, &a) && as_number(t->value, &b)) {
		return compare(a, t->op, b, b);
	}
	return t->op == OP_EQ   ? value.p != NULL && str_eq_nocase(value, t->value)
	       : t->op == OP_NE ? value.p == NULL || !str_eq_nocase(value, t->value)
				: false;
}

bool attr_tests_hold(const struct query *q, const struct list *list, const struct list_entry *entry)
{
	for (size_t i = 0; i < q->tests_n; i++) {
		if (!attr_test_holds(&q->tests[i], list_attr(list, entry, q->tests[i].attr))) {
			return false;
		}
	}
	return true;
}

struct domain_search {
	const struct query *q;
	const struct name *found;
};

static bool on_domain(void *ctx, const struct name_hit *hit)
{
	struct domain_search *s = ctx;
	const struct list *list = s->q->link;
	if (hit->name->list == list->index &&
		attr_tests_hold(s->q, list, &list->entries[hit->name->entry])) {
		s->found = hit->name;
	}
	return s->found == NULL;
}

/* Looks up a host and every domain above it. */
static void search_host(const struct eval *e, struct str url, struct domain_search *s)
{
	struct str host, path;
	char low[256];
	split_url(url, &host, &path);
	if (host.n == 0 || host.n >= sizeof(low)) {
		return;
	}
	for (size_t i = 0; i < host.n; i++) {
		low[i] = (char)(host.p[i] >= 'A' && host.p[i] <= 'Z' ? host.p[i] + 32 : host.p[i]);
	}
	for (size_t i = 0; i < host.n && s->found == NULL; i++) {
		if (i == 0 || low[i - 1] == '.') {
			names_of(&e->lists->names, TOKEN_DOMAIN, str_n(low + i, host.n - i),
				on_domain, s);
		}
	}
}

static void search_links(const struct eval *e, struct domain_search *s)
{
	const struct text *t = e->text;
	for (size_t i = 0; i < e->post->links.n && s->found == NULL; i++) {
		search_host(e, e->post->links.v[i], s);
	}
	for (uint32_t i = t->fields[TEXT_TITLE].start; i < t->fields[TEXT_TEXT].end; i++) {
		if (s->found == NULL && t->v[i].kind == TOKEN_URL) {
			search_host(e, text_at(t, i), s);
		}
	}
}

bool meta_set(
	const struct eval *e, enum query_field field, const struct query *q, struct place *out)
{
	struct domain_search s = {.q = q};
	if (field == QUERY_LINK) {
		search_links(e, &s);
	} else if (e->post->url.p != NULL) {
		search_host(e, e->post->url, &s);
	}
	if (s.found == NULL) {
		return false;
	}
	*out = (struct place){.list = q->link,
		.entry = s.found->entry,
		.field = field == QUERY_LINK ? PLACE_LINKS : PLACE_URL};
	return true;
}
