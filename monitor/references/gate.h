/* The one gate between what customers said and what leaves the house. Pure. Whatever prints something for the outside
 * asks here, and nowhere else is decided.
 *
 * A quote is the customer's words with name and title: the reference is named, and the consent is to this very text. A
 * link points to what stands in public anyway. What was read with one's own rights (private) passes neither, unless
 * somebody agreed to be quoted with that very text. Whoever has taken back what they agreed to is not pointed to either,
 * though a prospect who looks finds them. What somebody said who has asked to be left alone passes neither,
 * whatever they agreed to before. */
#ifndef HARK_REFERENCES_GATE_H
#define HARK_REFERENCES_GATE_H

#include "monitor/model/reference.h"

enum gate_use {
	GATE_QUOTE,
	GATE_LINK,
};

enum gate_verdict {
	GATE_OPEN,
	GATE_OPTED_OUT,  /* who said it asks to be left alone */
	GATE_PRIVATE,    /* it does not stand in public */
	GATE_WITHDRAWN,  /* they have taken back that anything of theirs is used */
	GATE_GONE,       /* deleted where it stood */
	GATE_EDITED,     /* it says something else now */
	GATE_REGULATED,  /* compliance has not signed */
	GATE_NO_PLACE,   /* there is nothing to point to */
	GATE_NO_CONSENT, /* the reference is not named */
	GATE_OTHER_TEXT, /* the consent is to another text */
};
#define GATE_VERDICTS 10

/* What of a reference the gate asks for; all 0: there is none. */
struct gate_consent {
	enum permission permission;
	int64_t statement, expires_ms;
};

enum gate_verdict gate_ask(enum gate_use use, const struct statement *s,
	const struct gate_consent *consent, int64_t now_ms);
/* "private" …, and one sentence. */
const char *gate_verdict_name(enum gate_verdict verdict);
const char *gate_verdict_about(enum gate_verdict verdict);

#endif
