#include "monitor/base/count.h"
#include "rules/ruleset_in.h"

#include "monitor/base/file.h"
#include "rules/draft.h"
#include "rules/fold.h"
#include "rules/frequency.h"
#include "rules/rule_lists.h"
#include "rules/selftest.h"

#include <glob.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

struct ruleset *ruleset_new(void)
{
	struct ruleset *r = calloc(1, sizeof(*r));
	if (r == NULL) {
		return NULL;
	}
	atomic_init(&r->refs, 1);
	arena_init(&r->arena, 0);
	lists_init(&r->lists);
	return r;
}

struct ruleset *ruleset_ref(struct ruleset *r)
{
	atomic_fetch_add_explicit(&r->refs, 1, memory_order_relaxed);
	return r;
}

void ruleset_unref(struct ruleset *r)
{
	if (r == NULL || atomic_fetch_sub_explicit(&r->refs, 1, memory_order_acq_rel) != 1) {
		return;
	}
	for (size_t f = 0; f < r->files_n; f++) {
		for (size_t i = 0; i < r->files[f]->regexes_n; i++) {
			regex_free(r->files[f]->regexes[i]);
		}
		free(r->files[f]->regexes);
	}
	lists_release(&r->lists);
	arena_release(&r->arena);
	free(r);
}

size_t ruleset_count(const struct ruleset *r)
{
	return r->rules_n;
}

size_t ruleset_list_count(const struct ruleset *r)
{
	size_t n = 0;
	for (size_t i = 0; i < r->lists.n; i++) {
		n += r->lists.v[i]->n;
	}
	return n;
}

void rule_info_of(const struct rule *rule, struct rule_info *out)
{
	static const char *const status[] = {
		[RULE_LIVE] = "live", [RULE_SHADOW] = "shadow", [RULE_RETIRED] = "retired"};
	*out = (struct rule_info){.id = rule->id,
		.title = rule->title.n > 0 ? rule->title : rule->id,
		.file = rule->file,
		.line = rule->node->at.line,
		.kind = rule->kind,
		.level = rule->level,
		.status = rule->inactive ? "inactive" : status[rule->status],
		.hash = rule->hash};
}

static const struct rule *rule_at(
	const struct ruleset *r, size_t i, const struct rule_file **file)
{
	for (size_t f = 0; f < r->files_n; f++) {
		*file = r->files[f];
		if (i < (*file)->rules_n) {
			return &(*file)->rules[i];
		}
		i -= (*file)->rules_n;
	}
	return NULL;
}

bool ruleset_rule_at(const struct ruleset *r, size_t i, struct rule_info *out)
{
	const struct rule_file *file;
	const struct rule *rule = rule_at(r, i, &file);
	if (rule != NULL) {
		rule_info_of(rule, out);
		out->path = file->path;
		out->pack = file->pack;
	}
	return rule != NULL;
}

int ruleset_query_at(const struct ruleset *r, size_t i, struct buf *out)
{
	const struct rule_file *file;
	const struct rule *rule = rule_at(r, i, &file);
	if (rule != NULL && rule->match != NULL) {
		query_print(rule->match, out);
	}
	return out->rc;
}

bool ruleset_list_at(const struct ruleset *r, size_t i, struct list_info *out, struct buf *names)
{
	if (i >= r->lists.n) {
		return false;
	}
	const struct list *list = r->lists.v[i];
	*out = (struct list_info){list->name, list->n};
	for (size_t e = 0; e < list->n && names->rc == HARK_OK; e++) {
		buf_add_str(names, list->entries[e].id);
		buf_add_char(names, ' ');
		buf_add_str(names, list->entries[e].name);
		buf_add_char(names, '\n');
	}
	return true;
}

/* ---- files ---- */

/* What one entry of `rules:` stands for. */
struct search {
	struct ruleset *r;
	const struct rules_source *source;
	struct diags *diags;
	struct diag_at at; /* of the entry */
	const char *written;
};

static void not_found(struct search *s, const char *what, const char *help)
{
	diags_add(s->diags, DIAG_ERROR, "E080", s->at, STR_NONE, help, "%s: %s", s->written, what);
}

static bool known_path(const struct ruleset *r, const char *path)
{
	for (size_t i = 0; i < r->files_n; i++) {
		if (strcmp(r->files[i]->path, path) == 0) {
			return true;
		}
	}
	return false;
}

static void add_text(
	struct search *s, struct str text, const char *path, const char *name, bool pack)
{
	struct rule_file *f = rule_file_read(text, name, &s->r->arena, s->diags);
	struct rule_file **grown = arena_grow(
		&s->r->arena, s->r->files, s->r->files_n, &s->r->files_cap, sizeof(*grown));
	if (f != NULL && grown != NULL) {
		f->path = arena_c(&s->r->arena, str_c(path));
		f->pack = pack;
		s->r->files = grown;
		s->r->files[s->r->files_n++] = f;
	}
}

static bool is_draft(const struct rules_source *source, const char *path)
{
	return source->draft != NULL && strcmp(path, source->draft->path) == 0;
}

static void add_file(struct search *s, const char *path, const char *name, bool pack)
{
	struct hark_err err = {0};
	struct buf text;
	if (known_path(s->r, path) || is_draft(s->source, path)) {
		return;
	}
	buf_init(&text, RULE_FILE_MAX);
	if (file_read(&text, path, &err) == HARK_OK) {
		add_text(s, buf_str(&text), path, name, pack);
	} else {
		diags_add(s->diags, DIAG_ERROR, "E080", s->at, STR_NONE, NULL, "%s", err.text);
	}
	buf_release(&text);
}

static void add_glob(struct search *s, const char *pattern)
{
	glob_t found;
	const char *base = s->source->base_dir;
	size_t cut = s->written[0] != '/' && base != NULL ? strlen(base) + 1 : 0;
	if (glob(pattern, 0, NULL, &found) != 0) {
		diags_add(s->diags, DIAG_WARNING, "W080", s->at, STR_NONE, NULL,
			"no file matches '%s'", s->written);
		return;
	}
	for (size_t i = 0; i < found.gl_pathc; i++) {
		const char *path = found.gl_pathv[i];
		bool below = cut > 1 && strncmp(path, base, cut - 1) == 0 && path[cut - 1] == '/';
		add_file(s, path, below ? path + cut : path, false);
	}
	globfree(&found);
}

/* packs/NAME: from the shipped packs, unless a file of that name stands beside the configuration. */
static void add_pack(struct search *s)
{
	struct buf b;
	buf_init(&b, 8192);
	buf_printf(&b, "%s/%s.yaml", s->source->packs_dir, s->written + strlen("packs/"));
	if (access(buf_c(&b), R_OK) == 0) {
		add_file(s, buf_c(&b), s->written, true);
	} else {
		not_found(s, "there is no such pack", "hark rules list --packs names them");
	}
	buf_release(&b);
}

static void add_path(struct search *s)
{
	struct stat st;
	char *path = resolve(&s->r->arena, s->source->base_dir, s->written);
	if (path == NULL) {
		return;
	}
	bool pack = strncmp(s->written, "packs/", 6) == 0 && s->source->packs_dir != NULL;
	if (stat(path, &st) == 0 && S_ISDIR(st.st_mode)) {
		char *all = resolve(&s->r->arena, path, "*.yaml");
		if (all != NULL) {
			add_glob(s, all);
		}
	} else if (stat(path, &st) == 0) {
		add_file(s, path, s->written, false);
	} else if (pack) {
		add_pack(s);
	} else if (strpbrk(s->written, "*?[") != NULL) {
		add_glob(s, path);
	} else {
		not_found(s, "there is no such file", NULL);
	}
}

/* Whatever could not be remembered on the way: a ruleset without it would be another one. */
static int memory_rc(const struct ruleset *r, const struct diags *diags)
{
	int rc = r->arena.rc != HARK_OK ? r->arena.rc : r->lists.arena.rc;
	rc = r->lists.scratch.starved ? HARK_ENOMEM : rc;
	return rc != HARK_OK ? rc : diags->arena.rc;
}

/* The others have said which ids are theirs. */
static void keep_draft(struct ruleset *r, const struct rules_draft *draft)
{
	size_t n = r->files_n;
	r->files_n = 0;
	if (n > 0 && strcmp(r->files[n - 1]->path, draft->path) == 0) { /* else it is not even YAML */
		r->files[0] = r->files[n - 1];
		r->files_n = 1;
	}
}

static bool open_rule(struct ruleset *r, struct str id)
{
	bool found = false;
	for (size_t i = 0; i < r->files_n; i++) {
		for (size_t k = 0; k < r->files[i]->rules_n; k++) {
			struct rule *rule = &r->files[i]->rules[k];
			if (str_eq(rule->id, id)) {
				found = (rule->flags & FLAG_SENSITIVE) != 0;
				rule->flags &= ~(unsigned)FLAG_SENSITIVE;
			}
		}
	}
	return found;
}

static bool is_named_before(const struct rules_source *source, size_t i)
{
	size_t k = 0;
	while (k < i && strcmp(source->opened[k], source->opened[i]) != 0) {
		k++;
	}
	return k < i;
}

/* Beside a draft not all files may be there. */
static void open_sensitive(
	struct ruleset *r, const struct rules_source *source, struct diags *diags)
{
	for (size_t i = 0; i < source->opened_n; i++) {
		if (!is_named_before(source, i) && !open_rule(r, str_c(source->opened[i])) &&
			source->draft == NULL) {
			diags_add(diags, DIAG_ERROR, "E030", source->opened_at[i], STR_NONE,
				"hark rules list shows them",
				"sensitive: no rule with the flag sensitive has the id '%s'",
				source->opened[i]);
		}
	}
}

int ruleset_read(struct ruleset *r, const struct rules_source *source, struct diags *diags,
	struct hark_err *err)
{
	if (fold_init() != HARK_OK) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the table of characters");
	}
	const struct rules_draft *draft = source->draft;
	struct diags unasked; /* of files beside a draft that stands alone */
	diags_init(&unasked);
	bool alone = draft != NULL && draft->alone;
	for (size_t i = 0; i < source->paths_n; i++) {
		struct search s = {.r = r,
			.source = source,
			.diags = alone ? &unasked : diags,
			.written = source->paths[i]};
		s.at = source->paths_at != NULL ? source->paths_at[i]
						: (struct diag_at){.file = source->paths[i]};
		if (source->paths_at == NULL) {
			s.at.line = 0;
		}
		add_path(&s);
	}
	diags_release(&unasked);
	if (draft != NULL) { /* behind the others, so that it is the one that takes an id of theirs */
		struct search s = {.r = r, .source = source, .diags = diags};
		add_text(&s, draft->text, draft->path, draft->name, draft->pack);
	}
	rule_files_check_ids(r->files, r->files_n, &r->arena, diags);
	if (alone) {
		keep_draft(r, draft);
	}
	open_sensitive(r, source, diags);
	return memory_rc(r, diags) == HARK_OK
		       ? HARK_OK
		       : hark_err_set(err, HARK_ENOMEM, "no memory for the rules");
}

/* ---- linking ---- */

static int keep_rule(struct ruleset *r, struct rule *rule)
{
	struct rule **grown =
		arena_grow(&r->arena, r->rules, r->rules_n, &r->rules_cap, sizeof(*grown));
	if (grown == NULL) {
		return HARK_ENOMEM;
	}
	r->rules = grown;
	r->rules[r->rules_n++] = rule;
	return HARK_OK;
}

static int link_one(struct ruleset *r, struct linker *l, struct rule *rule)
{
	link_rule(l, rule);
	bool matched = !rule->broken && !rule->inactive && rule->status != RULE_RETIRED;
	return matched || (l->test && !rule->broken && !rule->inactive) ? keep_rule(r, rule)
									: HARK_OK;
}

int ruleset_link(struct ruleset *r, struct rule_file *file, struct rule *only,
	const struct rules_source *source, struct diags *diags)
{
	struct finder f = {.r = r,
		.source = source,
		.diags = diags,
		.test_lists = only != NULL ? yaml_get(only->tests, "lists") : NULL};
	struct linker l = {.file = file,
		.arena = file->arena,
		.diags = diags,
		.find_list = find_list,
		.find_slot_list = only != NULL ? find_test_list : find_list,
		.list_names = list_names,
		.ctx = &f,
		.test = only != NULL};
	int rc = HARK_OK;
	text_init(&l.scratch);
	for (size_t i = 0; i < file->rules_n && rc == HARK_OK; i++) {
		if (only == NULL || only == &file->rules[i]) {
			rc = link_one(r, &l, &file->rules[i]);
		}
	}
	if (only == NULL) {
		check_list_names(file, source, diags);
		link_defines(&l);
	}
	rc = l.scratch.starved ? HARK_ENOMEM : rc;
	text_release(&l.scratch);
	rc = rc != HARK_OK ? rc : r->lists.rc;
	return rc != HARK_OK ? rc : memory_rc(r, diags);
}

/* Which lists are looked at in every post. */
static void mark_waking(struct ruleset *r)
{
	for (size_t i = 0; i < r->rules_n; i++) {
		const struct anchors *a = &r->rules[i]->anchors;
		for (size_t k = 0; k < a->n; k++) {
			if (a->v[k].kind == ANCHOR_LIST) {
				r->lists.v[a->v[k].list]->wakes = true;
			}
		}
	}
}

int ruleset_finish(struct ruleset *r, struct diags *diags)
{
	uint64_t words = word_frequency_version();
	mark_waking(r);
	int rc = lists_build(&r->lists, diags);
	for (size_t i = 0; i < r->rules_n && rc == HARK_OK; i++) {
		rc = index_add(&r->index, r->rules[i], (uint32_t)i, &r->arena);
		rc = rc == HARK_OK ? needs_add(&r->needs, r->rules[i], &r->arena) : rc;
		rc = rc == HARK_OK ? rule_note_lists(r->rules[i], words, &r->arena) : rc;
	}
	rc = rc == HARK_OK ? index_build(&r->index, &r->arena) : rc;
	return rc != HARK_OK ? rc : r->arena.rc;
}

int ruleset_load(struct ruleset **out, const struct rules_source *source, struct diags *diags,
	struct hark_err *err)
{
	size_t before = diags->errors;
	struct ruleset *r = ruleset_new();
	*out = NULL;
	if (r == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the rules");
	}
	int rc = ruleset_read(r, source, diags, err);
	rc = rc == HARK_OK ? selftest(err) : rc;
	if (rc == HARK_OK && (source->draft == NULL || !source->draft->alone)) {
		load_all_lists(r, source, diags);
	}
	for (size_t i = 0; i < r->files_n && rc == HARK_OK; i++) {
		rc = ruleset_link(r, r->files[i], NULL, source, diags);
	}
	if (rc == HARK_OK && diags->errors == before) {
		rc = ruleset_finish(r, diags);
	}
	if (rc == HARK_OK && diags->errors > before) {
		size_t n = diags->errors - before;
		rc = hark_err_set(err, HARK_EPARSE, "%s in rules and lists", COUNT(n, "error"));
	} else if (rc == HARK_ENOMEM) {
		hark_err_set(err, rc, "no memory for the rules");
	}
	if (rc != HARK_OK) {
		ruleset_unref(r);
		return rc;
	}
	*out = r;
	return HARK_OK;
}
