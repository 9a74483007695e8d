/* The matcher: one thread's scratch and the way of a post through the rules.
 *
 * Words of all fields in one row, names of all lists found in it, rules woken by a word, a list or
 * nothing at all, each woken rule evaluated once. */
#include "rules/content.h"
#include "rules/eval.h"
#include "rules/ruleset.h"
#include "rules/scope.h"

#include <stdlib.h>

#define HITS_MAX 100000 /* names in one post */

struct matcher {
	struct ruleset *r;
	struct text text;
	struct copy *copy;  /* owned */
	bool reads;         /* the text is that of the last post */
	bool sees;          /* eval.seen is that of the text */
	struct buf address; /* of the author's profile */
	struct buf letters; /* content_hash() */
	struct eval eval;
	struct arena scratch;
	struct regex_scratch *regex;
	struct list_hit *hits; /* owned */
	size_t hits_n, hits_cap;
	struct names_look look;
	bool looked_late; /* at the lists that wake no rule */
	bool names_cut;   /* there are more than were looked at */
	struct {
		uint32_t from, to; /* the last hit of the list */
	} * last;                  /* one a list, owned */
	uint64_t *woken;           /* bits, owned */
	uint64_t *called;          /* those of them whose words have their mates, owned */
	uint32_t *rules;           /* those that are woken, owned */
	size_t rules_n;
	uint32_t *possible; /* those that are called, of them those that are looked at, owned */
	size_t possible_n;
	int64_t now_ms;
	int rc;
};

struct matcher *matcher_new(struct ruleset *r)
{
	struct matcher *m = calloc(1, sizeof(*m));
	if (m == NULL) {
		return NULL;
	}
	m->r = ruleset_ref(r);
	text_init(&m->text);
	m->text.next = names_lookup(&r->lists.names, NAMES_FIRST);
	buf_init(&m->address, 2048);
	buf_init(&m->letters, CONTENT_LETTERS_MAX);
	arena_init(&m->scratch, 0);
	m->regex = regex_scratch_new();
	m->copy = copy_new();
	m->last = calloc(r->lists.n + 1, sizeof(*m->last));
	m->woken = calloc(r->rules_n / 64 + 1, sizeof(*m->woken));
	m->called = calloc(r->rules_n / 64 + 1, sizeof(*m->called));
	m->rules = calloc(r->rules_n + 1, sizeof(*m->rules));
	m->possible = calloc(r->rules_n + 1, sizeof(*m->possible));
	if (m->copy == NULL || m->regex == NULL || m->last == NULL || m->woken == NULL ||
		m->called == NULL || m->rules == NULL || m->possible == NULL) {
		matcher_free(m);
		return NULL;
	}
	return m;
}

void matcher_free(struct matcher *m)
{
	if (m == NULL) {
		return;
	}
	ruleset_unref(m->r);
	text_release(&m->text);
	copy_free(m->copy);
	buf_release(&m->address);
	buf_release(&m->letters);
	arena_release(&m->scratch);
	regex_scratch_free(m->regex);
	free(m->hits);
	free(m->last);
	free(m->woken);
	free(m->called);
	free(m->rules);
	free(m->possible);
	free(m);
}

void matcher_set_now(struct matcher *m, int64_t wall_ms)
{
	m->now_ms = wall_ms;
}

size_t matcher_tried(const struct matcher *m)
{
	return m->possible_n;
}

bool matcher_looked_late(const struct matcher *m)
{
	return m->looked_late;
}

static void read_author(struct text *t, const struct author *a, struct buf *address)
{
	text_open(t, TEXT_HANDLE);
	struct str handle = author_handle(a);
	if (handle.p != NULL) {
		text_add_handle(t, handle);
	}
	if (a->profile_url.n > 0) {
		buf_clear(address);
		profile_address(a->profile_url, address);
		text_add_address(t, buf_str(address));
		t->rc = address->rc == HARK_ENOMEM ? HARK_ENOMEM : t->rc;
	}
	text_close(t, TEXT_HANDLE);
	text_add(t, TEXT_NAME, a->display_name);
	text_add(t, TEXT_BIO, a->bio);
}

/* A post has many lines of memory, and somebody wants each of them. */
static void fetch_post(const struct post *p)
{
	for (size_t i = 0; i < sizeof(*p); i += 64) {
		__builtin_prefetch((const char *)p + i);
	}
}

static void read_post(struct text *t, const struct post *p, struct buf *address)
{
	fetch_post(p);
	text_reset(t);
	text_add(t, TEXT_TITLE, p->title);
	text_add(t, TEXT_TEXT, p->text);
	text_add(t, TEXT_QUOTED, p->quoted);
	read_author(t, &p->author, address);
	text_open(t, TEXT_MENTIONS);
	for (size_t i = 0; i < p->mentions.n; i++) {
		text_add_handle(t, p->mentions.v[i]);
	}
	text_close(t, TEXT_MENTIONS);
	text_open(t, TEXT_TAGS);
	for (size_t i = 0; i < p->tags.n; i++) {
		text_add_tag(t, p->tags.v[i]);
	}
	text_close(t, TEXT_TAGS);
}

/* One of some words within reach of the name. */
static bool is_near(
	const struct text *t, const uint64_t *words, size_t n, uint32_t from, uint32_t to)
{
	uint32_t begin = t->fields[t->v[from].field].start, end = t->fields[t->v[from].field].end;
	begin = from > begin + LIST_CONTEXT ? from - LIST_CONTEXT : begin;
	end = to + LIST_CONTEXT < end ? to + LIST_CONTEXT : end;
	for (uint32_t i = begin; i < end; i++) {
		for (size_t k = 0; k < n && (i < from || i >= to); k++) {
			if (t->hash[i] == words[k]) {
				return true;
			}
		}
	}
	return false;
}

/* What the list and the name ask of the text around. */
static bool fits_in(const struct text *t, const struct list *list, const struct name_hit *hit)
{
	unsigned flags = hit->name->flags;
	if ((flags & NAME_CASE) && !(t->v[hit->from].flags & TOKEN_CAPITAL)) {
		return false;
	}
	if ((flags & NAME_CONTEXT) &&
		!is_near(t, list->context, list->context_n, hit->from, hit->to)) {
		return false;
	}
	return hit->name->kind != TOKEN_WORD || list->forbid_n == 0 ||
	       !is_near(t, list->forbid, list->forbid_n, hit->from, hit->to);
}

/* The longest name of a list wins: what lies inside one is no hit. Names come in the order of their
 * beginning, the longest first, so the last one kept is the one that reaches furthest. */
static bool is_covered(struct matcher *m, uint32_t list, uint32_t from, uint32_t to)
{
	uint32_t last_from = m->last[list].from, last_to = m->last[list].to;
	if (to <= last_to && (from != last_from || to < last_to)) {
		return true;
	}
	m->last[list].from = from;
	m->last[list].to = to;
	return false;
}

static bool on_name(void *ctx, const struct name_hit *hit)
{
	struct matcher *m = ctx;
	const struct list *list = m->r->lists.v[hit->name->list];
	if (!list->used || !fits_in(&m->text, list, hit) ||
		is_covered(m, list->index, hit->from, hit->to)) {
		return true;
	}
	if (m->hits_n == HITS_MAX) {
		m->names_cut = true;
		return false;
	}
	if (m->hits_n == m->hits_cap) {
		size_t want = m->hits_cap < 32 ? 64 : m->hits_cap * 2;
		struct list_hit *moved = realloc(m->hits, want * sizeof(*moved));
		if (moved == NULL) {
			m->rc = HARK_ENOMEM;
			return false;
		}
		m->hits = moved;
		m->hits_cap = want;
	}
	m->hits[m->hits_n++] = (struct list_hit){list, hit->name->entry, hit->from, hit->to};
	return true;
}

static void begin_names(struct matcher *m, enum names_turn turn)
{
	names_start(&m->look, &m->r->lists.names, turn, &m->text);
}

static void end_names(struct matcher *m)
{
	m->names_cut |= names_finish(&m->look, on_name, m) > NAMES_EFFORT_MAX;
}

/* The first n hits and those behind them, each in order, become one row in order. */
static void merge_hits(struct matcher *m, size_t n)
{
	size_t all = m->hits_n, i = 0, k = n;
	if (n == 0 || k == all || m->hits[n - 1].from <= m->hits[n].from) {
		return;
	}
	struct list_hit *early = arena_room(&m->scratch, n * sizeof(*early));
	if (early == NULL) {
		m->rc = HARK_ENOMEM;
		return;
	}
	memcpy(early, m->hits, n * sizeof(*early));
	for (size_t to = 0; i < n; to++) {
		bool next = k < all && m->hits[k].from < early[i].from;
		m->hits[to] = next ? m->hits[k++] : early[i++];
	}
}

static void find_late(struct eval *e, void *ctx)
{
	struct matcher *m = ctx;
	size_t first = m->hits_n;
	m->looked_late = true;
	begin_names(m, NAMES_LATE);
	end_names(m);
	merge_hits(m, first);
	e->hits = m->hits;
	e->hits_n = m->hits_n;
	e->names_cut = m->names_cut;
	e->rc = m->rc;
}

/* The words of a post as bits, once somebody asks for them. */
static const struct seen *seen_of(struct matcher *m)
{
	if (!m->sees) {
		m->sees = true;
		seen_fill(&m->eval.seen, &m->text);
	}
	return &m->eval.seen;
}

static void on_wake(void *ctx, struct index_wake wake)
{
	struct matcher *m = ctx;
	uint32_t rule = wake.rule;
	uint64_t bit = UINT64_C(1) << (rule & 63);
	if ((m->woken[rule >> 6] & bit) == 0) {
		m->woken[rule >> 6] |= bit;
		m->rules[m->rules_n++] = rule;
	}
	if (wake.mate == 0 || seen_has_bit(seen_of(m), (uint16_t)(wake.mate - 1))) {
		m->called[rule >> 6] |= bit;
	}
}

/* Finds names and wakes rules, by turns: one works while the memory brings what the other asked for. */
static void look(struct matcher *m)
{
	const struct rule_index *x = &m->r->index;
	m->rules_n = m->possible_n = m->hits_n = 0;
	m->looked_late = m->names_cut = m->sees = false;
	memset(m->last, 0, m->r->lists.n * sizeof(*m->last));
	begin_names(m, NAMES_FIRST);
	index_tokens(x, &m->text, on_wake, m);
	names_step(&m->look);
	index_parts(x, &m->text, on_wake, m);
	if (m->rules_n > 0 || m->look.n > 0) { /* else it is hardly needed */
		seen_of(m);
	}
	index_always(x, &m->text, on_wake, m);
	end_names(m);
	for (size_t i = 0; i < m->hits_n; i++) {
		if (i == 0 || m->hits[i].list != m->hits[i - 1].list) {
			index_list(x, m->hits[i].list->index, on_wake, m);
		}
	}
	for (size_t i = 0; m->names_cut && i < m->r->lists.n; i++) { /* it may be behind the cut */
		index_list(x, (uint32_t)i, on_wake, m);
	}
	for (size_t i = 0; i < m->rules_n; i++) {
		uint32_t rule = m->rules[i];
		m->possible[m->possible_n] = rule;
		m->possible_n += m->called[rule >> 6] >> (rule & 63) & 1;
	}
	for (size_t i = 0; i < m->rules_n; i++) {
		m->woken[m->rules[i] >> 6] = m->called[m->rules[i] >> 6] = 0;
	}
}

static int by_score(const void *a, const void *b)
{
	const struct signal *x = a, *y = b;
	return x->score != y->score ? (x->score < y->score) - (x->score > y->score)
				    : str_cmp(x->rule, y->rule);
}

static int by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

/* Evaluates one woken rule; HARK_ENOENT: it does not match. */
static int try_rule(
	struct eval *e, const struct rule *rule, struct arena *arena, struct signal *out)
{
	if (!scope_holds(&rule->scope, e->post)) {
		return HARK_ENOENT;
	}
	eval_begin(e, rule);
	enum truth t = eval_query(e, rule->match);
	if (e->rc != HARK_OK || t == IS_FALSE) {
		return e->rc != HARK_OK ? e->rc : HARK_ENOENT;
	}
	return finding_write(e, t == IS_UNDECIDED, arena, out);
}

/* The rest of it is set by eval_begin(), rule by rule. */
static struct eval *begin_eval(struct matcher *m, const struct post *post)
{
	struct eval *e = &m->eval;
	e->post = post;
	e->text = &m->text;
	e->lists = &m->r->lists;
	e->hits = m->hits;
	e->hits_n = m->hits_n;
	e->names_cut = m->names_cut;
	e->find_late = find_late;
	e->late_ctx = m;
	e->regex = m->regex;
	e->scratch = &m->scratch;
	seen_of(m);
	e->by_hash = NULL;
	e->now_ms = m->now_ms;
	return e;
}

/* Those of the called rules that have what else they need, in the order of their files. */
static void keep_possible(struct matcher *m)
{
	size_t n = m->possible_n;
	m->possible_n = 0;
	for (size_t i = 0; i < n; i++) {
		uint32_t rule = m->possible[i];
		m->possible[m->possible_n] = rule;
		m->possible_n += needs_met(&m->r->needs, rule, &m->eval.seen);
	}
	if (m->possible_n > 1) {
		qsort(m->possible, m->possible_n, sizeof(*m->possible), by_number);
	}
}

/* Evaluates the possible rules. */
static int try_rules(
	struct matcher *m, struct eval *e, struct arena *arena, struct signal **out, size_t *n)
{
	size_t cap = 0;
	keep_possible(m);
	for (size_t i = 0; i < m->possible_n; i++) {
		struct signal one;
		int rc = try_rule(e, m->r->rules[m->possible[i]], arena, &one);
		if (rc == HARK_ENOENT) {
			continue;
		}
		struct signal *grown =
			rc == HARK_OK ? arena_grow(arena, *out, *n, &cap, sizeof(*grown)) : NULL;
		if (grown == NULL) {
			return rc != HARK_OK ? rc : HARK_ENOMEM;
		}
		*out = grown;
		grown[(*n)++] = one;
	}
	/* A part is not the answer. */
	return arena->rc != HARK_OK || m->scratch.rc != HARK_OK ? HARK_ENOMEM : HARK_OK;
}

struct eval *matcher_prepare(struct matcher *m, const struct post *post)
{
	arena_reset(&m->scratch);
	m->rc = HARK_OK;
	read_post(&m->text, post, &m->address);
	m->reads = true;
	look(m);
	return m->text.rc == HARK_OK && m->rc == HARK_OK ? begin_eval(m, post) : NULL;
}

struct ruleset *matcher_ref(const struct matcher *m)
{
	return ruleset_ref(m->r);
}

const struct ruleset *matcher_ruleset(const struct matcher *m)
{
	return m->r;
}

size_t matcher_woken(const struct matcher *m)
{
	return m->rules_n;
}

uint32_t matcher_woken_at(const struct matcher *m, size_t i)
{
	return m->rules[i];
}

bool matcher_woke(const struct matcher *m, const struct rule *rule)
{
	for (size_t i = 0; i < m->rules_n; i++) {
		if (m->r->rules[m->rules[i]] == rule) {
			return true;
		}
	}
	return false;
}

int matcher_match(struct matcher *m, const struct post *post, struct arena *arena,
	struct signal **out, size_t *n)
{
	*out = NULL;
	*n = 0;
	arena_reset(&m->scratch);
	m->rc = HARK_OK;
	m->rules_n = m->possible_n = 0;
	m->looked_late = m->reads = false;
	if (post->deleted) {
		return HARK_OK;
	}
	read_post(&m->text, post, &m->address);
	m->reads = true; /* copies of it are looked for without rules too */
	if (m->r->rules_n > 0) {
		look(m);
	}
	if (m->text.rc != HARK_OK || m->rc != HARK_OK || m->rules_n == 0) {
		return m->text.rc != HARK_OK ? m->text.rc : m->rc;
	}
	int rc = try_rules(m, begin_eval(m, post), arena, out, n);
	if (rc == HARK_OK && *n > 1) {
		qsort(*out, *n, sizeof(**out), by_score);
	}
	return rc;
}

bool matcher_content(struct matcher *m, struct hash128 *content, uint32_t *words)
{
	if (!m->reads || m->text.rc != HARK_OK) {
		return false;
	}
	*content = content_hash(&m->text, &m->letters, words);
	return true;
}

struct copy_look matcher_look(struct matcher *m, struct arena *arena)
{
	struct copy_look none = {0};
	uint64_t keys[COPY_KEYS_MAX];
	if (!m->reads || m->text.rc != HARK_OK) {
		return none;
	}
	struct copy_look look = copy_skim(m->copy, &m->text, keys);
	uint64_t *kept = look.keys_n > 0 ? arena_room(arena, look.keys_n * sizeof(*kept)) : NULL;
	if (kept == NULL) {
		return none;
	}
	memcpy(kept, keys, look.keys_n * sizeof(*kept));
	look.keys = kept;
	return look;
}
