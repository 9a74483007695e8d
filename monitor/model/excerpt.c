#include "monitor/model/excerpt.h"

#include "monitor/base/utf8.h"

static int by_start(const void *a, const void *b)
{
	const struct excerpt_span *x = a, *y = b;
	return (x->start > y->start) - (x->start < y->start);
}

static size_t join_spans(struct excerpt_span *v, size_t n)
{
	size_t kept = 0;
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && v[i].start <= v[kept - 1].end) {
			v[kept - 1].end = v[i].end > v[kept - 1].end ? v[i].end : v[kept - 1].end;
		} else {
			v[kept++] = v[i];
		}
	}
	return kept;
}

size_t excerpt_spans(
	const json_t *spans, const char *field, struct excerpt_span out[EXCERPT_SPANS_MAX])
{
	size_t i, n = 0;
	json_t *span;
	json_array_foreach(spans, i, span)
	{
		int64_t start = json_i64(span, "start", -1), end = json_i64(span, "end", -1);
		if (n < EXCERPT_SPANS_MAX && start >= 0 && end > start &&
			str_eq_c(json_str(span, "field"), field)) {
			out[n++] = (struct excerpt_span){(size_t)start, (size_t)end};
		}
	}
	qsort(out, n, sizeof(*out), by_start);
	return join_spans(out, n);
}

struct str excerpt_cut(struct str text, size_t around, size_t max, size_t *from)
{
	size_t lead_in = max / 3, start = around > lead_in ? around - lead_in : 0;
	*from = 0;
	if (text.n <= max) {
		return str_cut_utf8(text, max);
	}
	if (start + max > text.n) {
		start = text.n - max;
	}
	while (start > 0 && start < text.n && ((unsigned char)text.p[start] & 0xc0) == 0x80) {
		start++;
	}
	*from = start;
	return str_cut_utf8(str_n(text.p + start, text.n - start), max);
}

void excerpt_pieces(struct str part, size_t from, const struct excerpt_span *spans, size_t n,
	void (*put)(void *ctx, struct str piece, bool marked), void *ctx)
{
	size_t at = 0;
	if (part.n == 0) {
		return;
	}
	for (size_t i = 0; i < n; i++) {
		if (spans[i].end <= from + at || spans[i].start >= from + part.n) {
			continue;
		}
		size_t start = spans[i].start > from + at ? spans[i].start - from : at;
		size_t end = spans[i].end < from + part.n ? spans[i].end - from : part.n;
		put(ctx, str_n(part.p + at, start - at), false);
		put(ctx, str_n(part.p + start, end - start), true);
		at = end;
	}
	put(ctx, str_n(part.p + at, part.n - at), false);
}

static void add_piece(void *out, struct str piece, bool marked)
{
	buf_add_c(out, marked ? "«" : "");
	buf_add_str(out, piece);
	buf_add_c(out, marked ? "»" : "");
}

void excerpt_mark(
	struct buf *out, struct str part, size_t from, const struct excerpt_span *spans, size_t n)
{
	excerpt_pieces(part, from, spans, n, add_piece, out);
}

/* Length of " (text 4-18)" at the start of `s`, 0 if it is something else. */
static size_t place_length(struct str s)
{
	size_t i = 2;
	if (!str_starts(s, STR(" ("))) {
		return 0;
	}
	while (i < s.n && s.p[i] >= 'a' && s.p[i] <= 'z') {
		i++;
	}
	if (i == 2 || i == s.n || s.p[i] != ' ') {
		return 0;
	}
	for (const char *after = "-)"; *after != '\0'; after++) {
		size_t digits = ++i;
		while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') {
			i++;
		}
		if (i == digits || i == s.n || s.p[i] != *after) {
			return 0;
		}
	}
	return i + 1;
}

void excerpt_why(struct buf *out, struct str why)
{
	size_t from = 0;
	for (size_t i = 0; i < why.n; i++) {
		size_t place = place_length(str_n(why.p + i, why.n - i));
		if (place > 0) {
			buf_add(out, why.p + from, i - from);
			from = i + place;
			i = from - 1;
		}
	}
	buf_add(out, why.p + from, why.n - from);
}
