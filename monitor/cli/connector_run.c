/* hark connector run: one poll of a source, its posts as a table, what was left out and why; nothing is
 * stored. The source is one of the configuration. */
#include "monitor/cli/connector_cli.h"

#include "connectors/profile.h"
#include "monitor/base/clock.h"
#include "monitor/cli/by_hand.h"
#include "monitor/cli/sources.h"
#include "monitor/cli/table.h"
#include "monitor/pipeline/auth.h"
#include "monitor/pipeline/folder.h"
#include "monitor/pipeline/poll.h"

#include <stdio.h>
#include <stdlib.h>

static const struct conf_source *find_source(const struct conf *c, const char *name, size_t *at)
{
	for (*at = 0; *at < c->sources_n; (*at)++) {
		if (strcmp(c->sources[*at].name, name) == 0) {
			return &c->sources[*at];
		}
	}
	return NULL;
}

static struct fetch_reply *read_folder(struct source *s, struct hark_err *err)
{
	struct fetch_reply *reply = calloc(1, sizeof(*reply));
	if (reply == NULL) {
		hark_err_set(err, HARK_ENOMEM, "no memory to read the folder");
		return NULL;
	}
	buf_init(&reply->headers, 512);
	folder_poll(s, reply);
	return reply;
}

/* The first request, after a log-in where one is needed. An owned reply or NULL. */
static struct fetch_reply *ask(
	struct source *s, struct fetch *fetch, struct arena *arena, struct hark_err *err)
{
	struct auth *auth = auth_new();
	struct fetch_reply *reply = NULL;
	for (int step = 0; auth != NULL && step < 2 && reply == NULL; step++) {
		struct fetch_request request;
		if (poll_request(s, &request, arena, err) != HARK_OK) {
			break;
		}
		if (s->transport == HARK_TRANSPORT_FILE) {
			reply = read_folder(s, err);
			break;
		}
		enum auth_next next =
			auth_complete(auth, s, &request, arena, clock_steady_ms(), err);
		if (next != AUTH_READY && next != AUTH_LOG_IN) {
			break;
		}
		reply = fetch_once(fetch, &request, err);
		if (reply != NULL && next == AUTH_LOG_IN) {
			int rc = auth_logged_in(auth, s, reply, clock_steady_ms(), err);
			fetch_reply_free(reply);
			reply = NULL;
			if (rc != HARK_OK) {
				break;
			}
		}
	}
	auth_free(auth);
	return reply;
}

static const char *when(int64_t ms, char out[CLOCK_TEXT_MAX])
{
	return ms > 0 ? clock_local(ms, out) : NULL;
}

static int print_posts(const struct cli *cli, const struct collected *got)
{
	static const struct table_column columns[] = {{"published", TABLE_LEFT, false},
		{"type", TABLE_LEFT, false}, {"author", TABLE_LEFT, true},
		{"title or text", TABLE_LEFT, true}, {"id", TABLE_LEFT, true}};
	struct table t;
	char time[CLOCK_TEXT_MAX];
	table_init(&t, columns, 5);
	for (size_t i = 0; i < got->posts_n; i++) {
		const struct post *p = &got->posts[i];
		struct str said = p->title.n > 0 ? p->title : p->text;
		size_t line = str_find(said, STR("\n"));
		said.n = line != SIZE_MAX ? line : said.n;
		table_add(&t, when(p->published, time));
		table_add(&t, post_type_name(p->type));
		table_add_str(
			&t, p->author.handle.n > 0 ? p->author.handle : p->author.display_name);
		table_add_str(&t, str_cut_utf8(said, 100));
		table_add_str(&t, p->external_id);
	}
	int rc = got->posts_n > 0 ? table_print(&t, stdout, cli_color(cli)) : HARK_OK;
	table_release(&t);
	return rc;
}

static int print_profiles(const struct cli *cli, const struct collected *got)
{
	static const struct table_column columns[] = {{"event", TABLE_LEFT, false},
		{"person", TABLE_LEFT, true}, {"employer", TABLE_LEFT, true},
		{"title", TABLE_LEFT, true}, {"effective", TABLE_LEFT, false}};
	struct table t;
	table_init(&t, columns, 5);
	for (size_t i = 0; i < got->profiles_n; i++) {
		const struct hark_profile *p = &got->profiles[i];
		table_add(&t, profile_event_name(p->event));
		table_add(&t, p->person);
		table_add(&t, p->employer);
		table_add(&t, p->title);
		table_add(&t, p->effective);
	}
	int rc = got->profiles_n > 0 ? table_print(&t, stdout, cli_color(cli)) : HARK_OK;
	table_release(&t);
	return rc;
}

static void print_rest(const struct collected *got)
{
	printf("%zu post%s, %zu profile%s; nothing is stored\n", got->posts_n,
		got->posts_n == 1 ? "" : "s", got->profiles_n, got->profiles_n == 1 ? "" : "s");
	for (size_t i = 0; i < got->skips_n; i++) {
		printf("skipped %zu: %.*s\n", got->skips[i].items, STR_FMT(got->skips[i].why));
	}
	if (got->degraded) {
		printf("damaged: %.*s\n", STR_FMT(got->degraded_why));
	}
	if (got->more_n > 0) {
		printf("it would ask %zu more request%s\n", got->more_n,
			got->more_n == 1 ? "" : "s");
	}
}

static int read_reply(const struct cli *cli, struct source *s, const struct fetch_reply *r,
	struct arena *arena, struct hark_err *err)
{
	struct collected got;
	if (r->rc != HARK_OK) {
		return hark_err_set(err, HARK_ENET, "%s", r->error);
	}
	struct hark_reply reply;
	poll_reply(s, r, arena, &reply);
	int rc = collect(&got, s->connector, s->ctx, str_c(s->conf->name), &reply, arena, err);
	if (rc == HARK_OK) {
		rc = print_posts(cli, &got);
		rc = rc == HARK_OK ? print_profiles(cli, &got) : rc;
		print_rest(&got);
	}
	return rc;
}

int run_connector_run(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	struct setup setup = {.refs = 1};
	struct source *s = NULL;
	struct arena arena;
	char agent[CONF_AGENT_MAX];
	size_t at;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "which source? hark sources list shows them");
	}
	struct conf *c = sources_conf(cli, &code);
	if (c == NULL) {
		return code;
	}
	arena_init(&arena, 256u << 20);
	setup.conf = c;
	struct fetch *fetch = NULL;
	struct fetch_reply *reply = NULL;
	int rc = find_source(c, argv[0], &at) != NULL
			 ? source_new(&s, &setup, at, &err)
			 : hark_err_set(&err, HARK_EINVAL,
				   "there is no source '%s': add one first, or hark connector test "
				   "%s runs a connector on its sample",
				   argv[0], argv[0]);
	if (rc == HARK_OK) {
		fetch = fetch_by_hand(c, agent, &err);
		reply = fetch != NULL ? ask(s, fetch, &arena, &err) : NULL;
		rc = reply != NULL ? read_reply(cli, s, reply, &arena, &err) : err.code;
	}
	if (rc != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	fetch_reply_free(reply);
	fetch_free(fetch);
	source_free(s);
	arena_release(&arena);
	conf_unref(c);
	return code;
}
