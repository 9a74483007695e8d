/* hark rules test: the tests inside rule files, told to people, as TAP, as JSON, as JUnit. */
#include "monitor/cli/rules_cli.h"

#include "monitor/api/view_trial.h"
#include "monitor/base/markup.h"
#include "monitor/cli/rules_args.h"

#include <errno.h>
#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)

struct test_run {
	FILE *junit; /* NULL: none */
	bool tap, color, verbose;
	struct jsonout *json; /* NULL: for people, or TAP */
	size_t n, failed;
	char rule[256]; /* the last one, for headings */
	struct buf xml;
	size_t xml_failed, xml_n;
};

static void junit_case(struct test_run *t, const struct rule_test_result *r)
{
	buf_add_c(&t->xml, "  <testcase classname=\"");
	markup_escape(&t->xml, str_c(r->rule));
	buf_add_c(&t->xml, "\" name=\"");
	markup_escape(&t->xml, str_c(r->what));
	buf_add_c(&t->xml, "\" file=\"");
	markup_escape(&t->xml, str_c(r->file));
	buf_printf(&t->xml, "\" line=\"%u\"", r->line);
	if (r->ok) {
		buf_add_c(&t->xml, "/>\n");
		return;
	}
	buf_add_c(&t->xml, "><failure message=\"");
	markup_escape(&t->xml, str_c(r->why));
	buf_add_c(&t->xml, "\"/></testcase>\n");
}

/* For people: what failed, under its rule; what passed only if asked. */
static void pretty_case(struct test_run *t, const struct rule_test_result *r)
{
	char rule[256];
	if (r->ok && !t->verbose) {
		return;
	}
	snprintf(rule, sizeof(rule), "%s: %s", r->file, r->rule);
	if (strcmp(rule, t->rule) != 0) {
		printf("%s%s\n", t->rule[0] != '\0' ? "\n" : "", rule);
		memcpy(t->rule, rule, sizeof(rule));
	}
	printf("  %s%s%s %s\n", t->color ? (r->ok ? "\033[32m" : "\033[31m") : "",
		r->ok ? "ok" : "not ok", t->color ? "\033[0m" : "", r->what);
	if (!r->ok) {
		printf("         line %u: %s\n", r->line, r->why);
	}
}

static void tap_case(const struct test_run *t, const struct rule_test_result *r)
{
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

static void on_case(void *ctx, const struct rule_test_result *r)
{
	struct test_run *t = ctx;
	t->n++;
	t->failed += !r->ok;
	if (t->junit != NULL) {
		junit_case(t, r);
	}
	if (t->json != NULL) {
		view_rule_test(t->json, r);
	} else if (t->tap) {
		tap_case(t, r);
	} else {
		pretty_case(t, r);
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
	if (t->json != NULL) {
		return rc;
	}
	if (t->tap) {
		printf("1..%zu\n", t->n);
	} else if (rc == HARK_OK) {
		printf("%s%zu passed, %zu failed\n", t->rule[0] != '\0' ? "\n" : "",
			t->n - t->failed, t->failed);
	}
	print_other_findings(d, t->tap ? stderr : stdout, cli_color(cli) && !t->tap);
	if (rc == HARK_OK && t->n == 0 && d->errors == 0) {
		fputs("hark rules test: these files hold no tests\n", stderr);
	}
	return rc;
}

/* {"cases":[…],"passed":N,"failed":N,"findings":[…]}: the findings as `hark rules check` gives them,
 * failed cases among them. */
static int test_as_json(struct cli *cli, struct test_run *t, const struct rules_args *a,
	struct diags *d, struct hark_err *err)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	t->json = &j;
	jsonout_object(&j);
	jsonout_key(&j, "cases");
	jsonout_array(&j);
	int rc = test_files(cli, t, a, d, err);
	jsonout_end_array(&j);
	jsonout_key_i64(&j, "passed", (int64_t)(t->n - t->failed));
	jsonout_key_i64(&j, "failed", (int64_t)t->failed);
	view_findings(&j, "findings", d);
	jsonout_end_object(&j);
	if (rc == HARK_OK && out.rc != HARK_OK) {
		rc = hark_err_set(err, HARK_ELIMIT, "too much to say in one JSON document");
	} else if (rc == HARK_OK) {
		puts(buf_c(&out));
	}
	buf_release(&out);
	return rc;
}

int rules_test(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct hark_err err = {0};
	const char *junit = cli_value(cli, "junit");
	struct test_run t = {.tap = cli_given(cli, "tap"),
		.verbose = cli_given(cli, "verbose"),
		.color = cli_color(cli)};
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
		rc = cli_json(cli) && !t.tap ? test_as_json(cli, &t, &a, &d, &err)
					     : test_files(cli, &t, &a, &d, &err);
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
