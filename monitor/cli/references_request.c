/* hark references: what sales asks references for. */
#include "monitor/cli/references_cli.h"

#include "monitor/api/desk_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/sheet_print.h"
#include "monitor/model/id.h"
#include "monitor/references/board.h"
#include "monitor/references/request_work.h"

#include <stdio.h>

#define JSON_MAX ((size_t)1 << 20)
#define WEIGHS_MAX 8000
#define LIST_DEFAULT 50
#define ALL 100000
#define WHICH_REQUEST "which request? `hark references requests` shows their numbers"
#define COLUMNS(v) v, sizeof(v) / sizeof((v)[0])

/* ---- one as it is ---- */

static void say_done(struct cli *cli, const struct request *r)
{
	char id[ID_TEXT_MAX], until[CLOCK_TEXT_MAX];
	struct buf out;
	struct jsonout j;
	if (!cli_json(cli)) {
		printf("%s is %s%s%s%s\n", id_text(ID_REQUEST, r->id, id),
			request_state_name(r->state), r->ended_ms == 0 ? ", until " : "",
			r->ended_ms == 0 ? clock_local(r->due_ms, until) : "",
			cli_given(cli, "dry-run") ? "; nothing was written" : "");
		return;
	}
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	view_request(&j, r);
	puts(buf_c(&out));
	buf_release(&out);
}

/* ---- asking ---- */

/* EXIT_DONE, or the code after a sentence. */
static int read_weighs(struct cli *cli, struct buf *out)
{
	const char *text;
	for (size_t i = 0; (text = cli_value_at(cli, "weighs", i)) != NULL; i++) {
		struct str one = str_trim(str_c(text));
		if (str_empty(one) || str_find(one, STR("\n")) != SIZE_MAX) {
			return cli_usage(cli, "--weighs takes a few words on one line");
		}
		buf_add_c(out, i > 0 ? "\n" : "");
		buf_add_str(out, one);
	}
	return out->rc == HARK_OK ? EXIT_DONE : cli_usage(cli, "--weighs: that is too much text");
}

/* Refused, made, or what would be. */
static int tell_made(struct desk *d, const struct request_ask *ask, const struct request *r)
{
	char id[ID_TEXT_MAX], text[CLOCK_TEXT_MAX];
	if (r->state == REQUEST_REFUSED) {
		hark_err_set(&d->err, HARK_ESTATE, "%.*s: %.*s",
			STR_FMT(str_cut_utf8(r->deal, 100)), STR_FMT(r->why));
		return cli_fail(d->cli, &d->err);
	}
	if (!ask->dry && (cli_json(d->cli) || cli_given(d->cli, "csv"))) {
		say_done(d->cli, r);
		return EXIT_DONE;
	}
	if (!cli_json(d->cli) && !cli_given(d->cli, "csv")) {
		printf("%s: a name is due %s",
			ask->dry ? "it may be made" : id_text(ID_REQUEST, r->id, id),
			clock_local(r->next_ms, text));
		printf(", it ends %s%s\n\n", clock_local(r->due_ms, text),
			ask->dry ? "; nothing was written" : "");
	}
	return references_print_match(d, ask->deal, r);
}

int references_run_request(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct deal deal;
	struct request r;
	struct buf weighs;
	const char *activity = cli_value(cli, "for");
	struct request_ask ask = {.deal = &deal,
		.rep = desk_actor(cli),
		.activity = activity != NULL ? str_c(activity) : STR("call"),
		.role = str_c(cli_value(cli, "role")),
		.dry = cli_given(cli, "dry-run")};
	buf_init(&weighs, WEIGHS_MAX);
	int code = argc != 1 ? cli_usage(cli, "for which opportunity? say its id or name")
			     : read_weighs(cli, &weighs);
	code = code == EXIT_DONE && activity != NULL ? references_read_activity(cli, activity)
						     : code;
	ask.weighs = weighs.n > 0 ? buf_str(&weighs) : STR_NONE;
	if (code == EXIT_DONE) {
		int rc = desk_open(&d, cli, 0, &code);
		rc = rc == HARK_OK
			     ? store_deal_find(d.store, str_c(argv[0]), &d.arena, &deal, &d.err)
			     : rc;
		rc = rc == HARK_OK ? request_make(d.store, d.conf, &ask, clock_wall_ms(), &d.arena,
					     &r, &d.err)
				   : rc;
		code = rc != HARK_OK ? desk_fail(&d, code) : tell_made(&d, &ask, &r);
		desk_close(&d);
	}
	buf_release(&weighs);
	return code;
}

/* ---- steps ---- */

struct working {
	struct request made;
	int64_t id;
	struct request_step step;
};

static int work(struct desk *d, void *ctx)
{
	struct working *w = ctx;
	return request_work(d->store, d->conf, w->id, &w->step, &d->arena, &w->made, &d->err);
}

static void say_worked(struct desk *d, void *ctx)
{
	const struct working *w = ctx;
	say_done(d->cli, &w->made);
}

static int run_step(struct cli *cli, int argc, char **argv, enum request_action action)
{
	int args = action == REQUEST_NAME ? 2 : 1;
	struct working w = {.step = {.action = action,
				    .actor = desk_actor(cli),
				    .now_ms = clock_wall_ms(),
				    .reason = str_c(cli_value(cli, "reason")),
				    .dry = cli_given(cli, "dry-run")}};
	if (argc != args || !id_parse(ID_REQUEST, str_c(argv[0]), &w.id) ||
		(args == 2 && !id_parse(ID_REFERENCE, str_c(argv[1]), &w.step.reference))) {
		return cli_usage(cli,
			args == 2 ? "say REQUEST and REFERENCE, their numbers" : WHICH_REQUEST);
	}
	return desk_step(cli, work, say_worked, &w);
}

int references_run_supply(struct cli *cli, int argc, char **argv)
{
	return run_step(cli, argc, argv, REQUEST_NAME);
}

int references_run_fulfil(struct cli *cli, int argc, char **argv)
{
	return run_step(cli, argc, argv, REQUEST_FULFIL);
}

int references_run_decline(struct cli *cli, int argc, char **argv)
{
	return run_step(cli, argc, argv, REQUEST_REFUSE);
}

int references_run_call_off(struct cli *cli, int argc, char **argv)
{
	return run_step(cli, argc, argv, REQUEST_WITHDRAW);
}

static int undo(struct desk *d, void *ctx)
{
	struct working *w = ctx;
	return request_undo(
		d->store, w->id, desk_actor(d->cli), clock_wall_ms(), &d->arena, &w->made, &d->err);
}

int references_run_request_undo(struct cli *cli, int argc, char **argv)
{
	struct working w = {0};
	if (argc != 1 || !id_parse(ID_REQUEST, str_c(argv[0]), &w.id)) {
		return cli_usage(cli, WHICH_REQUEST);
	}
	return desk_step(cli, undo, say_worked, &w);
}

/* ---- lists ---- */

struct filtered {
	struct references_listing l; /* first: references_print_list() takes it */
	struct request_filter filter;
};

static int look_requests(struct desk *d, void *ctx)
{
	struct filtered *f = ctx;
	struct request *v;
	size_t n;
	int rc = store_requests(d->store, &f->filter, &d->arena, &v, &n, &d->err);
	if (rc == HARK_OK) {
		const struct reader who = references_reader(d);
		requests_add_rows(&f->l.sheet, &who, v, n);
	}
	return rc;
}

int references_run_requests(struct cli *cli, int argc, char **argv)
{
	const char *text, *limit = cli_value(cli, "limit");
	int64_t max = LIST_DEFAULT;
	enum request_state state;
	struct filtered f = {
		.l.empty = "no requests like that: hark references request OPPORTUNITY",
		.filter = {.rep = str_c(cli_value(cli, "rep")), .now_ms = clock_wall_ms()}};
	(void)argv;
	for (size_t i = 0; (text = cli_value_at(cli, "state", i)) != NULL; i++) {
		if (!request_state_parse(str_c(text), &state)) {
			return cli_usage(cli,
				"there is no state '%s': open, named, fulfilled, refused, withdrawn or "
				"expired",
				text);
		}
		f.filter.states |= 1u << state;
	}
	if (limit != NULL && (!str_i64(str_c(limit), &max) || max < 1 || max > ALL)) {
		return cli_usage(cli, "--limit takes a number from 1 to %d, not '%s'", ALL, limit);
	}
	f.filter.max = (size_t)max;
	return references_print_list(
		cli, argc, &f.l, request_columns, request_columns_n, look_requests);
}

/* ---- how it goes ---- */

static int run_list(struct cli *cli, int argc, enum list list)
{
	const struct list_filter f = {0};
	return references_show_list(cli, argc, list, &f);
}

int references_run_clock(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return run_list(cli, argc, LIST_CLOCK);
}

int references_run_late(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return run_list(cli, argc, LIST_LATE);
}

int references_run_lent(struct cli *cli, int argc, char **argv)
{
	(void)argv;
	return run_list(cli, argc, LIST_LENT);
}

/* ---- show ---- */

static void print_lines(const char *name, struct str lines)
{
	struct str line;
	while (!str_empty(lines) && str_split(&lines, '\n', &line)) {
		print_field(name, line);
	}
}

static void print_card(const struct request_card *c)
{
	const struct request *r = &c->r;
	char when[CLOCK_TEXT_MAX];
	printf("req_%lld  %s\n", (long long)r->id, request_state_name(r->state));
	print_field("deal", r->deal);
	print_field("account", r->account_name);
	print_field("stage", r->stage);
	if (r->value_cents >= 0) {
		printf("%-10s %lld.%02lld%s%.*s\n", "value", (long long)(r->value_cents / 100),
			(long long)(r->value_cents % 100), str_empty(r->currency) ? "" : " ",
			STR_FMT(r->currency));
	}
	print_field("asked by", r->rep);
	print_field("for", r->activity);
	print_field("role", r->role);
	print_lines("weighs", r->weighs);
	print_field("why", r->why);
	print_time("asked", r->created_ms);
	print_time("first name", r->first_ms);
	print_time(r->ended_ms != 0 ? "ended" : "ends", r->ended_ms != 0 ? r->ended_ms : r->due_ms);
	for (size_t i = 0; i < c->names_n; i++) {
		printf("named      ref_%lld ", (long long)c->names[i].reference);
		print_clean(c->names[i].person);
		fputs(", lent by ", stdout);
		print_clean(c->names[i].lender);
		putchar('\n');
	}
	for (size_t i = 0; i < c->uses_n; i++) {
		const struct activity *a = &c->uses[i];
		printf("outcome    ref_%lld %.*s: expected %.*s, prospect %.*s, customer %.*s\n",
			(long long)a->reference, STR_FMT(a->activity),
			STR_FMT(str_empty(a->expected) ? STR("?") : a->expected),
			STR_FMT(str_empty(a->prospect_tone) ? STR("?") : a->prospect_tone),
			STR_FMT(str_empty(a->customer_tone) ? STR("?") : a->customer_tone));
	}
	puts("\nhistory");
	for (size_t i = 0; i < c->events_n; i++) {
		const struct step *e = &c->events[i];
		printf("  %s  %.*s%s", clock_local(e->at_ms, when), STR_FMT(e->action),
			str_empty(e->actor) ? "" : " by ");
		print_clean(e->actor);
		fputs(str_empty(e->note) ? "" : ": ", stdout);
		print_clean(e->note);
		putchar('\n');
	}
}

int references_run_request_show(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct request_card c;
	struct buf out;
	struct jsonout j;
	int64_t id = 0;
	int code = EXIT_DONE;
	if (argc != 1 || !id_parse(ID_REQUEST, str_c(argv[0]), &id)) {
		return cli_usage(cli, WHICH_REQUEST);
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "there are no requests yet");
	}
	rc = rc == HARK_OK ? request_card_load(d.store, id, &d.arena, &c, &d.err) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		view_request_card(&j, &c);
		puts(buf_c(&out));
		buf_release(&out);
	} else {
		print_card(&c);
	}
	desk_close(&d);
	return code;
}
