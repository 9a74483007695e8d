/* hark leads: the queue, one lead with its evidence, and the steps that work it. */
#include "monitor/cli/commands.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/leads_credit.h"
#include "monitor/cli/leads_export.h"
#include "monitor/cli/leads_filter.h"
#include "monitor/cli/leads_show.h"
#include "monitor/cli/leads_verdict.h"
#include "monitor/cli/print.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"
#include "monitor/leads/table.h"
#include "monitor/leads/work.h"
#include "monitor/model/id.h"
#include "monitor/references/lead_guard.h"
#include "monitor/store/around.h"
#include "monitor/store/leads.h"

#include <stdio.h>
#include <stdlib.h>

#define JSON_MAX ((size_t)256 << 20)
#define LIST_DEFAULT 50
#define LIST_MAX 10000
#define OPEN_STATES (LEADS_QUEUE_STATES | 1u << LEAD_SNOOZED)

/* --- list --- */

static void lead_json(struct jsonout *j, const void *leads, size_t i)
{
	struct buf one;
	buf_init(&one, JSON_MAX);
	lead_write_json(&((const struct lead *)leads)[i], NULL, 0, NULL, 0, &one);
	jsonout_raw(j, buf_str(&one));
	buf_release(&one);
}

static void add_state(struct table *t, const struct lead *l, int64_t now_ms)
{
	char span[CLOCK_TEXT_MAX];
	const char *gone = l->is_groundless ? ", its posts are gone" : "";
	const char *mark = l->is_private ? ", " PRIVATE_MARK : "";
	if (l->held) {
		table_addf(t, "held%s%s", gone, mark);
	} else if (l->state == LEAD_CLAIMED) {
		table_addf(t, "%.*s, %s left%s%s", STR_FMT(l->claim_by),
			clock_span(l->claim_until - now_ms, span), gone, mark);
	} else {
		table_addf(t, "%s%s%s", lead_state_name(l->state), gone, mark);
	}
}

static int print_table(const struct cli *cli, const struct lead *leads, size_t n, int64_t now_ms)
{
	static const struct table_column columns[] = {{"lead", TABLE_RIGHT, false},
		{"score", TABLE_RIGHT, false}, {"kind", TABLE_LEFT, false},
		{"who", TABLE_LEFT, true}, {"what", TABLE_LEFT, true},
		{"posts", TABLE_RIGHT, false}, {"state", TABLE_LEFT, false},
		{"seen", TABLE_LEFT, false}};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(columns[0]));
	for (size_t i = 0; i < n; i++) {
		char span[CLOCK_TEXT_MAX];
		table_addf(&t, "%lld", (long long)leads[i].id);
		table_addf(&t, "%d", leads[i].score);
		table_add_str(&t, leads[i].kind);
		table_add_str(&t, str_empty(leads[i].subject.name) ? leads[i].subject.id
								   : leads[i].subject.name);
		table_add_str(&t, leads[i].title);
		table_addf(&t, "%lld", (long long)leads[i].posts);
		add_state(&t, &leads[i], now_ms);
		table_addf(&t, "%s ago", clock_span(now_ms - leads[i].seen_ms, span));
	}
	int rc = table_print(&t, stdout, cli_color(cli));
	table_release(&t);
	return rc;
}

/* The same of those that are snoozed. */
static bool any_snoozed(struct desk *d, struct lead_filter f)
{
	struct lead *leads = NULL;
	size_t n = 0;
	f.states = 1u << LEAD_SNOOZED;
	f.max = 1;
	store_lead_list(d->store, &f, &d->arena, &leads, &n, NULL);
	return n > 0;
}

/* An empty list says why it is empty and what to look at next. */
static void say_empty(struct desk *d, const struct lead_filter *f)
{
	int64_t counts[LEAD_STATES + 1] = {0}, open = 0, all = 0;
	if (d->store == NULL) {
		printf("no leads yet: harkd has not run with %s\n",
			d->conf->path != NULL ? d->conf->path : "this configuration");
		return;
	}
	store_lead_count(d->store, counts, NULL);
	for (unsigned i = 0; i < LEAD_STATES; i++) {
		all += counts[i];
		open += (OPEN_STATES & 1u << i) != 0 ? counts[i] : 0;
	}
	if (f->historic || open > 0) {
		puts(f->historic	? "no historic leads: the first polls found nothing"
			: any_snoozed(d, *f) ? "no leads like that, but snoozed ones: see "
					       "`hark leads list --state snoozed`"
					     : "no leads like that");
	} else if (all > 0) {
		printf("no open leads: %lld closed ones, see `hark leads list --state all`\n",
			(long long)all);
	} else if (counts[LEAD_STATES] > 0) {
		printf("no leads yet: first polls raise none, and what they found is kept as historic (%lld): "
		       "see `hark leads list --historic`\n",
			(long long)counts[LEAD_STATES]);
	} else {
		puts("no leads yet: nothing matched so far, see `hark status` and `hark sources list`");
	}
}

static void tell_list(struct desk *d, const struct lead_filter *f, const struct lead *leads, size_t n)
{
	if (cli_json(d->cli)) {
		print_json_rows(leads, n, lead_json);
	} else if (n == 0) {
		say_empty(d, f);
	} else {
		print_table(d->cli, leads, n, f->now_ms);
		if (n == f->max) {
			printf("more: hark leads list --before %lld\n", (long long)leads[n - 1].id);
		}
	}
}

static int run_list(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct lead_filter f;
	struct lead *leads = NULL;
	size_t n = 0;
	(void)argv;
	int code = argc > 0 ? cli_usage(cli, "list takes no arguments")
			    : leads_read_filter(cli, LIST_DEFAULT, LIST_MAX, &f);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store != NULL) {
		rc = store_lead_list(d.store, &f, &d.arena, &leads, &n, &d.err);
	}
	for (size_t i = 0; i < n; i++) {
		lead_as_of(&leads[i], f.now_ms);
	}
	if (rc == HARK_OK && d.store != NULL && n == 0) {
		code = leads_check_filter(&d, &f);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (code == EXIT_DONE) {
		tell_list(&d, &f, leads, n);
	}
	desk_close(&d);
	return code;
}

/* --- show --- */

/* The id of the only argument; EXIT_DONE or the code after a sentence. */
static int read_id(struct cli *cli, int argc, char **argv, int64_t *id)
{
	if (argc != 1) {
		return cli_usage(cli, "which lead? `hark leads list` shows their numbers");
	}
	if (!id_parse(ID_LEAD, str_c(argv[0]), id)) {
		return cli_usage(cli, "'%s' is not the number of a lead", argv[0]);
	}
	return EXIT_DONE;
}

static int no_store(struct desk *d)
{
	return hark_err_set(&d->err, HARK_ENOENT,
		"there are no leads yet: harkd has not run with %s",
		d->conf->path != NULL ? d->conf->path : "this configuration");
}

static int run_show(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	int64_t id = 0;
	int code = read_id(cli, argc, argv, &id);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK) {
		rc = d.store == NULL
			     ? no_store(&d)
			     : leads_show(cli, d.store, d.conf, id, &d.arena, &d.err);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	}
	desk_close(&d);
	return code;
}

/* --- steps --- */

/* One line, or the lead as JSON. `assigned`: it is the owner that has changed. */
static void say_done(struct cli *cli, const struct lead *lead, bool assigned)
{
	char id[ID_TEXT_MAX], until[CLOCK_TEXT_MAX];
	struct buf out;
	if (cli_json(cli)) {
		buf_init(&out, JSON_MAX);
		lead_write_json(lead, NULL, 0, NULL, 0, &out);
		puts(buf_c(&out));
		buf_release(&out);
		return;
	}
	printf("%s is %s", id_text(ID_LEAD, lead->id, id), lead_state_name(lead->state));
	if (lead->state == LEAD_CLAIMED) {
		printf(" by %.*s until %s", STR_FMT(lead->claim_by),
			clock_local(lead->claim_until, until));
	} else if (lead->state == LEAD_SNOOZED) {
		printf(" until %s", clock_local(lead->snooze_until, until));
	}
	fputs(lead->starred ? ", with a star" : "", stdout);
	if (assigned) {
		fputs(", owned by ", stdout);
		print_clean(lead->owner);
	}
	printf(": %.*s%s\n", STR_FMT(lead->title), lead->is_private ? " (" PRIVATE_MARK ")" : "");
	leads_print_asked(lead);
	leads_print_guard(lead);
	leads_print_referrals(lead);
}

/* For whoever is about to speak with them. The claim is made by then, whatever comes of this. */
static void look_around(struct desk *d, const struct lead_step *step, struct lead *lead)
{
	struct hark_err why = {0};
	if (store_lead_around(d->store, lead, step->now_ms, &d->arena, &why) != HARK_OK ||
		lead_guard(d->store, d->conf, lead, step->now_ms, &d->arena, &why) != HARK_OK) {
		fprintf(stderr,
			"note: it is claimed, but who else is in touch with them cannot be read: %s\n",
			why.text);
		lead->around = (struct lead_around){0};
		lead->ties_n = 0;
		lead->referrals_n = 0;
	}
}

static int run_step(struct cli *cli, int argc, char **argv, struct lead_step *step)
{
	struct desk d;
	struct lead lead;
	int64_t id = 0;
	int code = read_id(cli, argc, argv, &id);
	if (code != EXIT_DONE) {
		return code;
	}
	step->actor = desk_actor(cli);
	int rc = desk_open(&d, cli, 0, &code);
	if (rc == HARK_OK) {
		rc = lead_work(d.store, id, step, &d.arena, &lead, &d.err);
		if (rc == HARK_OK && step->action == LEAD_CLAIM) {
			look_around(&d, step, &lead);
		}
	} else if (rc == HARK_ENOENT) {
		rc = no_store(&d);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		say_done(cli, &lead, step->action == LEAD_ASSIGN);
	}
	desk_close(&d);
	return code;
}

static struct lead_step step_now(enum lead_action action)
{
	return (struct lead_step){
		.action = action, .now_ms = clock_wall_ms(), .outcome_value = COUNT_NONE};
}

/* --for 2h; `otherwise` if it is not given. */
static int read_for(struct cli *cli, int64_t now_ms, int64_t otherwise_ms, int64_t *until_ms)
{
	const char *text = cli_value(cli, "for");
	int64_t span_ms = otherwise_ms;
	if (text != NULL &&
		(value_duration(str_c(text), &span_ms, NULL) != HARK_OK || span_ms <= 0)) {
		return cli_usage(cli, "--for takes a time such as 30m, 4h or 7d, not '%s'", text);
	}
	*until_ms = now_ms + span_ms;
	return EXIT_DONE;
}

static int run_claim(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_CLAIM);
	int code = read_for(cli, step.now_ms, LEAD_CLAIM_MS, &step.until_ms);
	return code == EXIT_DONE ? run_step(cli, argc, argv, &step) : code;
}

static int run_snooze(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_SNOOZE);
	int code = read_for(cli, step.now_ms, 24 * 3600 * INT64_C(1000), &step.until_ms);
	return code == EXIT_DONE ? run_step(cli, argc, argv, &step) : code;
}

static int run_dismiss(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_DISMISS);
	step.reason = str_trim(str_c(cli_value(cli, "reason")));
	return run_step(cli, argc, argv, &step);
}

static int run_release(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_RELEASE);
	return run_step(cli, argc, argv, &step);
}

static int run_star(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(cli_given(cli, "off") ? LEAD_UNSTAR : LEAD_STAR);
	return run_step(cli, argc, argv, &step);
}

static int run_assign(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_ASSIGN);
	if (argc != 2) {
		return cli_usage(
			cli, "which lead, and to whom? for example: hark leads assign 7 anna");
	}
	step.to = str_trim(str_c(argv[1]));
	return run_step(cli, 1, argv, &step);
}

static int run_answer(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_ANSWER);
	return run_step(cli, argc, argv, &step);
}

static int run_won(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_WIN);
	const char *value = cli_value(cli, "value");
	struct hark_err err = {0};
	if (value != NULL && !str_i64(str_c(value), &step.outcome_value)) {
		return cli_usage(cli, "--value takes a whole number, not '%s'", value);
	}
	step.outcome_currency = str_trim(str_c(cli_value(cli, "currency")));
	if (lead_check_value(step.outcome_value, step.outcome_currency, &err) != HARK_OK) {
		return cli_usage(cli, "%s: --value N --currency EUR", err.text);
	}
	return run_step(cli, argc, argv, &step);
}

static int run_lost(struct cli *cli, int argc, char **argv)
{
	struct lead_step step = step_now(LEAD_LOSE);
	return run_step(cli, argc, argv, &step);
}

static int run_undo(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct lead lead;
	int64_t id = 0;
	int code = read_id(cli, argc, argv, &id);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = desk_open(&d, cli, 0, &code);
	if (rc == HARK_OK) {
		rc = lead_undo(
			d.store, id, desk_actor(cli), clock_wall_ms(), &d.arena, &lead, &d.err);
	} else if (rc == HARK_ENOENT) {
		rc = no_store(&d);
	}
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		say_done(cli, &lead, false);
	}
	desk_close(&d);
	return code;
}

#define AS                                                                \
	{                                                                 \
		"as", 0, "NAME", "who does it (default: your login name)" \
	}

/* Which leads. */
#define CHOICE                                                                      \
	{"state", 's', "STATE",                                                     \
		"new, claimed, answered, won, lost, dismissed, snoozed or all "     \
		"(default: new, claimed and answered)"},                            \
		{"kind", 'k', "KIND", "only praise, purchase-intent, job-move …"},  \
		{"rule", 0, "ID", "only those a rule has raised"},                  \
		{"owner", 0, "NAME", "only those that routing has given to NAME"},  \
		{"score", 0, "N", "only from this score on"},                       \
		{"mine", 'm', NULL, "only those you (or --as) have claimed"},       \
	{                                                                           \
		"historic", 0, NULL, "what first polls found, which alerted nobody" \
	}

static const struct cli_option star_options[] = {
	{"off", 0, NULL, "take the star away"},
	AS,
	{NULL},
};
static const struct cli_option list_options[] = {
	CHOICE,
	{"limit", 'n', "N", "at most so many (default: 50)"},
	{"before", 0, "LEAD", "the page after this lead"},
	AS,
	{NULL},
};
static const struct cli_option export_options[] = {
	CHOICE,
	{"profile", 0, "NAME", LEADS_PROFILES " (default: plain)"},
	{"limit", 'n', "N", "at most so many (default: 1000)"},
	{"before", 0, "LEAD", "the rows after this lead"},
	AS,
	{NULL},
};
static const struct cli_option timeline_options[] = {
	{"format", 0, "FORMAT", "text, markdown or csv (default: text)"}, {NULL}};
static const struct cli_option claim_options[] = {
	AS, {"for", 0, "TIME", "how long it is yours without an answer (default: 4h)"}, {NULL}};
static const struct cli_option snooze_options[] = {
	AS, {"for", 0, "TIME", "when it comes back (default: 1d)"}, {NULL}};
static const struct cli_option dismiss_options[] = {
	AS, {"reason", 'r', "TEXT", "why it is none (required); kept with the lead"}, {NULL}};
static const struct cli_option won_options[] = {AS,
	{"value", 0, "N", "what it was worth, with --currency"},
	{"currency", 0, "CODE", "EUR, USD …"}, {NULL}};
static const struct cli_option verdict_options[] = {
	AS, {"reason", 'r', "TEXT", "why (required for not-relevant); kept with the lead"}, {NULL}};
static const struct cli_option as_option[] = {AS, {NULL}};
static const struct cli_option credit_options[] = {AS,
	{"dispute", 0, "TEXT", "who disagrees says why; kept with the lead"},
	{"settle", 0, "TEXT", "what was agreed on; kept with the lead"}, {NULL}};

static const struct cli_command commands[] = {
	{"list", "", "The queue, newest first",
		"    hark leads list --kind purchase-intent --score 60\n"
		"    hark leads list --mine",
		list_options, NULL, run_list},
	{"show", "LEAD", "One lead with its evidence and history",
		"It says, too, who else is in touch: whoever has them asked for as a reference, and who of a\n"
		"competitor (an account of that type) spoke in the thread, by how many hours before us.\n\n"
		"    hark leads show 7",
		NULL, NULL, run_show},
	{"timeline", "LEAD", "All that was known before the first call, as it came",
		"Signals of the person and of their account, jobs, moves, other leads and what happened to\n"
		"references, up to the first answer. Of private posts it says only that there was one.\n\n"
		"    hark leads timeline 7\n"
		"    hark leads timeline 7 --format markdown >before-the-call.md",
		timeline_options, NULL, leads_run_timeline},
	{"export", "", "The queue as CSV, for spreadsheets and CRMs",
		"hubspot and salesforce-lead have a row a lead, with its timeline in a field. hubspot-note and\n"
		"salesforce-task attach the timeline to deals: a row for each open opportunity of that system at\n"
		"the lead's account (hark import opportunities). Of a lead from a private source neither words nor\n"
		"address go out.\n\n"
		"    hark leads export --profile salesforce-lead >leads.csv\n"
		"    hark leads export --profile salesforce-task --kind purchase-intent >tasks.csv",
		export_options, NULL, leads_run_export},
	{"claim", "LEAD", "Take a lead; nobody else can until the claim ends",
		"One claim wins, however many try at once. A claim that is not answered in time ends by\n"
		"itself.\n\n"
		"    hark leads claim 7\n"
		"    hark leads claim 7 --as anna --for 2h",
		claim_options, NULL, run_claim},
	{"release", "LEAD", "Give a claimed lead back", NULL, as_option, NULL, run_release},
	{"star", "LEAD", "Mark a lead with a star, in whatever state it is",
		"    hark leads star 7\n"
		"    hark leads star 7 --off",
		star_options, NULL, run_star},
	{"assign", "LEAD NAME", "Make somebody the owner of a lead",
		"NAME is a user, or the owner of something that was imported or of another lead. Who has claimed\n"
		"it keeps it.\n\n"
		"    hark leads assign 7 anna",
		as_option, NULL, run_assign},
	{"answer", "LEAD", "Say that you have answered", NULL, as_option, NULL, run_answer},
	{"won", "LEAD", "Close an answered lead as won",
		"    hark leads won 7 --value 12000 --currency EUR", won_options, NULL, run_won},
	{"lost", "LEAD", "Close an answered lead as lost", NULL, as_option, NULL, run_lost},
	{"dismiss", "LEAD", "Close a lead that is none",
		"    hark leads dismiss 7 --reason 'a student, no buyer'", dismiss_options, NULL,
		run_dismiss},
	{"snooze", "LEAD", "Put a lead away for a while", "    hark leads snooze 7 --for 3d",
		snooze_options, NULL, run_snooze},
	{"verdict", "LEAD VERDICT", "Say whether a lead was worth it: relevant or not-relevant",
		"Its state stays as it is. The last word on a lead counts; hark report precision and hark\n"
		"rules tune add them up.\n\n"
		"    hark leads verdict 7 relevant\n"
		"    hark leads verdict 7 not-relevant --reason 'a student, no buyer'",
		verdict_options, NULL, leads_verdict},
	{"credit", "LEAD", "Whose sale it is, with the steps that led there",
		"Follows public replies and mentions back from who wrote to own staff (hark import staff, with\n"
		"their handles), and divides by credit: in the configuration: the owner of the lead, the\n"
		"colleague whose talk began the chain, others who helped. The same rows give the same split.\n"
		"Who disagrees says so with --dispute; it is kept with the lead and changes nothing.\n\n"
		"    hark leads credit 7\n"
		"    hark leads credit 7 --dispute 'I met her at the fair' --as hoy",
		credit_options, NULL, leads_credit},
	{"undo", "LEAD", "Take back the last step; once more, the one before it", NULL, as_option,
		NULL, run_undo},
	{NULL},
};

const struct cli_command command_leads = {
	.name = "leads",
	.about = "Work the leads: see them, claim, answer, dismiss",
	.sub = commands,
};
