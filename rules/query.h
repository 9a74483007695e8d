/* A query as a tree: what `match:` says, parsed and checked, not yet evaluated.
 *
 * Words and phrases are folded when parsed, with the code that folds posts. Trees live in the
 * caller's arena and are immutable once linked; they may share parts (an entry of `define:` is
 * parsed once). Every node knows its place in the file. */
#ifndef HARK_RULES_QUERY_H
#define HARK_RULES_QUERY_H

#include "monitor/base/yaml.h"
#include "rules/text.h"

#define QUERY_BYTES_MAX (64u * 1024)
#define NUMBER_TEXT_MAX 512   /* longer than any double without an exponent */
#define QUERY_DEPTH_MAX 64    /* brackets, NOT and fields inside one another */
#define QUERY_NODES_MAX 20000 /* with everything that is referred to */
#define PHRASE_WORDS_MAX 200
#define NEAR_DEFAULT 5
#define NEAR_MAX 50
#define PREFIX_MIN 3

enum query_kind {
	QUERY_AND,
	QUERY_OR,
	QUERY_NOT,
	QUERY_NEAR,   /* two kids; `count` tokens between at most; `ordered` */
	QUERY_PHRASE, /* parts; a word is a phrase of one */
	QUERY_TAG,    /* parts[0] */
	QUERY_RAW,    /* text */
	QUERY_SET,    /* list, all, tests */
	QUERY_FIELD,  /* field, one kid */
	QUERY_VALUE,  /* text: what a field of one value is compared with */
	QUERY_NUMBER, /* number OP low (.. high) */
	QUERY_COUNT,  /* one kid, `count` times at least */
	QUERY_PICK,   /* `count` of the kids at least */
	QUERY_REF,    /* text: name; one kid after linking */
	QUERY_REGEX,  /* text: pattern; ignore_case */
};

enum query_field {
	QUERY_TEXT,
	QUERY_TITLE,
	QUERY_QUOTED,
	QUERY_AUTHOR,
	QUERY_NAME,
	QUERY_BIO,
	/* From here on a field holds values, no words. */
	QUERY_URL,
	QUERY_LINK,
	QUERY_SITE,
	QUERY_SOURCE,
	QUERY_LANG,
	QUERY_COUNTRY,
	QUERY_TAGS,
	QUERY_MENTION,
	QUERY_REPLYTO,
	QUERY_TYPE,
	QUERY_HAS,
	QUERY_VERIFIED,
};
#define QUERY_FIRST_VALUE_FIELD QUERY_URL

enum query_number {
	NUMBER_FOLLOWERS,
	NUMBER_FOLLOWING,
	NUMBER_LIKES,
	NUMBER_SHARES,
	NUMBER_REPLIES,
	NUMBER_VIEWS,
	NUMBER_ENGAGEMENT,
	NUMBER_AGE_DAYS,
	NUMBER_SENTIMENT,
	NUMBER_SCORE,
	NUMBER_RATING,
};

enum query_op {
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_RANGE, /* low..high, both included */
};

enum part_kind {
	PART_TOKEN,   /* `hash` and `folded` equal */
	PART_PREFIX,  /* begins with `folded` */
	PART_PATTERN, /* `folded` with WILDCARD for any one letter; `open`: more may follow */
	PART_ANY,     /* exactly one token, whichever */
	PART_SET,     /* an entry of a list */
	PART_SLOT,    /* <name:TYPE> */
};

/* What a slot takes. The runs of ORG, PERSON and TITLE are defined in slot.h. */
enum slot_type {
	SLOT_PERSON,
	SLOT_ORG,
	SLOT_TITLE,
	SLOT_PRODUCT, /* a name of the list "products" */
	SLOT_WORD,
	SLOT_WORDS, /* `low` to `high` of them */
	SLOT_NUM,
	SLOT_MONEY,
	SLOT_DATE,
	SLOT_HANDLE,
	SLOT_URL,
	SLOT_LIST, /* list:NAME */
};
#define SLOT_WORDS_MAX 20
#define SLOTS_MAX 8              /* in one phrase */
#define SLOT_PHRASE_PARTS_MAX 64 /* of a phrase with slots */

/* Stands for "?" in a pattern: a letter nobody writes (runic fehu). */
#define WILDCARD "\xe1\x9a\xa0"

struct query_part {
	enum part_kind kind;
	enum token_kind token;
	struct str folded, written;
	uint64_t hash;
	bool open;
	struct query *set; /* PART_SET, SLOT_PRODUCT, SLOT_LIST: a QUERY_SET */
	/* PART_SLOT */
	struct str name;
	enum slot_type slot;
	uint32_t low, high;
	void **lists; /* struct list: whose names it takes too; set by whoever links the tree */
	size_t lists_n;
};

/* attr OP value of any:LIST[…]. */
struct attr_test {
	struct str attr, value;
	enum query_op op;
};

struct query {
	enum query_kind kind;
	const struct yaml_node *source; /* the scalar it stands in */
	uint32_t at, bytes;             /* its place in that scalar's text */
	struct str var;                 /* AS $var, without $, or absent */
	struct query **kids;
	size_t kids_n;
	struct query_part *parts;
	size_t parts_n;
	bool cased, ordered, all, ignore_case, bracketed;
	bool commented; /* of the root: the text holds comments */
	bool slots;     /* QUERY_PHRASE: some part is a slot or a set */
	int64_t count;
	struct str text;
	uint64_t hash; /* of a QUERY_VALUE of tag: and mention: */
	enum query_field field;
	enum query_number number;
	enum query_op op;
	double low, high;
	struct str list; /* QUERY_SET */
	struct attr_test *tests;
	size_t tests_n;
	/* Set by whoever links the tree: what the name stands for there. */
	void *link; /* QUERY_SET: struct list; QUERY_REGEX: struct regex */
	int var_index;
	uint32_t nodes; /* of the tree, saturating */
};

/* Whether a column's value (absent: none) passes. */
bool attr_test_holds(const struct attr_test *t, struct str value);

/* Parses a scalar. NULL: at least one error went into `diags`; then *names, if asked for, holds the
 * lists and definitions that were named up to there, to be looked up all the same, or NULL. Needs
 * fold_init(). */
struct query *query_parse(const struct yaml_node *source, struct arena *arena, struct query **names,
	struct diags *diags);

/* The text again, in one normal form: parsing that gives the same tree. */
void query_print(const struct query *q, struct buf *out);

/* The text laid out for people: every word as it was written, brackets where a reader needs them. A
 * row longer than `width` columns is broken into lines; 0: all on one. Comments are left out. */
void query_format(const struct query *q, size_t width, struct buf *out);

/* An error or a warning at a node. */
void query_report(const struct query *q, enum diag_level level, struct diags *diags,
	const char *code, const char *help, const char *fmt, ...)
	__attribute__((format(printf, 6, 7)));

/* "ORG"; "list" for SLOT_LIST. */
const char *query_slot_name(enum slot_type type);
const char *query_field_name(enum query_field field);
const char *query_number_name(enum query_number number);
const char *query_op_name(enum query_op op);

#endif
