/* hark connector run: one poll of a source, with everything it sends, what came of it and what was left
 * out; nothing is stored. The source is one of the configuration, or a connector with --set. */
#include "monitor/cli/connector_cli.h"

#include "connectors/registry.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/connector_report.h"
#include "monitor/cli/sources.h"

#include <signal.h>
#include <stdio.h>

#define ADHOC_NAME "trial"
#define ADHOC_FILE "command line"
#define REQUESTS_DEFAULT 20

static atomic_bool stopped; /* free of locks, so that a signal handler may set it */

static void on_signal(int number)
{
	(void)number;
	atomic_store(&stopped, true);
}

static size_t find_source(const struct conf *c, const char *name)
{
	size_t at = 0;
	while (at < c->sources_n && strcmp(c->sources[at].name, name) != 0) {
		at++;
	}
	return at;
}

/* --- a source that is not in the configuration --- */

/* key: { a: "b", … } of the option's values. JSON strings are YAML strings. */
static int write_pairs(
	struct cli *cli, const char *option, const char *key, struct buf *out, struct jsonout *j)
{
	const char *text;
	for (size_t i = 0; (text = cli_value_at(cli, option, i)) != NULL; i++) {
		size_t n = strcspn(text, "=");
		if (n == 0 || text[n] != '=') {
			return cli_usage(cli, "--%s wants NAME=VALUE", option);
		}
		buf_printf(out, "%s", i == 0 ? key : ", ");
		j->comma = false;
		jsonout_str(j, str_n(text, n));
		buf_add_c(out, ": ");
		j->comma = false;
		jsonout_str(j, str_c(text + n + 1));
		buf_add_c(out, cli_value_at(cli, option, i + 1) == NULL ? " }\n" : "");
	}
	return EXIT_DONE;
}

static int write_adhoc(struct cli *cli, const char *connector, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	buf_add_c(out, "sources:\n  - name: " ADHOC_NAME "\n    connector: ");
	jsonout_str(&j, str_c(connector));
	buf_add_c(out, "\n");
	int code = write_pairs(cli, "set", "    vars: { ", out, &j);
	if (code == EXIT_DONE) {
		code = write_pairs(cli, "secret", "    secret: { ", out, &j);
	}
	buf_add_c(out, cli_given(cli, "internal") ? "    internal: yes\n" : "");
	buf_add_c(out, cli_given(cli, "accept-terms") ? "    accept-terms: yes\n" : "");
	return code;
}

static bool is_adhoc(const struct cli *cli)
{
	return cli_given(cli, "set") || cli_given(cli, "secret") || cli_given(cli, "internal") ||
	       cli_given(cli, "accept-terms");
}

/* The configuration with the source made from the command line. NULL: what is wrong has been said. */
static struct conf *adhoc_conf(struct cli *cli, const char *connector, int *code)
{
	struct buf text;
	struct conf *c = NULL;
	struct hark_err err = {0};
	const struct hark_connector *found = NULL;
	connector_use_config(cli);
	if (connector_get(&found, connector, NULL, &err) == HARK_ENOENT) {
		err.code = HARK_EINVAL; /* the command line is wrong, no file is missing */
		hark_err_wrap(&err, "no source of the configuration");
		*code = cli_fail(cli, &err);
		return NULL;
	}
	buf_init(&text, 1 << 20);
	*code = write_adhoc(cli, connector, &text);
	if (*code == EXIT_DONE) {
		c = sources_conf_with(cli, buf_str(&text), ADHOC_FILE, code);
	}
	buf_release(&text);
	return c;
}

/* The configuration and the place of the source in it. */
static struct conf *find_conf(struct cli *cli, const char *name, size_t *at, int *code)
{
	struct conf *c = NULL;
	if (!is_adhoc(cli)) {
		c = sources_conf(cli, code);
		if (c == NULL) {
			return NULL;
		}
		*at = find_source(c, name);
		if (*at < c->sources_n) {
			return c;
		}
		conf_unref(c);
	}
	c = adhoc_conf(cli, name, code);
	if (c != NULL) {
		*at = find_source(c, ADHOC_NAME);
	}
	return c;
}

/* --- the poll --- */

static void on_wait(int64_t wait_ms)
{
	fprintf(stderr, "waiting %lld s, as its rates ask (Ctrl-C ends the poll)\n",
		(long long)(wait_ms + 999) / 1000);
}

static int read_max(struct cli *cli, unsigned *out)
{
	int64_t n = REQUESTS_DEFAULT;
	const char *text = cli_value(cli, "max-requests");
	if (text != NULL && (!str_i64(str_c(text), &n) || n < 1 || n > 1000)) {
		return cli_usage(cli, "--max-requests wants a number from 1 to 1000");
	}
	*out = (unsigned)n;
	return EXIT_DONE;
}

static int poll_once(struct cli *cli, struct conf *c, size_t at, unsigned requests_max)
{
	struct hark_err err = {0};
	struct setup setup = {.refs = 1, .conf = c};
	struct trial t;
	const struct trial_options options = {.later = cli_given(cli, "later"),
		.cursor = cli_value(cli, "cursor"),
		.requests_max = requests_max,
		.stop = &stopped,
		.waits = on_wait};
	struct sigaction act = {.sa_handler = on_signal}, before;
	sigaction(SIGINT, &act, &before);
	int rc = trial_run(&t, &setup, at, &options, &err);
	sigaction(SIGINT, &before, NULL);
	int code = EXIT_DONE;
	if (rc == HARK_OK) {
		rc = report_trial(cli, &t, &err);
	}
	if (rc != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	trial_release(&t);
	return code;
}

int run_connector_run(struct cli *cli, int argc, char **argv)
{
	unsigned requests_max = 0;
	size_t at = 0;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "which source? hark sources list shows them");
	}
	if (read_max(cli, &requests_max) != EXIT_DONE) {
		return EXIT_USAGE;
	}
	struct conf *c = find_conf(cli, argv[0], &at, &code);
	if (c == NULL) {
		return code;
	}
	code = poll_once(cli, c, at, requests_max);
	conf_unref(c);
	if (atomic_load(&stopped)) { /* whoever started us learns that it was Ctrl-C */
		fflush(NULL);
		raise(SIGINT);
	}
	return code;
}
