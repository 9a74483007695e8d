/* hark classify: Posts in, the same lines out with what was read in them, in the order they came. */
#include "monitor/cli/commands.h"

#include "monitor/base/json.h"
#include "monitor/base/lines.h"
#include "rules/classify/move.h"
#include "rules/classify/tone.h"
#include "rules/fold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)64 << 20)

struct classify {
	struct move_finder *finder;
	struct tone_model model;
	struct tone_reader *reader;
	struct arena arena;
	struct buf line, found, out; /* found: an object of what was read */
	struct lines in;
	const char *path;
	bool why;
	size_t bad;
};

/* A line that has a `classify` of its own: what was not looked for stays. */
static int update_member(struct classify *c, struct str line, struct hark_err *err)
{
	json_t *post = json_read(line, err);
	json_t *found = post != NULL ? json_read(buf_str(&c->found), err) : NULL;
	json_t *classify = json_object_get(post, "classify");
	char *text = NULL;
	if (found != NULL && !json_is_object(classify)) {
		classify = json_object();
		json_object_set_new(post, "classify", classify);
	}
	if (found != NULL && json_object_update(classify, found) == 0) {
		text = json_dumps(post, JSON_COMPACT);
	}
	int rc = text != NULL ? buf_add_c(&c->out, text)
			      : hark_err_set(err, HARK_ENOMEM, "no memory to print it");
	free(text);
	json_decref(found);
	json_decref(post);
	return rc;
}

/* The line as it was, with one more member. */
static int add_member(struct classify *c, struct str line, struct hark_err *err)
{
	if (str_find(line, STR("\"classify\"")) != SIZE_MAX) {
		return update_member(c, line, err);
	}
	struct str open = str_trim(str_n(line.p, line.n - 1));
	buf_add_str(&c->out, open);
	buf_add_c(&c->out, open.n > 1 ? ",\"classify\":" : "\"classify\":");
	buf_add_str(&c->out, buf_str(&c->found));
	buf_add_char(&c->out, '}');
	return c->out.rc;
}

static void write_found(struct classify *c, const struct post *post, const struct tone *tone,
	const struct move *move)
{
	struct jsonout j;
	buf_clear(&c->found);
	jsonout_init(&j, &c->found);
	jsonout_object(&j);
	tone_write_json(tone, post, c->why, &j);
	jsonout_key(&j, "move");
	move_write_json(move, c->why, &c->found);
	jsonout_end_object(&j);
}

static int classify_post(struct classify *c, struct str line, struct hark_err *err)
{
	struct post post;
	struct move move;
	struct tone tone;
	post_init(&post);
	int rc = post_read_line(&post, line, &c->arena, err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = move_find(c->finder, &post, &move);
	if (rc != HARK_OK) {
		return hark_err_set(err, rc, "no memory to classify it");
	}
	tone_read(c->reader, &post, c->why, &tone);
	tone_claim(c->reader, &tone);
	write_found(c, &post, &tone, &move);
	rc = add_member(c, line, err);
	buf_add_char(&c->out, '\n');
	return rc;
}

static int print_line(struct classify *c, struct hark_err *err)
{
	int rc = HARK_OK;
	if (c->out.n > 0 && fwrite(buf_c(&c->out), 1, c->out.n, stdout) != c->out.n) {
		rc = hark_err_errno(err, HARK_EIO, errno, "standard output cannot be written");
	}
	buf_clear(&c->out);
	return rc;
}

/* HARK_ENOENT: the end. */
static int classify_line(struct classify *c, struct hark_err *err)
{
	struct hark_err wrong = {0};
	buf_clear(&c->line);
	arena_reset(&c->arena);
	int rc = lines_next(&c->in, &c->line, &wrong);
	if (rc != HARK_OK && rc != HARK_ELIMIT) {
		hark_err_set(err, rc, "%s: %s", c->path, wrong.text);
		return rc;
	}
	struct str line = str_trim(buf_str(&c->line));
	if (rc == HARK_OK && line.n == 0) {
		return HARK_OK;
	}
	rc = rc == HARK_OK ? classify_post(c, line, &wrong) : rc;
	if (rc != HARK_OK) {
		c->bad++;
		buf_clear(&c->out);
		fprintf(stderr, "%s:%zu: %s\n", c->path, c->in.number, wrong.text);
		return HARK_OK;
	}
	return print_line(c, err);
}

static int classify_stream(struct classify *c, int fd, struct hark_err *err)
{
	int rc = HARK_OK;
	lines_init(&c->in, fd, LINE_BYTES_MAX);
	arena_init(&c->arena, 0);
	buf_init(&c->line, LINE_BYTES_MAX + 1);
	buf_init(&c->found, 1 << 20);
	buf_init(&c->out, (size_t)1 << 30);
	c->finder = fold_init() == HARK_OK ? move_finder_new() : NULL;
	c->reader = tone_reader_new(&c->model);
	if (c->finder == NULL || c->reader == NULL) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory to classify");
	}
	while (rc == HARK_OK) {
		rc = classify_line(c, err);
	}
	move_finder_free(c->finder);
	tone_reader_free(c->reader);
	arena_release(&c->arena);
	buf_release(&c->line);
	buf_release(&c->found);
	buf_release(&c->out);
	return rc == HARK_ENOENT ? HARK_OK : rc;
}

/* The one that is named, else the one hark came with. */
static int open_model(struct classify *c, const char *named, struct hark_err *err)
{
	return named != NULL ? tone_model_open(&c->model, named, err)
			     : tone_model_open_own(&c->model, err);
}

static int run_classify(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	if (argc > 1) {
		return cli_usage(cli, "one file at a time, or - for standard input");
	}
	const char *path = argc == 1 ? argv[0] : "-";
	bool standard = strcmp(path, "-") == 0;
	struct classify c = {.path = path, .why = cli_given(cli, "why")};
	if (open_model(&c, cli_value(cli, "model"), &err) != HARK_OK) {
		return cli_fail(cli, &err);
	}
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		hark_err_errno(&err, HARK_EIO, errno, "%s cannot be read", path);
		tone_model_close(&c.model);
		return cli_fail(cli, &err);
	}
	int rc = classify_stream(&c, fd, &err);
	tone_model_close(&c.model);
	if (!standard) {
		close(fd);
	}
	return rc != HARK_OK ? cli_fail(cli, &err) : c.bad > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

static const struct cli_option options[] = {
	{"model", 'm', "FILE", "another tone model than the one hark came with"},
	{"why", 'w', NULL, "with the evidence, and what was refused for what reason"},
	{NULL},
};

const struct cli_command command_classify = {
	.name = "classify",
	.args = "[FILE]",
	.about = "Read posts: their tone, and who starts, leaves or rises where",
	.more = "Reads Posts as JSON Lines and writes the same lines with a member more, classify.\n\n"
		"classify.sentiment holds label (negative, neutral, positive; unknown where the text is not\n"
		"English), score (from -1, bad, to 1, good) and p, the chance of each label.\n"
		"Of what is English, classify.praise (0 to 1) puts posts in the order of their worth as praise:\n"
		"with a limit, without, neutral, blame. classify.mixed says whether praise comes with a limit,\n"
		"classify.question whether something is asked, classify.sarcasm hints at it.\n"
		"classify.statements holds limits, lessons, reasons for a choice and measured outcomes,\n"
		"classify.aspects what is praised and criticised, all with their places, and classify.target whom\n"
		"praise is for: product, company or person.\n"
		"classify.move holds event (joined, left, promoted), person, employer, title, from, effective\n"
		"(the day or month, if said exactly), the pattern that found it and where each part stands; null\n"
		"where a post announces no move. Only title, text and the author's name are read, for the tone\n"
		"also lang. A line that is no Post, or longer than\n"
		"64 MiB, is named on standard error and the rest goes on; the exit code is then 1.\n\n"
		"    hark classify posts.jsonl\n"
		"    hark parse feed.xml | hark classify --why",
	.options = options,
	.run = run_classify,
};
