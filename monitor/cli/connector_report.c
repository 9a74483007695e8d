#include "monitor/cli/connector_report.h"

#include "connectors/profile.h"
#include "monitor/api/trial_view.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/table.h"
#include "monitor/config/values.h"

#include <stdlib.h>

#define JSON_MAX ((size_t)512 << 20)
#define CURSOR_SHOWN_MAX 300 /* bytes */

/* --- tables --- */

static const char *when(int64_t ms, char out[CLOCK_TEXT_MAX])
{
	return ms > 0 ? clock_local(ms, out) : NULL;
}

static int print(const struct cli *cli, struct table *t)
{
	int rc = table_rows(t) > 0 ? table_print(t, stdout, cli_color(cli)) : HARK_OK;
	if (table_rows(t) > 0) {
		putchar('\n');
	}
	table_release(t);
	return rc;
}

static int print_posts(const struct cli *cli, const struct trial_records *all)
{
	static const struct table_column columns[] = {{"published", TABLE_LEFT, false},
		{"type", TABLE_LEFT, false}, {"author", TABLE_LEFT, true},
		{"title or text", TABLE_LEFT, true}, {"id", TABLE_LEFT, true}};
	struct table t;
	char time[CLOCK_TEXT_MAX];
	table_init(&t, columns, 5);
	if (all->posts_n > 0 && all->posts[0]->visibility == VISIBILITY_PRIVATE) {
		puts(PRIVATE_MARK);
	}
	for (size_t i = 0; i < all->posts_n; i++) {
		const struct post *p = all->posts[i];
		struct str said = p->title.n > 0 ? p->title : p->text;
		size_t line = str_find(said, STR("\n"));
		said.n = line != SIZE_MAX ? line : said.n;
		table_add(&t, when(p->published, time));
		table_add(&t, p->deleted ? "deleted" : post_type_name(p->type));
		table_add_str(
			&t, p->author.handle.n > 0 ? p->author.handle : p->author.display_name);
		table_add_str(&t, str_cut_utf8(said, 100));
		table_add_str(&t, p->external_id);
	}
	return print(cli, &t);
}

static int print_profiles(const struct cli *cli, const struct trial_records *all)
{
	static const struct table_column columns[] = {{"event", TABLE_LEFT, false},
		{"person", TABLE_LEFT, true}, {"employer", TABLE_LEFT, true},
		{"title", TABLE_LEFT, true}, {"effective", TABLE_LEFT, false}};
	struct table t;
	table_init(&t, columns, 5);
	for (size_t i = 0; i < all->profiles_n; i++) {
		const struct hark_profile *p = all->profiles[i];
		table_add(&t, profile_event_name(p->event));
		table_add(&t, p->person);
		table_add(&t, p->employer);
		table_add(&t, p->title);
		table_add(&t, p->effective);
	}
	return print(cli, &t);
}

/* The last answer's error is the source's, which is said behind the table. */
static bool is_said_below(const struct trial *t, const struct trial_request *r)
{
	return t->state != NULL && t->state->error.p != NULL && r->error.p != NULL &&
	       str_find(t->state->error, r->error) != SIZE_MAX;
}

static int print_requests(const struct cli *cli, const struct trial *trial)
{
	static const struct table_column columns[] = {{"request", TABLE_LEFT, true},
		{"status", TABLE_RIGHT, false}, {"bytes", TABLE_RIGHT, false},
		{"ms", TABLE_RIGHT, false}, {"led to", TABLE_LEFT, true}};
	struct table t;
	table_init(&t, columns, 5);
	for (size_t i = 0; i < trial->requests_n; i++) {
		const struct trial_request *r = &trial->requests[i];
		table_addf(&t, "%s %.*s%s", r->method, STR_FMT(r->url),
			r->is_login ? " (log-in)" : "");
		if (r->status != 0) {
			if (trial->conf.local) {
				table_add(&t, NULL); /* a file or a program has no HTTP status */
			} else {
				table_addf(&t, "%d", r->status);
			}
			table_addf(&t, "%zu", r->bytes);
			table_addf(&t, "%lld", (long long)r->took_ms);
		} else {
			table_add(&t, NULL);
			table_add(&t, NULL);
			table_add(&t, NULL);
		}
		table_add_str(&t, is_said_below(trial, r) ? STR_NONE
				  : r->error.p != NULL    ? r->error
							  : r->to);
	}
	return print(cli, &t);
}

/* --- what is left to say --- */

static void print_ms(const char *before, int64_t ms, const char *behind)
{
	struct buf text;
	buf_init(&text, 100);
	value_write_duration(&text, ms);
	printf("%s%s%s", before, buf_c(&text), behind);
	buf_release(&text);
}

static void print_rates(const struct trial *t)
{
	print_ms("asked every ", t->conf.every_ms, "");
	if (t->conf.spacing_ms > 0 && !t->conf.local) {
		print_ms(", requests to its host ", t->conf.spacing_ms, " apart");
	}
	for (size_t i = 0; i < t->buckets_n; i++) {
		printf(", at most %ld in ", t->buckets[i].n);
		print_ms("", t->buckets[i].per_ms, "");
		printf(" by %s", trial_scope_name(t->buckets[i].scope));
	}
	putchar('\n');
}

static void print_next(const struct trial *t, int64_t now_ms)
{
	const struct source_state *s = t->state;
	char span[CLOCK_TEXT_MAX];
	if (s == NULL) {
		return;
	}
	if (s->cursor.n > CURSOR_SHOWN_MAX || str_find(s->cursor, STR("\n")) != SIZE_MAX) {
		printf("cursor then: %zu bytes, which --json shows\n", s->cursor.n);
	} else if (s->cursor.p != NULL) {
		printf("cursor then: %.*s\n", STR_FMT(s->cursor));
	}
	if (s->paused) {
		puts("not due again: it would be paused");
	} else if (!t->stopped && !t->cut) {
		int64_t wait = s->due_ms - now_ms;
		printf("next due in %s\n", clock_span(wait > 0 ? wait : 0, span));
	}
}

static void print_left(const struct trial *t)
{
	if (t->stopped) {
		puts("stopped before its end");
	}
	if (t->cut) {
		printf("cut short after %s: --max-requests allows more\n",
			COUNT(t->requests_n, "request"));
	} else if (t->left > 0 && t->batches[0]->historic) {
		printf("%s would follow in a later poll, not in the first: --later sends them\n",
			COUNT(t->left, "more request"));
	} else if (t->left > 0) {
		printf("%s not needed\n", COUNT(t->left, "more request"));
	}
}

/* The only row or line that was left out, which is the damage of the whole, is told once, with its place. */
static bool is_the_damage(const struct trial *t, const struct collected_skip *skip)
{
	struct str why = skip->why;
	size_t at = str_starts(why, STR("line ")) ? str_find(why, STR(": ")) : SIZE_MAX;
	why = at != SIZE_MAX ? str_n(why.p + at + 2, why.n - at - 2) : why;
	return skip->items == 1 && t->state != NULL && t->state->degraded.p != NULL &&
	       str_ends(t->state->degraded, why);
}

static void print_rest(const struct trial *t, const struct trial_records *all)
{
	const struct source_state *s = t->state;
	printf("%s, %s; nothing is stored\n", COUNT(all->posts_n, "post"),
		COUNT(all->profiles_n, "profile"));
	for (size_t i = 0; i < all->skips_n; i++) {
		if (all->skips_n > 1 || !is_the_damage(t, &all->skips[i])) {
			printf("skipped %zu: %.*s\n", all->skips[i].items,
				STR_FMT(all->skips[i].why));
		}
	}
	if (all->dropped > 0) {
		printf("skipped %zu: more than one reply may hold\n", all->dropped);
	}
	if (s != NULL && s->degraded.p != NULL) {
		printf("damaged: %.*s\n", STR_FMT(s->degraded));
	}
	if (s != NULL && s->noted.p != NULL) {
		printf("left out: %.*s\n", STR_FMT(s->noted));
	}
	if (trial_is_put_off(t)) {
		printf("not now: %.*s\n", STR_FMT(s->error));
	}
	print_left(t);
	print_next(t, clock_wall_ms());
	print_rates(t);
}

/* --- JSON --- */

static int print_json(const struct trial *t, const struct trial_records *all)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	trial_view_json(&j, t, all, SIZE_MAX);
	int rc = out.rc;
	if (rc == HARK_OK) {
		puts(buf_c(&out));
	}
	buf_release(&out);
	return rc;
}

int report_trial(const struct cli *cli, const struct trial *t, struct hark_err *err)
{
	struct trial_records all;
	int rc = trial_records_gather(&all, t);
	if (rc == HARK_OK && cli_json(cli)) {
		rc = print_json(t, &all);
	} else if (rc == HARK_OK) {
		rc = print_posts(cli, &all);
		rc = rc == HARK_OK ? print_profiles(cli, &all) : rc;
		rc = rc == HARK_OK ? print_requests(cli, t) : rc;
		print_rest(t, &all);
	}
	trial_records_release(&all);
	return rc == HARK_OK ? trial_outcome(t, err)
			     : hark_err_set(err, rc, "no memory to print what came of it");
}
