/* hark connector: its commands, and `list` and `show`. */
#include "monitor/cli/commands.h"

#include "connectors/collect.h"
#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/cli/connector_cli.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"

#include <stdio.h>

static void write_every(long seconds, struct buf *out)
{
	value_write_duration(out, seconds > 0 ? seconds * INT64_C(1000) : INT64_C(1800000));
}

/* --- list --- */

/* One that cannot be loaded has its reason in its row. */
static void say_hidden(void *ctx, const struct hark_err *why)
{
	(void)ctx;
	if (why->code == HARK_EBUSY) {
		fprintf(stderr, "%s\n", why->text);
	}
}

static void name_json(struct jsonout *j, const void *names, size_t i)
{
	const char *name = ((const char *const *)names)[i];
	const struct hark_connector *c = connector_find(name);
	jsonout_object(j);
	jsonout_key_c(j, "name", name);
	jsonout_key_c(j, "about", c != NULL ? c->about : NULL);
	jsonout_key_bool(j, "usable", c != NULL);
	jsonout_key_bool(j, "definition", c != NULL && connector_definition(c) != NULL);
	jsonout_end_object(j);
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	static const struct table_column columns[] = {{"name", TABLE_LEFT, false},
		{"every", TABLE_RIGHT, false}, {"needs", TABLE_LEFT, false},
		{"about", TABLE_LEFT, true}};
	const char *names[CONNECTORS_MAX];
	connector_use_config(cli);
	size_t n = connector_names(names, CONNECTORS_MAX);
	struct table t;
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "list takes no names; hark connector show NAME shows one");
	}
	if (cli_json(cli)) {
		print_json_rows(names, n, name_json);
		return EXIT_DONE;
	}
	table_init(&t, columns, 4);
	t.wraps = true;
	for (size_t i = 0; i < n; i++) {
		struct hark_err err = {0};
		const struct hark_connector *c = NULL;
		struct buf every;
		bool ok = connector_get(&c, names[i], NULL, &err) == HARK_OK;
		buf_init(&every, 100);
		if (ok) {
			write_every(c->every_s, &every);
		}
		table_add(&t, names[i]);
		table_add(&t, ok ? buf_c(&every) : NULL);
		table_add(
			&t, !ok         ? NULL
			    : c->opt_in ? "your consent"
			    : c->secrets != NULL && c->secrets->name != NULL && c->secrets->required
				    ? "a secret"
				    : NULL);
		table_add(&t, ok ? c->about : err.text);
		buf_release(&every);
	}
	int rc = table_print(&t, stdout, cli_color(cli));
	table_release(&t);
	connector_report(say_hidden, NULL);
	struct hark_err err = {.code = rc, .text = "no memory to print the table"};
	return rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
}

/* --- show --- */

static void show_settings(const char *title, const struct hark_setting *s)
{
	for (bool first = true; s != NULL && s->name != NULL; s++, first = false) {
		printf("%-9s %s%s", first ? title : "", s->name, s->required ? " (required)" : "");
		if (s->about != NULL && s->about[0] != '\0') {
			printf(": %s", s->about);
		}
		if (s->otherwise != NULL) {
			printf(" (default: %s)", s->otherwise);
		}
		putchar('\n');
	}
}

/* Settings that a source has a key of its own for, beside `vars`. */
static bool has_key(const struct hark_setting *s)
{
	return strcmp(s->name, "folder") == 0 || strcmp(s->name, "command") == 0;
}

/* As a string in YAML. A list's own example is beside its connector, not beside hark.yaml. */
static void show_example(const struct hark_setting *s)
{
	const char *text = s->type == HARK_SETTING_LIST ? "/etc/hark/list.csv"
			   : s->example != NULL         ? s->example
							: "…";
	struct buf out;
	struct jsonout j;
	buf_init(&out, 1 << 16);
	jsonout_init(&j, &out);
	jsonout_str(&j, str_c(text));
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

static void show_source(const struct hark_connector *c)
{
	printf("\nA source of it:\n\n  - name: my-%s\n    connector: %s\n", c->name, c->name);
	bool any = false;
	for (const struct hark_setting *s = c->settings; s != NULL && s->name != NULL; s++) {
		if (s->required && has_key(s)) {
			printf("    %s: %s\n", s->name, s->example);
		} else if (s->required) {
			printf("%s%s: ", any ? ", " : "    vars: { ", s->name);
			show_example(s);
			any = true;
		}
	}
	fputs(any ? " }\n" : "", stdout);
	any = false;
	for (const struct hark_setting *s = c->secrets; s != NULL && s->name != NULL; s++) {
		const char *name = strcmp(s->name, "*") == 0 ? "token" : s->name; /* any name */
		printf("%s%s: \"file:/etc/hark/%s.%s\"", any ? ", " : "    secret: { ", name,
			c->name, name);
		any = true;
	}
	fputs(any ? " }\n" : "", stdout);
	fputs(c->opt_in ? "    accept-terms: yes\n" : "", stdout);
}

/* Where it is sent to, and how one tries. */
static void show_push(const struct hark_connector *c, void *ctx)
{
	struct hark_request request = {0};
	struct arena arena;
	arena_init(&arena, 1 << 20);
	if (ctx != NULL && collect_plan(c, ctx, NULL, 0, &request, &arena, NULL) == HARK_OK &&
		request.transport == HARK_TRANSPORT_PUSH) {
		printf("\nIt is sent to, with http: { listen: 127.0.0.1:8787 }; TOKEN is the secret "
		       "token:\n\n"
		       "  curl -d @FILE -H 'Content-Type: application/json' \\\n"
		       "    http://127.0.0.1:8787/in/my-%s/TOKEN\n",
			c->name);
	}
	arena_release(&arena);
}

static int run_show(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	const struct hark_connector *c = NULL;
	struct buf every;
	connector_use_config(cli);
	if (argc != 1) {
		return cli_usage(cli, "which connector? hark connector list shows all");
	}
	if (connector_load(&c, argv[0], &err) != HARK_OK) {
		return cli_fail(cli, &err);
	}
	buf_init(&every, 100);
	write_every(c->every_s, &every);
	printf("%-9s %s\n%-9s %s\n", "name", c->name, "about", c->about);
	const char *file = connector_file(c);
	printf("%-9s %s\n", "file", file != NULL ? file : "part of the program");
	if (c->docs != NULL) {
		printf("%-9s %s\n", "docs", c->docs);
	}
	if (c->terms != NULL) {
		printf("%-9s %s\n", "terms", c->terms);
	}
	printf("%-9s %s\n", "every", buf_c(&every));
	const struct definition *d = connector_definition(c);
	if (d != NULL && d->hours_text != NULL) {
		printf("%-9s %s\n", "hours", d->hours_text);
	}
	show_settings("vars", c->settings);
	show_settings("secret", c->secrets);
	show_source(c);
	void *ctx = NULL;
	connector_open_example(c, &ctx, NULL);
	show_push(c, ctx);
	collect_close(c, ctx);
	buf_release(&every);
	return EXIT_DONE;
}

static const struct cli_option test_options[] = {
	{"all", 'a', NULL, "every connector there is"},
	{"accept", 0, NULL, "write what came out as what is expected, after you have read it"},
	{NULL},
};

static const struct cli_option run_options[] = {
	{"set", 0, "NAME=VALUE", "a setting of the connector, as under vars; may be given again"},
	{"secret", 0, "NAME=PLACE", "where a secret is, as token=env:NAME; may be given again"},
	{"internal", 0, NULL, "it is your own: a private address is allowed"},
	{"accept-terms", 0, NULL,
		"you have read the terms of a connector that is off without this"},
	{"later", 0, NULL,
		"as a poll after the first, to which everything is new: pages and details too"},
	{"cursor", 0, "TEXT", "go on from this cursor"},
	{"max-requests", 0, "N", "end after so many requests (default: 20)"},
	{NULL},
};

static const struct cli_option new_options[] = {
	{"url", 0, "URL", "where the reply came from"},
	{"name", 0, "NAME",
		"the connector's name (default: that of the file of --output, else board)"},
	{"output", 'o', "FILE", "write it there, never over what is there already"},
	{"dry-run", 'n', NULL, "only print it, whatever --output says"},
	{"internal", 0, NULL, "the server is your own: a private address is allowed"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"list", "", "Show every connector", NULL, NULL, NULL, run_list},
	{"show", "FILE|NAME", "Show what a connector reads, needs and asks",
		"    hark connector show mastodon-tag", NULL, NULL, run_show},
	{"check", "FILE|NAME…", "Report at once everything that is wrong with connectors",
		"Of a definition its text is read. A connector in C (by name, or as a file NAME.so) is run in\n"
		"a process of its own: without settings, with odd cursors, on empty, cut, damaged and huge\n"
		"replies, in two contexts at once, each twice. It may not crash, hang, leak, print, open\n"
		"files, write into a reply or remember one context in another. Tests are run too.\n\n"
		"    hark connector check connectors/board.yaml\n"
		"    hark connector check ./example.so",
		NULL, NULL, run_connector_check},
	{"test", "[FILE|NAME…]", "Run connectors on their samples, offline",
		"A definition names a sample and the records it must give; hark-connectors(7) says\n"
		"how.\n\n"
		"    hark connector test board\n"
		"    hark connector test ./board.yaml",
		test_options, NULL, run_connector_test},
	{"run", "SOURCE|NAME", "Poll once, exactly as harkd would, and show what comes of it",
		"SOURCE is one of the configuration, NAME a connector with its settings. Prints the\n"
		"records, every request that was sent, what was left out and why, the next cursor and\n"
		"the rates it keeps. Nothing is stored and no cursor is moved. harkd's own requests are\n"
		"not counted: against a budget it comes on top of them.\n\n"
		"    hark connector run widgets\n"
		"    hark connector run mastodon-tag --set instance=mastodon.example --set tag=crm --later",
		run_options, NULL, run_connector_run},
	{"new", "URL|FILE", "Write the beginning of a definition from a reply",
		"URL is asked once, in the operator's name; FILE is a saved reply (- is standard\n"
		"input): JSON, lines of it, or XML. Where the items are, which part of them is what\n"
		"and how the next page is had is guessed; every guess carries a comment, and so does\n"
		"what found no use and what a post should have but nothing looks like. A reply that\n"
		"says that something went wrong is refused with what it says. A secret in the query of\n"
		"URL stays out and becomes auth. The definition goes to standard output, or with\n"
		"--output into a file, with the reply beside it as its test.\n\n"
		"    hark connector new --name board -o connectors/board.yaml https://board.example/api",
		new_options, NULL, run_connector_new},
	{NULL},
};

const struct cli_command command_connector = {
	.name = "connector",
	.args = "",
	.about = "Show, check and test connectors and the definitions behind them",
	.sub = commands,
};
