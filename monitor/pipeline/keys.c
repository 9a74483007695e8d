#include "monitor/pipeline/keys.h"

#include "monitor/base/fold.h"
#include "monitor/base/scan.h"
#include "monitor/base/url_key.h"
#include "monitor/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

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

/* ASCII letters and digits without case, DROPPED for the apostrophe, 0 for what stands between words
 * and for every byte beyond ASCII. */
#define DROPPED 1
/* clang-format off */
#define BOTH(upper, lower) [upper] = lower, [lower] = lower
static const char ascii_words[256] = {
	['\''] = DROPPED,
	['0'] = '0', ['1'] = '1', ['2'] = '2', ['3'] = '3', ['4'] = '4',
	['5'] = '5', ['6'] = '6', ['7'] = '7', ['8'] = '8', ['9'] = '9',
	BOTH('A', 'a'), BOTH('B', 'b'), BOTH('C', 'c'), BOTH('D', 'd'),
	BOTH('E', 'e'), BOTH('F', 'f'), BOTH('G', 'g'), BOTH('H', 'h'),
	BOTH('I', 'i'), BOTH('J', 'j'), BOTH('K', 'k'), BOTH('L', 'l'),
	BOTH('M', 'm'), BOTH('N', 'n'), BOTH('O', 'o'), BOTH('P', 'p'),
	BOTH('Q', 'q'), BOTH('R', 'r'), BOTH('S', 's'), BOTH('T', 't'),
	BOTH('U', 'u'), BOTH('V', 'v'), BOTH('W', 'w'), BOTH('X', 'x'),
	BOTH('Y', 'y'), BOTH('Z', 'z'),
};
#undef BOTH
/* clang-format on */

/* ASCII without case. */
static scan16 lower16(scan16 v)
{
	return v | (scan_below(v - scan_all('A'), 26) & scan_all(0x20));
}

static scan16 letters16(scan16 lower)
{
	return scan_below(lower - scan_all('a'), 26) | scan_below(lower - scan_all('0'), 10);
}

/* Where a byte cannot just be written down: beyond ASCII, dropped, a second break in a row, or what a
 * link may start with after a break. `p`: sixteen bytes with one before and one behind them. */
static scan16 odd16(const char *p, scan16 lower, scan16 letters)
{
	scan16 after_break = ~letters16(lower16(scan_load(p - 1)));
	scan16 next = scan_load(p + 1) | scan_all(0x20);
	scan16 link = (scan_eq(lower, 'h') & scan_eq(next, 't')) |
		      (scan_eq(lower, 'w') & scan_eq(next, 'w'));
	return scan_eq(lower, '\'') | ~scan_below(lower, 0x80) | (after_break & (~letters | link));
}

/* Letters and single breaks, most of any text, from s.p[i] on (i > 0); returns the bytes taken. What
 * stands before is as it looks: a letter was written as one. */
static size_t add_plain(char *out, struct str s, size_t i)
{
	size_t from = i;
	while (s.n - i > 16) {
		scan16 lower = lower16(scan_load(s.p + i));
		scan16 letters = letters16(lower);
		size_t n = scan_first(odd16(s.p + i, lower, letters));
		scan_store(out + (i - from), (lower & letters) | (~letters & scan_all(' ')));
		i += n;
		if (n < 16) {
			break;
		}
	}
	return i - from;
}

/* ASCII up to the first byte beyond it; returns the bytes taken. A link may start with a word. */
static size_t add_ascii(struct folded *w, struct str s)
{
	char *out = w->p;
	size_t i = 0;
	while (i < s.n && (unsigned char)s.p[i] < 0x80) {
		char c = ascii_words[(unsigned char)s.p[i]];
		bool first = out == w->start || out[-1] == ' ';
		if (first && (c == 'h' || c == 'w')) {
			size_t link = link_here(str_n(s.p + i, s.n - i));
			if (link > 0) {
				i += link;
				continue;
			}
		}
		if (c > DROPPED) {
			*out++ = c;
		} else if (c == 0 && !first) {
			*out++ = ' ';
		}
		i++;
		size_t plain = add_plain(out, s, i);
		out += plain;
		i += plain;
	}
	w->p = out;
	return i;
}

/* The words of `s`, each followed by a space. */
static void add_words(struct buf *out, struct str s)
{
	char *room = buf_room(out, fold_room(s.n));
	if (room == NULL) {
		return;
	}
	struct folded w = {room, room};
	for (size_t i = 0; i < s.n;) {
		struct str rest = str_n(s.p + i, s.n - i);
		i += (unsigned char)*rest.p < 0x80 ? add_ascii(&w, rest) : fold_character(&w, rest);
	}
	fold_end_word(&w);
	buf_grew(out, (size_t)(w.p - room));
}

static uint32_t count_words(struct str words)
{
	uint32_t n = 0;
	size_t i = 0;
	for (; words.n - i >= 16; i += 16) {
		n += (uint32_t)scan_count(scan_eq(scan_load(words.p + i), ' '));
	}
	for (; i < words.n; i++) {
		n += words.p[i] == ' ';
	}
	return n;
}

struct hash128 keys_content(struct str title, struct str text, uint32_t *words)
{
	struct buf all;
	struct hash128 hash = {0, 0};
	buf_init(&all, fold_room(title.n) + fold_room(text.n));
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
		posts[i].canonical = url_key(p->url, arena);
		if (str_empty(p->external_id)) {
			p->external_id = posts[i].canonical;
		}
		if (str_empty(p->external_id)) {
			rc = name_by_content(&posts[i], STR(""), arena);
		}
	}
	return rc == HARK_OK && n > 1 ? settle_ids(posts, n, arena) : rc;
}
