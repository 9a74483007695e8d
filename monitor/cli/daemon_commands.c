/* hark status and hark reload: words with the running daemon. */
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/report_watch.h"
#include "monitor/config/conf.h"
#include "monitor/control.h"
#include "monitor/store/lock.h"

#include <stdlib.h>

#define REPLY_MAX (4u << 20)

int daemon_call(const struct conf *c, const char *request, struct buf *reply, struct hark_err *err)
{
	int rc = control_call(c->control, request, reply, err);
	long pid = rc == HARK_ENET && c->store != NULL ? lock_owner(c->store) : 0;
	if (pid > 0) {
		rc = hark_err_set(err, HARK_EPIPE,
			"harkd (pid %ld) does not listen at %s: it was started with another "
			"control:, restart it",
			pid, c->control);
	}
	return rc;
}

void daemon_sign(const struct cli *cli, struct jsonout *request)
{
	struct buf name;
	buf_init(&name, 200);
	cli_name(cli, &name);
	jsonout_key_str(request, "by", desk_actor(cli));
	jsonout_key_str(request, "as", buf_str(&name));
	buf_release(&name);
}

/* The daemon is asked although the configuration is broken, as far as that still says where it listens:
 * it runs on with the one before. Where nobody answers, what is wrong is printed as `hark check` does. */
static int ask(struct cli *cli, const char *what, struct buf *reply, struct hark_err *err)
{
	struct diags diags;
	struct conf *conf = NULL;
	struct buf request;
	struct jsonout j;
	buf_init(&request, 4096);
	jsonout_init(&j, &request);
	jsonout_object(&j);
	jsonout_key_c(&j, "do", what);
	daemon_sign(cli, &j);
	jsonout_end_object(&j);
	diags_init(&diags);
	int rc = conf_read(&conf, cli_config_path(cli), &diags, err);
	if (conf != NULL && conf->control != NULL) {
		rc = daemon_call(conf, buf_c(&request), reply, err);
	}
	buf_release(&request);
	if (rc != HARK_OK && diags.errors > 0) {
		diags_print(&diags, stderr, false);
	}
	diags_release(&diags);
	conf_unref(conf);
	return rc;
}

static void print_when(const char *what, struct str rfc3339)
{
	if (rfc3339.p != NULL) {
		printf("%-10s %.*s\n", what, STR_FMT(rfc3339));
	}
}

static void print_alarms(const json_t *s)
{
	int64_t total = json_i64(s, "source_alarms_total", 0);
	const json_t *all = json_object_get(s, "source_alarms"), *one;
	size_t i;
	json_array_foreach(all, i, one)
	{
		printf("ALARM      %.*s is %.*s: %.*s\n", STR_FMT(json_str(one, "source")),
			STR_FMT(json_str(one, "alarm")), STR_FMT(json_str(one, "text")));
	}
	if (total > (int64_t)json_array_size(all)) {
		printf("           and %lld more: hark sources list\n",
			(long long)(total - (int64_t)json_array_size(all)));
	}
}

static void print_status(const json_t *s)
{
	const json_t *sources = json_object_get(s, "sources");
	printf("harkd      %.*s, pid %lld, since %.*s\n", STR_FMT(json_str(s, "version")),
		(long long)json_i64(s, "pid", 0), STR_FMT(json_str(s, "started")));
	printf("config     %.*s\nstore      %.*s\n", STR_FMT(json_str(s, "config")),
		STR_FMT(json_str(s, "store")));
	printf("sources    %lld, %lld failing, %lld paused, %lld under way",
		(long long)json_i64(sources, "total", 0),
		(long long)json_i64(sources, "failing", 0),
		(long long)json_i64(sources, "paused", 0),
		(long long)json_i64(sources, "under_way", 0));
	int64_t next = json_i64(sources, "next_due_s", -1);
	char span[CLOCK_TEXT_MAX];
	if (next >= 0) {
		printf(", next in %s", clock_span(next * 1000, span));
	}
	printf("\nrules      %lld, %s\n", (long long)json_i64(s, "rules", 0),
		COUNT(json_i64(s, "list_entries", 0), "list entry"));
	printf("read       %s, %s, %s, %s\n", COUNT(json_i64(s, "polls", 0), "poll"),
		COUNT(json_i64(s, "posts", 0), "new post"), COUNT(json_i64(s, "edits", 0), "edit"),
		COUNT(json_i64(s, "copies", 0), "copy"));
	printf("raised     %s, %s kept as historic, %s\n", COUNT(json_i64(s, "leads", 0), "lead"),
		COUNT(json_i64(s, "historic", 0), "match"), COUNT(json_i64(s, "alerts", 0), "alert"));
	if (json_bool(s, "first_user_awaited", false)) {
		puts("users      nobody can get in yet: `hark user link`, or `hark user add NAME --role "
		     "admin`");
	}
	print_alarms(s);
	print_when("reloaded", json_str(s, "reloaded"));
	if (json_str(s, "reload_error").p != NULL) {
		printf("WARNING    the last reload failed, the old configuration is in force: "
		       "%.*s\n",
			STR_FMT(json_str(s, "reload_error")));
	}
	if (json_str(s, "restart_for").p != NULL) {
		printf("WARNING    what harkd began with is in force until it is restarted: %.*s\n",
			STR_FMT(json_str(s, "restart_for")));
	}
	if (json_bool(s, "disk_full", false)) {
		puts("WARNING    the disk is full: polling pauses until there is room, nothing is "
		     "lost");
	}
}

static int run_status(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	struct buf reply;
	if (argc != 0) {
		return cli_usage(cli, "unexpected argument '%s'", argv[0]);
	}
	buf_init(&reply, REPLY_MAX);
	int rc = ask(cli, "status", &reply, &err);
	json_t *s = rc == HARK_OK ? json_read(buf_str(&reply), &err) : NULL;
	if (s == NULL) {
		rc = cli_fail(cli, &err);
	} else if (cli_json(cli)) {
		puts(buf_c(&reply));
		rc = EXIT_DONE;
	} else {
		print_status(s);
		report_blind_short(cli);
		rc = EXIT_DONE;
	}
	json_decref(s);
	buf_release(&reply);
	return rc;
}

/* The daemon's findings, printed as `hark check` prints them; of rules that are off for want of a list only
 * that one tells. */
static void print_findings(const json_t *list)
{
	struct diags diags;
	size_t i;
	const json_t *d;
	diags_init(&diags);
	json_array_foreach(list, i, d)
	{
		bool bad = str_eq_c(json_str(d, "level"), "error");
		if (str_eq_c(json_str(d, "code"), "W030")) {
			continue;
		}
		struct diag_at at = {.file = json_str(d, "file").p,
			.line = (unsigned)json_i64(d, "line", 0),
			.col = (unsigned)json_i64(d, "col", 0)};
		diags_add(&diags, bad ? DIAG_ERROR : DIAG_WARNING, json_str(d, "code").p, at,
			STR_NONE, json_str(d, "help").p, "%.*s", STR_FMT(json_str(d, "message")));
	}
	diags_print(&diags, stderr, false);
	diags_release(&diags);
}

static int finish_reload(struct cli *cli, const struct buf *reply, const json_t *r)
{
	struct hark_err err = {.code = HARK_EPARSE};
	if (cli_json(cli)) {
		puts(buf_c(reply));
		return json_bool(r, "ok", false) ? EXIT_DONE : EXIT_PROBLEMS;
	}
	print_findings(json_object_get(r, "diagnostics"));
	if (json_bool(r, "ok", false)) {
		printf("reloaded: %s, %s\n", COUNT(json_i64(r, "sources", 0), "source"),
			COUNT(json_i64(r, "rules", 0), "rule"));
		return EXIT_DONE;
	}
	snprintf(err.text, sizeof(err.text),
		"not reloaded, the old configuration stays in force: %.300s",
		json_str(r, "error").p != NULL ? json_str(r, "error").p : "no reason given");
	return cli_fail(cli, &err);
}

static int run_reload(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	struct buf reply;
	if (argc != 0) {
		return cli_usage(cli, "unexpected argument '%s'", argv[0]);
	}
	buf_init(&reply, REPLY_MAX);
	int rc = ask(cli, "reload", &reply, &err);
	json_t *r = rc == HARK_OK ? json_read(buf_str(&reply), &err) : NULL;
	rc = r != NULL ? finish_reload(cli, &reply, r) : cli_fail(cli, &err);
	json_decref(r);
	buf_release(&reply);
	return rc;
}

const struct cli_command command_status = {
	.name = "status",
	.args = "",
	.about = "What the running daemon does, on one screen",
	.run = run_status,
};

const struct cli_command command_reload = {
	.name = "reload",
	.args = "",
	.about = "Make the daemon read its configuration, rules and lists again",
	.more = "All or nothing: a bad file leaves the old set in force, every error is printed, and the\n"
		"exit code is 1.",
	.run = run_reload,
};
