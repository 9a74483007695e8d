/* From a rule that holds to a signal: what is emitted, whose lead it is, how strong, and why. */
#include "rules/eval.h"
#include "rules/link.h"
#include "rules/ruleset.h"
#include "rules/scope.h"

#include "monitor/base/hash.h"

#include <stdlib.h>

#define SPANS_MAX 64
#define EXPLAIN_LEAVES_MAX 8
#define EXPLAIN_WORDS_MAX 120 /* bytes of one finding */
#define EXPLAIN_BYTES_MAX 600
#define EXPLAIN_ROOM 200 /* most are shorter */
#define UNDECIDED_SCORE_MAX (SCORE_LEAD_MIN - 1)

static enum post_field field_of(uint8_t field)
{
	static const enum post_field fields[] = {
		[TEXT_TITLE] = FIELD_TITLE,
		[TEXT_TEXT] = FIELD_TEXT,
		[TEXT_QUOTED] = FIELD_QUOTED,
		[TEXT_HANDLE] = FIELD_AUTHOR,
		[TEXT_NAME] = FIELD_AUTHOR,
		[TEXT_BIO] = FIELD_BIO,
		[TEXT_MENTIONS] = FIELD_OTHER,
		[TEXT_TAGS] = FIELD_TAGS,
		[PLACE_URL] = FIELD_URL,
		[PLACE_LINKS] = FIELD_LINKS,
	};
	return fields[field];
}

/* A handle's or tag's place is in a text of its own, so its bytes are those of the member. */
struct span span_of(const struct place *p)
{
	return (struct span){field_of(p->field), p->start, p->end};
}

static int by_span(const void *a, const void *b)
{
	const struct span *x = a, *y = b;
	int order = ((int)x->field > (int)y->field) - ((int)x->field < (int)y->field);
	order = order != 0 ? order : (x->start > y->start) - (x->start < y->start);
	return order != 0 ? order : (x->end > y->end) - (x->end < y->end);
}

static int write_spans(const struct eval *e, struct arena *arena, struct signal *out)
{
	struct span *v = arena_alloc(arena, (e->evidence_n + 1) * sizeof(*v));
	size_t n = 0, kept = 0;
	if (v == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < e->evidence_n; i++) {
		const struct evidence *one = &e->evidence[i];
		/* What a slot took lies inside its phrase. */
		if (one->placed && one->part == NULL && one->place.field < TEXT_FIELDS) {
			v[n++] = span_of(&one->place);
		}
	}
	if (n > 1) {
		qsort(v, n, sizeof(*v), by_span);
	}
	for (size_t i = 0; i < n && kept < SPANS_MAX; i++) {
		if (kept == 0 || by_span(&v[kept - 1], &v[i]) != 0) {
			v[kept++] = v[i];
		}
	}
	out->spans = v;
	out->spans_n = kept;
	return HARK_OK;
}

static bool has_entity(
	const struct signal *s, struct str list, struct str id, const struct span *span)
{
	for (size_t i = 0; i < s->entities_n; i++) {
		const struct entity *e = &s->entities[i];
		bool same = str_eq(e->list, list) && str_eq(e->id, id);
		if (same && (span == NULL || by_span(&e->span, span) == 0)) {
			return true;
		}
	}
	return false;
}

/* The same words stand for two entries of one list. */
static bool is_ambiguous(const struct signal *s)
{
	for (size_t i = 0; i < s->entities_n; i++) {
		for (size_t k = 0; k < i; k++) {
			const struct entity *a = &s->entities[i], *b = &s->entities[k];
			if (str_eq(a->list, b->list) && !str_eq(a->id, b->id) &&
				by_span(&a->span, &b->span) == 0) {
				return true;
			}
		}
	}
	return false;
}

static int write_entities(const struct eval *e, struct arena *arena, struct signal *out)
{
	out->entities = arena_alloc(arena, (e->evidence_n + 1) * sizeof(*out->entities));
	if (out->entities == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < e->evidence_n && out->entities_n < SPANS_MAX; i++) {
		const struct place *p = &e->evidence[i].place;
		if (!e->evidence[i].placed || p->list == NULL) {
			continue;
		}
		const struct list_entry *entry = &p->list->entries[p->entry];
		struct span span = span_of(p);
		if (!has_entity(out, p->list->name, entry->id, &span)) {
			out->entities[out->entities_n++] =
				(struct entity){p->list->name, entry->id, entry->name, span};
		}
	}
	out->flags |= is_ambiguous(out) ? FLAG_AMBIGUOUS : 0;
	return HARK_OK;
}

/* A text that found no memory is no text: what is made of it has none either. Reaching a ceiling only
 * shortens it. */
static void pass_on(const struct buf *from, struct buf *to)
{
	to->rc = from->rc == HARK_ENOMEM ? HARK_ENOMEM : to->rc;
}

/* The text in the arena, absent without memory. Releases the buffer. */
static struct str keep(struct buf *b, struct arena *arena)
{
	struct str kept = STR_NONE;
	if (b->rc == HARK_ENOMEM) {
		arena->rc = HARK_ENOMEM;
	} else {
		kept = arena_str(arena, buf_str(b));
	}
	buf_release(b);
	return kept;
}

/* False: something in it is unbound. */
static bool fill(const struct eval *e, struct str text, struct buf *out)
{
	struct str literal, var, attr;
	while (template_next(&text, &literal, &var, &attr)) {
		struct str value = var.p != NULL ? eval_var(e, var, attr) : literal;
		if (value.p == NULL) {
			return false;
		}
		buf_add_str(out, value);
	}
	return out->rc == HARK_OK;
}

static bool is_emitted(const struct signal *s, struct str name)
{
	size_t i = 0;
	while (i < s->emit_n && !str_eq(s->emit[i].name, name)) {
		i++;
	}
	return i < s->emit_n;
}

static int write_emit(const struct eval *e, struct arena *arena, struct signal *out)
{
	const struct rule *rule = e->rule;
	struct buf b;
	out->title = rule->title.n > 0 ? rule->title : rule->id;
	out->emit = arena_alloc(arena, (rule->emit_n + 1) * sizeof(*out->emit));
	if (out->emit == NULL) {
		return HARK_ENOMEM;
	}
	buf_init(&b, 64 * 1024);
	for (size_t i = 0; i < rule->emit_n; i++) {
		buf_clear(&b);
		if (is_emitted(out, rule->emit[i].name)) {
			continue;
		}
		if (!fill(e, rule->emit[i].text, &b)) {
			arena->rc = b.rc == HARK_ENOMEM ? HARK_ENOMEM : arena->rc;
			continue;
		}
		struct str value = arena_str(arena, buf_str(&b));
		if (str_eq_c(rule->emit[i].name, "title")) {
			out->title = value;
		}
		out->emit[out->emit_n++] = (struct emit){rule->emit[i].name, value};
	}
	buf_release(&b);
	return HARK_OK;
}

/* ---- whose lead ---- */

/* Words with a space between, to an empty buffer, until there are `max` bytes. */
static void add_folded(const struct text *t, enum text_field field, size_t max, struct buf *out)
{
	const uint32_t from = t->fields[field].start, end = t->fields[field].end;
	uint32_t to = from;
	size_t bytes = 0;
	for (; to < end && bytes < max && t->v[to].fold_n < out->max - bytes; to++) {
		bytes += (bytes > 0) + t->v[to].fold_n;
	}
	char *begin = buf_room(out, bytes), *p = begin;
	for (uint32_t i = from; p != NULL && i < to; i++) {
		struct str word = text_at(t, i);
		if (p > begin) {
			*p++ = ' ';
		}
		memcpy(p, word.p, word.n);
		p += word.n;
	}
	if (p != NULL) {
		buf_grew(out, bytes);
	}
}

/* Nobody is named: equal stories have the same nobody, so that copies meet in one lead. */
static void nobody_id(const struct eval *e, struct buf *out)
{
	const struct text *t = e->text;
	struct buf words;
	buf_init(&words, 64 * 1024);
	bool titled = t->fields[TEXT_TITLE].end > t->fields[TEXT_TITLE].start;
	add_folded(t, titled ? TEXT_TITLE : TEXT_TEXT, 300, &words);
	buf_printf(out, "story:%016llx", (unsigned long long)hash64(buf_str(&words), 0));
	pass_on(&words, out);
	buf_release(&words);
}

/* The address of the profile is the same whichever source finds it; a handle with a host is too; a
 * bare handle or a name means something at its source only. */
static void author_id(const struct eval *e, struct buf *out)
{
	const struct author *a = &e->post->author;
	const struct text *t = e->text;
	if (a->profile_url.n > 0) {
		profile_address(a->profile_url, out);
		return;
	}
	if (a->handle.n > 0 && t->fields[TEXT_HANDLE].end > t->fields[TEXT_HANDLE].start) {
		struct str handle = text_at(t, t->fields[TEXT_HANDLE].start);
		if (memchr(handle.p, '@', handle.n) == NULL) {
			buf_printf(out, "%.*s/", STR_FMT(e->post->source));
		}
		buf_add_str(out, handle);
	} else if (t->fields[TEXT_NAME].end > t->fields[TEXT_NAME].start) {
		struct buf name;
		buf_init(&name, 8192);
		add_folded(t, TEXT_NAME, 200, &name);
		buf_printf(out, "%.*s/%s", STR_FMT(e->post->source), buf_c(&name));
		pass_on(&name, out);
		buf_release(&name);
	} else {
		nobody_id(e, out);
	}
}

static void subject_author(const struct eval *e, struct arena *arena, struct subject *out)
{
	const struct author *a = &e->post->author;
	struct buf b;
	buf_init(&b, 16 * 1024);
	author_id(e, &b);
	out->kind = STR("author");
	out->id = keep(&b, arena);
	out->name = a->display_name.n > 0 ? a->display_name
		    : a->handle.n > 0     ? a->handle
					  : STR_NONE;
	if (out->name.p == NULL) {
		out->name = e->post->source;
	}
}

/* The first entity of one of these lists. */
static bool subject_entity(
	const struct signal *s, const char *const *lists, const char *kind, struct subject *out)
{
	for (size_t i = 0; i < s->entities_n; i++) {
		for (const char *const *l = lists; *l != NULL; l++) {
			if (str_eq_c(s->entities[i].list, *l)) {
				*out = (struct subject){
					str_c(kind), s->entities[i].id, s->entities[i].name};
				return true;
			}
		}
	}
	return false;
}

static bool subject_variable(
	const struct eval *e, struct str var, struct arena *arena, struct subject *out)
{
	const struct binding *b = eval_binding(e, var);
	if (b == NULL) {
		return false;
	}
	if (b->list != NULL) {
		const struct list_entry *entry = &b->list->entries[b->entry];
		*out = (struct subject){b->list->name, entry->id, entry->name};
		return true;
	}
	struct text t;
	struct buf id;
	text_init(&t);
	buf_init(&id, 8192);
	text_add(&t, TEXT_TEXT, b->text);
	add_folded(&t, TEXT_TEXT, 200, &id);
	*out = (struct subject){var, keep(&id, arena), b->text};
	text_release(&t);
	return out->id.n > 0;
}

static void write_subject(const struct eval *e, struct arena *arena, struct signal *out)
{
	static const char *const people[] = {"contacts", "people", NULL};
	static const char *const firms[] = {"accounts", "customers", "prospects", NULL};
	bool found = false;
	switch (e->rule->subject) {
	case SUBJECT_CONTACT:
		found = subject_entity(out, people, "contact", &out->subject);
		break;
	case SUBJECT_ACCOUNT:
		found = subject_entity(out, firms, "account", &out->subject);
		break;
	case SUBJECT_VARIABLE:
		found = subject_variable(e, e->rule->subject_var, arena, &out->subject);
		break;
	default:
		break;
	}
	if (!found) {
		subject_author(e, arena, &out->subject);
	}
}

/* The values of the key's parts, each ended by a bar; bars inside become spaces. */
static void add_key_part(
	const struct eval *e, const struct signal *s, struct str part, struct buf *out)
{
	size_t from = out->n;
	if (str_eq_c(part, "subject")) {
		buf_add_str(out, s->subject.kind);
		buf_add_char(out, ':');
		buf_add_str(out, s->subject.id);
	} else if (str_eq_c(part, "kind")) {
		buf_add_c(out, signal_kind_name(s->kind));
	} else if (str_eq_c(part, "rule")) {
		buf_add_str(out, s->rule);
	} else if (str_eq_c(part, "source")) {
		buf_add_str(out, e->post->source);
	} else if (str_eq_c(part, "author")) {
		author_id(e, out);
	} else if (str_eq_c(part, "thread")) {
		buf_add_str(out, e->post->thread.n > 0 ? e->post->thread : e->post->external_id);
	} else {
		fill(e, part, out);
	}
	for (size_t i = from; i < out->n; i++) {
		out->p[i] = out->p[i] == '|' ? ' ' : out->p[i];
	}
}

static void write_lead_key(const struct eval *e, struct arena *arena, struct signal *out)
{
	struct buf b;
	buf_init(&b, 64 * 1024);
	for (size_t i = 0; i < e->rule->lead_key.n; i++) {
		buf_add_c(&b, i > 0 ? "|" : "");
		add_key_part(e, out, e->rule->lead_key.v[i], &b);
	}
	out->lead_key = keep(&b, arena);
	out->lead_window_ms = e->rule->lead_window_ms;
}

/* ---- why ---- */

/* Told by its list and name, not by the words of the post. */
static bool is_entity(const struct evidence *v)
{
	return v->placed && v->place.list != NULL &&
	       (v->part == NULL || v->part->kind != PART_SLOT);
}

/* What was told of `a` says `b` too: the same clause, the same name, or words that it holds. */
static bool tells(const struct evidence *a, const struct evidence *b)
{
	const struct place *p = &a->place, *q = &b->place;
	if (a->leaf == b->leaf && a->part == b->part) {
		return true;
	}
	if (!a->placed || !b->placed || is_entity(a) != is_entity(b)) {
		return false;
	}
	return is_entity(a) ? p->list == q->list && p->entry == q->entry
			    : p->field == q->field && p->start < q->end && q->start < p->end;
}

static bool explained_before(const struct eval *e, size_t i)
{
	for (size_t k = 0; k < i; k++) {
		if (tells(&e->evidence[k], &e->evidence[i])) {
			return true;
		}
	}
	return false;
}

static void add_number(uint32_t n, struct buf *out)
{
	char digits[10], *end = digits + sizeof(digits), *p = end;
	do {
		*--p = (char)('0' + n % 10);
		n /= 10;
	} while (n > 0);
	buf_add(out, p, (size_t)(end - p));
}

static void add_place(const struct place *p, struct buf *out)
{
	buf_add_char(out, '(');
	buf_add_c(out, post_field_name(field_of(p->field)));
	buf_add_char(out, ' ');
	add_number(p->start, out);
	buf_add_char(out, '-');
	add_number(p->end, out);
	buf_add_char(out, ')');
}

/* What was found, as the post has it, on one line. */
static void add_words(const struct eval *e, const struct place *p, struct buf *out)
{
	struct str words = str_cut_utf8(eval_text(e, p), EXPLAIN_WORDS_MAX);
	size_t from = out->n;
	buf_add_str(out, words);
	for (size_t i = from; i < out->n; i++) {
		out->p[i] = (unsigned char)out->p[i] < ' ' ? ' ' : out->p[i];
	}
}

/* "alternative to" (text 8-22), competitors: Globex (text 23-29), or to: Globex (text 8-14); what has
 * no place in the text as the rule says it. */
static void explain_one(const struct eval *e, const struct evidence *v, struct buf *out)
{
	if (v->part != NULL && v->part->kind == PART_SLOT) {
		buf_printf(out, "%.*s: ", STR_FMT(v->part->name));
		add_words(e, &v->place, out);
		buf_add_char(out, ' ');
	} else if (v->placed && v->place.list != NULL) {
		const struct list_entry *entry = &v->place.list->entries[v->place.entry];
		buf_add_str(out, v->place.list->name);
		buf_add_c(out, ": ");
		buf_add_str(out, entry->name);
		buf_add_char(out, ' ');
	} else if (v->placed && eval_text(e, &v->place).n > 0) {
		buf_add_char(out, '"');
		add_words(e, &v->place, out);
		buf_add_c(out, "\" ");
	} else {
		struct query leaf = *v->leaf;
		leaf.var = STR_NONE;
		query_print(&leaf, out);
		buf_add_char(out, ' ');
	}
	if (v->placed && v->place.field < TEXT_FIELDS) {
		add_place(&v->place, out);
	} else if (out->n > 0) {
		buf_cut(out, out->n - 1);
	}
}

static void write_explain(
	const struct eval *e, bool undecided, struct arena *arena, struct signal *out)
{
	struct buf b;
	size_t leaves = 0;
	buf_init(&b, 64 * 1024);
	buf_room(&b, EXPLAIN_ROOM);
	for (size_t i = 0; i < e->evidence_n && b.n < EXPLAIN_BYTES_MAX; i++) {
		if (explained_before(e, i) || ++leaves > EXPLAIN_LEAVES_MAX) {
			continue;
		}
		buf_add_c(&b, b.n > 0 ? " and " : "");
		explain_one(e, &e->evidence[i], &b);
	}
	if (undecided) {
		buf_add_c(&b, b.n > 0 ? "; undecided: " : "undecided: ");
		buf_add_c(&b, e->effort > EFFORT_MAX ? "the rule is too much work for this post"
			      : e->limits > 0        ? "a regular expression reached its limit"
					      : "the post holds more names than are looked at");
	}
	out->explain = keep(&b, arena);
}

/* ---- how strong ---- */

static bool term_holds(const struct eval *e, const struct query *when)
{
	struct eval again = *e; /* its findings do not count */
	again.quiet = 1;
	return eval_query(&again, when) == IS_TRUE;
}

bool finding_term_holds(const struct eval *e, size_t i)
{
	const struct score_term *t = &e->rule->terms[i];
	return t->when == NULL ? e->text->question : term_holds(e, t->when);
}

static int score_of(const struct eval *e)
{
	long score = e->rule->score_base;
	for (size_t i = 0; i < e->rule->terms_n; i++) {
		score += finding_term_holds(e, i) ? e->rule->terms[i].points : 0;
	}
	return score < 0 ? 0 : score > 100 ? 100 : (int)score;
}

int finding_write(const struct eval *e, bool undecided, struct arena *arena, struct signal *out)
{
	const struct rule *rule = e->rule;
	*out = (struct signal){.rule = rule->id,
		.rule_file = rule->file,
		.rule_hash = str_c(rule->hash),
		.lists = rule->versions,
		.kind = rule->kind,
		.level = rule->level,
		.flags = rule->flags,
		.owner = rule->owner,
		.route = rule->route,
		.visibility = rule->visibility};
	out->flags |= rule->status == RULE_SHADOW ? FLAG_SHADOW : 0;
	out->flags |= undecided ? FLAG_UNDECIDED : 0;
	out->lang_passed = scope_lang_passed(&rule->scope, e->post);
	out->score = score_of(e);
	if (undecided && out->score > UNDECIDED_SCORE_MAX) {
		out->score = UNDECIDED_SCORE_MAX; /* kept and shown, but no lead */
	}
	if (write_spans(e, arena, out) != HARK_OK || write_entities(e, arena, out) != HARK_OK ||
		write_emit(e, arena, out) != HARK_OK) {
		return HARK_ENOMEM;
	}
	write_subject(e, arena, out);
	write_lead_key(e, arena, out);
	write_explain(e, undecided, arena, out);
	return out->lead_key.p != NULL && out->explain.p != NULL ? HARK_OK : HARK_ENOMEM;
}
