/* hark why-not: why a stored post made no lead by a rule, or nobody heard of it. */
#include "monitor/api/why_not.h"
#include "monitor/base/clock.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/explain_print.h"
#include "monitor/cli/term.h"
#include "monitor/cli/why.h"
#include "monitor/model/id.h"

#include <stdio.h>

#define OUTPUT_MAX ((size_t)64 << 20)
#define SIGNALS_MAX 1000
#define RULES_NAMED 8 /* where one has to be said */

/* Nothing is kept from whoever may read the store. */
static struct why_not asked(struct why *w)
{
	return (struct why_not){
		.view = {.store = w->store, .matcher = w->matcher, .arena = &w->arena},
		.conf = w->args.conf};
}

/* ---- telling ---- */

static void print_reasons(const struct why_not *a)
{
	for (size_t i = 0; i < a->reasons_n; i++) {
		fputs(i == 0 ? "because   " : "          ", stdout);
		why_print_clean(a->reasons[i].text);
		putchar('\n');
	}
	for (size_t i = 0; i < a->flips_n; i++) {
		printf("%s%s\n", i == 0 ? "change    " : "          ", a->flips[i]);
	}
}

static void print_answer(struct why_not *a, bool color)
{
	int width = term_width(stdout);
	char when[CLOCK_TEXT_MAX];
	fputs("post      ", stdout);
	why_print_clean(a->post.post.url.n > 0 ? a->post.post.url : a->post.post.external_id);
	printf("  seen %s", clock_local(a->post.seen_ms, when));
	why_print_mark(&a->post.post);
	putchar('\n');
	print_reasons(a);
	if (a->now != NULL && !a->post.gone && !a->post.sensitive) {
		struct buf out;
		buf_init(&out, OUTPUT_MAX);
		buf_add_char(&out, '\n');
		explain_print(a->now, &a->post.post, width > 0 ? (size_t)width : 0, color, &out);
		fputs(buf_c(&out), stdout);
		buf_release(&out);
	}
}

static void print_json(const struct why_not *a)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	why_not_json(a, &j);
	puts(buf_c(&out));
	buf_release(&out);
}

/* Of a post that is not there. */
static void tell_missing(const struct cli *cli, const struct why_not *a, const char *url)
{
	if (cli_json(cli)) {
		print_json(a);
	} else {
		fputs("post      ", stdout);
		why_print_clean(str_c(url));
		puts(" is not stored");
		print_reasons(a);
	}
}

/* Of a post that is found. */
static int tell_post(
	const struct cli *cli, struct why_not *a, struct str rule, struct hark_err *err)
{
	int rc = why_not_tell(a, rule, clock_wall_ms(), err);
	if (rc == HARK_OK && cli_json(cli)) {
		print_json(a);
	} else if (rc == HARK_OK) {
		print_answer(a, cli_color(cli));
	}
	return rc;
}

/* ---- a person, an account ---- */

/* Of somebody of whom no post is stored: nothing came of a poll, or nobody could know that it was them. */
static void tell_silent(
	const struct cli *cli, struct why_not *a, enum known_what what, const char *name)
{
	why_not_silent(a, what, str_c(name));
	if (cli_json(cli)) {
		print_json(a);
	} else {
		print_reasons(a);
	}
}

static int run_about(struct cli *cli, enum known_what what, const char *name, const char *rule)
{
	struct why w;
	struct hark_err err = {0};
	int64_t id = 0, posts[WHY_NOT_POSTS_MAX];
	size_t n = 0;
	bool json = cli_json(cli);
	int rc = why_open(&w, cli, &err);
	rc = rc == HARK_OK ? store_known_find(w.store, what, str_trim(str_c(name)), &id, &err) : rc;
	rc = rc == HARK_OK
		     ? store_posts_about(w.store, what, id, WHY_NOT_POSTS_MAX, posts, &n, &err)
		     : rc;
	fputs(json && rc == HARK_OK ? "[\n" : "", stdout);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct why_not a = asked(&w);
		a.about = id;
		fputs(i == 0 ? "" : json ? ",\n" : "\n", stdout);
		rc = store_post_load(w.store, posts[i], &w.arena, &a.post, &err);
		rc = rc == HARK_OK ? tell_post(cli, &a, str_c(rule), &err) : rc;
	}
	if (rc == HARK_OK && n == 0) {
		struct why_not a = asked(&w);
		a.about = id;
		tell_silent(cli, &a, what, name);
	}
	fputs(json && rc == HARK_OK ? "]\n" : "", stdout);
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	why_close(&w);
	return code;
}

/* ---- without a rule ---- */

/* Nothing was found in the post: which rule is meant has to be said. */
static int refuse_no_rule(const struct cli *cli, const struct why *w, const char *url)
{
	struct rule_info rule;
	struct buf ids;
	buf_init(&ids, OUTPUT_MAX);
	for (size_t i = 0;
		w->rules != NULL && ruleset_rule_at(w->rules, i, &rule) && i <= RULES_NAMED; i++) {
		buf_add_c(&ids, i > 0 ? ", " : "");
		buf_add_str(&ids, i < RULES_NAMED ? rule.id : STR("…"));
	}
	int code = cli_usage(cli,
		"no rule has found anything in this post: say which one should have: hark why-not %s --rule ID "
		"(%s: see `hark rules list`)",
		url, ids.n > 0 ? buf_c(&ids) : "there are none");
	buf_release(&ids);
	return code;
}

/* By each rule that has found something in the post; how many there were. */
static size_t tell_found(struct cli *cli, struct why *w, struct why_not *a, struct hark_err *err)
{
	const struct signal_filter filter = {.post = a->post.id, .max = SIGNALS_MAX};
	struct stored_signal *v = NULL;
	size_t n = 0, told = 0;
	int rc = store_signal_list(w->store, &filter, &w->arena, &v, &n, err);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct why_not one = asked(w);
		bool again = false;
		for (size_t k = 0; k < i && !again; k++) {
			again = str_eq(v[k].rule, v[i].rule);
		}
		if (!again) {
			one.post = a->post;
			fputs(cli_json(cli) ? told == 0 ? "[\n" : ",\n"
				: told > 0  ? "\n"
					    : "",
				stdout);
			rc = tell_post(cli, &one, v[i].rule, err);
			told++;
		}
	}
	fputs(cli_json(cli) && told > 0 && rc == HARK_OK ? "]\n" : "", stdout);
	return told;
}

/* ---- the command ---- */

static int run_why_not(struct cli *cli, int argc, char **argv)
{
	struct why w;
	struct hark_err err = {0};
	const char *rule = cli_value(cli, "rule"), *person = cli_value(cli, "person"),
		   *account = cli_value(cli, "account");
	struct str by = str_c(rule);
	int64_t lead = 0;
	bool of_lead = argc == 1 && str_starts(str_c(argv[0]), STR(ID_LEAD "_")) &&
		       id_parse(ID_LEAD, str_c(argv[0]), &lead);
	int whats = argc + (person != NULL) + (account != NULL);
	if (whats != 1 || (rule == NULL && argc == 0)) {
		return cli_usage(cli,
			"name a post (its link, or SOURCE:ID), --person or --account, and a rule: "
			"URL --rule ID; or a lead alone");
	}
	if (argc == 0) {
		return person != NULL ? run_about(cli, KNOWN_PEOPLE, person, rule)
				      : run_about(cli, KNOWN_ACCOUNTS, account, rule);
	}
	int rc = why_open(&w, cli, &err);
	struct why_not a = asked(&w);
	if (rc == HARK_OK) {
		rc = of_lead ? why_not_find_lead(&a, lead, &by, &err)
			     : why_not_find(&a, str_c(argv[0]), &err);
	}
	int code = EXIT_DONE;
	if (rc == HARK_OK && str_empty(by)) {
		bool told = tell_found(cli, &w, &a, &err) > 0;
		rc = err.code;
		code = rc == HARK_OK && !told ? refuse_no_rule(cli, &w, argv[0]) : EXIT_DONE;
	} else if (rc == HARK_OK) {
		rc = tell_post(cli, &a, by, &err);
	}
	if (rc == HARK_ENOENT && !of_lead && a.post.id == 0 && w.store != NULL &&
		why_not_missing(&a, str_c(argv[0]), clock_wall_ms())) {
		tell_missing(cli, &a, argv[0]);
		code = EXIT_PROBLEMS;
	} else if (rc != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	why_close(&w);
	return code;
}

static const struct cli_option options[] = {
	{"rule", 0, "ID", "the rule that was expected to match"},
	{"person", 0, "WHO", "instead of a link: the newest posts by or about a known person"},
	{"account", 0, "WHO", "instead of a link: the newest posts about a known account"},
	{NULL},
};

const struct cli_command command_why_not = {
	.name = "why-not",
	.args = "URL",
	.about = "Why a stored post made no lead by a rule, or nobody heard of it",
	.more = "URL is the link of the post, or SOURCE:ID. Says what decided on its way: the rule's status and\n"
		"scope, the clause that failed and how near it came, a copy of a story found before, a first\n"
		"poll, an answer, a score too low, the lead it joined, compliance, silences, open cases and deals,\n"
		"routes, budgets, quiet hours and what became of the alerts; of a link that is not stored, how the\n"
		"sources of its host do. With --json each has its stage, value and threshold. A change that\n"
		"would have somebody told is tried first, and only shown if it does. With --person or --account,\n"
		"a name or number as of hark people and hark accounts, the same of up to five posts, the newest\n"
		"first (--json: an array); without any, why nobody would have been recognised. A lead\n"
		"(lead_3) stands for its first post and the rule that found it. A link without --rule is told\n"
		"of by each rule that has found something in the post (--json: an array).\n\n"
		"    hark why-not https://news.example.com/1 --rule praise\n"
		"    hark why-not --person 'Odalys Merrick' --rule praise",
	.options = options,
	.run = run_why_not,
};
