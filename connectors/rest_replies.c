/* A reply from its first byte to the cursor behind its last item: what its status and its shape mean, its items,
 * the next page. */
#include "connectors/rest_parts.h"

#include "connectors/asking.h"
#include "connectors/document.h"
#include "connectors/parse/charset.h"
#include "connectors/verdict.h"
#include "monitor/base/count.h"
#include "monitor/base/json.h"
#include "monitor/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define CURSOR_TOKEN_MAX 4000

static int ask_page(struct reading *r, long page, const struct next_page *next)
{
	struct rest *rest = r->rest;
	const struct paging_rule *p = &rest->d->paging;
	struct hark_request request;
	struct hark_err err;
	char tag[24];
	struct asking ask = {.d = rest->d,
		.vars = rest->vars,
		.cursor = p->kind == PAGING_REPEAT ? &rest->now : &rest->before,
		.now_ms = r->host->now_ms,
		.page = page,
		.page_cursor = next->cursor};
	if (asking_fill(&ask, &r->work, &request, &err) != HARK_OK) {
		return r->host->fail(r->host, "%s", err.text);
	}
	if (next->url.n > 0) {
		request.url = next->url.p;
	}
	rest_complete(rest, &request);
	snprintf(tag, sizeof(tag), "p%ld", page);
	request.tag = tag;
	bool is_new = r->fresh > 0 && !rest->before.first; /* though no post of it shows yet */
	request.more =
		p->whole_list || page == 0 || is_new ? HARK_MORE_ALWAYS : HARK_MORE_UNLESS_KNOWN;
	return r->host->request_more(r->host, &request);
}

/* --- the end of a page --- */

/* Who is missing on an account's own page has left nobody. */
static void emit_left(struct reading *r, const json_t *known)
{
	const struct hark_profile p = {.person = cursor_said(known, 0),
		.employer = cursor_said(known, 1),
		.title = cursor_said(known, 2),
		.url = cursor_said(known, 3),
		.key = cursor_said(known, 4),
		.observed = r->host->now_ms,
		.event = HARK_LEFT};
	if (p.person != NULL && !r->rest->d->cursor.account) {
		r->host->emit_profile(r->host, &p);
	}
}

static void emit_gone(void *ctx, const char *key, const json_t *known)
{
	struct reading *r = ctx;
	struct hark_post post;
	if (r->rest->d->is_profile) {
		emit_left(r, known);
		return;
	}
	hark_post_init(&post);
	post.external_id = key;
	post.type = r->rest->d->type;
	post.is_deleted = 1;
	r->host->emit_post(r->host, &post);
}

static int keep_cursor(struct reading *r)
{
	char *text = cursor_write(&r->rest->now);
	int rc = text != NULL ? r->host->set_cursor(r->host, text) : rest_no_memory(r->host);
	free(text);
	return rc;
}

static void spend(struct reading *r)
{
	r->host->spend(r->host, r->rest->d->rate.cost_item * (int64_t)r->page.items);
	r->page.stopped = !rest_can_pay(r, 1);
}

static void note_token(struct reading *r)
{
	const struct cursor_rule *rule = &r->rest->d->cursor;
	struct str token =
		rule->kind == CURSOR_TOKEN ? field_text(&rule->from, &r->work) : STR_NONE;
	if (token.n > CURSOR_TOKEN_MAX) {
		r->rest->now.unfit = "too long";
	} else if (token.n > 0) {
		json_object_set_new(r->rest->now.state, "id", json_stringn(token.p, token.n));
	}
}

/* A list that is not read to its end: what is not in it may lie behind. */
static void note_cut(struct reading *r)
{
	r->rest->now.cut = true;
	if (r->rest->d->cursor.kind == CURSOR_SNAPSHOT) {
		r->host->degraded(r->host, 0, 0,
			"the list goes on behind %s: nothing of it counts as gone, %s",
			r->page.stopped ? "what the day's budget is enough for"
					: COUNT((size_t)r->page.page + 1, "page"),
			r->page.stopped ? "raise the budget" : "raise max_pages");
	}
}

static void note_full(struct reading *r)
{
	if (r->rest->now.left_out > 0) {
		r->host->degraded(r->host, 0, 0,
			"its list is longer than can be remembered, %s not watched",
			COUNT(r->rest->now.left_out, "item"));
	}
}

static int end_page(struct reading *r, const json_t *root)
{
	struct rest *rest = r->rest;
	struct next_page next;
	struct scope scope = {.at = {[POINTER_ITEM] = root, [POINTER_ROOT] = root}};
	r->work.scope = &scope;
	spend(r);
	note_token(r);
	paging_next(&next, rest->d, &r->page, r->reply, &r->work);
	if (rest->now.unfit != NULL) {
		r->host->degraded(r->host, 0, 0,
			"an id is %s, so nothing can be asked for behind it; it is passed over",
			rest->now.unfit);
	}
	int rc = next.any ? ask_page(r, r->page.page + 1, &next) : 0;
	if (next.cut) {
		note_cut(r);
	}
	note_full(r);
	rest_say_waits(r);
	if (next.cut && !rest->before.first && !rest->d->paging.whole_list) {
		r->host->missed(r->host);
	}
	if (!next.any) {
		cursor_end(&rest->now, &rest->d->cursor, emit_gone, r);
		rest_end_waits(r);
	}
	return rc == 0 ? keep_cursor(r) : rc;
}

/* A list that is not there is none that has become empty: where all that is missing would be gone, and where
 * the reply says what is wrong instead, the poll has failed. Anything else is told and read on. */
static int judge_drift(struct reading *r, const json_t *root, size_t places)
{
	bool is_object = json_is_object(root), is_null = json_is_null(root);
	bool is_empty = is_object ? json_object_size(root) == 0
				  : json_is_array(root) && json_array_size(root) == 0;
	bool is_missing = places == 0 || is_null;
	bool is_nameless = r->nameless > 0 && r->nameless == r->mapped;
	bool is_whole = r->rest->d->cursor.kind == CURSOR_SNAPSHOT && !rest_is_stream(r);
	struct str error =
		is_missing || (is_nameless && is_object) ? verdict_error(root) : STR_NONE;
	char text[160] = "";
	if (error.n > 0) {
		return r->host->refuse(r->host, HARK_REFUSED, 0, "it answered with an error: %.*s",
			STR_FMT(str_cut_utf8(error, 200)));
	}
	if (is_missing && (is_whole || !is_empty)) {
		struct str at = r->rest->d->items.pointers[0].text;
		snprintf(text, sizeof(text), "there is %s at %.*s: its format has changed",
			is_null ? "null instead of items" : "nothing",
			STR_FMT(at.n > 0 ? str_cut_utf8(at, 80) : STR("/")));
	} else if (is_nameless) {
		snprintf(text, sizeof(text), "of its %s none has %s: its format has changed",
			COUNT(r->mapped, "item"), r->rest->d->is_profile ? "a person" : "an id");
	}
	if (text[0] != '\0' && is_whole) {
		return r->host->refuse(r->host, HARK_REFUSED, 0, "%s", text);
	}
	if (text[0] != '\0') {
		r->host->degraded(r->host, 0, 0, "%s", text);
	}
	return 0;
}

/* --- replies --- */

/* Connected again: what was missed is asked for, or comes by itself, or is gone. */
static int fill_in(struct reading *r)
{
	struct rest *rest = r->rest;
	rest->listens = true;
	rest->resumed_ms = json_i64(rest->before.state, "time", 0);
	if (rest->d->asks && !rest->before.first) {
		return ask_page(r, 0, &(struct next_page){.any = true});
	}
	if (!rest->d->asks && !rest->d->stream.resumes) {
		r->host->missed(r->host);
	}
	return 0;
}

static void say_left_out(struct reading *r, size_t left_out)
{
	if (left_out > 0) {
		r->rest->now.cut = true;
		r->host->degraded(r->host, 0, 0,
			"of its %zu items the first %d are read: the others are left out, ask for "
			"fewer at once",
			left_out + DOCUMENT_ITEMS_MAX, DOCUMENT_ITEMS_MAX);
	}
}

static int read_stream(struct reading *r, const json_t *root, size_t bad)
{
	struct rest *rest = r->rest;
	size_t places, left_out;
	int rc =
		document_items(&rest->d->stream.items, root, rest_take_item, r, &places, &left_out);
	say_left_out(r, left_out);
	if (rc == 0 && bad > 0) {
		r->host->degraded(r->host, 0, 0, "%s could not be read", COUNT(bad, "event"));
	} else if (rc == 0) {
		rc = judge_drift(r, root, places);
	}
	rc = rc == 0 ? rest_ask_waits(r) : rc;
	return rc == 0 ? keep_cursor(r) : rc;
}

/* A stream's next piece goes on from the one before. */
static void start_poll(struct rest *rest, bool goes_on)
{
	if (goes_on && rest->now.state != NULL && json_object_size(rest->now.state) > 0) {
		struct cursor old = rest->before;
		rest->before = rest->now;
		rest->now = old;
	}
	cursor_close(&rest->now);
	rest->now = (struct cursor){
		.state = json_deep_copy(rest->before.state), .first = rest->before.first};
	rest_start_waits(rest);
}

static int refuse(struct reading *r, const struct verdict *v)
{
	if (v->kind == VERDICT_RESET) {
		/* A poll without anything, from the start next time. */
		r->host->degraded(r->host, 0, 0, "%s; it is asked from the start", v->text);
		r->host->missed(r->host);
		return r->host->set_cursor(r->host, "");
	}
	return r->host->refuse(r->host, v->refusal, v->until_ms, "%s", v->text);
}

static int read_page(struct reading *r, const json_t *root, const struct verdict *v)
{
	size_t places = 0, left_out = 0;
	int rc = 0;
	if (v->kind == VERDICT_PARTIAL) {
		r->rest->now.cut = true;
		r->host->degraded(r->host, 0, 0, "%s", v->text);
	}
	if (v->kind != VERDICT_EMPTY) {
		rc = document_items(
			&r->rest->d->items, root, rest_take_item, r, &places, &left_out);
		say_left_out(r, left_out);
		rc = rc == 0 ? rest_ask_ids(r) : rc;
		rc = rc == 0 ? rest_ask_waits(r) : rc;
		rc = rc == 0 ? judge_drift(r, root, places) : rc;
	}
	return rc == 0 ? end_page(r, root) : rc;
}

static int keep_waits(struct reading *r, int rc)
{
	rest_say_waits(r);
	return rc == 0 ? keep_cursor(r) : rc;
}

/* The list is as it was; what waits for its detail is due all the same. */
static int read_unchanged(struct reading *r)
{
	int rc = rest_ask_waits(r);
	return keep_waits(r, rc);
}

/* The detail of the item in the tag. */
static int take_detail(struct reading *r, const json_t *root, const json_t *kept)
{
	const json_t *item = r->rest->d->detail.list_is_ids ? root : json_array_get(kept, 0);
	struct scope scope = {
		.at = {[POINTER_ITEM] = item, [POINTER_ROOT] = root, [POINTER_DETAIL] = root}};
	rest_put_lookups(r->rest, json_array_get(kept, 1), &scope);
	r->work.scope = &scope;
	return json_is_object(item) ? rest_take_detailed(r, item) : 0;
}

/* One that fails costs only itself; an id is asked for again. */
static int lack_detail(struct reading *r, const json_t *kept, const struct verdict *v)
{
	if (!r->rest->d->detail.list_is_ids) {
		r->host->skipped(r->host, "its detail: %s", v->text);
		return 0;
	}
	char *id = json_dumps(json_array_get(kept, 0), JSON_COMPACT | JSON_ENCODE_ANY);
	if (id == NULL) {
		return rest_no_memory(r->host);
	}
	rest_wait_for_id(r, id, v);
	free(id);
	return keep_waits(r, 0);
}

static int read_detail(struct reading *r, const json_t *root, const struct verdict *v)
{
	struct hark_err err;
	r->rest->ahead -= r->rest->ahead > 0;
	if (r->reply->tag[0] == 'w') {
		return keep_waits(r, rest_read_wait(r, root, v));
	}
	bool is_lacking = v->kind == VERDICT_REFUSED || v->kind == VERDICT_RESET;
	json_t *kept = json_read(str_c(r->reply->tag + 1), &err);
	int rc = is_lacking ? lack_detail(r, kept, v) : take_detail(r, root, kept);
	json_decref(kept);
	return rc;
}

/* The reply in UTF-8. JSON is that unless it or the definition says otherwise; what XML and tables are they say
 * themselves, or it shows. `room` belongs to the caller. */
static struct str text_of_reply(
	const struct reading *r, enum item_format format, struct buf *room, struct hark_err *err)
{
	const struct definition *d = r->rest->d;
	struct str bytes = str_n(r->reply->body, r->reply->body_bytes), text = bytes;
	struct charset used;
	char said[64];
	const char *name = d->encoding         ? d->encoding
			   : r->reply->charset ? r->reply->charset
					       : charset_of_type(r->reply->content_type, said);
	bool is_json = format == ITEMS_JSON || format == ITEMS_NDJSON;
	buf_init(room, 3 * bytes.n + 64);
	bool is_utf8 =
		name == NULL || strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0;
	if (is_json && is_utf8 && !charset_has_wide_mark(bytes)) {
		return bytes;
	}
	return charset_decode(bytes, name, room, &text, &used, err) == HARK_OK ? text : STR_NONE;
}

static int read_reply(struct reading *r)
{
	const struct definition *d = r->rest->d;
	const struct hark_reply *reply = r->reply;
	bool is_detail = reply->tag != NULL && (reply->tag[0] == 'd' || reply->tag[0] == 'w');
	struct hark_err err = {0};
	struct verdict v;
	enum item_format format = is_detail || rest_is_stream(r) ? ITEMS_JSON : d->items.format;
	size_t bad = 0;
	json_t *root = NULL;
	struct buf room;
	struct str body = text_of_reply(r, format, &room, &err);
	if (rest_is_stream(r) && reply->status >= 200 && reply->status < 300) {
		root = document_stream(body, d->stream.items.format, &bad);
	} else if (body.p != NULL && !reply_is_page(reply, d->items.format)) {
		root = document_read(body, format, &err);
	}
	buf_release(&room);
	struct scope scope = {.at = {[POINTER_ITEM] = root, [POINTER_ROOT] = root}};
	r->work.scope = &scope;
	verdict_of(&v, d, reply, root, &r->work);
	int64_t wait = verdict_wait(d, reply, root, &r->work);
	if (wait > 0) {
		r->host->wait_until(r->host, wait);
	}
	if (reply->error != NULL ||
		(root == NULL && (v.kind == VERDICT_READ || v.kind == VERDICT_PARTIAL))) {
		snprintf(v.text, sizeof(v.text), "%s",
			reply->error != NULL ? reply->error : err.text);
		v.kind = VERDICT_REFUSED;
	}
	int rc = is_detail                                              ? read_detail(r, root, &v)
		 : v.kind == VERDICT_REFUSED || v.kind == VERDICT_RESET ? refuse(r, &v)
		 : rest_is_stream(r) && reply->is_opened                ? fill_in(r)
		 : rest_is_stream(r)                                    ? read_stream(r, root, bad)
									: read_page(r, root, &v);
	json_decref(root);
	return rc;
}

int rest_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	struct rest *rest = ctx;
	struct reading r = {.rest = rest, .host = host, .reply = reply};
	arena_reset(&rest->arena);
	r.work = rest_work(rest, host, reply->url);
	if (r.work.base.p == NULL) {
		r.work.base = form_text(&rest->d->request.url, &r.work);
	}
	if (reply->tag == NULL) {
		start_poll(rest, rest_is_stream(&r) && !reply->is_opened);
	} else if (reply->tag[0] == 'p') {
		r.page.page = atol(reply->tag + 1);
	}
	bool is_unchanged = reply->tag == NULL && reply->status == 304 && !rest_is_stream(&r);
	int rc = rest->now.state == NULL ? rest_no_memory(host)
		 : is_unchanged          ? read_unchanged(&r)
					 : read_reply(&r);
	for (size_t i = 0; i < LOOKUPS_MAX; i++) {
		json_decref((json_t *)r.lookups[i]);
	}
	json_decref(r.met);
	if (rc == 0 && rest->arena.rc != HARK_OK) {
		rc = host->fail(host, "the reply needs more memory than one poll may use");
	}
	return rc;
}
