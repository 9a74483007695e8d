/* Rules written in a test, in a folder of their own. */
#ifndef HARK_TESTS_RULES_UNIT_H
#define HARK_TESTS_RULES_UNIT_H

#include "tests/unit/unit.h"

#include "monitor/base/file.h"
#include "rules/rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct folder {
	char path[64];
	struct diags diags;
	struct arena arena;
	struct hark_err err;
};

static inline void folder_open(struct folder *f)
{
	memset(f, 0, sizeof(*f));
	snprintf(f->path, sizeof(f->path), "/tmp/hark-rules-XXXXXX");
	assert_non_null(mkdtemp(f->path));
	diags_init(&f->diags);
	arena_init(&f->arena, 0);
}

static inline void folder_write(struct folder *f, const char *name, const char *text)
{
	char path[200];
	snprintf(path, sizeof(path), "%s/%s", f->path, name);
	assert_int_equal(file_write(path, str_c(text), 0600, NULL), HARK_OK);
}

static inline void folder_close(struct folder *f)
{
	char command[128];
	snprintf(command, sizeof(command), "rm -rf '%s'", f->path);
	assert_int_equal(system(command), 0);
	diags_release(&f->diags);
	arena_release(&f->arena);
}

/* Loads r.yaml of the folder; lists from people.csv and rivals.csv if `lists`. */
static inline struct ruleset *folder_load(struct folder *f, bool lists)
{
	static const char *const paths[] = {"r.yaml"};
	static const struct rules_list defined[] = {
		{.name = "people", .file = "people.csv", .at = {.file = "hark.yaml", .line = 3, .col = 5}},
		{.name = "rivals", .file = "rivals.csv", .at = {.file = "hark.yaml", .line = 4, .col = 5}}};
	struct rules_source source = {.paths = paths,
		.paths_n = 1,
		.lists = defined,
		.lists_n = lists ? 2 : 0,
		.base_dir = f->path,
		.packs_dir = f->path};
	struct ruleset *r = NULL;
	int rc = ruleset_load(&r, &source, &f->diags, &f->err);
	assert_int_equal(rc == HARK_OK, r != NULL);
	return r;
}

static inline void print_findings(struct diags *d)
{
	for (size_t i = 0; i < d->n; i++) {
		print_error("%s:%u:%u: %s: %s (%s)\n", d->v[i].at.file, d->v[i].at.line,
			d->v[i].at.col, d->v[i].code, d->v[i].message,
			d->v[i].help != NULL ? d->v[i].help : "");
	}
}

/* Whether one query, with the lists of the folder, finds anything in a post. */
static inline bool folder_matches(struct folder *f, const char *query, const struct post *post)
{
	char yaml[4000];
	struct signal *found;
	size_t n;
	snprintf(yaml, sizeof(yaml),
		"rules:\n  - id: q\n    kind: mention\n    slow: true\n    match: |\n      %s\n",
		query);
	folder_write(f, "r.yaml", yaml);
	struct ruleset *r = folder_load(f, true);
	if (r == NULL) {
		print_findings(&f->diags);
	}
	assert_non_null(r);
	struct matcher *m = matcher_new(r);
	assert_non_null(m);
	assert_int_equal(matcher_match(m, post, &f->arena, &found, &n), HARK_OK);
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < found[i].spans_n; k++) { /* every span lies in its field */
			assert_true(found[i].spans[k].start < found[i].spans[k].end);
			assert_true(found[i].spans[k].field != FIELD_TEXT ||
				    found[i].spans[k].end <= post->text.n);
		}
	}
	matcher_free(m);
	ruleset_unref(r);
	return n > 0;
}

static inline bool folder_finds(struct folder *f, const char *query, const char *text)
{
	struct post p;
	post_init(&p);
	p.source = STR("test");
	p.external_id = STR("1");
	p.text = str_c(text);
	return folder_matches(f, query, &p);
}

#endif
