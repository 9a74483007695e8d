/* hark classify: Posts in, the same lines out with what was read in them, in the order they came. */
#include "monitor/cli/commands.h"

#include "monitor/base/json.h"
#include "monitor/base/lines.h"
#include "rules/classify/move.h"
#include "rules/fold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)64 << 20)

struct classify {
	struct move_finder *finder;
	struct arena arena;
	struct buf line, move, out;
	struct lines in;
	const char *path;
	bool why;
	size_t bad;
};

/* A line that has a `classify` of its own: its other members stay. */
static int replace_member(struct classify *c, struct str line, struct hark_err *err)
{
	json_t *post = json_read(line, err);
	json_t *move = post != NULL ? json_read(buf_str(&c->move), err) : NULL;
	json_t *classify = json_object_get(post, "classify");
	char *text = NULL;
	if (move != NULL && !json_is_object(classify)) {
		classify = json_object();
		json_object_set_new(post, "classify", classify);
	}
	if (move != NULL && json_object_set_new(classify, "move", move) == 0) {
		text = json_dumps(post, JSON_COMPACT);
	}
	int rc = text != NULL ? buf_add_c(&c->out, text)
			      : hark_err_set(err, HARK_ENOMEM, "no memory to print it");
	free(text);
	json_decref(post);
	return rc;
}

/* The line as it was, with one more member. */
static int add_member(struct classify *c, struct str line, struct hark_err *err)
{
	if (str_find(line, STR("\"classify\"")) != SIZE_MAX) {
		return replace_member(c, line, err);
	}
	struct str open = str_trim(str_n(line.p, line.n - 1));
	buf_add_str(&c->out, open);
	buf_add_c(&c->out, open.n > 1 ? ",\"classify\":{\"move\":" : "\"classify\":{\"move\":");
	buf_add_str(&c->out, buf_str(&c->move));
	buf_add_c(&c->out, "}}");
	return c->out.rc;
}

static int classify_post(struct classify *c, struct str line, struct hark_err *err)
{
	struct post post;
	struct move move;
	post_init(&post);
	int rc = post_read_line(&post, line, &c->arena, err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = move_find(c->finder, &post, &move);
	if (rc != HARK_OK) {
		return hark_err_set(err, rc, "no memory to classify it");
	}
	buf_clear(&c->move);
	move_write_json(&move, c->why, &c->move);
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
	buf_init(&c->move, 1 << 20);
	buf_init(&c->out, (size_t)1 << 30);
	c->finder = fold_init() == HARK_OK ? move_finder_new() : NULL;
	if (c->finder == NULL) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory to classify");
	}
	while (rc == HARK_OK) {
		rc = classify_line(c, err);
	}
	move_finder_free(c->finder);
	arena_release(&c->arena);
	buf_release(&c->line);
	buf_release(&c->move);
	buf_release(&c->out);
	return rc == HARK_ENOENT ? HARK_OK : rc;
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
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		hark_err_errno(&err, HARK_EIO, errno, "%s cannot be read", path);
		return cli_fail(cli, &err);
	}
	int rc = classify_stream(&c, fd, &err);
	if (!standard) {
		close(fd);
	}
	return rc != HARK_OK ? cli_fail(cli, &err) : c.bad > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

static const struct cli_option options[] = {
	{"why", 'w', NULL, "with the evidence, and what was refused for what reason"},
	{NULL},
};

const struct cli_command command_classify = {
	.name = "classify",
	.args = "[FILE]",
	.about = "Read posts: who starts, leaves or rises where",
	.more = "Reads Posts as JSON Lines and writes the same lines with a member more: classify.move holds\n"
		"event (joined, left, promoted), person, employer, title, from, the pattern that found it and\n"
		"where each part stands; null where a post announces no move. Only title, text and the author's\n"
		"name are read. A line that is no Post, or longer than 64 MiB, is named on standard error and the\n"
		"rest goes on; the exit code is then 1.\n\n"
		"    hark classify posts.jsonl\n"
		"    hark parse feed.xml | hark classify --why",
	.options = options,
	.run = run_classify,
};
