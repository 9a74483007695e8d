#include "connectors/parse/uri.h"

#include "monitor/base/err.h"
#include "monitor/base/scan.h"

struct parts {
	struct str scheme, authority, path, query, fragment; /* absent: not there */
};

static bool is_alpha(char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static bool is_scheme_char(char c)
{
	return is_alpha(c) || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.';
}

/* Length of the scheme without its colon, 0 if there is none. */
static size_t scheme_length(struct str s)
{
	if (s.n == 0 || !is_alpha(s.p[0])) {
		return 0;
	}
	for (size_t i = 1; i < s.n; i++) {
		if (s.p[i] == ':') {
			return i;
		}
		if (!is_scheme_char(s.p[i])) {
			return 0;
		}
	}
	return 0;
}

/* Nothing is added to the pointer of an absent slice. */
static void skip(struct str *s, size_t n)
{
	if (n > 0) {
		s->p += n;
		s->n -= n;
	}
}

/* Cuts what lies before the first '/' (if it counts), '?' (likewise) or '#' off *rest. */
static struct str take_until(struct str *rest, bool slash, bool question)
{
	size_t n = 0;
	while (n < rest->n && rest->p[n] != '#' && !(slash && rest->p[n] == '/') &&
		!(question && rest->p[n] == '?')) {
		n++;
	}
	struct str part = str_n(rest->p, n);
	skip(rest, n);
	return part;
}

static struct parts split(struct str s)
{
	struct parts parts = {0};
	size_t scheme = scheme_length(s);
	if (scheme > 0) {
		parts.scheme = str_n(s.p, scheme);
		skip(&s, scheme + 1);
	}
	if (s.n >= 2 && s.p[0] == '/' && s.p[1] == '/') {
		skip(&s, 2);
		parts.authority = take_until(&s, true, true);
	}
	parts.path = take_until(&s, false, true);
	if (s.n > 0 && s.p[0] == '?') {
		skip(&s, 1);
		parts.query = take_until(&s, false, false);
	}
	if (s.n > 0) {
		skip(&s, 1);
		parts.fragment = s;
	}
	return parts;
}

/* RFC 3986 section 5.2.4, on the text behind `start` of `out`. */
static void remove_dots(struct buf *out, size_t start)
{
	char *p = out->p + start;
	size_t n = out->n - start, to = 0, at = 0;
	while (at < n) {
		size_t end = at + 1;
		while (end < n && p[end] != '/') {
			end++;
		}
		size_t len = end - at; /* "/segment" */
		bool dot = len == 2 && p[at + 1] == '.';
		bool dots = len == 3 && p[at + 1] == '.' && p[at + 2] == '.';
		if (dots) {
			while (to > 0 && p[--to] != '/') {
			}
		}
		if (!dot && !dots) {
			memmove(p + to, p + at, len);
			to += len;
		} else if (end == n) {
			p[to++] = '/';
		}
		at = end;
	}
	buf_cut(out, start + to);
}

static void add_path(struct buf *out, struct str path)
{
	size_t start = out->n;
	buf_add_str(out, path);
	if (out->rc == HARK_OK && path.n > 0 && path.p[0] == '/') {
		remove_dots(out, start);
	}
}

/* RFC 3986 section 5.2.3. */
static void add_merged(struct buf *out, const struct parts *base, struct str path)
{
	size_t start = out->n, keep = base->path.n;
	while (keep > 0 && base->path.p[keep - 1] != '/') {
		keep--;
	}
	if (keep == 0 && base->authority.p != NULL) {
		buf_add_char(out, '/');
	} else {
		buf_add(out, base->path.p, keep);
	}
	buf_add_str(out, path);
	if (out->rc == HARK_OK && out->n > start && out->p[start] == '/') {
		remove_dots(out, start);
	}
}

static void add_with(struct buf *out, const char *before, struct str part, const char *after)
{
	if (part.p != NULL) {
		buf_add_c(out, before);
		buf_add_str(out, part);
		buf_add_c(out, after);
	}
}

/* RFC 3986 sections 5.2.2 and 5.3. `ref` has no scheme. */
static void add_relative(struct buf *out, const struct parts *base, const struct parts *ref)
{
	struct str query = ref->query;
	add_with(out, "", base->scheme, ":");
	add_with(out, "//", ref->authority.p != NULL ? ref->authority : base->authority, "");
	if (ref->authority.p != NULL || (ref->path.n > 0 && ref->path.p[0] == '/')) {
		add_path(out, ref->path);
	} else if (ref->path.n > 0) {
		add_merged(out, base, ref->path);
	} else {
		add_path(out, base->path);
		query = query.p != NULL ? query : base->query;
	}
	add_with(out, "?", query, "");
	add_with(out, "#", ref->fragment, "");
}

/* Trimmed, without line breaks and tabs, spaces escaped. */
static struct str tidy(struct str ref, char *room, size_t cap)
{
	size_t n = 0;
	ref = str_trim(ref);
	for (size_t i = 0; i < ref.n; i++) {
		char c = ref.p[i];
		if (n + 3 > cap) {
			return STR_NONE;
		}
		if (c == ' ') {
			memcpy(room + n, "%20", 3);
			n += 3;
		} else if ((unsigned char)c > ' ') {
			room[n++] = c;
		}
	}
	return str_n(room, n);
}

static bool is_program(struct str scheme)
{
	return str_eq_nocase(scheme, STR("javascript")) || str_eq_nocase(scheme, STR("vbscript")) ||
	       str_eq_nocase(scheme, STR("data"));
}

bool uri_is_finished(struct str ref)
{
	size_t i = 7; /* "http://" */
	if (ref.n > URI_MAX || !uri_is_web(ref)) {
		return false;
	}
	while (ref.n - i >= 16) {
		scan16 v = scan_load(ref.p + i), before = scan_load(ref.p + i - 1);
		scan16 bad = scan_below(v, ' ' + 1) | (scan_eq(v, '.') & scan_eq(before, '/'));
		if (scan_first(bad) < 16) {
			return false;
		}
		i += 16;
	}
	for (; i < ref.n; i++) {
		if ((unsigned char)ref.p[i] <= ' ' || (ref.p[i] == '.' && ref.p[i - 1] == '/')) {
			return false;
		}
	}
	return true;
}

bool uri_resolve(struct str base, struct str ref, struct buf *out)
{
	char room[URI_MAX];
	size_t start = out->n;
	if (uri_is_finished(ref)) {
		return buf_add_str(out, ref) == HARK_OK;
	}
	ref = tidy(ref, room, sizeof(room));
	if (ref.n == 0) {
		return false;
	}
	struct parts r = split(ref);
	if (is_program(r.scheme)) {
		return false;
	}
	struct parts b = split(base.p != NULL ? base : STR(""));
	if (r.scheme.p != NULL && r.authority.p != NULL) {
		add_with(out, "", r.scheme, ":");
		add_with(out, "//", r.authority, "");
		add_path(out, r.path);
		add_with(out, "?", r.query, "");
		add_with(out, "#", r.fragment, "");
	} else if (r.scheme.p != NULL || b.scheme.p == NULL) {
		buf_add_str(out, ref); /* "mailto:…", "urn:…", or nothing to resolve against */
	} else {
		add_relative(out, &b, &r);
	}
	if (out->rc != HARK_OK || out->n - start > URI_MAX) {
		buf_cut(out, start);
		return false;
	}
	return out->n > start;
}

bool uri_is_web(struct str uri)
{
	size_t scheme = str_starts_nocase(uri, STR("https://"))  ? 8
			: str_starts_nocase(uri, STR("http://")) ? 7
								 : 0;
	return scheme > 0 && uri.n > scheme && uri.p[scheme] != '/';
}

bool uri_is_absolute(struct str uri)
{
	return scheme_length(uri) > 0;
}

bool uri_is_other_page(struct str from, struct str to)
{
	struct parts f = split(from), t = split(to);
	bool same_scheme = str_eq_nocase(f.scheme, t.scheme);
	return uri_is_web(to) && str_eq_nocase(f.authority, t.authority) &&
	       (same_scheme || str_eq_nocase(t.scheme, STR("https"))) &&
	       !(same_scheme && str_eq(f.path, t.path) && str_eq(f.query, t.query));
}
