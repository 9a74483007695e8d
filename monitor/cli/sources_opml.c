/* hark sources import-opml and export-opml: feeds from and for other readers. */
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/file.h"
#include "monitor/cli/progress.h"
#include "monitor/cli/sources.h"
#include "monitor/config/opml_sources.h"
#include "monitor/cli/table.h"
#include "monitor/cli/term.h"

#include <stdio.h>

#define OPML_MAX ((size_t)64 << 20)
#define ANSWER_MAX 1000
#define SHOWN_MAX 10

static void on_progress(void *ctx, size_t done, size_t total)
{
	struct progress *p = ctx;
	p->total = (int64_t)total;
	progress_set(p, (int64_t)done);
}

static void show_left_out(const struct cli *cli, const struct opml_sources *in)
{
	static const struct table_column columns[] = {
		{"left out", TABLE_LEFT, true}, {"why", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, 2);
	for (size_t i = 0; i < in->left_out_n && i < OPML_LEFT_OUT_MAX; i++) {
		table_add_str(&t, in->left_out[i].url);
		table_add_str(&t, in->left_out[i].why);
	}
	if (in->left_out_n > 0) {
		table_print(&t, stdout, cli_color(cli));
	}
	table_release(&t);
}

static void show(struct cli *cli, const struct opml_sources *in, const char *path)
{
	static const struct table_column columns[] = {
		{"new", TABLE_LEFT, false}, {"url", TABLE_LEFT, true}};
	struct table t;
	if (in->feeds_n == 0) {
		printf("%s: there is no feed in it: an <outline> with xmlUrl= is one\n", path);
		return;
	}
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
	show_left_out(cli, in);
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

static int import_file(struct cli *cli, const struct conf *c, struct arena *arena, const char *path,
	struct hark_err *err)
{
	struct opml_sources list, *in = &list;
	struct progress progress;
	struct buf text;
	bool yes = cli_given(cli, "yes");
	buf_init(&text, OPML_MAX);
	int rc = file_read(&text, path, err);
	if (rc == HARK_OK) {
		progress_start(&progress, "sorting feeds", 0);
		rc = opml_sources_read(in, c, buf_str(&text), str_c(cli_value(cli, "every")), arena,
			on_progress, &progress, err);
		progress_end(&progress);
		if (rc != HARK_OK) {
			hark_err_wrap(err, "%s", path);
		}
	}
	buf_release(&text);
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
	struct hark_err err;
	struct arena arena;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "name one OPML file, or - for standard input");
	}
	struct conf *c = sources_conf(cli, &code);
	if (c == NULL) {
		return code;
	}
	arena_init(&arena, (size_t)512 << 20);
	if (import_file(cli, c, &arena, argv[0], &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	arena_release(&arena);
	conf_unref(c);
	return code;
}

static int print_opml(const struct conf *c, struct hark_err *err)
{
	struct buf out;
	buf_init(&out, OPML_MAX);
	int rc = opml_sources_write(c, clock_wall_ms(), &out, err);
	if (rc == HARK_OK) {
		fwrite(buf_c(&out), 1, out.n, stdout);
	}
	buf_release(&out);
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
