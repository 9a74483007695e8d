/* Posts, names, rules and patterns for measuring, all invented and the same in every run.
 *
 * Words are drawn as language draws them (Zipf, 150,000 of them). A tenth of the posts is written
 * with letters outside ASCII; URLs, tags, handles, possessives and contractions come now and then;
 * 18 of 100 posts hold a planted name. Names are nested: the first 1,000 are the short list, the
 * first 10,000 the next. No two names have the same words. */
#ifndef HARK_TESTS_BENCH_CORPUS_H
#define HARK_TESTS_BENCH_CORPUS_H

#include "monitor/base/buf.h"
#include "monitor/model/post.h"
#include "rules/text.h"

struct corpus {
	struct buf text, names, normal;
	struct str *posts; /* owned; slices of `text` */
	struct str *lines; /* of `normal`: " word word ", one a post */
	size_t posts_n;
	struct str *name;       /* slices of `names` */
	struct str *name_words; /* of `normal_names`, like a line */
	struct buf normal_names;
	size_t names_n;
};

/* Exits when there is no memory: this is no daemon. */
void corpus_make(struct corpus *c, size_t posts, size_t names);
void corpus_release(struct corpus *c);

/* A rule file of `n` rules that use no list, or a third of them `any:names`. Each has three to six
 * terms, a third phrases, every third a NOT. */
void corpus_rules(const struct corpus *c, size_t n, struct buf *yaml);
/* `n` regular expressions with gaps, classes and counts, one a line, each with a bordered word. */
void corpus_patterns(const struct corpus *c, size_t n, struct buf *lines);

/* What corpus_rules() wrote, term by term, for an evaluator of the bench's own: folded words, a
 * phrase with a space between. Holds if one of `any` and all of `all` are there and none of `none`. */
struct corpus_rule {
	struct str any[4], all[2], none;
	size_t any_n, all_n;
};
/* Of the last corpus_rules(); owned by the corpus code until the next. */
const struct corpus_rule *corpus_rule_at(size_t i);

#endif
