/* A rule as its file says, and as it is after linking. Lives in its ruleset's arena, immutable
 * once the ruleset is built. */
#ifndef HARK_RULES_RULE_H
#define HARK_RULES_RULE_H

#include "monitor/model/signal.h"
#include "rules/lists.h"
#include "rules/query.h"

#define SCORE_BASE 40
#define LEAD_WINDOW_MS (30LL * 24 * 3600 * 1000)
#define RULE_VARS_MAX 32
#define RULE_NEEDS_MAX 3
#define SCOPE_ANCHORS_MAX 50 /* so many sites or authors are an anchor of a rule without words */

enum rule_status {
	RULE_LIVE,
	RULE_SHADOW,
	RULE_RETIRED,
};

enum subject_kind {
	SUBJECT_AUTHOR,
	SUBJECT_CONTACT,
	SUBJECT_ACCOUNT,
	SUBJECT_VARIABLE,
};

struct score_term {
	struct query *when; /* NULL: the post asks a question */
	int points;
	struct str name; /* as written */
};

/* `text` with $variables in it. */
struct template
{
	struct str name;
	const struct yaml_node *node;
	struct str text;
};

struct scope {
	struct strs langs, types, sources, sites, authors;
	bool lang_strict;
};

/* What wakes a rule: at least one of a group is in every post that it matches. */
enum anchor_kind {
	ANCHOR_TOKEN,  /* hash */
	ANCHOR_PREFIX, /* folded */
	ANCHOR_LIST,   /* list */
	ANCHOR_INNER,  /* hash: of a word between borders, inside an opaque token or a tag */
	ANCHOR_OPAQUE, /* the post holds text that is in no word (text.h) */
};

#define INNER_BYTES_MAX 64 /* a longer word is not looked for inside tokens */

struct anchor {
	enum anchor_kind kind;
	uint64_t hash;
	uint64_t mate; /* another word of its phrase, which must be there too; 0: there is none */
	struct str folded; /* for people; what is compared of a prefix */
	uint32_t list;
	unsigned cost; /* how often it is expected, for choosing */
};

struct anchors {
	struct anchor *v;
	size_t n, cap;
	bool always; /* nothing in the post is certain: look at every post */
	uint64_t cost;
};

struct rule {
	struct str id, title, owner, route, visibility;
	struct str file; /* as written in the configuration */
	char hash[17];
	enum signal_kind kind;
	enum signal_level level;
	enum rule_status status;
	unsigned flags;
	struct scope scope;
	struct query *match;
	struct query *names; /* what a broken match names, or NULL */
	bool slow;
	enum subject_kind subject;
	struct str subject_var;
	int score_base;
	struct score_term *terms;
	size_t terms_n, terms_cap;
	struct template *emit;
	size_t emit_n, emit_cap;
	struct strs lead_key;
	int64_t lead_window_ms;
	const struct yaml_node *node, *tests;
	/* After linking. */
	struct str vars[RULE_VARS_MAX];
	size_t vars_n;
	struct anchors anchors;
	struct anchors needs[RULE_NEEDS_MAX]; /* further groups, of words only */
	size_t needs_n;
	bool late;     /* some of its lists wake no rule: see eval_begin() */
	bool inactive; /* a pack whose list is not there */
	struct str *missing; /* the lists that were not there, each once */
	size_t missing_n, missing_cap;
	bool broken;   /* an error has been reported */
	const struct list **lists; /* it looks at, each once */
	size_t lists_n, lists_cap;
	struct str versions; /* "customers@1f0e2d3c words@0a1b2c3d", absent without lists */
};

#endif
