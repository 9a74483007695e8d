/* What somebody searches for, as they type it, and where a text says it. Pure.
 *
 *	acme invoice        both words, anywhere
 *	"late invoices"     these words, one after the other
 *	invoic*             words that begin so
 *	-hiring             not this one; -"we are hiring" as well
 *
 * Words are compared folded (fold.h): case, accents and punctuation make no difference, and what has punctuation in
 * it ("e-mail", "C-3PO") is its parts one after the other. */
#ifndef HARK_MODEL_SEARCH_H
#define HARK_MODEL_SEARCH_H

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/base/err.h"
#include "monitor/model/excerpt.h"

#define SEARCH_BYTES_MAX 1000
#define SEARCH_WORDS_MAX 16
/* Shorter beginnings are those of too many words. */
#define SEARCH_START_MIN 3

/* One word or phrase. */
struct search_word {
	struct str words; /* folded, each followed by a space */
	size_t n;         /* how many */
	bool starts;      /* of the last one only the beginning */
	bool excluded;
};

struct search {
	struct search_word v[SEARCH_WORDS_MAX];
	size_t n;
};

/* Texts in `arena`. HARK_EINVAL: it asks for nothing, or for more than can be looked for; `err` says what. */
int search_parse(struct search *out, struct str text, struct arena *arena, struct hark_err *err);

/* A text, cut into folded words that know where they come from. */
struct search_text {
	struct buf words;
	struct search_place {
		uint32_t at, n;      /* of `words` */
		uint32_t start, end; /* of the text */
	} * v;                       /* owned */
	size_t n, cap;
};

void search_text_init(struct search_text *t);
void search_text_release(struct search_text *t);
/* Takes the place of what was in it. HARK_ENOMEM; HARK_ELIMIT: it is longer than any post. */
int search_text_read(struct search_text *t, struct str text);
/* Whether it says the word. */
bool search_text_has(const struct search_text *t, const struct search_word *word);
/* Where it says what is not excluded, in order, what overlaps joined. Returns how many. */
size_t search_text_spans(const struct search_text *t, const struct search *s,
	struct excerpt_span out[EXCERPT_SPANS_MAX]);

#endif
