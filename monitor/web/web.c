#include "monitor/web/web.h"

/* A page's path is the document's: its script reads the rest of it. */
static bool is_page(struct str path)
{
	struct str rest = str_n(path.p + 1, path.n - 1), first;
	str_split(&rest, '/', &first);
	for (const char *const *page = web_pages; *page != NULL; page++) {
		if (str_eq_c(first, *page)) {
			return true;
		}
	}
	return false;
}

static const struct web_asset *find(struct str path)
{
	for (const struct web_asset *a = web_assets; a->path != NULL; a++) {
		if (str_eq_c(path, a->path)) {
			return a;
		}
	}
	return path.n > 0 && is_page(path) ? &web_assets[0] : NULL;
}

bool web_serves(struct str path)
{
	return str_eq_c(path, "/") || find(path) != NULL;
}

/* False: it is answered. */
static bool is_asked_well(struct http_exchange *x)
{
	struct str method = http_method(x);
	if (find(http_path(x)) == NULL) {
		http_problem(x, 404,
			"this hark is built without the inbox (--without-web): the API is below "
			"/api/v1");
		return false;
	}
	struct str prefix = http_request_header(x, "X-Forwarded-Prefix");
	if (!str_empty(prefix) && !str_eq_c(prefix, "/")) {
		http_problem(x, 404,
			"a proxy shows this below a path (X-Forwarded-Prefix), and the inbox works at the root "
			"of a host only: give it a host name of its own");
		return false;
	}
	if (!str_eq_c(method, "GET") && !str_eq_c(method, "HEAD")) {
		http_header(x, "Allow", "GET, HEAD");
		http_problem(x, 405, "only GET and HEAD");
		return false;
	}
	return true;
}

void web_admit(struct http_exchange *x)
{
	http_body_max(x, 0);
	is_asked_well(x);
}

/* "q=0", also "q=0.00": not at all (RFC 9110, 12.4.2). */
static bool is_none(struct str weight)
{
	if (!str_starts_nocase(weight, STR("q=0"))) {
		return false;
	}
	for (size_t i = 3; i < weight.n; i++) {
		if (weight.p[i] != '.' && weight.p[i] != '0') {
			return false;
		}
	}
	return true;
}

static bool takes_packed(struct str list)
{
	struct str one, name;
	while (str_split(&list, ',', &one)) {
		str_split(&one, ';', &name);
		if (str_eq_nocase(str_trim(name), STR("gzip"))) {
			return !is_none(str_trim(one));
		}
	}
	return false;
}

static bool has_already(struct http_exchange *x, const char *etag)
{
	struct str list = http_request_header(x, "If-None-Match"), one;
	while (str_split(&list, ',', &one)) {
		one = str_trim(one);
		if (str_starts(one, STR("W/"))) {
			one = str_n(one.p + 2, one.n - 2);
		}
		if (str_eq_c(one, etag) || str_eq_c(one, "*")) {
			return true;
		}
	}
	return false;
}

void web_handle(struct http_exchange *x)
{
	if (!is_asked_well(x)) {
		return;
	}
	const struct web_asset *a = find(http_path(x));
	bool is_packed = takes_packed(http_request_header(x, "Accept-Encoding"));
	const char *etag = is_packed ? a->etag_packed : a->etag;
	http_header(x, "ETag", etag);
	http_header(x, "Vary", "Accept-Encoding");
	http_header(x, "Cache-Control", "no-cache");
	if (has_already(x, etag)) {
		http_answer(x, 304, STR(""));
		return;
	}
	http_header(x, "Content-Type", a->type);
	if (is_packed) {
		http_header(x, "Content-Encoding", "gzip");
	}
	http_answer(x, 200, is_packed ? a->packed : a->plain);
}
