/* hark rules: its commands, and `check`. */
#include "monitor/cli/commands.h"

#include "monitor/cli/rules_args.h"
#include "monitor/cli/rules_cli.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)

static int print_json(struct diags *d)
{
	struct buf out;
	buf_init(&out, JSON_MAX);
	diags_json(d, &out);
	buf_add_char(&out, '\n');
	fputs(buf_c(&out), stdout);
	buf_release(&out);
	return d->errors > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

/* Failed tests are findings like others. What the rules themselves say wrong has been said. */
static void add_test_findings(struct diags *all, const struct diags *tests, bool only_failures)
{
	for (size_t i = 0; i < tests->n; i++) {
		const struct diag *d = &tests->v[i];
		bool failure = strcmp(d->code, "E050") == 0;
		if (d->level == DIAG_ERROR && (failure || !only_failures)) {
			diags_add(all, d->level, d->code, d->at, str_c(d->source), d->help, "%s",
				d->message);
		}
	}
}

static int check_rules(const struct rules_args *a, struct diags *d, size_t *rules, size_t *entries,
	size_t *failed, struct hark_err *err)
{
	struct ruleset *r = NULL;
	struct diags tests;
	int rc = ruleset_load(&r, &a->source, d, err);
	if (rc != HARK_OK && rc != HARK_EPARSE) {
		return rc;
	}
	*rules = r != NULL ? ruleset_count(r) : 0;
	*entries = r != NULL ? ruleset_list_count(r) : 0;
	diags_init(&tests);
	int tested = ruleset_test(&a->source, NULL, NULL, failed, &tests, err);
	add_test_findings(d, &tests, rc != HARK_OK);
	diags_release(&tests);
	ruleset_unref(r);
	return tested;
}

static void print_summary(const struct diags *d, size_t rules, size_t entries)
{
	size_t warnings = d->n - (d->errors < d->n ? d->errors : d->n);
	if (d->errors > 0) {
		printf("%zu error%s", d->errors, d->errors == 1 ? "" : "s");
	} else {
		printf("%zu rule%s and %zu list entr%s are fine", rules, rules == 1 ? "" : "s",
			entries, entries == 1 ? "y" : "ies");
	}
	printf(warnings == 0 ? "\n" : ", %zu warning%s\n", warnings, warnings == 1 ? "" : "s");
}

static int run_check(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct hark_err err = {0};
	size_t rules = 0, entries = 0, failed = 0;
	diags_init(&d);
	int rc = rules_args_open(&a, cli, (const char *const *)argv, (size_t)argc, &d, &err);
	if (rc == HARK_OK) {
		rc = check_rules(&a, &d, &rules, &entries, &failed, &err);
	}
	int code = d.errors > 0 ? EXIT_PROBLEMS : EXIT_DONE;
	if (cli_json(cli)) {
		print_json(&d);
	} else if (rc == HARK_OK || d.errors > 0) {
		diags_print(&d, stdout, cli_color(cli));
		print_summary(&d, rules, entries);
	}
	if (rc != HARK_OK && d.errors == 0) {
		code = cli_fail(cli, &err);
	}
	rules_args_close(&a);
	diags_release(&d);
	return code;
}

static const struct cli_option check_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{NULL},
};

static const struct cli_option list_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"packs", 0, NULL, "the packs that come with hark, instead of rules"},
	{NULL},
};

static const struct cli_option test_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"tap", 0, NULL, "report as TAP"},
	{"junit", 0, "FILE", "write a JUnit report too"},
	{NULL},
};

static const struct cli_option fmt_options[] = {
	{"check", 0, NULL, "change nothing; exit 1 if a file is not formatted"},
	{"diff", 0, NULL, "change nothing; show what would change, exit 1 if anything"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"check", "[PATH…]", "Read rules and lists, report everything that is wrong at once",
		"PATH is a rule file, a folder, a pattern or packs/NAME; without one, the rules of the\n"
		"configuration are checked. Tests inside the files are run too. Lists are the configuration's,\n"
		"where --lists names no folder.",
		check_options, NULL, run_check},
	{"test", "[PATH…]", "Run the tests inside rule files through the matcher",
		"Lists named under a rule's tests stand for the real ones.", test_options, NULL,
		rules_test},
	{"fmt", "FILE…", "Write the queries of rule files in one normal form",
		"Operators, blanks and brackets get one form and long blocks are broken into lines; words stay\n"
		"as written, and everything that is no query stays byte for byte. A query that holds comments\n"
		"is left as it is. - reads standard input and prints the result.",
		fmt_options, NULL, rules_fmt},
	{"list", "[PATH…]", "Show the rules",
		"With --packs: what may stand under rules: as packs/NAME.", list_options, NULL,
		rules_list},
	{NULL},
};

const struct cli_command command_rules = {
	.name = "rules",
	.args = "",
	.about = "Check, test, format and list rules",
	.sub = commands,
};
