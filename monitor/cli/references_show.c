#include "monitor/cli/references_show.h"

#include "monitor/api/desk_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/cli/print.h"
#include "monitor/model/id.h"
#include "monitor/model/post.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)

/* What they may be used for, as a refused use says, too. */
void references_print_agreed(const struct reference *r)
{
	char until[CLOCK_TEXT_MAX];
	struct str rest = r->scope, word;
	if (r->permission != PERMISSION_INTERNAL && r->permission != PERMISSION_NAMED) {
		return;
	}
	printf("%-10s %s", "agreed to", str_empty(rest) ? "anything" : "");
	for (bool first = true; str_split(&rest, ' ', &word); first = false) {
		fputs(first ? "" : ", ", stdout);
		print_clean(word);
	}
	printf("%s%s\n", r->expires_ms != 0 ? ", until " : "",
		r->expires_ms != 0 ? clock_local(r->expires_ms, until) : "");
}

/* Who has to answer, and by when. */
static void print_asked(const struct reference *r)
{
	char until[CLOCK_TEXT_MAX];
	if (!str_empty(r->ask_to)) {
		printf("%-10s ", "asked");
		print_clean(r->ask_to);
		printf(", who has until %s\n", clock_local(r->ask_due, until));
	}
}

static void print_reference(const struct reference *r)
{
	char id[ID_TEXT_MAX], since[CLOCK_TEXT_MAX];
	printf("%s  ", id_text(ID_REFERENCE, r->id, id));
	print_clean(r->person_name);
	fputs(" of ", stdout);
	print_clean(r->account_name);
	putchar('\n');
	if (r->joined != 0) {
		printf("%-10s %s, who is the same person\n", "went into",
			id_text(ID_REFERENCE, r->joined, id));
	}
	print_field("title", r->title);
	printf("%-10s %s\n", "authority", authority_name(r->authority));
	print_field("authoriser", r->authoriser);
	printf("%-10s %s, score %d, %lld statement%s%s\n", "said", statement_tone_name(r->tone),
		r->score, (long long)r->statements, r->statements == 1 ? "" : "s",
		r->historic ? ", historic" : "");
	print_field("nominated", r->nominated_by);
	printf("%-10s %s since %s\n", "permission", permission_name(r->permission),
		clock_local(r->stage_ms, since));
	references_print_agreed(r);
	print_asked(r);
	print_field("owner", str_empty(r->owner) ? STR("nobody") : r->owner);
	print_field("gatekeeper", r->gatekeeper);
	print_field("second", r->second);
	if (!str_empty(r->orphan_why)) {
		printf("%-10s ", "orphan");
		print_clean(r->orphan_why);
		printf(": hark references assign %lld NAME\n", (long long)r->id);
	}
}

static void print_parts(struct str parts)
{
	json_t *list = parts.n > 0 ? json_read(parts, NULL) : NULL;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *part = json_array_get(list, i);
		struct str target = json_str(part, "target"), text = json_str(part, "text");
		printf("    %.*s: %.*s%s", STR_FMT(json_str(part, "part")),
			STR_FMT(str_empty(target) ? STR("") : target),
			!str_empty(target) && !str_empty(text) ? ", " : "");
		print_clean(text);
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
	printf("%s%s%s\n", s->is_private ? ", " PRIVATE_MARK : "",
		s->regulated ? ", regulated" : "", s->historic ? ", historic" : "");
	print_clean(str_empty(s->url) ? STR_NONE : STR("  "));
	print_clean(s->url);
	fputs(str_empty(s->url) ? "" : "\n", stdout);
	if (s->text.p != NULL) {
		print_indented("    ", s->text);
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

static void print_event(const struct step *e)
{
	char when[CLOCK_TEXT_MAX];
	printf("  %s  %.*s", clock_local(e->at_ms, when), STR_FMT(e->action));
	if (!str_empty(e->actor)) {
		fputs(" by ", stdout);
		print_clean(e->actor);
	}
	if (!str_empty(e->to) && !str_eq(e->to, e->action)) { /* it says so itself */
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
static void print_contact(const struct reference_card *c)
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

/* What stands between us. */
static void print_favours(const struct favour *v, size_t n)
{
	char at[CLOCK_TEXT_MAX], until[CLOCK_TEXT_MAX];
	for (size_t i = 0; i < n; i++) {
		printf("%-10s %.*s %.10s: ", i == 0 ? "value" : "", STR_FMT(v[i].side),
			clock_local(v[i].at_ms, at));
		print_clean(v[i].what);
		if (v[i].cents != COUNT_NONE) {
			printf(", worth %lld ", (long long)(v[i].cents / 100));
			print_clean(v[i].currency);
		}
		if (v[i].until_ms != 0) {
			printf(", until %.10s", clock_local(v[i].until_ms, until));
		}
		printf(" (entry %lld)\n", (long long)v[i].id);
	}
}

/* Where praise like theirs may be used, and where not. */
static void print_regulated(const struct reference_card *c)
{
	for (size_t i = 0; i < c->regulated_n; i++) {
		const struct conf_ref_regulated *g = c->regulated[i].entry;
		printf("%-10s ", i == 0 ? "regulated" : "");
		print_clean(g->region != NULL ? str_c(g->region) : STR("everywhere"));
		fputs(": ", stdout);
		print_clean(str_c(g->why));
		puts(c->regulated[i].theirs ? " (theirs)" : "");
	}
}

static void print_card(const struct reference_card *c)
{
	print_reference(&c->r);
	print_contact(c);
	print_regulated(c);
	print_favours(c->favours, c->favours_n);
	printf("\nstatements (%zu)", c->statements_n);
	for (size_t i = 0; i < c->statements_n; i++) {
		print_statement(&c->statements[i]);
	}
	printf("%s\nhistory\n", c->statements_n == 0 ? "\n" : "");
	for (size_t i = 0; i < c->events_n; i++) {
		print_event(&c->events[i]);
	}
}

static void print_json(const struct reference_card *c)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	view_reference_card(&j, c);
	puts(buf_c(&out));
	buf_release(&out);
}

int references_show(struct desk *d, int64_t id)
{
	struct reference_card c;
	int rc = reference_card_load(
		d->store, d->conf, id, ROLE_ADMIN, clock_wall_ms(), &d->arena, &c, &d->err);
	if (rc == HARK_OK && cli_json(d->cli)) {
		print_json(&c);
	} else if (rc == HARK_OK) {
		print_card(&c);
	}
	return rc;
}
