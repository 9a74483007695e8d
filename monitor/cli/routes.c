/* hark routes: the tree of routes, and which of them a lead takes. */
#include "monitor/cli/commands.h"

#include "monitor/api/route_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/desk.h"
#include "monitor/leads/decided.h"
#include "monitor/leads/route_ask.h"
#include "monitor/leads/route_check.h"
#include "monitor/leads/route_try.h"
#include "monitor/model/id.h"
#include "monitor/store/leads.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)
#define NAMES_MAX 64

/* ---- show ---- */

static void add_to(const struct conf *c, const struct conf_route *r, struct buf *out)
{
	for (size_t i = 0; i < r->receivers_n; i++) {
		buf_printf(out, "%s%s", i > 0 ? ", " : "", c->receivers[r->receivers[i]].name);
	}
	if (r->to_owner) {
		buf_printf(out, "%s" CONF_TO_OWNER, r->receivers_n > 0 ? ", " : "");
	}
	if (out->n == 0) {
		buf_add_c(out, "nobody by itself");
	}
}

/* Whether another route stands beside it, which is tried or not after it. */
static bool has_next(const struct conf *c, size_t i)
{
	size_t k = i + 1;
	while (k < c->routes_n && c->routes[k].depth > c->routes[i].depth) {
		k++;
	}
	return k < c->routes_n && c->routes[k].depth == c->routes[i].depth;
}

static void print_route(const struct conf *c, size_t i)
{
	const struct conf_route *r = &c->routes[i];
	const char *then = !r->goes_on      ? ", then no further"
			   : has_next(c, i) ? ", then on to the next"
					    : "";
	struct buf when, to;
	buf_init(&when, 4096);
	buf_init(&to, 4096);
	route_when(r, &when);
	add_to(c, r, &to);
	printf("%*s%s → %s%s  (%s:%u)\n", (int)(2 * r->depth), "", buf_c(&when), buf_c(&to),
		then, r->at.file, r->at.line);
	buf_release(&when);
	buf_release(&to);
}

static int run_show(struct cli *cli, int argc, char **argv)
{
	struct conf *c = NULL;
	(void)argv;
	int code = argc > 0 ? cli_usage(cli, "show takes no arguments") : desk_conf(cli, &c);
	if (code != EXIT_DONE) {
		return code;
	}
	if (cli_json(cli)) {
		struct buf out;
		struct jsonout j;
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		jsonout_array(&j);
		for (size_t i = 0; i < c->routes_n; i++) {
			route_json(c, i, &j);
		}
		jsonout_end_array(&j);
		puts(buf_c(&out));
		buf_release(&out);
	} else if (c->routes_n == 0) {
		puts("there are no routes: nobody is told of a lead");
	}
	for (size_t i = 0; i < c->routes_n && !cli_json(cli); i++) {
		print_route(c, i);
	}
	conf_unref(c);
	return EXIT_DONE;
}

/* ---- one lead ---- */

static void print_answer(const struct conf *c, const struct route_answer *a, struct decision *notes)
{
	struct buf text;
	size_t told = 0;
	buf_init(&text, 4096);
	for (size_t i = 0; i < c->receivers_n; i++) {
		if (a->receivers[i].fate != FATE_NONE) {
			buf_printf(&text, "%s%s", told++ > 0 ? ", " : "", c->receivers[i].name);
		}
	}
	printf("told: %s\n", told > 0 ? buf_c(&text) : "nobody");
	for (size_t i = 0; i < a->taken_n; i++) {
		print_route(c, a->taken[i]);
	}
	for (size_t i = 0; i < a->notes_n; i++) {
		buf_clear(&text);
		decided_sentence(&notes[i], &text);
		printf("%s\n", buf_c(&text));
	}
	buf_release(&text);
}

/* The receivers after --to, NULL-terminated names; `n` SIZE_MAX: not asked for. */
static void read_wanted(struct cli *cli, struct arena *arena, const char **names, size_t *n)
{
	const char *text;
	*n = cli_given(cli, "to") ? 0 : SIZE_MAX;
	for (size_t i = 0; (text = cli_value_at(cli, "to", i)) != NULL; i++) {
		struct str rest = str_c(text), part;
		while (str_split(&rest, ',', &part) && *n < NAMES_MAX) {
			part = str_trim(part);
			if (!str_empty(part) && !str_eq_c(part, "nobody")) {
				names[(*n)++] = arena_c(arena, part);
			}
		}
	}
}

static int tell(struct cli *cli, const struct conf *c, const struct route_answer *a,
	const struct conf_route_test *t, struct arena *arena)
{
	const char *names[NAMES_MAX];
	struct conf_route_test wanted = *t;
	struct buf why;
	bool ok = true;
	struct decision *notes = route_decisions(a, arena);
	buf_init(&why, 4096);
	read_wanted(cli, arena, names, &wanted.to_n);
	if (wanted.to_n != SIZE_MAX) {
		wanted.to = names;
		wanted.at = NULL;
		ok = route_test_holds(c, &wanted, a, &why);
	}
	if (cli_json(cli)) {
		struct buf out;
		struct jsonout j;
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		route_answer_json(c, a, ok, notes, &j);
		puts(buf_c(&out));
		buf_release(&out);
	} else {
		print_answer(c, a, notes);
		printf("%s%s%s", ok ? "" : "not as --to says: ", buf_c(&why), ok ? "" : "\n");
	}
	buf_release(&why);
	return ok ? EXIT_DONE : EXIT_PROBLEMS;
}

static int try_stored(struct cli *cli, const char *text)
{
	struct desk d;
	struct lead lead;
	struct silence *silences = NULL;
	struct route_case c;
	struct route_answer answer;
	int64_t id = 0, now_ms = clock_wall_ms();
	size_t n = 0;
	int code = EXIT_DONE;
	if (!id_parse(ID_LEAD, str_c(text), &id)) {
		return cli_usage(cli, "'%s' is not the number of a lead", text);
	}
	int rc = desk_open(&d, cli, STORE_READ_ONLY, &code);
	if (rc == HARK_OK && d.store == NULL) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "there are no leads yet");
	}
	rc = rc == HARK_OK ? store_lead_load(d.store, id, &d.arena, &lead, &d.err) : rc;
	rc = rc == HARK_OK
		     ? store_silence_list(d.store, now_ms, false, &d.arena, &silences, &n, &d.err)
		     : rc;
	if (rc == HARK_OK) {
		rc = route_ask(d.store, d.conf, &lead, silences, n, now_ms, &d.arena, &c);
		answer.receivers = c.receivers;
		rc = rc == HARK_OK ? route_decide(&c.question, &d.arena, &answer) : rc;
		rc = rc != HARK_OK ? hark_err_set(&d.err, rc, "no memory for the routes") : rc;
	}
	if (rc == HARK_OK) {
		struct conf_route_test t = {0};
		code = tell(cli, d.conf, &answer, &t, &d.arena);
	} else {
		code = desk_fail(&d, code);
	}
	desk_close(&d);
	return code;
}

/* ---- what the command line says of a lead ---- */

static int read_test(struct cli *cli, struct conf_route_test *t, bool *given)
{
	const struct {
		const char *name, **to;
	} texts[] = {{"kind", &t->kind}, {"rule", &t->rule}, {"rule-route", &t->route},
		{"owner", &t->owner}, {"account-type", &t->type}, {"territory", &t->territory},
		{"region", &t->region}, {"industry", &t->industry}, {"product", &t->product},
		{"segment", &t->segment}, {"account-owner", &t->account_owner},
		{"channel", &t->channel}, {"partner", &t->partner}, {"preferred", &t->preferred},
		{"at", &t->at}};
	*t = (struct conf_route_test){.score = 50};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		*texts[i].to = cli_value(cli, texts[i].name);
		*given |= *texts[i].to != NULL;
	}
	const char *score = cli_value(cli, "score");
	*given |= score != NULL || cli_given(cli, "to");
	if (score != NULL &&
		(!str_i64(str_c(score), &t->score) || t->score < 0 || t->score > 100)) {
		return cli_usage(cli, "--score takes a number up to 100, not '%s'", score);
	}
	if (t->at != NULL && !clock_parse_rfc3339(str_c(t->at), &t->at_ms)) {
		return cli_usage(
			cli, "--at takes a time such as 2027-01-15T22:30:00Z, not '%s'", t->at);
	}
	if (t->kind != NULL) {
		return desk_check_kind(cli, str_c(t->kind));
	}
	t->kind = signal_kind_name(SIGNAL_PRAISE);
	return EXIT_DONE;
}

static int try_given(struct cli *cli, const struct conf *c, const struct conf_route_test *t)
{
	struct arena arena;
	struct route_answer answer;
	struct hark_err err;
	arena_init(&arena, 0);
	int rc = route_try(c, t, &arena, &answer);
	int code = EXIT_DONE;
	if (rc != HARK_OK) {
		hark_err_set(&err, rc, "no memory for the routes");
		code = cli_fail(cli, &err);
	} else {
		code = tell(cli, c, &answer, t, &arena);
	}
	arena_release(&arena);
	return code;
}

static int run_tests(struct cli *cli, const struct conf *c)
{
	struct diags diags;
	size_t failed = 0;
	struct hark_err err;
	diags_init(&diags);
	int rc = route_check_tests(c, &diags, &failed);
	if (rc != HARK_OK) {
		hark_err_set(&err, rc, "no memory for the tests");
		diags_release(&diags);
		return cli_fail(cli, &err);
	}
	if (cli_json(cli)) {
		struct buf out;
		struct jsonout j;
		buf_init(&out, JSON_MAX);
		jsonout_init(&j, &out);
		route_tests_json(c, &diags, failed, &j);
		puts(buf_c(&out));
		buf_release(&out);
	} else if (c->route_tests_n == 0) {
		puts("there are no route-tests: in the configuration; say what a lead is, as --kind praise");
	} else {
		diags_print(&diags, stdout, cli_color(cli));
		printf("%s, %zu failed\n", COUNT(c->route_tests_n, "test"), failed);
	}
	diags_release(&diags);
	return failed > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}

static int run_test(struct cli *cli, int argc, char **argv)
{
	struct conf *c = NULL;
	struct conf_route_test t;
	bool given = false;
	const char *lead = cli_value(cli, "lead");
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "say what the lead is with options, as --kind praise, or --lead 7 for a stored one");
	}
	if (lead != NULL) {
		return try_stored(cli, lead);
	}
	int code = read_test(cli, &t, &given);
	code = code == EXIT_DONE ? desk_conf(cli, &c) : code;
	if (code == EXIT_DONE) {
		code = given ? try_given(cli, c, &t) : run_tests(cli, c);
	}
	conf_unref(c);
	return code;
}

static const struct cli_option test_options[] = {
	{"lead", 0, "LEAD", "a lead that is stored, as it would be routed now"},
	{"kind", 'k', "KIND", "its kind (default: praise)"},
	{"score", 0, "N", "its score (default: 50)"},
	{"rule", 0, "ID", "the rule that raises it"},
	{"rule-route", 0, "NAME", "what the rule says under route:"},
	{"owner", 0, "NAME", "the owner that the rule names"},
	{"account-type", 0, "TYPE", "of the account it is about, such as customer"},
	{"territory", 0, "NAME", "of the account"},
	{"region", 0, "NAME", "of the account"},
	{"industry", 0, "NAME", "of the account"},
	{"product", 0, "NAME", "what the account has"},
	{"segment", 0, "NAME", "of the account"},
	{"account-owner", 0, "NAME", "who owns the account"},
	{"channel", 0, "NAME", "direct, partner or agent"},
	{"partner", 0, "NAME", "who has the contract"},
	{"preferred", 0, "NAME", "the contact whom the customer has chosen"},
	{"at", 0, "TIME", "when it comes, for quiet hours, as 2027-01-15T22:30:00Z"},
	{"to", 0, "NAMES",
		"who must be told, and nobody else (ana,bo or nobody); exit code 1 if not"},
	{NULL},
};

static const struct cli_command commands[] = {
	{"show", "", "The tree of routes", "    hark routes show", NULL, NULL, run_show},
	{"test", "", "Which routes a lead takes, and who is told",
		"With options, of such a lead; silences, what is open and used budgets are left out. With\n"
		"--lead, of one that is stored, as of now, with all of these. Without any, the route-tests: of\n"
		"the configuration are tried, as hark check does.\n\n"
		"    hark routes test\n"
		"    hark routes test --kind praise --account-type customer --to ana,bo\n"
		"    hark routes test --lead 7",
		test_options, NULL, run_test},
	{NULL},
};

const struct cli_command command_routes = {
	.name = "routes",
	.args = "",
	.about = "Which lead goes to whom: the routes, and tests of them",
	.sub = commands,
};
