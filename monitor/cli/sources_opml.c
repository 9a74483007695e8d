/* hark sources import-opml and export-opml: feeds from and for other readers. */
#include "connectors/parse/opml.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/file.h"
#include "monitor/cli/progress.h"
#include "monitor/cli/sources.h"
#include "monitor/config/source_name.h"
#include "monitor/config/sources_file.h"
#include "monitor/cli/table.h"
#include "monitor/cli/term.h"
#include "monitor/config/values.h"

#include <stdio.h>
#include <stdlib.h>

/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#define uthash_nonfatal_oom(entry) (seen->no_memory = true)
#include <uthash.h>

#define OPML_MAX ((size_t)64 << 20)
#define ANSWER_MAX 1000
#define SHOWN_MAX 10

/* Names and addresses in use; one table does for both, a name is never a URL. */
struct seen_text {
	const char *text;
	UT_hash_handle hh;
};

struct seen {
	struct arena *arena;
	struct seen_text *all;
	bool no_memory;
};

struct import {
	struct arena arena;
	struct opml_feed *feeds;
	size_t feeds_n;
	struct source_entry *entries;
	size_t entries_n, known_n, left_out_n;
	struct table left_out; /* the first of them */
	struct seen seen;
};

static bool has(const struct seen *seen, const char *text)
{
	struct seen_text *found = NULL;
	HASH_FIND_STR(seen->all, text, found);
	return found != NULL;
}

static bool is_taken(void *ctx, const char *name)
{
	return has(ctx, name);
}

static void note(struct seen *seen, const char *text)
{
	struct seen_text *t = text != NULL ? arena_alloc(seen->arena, sizeof(*t)) : NULL;
	if (t == NULL) {
		seen->no_memory = seen->no_memory || text != NULL;
		return;
	}
	t->text = text;
	HASH_ADD_KEYPTR(hh, seen->all, t->text, strlen(t->text), t);
}

static void leave_out(struct import *in, const struct opml_feed *f, const char *why)
{
	if (in->left_out_n++ < SHOWN_MAX) {
		bool has_password = str_find(f->url, STR("@")) != SIZE_MAX;
		table_add_str(&in->left_out, has_password ? url_host(f->url) : f->url);
		table_add(&in->left_out, why);
	}
}

static void sort_feed(struct import *in, const struct opml_feed *f, struct str every)
{
	struct hark_err err;
	char name[SOURCE_NAME_MAX];
	const char *url = arena_c(&in->arena, f->url);
	if (url == NULL) {
		in->seen.no_memory = true;
	} else if (has(&in->seen, url)) {
		in->known_n++;
	} else if (value_url(f->url, &err) != HARK_OK) {
		leave_out(in, f, err.text);
	} else if (host_is_internal(url_host(f->url))) {
		leave_out(in, f, "a private address: add it with hark sources add --internal");
	} else {
		source_name_make(f->title, f->url, is_taken, &in->seen, name);
		const char *kept = arena_c(&in->arena, str_c(name));
		note(&in->seen, url);
		note(&in->seen, kept);
		in->seen.no_memory = in->seen.no_memory || kept == NULL;
		in->entries[in->entries_n++] = (struct source_entry){
			.name = str_c(kept), .url = str_c(url), .every = every};
	}
}

static int sort_all(struct import *in, const struct conf *c, struct str every, struct hark_err *err)
{
	struct progress progress;
	in->entries = arena_alloc(&in->arena, (in->feeds_n + 1) * sizeof(*in->entries));
	for (size_t i = 0; i < c->sources_n; i++) {
		note(&in->seen, c->sources[i].name);
		note(&in->seen, c->sources[i].url);
	}
	progress_start(&progress, "sorting feeds", (int64_t)in->feeds_n);
	for (size_t i = 0; in->entries != NULL && i < in->feeds_n; i++) {
		sort_feed(in, &in->feeds[i], every);
		progress_set(&progress, (int64_t)i + 1);
	}
	progress_end(&progress);
	HASH_CLEAR(hh, in->seen.all);
	return in->entries != NULL && !in->seen.no_memory
		       ? HARK_OK
		       : hark_err_set(err, HARK_ENOMEM, "no memory for %zu feeds", in->feeds_n);
}

static void show(struct cli *cli, const struct import *in, const char *path)
{
	static const struct table_column columns[] = {
		{"new", TABLE_LEFT, false}, {"url", TABLE_LEFT, true}};
	struct table t;
	printf("%s: %s, %zu of them new, %zu already there, %zu left out\n", path,
		COUNT(in->feeds_n, "feed"), in->entries_n, in->known_n, in->left_out_n);
	table_init(&t, columns, 2);
	for (size_t i = 0; i < in->entries_n && i < SHOWN_MAX; i++) {
		table_add_str(&t, in->entries[i].name);
		table_add_str(&t, in->entries[i].url);
	}
	if (in->entries_n > 0) {
		table_print(&t, stdout, cli_color(cli));
	}
	if (in->entries_n > SHOWN_MAX) {
		printf("… and %zu more\n", in->entries_n - SHOWN_MAX);
	}
	table_release(&t);
	if (in->left_out_n > 0) {
		table_print(&in->left_out, stdout, cli_color(cli));
	}
}

/* HARK_ESTATE: nobody is there to answer. */
static int confirm(bool *yes, struct hark_err *err)
{
	struct buf line;
	buf_init(&line, ANSWER_MAX);
	int rc = term_ask("Add them? [y/N] ", &line, err);
	struct str answer = str_trim(buf_str(&line));
	*yes = rc == HARK_OK &&
	       (str_eq_nocase(answer, STR("y")) || str_eq_nocase(answer, STR("yes")));
	buf_release(&line);
	return rc == HARK_ESTATE
		       ? hark_err_set(err, rc,
				 "nothing written, because nobody answered: --yes adds them")
		       : rc;
}

static int import_file(struct cli *cli, const struct conf *c, struct import *in, const char *path,
	struct hark_err *err)
{
	struct buf text;
	bool yes = cli_given(cli, "yes");
	buf_init(&text, OPML_MAX);
	int rc = file_read(&text, path, err);
	if (rc == HARK_OK) {
		rc = opml_read(buf_str(&text), &in->arena, &in->feeds, &in->feeds_n, NULL, err);
		if (rc != HARK_OK) {
			hark_err_wrap(err, "%s", path);
		}
	}
	buf_release(&text);
	rc = rc == HARK_OK ? sort_all(in, c, str_c(cli_value(cli, "every")), err) : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	show(cli, in, path);
	if (in->entries_n == 0 || cli_given(cli, "dry-run")) {
		return HARK_OK;
	}
	if (c->contact == NULL) {
		return hark_err_set(err, HARK_ESTATE,
			"%s does not say who asks: add operator: { contact: "
			"\"mailto:you@your.domain\" }",
			c->path);
	}
	rc = yes ? HARK_OK : confirm(&yes, err);
	if (rc != HARK_OK || !yes) {
		return rc;
	}
	rc = sources_file_change(c, in->entries, in->entries_n, NULL, err);
	if (rc == HARK_OK) {
		printf("Added %zu. To undo one: hark sources remove NAME\n", in->entries_n);
		sources_reload(cli, c, stdout);
	}
	return rc;
}

int run_sources_import(struct cli *cli, int argc, char **argv)
{
	static const struct table_column columns[] = {
		{"left out", TABLE_LEFT, true}, {"why", TABLE_LEFT, true}};
	struct hark_err err;
	struct import in = {0};
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "name one OPML file, or - for standard input");
	}
	struct conf *c = sources_conf(cli, &code);
	if (c == NULL) {
		return code;
	}
	arena_init(&in.arena, (size_t)512 << 20);
	in.seen.arena = &in.arena;
	table_init(&in.left_out, columns, 2);
	if (import_file(cli, c, &in, argv[0], &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	table_release(&in.left_out);
	arena_release(&in.arena);
	conf_unref(c);
	return code;
}

static int print_opml(const struct conf *c, struct hark_err *err)
{
	struct opml_feed *feeds = calloc(c->sources_n + 1, sizeof(*feeds));
	struct buf out;
	size_t n = 0;
	if (feeds == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for %zu sources", c->sources_n);
	}
	for (size_t i = 0; i < c->sources_n; i++) {
		const struct conf_source *s = &c->sources[i];
		if (strcmp(s->connector, "feed") == 0 && s->url != NULL) {
			feeds[n++] = (struct opml_feed){.url = str_c(s->url),
				.title = str_c(s->name),
				.lang = str_c(s->lang)};
		}
	}
	buf_init(&out, OPML_MAX);
	int rc = opml_write(feeds, n, "hark", clock_wall_ms(), &out);
	if (rc == HARK_OK) {
		fwrite(buf_c(&out), 1, out.n, stdout);
	} else {
		hark_err_set(err, rc, "the list is too long");
	}
	buf_release(&out);
	free(feeds);
	return rc;
}

int run_sources_export(struct cli *cli, int argc, char **argv)
{
	struct hark_err err;
	int code = EXIT_DONE;
	(void)argv;
	if (argc != 0) {
		return cli_usage(cli, "export-opml takes no arguments; it prints");
	}
	struct conf *c = sources_conf(cli, &code);
	if (c != NULL && print_opml(c, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	conf_unref(c);
	return code;
}
