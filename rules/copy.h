/* Whether one text is a copy of another: the same story passed on, cut, or lightly edited.
 *
 * A text is read into words without what differs by accident: links, emoji, "RT @x:", "via @y", hashtags
 * around it, the half word before "…", how numbers and units are written. Two texts are then laid side by
 * side. What they share must be most of the shorter one, and what differs inside must not be what such
 * texts are read for: another number, name, ticker or day, a "not", up for down. So an edited copy is one
 * and the next line of the same template is none. Nothing is compared by letters alone: fewer than
 * COPY_WORDS_MIN words must be the same words.
 *
 * Which texts are worth comparing is found by keys: every three words in a row have one, of which a longer
 * text keeps half, the same ones as its copies. A text is looked for with all of its keys and found by any
 * COPY_KEYS of them, spread over it, so neither cutting nor a few edits lose it. A key is the same in every
 * process.
 *
 * A struct copy is scratch of one thread, used again and again: from the second text on it allocates only
 * for longer ones than it has seen. */
#ifndef HARK_RULES_COPY_H
#define HARK_RULES_COPY_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

/* Words of a text that are compared, and bytes they are looked for in; the rest counts as equal. */
#define COPY_WORDS_MAX 256
#define COPY_BYTES_MAX 8192
/* Below, texts are copies only if they say the very same. */
#define COPY_WORDS_MIN 8
/* Keys a text is found by. */
#define COPY_KEYS 4
/* Keys a text is looked for with: those of its beginning. */
#define COPY_KEYS_MAX 160

struct copy;
struct text;

/* NULL: no memory. */
struct copy *copy_new(void);
void copy_free(struct copy *c); /* NULL is fine */

/* Takes the words of a title (may be absent) and a text in, in place of what was there. HARK_ENOMEM: it
 * holds no words then. */
int copy_read(struct copy *c, struct str title, struct str text);
/* Words that count; 0: nothing can be a copy of it. */
size_t copy_words(const struct copy *c);

/* It ends in "…": what comes behind is not known, so it may be a copy of texts that are none of each other. */
bool copy_is_cut(const struct copy *c);

/* What a text is looked for by. Most texts are copies of nothing, so this is all that is needed of them. */
struct copy_look {
	const uint64_t *keys; /* every key, in the order of the text */
	uint16_t keys_n;
	uint16_t words; /* copy_words() */
	bool is_cut;    /* copy_is_cut() */
};
/* `keys` takes the keys and is what the answer points to. */
struct copy_look copy_look(const struct copy *c, uint64_t keys[COPY_KEYS_MAX]);
/* The same from title and text of a post that is in tokens already, at a third of what reading costs. The words in
 * `c` are good for nothing afterwards. */
struct copy_look copy_skim(struct copy *c, const struct text *t, uint64_t keys[COPY_KEYS_MAX]);
/* Chooses those to be found by: `common` says for each of the `n` keys how many texts have it already, the
 * rarest of each part is taken. Returns how many. */
size_t copy_choose(const uint64_t *keys, const uint8_t *common, size_t n, uint64_t out[COPY_KEYS]);

/* Symmetric. */
bool copy_same(const struct copy *a, const struct copy *b);

/* `whole` is `part` with something around it, or between a headline and what follows: the words of `part` stand in it
 * beside others, in one piece or in two, the second of which begins a sentence. */
bool copy_is_within(const struct copy *part, const struct copy *whole);

#endif
