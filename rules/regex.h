/* Regular expressions inside rules, through PCRE2 (whose only home is regex.c).
 *
 * A pattern is compiled once and shared; each thread brings its scratch. Bytes that are no UTF-8
 * never match. Limits (100,000 steps, depth, heap) turn a pattern that runs away into "undecided",
 * which the caller shows: neither a hit nor a miss in silence. Where the kernel forbids making code
 * at run time, the interpreter does the work. */
#ifndef HARK_RULES_REGEX_H
#define HARK_RULES_REGEX_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

#define REGEX_BYTES_MAX 4096
#define REGEX_MATCH_LIMIT 100000

struct regex;
struct regex_scratch;

/* HARK_EPARSE: the sentence says what is wrong, *offset where in the pattern. */
int regex_new(struct regex **out, struct str pattern, bool ignore_case, size_t *offset,
	struct hark_err *err);
void regex_free(struct regex *r);
/* Named groups: the i-th name, absent past the end. Borrowed from the regex. */
struct str regex_group(const struct regex *r, size_t i);
/* A word that every hit holds between word borders (letters and digits only, as written), or
 * absent. A hit lies in the tokens as that word, unless the text is opaque there (text.h). */
struct str regex_anchor(struct str pattern);

struct regex_scratch *regex_scratch_new(void); /* NULL: no memory */
void regex_scratch_free(struct regex_scratch *s);

/* The first hit from byte `from` on: HARK_OK, HARK_ENOENT (none) or HARK_ELIMIT (undecided). */
int regex_find(const struct regex *r, struct regex_scratch *s, struct str subject, size_t from,
	size_t *start, size_t *end);
/* What the i-th named group held in the last hit; absent if it took no part. */
struct str regex_captured(
	const struct regex *r, const struct regex_scratch *s, struct str subject, size_t i);

#endif
