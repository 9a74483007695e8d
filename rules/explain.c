#include "rules/explain_in.h"

#include "rules/index.h"

#include <stdlib.h>

#define PLACES_MAX 8

struct str explain_say(struct arena *arena, const char *fmt, ...)
{
	struct buf b;
	va_list ap;
	buf_init(&b, 64 * 1024);
	va_start(ap, fmt);
	buf_vprintf(&b, fmt, ap);
	va_end(ap);
	struct str said = arena_str(arena, buf_str(&b));
	buf_release(&b);
	return said.p != NULL ? said : STR("");
}

struct str explain_text(struct arena *arena, const struct query *q)
{
	struct query bare = *q;
	struct buf b;
	bare.var = STR_NONE;
	buf_init(&b, 4 * QUERY_BYTES_MAX);
	query_format(&bare, 0, &b);
	struct str text = arena_str(arena, buf_str(&b));
	buf_release(&b);
	return text.p != NULL ? text : STR("");
}

/* ---- clauses ---- */

static bool is_operator_kind(const struct query *q)
{
	switch (q->kind) {
	case QUERY_AND:
	case QUERY_OR:
	case QUERY_NOT:
	case QUERY_NEAR:
	case QUERY_COUNT:
	case QUERY_PICK:
	case QUERY_REF:
		return true;
	case QUERY_FIELD:
		return q->field < QUERY_FIRST_VALUE_FIELD && q->kids[0]->kids_n > 0;
	default:
		return false;
	}
}

static struct str operator_text(struct explaining *x, const struct query *q)
{
	switch (q->kind) {
	case QUERY_AND:
		return STR("AND");
	case QUERY_OR:
		return STR("OR");
	case QUERY_NOT:
		return STR("NOT");
	case QUERY_NEAR:
		return explain_say(
			x->arena, "%sNEAR/%lld", q->ordered ? "O" : "", (long long)q->count);
	case QUERY_COUNT:
		return explain_say(x->arena, "ATLEAST/%lld", (long long)q->count);
	case QUERY_PICK:
		return explain_say(x->arena, "MIN/%lld", (long long)q->count);
	case QUERY_FIELD:
		return explain_say(x->arena, "%s:", query_field_name(q->field));
	default:
		return explain_say(x->arena, "&%.*s", STR_FMT(q->text));
	}
}

static void add_place(struct explaining *x, struct clause *c, const struct place *p, bool placed)
{
	struct clause_place *out = &c->places[c->places_n++];
	*out = (struct clause_place){.placed = placed && p->field < TEXT_FIELDS};
	if (out->placed) {
		out->span = span_of(p);
		out->text = arena_str(x->arena, eval_text(x->e, p));
	}
	if (p->list != NULL) {
		const struct list_entry *entry = &p->list->entries[p->entry];
		out->list = p->list;
		out->list_name = p->list->name;
		out->entry_id = entry->id;
		out->entry_name = entry->name;
		out->line = entry->line;
	}
}

/* Where a leaf of words or names stands. */
static void find_places(struct explaining *x, struct clause *c, const struct window *w)
{
	struct places found = {0};
	find(x->e, c->q, w, &found);
	c->places = arena_alloc(x->arena, PLACES_MAX * sizeof(*c->places));
	for (size_t i = 0; c->places != NULL && i < found.n && c->places_n < PLACES_MAX; i++) {
		add_place(x, c, &found.v[i], true);
	}
}

/* What the evaluation kept for a clause: of values, and of lists of addresses. */
static void kept_places(struct explaining *x, struct clause *c)
{
	const struct eval *e = x->e;
	c->places = arena_alloc(x->arena, PLACES_MAX * sizeof(*c->places));
	for (size_t i = 0; c->places != NULL && i < e->evidence_n; i++) {
		bool own = e->evidence[i].leaf == c->q ||
			   (c->q->kids_n == 1 && e->evidence[i].leaf == c->q->kids[0]);
		if (own && e->evidence[i].placed && c->places_n < PLACES_MAX) {
			add_place(x, c, &e->evidence[i].place, true);
		}
	}
}

static void fill_clause(struct explaining *x, struct clause *c, const struct query *q,
	const struct outcome *o, const struct window *w);

static const struct outcome *outcome_of(const struct outcome *parent, const struct query *q)
{
	const struct outcome *o = parent != NULL ? parent->kids : NULL;
	while (o != NULL && o->q != q) {
		o = o->next;
	}
	return o;
}

/* NEAR and ATLEAST look for the places of what they join: the evaluator is asked for each. */
static void fill_found(
	struct explaining *x, struct clause *c, const struct query *q, const struct window *w)
{
	struct places found = {0};
	struct outcome as_if = {.q = q, .window = *w};
	find(x->e, q, w, &found);
	as_if.truth = found.n > 0 ? IS_TRUE : found.undecided ? IS_UNDECIDED : IS_FALSE;
	fill_clause(x, c, q, &as_if, w);
}

static void fill_kids(
	struct explaining *x, struct clause *c, const struct outcome *o, const struct window *w)
{
	const struct query *q = c->q;
	bool joined = x->found_only || q->kind == QUERY_NEAR || q->kind == QUERY_COUNT;
	bool before = x->found_only;
	c->kids = arena_alloc(x->arena, (q->kids_n + 1) * sizeof(*c->kids));
	for (size_t i = 0; c->kids != NULL && i < q->kids_n; i++) {
		struct clause *kid = &c->kids[c->kids_n++];
		if (joined && o != NULL) {
			x->found_only = true;
			fill_found(x, kid, q->kids[i], w);
			x->found_only = before;
		} else {
			fill_clause(x, kid, q->kids[i], outcome_of(o, q->kids[i]), w);
		}
	}
}

static void add_value(struct explaining *x, struct clause *c, struct str name)
{
	struct str value = eval_var(x->e, name, STR_NONE);
	if (value.p != NULL && c->values_n < PLACES_MAX) {
		c->values[c->values_n++] = (struct clause_value){name, arena_str(x->arena, value)};
	}
}

/* What its slots and named groups are bound to. */
static void fill_values(struct explaining *x, struct clause *c, const struct query *leaf)
{
	c->values = arena_alloc(x->arena, PLACES_MAX * sizeof(*c->values));
	for (size_t i = 0; c->values != NULL && i < leaf->parts_n; i++) {
		if (leaf->parts[i].kind == PART_SLOT) {
			add_value(x, c, leaf->parts[i].name);
		}
	}
	for (size_t i = 0; c->values != NULL && leaf->kind == QUERY_REGEX; i++) {
		if (regex_group(leaf->link, i).p == NULL) {
			return;
		}
		add_value(x, c, regex_group(leaf->link, i));
	}
}

static void fill_clause(struct explaining *x, struct clause *c, const struct query *q,
	const struct outcome *o, const struct window *w)
{
	static const enum clause_outcome outcomes[] = {[IS_FALSE] = CLAUSE_FALSE,
		[IS_TRUE] = CLAUSE_TRUE,
		[IS_UNDECIDED] = CLAUSE_UNDECIDED};
	c->q = q;
	c->outcome = o != NULL ? outcomes[o->truth] : CLAUSE_SKIPPED;
	c->var = q->var;
	c->value =
		q->var.p != NULL ? arena_str(x->arena, eval_var(x->e, q->var, STR_NONE)) : STR_NONE;
	bool words = q->kind == QUERY_FIELD && q->field < QUERY_FIRST_VALUE_FIELD;
	struct window inner = words ? window_of(x->e, q->field) : o != NULL ? o->window : *w;
	if (is_operator_kind(q)) {
		c->text = operator_text(x, q);
		fill_kids(x, c, o, &inner);
	} else {
		c->text = explain_text(x->arena, q);
		const struct query *leaf = words ? q->kids[0] : q;
		struct clause as_leaf = {.q = leaf};
		if (c->outcome == CLAUSE_TRUE && (words || q->kind != QUERY_FIELD) &&
			q->kind != QUERY_NUMBER) {
			find_places(x, &as_leaf, &inner);
			c->places = as_leaf.places;
			c->places_n = as_leaf.places_n;
			fill_values(x, c, leaf);
		} else if (c->outcome == CLAUSE_TRUE) {
			kept_places(x, c);
		}
	}
	if (c->outcome == CLAUSE_FALSE || c->outcome == CLAUSE_UNDECIDED) {
		c->miss = miss_of(x, q, &inner);
	}
}

/* The clause that decided: in AND the first that is false, in OR the one that came nearest, in NOT what
 * is there and should not be. */
static const struct clause *first_false(const struct clause *c, bool wanted)
{
	bool holds = c->outcome == CLAUSE_TRUE;
	const struct clause *best = NULL;
	if (c->outcome == CLAUSE_SKIPPED || holds == wanted) {
		return NULL;
	}
	bool inner = c->q->kind == QUERY_NOT ? !wanted : wanted;
	for (size_t i = 0; i < c->kids_n; i++) {
		const struct clause *found = first_false(&c->kids[i], inner);
		if (found != NULL && (best == NULL || (best->miss.n == 0 && found->miss.n > 0))) {
			best = found;
		}
	}
	return best != NULL ? best : c;
}

/* ---- what woke it ---- */

static struct str anchor_name(struct explaining *x, const struct anchor *a)
{
	switch (a->kind) {
	case ANCHOR_PREFIX:
		return explain_say(x->arena, "%.*s*", STR_FMT(a->folded));
	case ANCHOR_LIST:
		return explain_say(x->arena, "any:%.*s", STR_FMT(x->set->lists.v[a->list]->name));
	case ANCHOR_OPAQUE:
		return STR("(text in no word)");
	default:
		return a->folded;
	}
}

static bool anchor_token_in(struct explaining *x, const struct anchor *a)
{
	const struct text *t = x->e->text;
	for (size_t i = 0; i < t->n; i++) {
		if (a->kind == ANCHOR_PREFIX ? str_starts(text_at(t, i), a->folded)
					     : t->hash[i] == a->hash) {
			return true;
		}
	}
	for (size_t i = 0; i < t->tags_n; i++) {
		if (t->tags[i].hash == a->hash && a->kind == ANCHOR_TOKEN) {
			return true;
		}
	}
	return false;
}

static bool anchor_in(struct explaining *x, const struct anchor *a)
{
	switch (a->kind) {
	case ANCHOR_LIST:
		for (size_t i = 0; i < x->e->hits_n; i++) {
			if (x->e->hits[i].list->index == a->list) {
				return true;
			}
		}
		return false;
	case ANCHOR_OPAQUE:
		return x->e->text->opaque;
	default:
		return anchor_token_in(x, a);
	}
}

static void fill_anchors(struct explaining *x)
{
	const struct anchors *all = &x->rule->anchors;
	struct explanation *out = x->out;
	if (all->always) {
		return;
	}
	out->anchors = arena_alloc(x->arena, (all->n + 1) * sizeof(*out->anchors));
	out->anchor_group = arena_alloc(x->arena, (all->n + 1) * sizeof(*out->anchor_group));
	for (size_t i = 0; out->anchors != NULL && out->anchor_group != NULL && i < all->n; i++) {
		struct str name = anchor_name(x, &all->v[i]);
		out->anchor_group[out->anchor_group_n++] = name;
		if (anchor_in(x, &all->v[i])) {
			out->anchors[out->anchors_n++] = name;
		}
	}
}

/* ---- the rule ---- */

static void add_lists(struct explaining *x)
{
	struct explanation *out = x->out;
	const struct rule *rule = x->rule;
	for (size_t i = 0; i < rule->lists_n && out->lists_n < PLACES_MAX; i++) {
		const struct list *list = rule->lists[i];
		out->lists[out->lists_n++] = explain_say(x->arena, "%.*s@%08x (%zu)",
			STR_FMT(list->name), (unsigned)list->version, list->n);
	}
}

static void fill_scope(struct explaining *x)
{
	struct explanation *out = x->out;
	out->scope = &x->rule->scope;
	out->scope_holds = true;
	for (enum scope_part i = 0; i < SCOPE_PARTS; i++) {
		out->in_scope[i] = scope_part_holds(out->scope, i, x->e->post);
		out->scope_holds &= out->in_scope[i];
	}
	out->lang_passed = scope_lang_passed(out->scope, x->e->post);
}

/* After the finding was written: terms are evaluated again. */
static int fill_score(struct explaining *x)
{
	struct explanation *out = x->out;
	out->score = arena_alloc(x->arena, (x->rule->terms_n + 1) * sizeof(*out->score));
	if (out->score == NULL) {
		return HARK_ENOMEM;
	}
	out->score[out->score_n++] = (struct score_line){STR("base"), x->rule->score_base, true};
	for (size_t i = 0; i < x->rule->terms_n; i++) {
		const struct score_term *t = &x->rule->terms[i];
		out->score[out->score_n++] =
			(struct score_line){t->name, t->points, finding_term_holds(x->e, i)};
	}
	return HARK_OK;
}

static int evaluate(struct explaining *x)
{
	struct explanation *out = x->out;
	struct trace trace = {0};
	struct window w = whole_text(x->e);
	trace.at = &trace.root;
	eval_begin(x->e, x->rule);
	x->e->trace = &trace;
	enum truth t = eval_query(x->e, x->rule->match);
	x->e->trace = NULL;
	out->matched = t != IS_FALSE && out->scope_holds;
	out->undecided = t == IS_UNDECIDED;
	if (x->e->rc == HARK_OK && out->matched) {
		out->signal = arena_alloc(x->arena, sizeof(*out->signal));
		x->e->rc = out->signal != NULL
				   ? finding_write(x->e, out->undecided, x->arena, out->signal)
				   : HARK_ENOMEM;
		x->e->rc = x->e->rc == HARK_OK ? fill_score(x) : x->e->rc;
	}
	if (x->e->rc == HARK_OK && trace.root != NULL) {
		fill_clause(x, &out->root, x->rule->match, trace.root, &w);
		out->first_false = first_false(&out->root, true);
		find_flips(x);
	}
	return x->e->rc;
}

static const struct rule *find_rule(const struct ruleset *r, struct str id, struct str file)
{
	for (size_t f = 0; f < r->files_n; f++) {
		for (size_t i = 0; i < r->files[f]->rules_n; i++) {
			const struct rule *rule = &r->files[f]->rules[i];
			if (str_eq(rule->id, id) && (file.n == 0 || str_eq(rule->file, file))) {
				return rule;
			}
		}
	}
	return NULL;
}

static int no_rule(const struct ruleset *r, struct str id, struct hark_err *err)
{
	const char *names[200];
	size_t n = 0;
	for (size_t f = 0; f < r->files_n; f++) {
		for (size_t i = 0; i < r->files[f]->rules_n && n < 200; i++) {
			names[n++] = r->files[f]->rules[i].id.p;
		}
	}
	const char *near = did_you_mean(id, names, n);
	return hark_err_set(err, HARK_ENOENT, "there is no rule '%.*s'%s%s%s", STR_FMT(id),
		near != NULL ? ", did you mean '" : " (hark rules list names them)",
		near != NULL ? near : "", near != NULL ? "'?" : "");
}

int matcher_explain(struct matcher *m, const struct post *post, struct str rule, struct str file,
	struct arena *arena, struct explanation **out, struct hark_err *err)
{
	struct explaining x = {.set = matcher_ruleset(m), .arena = arena};
	x.rule = find_rule(x.set, rule, file);
	if (x.rule == NULL) {
		return no_rule(x.set, rule, err);
	}
	x.out = *out = arena_alloc(arena, sizeof(**out));
	if (x.out == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to explain it");
	}
	rule_info_of(x.rule, &x.out->rule);
	x.out->retired = x.rule->status == RULE_RETIRED;
	x.out->inactive = x.rule->inactive;
	x.out->missing = x.rule->missing;
	x.out->missing_n = x.rule->inactive ? x.rule->missing_n : 0;
	if (x.rule->inactive) {
		return HARK_OK;
	}
	x.e = matcher_prepare(m, post);
	x.out->lists = arena_alloc(arena, PLACES_MAX * sizeof(*x.out->lists));
	if (x.e == NULL || x.out->lists == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory to explain it");
	}
	x.out->woken = matcher_woke(m, x.rule);
	add_lists(&x);
	fill_scope(&x);
	fill_anchors(&x);
	int rc = evaluate(&x);
	rc = rc == HARK_OK && arena->rc != HARK_OK ? arena->rc : rc;
	return rc == HARK_OK ? rc : hark_err_set(err, rc, "no memory to explain it");
}
