/* hark references: the steps that work one. */
#include "monitor/cli/references_cli.h"

#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/print.h"
#include "monitor/cli/references_said.h"
#include "monitor/config/values.h"
#include "monitor/model/id.h"
#include "monitor/references/guard.h"
#include "monitor/references/outcomes.h"
#include "monitor/references/owners.h"
#include "monitor/references/work.h"
#include "monitor/store/known.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define JSON_MAX ((size_t)1 << 20)
#define SCOPE_MAX 200

int references_read_when(struct cli *cli, const char *option, int64_t now_ms, int64_t *out)
{
	const char *text = cli_value(cli, option);
	*out = 0;
	if (text == NULL || value_when(str_c(text), now_ms, out)) {
		return EXIT_DONE;
	}
	return cli_usage(cli,
		"--%s takes a day such as 2026-12-01, or a time such as 30d, not '%s'", option,
		text);
}

static int read_id(struct cli *cli, int argc, char **argv, int64_t *id)
{
	if (argc < 1) {
		return cli_usage(
			cli, "which reference? `hark references list` shows their numbers");
	}
	return id_parse(ID_REFERENCE, str_c(argv[0]), id)
		       ? EXIT_DONE
		       : cli_usage(cli, "'%s' is not the number of a reference", argv[0]);
}

static int one_reference(struct cli *cli, int argc, char **argv, int64_t *id)
{
	return argc > 1 ? cli_usage(cli, "one reference at a time") : read_id(cli, argc, argv, id);
}

struct working {
	struct reference made;
	int64_t id;
	struct reference_step step;
	struct step undone;
};

/* What of a step hangs on the configuration is filled in here. */
static int work(struct desk *d, void *ctx)
{
	struct working *w = ctx;
	w->step.ask_ms = d->conf->references.ask_ms;
	return reference_work(d->store, d->conf, w->id, &w->step, &d->arena, &w->made, &d->err);
}

static void say_worked(struct desk *d, void *ctx)
{
	const struct working *w = ctx;
	references_say_step(d, &w->made, &w->step);
}

static int do_step(struct cli *cli, int64_t id, const struct reference_step *step)
{
	struct working w = {.id = id, .step = *step};
	return desk_step(cli, work, say_worked, &w);
}

static int run_plain(struct cli *cli, int argc, char **argv, enum reference_action action)
{
	int64_t id = 0;
	struct reference_step step = {.action = action,
		.actor = desk_actor(cli),
		.now_ms = clock_wall_ms(),
		.reason = str_c(cli_value(cli, "reason"))};
	int code = one_reference(cli, argc, argv, &id);
	code = code == EXIT_DONE ? references_read_when(cli, "until", step.now_ms, &step.until_ms)
				 : code;
	return code == EXIT_DONE ? do_step(cli, id, &step) : code;
}

int references_run_ask(struct cli *cli, int argc, char **argv)
{
	return run_plain(cli, argc, argv, REFERENCE_ASK);
}

int references_run_refuse(struct cli *cli, int argc, char **argv)
{
	return run_plain(cli, argc, argv, REFERENCE_REFUSE);
}

int references_run_withdraw(struct cli *cli, int argc, char **argv)
{
	return run_plain(cli, argc, argv, REFERENCE_WITHDRAW);
}

int references_run_reopen(struct cli *cli, int argc, char **argv)
{
	return run_plain(cli, argc, argv, REFERENCE_REOPEN);
}

int references_run_hold(struct cli *cli, int argc, char **argv)
{
	if (cli_value(cli, "reason") == NULL || cli_value(cli, "until") == NULL) {
		return cli_usage(cli, "a hold needs a reason and an end: --reason not-now --until 30d");
	}
	return run_plain(cli, argc, argv, REFERENCE_HOLD);
}

int references_run_unhold(struct cli *cli, int argc, char **argv)
{
	return run_plain(cli, argc, argv, REFERENCE_UNHOLD);
}

int references_read_activity(struct cli *cli, const char *text)
{
	size_t n = 0;
	while (guard_activities[n] != NULL) {
		if (strcmp(guard_activities[n++], text) == 0) {
			return EXIT_DONE;
		}
	}
	const char *near = did_you_mean(str_c(text), guard_activities, n);
	return cli_usage(cli,
		"there is no activity '%s'%s%s: call, quote, case-study, speaker, community or survey",
		text, near != NULL ? ", did you mean " : "", near != NULL ? near : "");
}

/* --for call,quote and --for call --for quote are the same. EXIT_DONE or the code after a sentence. */
static int read_scope(struct cli *cli, struct buf *out)
{
	const char *text;
	char word[100];
	int code = EXIT_DONE;
	for (size_t i = 0; code == EXIT_DONE && (text = cli_value_at(cli, "for", i)) != NULL; i++) {
		struct str rest = str_c(text), one;
		while (code == EXIT_DONE && str_split(&rest, ',', &one)) {
			snprintf(word, sizeof(word), "%.*s", STR_FMT(str_trim(one)));
			code = references_read_activity(cli, word);
			buf_printf(out, "%s%s", out->n > 0 ? " " : "", word);
		}
	}
	return code == EXIT_DONE && out->rc != HARK_OK
		       ? cli_usage(cli, "--for names an activity once")
		       : code;
}

int references_run_grant(struct cli *cli, int argc, char **argv)
{
	struct buf scope;
	const char *text = cli_value(cli, "statement");
	int64_t id = 0;
	struct reference_step step = {
		.action = cli_given(cli, "named") ? REFERENCE_NAME : REFERENCE_GRANT,
		.actor = desk_actor(cli),
		.now_ms = clock_wall_ms(),
		.granted_by = str_trim(str_c(cli_value(cli, "by"))),
		.authoriser = str_trim(str_c(cli_value(cli, "authorised-by")))};
	int code = one_reference(cli, argc, argv, &id);
	code = code == EXIT_DONE ? references_read_when(cli, "until", step.now_ms, &step.until_ms)
				 : code;
	if (code == EXIT_DONE && text != NULL && !str_i64(str_c(text), &step.statement)) {
		code = cli_usage(
			cli, "--statement takes the number of a statement, not '%s'", text);
	}
	buf_init(&scope, SCOPE_MAX);
	code = code == EXIT_DONE ? read_scope(cli, &scope) : code;
	step.scope = scope.n > 0 ? buf_str(&scope) : STR_NONE;
	code = code == EXIT_DONE ? do_step(cli, id, &step) : code;
	buf_release(&scope);
	return code;
}

int references_run_assign(struct cli *cli, int argc, char **argv)
{
	int64_t id = 0;
	if (argc != 2) {
		return cli_usage(cli, "say REFERENCE and the NAME of who is to keep the gate");
	}
	struct reference_step step = {.action = REFERENCE_ASSIGN,
		.actor = desk_actor(cli),
		.now_ms = clock_wall_ms(),
		.gatekeeper = str_trim(str_c(argv[1]))};
	int code = read_id(cli, argc, argv, &id);
	return code == EXIT_DONE ? do_step(cli, id, &step) : code;
}

int references_run_use(struct cli *cli, int argc, char **argv)
{
	int64_t id = 0;
	if (argc != 2) {
		return cli_usage(cli, "say REFERENCE and what for: call, quote, case-study …");
	}
	struct reference_step step = {.action = REFERENCE_USE,
		.actor = desk_actor(cli),
		.now_ms = clock_wall_ms(),
		.activity = str_c(argv[1])};
	int code = read_id(cli, argc, argv, &id);
	code = code == EXIT_DONE ? references_read_activity(cli, argv[1]) : code;
	code = code == EXIT_DONE ? references_read_when(cli, "on", step.now_ms, &step.until_ms)
				 : code;
	const char *request = cli_value(cli, "request");
	if (code == EXIT_DONE && request != NULL &&
		!id_parse(ID_REQUEST, str_c(request), &step.request)) {
		code = cli_usage(cli, "'%s' is not the number of a request", request);
	}
	if (code == EXIT_DONE && step.until_ms > step.now_ms) {
		code = cli_usage(cli, "--on is the day it was, not one to come");
	}
	return code == EXIT_DONE ? do_step(cli, id, &step) : code;
}

/* EXIT_DONE, or the code after a sentence. */
static int read_tone(struct cli *cli, const char *option, struct str *out)
{
	const char *text = cli_value(cli, option);
	*out = str_c(text);
	for (size_t i = 0; text != NULL && outcome_tones[i] != NULL; i++) {
		if (strcmp(text, outcome_tones[i]) == 0) {
			return EXIT_DONE;
		}
	}
	return text == NULL ? EXIT_DONE
			    : cli_usage(cli, "--%s is bad, tepid, good or great, not '%s'", option,
				      text);
}

static int read_outcome(struct cli *cli, struct outcome *o)
{
	const char *minutes = cli_value(cli, "minutes");
	o->lessons = str_c(cli_value(cli, "lessons"));
	o->minutes = -1;
	int code = read_tone(cli, "expected", &o->expected);
	code = code == EXIT_DONE ? read_tone(cli, "prospect", &o->prospect) : code;
	code = code == EXIT_DONE ? read_tone(cli, "customer", &o->customer) : code;
	if (code == EXIT_DONE && minutes != NULL &&
		(!str_i64(str_c(minutes), &o->minutes) || o->minutes < 0)) {
		code = cli_usage(cli, "--minutes takes a number, not '%s'", minutes);
	}
	if (code == EXIT_DONE && str_empty(o->prospect) && str_empty(o->customer)) {
		code = cli_usage(cli, "how was it? say --prospect or --customer, or both");
	}
	return code;
}

/* A step that says more of itself than where the reference stands. */
struct telling {
	int64_t id, rest;
	struct outcome outcome;
	struct nomination nomination;
	struct str whom; /* the name or number that was typed */
	const char *of;  /* account of a nomination, or NULL */
	size_t n;
};

static int tell_outcome(struct desk *d, void *ctx)
{
	struct telling *t = ctx;
	return outcomes_tell(d->store, d->conf, t->id, &t->outcome, desk_actor(d->cli),
		clock_wall_ms(), &d->arena, &t->rest, &d->err);
}

static void say_outcome(struct desk *d, void *ctx)
{
	const struct telling *t = ctx;
	char until[CLOCK_TEXT_MAX];
	if (cli_json(d->cli)) {
		printf("{\"id\":\"ref_%lld\",\"rests\":%s}\n", (long long)t->id,
			t->rest != 0 ? "true" : "false");
	} else {
		printf("kept%s%s\n", t->rest != 0 ? "; tepid twice, so they rest until " : "",
			t->rest != 0 ? clock_local(t->rest, until) : "");
		references_say_undo(t->id);
	}
}

int references_run_outcome(struct cli *cli, int argc, char **argv)
{
	struct telling t = {0};
	int code = one_reference(cli, argc, argv, &t.id);
	code = code == EXIT_DONE ? read_outcome(cli, &t.outcome) : code;
	return code == EXIT_DONE ? desk_step(cli, tell_outcome, say_outcome, &t) : code;
}

static int undo(struct desk *d, void *ctx)
{
	struct working *w = ctx;
	return reference_undo(d->store, w->id, desk_actor(d->cli), clock_wall_ms(), &d->arena,
		&w->made, &w->undone, &d->err);
}

static void say_undone(struct desk *d, void *ctx)
{
	const struct working *w = ctx;
	if (!cli_json(d->cli)) {
		fputs("taken back: ", stdout);
		print_clean(w->undone.action);
		fputs(str_empty(w->undone.note) ? "" : " (", stdout);
		print_clean(w->undone.note);
		puts(str_empty(w->undone.note) ? "" : ")");
	}
	references_say(d->cli, &w->made);
}

int references_run_undo(struct cli *cli, int argc, char **argv)
{
	struct working w = {0};
	int code = one_reference(cli, argc, argv, &w.id);
	return code == EXIT_DONE ? desk_step(cli, undo, say_undone, &w) : code;
}

static int sign(struct desk *d, void *ctx)
{
	struct telling *t = ctx;
	return reference_sign(
		d->store, t->id, desk_actor(d->cli), clock_wall_ms(), &d->arena, &t->n, &d->err);
}

static void say_signed(struct desk *d, void *ctx)
{
	const struct telling *t = ctx;
	if (cli_json(d->cli)) {
		printf("{\"id\":\"ref_%lld\",\"signed\":%zu}\n", (long long)t->id, t->n);
	} else {
		printf("%zu statement%s signed, as %s now\n", t->n, t->n == 1 ? "" : "s",
			t->n == 1 ? "it stands" : "they stand");
		references_say_undo(t->id);
	}
}

int references_run_sign(struct cli *cli, int argc, char **argv)
{
	struct telling t = {0};
	int code = one_reference(cli, argc, argv, &t.id);
	return code == EXIT_DONE ? desk_step(cli, sign, say_signed, &t) : code;
}

static int thank(struct desk *d, void *ctx)
{
	struct working *w = ctx;
	return reference_thank(d->store, w->id, desk_actor(d->cli),
		str_c(cli_value(d->cli, "note")), clock_wall_ms(), &d->arena, &w->made, &d->err);
}

static void say_thanked(struct desk *d, void *ctx)
{
	const struct working *w = ctx;
	printf(cli_json(d->cli) ? "{\"id\":\"ref_%lld\",\"thanked\":true}\n"
				: "ref_%lld is thanked\n",
		(long long)w->id);
	if (!cli_json(d->cli)) {
		references_say_undo(w->id);
	}
}

int references_run_thank(struct cli *cli, int argc, char **argv)
{
	struct working w = {0};
	int code = one_reference(cli, argc, argv, &w.id);
	return code == EXIT_DONE ? desk_step(cli, thank, say_thanked, &w) : code;
}

static int nominate(struct desk *d, void *ctx)
{
	struct telling *t = ctx;
	int rc = t->nomination.person == 0 ? store_known_find(d->store, KNOWN_PEOPLE, t->whom,
						     &t->nomination.person, &d->err)
					   : HARK_OK;
	if (rc == HARK_OK && t->of != NULL) {
		rc = store_account_find(
			d->store, str_c(t->of), &t->nomination.account, &d->err);
	}
	return rc == HARK_OK ? reference_nominate(d->store, d->conf, &t->nomination,
				       clock_wall_ms(), &d->arena, &t->id, &d->err)
			     : rc;
}

static void say_nominated(struct desk *d, void *ctx)
{
	const struct telling *t = ctx;
	printf(cli_json(d->cli) ? "{\"id\":\"ref_%lld\"}\n" : "ref_%lld is nominated\n",
		(long long)t->id);
}

int references_run_nominate(struct cli *cli, int argc, char **argv)
{
	struct telling t = {.of = cli_value(cli, "account"),
		.nomination = {.by = desk_actor(cli), .note = str_c(cli_value(cli, "note"))}};
	if (argc == 1) {
		t.whom = str_trim(str_c(argv[0]));
	}
	if (t.whom.n == 0) {
		return cli_usage(cli, "which person? a name or a number, `hark people list` shows them");
	}
	(void)id_parse("contact", t.whom, &t.nomination.person); /* else it is a name */
	return desk_step(cli, nominate, say_nominated, &t);
}

/* ---- owner ---- */

static void owner_json(const struct owners_answer *a)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	owners_json(a, &j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void owner_print(const struct owners_answer *a)
{
	print_field("owner", str_empty(a->owner) ? STR("nobody") : a->owner);
	print_field("gatekeeper", a->gatekeeper);
	print_field("second", a->second);
	for (size_t i = 0; i < a->steps_n; i++) {
		fputs("  ", stdout);
		print_clean(a->steps[i].place);
		fputs(": ", stdout);
		print_clean(a->steps[i].what);
		putchar('\n');
	}
}

int references_run_owner(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct owners_answer a;
	int64_t account = 0;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "of which account? `hark accounts list` shows them");
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "no accounts are imported yet");
	}
	rc = rc == HARK_OK ? store_account_find(d.store, str_c(argv[0]), &account, &d.err) : rc;
	rc = rc == HARK_OK ? owners_of(d.store, d.conf, account, &d.arena, &a, &d.err) : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else if (cli_json(cli)) {
		owner_json(&a);
	} else {
		owner_print(&a);
	}
	desk_close(&d);
	return code;
}
