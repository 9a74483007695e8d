/* hark explain: why a rule matches each Post, or why not. */
#include "monitor/cli/commands.h"

#include "monitor/base/lines.h"
#include "monitor/cli/explain_print.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/term.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define OUTPUT_MAX ((size_t)64 << 20)
#define LINE_BYTES_MAX ((size_t)64 << 20)

struct explain_run {
	struct matcher *matcher;
	struct str rule;
	bool json, color;
	size_t width, posts, bad;
};

static int explain_post(
	struct explain_run *r, const struct post *post, struct arena *arena, struct hark_err *err)
{
	struct explanation *x = NULL;
	struct buf out;
	int rc = matcher_explain(r->matcher, post, r->rule, STR_NONE, arena, &x, err);
	if (rc != HARK_OK) {
		return rc;
	}
	buf_init(&out, OUTPUT_MAX);
	if (r->json) {
		struct jsonout j;
		jsonout_init(&j, &out);
		explain_json(x, post, &j);
		buf_add_char(&out, '\n');
	} else {
		buf_add_c(&out, r->posts > 0 ? "\n" : "");
		explain_print(x, post, r->width, r->color, &out);
	}
	r->posts++;
	rc = out.rc != HARK_OK ? hark_err_set(err, out.rc, "no memory to print it") : HARK_OK;
	if (rc == HARK_OK && fwrite(buf_c(&out), 1, out.n, stdout) != out.n) {
		rc = hark_err_errno(err, HARK_EIO, errno, "standard output cannot be written");
	}
	buf_release(&out);
	return rc;
}

static int explain_text_given(struct explain_run *r, const char *text, struct hark_err *err)
{
	struct arena arena;
	struct post post;
	arena_init(&arena, 0);
	post_init(&post);
	post.source = STR("text");
	post.external_id = STR("1");
	post.text = str_c(text);
	int rc = explain_post(r, &post, &arena, err);
	arena_release(&arena);
	return rc;
}

/* A line that is none is named, and the next one's turn comes. */
static int say_bad(
	struct explain_run *r, const char *path, size_t number, const struct hark_err *err)
{
	r->bad++;
	fprintf(stderr, "%s:%zu: %s\n", path, number, err->text);
	return HARK_OK;
}

static int explain_line(struct explain_run *r, const char *path, size_t number, struct str line,
	struct arena *arena, struct hark_err *err)
{
	struct post post;
	line = str_trim(line);
	if (line.n == 0) {
		return HARK_OK;
	}
	post_init(&post);
	if (post_read_line(&post, line, arena, err) != HARK_OK) {
		return say_bad(r, path, number, err);
	}
	return explain_post(r, &post, arena, err);
}

static int explain_lines(struct explain_run *r, int fd, const char *path, struct hark_err *err)
{
	struct lines in;
	struct arena arena;
	struct buf line;
	bool ends = false;
	int rc = HARK_OK;
	lines_init(&in, fd, LINE_BYTES_MAX);
	arena_init(&arena, 0);
	buf_init(&line, LINE_BYTES_MAX);
	while (rc == HARK_OK && !ends) {
		arena_reset(&arena);
		buf_clear(&line);
		int got = lines_next(&in, &line, err);
		ends = got == HARK_ENOENT;
		if (got == HARK_OK) {
			rc = explain_line(r, path, in.number, buf_str(&line), &arena, err);
		} else if (got == HARK_ELIMIT) {
			rc = say_bad(r, path, in.number, err);
		} else if (!ends) {
			hark_err_wrap(err, "%s", path);
			rc = got;
		}
	}
	buf_release(&line);
	arena_release(&arena);
	return rc;
}

static int explain_file(struct explain_run *r, const char *path, struct hark_err *err)
{
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "%s cannot be read", path);
	}
	int rc = explain_lines(r, fd, path, err);
	if (!standard) {
		close(fd);
	}
	return rc;
}

/* The only rule there is need not be named. */
static struct str only_rule(const struct ruleset *set)
{
	struct rule_info info;
	bool is_one = !ruleset_rule_at(set, 1, &info) && ruleset_rule_at(set, 0, &info);
	return is_one ? info.id : STR_NONE;
}

static int run_explain(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct ruleset *set = NULL;
	struct hark_err err = {0};
	const char *rule = cli_value(cli, "rule"), *text = cli_value(cli, "text");
	struct explain_run r = {.rule = str_c(rule),
		.json = cli_json(cli),
		.color = cli_color(cli),
		.width = (size_t)term_width(stdout)};
	if (argc > 1 || (argc == 1 && text != NULL)) {
		return cli_usage(cli, "one file of Posts, - for standard input, or --text TEXT");
	}
	int rc = rules_args_load(&a, cli, &set, &err);
	if (rc == HARK_OK && rule == NULL) {
		r.rule = only_rule(set);
		if (r.rule.n == 0) {
			rc = hark_err_set(&err, HARK_EINVAL,
				"which rule? --rule ID; `hark rules list` names them");
		}
	}
	if (rc == HARK_OK) {
		r.matcher = matcher_new(set);
		rc = r.matcher == NULL ? hark_err_set(&err, HARK_ENOMEM, "no memory for a matcher")
		     : text != NULL    ? explain_text_given(&r, text, &err)
				       : explain_file(&r, argc == 1 ? argv[0] : "-", &err);
	}
	matcher_free(r.matcher);
	ruleset_unref(set);
	rules_args_close(&a);
	if (rc != HARK_OK) {
		return cli_fail(cli, &err);
	}
	return r.bad > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

static const struct cli_option options[] = {
	{"rule", 0, "ID", "the rule to explain; needed where there are several"},
	{"text", 0, "TEXT", "explain for this text instead of a file"},
	{"rules", 'r', "PATH", "rule file, folder, pattern or packs/NAME; may be given again"},
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{NULL},
};

const struct cli_command command_explain = {
	.name = "explain",
	.args = "[FILE]",
	.about = "Why a rule matches each Post, or why not, clause by clause",
	.more = "Reads Posts as JSON Lines, or takes --text. Shows what woke the rule, how each clause turned\n"
		"out and where, how near those came that failed, and a change that would turn the outcome: each\n"
		"is tried first, and shown only if it does. Rules and lists are chosen as for hark match, and a line\n"
		"that is no Post is treated as there.\n\n"
		"    hark explain --rule praise --text 'We love Acme Desk'\n"
		"    hark explain --rules rules.d/own.yaml posts.jsonl",
	.options = options,
	.run = run_explain,
};
