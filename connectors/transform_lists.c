/* Steps that work on all values of a field together (transform.h). */
#include "connectors/transform.h"

#include "connectors/parse/html.h"
#include "connectors/parse/uri.h"

#define JOINED_MAX (2u << 20)

/* Takes the values out of the list and leaves it empty. */
static struct values take(struct values *vs)
{
	struct values all = *vs;
	*vs = (struct values){.arena = all.arena};
	return all;
}

void transform_html_links(struct work *w, const struct transform *t, struct values *vs)
{
	struct values all = take(vs);
	struct html_links links = {.arena = w->arena};
	(void)t;
	for (size_t i = 0; i < all.n; i++) {
		struct str s = value_text(&all.v[i], w->arena);
		struct buf out;
		buf_init(&out, 2 * s.n + 64);
		html_to_text(s, w->base, 0, &out, &links);
		buf_release(&out);
	}
	for (size_t i = 0; i < links.n; i++) {
		values_add_text(vs, links.v[i]);
	}
}

/* Bytes of the address at the start of `s`: up to white space, quotes or brackets, without the
 * sentence's own punctuation. */
static size_t address_bytes(struct str s)
{
	size_t n = 0;
	while (n < s.n && (unsigned char)s.p[n] > ' ' && strchr("<>\"`|\\^{}", s.p[n]) == NULL) {
		n++;
	}
	bool has_open = memchr(s.p, '(', n) != NULL;
	const char *close = has_open ? NULL : memchr(s.p, ')', n);
	n = close != NULL ? (size_t)(close - s.p) : n;
	while (n > 0 && strchr(".,;:!?'*_]", s.p[n - 1]) != NULL) {
		n--;
	}
	return n;
}

void transform_text_links(struct work *w, const struct transform *t, struct values *vs)
{
	struct values all = take(vs);
	(void)t;
	for (size_t i = 0; i < all.n; i++) {
		struct str s = value_text(&all.v[i], w->arena);
		for (size_t at; (at = str_find(s, STR("http"))) != SIZE_MAX;) {
			s = str_n(s.p + at, s.n - at);
			size_t n = str_starts(s, STR("https://")) || str_starts(s, STR("http://"))
					   ? address_bytes(s)
					   : 4;
			if (n > 10) {
				values_add_text(vs, arena_str(w->arena, str_n(s.p, n)));
			}
			s = str_n(s.p + n, s.n - n);
		}
	}
}

void transform_facet_links(struct work *w, const struct transform *t, struct values *vs)
{
	struct values all = take(vs);
	(void)w;
	(void)t;
	for (size_t i = 0; i < all.n; i++) {
		const json_t *features = all.v[i].kind == VALUE_NODE
						 ? json_object_get(all.v[i].node, "features")
						 : NULL;
		for (size_t k = 0; k < json_array_size(features); k++) {
			const json_t *uri = json_object_get(json_array_get(features, k), "uri");
			if (json_is_string(uri)) {
				values_add_node(vs, uri);
			}
		}
	}
}

void transform_split(struct work *w, const struct transform *t, struct values *vs)
{
	struct values all = take(vs);
	struct str between = t->args[0];
	for (size_t i = 0; i < all.n; i++) {
		struct str s = value_text(&all.v[i], w->arena);
		while (s.n > 0) {
			size_t at = between.n > 0 ? str_find(s, between) : SIZE_MAX;
			size_t n = at == SIZE_MAX ? s.n : at;
			values_add_text(vs, arena_str(w->arena, str_trim(str_n(s.p, n))));
			size_t past = at == SIZE_MAX ? s.n : at + between.n;
			s = str_n(s.p + past, s.n - past);
		}
	}
}

void transform_join(struct work *w, const struct transform *t, struct values *vs)
{
	struct values all = take(vs);
	struct buf out;
	buf_init(&out, JOINED_MAX);
	for (size_t i = 0; i < all.n; i++) {
		struct str s = str_trim(value_text(&all.v[i], w->arena));
		if (s.n > 0 && out.n > 0) {
			buf_add_str(&out, t->args[0]);
		}
		buf_add_str(&out, s);
	}
	if (out.rc == HARK_OK) {
		values_add_text(vs, arena_str(w->arena, buf_str(&out)));
	}
	buf_release(&out);
}

void transform_default(struct work *w, const struct transform *t, struct values *vs)
{
	(void)w;
	if (vs->n == 0) {
		values_add_text(vs, t->args[0]);
	}
}

void transform_first(struct work *w, const struct transform *t, struct values *vs)
{
	(void)w;
	(void)t;
	vs->n = vs->n > 1 ? 1 : vs->n;
}

void transform_last(struct work *w, const struct transform *t, struct values *vs)
{
	(void)w;
	(void)t;
	if (vs->n > 1) {
		vs->v[0] = vs->v[vs->n - 1];
		vs->n = 1;
	}
}

static void only_number(struct work *w, struct values *vs, int64_t number)
{
	take(vs);
	values_add_text(vs, arena_printf(w->arena, "%lld", (long long)number));
}

void transform_count(struct work *w, const struct transform *t, struct values *vs)
{
	size_t n = vs->n;
	(void)t;
	if (n == 1 && vs->v[0].kind == VALUE_NODE) {
		const json_t *node = vs->v[0].node;
		n = json_is_array(node)    ? json_array_size(node)
		    : json_is_object(node) ? json_object_size(node)
					   : 1;
	}
	if (n > 0) {
		only_number(w, vs, (int64_t)n);
	}
}

void transform_sum(struct work *w, const struct transform *t, struct values *vs)
{
	int64_t sum = 0, one;
	bool any = false;
	(void)t;
	for (size_t i = 0; i < vs->n; i++) {
		if (value_number(&vs->v[i], &one)) {
			any = true;
			if (__builtin_add_overflow(sum, one, &sum)) {
				take(vs);
				return;
			}
		}
	}
	take(vs);
	if (any) {
		only_number(w, vs, sum);
	}
}

void transform_min_time(struct work *w, const struct transform *t, struct values *vs)
{
	int64_t least = INT64_MAX, one;
	(void)t;
	for (size_t i = 0; i < vs->n; i++) {
		if (value_time(&vs->v[i], w->now_ms, &one) && one < least) {
			least = one;
		}
	}
	take(vs);
	if (least != INT64_MAX) {
		values_add_time(vs, least);
	}
}
