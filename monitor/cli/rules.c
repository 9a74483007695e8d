/* hark rules: check, test and list rule files. */
#include "monitor/cli/commands.h"

#include "monitor/base/jsonout.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/table.h"

#include <errno.h>
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

/* ---- check ---- */

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

/* ---- test ---- */

struct test_run {
	FILE *junit; /* NULL: none */
	bool tap, color;
	size_t n, failed;
	char rule[256]; /* the last one, for headings */
	struct buf xml;
	size_t xml_failed, xml_n;
};

static void add_xml(struct buf *out, const char *text)
{
	for (; *text != '\0'; text++) {
		const char *as = *text == '<'   ? "&lt;"
				 : *text == '>' ? "&gt;"
				 : *text == '&' ? "&amp;"
				 : *text == '"' ? "&quot;"
						: NULL;
		if (as != NULL) {
			buf_add_c(out, as);
		} else if ((unsigned char)*text >= ' ') {
			buf_add_char(out, *text);
		}
	}
}

static void junit_case(struct test_run *t, const struct rule_test_result *r)
{
	buf_add_c(&t->xml, "  <testcase classname=\"");
	add_xml(&t->xml, r->rule);
	buf_add_c(&t->xml, "\" name=\"");
	add_xml(&t->xml, r->what);
	buf_add_c(&t->xml, "\" file=\"");
	add_xml(&t->xml, r->file);
	buf_printf(&t->xml, "\" line=\"%u\"", r->line);
	if (r->ok) {
		buf_add_c(&t->xml, "/>\n");
		return;
	}
	buf_add_c(&t->xml, "><failure message=\"");
	add_xml(&t->xml, r->why);
	buf_add_c(&t->xml, "\"/></testcase>\n");
}

static void pretty_case(struct test_run *t, const struct rule_test_result *r)
{
	char rule[256];
	snprintf(rule, sizeof(rule), "%s: %s", r->file, r->rule);
	if (strcmp(rule, t->rule) != 0) {
		printf("%s%s\n", t->n > 1 ? "\n" : "", rule);
		memcpy(t->rule, rule, sizeof(rule));
	}
	printf("  %s%s%s %s\n", t->color ? (r->ok ? "\033[32m" : "\033[31m") : "",
		r->ok ? "ok" : "not ok", t->color ? "\033[0m" : "", r->what);
	if (!r->ok) {
		printf("         line %u: %s\n", r->line, r->why);
	}
}

static void on_case(void *ctx, const struct rule_test_result *r)
{
	struct test_run *t = ctx;
	t->n++;
	t->failed += !r->ok;
	if (t->junit != NULL) {
		junit_case(t, r);
	}
	if (!t->tap) {
		pretty_case(t, r);
		return;
	}
	printf("%sok %zu - %s: ", r->ok ? "" : "not ", t->n, r->rule);
	for (const char *c = r->what; *c != '\0'; c++) {
		if (*c == '#') {
			putchar('\\');
		}
		putchar(*c);
	}
	putchar('\n');
	if (!r->ok) {
		printf("# %s:%u: %s\n", r->file, r->line, r->why);
	}
}

static int close_junit(struct test_run *t, struct hark_err *err)
{
	if (t->junit == NULL) {
		return HARK_OK;
	}
	fprintf(t->junit,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"hark rules\" tests=\"%zu\" failures=\"%zu\">\n%s</testsuite>\n",
		t->n, t->failed, buf_c(&t->xml));
	bool bad = ferror(t->junit) != 0;
	return fclose(t->junit) != 0 || bad
		       ? hark_err_set(err, HARK_EIO, "the JUnit report cannot be written")
		       : HARK_OK;
}

/* What is wrong beside the cases: the files, the rules, the tests' own form. */
static void print_other_findings(struct diags *d, FILE *out, bool color)
{
	struct diags other;
	diags_init(&other);
	for (size_t i = 0; i < d->n; i++) {
		const struct diag *g = &d->v[i];
		if (strcmp(g->code, "E050") != 0) {
			diags_add(&other, g->level, g->code, g->at, str_c(g->source), g->help, "%s",
				g->message);
		}
	}
	diags_print(&other, out, color);
	diags_release(&other);
}

static int test_files(struct cli *cli, struct test_run *t, const struct rules_args *a,
	struct diags *d, struct hark_err *err)
{
	size_t failed = 0;
	int rc = ruleset_test(&a->source, on_case, t, &failed, d, err);
	int closed = close_junit(t, err);
	rc = rc == HARK_OK ? closed : rc;
	if (t->tap) {
		printf("1..%zu\n", t->n);
	} else if (rc == HARK_OK) {
		printf("%s%zu passed, %zu failed\n", t->n > 0 ? "\n" : "", t->n - t->failed,
			t->failed);
	}
	print_other_findings(d, t->tap ? stderr : stdout, cli_color(cli) && !t->tap);
	if (rc == HARK_OK && t->n == 0 && d->errors == 0) {
		fputs("hark rules test: these files hold no tests\n", stderr);
	}
	return rc;
}

static int run_test(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct hark_err err = {0};
	const char *junit = cli_value(cli, "junit");
	struct test_run t = {.tap = cli_given(cli, "tap"), .color = cli_color(cli)};
	diags_init(&d);
	buf_init(&t.xml, JSON_MAX);
	int rc = rules_args_open(&a, cli, (const char *const *)argv, (size_t)argc, &d, &err);
	if (rc == HARK_OK && junit != NULL) {
		t.junit = fopen(junit, "we");
		rc = t.junit != NULL
			     ? rc
			     : hark_err_errno(&err, HARK_EIO, errno, "%s cannot be written", junit);
	}
	if (rc == HARK_OK) {
		rc = test_files(cli, &t, &a, &d, &err);
	} else if (d.errors > 0) {
		diags_print(&d, stderr, false);
	}
	int code = rc != HARK_OK                  ? cli_fail(cli, &err)
		   : d.errors > 0 || t.failed > 0 ? EXIT_PROBLEMS
						  : EXIT_DONE;
	rules_args_close(&a);
	diags_release(&d);
	buf_release(&t.xml);
	return code;
}

/* ---- list ---- */

static void list_json(const struct ruleset *r)
{
	struct buf out;
	struct jsonout j;
	struct rule_info info;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; ruleset_rule_at(r, i, &info); i++) {
		jsonout_object(&j);
		jsonout_key_str(&j, "id", info.id);
		jsonout_key_str(&j, "title", info.title);
		jsonout_key_c(&j, "kind", signal_kind_name(info.kind));
		jsonout_key_c(&j, "level", signal_level_name(info.level));
		jsonout_key_c(&j, "status", info.status);
		jsonout_key_str(&j, "file", info.file);
		jsonout_key_i64(&j, "line", info.line);
		jsonout_key_c(&j, "hash", info.hash);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static int list_people(const struct ruleset *r, bool color)
{
	static const struct table_column columns[] = {{"rule", TABLE_LEFT, false},
		{"kind", TABLE_LEFT, false}, {"level", TABLE_LEFT, false},
		{"status", TABLE_LEFT, false}, {"file", TABLE_LEFT, false},
		{"title", TABLE_LEFT, true}};
	struct table t;
	struct rule_info info;
	table_init(&t, columns, 6);
	for (size_t i = 0; ruleset_rule_at(r, i, &info); i++) {
		table_addf(&t, "%.*s", STR_FMT(info.id));
		table_add(&t, signal_kind_name(info.kind));
		table_add(&t, signal_level_name(info.level));
		table_add(&t, info.status);
		table_addf(&t, "%.*s", STR_FMT(info.file));
		table_addf(&t, "%.*s", STR_FMT(info.title));
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	return rc;
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct hark_err err = {0};
	struct ruleset *r = NULL;
	diags_init(&d);
	int rc = rules_args_open(&a, cli, (const char *const *)argv, (size_t)argc, &d, &err);
	rc = rc == HARK_OK ? ruleset_load(&r, &a.source, &d, &err) : rc;
	if (rc != HARK_OK) {
		diags_print(&d, stderr, false);
	} else if (cli_json(cli)) {
		list_json(r);
	} else {
		list_people(r, cli_color(cli));
	}
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	ruleset_unref(r);
	rules_args_close(&a);
	diags_release(&d);
	return code;
}

static const struct cli_option list_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{NULL},
};

static const struct cli_option test_options[] = {
	{"lists", 'l', "DIR", "every CSV file in DIR is a list of its name"},
	{"tap", 0, NULL, "report as TAP"},
	{"junit", 0, "FILE", "write a JUnit report too"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"check", "[PATH…]", "Read rules and lists, report everything that is wrong at once",
		"PATH is a rule file, a folder, a pattern or packs/NAME; without one, the rules of the\n"
		"configuration are checked. Tests inside the files are run too.",
		list_options, NULL, run_check},
	{"test", "[PATH…]", "Run the tests inside rule files through the matcher",
		"Lists named under a rule's tests stand for the real ones.", test_options, NULL,
		run_test},
	{"list", "[PATH…]", "Show the rules", NULL, list_options, NULL, run_list},
	{NULL},
};

const struct cli_command command_rules = {
	.name = "rules",
	.args = "",
	.about = "Check, test and list rules",
	.sub = commands,
};
