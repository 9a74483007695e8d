/* hark privacy due, informed and retention: duties that come with time. */
#include "monitor/cli/privacy_cli.h"

#include "monitor/api/view_privacy.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"
#include "monitor/store/retention.h"

#include <stdio.h>

#define MONTH_MS (30 * 24 * 3600 * INT64_C(1000))
#define DUE_MAX 100000
#define LOOK_MAX 1000000

/* ---- due ---- */

struct due {
	int64_t within_ms;
	struct privacy_due *v;
	size_t n;
};

static int look_due(struct desk *d, void *ctx)
{
	struct due *due = ctx;
	return privacy_due_list(d->store, clock_wall_ms(), due->within_ms, DUE_MAX, &d->arena,
		&due->v, &due->n, &d->err);
}

static void due_json(const struct due *due)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, PRIVACY_JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; i < due->n; i++) {
		view_privacy_due(&j, &due->v[i]);
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void due_table(const struct due *due, bool color)
{
	static const struct table_column columns[] = {{"no", TABLE_RIGHT, false},
		{"name", TABLE_LEFT, true}, {"kind", TABLE_LEFT, false},
		{"from", TABLE_LEFT, false}, {"by", TABLE_LEFT, false},
		{"address", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < due->n; i++) {
		char by[CLOCK_TEXT_MAX];
		table_addf(&t, "%lld", (long long)due->v[i].person);
		table_add_str(&t, due->v[i].name);
		table_add_str(&t, due->v[i].kind);
		table_add_str(&t, due->v[i].origin);
		table_add(&t, clock_local(due->v[i].due_ms, by));
		table_add_str(&t, due->v[i].address);
	}
	table_print(&t, stdout, color);
	table_release(&t);
}

static void tell_due(struct desk *d, void *ctx)
{
	const struct due *due = ctx;
	if (cli_json(d->cli)) {
		due_json(due);
	} else if (due->n == 0) {
		puts("nobody has to be informed");
	} else {
		due_table(due, cli_color(d->cli));
	}
}

int privacy_run_due(struct cli *cli, int argc, char **argv)
{
	struct due due = {.within_ms = MONTH_MS};
	const char *within = cli_value(cli, "within");
	(void)argv;
	if (within != NULL && (value_duration(str_c(within), &due.within_ms, NULL) != HARK_OK ||
				      due.within_ms < 0)) {
		return cli_usage(cli, "--within takes a time such as 7d");
	}
	return desk_report(cli, argc, look_due, tell_due, &due);
}

/* ---- informed ---- */

static int note_all(struct desk *d, int argc, char **argv)
{
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	for (int i = 0; i < argc && rc == HARK_OK; i++) {
		int64_t id = 0;
		str_i64(str_c(argv[i]), &id);
		rc = privacy_informed(d->store, id, clock_wall_ms(), &d->err);
	}
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

int privacy_run_informed(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	int code = EXIT_DONE;
	int64_t id;
	if (argc < 1) {
		return cli_usage(cli, "say the number of a person; hark privacy due shows them");
	}
	for (int i = 0; i < argc; i++) {
		if (!str_i64(str_c(argv[i]), &id) || id < 1) {
			return cli_usage(cli, "'%s' is no number of a person", argv[i]);
		}
	}
	int rc = desk_open(&d, cli, 0, &code);
	rc = rc == HARK_OK ? note_all(&d, argc, argv) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		printf("{\"informed\":%d}\n", argc);
	} else {
		printf("%s informed\n", COUNT(argc, "person"));
	}
	desk_close(&d);
	return code;
}

/* ---- retention ---- */

static const char *span_of(int64_t ms, char out[CLOCK_TEXT_MAX])
{
	return ms > 0 ? clock_span(ms, out) : "for ever";
}

/* Everything that is due, then taken back. */
static int look_retention(struct desk *d, struct retention_counts *counts)
{
	const struct retention limits = {d->conf->keep_unmatched_ms, d->conf->keep_leads_ms};
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	do {
		rc = retention_turn(d->store, &limits, clock_wall_ms(), LOOK_MAX, counts, &d->err);
	} while (rc == HARK_OK && counts->more);
	store_rollback(d->store);
	return rc;
}

int privacy_run_retention(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct retention_counts counts = {0};
	int code = EXIT_DONE;
	bool look = cli_given(cli, "dry-run");
	char unmatched[CLOCK_TEXT_MAX], leads[CLOCK_TEXT_MAX];
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "this takes no arguments");
	}
	int rc = desk_open(&d, cli, look ? 0 : STORE_READ_ONLY, &code);
	rc = rc == HARK_OK && look ? look_retention(&d, &counts) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		printf("{\"unmatched_s\":%lld,\"leads_s\":%lld",
			(long long)(d.conf->keep_unmatched_ms / 1000),
			(long long)(d.conf->keep_leads_ms / 1000));
		if (look) {
			printf(",\"due\":{\"posts\":%zu,\"leads\":%zu}", counts.posts,
				counts.leads);
		}
		puts("}");
	} else {
		printf("posts that matched nothing: body kept %s\n",
			span_of(d.conf->keep_unmatched_ms, unmatched));
		printf("leads, their evidence, profiles and matched posts: kept %s\n",
			span_of(d.conf->keep_leads_ms, leads));
		if (look) {
			printf("due now: %s, %s\n", COUNT(counts.posts, "post"),
				COUNT(counts.leads, "lead"));
		}
	}
	desk_close(&d);
	return code;
}
