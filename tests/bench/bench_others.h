/* Other engines over the same text, for comparison: what they cost and what they find. */
#ifndef HARK_TESTS_BENCH_OTHERS_H
#define HARK_TESTS_BENCH_OTHERS_H

#include "monitor/base/str.h"
#include "tests/bench/bench_corpus.h"

struct outcome {
	double ns_post, build_s;
	size_t posts;    /* looked at */
	size_t matched;  /* posts with a hit */
	size_t pairs;    /* (post, name) */
	uint64_t sum;    /* of a hash of each pair; of each matched post where pairs are not told */
	const char *why; /* not run: why; else NULL */
};

uint64_t outcome_pair(size_t post, size_t what);
double thread_ns(void);
/* Resident memory, after giving back what is free. */
double resident_mb(void);

/* Every name in every line, by a hash set of the names' text: slow, obvious, complete. */
void reference_names(const struct corpus *c, size_t posts, size_t names, struct outcome *out);
/* `rg -F -f`, `grep -F -f` on files in `dir`: matched posts. The median of some runs, less the median
 * of as many over no text. */
void tool_names(const char *tool, const char *dir, size_t posts, struct outcome *out);
/* One PCRE2-JIT pattern a name, or one a line of `patterns`, over a sample. */
void pcre2_names(const struct corpus *c, size_t posts, size_t names, struct outcome *out);
void pcre2_patterns(const struct corpus *c, size_t posts, struct str patterns, struct outcome *out);
/* Runs a program with its output to a file: seconds of processor time, or -1. */
double run_program(const char *const argv[], const char *output);
/* RE2::Set through a program of its own, where it was built. */
void re2_set(const char *dir, const char *mode, const char *patterns, const char *text,
	struct outcome *out);
/* corpus_rules(), evaluated one by one on the words of a post. */
void reference_rules(const struct corpus *c, size_t posts, size_t rules, struct outcome *out);

#endif
