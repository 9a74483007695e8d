/* How fast posts find their story while very many stories are known, and what those take in memory.
 *
 *	bench_clusters [STORIES [POSTS]]   default: 1000000 stories, then 200000 posts
 *
 * Every second of the posts is a copy (passed on, cut, with a word left out, with a link), the others are
 * stories of their own, of which every fourth differs from a known one in a figure only. The texts of the
 * originals are at hand, as they are in `hark dedupe`. Beside it what reading the words alone takes. */
#include "monitor/base/clock.h"
#include "monitor/base/rng.h"
#include "monitor/store/clusters.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TEXT_BYTES 220
#define WORDS 18

static const char *const syllables[] = {"ka", "ro", "men", "ti", "sul", "bra", "vo", "len", "dar",
	"pi", "gos", "ne", "wal", "tu", "mor", "fe"};

struct corpus {
	char *texts; /* TEXT_BYTES each */
	size_t n;
};

static const char *text_at(const struct corpus *c, int64_t post)
{
	return c->texts + (size_t)post * TEXT_BYTES;
}

/* The i-th story: most words are common, as in a language. */
static void write_story(char *out, size_t story)
{
	struct rng rng = {story * 2 + 1};
	size_t n = 0;
	for (int i = 0; i < WORDS && n + 24 < TEXT_BYTES; i++) {
		unsigned word = (unsigned)(rng_below(&rng, 200) * rng_below(&rng, 100));
		if (i == 5) {
			n += (size_t)snprintf(out + n, TEXT_BYTES - n, "%u million ", word);
			continue;
		}
		n += (size_t)snprintf(out + n, TEXT_BYTES - n, "%s%s%s%s ", syllables[word & 15],
			syllables[word >> 4 & 15], syllables[word >> 8 & 15],
			word & 4096 ? "en" : "");
	}
	if (story % 3 == 0) {
		*out = (char)(*out - 32);
	}
}

/* A copy of a story, told in one of five ways; the last differs in its figure. */
static void write_copy(char *out, const char *text, unsigned how, size_t i)
{
	const char *figure = strstr(text, " million");
	const char *blank = strchr(text + 60, ' ');
	const char *next = strchr(blank + 1, ' ');
	switch (how) {
	case 0:
		snprintf(out, TEXT_BYTES * 2, "RT @newsbot: %s", text);
		break;
	case 1:
		snprintf(out, TEXT_BYTES * 2, "%.100s…", text);
		break;
	case 2:
		snprintf(out, TEXT_BYTES * 2, "%.*s%s", (int)(blank - text), text, next);
		break;
	case 3:
		snprintf(out, TEXT_BYTES * 2, "%s https://news.example.com/a1b2c3 #news", text);
		break;
	default:
		snprintf(out, TEXT_BYTES * 2, "%.*s7%zu%s", (int)(figure - text), text, i, figure);
		break;
	}
}

static bool load(void *ctx, int64_t post, struct copy *to)
{
	return copy_read(to, STR_NONE, str_c(text_at(ctx, post))) == HARK_OK;
}

static int64_t cpu_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

struct bench {
	struct corpus corpus;
	struct story_index *index;
	struct clusters *clusters;
	struct copy *copy;
};

static bool place(struct bench *b, int64_t post, const char *text, size_t *found_n)
{
	struct clusters_found found[CLUSTERS_FOUND_MAX];
	uint64_t looked[COPY_KEYS_MAX], keys[COPY_KEYS];
	copy_read(b->copy, STR_NONE, str_c(text));
	const struct clusters_text in = {.look = copy_look(b->copy, looked), .words = b->copy};
	*found_n = clusters_find(b->clusters, &in, found);
	return *found_n > 0 ||
	       clusters_add(b->clusters, post, keys, clusters_keys(b->clusters, keys));
}

static void measure(struct bench *b, size_t stories, size_t posts)
{
	char(*in)[TEXT_BYTES * 2] = malloc(posts * sizeof(*in));
	size_t right = 0, n, copies = 0, wrong = 0;
	struct rng rng = {7};
	for (size_t i = 0; in != NULL && i < posts; i++) {
		char *own = b->corpus.texts + (stories + i + 1) * TEXT_BYTES;
		unsigned how = (unsigned)(i % 2 == 0 ? i / 2 % 4 : 4);
		if (i % 8 < 7 && how == 4) {
			write_story(in[i], stories + i + 1);
		} else {
			write_copy(in[i],
				text_at(&b->corpus,
					1 + (int64_t)rng_below(&rng, (unsigned)stories)),
				how, i);
		}
		snprintf(own, TEXT_BYTES, "%s", in[i]);
	}
	int64_t start = cpu_us();
	for (size_t i = 0; in != NULL && i < posts; i++) {
		copy_read(b->copy, STR_NONE, str_c(in[i]));
	}
	int64_t read_us = cpu_us() - start;
	start = cpu_us();
	for (size_t i = 0; in != NULL && i < posts; i++) {
		place(b, (int64_t)(stories + i + 1), in[i], &n);
		copies += i % 2 == 0;
		right += i % 2 == 0 && n > 0;
		wrong += i % 2 == 1 && n > 0;
	}
	int64_t place_us = cpu_us() - start;
	printf("clusters: %zu posts to %zu stories: %.0f posts/s, %.2f us each, %.1f times what reading the words "
	       "takes; %zu of %zu copies found, %zu wrongly hidden; %.1f bytes a story\n",
		posts, stories, (double)posts * 1e6 / (double)place_us,
		(double)place_us / (double)posts, (double)place_us / (double)read_us, right, copies,
		wrong, (double)story_index_bytes(b->index) / (double)(stories + posts - right));
	free(in);
}

int main(int argc, char **argv)
{
	size_t stories = argc > 1 ? (size_t)atol(argv[1]) : 1000000;
	size_t posts = argc > 2 ? (size_t)atol(argv[2]) : 200000, n, known = 0;
	struct bench b = {.corpus.texts = calloc(stories + posts + 2, TEXT_BYTES)};
	b.index = story_index_new(SIZE_MAX);
	b.copy = copy_new();
	b.clusters = clusters_new(b.index, load, &b.corpus);
	if (b.corpus.texts == NULL || b.index == NULL || b.copy == NULL || b.clusters == NULL) {
		fprintf(stderr, "bench_clusters: no memory\n");
		return 1;
	}
	int64_t start = cpu_us();
	for (size_t i = 1; i <= stories; i++) {
		char *text = b.corpus.texts + i * TEXT_BYTES;
		write_story(text, i);
		place(&b, (int64_t)i, text, &n);
		known += n == 0;
	}
	printf("clusters: %zu stories made in %.2f s, %.1f bytes each\n", known,
		(double)(cpu_us() - start) / 1e6,
		(double)story_index_bytes(b.index) / (double)known);
	measure(&b, stories, posts);
	clusters_free(b.clusters);
	story_index_free(b.index);
	copy_free(b.copy);
	free(b.corpus.texts);
	return 0;
}
