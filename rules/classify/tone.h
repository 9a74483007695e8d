/* Tone of a post: what its author thinks of what is spoken of.
 *
 * The chances of negative, neutral and positive come from a linear model over hashed features
 * (tone_features.h) whose file is mapped (tone_model.h). Title and text are read, up to TONE_TOKENS_MAX
 * words and signs. A text in another language than English is TONE_UNKNOWN, with nothing else told.
 * Beside it rules mark what a statement tells (tone_parts.h): a limit beside praise, a lesson, why something
 * was chosen, a measured outcome; and what is praised and criticised (tone_aspects.h).
 *
 * A reader is scratch of one thread and allocates nothing after tone_reader_new(). */
#ifndef HARK_RULES_CLASSIFY_TONE_H
#define HARK_RULES_CLASSIFY_TONE_H

#include "monitor/base/jsonout.h"
#include "monitor/model/post.h"
#include "rules/classify/tone_aspects.h"
#include "rules/classify/tone_claims.h"
#include "rules/classify/tone_model.h"
#include "rules/classify/tone_parts.h"
#include "rules/classify/tone_whole.h"

#define TONE_WHY_MAX 12

enum tone_label {
	TONE_UNKNOWN,
	TONE_NEGATIVE,
	TONE_NEUTRAL,
	TONE_POSITIVE,
};

/* What speaks for the label, or against it. */
struct tone_reason {
	struct str text;  /* borrowed from the post; absent for what is counted over all of it */
	const char *what; /* "words", "letters" or the name of a count; static */
	double worth;     /* above 0: for the label */
};

struct tone {
	enum tone_label label;
	double p[TONE_CLASSES]; /* negative, neutral, positive; 0 where unknown. Better told by tone_claim() */
	double score;           /* positive less negative */
	double praise; /* by tone_claim(), 0 … 1: its worth as praise; with a limit stated above pure praise */
	bool mixed;    /* by tone_claim(): praise, with a limit stated */
	struct tone_parts parts;
	struct tone_aspects aspects;
	size_t why_n;
	struct tone_reason why[TONE_WHY_MAX]; /* the heaviest first; only if asked for */
};

struct tone_reader;

/* NULL: no memory. `model` is shared and must outlive the reader. */
struct tone_reader *tone_reader_new(const struct tone_model *model);
void tone_reader_free(struct tone_reader *r);
/* Slices of `out` are borrowed from `post`. */
void tone_read(struct tone_reader *r, const struct post *post, bool why, struct tone *out);
/* The same in two steps, for posts of which most are no more than judged: label and chances, then the rest. */
void tone_judge(struct tone_reader *r, const struct post *post, struct tone *out);
void tone_tell(struct tone_reader *r, struct tone *t);
/* Adds what clauses and sentences of what was read last claim (tone_claims.h): `praise`, the label and its chances anew,
 * better told lessons and choices among `parts`, limits of praise and so whether it is mixed. For posts that are shown
 * or kept as statements; two thirds of a reading more. */
void tone_claim(struct tone_reader *r, struct tone *t);

/* What the weights are learnt from; for tests/quality/tone_frames. Borrowed until the next read. */
struct tone_watched {
	enum tone_label label;
	const struct tone_scan *scan;
	const struct tone_clauses *clauses;
	const struct tone_whole *whole;
	const struct tone_claims *claims;
	const struct tone_sums *sums;
	double moved; /* by turns, from blame to praise */
};
void tone_watch(struct tone_reader *r, const struct post *post, struct tone_watched *out);

/* "negative" …, "unknown". */
const char *tone_label_name(enum tone_label label);
/* Members of the open object: "sentiment":{"label":…,"score":…,"p":{…}}, "praise", "mixed", "question", "sarcasm",
 * "target", "person":{"text":…,"field":…,"start":…,"end":…}, "aspects":[{"polarity":…,"text":…,"field":…,"start":…,"end":…}], "statements":[{"part":…, the same}];
 * `why`: also the heaviest features. hark-rules(5) says what they mean. */
void tone_write_json(const struct tone *t, const struct post *post, bool why, struct jsonout *j);
/* The array of "statements" alone. */
void tone_write_parts(const struct tone *t, const struct post *post, struct jsonout *j);
/* The same, and whom praise is for: {"part":"praise","target":…}, of a person with the place of their name. */
void tone_write_all_parts(const struct tone *t, const struct post *post, struct jsonout *j);

#endif
