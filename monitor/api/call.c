#include "monitor/api/call.h"

#include "monitor/api/api_in.h"
#include "monitor/api/words.h"
#include "monitor/base/crypto.h"
#include "monitor/base/diag.h"
#include "monitor/base/hash.h"
#include "monitor/base/utf8.h"
#include "monitor/config/values.h"
#include "monitor/model/id.h"
#include "monitor/store/audit.h"
#include "monitor/store/replays.h"

#include <stdarg.h>
#include <stdio.h>

#define KEY_MAX 200
#define CURSOR_MARK '-'

/* ---- the request ---- */

bool call_knows(struct call *c, const char *const *members)
{
	const char *key;
	json_t *value;
	json_object_foreach(c->body, key, value)
	{
		size_t i = 0;
		while (members[i] != NULL && strcmp(members[i], key) != 0) {
			i++;
		}
		if (members[i] == NULL) {
			const char *near = did_you_mean(str_c(key), members, i);
			call_refuse(c, 422, "there is no member '%.100s' here%s%s%s", key,
				near != NULL ? ", did you mean '" : "", near != NULL ? near : "",
				near != NULL ? "'?" : "");
			return false;
		}
	}
	return true;
}

/* What a terminal would take for an order: neither people nor programs write that into names and reasons. */
static bool has_control(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char b = (unsigned char)s.p[i];
		if ((b < 0x20 && b != '\n' && b != '\t') || b == 0x7f) {
			return true;
		}
	}
	return false;
}

bool call_text(struct call *c, const char *member, size_t max, struct str *out)
{
	const json_t *value = json_object_get(c->body, member);
	*out = STR_NONE;
	if (value == NULL || json_is_null(value)) {
		return true;
	}
	*out = str_trim(json_str(c->body, member));
	if (out->p == NULL) {
		call_refuse(c, 422, "'%s' is a text", member);
		return false;
	}
	if (out->n > max) {
		call_refuse(c, 422, "'%s' has at most %zu bytes", member, max);
		return false;
	}
	if (has_control(*out)) {
		call_refuse(c, 422, "'%s' holds a control character", member);
		return false;
	}
	return true;
}

bool call_line(struct call *c, const char *member, size_t max, struct str *out)
{
	if (!call_text(c, member, max, out)) {
		return false;
	}
	if (!str_empty(*out) &&
		(memchr(out->p, '\n', out->n) != NULL || memchr(out->p, '\t', out->n) != NULL)) {
		call_refuse(c, 422, "'%s' is one line", member);
		return false;
	}
	if (utf8_is_disguised(*out)) {
		call_refuse(c, 422, "'%s' holds a character that nobody sees", member);
		return false;
	}
	return true;
}

bool call_bool(struct call *c, const char *member, bool *out)
{
	const json_t *value = json_object_get(c->body, member);
	if (value != NULL && !json_is_boolean(value)) {
		call_refuse(c, 422, "'%s' is true or false", member);
		return false;
	}
	*out = value != NULL ? json_is_true(value) : *out;
	return true;
}

bool call_until(struct call *c, const char *member, int64_t otherwise_ms, int64_t *until_ms)
{
	struct str text;
	int64_t span_ms = otherwise_ms;
	if (!call_text(c, member, 40, &text)) {
		return false;
	}
	if (text.p != NULL && (value_duration(text, &span_ms, NULL) != HARK_OK || span_ms <= 0)) {
		call_refuse(c, 422, "'%s' is a time such as 30m, 4h or 7d", member);
		return false;
	}
	*until_ms = c->now_ms + span_ms;
	return true;
}

bool call_when(struct call *c, const char *member, int64_t *out)
{
	struct str text;
	*out = 0;
	if (!call_text(c, member, 40, &text)) {
		return false;
	}
	if (text.p != NULL && !value_when(text, c->now_ms, out)) {
		call_refuse(
			c, 422, "'%s' is a day such as 2026-12-01, or a time such as 30d", member);
		return false;
	}
	return true;
}

bool call_id(struct call *c, const char *member, const char *kind, int64_t *out)
{
	const json_t *value = json_object_get(c->body, member);
	*out = json_is_integer(value) ? json_integer_value(value) : 0;
	if (value == NULL || *out > 0 ||
		(json_is_string(value) && id_parse(kind, json_str(c->body, member), out))) {
		return true;
	}
	call_refuse(c, 422, "'%s' is a number, or a name such as %s_7", member, kind);
	return false;
}

bool call_number(
	struct call *c, const char *name, int64_t min, int64_t max, int64_t otherwise, int64_t *out)
{
	struct str text = http_query(c->x, name);
	*out = otherwise;
	if (text.p != NULL && (!str_i64(text, out) || *out < min || *out > max)) {
		call_refuse(c, 400, "'%s' is a number from %lld to %lld", name, (long long)min,
			(long long)max);
		return false;
	}
	return true;
}

bool call_flag(struct call *c, const char *name, bool *out)
{
	struct str text = http_query(c->x, name);
	*out = str_eq_c(text, "true");
	if (text.p != NULL && !*out && !str_eq_c(text, "false")) {
		call_refuse(c, 400, "'%s' is true or false", name);
		return false;
	}
	return true;
}

/* What a cursor begins with, so that one list does not take that of another. */
static struct str list_of(const struct call *c)
{
	return str_c(strrchr(c->route->path, '/') + 1);
}

bool call_cursor(struct call *c, int64_t *out)
{
	struct str text = http_query(c->x, "cursor"), name = list_of(c);
	if (text.p == NULL) {
		return true;
	}
	if (!str_starts(text, name) || text.n == name.n || text.p[name.n] != CURSOR_MARK ||
		!str_i64(str_n(text.p + name.n + 1, text.n - name.n - 1), out) || *out < 1) {
		call_refuse(c, 400,
			"this cursor was not given by hark for %.*s: take 'next' of the page before",
			STR_FMT(name));
		return false;
	}
	return true;
}

void call_next(struct call *c, int64_t cursor)
{
	char text[64];
	if (cursor != 0) {
		snprintf(text, sizeof(text), "%.*s%c%lld", STR_FMT(list_of(c)), CURSOR_MARK,
			(long long)cursor);
		jsonout_key_c(&c->j, "next", text);
	}
}

bool call_page(struct call *c, int64_t limit_default, int64_t limit_max, struct call_page *out)
{
	int64_t limit;
	*out = (struct call_page){0};
	if (!call_number(c, "limit", 1, limit_max, limit_default, &limit) ||
		!call_cursor(c, &out->place)) {
		return false;
	}
	out->shown = (size_t)limit;
	out->max = (size_t)limit + 1;
	return true;
}

void call_items(struct call *c)
{
	jsonout_object(&c->j);
	jsonout_key(&c->j, "items");
	jsonout_array(&c->j);
}

void call_items_end(struct call *c, int64_t next)
{
	jsonout_end_array(&c->j);
	call_next(c, next);
	jsonout_end_object(&c->j);
}

/* ---- the answer ---- */

#define BODY_MARK ';' /* between a version and the hash of a body */

static struct str version_of(struct str tag)
{
	const char *mark = tag.n > 0 ? memchr(tag.p, BODY_MARK, tag.n) : NULL;
	bool is_quoted = tag.n > 1 && tag.p[tag.n - 1] == '"';
	return mark != NULL ? str_n(tag.p, (size_t)(mark - tag.p))
	       : is_quoted  ? str_n(tag.p, tag.n - 1)
			    : tag;
}

/* One of a list of tags, or "*". */
static bool names_tag(struct str list, const char *etag, bool version_only)
{
	struct str one, want = version_only ? version_of(str_c(etag)) : str_c(etag);
	while (str_split(&list, ',', &one)) {
		one = str_trim(one);
		if (str_starts(one, STR("W/"))) { /* a proxy may have packed the body */
			one = str_n(one.p + 2, one.n - 2);
		}
		if (str_eq(version_only ? version_of(one) : one, want) || str_eq_c(one, "*")) {
			return true;
		}
	}
	return false;
}

static const char *hash_body(const struct call *c, char hex[33])
{
	struct str body = buf_str(&c->out);
	return hash128_hex(hash128(&body, 1), hex);
}

void call_tag_body(struct call *c)
{
	char hex[33];
	size_t n = strlen(c->etag);
	if (n > 0) {
		snprintf(c->etag + n - 1, sizeof(c->etag) - n + 1, "%c%.16s\"", BODY_MARK,
			hash_body(c, hex));
	}
}

bool call_reads(const struct call *c)
{
	struct str method = http_method(c->x);
	return str_eq_c(method, "GET") || str_eq_c(method, "HEAD");
}

void call_answer_as(struct call *c, int status, const char *type)
{
	struct str body = buf_str(&c->out);
	if (c->out.rc != HARK_OK) {
		call_refuse(c, c->out.rc == HARK_ELIMIT ? 422 : 503,
			"the answer is too large: ask for less at once");
		return;
	}
	if (c->etag[0] == '\0' && call_reads(c)) {
		char hex[33];
		snprintf(c->etag, sizeof(c->etag), "\"%s\"", hash_body(c, hex));
	}
	if (c->etag[0] != '\0') {
		http_header(c->x, "ETag", c->etag);
	}
	http_header(c->x, "Cache-Control", "private, no-cache");
	if (call_reads(c) && status == 200 &&
		names_tag(http_request_header(c->x, "If-None-Match"), c->etag, false)) {
		api_count(c->api, 304);
		http_answer(c->x, 304, STR(""));
		return;
	}
	api_count(c->api, status);
	http_header(c->x, "Content-Type", type);
	http_answer(c->x, status, body);
}

void call_answer(struct call *c, int status)
{
	buf_add_char(&c->out, '\n');
	call_answer_as(c, status, "application/json");
}

void call_refuse(struct call *c, int status, const char *fmt, ...)
{
	char detail[600];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	api_count(c->api, status);
	http_problem(c->x, status, "%s", detail);
}

void call_refuse_findings(struct call *c, struct str sentence, struct str findings)
{
	jsonout_object(&c->j);
	jsonout_key_c(&c->j, "title", "Unprocessable Content");
	jsonout_key_i64(&c->j, "status", 422);
	jsonout_key_str(&c->j, "detail", sentence);
	if (findings.p != NULL) {
		jsonout_key(&c->j, "diagnostics");
		jsonout_raw(&c->j, findings);
	}
	jsonout_end_object(&c->j);
	call_answer_as(c, 422, "application/problem+json");
}

static int status_of(int code)
{
	switch (code) {
	case HARK_ENOENT:
		return 404;
	case HARK_EAUTH:
		return 403;
	case HARK_ESTATE:
	case HARK_EBUSY:
		return 409;
	case HARK_EAGAIN:
		return 412;
	case HARK_EINVAL:
	case HARK_EPARSE:
	case HARK_ELIMIT:
		return 422;
	case HARK_ENOMEM:
	case HARK_ENOSPC:
	case HARK_EPIPE:
	case HARK_ENET:
		return 503;
	default:
		return 500;
	}
}

/* Where the store is, is nothing for whoever asks over HTTP. */
static struct str without_path(const struct call *c, struct str text)
{
	struct str path = str_c(c->setup->conf->store), scheme;
	str_split(&path, ':', &scheme);
	bool named = path.n > 0 && str_starts(text, path) &&
		     str_starts(str_n(text.p + path.n, text.n - path.n), STR(": "));
	return named ? str_n(text.p + path.n + 2, text.n - path.n - 2) : text;
}

#define SENTENCE_MAX ((size_t)4096)
void call_fail(struct call *c, const struct hark_err *err)
{
	int status = status_of(err->code);
	if (status == 503) {
		http_header(c->x, "Retry-After", "5");
	}
	struct buf said;
	buf_init(&said, SENTENCE_MAX);
	words_for_pages(without_path(c, str_c(err->text)), &said);
	if (c->next_free_ms == 0) {
		call_refuse(c, status, "%s", buf_c(&said));
		buf_release(&said);
		return;
	}
	buf_clear(&c->out);
	jsonout_init(&c->j, &c->out);
	jsonout_object(&c->j);
	jsonout_key_c(&c->j, "title", "Conflict");
	jsonout_key_i64(&c->j, "status", status);
	jsonout_key_str(&c->j, "detail", buf_str(&said));
	jsonout_key_time(&c->j, "next_free", c->next_free_ms);
	jsonout_end_object(&c->j);
	buf_release(&said);
	c->etag[0] = '\0';
	call_answer_as(c, status, "application/problem+json");
}

/* ---- writing ---- */

int call_check_match(const struct call *c, const char *etag, struct hark_err *err)
{
	struct str want = http_request_header(c->x, "If-Match");
	if (want.p == NULL || names_tag(want, etag, true)) {
		return HARK_OK;
	}
	return hark_err_set(err, HARK_EAGAIN,
		"it was changed by somebody else since you have seen it: look again");
}

/* In the audit trail. */
#define ACTION_MAX 120
static void name_action(const struct call *c, char *out, size_t size)
{
	snprintf(out, size, "%s %s", c->route->method, c->route->path);
}

/* The record in the path, as people call it. */
static struct str name_record(const struct call *c)
{
	static const char *const kinds[][2] = {
		{"{lead}", ID_LEAD}, {"{reference}", ID_REFERENCE}, {"{request}", ID_REQUEST},
		{"{peek}", ID_PEEK}};
	char text[ID_TEXT_MAX];
	int64_t n;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strstr(c->route->path, kinds[i][0]) != NULL && str_i64(c->arg, &n)) {
			id_text(kinds[i][1], n, text);
			return arena_str(c->arena, str_c(text));
		}
	}
	return c->arg;
}

struct writing {
	struct call *c;
	call_write_fn fn;
	struct str key; /* absent: none */
	unsigned char request[CRYPTO_SHA256_BYTES];
	bool is_other;       /* the key was used for something else */
	struct str action;   /* in the audit trail */
	struct hark_err why; /* that it failed */
};

/* What the key stands for: the same words to the same place by the same person. */
static void hash_request(struct writing *w)
{
	struct buf all;
	const struct http_exchange *x = w->c->x;
	struct str body = http_body(x);
	buf_init(&all, body.n + 16384);
	buf_printf(&all, "%.*s %.*s\n", STR_FMT(http_method(x)), STR_FMT(http_target(x)));
	buf_add_str(&all, body);
	crypto_sha256(buf_str(&all), w->request);
	buf_release(&all);
}

static struct str hash_of(const struct writing *w)
{
	return str_n((const char *)w->request, sizeof(w->request));
}

/* Any thread. True: it was asked and answered before, or the key means something else. */
static bool replay(struct store *s, struct writing *w, struct hark_err *err)
{
	struct replay old;
	struct call *c = w->c;
	if (w->key.p == NULL || !store_replay_find(s, c->who.user, w->key, c->arena, &old)) {
		return false;
	}
	w->is_other = !str_eq(old.request, hash_of(w));
	if (w->is_other) {
		hark_err_set(err, HARK_EINVAL,
			"this Idempotency-Key was used for another request: take a new one");
	} else {
		c->status = old.status;
		snprintf(c->etag, sizeof(c->etag), "%.*s", STR_FMT(old.etag));
		buf_add_str(&c->out, old.body);
	}
	return true;
}

static int write_once(struct store *s, void *arg, struct hark_err *err)
{
	struct writing *w = arg;
	struct call *c = w->c;
	if (replay(s, w, err)) {
		return w->is_other ? HARK_EINVAL : HARK_OK;
	}
	int rc = w->fn(s, c, err);
	const struct audit_entry entry = {.actor = c->who.name,
		.action = w->action,
		.target = name_record(c),
		.at_ms = c->now_ms};
	store_audit_add(s, &entry);
	if (rc == HARK_OK && c->out.rc != HARK_OK) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the answer");
	}
	if (rc == HARK_OK && w->key.p != NULL) {
		const struct replay r = {.user = c->who.user,
			.key = w->key,
			.request = hash_of(w),
			.status = c->status,
			.etag = str_c(c->etag),
			.body = buf_str(&c->out)};
		store_replay_add(s, &r, c->now_ms);
	}
	return rc;
}

static int keep_refusal(struct store *s, void *arg, struct hark_err *err)
{
	struct writing *w = arg;
	(void)err; /* a failure is the transaction's */
	const struct audit_entry entry = {.actor = w->c->who.name,
		.action = w->action,
		.target = name_record(w->c),
		.note = STR(AUDIT_REFUSED),
		.at_ms = w->c->now_ms};
	if (w->why.code != HARK_EAUTH) {
		w->c->refused(s, w->c, &w->why);
	}
	store_audit_add(s, &entry);
	return HARK_OK;
}

/* Whoever tries what is not allowed is remembered in the trail, and where the record remembers that: there only if it
 * was theirs to try. */
static void tell_refused(struct writing *w)
{
	bool is_refusal = w->why.code == HARK_ESTATE || w->why.code == HARK_EINVAL ||
			  w->why.code == HARK_EAUTH;
	if (is_refusal && !w->is_other && w->c->refused != NULL) {
		api_write(w->c->api, keep_refusal, w, NULL);
	}
	call_fail(w->c, &w->why);
}

/* False: the call is answered. */
static bool take_key(struct call *c, struct writing *w)
{
	w->key = http_request_header(c->x, "Idempotency-Key");
	if (w->key.p != NULL && (w->key.n == 0 || w->key.n > KEY_MAX || !utf8_is_clean(w->key))) {
		call_refuse(c, 400, "an Idempotency-Key is a text of 1 to %d bytes", KEY_MAX);
		return false;
	}
	hash_request(w);
	return true;
}

bool call_replayed(struct call *c)
{
	struct writing w = {.c = c};
	struct hark_err err = {0};
	if (!take_key(c, &w)) {
		return true;
	}
	if (!replay(c->store, &w, &err)) {
		return false;
	}
	if (w.is_other) {
		call_fail(c, &err);
	} else {
		call_answer(c, c->status);
	}
	return true;
}

void call_write(struct call *c, call_write_fn fn, void *arg)
{
	struct writing w = {.c = c, .fn = fn};
	char action[ACTION_MAX];
	name_action(c, action, sizeof(action));
	w.action = str_c(action);
	if (!take_key(c, &w)) {
		return;
	}
	c->write_arg = arg;
	int rc = api_write(c->api, write_once, &w, &w.why);
	rc = rc == HARK_OK && c->after != NULL ? c->after(c, &w.why) : rc;
	if (rc == HARK_OK) {
		call_answer(c, c->status);
	} else {
		tell_refused(&w);
	}
}

/* ---- the daemon, and the trail ---- */

int call_ask_daemon(struct call *c, const char *what, const char *source, bool force,
	struct buf *reply, struct hark_err *err)
{
	struct buf words;
	struct jsonout j;
	char action[ACTION_MAX];
	buf_init(&words, 4096);
	jsonout_init(&j, &words);
	jsonout_object(&j);
	jsonout_key_c(&j, "do", what);
	jsonout_key_c(&j, "source", source);
	jsonout_key_bool(&j, "force", force);
	name_action(c, action, sizeof(action));
	jsonout_key_str(&j, "by", c->who.name);
	jsonout_key_c(&j, "as", action);
	jsonout_end_object(&j);
	int rc = api_ask(c->api, buf_c(&words), reply, err);
	buf_release(&words);
	return rc;
}

struct noting {
	const struct call *c;
	struct str note;
};

static int note(struct store *s, void *arg, struct hark_err *err)
{
	const struct noting *n = arg;
	const struct call *c = n->c;
	char action[ACTION_MAX];
	(void)err; /* a failure is the transaction's */
	name_action(c, action, sizeof(action));
	const struct audit_entry entry = {.actor = c->who.name,
		.action = str_c(action),
		.target = name_record(c),
		.note = n->note,
		.at_ms = c->now_ms};
	store_audit_add(s, &entry);
	return HARK_OK;
}

void call_note_refused(struct call *c)
{
	struct noting n = {c, STR(AUDIT_REFUSED)};
	api_write(c->api, note, &n, NULL);
}

bool call_note(struct call *c)
{
	struct hark_err err = {0};
	struct noting n = {c, STR_NONE};
	bool noted = api_write(c->api, note, &n, &err) == HARK_OK;
	if (!noted) {
		call_fail(c, &err);
	}
	return noted;
}
