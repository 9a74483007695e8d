/* The step expand_urls: short addresses in a text become the full ones. One pass over the text, whatever the list
 * holds: where a short address may begin, the sorted list is searched once, and of those that fit the longest
 * counts. */
#include "connectors/transform.h"

#include "monitor/base/buf.h"

#include <stdlib.h>

#define SHORT_MAX 512        /* bytes of a short address */
#define GROWS_MAX (2u << 20) /* what the full ones may add */

struct expansion {
	struct str from, to;
	size_t within; /* the longest that this one begins with, plus 1; 0: none */
};

struct expander {
	struct expansion v[VALUES_MAX];
	size_t n;
	bool begins[256]; /* some short address begins with that byte */
};

static int compare(struct str a, struct str b)
{
	int order = memcmp(a.p, b.p, a.n < b.n ? a.n : b.n);
	return order != 0 ? order : (a.n > b.n) - (a.n < b.n);
}

static int by_from(const void *a, const void *b)
{
	const struct expansion *x = a, *y = b;
	return compare(x->from, y->from);
}

static void read_list(struct expander *e, const struct transform *t, struct work *w)
{
	struct values urls = {.arena = w->arena};
	if (w->scope != NULL) {
		pointer_all(&t->pointer, w->scope, &urls);
	}
	for (size_t i = 0; i < urls.n; i++) {
		const json_t *from = json_object_get(urls.v[i].node, "url");
		const json_t *to = json_object_get(urls.v[i].node, "expanded_url");
		if (json_is_string(from) && json_is_string(to)) {
			struct str s = node_text(from, w->arena);
			if (s.n > 0 && s.n <= SHORT_MAX) {
				e->v[e->n++] = (struct expansion){s, node_text(to, w->arena), 0};
				e->begins[(unsigned char)s.p[0]] = true;
			}
		}
	}
	if (e->n > 1) {
		qsort(e->v, e->n, sizeof(e->v[0]), by_from);
	}
	for (size_t i = 1; i < e->n; i++) {
		size_t in = i; /* counted from 1: the one before */
		while (in > 0 && !str_starts(e->v[i].from, e->v[in - 1].from)) {
			in = e->v[in - 1].within;
		}
		e->v[i].within = in;
	}
}

/* The longest that the text begins with; NULL: none. What a text begins with stands in the list before it, and so
 * does all that lies between the two and begins with it. */
static const struct expansion *find(const struct expander *e, struct str text)
{
	size_t low = 0, high = e->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (compare(e->v[middle].from, text) <= 0) {
			low = middle + 1;
		} else {
			high = middle;
		}
	}
	struct str last = low > 0 ? e->v[low - 1].from : STR_NONE;
	size_t same = 0;
	while (same < last.n && same < text.n && last.p[same] == text.p[same]) {
		same++;
	}
	while (low > 0 && e->v[low - 1].from.n > same) {
		low = e->v[low - 1].within;
	}
	return low > 0 ? &e->v[low - 1] : NULL;
}

static void expand(const struct expander *e, struct str s, struct buf *out)
{
	size_t begin = 0, i = 0;
	while (i < s.n) {
		struct str rest = str_n(s.p + i, s.n - i);
		const struct expansion *x = e->begins[(unsigned char)s.p[i]] ? find(e, rest) : NULL;
		if (x == NULL) {
			i++;
			continue;
		}
		buf_add(out, s.p + begin, i - begin);
		bool fits = x->to.n <= x->from.n || out->n + rest.n + x->to.n < s.n + GROWS_MAX;
		buf_add_str(out, fits ? x->to : x->from);
		i += x->from.n;
		begin = i;
	}
	buf_add(out, s.p + begin, s.n - begin);
}

bool transform_expand_urls(struct work *w, const struct transform *t, struct value *v)
{
	struct expander *e = arena_alloc(w->arena, sizeof(*e));
	struct str s = value_text(v, w->arena);
	struct buf out;
	if (e == NULL) {
		return false;
	}
	read_list(e, t, w);
	buf_init(&out, s.n + GROWS_MAX + 1);
	if (e->n > 0) {
		expand(e, s, &out);
		s = out.rc == HARK_OK ? arena_str(w->arena, buf_str(&out)) : STR_NONE;
	}
	buf_release(&out);
	*v = (struct value){.kind = VALUE_TEXT, .text = s};
	return s.n > 0;
}
