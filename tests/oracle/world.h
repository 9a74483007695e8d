/* Both sides of the comparison around one set of lists, definitions and queries. */
#ifndef HARK_TESTS_ORACLE_WORLD_H
#define HARK_TESTS_ORACLE_WORLD_H

#include "rules/rules.h"
#include "tests/oracle/gen.h"

#define WORLD_NOW_MS 1700000000000
#define WORLD_QUERIES 1000 /* at most */

struct question {
	const char *text;
	const struct query *tree; /* NULL: refused by the parser */
	bool accepted;            /* by the engine as a whole */
	unsigned line;            /* of its rule in the file */
	struct gen_rule rule;
	const struct query *lang, *rest, *terms[GEN_TERMS]; /* its scope and score */
};

struct world {
	struct arena arena; /* of what is not borrowed */
	const struct ref_list *lists;
	size_t lists_n;
	const char *defines[GEN_DEFINES];
	struct ref_define trees[GEN_DEFINES];
	struct question q[WORLD_QUERIES];
	size_t n;
	struct ruleset *rules;
	struct matcher *matcher;
};

/* A folder for the files the engine reads; exits without one. */
void world_folder_open(void);
void world_folder_close(void);
const char *world_folder(void);

void world_init(struct world *w);
/* Parses and loads everything. Queries that are refused are left out; true if any is left. */
bool world_load(struct world *w);
void world_release(struct world *w);

/* The engine's findings; the index of a query is its rule id without the q. */
void world_match(struct world *w, const struct post *post, struct arena *arena,
	struct signal **found, size_t *n);

/* NULL: both sides agree about query i; else what differs. `found` is the engine's finding or NULL,
 * `r` has begun with the post. */
const char *world_difference(
	const struct world *w, struct ref *r, size_t i, const struct signal *found);
struct ref world_ref(const struct world *w, struct arena *arena);

/* Makes the case smaller as long as both sides differ, and prints it. */
void world_explain(const struct world *w, size_t query, const struct post *post, uint64_t seed);

#endif
