/* Evaluating a query against one post, with everything that explains the outcome. */
#ifndef HARK_RULES_EVAL_H
#define HARK_RULES_EVAL_H

#include "rules/regex.h"
#include "rules/need.h"

enum truth {
	IS_FALSE,
	IS_TRUE,
	IS_UNDECIDED, /* a regular expression hit its limit, or the rule as a whole, or the names did */
};

/* Comparisons one rule may make with one post. Reached only by rules of thousands of patterns and
 * posts of megabytes; a second's work, and better said than waited for. */
#define EFFORT_MAX 30000000u

/* An entry of a list at some positions. Sorted by `from`. */
struct list_hit {
	const struct list *list;
	uint32_t entry;
	uint32_t from, to;
};

/* Something found: positions for NEAR, bytes for people. */
struct place {
	uint32_t from, to;   /* positions, end exclusive */
	uint32_t start, end; /* bytes of the field as written */
	uint8_t field;       /* enum text_field, or one of these: in an address of the post */
#define PLACE_URL TEXT_FIELDS
#define PLACE_LINKS (TEXT_FIELDS + 1)
	uint32_t entry; /* of a list */
	const struct list *list;
};

struct evidence {
	const struct query *leaf;
	struct place place;
	bool placed; /* `place` says something */
	/* A slot or list inside the phrase `leaf`, whose own evidence precedes this one; or NULL. */
	const struct query_part *part;
};

struct binding {
	bool set;
	struct str text;
	const struct list *list;
	uint32_t entry;
};

struct eval {
	const struct rule *rule;
	const struct post *post;
	const struct text *text;
	const struct lists *lists;
	const struct list_hit *hits; /* of lists that wake rules; of all lists after find_late() */
	size_t hits_n;
	bool names_cut; /* more names are in the text than were looked at */
	/* Looks for the names of the other lists, on behalf of the first rule that may ask for one;
	 * the caller sets it with every post. NULL: that was done. */
	void (*find_late)(struct eval *e, void *ctx);
	void *late_ctx;
	struct regex_scratch *regex;
	struct arena *scratch; /* reset by the caller between posts */
	struct seen seen;      /* of the text; filled by the caller with every post */
	/* Positions by the hash of their token, made for a long text when it is first asked for; the
	 * caller sets it to NULL with every post. */
	uint32_t *by_hash;
	int64_t now_ms; /* wall clock, for age_days; 0: the clock is asked */
	struct binding vars[RULE_VARS_MAX];
	uint8_t bound[RULE_VARS_MAX]; /* in order, to undo */
	size_t bound_n;
	struct evidence *evidence;
	size_t evidence_n, evidence_cap;
	unsigned quiet;      /* inside NOT: nothing is kept */
	size_t limits;       /* times that a limit was hit */
	uint64_t effort;     /* comparisons so far */
	struct trace *trace; /* how each node turned out (eval_in.h); NULL: nobody asks */
	int rc;              /* HARK_ENOMEM: the answer is worthless */
};

/* Forgets what was found, for the next rule, and sees to the names it may ask for. */
void eval_begin(struct eval *e, const struct rule *rule);
enum truth eval_query(struct eval *e, const struct query *q);
/* What is written at a place; of an entry of a list in no text its name. */
struct str eval_text(const struct eval *e, const struct place *p);
/* The value of a variable, or of an attribute of what it stands for; absent if unbound. */
struct str eval_var(const struct eval *e, struct str name, struct str attr);
const struct binding *eval_binding(const struct eval *e, struct str name);

/* eval_meta.c: fields that hold values, and numbers. */
bool meta_value(const struct eval *e, const struct query *q);
bool meta_number(const struct eval *e, const struct query *q);
/* What is compared; false: the post does not say. */
bool meta_number_value(const struct eval *e, const struct query *q, double *out);
bool meta_set(
	const struct eval *e, enum query_field field, const struct query *q, struct place *out);
bool attr_tests_hold(
	const struct query *q, const struct list *list, const struct list_entry *entry);
/* Whether the host of `url` is `domain` or below it; a path in `domain` must begin url's path. */
bool url_is_below(struct str url, struct str domain, bool path);
bool lang_is(struct str lang, struct str wanted);

#endif
