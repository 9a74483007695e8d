/* DESIGN. Two questions are asked of a tree. eval(): does it hold? find(): where, as a list of
 * places, for what has places (words, lists, NEAR …). Whatever a branch found or bound is undone
 * when the branch turns out false, so what is left at the end explains the outcome. */
#include "rules/eval_in.h"

static enum truth eval(struct eval *e, const struct query *q, const struct window *w);

struct window window_of(const struct eval *e, enum query_field field)
{
	static const struct {
		enum text_field first, last;
	} ranges[] = {
		[QUERY_TEXT] = {TEXT_TEXT, TEXT_TEXT},
		[QUERY_TITLE] = {TEXT_TITLE, TEXT_TITLE},
		[QUERY_QUOTED] = {TEXT_QUOTED, TEXT_QUOTED},
		[QUERY_AUTHOR] = {TEXT_HANDLE, TEXT_NAME},
		[QUERY_NAME] = {TEXT_NAME, TEXT_NAME},
		[QUERY_BIO] = {TEXT_BIO, TEXT_BIO},
	};
	enum text_field first = ranges[field].first, last = ranges[field].last;
	return (struct window){.from = e->text->fields[first].start,
		.to = e->text->fields[last].end,
		.fields = 1u << first | 1u << last,
		.author = field == QUERY_AUTHOR};
}

struct window whole_text(const struct eval *e)
{
	return (struct window){.from = e->text->fields[TEXT_TITLE].start,
		.to = e->text->fields[TEXT_TEXT].end,
		.fields = 1u << TEXT_TITLE | 1u << TEXT_TEXT | 1u << TEXT_TAGS};
}

static enum truth eval_places(struct eval *e, const struct query *q, const struct window *w)
{
	struct places found = {0};
	find(e, q, w, &found);
	if (found.n == 0) {
		return found.undecided ? IS_UNDECIDED : IS_FALSE;
	}
	if (e->quiet == 0 && (q->kind == QUERY_NEAR || q->kind == QUERY_COUNT)) {
		keep_tree(e, q, w, &found);
	} else if (e->quiet == 0) {
		keep_places(e, q, w, &found, NULL);
	}
	return IS_TRUE;
}

/* What the post says in numbers costs nothing to ask; who wants to know how it came about asks in the
 * order of the query. */
static bool numbers_hold(const struct eval *e, const struct query *q)
{
	bool hold = true;
	for (size_t i = 0; e->trace == NULL && hold && i < q->kids_n; i++) {
		hold = q->kids[i]->kind != QUERY_NUMBER || meta_number(e, q->kids[i]);
	}
	return hold;
}

static enum truth eval_and(struct eval *e, const struct query *q, const struct window *w)
{
	enum truth all = IS_TRUE;
	if (!numbers_hold(e, q)) {
		return IS_FALSE;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		enum truth one = eval(e, q->kids[i], w);
		if (one == IS_FALSE) {
			return IS_FALSE;
		}
		all = one == IS_UNDECIDED ? one : all;
	}
	return all;
}

/* Every branch is looked at: each may name an entity. Patterns only if nothing else holds. */
static enum truth eval_or(struct eval *e, const struct query *q, const struct window *w)
{
	enum truth any = IS_FALSE;
	for (int pass = 0; pass < 2; pass++) {
		for (size_t i = 0; i < q->kids_n; i++) {
			bool pattern = q->kids[i]->kind == QUERY_REGEX;
			if (pattern != (pass == 1) || (pattern && any == IS_TRUE)) {
				continue;
			}
			enum truth one = eval(e, q->kids[i], w);
			any = one == IS_TRUE ? one : any == IS_TRUE || one == IS_FALSE ? any : one;
		}
	}
	return any;
}

static enum truth eval_pick(struct eval *e, const struct query *q, const struct window *w)
{
	int64_t yes = 0, maybe = 0;
	for (size_t i = 0; i < q->kids_n; i++) {
		enum truth one = eval(e, q->kids[i], w);
		yes += one == IS_TRUE;
		maybe += one == IS_UNDECIDED;
	}
	return yes >= q->count ? IS_TRUE : yes + maybe >= q->count ? IS_UNDECIDED : IS_FALSE;
}

static enum truth turned(enum truth t)
{
	return t == IS_TRUE ? IS_FALSE : t == IS_FALSE ? IS_TRUE : t;
}

static enum truth eval_not(struct eval *e, const struct query *q, const struct window *w)
{
	struct mark m = mark(e);
	e->quiet++;
	enum truth one = eval(e, q->kids[0], w);
	e->quiet--;
	undo(e, m);
	return turned(one);
}

static enum truth keep_plain(
	struct eval *e, const struct query *q, bool holds, const struct place *place)
{
	if (holds && e->quiet == 0) {
		keep(e, q, place);
	}
	return holds ? IS_TRUE : IS_FALSE;
}

static enum truth eval_meta_set(struct eval *e, const struct query *q, enum query_field field)
{
	struct place place = {0};
	bool holds = meta_set(e, field, q, &place);
	if (holds && e->quiet == 0 && q->var.p != NULL) {
		eval_bind(e, q->var, place.list->entries[place.entry].name, &place);
	}
	return keep_plain(e, q, holds, &place);
}

/* Handles of a list among those a post mentions. */
static enum truth eval_mentioned(struct eval *e, const struct query *q)
{
	struct places found = {0}, handles = {0};
	struct window w = {.from = 0, .to = (uint32_t)e->text->n};
	find_set(e, q, &w, &found);
	for (size_t i = 0; i < found.n; i++) {
		const struct token *t = &e->text->v[found.v[i].from];
		if (t->kind == TOKEN_HANDLE && (t->field == TEXT_TITLE || t->field == TEXT_TEXT ||
						       t->field == TEXT_MENTIONS)) {
			put(e, &handles, found.v[i]);
		}
	}
	if (handles.n > 0 && e->quiet == 0) {
		keep_places(e, q, &w, &handles, NULL);
	}
	return handles.n > 0 ? IS_TRUE : found.undecided ? IS_UNDECIDED : IS_FALSE;
}

/* A tree of values: the tree's own AND, OR and NOT work, its leaves are compared with the field. */
static enum truth eval_values(
	struct eval *e, const struct query *q, enum query_field field, const struct query *whole)
{
	enum truth any = IS_FALSE, all = IS_TRUE;
	if (q->kind == QUERY_VALUE) {
		return keep_plain(e, whole, meta_value(e, q), NULL);
	}
	if (q->kind == QUERY_SET) {
		return field == QUERY_MENTION ? eval_mentioned(e, q) : eval_meta_set(e, q, field);
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		enum truth one = eval_values(e, q->kids[i], field, whole);
		any = one == IS_TRUE || any == IS_FALSE ? one : any;
		all = one == IS_FALSE || all == IS_TRUE ? one : all;
	}
	return q->kind == QUERY_OR ? any : q->kind == QUERY_NOT ? turned(any) : all;
}

static enum truth eval_field(struct eval *e, const struct query *q)
{
	if (q->field >= QUERY_FIRST_VALUE_FIELD) {
		return eval_values(e, q->kids[0], q->field, q);
	}
	struct window w = window_of(e, q->field);
	return eval(e, q->kids[0], &w);
}

static enum truth eval_kind(struct eval *e, const struct query *q, const struct window *w)
{
	switch (q->kind) {
	case QUERY_AND:
		return eval_and(e, q, w);
	case QUERY_OR:
		return eval_or(e, q, w);
	case QUERY_NOT:
		return eval_not(e, q, w);
	case QUERY_PICK:
		return eval_pick(e, q, w);
	case QUERY_REF:
		return eval(e, q->kids[0], w);
	case QUERY_FIELD:
		return eval_field(e, q);
	case QUERY_NUMBER:
		return keep_plain(e, q, meta_number(e, q), NULL);
	default:
		return eval_places(e, q, w);
	}
}

/* A name for a whole group: the text of what it found first. */
static void bind_group(struct eval *e, const struct query *q, size_t from)
{
	for (size_t i = from; i < e->evidence_n; i++) {
		if (e->evidence[i].placed) {
			const struct place *p = &e->evidence[i].place;
			eval_bind(e, q->var, eval_text(e, p), p);
			return;
		}
	}
}

static struct outcome *begin_outcome(struct eval *e, const struct query *q, const struct window *w)
{
	struct outcome *o = arena_alloc(e->scratch, sizeof(*o));
	if (o == NULL) {
		e->rc = HARK_ENOMEM;
		return NULL;
	}
	o->q = q;
	o->window = *w;
	*e->trace->at = o;
	e->trace->at = &o->kids;
	return o;
}

static enum truth eval(struct eval *e, const struct query *q, const struct window *w)
{
	struct mark m = mark(e);
	struct outcome *o = e->trace != NULL ? begin_outcome(e, q, w) : NULL;
	enum truth t = eval_kind(e, q, w);
	if (o != NULL) {
		o->truth = t;
		e->trace->at = &o->next;
	}
	if (t == IS_FALSE) {
		undo(e, m);
	} else if (q->var.p != NULL && q->kids_n > 0 && e->quiet == 0) {
		bind_group(e, q, m.evidence);
	}
	return t;
}

void eval_begin(struct eval *e, const struct rule *rule)
{
	e->rule = rule;
	memset(e->vars, 0, rule->vars_n * sizeof(e->vars[0]));
	e->bound_n = e->evidence_n = e->evidence_cap = 0;
	e->evidence = NULL;
	e->quiet = 0;
	e->limits = 0;
	e->effort = 0;
	e->rc = HARK_OK;
	if (rule->late && e->find_late != NULL) {
		e->find_late(e, e->late_ctx);
		e->find_late = NULL;
	}
}

enum truth eval_in(struct eval *e, const struct query *q, const struct window *w)
{
	return eval(e, q, w);
}

enum truth eval_query(struct eval *e, const struct query *q)
{
	struct window w = whole_text(e);
	return eval(e, q, &w);
}

const struct binding *eval_binding(const struct eval *e, struct str name)
{
	for (size_t i = 0; i < e->rule->vars_n; i++) {
		if (str_eq(e->rule->vars[i], name)) {
			return e->vars[i].set ? &e->vars[i] : NULL;
		}
	}
	return NULL;
}

struct str eval_var(const struct eval *e, struct str name, struct str attr)
{
	const struct binding *b = eval_binding(e, name);
	if (b == NULL) {
		return STR_NONE;
	}
	if (b->list == NULL) {
		return attr.p == NULL ? b->text : STR_NONE;
	}
	return list_attr(b->list, &b->list->entries[b->entry], attr.p != NULL ? attr : STR("name"));
}
