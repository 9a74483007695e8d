/* What was found and what is bound to a variable: evidence, kept until a branch turns out false. */
#include "rules/eval_in.h"

#define EVIDENCE_PER_LEAF 8

void eval_bind(struct eval *e, struct str name, struct str text, const struct place *place)
{
	for (size_t i = 0; i < e->rule->vars_n; i++) {
		struct binding *b = &e->vars[i];
		if (!str_eq(e->rule->vars[i], name) || b->set) {
			continue;
		}
		*b = (struct binding){.set = true, .text = text};
		if (place != NULL) {
			b->list = place->list;
			b->entry = place->entry;
		}
		e->bound[e->bound_n++] = (uint8_t)i;
	}
}

struct str eval_text(const struct eval *e, const struct place *p)
{
	if (p->field >= TEXT_FIELDS) { /* an address of the post */
		return p->list != NULL ? p->list->entries[p->entry].name : STR_NONE;
	}
	struct str source = e->text->fields[p->field].source;
	if (source.p == NULL) { /* a handle, a tag: as it was folded */
		return p->to > p->from && p->from < e->text->n ? text_at(e->text, p->from)
							       : STR_NONE;
	}
	return str_n(source.p + p->start, p->end - p->start);
}

void keep(struct eval *e, const struct query *q, const struct place *place)
{
	struct evidence *grown = arena_grow(
		e->scratch, e->evidence, e->evidence_n, &e->evidence_cap, sizeof(*grown));
	if (grown == NULL) {
		e->rc = HARK_ENOMEM;
		return;
	}
	e->evidence = grown;
	e->evidence[e->evidence_n++] = (struct evidence){.leaf = q, .placed = place != NULL};
	if (place != NULL) {
		e->evidence[e->evidence_n - 1].place = *place;
	}
}

static void bind_groups(struct eval *e, const struct query *q, const struct place *place)
{
	struct str s = e->text->fields[place->field].source;
	size_t start, end;
	if (regex_find(q->link, e->regex, s, place->start, &start, &end) != HARK_OK) {
		return;
	}
	for (size_t i = 0; regex_group(q->link, i).p != NULL; i++) {
		struct str held = regex_captured(q->link, e->regex, s, i);
		if (held.p != NULL) {
			eval_bind(e, regex_group(q->link, i), held, NULL);
		}
	}
}

/* What the slots and lists inside a phrase took. */
static void keep_parts(
	struct eval *e, const struct query *q, const struct window *w, const struct place *outer)
{
	struct taken taken[SLOT_PHRASE_PARTS_MAX];
	phrase_taken(e, q, w, outer, taken);
	for (size_t i = 0; i < q->parts_n; i++) {
		const struct query_part *part = &q->parts[i];
		const struct taken *t = &taken[i];
		if (part->kind != PART_SLOT && part->kind != PART_SET) {
			continue;
		}
		struct place p = {.from = t->from,
			.to = t->fit.to,
			.start = t->fit.start,
			.end = t->fit.end,
			.field = outer->field,
			.list = t->fit.list,
			.entry = t->fit.entry};
		if (part->kind == PART_SLOT) {
			eval_bind(e, part->name, eval_text(e, &p), &p);
		}
		size_t before = e->evidence_n;
		keep(e, part->kind == PART_SET ? part->set : q, &p);
		if (e->evidence_n > before) {
			e->evidence[before].part = part;
		}
	}
}

static bool inside_any(const struct place *p, const struct places *outer)
{
	for (size_t i = 0; i < outer->n && i < EVIDENCE_PER_LEAF; i++) {
		if (outer->v[i].from <= p->from && p->to <= outer->v[i].to) {
			return true;
		}
	}
	return false;
}

void keep_places(struct eval *e, const struct query *q, const struct window *w,
	const struct places *found, const struct places *outer)
{
	size_t kept = 0;
	for (size_t i = 0; i < found->n && kept < EVIDENCE_PER_LEAF; i++) {
		const struct place *p = &found->v[i];
		if (outer != NULL && !inside_any(p, outer)) {
			continue;
		}
		if (kept++ == 0 && q->kind == QUERY_REGEX) {
			bind_groups(e, q, p);
		}
		if (q->var.p != NULL) {
			eval_bind(e, q->var, eval_text(e, p), p);
		}
		keep(e, q, p);
		if (q->kind == QUERY_PHRASE && q->slots) {
			keep_parts(e, q, w, p);
		}
	}
}

void keep_tree(
	struct eval *e, const struct query *q, const struct window *w, const struct places *outer)
{
	struct places found = {0};
	if (q->kids_n == 0) {
		find(e, q, w, &found);
		keep_places(e, q, w, &found, outer);
		return;
	}
	for (size_t i = 0; i < q->kids_n; i++) {
		keep_tree(e, q->kids[i], w, outer);
	}
	if (q->var.p != NULL && outer->n > 0) {
		eval_bind(e, q->var, eval_text(e, &outer->v[0]), NULL);
	}
}

struct mark mark(const struct eval *e)
{
	return (struct mark){e->evidence_n, e->bound_n};
}

void undo(struct eval *e, struct mark m)
{
	e->evidence_n = m.evidence;
	while (e->bound_n > m.bound) {
		e->vars[e->bound[--e->bound_n]] = (struct binding){0};
	}
}
