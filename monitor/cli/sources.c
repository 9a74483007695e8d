/* hark sources: what is polled, how it goes, and changes to it. */
#include "monitor/cli/sources.h"

#include "monitor/base/json.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/desk.h"
#include "monitor/config/sources_file.h"
#include "monitor/config/values.h"
#include "monitor/store/sources.h"

#include <stdio.h>
#include <stdlib.h>

#define REPLY_MAX ((size_t)16 << 20)

struct conf *sources_conf(struct cli *cli, int *code)
{
	return sources_conf_with(cli, STR_NONE, NULL, code);
}

/* What is wrong in `file`, which nobody wrote: it was made of options, and these are what can be mended. */
static void speak_options(struct diags *d, const char *file)
{
	static const struct {
		const char *key, *option;
	} words[] = {
		{"add it under secret: as env:NAME", "say --secret NAME=env:VARIABLE"},
		{"add accept-terms: yes", "say --accept-terms"},
		{"internal: yes to the source", "--internal"},
		{"internal: yes", "--internal"},
	};
	for (size_t i = 0; i < d->n; i++) {
		struct diag *g = &d->v[i];
		if (g->at.file == NULL || strcmp(g->at.file, file) != 0) {
			continue;
		}
		g->at.line = 0;
		for (size_t k = 0; g->help != NULL && k < sizeof(words) / sizeof(words[0]); k++) {
			size_t at = str_find(str_c(g->help), str_c(words[k].key));
			if (at != SIZE_MAX) {
				struct buf text;
				buf_init(&text, 2000);
				buf_printf(&text, "%.*s%s%s", (int)at, g->help, words[k].option,
					g->help + at + strlen(words[k].key));
				g->help = arena_c(&d->arena, buf_str(&text));
				buf_release(&text);
			}
		}
	}
}

struct conf *sources_conf_with(struct cli *cli, struct str extra, const char *extra_name, int *code)
{
	struct diags diags;
	struct hark_err err;
	struct conf *c = NULL;
	diags_init(&diags);
	int rc = conf_load_with(&c, cli_config_path(cli), extra, extra_name, &diags, &err);
	if (rc != HARK_OK) {
		if (extra_name != NULL) {
			speak_options(&diags, extra_name);
		}
		diags_print(&diags, stderr, false);
		*code = diags.errors > 0 ? EXIT_PROBLEMS : cli_fail(cli, &err);
	}
	diags_release(&diags);
	return c;
}

struct conf *sources_conf_sound(struct cli *cli, int *code)
{
	struct diags diags;
	struct hark_err err;
	struct conf *c = NULL;
	diags_init(&diags);
	int rc = conf_read(&c, cli_config_path(cli), &diags, &err);
	bool usable = c != NULL && c->sources_n > 0 && c->store != NULL && c->control != NULL;
	if (rc != HARK_OK) {
		diags_print(&diags, stderr, false);
	}
	if (rc != HARK_OK && usable) {
		fputs("hark sources: going on with what is sound; harkd takes nothing new until this is "
		      "mended\n",
			stderr);
	} else if (rc != HARK_OK) {
		*code = diags.errors > 0 ? EXIT_PROBLEMS : cli_fail(cli, &err);
		conf_unref(c);
		c = NULL;
	}
	diags_release(&diags);
	return c;
}

/* {"do":"pause","source":"x"} */
static int call(struct cli *cli, const struct conf *c, const char *what, const char *source,
	bool force, struct hark_err *err)
{
	struct buf request, reply;
	struct jsonout j;
	buf_init(&request, 4096);
	buf_init(&reply, REPLY_MAX);
	jsonout_init(&j, &request);
	jsonout_object(&j);
	jsonout_key_c(&j, "do", what);
	jsonout_key_c(&j, "source", source);
	jsonout_key_bool(&j, "force", force);
	daemon_sign(cli, &j);
	jsonout_end_object(&j);
	int rc = daemon_call(c, buf_c(&request), &reply, err);
	if (rc == HARK_OK) {
		json_t *answer = json_read(buf_str(&reply), err);
		if (answer == NULL) {
			rc = HARK_ENET;
		} else if (!json_bool(answer, "ok", false)) {
			rc = hark_err_set(
				err, HARK_ESTATE, "%.*s", STR_FMT(json_str(answer, "error")));
		}
		json_decref(answer);
	}
	buf_release(&reply);
	buf_release(&request);
	return rc;
}

void sources_reload(struct cli *cli, const struct conf *c, FILE *say)
{
	struct hark_err err;
	int rc = call(cli, c, "reload", NULL, false, &err);
	if (rc == HARK_OK) {
		fputs("harkd has taken it over.\n", say);
	} else if (rc == HARK_ENET) {
		fputs("harkd is not running here; it reads the change when it starts.\n", say);
	} else {
		fprintf(say, "harkd goes on without the change: %s\n", err.text);
	}
}

const struct conf_source *sources_find(const struct conf *c, const char *name, struct hark_err *err)
{
	const char *names[1000];
	size_t n = 0;
	for (size_t i = 0; i < c->sources_n; i++) {
		if (c->sources[i].name == NULL) {
			continue;
		}
		if (strcmp(c->sources[i].name, name) == 0) {
			return &c->sources[i];
		}
		if (n < sizeof(names) / sizeof(*names)) {
			names[n++] = c->sources[i].name;
		}
	}
	const char *near = did_you_mean(str_c(name), names, n);
	hark_err_set(err, HARK_ENOENT, "there is no source '%s'%s%s%s", name,
		near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
		near != NULL ? "'?" : ": hark sources list shows them");
	return NULL;
}

static int remove_one(const struct conf *c, const char *name, struct hark_err *err)
{
	const struct conf_source *s = sources_find(c, name, err);
	if (s == NULL) {
		return HARK_ENOENT;
	}
	int rc = sources_file_remove(c, s, err);
	if (rc == HARK_OK) {
		printf("Removed '%s'. What was read from it stays. To take it back:\n"
		       "  hark sources add %s --name %s%s\n",
			name, s->url != NULL ? s->url : "URL", name,
			s->internal ? " --internal" : "");
	}
	return rc;
}

static int run_remove(struct cli *cli, int argc, char **argv)
{
	struct hark_err err;
	int code = EXIT_DONE;
	if (argc != 1) {
		return cli_usage(cli, "name one source");
	}
	struct conf *c = sources_conf_sound(cli, &code);
	if (c == NULL) {
		return code;
	}
	if (remove_one(c, argv[0], &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	} else {
		sources_reload(cli, c, stdout);
	}
	conf_unref(c);
	return code;
}

static int set_paused(
	struct cli *cli, const struct conf *c, const char *name, bool paused, struct hark_err *err)
{
	struct store *store = NULL;
	int rc = call(cli, c, paused ? "pause" : "resume", name, false, err);
	if (rc != HARK_ENET) {
		return rc;
	}
	/* No daemon: nobody else writes. */
	rc = store_open(&store, c->store, 0, err);
	if (rc == HARK_OK) {
		rc = store_source_set_paused(store, str_c(name), paused, err);
	}
	if (rc == HARK_OK) {
		rc = desk_note_in(cli, store, str_c(name), err);
	}
	store_close(store);
	return rc;
}

typedef int (*do_fn)(
	struct cli *cli, const struct conf *c, const struct conf_source *s, struct hark_err *err);

static int do_pause(
	struct cli *cli, const struct conf *c, const struct conf_source *s, struct hark_err *err)
{
	int rc = set_paused(cli, c, s->name, true, err);
	if (rc == HARK_OK) {
		printf("'%s' rests until: hark sources resume %s\n", s->name, s->name);
	}
	return rc;
}

static int do_resume(
	struct cli *cli, const struct conf *c, const struct conf_source *s, struct hark_err *err)
{
	int rc = set_paused(cli, c, s->name, false, err);
	if (rc == HARK_OK && s->paused) {
		printf("'%s' is also paused at %s:%u:%u: take `paused: yes` out there\n", s->name,
			s->at.file, s->at.line, s->at.col);
	} else if (rc == HARK_OK) {
		printf("'%s' is polled again.\n", s->name);
	}
	return rc;
}

static int poll(struct cli *cli, const struct conf *c, const struct conf_source *s, bool force,
	struct hark_err *err)
{
	if (s->pushed) {
		return hark_err_set(err, HARK_ESTATE,
			"nobody is asked for '%s': what is sent to it is read at once", s->name);
	}
	int rc = call(cli, c, "poll", s->name, force, err);
	if (rc == HARK_OK) {
		printf("'%s' is next: hark sources list shows what came of it.\n", s->name);
	}
	return rc;
}

static int do_poll(
	struct cli *cli, const struct conf *c, const struct conf_source *s, struct hark_err *err)
{
	return poll(cli, c, s, false, err);
}

static int do_poll_anyway(
	struct cli *cli, const struct conf *c, const struct conf_source *s, struct hark_err *err)
{
	return poll(cli, c, s, true, err);
}

static int do_accept(
	struct cli *cli, const struct conf *c, const struct conf_source *s, struct hark_err *err)
{
	int rc = call(cli, c, "accept", s->name, false, err);
	if (rc == HARK_OK) {
		printf("'%s' reads the newest file that it refused and takes it for right: hark "
		       "sources list shows what came of it.\n",
			s->name);
	}
	return rc;
}

/* The same step for every source named. */
static int run_each(struct cli *cli, int argc, char **argv, do_fn step)
{
	struct hark_err err;
	int code = EXIT_DONE;
	if (argc == 0) {
		return cli_usage(cli, "name a source");
	}
	struct conf *c = sources_conf_sound(cli, &code);
	for (int i = 0; c != NULL && i < argc; i++) {
		const struct conf_source *s = sources_find(c, argv[i], &err);
		if (s == NULL || step(cli, c, s, &err) != HARK_OK) {
			int failed = cli_fail(cli, &err);
			code = failed > code ? failed : code;
		}
	}
	conf_unref(c);
	return code;
}

static int run_pause(struct cli *cli, int argc, char **argv)
{
	return run_each(cli, argc, argv, do_pause);
}

static int run_resume(struct cli *cli, int argc, char **argv)
{
	return run_each(cli, argc, argv, do_resume);
}

static int run_poll(struct cli *cli, int argc, char **argv)
{
	return run_each(cli, argc, argv, cli_given(cli, "force") ? do_poll_anyway : do_poll);
}

static int run_accept(struct cli *cli, int argc, char **argv)
{
	return run_each(cli, argc, argv, do_accept);
}

static const struct cli_option poll_options[] = {
	{"force", 0, NULL, "even where the source asked to be left alone until later"},
	{0},
};

static const struct cli_option add_options[] = {
	{"name", 0, "NAME", "what to call it (default: from its title)"},
	{"every", 0, "TIME", "how often to poll it (default: 30m)"},
	{"internal", 0, NULL, "the server is your own: private addresses are allowed"},
	{"dry-run", 'n', NULL, "show what would be added, write nothing"},
	{"yes", 'y', NULL, "take the first feed found and ask nothing"},
	{NULL},
};

static const struct cli_option import_options[] = {
	{"every", 0, "TIME", "how often to poll them (default: 30m)"},
	{"dry-run", 'n', NULL, "show what would be added, write nothing"},
	{"yes", 'y', NULL, "ask nothing"},
	{NULL},
};

static const struct cli_command commands[] = {
	{.name = "list",
		.args = "",
		.about = "Show the sources and how they are",
		.run = run_sources_list},
	{.name = "show",
		.args = "NAME",
		.about = "Show all that is known of a source, with when it was not heard",
		.more = "Blind is the time in which something may have been published that hark has not read.\n\n"
			"    hark sources show news",
		.run = run_sources_show},
	{.name = "add",
		.args = "URL",
		.about = "Add the feed of a web page",
		.more = "URL is a feed or a page that has one. What is found is shown with its first titles\n"
			"before anything is written. hark sources remove undoes it.\n\n"
			"    hark sources add https://news.example.com/\n"
			"    hark sources add http://wiki.example.internal/feed --internal --every 5m",
		.options = add_options,
		.run = run_sources_add},
	{.name = "remove",
		.args = "NAME",
		.about = "Take out a source that add put in",
		.run = run_remove},
	{.name = "pause", .args = "NAME…", .about = "Stop polling until resume", .run = run_pause},
	{.name = "resume", .args = "NAME…", .about = "Poll again", .run = run_resume},
	{.name = "poll",
		.args = "NAME…",
		.about = "Poll now instead of when it is due",
		.more = "The pause between requests to one host stays. A source that answered with\n"
			"Retry-After is not asked before that time, unless --force is given.\n\n"
			"    hark sources poll news",
		.options = poll_options,
		.run = run_poll},
	{.name = "accept",
		.args = "NAME…",
		.about = "Take the newest export that a roster refused for right",
		.more = "A roster refuses an export that lists nobody, or less than a third of the people known,\n"
			"or in which a third of the rows has no name. If that is how it is now, say so.\n\n"
			"    hark sources accept network",
		.run = run_accept},
	{.name = "import-opml",
		.args = "FILE",
		.about = "Add the feeds of a reader's export",
		.more = "Shows first what would be added; feeds that are known are left out.\n\n"
			"    hark sources import-opml reader.opml",
		.options = import_options,
		.run = run_sources_import},
	{.name = "export-opml",
		.args = "",
		.about = "Print the feeds for another reader",
		.run = run_sources_export},
	{NULL},
};

const struct cli_command command_sources = {
	.name = "sources",
	.args = "",
	.about = "What is polled: list, add, remove, pause, poll, accept, OPML in and out",
	.sub = commands,
};
