/* hark check: configuration, rules, lists, and where secrets are. */
#include "monitor/cli/check.h"

#include "connectors/registry.h"
#include "monitor/base/count.h"
#include "monitor/base/jsonout.h"
#include "monitor/cli/commands.h"
#include "monitor/config/conf.h"
#include "monitor/leads/route_check.h"
#include "monitor/pipeline/rule_names.h"
#include "rules/rules.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define JSON_MAX ((size_t)64 << 20)
#define CODE_SECRET "C009"
#define CODE_CONNECTOR "C012"
#define CODE_UNREADABLE "C014"

/* Of a secret in a file only the file is looked at. What the service gets from its environment or
 * from systemd cannot be seen from here. */
static void check_secret(const struct conf *c, const struct conf_secret *s, struct diag_at at,
	const char *owner, struct diags *diags)
{
	char path[PATH_MAX];
	struct stat st;
	if (s->from != SECRET_FILE) {
		return;
	}
	bool is_absolute = s->name[0] == '/';
	snprintf(path, sizeof(path), "%s%s%s", is_absolute ? "" : c->base_dir,
		is_absolute ? "" : "/", s->name);
	if (stat(path, &st) != 0) {
		diags_add(diags, DIAG_WARNING, CODE_SECRET, at, STR_NONE,
			"make the file, or check as the user harkd runs as",
			"the secret of '%s' cannot be found: file:%s", owner, s->name);
	} else if ((st.st_mode & S_IROTH) != 0) {
		diags_add(diags, DIAG_WARNING, CODE_SECRET, at, STR_NONE,
			"chmod o-rwx takes that away",
			"everybody on this machine can read the secret of '%s': file:%s", owner,
			s->name);
	}
}

static void check_secrets(const struct conf *c, struct diags *diags)
{
	for (size_t i = 0; i < c->sources_n; i++) {
		const struct conf_source *s = &c->sources[i];
		for (size_t k = 0; k < s->secrets_n; k++) {
			check_secret(c, &s->secrets[k], s->at, s->name, diags);
		}
	}
	for (size_t i = 0; i < c->receivers_n; i++) {
		const struct conf_receiver *r = &c->receivers[i];
		check_secret(c, &r->secret, r->at, r->name, diags);
		check_secret(c, &r->old_secret, r->at, r->name, diags);
	}
}

static void check_folder(const struct conf_source *s, struct diags *diags)
{
	const char *path = NULL;
	struct stat st;
	for (size_t i = 0; i < s->vars_n && s->local; i++) {
		path = strcmp(s->vars[i].name, "folder") == 0 ? s->vars[i].value : path;
	}
	if (path != NULL && (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))) {
		diags_add(diags, DIAG_WARNING, CODE_UNREADABLE, s->at, STR_NONE,
			"make the folder, or check as the user harkd runs as",
			"the folder of '%s' cannot be found: %s", s->name, path);
	}
}

/* A bare name is looked for on the PATH of harkd, which is not known here. */
static void check_program(const struct conf *c, const struct conf_source *s, struct diags *diags)
{
	char path[PATH_MAX];
	struct stat st;
	const char *program = s->command != NULL ? s->command[0] : NULL;
	if (program == NULL || strchr(program, '/') == NULL) {
		return;
	}
	bool is_absolute = program[0] == '/';
	snprintf(path, sizeof(path), "%s%s%s", is_absolute ? "" : c->base_dir,
		is_absolute ? "" : "/", program);
	bool is_there = stat(path, &st) == 0;
	if (!is_there || !S_ISREG(st.st_mode) || access(path, X_OK) != 0) {
		diags_add(diags, DIAG_WARNING, CODE_UNREADABLE, s->at, STR_NONE,
			is_there ? "chmod +x makes a program of a file"
				 : "make it, or check as the user harkd runs as",
			"the program of '%s' %s: %s", s->name,
			is_there ? "cannot be run" : "cannot be found", program);
	}
}

struct finder {
	const struct conf *conf;
	struct diags *diags;
};

static void say_hidden(void *ctx, const struct hark_err *why)
{
	const struct finder *f = ctx;
	if (why->code == HARK_EBUSY) {
		diags_add(f->diags, DIAG_WARNING, CODE_CONNECTOR,
			(struct diag_at){.file = f->conf->path}, STR_NONE, NULL, "%s", why->text);
	}
}

static int check_rules(
	const struct conf *c, struct check *out, struct diags *diags, struct hark_err *err)
{
	struct arena arena;
	struct rules_source source;
	struct ruleset *rules = NULL;
	arena_init(&arena, 0);
	int rc = conf_rules_source(c, &arena, &source, err);
	if (rc == HARK_OK) {
		rc = ruleset_load(&rules, &source, diags, err);
	}
	if (rc == HARK_OK) {
		out->counted = true;
		out->rules = ruleset_count(rules);
		out->entries = ruleset_list_count(rules);
		route_check_kinds(c, rules, diags);
		rule_names_check(c, rules, DIAG_ERROR, diags);
	}
	ruleset_unref(rules);
	arena_release(&arena);
	return rc == HARK_EPARSE ? HARK_OK : rc;
}

int check_all(const char *path, struct check *out, struct diags *diags, struct hark_err *err)
{
	struct conf *c = NULL;
	*out = (struct check){0};
	int rc = conf_read(&c, path, diags, err);
	if (c != NULL) {
		out->sources = c->sources_n;
		out->lists = c->lists_n;
		out->receivers = c->receivers_n;
		check_secrets(c, diags);
		for (size_t i = 0; i < c->sources_n; i++) {
			check_folder(&c->sources[i], diags);
			check_program(c, &c->sources[i], diags);
		}
		connector_report(say_hidden, &(struct finder){c, diags});
		rc = diags->errors == 0 ? route_check_tests(c, diags, NULL) : HARK_OK;
		rc = rc == HARK_OK ? check_rules(c, out, diags, err)
				   : hark_err_set(err, rc, "no memory for the tests of routes");
	}
	conf_unref(c);
	return rc;
}

static void print_people(struct cli *cli, const char *path, const struct check *c, struct diags *d)
{
	size_t warnings = d->n - (d->errors < d->n ? d->errors : d->n);
	diags_print(d, stdout, cli_color(cli));
	printf("%s: ", path);
	if (d->errors > 0) {
		printf("%s, %s\n", COUNT(d->errors, "error"), COUNT(warnings, "warning"));
		return;
	}
	printf("%s, ", COUNT(c->sources, "source"));
	if (c->counted) {
		printf("%s, ", COUNT(c->rules, "rule"));
	}
	printf("%s", COUNT(c->lists, "list"));
	if (c->counted) {
		printf(" with %s", COUNT(c->entries, "entry"));
	}
	printf(", %s: %s\n", COUNT(c->receivers, "receiver"),
		warnings > 0 ? COUNT(warnings, "warning") : "no problems");
}

static int print_json(const char *path, const struct check *c, struct diags *d)
{
	struct buf out;
	struct jsonout j;
	buf_init(&out, JSON_MAX);
	jsonout_init(&j, &out);
	jsonout_object(&j);
	jsonout_key_c(&j, "file", path);
	jsonout_key_bool(&j, "ok", d->errors == 0);
	jsonout_key_i64(&j, "errors", (int64_t)d->errors);
	jsonout_key_i64(&j, "sources", (int64_t)c->sources);
	jsonout_key_i64(&j, "lists", (int64_t)c->lists);
	jsonout_key_i64(&j, "receivers", (int64_t)c->receivers);
	if (c->counted) {
		jsonout_key_i64(&j, "rules", (int64_t)c->rules);
		jsonout_key_i64(&j, "entries", (int64_t)c->entries);
	}
	jsonout_key(&j, "diagnostics");
	struct buf list;
	buf_init(&list, JSON_MAX);
	diags_json(d, &list);
	jsonout_raw(&j, buf_str(&list));
	buf_release(&list);
	jsonout_end_object(&j);
	int rc = out.rc;
	puts(buf_c(&out));
	buf_release(&out);
	return rc;
}

static int run_check(struct cli *cli, int argc, char **argv)
{
	struct diags diags;
	struct hark_err err;
	struct check found;
	if (argc > 1) {
		return cli_usage(cli, "one file at a time");
	}
	const char *path = argc == 1 ? argv[0] : cli_config_path(cli);
	diags_init(&diags);
	int rc = check_all(path, &found, &diags, &err);
	int code = diags.errors > 0 ? EXIT_PROBLEMS : EXIT_DONE;
	if (rc != HARK_OK && diags.errors == 0) {
		code = cli_fail(cli, &err);
	} else if (cli_json(cli)) {
		print_json(path, &found, &diags);
	} else {
		print_people(cli, path, &found, &diags);
	}
	if (diags.rc != HARK_OK && code == EXIT_DONE) {
		hark_err_set(&err, diags.rc, "no memory to say all that was found");
		code = cli_fail(cli, &err);
	}
	diags_release(&diags);
	return code;
}

const struct cli_command command_check = {
	.name = "check",
	.args = "[FILE]",
	.about = "Check configuration, rules and lists: all errors at once",
	.more = "Every finding begins with file:line:column and a code, see hark.yaml(5). The exit code is 1\n"
		"when there are errors; warnings alone leave it at 0.",
	.run = run_check,
};
