/* hark notify: try a receiver, look at alerts that did not arrive, send them again. */
#include "monitor/api/receiver_view.h"
#include "monitor/base/count.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/notify_list.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/print.h"
#include "monitor/cli/sources.h"
#include "monitor/cli/table.h"
#include "monitor/notify/replay.h"
#include "monitor/notify/try.h"
#include "monitor/store/outbox.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define LIST_MAX 10000
#define JSON_MAX ((size_t)256 << 20)

/* hark notify test */

static const struct conf_receiver *find_receiver(
	struct cli *cli, const struct conf *c, const char *name)
{
	const char *names[256];
	size_t n = 0;
	for (size_t i = 0; i < c->receivers_n; i++) {
		if (strcmp(c->receivers[i].name, name) == 0) {
			return &c->receivers[i];
		}
		if (n < 256) {
			names[n++] = c->receivers[i].name;
		}
	}
	const char *near = did_you_mean(str_c(name), names, n);
	cli_usage(cli, "there is no receiver '%s'%s%s%s", name,
		near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
		near != NULL ? "'?"
		: n == 0     ? ": the configuration has none"
			     : ": hark notify list shows all");
	return NULL;
}

/* Returns false when there was no answer at all. */
static bool send_now(struct delivery *d)
{
	struct hark_err err = {0};
	struct fetch *f = NULL;
	bool answered = false;
	signal(SIGPIPE, SIG_IGN); /* a program may close its input early */
	if (receiver_posts(d->receiver->type) && (f = try_fetch(d->conf, &err)) == NULL) {
		delivery_failed(d, 0, "%s", err.text);
	} else {
		answered = try_send(d, f, clock_wall_ms());
	}
	fetch_free(f);
	return answered;
}

static void print_result_json(const struct delivery *d)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, 65536);
	jsonout_init(&j, &out);
	receiver_try_json(d, &j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void print_result(const struct cli *cli, const struct delivery *d)
{
	if (cli_json(cli)) {
		print_result_json(d);
		return;
	}
	if (d->outcome != DELIVERY_SENT) {
		printf("%s: not delivered, after %lld ms: ", d->receiver->name,
			(long long)d->took_ms);
		print_clean(str_c(d->error));
		putchar('\n');
		return;
	}
	printf("%s: delivered in %lld ms", d->receiver->name, (long long)d->took_ms);
	if (receiver_posts(d->receiver->type)) {
		printf(", answer %d%s", d->status, d->answer[0] != '\0' ? ": " : "");
		print_clean(str_c(d->answer));
	}
	putchar('\n');
}

static int run_test(struct cli *cli, int argc, char **argv)
{
	int code = EXIT_USAGE;
	if (argc != 1) {
		return cli_usage(cli, "which receiver?");
	}
	struct conf *c = sources_conf(cli, &code);
	const struct conf_receiver *r = c != NULL ? find_receiver(cli, c, argv[0]) : NULL;
	struct delivery *d =
		r != NULL ? try_delivery(c, r, "somebody ran hark notify test", clock_wall_ms())
			  : NULL;
	if (d != NULL) {
		bool answered = send_now(d);
		print_result(cli, d);
		code = d->outcome == DELIVERY_SENT ? EXIT_DONE
		       : answered                  ? EXIT_PROBLEMS
						   : EXIT_UNREACHABLE;
	} else if (r != NULL) {
		code = cli_fail(cli, &(struct hark_err){.code = HARK_ENOMEM, .text = "no memory"});
	}
	delivery_free(d);
	conf_unref(c);
	return code;
}

/* hark notify dead, held, withdrawn */

static void row_json(struct jsonout *j, const void *rows, size_t i)
{
	alert_json(&((const struct outbox_row *)rows)[i], j);
}

static int print_rows(struct cli *cli, const struct outbox_row *rows, size_t n)
{
	static const struct table_column columns[] = {{"id", TABLE_RIGHT, false},
		{"lead", TABLE_RIGHT, false}, {"receiver", TABLE_LEFT, false},
		{"attempts", TABLE_RIGHT, false}, {"made", TABLE_LEFT, false},
		{"why", TABLE_LEFT, true}};
	struct table t;
	char span[CLOCK_TEXT_MAX];
	table_init(&t, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < n; i++) {
		table_addf(&t, "%lld", (long long)rows[i].id);
		if (rows[i].lead != 0) {
			table_addf(&t, "%lld", (long long)rows[i].lead);
		} else {
			table_add(&t, NULL);
		}
		table_add_str(&t, rows[i].receiver);
		table_addf(&t, "%d", rows[i].attempt);
		table_addf(&t, "%s ago", clock_span(clock_wall_ms() - rows[i].created_ms, span));
		table_add_str(&t, rows[i].last_error);
	}
	int rc = table_print(&t, stdout, cli_color(cli));
	table_release(&t);
	return rc;
}

static int open_store(struct cli *cli, unsigned flags, struct conf **c, struct store **s, int *code)
{
	struct hark_err err = {0};
	*s = NULL;
	*c = sources_conf(cli, code);
	if (*c == NULL) {
		return HARK_EINVAL;
	}
	int rc = store_open(s, (*c)->store, flags, &err);
	if (rc != HARK_OK) {
		*code = cli_fail(cli, &err);
	} else if ((flags & STORE_READ_ONLY) == 0) {
		desk_sign(cli, *s);
	}
	return rc;
}

static int list(struct cli *cli, const char *state, const char *none)
{
	struct conf *c;
	struct store *s;
	struct arena arena;
	struct outbox_row *rows;
	struct hark_err err = {0};
	size_t n = 0;
	int code = EXIT_PROBLEMS;
	arena_init(&arena, JSON_MAX);
	if (open_store(cli, STORE_READ_ONLY, &c, &s, &code) == HARK_OK) {
		const char *receiver = cli_value(cli, "receiver");
		int rc = receiver == NULL
				 ? HARK_OK
				 : alerts_check_receiver(s, c, str_c(receiver), &arena, &err);
		rc = rc == HARK_OK ? outbox_list(s, str_c(state), str_c(receiver), 0, LIST_MAX,
					     &arena, &rows, &n, &err)
				   : rc;
		if (rc != HARK_OK) {
			code = cli_fail(cli, &err);
		} else if (cli_json(cli)) {
			print_json_rows(rows, n, row_json);
			code = EXIT_DONE;
		} else if (n == 0) {
			puts(none);
			code = EXIT_DONE;
		} else {
			code = print_rows(cli, rows, n) == HARK_OK ? EXIT_DONE : EXIT_PROBLEMS;
		}
	}
	store_close(s);
	conf_unref(c);
	arena_release(&arena);
	return code;
}

static int run_dead(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc > 0 ? cli_usage(cli, "it takes no arguments")
			: list(cli, "dead", "no dead letters: no alert was given up");
}

static int run_held(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc > 0
		       ? cli_usage(cli, "it takes no arguments")
		       : list(cli, "held",
				 "nothing is held: every receiver takes its alerts (hark notify list shows "
				 "what waits for quiet hours to end)");
}

static int run_withdrawn(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return argc > 0
		       ? cli_usage(cli, "it takes no arguments")
		       : list(cli, "withdrawn",
				 "nothing is withdrawn: every lead was told of before it was put aside");
}

/* hark notify replay */

static int replay(struct store *s, const struct conf *c, int64_t id, const char *receiver,
	size_t *n, struct hark_err *err)
{
	struct arena arena;
	arena_init(&arena, JSON_MAX);
	int rc = store_begin(s, err);
	if (rc == HARK_OK) {
		rc = alerts_replay(s, c, id, str_c(receiver), clock_wall_ms(), &arena, n, err);
	}
	if (rc == HARK_OK) {
		rc = store_commit(s, err);
	} else {
		store_rollback(s);
	}
	arena_release(&arena);
	return rc;
}

static int run_replay(struct cli *cli, int argc, char **argv)
{
	struct conf *c;
	struct store *s;
	struct hark_err err = {0};
	const char *receiver = cli_value(cli, "receiver");
	int64_t id = 0;
	size_t n = 0;
	int code = EXIT_PROBLEMS;
	if (argc > 1 || (argc == 1) + (receiver != NULL) + cli_given(cli, "all") != 1 ||
		(receiver != NULL && str_trim(str_c(receiver)).n == 0)) {
		return cli_usage(cli, "say one of: the ID of an alert, --receiver NAME, --all");
	}
	if (argc == 1 && (!str_i64(str_c(argv[0]), &id) || id <= 0)) {
		return cli_usage(
			cli, "'%s' is no alert's ID: hark notify dead lists them", argv[0]);
	}
	if (open_store(cli, 0, &c, &s, &code) == HARK_OK) {
		if (replay(s, c, id, receiver, &n, &err) != HARK_OK) {
			code = cli_fail(cli, &err);
		} else {
			printf("%s due again; harkd sends what is due within a minute, outside quiet hours\n",
				COUNT(n, "alert"));
			code = EXIT_DONE;
		}
	}
	store_close(s);
	conf_unref(c);
	return code;
}

static const struct cli_option receiver_option[] = {
	{"receiver", 0, "NAME", "only alerts to this receiver"},
	{NULL},
};

static const struct cli_option replay_options[] = {
	{"receiver", 0, "NAME", "all alerts to this receiver, which is enabled again"},
	{"all", 0, NULL, "all alerts to all receivers"},
	{NULL},
};

static const struct cli_command subs[] = {
	{"list", "", "Show receivers, how they are, and when their next digest comes",
		"A receiver is disabled when its webhook answered 410 Gone, and unsubscribed when whoever reads\n"
		"its mails has followed the link in one that ends them. Alerts wait for its quiet hours to end,\n"
		"or to be sent again; those that are held wait for hark notify replay. Those that are withdrawn\n"
		"are not sent while their leads are closed or snoozed.",
		.run = notify_list},
	{"test", "RECEIVER", "Send a receiver a test alert and show its answer",
		"The alert says in every field that it is a test. A webhook has taken it with a status from\n"
		"200 to 299; everything else is a failure (exit code 1), no answer at all is exit code 3.\n\n"
		"    hark notify test sales",
		.run = run_test},
	{"dead", "", "List alerts that were given up",
		"An alert is given up after ten attempts over three days. hark notify replay sends it\n"
		"again.",
		.options = receiver_option, .run = run_dead},
	{"subscribe", "RECEIVER", "Send mails again to somebody who had ended them",
		"What came meanwhile is kept; hark notify replay sends it.\n\n"
		"    hark notify subscribe ana",
		.run = notify_subscribe},
	{"held", "", "List alerts that are kept back",
		"They wait for a receiver that is disabled (its webhook answered 410 Gone), unsubscribed (its\n"
		"reader wants no more mails) or no longer in the configuration.",
		.options = receiver_option, .run = run_held},
	{"withdrawn", "", "List alerts that are not sent as their leads were put aside",
		"A lead that is dismissed, snoozed or closed before its alert went out, as in quiet hours, takes it\n"
		"along. It goes out after all when the lead is open again: by hark leads undo, or when its snooze\n"
		"is over.",
		.options = receiver_option, .run = run_withdrawn},
	{"replay", "[ID]", "Send alerts again that were given up or kept back",
		"The delivery id stays the same, so a receiver that did get the alert knows it.\n\n"
		"    hark notify replay --receiver sales",
		.options = replay_options, .run = run_replay},
	{NULL},
};

const struct cli_command command_notify = {
	"notify", "", "Try receivers, and see to alerts that did not arrive", NULL, .sub = subs};
