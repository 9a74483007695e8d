#include "monitor/base/url_key.h"

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#include <stdlib.h>

#define URL_MAX_BYTES (64 << 10)
#define PARAMS_MAX 64

static const char *const tracking[] = {"fbclid", "gclid", "dclid", "gbraid", "wbraid", "msclkid",
	"yclid", "twclid", "ttclid", "igshid", "igsh", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc",
	"_hsmi", "mkt_tok", "ref_src", "ref_url", "cmpid", "ncid", "xtor", "vero_id", "oly_enc_id",
	"oly_anon_id", "s_cid", "at_medium", "at_campaign", "wt_mc"};

static bool is_tracking(struct str param)
{
	struct str name = param;
	str_split(&param, '=', &name);
	if (str_starts_nocase(name, STR("utm_")) || name.n == 0) {
		return true;
	}
	for (size_t i = 0; i < sizeof(tracking) / sizeof(tracking[0]); i++) {
		if (str_eq_nocase(name, str_c(tracking[i]))) {
			return true;
		}
	}
	return false;
}

static bool unreserved(int c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' ||
	       c == '.' || c == '_' || c == '~';
}

/* What begins with a percent sign; returns the bytes taken. */
static size_t add_escape(struct buf *out, struct str s)
{
	int byte = str_hex(s, 1);
	int c = byte >= 0 ? byte : '%';
	if (byte < 0 || unreserved(c)) {
		buf_add_char(out, (char)c);
	} else {
		buf_printf(out, "%%%02X", (unsigned)c);
	}
	return byte < 0 ? 1 : 3;
}

/* Percent escapes in one form (RFC 3986 section 6.2.2): needless ones undone, the rest upper-case. */
static void add_escaped(struct buf *out, struct str s)
{
	while (s.n > 0) {
		const char *percent = memchr(s.p, '%', s.n);
		size_t plain = percent != NULL ? (size_t)(percent - s.p) : s.n;
		buf_add(out, s.p, plain);
		s = str_n(s.p + plain, s.n - plain);
		if (s.n > 0) {
			size_t n = add_escape(out, s);
			s = str_n(s.p + n, s.n - n);
		}
	}
}

static void add_host(struct buf *out, struct str host)
{
	size_t at = 0;
	for (size_t i = 0; i < host.n; i++) { /* user:password@ */
		at = host.p[i] == '@' ? i + 1 : at;
	}
	host = str_n(host.p + at, host.n - at);
	if (str_ends(host, STR(":80"))) {
		host.n -= 3;
	} else if (str_ends(host, STR(":443"))) {
		host.n -= 4;
	}
	if (str_ends(host, STR("."))) {
		host.n--;
	}
	if (str_starts_nocase(host, STR("www.")) && host.n > 4) {
		host = str_n(host.p + 4, host.n - 4);
	}
	char *lower = buf_room(out, host.n);
	if (lower == NULL) {
		return;
	}
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		lower[i] = c >= 'A' && c <= 'Z' ? (char)(c | 32) : c;
	}
	buf_grew(out, host.n);
}

static int by_bytes(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

static void add_query(struct buf *out, struct str query)
{
	struct str params[PARAMS_MAX], param;
	size_t n = 0;
	while (str_split(&query, '&', &param)) {
		if (!is_tracking(param) && n < PARAMS_MAX) {
			params[n++] = param;
		}
	}
	if (n > 1) {
		qsort(params, n, sizeof(params[0]), by_bytes);
	}
	for (size_t i = 0; i < n; i++) {
		buf_add_char(out, i == 0 ? '?' : '&');
		add_escaped(out, params[i]);
	}
}

/* "#comment-12" is a text of its own, "#!/a" and "#/a" are routes, the rest is a place in a text. */
static bool fragment_counts(struct str fragment)
{
	bool digit = false;
	if (str_starts(fragment, STR("/")) || str_starts(fragment, STR("!"))) {
		return fragment.n > 1;
	}
	for (size_t i = 0; i < fragment.n; i++) {
		if (fragment.p[i] == '=' || fragment.p[i] == ':') { /* tracking, text fragments */
			return false;
		}
		digit = digit || (fragment.p[i] >= '0' && fragment.p[i] <= '9');
	}
	return digit;
}

/* What ends a part of a URL. */
enum stop {
	STOP_SLASH = 1,
	STOP_QUERY = 2,
	STOP_FRAGMENT = 4,
	STOP_ALWAYS = 8, /* a NUL */
};

static const unsigned char stops_of[256] = {
	['\0'] = STOP_ALWAYS, ['/'] = STOP_SLASH, ['?'] = STOP_QUERY, ['#'] = STOP_FRAGMENT};

/* What stands before the first of `stops`, cut off `*rest`. */
static struct str cut(struct str *rest, unsigned stops)
{
	size_t n = 0;
	while (n < rest->n && (stops_of[(unsigned char)rest->p[n]] & (stops | STOP_ALWAYS)) == 0) {
		n++;
	}
	struct str part = str_n(rest->p, n);
	*rest = str_n(rest->p + n, rest->n - n);
	return part;
}

/* The part behind its mark ("?…", "#…"), or nothing. */
static struct str part_behind(struct str *rest, char mark, unsigned stops)
{
	if (rest->n == 0 || rest->p[0] != mark) {
		return STR("");
	}
	*rest = str_n(rest->p + 1, rest->n - 1);
	return cut(rest, stops);
}

static void add_canonical(struct buf *out, struct str rest)
{
	struct str host = cut(&rest, STOP_SLASH | STOP_QUERY | STOP_FRAGMENT);
	struct str path = cut(&rest, STOP_QUERY | STOP_FRAGMENT);
	struct str query = part_behind(&rest, '?', STOP_FRAGMENT);
	struct str fragment = part_behind(&rest, '#', 0);
	while (str_ends(path, STR("/"))) {
		path.n--;
	}
	buf_add_c(out, "https://");
	add_host(out, host);
	add_escaped(out, path);
	add_query(out, query);
	if (fragment_counts(fragment)) {
		buf_add_char(out, '#');
		add_escaped(out, fragment);
	}
}

struct str url_key(struct str url, struct arena *arena)
{
	struct buf out;
	struct str canonical = STR_NONE;
	url = str_trim(url);
	size_t colon = str_find(url, STR(":"));
	if (colon == SIZE_MAX || colon == 0 || url.n > URL_MAX_BYTES) {
		return STR_NONE;
	}
	bool web =
		str_starts_nocase(url, STR("http://")) || str_starts_nocase(url, STR("https://"));
	if (!web) {
		return arena_str(arena, url);
	}
	buf_init(&out, URL_MAX_BYTES * 3);
	buf_room(&out, url.n + 2); /* "http" becomes "https"; at once */
	add_canonical(&out, str_n(url.p + colon + 3, url.n - colon - 3));
	if (out.rc == HARK_OK && out.n > strlen("https://")) {
		canonical = arena_str(arena, buf_str(&out));
	}
	buf_release(&out);
	return canonical;
}
