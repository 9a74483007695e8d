/* All rules on the sample posts: how often each is woken, and what that takes. */
#include "rules/lint_in.h"

#include "rules/eval.h"
#include "rules/sample.h"
#include "rules/scope.h"

#include <stdlib.h>
#include <time.h>

#define COMMON_SHARE 0.10     /* of all posts: too many to wake a rule for */
#define EVERYTHING_SHARE 0.30 /* of all posts: no rule means that */

/* Nanoseconds of this thread's own time. */
static int64_t cpu_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

struct counted {
	size_t woken, matched;
	int64_t ns;
	uint32_t *anchors; /* posts with each of the rule's anchors */
};

static bool has_anchor(const struct eval *e, const struct anchor *a)
{
	for (size_t i = 0; i < e->text->n; i++) {
		if (a->kind == ANCHOR_PREFIX ? str_starts(text_at(e->text, i), a->folded)
					     : e->text->hash[i] == a->hash) {
			return true;
		}
	}
	return false;
}

static void count_anchors(const struct eval *e, const struct rule *rule, struct counted *c)
{
	for (size_t i = 0; c->anchors != NULL && i < rule->anchors.n; i++) {
		const struct anchor *a = &rule->anchors.v[i];
		bool word = a->kind == ANCHOR_TOKEN || a->kind == ANCHOR_PREFIX;
		c->anchors[i] += word && has_anchor(e, a);
	}
}

static void try_rule(struct eval *e, const struct rule *rule, struct counted *c)
{
	int64_t begin = cpu_ns();
	if (scope_holds(&rule->scope, e->post)) {
		eval_begin(e, rule);
		c->matched += eval_query(e, rule->match) != IS_FALSE;
	}
	c->ns += cpu_ns() - begin;
	c->woken++;
	count_anchors(e, rule, c);
}

static int run_sample(struct lint *l, struct matcher *m, struct counted *counts, int64_t *all_ns)
{
	struct arena arena;
	struct post post;
	arena_init(&arena, 0);
	int rc = HARK_OK;
	for (size_t i = 0; i < SAMPLE_POSTS && rc == HARK_OK; i++) {
		arena_reset(&arena);
		if (!sample_post(i, &arena, &post)) {
			rc = HARK_ENOMEM;
			break;
		}
		int64_t begin = cpu_ns();
		struct eval *e = matcher_prepare(m, &post);
		*all_ns += cpu_ns() - begin;
		rc = e != NULL ? HARK_OK : HARK_ENOMEM;
		for (size_t k = 0; rc == HARK_OK && k < matcher_woken(m); k++) {
			uint32_t number = matcher_woken_at(m, k);
			try_rule(e, l->r->rules[number], &counts[number]);
			rc = e->rc;
		}
	}
	arena_release(&arena);
	return rc;
}

static int by_share(const void *a, const void *b)
{
	const struct anchor_share *x = a, *y = b;
	return x->share != y->share ? (x->share < y->share) - (x->share > y->share)
				    : str_cmp(x->name, y->name);
}

static struct str anchor_name(struct lint *l, const struct anchor *a)
{
	char text[160];
	if (a->kind == ANCHOR_LIST) {
		snprintf(text, sizeof(text), "any:%.*s", STR_FMT(l->r->lists.v[a->list]->name));
	} else if (a->kind == ANCHOR_OPAQUE) {
		snprintf(text, sizeof(text), "text in no word");
	} else {
		snprintf(text, sizeof(text), "%.*s%s", (int)(a->folded.n < 100 ? a->folded.n : 100),
			a->folded.p != NULL ? a->folded.p : "?",
			a->kind == ANCHOR_PREFIX ? "*" : "");
	}
	return arena_str(l->arena, str_c(text));
}

static void fill_anchors(
	struct lint *l, const struct rule *rule, const struct counted *c, struct rule_cost *out)
{
	size_t n = rule->anchors.n;
	struct anchor_share *all = arena_alloc(l->arena, (n + 1) * sizeof(*all));
	for (size_t i = 0; all != NULL && i < n; i++) {
		all[i].name = anchor_name(l, &rule->anchors.v[i]);
		all[i].share = (double)c->anchors[i] / SAMPLE_POSTS;
	}
	if (all != NULL && n > 1) {
		qsort(all, n, sizeof(*all), by_share);
	}
	out->anchors_n = n < LINT_ANCHORS_MAX ? n : LINT_ANCHORS_MAX;
	out->anchors_more = n - out->anchors_n;
	for (size_t i = 0; all != NULL && i < out->anchors_n; i++) {
		out->anchors[i] = all[i];
	}
}

/* Its words are as common as what is said, and whoever runs hark cannot change them. */
static bool comes_with_hark(const struct ruleset *r, const struct rule *rule)
{
	for (size_t i = 0; i < r->files_n; i++) {
		const struct rule_file *f = r->files[i];
		if (rule >= f->rules && rule < f->rules + f->rules_n) {
			return f->pack;
		}
	}
	return false;
}

static void judge(struct lint *l, const struct rule *rule, const struct rule_cost *c)
{
	if (c->matched >= EVERYTHING_SHARE) {
		lint_rule(l, rule, "W063", "add what must be there beside it",
			"it matches nearly everything: %.0f %% of the sample posts",
			100 * c->matched);
	} else if (c->always && rule->slow) {
		lint_rule(l, rule, "W041",
			"a word beside the pattern would wake it only where it matters",
			"runs on every post: +%.2f us", c->us_per_post);
	} else if (c->woken >= COMMON_SHARE && c->anchors_n > 0 &&
		   !comes_with_hark(l->r, rule)) {
		lint_rule(l, rule, "W060",
			"write it as a part of a phrase, or add a rarer word beside it",
			"a word that wakes it is too common: \"%.*s\" is in %.0f %% of the sample posts",
			STR_FMT(c->anchors[0].name), 100 * c->anchors[0].share);
	}
}

static void sum_up(struct lint *l, const struct counted *counts, struct lint_result *out)
{
	for (size_t i = 0; i < l->r->rules_n; i++) {
		const struct rule *rule = l->r->rules[i];
		struct rule_cost *c = &out->costs[i];
		rule_info_of(rule, &c->rule);
		c->always = rule->anchors.always;
		c->woken = (double)counts[i].woken / SAMPLE_POSTS;
		c->matched = (double)counts[i].matched / SAMPLE_POSTS;
		c->us_per_post = (double)counts[i].ns / 1000 / SAMPLE_POSTS;
		out->us_per_post += c->us_per_post;
		fill_anchors(l, rule, &counts[i], c);
		judge(l, rule, c);
	}
}

int lint_cost(struct lint *l, struct lint_result *out)
{
	size_t n = l->r->rules_n;
	struct matcher *m = matcher_new(l->r);
	struct counted *counts = arena_alloc(l->arena, (n + 1) * sizeof(*counts));
	int64_t all_ns = 0;
	out->costs = arena_alloc(l->arena, (n + 1) * sizeof(*out->costs));
	int rc = m != NULL && counts != NULL && out->costs != NULL ? HARK_OK : HARK_ENOMEM;
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		size_t anchors = l->r->rules[i]->anchors.n + 1;
		counts[i].anchors = arena_alloc(l->arena, anchors * sizeof(*counts[i].anchors));
		rc = counts[i].anchors != NULL ? HARK_OK : HARK_ENOMEM;
	}
	rc = rc == HARK_OK ? run_sample(l, m, counts, &all_ns) : rc;
	if (rc == HARK_OK) {
		out->n = n;
		sum_up(l, counts, out);
		out->us_per_post += (double)all_ns / 1000 / SAMPLE_POSTS;
	}
	matcher_free(m);
	return rc;
}
