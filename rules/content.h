/* What a post says, as one number: equal for the same words of title and text, whatever their case, accents, marks
 * and links, and whether or not the title only repeats the beginning of the text.
 *
 * It is stored, so it is the same in every process: what a word is (text.h, fold.h) cannot change without a schema
 * step. The words are those of a text that is in tokens already, which costs a tenth of reading them. */
#ifndef HARK_RULES_CONTENT_H
#define HARK_RULES_CONTENT_H

#include "monitor/base/buf.h"
#include "monitor/base/hash.h"
#include "rules/text.h"

#define CONTENT_LETTERS_MAX ((size_t)256 << 20)

/* *words: how many; zero for none. `scratch` takes the words where links or tags lie between them, and
 * may hold CONTENT_LETTERS_MAX: of a text that needs more, or for which there is no memory, there are none. */
struct hash128 content_hash(const struct text *t, struct buf *scratch, uint32_t *words);

#endif
