/* hark sources add: from a web page to a source, with a look at it first. */
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/sources.h"
#include "monitor/cli/term.h"
#include "monitor/config/source_name.h"
#include "monitor/config/sources_file.h"
#include "monitor/pipeline/by_hand.h"
#include "monitor/pipeline/find_feed.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static void print_clean(const char *before, struct str text, const char *behind)
{
	struct buf line;
	int width = term_width(stdout);
	size_t used = strlen(before);
	buf_init(&line, 1 << 16);
	term_add(&line, text, width > (int)used + 20 ? (size_t)width - used : 200);
	printf("%s%s%s", before, buf_c(&line), behind);
	buf_release(&line);
}

static void show(const struct found_feeds *found)
{
	for (size_t i = 0; i < found->n; i++) {
		const struct found_feed *f = &found->v[i];
		printf("%zu  ", i + 1);
		print_clean("", f->title.n > 0 ? f->title : STR("(no title)"), "\n");
		print_clean("   ", f->url, "\n");
		printf("   %.*s, %s", STR_FMT(f->format), COUNT(f->posts, "post"));
		if (f->damaged.p != NULL) {
			print_clean(", damaged: ", f->damaged, "");
		}
		putchar('\n');
		for (size_t k = 0; k < f->titles_n; k++) {
			print_clean("     - ", f->titles[k], "\n");
		}
	}
}

static void show_json(const struct found_feeds *found, const struct source_entry *entry)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, 1 << 24);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	jsonout_key_str(&j, "name", entry->name);
	jsonout_key_str(&j, "url", entry->url);
	jsonout_key(&j, "found");
	jsonout_array(&j);
	for (size_t i = 0; i < found->n; i++) {
		jsonout_object(&j);
		found_feed_members(&j, &found->v[i]);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

#define ANSWER_MAX 1000

/* The number somebody types; 0: none, they do not want it. HARK_ESTATE: nobody is there. */
static int choose(const struct found_feeds *found, size_t *pick, struct hark_err *err)
{
	struct buf line;
	char question[64];
	int64_t n = 1;
	snprintf(question, sizeof(question),
		found->n == 1 ? "Add it? [Y/n] " : "Which one? [1-%zu, n for none] ", found->n);
	buf_init(&line, ANSWER_MAX);
	int rc = term_ask(question, &line, err);
	struct str answer = str_trim(buf_str(&line));
	if (rc == HARK_ESTATE) {
		hark_err_set(err, rc,
			"nothing written, because nobody answered: --yes takes the first feed");
	} else if (answer.n > 0 && !str_eq_nocase(answer, STR("y")) &&
		   !str_eq_nocase(answer, STR("yes")) &&
		   (!str_i64(answer, &n) || n < 1 || (size_t)n > found->n)) {
		n = 0;
	}
	buf_release(&line);
	*pick = (size_t)n;
	return rc;
}

static int write_it(struct cli *cli, const struct conf *c, const struct source_entry *entry,
	FILE *say, struct hark_err *err)
{
	const struct conf_source *known = sources_file_holder(c, entry->url, STR_NONE);
	if (known != NULL) {
		return hark_err_set(err, HARK_ESTATE, "it is there already: '%s' at %s:%u:%u",
			known->name, known->at.file, known->at.line, known->at.col);
	}
	int rc = sources_file_change(c, entry, 1, NULL, err);
	if (rc == HARK_OK) {
		fprintf(say, "Added as '%.*s'. To undo: hark sources remove %.*s\n",
			STR_FMT(entry->name), STR_FMT(entry->name));
		sources_reload(cli, c, say);
	}
	return rc;
}

/* One request after the other, on this thread. */
static int find(const struct conf *c, struct str url, bool internal, struct arena *arena,
	struct found_feeds *found, struct hark_err *err)
{
	char agent[CONF_AGENT_MAX];
	const struct find_options options = {internal, "--internal"};
	int rc = by_hand_may_ask(c, internal, options.internal_word, err);
	struct fetch *fetch = rc == HARK_OK ? fetch_by_hand(c, agent, err) : NULL;
	if (fetch == NULL) {
		return err->code;
	}
	rc = find_feeds(fetch, url, &options, arena, found, err);
	fetch_free(fetch);
	return rc;
}

static int add(struct cli *cli, const struct conf *c, struct str url, struct arena *arena,
	struct hark_err *err)
{
	struct found_feeds found;
	char name[SOURCE_NAME_MAX];
	bool internal = cli_given(cli, "internal");
	int rc = find(c, url, internal, arena, &found, err);
	if (rc != HARK_OK) {
		return rc;
	}
	bool is_dry = cli_given(cli, "dry-run");
	bool asks = !is_dry && !cli_given(cli, "yes") && !cli_json(cli);
	size_t pick = 1;
	if (!cli_json(cli)) {
		show(&found);
	}
	rc = asks ? choose(&found, &pick, err) : HARK_OK;
	if (rc != HARK_OK) {
		return rc;
	}
	if (pick == 0) {
		puts("Nothing written.");
		return HARK_OK;
	}
	const struct found_feed *f = &found.v[pick - 1];
	struct source_entry entry = {.name = str_c(cli_value(cli, "name")),
		.url = f->url,
		.every = str_c(cli_value(cli, "every")),
		.internal = internal};
	if (entry.name.p == NULL) {
		source_name_make(f->title, f->url, source_name_is_taken, (void *)c, name);
		entry.name = str_c(name);
	}
	if (cli_json(cli)) {
		show_json(&found, &entry);
	} else if (is_dry) {
		printf("Would be added as '%.*s'.\n", STR_FMT(entry.name));
	}
	return is_dry ? HARK_OK : write_it(cli, c, &entry, cli_json(cli) ? stderr : stdout, err);
}

int run_sources_add(struct cli *cli, int argc, char **argv)
{
	struct hark_err err;
	struct arena arena;
	struct buf url;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "name one URL");
	}
	struct conf *c = sources_conf(cli, &code);
	if (c == NULL) {
		return code;
	}
	arena_init(&arena, (size_t)256 << 20);
	buf_init(&url, 8192);
	if (find_address(str_c(argv[0]), &url, &err) != HARK_OK) {
		code = cli_usage(cli, "%s: %s", argv[0], err.text);
	} else if (add(cli, c, buf_str(&url), &arena, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	buf_release(&url);
	arena_release(&arena);
	conf_unref(c);
	return code;
}
