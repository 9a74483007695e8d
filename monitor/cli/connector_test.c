/* hark connector test: every definition's sample gives the records it says, offline. */
#include "monitor/base/count.h"
#include "monitor/cli/connector_cli.h"

#include "connectors/collect.h"
#include "connectors/definition.h"
#include "connectors/profile.h"
#include "connectors/registry.h"
#include "monitor/base/clock.h"
#include "monitor/base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SAMPLE_MAX (16u << 20)
#define RECORDS_MAX (256u << 20)
#define NOW_MS INT64_C(1788307200000) /* 2026-09-02, for the samples of connectors in C */

struct trial {
	const struct hark_connector *connector;
	const char *before; /* the sample that is compared with, or NULL */
	const char *dir;    /* of the definition */
	struct definition_test test;
	void *ctx;
	struct arena arena;
	struct buf got, expected;
};

/* "DIR/NAME" appended to `out` as a file's content. */
static int read_beside(
	const struct trial *t, const char *name, struct buf *out, struct hark_err *err)
{
	struct buf path;
	buf_init(&path, 8192);
	buf_printf(&path, "%s/%s", t->dir, name);
	int rc = file_read(out, buf_c(&path), err);
	buf_release(&path);
	return rc;
}

static void write_records(struct trial *t, const struct collected *c)
{
	for (size_t i = 0; i < c->posts_n; i++) {
		post_write_json(&c->posts[i], &t->got);
		buf_add_char(&t->got, '\n');
	}
	for (size_t i = 0; i < c->profiles_n; i++) {
		profile_write_json(&c->profiles[i], STR_NONE, &t->got);
		buf_add_char(&t->got, '\n');
	}
}

/* One file as the reply to a request with that tag. */
static int run_reply(struct trial *t, const char *file, const char *tag, struct collected *out,
	struct hark_err *err)
{
	struct buf body;
	buf_init(&body, SAMPLE_MAX);
	int rc = read_beside(t, file, &body, err);
	if (rc == HARK_OK) {
		const struct hark_reply reply = {.tag = tag,
			.url = t->test.url,
			.status = 200,
			.body = buf_c(&body),
			.body_bytes = body.n,
			.received_ms = t->test.now_ms != 0 ? t->test.now_ms : NOW_MS};
		rc = collect(out, t->connector, t->ctx, STR_NONE, &reply, &t->arena, err);
	}
	if (rc == HARK_OK) {
		write_records(t, out);
	}
	buf_release(&body);
	return rc;
}

static int run_replies(struct trial *t, struct hark_err *err)
{
	struct collected got, detail;
	int rc = run_reply(t, t->test.sample, NULL, &got, err);
	for (size_t i = 0; rc == HARK_OK && t->test.detail != NULL && i < got.more_n; i++) {
		if (got.more[i].tag != NULL && got.more[i].tag[0] == 'd') {
			return run_reply(t, t->test.detail, got.more[i].tag, &detail, err);
		}
	}
	return rc;
}

/* What the sample before leaves behind; its own records are not wanted. */
static int run_before(struct trial *t, struct hark_err *err)
{
	struct collected got;
	struct hark_request request;
	int64_t later_ms = NOW_MS + t->connector->every_s * INT64_C(1000);
	int rc = run_reply(t, t->before, NULL, &got, err);
	buf_clear(&t->got);
	return rc == HARK_OK ? collect_plan(t->connector, t->ctx, got.cursor.p, later_ms, &request,
				       &t->arena, err)
			     : rc;
}

const char *connector_example(const struct hark_connector *c, const struct hark_setting *s)
{
	static char path[8192];
	struct buf dir;
	if (s->type != HARK_SETTING_LIST || s->example == NULL) {
		return s->example;
	}
	buf_init(&dir, sizeof(path));
	connector_samples_dir(c, &dir);
	snprintf(path, sizeof(path), "%s/%s", buf_c(&dir), s->example);
	buf_release(&dir);
	return path;
}

int connector_open_example(const struct hark_connector *c, void **ctx, struct hark_err *err)
{
	struct hark_pair pairs[64];
	size_t n = 0;
	for (const struct hark_setting *s = c->settings; s != NULL && s->name != NULL && n < 64;
		s++) {
		if (s->example != NULL && s->required) {
			pairs[n++] = (struct hark_pair){s->name, connector_example(c, s)};
		}
	}
	return collect_open(c, pairs, n, ctx, err);
}

/* The first line in which they differ, for people. */
static int compare(const struct trial *t, struct hark_err *err)
{
	struct str got = buf_str(&t->got), expected = buf_str(&t->expected), a, b;
	for (int line = 1;; line++) {
		bool has_a = str_split(&got, '\n', &a), has_b = str_split(&expected, '\n', &b);
		if (!has_a && !has_b) {
			return HARK_OK;
		}
		if (has_a != has_b || !str_eq(a, b)) {
			return hark_err_set(err, HARK_EPARSE, "%s:%d: expected %.*s, got %.*s",
				t->test.expect, line,
				STR_FMT(has_b ? str_cut_utf8(b, 180) : STR("nothing")),
				STR_FMT(has_a ? str_cut_utf8(a, 180) : STR("nothing")));
		}
	}
}

static int accept_result(const struct trial *t, struct hark_err *err)
{
	struct buf path;
	buf_init(&path, 8192);
	buf_printf(&path, "%s/%s", t->dir, t->test.expect);
	int rc = file_write(buf_c(&path), buf_str(&t->got), 0644, err);
	buf_release(&path);
	return rc;
}

static int run_trial(struct trial *t, bool accept, struct hark_err *err)
{
	arena_init(&t->arena, RECORDS_MAX);
	buf_init(&t->got, RECORDS_MAX);
	buf_init(&t->expected, RECORDS_MAX);
	int rc = connector_open_example(t->connector, &t->ctx, err);
	if (rc == HARK_OK && t->before != NULL) {
		rc = run_before(t, err);
	}
	if (rc == HARK_OK) {
		rc = run_replies(t, err);
	}
	if (rc == HARK_OK && accept) {
		rc = accept_result(t, err);
	} else if (rc == HARK_OK) {
		rc = read_beside(t, t->test.expect, &t->expected, err);
		if (rc == HARK_ENOENT) {
			hark_err_set(err, rc,
				"%s is not there; `hark connector test --accept %s` writes it",
				t->test.expect, t->connector->name);
		}
		rc = rc == HARK_OK ? compare(t, err) : rc;
	}
	if (t->ctx != NULL) {
		collect_close(t->connector, t->ctx);
	}
	buf_release(&t->got);
	buf_release(&t->expected);
	arena_release(&t->arena);
	return rc;
}

void connector_use_config(const struct cli *cli)
{
	const char *path = cli_config_path(cli), *slash = strrchr(path, '/');
	struct buf dir;
	buf_init(&dir, 8192);
	buf_printf(&dir, "%.*s/connectors", slash != NULL ? (int)(slash - path) : 1,
		slash != NULL ? path : ".");
	connector_add_dir(buf_c(&dir));
	buf_release(&dir);
}

static void try_one(struct trial *t, bool accept, size_t *failed, struct buf *why)
{
	struct hark_err err = {0};
	if (run_trial(t, accept, &err) != HARK_OK) {
		(*failed)++;
		buf_printf(why, "%s: %s\n", t->connector->name, err.text);
	}
}

/* The samples a connector in C names: beside its file, or among hark's own definitions. */
static size_t run_samples(const struct hark_connector *c, const char *dir, bool accept,
	size_t *failed, struct buf *why)
{
	size_t n = 0;
	for (; c->samples != NULL && c->samples[n].sample != NULL; n++) {
		const struct hark_sample *s = &c->samples[n];
		struct trial t = {.connector = c,
			.before = s->before,
			.dir = dir,
			.test = {.sample = s->sample, .expect = s->expect, .url = s->url}};
		try_one(&t, accept, failed, why);
	}
	return n;
}

static size_t run_definition_tests(
	const struct definition *d, const char *dir, bool accept, size_t *failed, struct buf *why)
{
	for (size_t i = 0; i < d->tests_n; i++) {
		struct trial t = {.connector = &d->connector, .dir = dir, .test = d->tests[i]};
		/* A fixed time would drop the dates after it. */
		t.test.now_ms = t.test.now_ms != 0 ? t.test.now_ms : clock_wall_ms();
		try_one(&t, accept, failed, why);
	}
	return d->tests_n;
}

void connector_samples_dir(const struct hark_connector *c, struct buf *out)
{
	const char *path = connector_file(c);
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;
	if (path == NULL) {
		buf_add_c(out, connector_dir());
	} else if (slash == NULL) {
		buf_add_c(out, ".");
	} else {
		buf_add(out, path, (size_t)(slash - path));
	}
}

size_t connector_run_tests(
	const struct hark_connector *c, bool accept, size_t *failed, struct buf *why)
{
	const struct definition *d = connector_definition(c);
	struct buf dir;
	buf_init(&dir, PATH_MAX);
	connector_samples_dir(c, &dir);
	size_t n = d != NULL ? run_definition_tests(d, buf_c(&dir), accept, failed, why)
			     : run_samples(c, buf_c(&dir), accept, failed, why);
	buf_release(&dir);
	return n;
}

static void test_one(const char *name, bool accept, size_t *tests, size_t *failed, struct buf *why)
{
	struct hark_err err = {0};
	const struct hark_connector *c = NULL;
	if (connector_load(&c, name, &err) != HARK_OK) {
		(*tests)++;
		(*failed)++;
		buf_printf(why, "%s: %s\n", name, err.text);
		return;
	}
	size_t n = connector_run_tests(c, accept, failed, why);
	if (n == 0) {
		*failed += 1;
		buf_printf(why, "%s: it has no test\n", name);
	}
	*tests += n;
}

int run_connector_test(struct cli *cli, int argc, char **argv)
{
	const char *names[CONNECTORS_MAX];
	size_t n = 0, tests = 0, failed = 0;
	struct buf why;
	connector_use_config(cli);
	if ((argc == 0) != cli_given(cli, "all")) {
		return cli_usage(cli, argc == 0
					      ? "which connector? (--all tests every one)"
					      : "--all tests every connector: leave the names out");
	}
	if (argc == 0) {
		n = connector_names(names, CONNECTORS_MAX);
	}
	for (; n < (size_t)argc && n < CONNECTORS_MAX; n++) {
		names[n] = argv[n];
	}
	buf_init(&why, 1 << 20);
	for (size_t i = 0; i < n; i++) {
		test_one(names[i], cli_given(cli, "accept"), &tests, &failed, &why);
	}
	fputs(buf_c(&why), stdout);
	printf("%s, %s passed, %zu failed\n", COUNT(n, "connector"),
		COUNT(tests > failed ? tests - failed : 0, "test"), failed);
	buf_release(&why);
	return failed > 0 ? EXIT_PROBLEMS : EXIT_DONE;
}
