/* hark leads credit: whose sale it is, how that came about, and who disagrees. */
#include "monitor/cli/leads_credit.h"

#include "monitor/api/credit_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/leads/decided.h"
#include "monitor/cli/desk.h"
#include "monitor/cli/term.h"
#include "monitor/model/id.h"

#include <stdio.h>

#define JSON_MAX ((size_t)16 << 20)

static const char *verb(const struct talk *t)
{
	return t->is_reply ? "replied to" : "named";
}

/* ---- for people ---- */

static void print_chain(const struct credit *c)
{
	char when[CLOCK_TEXT_MAX];
	struct buf line;
	if (c->chain_n == 0) {
		puts("chain      none of ours is known to have spoken with them, or with those they spoke "
		     "with, before");
		return;
	}
	buf_init(&line, 65536);
	for (size_t i = 1; i < c->chain_n; i++) {
		const struct talk *t = &c->chain[i].met;
		const struct credit_step *by = &c->chain[t->by_other ? i - 1 : i];
		const struct credit_step *to = &c->chain[t->by_other ? i : i - 1];
		buf_clear(&line);
		buf_printf(&line, "%s%zu. %s  ", i == 1 ? "chain      " : "           ", i,
			clock_local(t->at_ms, when));
		term_add(&line, credit_label(by), 0);
		buf_printf(&line, " %s ", verb(t));
		term_add(&line, credit_label(to), 0);
		if (!str_empty(t->url)) {
			buf_add_c(&line, "  ");
			term_add(&line, t->url, 0);
		}
		puts(buf_c(&line));
	}
	buf_release(&line);
}

static void print_part(const struct credit_told *s, const struct credit_part *p)
{
	struct buf line;
	buf_init(&line, 65536);
	buf_printf(&line, "%3d.%02d %%  ", p->hundredths / 100, p->hundredths % 100);
	if (p->value != COUNT_NONE) {
		buf_printf(&line, "%lld ", (long long)p->value);
		term_add(&line, s->lead.outcome_currency, 0);
		buf_add_c(&line, "  ");
	}
	term_add(&line, p->name, 0);
	buf_printf(&line, "  %s: ", credit_role_name(p->role));
	term_add(&line, p->reason, 0);
	for (size_t i = 0; i < s->decisions_n && p->role == CREDIT_TERRITORY; i++) {
		if (str_eq_c(s->decisions[i].stage, "owner")) {
			buf_add_c(&line, ", as ");
			decided_sentence(&s->decisions[i], &line);
		}
	}
	puts(buf_c(&line));
	buf_release(&line);
}

static void print_dispute(const struct step *e)
{
	char when[CLOCK_TEXT_MAX];
	struct buf line;
	buf_init(&line, 65536);
	buf_printf(&line, "%s %s, ", credit_is_settled(e) ? "settled   " : "disputed  ",
		clock_local(e->at_ms, when));
	term_add(&line, e->actor, 0);
	buf_add_c(&line, ": ");
	term_add(&line, e->note, 0);
	puts(buf_c(&line));
	buf_release(&line);
}

static void print_shown(const struct conf_credit *policy, const struct credit_told *s)
{
	char id[ID_TEXT_MAX], span[CLOCK_TEXT_MAX];
	struct buf title;
	buf_init(&title, 65536);
	term_add(&title, s->lead.title, 0);
	printf("%s  %s%s\n", id_text(ID_LEAD, s->lead.id, id), buf_c(&title),
		s->lead.is_private ? "  (" PRIVATE_MARK ")" : "");
	buf_release(&title);
	printf("policy     territory %lld, originator %lld, helper %lld; up to %lld steps, within %s\n",
		(long long)policy->territory, (long long)policy->originator,
		(long long)policy->helper, (long long)policy->steps,
		clock_span(policy->within_ms, span));
	print_chain(&s->credit);
	if (s->credit.parts_n == 0) {
		puts("nobody owns the lead, met somebody on the way to it or answered it: there is no split");
	}
	for (size_t i = 0; i < s->credit.parts_n; i++) {
		print_part(s, &s->credit.parts[i]);
	}
	for (size_t i = 0; i < s->events_n; i++) {
		if (credit_is_dispute(&s->events[i])) {
			print_dispute(&s->events[i]);
		}
	}
}

/* ---- the command ---- */

static int write_note(struct desk *d, int64_t id, bool settles, struct str note)
{
	int rc = store_begin(d->store, &d->err);
	if (rc != HARK_OK) {
		return rc;
	}
	rc = credit_note_within(d->store, id, settles, desk_actor(d->cli), note, clock_wall_ms(),
		&d->arena, &d->err);
	if (rc == HARK_OK) {
		return store_commit(d->store, &d->err);
	}
	store_rollback(d->store);
	return rc;
}

static void tell(struct desk *d, const struct credit_told *s)
{
	struct buf out;
	struct jsonout j;
	if (!cli_json(d->cli)) {
		print_shown(&d->conf->credit, s);
		return;
	}
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	credit_told_json(&d->conf->credit, s, &j);
	puts(buf_c(&out));
	buf_release(&out);
}

int leads_credit(struct cli *cli, int argc, char **argv)
{
	struct desk d;
	struct credit_told shown = {0};
	int64_t id = 0;
	int code = EXIT_DONE;
	bool disputes = cli_given(cli, "dispute"), settles = cli_given(cli, "settle");
	struct str note = str_trim(str_c(cli_value(cli, disputes ? "dispute" : "settle")));
	if (argc != 1) {
		return cli_usage(cli, "which lead? `hark leads list` shows their numbers");
	}
	if (!id_parse(ID_LEAD, str_c(argv[0]), &id)) {
		return cli_usage(cli, "'%s' is not the number of a lead", argv[0]);
	}
	if (disputes && settles) {
		return cli_usage(cli, "--dispute or --settle, not both");
	}
	if ((disputes || settles) && str_empty(note)) {
		return cli_usage(cli, "say why");
	}
	int rc = desk_open(&d, cli, disputes || settles ? 0 : STORE_READ_ONLY, &code);
	if (rc == HARK_ENOENT || (rc == HARK_OK && d.store == NULL)) {
		rc = hark_err_set(&d.err, HARK_ENOENT, "there are no leads yet");
	}
	if (rc == HARK_OK && (disputes || settles)) {
		rc = write_note(&d, id, settles, note);
	}
	rc = rc == HARK_OK ? credit_look_up(d.store, &d.conf->credit, id, &d.arena, &shown, &d.err)
			   : rc;
	if (rc != HARK_OK) {
		code = desk_fail(&d, code);
	} else {
		tell(&d, &shown);
	}
	desk_close(&d);
	return code;
}
