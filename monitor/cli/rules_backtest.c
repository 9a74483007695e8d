/* hark rules backtest: rules on what is stored. */
#include "monitor/base/count.h"
#include "monitor/cli/rules_cli.h"

#include "monitor/api/view_trial.h"
#include "monitor/base/clock.h"
#include "monitor/cli/marks.h"
#include "monitor/cli/progress.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/table.h"
#include "monitor/cli/term.h"
#include "rules/file.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)64 << 20)
#define SAMPLES_MAX 1000

/* ---- for programs ---- */

static int print_json(const struct backtest *t, struct hark_err *err)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	view_backtest(&j, t);
	int rc = out.rc != HARK_OK ? hark_err_set(err, out.rc, "too much for one JSON document")
				   : HARK_OK;
	if (rc == HARK_OK) {
		puts(buf_c(&out));
	}
	buf_release(&out);
	return rc;
}

/* ---- for people ---- */

static void add_change(struct table *t, int64_t n, char sign)
{
	if (n != 0) {
		table_addf(t, "%c%lld", sign, (long long)n);
	} else {
		table_add(t, "");
	}
}

static void print_rules(const struct backtest *t, bool color)
{
	static const struct table_column columns[] = {{"rule", TABLE_LEFT, false},
		{"status", TABLE_LEFT, false}, {"hits", TABLE_RIGHT, false},
		{"stored", TABLE_RIGHT, false}, {"new", TABLE_RIGHT, false},
		{"gone", TABLE_RIGHT, false}, {"leads", TABLE_RIGHT, false},
		{"lost", TABLE_RIGHT, false}, {"kept", TABLE_RIGHT, false}};
	struct table table;
	table_init(&table, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < t->rules_n; i++) {
		const struct backtest_rule *b = &t->rules[i];
		table_add_str(&table, b->info.id);
		table_add(&table, b->info.status);
		table_addf(&table, "%lld", (long long)b->hits);
		table_addf(&table, "%lld", (long long)b->stored);
		add_change(&table, b->gained, '+');
		add_change(&table, b->lost, '-');
		add_change(&table, b->leads_gained, '+');
		add_change(&table, b->leads_lost, '-');
		table_addf(&table, "%lld", (long long)b->leads_kept);
	}
	table_print(&table, stdout, color);
	table_release(&table);
}

static void print_routes(const struct backtest *t, bool color)
{
	static const struct table_column columns[] = {{"leads a week", TABLE_LEFT, false},
		{"now", TABLE_RIGHT, false}, {"then", TABLE_RIGHT, false}};
	struct table table;
	if (t->routes_n == 0) {
		return;
	}
	table_init(&table, columns, 3);
	for (size_t i = 0; i < t->routes_n; i++) {
		table_add(&table, t->routes[i].receiver);
		table_addf(&table, "%.1f", (double)t->routes[i].before / t->weeks);
		table_addf(&table, "%.1f", (double)t->routes[i].after / t->weeks);
	}
	putchar('\n');
	table_print(&table, stdout, color);
	table_release(&table);
}

static void print_sample(const struct backtest *t, const struct backtest_sample *s, bool color)
{
	char when[CLOCK_TEXT_MAX];
	struct buf out;
	int width = term_width(stdout);
	buf_init(&out, OUTPUT_MAX);
	buf_printf(&out, "%s%s%s  %s  ", color ? (s->gained ? "\033[32m" : "\033[31m") : "",
		s->gained ? "new " : "gone", color ? "\033[0m" : "", clock_local(s->seen_ms, when));
	term_add(&out, t->rules[s->rule].info.id, 0);
	buf_add_c(&out, "  ");
	term_add(&out, s->post.url.n > 0 ? s->post.url : s->post.external_id, 0);
	buf_add_char(&out, '\n');
	marks_write(&s->post, s->spans, s->spans_n, width > 0 ? (size_t)width : 100, color, &out);
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

static void print_head(const struct backtest *t)
{
	char first[CLOCK_TEXT_MAX], last[CLOCK_TEXT_MAX];
	if (t->posts == 0) {
		puts("no stored post can be looked at in this time");
		return;
	}
	printf("%s from %s to %s", COUNT(t->posts, "post"), clock_local(t->first_ms, first),
		clock_local(t->last_ms, last));
	if (t->copies + t->gone > 0) {
		printf("; left out: %s, %lld without their text", COUNT(t->copies, "copy"),
			(long long)t->gone);
	}
	puts("\n");
}

static void print_people(const struct backtest *t, bool color)
{
	print_head(t);
	print_rules(t, color);
	printf("\nleads: +%lld -%lld, %lld stay\n", (long long)t->leads_gained,
		(long long)t->leads_lost, (long long)t->leads_kept);
	print_routes(t, color);
	for (size_t i = 0; i < t->samples_n; i++) {
		putchar('\n');
		print_sample(t, &t->samples[i], color);
	}
}

/* ---- the run ---- */

static bool on_progress(void *ctx, int64_t done, int64_t total)
{
	struct progress *p = ctx;
	p->total = total;
	progress_set(p, done);
	return true;
}

static int run(struct cli *cli, struct rules_args *a, struct ruleset *rules,
	const struct backtest_options *given, struct arena *arena, struct backtest *out,
	struct hark_err *err)
{
	struct store *s = NULL;
	struct progress progress;
	struct backtest_options options = *given;
	int rc = store_open(&s, a->conf->store, STORE_READ_ONLY, err);
	if (rc != HARK_OK) {
		return rc;
	}
	progress_start(&progress, "matching", 0);
	options.progress = on_progress;
	options.ctx = &progress;
	rc = backtest_run(s, a->conf, rules, &options, arena, out, err);
	progress_end(&progress);
	store_close(s);
	if (rc == HARK_OK && cli_json(cli)) {
		rc = print_json(out, err);
	} else if (rc == HARK_OK) {
		print_people(out, cli_color(cli));
	}
	return rc;
}

static bool any_lost(const struct backtest *t)
{
	for (size_t i = 0; i < t->rules_n; i++) {
		if (t->rules[i].lost > 0) {
			return true;
		}
	}
	return t->leads_lost > 0;
}

int rules_backtest(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct hark_err err = {0};
	struct ruleset *rules = NULL;
	struct backtest result = {0};
	struct arena arena;
	struct backtest_options options = {0};
	const char *since = cli_value(cli, "since"), *samples = cli_value(cli, "samples");
	int64_t span_ms = 0, samples_n = 5;
	if ((argc == 0) != cli_given(cli, "all")) {
		return cli_usage(cli, "which rules? name files, or give --all");
	}
	if (since != NULL && !duration_parse(str_c(since), &span_ms)) {
		return cli_usage(cli, "--since takes a number and s, m, h, d or w, for example 7d");
	}
	if (samples != NULL && (!str_i64(str_c(samples), &samples_n) || samples_n < 0 ||
				       samples_n > SAMPLES_MAX)) {
		return cli_usage(cli, "--samples takes a number up to %d", SAMPLES_MAX);
	}
	options.since_ms = span_ms > 0 ? clock_wall_ms() - span_ms : 0;
	options.samples_max = (size_t)samples_n;
	diags_init(&d);
	arena_init(&arena, 0);
	int rc = rules_args_open(&a, cli, (const char *const *)argv, (size_t)argc, &d, &err);
	rc = rc == HARK_OK ? rules_args_need_store(&a, &err) : rc;
	rc = rc == HARK_OK ? ruleset_load(&rules, &a.source, &d, &err) : rc;
	rules_args_print(&d);
	rc = rc == HARK_OK ? run(cli, &a, rules, &options, &arena, &result, &err) : rc;
	int code = rc != HARK_OK                                   ? cli_fail(cli, &err)
		   : cli_given(cli, "strict") && any_lost(&result) ? EXIT_PROBLEMS
								   : EXIT_DONE;
	ruleset_unref(rules);
	rules_args_close(&a);
	arena_release(&arena);
	diags_release(&d);
	return code;
}
