/* Reports of what was found (monitor/leads/reports.h), printed. */
#include "monitor/cli/report_desk.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/report_print.h"
#include "monitor/leads/reports.h"

static int read_filter(struct cli *cli, struct lead_report_filter *f)
{
	const char *kind = cli_value(cli, "kind");
	*f = (struct lead_report_filter){.now_ms = clock_wall_ms(),
		.kind = str_c(kind),
		.rule = str_c(cli_value(cli, "rule")),
		.all = cli_given(cli, "all")};
	int code = report_since(cli, &f->since_ms);
	return code == EXIT_DONE && kind != NULL ? desk_check_kind(cli, str_c(kind)) : code;
}

struct asked {
	const struct lead_report_kind *kind;
	struct lead_report_filter filter;
};

static int read_rows(struct desk *d, struct report_rows *rows, void *ctx)
{
	const struct asked *a = ctx;
	return lead_report_read(d->store, d->conf, a->kind, &a->filter, rows, &d->err);
}

static int run(struct cli *cli, int argc, const char *name)
{
	struct report_rows rows;
	struct asked a = {.kind = lead_report_named(str_c(name))};
	int code = argc > 0 ? cli_usage(cli, "this takes no arguments")
			    : read_filter(cli, &a.filter);
	if (code != EXIT_DONE) {
		return code;
	}
	lead_report_init(a.kind, &rows);
	return report_show(cli, read_rows, &a, &rows, lead_report_empty(a.kind));
}

#define RUN(command, name)                                           \
	int report_##command(struct cli *cli, int argc, char **argv) \
	{                                                            \
		(void)argv;                                          \
		return run(cli, argc, name);                         \
	}
RUN(clocks_table, "clocks")
RUN(precision, "precision")
RUN(reps, "reps")
RUN(venues, "venues")
RUN(authors, "authors")
RUN(lead_time, "lead-time")
RUN(lift, "lift")
RUN(questions, "questions")
RUN(spikes, "spikes")
RUN(blind, "blind")
RUN(custody, "custody")
RUN(handover, "handover")
RUN(leavers, "leavers")
