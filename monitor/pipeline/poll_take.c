#include "monitor/pipeline/poll_parts.h"

#include "monitor/pipeline/keys.h"

#include <stdlib.h>

#define SEEN_MAX (2 * COLLECT_RECORDS_MAX)

static int by_value(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
	return (x > y) - (x < y);
}

static bool is_known(struct str seen, uint64_t item)
{
	return seen.n > 0 &&
	       bsearch(&item, seen.p, seen.n / sizeof(item), sizeof(item), by_value) != NULL;
}

static int remember(struct source *src, uint64_t item)
{
	if (src->seen_n == src->seen_cap) {
		size_t cap = src->seen_cap < 32 ? 32 : src->seen_cap * 2;
		uint64_t *grown = realloc(src->seen, cap * sizeof(*grown));
		if (grown == NULL) {
			return HARK_ENOMEM;
		}
		src->seen = grown;
		src->seen_cap = cap;
	}
	src->seen[src->seen_n++] = item;
	return HARK_OK;
}

int poll_remember(struct batch *b, struct source *src, bool add)
{
	struct str old = src->state->seen;
	size_t n = add ? old.n / sizeof(uint64_t) : 0;
	for (size_t i = 0; i < n && src->seen_n < SEEN_MAX; i++) {
		uint64_t item;
		memcpy(&item, old.p + i * sizeof(item), sizeof(item));
		if (remember(src, item) != HARK_OK) {
			return HARK_ENOMEM;
		}
	}
	if (src->seen_n > 1) {
		qsort(src->seen, src->seen_n, sizeof(*src->seen), by_value);
	}
	b->state.seen = arena_str(
		&b->arena, str_n((const char *)src->seen, src->seen_n * sizeof(*src->seen)));
	return b->arena.rc;
}

static void complete(const struct source *src, struct post *p)
{
	if (p->lang.p == NULL && src->conf->lang != NULL) {
		p->lang = str_c(src->conf->lang);
	}
	if (src->conf->visibility == CONF_PRIVATE) {
		p->visibility = VISIBILITY_PRIVATE;
	}
}

size_t poll_fold(struct post *all, size_t n, struct arena *arena)
{
	size_t slots = 16, kept = 0;
	while (slots < 2 * n) {
		slots *= 2;
	}
	size_t *last =
		arena_alloc(arena, slots * sizeof(*last)); /* index + 1 of the last of an id */
	bool *is_old = arena_alloc(arena, n + 1);
	if (last == NULL || is_old == NULL) {
		return n;
	}
	for (size_t i = 0; i < n; i++) {
		struct str id = all[i].external_id;
		size_t at = hash64(id, 0) & (slots - 1);
		while (last[at] != 0 && !str_eq(all[last[at] - 1].external_id, id)) {
			at = (at + 1) & (slots - 1);
		}
		if (last[at] != 0) {
			is_old[last[at] - 1] = true;
		}
		last[at] = i + 1;
	}
	for (size_t i = 0; i < n; i++) {
		if (!is_old[i]) {
			all[kept++] = all[i];
		}
	}
	return kept;
}

/* All posts of the reply by their names. */
static struct batch_post *keyed(
	struct batch *b, const struct source *src, const struct collected *got)
{
	struct batch_post *all = arena_alloc(&b->arena, (got->posts_n + 1) * sizeof(*all));
	if (all == NULL) {
		return NULL;
	}
	for (size_t i = 0; i < got->posts_n; i++) {
		all[i].post = got->posts[i];
		complete(src, &all[i].post);
	}
	return keys_name(all, got->posts_n, &b->arena) == HARK_OK ? all : NULL;
}

/* Keeps the posts the source's last reply did not have, matched. */
static int take_posts(
	struct batch *b, struct source *src, const struct collected *got, struct matcher *m)
{
	struct batch_post *all = keyed(b, src, got);
	if (all == NULL) {
		return HARK_ENOMEM;
	}
	b->posts = all;
	if (m != NULL && b->rules == NULL) {
		b->rules = matcher_ref(m);
	}
	for (size_t i = 0; i < got->posts_n; i++) {
		struct batch_post *bp = &all[i];
		uint64_t item = keys_fingerprint(&bp->post);
		if (remember(src, item) != HARK_OK) {
			return HARK_ENOMEM;
		}
		if (is_known(src->state->seen, item)) {
			src->met_known = true;
			continue;
		}
		if (m != NULL && matcher_match(m, &bp->post, &b->arena, &bp->signals,
					 &bp->signals_n) != HARK_OK) {
			return HARK_ENOMEM;
		}
		if (m == NULL || !matcher_content(m, &bp->content, &bp->words)) {
			keys_say(bp);
		}
		bp->look = m != NULL ? matcher_look(m, &b->arena) : (struct copy_look){0};
		b->posts[b->posts_n++] = *bp;
	}
	return HARK_OK;
}

/* Posts of people who have opted out: what is stored of them has to go. */
static int take_withdrawn(struct batch *b, struct source *src, const struct collected *got)
{
	/* Profiles and what has no id come again with every poll and are not summed up. */
	int64_t others = (int64_t)(got->opted_out - got->withdrawn_n);
	if (others > b->state.opted_out_total) {
		b->state.opted_out_total = others;
	}
	struct batch_post *all =
		arena_alloc(&b->arena, (b->posts_n + got->withdrawn_n + 1) * sizeof(*all));
	if (all == NULL) {
		return HARK_ENOMEM;
	}
	if (b->posts_n > 0) {
		memcpy(all, b->posts, b->posts_n * sizeof(*all));
	}
	b->posts = all;
	for (size_t i = 0; i < got->withdrawn_n; i++) {
		struct batch_post *bp = &all[b->posts_n];
		*bp = (struct batch_post){0};
		post_init(&bp->post);
		bp->post.source = source_posts(src);
		bp->post.external_id = got->withdrawn[i];
		bp->post.deleted = bp->post.opted_out = true;
		uint64_t item = keys_fingerprint(&bp->post);
		if (remember(src, item) != HARK_OK) {
			return HARK_ENOMEM;
		}
		if (!is_known(src->state->seen, item)) {
			b->posts_n++;
			b->state.opted_out_total++;
		}
	}
	return HARK_OK;
}

int poll_take(struct batch *b, struct source *src, const struct collected *got, struct matcher *m)
{
	b->profiles = got->profiles;
	b->profiles_n = got->profiles_n;
	b->withdrawn_people = got->withdrawn_people;
	b->withdrawn_people_n = got->withdrawn_people_n;
	int rc = take_posts(b, src, got, m);
	return rc == HARK_OK && got->opted_out > 0 ? take_withdrawn(b, src, got) : rc;
}
