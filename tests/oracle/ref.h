/* A second answer to "does this query hold for this post", as plain as it can be written.
 *
 * It shares the syntax tree and the table of everyday words with the engine, and nothing else: it decodes, folds and splits words
 * itself, compares every name with every position, tries every pair of places for NEAR, and asks
 * PCRE2 directly. Slow on purpose; test_oracle.c compares it with the engine. Where both differ,
 * hark-rules(5) says which one is wrong. */
#ifndef HARK_TESTS_ORACLE_REF_H
#define HARK_TESTS_ORACLE_REF_H

#include "monitor/base/arena.h"
#include "monitor/model/post.h"
#include "rules/query.h"

/* ---- characters (ref_chars.c) ---- */

enum ref_class {
	REF_OTHER,
	REF_HARD,
	REF_LETTER,
	REF_DIGIT,
	REF_MARK,
	REF_IGNORED, /* as if it were not there */
	REF_ALONE,   /* a word of its own: scripts without spaces */
	REF_APOSTROPHE,
	REF_DOT,
	REF_MIDDOT,
	REF_EMOJI,
	REF_FLAG,
};

struct ref_char {
	uint32_t cp;
	uint32_t start, end; /* bytes */
	enum ref_class kind;
	bool upper;
	char fold[64];
	size_t fold_n;
};

struct ref_chars {
	struct ref_char *v;
	size_t n;
};

/* Every character of the text, bad bytes as U+FFFD. */
struct ref_chars ref_decode(struct str text, struct arena *arena);
bool ref_is_word(enum ref_class kind);
/* base + mark as one character, or 0. */
uint32_t ref_compose(uint32_t base, uint32_t mark);
size_t ref_encode(uint32_t cp, char out[4]);

/* ---- words (ref_words.c) ---- */

struct ref_token {
	enum token_kind kind;
	enum text_field field;
	uint32_t start, end; /* bytes of the field */
	struct str folded;
	bool capital, after_break;
	uint32_t from, to; /* of a tag: the positions of its words */
};

struct ref_text {
	struct arena *arena;
	struct ref_token *v, *tags;
	size_t n, cap, tags_n, tags_cap;
	struct {
		uint32_t start, end;
		struct str source; /* absent: filled piece by piece */
	} fields[TEXT_FIELDS];
};

void ref_add_text(struct ref_text *t, enum text_field field, struct str text);
void ref_read_post(struct ref_text *t, const struct post *post, struct arena *arena);
/* The handle or tag as it is compared. */
struct str ref_fold_handle(struct str handle, struct arena *arena);
struct str ref_fold_tag(struct str tag, struct arena *arena);

/* ---- lists (ref_lists.c) ---- */

#define REF_CELLS 3

struct ref_entry {
	const char *id, *name;
	const char *aliases[REF_CELLS], *handles[REF_CELLS], *domains[REF_CELLS];
	const char *tier, *size; /* attributes */
};

struct ref_list {
	const char *name;
	struct ref_entry *entries;
	size_t n;
	bool no_variants, no_class, need_case, need_context, need_handle;
	const char *context[REF_CELLS], *forbid[REF_CELLS];
};

struct ref_hit {
	size_t list, entry;
	uint32_t from, to;
};

struct ref_hits {
	struct ref_hit *v;
	size_t n, cap;
};

struct ref_hits ref_find_names(
	const struct ref_list *lists, size_t n, const struct ref_text *t, struct arena *arena);
bool ref_entry_has_handle(const struct ref_entry *e);
bool ref_tests_hold(const struct query *set, const struct ref_entry *e);
/* The address of a profile as it is compared. */
struct str ref_address(struct str url, struct arena *arena);

/* ---- evaluation (ref_eval.c, ref_meta.c) ---- */

struct ref_define {
	const char *name;
	const struct query *query;
};

struct ref_place {
	uint32_t from, to;   /* positions */
	uint32_t start, end; /* bytes of the field */
	enum text_field field;
	int list, entry; /* -1: none */
};

struct ref_places {
	struct ref_place *v;
	size_t n, cap;
};

struct ref {
	struct arena *arena;
	const struct ref_list *lists;
	size_t lists_n;
	const struct ref_define *defines;
	size_t defines_n;
	const struct post *post;
	int64_t now_ms;
	struct ref_text text;
	struct ref_hits hits;
	/* What was found by the leaves that hold, outside NOT. */
	struct ref_places evidence;
	/* What the slots called `a` took of the text, wherever their phrases are. */
	struct str *values;
	size_t values_n, values_cap;
	bool exact; /* the engine must have kept all of it */
};

/* Reads the post; then any number of queries can be asked. */
void ref_begin(struct ref *r, const struct post *post);
bool ref_holds(struct ref *r, const struct query *q);

/* ref_slots.c: whether PERSON, ORG, TITLE, NUM, MONEY or DATE may take the tokens from..to of a text
 * that is looked at up to `end`. */
bool ref_slot_takes(struct ref *r, enum slot_type slot, uint32_t from, uint32_t to, uint32_t end);
/* What is named when the slot takes from..to: a TITLE leaves its articles away, MONEY has its sign. */
struct str ref_slot_text(
	struct ref *r, enum slot_type slot, uint32_t from, uint32_t to, uint32_t end);
/* Whose names it takes too. */
bool ref_slot_has_list(const struct ref *r, enum slot_type slot, size_t list);

bool ref_value(const struct ref *r, const struct query *q);
bool ref_number(const struct ref *r, const struct query *q);
/* An entry whose domain is in the post's address (or its links); -1: none. */
int ref_domain(const struct ref *r, const struct query *set, size_t list, bool links);
/* A list by its name; there always is one. */
size_t ref_list_index(const struct ref *r, struct str name);
void *ref_grow(struct arena *arena, void *v, size_t n, size_t *cap, size_t size);

#endif
