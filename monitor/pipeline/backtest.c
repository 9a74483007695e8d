#include "monitor/pipeline/backtest.h"

#include "monitor/leads/raise.h"
#include "monitor/leads/route.h"
#include "monitor/leads/score.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/post_scan.h"

#include <stdlib.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>

#define PROGRESS_EVERY 2048
#define AHEAD_POSTS 20000
#define WEEK_MS (7 * 24 * 3600 * INT64_C(1000))
#define NONE SIZE_MAX

/* A finding that the store has. */
struct old_hit {
	int64_t post, lead;
	size_t rule; /* NONE: of a rule that is not tested */
	bool historic, found;
};

/* A lead as it would be made. */
struct new_lead {
	UT_hash_handle hh; /* by key */
	struct str key;    /* kind, key and access class */
	int64_t until_ms;
	int64_t stored; /* the stored lead that some of its findings are in, 0: none */
	struct new_lead *next;
	size_t rule;
	struct str kind, lead_key, visibility, route, owner; /* owner: what the rule says */
	struct subject subject;
	int64_t seen_ms, stories;
	int score_max;
	bool historic;
};

/* A stored lead with findings of tested rules. */
struct old_lead {
	UT_hash_handle hh; /* by id */
	int64_t id;
	size_t rule;
	bool kept;     /* something of it is found again */
	bool others;   /* it has findings of rules that are not tested */
	bool historic; /* all of its findings */
};

struct rule_place {
	struct str id;
	size_t rule;
};

struct run {
	struct store *store;
	const struct conf *conf;
	struct ruleset *set;
	struct matcher *matcher;
	const struct backtest_options *options;
	struct arena *arena;
	struct backtest *out;
	struct rule_place *by_id; /* sorted */
	struct old_hit *ahead; /* those of posts before ahead_until that are not taken yet, from ahead_at on */
	size_t ahead_n, ahead_at, ahead_cap;
	int64_t ahead_until;
	struct old_hit *here; /* those of one post */
	size_t here_n, here_cap;
	struct new_lead *open, *made; /* by key; all of them */
	struct old_lead *leads;
	size_t samples[2];
	bool no_memory;
	bool asks_who; /* a route depends on whom a lead is about */
};

/* ---- rules ---- */

static int by_rule_id(const void *a, const void *b)
{
	const struct rule_place *x = a, *y = b;
	return str_cmp(x->id, y->id);
}

static int read_rules(struct run *r)
{
	struct rule_info info;
	size_t n = 0, cap = 0;
	for (; ruleset_rule_at(r->set, n, &info); n++) {
		struct backtest_rule *grown =
			arena_grow(r->arena, r->out->rules, n, &cap, sizeof(*grown));
		if (grown == NULL) {
			return HARK_ENOMEM;
		}
		r->out->rules = grown;
		bool active =
			strcmp(info.status, "live") == 0 || strcmp(info.status, "shadow") == 0;
		grown[n] = (struct backtest_rule){.info = info, .active = active};
	}
	r->out->rules_n = n;
	r->by_id = arena_alloc(r->arena, (n + 1) * sizeof(*r->by_id));
	if (r->by_id == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < n; i++) {
		r->by_id[i] = (struct rule_place){r->out->rules[i].info.id, i};
	}
	qsort(r->by_id, n, sizeof(*r->by_id), by_rule_id);
	return HARK_OK;
}

static size_t find_rule(const struct run *r, struct str id)
{
	size_t low = 0, high = r->out->rules_n;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = str_cmp(r->by_id[mid].id, id);
		if (order == 0) {
			return r->by_id[mid].rule;
		}
		if (order < 0) {
			low = mid + 1;
		} else {
			high = mid;
		}
	}
	return NONE;
}

/* ---- what the store has ---- */

/* Piece by piece: a query that stays open as long as the pass would keep the store from tidying its log. */
static void read_ahead(struct run *r, int64_t post)
{
	struct db_query *q = db_query(store_db(r->store),
		"SELECT post, rule, lead, historic FROM signals WHERE post >= $1 AND post < $2 ORDER BY post, rule");
	r->ahead_until = post + AHEAD_POSTS;
	r->ahead_n = r->ahead_at = 0;
	db_i64(q, post);
	db_i64(q, r->ahead_until);
	while (!r->no_memory && db_step(q)) {
		struct old_hit *grown =
			arena_grow(r->arena, r->ahead, r->ahead_n, &r->ahead_cap, sizeof(*grown));
		if (grown == NULL) {
			r->no_memory = true;
			continue;
		}
		r->ahead = grown;
		r->ahead[r->ahead_n++] = (struct old_hit){.post = db_col_i64(q, 0),
			.rule = find_rule(r, db_col_text(q, 1)),
			.lead = db_col_i64(q, 2),
			.historic = db_col_i64(q, 3) != 0};
	}
	db_done(q);
}

static void note_old_lead(struct run *r, const struct old_hit *hit)
{
	struct old_lead *lead = NULL;
	HASH_FIND(hh, r->leads, &hit->lead, sizeof(hit->lead), lead);
	if (lead == NULL) {
		lead = arena_alloc(r->arena, sizeof(*lead));
		if (lead == NULL) {
			r->no_memory = true;
			return;
		}
		*lead = (struct old_lead){.id = hit->lead, .rule = NONE, .historic = true};
		HASH_ADD(hh, r->leads, id, sizeof(lead->id), lead);
		r->no_memory |= lead->hh.tbl == NULL;
	}
	lead->historic &= hit->historic;
	lead->others |= hit->rule == NONE;
	lead->kept |= hit->found;
	lead->rule = hit->rule != NONE && lead->rule == NONE ? hit->rule : lead->rule;
}

/* The stored findings of a post. */
static void take_hits(struct run *r, int64_t post)
{
	r->here_n = 0;
	if (post >= r->ahead_until) {
		read_ahead(r, post);
	}
	while (r->ahead_at < r->ahead_n && r->ahead[r->ahead_at].post < post) {
		r->ahead_at++; /* of a post that is left out */
	}
	while (r->ahead_at < r->ahead_n && r->ahead[r->ahead_at].post == post) {
		struct old_hit *grown =
			arena_grow(r->arena, r->here, r->here_n, &r->here_cap, sizeof(*grown));
		if (grown == NULL) {
			r->no_memory = true;
			return;
		}
		r->here = grown;
		r->here[r->here_n++] = r->ahead[r->ahead_at++];
	}
}

static struct old_hit *hit_here(struct run *r, size_t rule)
{
	for (size_t i = 0; i < r->here_n; i++) {
		if (r->here[i].rule == rule) {
			return &r->here[i];
		}
	}
	return NULL;
}

/* ---- leads ---- */

static struct str lead_slot(struct run *r, const struct signal *s, struct arena *arena)
{
	struct buf b;
	struct str class = raise_visibility(s);
	buf_init(&b, 128 << 10);
	buf_printf(&b, "%s|%.*s|%.*s", signal_kind_name(s->kind), STR_FMT(class),
		STR_FMT(s->lead_key));
	struct str key = arena_str(arena, buf_str(&b));
	r->no_memory |= key.p == NULL;
	buf_release(&b);
	return key;
}

static void add_lead(struct run *r, const struct stored_post *p, const struct signal *s,
	size_t rule, const struct old_hit *old)
{
	struct new_lead *lead = NULL;
	struct arena scratch;
	arena_init(&scratch, 0);
	struct str key = lead_slot(r, s, &scratch);
	if (key.p != NULL) {
		HASH_FIND(hh, r->open, key.p, key.n, lead);
	}
	if (lead != NULL && !raise_joins(lead->until_ms, p->seen_ms)) {
		HASH_DELETE(hh, r->open, lead);
		lead = NULL;
	}
	if (lead == NULL && key.p != NULL) {
		lead = arena_alloc(r->arena, sizeof(*lead));
		struct str kept = arena_str(r->arena, key);
		if (lead == NULL || kept.p == NULL) {
			r->no_memory = true;
			arena_release(&scratch);
			return;
		}
		*lead = (struct new_lead){.key = kept,
			.until_ms = p->seen_ms + s->lead_window_ms,
			.next = r->made,
			.rule = rule,
			.kind = str_c(signal_kind_name(s->kind)),
			.lead_key = arena_str(r->arena, s->lead_key),
			.visibility = arena_str(r->arena, raise_visibility(s)),
			.route = s->route,
			.owner = arena_str(r->arena, s->owner),
			.subject = {.kind = arena_str(r->arena, s->subject.kind),
				.id = arena_str(r->arena, s->subject.id),
				.name = arena_str(r->arena, s->subject.name)},
			.seen_ms = p->seen_ms,
			.historic = true};
		r->made = lead;
		HASH_ADD_KEYPTR(hh, r->open, lead->key.p, lead->key.n, lead);
		r->no_memory |= lead->hh.tbl == NULL;
	}
	arena_release(&scratch);
	if (lead != NULL) {
		lead->stories++;
		lead->historic &= p->historic;
		lead->score_max = s->score > lead->score_max ? s->score : lead->score_max;
		lead->stored = lead->stored == 0 && old != NULL ? old->lead : lead->stored;
	}
}

/* ---- a post ---- */

static void keep_sample(struct run *r, bool gained, size_t rule, const struct stored_post *p,
	const struct signal *s)
{
	if (r->samples[gained] >= r->options->samples_max || p->gone) {
		return;
	}
	struct backtest_sample *out = &r->out->samples[r->out->samples_n];
	*out = (struct backtest_sample){
		.gained = gained, .rule = rule, .id = p->id, .seen_ms = p->seen_ms};
	if (post_copy(&out->post, &p->post, r->arena) != HARK_OK) {
		r->no_memory = true;
		return;
	}
	if (s != NULL) {
		out->spans = arena_alloc(r->arena, (s->spans_n + 1) * sizeof(*out->spans));
		out->spans_n = out->spans != NULL ? s->spans_n : 0;
		for (size_t i = 0; i < out->spans_n; i++) {
			out->spans[i] = s->spans[i];
		}
		out->explain = arena_str(r->arena, s->explain);
	}
	r->samples[gained]++;
	r->out->samples_n++;
}

static void count_hit(
	struct run *r, const struct stored_post *p, const struct signal *s, bool raised)
{
	size_t rule = find_rule(r, s->rule);
	if (rule == NONE) {
		return;
	}
	struct backtest_rule *b = &r->out->rules[rule];
	struct old_hit *old = hit_here(r, rule);
	b->hits++;
	b->historic += p->historic;
	b->undecided += (s->flags & FLAG_UNDECIDED) != 0;
	if (old == NULL) {
		b->gained++;
		keep_sample(r, true, rule, p, s);
	} else {
		old->found = true;
	}
	struct signal live = *s;
	live.flags &= ~(unsigned)FLAG_SHADOW; /* on trial: what it would do */
	if (raised && raise_what(&live) == RAISE_LEAD) {
		add_lead(r, p, &live, rule, old);
	}
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

static void close_post(struct run *r, const struct stored_post *p)
{
	for (size_t i = 0; i < r->here_n; i++) {
		struct old_hit *hit = &r->here[i];
		if (hit->rule != NONE) {
			r->out->rules[hit->rule].stored++;
			if (!hit->found && !p->gone) {
				r->out->rules[hit->rule].lost++;
				keep_sample(r, false, hit->rule, p, NULL);
			}
			hit->found |= p->gone; /* nobody can tell any more */
		}
		if (hit->lead != 0) {
			note_old_lead(r, hit);
		}
	}
}

static int look_at(struct run *r, const struct stored_post *p, struct arena *arena)
{
	struct signal *found = NULL;
	size_t n = 0;
	take_hits(r, p->id);
	r->out->first_ms = r->out->first_ms == 0 ? p->seen_ms : r->out->first_ms;
	r->out->last_ms = p->seen_ms;
	bool copy = p->story != p->id;
	r->out->copies += copy && !p->gone;
	r->out->gone += p->gone || p->sensitive;
	if (!copy && !p->gone && !p->sensitive) {
		arena_reset(arena);
		r->out->posts++;
		int rc = matcher_match(r->matcher, &p->post, arena, &found, &n);
		if (rc != HARK_OK) {
			return rc;
		}
		bool raised = !any_sensitive(found, n);
		for (size_t i = 0; i < n; i++) {
			count_hit(r, p, &found[i], raised);
		}
		if (r->options->look != NULL) {
			r->options->look(r->options->ctx, r->matcher, p, found, n);
		}
	}
	if (copy || p->gone || p->sensitive) {
		struct stored_post left_out = *p;
		left_out.gone = true; /* what was found there stays found */
		close_post(r, &left_out);
	} else {
		close_post(r, p);
	}
	return r->no_memory ? HARK_ENOMEM : HARK_OK;
}

static int scan_posts(struct run *r, struct hark_err *err)
{
	struct post_scan *scan = NULL;
	struct stored_post post;
	struct arena arena;
	int rc = post_scan_open(&scan, r->store, r->options->since_ms, err);
	if (rc != HARK_OK) {
		return rc;
	}
	arena_init(&arena, 0);
	if (r->options->posts_max > 0) {
		post_scan_keep_last(scan, r->options->posts_max);
	}
	int64_t first = post_scan_first(scan), total = post_scan_last(scan) - first + 1;
	for (int64_t n = 0; rc == HARK_OK && post_scan_next(scan, &post); n++) {
		rc = look_at(r, &post, &arena);
		if (rc == HARK_OK && n % PROGRESS_EVERY == 0 && r->options->progress != NULL &&
			!r->options->progress(r->options->ctx, post.id - first, total)) {
			rc = HARK_EPIPE;
		}
	}
	arena_release(&arena);
	int closed = post_scan_close(scan, err);
	return rc == HARK_EPIPE ? hark_err_set(err, rc, "it was stopped")
	       : rc != HARK_OK ? hark_err_set(err, rc, "no memory to match the posts")
			       : closed;
}

/* ---- the sum ---- */

/* Counts the receivers it goes to, as the daemon decides. Deals and cases that are open today, budgets and
 * silences are left out: they say nothing of then. */
static void reach(struct run *r, const struct lead *lead, int64_t at_ms, bool before)
{
	struct arena arena;
	struct subject_facts facts = {0};
	const struct route_rule rule = {lead->rule, lead->route};
	const struct route_question question = {.conf = r->conf,
		.lead = lead,
		.facts = &facts,
		.rules = &rule,
		.rules_n = 1,
		.now_ms = at_ms};
	struct route_answer answer = {0};
	if (r->out->routes_n == 0) {
		return;
	}
	arena_init(&arena, 0);
	if (r->asks_who) {
		store_subject_facts(r->store, &lead->subject, &arena, &facts);
		facts.deal = facts.open_case = false;
	}
	answer.receivers = arena_alloc(&arena, r->out->routes_n * sizeof(*answer.receivers));
	if (answer.receivers == NULL || route_decide(&question, &arena, &answer) != HARK_OK) {
		r->no_memory = true;
		arena_release(&arena);
		return;
	}
	for (size_t k = 0; k < r->out->routes_n; k++) {
		struct backtest_route *to = &r->out->routes[k];
		*(before ? &to->before : &to->after) += answer.receivers[k].fate != FATE_NONE;
	}
	arena_release(&arena);
}

static bool asks_who(const struct conf *conf)
{
	for (size_t i = 0; i < conf->routes_n; i++) {
		const struct conf_route *c = &conf->routes[i];
		if (c->to_owner ||
			c->types_n + c->territories_n + c->products_n + c->segments_n > 0) {
			return true;
		}
	}
	return false;
}

/* Of what is counted here: whom it is about is not looked up. */
static int score_of(const struct conf *conf, int score_max, int64_t stories)
{
	struct lead lead = {.score_max = score_max, .posts = stories};
	return score_total(&conf->score, &lead);
}

/* A lead of another rule that is open for what is found takes it in. */
static bool joins_stored(struct run *r, const struct new_lead *lead)
{
	struct lead slot = {
		.kind = lead->kind, .key = lead->lead_key, .visibility = lead->visibility};
	int64_t until_ms = 0;
	int64_t id = store_lead_slot(r->store, &slot, &until_ms);
	return id != 0 && raise_joins(until_ms, lead->seen_ms);
}

static void sum_new(struct run *r)
{
	for (const struct new_lead *lead = r->made; lead != NULL; lead = lead->next) {
		struct backtest_rule *b = &r->out->rules[lead->rule];
		bool known = lead->stored != 0 || joins_stored(r, lead);
		*(known ? &b->leads_kept : &b->leads_gained) += 1;
		*(known ? &r->out->leads_kept : &r->out->leads_gained) += 1;
		r->out->alerts += !lead->historic;
		if (!lead->historic) {
			struct lead as = {.kind = lead->kind,
				.key = lead->lead_key,
				.subject = lead->subject,
				.rule = b->info.id,
				.route = lead->route,
				.owner = lead->owner,
				.score = score_of(r->conf, lead->score_max, lead->stories)};
			reach(r, &as, lead->seen_ms, false);
		}
	}
}

static void sum_old(struct run *r, const struct old_lead *old, struct arena *arena)
{
	struct lead lead;
	struct backtest_rule *b = &r->out->rules[old->rule];
	bool lost = !old->kept && !old->others;
	b->leads_lost += lost;
	r->out->leads_lost += lost;
	arena_reset(arena);
	if (!old->historic && r->out->routes_n > 0 &&
		store_lead_load(r->store, old->id, arena, &lead, NULL) == HARK_OK) {
		reach(r, &lead, lead.seen_ms, true);
	}
}

static void sum_up(struct run *r)
{
	struct old_lead *old, *next;
	struct arena arena;
	arena_init(&arena, 0);
	sum_new(r);
	HASH_ITER (hh, r->leads, old, next) {
		if (old->rule != NONE) {
			sum_old(r, old, &arena);
		}
	}
	arena_release(&arena);
	double weeks = (double)(r->out->last_ms - r->out->first_ms) / WEEK_MS;
	r->out->weeks = weeks < 1.0 / 7 ? 1.0 / 7 : weeks;
}

static int prepare(struct run *r)
{
	size_t receivers = r->conf != NULL ? r->conf->receivers_n : 0;
	r->out->routes = arena_alloc(r->arena, (receivers + 1) * sizeof(*r->out->routes));
	r->out->samples =
		arena_alloc(r->arena, (2 * r->options->samples_max + 1) * sizeof(*r->out->samples));
	if (r->matcher == NULL || r->out->routes == NULL || r->out->samples == NULL) {
		return HARK_ENOMEM;
	}
	r->out->routes_n = receivers;
	r->asks_who = r->conf != NULL && asks_who(r->conf);
	for (size_t i = 0; i < receivers; i++) {
		r->out->routes[i].receiver = r->conf->receivers[i].name;
	}
	return read_rules(r);
}

int backtest_run(struct store *s, const struct conf *conf, struct ruleset *rules,
	const struct backtest_options *options, struct arena *arena, struct backtest *out,
	struct hark_err *err)
{
	struct run r = {.store = s,
		.conf = conf,
		.set = rules,
		.matcher = matcher_new(rules),
		.options = options,
		.arena = arena,
		.out = out};
	*out = (struct backtest){0};
	int rc = prepare(&r);
	if (rc != HARK_OK) {
		hark_err_set(err, rc, "no memory for the rules");
	} else {
		rc = scan_posts(&r, err);
	}
	if (rc == HARK_OK) {
		sum_up(&r);
		rc = r.no_memory ? hark_err_set(err, HARK_ENOMEM, "no memory for the routes")
				 : db_check(store_db(s), err);
	}
	HASH_CLEAR(hh, r.open);
	HASH_CLEAR(hh, r.leads);
	matcher_free(r.matcher);
	return rc;
}
