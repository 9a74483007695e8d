/* hark rules check: everything that is wrong, and with --cost what the rules take. */
#include "monitor/base/count.h"
#include "monitor/cli/rules_cli.h"

#include "monitor/base/jsonout.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/table.h"
#include "rules/check.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)

#define ANCHORS_SHOWN 3

/* ---- cost ---- */

static void cost_json(const struct rule_cost *c, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_str(j, "rule", c->rule.id);
	jsonout_key_str(j, "file", c->rule.file);
	jsonout_key_i64(j, "line", c->rule.line);
	jsonout_key_bool(j, "always", c->always);
	jsonout_key(j, "candidates_per_post");
	jsonout_double(j, c->woken);
	jsonout_key(j, "matches_per_post");
	jsonout_double(j, c->matched);
	jsonout_key(j, "us_per_post");
	jsonout_double(j, c->us_per_post);
	jsonout_key(j, "anchors");
	jsonout_array(j);
	for (size_t i = 0; i < c->anchors_n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "anchor", c->anchors[i].name);
		jsonout_key(j, "share");
		jsonout_double(j, c->anchors[i].share);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_key_i64(j, "more_anchors", (int64_t)c->anchors_more);
	jsonout_end_object(j);
}

/* Without --cost the findings alone. */
static void print_json(struct diags *d, const struct lint_result *cost)
{
	struct buf out, findings;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	buf_init(&findings, JSON_MAX);
	diags_json(d, &findings);
	if (cost == NULL) {
		puts(buf_c(&findings));
	} else {
		jsonout_init(&j, &out);
		jsonout_object(&j);
		jsonout_key(&j, "findings");
		jsonout_raw(&j, buf_str(&findings));
		jsonout_key(&j, "us_per_post");
		jsonout_double(&j, cost->us_per_post);
		jsonout_key(&j, "cost");
		jsonout_array(&j);
		for (size_t i = 0; i < cost->n; i++) {
			cost_json(&cost->costs[i], &j);
		}
		jsonout_end_array(&j);
		jsonout_end_object(&j);
		puts(buf_c(&out));
	}
	buf_release(&findings);
	buf_release(&out);
}

static void add_anchors(struct table *t, const struct rule_cost *c)
{
	struct buf b;
	buf_init(&b, 4096);
	for (size_t i = 0; i < c->anchors_n && i < ANCHORS_SHOWN; i++) {
		buf_printf(&b, "%s%.*s %.1f%%", i > 0 ? ", " : "", STR_FMT(c->anchors[i].name),
			100 * c->anchors[i].share);
	}
	size_t more =
		c->anchors_more + (c->anchors_n > ANCHORS_SHOWN ? c->anchors_n - ANCHORS_SHOWN : 0);
	if (more > 0) {
		buf_printf(&b, " and %zu more", more);
	}
	table_add(t, c->always ? "every post" : buf_c(&b));
	buf_release(&b);
}

static void print_cost(const struct lint_result *cost, bool color)
{
	static const struct table_column columns[] = {{"rule", TABLE_LEFT, false},
		{"woken", TABLE_RIGHT, false}, {"matches", TABLE_RIGHT, false},
		{"us/post", TABLE_RIGHT, false}, {"by (share of sample posts)", TABLE_LEFT, true}};
	struct table t;
	double woken = 0;
	table_init(&t, columns, 5);
	for (size_t i = 0; i < cost->n; i++) {
		const struct rule_cost *c = &cost->costs[i];
		woken += c->woken;
		table_add_str(&t, c->rule.id);
		table_addf(&t, "%.1f%%", 100 * c->woken);
		table_addf(&t, "%.1f%%", 100 * c->matched);
		table_addf(&t, "%.3f", c->us_per_post);
		add_anchors(&t, c);
	}
	table_print(&t, stdout, color);
	table_release(&t);
	printf("\n%.2f candidates and %.2f us a post, words and names included\n\n", woken,
		cost->us_per_post);
}

/* ---- the check ---- */

static void print_summary(const struct diags *d, size_t rules, size_t entries)
{
	size_t warnings = d->n - (d->errors < d->n ? d->errors : d->n);
	if (d->errors > 0) {
		printf("%s", COUNT(d->errors, "error"));
	} else {
		printf("%s and %s are fine", COUNT(rules, "rule"), COUNT(entries, "list entry"));
	}
	printf(warnings == 0 ? "\n" : ", %s\n", COUNT(warnings, "warning"));
}

int rules_check(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct rules_checked c = {0};
	struct arena arena;
	struct hark_err err = {0};
	bool cost = cli_given(cli, "cost");
	diags_init(&d);
	arena_init(&arena, 0);
	int rc = rules_args_open(&a, cli, (const char *const *)argv, (size_t)argc, &d, &err);
	if (rc == HARK_OK) {
		rc = ruleset_check(&a.source, argc == 0, &d, &arena, &c, &err);
	}
	bool bad = d.errors > 0 || (cli_given(cli, "strict") && d.n > 0);
	int code = bad ? EXIT_PROBLEMS : EXIT_DONE;
	if (cli_json(cli)) {
		print_json(&d, cost ? &c.lint : NULL);
	} else if (rc == HARK_OK || d.errors > 0) {
		if (cost && c.lint.n > 0) {
			print_cost(&c.lint, cli_color(cli));
		}
		diags_print(&d, stdout, cli_color(cli));
		print_summary(&d, c.rules, c.entries);
	}
	if (rc != HARK_OK && d.errors == 0) {
		code = cli_fail(cli, &err);
	}
	ruleset_unref(c.set);
	rules_args_close(&a);
	arena_release(&arena);
	diags_release(&d);
	return code;
}
