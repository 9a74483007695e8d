/* Why a rule matches a post, or why not: clause by clause, from the evaluator's own trace.
 *
 * What would change the outcome is tried with the same evaluator on a changed copy of the rule, and
 * told only if it does. On demand, for one post: it takes its time and memory. */
#ifndef HARK_RULES_EXPLAIN_H
#define HARK_RULES_EXPLAIN_H

#include "rules/rules.h"
#include "rules/scope.h"

struct list;

enum clause_outcome {
	CLAUSE_FALSE,
	CLAUSE_TRUE,
	CLAUSE_UNDECIDED, /* a regular expression or the search for names hit its limit */
	CLAUSE_SKIPPED,   /* decided before its turn */
};

struct clause_place {
	struct span span;
	bool placed;             /* the span says something */
	struct str text;         /* what stands there, absent for an address of the post */
	const struct list *list; /* NULL: no list */
	struct str list_name, entry_id, entry_name;
	unsigned line; /* of the entry in its list's file, 0: inline */
};

/* What a slot of a phrase or a named group of a pattern took. */
struct clause_value {
	struct str name, value;
};

/* A node of the query. Operators have kids, leaves have places. */
struct clause {
	const struct query *q;
	enum clause_outcome outcome;
	struct str text;  /* as written, on one line; of an operator its name: AND, OR, NOT … */
	struct str var;   /* bound here, or absent */
	struct str value; /* what it was bound to, absent if nothing */
	struct clause *kids;
	size_t kids_n;
	struct clause_place *places;
	size_t places_n;
	struct clause_value *values;
	size_t values_n;
	struct str miss; /* how near it came, absent if nothing is near */
};

/* What would change the outcome, tried. */
struct flip {
	struct str change; /* "raise NEAR/8 to NEAR/11" */
	struct str clause; /* the clause it changes, or absent */
};
/* A part of the score: base, or a term of the rule. */
struct score_line {
	struct str name;
	int points;
	bool holds;
};
#define EXPLAIN_FLIPS_MAX 3

struct explanation {
	struct rule_info rule;
	bool retired;
	bool inactive; /* a list it needs is not there: nothing else is set but these */
	const struct str *missing;
	size_t missing_n;
	bool matched, undecided;
	bool woken;          /* by the words below; if not, no clause was looked at by hark match */
	struct str *anchors; /* words and lists of the post that woke the rule */
	size_t anchors_n;
	struct str *anchor_group; /* what could have */
	size_t anchor_group_n;    /* 0: every post does */
	bool in_scope[SCOPE_PARTS];
	bool scope_holds, lang_passed;
	const struct scope *scope;
	struct clause root;
	const struct clause *first_false; /* the leaf that decided, or NULL */
	struct flip flips[EXPLAIN_FLIPS_MAX];
	size_t flips_n;
	struct signal *signal; /* when matched */
	struct score_line *score; /* what its score is made of, when matched */
	size_t score_n;
	struct str *lists;     /* used by the rule: "contacts@1f0e2d3c (2211)" */
	size_t lists_n;
};

/* All about one rule of the matcher's set. HARK_ENOENT: no such rule; with `file` (may be absent) the
 * one in that file. The result lives in `arena`, and as long as post and ruleset. */
int matcher_explain(struct matcher *m, const struct post *post, struct str rule, struct str file,
	struct arena *arena, struct explanation **out, struct hark_err *err);

#endif
