/* hark why-not: why a stored post made no lead by a rule, or nobody heard of it. */
#include "monitor/cli/why.h"

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
#define REASONS_MAX 24
#define FLIPS_MAX 4
#define OUTPUT_MAX ((size_t)64 << 20)

/* One step on the way of the post, the deciding ones in the order they are met. */
struct reason {
	const char *code;
	struct str text;
	const struct decision *decision; /* NULL: another stage's */
};

struct answer {
	struct why *w;
	struct stored_post post;
	struct explanation *now;
	struct stored_signal *own, *story; /* of the rule: this post's; other posts' of the story */
	size_t own_n, story_n;
	struct lead lead;
	bool has_lead;
	struct stored_alert *alerts;
	size_t alerts_n;
	struct decision *decisions;
	size_t decisions_n;
	const char *flips[FLIPS_MAX]; /* what would have somebody told */
	size_t flips_n;
	struct reason reasons[REASONS_MAX];
	size_t reasons_n;
};

static void say(struct answer *a, const char *code, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
static void say(struct answer *a, const char *code, const char *fmt, ...)
{
	char text[600];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (a->reasons_n < REASONS_MAX) {
		a->reasons[a->reasons_n++] =
			(struct reason){code, arena_str(&a->w->arena, str_c(text)), NULL};
	}
}

/* The stage is told with its value and threshold. */
static void say_decided(struct answer *a, const struct decision *d, struct str sentence)
{
	const char *code = arena_c(&a->w->arena, d->cause);
	say(a, code != NULL ? code : "?", "%.*s", STR_FMT(sentence));
	if (a->reasons_n > 0) {
		a->reasons[a->reasons_n - 1].decision = d;
	}
}

static void add_flip(void *ctx, const char *change)
{
	struct answer *a = ctx;
	if (a->flips_n < FLIPS_MAX) {
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
	}
	return rc;
}

/* ---- the reasons ---- */

static void reasons_of_rule(struct answer *a)
{
	const struct explanation *x = a->now;
	if (a->post.gone || a->post.sensitive) {
		say(a, "text-gone", "%s",
			a->post.sensitive
				? "a rule for sensitive topics matched: its text was not kept, and "
				  "nothing is raised from it"
				: "its text is not kept any more, so it cannot be matched again");
		return;
	}
	if (x == NULL) {
		say(a, "rules-broken", "the rules have errors");
		return;
	}
	if (x->inactive) {
		struct buf lists;
		buf_init(&lists, 500);
		explain_missing(x, &lists);
		say(a, "inactive", "the rule is inactive: %s", buf_c(&lists));
		buf_release(&lists);
		return;
	}
	if (x->retired) {
		say(a, "retired", "the rule is retired: nothing is matched with it");
	}
	for (enum scope_part i = 0; i < SCOPE_PARTS; i++) {
		if (!x->in_scope[i]) {
			say(a, "scope", "the rule's scope shuts it out: %s", scope_part_name(i));
		}
	}
	if (!x->matched && x->scope_holds) {
		say(a, "no-match", "the rule does not match it");
	}
	if (x->undecided) {
		say(a, "undecided",
			"a regular expression or the search for names reached its limit: the "
			"finding is kept, but makes no lead");
	}
	if (x->matched && strcmp(x->rule.status, "shadow") == 0) {
		say(a, "shadow",
			"the rule is on trial (status: shadow): findings are only counted");
	}
}

static void reasons_of_story(struct answer *a)
{
	char id[ID_TEXT_MAX];
	if (a->own_n > 0 || a->story_n == 0) {
		return;
	}
	say(a, "copy", "it is a copy of a story that was found before: %s",
		id_text(ID_SIGNAL, a->story[0].id, id));
}

static void reasons_of_signal(struct answer *a)
{
	char id[ID_TEXT_MAX], when[CLOCK_TEXT_MAX];
	const struct explanation *x = a->now;
	if (a->own_n == 0) {
		bool would = x != NULL && x->matched && !x->retired && a->story_n == 0 &&
			     strcmp(x->rule.status, "live") == 0;
		if (would) {
			say(a, "changed-since",
				"it matches now, but did not when it came: the rule, a list or "
				"the post has changed since");
		}
		return;
	}
	const struct stored_signal *s = &a->own[0];
	say(a, "found", "it was found: %s, score %d, %s", id_text(ID_SIGNAL, s->id, id), s->score,
		clock_local(s->created_ms, when));
	if (s->historic) {
		say(a, "historic",
			"it came with its source's first poll, which raises nothing (backfill: on "
			"the source would)");
	}
	if (s->lead == 0) {
		say(a, "weak",
			s->score < SCORE_LEAD_MIN
				? "its score is below %d: kept, but no lead"
				: "it makes no lead (from a score of %d it could)",
			SCORE_LEAD_MIN);
	}
}

static void reasons_of_lead(struct answer *a)
{
	char id[ID_TEXT_MAX], when[CLOCK_TEXT_MAX];
	if (!a->has_lead) {
		return;
	}
	id_text(ID_LEAD, a->lead.id, id);
	int64_t found_ms = a->own_n > 0 ? a->own[0].created_ms : a->story[0].created_ms;
	if (a->lead.signals > 1 && a->lead.created_ms < found_ms) {
		say(a, "joined",
			"it joined %s, which had been there since %s: one lead in its window, no "
			"second alert",
			id, clock_local(a->lead.created_ms, when));
	} else {
		say(a, "lead", "it is in %s", id);
	}
	if (a->lead.held) {
		say(a, "held", "the lead is held for compliance");
	}
	if (a->alerts_n == 0 && a->decisions_n == 0 && !a->lead.historic && !a->lead.held) {
		say(a, "no-route", "no route leads from it to a receiver");
	}
	for (size_t i = 0; i < a->decisions_n; i++) {
		struct buf text;
		buf_init(&text, 2000);
		decided_sentence(&a->decisions[i], &text);
		say_decided(a, &a->decisions[i], buf_str(&text));
		buf_release(&text);
	}
	for (size_t i = 0; i < a->alerts_n; i++) {
		const struct stored_alert *v = &a->alerts[i];
		say(a, "alert", "alert for %.*s: %.*s%s%.*s", STR_FMT(v->receiver),
			STR_FMT(v->state), v->error.n > 0 ? ": " : "", STR_FMT(v->error));
	}
}

/* ---- telling ---- */

static void print_answer(struct answer *a, bool color)
{
	int width = term_width(stdout);
	char when[CLOCK_TEXT_MAX];
	fputs("post      ", stdout);
	why_print_clean(a->post.post.url.n > 0 ? a->post.post.url : a->post.post.external_id);
	printf("  seen %s\n", clock_local(a->post.seen_ms, when));
	for (size_t i = 0; i < a->reasons_n; i++) {
		fputs(i == 0 ? "because   " : "          ", stdout);
		why_print_clean(a->reasons[i].text);
		putchar('\n');
	}
	for (size_t i = 0; i < a->flips_n; i++) {
		printf("%s%s\n", i == 0 ? "change    " : "          ", a->flips[i]);
	}
	if (a->now != NULL && !a->post.gone && !a->post.sensitive) {
		struct buf out;
		buf_init(&out, OUTPUT_MAX);
		buf_add_char(&out, '\n');
		explain_print(a->now, &a->post.post, width > 0 ? (size_t)width : 0, color, &out);
		fputs(buf_c(&out), stdout);
		buf_release(&out);
	}
}

static void json_answer(struct answer *a)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	why_post_json(&a->post, &j);
	jsonout_key(&j, "reasons");
	jsonout_array(&j);
	for (size_t i = 0; i < a->reasons_n; i++) {
		jsonout_object(&j);
		jsonout_key_c(&j, "code", a->reasons[i].code);
		jsonout_key_str(&j, "text", a->reasons[i].text);
		if (a->reasons[i].decision != NULL) {
			const struct decision *d = a->reasons[i].decision;
			jsonout_key_str(&j, "stage", d->stage);
			jsonout_key_str(&j, "receiver", d->receiver);
			jsonout_key_str(&j, "value", d->value);
			jsonout_key_str(&j, "threshold", d->threshold);
		}
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	jsonout_key(&j, "signals");
	jsonout_array(&j);
	for (size_t i = 0; i < a->own_n; i++) {
		jsonout_object(&j);
		why_signal_json(&a->own[i], &j);
		jsonout_end_object(&j);
	}
	jsonout_end_array(&j);
	why_alerts_json(a->alerts, a->alerts_n, &j);
	jsonout_key(&j, "would_tell");
	jsonout_array(&j);
	for (size_t i = 0; i < a->flips_n; i++) {
		jsonout_str(&j, str_c(a->flips[i]));
	}
	jsonout_end_array(&j);
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

static int run_why_not(struct cli *cli, int argc, char **argv)
{
	struct why w;
	struct answer a = {.w = &w};
	struct hark_err err = {0};
	const char *rule = cli_value(cli, "rule");
	if (argc != 1 || rule == NULL) {
		return cli_usage(
			cli, "name the link of a post (or SOURCE:ID) and a rule: URL --rule ID");
	}
	int rc = why_open(&w, cli, &err);
	rc = rc == HARK_OK ? find_post(&a, argv[0], &err) : rc;
	rc = rc == HARK_OK ? explain_now(&a, str_c(rule), &err) : rc;
	rc = rc == HARK_OK ? load_signals(&a, str_c(rule), &err) : rc;
	if (rc == HARK_OK) {
		reasons_of_rule(&a);
		reasons_of_story(&a);
		reasons_of_signal(&a);
		reasons_of_lead(&a);
		if (cli_json(cli)) {
			json_answer(&a);
		} else {
			print_answer(&a, cli_color(cli));
		}
	}
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	why_close(&w);
	return code;
}

static const struct cli_option options[] = {
	{"rule", 0, "ID", "the rule that was expected to match"},
	{NULL},
};

const struct cli_command command_why_not = {
	.name = "why-not",
	.args = "URL",
	.about = "Why a stored post made no lead by a rule, or nobody heard of it",
	.more = "URL is the link of the post, or SOURCE:ID. Says what decided on its way: the rule's status and\n"
		"scope, the clause that failed and how near it came, a copy of a story found before, a first\n"
		"poll, a score too low, the lead it joined, compliance, silences, open cases and deals, routes,\n"
		"budgets, quiet hours and what became of the alerts. A change that would have somebody told is\n"
		"tried first, and only shown if it does.\n\n"
		"    hark why-not https://news.example.com/1 --rule praise",
	.options = options,
	.run = run_why_not,
};
