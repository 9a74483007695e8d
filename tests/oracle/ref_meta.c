/* What a post says about itself. */
#include "tests/oracle/ref.h"

struct address {
	struct str host, path;
};

static struct address split(struct str url)
{
	struct address a = {0};
	for (size_t i = 0; i + 2 < url.n; i++) {
		if (memcmp(url.p + i, "://", 3) == 0) {
			url = str_n(url.p + i + 3, url.n - i - 3);
			break;
		}
	}
	size_t n = 0, from = 0;
	while (n < url.n && url.p[n] != '/' && url.p[n] != '?' && url.p[n] != '#') {
		from = url.p[n] == '@' ? n + 1 : from;
		n++;
	}
	a.path = str_n(url.p + n, url.n - n);
	a.host = str_n(url.p + from, n - from);
	for (size_t i = a.host.n; i > 0; i--) {
		if (a.host.p[i - 1] == ':') {
			a.host.n = i - 1;
			break;
		}
	}
	return a;
}

static bool host_is_below(struct str host, struct str domain)
{
	for (size_t i = 0; i < host.n; i++) {
		bool label = i == 0 || host.p[i - 1] == '.';
		if (label && str_eq_nocase(str_n(host.p + i, host.n - i), domain)) {
			return true;
		}
	}
	return false;
}

static bool is_below(struct str url, struct str wanted, bool path)
{
	if (url.p == NULL) {
		return false;
	}
	struct address a = split(url), w = split(wanted);
	if (w.host.n > 2 && memcmp(w.host.p, "*.", 2) == 0) {
		w.host = str_n(w.host.p + 2, w.host.n - 2);
	}
	return host_is_below(a.host, w.host) &&
	       (!path || w.path.n <= 1 || str_starts(a.path, w.path));
}

static bool in_title_or_text(const struct ref_token *t)
{
	return t->field == TEXT_TITLE || t->field == TEXT_TEXT;
}

static bool any_link(const struct ref *r, struct str wanted)
{
	for (size_t i = 0; i < r->post->links.n; i++) {
		if (is_below(r->post->links.v[i], wanted, true)) {
			return true;
		}
	}
	for (size_t i = 0; i < r->text.n; i++) {
		const struct ref_token *t = &r->text.v[i];
		if (t->kind == TOKEN_URL && in_title_or_text(t) &&
			is_below(t->folded, wanted, true)) {
			return true;
		}
	}
	return false;
}

static bool ends_with_one(const struct ref *r, const char *const *endings)
{
	for (size_t i = 0; i < r->post->links.n; i++) {
		struct str path = split(r->post->links.v[i]).path;
		for (size_t k = 0; k < path.n; k++) {
			if (path.p[k] == '?' || path.p[k] == '#') {
				path.n = k;
			}
		}
		for (size_t k = 0; endings[k] != NULL; k++) {
			struct str end = str_c(endings[k]);
			if (path.n >= end.n &&
				str_eq_nocase(str_n(path.p + path.n - end.n, end.n), end)) {
				return true;
			}
		}
	}
	return false;
}

static bool has(const struct ref *r, struct str what)
{
	static const char *const images[] = {
		".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif", NULL};
	static const char *const videos[] = {".mp4", ".webm", ".mov", ".m4v", ".m3u8", NULL};
	bool url = false, handle = false, tag = r->post->tags.n > 0;
	for (size_t i = 0; i < r->text.n; i++) {
		const struct ref_token *t = &r->text.v[i];
		url |= in_title_or_text(t) && t->kind == TOKEN_URL;
		handle |= in_title_or_text(t) && t->kind == TOKEN_HANDLE;
	}
	for (size_t i = 0; i < r->text.tags_n; i++) {
		tag |= in_title_or_text(&r->text.tags[i]);
	}
	return str_eq_c(what, "link")      ? url || r->post->links.n > 0
	       : str_eq_c(what, "mention") ? handle || r->post->mentions.n > 0
	       : str_eq_c(what, "tag")     ? tag
	       : str_eq_c(what, "image")   ? ends_with_one(r, images)
					   : ends_with_one(r, videos);
}

/* A tag of the post itself, not of what it quotes or of its author. */
static bool has_tag(const struct ref *r, struct str wanted)
{
	struct str folded = ref_fold_tag(wanted, r->arena);
	for (size_t i = 0; i < r->text.tags_n; i++) {
		const struct ref_token *t = &r->text.tags[i];
		if ((in_title_or_text(t) || t->field == TEXT_TAGS) && str_eq(t->folded, folded)) {
			return true;
		}
	}
	return false;
}

static bool has_mention(const struct ref *r, struct str wanted)
{
	struct str folded = ref_fold_handle(wanted, r->arena);
	for (size_t i = 0; i < r->text.n; i++) {
		const struct ref_token *t = &r->text.v[i];
		if (t->kind == TOKEN_HANDLE && (in_title_or_text(t) || t->field == TEXT_MENTIONS) &&
			str_eq(t->folded, folded)) {
			return true;
		}
	}
	return false;
}

static bool lang_is(struct str lang, struct str wanted)
{
	bool begins = lang.n >= wanted.n && str_eq_nocase(str_n(lang.p, wanted.n), wanted);
	return begins && (lang.n == wanted.n || lang.p[wanted.n] == '-' || lang.p[wanted.n] == '_');
}

static bool source_is(struct str source, struct str wanted)
{
	bool open = wanted.n > 0 && wanted.p[wanted.n - 1] == '*';
	wanted.n -= open;
	source.n = open && source.n > wanted.n ? wanted.n : source.n;
	return source.p != NULL && str_eq_nocase(source, wanted);
}

bool ref_value(const struct ref *r, const struct query *q)
{
	const struct post *p = r->post;
	switch (q->field) {
	case QUERY_URL:
		return is_below(p->url, q->text, true);
	case QUERY_SITE:
		return is_below(p->url, q->text, false);
	case QUERY_LINK:
		return any_link(r, q->text);
	case QUERY_SOURCE:
		return source_is(p->source, q->text);
	case QUERY_LANG:
		return p->lang.p != NULL && lang_is(p->lang, q->text);
	case QUERY_COUNTRY:
		return p->country.p != NULL && str_eq_nocase(p->country, q->text);
	case QUERY_TAGS:
		return has_tag(r, q->text);
	case QUERY_MENTION:
		return has_mention(r, q->text);
	case QUERY_REPLYTO:
		return p->in_reply_to.p != NULL && str_eq_nocase(p->in_reply_to, q->text);
	case QUERY_TYPE:
		return str_eq_c(q->text, post_type_name(p->type));
	case QUERY_HAS:
		return has(r, q->text);
	default: /* verified */
		return p->author.verified == (str_eq_c(q->text, "yes") ? 1 : 0);
	}
}

static bool number(const struct ref *r, enum query_number which, double *out)
{
	const struct post *p = r->post;
	int64_t parts[3] = {COUNT_NONE, COUNT_NONE, COUNT_NONE}, sum = 0;
	switch (which) {
	case NUMBER_FOLLOWERS:
		parts[0] = p->author.followers;
		break;
	case NUMBER_FOLLOWING:
		parts[0] = p->author.following;
		break;
	case NUMBER_LIKES:
		parts[0] = p->likes;
		break;
	case NUMBER_SHARES:
		parts[0] = p->shares;
		break;
	case NUMBER_REPLIES:
		parts[0] = p->replies;
		break;
	case NUMBER_VIEWS:
		parts[0] = p->views;
		break;
	case NUMBER_SCORE:
		parts[0] = p->score;
		break;
	case NUMBER_RATING:
		parts[0] = p->rating;
		break;
	case NUMBER_ENGAGEMENT:
		parts[0] = p->likes;
		parts[1] = p->shares;
		parts[2] = p->replies;
		break;
	default:
		parts[0] = p->published > 0 ? (r->now_ms - p->published) / 86400000 : COUNT_NONE;
		break;
	}
	bool known = false;
	for (size_t i = 0; i < 3; i++) {
		known |= parts[i] != COUNT_NONE;
		sum += parts[i] != COUNT_NONE ? parts[i] : 0;
	}
	*out = (double)sum;
	return known;
}

bool ref_number(const struct ref *r, const struct query *q)
{
	double x;
	if (!number(r, q->number, &x)) {
		return false;
	}
	switch (q->op) {
	case OP_EQ:
		return x == q->low;
	case OP_NE:
		return x != q->low;
	case OP_LT:
		return x < q->low;
	case OP_LE:
		return x <= q->low;
	case OP_GT:
		return x > q->low;
	case OP_GE:
		return x >= q->low;
	default:
		return x >= q->low && x <= q->high;
	}
}

static int entry_of(const struct ref *r, const struct query *set, size_t list, struct str url)
{
	const struct ref_list *l = &r->lists[list];
	struct str host = split(url).host;
	for (size_t e = 0; e < l->n; e++) {
		for (size_t i = 0; i < REF_CELLS && ref_tests_hold(set, &l->entries[e]); i++) {
			const char *domain = l->entries[e].domains[i];
			if (domain != NULL && host_is_below(host, str_c(domain))) {
				return (int)e;
			}
		}
	}
	return -1;
}

int ref_domain(const struct ref *r, const struct query *set, size_t list, bool links)
{
	int found = -1;
	if (!links) {
		return r->post->url.p != NULL ? entry_of(r, set, list, r->post->url) : -1;
	}
	for (size_t i = 0; found < 0 && i < r->post->links.n; i++) {
		found = entry_of(r, set, list, r->post->links.v[i]);
	}
	for (size_t i = 0; found < 0 && i < r->text.n; i++) {
		const struct ref_token *t = &r->text.v[i];
		if (t->kind == TOKEN_URL && in_title_or_text(t)) {
			found = entry_of(r, set, list, t->folded);
		}
	}
	return found;
}
