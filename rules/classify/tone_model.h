/* The model file of the tone, mapped, never copied: two bytes for each bucket, what it speaks for blame and
 * what for praise, each less what it speaks for neither (only differences count). Behind them what words and
 * pairs tell of a statement: four bytes a bucket, for a limit in their clause, and for mixed praise, pure praise
 * and blame, each less what they tell for other statements. Then a byte a bucket: what they tell for praise of a firm,
 * not of its product. Last what they tell of a clause (tone_claims.h).
 *
 * All numbers little-endian. Head: "harktone", version, features version, buckets (power of two),
 * classes, then as floats the weight of each group, the worth of one step, slope and bias of the
 * calibration, the worth of one step for a limit, a kind and a firm, then XXH3 of head (with zero here) and all
 * tables, then where the training texts come from. Made by
 * rules/classify/tone_train.
 *
 * As with a shared library, whoever replaces the file puts a new one in its place, as package managers, install(1) and
 * rename() do: one that is cut while a program has it mapped ends that program (SIGBUS). The kernel has no way to keep a
 * file mapped that others may cut, and a copy in memory would be one for each process. */
#ifndef HARK_RULES_CLASSIFY_TONE_MODEL_H
#define HARK_RULES_CLASSIFY_TONE_MODEL_H

#include "monitor/base/err.h"
#include "rules/classify/tone_features.h"

#define TONE_CLASSES 3 /* negative, neutral, positive */
#define TONE_SIDES 2   /* a table has of them: negative, positive */
#define TONE_TOLD_LIMIT 0
#define TONE_TOLD_KIND 1 /* the first of three */
#define TONE_TOLD 4
/* Statements are few: more words than these would not be learnt apart. The table stays in the nearest cache but one. */
#define TONE_TOLD_BUCKETS_LOG2 14
#define TONE_TOLD_BUCKETS (1u << TONE_TOLD_BUCKETS_LOG2)
#define TONE_MODEL_VERSION 7
/* Rows of words and runs of words, in lines of the cache (tone_claims.h). */
#define TONE_CLAIM_LANES 11
#define TONE_CLAIM_LINE 64
#define TONE_CLAIM_ROWS 7
#define TONE_CLAIM_BUCKETS_LOG2 20
#define TONE_CLAIM_BUCKETS (1u << TONE_CLAIM_BUCKETS_LOG2)
#define TONE_CLAIM_SHARED 80 /* buckets that share a line; a tag has seven bits */
#define TONE_CLAIM_LINES ((TONE_CLAIM_BUCKETS + TONE_CLAIM_SHARED - 1) / TONE_CLAIM_SHARED)
#define TONE_MODEL_MAGIC "harktone"

struct tone_model_head {
	char magic[8];
	uint32_t version, features_version, buckets_log2, classes;
	float group[TONE_GROUPS];
	float step, slope, bias[TONE_CLASSES], told_limit, told_kind, told_firm, unused;
	uint64_t checksum;
	char origin[432];
};

/* Of each lane of a row: the worth of one step, and what it is without any word. */
struct tone_claim_head {
	float step[TONE_CLAIM_LANES], bias[TONE_CLAIM_LANES];
	float unused[10];
};

/* What is asked for at every clause, told for counts below these: a quotient by a root, a logarithm. */
#define TONE_SHARES 512
#define TONE_LOGARITHMS 64

struct tone_model {
	const struct tone_model_head *head; /* mapped; NULL: none */
	const int8_t *table;                /* [bucket * TONE_SIDES + side] */
	const int8_t *told;                 /* [bucket * TONE_TOLD + what] */
	const int8_t *firm;                 /* [bucket] */
	const struct tone_claim_head *claim_head;
	const int8_t *claims; /* lines */
	size_t bytes;
	struct tone_words *words; /* owned; its readers look words up in it */
	double share[TONE_SIGNS]
		    [TONE_SHARES]; /* what each of so many features of a group is worth */
	float log1p[TONE_LOGARITHMS];
};

/* HARK_EPARSE: no model, a broken one or one of another version; the sentence says which. Immutable
 * afterwards, for any thread. */
int tone_model_open(struct tone_model *m, const char *path, struct hark_err *err);
/* The one that hark came with: in the folder $HARK_MODELS, else beside the program in a build or a moved
 * tree, else where it was installed. */
int tone_model_open_own(struct tone_model *m, struct hark_err *err);
void tone_model_close(struct tone_model *m);
/* What each of n features of words or letters is worth. */
double tone_model_share(const struct tone_model_head *h, enum tone_group group, uint32_t n);
/* What a feature adds to a class. */
double tone_model_worth(const struct tone_model *m, const struct tone_features *f,
	enum tone_group group, uint32_t i, unsigned class);
/* Of the tables, one behind the other. */
uint64_t tone_model_checksum(const struct tone_model_head *head, const int8_t *tables);

#endif
