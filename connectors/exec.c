/* Any program as a source: it writes posts or profiles as JSON Lines on its standard output.
 *
 * A line {"cursor":"…"} is what HARK_CURSOR says at the next poll. Lines that are no records are left
 * out with their number and a reason. Exit status 0: all is well; 75 (EX_TEMPFAIL): not now, no failure;
 * 77 (EX_NOPERM): the log-in is wrong, an admin has to act; anything else is a failure. Of a poll that
 * failed nothing is taken and the cursor stays, so the program is asked for the same again. */
#include "connectors/builtin.h"
#include "connectors/profile.h"
#include "connectors/record.h"

#include <stdlib.h>

#define ARGS_MAX 64
#define TIMEOUT_S_MAX 3600
#define LINES_OTHERWISE 10000
#define LINES_MAX 20000 /* of one reply, collect.h */
#define LINE_BYTES_MAX (1u << 20)
#define CURSOR_MAX 60000 /* a variable of the environment may have 128 KiB */
#define EXIT_NOT_NOW 75
#define EXIT_NO_RIGHT 77

struct exec {
	struct arena arena;
	const char *args[ARGS_MAX]; /* of them the first is the program */
	size_t args_n;
	int64_t timeout_s, lines_max;
	struct hark_pair cursor;
	char *cursor_text; /* owned */
};

static const struct hark_setting settings[] = {
	{.name = "command",
		.about = "program and arguments, as a sequence beside vars: command: [a, b]",
		.required = 1,
		.example = "[\"/usr/local/bin/my-source\"]"},
	{.name = "timeout",
		.about = "seconds it may take before it is ended",
		.otherwise = "60",
		.type = HARK_SETTING_NUMBER},
	{.name = "lines",
		.about = "lines that are read of one run",
		.otherwise = "10000",
		.type = HARK_SETTING_NUMBER},
	{.name = NULL},
};

static const struct hark_setting secrets[] = {
	{.name = "*",
		.about = "any, each as the variable of that name in the program's environment"},
	{.name = NULL},
};

/* --- settings --- */

static int set_command(struct hark_host *host, struct exec *x, const char *value)
{
	struct hark_err err = {0};
	json_t *list = json_read(str_c(value), &err), *arg;
	size_t i;
	if (!json_is_array(list) || json_array_size(list) == 0 ||
		json_array_size(list) >= ARGS_MAX) {
		json_decref(list);
		return host->fail(host,
			"command: write the program and its arguments as a sequence of at most %d",
			ARGS_MAX - 1);
	}
	json_array_foreach(list, i, arg)
	{
		const char *text = json_string_value(arg);
		x->args[x->args_n++] = text != NULL ? arena_c(&x->arena, str_c(text)) : NULL;
		if (x->args[i] == NULL) {
			json_decref(list);
			return host->fail(host, "command: part %zu is no text", i + 1);
		}
	}
	json_decref(list);
	return x->args[0][0] != '\0' ? 0 : host->fail(host, "command: the program has no name");
}

static int set_number(
	struct hark_host *host, const struct hark_pair *pair, int64_t max, int64_t *to)
{
	return str_i64(str_c(pair->value), to) && *to >= 1 && *to <= max
		       ? 0
		       : host->fail(host, "%s: '%s' is no number from 1 to %lld", pair->name,
				 pair->value, (long long)max);
}

static int set(struct hark_host *host, struct exec *x, const struct hark_pair *pair)
{
	return strcmp(pair->name, "command") == 0 ? set_command(host, x, pair->value)
	       : strcmp(pair->name, "timeout") == 0
		       ? set_number(host, pair, TIMEOUT_S_MAX, &x->timeout_s)
	       : strcmp(pair->name, "lines") == 0
		       ? set_number(host, pair, LINES_MAX, &x->lines_max)
		       : host->fail(host, "there is no setting '%s': command, timeout, lines",
				 pair->name);
}

static void exec_close(void *ctx)
{
	struct exec *x = ctx;
	arena_release(&x->arena);
	free(x->cursor_text);
	free(x);
}

static int exec_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	struct exec *x = calloc(1, sizeof(*x));
	int rc = 0;
	if (x == NULL) {
		return host->fail(host, "no memory");
	}
	arena_init(&x->arena, 4u << 20);
	x->timeout_s = 60;
	x->lines_max = LINES_OTHERWISE;
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = set(host, x, &pairs[i]);
	}
	if (rc == 0 && x->args_n == 0) {
		rc = host->fail(host, "it needs a program: command: [/path/of/program, argument]");
	}
	if (rc != 0) {
		exec_close(x);
		return rc;
	}
	*ctx = x;
	return 0;
}

static int exec_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct exec *x = ctx;
	char *copy = cursor != NULL ? strdup(cursor) : NULL;
	if (cursor != NULL && copy == NULL) {
		return host->fail(host, "no memory for the cursor");
	}
	free(x->cursor_text);
	x->cursor_text = copy;
	x->cursor = (struct hark_pair){"HARK_CURSOR", copy};
	*request = (struct hark_request){.transport = HARK_TRANSPORT_PROCESS,
		.url = x->args[0],
		.args = x->args + 1,
		.args_count = x->args_n - 1,
		.headers = &x->cursor,
		.headers_count = copy != NULL,
		.timeout_ms = x->timeout_s * 1000,
		.whole = 1};
	return 0;
}

/* --- how it ended --- */

static const char *header(const struct hark_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->headers_count; i++) {
		if (strcmp(reply->headers[i].name, name) == 0) {
			return reply->headers[i].value;
		}
	}
	return NULL;
}

/* 0: well. */
static int check_exit(struct hark_host *host, const struct exec *x, const struct hark_reply *reply)
{
	const char *status = header(reply, "Exit-Status"), *said = header(reply, "Stderr");
	int64_t n = 0;
	if (status == NULL || !str_i64(str_c(status), &n) || n == 0) {
		return 0;
	}
	enum hark_refusal what = n == EXIT_NOT_NOW    ? HARK_REFUSED_QUOTA
				 : n == EXIT_NO_RIGHT ? HARK_REFUSED_AUTH
						      : HARK_REFUSED;
	return host->refuse(host, what, 0, "%.100s: exit status %lld%s%.200s", x->args[0],
		(long long)n, said != NULL && said[0] != '\0' ? ", saying: " : "",
		said != NULL ? said : "");
}

/* --- what it wrote --- */

struct reading {
	struct hark_host *host;
	struct arena arena; /* of one line */
	char *cursor_text;  /* owned */
	struct record_place at;
	size_t good, bad;
	char first[300]; /* why the first bad line is none */
};

static void skip(struct reading *r, const char *why)
{
	r->host->skipped(r->host, "line %ld: %s", r->at.line, why);
	r->host->degraded(r->host, r->at.line, 1, "%s", why);
	if (r->bad++ == 0) {
		snprintf(r->first, sizeof(r->first), "line %ld: %s", r->at.line, why);
	}
}

static bool has(struct str line, const char *member)
{
	return memmem(line.p, line.n, member, strlen(member)) != NULL;
}

static void take_cursor(struct reading *r, const json_t *object)
{
	const char *text = json_string_value(json_object_get(object, "cursor"));
	if (text == NULL || strlen(text) > CURSOR_MAX) {
		skip(r, text == NULL ? "cursor: must be a text"
				     : "cursor: longer than 60000 bytes");
		return;
	}
	free(r->cursor_text);
	r->cursor_text = strdup(text);
	r->good++;
}

static int take_profile(struct reading *r, const json_t *object)
{
	struct hark_profile profile;
	struct hark_err err = {0};
	if (profile_read_json(&profile, object, &r->arena, &err) != HARK_OK) {
		skip(r, err.text);
		return 0;
	}
	record_drop_profile_time(r->host, &r->at, &profile);
	if (profile.observed == HARK_TIME_NONE) {
		profile.observed = r->host->now_ms;
	}
	r->good++;
	record_note_unknown(r->host, &r->at, "profile", record_unknown_in_profile(object));
	record_note_profile_links(r->host, &r->at, &profile);
	return r->host->emit_profile(r->host, &profile);
}

static int take_post(struct reading *r, struct str line)
{
	struct post post;
	struct str unknown;
	struct hark_err err = {0};
	if (record_read_post(&post, line, &r->arena, &unknown, &err) != HARK_OK) {
		skip(r, err.text);
		return 0;
	}
	const char *lacks = record_post_lacks(&post);
	if (lacks != NULL) {
		skip(r, lacks);
		return 0;
	}
	r->good++;
	record_note_unknown(r->host, &r->at, "post", unknown.p);
	return record_emit_post(r->host, &r->at, &post, &r->arena);
}

/* What a line is shows by its members: a person's is a profile, else it is a post. */
static int take_line(struct reading *r, struct str line)
{
	if (line.n > LINE_BYTES_MAX) {
		skip(r, "it is longer than 1 MiB");
		return 0;
	}
	arena_reset(&r->arena);
	if (!has(line, "\"person\"") && !has(line, "\"cursor\"") && !has(line, "\"feed\"")) {
		return take_post(r, line);
	}
	int rc = 0;
	json_t *object = json_read(line, NULL);
	if (record_has(object, "cursor")) {
		take_cursor(r, object);
	} else if (record_has(object, "feed")) {
		r->good++; /* as hark parse --feed writes it */
	} else if (record_has(object, "person")) {
		rc = take_profile(r, object);
	} else {
		rc = take_post(r, line);
	}
	json_decref(object);
	return rc;
}

/* The line as an object if it is a cursor, else NULL. */
static json_t *read_cursor(struct str line)
{
	bool may_be = line.n <= LINE_BYTES_MAX && has(line, "\"cursor\"");
	json_t *object = may_be ? json_read(line, NULL) : NULL;
	if (!record_has(object, "cursor")) {
		json_decref(object);
		return NULL;
	}
	return object;
}

/* What is behind the lines that are read of one run: records are left out, a cursor counts. They are
 * missed if it has moved past them. */
static void take_rest(struct reading *r, const struct exec *x, struct str rest)
{
	struct str line;
	json_t *last = NULL;
	bool is_cut = false;
	while (rest.n > 0 && str_split(&rest, '\n', &line)) {
		line = str_trim(line);
		json_t *cursor = read_cursor(line);
		if (cursor != NULL) {
			json_decref(last);
			last = cursor;
		}
		is_cut |= line.n > 0 && cursor == NULL;
	}
	if (is_cut) {
		skip(r, "more lines than are read of one run (lines)");
	}
	if (last != NULL) {
		take_cursor(r, last);
	}
	json_decref(last);
	if (is_cut && x->cursor_text != NULL && r->cursor_text != NULL) {
		r->host->missed(r->host);
	}
}

static int take_lines(struct reading *r, const struct exec *x, struct str rest)
{
	struct str line, from = rest;
	int rc = 0;
	while (rc == 0 && rest.n > 0 && str_split(&rest, '\n', &line)) {
		if (++r->at.line > x->lines_max) {
			take_rest(r, x, from);
			break;
		}
		from = rest;
		line = str_trim(line);
		rc = line.n > 0 ? take_line(r, line) : 0;
	}
	return rc;
}

static int exec_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	const struct exec *x = ctx;
	struct reading r = {.host = host, .at = {.reply = reply}};
	int rc = check_exit(host, x, reply);
	if (rc != 0) {
		return rc;
	}
	arena_init(&r.arena, 16u << 20);
	rc = take_lines(&r, x, str_n(reply->body, reply->body_bytes));
	if (rc == 0 && r.bad > 0 && r.good == 0) {
		rc = host->fail(host, "no line of it is a record; %s", r.first);
	}
	if (rc == 0 && r.cursor_text != NULL) {
		rc = host->set_cursor(host, r.cursor_text);
	}
	arena_release(&r.arena);
	free(r.cursor_text);
	return rc;
}

static const struct hark_sample samples[] = {
	{.sample = "samples/exec-lines.jsonl", .expect = "samples/exec.jsonl"},
	{.sample = NULL},
};

HARK_CONNECTOR(exec) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "exec",
	.about = "any program that writes posts or profiles as JSON Lines",
	.settings = settings,
	.secrets = secrets,
	.samples = samples,
	.every_s = 900,
	.every_min_s = 10,
	.judges_status = 1,
	.open = exec_open,
	.plan = exec_plan,
	.parse = exec_parse,
	.close = exec_close,
};
