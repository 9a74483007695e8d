/* How a post speaks of us, from what rules found in it and from its tone. Pure.
 *
 * Rules say that it is about us at all; the tone alone never makes a statement. Where rule and tone are of two minds
 * the weaker reading holds: praise that sounds bad is neutral, as irony may be at work. */
#ifndef HARK_REFERENCES_STATEMENT_H
#define HARK_REFERENCES_STATEMENT_H

#include "monitor/model/reference.h"
#include "monitor/model/signal.h"
#include "rules/classify/tone.h"

/* Findings of these kinds say how a post speaks of us. */
bool statement_is_made_by(enum signal_kind kind);
/* Whether a post may be one at all: its tone is worth reading. */
bool statement_may_be(const struct post *post, const struct signal *signals, size_t n);
/* `tone` may be NULL: nobody has read it. */
enum statement_tone statement_tone_of(
	const struct signal *signals, size_t n, const struct tone *tone);
/* Title and text as one, appended to `out`: what somebody agrees to, and what its hash is of. */
struct str statement_text(struct str title, struct str text, struct buf *out);
/* As much as there is room for in a statement. */
#define STATEMENT_TEXT_MAX ((size_t)1 << 20)
/* What rules say makes it one for compliance. */
bool statement_is_regulated(const struct signal *signals, size_t n);
/* Ids of the rules that make it one, "praise praise-mixed"; and the product they name, absent: none. */
void statement_rules(const struct signal *signals, size_t n, struct buf *out);
struct str statement_product(const struct signal *signals, size_t n);

#endif
