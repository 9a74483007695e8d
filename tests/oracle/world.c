#include "tests/oracle/world.h"

#include "rules/fold.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static char folder[64];

void world_folder_open(void)
{
	const char *top = getenv("TMPDIR");
	snprintf(folder, sizeof(folder), "%.40s/hark-oracle-XXXXXX", top != NULL ? top : "/tmp");
	if (mkdtemp(folder) == NULL || fold_init() != HARK_OK) {
		perror(folder);
		exit(1);
	}
}

void world_folder_close(void)
{
	char command[128];
	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	if (system(command) != 0) {
		perror(folder);
	}
}

const char *world_folder(void)
{
	return folder;
}

void world_init(struct world *w)
{
	*w = (struct world){0};
	arena_init(&w->arena, 0);
}

static void unload(struct world *w)
{
	matcher_free(w->matcher);
	ruleset_unref(w->rules);
	w->matcher = NULL;
	w->rules = NULL;
}

void world_release(struct world *w)
{
	unload(w);
	arena_release(&w->arena);
}

static void save(const char *name, struct buf *b)
{
	char path[200];
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	FILE *f = fopen(path, "w"); /* not file_write(), which waits for the disk */
	if (f == NULL || b->rc != HARK_OK || fwrite(b->p, 1, b->n, f) != b->n || fclose(f) != 0) {
		perror(path);
		exit(1);
	}
	buf_release(b);
}

static void add_cells(struct buf *b, const char *const *v)
{
	buf_add_c(b, ",\"");
	for (size_t i = 0; i < REF_CELLS; i++) {
		if (v[i] != NULL) {
			buf_printf(b, "%s%s", i > 0 ? ";" : "", v[i]);
		}
	}
	buf_add_char(b, '"');
}

static void save_list(const struct ref_list *l)
{
	struct buf b;
	char name[64];
	buf_init(&b, 1 << 20);
	buf_add_c(&b, "name,id,aliases,handles,domains,tier,size\n");
	for (size_t i = 0; i < l->n; i++) {
		const struct ref_entry *e = &l->entries[i];
		buf_printf(&b, "\"%s\",%s", e->name, e->id);
		add_cells(&b, e->aliases);
		add_cells(&b, e->handles);
		add_cells(&b, e->domains);
		buf_printf(&b, ",%s,%s\n", e->tier != NULL ? e->tier : "",
			e->size != NULL ? e->size : "");
	}
	snprintf(name, sizeof(name), "%s.csv", l->name);
	save(name, &b);
}

static void add_words(struct buf *b, const char *key, const char *const *words)
{
	for (size_t i = 0; i < REF_CELLS && words[i] != NULL; i++) {
		if (i == 0) {
			buf_printf(b, ", %s: [", key);
		}
		buf_printf(b, "%s%s", i > 0 ? ", " : "", words[i]);
		buf_add_c(b, i + 1 == REF_CELLS || words[i + 1] == NULL ? "]" : "");
	}
}

static void add_list(struct buf *b, const struct ref_list *l)
{
	buf_printf(b, "  %s: { file: %s.csv", l->name, l->name);
	buf_add_c(b, l->no_class ? ", class: off" : l->no_variants ? ", variants: off" : "");
	if (l->need_case || l->need_context || l->need_handle) {
		buf_printf(b, ", require: [%s]",
			l->need_case      ? "case"
			: l->need_context ? "context"
					  : "handle");
	}
	add_words(b, "context", l->context);
	add_words(b, "forbid", l->forbid);
	buf_add_c(b, " }\n");
}

static void add_rule(struct buf *b, struct question *q, size_t i, unsigned *line)
{
	const struct gen_rule *r = &q->rule;
	size_t from = b->n;
	q->line = *line;
	buf_printf(b, "  - id: q%zu\n    kind: mention\n    slow: true\n", i);
	if (strstr(q->text, "AS $v") != NULL) {
		buf_add_c(b, "    emit: { v: $v.id }\n");
	} else if (strstr(q->text, "<a:") != NULL) {
		buf_add_c(b, "    emit: { a: $a }\n");
	}
	if (r->scope != NULL) {
		buf_printf(b, "    scope: %s\n", r->scope);
	}
	buf_printf(b, "    score:\n      base: %d\n", r->base);
	for (size_t k = 0; k < GEN_TERMS && r->terms[k] != NULL; k++) {
		buf_printf(b, "      '%s': %d\n", r->terms[k], r->points[k]);
	}
	buf_printf(b, "    match: |\n      %s\n", q->text);
	for (size_t k = from; k < b->n; k++) {
		*line += b->p[k] == '\n';
	}
}

/* How many. */
static size_t save_rules(struct world *w)
{
	struct buf b;
	unsigned line = 1;
	size_t n = 0;
	buf_init(&b, 8 << 20);
	buf_add_c(&b, "lists:\n");
	for (size_t i = 0; i < w->lists_n; i++) {
		add_list(&b, &w->lists[i]);
	}
	buf_add_c(&b, "define:\n");
	for (size_t i = 0; i < GEN_DEFINES; i++) {
		buf_printf(&b, "  d%zu: |\n    %s\n", i, w->defines[i]);
	}
	buf_add_c(&b, "rules:\n");
	for (size_t i = 0; i < b.n; i++) {
		line += b.p[i] == '\n';
	}
	for (size_t i = 0; i < w->n; i++) {
		w->q[i].line = 0;
		if (w->q[i].accepted) {
			add_rule(&b, &w->q[i], i, &line);
			n++;
		}
	}
	save("r.yaml", &b);
	return n;
}

/* The rule an error stands in is left out. False: it stands elsewhere. */
static bool refuse(struct world *w, const struct diag *d)
{
	struct question *last = NULL;
	for (size_t i = 0; i < w->n; i++) {
		if (w->q[i].line > 0 && w->q[i].line <= d->at.line) {
			last = &w->q[i];
		}
	}
	if (last == NULL || strcmp(d->at.file, "r.yaml") != 0) {
		fprintf(stderr, "# %s:%u: %s\n", d->at.file, d->at.line, d->message);
		return false;
	}
	last->accepted = false;
	return true;
}

/* Again and again, until no rule is refused: one error can hide another. */
static bool load_rules(struct world *w)
{
	static const char *const paths[] = {"r.yaml"};
	struct rules_source source = {
		.paths = paths, .paths_n = 1, .base_dir = folder, .packs_dir = folder};
	bool changed = true;
	while (changed && w->rules == NULL && save_rules(w) > 0) {
		struct hark_err err = {0};
		struct diags diags;
		diags_init(&diags);
		changed = false;
		int rc = ruleset_load(&w->rules, &source, &diags, &err);
		for (size_t i = 0; rc != HARK_OK && i < diags.n; i++) {
			changed |= diags.v[i].level == DIAG_ERROR && refuse(w, &diags.v[i]);
		}
		if (rc != HARK_OK && diags.errors == 0) {
			fprintf(stderr, "# %s\n", err.text);
		}
		diags_release(&diags);
	}
	return w->rules != NULL;
}

static const struct query *parse(struct world *w, const char *text)
{
	struct diags diags;
	struct yaml_file *file = arena_alloc(&w->arena, sizeof(*file));
	struct yaml_node *node = arena_alloc(&w->arena, sizeof(*node));
	*file = (struct yaml_file){.name = "query", .text = str_c(text)};
	*node = (struct yaml_node){.kind = YAML_SCALAR,
		.style = YAML_LITERAL,
		.at = {.file = "query", .line = 1, .col = 1},
		.text = str_c(text),
		.file = file};
	diags_init(&diags);
	const struct query *q = query_parse(node, &w->arena, NULL, &diags);
	diags_release(&diags);
	return q;
}

static void parse_rule(struct world *w, struct question *q)
{
	q->tree = parse(w, q->text);
	q->lang = q->rule.lang != NULL ? parse(w, q->rule.lang) : NULL;
	q->rest = q->rule.rest != NULL ? parse(w, q->rule.rest) : NULL;
	for (size_t k = 0; k < GEN_TERMS; k++) {
		q->terms[k] = q->rule.terms[k] != NULL ? parse(w, q->rule.terms[k]) : NULL;
	}
}

bool world_load(struct world *w)
{
	unload(w);
	for (size_t i = 0; i < w->lists_n; i++) {
		save_list(&w->lists[i]);
	}
	for (size_t i = 0; i < GEN_DEFINES; i++) {
		static const char *const names[GEN_DEFINES] = {"d0", "d1", "d2"};
		w->trees[i] = (struct ref_define){names[i], parse(w, w->defines[i])};
		if (w->trees[i].query == NULL) {
			return false;
		}
	}
	for (size_t i = 0; i < w->n; i++) {
		parse_rule(w, &w->q[i]);
		w->q[i].accepted = w->q[i].tree != NULL;
	}
	if (!load_rules(w)) {
		return false;
	}
	w->matcher = matcher_new(w->rules);
	assert(w->matcher != NULL);
	matcher_set_now(w->matcher, WORLD_NOW_MS);
	return true;
}

void world_match(struct world *w, const struct post *post, struct arena *arena,
	struct signal **found, size_t *n)
{
	int rc = matcher_match(w->matcher, post, arena, found, n);
	assert(rc == HARK_OK);
	(void)rc;
}

struct ref world_ref(const struct world *w, struct arena *arena)
{
	return (struct ref){.arena = arena,
		.lists = w->lists,
		.lists_n = w->lists_n,
		.defines = w->trees,
		.defines_n = GEN_DEFINES,
		.now_ms = WORLD_NOW_MS};
}

/* ---- comparing ---- */

static enum post_field post_field(enum text_field field)
{
	switch (field) {
	case TEXT_TITLE:
		return FIELD_TITLE;
	case TEXT_TEXT:
		return FIELD_TEXT;
	case TEXT_QUOTED:
		return FIELD_QUOTED;
	case TEXT_HANDLE:
	case TEXT_NAME:
		return FIELD_AUTHOR;
	case TEXT_BIO:
		return FIELD_BIO;
	case TEXT_TAGS:
		return FIELD_TAGS;
	default:
		return FIELD_OTHER;
	}
}

static bool is_at(const struct ref_place *p, const struct span *s)
{
	return post_field(p->field) == s->field && p->start == s->start && p->end == s->end;
}

static bool ref_has_span(const struct ref *r, const struct span *s)
{
	for (size_t i = 0; i < r->evidence.n; i++) {
		if (is_at(&r->evidence.v[i], s)) {
			return true;
		}
	}
	return false;
}

static bool ref_has_entity(const struct world *w, const struct ref *r, const struct entity *e)
{
	for (size_t i = 0; i < r->evidence.n; i++) {
		const struct ref_place *p = &r->evidence.v[i];
		if (p->list >= 0 && is_at(p, &e->span) &&
			str_eq_c(e->list, w->lists[p->list].name) &&
			str_eq_c(e->id, w->lists[p->list].entries[p->entry].id)) {
			return true;
		}
	}
	return false;
}

static bool ref_has_id(const struct world *w, const struct ref *r, struct str id)
{
	for (size_t i = 0; i < r->evidence.n; i++) {
		const struct ref_place *p = &r->evidence.v[i];
		if (p->list >= 0 && str_eq_c(id, w->lists[p->list].entries[p->entry].id)) {
			return true;
		}
	}
	return false;
}

static bool found_has(const struct world *w, const struct signal *s, const struct ref_place *p)
{
	bool span = false, entity = p->list < 0;
	for (size_t i = 0; i < s->spans_n; i++) {
		span |= is_at(p, &s->spans[i]);
	}
	for (size_t i = 0; i < s->entities_n && !entity; i++) {
		const struct entity *e = &s->entities[i];
		entity = is_at(p, &e->span) && str_eq_c(e->list, w->lists[p->list].name) &&
			 str_eq_c(e->id, w->lists[p->list].entries[p->entry].id);
	}
	return span && entity;
}

static bool in_scope(struct ref *r, const struct question *q)
{
	bool unknown = r->post->lang.n == 0 || str_eq_c(r->post->lang, "und");
	bool passes = q->rule.lang_lax && unknown;
	return (q->lang == NULL || passes || ref_holds(r, q->lang)) &&
	       (q->rest == NULL || ref_holds(r, q->rest));
}

static int score(struct ref *r, const struct question *q)
{
	int sum = q->rule.base;
	for (size_t k = 0; k < GEN_TERMS && q->terms[k] != NULL; k++) {
		sum += ref_holds(r, q->terms[k]) ? q->rule.points[k] : 0;
	}
	return sum < 0 ? 0 : sum > 100 ? 100 : sum;
}

/* What a slot of this name may have taken. */
static bool ref_has_value(const struct ref *r, struct str value)
{
	for (size_t i = 0; i < r->values_n; i++) {
		if (str_eq(r->values[i], value)) {
			return true;
		}
	}
	return false;
}

const char *world_difference(
	const struct world *w, struct ref *r, size_t i, const struct signal *found)
{
	int points = found != NULL ? score(r, &w->q[i]) : 0;
	bool holds = in_scope(r, &w->q[i]) && ref_holds(r, w->q[i].tree);
	if (holds != (found != NULL)) {
		return holds ? "the engine does not find it" : "the engine finds it";
	}
	if (holds && found->score != points) {
		return "another score";
	}
	for (size_t k = 0; holds && k < found->spans_n; k++) {
		if (!ref_has_span(r, &found->spans[k])) {
			return "a place where nothing is";
		}
	}
	for (size_t k = 0; holds && k < found->entities_n; k++) {
		const struct entity *e = &found->entities[k];
		if (e->span.field != FIELD_URL && e->span.field != FIELD_LINKS &&
			!ref_has_entity(w, r, e)) {
			return "an entity that is not there";
		}
	}
	for (size_t k = 0; holds && k < found->emit_n; k++) {
		struct str value = found->emit[k].value;
		bool slot = str_eq_c(found->emit[k].name, "a");
		if (slot ? !ref_has_value(r, value) : !ref_has_id(w, r, value)) {
			return "a variable with another value";
		}
	}
	bool all = holds && r->exact && r->evidence.n < 64;
	for (size_t k = 0; all && k < r->evidence.n; k++) {
		if (!found_has(w, found, &r->evidence.v[k])) {
			return "a place or an entity is missing";
		}
	}
	return NULL;
}
