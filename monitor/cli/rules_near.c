/* hark rules near-misses: ten posts a week that a rule came near to, for people to judge. */
#include "monitor/cli/rules_cli.h"

#include "monitor/api/judged_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/rules_args.h"
#include "monitor/cli/table.h"
#include "monitor/model/post.h"
#include "monitor/pipeline/near_sample.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)

static void print_json(const struct near_sample *sample, const struct near_row *v, size_t n)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	near_sample_json(sample, v, n, &j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void print_table(
	const struct near_sample *sample, const struct near_row *v, size_t n, bool color)
{
	static const struct table_column columns[] = {{"no", TABLE_RIGHT, false},
		{"rule", TABLE_LEFT, false}, {"verdict", TABLE_LEFT, false},
		{"mind", TABLE_LEFT, false}, {"link", TABLE_LEFT, true},
		{"text", TABLE_LEFT, true}};
	char from[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];
	struct table t;
	printf("%s of %s from %s to %s, beside %s with a lead\n", COUNT(n, "post"),
		COUNT(sample->misses, "near miss"), clock_local(sample->from_ms, from),
		clock_local(sample->until_ms, until), COUNT(sample->found, "finding"));
	if (n == 0) {
		return;
	}
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		table_addf(&t, "%lld", (long long)v[i].id);
		table_add_str(&t, v[i].rule);
		table_add(&t, near_verdict_name(&v[i]));
		table_add(&t, v[i].is_private ? PRIVATE_MARK : "");
		table_add_str(&t, v[i].url);
		table_add_str(&t, v[i].text.n > 0 ? v[i].text : v[i].title);
	}
	table_print(&t, stdout, color);
	table_release(&t);
	puts("hark why-not LINK --rule ID says what it failed at");
}

int rules_near(struct cli *cli, int argc, char **argv)
{
	struct rules_args a;
	struct ruleset *rules = NULL;
	struct desk d;
	struct hark_err err = {0};
	struct near_sample sample;
	struct near_row *rows = NULL;
	size_t n = 0;
	int code = EXIT_DONE;
	(void)argv;
	if (argc > 0) {
		return cli_usage(
			cli, "near-misses takes no arguments; hark rules judge takes a verdict");
	}
	int rc = rules_args_load(&a, cli, &rules, &err);
	if (rc != HARK_OK) {
		rules_args_close(&a);
		return cli_fail(cli, &err);
	}
	rc = desk_open(&d, cli, 0, &code);
	rc = rc == HARK_OK ? near_sample_take(d.store, rules, clock_wall_ms(), &sample, &d.err)
			   : rc;
	rc = rc == HARK_OK ? store_near_list(d.store, sample.id, &d.arena, &rows, &n, &d.err) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		print_json(&sample, rows, n);
	} else {
		print_table(&sample, rows, n, cli_color(cli));
	}
	desk_close(&d);
	ruleset_unref(rules);
	rules_args_close(&a);
	return code;
}

struct judging {
	int64_t id;
	bool relevant;
	struct str reason;
};

static int judge(struct desk *d, void *ctx)
{
	const struct judging *j = ctx;
	return store_near_judge(d->store, j->id, j->relevant, j->reason, desk_actor(d->cli),
		clock_wall_ms(), &d->err);
}

int rules_judge(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	int64_t id = 0;
	int code = EXIT_DONE;
	struct str reason = str_trim(str_c(cli_value(cli, "reason")));
	if (argc != 2) {
		return cli_usage(cli, "say NUMBER and relevant or not-relevant");
	}
	if (!str_i64(str_c(argv[0]), &id) || id <= 0) {
		return cli_usage(cli, "'%s' is not the number of a near miss", argv[0]);
	}
	bool relevant = strcmp(argv[1], "relevant") == 0;
	if (!relevant && strcmp(argv[1], "not-relevant") != 0) {
		return cli_usage(cli, "a verdict is relevant or not-relevant, not '%s'", argv[1]);
	}
	int rc = desk_open(&d, cli, 0, &code);
	struct judging j = {id, relevant, reason};
	rc = rc == HARK_OK ? desk_commit(&d, judge, &j) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		printf("{\"id\":%lld,\"relevant\":%s}\n", (long long)id,
			relevant ? "true" : "false");
	} else {
		printf("near miss %lld is %s\n", (long long)id,
			relevant ? "relevant" : "not relevant");
	}
	desk_close(&d);
	return code;
}
