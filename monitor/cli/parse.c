/* hark parse: one document of any source as Posts. */
#include "monitor/cli/commands.h"

#include "connectors/collect.h"
#include "connectors/profile.h"
#include "connectors/registry.h"
#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/connector_cli.h"

#include <stdio.h>
#include <string.h>

#define FILE_BYTES_MAX (64u << 20)
#define RECORDS_BYTES_MAX (256u << 20)

static void write_damage(struct jsonout *j, const struct collected *got)
{
	jsonout_key_bool(j, "degraded", got->degraded);
	if (!got->degraded) {
		return;
	}
	jsonout_key(j, "damage");
	jsonout_object(j);
	if (got->degraded_line > 0) {
		jsonout_key_i64(j, "line", got->degraded_line);
		jsonout_key_i64(j, "column", got->degraded_column);
	}
	jsonout_key_str(j, "message", got->degraded_why);
	jsonout_end_object(j);
}

/* {"feed":{…}}: what the document says about itself. */
static void write_feed(const struct collected *got, struct buf *out)
{
	const struct collected_feed *f = &got->feed;
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key(&j, "feed");
	jsonout_object(&j);
	jsonout_key_str(&j, "format", f->format);
	jsonout_key_str(&j, "title", f->title);
	jsonout_key_str(&j, "url", f->url);
	jsonout_key_str(&j, "description", f->description);
	jsonout_key_str(&j, "lang", f->lang);
	jsonout_key_str(&j, "hub", f->hub);
	jsonout_key_str(&j, "self", f->self);
	jsonout_key_str(&j, "next", f->next);
	jsonout_key_str(&j, "generator", f->generator);
	jsonout_key_time(&j, "updated", f->updated);
	if (f->ttl_s > 0) {
		jsonout_key_i64(&j, "ttl_s", f->ttl_s);
	}
	if (f->expired) {
		jsonout_key_bool(&j, "expired", true);
	}
	jsonout_key_i64(&j, "posts", (int64_t)got->posts_n);
	write_damage(&j, got);
	jsonout_end_object(&j);
	jsonout_end_object(&j);
}

static int print_line(struct buf *line, struct hark_err *err)
{
	buf_add_char(line, '\n');
	if (line->rc != HARK_OK) {
		return hark_err_set(err, line->rc, "no memory to print a record");
	}
	if (fwrite(line->p, 1, line->n, stdout) != line->n) {
		return hark_err_set(err, HARK_EIO, "standard output cannot be written");
	}
	buf_clear(line);
	return HARK_OK;
}

static int print_all(const struct cli *cli, const struct collected *got, struct hark_err *err)
{
	struct buf line;
	int rc = HARK_OK;
	buf_init(&line, 64u << 20);
	if (cli_given(cli, "feed")) {
		write_feed(got, &line);
		rc = print_line(&line, err);
	}
	for (size_t i = 0; i < got->posts_n && rc == HARK_OK; i++) {
		post_write_json(&got->posts[i], &line);
		rc = print_line(&line, err);
	}
	for (size_t i = 0; i < got->profiles_n && rc == HARK_OK; i++) {
		profile_write_json(&got->profiles[i], str_c(cli_value(cli, "source")), &line);
		rc = print_line(&line, err);
	}
	buf_release(&line);
	return rc;
}

static bool is_empty(const struct collected *got)
{
	return got->posts_n + got->profiles_n == 0;
}

/* Damage is said on stderr, so that a pipe stays clean. */
static void say_at(const char *path, long line, long column, struct str what, const char *after)
{
	if (line > 0) {
		fprintf(stderr, "%s:%ld:%ld: %.*s%s\n", path, line, column, STR_FMT(what), after);
	} else {
		fprintf(stderr, "%s: %.*s%s\n", path, STR_FMT(what), after);
	}
}

static void say_damage(const char *path, const struct collected *got)
{
	if (got->degraded) {
		say_at(path, got->degraded_line, got->degraded_column, got->degraded_why,
			is_empty(got) ? "" : "; read all the same");
	}
	if (got->noted.p != NULL) {
		say_at(path, got->noted_line, got->noted_column, got->noted, "");
	}
}

/* What became no record is told too. Where nothing did, the damage has said why. */
static void say_skips(const char *path, const struct collected *got)
{
	for (size_t i = 0; i < got->skips_n && !(is_empty(got) && got->degraded); i++) {
		fprintf(stderr, "%s: %zu left out: %.*s\n", path, got->skips[i].items,
			STR_FMT(got->skips[i].why));
	}
}

/* No output wants a reason. */
static void say_nothing(
	const char *path, const struct collected *got, const char *connector, const char *after)
{
	if (!is_empty(got) || got->degraded || got->skips_n > 0) {
		return;
	}
	if (got->more_n > 0) {
		fprintf(stderr,
			"%s: no post yet, its items are a request away: %s would be asked for next; "
			"`hark connector run` asks\n",
			path, got->more[0].url);
	} else if (after != NULL) {
		fprintf(stderr, "%s: nothing has changed since %s\n", path, after);
	} else {
		fprintf(stderr, "%s: nothing in it for %s\n", path, connector);
	}
}

#define SETTINGS_MAX 64

/* --var NAME=VALUE, NULL if it is not given. */
static const char *given_var(const struct cli *cli, const char *name)
{
	size_t n = strlen(name);
	const char *text;
	for (size_t i = 0; (text = cli_value_at(cli, "var", i)) != NULL; i++) {
		if (strncmp(text, name, n) == 0 && text[n] == '=') {
			return text + n + 1;
		}
	}
	return NULL;
}

/* What the reply was asked with is not in it: what must be known and is not given is taken from the
 * connector's examples. */
static const char *value_of(const struct cli *cli, const struct hark_connector *c,
	const struct hark_setting *s, const char *path)
{
	const char *value = given_var(cli, s->name);
	if (value == NULL && (strcmp(s->name, "base") == 0 || strcmp(s->name, "format") == 0)) {
		value = cli_value(cli, s->name);
	}
	if (value == NULL && strcmp(s->name, "url") == 0) {
		value = cli_value(cli, "base") != NULL ? cli_value(cli, "base") : path;
	}
	return value == NULL && s->required ? connector_example(c, s) : value;
}

static int check_vars(const struct cli *cli, const struct hark_connector *c, struct hark_err *err)
{
	const char *text;
	for (size_t i = 0; (text = cli_value_at(cli, "var", i)) != NULL; i++) {
		size_t n = strcspn(text, "=");
		bool known = false;
		for (const struct hark_setting *s = c->settings; s != NULL && s->name != NULL;
			s++) {
			known |= strlen(s->name) == n && strncmp(text, s->name, n) == 0;
		}
		if (text[n] != '=' || !known) {
			return hark_err_set(err, HARK_EINVAL,
				"--var %s: say NAME=VALUE; hark connector show %s lists the names",
				text, c->name);
		}
	}
	return HARK_OK;
}

static int open_connector(const struct cli *cli, const struct hark_connector *c, const char *path,
	void **ctx, struct hark_err *err)
{
	struct hark_pair settings[SETTINGS_MAX];
	size_t n = 0;
	int rc = check_vars(cli, c, err);
	for (const struct hark_setting *s = c->settings;
		s != NULL && s->name != NULL && n < SETTINGS_MAX; s++) {
		const char *value = value_of(cli, c, s, path);
		if (value != NULL) {
			settings[n++] = (struct hark_pair){s->name, value};
		}
	}
	return rc == HARK_OK ? collect_open(c, settings, n, ctx, err) : rc;
}

/* What reads the file, with its settings. */
struct reading {
	const struct cli *cli;
	const struct hark_connector *connector;
	void *ctx;
	struct arena arena;
	struct buf body;
};

static int read_file(
	struct reading *r, const char *path, struct collected *got, struct hark_err *err)
{
	const struct cli *cli = r->cli;
	buf_clear(&r->body);
	int rc = file_read(&r->body, path, err);
	if (rc == HARK_OK) {
		const struct hark_reply reply = {
			.url = cli_value(cli, "base"),
			.status = 200,
			.charset = cli_value(cli, "charset"),
			.body = buf_c(&r->body),
			.body_bytes = r->body.n,
			.received_ms = clock_wall_ms(),
		};
		rc = collect(got, r->connector, r->ctx, str_c(cli_value(cli, "source")), &reply,
			&r->arena, err);
		if (rc != HARK_OK) {
			hark_err_wrap(err, "%s", path);
		}
	}
	return rc;
}

/* Lets the connector know the earlier document, as a poll before would have. */
static int read_earlier(struct reading *r, const char *path, struct hark_err *err)
{
	struct collected got;
	struct hark_request request;
	int rc = read_file(r, path, &got, err);
	return rc == HARK_OK ? collect_plan(r->connector, r->ctx, got.cursor.p, clock_wall_ms(),
				       &request, &r->arena, err)
			     : rc;
}

static int parse_file(const struct cli *cli, const char *path, struct hark_err *err)
{
	struct reading r = {.cli = cli};
	struct collected got;
	const char *name = cli_value(cli, "connector"), *after = cli_value(cli, "after");
	connector_use_config(cli);
	if (connector_get(&r.connector, name != NULL ? name : "feed", NULL, err) != HARK_OK) {
		if (err->code == HARK_ENOENT) {
			/* The command line is wrong, no file is missing. */
			err->code = HARK_EINVAL;
			hark_err_wrap(err,
				"in connectors beside %s (-c FILE names another) and among the "
				"shipped ones",
				cli_config_path(cli));
		}
		return err->code;
	}
	buf_init(&r.body, FILE_BYTES_MAX);
	arena_init(&r.arena, RECORDS_BYTES_MAX);
	int rc = open_connector(cli, r.connector, path, &r.ctx, err);
	if (rc == HARK_OK && after != NULL) {
		rc = read_earlier(&r, after, err);
	}
	if (rc == HARK_OK) {
		rc = read_file(&r, path, &got, err);
	}
	if (rc == HARK_OK) {
		rc = print_all(cli, &got, err);
		say_damage(path, &got);
		say_skips(path, &got);
		say_nothing(path, &got, r.connector->name, after);
	}
	collect_close(r.connector, r.ctx);
	arena_release(&r.arena);
	buf_release(&r.body);
	return rc;
}

static int run_parse(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	if (argc != 1) {
		return cli_usage(cli,
			argc == 0 ? "which file? (- is standard input)" : "one file at a time");
	}
	return parse_file(cli, argv[0], &err) == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
}

static const struct cli_option options[] = {
	{"connector", 0, "NAME", "what reads the document (default: feed)"},
	{"var", 0, "NAME=VALUE", "a setting of the connector, as under vars; may be given again"},
	{"format", 0, "F", "its format, for connectors that cannot see it themselves"},
	{"after", 0, "FILE",
		"an earlier document of the same source: only what has changed "
		"since is printed, if the connector compares"},
	{"base", 0, "URL", "where it came from: relative addresses are resolved against it"},
	{"charset", 0, "C", "its letters, as the server said"},
	{"source", 0, "NAME", "name of the source in the posts"},
	{"feed", 0, NULL, "a first line about the feed itself"},
	{NULL},
};

const struct cli_command command_parse = {
	.name = "parse",
	.args = "FILE",
	.about = "Print a feed or another source's document as posts",
	.more = "Reads one document (- is standard input) and writes one JSON object a post, the\n"
		"same that the daemon would store. What is damaged is read as far as it goes and "
		"said\n"
		"on standard error; what is no feed is refused with the reason.\n\n"
		"    hark parse feed.xml >posts.jsonl\n"
		"    curl -s https://news.example.com/rss | hark parse -",
	.options = options,
	.run = run_parse,
};
