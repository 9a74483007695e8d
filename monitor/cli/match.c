/* hark match: Posts in, Signals out, one JSON object a line, in the order of the Posts.
 *
 * With one job each line is answered before the next is read, so it can stand in a pipe that never
 * ends. With more, rounds of lines are shared out and printed in their order. */
#include "monitor/cli/commands.h"

#include "monitor/base/clock.h"
#include "monitor/cli/rules_args.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LINE_BYTES_MAX ((size_t)64 << 20)
#define ROUND_LINES 4096
#define JOBS_MAX 64

struct line {
	char *text; /* owned, from getline() */
	size_t cap, n;
	size_t number;
};

/* One thread's part of a round. */
struct job {
	struct matcher *matcher;
	struct arena arena;
	struct buf out;   /* Signals */
	struct buf wrong; /* sentences about lines that are no Posts */
	const struct line *lines;
	size_t lines_n;
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
	struct str text = str_trim(str_n(line->text, line->n));
	arena_reset(&j->arena);
	if (text.n == 0) {
		return;
	}
	post_init(&post);
	int rc = post_read_json(&post, text, &j->arena, &err);
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
	for (size_t i = 0; i < j->lines_n; i++) {
		match_line(j, &j->lines[i]);
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
static int run_round(
	struct job *jobs, size_t n, const struct line *lines, size_t lines_n, struct hark_err *err)
{
	size_t each = (lines_n + n - 1) / n, started = 0;
	int rc = HARK_OK;
	for (size_t i = 0; i < n; i++) {
		size_t from = i * each < lines_n ? i * each : lines_n;
		jobs[i].lines = lines + from;
		jobs[i].lines_n = lines_n - from < each ? lines_n - from : each;
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

/* Fills up to `max` lines; 0 at the end, or with `*why` (an errno) set. */
static size_t read_lines(FILE *in, struct line *lines, size_t max, size_t *number, int *why)
{
	size_t n = 0;
	while (n < max) {
		errno = 0;
		ssize_t got = getline(&lines[n].text, &lines[n].cap, in);
		if (got < 0) {
			*why = feof(in) ? 0
					: errno; /* no memory for a line is no end of the file */
			break;
		}
		lines[n].n = (size_t)got < LINE_BYTES_MAX ? (size_t)got : LINE_BYTES_MAX;
		lines[n++].number = ++*number;
	}
	return n;
}

static int match_stream(
	FILE *in, const char *path, struct job *jobs, size_t jobs_n, struct hark_err *err)
{
	size_t max = jobs_n > 1 ? ROUND_LINES : 1, number = 0, n;
	int why = 0;
	struct line *lines = calloc(max, sizeof(*lines));
	int rc =
		lines != NULL ? HARK_OK : hark_err_set(err, HARK_ENOMEM, "no memory for the lines");
	while (rc == HARK_OK && (n = read_lines(in, lines, max, &number, &why)) > 0) {
		rc = run_round(jobs, jobs_n, lines, n, err);
	}
	if (rc == HARK_OK && why != 0) {
		rc = hark_err_errno(err, HARK_EIO, why, "%s cannot be read", path);
	}
	for (size_t i = 0; lines != NULL && i < max; i++) {
		free(lines[i].text);
	}
	free(lines);
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
	fprintf(stderr,
		"%zu posts, %zu signals, %zu undecided, %zu lines refused; %zu rules, %zu list "
		"entries; %.3f s, %.0f posts/s\n",
		posts, signals, undecided, bad, ruleset_count(r), ruleset_list_count(r),
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
	FILE *in = standard ? stdin : fopen(path, "re");
	if (in == NULL) {
		return hark_err_errno(err, HARK_EIO, errno, "%s cannot be read", path);
	}
	int64_t begin = clock_steady_ms();
	int rc = open_jobs(jobs, jobs_n, r, standard ? "-" : path)
			 ? match_stream(in, path, jobs, jobs_n, err)
			 : hark_err_set(err, HARK_ENOMEM, "no memory for a matcher");
	if (rc == HARK_OK && cli_given(cli, "stats")) {
		print_stats(jobs, jobs_n, clock_steady_ms() - begin, r);
	}
	for (size_t i = 0; i < jobs_n; i++) {
		*bad += jobs[i].bad;
	}
	close_jobs(jobs, jobs_n);
	if (!standard) {
		fclose(in);
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
		"that is no Post is named on standard error, the rest goes on. hark parse makes Posts of a feed.\n\n"
		"    hark match --rules rules.d/own.yaml posts.jsonl\n"
		"    curl -s https://news.example.com/rss | hark parse - | hark match --rules packs/praise",
	.options = options,
	.run = run_match,
};
