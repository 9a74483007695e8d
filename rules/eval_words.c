/* Words, phrases and tags: where they stand in a row of tokens. */
#include "rules/eval_in.h"

#include "rules/fold.h"

static bool pattern_is(struct str pattern, struct str word, bool open)
{
	const char *p = pattern.p, *pe = p + pattern.n, *w = word.p, *we = w + word.n;
	while (p < pe && w < we) {
		if (pe - p >= 3 && memcmp(p, WILDCARD, 3) == 0) {
			uint32_t cp;
			w += fold_decode(w, we, &cp);
			p += 3;
		} else if (*p++ != *w++) {
			return false;
		}
	}
	return p == pe && (open || w == we);
}

static bool written_is(const struct text *t, uint32_t i, struct str written, bool open)
{
	struct str source = t->fields[t->v[i].field].source;
	struct str found = str_n(source.p + t->v[i].start, t->v[i].end - t->v[i].start);
	return open ? str_starts(found, written) : str_eq(found, written);
}

static bool part_is(const struct eval *e, const struct query *q, const struct query_part *p,
	uint32_t i, const struct window *w)
{
	const struct text *t = e->text;
	struct str found = text_at(t, i);
	bool is;
	switch (p->kind) {
	case PART_ANY:
		return true;
	case PART_TOKEN:
		is = t->hash[i] == p->hash && str_eq(found, p->folded);
		is |= w->author && t->v[i].kind == TOKEN_HANDLE && str_eq(found, p->folded);
		break;
	case PART_PREFIX:
		is = t->v[i].kind == (uint8_t)p->token && str_starts(found, p->folded);
		break;
	default:
		is = t->v[i].kind == (uint8_t)p->token && pattern_is(p->folded, found, p->open);
		break;
	}
	bool as_written = q->cased && t->fields[t->v[i].field].source.p != NULL;
	return is &&
	       (!as_written || p->kind == PART_PATTERN || written_is(t, i, p->written, p->open));
}

/* Parts from `k` on, at position `i`; returns the position behind the last, or 0. */
static uint32_t match_parts(const struct eval *e, const struct query *q, size_t k, uint32_t i,
	uint32_t end, const struct window *w)
{
	if (k == q->parts_n) {
		return i;
	}
	const struct query_part *p = &q->parts[k];
	if (i >= end) {
		return 0;
	}
	if (p->kind != PART_SET) {
		return part_is(e, q, p, i, w) ? match_parts(e, q, k + 1, i + 1, end, w) : 0;
	}
	for (size_t h = first_hit_from(e, i); h < e->hits_n && e->hits[h].from == i; h++) {
		const struct list_hit *hit = &e->hits[h];
		if (hit->list != p->set->link || hit->to > end ||
			!attr_tests_hold(p->set, hit->list, &hit->list->entries[hit->entry])) {
			continue;
		}
		uint32_t to = match_parts(e, q, k + 1, hit->to, end, w);
		if (to != 0) {
			return to;
		}
	}
	return 0;
}

void find_phrase(struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	const struct text *t = e->text;
	bool fast = q->parts[0].kind == PART_TOKEN && !w->author;
	uint64_t hash = q->parts[0].hash;
	for (uint32_t i = w->from; i < w->to; i++) {
		while (fast && i < w->to && t->hash[i] != hash) {
			i++;
		}
		if (i == w->to) {
			break;
		}
		uint32_t field_end = t->fields[t->v[i].field].end;
		uint32_t to = match_parts(e, q, 0, i, field_end < w->to ? field_end : w->to, w);
		if (to > i) {
			put(e, out, place_of(t, i, to));
		}
	}
}

void find_tag(struct eval *e, const struct query *q, const struct window *w, struct places *out)
{
	const struct text *t = e->text;
	for (size_t i = 0; i < t->tags_n; i++) {
		const struct tag_token *tag = &t->tags[i];
		if (tag->hash == q->parts[0].hash && (w->fields >> tag->token.field & 1) != 0 &&
			str_eq(text_token(t, &tag->token), q->parts[0].folded)) {
			put(e, out,
				(struct place){.from = tag->from,
					.to = tag->to,
					.start = tag->token.start,
					.end = tag->token.end,
					.field = tag->token.field});
		}
	}
}
