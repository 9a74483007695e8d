/* What stands where in a post: sentences, names, titles. Inside the move finder. */
#ifndef HARK_RULES_CLASSIFY_SPANS_H
#define HARK_RULES_CLASSIFY_SPANS_H

#include "rules/classify/vocabulary.h"

/* What lies between a word and the next one. */
enum gap {
	GAP_SPACE, /* also the full stop of an abbreviation, and quotes */
	GAP_HYPHEN,
	GAP_AND,   /* & */
	GAP_OWNER, /* 's */
	GAP_COMMA,
	GAP_COLON,
	GAP_DASH, /* also an arrow */
	GAP_PAREN,
	GAP_OTHER,
	GAP_END, /* of the sentence */
};

struct mark {
	unsigned flags, topics; /* word_flag, topic */
	uint32_t phrases, phrases_n;
	uint32_t sentence;
	uint32_t name, title; /* the span that covers it, from 1; 0: none */
	uint8_t gap;          /* behind it */
	bool asks; /* its sentence ends with a question mark (only set on its last word) */
};

struct extent {
	uint32_t from, to; /* tokens, end exclusive */
	int lean;          /* a name: above 0 a person, below 0 an organisation */
	bool old;          /* former: left, or held before */
	bool place;        /* stands behind "in" */
	bool greets;       /* a comma stands behind it */
	bool opens;        /* its first word opens the sentence: the capital says little */
};

struct spans {
	struct text text;
	struct mark *marks; /* one a token */
	struct extent *names, *titles;
	size_t marks_cap, names_n, names_cap, titles_n, titles_cap;
	uint32_t sentences;
	bool small; /* the author writes without capitals */
};

void spans_init(struct spans *s);
void spans_release(struct spans *s);
/* Reads both fields, which must outlive the use. HARK_ENOMEM. */
int spans_read(struct spans *s, const struct vocabulary *v, struct str title, struct str text);
/* Marks names and titles; costs more, so only where some phrase asks for it. */
int spans_mark(struct spans *s, const struct vocabulary *v);

static inline bool spans_capital(const struct spans *s, uint32_t i)
{
	return s->text.v[i].kind == TOKEN_WORD && (s->text.v[i].flags & TOKEN_CAPITAL) != 0;
}

/* gaps.c */
enum gap gap_after(const struct text *t, uint32_t i, bool *asks);
/* people.c: given names and surnames, by what stands beside them */
void people_mark(struct spans *s, const struct vocabulary *v);
/* titles.c */
int titles_mark(struct spans *s);
/* names.c */
int names_mark(struct spans *s);
struct extent *spans_add(struct extent **v, size_t *n, size_t *cap);

#endif
