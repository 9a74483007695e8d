#include "monitor/store/clusters.h"

#include <stdlib.h>
#include <string.h>

#define HITS 512 /* slots; a power of two above COPY_KEYS_MAX */
#define HITS_MAX (HITS / 2)
#define KEPT 64 /* texts remembered; a power of two */
/* From so many keys on, of a long text, one in common is chance: a copy has at least two of the COPY_KEYS of
 * its original, since each of those stands for a quarter of it, or of its first COPY_KEYS_MAX words. */
#define KEYS_MANY (COPY_KEYS_MAX * 3 / 10)

/* An original that shares keys with the text. */
struct hit {
	int64_t post; /* 0: free */
	unsigned score;
	unsigned keys; /* in common */
};

struct clusters {
	struct story_index *index;
	bool (*load)(void *ctx, int64_t post, struct copy *to);
	void *ctx;
	struct hit hits[HITS];
	uint16_t used[HITS_MAX]; /* slots that are taken */
	size_t used_n;
	uint64_t keys[COPY_KEYS_MAX]; /* of the last text */
	uint8_t common[COPY_KEYS_MAX];
	size_t keys_n;
	bool is_core;
	struct copy *own; /* the words of the text that is looked for; NULL until some were read */
	struct copy *texts[KEPT];
	int64_t text_of[KEPT]; /* 0: none */
};

struct clusters *clusters_new(struct story_index *index,
	bool (*load)(void *ctx, int64_t post, struct copy *to), void *ctx)
{
	struct clusters *c = calloc(1, sizeof(*c));
	if (c != NULL) {
		c->index = index;
		c->load = load;
		c->ctx = ctx;
	}
	return c;
}

void clusters_free(struct clusters *c)
{
	for (size_t i = 0; c != NULL && i < KEPT; i++) {
		copy_free(c->texts[i]);
	}
	if (c != NULL) {
		copy_free(c->own);
	}
	free(c);
}

static size_t home(int64_t post, size_t slots)
{
	return (size_t)((uint64_t)post * UINT64_C(0x9e3779b97f4a7c15) >> 32) & (slots - 1);
}

/* What few have says more. */
static void score(struct clusters *c, int64_t post, unsigned points)
{
	size_t i = home(post, HITS);
	while (c->hits[i].post != 0 && c->hits[i].post != post) {
		i = (i + 1) & (HITS - 1);
	}
	if (c->hits[i].post == 0) {
		if (c->used_n == HITS_MAX) {
			return;
		}
		c->hits[i] = (struct hit){.post = post};
		c->used[c->used_n++] = (uint16_t)i;
	}
	c->hits[i].score += points;
	c->hits[i].keys++;
}

static void look_up(struct clusters *c)
{
	int64_t posts[STORY_CANDIDATES];
	uint16_t which[COPY_KEYS_MAX];
	size_t maybe = story_index_maybe(c->index, STORY_PART, c->keys, c->keys_n, which);
	memset(c->common, 0, sizeof(c->common));
	for (size_t i = 0; i < maybe; i++) {
		size_t n = story_index_find(c->index, STORY_PART, c->keys[which[i]], posts);
		c->common[which[i]] = (uint8_t)n;
		for (size_t k = 0; k < n; k++) {
			score(c, posts[k], STORY_CANDIDATES * 4 / (unsigned)n);
		}
	}
}

/* The best hit that is left, taken out; 0: none. */
static int64_t take_best(struct clusters *c)
{
	struct hit *best = NULL;
	unsigned least = c->keys_n >= KEYS_MANY ? 2 : 1;
	for (size_t i = 0; i < c->used_n; i++) {
		struct hit *h = &c->hits[c->used[i]];
		if (h->score > 0 && h->keys >= least &&
			(best == NULL || h->score > best->score ||
				(h->score == best->score && h->post < best->post))) {
			best = h;
		}
	}
	if (best == NULL) {
		return 0;
	}
	best->score = 0;
	return best->post;
}

static void clear(struct clusters *c)
{
	for (size_t i = 0; i < c->used_n; i++) {
		c->hits[c->used[i]].post = 0;
	}
	c->used_n = 0;
}

/* The text of an original, NULL if it is gone. */
static const struct copy *text_of(struct clusters *c, int64_t post)
{
	size_t i = home(post, KEPT);
	if (c->text_of[i] == post) {
		return c->texts[i];
	}
	if (c->texts[i] == NULL) {
		c->texts[i] = copy_new();
	}
	c->text_of[i] = 0;
	if (c->texts[i] == NULL || !c->load(c->ctx, post, c->texts[i])) {
		return NULL;
	}
	c->text_of[i] = post;
	return c->texts[i];
}

static void put_sorted(struct clusters_found *found, size_t n, struct clusters_found one)
{
	for (; n > 0 && found[n - 1].post > one.post; n--) {
		found[n] = found[n - 1];
	}
	found[n] = one;
}

/* Its words; NULL: no memory. */
static const struct copy *words_of(struct clusters *c, const struct clusters_text *text)
{
	if (text->words != NULL) {
		return text->words;
	}
	if (c->own == NULL) {
		c->own = copy_new();
	}
	return c->own != NULL && copy_read(c->own, text->title, text->text) == HARK_OK ? c->own
										       : NULL;
}

size_t clusters_find(struct clusters *c, const struct clusters_text *text,
	struct clusters_found found[CLUSTERS_FOUND_MAX])
{
	size_t n = 0;
	int64_t post;
	const struct copy *words = NULL;
	bool within = false, around = false;
	c->keys_n = text->look.keys_n;
	if (c->keys_n > 0) {
		memcpy(c->keys, text->look.keys, c->keys_n * sizeof(*c->keys));
	}
	look_up(c);
	for (size_t i = 0; i < CLUSTERS_FOUND_MAX && (post = take_best(c)) != 0; i++) {
		const struct copy *original = text_of(c, post);
		words = original != NULL && words == NULL ? words_of(c, text) : words;
		if (original != NULL && words != NULL && copy_same(original, words)) {
			put_sorted(
				found, n++, (struct clusters_found){post, copy_is_cut(original)});
			bool part = copy_is_within(words, original);
			within |= part;
			around |= !part && copy_words(original) <= copy_words(words);
		}
	}
	clear(c);
	c->is_core = within && !around && !copy_is_cut(words);
	return n;
}

bool clusters_is_core(const struct clusters *c)
{
	return c->is_core;
}

size_t clusters_keys(const struct clusters *c, uint64_t keys[COPY_KEYS])
{
	return copy_choose(c->keys, c->common, c->keys_n, keys);
}

bool clusters_add(struct clusters *c, int64_t post, const uint64_t *keys, size_t n)
{
	bool ok = true;
	for (size_t i = 0; i < n; i++) {
		ok = story_index_add(c->index, STORY_PART, keys[i], post) && ok;
	}
	return ok;
}

void clusters_forget(struct clusters *c, int64_t post)
{
	size_t i = home(post, KEPT);
	if (c != NULL && c->text_of[i] == post) {
		c->text_of[i] = 0;
	}
}

void clusters_forget_all(struct clusters *c)
{
	if (c != NULL) {
		memset(c->text_of, 0, sizeof(c->text_of));
	}
}
