/* The engine against the reference evaluator over random worlds.
 *
 * HARK_ORACLE_PAIRS says how many (query, post) pairs are compared, HARK_ORACLE_SEED where to begin.
 * A difference is made smaller, printed with everything needed to see it, and fails the test. With
 * HARK_ORACLE_BRIEF the first one ends the run as it is. */
#include "tests/oracle/world.h"

#include <stdio.h>
#include <stdlib.h>

#define QUERIES 48
#define POSTS 120
#define PAIRS 90000
#define SEED 20240501

static uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *text = getenv(name);
	return text != NULL && *text != '\0' ? strtoull(text, NULL, 10) : otherwise;
}

static size_t differences_max = 10;
static bool brief;

struct tally {
	uint64_t pairs, hits, refused, differences, worlds;
};

/* The finding of each query, or NULL. */
static void by_query(struct signal *found, size_t n, const struct signal *out[QUERIES])
{
	memset(out, 0, QUERIES * sizeof(out[0]));
	for (size_t i = 0; i < n; i++) {
		out[atoi(found[i].rule.p + 1)] = &found[i];
	}
}

static void compare_post(struct world *w, const struct post *post, struct arena *arena,
	struct tally *t, uint64_t seed)
{
	const struct signal *of[QUERIES];
	struct signal *found;
	size_t n;
	struct ref r = world_ref(w, arena);
	world_match(w, post, arena, &found, &n);
	by_query(found, n, of);
	ref_begin(&r, post);
	for (size_t i = 0; i < w->n; i++) {
		if (!w->q[i].accepted) {
			continue;
		}
		t->pairs++;
		t->hits += of[i] != NULL;
		if (world_difference(w, &r, i, of[i]) != NULL) {
			t->differences++;
			if (brief) {
				return;
			}
			world_explain(w, i, post, seed);
			w->q[i].accepted = false; /* once is enough */
		}
	}
}

static void compare_world(uint64_t seed, struct tally *t)
{
	struct ref_list lists[GEN_LISTS];
	struct world w;
	struct arena arena;
	world_init(&w);
	arena_init(&arena, 0);
	struct gen g = {.state = seed, .arena = &w.arena};
	gen_lists(&g, lists);
	w.lists = lists;
	w.lists_n = GEN_LISTS;
	for (size_t i = 0; i < GEN_DEFINES; i++) {
		w.defines[i] = gen_define(&g);
	}
	for (w.n = 0; w.n < QUERIES; w.n++) {
		w.q[w.n].text = gen_query(&g);
		w.q[w.n].rule = gen_rule(&g);
	}
	t->worlds++;
	if (!world_load(&w)) {
		printf("# seed %llu: nothing could be loaded\n", (unsigned long long)seed);
		t->differences++;
	}
	for (size_t i = 0; i < w.n; i++) {
		t->refused += !w.q[i].accepted;
	}
	for (size_t i = 0; w.matcher != NULL && i < POSTS && t->differences < differences_max;
		i++) {
		struct post post;
		arena_reset(&arena);
		g.arena = &arena;
		gen_post(&g, &post);
		compare_post(&w, &post, &arena, t, seed);
	}
	arena_release(&arena);
	world_release(&w);
}

int main(void)
{
	uint64_t pairs = setting("HARK_ORACLE_PAIRS", PAIRS),
		 seed = setting("HARK_ORACLE_SEED", SEED);
	struct tally t = {0};
	brief = setting("HARK_ORACLE_BRIEF", 0) != 0;
	differences_max = brief ? 1 : differences_max;
	world_folder_open();
	printf("1..2\n");
	for (; t.pairs < pairs && t.differences < differences_max; seed++) {
		compare_world(seed, &t);
	}
	world_folder_close();
	printf("# %llu pairs in %llu worlds, %llu of them hits, %llu queries refused\n",
		(unsigned long long)t.pairs, (unsigned long long)t.worlds,
		(unsigned long long)t.hits, (unsigned long long)t.refused);
	printf("%s 1 - engine and reference agree about every query and post\n",
		t.differences == 0 ? "ok" : "not ok");
	printf("%s 2 - a good part of the pairs are hits\n",
		t.hits * 20 > t.pairs ? "ok" : "not ok");
	return t.differences > 0 || t.hits * 20 <= t.pairs;
}
