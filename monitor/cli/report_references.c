/* Reports of references (monitor/references/reports.h), printed. */
#include "monitor/cli/report_references.h"

#include "monitor/base/clock.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/report_desk.h"
#include "monitor/cli/report_print.h"
#include "monitor/config/values.h"
#include "monitor/references/reports.h"

static int read_filter(struct cli *cli, struct reference_report_filter *f)
{
	const char *stuck = cli_value(cli, "after");
	int64_t span_ms = REFERENCES_STUCK_MS;
	f->now_ms = clock_wall_ms();
	if (stuck != NULL &&
		(value_duration(str_c(stuck), &span_ms, NULL) != HARK_OK || span_ms <= 0)) {
		return cli_usage(cli, "--after takes a time such as 14d or 30d, not '%s'", stuck);
	}
	f->stuck_ms = f->now_ms - span_ms;
	return report_since(cli, &f->since_ms);
}

struct asked {
	const struct reference_report_kind *kind;
	struct reference_report_filter filter;
};

static int read_rows(struct desk *d, struct report_rows *rows, void *ctx)
{
	const struct asked *a = ctx;
	return reference_report_read(d->store, d->conf, a->kind, &a->filter, rows, &d->err);
}

static int run(struct cli *cli, int argc, const char *name)
{
	struct report_rows rows = {0};
	struct asked a = {.kind = reference_report_named(str_c(name))};
	int code = argc > 0 ? cli_usage(cli, "this takes no arguments")
			    : read_filter(cli, &a.filter);
	if (code != EXIT_DONE) {
		return code;
	}
	return report_show(cli, read_rows, &a, &rows, reference_report_empty(a.kind));
}

#define RUN(command, name)                                           \
	int report_##command(struct cli *cli, int argc, char **argv) \
	{                                                            \
		(void)argv;                                          \
		return run(cli, argc, name);                         \
	}
RUN(funnel, "funnel")
RUN(stages, "stages")
RUN(stuck, "stuck")
RUN(holds, "holds")
RUN(supporters, "supporters")
RUN(outsiders, "outsiders")
RUN(imports, "imports")
RUN(satisfaction, "satisfaction")
RUN(approvals, "approvals")
RUN(at_risk, "at-risk")
RUN(origins, "origins")
RUN(value, "value")
RUN(cycle, "cycle")
