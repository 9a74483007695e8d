/* hark rules tune: what verdicts say about the scores. Proposes, and changes nothing. */
#include "monitor/cli/rules_cli.h"

#include "monitor/api/judged_view.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/table.h"
#include "monitor/leads/precision.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)

/* A symbol has a weight, of a rule only the change of its score is known. */
static void write_change(
	const struct precision_row *row, const struct score_weights *w, struct buf *out)
{
	int miss = precision_miss(row);
	if (row->n < TUNE_MIN) {
		buf_printf(out, "too few verdicts");
	} else if (miss == 0) {
		buf_printf(out, "as it is");
	} else if (row->by == PRECISION_RULE) {
		buf_printf(out, "base %+d", miss);
	} else {
		int weight = (int)w->v[row->symbol];
		buf_printf(out, "%d instead of %d", precision_weight(row, weight), weight);
	}
}

static void print_json(const struct precision_row *v, size_t n, const struct score_weights *w)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	tuning_json(v, n, w, &j);
	puts(buf_c(&out));
	buf_release(&out);
}

static int print_table(
	const struct precision_row *v, size_t n, const struct score_weights *w, bool color)
{
	static const struct table_column columns[] = {{"what", TABLE_LEFT, false},
		{"name", TABLE_LEFT, true}, {"verdicts", TABLE_RIGHT, false},
		{"precision", TABLE_RIGHT, false}, {"95 % interval", TABLE_LEFT, false},
		{"mean score", TABLE_RIGHT, false}, {"proposed", TABLE_LEFT, false}};
	struct table t;
	struct buf change;
	buf_init(&change, 200);
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		if (!tuning_counts(&v[i])) {
			continue;
		}
		struct share share = share_of(v[i].good, v[i].n);
		buf_clear(&change);
		write_change(&v[i], w, &change);
		table_add(&t, v[i].by == PRECISION_RULE ? "rule" : "score");
		table_add_str(&t, v[i].name);
		table_addf(&t, "%lld", (long long)v[i].n);
		table_addf(&t, "%.2f", share.p);
		table_addf(&t, "%.2f to %.2f", share.low, share.high);
		table_addf(&t, "%lld", (long long)(v[i].scores / v[i].n));
		table_add(&t, buf_c(&change));
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	buf_release(&change);
	puts("Nothing is changed: rules have their score in their file, symbols theirs under score: in the\n"
	     "configuration. Try a change with hark rules backtest.");
	return rc;
}

struct judgements {
	struct precision_row *rows;
	size_t n;
};

static int look(struct desk *d, void *ctx)
{
	struct judgements *v = ctx;
	return precision_read(d->store, &d->conf->score, &d->arena, &v->rows, &v->n, &d->err);
}

static void tell(struct desk *d, void *ctx)
{
	const struct judgements *v = ctx;
	if (cli_json(d->cli)) {
		print_json(v->rows, v->n, &d->conf->score);
	} else if (v->n == 0) {
		puts("no verdicts yet: hark leads verdict LEAD relevant, or not-relevant");
	} else {
		print_table(v->rows, v->n, &d->conf->score, cli_color(d->cli));
	}
}

int rules_tune(struct cli *cli, int argc, char **argv)
{
	struct judgements v = {0};
	(void)argv;
	return desk_report(cli, argc, look, tell, &v);
}
