#include "monitor/pipeline/keys.h"

#include "monitor/base/url_key.h"
#include "rules/content.h"
#include "rules/fold.h"

#include <stdio.h>
#include <stdlib.h>

struct hash128 keys_content(struct str title, struct str text, uint32_t *words)
{
	struct text tokens;
	struct buf letters;
	struct hash128 hash = {0, 0};
	*words = 0;
	if (fold_init() != HARK_OK) {
		return hash;
	}
	text_init(&tokens);
	buf_init(&letters, CONTENT_LETTERS_MAX);
	text_add(&tokens, TEXT_TITLE, title);
	text_add(&tokens, TEXT_TEXT, text);
	if (tokens.rc == HARK_OK) {
		hash = content_hash(&tokens, &letters, words);
	}
	buf_release(&letters);
	text_release(&tokens);
	return hash;
}

uint64_t keys_fingerprint(const struct post *p)
{
	const struct str parts[] = {p->external_id, str_empty(p->external_id) ? p->url : STR_NONE,
		p->title, p->text, p->quoted, p->deleted ? STR("deleted") : STR_NONE};
	return hash128(parts, sizeof(parts) / sizeof(parts[0])).lo;
}

void keys_say(struct batch_post *bp)
{
	if (bp->words == 0) {
		bp->content = keys_content(bp->post.title, bp->post.text, &bp->words);
	}
}

static bool same_content(const struct batch_post *a, const struct batch_post *b)
{
	return a->content.lo == b->content.lo && a->content.hi == b->content.hi;
}

static int by_id(const void *a, const void *b)
{
	const struct batch_post *const *x = a, *const *y = b;
	return str_cmp((*x)->post.external_id, (*y)->post.external_id);
}

/* "id" or, with the content, "id~1f0a…"; without an id only the content. */
static int name_by_content(struct batch_post *bp, struct str id, struct arena *arena)
{
	char hex[33], text[40];
	keys_say(bp);
	int n = snprintf(text, sizeof(text), "%s%s", str_empty(id) ? "content:" : "~",
		hash128_hex(bp->content, hex));
	char *p = arena_alloc(arena, id.n + (size_t)n + 1);
	if (p == NULL) {
		return HARK_ENOMEM;
	}
	if (id.n > 0) {
		memcpy(p, id.p, id.n);
	}
	memcpy(p + id.n, text, (size_t)n);
	bp->post.external_id = str_n(p, id.n + (size_t)n);
	return HARK_OK;
}

/* Renames the run of posts that share an id, unless they all say the same. */
static int settle_run(struct batch_post **run, size_t n, struct arena *arena)
{
	bool differ = false;
	int rc = HARK_OK;
	for (size_t i = 0; n > 1 && i < n; i++) {
		keys_say(run[i]);
		differ = differ || !same_content(run[0], run[i]);
	}
	struct str id = run[0]->post.external_id;
	for (size_t i = 0; differ && i < n && rc == HARK_OK; i++) {
		rc = name_by_content(run[i], id, arena);
	}
	return rc;
}

/* Feeds exist whose items all have one id, or none and one link. */
static int settle_ids(struct batch_post *posts, size_t n, struct arena *arena)
{
	int rc = HARK_OK;
	struct batch_post **sorted = calloc(n, sizeof(struct batch_post *));
	if (sorted == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		sorted[i] = &posts[i];
	}
	qsort(sorted, n, sizeof(struct batch_post *), by_id);
	for (size_t from = 0, to; from < n && rc == HARK_OK; from = to) {
		for (to = from + 1; to < n && by_id(&sorted[from], &sorted[to]) == 0; to++) {
		}
		rc = settle_run(&sorted[from], to - from, arena);
	}
	free(sorted);
	return rc;
}

int keys_name(struct batch_post *posts, size_t n, struct arena *arena)
{
	int rc = HARK_OK;
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct post *p = &posts[i].post;
		posts[i].canonical = url_key(p->url, arena);
		if (str_empty(p->external_id)) {
			p->external_id = posts[i].canonical;
		}
		if (str_empty(p->external_id)) {
			rc = name_by_content(&posts[i], STR(""), arena);
		}
	}
	return rc == HARK_OK && n > 1 ? settle_ids(posts, n, arena) : rc;
}
