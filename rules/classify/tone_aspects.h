/* What is praised and what is criticised, whom the praise is for, and hints that a text means the opposite
 * of what it says. By rules, but what tells a firm from its product is weighed (tests/quality/train_tone.py).
 * Inside the tone reader.
 *
 * An aspect is the shortest noun phrase, without article, possessive or judging word: a part, a quality, a
 * service or a person. The product or firm as a whole is none. */
#ifndef HARK_RULES_CLASSIFY_TONE_ASPECTS_H
#define HARK_RULES_CLASSIFY_TONE_ASPECTS_H

#include "rules/classify/tone_clauses.h"

#define TONE_ASPECTS_MAX 12 /* of a post */

enum tone_target {
	TONE_NOBODY, /* it does not praise, or has no word */
	TONE_PRODUCT,
	TONE_COMPANY, /* also its people, where none is named */
	TONE_PERSON,  /* named */
};

struct tone_aspect {
	bool praised; /* else criticised */
	bool title;   /* its field */
	uint32_t start, end;
};

struct tone_aspects {
	struct tone_aspect v[TONE_ASPECTS_MAX];
	size_t n;
	enum tone_target target;
	struct tone_aspect person; /* whom the praise names, as far as target is TONE_PERSON */
	bool sarcasm;
};

/* What is known of the whole post. */
struct tone_verdict {
	bool praises, blames, mixed;
};

/* What tells whether praise is for a firm, beside its words. */
enum tone_firm_sign {
	FIRM_BIAS,
	FIRM_COMPANY, /* clauses that speak of the firm or its people */
	FIRM_PRODUCT, /* clauses that speak of the thing */
	FIRM_MORE,    /* more of the first */
	FIRM_SIGNS,
};

/* `firm`: what the words of the post tell for praise of a firm (tone_sums_firm). */
void tone_aspects_read(const struct tone_scan *s, const struct tone_cues *cues,
	const struct tone_clauses *clauses, const struct tone_verdict *verdict, float firm,
	struct tone_aspects *out);
void tone_firm_signs(
	const struct tone_scan *s, const struct tone_clauses *clauses, float sign[FIRM_SIGNS]);
/* "product", "company", "person"; NULL for nobody. */
const char *tone_target_name(enum tone_target target);

/* tone_weights.c */
extern const float tone_firm_weights[FIRM_SIGNS];

#endif
