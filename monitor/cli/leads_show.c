#include "monitor/cli/leads_show.h"

#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/base/utf8.h"
#include "monitor/leads/alert.h"
#include "monitor/leads/states.h"
#include "monitor/model/id.h"
#include "monitor/store/leads.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)
#define EVIDENCE_MAX 200
#define EXCERPT_MAX 500
#define BOLD "\033[1m"
#define PLAIN "\033[0m"

/* Text of strangers, without what a terminal would obey. */
static void print_clean(struct str s)
{
	struct buf out;
	buf_init(&out, s.n * 3 + 16);
	utf8_clean(&out, s);
	fputs(buf_c(&out), stdout);
	buf_release(&out);
}

static void print_field(const char *name, struct str value)
{
	if (!str_empty(value)) {
		printf("%-10s ", name);
		print_clean(value);
		putchar('\n');
	}
}

static void print_time(const char *name, int64_t at_ms)
{
	char text[CLOCK_TEXT_MAX];
	if (at_ms != 0) {
		printf("%-10s %s\n", name, clock_local(at_ms, text));
	}
}

/* The first match in the text, 0..0 if there is none. */
static void first_span(struct str spans, size_t *start, size_t *end)
{
	json_t *tree = spans.n > 0 ? json_read(spans, NULL) : NULL, *span;
	size_t i;
	*start = *end = 0;
	json_array_foreach(tree, i, span)
	{
		if (*end == 0 && str_eq_c(json_str(span, "field"), "text")) {
			*start = (size_t)json_i64(span, "start", 0);
			*end = (size_t)json_i64(span, "end", 0);
		}
	}
	json_decref(tree);
}

static void print_text(const struct lead_evidence *e, bool color)
{
	size_t start, end, from;
	first_span(e->spans, &start, &end);
	struct str shown = alert_excerpt(e->text, start, EXCERPT_MAX, &from);
	bool mark = color && end > start && start >= from && end <= from + shown.n;
	fputs(from > 0 ? "    …" : "    ", stdout);
	if (mark) {
		print_clean(str_n(shown.p, start - from));
		fputs(BOLD, stdout);
		print_clean(str_n(shown.p + (start - from), end - start));
		fputs(PLAIN, stdout);
		print_clean(str_n(shown.p + (end - from), shown.n - (end - from)));
	} else {
		print_clean(shown);
	}
	puts(from + shown.n < e->text.n ? "…" : "");
}

static bool is_same_post(const struct lead_evidence *a, const struct lead_evidence *b)
{
	return b != NULL && !str_empty(a->url) && str_eq(a->url, b->url) &&
	       str_eq(a->text, b->text);
}

static void print_post(const struct lead_evidence *e, bool color)
{
	fputs("  ", stdout);
	print_clean(str_empty(e->author_name) ? e->author_handle : e->author_name);
	fputs(str_empty(e->url) ? "" : "  ", stdout);
	print_clean(e->url);
	putchar('\n');
	if (!str_empty(e->title)) {
		fputs("    ", stdout);
		print_clean(e->title);
		putchar('\n');
	}
	if (e->text.p != NULL) {
		print_text(e, color);
	} else {
		puts(e->deleted_ms != 0 ? "    (deleted at the source)"
					: "    (its text is not kept any more)");
	}
}

/* `before`: the one above it, or NULL. A post that two rules found is shown once. */
static void print_evidence(
	const struct lead_evidence *e, const struct lead_evidence *before, bool color)
{
	char when[CLOCK_TEXT_MAX];
	printf("\n  %s%s%s, score %d, rule ", color ? BOLD : "",
		e->published != 0 ? clock_local(e->published, when) : "undated", color ? PLAIN : "",
		e->score);
	print_clean(e->rule);
	fputs(", source ", stdout);
	print_clean(e->source);
	if (e->copies > 0) {
		printf(", and %lld %s elsewhere", (long long)e->copies,
			e->copies == 1 ? "copy" : "copies");
	}
	putchar('\n');
	if (is_same_post(e, before)) {
		puts("    the same post");
	} else {
		print_post(e, color);
	}
	if (!str_empty(e->explain)) {
		fputs("    why: ", stdout);
		print_clean(e->explain);
		putchar('\n');
	}
}

static void print_event(const struct lead_event *e)
{
	char when[CLOCK_TEXT_MAX];
	printf("  %s  %.*s", clock_local(e->at_ms, when), STR_FMT(e->action));
	if (!str_empty(e->actor)) {
		fputs(" by ", stdout);
		print_clean(e->actor);
	}
	if (!str_empty(e->to)) {
		printf(", %.*s → %.*s", STR_FMT(e->from), STR_FMT(e->to));
	}
	if (!str_empty(e->note)) {
		fputs(": ", stdout);
		print_clean(e->note);
	}
	putchar('\n');
}

static void print_lead(const struct lead *l)
{
	char id[ID_TEXT_MAX];
	printf("%s  ", id_text(ID_LEAD, l->id, id));
	print_clean(l->title);
	putchar('\n');
	print_field("who", str_empty(l->subject.name) ? l->subject.id : l->subject.name);
	print_field("kind", l->kind);
	printf("%-10s %d (%s)\n", "score", l->score,
		l->score >= SCORE_INSTANT_MIN ? "instant" : "normal");
	print_field("why", l->why);
	printf("%-10s %s%s%s\n", "state", lead_state_name(l->state),
		l->historic ? ", historic" : "", l->held ? ", held for compliance" : "");
	print_field("claimed by", l->claim_by);
	print_time("until", l->state == LEAD_CLAIMED   ? l->claim_until
			    : l->state == LEAD_SNOOZED ? l->snooze_until
						       : 0);
	print_field("reason", l->reason);
	print_field("owner", l->owner);
	print_field("visible to", l->visibility);
	print_time("posted", l->posted_ms);
	print_time("seen", l->seen_ms);
	print_time("alerted", l->alerted_ms);
	print_time("claimed", l->claimed_ms);
	print_time("answered", l->answered_ms);
}

int leads_show(const struct cli *cli, struct store *s, int64_t id, struct arena *arena,
	struct hark_err *err)
{
	struct lead lead;
	struct lead_evidence *evidence = NULL;
	struct lead_event *events = NULL;
	size_t evidence_n = 0, events_n = 0;
	int rc = store_lead_load(s, id, arena, &lead, err);
	if (rc == HARK_OK) {
		lead_as_of(&lead, clock_wall_ms());
		rc = store_lead_evidence(s, id, EVIDENCE_MAX, arena, &evidence, &evidence_n, err);
	}
	if (rc == HARK_OK) {
		rc = store_lead_events(s, id, arena, &events, &events_n, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	if (cli_json(cli)) {
		struct buf out;
		static const struct lead_evidence none;
		static const struct lead_event never;
		buf_init(&out, JSON_MAX);
		lead_write_json(&lead, evidence != NULL ? evidence : &none, evidence_n,
			events != NULL ? events : &never, events_n, &out);
		puts(buf_c(&out));
		buf_release(&out);
		return HARK_OK;
	}
	print_lead(&lead);
	printf("\nevidence (%zu)", evidence_n);
	for (size_t i = 0; i < evidence_n; i++) {
		print_evidence(&evidence[i], i > 0 ? &evidence[i - 1] : NULL, cli_color(cli));
	}
	printf("\nhistory\n");
	for (size_t i = 0; i < events_n; i++) {
		print_event(&events[i]);
	}
	return HARK_OK;
}
