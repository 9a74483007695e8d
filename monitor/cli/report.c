/* hark report: what the rows of the store add up to, with how many they are. */
#include "monitor/cli/commands.h"

#include "monitor/api/report_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/report_desk.h"
#include "monitor/cli/report_references.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"
#include "monitor/leads/clocks.h"
#include "monitor/leads/recall.h"
#include "monitor/leads/reports.h"

#include <stdio.h>

#define JSON_MAX ((size_t)64 << 20)

int report_since(struct cli *cli, int64_t *since_ms)
{
	const char *text = cli_value(cli, "since");
	int64_t span_ms = 0;
	*since_ms = 0;
	if (text == NULL) {
		return EXIT_DONE;
	}
	if (value_duration(str_c(text), &span_ms, NULL) != HARK_OK || span_ms <= 0) {
		return cli_usage(
			cli, "--since takes a time such as 12h, 7d or 30d, not '%s'", text);
	}
	*since_ms = clock_wall_ms() - span_ms;
	return EXIT_DONE;
}

/* ---- clocks ---- */

static void clocks_json(const struct clocks_row *v, size_t n)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	report_view_clocks(&j, v, n);
	puts(buf_c(&out));
	buf_release(&out);
}

static void add_times(struct table *t, const struct clock_times *c)
{
	char p50[CLOCK_TEXT_MAX], p95[CLOCK_TEXT_MAX];
	if (c->n == 0) {
		table_add(t, "");
		return;
	}
	table_addf(t, "%s, %s (%zu)", clock_span(c->p50_ms, p50), clock_span(c->p95_ms, p95), c->n);
}

static int clocks_table(const struct clocks_row *v, size_t n, bool color)
{
	struct table_column columns[2 + CLOCK_STEPS] = {
		{"of", TABLE_LEFT, true}, {"leads", TABLE_RIGHT, false}};
	struct table t;
	for (size_t k = 0; k < CLOCK_STEPS; k++) {
		columns[2 + k] = (struct table_column){
			clock_step_name((enum clock_step)k), TABLE_LEFT, false};
	}
	table_init(&t, columns, 2 + CLOCK_STEPS);
	for (size_t i = 0; i < n; i++) {
		table_addf(&t, "%s%.*s",
			v[i].by == CLOCKS_SOURCE ? "source "
			: v[i].by == CLOCKS_REP  ? "rep "
						 : "",
			STR_FMT(v[i].name));
		table_addf(&t, "%lld", (long long)v[i].leads);
		for (size_t k = 0; k < CLOCK_STEPS; k++) {
			add_times(&t, &v[i].steps[k]);
		}
	}
	int rc = table_print(&t, stdout, color);
	table_release(&t);
	puts("median, then what 95 of 100 do not exceed (of so many leads)");
	return rc;
}

struct timed {
	int64_t since_ms;
	struct clocks_row *rows;
	size_t n;
};

static int look_clocks(struct desk *d, void *ctx)
{
	struct timed *t = ctx;
	return clocks_read(d->store, &t->since_ms, SIZE_MAX, &d->arena, &t->rows, &t->n, &d->err);
}

static void tell_clocks(struct desk *d, void *ctx)
{
	const struct timed *t = ctx;
	if (cli_json(d->cli)) {
		clocks_json(t->rows, t->n);
	} else if (t->n == 0) {
		puts("no leads yet: the clocks start with the first one");
	} else {
		clocks_table(t->rows, t->n, cli_color(d->cli));
	}
}

static int run_clocks(struct cli *cli, int argc, char **argv)
{
	struct timed t = {0};
	if (cli_given(cli, "csv")) {
		return report_clocks_table(cli, argc, argv);
	}
	int code = report_since(cli, &t.since_ms);
	return code == EXIT_DONE ? desk_report(cli, argc, look_clocks, tell_clocks, &t) : code;
}

/* ---- recall ---- */

struct told {
	struct recall recall;
	struct report_rows rows;
};

static int look_recall(struct desk *d, void *ctx)
{
	struct told *t = ctx;
	const struct lead_report_filter f = {.now_ms = clock_wall_ms()};
	int rc = recall_read(d->store, &d->conf->score, &d->arena, &t->recall, &d->err);
	return rc == HARK_OK ? lead_report_read(d->store, d->conf, lead_report_named(STR("recall")),
				       &f, &t->rows, &d->err)
			     : rc;
}

static void print_recall(const struct recall *r)
{
	if (r->near.judged == 0) {
		puts("no near miss is judged yet: see hark rules near-misses");
		return;
	}
	printf("recall about %.2f (%.2f to %.2f)\n", r->p, r->low, r->high);
	printf("  %lld of %lld judged near misses are relevant, of %lld in %lld week%s\n",
		(long long)r->near.relevant, (long long)r->near.judged, (long long)r->near.misses,
		(long long)r->near.samples, r->near.samples == 1 ? "" : "s");
	printf("  %lld findings made leads in that time; ", (long long)r->near.found);
	if (r->judged > 0) {
		printf("%lld of %lld judged leads are relevant\n", (long long)r->good,
			(long long)r->judged);
	} else {
		puts("no lead is judged, so all are taken as relevant");
	}
}

static void tell_recall(struct desk *d, void *ctx)
{
	const struct told *t = ctx;
	struct buf out;
	struct jsonout j;
	if (!cli_json(d->cli)) {
		print_recall(&t->recall);
		return;
	}
	buf_init(&out, 4096);
	jsonout_init(&j, &out);
	if (t->rows.n > 0) {
		report_row_json(&t->rows, 0, &j);
	} else {
		jsonout_object(&j);
		jsonout_end_object(&j);
	}
	puts(buf_c(&out));
	buf_release(&out);
}

static int run_recall(struct cli *cli, int argc, char **argv)
{
	struct told t = {0};
	(void)argv;
	lead_report_init(lead_report_named(STR("recall")), &t.rows);
	int code = desk_report(cli, argc, look_recall, tell_recall, &t);
	report_rows_release(&t.rows);
	return code;
}

#define CSV                                 \
	{                                   \
		"csv", 0, NULL, "print CSV" \
	}
#define SINCE                                                                            \
	{                                                                                \
		"since", 0, "SPAN", "only what came in this time, for example 7d or 30d" \
	}

static const struct cli_option clocks_options[] = {
	{"since", 0, "SPAN", "leads seen in this time, for example 7d or 30d (default: all)"}, CSV,
	{NULL}};
static const struct cli_option topic_options[] = {
	{"kind", 'k', "KIND", "only findings of a kind, such as praise"},
	{"rule", 0, "ID", "only findings of a rule"}, SINCE, CSV, {NULL}};
static const struct cli_option since_options[] = {SINCE, CSV, {NULL}};
static const struct cli_option rule_options[] = {
	{"kind", 'k', "KIND", "only signals of a kind, such as pain"},
	{"rule", 0, "ID", "only signals of a rule"}, CSV, {NULL}};
static const struct cli_option question_options[] = {
	{"rule", 0, "ID", "only findings of a rule"}, SINCE, CSV, {NULL}};
static const struct cli_option spikes_options[] = {
	{"all", 0, NULL, "what is as usual, too"}, CSV, {NULL}};
static const struct cli_option csv_options[] = {CSV, {NULL}};
static const struct cli_option leavers_options[] = {
	{"all", 0, NULL, "what is neither, too"}, CSV, {NULL}};
static const struct cli_option stuck_options[] = {
	{"after", 0, "SPAN", "stuck is what has not moved on for so long (default: 30d)"}, SINCE,
	CSV, {NULL}};

static const struct cli_command commands[] = {
	{"clocks", "", "How fast leads are answered, by source and rep",
		"Median and the time that 95 of 100 do not exceed, each with the number of leads that have\n"
		"both ends. What first polls found is left out.\n\n"
		"    hark report clocks --since 30d",
		clocks_options, NULL, run_clocks},
	{"precision", "", "How often leads were relevant, by what raised them",
		"By rule, entry of a list, source and symbol of the score, from hark leads verdict; the last\n"
		"one on a lead counts. The interval is Wilson's: where the true share lies, 19 times of 20. A\n"
		"mean score far from 100 times the precision asks for hark rules tune.\n\n"
		"    hark report precision",
		csv_options, NULL, report_precision},
	{"recall", "", "About how much of what matters is found, from judged near misses",
		"What was found and relevant, against what live rules came near to and people judged relevant,\n"
		"scaled up to all near misses of those weeks. What no rule came near to is not in it. The\n"
		"interval is made of those of both shares.\n\n"
		"    hark report recall",
		NULL, NULL, run_recall},
	{"reps", "", "What each rep has done: answers, people helped, advocates",
		"Leads claimed, answered and won, from their history. People helped are those a colleague's\n"
		"handles (hark import staff) have replied to in public, each once; advocates are those of them\n"
		"who praised later. Posts are not counted.\n\n"
		"    hark report reps --since 90d --csv",
		since_options, NULL, report_reps},
	{"venues", "", "Where it is talked about, and what is linked but not polled",
		"Sources and threads in which something was found, the most posts first; then hosts that these\n"
		"posts link to and no source asks.\n\n"
		"    hark report venues --kind pain --since 30d",
		topic_options, NULL, report_venues},
	{"authors", "", "Who is heard on a topic: replies and shares received",
		"Authors of posts in which something was found, by the replies and reshares that these posts\n"
		"got: those that are stored, or what the source counts where that is more. Nothing is weighed.\n\n"
		"    hark report authors --rule slow-support",
		topic_options, NULL, report_authors},
	{"lead-time", "", "Days from the first signal about an account to its opportunity",
		"For each imported opportunity with a date: the first finding about its account or about\n"
		"somebody who works there. Fewer than no days: the signal came after.\n\n"
		"    hark report lead-time --kind pain --csv",
		rule_options, NULL, report_lead_time},
	{"lift", "", "Whether accounts with a signal buy more often",
		"Of imported accounts, rivals and partners left out: how many have won a deal that was created on\n"
		"or after the day of their first lead, about the account or somebody who works there, beside the\n"
		"accounts that no such lead is about. Lift is how many times as often; the interval is Wilson's:\n"
		"where the true share lies, 19 times of 20. Deals need a date. It compares, it does not prove:\n"
		"whoever shows a signal may have bought anyway.\n\n"
		"    hark report lift --kind job-move --since 365d",
		topic_options, NULL, report_lift},
	{"questions", "", "What people ask about, week by week, and how much of it was answered",
		"Posts in which rules of kind question found something, or whose finding waited for an answer\n"
		"(unanswered: in hark.yaml), by what the rule emits: a topic, a product, else its id. Answered is\n"
		"what somebody else has replied to. The newest week and the most questions come first.\n\n"
		"    hark report questions --since 28d --csv",
		question_options, NULL, report_questions},
	{"spikes", "", "What is found far more often than usual",
		"By rule and source: the last 24 hours beside the mean of up to 28 days before. A spike is at\n"
		"least 5, and more than the mean by three times its root. Under 7 days nothing is usual yet.\n"
		"It only watches: no lead comes of it.\n\n"
		"    hark report spikes",
		spikes_options, NULL, report_spikes},
	{"blind", "", "When sources were not heard, and about how many leads that cost",
		"Times in which something may have been published that was not read, of the last seven days or\n"
		"--since. The estimate is what the source gave in the last 28 days while it was heard.\n\n"
		"    hark report blind --since 30d",
		since_options, NULL, report_blind},
	{"custody", "", "Whose handles speak for the company: followers and people spoken with",
		"Handles of own staff (hark import staff). One that several colleagues have is the company's.\n"
		"Who has left is shown with the date: their people are to be handed over.\n\n"
		"    hark report custody --csv",
		csv_options, NULL, report_custody},
	{"handover", "", "What passes on from colleagues who have left",
		"Open leads, deals and cases, accounts, contacts and references that a colleague owns, has claimed\n"
		"or keeps the gate of, and people spoken with by a handle of their own. Who has left is said by\n"
		"hark import staff, or by a move.\n\n"
		"    hark report handover\n"
		"    hark leads assign 7 anna",
		csv_options, NULL, report_handover},
	{"leavers", "", "What colleagues who have left say of it: announced or solicited",
		"For legal review only; nobody is alerted, and the inbox does not show it. Public posts by their\n"
		"handles, from two weeks before they left. Solicits: words invite people to get in touch, to follow\n"
		"or to switch, or offer something. Announces: they tell of the move and no more. It goes by words,\n"
		"which are shown, in English alone, and says nothing of what is lawful.\n\n"
		"    hark report leavers --csv",
		leavers_options, NULL, report_leavers},
	{"funnel", "", "References by month: found, asked, permitted, used",
		"Each reference counts once a step, in the month it got there first; what was taken back does not\n"
		"count. Growth is of found and nominated, against the month before that has any.\n\n"
		"    hark report funnel --since 365d --csv",
		since_options, NULL, report_funnel},
	{"stages", "", "How long references have been in their stage",
		"    hark report stages --after 14d", stuck_options, NULL, report_stages},
	{"stuck", "", "References that do not move on, and whom they wait for",
		"    hark report stuck --after 14d", stuck_options, NULL, report_stuck},
	{"holds", "", "References on hold, by owner and reason", "    hark report holds --json",
		since_options, NULL, report_holds},
	{"supporters", "", "Who helps and praises in the private community",
		"By answers to others and posts with praise in sources of visibility private. Complaints are kept\n"
		"and counted, and take nothing away. Own staff is left out. Not for the outside.\n\n"
		"    hark report supporters --since 180d",
		since_options, NULL, report_supporters},
	{"outsiders", "", "Customers who praised and are not in the program: to be thanked",
		"    hark report outsiders\n"
		"    hark references thank 7",
		since_options, NULL, report_outsiders},
	{"imports", "", "How old what was imported is", "    hark report imports", since_options,
		NULL, report_imports},
	{"satisfaction", "", "How content accounts are: surveys and what they say in public",
		"By account and survey, with the number of answers and the dates of the first and the last. Public\n"
		"tone is the mean of +100 for good or mixed and -100 for bad statements; --since is for it alone.\n\n"
		"    hark report satisfaction --csv",
		since_options, NULL, report_satisfaction},
	{"approvals", "", "How often and how fast gatekeepers let somebody be asked",
		"By whoever keeps the gate now. The share is of what was granted, refused or let expire, the mean\n"
		"time that from being asked to any of these.\n\n"
		"    hark report approvals --since 365d",
		since_options, NULL, report_approvals},
	{"at-risk", "", "References at risk because somebody has moved",
		"The person works at the account no more, the gatekeeper has left, or one of us whom they praised\n"
		"by name has.\n\n"
		"    hark report at-risk --since 90d",
		since_options, NULL, report_at_risk},
	{"origins", "", "References that people nominated beside those that rules found",
		"    hark report origins", since_options, NULL, report_origins},
	{"value", "", "Won value that findings and references have sourced or influenced",
		"By rule, by source and by reference, each time from the imported deals and what is stored. Section\n"
		"value of hark.yaml(5) says what sources a deal; a deal that several have influenced counts for\n"
		"each of them, so the rows do not add up. Values are in units of the currency.\n\n"
		"    hark report value --since 365d\n"
		"    hark report value --csv >value.csv",
		since_options, NULL, report_value},
	{"cycle", "", "Days won deals took, with a reference and without",
		"A deal has one if a reference was named or used for a request of it (hark references request).\n\n"
		"    hark report cycle --since 365d",
		since_options, NULL, report_cycle},
	{NULL},
};

const struct cli_command command_report = {
	.name = "report",
	.args = "",
	.about = "What posts, leads and verdicts add up to",
	.sub = commands,
};
