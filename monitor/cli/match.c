/* hark match: Posts in, Signals out, one JSON object a line, in the order of the Posts.
 *
 * With one job each line is answered before the next is read, so it can stand in a pipe that never
 * ends. With more, rounds of lines are shared out and printed in their order. */
#include "monitor/base/count.h"
#include "monitor/cli/commands.h"

#include "monitor/base/clock.h"
#include "monitor/base/lines.h"
#include "monitor/cli/rules_args.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)64 << 20)
#define ROUND_LINES 4096
#define ROUND_BYTES ((size_t)16 << 20) /* from which on no further line joins a round */
#define JOBS_MAX 64

struct line {
	size_t at, n; /* in the text of its round */
	size_t number;
	bool is_too_long; /* and was left out */
};

struct round {
	struct line *lines; /* owned */
	size_t n, max;
	struct buf text; /* of all lines, one behind the other */
};

/* One thread's part of a round. */
struct job {
	struct matcher *matcher;
	struct arena arena;
	struct buf out;   /* Signals */
	struct buf wrong; /* sentences about lines that are no Posts */
	const struct round *round;
	size_t from, to; /* lines of the round */
	const char *path;
	size_t posts, signals, undecided, bad;
	pthread_t thread;
};

static void match_line(struct job *j, const struct line *line)
{
	struct post post;
	struct signal *found = NULL;
	struct hark_err err = {0};
	size_t n = 0;
	struct str text = str_trim(str_n(buf_c(&j->round->text) + line->at, line->n));
	arena_reset(&j->arena);
	if (text.n == 0 && !line->is_too_long) {
		return;
	}
	post_init(&post);
	int rc = line->is_too_long ? lines_refuse(LINE_BYTES_MAX, &err)
				   : post_read_line(&post, text, &j->arena, &err);
	if (rc == HARK_OK) {
		rc = matcher_match(j->matcher, &post, &j->arena, &found, &n);
		if (rc != HARK_OK) {
			hark_err_set(&err, rc, "no memory to match it");
		}
	}
	if (rc != HARK_OK) {
		j->bad++;
		buf_printf(&j->wrong, "%s:%zu: %s\n", j->path, line->number, err.text);
		return;
	}
	j->posts++;
	for (size_t i = 0; i < n; i++) {
		j->undecided += (found[i].flags & FLAG_UNDECIDED) != 0;
		signal_write_json(&found[i], &post, &j->out);
		buf_add_char(&j->out, '\n');
	}
	j->signals += n;
}

static void *run_job(void *ctx)
{
	struct job *j = ctx;
	for (size_t i = j->from; i < j->to; i++) {
		match_line(j, &j->round->lines[i]);
	}
	return NULL;
}

static int print_job(struct job *j, struct hark_err *err)
{
	int rc = j->out.rc != HARK_OK         ? j->out.rc
		 : j->wrong.rc == HARK_ENOMEM ? HARK_ENOMEM
					      : HARK_OK;
	if (rc != HARK_OK) {
		return hark_err_set(err, rc, "no memory to print the signals");
	}
	fputs(buf_c(&j->wrong), stderr);
	if (fwrite(buf_c(&j->out), 1, j->out.n, stdout) != j->out.n) {
		rc = hark_err_errno(err, HARK_EIO, errno, "standard output cannot be written");
	}
	buf_clear(&j->out);
	buf_clear(&j->wrong);
	return rc;
}

/* Shares the lines out, in order, one run of them a job. */
static int run_round(struct job *jobs, size_t n, const struct round *round, struct hark_err *err)
{
	size_t each = (round->n + n - 1) / n, started = 0;
	int rc = HARK_OK;
	for (size_t i = 0; i < n; i++) {
		jobs[i].round = round;
		jobs[i].from = i * each < round->n ? i * each : round->n;
		jobs[i].to = round->n - jobs[i].from < each ? round->n : jobs[i].from + each;
	}
	while (started + 1 < n &&
		pthread_create(&jobs[started].thread, NULL, run_job, &jobs[started]) == 0) {
		started++;
	}
	for (size_t i = started; i < n; i++) { /* the last part, and what got no thread */
		run_job(&jobs[i]);
	}
	for (size_t i = 0; i < started; i++) {
		pthread_join(jobs[i].thread, NULL);
	}
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		rc = print_job(&jobs[i], err);
	}
	return rc;
}

/* One more line, or the reason why it is none. */
static int add_line(struct round *round, struct lines *in, struct hark_err *err)
{
	struct line *line = &round->lines[round->n];
	line->at = round->text.n;
	int rc = lines_next(in, &round->text, err);
	line->n = round->text.n - line->at;
	line->number = in->number;
	line->is_too_long = rc == HARK_ELIMIT;
	round->n += rc == HARK_OK || rc == HARK_ELIMIT;
	return rc;
}

/* As many lines as a round takes; none at the end. What is too long is told without waiting for
 * more. */
static int read_round(struct round *round, struct lines *in, struct hark_err *err)
{
	int rc = HARK_OK;
	round->n = 0;
	buf_clear(&round->text);
	while (rc == HARK_OK && round->n < round->max && round->text.n < ROUND_BYTES) {
		rc = add_line(round, in, err);
	}
	return rc == HARK_ENOENT || rc == HARK_ELIMIT ? HARK_OK : rc;
}

static int match_stream(
	int fd, const char *path, struct job *jobs, size_t jobs_n, struct hark_err *err)
{
	struct lines in;
	struct round round = {.max = jobs_n > 1 ? ROUND_LINES : 1};
	int rc = HARK_OK;
	lines_init(&in, fd, LINE_BYTES_MAX);
	buf_init(&round.text, ROUND_BYTES + LINE_BYTES_MAX);
	round.lines = calloc(round.max, sizeof(*round.lines));
	if (round.lines == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for the lines");
	}
	do {
		rc = read_round(&round, &in, err);
		if (rc != HARK_OK) {
			hark_err_wrap(err, "%s", path);
		} else if (round.n > 0) {
			rc = run_round(jobs, jobs_n, &round, err);
		}
	} while (rc == HARK_OK && round.n > 0);
	free(round.lines);
	buf_release(&round.text);
	return rc;
}

static void print_stats(const struct job *jobs, size_t n, int64_t ms, const struct ruleset *r)
{
	size_t posts = 0, signals = 0, undecided = 0, bad = 0;
	for (size_t i = 0; i < n; i++) {
		posts += jobs[i].posts;
		signals += jobs[i].signals;
		undecided += jobs[i].undecided;
		bad += jobs[i].bad;
	}
	fprintf(stderr, "%s, %s, %zu undecided, %s refused; %s, %s; %.3f s, %.0f posts/s\n",
		COUNT(posts, "post"), COUNT(signals, "signal"), undecided, COUNT(bad, "line"),
		COUNT(ruleset_count(r), "rule"), COUNT(ruleset_list_count(r), "list entry"),
		(double)ms / 1000, ms > 0 ? (double)posts * 1000 / (double)ms : 0.0);
}

static bool open_jobs(struct job *jobs, size_t n, struct ruleset *r, const char *path)
{
	bool ok = true;
	for (size_t i = 0; i < n; i++) {
		jobs[i].path = path;
		jobs[i].matcher = matcher_new(r);
		arena_init(&jobs[i].arena, 0);
		buf_init(&jobs[i].out, (size_t)1 << 30);
		buf_init(&jobs[i].wrong, 1 << 20);
		ok &= jobs[i].matcher != NULL;
	}
	return ok;
}

static void close_jobs(struct job *jobs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		matcher_free(jobs[i].matcher);
		arena_release(&jobs[i].arena);
		buf_release(&jobs[i].out);
		buf_release(&jobs[i].wrong);
	}
}

static int match_file(struct cli *cli, const char *path, struct ruleset *r, size_t jobs_n,
	size_t *bad, struct hark_err *err)
{
	struct job jobs[JOBS_MAX] = {0};
	bool standard = strcmp(path, "-") == 0;
	int fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		return hark_err_errno(err, HARK_EIO, errno, "%s cannot be read", path);
	}
	int64_t begin = clock_steady_ms();
	int rc = open_jobs(jobs, jobs_n, r, standard ? "-" : path)
			 ? match_stream(fd, path, jobs, jobs_n, err)
			 : hark_err_set(err, HARK_ENOMEM, "no memory for a matcher");
	if (rc == HARK_OK && cli_given(cli, "stats")) {
		print_stats(jobs, jobs_n, clock_steady_ms() - begin, r);
	}
	for (size_t i = 0; i < jobs_n; i++) {
		*bad += jobs[i].bad;
	}
	close_jobs(jobs, jobs_n);
	if (!standard) {
		close(fd);
	}
	return rc;
}

static int run_match(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct ruleset *r = NULL;
	struct hark_err err = {0};
	int64_t jobs = 1;
	size_t bad = 0;
	const char *given = cli_value(cli, "jobs");
	if (argc > 1) {
		return cli_usage(cli, "one file at a time, or - for standard input");
	}
	if (given != NULL && (!str_i64(str_c(given), &jobs) || jobs < 0 || jobs > JOBS_MAX)) {
		return cli_usage(
			cli, "--jobs takes a number from 0 (one a processor) to %d", JOBS_MAX);
	}
	if (jobs == 0) {
		jobs = sysconf(_SC_NPROCESSORS_ONLN);
		jobs = jobs < 1 ? 1 : jobs > JOBS_MAX ? JOBS_MAX : jobs;
	}
	int rc = rules_args_load(&a, cli, &r, &err);
	if (rc == HARK_OK) {
		rc = match_file(cli, argc == 1 ? argv[0] : "-", r, (size_t)jobs, &bad, &err);
	}
	ruleset_unref(r);
	rules_args_close(&a);
	if (rc != HARK_OK) {
		return cli_fail(cli, &err);
	}
	return bad > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

static const struct cli_option options[] = {
	{"rules", 'r', "PATH", "rule file, folder, pattern or packs/NAME; may be given again"},
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"jobs", 'j', "N", "threads; 0: one a processor (default 1)"},
	{"stats", 0, NULL, "counts and speed on standard error at the end"},
	{NULL},
};

const struct cli_command command_match = {
	.name = "match",
	.args = "[FILE]",
	.about = "Try rules on posts: which match, where and why",
	.more = "Reads Posts as JSON Lines, writes Signals as JSON Lines. Without --rules the rules of the\n"
		"configuration are used; lists are the configuration's, where --lists names no folder. A line\n"
		"that is no Post, or longer than 64 MiB, is named on standard error and the rest goes on; the exit\n"
		"code is then 1. hark parse makes Posts of a feed.\n\n"
		"    hark match --rules rules.d/own.yaml posts.jsonl\n"
		"    curl -s https://news.example.com/rss | hark parse - | hark match --rules packs/praise",
	.options = options,
	.run = run_match,
};
