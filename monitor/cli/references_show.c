#include "monitor/cli/references_show.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/cli/print.h"
#include "monitor/model/id.h"
#include "monitor/references/guard.h"
#include "monitor/store/reference_facts.h"
#include "monitor/store/references.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)

struct card {
	struct reference r;
	struct statement *statements;
	size_t statements_n;
	struct reference_event *events;
	size_t events_n;
	struct guard_answer guard;
	struct reference_facts facts;
};

static void print_reference(const struct reference *r)
{
	char id[ID_TEXT_MAX], since[CLOCK_TEXT_MAX];
	printf("%s  ", id_text(ID_REFERENCE, r->id, id));
	print_clean(r->person_name);
	fputs(" of ", stdout);
	print_clean(r->account_name);
	putchar('\n');
	print_field("title", r->title);
	printf("%-10s %s\n", "authority", authority_name(r->authority));
	print_field("authoriser", r->authoriser);
	printf("%-10s %s, score %d, %lld statement%s%s\n", "said", statement_tone_name(r->tone),
		r->score, (long long)r->statements, r->statements == 1 ? "" : "s",
		r->historic ? ", historic" : "");
	print_field("nominated", r->nominated_by);
	printf("%-10s %s since %s\n", "permission", permission_name(r->permission),
		clock_local(r->stage_ms, since));
	print_field("owner", str_empty(r->owner) ? STR("nobody") : r->owner);
	print_field("gatekeeper", r->gatekeeper);
	print_field("second", r->second);
	print_field("orphan", r->orphan_why);
}

static void print_parts(struct str parts)
{
	json_t *list = parts.n > 0 ? json_read(parts, NULL) : NULL;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *part = json_array_get(list, i);
		printf("    %.*s: ", STR_FMT(json_str(part, "part")));
		print_clean(json_str(part, "text"));
		putchar('\n');
	}
	json_decref(list);
}

static void print_statement(const struct statement *s)
{
	char when[CLOCK_TEXT_MAX];
	printf("\n  statement %lld, %s, %s, source ", (long long)s->id,
		statement_tone_name(s->tone),
		s->said_ms != 0 ? clock_local(s->said_ms, when) : "undated");
	print_clean(s->source);
	printf("%s%s%s\n", s->is_private ? ", private" : "", s->regulated ? ", regulated" : "",
		s->historic ? ", historic" : "");
	print_clean(str_empty(s->url) ? STR_NONE : STR("  "));
	print_clean(s->url);
	fputs(str_empty(s->url) ? "" : "\n", stdout);
	if (s->text.p != NULL) {
		fputs("    ", stdout);
		print_clean(s->text);
		putchar('\n');
	}
	print_parts(s->parts);
	printf("    captured %s, SHA-256 %.*s\n", clock_local(s->captured_ms, when),
		STR_FMT(s->hash));
	if (s->deleted_ms != 0) {
		printf("    later deleted, %s: its text is gone with it\n",
			clock_local(s->deleted_ms, when));
	}
	if (s->edited_ms != 0) {
		printf("    later edited, %s: now SHA-256 %.*s\n", clock_local(s->edited_ms, when),
			STR_FMT(s->now_hash));
	}
}

static void print_event(const struct reference_event *e)
{
	char when[CLOCK_TEXT_MAX];
	printf("  %s  %.*s", clock_local(e->at_ms, when), STR_FMT(e->action));
	if (!str_empty(e->actor)) {
		fputs(" by ", stdout);
		print_clean(e->actor);
	}
	if (!str_empty(e->to)) {
		printf(", %.*s%s%.*s", STR_FMT(e->from), str_empty(e->from) ? "" : " → ",
			STR_FMT(e->to));
	}
	if (!str_empty(e->note)) {
		fputs(": ", stdout);
		print_clean(e->note);
	}
	putchar('\n');
}

/* Whom to ask is only told where nothing is against it. */
static void print_contact(const struct card *c)
{
	char when[CLOCK_TEXT_MAX];
	struct buf text;
	buf_init(&text, 4096);
	printf("%-10s ", "contact");
	if (c->guard.may_ask) {
		fputs("through ", stdout);
		print_clean(c->r.gatekeeper);
		putchar('\n');
	} else {
		printf("no, next free %s\n", c->guard.free_ms != 0
						     ? clock_local(c->guard.free_ms, when)
						     : "when somebody acts");
	}
	for (size_t i = 0; i < c->guard.n; i++) {
		buf_clear(&text);
		guard_sentence(&c->guard.v[i], &text);
		printf("           %s", c->guard.v[i].blocks ? "" : "note: ");
		print_clean(buf_str(&text));
		putchar('\n');
	}
	buf_release(&text);
	print_field("cases as of", c->facts.cases_age);
	print_field("deals as of", c->facts.deals_age);
}

static void guard_json(const struct card *c, struct jsonout *j)
{
	jsonout_key(j, "guard");
	jsonout_object(j);
	jsonout_key_bool(j, "may_ask", c->guard.may_ask);
	jsonout_key_time(j, "next_free", c->guard.free_ms);
	jsonout_key(j, "verdicts");
	jsonout_array(j);
	for (size_t i = 0; i < c->guard.n; i++) {
		const struct guard_verdict *v = &c->guard.v[i];
		jsonout_object(j);
		jsonout_key_c(j, "cause", guard_cause_name(v->cause));
		jsonout_key_bool(j, "blocks", v->blocks);
		jsonout_key_str(j, "value", v->value);
		jsonout_key_str(j, "threshold", v->threshold);
		jsonout_key_time(j, "next_free", v->free_ms);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_key_str(j, "cases_as_of", c->facts.cases_age);
	jsonout_key_str(j, "deals_as_of", c->facts.deals_age);
	jsonout_end_object(j);
	if (c->guard.may_ask) {
		jsonout_key_str(j, "ask_through", c->r.gatekeeper);
	}
}

static void print_card(const struct card *c)
{
	print_reference(&c->r);
	print_contact(c);
	printf("\nstatements (%zu)", c->statements_n);
	for (size_t i = 0; i < c->statements_n; i++) {
		print_statement(&c->statements[i]);
	}
	printf("%s\nhistory\n", c->statements_n == 0 ? "\n" : "");
	for (size_t i = 0; i < c->events_n; i++) {
		print_event(&c->events[i]);
	}
}

static void print_json(const struct card *c)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	reference_json(&c->r, &j);
	guard_json(c, &j);
	statements_json(c->statements, c->statements_n, &j);
	reference_events_json(c->events, c->events_n, &j);
	jsonout_end_object(&j);
	puts(buf_c(&out));
	buf_release(&out);
}

int references_show(struct desk *d, int64_t id)
{
	struct card c = {0};
	int rc = store_reference_load(d->store, id, &d->arena, &c.r, &d->err);
	rc = rc == HARK_OK ? store_reference_statements(d->store, id, &d->arena, &c.statements,
				     &c.statements_n, &d->err)
			   : rc;
	rc = rc == HARK_OK ? store_reference_events(
				     d->store, id, &d->arena, &c.events, &c.events_n, &d->err)
			   : rc;
	int64_t now = clock_wall_ms();
	rc = rc == HARK_OK ? guard_ask(d->store, d->conf, &c.r, STR_NONE, now, &d->arena, &c.guard,
				     &d->err)
			   : rc;
	rc = rc == HARK_OK ? store_reference_facts(d->store, &c.r, STR_NONE,
				     now - d->conf->references.cap_window_ms, now, &d->arena,
				     &c.facts, &d->err)
			   : rc;
	if (rc == HARK_OK) {
		if (cli_json(d->cli)) {
			print_json(&c);
		} else {
			print_card(&c);
		}
	}
	return rc;
}
