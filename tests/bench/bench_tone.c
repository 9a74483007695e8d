/* How fast the tone of posts is read, how long a start with the model takes, what it keeps in memory.
 *
 *	bench_tone [posts=N]
 *
 * Processor time of this thread, best of some rounds. */
#include "rules/classify/tone.h"
#include "rules/fold.h"
#include "tests/bench/bench_others.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define POSTS 100000
#define ROUNDS 5
#define GOAL_NS 5000 /* 200,000 posts a second */
#define GOAL_START_MS 5
#define GOAL_KIB 4096

static long resident_kib(void)
{
	long size = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	if (f == NULL || fscanf(f, "%ld %ld", &size, &resident) != 2) {
		resident = 0;
	}
	if (f != NULL) {
		fclose(f);
	}
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* Made-up posts have few English words: with these behind, all are taken for English. */
static struct str *english(const struct corpus *c, size_t n, struct buf *room)
{
	struct str *posts = calloc(n, sizeof(*posts));
	if (posts == NULL) {
		exit(1);
	}
	for (size_t i = 0; i < n; i++) {
		posts[i].n = room->n;
		buf_add_str(room, c->posts[i]);
		buf_add_c(room, ". We like it, but not the export.");
	}
	for (size_t i = 0; i < n; i++) {
		size_t from = posts[i].n, to = i + 1 < n ? posts[i + 1].n : room->n;
		posts[i] = str_n(buf_c(room) + from, to - from);
	}
	return posts;
}

static double pass(
	struct tone_reader *r, const struct str *posts, size_t n, bool claims, size_t labels[4])
{
	struct post post;
	struct tone tone;
	memset(labels, 0, 4 * sizeof(labels[0]));
	double began = thread_ns();
	for (size_t i = 0; i < n; i++) {
		post_init(&post);
		post.text = posts[i];
		tone_read(r, &post, false, &tone);
		if (claims) {
			tone_claim(r, &tone);
		}
		labels[tone.label]++;
	}
	return (thread_ns() - began) / (double)n;
}

static struct tone_reader *start(struct tone_model *m)
{
	struct hark_err err = {0};
	double began = thread_ns();
	struct tone_reader *r = tone_model_open_own(m, &err) == HARK_OK ? tone_reader_new(m) : NULL;
	if (r == NULL) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	printf("start with the model         %7.2f ms, goal %d\n", (thread_ns() - began) / 1e6,
		GOAL_START_MS);
	return r;
}

static void measure(
	struct tone_reader *r, const struct str *posts, size_t n, bool claims, const char *what)
{
	size_t labels[4];
	double best = 1e18;
	for (int k = 0; k < ROUNDS; k++) {
		double took = pass(r, posts, n, claims, labels);
		best = took < best ? took : best;
	}
	printf("%-28s %7.0f ns/post %8.0f posts/s; %zu of %zu not English\n", what, best,
		1e9 / best, labels[TONE_UNKNOWN], n);
}

int main(int argc, char **argv)
{
	struct corpus c;
	struct tone_model model;
	struct buf room;
	size_t n = argc > 1 && strncmp(argv[1], "posts=", 6) == 0 ? strtoul(argv[1] + 6, NULL, 10)
								  : POSTS;
	if (fold_init() != HARK_OK) {
		return 1;
	}
	corpus_make(&c, n, 1000);
	printf("tone of posts, goal %d ns\n", GOAL_NS);
	buf_init(&room, (size_t)1 << 30);
	struct str *posts = english(&c, n, &room);
	long before = resident_kib();
	struct tone_reader *r = start(&model);
	measure(r, c.posts, n, false, "made-up posts");
	measure(r, posts, n, false, "the same, English");
	measure(r, posts, n, true, "and what they claim");
	printf("model and reader             %7ld KiB resident, goal %d\n", resident_kib() - before,
		GOAL_KIB);
	tone_reader_free(r);
	tone_model_close(&model);
	free(posts);
	buf_release(&room);
	corpus_release(&c);
	return 0;
}
