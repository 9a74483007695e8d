/* Why a finding was made, for people: the words in their place instead of byte offsets. Pure.
 *
 * Findings are stored with spans (JSON: [{"field": "text", "start": 4, "end": 9}, …], bytes of the field)
 * and a sentence such as: "alternative to" (text 4-18) and rivals: Globex (text 19-28). */
#ifndef HARK_MODEL_EXCERPT_H
#define HARK_MODEL_EXCERPT_H

#include "monitor/base/buf.h"
#include "monitor/base/json.h"

#define EXCERPT_SPANS_MAX 32

struct excerpt_span {
	size_t start, end;
};

/* The spans of a field, in order, what overlaps or touches joined. Returns how many. */
size_t excerpt_spans(
	const json_t *spans, const char *field, struct excerpt_span out[EXCERPT_SPANS_MAX]);

/* The part of `text` to show: at most `max` bytes, whole characters, around byte `around`. *from: where
 * it starts in `text`. */
struct str excerpt_cut(struct str text, size_t around, size_t max, size_t *from);

/* Calls `put` for `part`, which is at byte `from` of the field, in pieces: each is marked (a span) or not. */
void excerpt_pieces(struct str part, size_t from, const struct excerpt_span *spans, size_t n,
	void (*put)(void *ctx, struct str piece, bool marked), void *ctx);
/* Appends such a part with its marked pieces in «». */
void excerpt_mark(
	struct buf *out, struct str part, size_t from, const struct excerpt_span *spans, size_t n);

/* Appends the sentence without its "(text 4-18)". */
void excerpt_why(struct buf *out, struct str why);

#endif
