/* hark why: what is stored about a signal or a lead, and the rule clause by clause while it is the same. */
#include "monitor/cli/why.h"

#include "monitor/api/why_not.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/explain_print.h"
#include "monitor/cli/leads_show.h"
#include "monitor/cli/marks.h"
#include "monitor/cli/term.h"
#include "monitor/model/id.h"
#include "monitor/store/changes.h"
#include "monitor/store/decisions.h"
#include "monitor/store/leads.h"

#include <stdio.h>

#define SIGNALS_MAX 200
#define OUTPUT_MAX ((size_t)64 << 20)

int why_open(struct why *w, const struct cli *cli, struct hark_err *err)
{
	*w = (struct why){.cli = cli};
	arena_init(&w->arena, 0);
	int rc = rules_args_load(&w->args, cli, &w->rules, err);
	if (rc != HARK_OK && w->args.conf == NULL) {
		return rc;
	}
	if (rc == HARK_OK) {
		w->matcher = matcher_new(w->rules);
	} else {
		fprintf(stderr, "hark: the rules have errors, so only what is stored is shown\n");
	}
	return store_open(&w->store, w->args.conf->store, STORE_READ_ONLY, err);
}

void why_close(struct why *w)
{
	store_close(w->store);
	matcher_free(w->matcher);
	ruleset_unref(w->rules);
	rules_args_close(&w->args);
	arena_release(&w->arena);
}

void why_print_clean(struct str s)
{
	struct buf b;
	buf_init(&b, OUTPUT_MAX);
	term_add(&b, s, 0);
	fputs(buf_c(&b), stdout);
	buf_release(&b);
}

void why_print_mark(const struct post *post)
{
	fputs(post->visibility == VISIBILITY_PRIVATE ? "  (" PRIVATE_MARK ")" : "", stdout);
}

/* ---- one signal ---- */

void why_print_alerts(const struct stored_alert *v, size_t n)
{
	char when[CLOCK_TEXT_MAX];
	for (size_t i = 0; i < n; i++) {
		fputs("alert     ", stdout);
		why_print_clean(v[i].receiver);
		printf(": %.*s", STR_FMT(v[i].state));
		if (v[i].done_ms != 0) {
			printf(" %s", clock_local(v[i].done_ms, when));
		} else if (v[i].attempt > 0) {
			printf(" after %s", COUNT(v[i].attempt, "attempt"));
		}
		if (v[i].error.n > 0) {
			fputs(": ", stdout);
			why_print_clean(v[i].error);
		}
		putchar('\n');
	}
}

static void print_change(const struct why_told *t)
{
	char when[CLOCK_TEXT_MAX], before[33], after[33];
	const struct post_change *c = &t->change;
	if (c->deleted_ms != 0) {
		printf("deleted   %s, at its source or because its author asks for it\n",
			clock_local(c->deleted_ms, when));
	}
	if (c->edits > 0) {
		printf("edited    %lld×, last %s; words %.12s → %.12s\n", (long long)c->edits,
			clock_local(c->edited_ms, when), hash128_hex(c->before, before),
			hash128_hex(c->after, after));
	}
	if (t->signal.gone_ms != 0) {
		printf("gone      the post does not say it any more since %s\n",
			clock_local(t->signal.gone_ms, when));
	}
}

static void print_head(const struct why_told *t)
{
	char id[ID_TEXT_MAX], when[CLOCK_TEXT_MAX];
	const struct stored_signal *s = &t->signal;
	printf("%s", id_text(ID_SIGNAL, s->id, id));
	if (s->lead != 0) {
		printf(" in %s", id_text(ID_LEAD, s->lead, id));
	}
	printf("  %s  score %d%s\nrule      ", clock_local(s->created_ms, when), s->score,
		s->historic ? "  historic: from a first poll, nobody was alerted" : "");
	why_print_clean(s->rule);
	if (t->of_policy) {
		puts(", a policy");
	} else {
		printf(" @ %.6s (", s->rule_hash.p);
		why_print_clean(s->rule_file);
		printf(")%s\n", t->same_rule     ? ", unchanged since"
				: t->now != NULL ? ", changed since"
				: t->has_post    ? ", not there any more"
						 : "");
	}
	if (s->lists.n > 0) {
		fputs("lists     ", stdout);
		why_print_clean(s->lists);
		putchar('\n');
	}
	fputs("post      ", stdout);
	why_print_clean(t->has_post && t->post.post.url.n > 0 ? t->post.post.url
			: t->has_post                         ? t->post.post.external_id
							      : STR("not stored any more"));
	why_print_mark(&t->post.post);
	putchar('\n');
	print_change(t);
	if (s->explain.n > 0) {
		fputs("found     ", stdout);
		why_print_clean(s->explain);
		putchar('\n');
	}
}

static void print_told(const struct why_told *t, bool color)
{
	int width = term_width(stdout);
	print_head(t);
	why_print_alerts(t->alerts, t->alerts_n);
	if (!t->has_post || t->post.gone) {
		puts("\nthe text is not kept any more, so nothing can be matched again");
	} else if (t->of_policy) {
		printf("\n%s of hark.yaml(5) raises such leads; it has no clauses to go through\n",
			t->signal.rule_file.n > 0 ? "effects:" : "second-degree:");
	} else if (!t->same_rule) {
		puts(t->now != NULL
				? "\nthe rule has changed since: hark why-not says what it finds now"
				: "\nthe rule is not in the configuration any more");
	} else {
		struct buf out;
		buf_init(&out, OUTPUT_MAX);
		buf_add_char(&out, '\n');
		explain_print(t->now, &t->post.post, width > 0 ? (size_t)width : 0, color, &out);
		fputs(buf_c(&out), stdout);
		buf_release(&out);
	}
}

/* ---- the command ---- */

static int tell_all(struct why *w, const struct stored_signal *v, size_t n, struct hark_err *err)
{
	struct buf out;
	struct jsonout j;
	bool json = cli_json(w->cli);
	const struct why_view view = {.store = w->store, .matcher = w->matcher, .arena = &w->arena};
	int rc = HARK_OK;
	buf_init(&out, OUTPUT_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; i < n && rc == HARK_OK; i++) {
		struct why_told t;
		rc = why_look_up(&view, &v[i], &t, err);
		if (rc == HARK_OK && json) {
			why_told_json(&t, &j);
		} else if (rc == HARK_OK) {
			fputs(i > 0 ? "\n" : "", stdout);
			print_told(&t, cli_color(w->cli));
		}
	}
	jsonout_end_array(&j);
	if (rc == HARK_OK && json) {
		rc = out.rc == HARK_OK
			     ? HARK_OK
			     : hark_err_set(err, out.rc, "too much for one JSON document");
		puts(rc == HARK_OK ? buf_c(&out) : "[]");
	}
	buf_release(&out);
	return rc;
}

/* Above the findings of a lead: what they add up to. */
static int tell_lead(struct why *w, int64_t id, struct hark_err *err)
{
	struct lead lead;
	char text[ID_TEXT_MAX];
	struct decision *decisions = NULL;
	size_t n = 0;
	int rc = store_lead_load(w->store, id, &w->arena, &lead, err);
	rc = rc == HARK_OK ? store_decision_list(w->store, id, &w->arena, &decisions, &n, err) : rc;
	if (rc == HARK_OK && !cli_json(w->cli)) {
		printf("%s  score %d\n", id_text(ID_LEAD, id, text), lead.score);
		leads_print_score(&lead, &w->args.conf->score);
		leads_print_decisions(decisions, n);
		putchar('\n');
	}
	return rc;
}

/* A link, or "SOURCE:ID". */
static bool is_post(const char *text)
{
	return strchr(text, ':') != NULL;
}

static int read_what(struct cli *cli, int argc, char **argv, struct signal_filter *out)
{
	if (argc != 1) {
		return cli_usage(cli,
			"why what? name a signal (sig_12), a lead (lead_3) or a post (its link, or "
			"SOURCE:ID)");
	}
	struct str what = str_c(argv[0]);
	bool read = is_post(argv[0]) ||
		    (str_starts(what, STR(ID_SIGNAL "_"))
				    ? id_parse(ID_SIGNAL, what, &out->id) && out->id > 0
				    : id_parse(ID_LEAD, what, &out->lead) && out->lead > 0);
	return read ? EXIT_DONE
		    : cli_usage(cli,
			      "'%s' is no signal (sig_12), no lead (lead_3) and no post (its link, or "
			      "SOURCE:ID); hark people show tells of a person",
			      argv[0]);
}

/* What was found; nothing is a failure that says where to look. */
static int find(struct why *w, const char *what, struct signal_filter *filter,
	struct stored_signal **v, size_t *n, struct hark_err *err)
{
	struct why_not a = {.view = {.store = w->store, .arena = &w->arena}};
	int rc = is_post(what) ? why_not_find(&a, str_c(what), err) : HARK_OK;
	filter->post = a.post.id;
	rc = rc == HARK_OK ? store_signal_list(w->store, filter, &w->arena, v, n, err) : rc;
	if (rc != HARK_OK || *n > 0) {
		return rc;
	}
	return is_post(what)
		       ? hark_err_set(err, HARK_ENOENT,
				 "no rule has found anything in this post: hark why-not %s --rule ID "
				 "says why",
				 what)
	       : filter->lead != 0
		       ? hark_err_set(err, HARK_ENOENT,
				 "there is no lead '%s': hark leads list shows them", what)
		       : hark_err_set(err, HARK_ENOENT,
				 "there is no signal '%s'; hark leads show names those of a lead",
				 what);
}

static int run_why(struct cli *cli, int argc, char **argv)
{
	struct why w;
	struct hark_err err = {0};
	struct signal_filter filter = {.max = SIGNALS_MAX};
	struct stored_signal *v = NULL;
	size_t n = 0;
	int code = read_what(cli, argc, argv, &filter);
	if (code != EXIT_DONE) {
		return code;
	}
	int rc = why_open(&w, cli, &err);
	rc = rc == HARK_OK ? find(&w, argv[0], &filter, &v, &n, &err) : rc;
	rc = rc == HARK_OK && filter.lead != 0 ? tell_lead(&w, filter.lead, &err) : rc;
	rc = rc == HARK_OK ? tell_all(&w, v, n, &err) : rc;
	code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	why_close(&w);
	return code;
}

const struct cli_command command_why = {
	.name = "why",
	.args = "ID|URL",
	.about = "Why a stored signal or lead is there",
	.more = "ID is a signal (sig_12) or a lead (lead_3, or 3: all its signals), URL the link of a post, or\n"
		"SOURCE:ID: all that was found in it. Shows the rule and its lists with their versions, what was\n"
		"found where, and who was told; while the rule is the same, clause by clause. hark explain does\n"
		"that for posts that are not stored.\n\n"
		"    hark why lead_3\n"
		"    hark why https://news.example.com/1",
	.run = run_why,
};
