/* hark rules diff: what changed files would change, before they are loaded. */
#include "monitor/cli/rules_cli.h"

#include "monitor/api/rules_diff_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/progress.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/term.h"
#include "rules/file.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)64 << 20)
#define SINCE_DEFAULT_MS (7 * 24 * 3600 * INT64_C(1000))

static bool same_query(const struct rule_change *c)
{
	return c->before != NULL && str_eq(c->before->query, c->query);
}

static void print_json(const struct rules_compared *c)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	rules_diff_json(c, &j);
	puts(buf_c(&out));
	buf_release(&out);
}

/* ---- people ---- */

static void print_clean(struct str s)
{
	struct buf b;
	buf_init(&b, OUTPUT_MAX);
	term_add(&b, s, 0);
	fputs(buf_c(&b), stdout);
	buf_release(&b);
}

static void print_query(char sign, struct str query, bool color)
{
	printf("    %s%c ", !color ? "" : sign == '-' ? "\033[31m" : "\033[32m", sign);
	print_clean(query);
	puts(color ? "\033[0m" : "");
}

static void print_change(
	const struct rules_compared *c, const struct rule_change *change, bool color)
{
	static const char signs[] = {'+', '-', '~'};
	const struct backtest_rule *hits = rules_diff_hits(c, change);
	printf("%c ", signs[change->what]);
	print_clean(change->rule);
	fputs("  (", stdout);
	print_clean(change->file);
	printf(change->line > 0 ? ":%u)" : ")", change->line);
	if (change->what == CHANGE_CHANGED &&
		!str_eq_c(change->before->status, change->now.status)) {
		printf("  %.*s → %s", STR_FMT(change->before->status), change->now.status);
	}
	putchar('\n');
	if (change->what == CHANGE_CHANGED && same_query(change)) {
		puts("    the query is the same; its spelling, other keys or definitions have changed");
	} else {
		if (change->before != NULL) {
			print_query('-', change->before->query, color);
		}
		if (change->what != CHANGE_REMOVED) {
			print_query('+', change->query, color);
		}
	}
	if (hits != NULL && hits->active) {
		printf("    %s", COUNT(hits->hits, "hit"));
		printf(change->what == CHANGE_CHANGED ? ", %lld of them new, %lld gone\n" : "\n",
			(long long)hits->gained, (long long)hits->lost);
	}
}

static void print_names(const char *sign, const struct str *names, size_t n)
{
	for (size_t i = 0; i < n && i < NAMES_SHOWN; i++) {
		printf("%s%s", i == 0 ? "    " : ", ", i == 0 ? sign : "");
		print_clean(names[i]);
	}
	if (n > NAMES_SHOWN) {
		printf(" and %zu more", n - NAMES_SHOWN);
	}
	fputs(n > 0 ? "\n" : "", stdout);
}

static void print_list(const struct list_change *l)
{
	fputs("list ", stdout);
	print_clean(l->name);
	if (l->before < 0 || l->now < 0) {
		printf(": %s, %s\n", l->before < 0 ? "new" : "not loaded any more",
			COUNT(l->before < 0 ? l->now : l->before, "entry"));
		return;
	}
	printf(": %s, were %lld", COUNT(l->now, "entry"), (long long)l->before);
	if (l->counted) {
		printf(" (+%zu -%zu)", l->added, l->removed);
	}
	putchar('\n');
	print_names("+ ", l->added_names, l->added);
	print_names("- ", l->removed_names, l->removed);
}

static void print_people(const struct rules_compared *c, bool color)
{
	char when[CLOCK_TEXT_MAX];
	printf("compared with what harkd loaded %s\n\n", clock_local(c->loaded_ms, when));
	for (size_t i = 0; i < c->diff.rules_n; i++) {
		print_change(c, &c->diff.rules[i], color);
	}
	for (size_t i = 0; i < c->diff.lists_n; i++) {
		print_list(&c->diff.lists[i]);
	}
	if (c->diff.rules_n + c->diff.lists_n == 0) {
		printf("nothing differs: %s compared\n", COUNT(c->diff.same, "rule"));
		return;
	}
	printf("\nthe same as before: %s; on %s: +%lld -%lld leads\n", COUNT(c->diff.same, "rule"),
		COUNT(c->hits.posts, "stored post"), (long long)c->hits.leads_gained,
		(long long)c->hits.leads_lost);
}

/* ---- the run ---- */

static bool on_progress(void *ctx, int64_t done, int64_t total)
{
	struct progress *p = ctx;
	p->total = total;
	progress_set(p, done);
	return true;
}

static int compare(struct rules_compared *c, const struct rules_args *a, struct ruleset *set,
	const char *const *paths, size_t paths_n, int64_t span_ms, struct arena *arena,
	struct hark_err *err)
{
	struct store *s = NULL;
	struct progress progress;
	const struct backtest_options options = {
		.since_ms = clock_wall_ms() - span_ms, .progress = on_progress, .ctx = &progress};
	int rc = store_open(&s, a->conf->store, STORE_READ_ONLY, err);
	progress_start(&progress, "matching", 0);
	rc = rc == HARK_OK ? rules_compare(c, s, a->conf, set, paths, paths_n, &options, arena, err)
			   : rc;
	progress_end(&progress);
	store_close(s);
	return rc;
}

int rules_diff(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct diags d;
	struct rules_compared c = {0};
	struct arena arena;
	struct ruleset *set = NULL;
	struct hark_err err = {0};
	int64_t span_ms = SINCE_DEFAULT_MS;
	const char *since = cli_value(cli, "since");
	const char *const *paths = (const char *const *)argv;
	if (since != NULL && !duration_parse(str_c(since), &span_ms)) {
		return cli_usage(cli, "--since takes a number and s, m, h, d or w, for example 7d");
	}
	diags_init(&d);
	arena_init(&arena, 0);
	int rc = rules_args_open(&a, cli, paths, (size_t)argc, &d, &err);
	rc = rc == HARK_OK ? rules_args_need_store(&a, &err) : rc;
	rc = rc == HARK_OK ? ruleset_load(&set, &a.source, &d, &err) : rc;
	rules_args_print(&d);
	rc = rc == HARK_OK ? compare(&c, &a, set, paths, (size_t)argc, span_ms, &arena, &err) : rc;
	if (rc == HARK_OK && cli_json(cli)) {
		print_json(&c);
	} else if (rc == HARK_OK) {
		print_people(&c, cli_color(cli));
	}
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	ruleset_unref(set);
	rules_args_close(&a);
	arena_release(&arena);
	diags_release(&d);
	return code;
}
