/* `hark demo`: the real harkd on a mock network, told as it happens. */
#include "monitor/base/count.h"
#include "monitor/cli/commands.h"

#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/base/json.h"
#include "monitor/demo/child.h"
#include "monitor/demo/folder.h"
#include "monitor/demo/network.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define BASELINE_MS 25000
#define STORY_MS 30000
#define GRACE_MS 5000
#define TICK_MS 100
#define REPLY_MAX (4u << 20)

struct demo {
	const struct cli *cli;
	FILE *say; /* for people: standard output, or standard error beside --json */
	struct story story;
	struct network *network;
	struct folder folder;
	struct child harkd;
	char *hark; /* this program */
	sigset_t stops;
	bool interrupted;
};

/* ---- asking the daemon through the command line, as anybody would ---- */

/* An owned tree, or NULL. */
static json_t *ask(struct demo *d, const char *const *words, struct hark_err *err)
{
	const char *argv[12] = {d->hark, "-c", d->folder.config, "--json"};
	struct buf text;
	json_t *tree = NULL;

	for (size_t i = 4; i < 11 && *words != NULL; i++) {
		argv[i] = *words++;
	}
	buf_init(&text, REPLY_MAX);
	int status = child_read(argv, &text, err);
	if (status == 0) {
		tree = json_read(buf_str(&text), err);
	} else if (status > 0) {
		hark_err_set(err, HARK_ENET, "hark %s ended with %d", argv[4], status);
	}
	buf_release(&text);
	return tree;
}

static json_t *ask_leads(struct demo *d, struct hark_err *err)
{
	return ask(d, (const char *const[]){"leads", "list", NULL}, err);
}

/* A number of the daemon's status, -1 while it does not answer. */
static int64_t ask_status(struct demo *d, const char *key)
{
	json_t *status = ask(d, (const char *const[]){"status", NULL}, NULL);
	int64_t value = json_i64(status, key, -1);
	json_decref(status);
	return value;
}

/* ---- waiting ---- */

/* Sleeps a tick; false when somebody wants us to stop. */
static bool tick(struct demo *d)
{
	struct timespec nap = {.tv_nsec = TICK_MS * 1000000L};
	if (sigtimedwait(&d->stops, NULL, &nap) > 0) {
		d->interrupted = true;
	}
	return !d->interrupted;
}

static int harkd_ended(struct demo *d, int status, struct hark_err *err)
{
	if (d->folder.keep) {
		return hark_err_set(err, HARK_ESTATE, "harkd ended (status %d), see %s",
			WEXITSTATUS(status), d->folder.log);
	}
	struct buf log;
	buf_init(&log, 64 << 10);
	file_read(&log, d->folder.log, NULL);
	fwrite(buf_c(&log), 1, log.n, stderr);
	buf_release(&log);
	return hark_err_set(err, HARK_ESTATE, "harkd ended (status %d); what it said is above",
		WEXITSTATUS(status));
}

/* Until done() or the time is over (HARK_EAGAIN). */
static int wait_until(
	struct demo *d, bool (*done)(struct demo *d), int64_t limit_ms, struct hark_err *err)
{
	int64_t deadline = clock_steady_ms() + limit_ms;
	int status = 0;
	for (;;) {
		if (!tick(d)) {
			return hark_err_set(err, HARK_EPIPE, "interrupted");
		}
		if (!child_runs(&d->harkd, &status)) {
			return harkd_ended(d, status, err);
		}
		if (done(d)) {
			return HARK_OK;
		}
		if (clock_steady_ms() > deadline) {
			return hark_err_set(err, HARK_EAGAIN, "not done after %lld s",
				(long long)(limit_ms / 1000));
		}
	}
}

/* Copies of a story are counted apart from it. */
static int64_t ask_posts(struct demo *d)
{
	return ask_status(d, "posts") + ask_status(d, "copies");
}

static bool baseline_is_stored(struct demo *d)
{
	return network_is_read(d->network) &&
	       ask_posts(d) >= (int64_t)story_baseline_count(&d->story);
}

static bool story_is_stored(struct demo *d)
{
	return network_is_read(d->network) &&
	       ask_posts(d) >=
		       (int64_t)(story_baseline_count(&d->story) + story_later_count(&d->story));
}

/* ---- the leads ---- */

static bool is_strand(const json_t *lead, const struct story_lead *want)
{
	const json_t *subject = json_object_get(lead, "subject");
	return str_eq_c(json_str(lead, "kind"), want->kind) &&
	       (want->person[0] == '\0' || str_eq_c(json_str(subject, "name"), want->person));
}

/* Every strand exactly once, nothing beside them. */
static int judge(struct demo *d, const json_t *leads, struct hark_err *err)
{
	size_t i;
	json_t *lead;
	for (size_t k = 0; k < d->story.leads_n; k++) {
		size_t found = 0;
		json_array_foreach((json_t *)(uintptr_t)leads, i, lead)
		{
			found += is_strand(lead, &d->story.leads[k]);
		}
		if (found != 1) {
			return hark_err_set(err, HARK_ESTATE,
				"%s: %s of the kind %s where one was expected",
				d->story.leads[k].strand, COUNT(found, "lead"),
				d->story.leads[k].kind);
		}
	}
	if (json_array_size(leads) != d->story.leads_n) {
		return hark_err_set(err, HARK_ESTATE, "%s where %zu were expected",
			COUNT(json_array_size(leads), "lead"), d->story.leads_n);
	}
	return HARK_OK;
}

static int show_leads(struct demo *d)
{
	const char *table[] = {d->hark, "-c", d->folder.config, "leads", "list", NULL};
	const char *json[] = {d->hark, "-c", d->folder.config, "leads", "list", "--json", NULL};
	struct child c = {0};
	int status = 0;

	fflush(NULL);
	if (child_start(&c, cli_json(d->cli) ? json : table, NULL, NULL, NULL) != HARK_OK) {
		return EXIT_PROBLEMS;
	}
	while (child_runs(&c, &status)) {
		usleep(2000);
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : EXIT_PROBLEMS;
}

/* ---- what is said ---- */

static void say_network(struct demo *d)
{
	fprintf(d->say, "A mock network of %s runs on loopback; nothing leaves this machine.\n",
		COUNT(d->story.hosts_n, "source"));
	fprintf(d->say, "harkd polls it with %s\n", d->folder.config);
	fflush(d->say);
}

static void say_baseline(struct demo *d)
{
	struct network_counts c = network_count(d->network);
	int64_t historic = ask_status(d, "historic");
	fprintf(d->say, "baseline: %s read in %s, nothing raised",
		COUNT(ask_status(d, "posts"), "post"), COUNT(c.requests, "request"));
	if (historic > 0) {
		fprintf(d->say, ", %s kept as historic", COUNT(historic, "match"));
	}
	fprintf(d->say, "\nthe story is out: %s, some of them worth a call\n",
		COUNT(story_later_count(&d->story), "new post"));
	fflush(d->say);
}

static void say_leads(struct demo *d, size_t n)
{
	struct network_counts c = network_count(d->network);
	fprintf(d->say, "%s raised: `hark leads list`", COUNT(n, "lead"));
	fprintf(d->say, "   (%s, %zu answered \"not modified\", %zu refused)\n",
		COUNT(c.requests, "request"), c.not_modified, c.refused);
	fflush(d->say);
}

static void say_what_next(struct demo *d)
{
	if (d->folder.keep || !cli_given(d->cli, "once")) {
		fprintf(d->say, "\nin another terminal   %s -c %s leads list\n", d->hark,
			d->folder.config);
		fprintf(d->say, "                      %s -c %s sources list\n", d->hark,
			d->folder.config);
	}
	fprintf(d->say, "your own feeds        hark init\n");
	fflush(d->say);
}

/* ---- the demo ---- */

static int start_harkd(struct demo *d, struct hark_err *err)
{
	char *harkd = child_find("harkd", err);
	if (harkd == NULL) {
		return HARK_ENOENT;
	}
	const char *argv[] = {harkd, "-c", d->folder.config, NULL};
	char *out = NULL;
	int rc = HARK_OK;
	/* Alone in the foreground the alerts appear as they are delivered. */
	if ((cli_given(d->cli, "once") || cli_json(d->cli)) &&
		asprintf(&out, "%s/harkd.out", d->folder.path) < 0) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the demo");
	} else {
		fflush(NULL);
		rc = child_start(&d->harkd, argv, out, d->folder.log, err);
	}
	free(out);
	free(harkd);
	return rc;
}

static int open_demo(struct demo *d, int port, struct hark_err *err)
{
	sigemptyset(&d->stops);
	sigaddset(&d->stops, SIGINT);
	sigaddset(&d->stops, SIGTERM);
	sigaddset(&d->stops, SIGHUP);
	sigprocmask(SIG_BLOCK, &d->stops, NULL); /* before the first thread, so that all have it */
	signal(SIGPIPE, SIG_IGN);
	d->hark = child_self(err);
	int rc = d->hark != NULL ? story_load(&d->story, STR_NONE, err) : HARK_EIO;
	if (rc == HARK_OK) {
		rc = network_new(&d->network, &d->story, port, err);
	}
	if (rc == HARK_OK) {
		rc = folder_new(&d->folder, cli_value(d->cli, "keep"), &d->story, d->network, err);
	}
	return rc == HARK_OK ? start_harkd(d, err) : rc;
}

static void close_demo(struct demo *d)
{
	child_stop(&d->harkd, GRACE_MS);
	network_free(d->network);
	story_release(&d->story);
	if (d->folder.keep && d->folder.path != NULL) {
		fprintf(d->say, "everything is kept in %s\n", d->folder.path);
	}
	folder_release(&d->folder);
	free(d->hark);
}

static int play(struct demo *d, struct hark_err *err)
{
	say_network(d);
	int rc = wait_until(d, baseline_is_stored, BASELINE_MS, err);
	if (rc != HARK_OK) {
		hark_err_wrap(err, "the first reading of the network");
		return rc;
	}
	say_baseline(d);
	network_publish(d->network, clock_wall_ms());
	rc = wait_until(d, story_is_stored, STORY_MS, err);
	if (rc != HARK_OK) {
		hark_err_wrap(err, "reading the story");
		return rc;
	}
	json_t *leads = ask_leads(d, err);
	if (leads == NULL) {
		return HARK_ENET;
	}
	say_leads(d, json_array_size(leads));
	rc = judge(d, leads, err);
	json_decref(leads);
	return rc;
}

/* Until Ctrl-C, or until harkd ends. */
static int idle(struct demo *d, struct hark_err *err)
{
	int status = 0;
	fprintf(d->say, "Ctrl-C ends the demo%s\n",
		d->folder.keep ? "" : " and removes its folder");
	fflush(d->say);
	while (tick(d)) {
		if (!child_runs(&d->harkd, &status)) {
			return harkd_ended(d, status, err);
		}
	}
	return HARK_OK;
}

static int run_demo(struct cli *cli, int argc, char **argv)
{
	struct demo d = {.cli = cli, .say = cli_json(cli) ? stderr : stdout};
	struct hark_err err = {0};
	int64_t port = 0;

	if (argc != 0) {
		return cli_usage(cli, "unexpected argument '%s'", argv[0]);
	}
	if (cli_given(cli, "port") &&
		(!str_i64(str_c(cli_value(cli, "port")), &port) || port < 1 || port > 65535)) {
		return cli_usage(cli, "--port takes a number from 1 to 65535");
	}
	int rc = open_demo(&d, (int)port, &err);
	if (rc == HARK_OK) {
		rc = play(&d, &err);
	}
	int code = rc == HARK_OK || d.interrupted ? EXIT_DONE : cli_fail(cli, &err);
	/* The leads are shown even when they are not the expected ones. */
	if (!d.interrupted && (rc == HARK_OK || d.harkd.pid != 0)) {
		show_leads(&d);
	}
	if (rc == HARK_OK) {
		say_what_next(&d);
	}
	if (rc == HARK_OK && !cli_given(cli, "once") && idle(&d, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	close_demo(&d);
	return code;
}

static const struct cli_option options[] = {
	{"once", 0, NULL, "end when the story has been read and the leads are shown"},
	{"keep", 0, "DIR", "write everything to DIR and leave it there"},
	{"port", 0, "N", "port of the mock network (default: any free one)"},
	{NULL},
};

const struct cli_command command_demo = {
	.name = "demo",
	.args = "",
	.about = "Run everything on a built-in mock network",
	.more = "Starts nine sources on loopback addresses (RSS, Atom, JSON Feed, one paged, one "
		"rate limited, one\n"
		"slow, one damaged, one failing), lets harkd read them once as the baseline, "
		"publishes a story of\n"
		"invented people and companies, and shows the leads it raises. It asks nothing, "
		"touches nothing\n"
		"outside its temporary folder and cleans up behind itself.",
	.options = options,
	.run = run_demo,
};
