#include "monitor/pipeline/preview.h"

#include "rules/explain.h"
#include "rules/near_miss.h"

/* DESIGN: the pass keeps only which posts were the newest, in rings; they are read and matched again afterwards, so
 * that a rule which matches everything copies twenty posts and not ten thousand. */

struct near_place {
	int64_t post;
	struct str rule; /* of the ruleset */
};

struct watching {
	int64_t matches[PREVIEW_MATCHES];
	size_t matches_n; /* posts that matched, ever: the ring's next place is what is left of it */
	struct near_place near[PREVIEW_NEAR];
	size_t near_n;
	int64_t post; /* that is looked at */
};

static void take_near(void *ctx, const struct rule_info *rule)
{
	struct watching *w = ctx;
	w->near[w->near_n++ % PREVIEW_NEAR] = (struct near_place){w->post, rule->id};
}

static void look(void *ctx, const struct matcher *m, const struct stored_post *post,
	const struct signal *found, size_t n)
{
	struct watching *w = ctx;
	w->post = post->id;
	if (n > 0) {
		w->matches[w->matches_n++ % PREVIEW_MATCHES] = post->id;
	}
	matcher_near_misses(m, &post->post, found, n, take_near, w);
}

/* The i-th newest of a ring that was written `n` times. */
static size_t newest(size_t n, size_t i, size_t ring)
{
	return (n - 1 - i) % ring;
}

static bool any_sensitive(const struct signal *found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if ((found[i].flags & FLAG_SENSITIVE) != 0) {
			return true;
		}
	}
	return false;
}

/* As many findings of the post as there is room for. */
static int show_match(struct store *s, struct matcher *m, int64_t id, struct arena *arena,
	struct preview *out, struct hark_err *err)
{
	struct stored_post *post = arena_alloc(arena, sizeof(*post));
	struct signal *found = NULL;
	size_t n = 0;
	if (post == NULL) {
		return HARK_ENOMEM;
	}
	int rc = store_post_load(s, id, arena, post, err);
	rc = rc == HARK_OK ? matcher_match(m, &post->post, arena, &found, &n) : rc;
	bool held = any_sensitive(found, n);
	for (size_t i = 0; rc == HARK_OK && i < n && out->matches_n < PREVIEW_MATCHES; i++) {
		struct signal live = found[i];
		live.flags &= ~(unsigned)FLAG_SHADOW;
		out->matches[out->matches_n++] = (struct preview_match){
			.post = *post, .signal = live, .raises = raise_what(&live), .held = held};
	}
	return rc;
}

static int show_near(struct store *s, struct matcher *m, const struct near_place *place,
	struct arena *arena, struct preview *out, struct hark_err *err)
{
	struct preview_near *to = &out->near[out->near_n];
	struct explanation *x = NULL;
	int rc = store_post_load(s, place->post, arena, &to->post, err);
	rc = rc == HARK_OK ? matcher_explain(
				     m, &to->post.post, place->rule, STR_NONE, arena, &x, err)
			   : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	to->rule = place->rule;
	if (x->first_false != NULL) {
		to->clause = x->first_false->text;
		to->miss = x->first_false->miss.n > 0 ? x->first_false->miss : STR_NONE;
	}
	to->change = x->flips_n > 0 ? x->flips[0].change : STR_NONE;
	out->near_n++;
	return HARK_OK;
}

static int show(struct store *s, struct matcher *m, const struct watching *w, struct arena *arena,
	struct preview *out, struct hark_err *err)
{
	int rc = HARK_OK;
	for (size_t i = 0; rc == HARK_OK && i < w->matches_n && i < PREVIEW_MATCHES; i++) {
		rc = show_match(s, m, w->matches[newest(w->matches_n, i, PREVIEW_MATCHES)], arena,
			out, err);
		rc = rc == HARK_ENOENT ? HARK_OK : rc; /* it is gone since */
	}
	for (size_t i = 0; rc == HARK_OK && i < w->near_n && i < PREVIEW_NEAR; i++) {
		rc = show_near(
			s, m, &w->near[newest(w->near_n, i, PREVIEW_NEAR)], arena, out, err);
		rc = rc == HARK_ENOENT ? HARK_OK : rc;
	}
	return rc;
}

int preview_run(struct store *s, const struct conf *conf, struct ruleset *rules, struct arena *arena,
	struct preview *out, struct hark_err *err)
{
	struct watching w = {0};
	const struct backtest_options options = {
		.posts_max = PREVIEW_POSTS, .look = look, .ctx = &w};
	*out = (struct preview){
		.matches = arena_alloc(arena, PREVIEW_MATCHES * sizeof(*out->matches)),
		.near = arena_alloc(arena, PREVIEW_NEAR * sizeof(*out->near))};
	struct matcher *m = matcher_new(rules);
	int rc = m != NULL && out->matches != NULL && out->near != NULL ? HARK_OK : HARK_ENOMEM;
	rc = rc == HARK_OK ? backtest_run(s, conf, rules, &options, arena, &out->sum, err) : rc;
	rc = rc == HARK_OK ? show(s, m, &w, arena, out, err) : rc;
	out->near_all = (int64_t)w.near_n;
	matcher_free(m);
	if (rc == HARK_ENOMEM) {
		hark_err_set(err, rc, "no memory for the preview");
	}
	return rc;
}
