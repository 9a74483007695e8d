/* How fast job moves are looked for: in posts that speak of none, and in the same with one behind.
 *
 *	bench_move [posts=N]
 *
 * Processor time of this thread, best of some rounds, beside a pass of the tokeniser alone. */
#include "rules/classify/move.h"
#include "rules/fold.h"
#include "tests/bench/bench_others.h"

#include <stdio.h>
#include <stdlib.h>

#define POSTS 100000
#define ROUNDS 5
#define GOAL_NS 5000 /* 200,000 posts a second */

static double words_pass(const struct post *posts, size_t n)
{
	struct text t;
	text_init(&t);
	double began = thread_ns();
	for (size_t i = 0; i < n; i++) {
		text_reset(&t);
		text_add(&t, TEXT_TEXT, posts[i].text);
	}
	double took = thread_ns() - began;
	text_release(&t);
	return took / (double)n;
}

static double moves_pass(struct move_finder *f, const struct post *posts, size_t n, size_t *found)
{
	double began = thread_ns();
	*found = 0;
	for (size_t i = 0; i < n; i++) {
		struct move m;
		if (move_find(f, &posts[i], &m) != HARK_OK) {
			exit(1);
		}
		*found += m.event != MOVE_NONE;
	}
	return (thread_ns() - began) / (double)n;
}

static void measure(struct move_finder *f, const struct post *posts, size_t n, const char *what)
{
	double words = 1e18, moves = 1e18;
	size_t found = 0;
	for (int k = 0; k < ROUNDS; k++) {
		double one = words_pass(posts, n), two = moves_pass(f, posts, n, &found);
		words = one < words ? one : words;
		moves = two < moves ? two : moves;
	}
	printf("%-28s %7.0f ns/post %8.0f posts/s, %.1f times the tokeniser; %zu of %zu found\n",
		what, moves, 1e9 / moves, moves / words, found, n);
}

int main(int argc, char **argv)
{
	struct corpus c;
	struct buf text;
	size_t n = argc > 1 && strncmp(argv[1], "posts=", 6) == 0 ? strtoul(argv[1] + 6, NULL, 10)
								  : POSTS;
	if (fold_init() != HARK_OK) {
		return 1;
	}
	corpus_make(&c, n, 1000);
	struct move_finder *f = move_finder_new();
	struct post *posts = calloc(n, sizeof(*posts));
	if (f == NULL || posts == NULL) {
		return 1;
	}
	for (size_t i = 0; i < n; i++) {
		post_init(&posts[i]);
		posts[i].text = c.posts[i];
	}
	printf("job moves, goal %d ns where there is none\n", GOAL_NS);
	measure(f, posts, n, "posts that speak of none");
	buf_init(&text, (size_t)1 << 30);
	size_t *at = calloc(n + 1, sizeof(*at));
	for (size_t i = 0; i < n && at != NULL; i++) {
		buf_add_str(&text, c.posts[i]);
		buf_add_c(&text, ". Corvane names Mara Lind CFO from May.");
		at[i + 1] = text.n;
	}
	for (size_t i = 0; i < n && at != NULL; i++) {
		posts[i].text = str_n(buf_c(&text) + at[i], at[i + 1] - at[i]);
	}
	measure(f, posts, n, "the same with one behind");
	free(at);
	free(posts);
	buf_release(&text);
	move_finder_free(f);
	corpus_release(&c);
	return 0;
}
