/* hark sources list: what is polled and how it goes. */
#include "connectors/collect.h"
#include "monitor/api/source_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/print.h"
#include "monitor/cli/sources.h"
#include "monitor/cli/table.h"
#include "monitor/store/alarms.h"
#include "monitor/store/gaps.h"
#include "monitor/store/profiles.h"
#include "monitor/store/rechecks.h"
#include "monitor/store/refusals.h"
#include "monitor/store/sources.h"
#include "monitor/store/subscriptions.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)
#define ADDRESS_MAX 4096
#define REFUSED_SHOWN_MS (INT64_C(24) * 3600 * 1000)
#define GAPS_SHOWN_MS (INT64_C(7) * 24 * 3600 * 1000) /* how far back the list goes */

static void add_time(struct table *t, int64_t at_ms, int64_t now_ms)
{
	char span[CLOCK_TEXT_MAX];
	if (at_ms == 0) {
		table_add(t, NULL);
	} else if (at_ms > now_ms) {
		table_addf(t, "in %s", clock_span(at_ms - now_ms, span));
	} else {
		table_addf(t, "%s ago", clock_span(now_ms - at_ms, span));
	}
}

/* The last gap in which something may be missing. */
static const struct gap *blind(const struct source_view *r)
{
	for (size_t i = 0; i < r->gaps_n; i++) {
		if (r->gaps[i].filled_ms == 0) {
			return &r->gaps[i];
		}
	}
	return NULL;
}

#define REST_MAX (CLOCK_TEXT_MAX + 16)

static struct str rest_text(const struct source_view *r, char out[REST_MAX])
{
	char at[CLOCK_TEXT_MAX];
	snprintf(out, REST_MAX, "until %s", clock_local(r->opens_ms, at));
	return str_c(out);
}

/* "hub active for 9 d, last push 3 min ago" */
static void write_hub_text(const struct subscription *s, int64_t now_ms, char *out, size_t size)
{
	char lease[CLOCK_TEXT_MAX], pushed[CLOCK_TEXT_MAX];
	bool is_active = s->state == SUBSCRIPTION_ACTIVE && s->lease_ms > now_ms;
	size_t n = (size_t)snprintf(out, size, "%s", subscription_state_name(s->state));
	if (is_active) {
		n += (size_t)snprintf(
			out + n, size - n, " for %s", clock_span(s->lease_ms - now_ms, lease));
	}
	if (s->pushed_ms > 0) {
		n += (size_t)snprintf(out + n, size - n, ", last push %s ago",
			clock_span(now_ms - s->pushed_ms, pushed));
	}
	if (s->error[0] != '\0') {
		snprintf(out + n, size - n, ": %s", s->error);
	}
}

#define HUB_TEXT_MAX (SUBSCRIPTION_ERROR_MAX + 200)

static void add_hub(struct table *t, const struct subscription *s, int64_t now_ms)
{
	char text[HUB_TEXT_MAX];
	write_hub_text(s, now_ms, text, sizeof(text));
	table_addf(t, "hub %s", text);
}

/* What was refused hides nothing of how the subscription stands. */
static void add_refused(
	struct table *t, const struct source_view *r, struct str what, int64_t now_ms)
{
	char text[HUB_TEXT_MAX] = "";
	if (what.n == 0 && r->hub != NULL) {
		write_hub_text(r->hub, now_ms, text, sizeof(text));
	}
	table_addf(t, "%lld refused for a wrong token or signature%s%.*s%s%s",
		(long long)r->refused.n, what.n > 0 ? "; " : "", STR_FMT(what),
		text[0] != '\0' ? "; hub " : "", text);
}

static void add_remark(struct table *t, const struct source_view *r, int64_t now_ms)
{
	struct str what = r->state.error.p != NULL  ? r->state.error
			  : r->alarms_n > 0         ? r->alarms[0].text
			  : r->state.degraded.n > 0 ? r->state.degraded
			  : r->state.noted.n > 0    ? r->state.noted
						    : r->state.progress;
	const struct gap *gap = blind(r);
	char span[CLOCK_BETWEEN_MAX];
	if (gap == NULL && what.n == 0 && r->state.opted_out_total > 0) {
		table_addf(
			t, "skipped %lld: " COLLECT_OPTED_OUT, (long long)r->state.opted_out_total);
	} else if (gap == NULL && now_ms - r->refused.last_ms < REFUSED_SHOWN_MS) {
		add_refused(t, r, what, now_ms);
	} else if (gap == NULL && what.n == 0 && r->opens_ms > 0) {
		char rest[REST_MAX];
		table_addf(t, "resting %.*s", STR_FMT(rest_text(r, rest)));
	} else if (gap == NULL && what.n == 0 && r->hub != NULL) {
		add_hub(t, r->hub, now_ms);
	} else if (gap == NULL && r->state.progress.n > 0 && what.p != r->state.progress.p) {
		table_addf(t, "%.*s; %.*s", STR_FMT(r->state.progress), STR_FMT(what));
	} else if (gap == NULL) {
		table_add_str(t, what);
	} else {
		table_addf(t, "blind %s%s%.*s",
			clock_between(gap->from_ms, gap->until_ms, now_ms, span),
			what.n > 0 ? "; " : "", STR_FMT(what));
	}
}

static int print_table(struct cli *cli, const struct source_view *rows, size_t n, int64_t now_ms)
{
	static const struct table_column columns[] = {
		{"name", TABLE_LEFT, false},
		{"state", TABLE_LEFT, false},
		{"polled", TABLE_LEFT, false},
		{"next", TABLE_LEFT, false},
		{"posts", TABLE_RIGHT, false},
		{"remark", TABLE_LEFT, true},
	};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < n; i++) {
		const struct source_view *r = &rows[i];
		bool is_paused = r->source->paused || r->state.paused;
		table_add(&t, r->source->name);
		table_add(&t, source_view_state(r));
		add_time(&t, r->state.polled_ms, now_ms);
		bool has_time = !is_paused && !r->waits && r->stream.since_ms == 0;
		if (r->source->pushed && has_time) {
			table_add(&t, "when sent");
		} else {
			add_time(&t, has_time ? r->next_ms : 0, now_ms);
		}
		table_addf(&t, "%lld", (long long)r->state.posts_total);
		add_remark(&t, r, now_ms);
	}
	int rc = table_print(&t, stdout, cli_color(cli));
	table_release(&t);
	return rc;
}

static void row_json(struct jsonout *j, const void *v, size_t i)
{
	source_view_json(j, &((const struct source_view *)v)[i]);
}

/* A store that is not there yet leaves every row new. */
static int load_states(const struct conf *c, struct source_view *rows, size_t n, int64_t since_ms,
	struct arena *arena, struct hark_err *err)
{
	struct store *store = NULL;
	int rc = store_open(&store, c->store, STORE_READ_ONLY, err);
	for (size_t i = 0; rc == HARK_OK && i < n; i++) {
		rc = source_view_load(&rows[i], store, since_ms, arena, err);
	}
	store_close(store);
	for (size_t i = 0; i < n; i++) {
		rows[i].stream.source = rows[i].source;
		source_view_hours(&rows[i], clock_wall_ms());
	}
	sources_load_streams(c, &rows[0].stream, sizeof(rows[0]), n);
	return rc == HARK_ENOENT ? HARK_OK : rc;
}

int run_sources_list(struct cli *cli, int argc, char **argv)
{
	struct hark_err err;
	struct arena arena;
	int code = EXIT_DONE;
	int64_t now = clock_wall_ms();
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "list takes no arguments");
	}
	struct conf *c = sources_conf_sound(cli, &code);
	if (c == NULL) {
		return code;
	}
	arena_init(&arena, 0);
	struct source_view *rows = arena_alloc(&arena, (c->sources_n + 1) * sizeof(*rows));
	size_t n = 0;
	for (size_t i = 0; rows != NULL && i < c->sources_n; i++) {
		if (c->sources[i].name != NULL) {
			rows[n].conf = c;
			rows[n++].source = &c->sources[i];
		}
	}
	int rc = rows != NULL ? load_states(c, rows, n, now - GAPS_SHOWN_MS, &arena, &err)
			      : hark_err_set(&err, HARK_ENOMEM, "no memory for the sources");
	if (rc != HARK_OK) {
		code = cli_fail(cli, &err);
	} else if (cli_json(cli)) {
		print_json_rows(rows, n, row_json);
	} else if (c->sources_n == 0) {
		puts("There are no sources yet: hark sources add URL adds one.");
	} else {
		print_table(cli, rows, n, now);
	}
	for (size_t i = 0; i < n; i++) {
		subscription_free(rows[i].hub);
	}
	arena_release(&arena);
	conf_unref(c);
	return code;
}

/* --- one source, all of it --- */

static void print_span(const char *what, int64_t at_ms, int64_t now_ms)
{
	char text[CLOCK_TEXT_MAX], span[CLOCK_TEXT_MAX];
	int64_t away = at_ms > now_ms ? at_ms - now_ms : now_ms - at_ms;
	if (at_ms > 0) {
		printf("%-10s %s, %s%s%s\n", what, clock_local(at_ms, text),
			at_ms > now_ms ? "in " : "", clock_span(away, span),
			at_ms > now_ms ? "" : " ago");
	}
}

static void print_gaps(const struct source_view *r, int64_t now_ms)
{
	char span[CLOCK_BETWEEN_MAX];
	for (size_t i = 0; i < r->gaps_n; i++) {
		const struct gap *gap = &r->gaps[i];
		printf("%-10s %s, %s%s\n", i == 0 ? "blind" : "",
			clock_between(gap->from_ms, gap->until_ms, now_ms, span),
			gap_cause_name(gap->cause),
			gap->filled_ms != 0 ? ", read later: nothing is missing" : "");
	}
}

/* The last part is named and not shown. */
static void print_address(const struct source_view *r)
{
	struct buf text;
	buf_init(&text, ADDRESS_MAX);
	source_view_address(r->conf, r->source, &text);
	if (text.n > 0) {
		print_field(r->source->pushed ? "sent to" : "called at", buf_str(&text));
	} else if (r->source->pushed) {
		print_field("sent to",
			STR("nowhere: hark does not listen (http: { listen: 127.0.0.1:8787 })"));
	}
	buf_release(&text);
}

static void print_one(const struct source_view *r, int64_t now_ms)
{
	const struct source_state *s = &r->state;
	char every[CLOCK_TEXT_MAX];
	printf("%-10s %s, %s\n", "source", r->source->name, source_view_state(r));
	print_field("connector", str_c(r->source->connector));
	print_field("url", str_c(r->source->url));
	print_address(r);
	print_field("stands for", str_c(r->source->stands_for));
	if (r->source->visibility == CONF_PRIVATE) {
		print_field("visibility", STR(PRIVATE_MARK));
	}
	printf("%-10s %s:%u\n", "defined", r->source->at.file, r->source->at.line);
	if (!r->source->pushed) {
		printf("%-10s %s\n", "every",
			clock_span(s->interval_ms > 0 && s->progress.n == 0 ? s->interval_ms
									    : r->source->every_ms,
				every));
	}
	print_span(r->source->pushed ? "received" : "polled", s->polled_ms, now_ms);
	print_span("heard", s->heard_ms, now_ms);
	print_span("news", s->changed_ms, now_ms);
	if (r->opens_ms > 0) {
		print_field("resting", rest_text(r, (char[REST_MAX]){0}));
	}
	if (r->stream.since_ms > 0) {
		print_span("listening", r->stream.since_ms, now_ms);
		print_span("event", r->stream.event_ms, now_ms);
		printf("%-10s %lld, %lld a minute\n", "events", (long long)r->stream.events,
			(long long)r->stream.per_min);
	} else if (!r->source->paused && !s->paused) {
		print_span("next", r->next_ms, now_ms);
	}
	printf("%-10s %lld in %s", "posts", (long long)s->posts_total,
		COUNT(s->polls_total, r->source->pushed ? "message" : "poll"));
	if (!r->source->pushed) {
		printf(", %s in a row", COUNT(s->failures, "failure"));
	}
	putchar('\n');
	if (r->profiles.people > 0) {
		printf("%-10s %s, %s\n", "profiles", COUNT(r->profiles.people, "person"),
			COUNT(r->profiles.changes, "change"));
	}
	if (r->links > 0) {
		char span[CLOCK_TEXT_MAX];
		int64_t in_ms = r->links_next_ms > now_ms ? r->links_next_ms - now_ms : 0;
		printf("%-10s %s to be looked at again, the next %s%s\n", "links",
			COUNT(r->links, "page"), in_ms > 0 ? "in " : "now",
			in_ms > 0 ? clock_span(in_ms, span) : "");
	}
	if (r->deleted > 0) {
		char when[CLOCK_TEXT_MAX];
		printf("%-10s %s that its source took back, the last on %s\n", "deleted",
			COUNT(r->deleted, "post"), clock_local(r->deleted_last_ms, when));
	}
	if (s->opted_out_total > 0) {
		printf("%-10s %lld: " COLLECT_OPTED_OUT "\n", "skipped",
			(long long)s->opted_out_total);
	}
	print_field("error", s->error);
	print_field("damaged", s->degraded);
	print_field("left out", s->noted);
	print_field("progress", s->progress);
	print_field("moved to", s->moved_to);
	print_field("hub", s->hub);
	if (r->hub != NULL) {
		char text[HUB_TEXT_MAX];
		write_hub_text(r->hub, now_ms, text, sizeof(text));
		print_field("subscribed", str_c(text));
	}
	for (size_t i = 0; i < r->alarms_n; i++) {
		printf("%-10s %s: %.*s\n", i == 0 ? "alarm" : "", alarm_name(r->alarms[i].alarm),
			STR_FMT(r->alarms[i].text));
	}
	print_gaps(r, now_ms);
}

int run_sources_show(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	struct arena arena;
	int code = EXIT_DONE;
	int64_t now = clock_wall_ms();
	if (argc != 1) {
		return cli_usage(cli, "name one source");
	}
	struct conf *c = sources_conf_sound(cli, &code);
	if (c == NULL) {
		return code;
	}
	arena_init(&arena, 0);
	struct source_view row = {
		.conf = c, .source = sources_find(c, argv[0], &err), .counts_links = true};
	if (row.source == NULL || load_states(c, &row, 1, 0, &arena, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	} else if (cli_json(cli)) {
		print_json_rows(&row, 1, row_json);
	} else {
		print_one(&row, now);
	}
	subscription_free(row.hub);
	arena_release(&arena);
	conf_unref(c);
	return code;
}
