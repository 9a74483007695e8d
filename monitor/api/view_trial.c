#include "monitor/api/view_trial.h"

#define PART_MAX ((size_t)16 << 20)

/* ---- tests ---- */

void view_rule_test(struct jsonout *j, const struct rule_test_result *r)
{
	jsonout_object(j);
	jsonout_key_c(j, "rule", r->rule);
	jsonout_key_c(j, "file", r->file);
	jsonout_key_i64(j, "line", r->line);
	jsonout_key_bool(j, "ok", r->ok);
	jsonout_key_c(j, "what", r->what);
	jsonout_key_c(j, "why", r->why);
	jsonout_end_object(j);
}

void view_findings(struct jsonout *j, const char *key, struct diags *d)
{
	struct buf list;
	buf_init(&list, PART_MAX);
	diags_json(d, &list);
	jsonout_key(j, key);
	jsonout_raw(j, list.rc == HARK_OK ? buf_str(&list) : STR("[]")); /* a thousand at most: it fits */
	buf_release(&list);
}

/* ---- backtest ---- */

static void write_rule(struct jsonout *j, const struct backtest_rule *b)
{
	jsonout_object(j);
	jsonout_key_str(j, "rule", b->info.id);
	jsonout_key_str(j, "file", b->info.file);
	jsonout_key_c(j, "status", b->info.status);
	jsonout_key_i64(j, "hits", b->hits);
	jsonout_key_i64(j, "stored", b->stored);
	jsonout_key_i64(j, "gained", b->gained);
	jsonout_key_i64(j, "lost", b->lost);
	jsonout_key_i64(j, "undecided", b->undecided);
	jsonout_key_i64(j, "historic", b->historic);
	jsonout_key_i64(j, "leads_gained", b->leads_gained);
	jsonout_key_i64(j, "leads_lost", b->leads_lost);
	jsonout_key_i64(j, "leads_kept", b->leads_kept);
	jsonout_end_object(j);
}

/* Marked where nobody outside may read it. */
static void write_post(struct jsonout *j, const struct post *p)
{
	struct buf post;
	buf_init(&post, PART_MAX);
	jsonout_key_bool(j, "private", p->visibility == VISIBILITY_PRIVATE);
	post_write_json(p, &post);
	jsonout_key(j, "post");
	jsonout_raw(j, post.rc == HARK_OK ? buf_str(&post) : STR("null"));
	buf_release(&post);
}

static void write_sample(
	struct jsonout *j, const struct backtest *t, const struct backtest_sample *s)
{
	const struct signal spans = {.spans = s->spans, .spans_n = s->spans_n};
	jsonout_object(j);
	jsonout_key_bool(j, "gained", s->gained);
	jsonout_key_str(j, "rule", t->rules[s->rule].info.id);
	jsonout_key_time(j, "seen", s->seen_ms);
	jsonout_key(j, "spans");
	signal_write_spans(&spans, j);
	jsonout_key_str(j, "explain", s->explain);
	write_post(j, &s->post);
	jsonout_end_object(j);
}

/* Of all rules, and how many leads a week would reach each receiver. */
static void write_counts(struct jsonout *j, const struct backtest *t)
{
	jsonout_key_i64(j, "posts", t->posts);
	jsonout_key_i64(j, "copies", t->copies);
	jsonout_key_i64(j, "gone", t->gone);
	jsonout_key_time(j, "first", t->first_ms);
	jsonout_key_time(j, "last", t->last_ms);
	jsonout_key_i64(j, "leads_gained", t->leads_gained);
	jsonout_key_i64(j, "leads_lost", t->leads_lost);
	jsonout_key_i64(j, "leads_kept", t->leads_kept);
	jsonout_key(j, "rules");
	jsonout_array(j);
	for (size_t i = 0; i < t->rules_n; i++) {
		write_rule(j, &t->rules[i]);
	}
	jsonout_end_array(j);
	jsonout_key(j, "weekly");
	jsonout_array(j);
	for (size_t i = 0; i < t->routes_n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "receiver", t->routes[i].receiver);
		jsonout_key(j, "before");
		jsonout_double(j, (double)t->routes[i].before / t->weeks);
		jsonout_key(j, "after");
		jsonout_double(j, (double)t->routes[i].after / t->weeks);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void view_backtest(struct jsonout *j, const struct backtest *t)
{
	jsonout_object(j);
	write_counts(j, t);
	jsonout_key(j, "samples");
	jsonout_array(j);
	for (size_t i = 0; i < t->samples_n; i++) {
		write_sample(j, t, &t->samples[i]);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

/* ---- preview ---- */

static void write_match(struct jsonout *j, const struct preview_match *m)
{
	static const char *const names[] = {
		[RAISE_NOTHING] = "nothing", [RAISE_SIGNAL] = "signal", [RAISE_LEAD] = "lead"};
	const struct signal *s = &m->signal;
	jsonout_object(j);
	jsonout_key_str(j, "rule", s->rule);
	jsonout_key_c(j, "raises", names[m->held ? RAISE_NOTHING : m->raises]);
	jsonout_key_c(j, "kind", signal_kind_name(s->kind));
	jsonout_key_c(j, "level", signal_level_name(s->level));
	jsonout_key_i64(j, "score", s->score);
	jsonout_key_str(j, "title", s->title);
	jsonout_key_str(j, "subject", s->subject.name);
	jsonout_key_str(j, "explain", s->explain);
	jsonout_key_time(j, "seen", m->post.seen_ms);
	jsonout_key_bool(j, "copy", m->post.story != m->post.id);
	jsonout_key(j, "spans");
	signal_write_spans(s, j);
	jsonout_key(j, "emit");
	signal_write_emit(s, j);
	write_post(j, &m->post.post);
	jsonout_end_object(j);
}

static void write_near(struct jsonout *j, const struct preview_near *n)
{
	jsonout_object(j);
	jsonout_key_str(j, "rule", n->rule);
	jsonout_key_str(j, "clause", n->clause);
	jsonout_key_str(j, "miss", n->miss);
	jsonout_key_str(j, "change", n->change);
	jsonout_key_time(j, "seen", n->post.seen_ms);
	write_post(j, &n->post.post);
	jsonout_end_object(j);
}

void view_preview(struct jsonout *j, const struct preview *p)
{
	const struct backtest *t = &p->sum;
	int64_t hits = 0;
	for (size_t i = 0; i < t->rules_n; i++) {
		hits += t->rules[i].hits;
	}
	jsonout_object(j);
	jsonout_key_i64(j, "matches", hits);
	jsonout_key(j, "alerts_a_week");
	jsonout_double(j, t->weeks > 0 ? (double)t->alerts / t->weeks : 0);
	write_counts(j, t);
	jsonout_key(j, "newest");
	jsonout_array(j);
	for (size_t i = 0; i < p->matches_n; i++) {
		write_match(j, &p->matches[i]);
	}
	jsonout_end_array(j);
	jsonout_key_i64(j, "near_all", p->near_all);
	jsonout_key(j, "near");
	jsonout_array(j);
	for (size_t i = 0; i < p->near_n; i++) {
		write_near(j, &p->near[i]);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}
