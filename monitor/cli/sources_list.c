/* hark sources list: what is polled and how it goes. */
#include "monitor/base/clock.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/sources.h"
#include "monitor/cli/table.h"
#include "monitor/store/sources.h"

#include <stdio.h>

#define JSON_MAX ((size_t)256 << 20)

/* A source of the configuration with what the store remembers of it. */
struct row {
	const struct conf_source *source;
	struct source_state state;
	bool is_known; /* the store has a row */
};

static const char *state_name(const struct row *r)
{
	if (r->source->paused || r->state.paused) {
		return "paused";
	}
	if (!r->is_known || r->state.polled_ms == 0) {
		return r->state.failures > 0 ? "failing" : "new";
	}
	return r->state.failures > 0 ? "failing" : r->state.degraded.p != NULL ? "damaged" : "ok";
}

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

static int print_table(struct cli *cli, const struct row *rows, size_t n, int64_t now_ms)
{
	static const struct table_column columns[] = {
		{"name", TABLE_LEFT, false},
		{"state", TABLE_LEFT, false},
		{"polled", TABLE_LEFT, false},
		{"next", TABLE_LEFT, false},
		{"posts", TABLE_RIGHT, false},
		{"what is wrong", TABLE_LEFT, true},
	};
	struct table t;
	table_init(&t, columns, sizeof(columns) / sizeof(*columns));
	for (size_t i = 0; i < n; i++) {
		const struct row *r = &rows[i];
		bool is_paused = r->source->paused || r->state.paused;
		table_add(&t, r->source->name);
		table_add(&t, state_name(r));
		add_time(&t, r->state.polled_ms, now_ms);
		add_time(&t, is_paused ? 0 : r->state.due_ms, now_ms);
		table_addf(&t, "%lld", (long long)r->state.posts_total);
		table_add_str(&t, r->state.error.p != NULL ? r->state.error : r->state.degraded);
	}
	int rc = table_print(&t, stdout, cli_color(cli));
	table_release(&t);
	return rc;
}

static void write_row(struct jsonout *j, const struct row *r)
{
	const struct source_state *s = &r->state;
	jsonout_object(j);
	jsonout_key_c(j, "name", r->source->name);
	jsonout_key_c(j, "connector", r->source->connector);
	jsonout_key_c(j, "url", r->source->url);
	jsonout_key_c(j, "state", state_name(r));
	jsonout_key_bool(j, "paused", r->source->paused || s->paused);
	jsonout_key_time(j, "polled", s->polled_ms);
	jsonout_key_time(j, "changed", s->changed_ms);
	jsonout_key_time(j, "due", s->due_ms);
	jsonout_key_i64(j, "every_ms", r->source->every_ms);
	jsonout_key_i64(j, "interval_ms", s->interval_ms);
	jsonout_key_i64(j, "polls", s->polls_total);
	jsonout_key_i64(j, "posts", s->posts_total);
	jsonout_key_i64(j, "failures", s->failures);
	jsonout_key_str(j, "error", s->error);
	jsonout_key_time(j, "error_at", s->error_ms);
	jsonout_key_str(j, "degraded", s->degraded);
	jsonout_key_str(j, "moved_to", s->moved_to);
	jsonout_key_c(j, "file", r->source->at.file);
	jsonout_key_i64(j, "line", r->source->at.line);
	jsonout_end_object(j);
}

static int print_json(const struct row *rows, size_t n)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_array(&j);
	for (size_t i = 0; i < n; i++) {
		write_row(&j, &rows[i]);
	}
	jsonout_end_array(&j);
	puts(buf_c(&out));
	int rc = out.rc;
	buf_release(&out);
	return rc;
}

/* A store that is not there yet leaves every row new. */
static int load_states(
	const struct conf *c, struct row *rows, size_t n, struct arena *arena, struct hark_err *err)
{
	struct store *store = NULL;
	int rc = store_open(&store, c->store, STORE_READ_ONLY, err);
	for (size_t i = 0; rc == HARK_OK && i < n; i++) {
		int found = store_source_load(
			store, str_c(rows[i].source->name), arena, &rows[i].state, err);
		rows[i].is_known = found == HARK_OK;
		rc = found == HARK_ENOENT ? HARK_OK : found;
	}
	store_close(store);
	return rc == HARK_ENOENT ? HARK_OK : rc;
}

int run_sources_list(struct cli *cli, int argc, char **argv)
{
	struct hark_err err;
	struct arena arena;
	int code = EXIT_DONE;
	(void)argv;
	if (argc > 0) {
		return cli_usage(cli, "list takes no arguments");
	}
	struct conf *c = sources_conf_sound(cli, &code);
	if (c == NULL) {
		return code;
	}
	arena_init(&arena, 0);
	struct row *rows = arena_alloc(&arena, (c->sources_n + 1) * sizeof(*rows));
	size_t n = 0;
	for (size_t i = 0; rows != NULL && i < c->sources_n; i++) {
		if (c->sources[i].name != NULL) {
			rows[n++].source = &c->sources[i];
		}
	}
	int rc = rows != NULL ? load_states(c, rows, n, &arena, &err)
			      : hark_err_set(&err, HARK_ENOMEM, "no memory for the sources");
	if (rc != HARK_OK) {
		code = cli_fail(cli, &err);
	} else if (cli_json(cli)) {
		print_json(rows, n);
	} else if (c->sources_n == 0) {
		puts("There are no sources yet: hark sources add URL adds one.");
	} else {
		print_table(cli, rows, n, clock_wall_ms());
	}
	arena_release(&arena);
	conf_unref(c);
	return code;
}
