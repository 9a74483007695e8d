#include "rules/classify/spans.h"

#include <stdlib.h>

void spans_init(struct spans *s)
{
	*s = (struct spans){0};
	text_init(&s->text);
}

void spans_release(struct spans *s)
{
	text_release(&s->text);
	free(s->marks);
	free(s->names);
	free(s->titles);
	*s = (struct spans){0};
}

struct extent *spans_add(struct extent **v, size_t *n, size_t *cap)
{
	if (*n == *cap) {
		size_t want = *cap == 0 ? 32 : *cap * 2;
		struct extent *moved = realloc(*v, want * sizeof(*moved));
		if (moved == NULL) {
			return NULL;
		}
		*v = moved;
		*cap = want;
	}
	(*v)[*n] = (struct extent){0};
	return &(*v)[(*n)++];
}

int spans_read(struct spans *s, const struct vocabulary *v, struct str title, struct str text)
{
	struct text *t = &s->text;
	text_reset(t);
	text_add(t, TEXT_TITLE, title);
	text_add(t, TEXT_TEXT, text);
	if (t->rc != HARK_OK) {
		return t->rc;
	}
	if (t->n > s->marks_cap) {
		struct mark *moved = realloc(s->marks, t->cap * sizeof(*moved));
		if (moved == NULL) {
			return HARK_ENOMEM;
		}
		s->marks = moved;
		s->marks_cap = t->cap;
	}
	for (size_t i = 0; i < t->n; i++) {
		const struct word_info *info = vocabulary_find(v, t->hash[i]);
		char first = text_at(t, i).p[0];
		if (info->phrases_n == 0 && first >= '0' && first <= '9') {
			info = vocabulary_number(v);
		}
		s->marks[i] = (struct mark){.flags = info->flags,
			.topics = info->topics,
			.phrases = info->phrases,
			.phrases_n = info->phrases_n};
	}
	s->names_n = s->titles_n = 0;
	s->sentences = 0;
	return HARK_OK;
}

static void mark_sentences(struct spans *s)
{
	size_t capitals = 0;
	s->sentences = 0;
	for (uint32_t i = 0; i < s->text.n; i++) {
		struct mark *m = &s->marks[i];
		m->sentence = s->sentences;
		m->gap = (uint8_t)gap_after(&s->text, i, &m->asks);
		s->sentences += m->gap == GAP_END;
		capitals += spans_capital(s, i) && s->text.v[i].fold_n > 1;
	}
	s->small = capitals == 0;
}

int spans_mark(struct spans *s, const struct vocabulary *v)
{
	mark_sentences(s);
	people_mark(s, v);
	int rc = titles_mark(s);
	return rc == HARK_OK ? names_mark(s) : rc;
}
