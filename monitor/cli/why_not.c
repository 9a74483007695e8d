/* hark why-not: why a stored post made no lead by a rule, or nobody heard of it. */
#include "monitor/cli/why_not.h"

#include "monitor/cli/decided.h"

#include "monitor/base/clock.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/explain_print.h"
#include "monitor/cli/term.h"
#include "monitor/leads/raise.h"
#include "monitor/model/id.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"

#include <stdio.h>

#define SIGNALS_MAX 1000
#define OUTPUT_MAX ((size_t)64 << 20)
#define POSTS_MAX 5 /* of a person or an account */

static void add_flip(void *ctx, const char *change)
{
	struct answer *a = ctx;
	if (a->flips_n < WHY_NOT_FLIPS_MAX) {
		a->flips[a->flips_n++] = arena_c(&a->w->arena, str_c(change));
	}
}

/* ---- what is known ---- */

static int load_signals(struct answer *a, struct str rule, struct hark_err *err)
{
	struct why *w = a->w;
	struct signal_filter own = {.post = a->post.id, .rule = rule, .max = SIGNALS_MAX};
	struct signal_filter story = {.story = a->post.story, .rule = rule, .max = SIGNALS_MAX};
	int rc = store_signal_list(w->store, &own, &w->arena, &a->own, &a->own_n, err);
	if (rc == HARK_OK) {
		rc = store_signal_list(w->store, &story, &w->arena, &a->story, &a->story_n, err);
	}
	int64_t lead = a->own_n > 0 ? a->own[0].lead : a->story_n > 0 ? a->story[0].lead : 0;
	if (rc == HARK_OK && lead != 0) {
		rc = store_lead_load(w->store, lead, &w->arena, &a->lead, err);
		a->has_lead = rc == HARK_OK;
		rc = rc == HARK_OK ? store_alert_list(w->store, lead, &w->arena, &a->alerts,
					     &a->alerts_n, err)
				   : rc;
		rc = rc == HARK_OK ? store_decision_list(w->store, lead, &w->arena, &a->decisions,
					     &a->decisions_n, err)
				   : rc;
		if (rc == HARK_OK && a->alerts_n == 0 && raise_alerts(&a->lead)) {
			rc = decided_flips(w->store, w->args.conf, &a->lead, clock_wall_ms(),
				&w->arena, add_flip, a, err);
		}
		rc = rc == HARK_OK ? decided_delays(w->store, w->args.conf, &a->lead, a->decisions,
					     a->decisions_n, &w->arena, add_flip, a, err)
				   : rc;
	}
	return rc;
}

/* ---- telling ---- */

static void print_reasons(const struct answer *a)
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

static void print_answer(struct answer *a, bool color)
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

static void reasons_json(const struct answer *a, struct jsonout *j)
{
	jsonout_key(j, "reasons");
	jsonout_array(j);
	for (size_t i = 0; i < a->reasons_n; i++) {
		const struct reason *r = &a->reasons[i];
		jsonout_object(j);
		jsonout_key_c(j, "stage", r->stage);
		jsonout_key_c(j, "code", r->code);
		jsonout_key_str(j, "receiver", r->receiver);
		jsonout_key_str(j, "value", r->value);
		jsonout_key_str(j, "threshold", r->threshold);
		jsonout_key_str(j, "text", r->text);
		jsonout_key_str(j, "flip", r->flip);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void flips_json(const struct answer *a, struct jsonout *j)
{
	jsonout_key(j, "would_tell");
	jsonout_array(j);
	for (size_t i = 0; i < a->flips_n; i++) {
		jsonout_str(j, str_c(a->flips[i]));
	}
	jsonout_end_array(j);
}

/* Of a post that is not there. */
static void tell_missing(struct answer *a, const char *url)
{
	struct buf out;
	struct jsonout j;
	if (!cli_json(a->w->cli)) {
		fputs("post      ", stdout);
		why_print_clean(str_c(url));
		puts(" is not stored");
		print_reasons(a);
		return;
	}
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	reasons_json(a, &j);
	flips_json(a, &j);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static void json_answer(struct answer *a)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	why_post_json(&a->post, &j);
	reasons_json(a, &j);
	jsonout_key(&j, "signals");
	jsonout_array(&j);
	for (size_t i = 0; i < a->own_n; i++) {
		jsonout_object(&j);
		why_signal_json(&a->own[i], &j);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	why_alerts_json(a->alerts, a->alerts_n, &j);
	flips_json(a, &j);
	if (a->now != NULL && !a->post.gone && !a->post.sensitive) {
		jsonout_key(&j, "explanation");
		explain_json(a->now, &a->post.post, &j);
	}
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

static int find_post(struct answer *a, const char *url, struct hark_err *err)
{
	struct store *s = a->w->store;
	int64_t id = store_post_look_up(s, str_c(url));
	int rc = db_check(store_db(s), err);
	if (rc == HARK_OK && id == 0) {
		rc = hark_err_set(err, HARK_ENOENT,
			"no stored post has the link '%s': its source has not said it, or it is forgotten "
			"(hark sources list)",
			url);
	}
	return rc == HARK_OK ? store_post_load(s, id, &a->w->arena, &a->post, err) : rc;
}

/* A rule that nobody knows is a mistake in the command. */
static int explain_now(struct answer *a, struct str rule, struct hark_err *err)
{
	struct why *w = a->w;
	return w->matcher != NULL ? matcher_explain(w->matcher, &a->post.post, rule, STR_NONE,
					    &w->arena, &a->now, err)
				  : HARK_OK;
}

/* Of a post that is loaded. */
static int tell_post(struct answer *a, struct str rule, struct hark_err *err)
{
	const struct cli *cli = a->w->cli;
	int rc = explain_now(a, rule, err);
	rc = rc == HARK_OK ? load_signals(a, rule, err) : rc;
	if (rc == HARK_OK) {
		why_not_reasons(a, clock_wall_ms());
		if (cli_json(cli)) {
			json_answer(a);
		} else {
			print_answer(a, cli_color(cli));
		}
	}
	return rc;
}

/* ---- a person, an account, a lead ---- */

/* Of somebody of whom no post is stored: nothing came of a poll, or nobody could know that it was them. */
static void tell_silent(struct answer *a, enum known_what what, const char *name)
{
	why_not_silent(a, what, str_c(name));
	if (cli_json(a->w->cli)) {
		tell_missing(a, name);
	} else {
		print_reasons(a);
	}
}

static int run_about(struct cli *cli, enum known_what what, const char *name, const char *rule)
{
	struct why w;
	struct hark_err err = {0};
	int64_t id = 0, posts[POSTS_MAX];
	size_t n = 0;
	bool json = cli_json(cli);
	int rc = why_open(&w, cli, &err);
	rc = rc == HARK_OK ? store_known_find(w.store, what, str_trim(str_c(name)), &id, &err) : rc;
	rc = rc == HARK_OK ? store_posts_about(w.store, what, id, POSTS_MAX, posts, &n, &err) : rc;
	fputs(json && rc == HARK_OK ? "[\n" : "", stdout);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct answer a = {.w = &w, .about = id};
		fputs(i == 0 ? "" : json ? ",\n" : "\n", stdout);
		rc = store_post_load(w.store, posts[i], &w.arena, &a.post, &err);
		rc = rc == HARK_OK ? tell_post(&a, str_c(rule), &err) : rc;
	}
	if (rc == HARK_OK && n == 0) {
		struct answer a = {.w = &w, .about = id};
		tell_silent(&a, what, name);
	}
	fputs(json && rc == HARK_OK ? "]\n" : "", stdout);
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	why_close(&w);
	return code;
}

/* The first post of a lead, by the rule that made it. */
static int find_of_lead(struct answer *a, int64_t lead, struct str *rule, struct hark_err *err)
{
	struct why *w = a->w;
	struct signal_filter filter = {.lead = lead, .max = 1};
	struct stored_signal *v = NULL;
	size_t n = 0;
	int rc = store_signal_list(w->store, &filter, &w->arena, &v, &n, err);
	if (rc == HARK_OK && n == 0) {
		rc = hark_err_set(err, HARK_ENOENT, "there is no lead_%lld, or it has no finding",
			(long long)lead);
	}
	rc = rc == HARK_OK ? store_post_load(w->store, v[0].post, &w->arena, &a->post, err) : rc;
	*rule = rc == HARK_OK ? v[0].rule : *rule;
	return rc;
}

static int run_why_not(struct cli *cli, int argc, char **argv)
{
	struct why w;
	struct answer a = {.w = &w};
	struct hark_err err = {0};
	const char *rule = cli_value(cli, "rule"), *person = cli_value(cli, "person"),
		   *account = cli_value(cli, "account");
	struct str by = str_c(rule);
	int64_t lead = 0;
	bool of_lead = argc == 1 && str_starts(str_c(argv[0]), STR(ID_LEAD "_")) &&
		       id_parse(ID_LEAD, str_c(argv[0]), &lead);
	int whats = argc + (person != NULL) + (account != NULL);
	if (whats != 1 || (rule == NULL && !of_lead)) {
		return cli_usage(cli,
			"name a post (its link, or SOURCE:ID), --person or --account, and a rule: "
			"URL --rule ID; or a lead alone");
	}
	if (argc == 0) {
		return person != NULL ? run_about(cli, KNOWN_PEOPLE, person, rule)
				      : run_about(cli, KNOWN_ACCOUNTS, account, rule);
	}
	int rc = why_open(&w, cli, &err);
	if (rc == HARK_OK) {
		rc = of_lead ? find_of_lead(&a, lead, &by, &err) : find_post(&a, argv[0], &err);
	}
	rc = rc == HARK_OK ? tell_post(&a, by, &err) : rc;
	int code = EXIT_DONE;
	if (rc == HARK_ENOENT && !of_lead && a.post.id == 0 && w.store != NULL &&
		why_not_missing(&a, str_c(argv[0]), clock_wall_ms())) {
		tell_missing(&a, argv[0]);
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
		"(lead_3) stands for its first post and the rule that found it.\n\n"
		"    hark why-not https://news.example.com/1 --rule praise\n"
		"    hark why-not --person 'Odalys Merrick' --rule praise",
	.options = options,
	.run = run_why_not,
};
