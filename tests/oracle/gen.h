/* Random lists, queries and posts that have something to do with one another: a small vocabulary in
 * several scripts, written in all the ways people write. The same seed gives the same world. */
#ifndef HARK_TESTS_ORACLE_GEN_H
#define HARK_TESTS_ORACLE_GEN_H

#include "tests/oracle/ref.h"

#define GEN_LISTS 6
#define GEN_DEFINES 3

struct gen {
	uint64_t state;
	struct arena *arena;
	const struct ref_list *lists; /* whose names are put into posts */
	size_t lists_n;
};

uint32_t gen_below(struct gen *g, uint32_t n); /* 0 .. n-1 */
bool gen_one_in(struct gen *g, uint32_t n);
void gen_lists(struct gen *g, struct ref_list out[GEN_LISTS]);
/* What stands beside a query: a scope, and what the score adds up. */
#define GEN_TERMS 3
struct gen_rule {
	const char *scope; /* as YAML; NULL: none */
	/* The same as queries, NULL: none; `lang_lax`: a post of no known language passes. */
	const char *lang, *rest;
	bool lang_lax;
	int base, points[GEN_TERMS];
	const char *terms[GEN_TERMS]; /* queries, NULL behind the last */
};
struct gen_rule gen_rule(struct gen *g);
/* Text for `define:`, always right. */
const char *gen_define(struct gen *g);
/* Nearly always right: whoever reads it may refuse it. */
const char *gen_query(struct gen *g);
void gen_post(struct gen *g, struct post *out);

/* gen_words.c */
const char *gen_word(struct gen *g);
/* The same, written otherwise. */
struct str gen_respell(struct gen *g, const char *word);
void gen_text(struct gen *g, struct buf *out, unsigned pieces);

#endif
