#include "monitor/pipeline/keys.h"

#include "monitor/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define URL_MAX_BYTES (64 << 10)
#define PARAMS_MAX 64

/* --- addresses --- */

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

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'                 ? c - '0'
	       : (c | 32) >= 'a' && (c | 32) <= 'f' ? (c | 32) - 'a' + 10
						    : -1;
}

static bool unreserved(int c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '-' ||
	       c == '.' || c == '_' || c == '~';
}

/* Percent escapes in one form (RFC 3986 section 6.2.2): needless ones undone, the rest upper-case. */
static void add_escaped(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		int hi = s.p[i] == '%' && i + 2 < s.n ? hex_digit(s.p[i + 1]) : -1;
		int lo = hi >= 0 ? hex_digit(s.p[i + 2]) : -1;
		if (lo < 0) {
			buf_add_char(out, s.p[i]);
			continue;
		}
		int c = hi * 16 + lo;
		if (unreserved(c)) {
			buf_add_char(out, (char)c);
		} else {
			buf_printf(out, "%%%02X", (unsigned)c);
		}
		i += 2;
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
	for (size_t i = 0; i < host.n; i++) {
		char c = host.p[i];
		buf_add_char(out, c >= 'A' && c <= 'Z' ? (char)(c | 32) : c);
	}
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
	qsort(params, n, sizeof(params[0]), by_bytes);
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

/* What stands before the first of `stops`, cut off `*rest`. */
static struct str cut(struct str *rest, const char *stops)
{
	size_t n = 0;
	while (n < rest->n && strchr(stops, rest->p[n]) == NULL) {
		n++;
	}
	struct str part = str_n(rest->p, n);
	*rest = str_n(rest->p + n, rest->n - n);
	return part;
}

/* The part behind its mark ("?…", "#…"), or nothing. */
static struct str part_behind(struct str *rest, char mark, const char *stops)
{
	if (rest->n == 0 || rest->p[0] != mark) {
		return STR("");
	}
	*rest = str_n(rest->p + 1, rest->n - 1);
	return cut(rest, stops);
}

static void add_canonical(struct buf *out, struct str rest)
{
	struct str host = cut(&rest, "/?#");
	struct str path = cut(&rest, "?#");
	struct str query = part_behind(&rest, '?', "#");
	struct str fragment = part_behind(&rest, '#', "");
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

struct str keys_canonical_url(struct str url, struct arena *arena)
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
	add_canonical(&out, str_n(url.p + colon + 3, url.n - colon - 3));
	if (out.rc == HARK_OK && out.n > strlen("https://")) {
		canonical = arena_str(arena, buf_str(&out));
	}
	buf_release(&out);
	return canonical;
}

/* --- words --- */

/* Latin letters without accents and case: U+00C0..U+00FF and U+0100..U+017F; a space where there
 * is no letter. */
static const char latin1[] = "aaaaaaaceeeeiiiidnooooo ouuuuytsaaaaaaaceeeeiiiidnooooo ouuuuyty";
static const char latin_a[] = "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllll"
			      "nnnnnnnnnoooooooorrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

enum fold {
	FOLD_BREAK,  /* between words */
	FOLD_DROP,   /* as if it were not there */
	FOLD_LETTER, /* part of a word */
	FOLD_WORD,   /* a word of its own: scripts without spaces */
};

static bool between(uint32_t cp, uint32_t from, uint32_t to)
{
	return cp >= from && cp <= to;
}

static enum fold fold_ascii(uint32_t *cp)
{
	if (between(*cp, 'A', 'Z')) {
		*cp |= 32;
	}
	if (between(*cp, 'a', 'z') || between(*cp, '0', '9')) {
		return FOLD_LETTER;
	}
	return *cp == '\'' ? FOLD_DROP : FOLD_BREAK;
}

static enum fold fold_latin(uint32_t *cp)
{
	if (*cp < 0xc0) {
		return *cp == 0xad ? FOLD_DROP : FOLD_BREAK; /* soft hyphen */
	}
	*cp = (unsigned char)(*cp < 0x100 ? latin1[*cp - 0xc0] : latin_a[*cp - 0x100]);
	return *cp == ' ' ? FOLD_BREAK : FOLD_LETTER;
}

/* Greek and Cyrillic letters without case. */
static uint32_t lower(uint32_t cp)
{
	if (between(cp, 0x391, 0x3a9) || between(cp, 0x410, 0x42f)) {
		return cp + 0x20;
	}
	if (between(cp, 0x400, 0x40f)) {
		return cp + 0x50;
	}
	return cp == 0x451 || cp == 0x401 ? 0x435 : cp == 0x3c2 ? 0x3c3 : cp;
}

static enum fold fold_symbol(uint32_t cp)
{
	if (between(cp, 0x200b, 0x200f) || between(cp, 0x2060, 0x2064) ||
		between(cp, 0xfe00, 0xfe0f) || between(cp, 0x300, 0x36f) || cp == 0xfeff ||
		cp == 0x2018 || cp == 0x2019) {
		return FOLD_DROP;
	}
	if (between(cp, 0x2000, 0x2bff) || between(cp, 0x3000, 0x303f) ||
		between(cp, 0xe000, 0xf8ff) || between(cp, 0x1f000, 0x1faff) || cp == 0xfffd) {
		return FOLD_BREAK;
	}
	if (between(cp, 0xe00, 0xeff) || between(cp, 0x1000, 0x109f) ||
		between(cp, 0x1780, 0x17ff) || between(cp, 0x3040, 0x30ff) ||
		between(cp, 0x3400, 0x9fff) || between(cp, 0xf900, 0xfaff) ||
		between(cp, 0x20000, 0x3ffff)) {
		return FOLD_WORD;
	}
	return FOLD_LETTER;
}

static enum fold fold(uint32_t *cp)
{
	if (between(*cp, 0xff01, 0xff5e)) { /* full-width forms */
		*cp -= 0xfee0;
	}
	if (*cp < 0x80) {
		return fold_ascii(cp);
	}
	if (*cp < 0x180) {
		return fold_latin(cp);
	}
	*cp = lower(*cp);
	return fold_symbol(*cp);
}

/* Bytes of the link that starts here, or 0. Copies of a story carry links of their own. */
static size_t link_here(struct str s)
{
	size_t n = 0;
	if (!str_starts_nocase(s, STR("http://")) && !str_starts_nocase(s, STR("https://")) &&
		!str_starts_nocase(s, STR("www."))) {
		return 0;
	}
	while (n < s.n && (unsigned char)s.p[n] > ' ') {
		n++;
	}
	return n;
}

static void end_word(struct buf *out)
{
	if (out->n > 0 && out->p[out->n - 1] != ' ') {
		buf_add_char(out, ' ');
	}
}

/* The words of `s`, each followed by a space. */
static void add_words(struct buf *out, struct str s)
{
	for (size_t i = 0; i < s.n;) {
		bool starts = out->n == 0 || out->p[out->n - 1] == ' ';
		size_t link = starts ? link_here(str_n(s.p + i, s.n - i)) : 0;
		if (link > 0) {
			i += link;
			continue;
		}
		uint32_t cp = ' '; /* what bytes that are no character count as */
		size_t n = utf8_decode(str_n(s.p + i, s.n - i), &cp);
		i += n > 0 ? n : 1;
		enum fold f = fold(&cp);
		if (f == FOLD_BREAK || f == FOLD_WORD) {
			end_word(out);
		}
		if (f == FOLD_LETTER || f == FOLD_WORD) {
			buf_add_utf8(out, cp);
		}
		if (f == FOLD_WORD) {
			end_word(out);
		}
	}
	end_word(out);
}

static uint32_t count_words(struct str words)
{
	uint32_t n = 0;
	for (size_t i = 0; i < words.n; i++) {
		n += words.p[i] == ' ';
	}
	return n;
}

struct hash128 keys_content(struct str title, struct str text, uint32_t *words)
{
	struct buf all;
	struct hash128 hash = {0, 0};
	buf_init(&all, (title.n + text.n) * 4 + 16);
	add_words(&all, title);
	size_t title_n = all.n;
	add_words(&all, text);
	struct str whole = buf_str(&all), body = str_n(whole.p + title_n, whole.n - title_n);
	/* Many sources make the title of the text's beginning, cut anywhere; then it says nothing. */
	if (title_n > 0 && str_starts(body, str_n(whole.p, title_n - 1))) {
		whole = body;
	}
	*words = count_words(whole);
	if (*words > 0 && all.rc == HARK_OK) {
		hash = hash128(&whole, 1);
	}
	buf_release(&all);
	return hash;
}

/* --- posts --- */

uint64_t keys_fingerprint(const struct post *p)
{
	const struct str parts[] = {p->external_id, str_empty(p->external_id) ? p->url : STR_NONE,
		p->title, p->text, p->quoted, p->deleted ? STR("deleted") : STR_NONE};
	return hash128(parts, sizeof(parts) / sizeof(parts[0])).lo;
}

static bool same_content(const struct batch_post *a, const struct batch_post *b)
{
	return a->content.lo == b->content.lo && a->content.hi == b->content.hi;
}

static int by_id(const void *a, const void *b)
{
	const struct batch_post *const *x = a, *const *y = b;
	return str_cmp((*x)->post.external_id, (*y)->post.external_id);
}

/* "id" or, with the content, "id~1f0a…"; without an id only the content. */
static int name_by_content(struct batch_post *bp, struct str id, struct arena *arena)
{
	char hex[33], text[40];
	int n = snprintf(text, sizeof(text), "%s%s", str_empty(id) ? "content:" : "~",
		hash128_hex(bp->content, hex));
	char *p = arena_alloc(arena, id.n + (size_t)n + 1);
	if (p == NULL) {
		return HARK_ENOMEM;
	}
	if (id.n > 0) {
		memcpy(p, id.p, id.n);
	}
	memcpy(p + id.n, text, (size_t)n);
	bp->post.external_id = str_n(p, id.n + (size_t)n);
	return HARK_OK;
}

/* Renames the run of posts that share an id, unless they all say the same. */
static int settle_run(struct batch_post **run, size_t n, struct arena *arena)
{
	bool differ = false;
	int rc = HARK_OK;
	for (size_t i = 1; i < n; i++) {
		differ = differ || !same_content(run[0], run[i]);
	}
	struct str id = run[0]->post.external_id;
	for (size_t i = 0; differ && i < n && rc == HARK_OK; i++) {
		rc = name_by_content(run[i], id, arena);
	}
	return rc;
}

/* Feeds exist whose items all have one id, or none and one link. */
static int settle_ids(struct batch_post *posts, size_t n, struct arena *arena)
{
	int rc = HARK_OK;
	struct batch_post **sorted = calloc(n, sizeof(struct batch_post *));
	if (sorted == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		sorted[i] = &posts[i];
	}
	qsort(sorted, n, sizeof(struct batch_post *), by_id);
	for (size_t from = 0, to; from < n && rc == HARK_OK; from = to) {
		for (to = from + 1; to < n && by_id(&sorted[from], &sorted[to]) == 0; to++) {
		}
		rc = settle_run(&sorted[from], to - from, arena);
	}
	free(sorted);
	return rc;
}

int keys_fill(struct batch_post *posts, size_t n, struct arena *arena)
{
	int rc = HARK_OK;
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct post *p = &posts[i].post;
		posts[i].content = keys_content(p->title, p->text, &posts[i].words);
		posts[i].canonical = keys_canonical_url(p->url, arena);
		if (str_empty(p->external_id)) {
			p->external_id = posts[i].canonical;
		}
		if (str_empty(p->external_id)) {
			rc = name_by_content(&posts[i], STR(""), arena);
		}
	}
	return rc == HARK_OK && n > 1 ? settle_ids(posts, n, arena) : rc;
}
