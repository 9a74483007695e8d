/* DESIGN: one context lives as long as its source. What is remembered of the poll under way (the
 * cursor that grows with its pages) lives in the context and starts anew with every reply without a
 * tag; what a later request needs to know travels in its tag: "p3" is the fourth page, "d{…}" the
 * detail of the item behind the 'd'. Strings of a request live in `arena` until the next call. */
#include "connectors/rest.h"

#include "connectors/asking.h"
#include "connectors/document.h"
#include "connectors/optout.h"
#include "connectors/paging.h"
#include "connectors/parse/charset.h"
#include "connectors/verdict.h"
#include "monitor/base/json.h"
#include "monitor/base/utf8.h"
#include "monitor/config/values.h"
#include "rules/regex.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#define ARENA_MAX (96u << 20)
#define TAG_MAX (256u << 10) /* an item larger than this gets no detail */
#define IDS_MAX 20000
#define CURSOR_TOKEN_MAX 4000
#define DAY_MS INT64_C(86400000)

struct rest {
	const struct definition *d;
	struct str *vars;      /* settings, then what the run fills in */
	struct hark_auth auth; /* the definition's, its addresses filled in */
	char *auth_urls[2];    /* owned */
	int64_t budget;        /* units a day; 0: none */
	struct regex_scratch *scratch;
	struct arena arena;   /* of one call */
	struct cursor before; /* as stored */
	struct cursor now;    /* with what this poll has seen */
	bool listens;         /* a stream has been opened and nothing has come over it yet, */
	int64_t resumed_ms;   /* … asked for from this time on; 0: from now */
};

/* One call of parse. */
struct reading {
	struct rest *rest;
	struct hark_host *host;
	const struct hark_reply *reply;
	struct work work;
	const json_t *lookups[LOOKUPS_MAX]; /* owned: key to element, made when first needed */
	struct page_facts page;
	size_t details;
	struct id {
		struct str text;
		const json_t *node;
	} * ids; /* list_is_ids: those that are new */
	size_t ids_n, ids_cap;
	size_t mapped, nameless;
	json_t *met; /* owned; external ids so far, where only the first of each counts */
};

static int no_memory(struct hark_host *host)
{
	return host->fail(host, "no memory");
}

/* --- settings --- */

static int unknown_setting(struct hark_host *host, const struct definition *d, const char *name)
{
	struct buf all;
	buf_init(&all, 2000);
	for (size_t i = 0; i < d->vars_n; i++) {
		buf_printf(&all, "%s%s", i > 0 ? ", " : "", d->settings[i].name);
	}
	int rc = host->fail(host, "there is no setting '%s' for %s: %s", name, d->connector.name,
		all.n > 0 ? buf_c(&all) : "it has none");
	buf_release(&all);
	return rc;
}

static bool is_host_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '.' || c == '-' || c == ':' || c == '[' || c == ']')) {
			return false;
		}
	}
	return s.n > 0 && s.n < 256;
}

static int check_setting(struct hark_host *host, const struct hark_setting *s, struct str *value)
{
	struct hark_err err;
	int64_t number;
	if (value->n == 0) {
		return s->required ? host->fail(host, "it needs %s: %s", s->name, s->about) : 0;
	}
	if (s->type == HARK_SETTING_HOST && !is_host_name(*value)) {
		return host->fail(host, "%s must be the name of a host, as %s", s->name,
			s->example != NULL ? s->example : "forum.example.com");
	}
	if (s->type == HARK_SETTING_URL && value_url(*value, &err) != HARK_OK) {
		return host->fail(host, "%s: %s", s->name, err.text);
	}
	if (s->type == HARK_SETTING_NUMBER && !str_i64(*value, &number)) {
		return host->fail(host, "%s must be a whole number", s->name);
	}
	return 0;
}

static int take_settings(
	struct hark_host *host, struct rest *rest, const struct hark_pair *pairs, size_t count)
{
	const struct definition *d = rest->d;
	for (size_t i = 0; i < d->vars_n; i++) {
		rest->vars[i] = str_c(d->settings[i].otherwise);
	}
	for (size_t k = 0; k < count; k++) {
		size_t i = 0;
		while (i < d->vars_n && strcmp(d->settings[i].name, pairs[k].name) != 0) {
			i++;
		}
		if (i == d->vars_n) {
			return unknown_setting(host, d, pairs[k].name);
		}
		rest->vars[i] = str_c(pairs[k].value);
	}
	rest->budget = d->rate.budget;
	for (size_t i = 0; i < d->vars_n; i++) {
		int rc = check_setting(host, &d->settings[i], &rest->vars[i]);
		if (rc != 0) {
			return rc;
		}
		if (strcmp(d->settings[i].name, "budget") == 0) {
			str_i64(rest->vars[i], &rest->budget);
		}
	}
	return 0;
}

static void rest_close(void *ctx)
{
	struct rest *rest = ctx;
	cursor_close(&rest->before);
	cursor_close(&rest->now);
	regex_scratch_free(rest->scratch);
	arena_release(&rest->arena);
	free(rest->auth_urls[0]);
	free(rest->auth_urls[1]);
	free(rest->vars);
	free(rest);
}

/* Where it logs in hangs on its settings, as the server of an account does. */
static int fill_auth(struct hark_host *host, struct rest *rest)
{
	const struct definition *d = rest->d;
	const struct form *forms[] = {&d->auth_url, &d->auth_refresh_url};
	const char **to[] = {&rest->auth.url, &rest->auth.refresh_url};
	struct work w = {.arena = &rest->arena, .vars = rest->vars, .scratch = rest->scratch};
	if (d->auth == NULL) {
		return 0;
	}
	rest->auth = *d->auth;
	for (size_t i = 0; i < 2; i++) {
		if (*to[i] == NULL) {
			continue;
		}
		struct str url = form_text(forms[i], &w);
		if (url.n == 0) {
			return host->fail(host, "a blank of the address it logs in at stays empty");
		}
		rest->auth_urls[i] = strndup(url.p, url.n);
		if (rest->auth_urls[i] == NULL) {
			return no_memory(host);
		}
		*to[i] = rest->auth_urls[i];
	}
	return 0;
}

static int rest_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	const struct definition *d = host->connector->data;
	struct rest *rest = calloc(1, sizeof(*rest));
	if (rest == NULL) {
		return no_memory(host);
	}
	arena_init(&rest->arena, ARENA_MAX);
	rest->d = d;
	rest->vars = calloc(d->vars_n + RUN_VARS, sizeof(*rest->vars));
	rest->scratch = regex_scratch_new();
	cursor_open(&rest->before, NULL);
	cursor_open(&rest->now, NULL);
	int rc = rest->vars == NULL || rest->scratch == NULL || rest->now.state == NULL
			 ? no_memory(host)
			 : take_settings(host, rest, pairs, count);
	rc = rc == 0 ? fill_auth(host, rest) : rc;
	if (rc != 0) {
		rest_close(rest);
		return rc;
	}
	*ctx = rest;
	return 0;
}

static struct work work_of(struct rest *rest, struct hark_host *host, const char *url)
{
	return (struct work){.arena = &rest->arena,
		.vars = rest->vars,
		.now_ms = host->now_ms,
		.base = str_c(url),
		.scratch = rest->scratch};
}

/* --- requests --- */

static void use_auth(const struct rest *rest, struct hark_request *request)
{
	request->auth = request->auth != NULL ? &rest->auth : NULL;
}

static int rest_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct rest *rest = ctx;
	struct hark_err err;
	struct work w = work_of(rest, host, NULL);
	arena_reset(&rest->arena);
	cursor_close(&rest->before);
	cursor_open(&rest->before, cursor);
	if (rest->budget > 0 &&
		cursor_spend(&rest->before, 0, host->now_ms) + rest->d->rate.cost_request >
			rest->budget) {
		return host->refuse(host, HARK_REFUSED_QUOTA, (host->now_ms / DAY_MS + 1) * DAY_MS,
			"its budget of %lld for today (UTC) is spent", (long long)rest->budget);
	}
	struct asking ask = {
		.d = rest->d, .vars = rest->vars, .cursor = &rest->before, .now_ms = host->now_ms};
	int rc = rest->d->stream.present ? asking_stream(&ask, &w, request, &err)
					 : asking_fill(&ask, &w, request, &err);
	use_auth(rest, request);
	return rc == HARK_OK ? 0 : host->fail(host, "%s", err.text);
}

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
	use_auth(rest, &request);
	snprintf(tag, sizeof(tag), "p%ld", page);
	request.tag = tag;
	request.more = p->whole_list || page == 0 ? HARK_MORE_ALWAYS : HARK_MORE_UNLESS_KNOWN;
	return r->host->request_more(r->host, &request);
}

static int ask_detail(struct reading *r, const json_t *item, const char *external_id)
{
	const struct detail_rule *detail = &r->rest->d->detail;
	struct hark_request request;
	if (r->details >= (size_t)detail->max || conditions_all(&detail->when, &r->work) != NULL ||
		!asking_detail(r->rest->d, &r->work, &request)) {
		return 0;
	}
	use_auth(r->rest, &request);
	char *text = json_dumps(item, JSON_COMPACT | JSON_ENCODE_ANY);
	struct buf tag;
	int rc = 0;
	buf_init(&tag, TAG_MAX);
	buf_add_char(&tag, 'd');
	buf_add_c(&tag, text != NULL ? text : "null");
	free(text);
	if (tag.rc == HARK_OK) {
		request.tag = buf_c(&tag);
		request.more = external_id != NULL ? HARK_MORE_IF_NEW : HARK_MORE_ALWAYS;
		request.item = external_id;
		r->details++;
		rc = r->host->request_more(r->host, &request);
	}
	buf_release(&tag);
	return rc;
}

/* --- lookups --- */

struct indexing {
	struct reading *r;
	const struct lookup *lookup;
	json_t *index;
};

static bool index_element(void *ctx, const json_t *element, const json_t *within)
{
	struct indexing *c = ctx;
	(void)within;
	size_t n = json_is_array(element) ? json_array_size(element) : 1;
	for (size_t i = 0; i < n; i++) {
		json_t *one =
			json_is_array(element) ? json_array_get(element, i) : (json_t *)element;
		struct scope scope = {.at = {[POINTER_ITEM] = one}};
		const json_t *key = pointer_first(&c->lookup->key, &scope);
		struct str text = key != NULL ? node_text(key, c->r->work.arena) : STR_NONE;
		if (text.n > 0) {
			json_object_set(c->index, text.p, one);
		}
	}
	return true;
}

static const json_t *index_of(struct reading *r, size_t i, const struct scope *scope)
{
	if (r->lookups[i] == NULL) {
		struct indexing c = {r, &r->rest->d->items.lookups[i], json_object()};
		if (c.index == NULL) {
			return NULL;
		}
		pointer_visit(&c.lookup->in, scope, index_element, &c);
		r->lookups[i] = c.index;
	}
	return r->lookups[i];
}

static void find_lookups(struct reading *r, struct scope *scope)
{
	for (size_t i = 0; i < r->rest->d->items.lookups_n; i++) {
		const json_t *index = index_of(r, i, scope);
		struct str key = field_text(&r->rest->d->items.lookups[i].by, &r->work);
		if (index != NULL && key.n > 0) {
			scope->at[POINTER_LOOKUP + i] = json_object_get(index, key.p);
		}
	}
}

/* --- items --- */

static void say_skipped(struct reading *r, const struct condition *c, bool holds)
{
	struct buf why;
	buf_init(&why, 400);
	condition_write(c, &why);
	r->host->skipped(r->host, holds ? "skip_if: %s" : "keep_if does not hold: %s", buf_c(&why));
	buf_release(&why);
}

static bool is_skipped(struct reading *r, const struct conditions *skip)
{
	const struct condition *c = conditions_any(skip, &r->work);
	if (c != NULL) {
		say_skipped(r, c, true);
	}
	return c != NULL;
}

static bool is_wanted(struct reading *r)
{
	const struct items_rule *items = &r->rest->d->items;
	if (is_skipped(r, &items->skip)) {
		return false;
	}
	const struct condition *c = conditions_all(&items->keep, &r->work);
	if (c != NULL) {
		say_skipped(r, c, false);
	}
	return c == NULL;
}

static int emit_profile(struct reading *r, enum cursor_place place, bool with_detail)
{
	const struct definition *d = r->rest->d;
	struct hark_profile p = {
		.observed = HARK_TIME_NONE, .event = (enum hark_profile_event) - 1};
	mapping_profile(&d->map, &r->work, &p);
	if (with_detail) {
		mapping_profile(&d->detail.map, &r->work, &p);
	}
	if (p.person == NULL) {
		r->nameless++;
		r->host->skipped(r->host, "it has no person");
		return 0;
	}
	if (d->cursor.kind == CURSOR_SNAPSHOT && p.event != HARK_LEFT) {
		const char *const said[CURSOR_SAID] = {p.person, p.employer, p.title, p.url};
		cursor_remember(&r->rest->now, &d->cursor, &r->work, said);
	}
	if (d->cursor.kind == CURSOR_SNAPSHOT && place == CURSOR_KNOWN) {
		r->host->skipped(r->host, "nothing about it changed");
		return 0;
	}
	if (p.event == (enum hark_profile_event) - 1) {
		bool is_first = d->cursor.kind != CURSOR_SNAPSHOT || d->cursor.account ||
				r->rest->before.first;
		p.event = place == CURSOR_CHANGED ? HARK_CHANGED
			  : is_first              ? HARK_LISTED
						  : HARK_JOINED;
	}
	if (p.observed == HARK_TIME_NONE) {
		p.observed = r->host->now_ms;
	}
	return r->host->emit_profile(r->host, &p);
}

static bool has_met(struct reading *r, const char *id)
{
	if (r->met == NULL) {
		r->met = json_object();
	}
	bool has = json_object_get(r->met, id) != NULL;
	json_object_set_new(r->met, id, json_true());
	return has;
}

static int emit_post(struct reading *r, const json_t *item, bool with_detail)
{
	const struct definition *d = r->rest->d;
	struct hark_post post;
	hark_post_init(&post);
	post.type = d->type;
	post.is_private = d->is_private;
	mapping_post(&d->map, &r->work, &post);
	if (with_detail) {
		mapping_post(&d->detail.map, &r->work, &post);
	}
	if (post.edited != HARK_TIME_NONE && post.edited <= post.published) {
		post.edited = HARK_TIME_NONE; /* many sources say so of what was never touched */
	}
	if (post.external_id == NULL) {
		r->nameless++;
		r->host->skipped(r->host, "it has no external_id");
		return 0;
	}
	if (d->items.unique && has_met(r, post.external_id)) {
		r->host->skipped(r->host, "its id came before");
		return 0;
	}
	int rc = r->host->emit_post(r->host, &post);
	if (rc == 0 && d->detail.present && !d->detail.list_is_ids && !with_detail) {
		rc = ask_detail(r, item, post.external_id);
	}
	return rc;
}

/* An id whose record is a request away. */
static int keep_id(struct reading *r, const json_t *item)
{
	struct str text = node_text(item, r->work.arena),
		   old = json_str(r->rest->before.state, "id");
	if (text.n == 0 || r->ids_n == IDS_MAX) {
		return 0;
	}
	if (old.n > 0 && value_compare_ids(text, old) <= 0) {
		r->host->skipped(r->host, "it is known");
		return 0;
	}
	struct id *ids = arena_grow(r->work.arena, r->ids, r->ids_n, &r->ids_cap, sizeof(*ids));
	if (ids == NULL) {
		return no_memory(r->host);
	}
	r->ids = ids;
	ids[r->ids_n++] = (struct id){text, item};
	return 0;
}

/* The bio counts before anything of the item is remembered. */
static bool bio_opts_out(struct reading *r)
{
	const struct mapping *map = &r->rest->d->map;
	for (size_t i = 0; i < map->n; i++) {
		const char *name = map->fields[i].target->name;
		if (strcmp(name, "author.bio") == 0 || strcmp(name, "bio") == 0) {
			return optout_in_bio(field_text(&map->fields[i], &r->work));
		}
	}
	return false;
}

static bool opts_out(struct reading *r)
{
	return conditions_any(&r->rest->d->items.opt_out, &r->work) != NULL || bio_opts_out(r);
}

/* The host is told who it is, to count it and to find what it has of them. */
static int leave_out(struct reading *r)
{
	const struct definition *d = r->rest->d;
	if (d->cursor.kind == CURSOR_SNAPSHOT) {
		cursor_forget(&r->rest->now, &d->cursor, &r->work);
	} else {
		cursor_note(&r->rest->now, &r->rest->before, &d->cursor, &r->work);
	}
	if (d->is_profile) {
		struct hark_profile p = {.opted_out = 1};
		mapping_profile(&d->map, &r->work, &p);
		return r->host->emit_profile(r->host, &p);
	}
	struct hark_post post;
	hark_post_init(&post);
	mapping_post(&d->map, &r->work, &post);
	post.author.opted_out = 1;
	return r->host->emit_post(r->host, &post);
}

static void note_smallest(struct reading *r, struct scope *scope)
{
	const struct paging_rule *p = &r->rest->d->paging;
	const json_t *node =
		p->kind == PAGING_BEFORE_SMALLEST_ID ? pointer_first(p->next, scope) : NULL;
	struct str id = node != NULL ? node_text(node, r->work.arena) : STR_NONE;
	if (id.n > 0 && (r->page.smallest.n == 0 || value_compare_ids(id, r->page.smallest) < 0)) {
		r->page.smallest = id;
	}
}

static bool is_stream(const struct reading *r)
{
	return r->rest->d->stream.present && r->reply->tag == NULL;
}

/* A backlog that begins later than where we were has a hole before it: the first that came must lie in the
 * overlap that was asked for, or right behind it. */
static void look_for_hole(struct reading *r, int64_t first_ms)
{
	struct rest *rest = r->rest;
	const struct cursor_rule *rule = &rest->d->cursor;
	if (rest->d->stream.resumes && rule->overlap_ms > 0 && rest->resumed_ms > 0 &&
		first_ms > rest->resumed_ms + rule->overlap_ms) {
		r->host->missed(r->host);
	}
	rest->listens = false;
}

static int take_item(void *ctx, struct scope *scope)
{
	struct reading *r = ctx;
	const struct definition *d = r->rest->d;
	const json_t *item = scope->at[POINTER_ITEM];
	r->work.scope = scope;
	r->host->item = (long)r->page.items++;
	if (d->detail.list_is_ids && !json_is_object(item)) {
		return keep_id(r, item);
	}
	find_lookups(r, scope);
	note_smallest(r, scope);
	if (opts_out(r)) {
		return leave_out(r);
	}
	enum cursor_place place =
		cursor_note(&r->rest->now, &r->rest->before, &d->cursor, &r->work);
	if (r->rest->listens && is_stream(r)) {
		look_for_hole(r, json_i64(r->rest->now.state, "time", 0));
	}
	r->page.known += place == CURSOR_KNOWN && d->cursor.kind != CURSOR_SNAPSHOT;
	if (!is_wanted(r)) {
		return 0;
	}
	r->mapped++;
	return d->is_profile ? emit_profile(r, place, false) : emit_post(r, item, false);
}

static int newest_first(const void *a, const void *b)
{
	return value_compare_ids(((const struct id *)b)->text, ((const struct id *)a)->text);
}

/* Of the ids that are new the oldest go first, so that a cap loses nothing; the first poll takes the
 * newest. */
static int ask_ids(struct reading *r)
{
	const struct definition *d = r->rest->d;
	size_t max = (size_t)d->detail.max, from = 0;
	int rc = 0;
	if (r->ids_n == 0) {
		return 0;
	}
	qsort(r->ids, r->ids_n, sizeof(*r->ids), newest_first);
	if (!r->rest->before.first && r->ids_n > max) {
		from = r->ids_n - max;
	}
	for (size_t i = from; i < r->ids_n && i < from + max && rc == 0; i++) {
		struct scope scope = {.at = {[POINTER_ITEM] = r->ids[i].node}};
		r->work.scope = &scope;
		cursor_note(&r->rest->now, &r->rest->before, &d->cursor, &r->work);
		rc = ask_detail(r, r->ids[i].node, NULL);
	}
	return rc;
}

/* --- the end of a page --- */

/* Who is missing on an account's own page has left nobody. */
static void emit_left(struct reading *r, const json_t *known)
{
	const struct hark_profile p = {.person = cursor_said(known, 0),
		.employer = cursor_said(known, 1),
		.title = cursor_said(known, 2),
		.url = cursor_said(known, 3),
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
	int rc = text != NULL ? r->host->set_cursor(r->host, text) : no_memory(r->host);
	free(text);
	return rc;
}

static void spend(struct reading *r)
{
	const struct rate_rule *rate = &r->rest->d->rate;
	int64_t now = r->host->now_ms;
	if (r->rest->budget > 0) {
		int64_t units = rate->cost_request + rate->cost_item * (int64_t)r->page.items;
		int64_t spent = cursor_spend(&r->rest->now, units, now);
		r->page.stopped = spent + rate->cost_request + rate->cost_item > r->rest->budget;
		if (r->page.stopped) {
			r->host->wait_until(r->host, (now / DAY_MS + 1) * DAY_MS);
		}
	}
}

static void note_token(struct reading *r)
{
	const struct cursor_rule *rule = &r->rest->d->cursor;
	struct str token =
		rule->kind == CURSOR_TOKEN ? field_text(&rule->from, &r->work) : STR_NONE;
	if (token.n > CURSOR_TOKEN_MAX) {
		r->rest->now.too_long = true;
	} else if (token.n > 0) {
		json_object_set_new(r->rest->now.state, "id", json_stringn(token.p, token.n));
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
	if (rest->now.too_long) {
		r->host->degraded(r->host, 0, 0,
			"an id is too long to ask for what comes after it; it "
			"is passed over");
	}
	int rc = next.any ? ask_page(r, r->page.page + 1, &next) : 0;
	if (next.cut && !rest->before.first && !rest->d->paging.whole_list) {
		r->host->missed(r->host);
	}
	if (!next.any) {
		cursor_end(&rest->now, &rest->d->cursor, emit_gone, r);
	}
	return rc == 0 ? keep_cursor(r) : rc;
}

/* A list that is not there is none that has become empty: where all that is missing would be gone, and where
 * the reply says what is wrong instead, the poll has failed. Anything else is told and read on. */
static int judge_drift(struct reading *r, const json_t *root, size_t places)
{
	bool is_object = json_is_object(root);
	bool is_empty = is_object ? json_object_size(root) == 0
				  : json_is_array(root) && json_array_size(root) == 0;
	bool is_missing = places == 0 && (is_object || !is_empty);
	bool is_nameless = r->nameless > 0 && r->nameless == r->mapped;
	bool is_whole = r->rest->d->cursor.kind == CURSOR_SNAPSHOT && !is_stream(r);
	struct str error =
		is_missing || (is_nameless && is_object) ? verdict_error(root) : STR_NONE;
	char text[160] = "";
	if (error.n > 0) {
		return r->host->refuse(r->host, HARK_REFUSED, 0, "it answered with an error: %.*s",
			STR_FMT(str_cut_utf8(error, 200)));
	}
	if (is_missing && (is_whole || !is_empty)) {
		struct str at = r->rest->d->items.pointers[0].text;
		snprintf(text, sizeof(text), "there is nothing at %.*s: its format has changed",
			STR_FMT(at.n > 0 ? str_cut_utf8(at, 80) : STR("/")));
	} else if (is_nameless) {
		snprintf(text, sizeof(text), "none of its %zu items has %s: its format has changed",
			r->mapped, r->rest->d->is_profile ? "a person" : "an id");
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

static int read_stream(struct reading *r, const json_t *root, size_t bad)
{
	struct rest *rest = r->rest;
	size_t places;
	int rc = document_items(&rest->d->stream.items, root, take_item, r, &places);
	if (rc == 0 && bad > 0) {
		r->host->degraded(r->host, 0, 0, "%zu of its events could not be read", bad);
	} else if (rc == 0) {
		rc = judge_drift(r, root, places);
	}
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
	size_t places = 0;
	int rc = 0;
	if (v->kind == VERDICT_PARTIAL) {
		r->host->degraded(r->host, 0, 0, "%s", v->text);
	}
	if (v->kind != VERDICT_EMPTY) {
		rc = document_items(&r->rest->d->items, root, take_item, r, &places);
		rc = rc == 0 ? ask_ids(r) : rc;
		rc = rc == 0 ? judge_drift(r, root, places) : rc;
	}
	return rc == 0 ? end_page(r, root) : rc;
}

/* The detail of the item in the tag. One that fails costs only itself. */
static int read_detail(struct reading *r, const json_t *root, const struct verdict *v)
{
	const struct definition *d = r->rest->d;
	struct hark_err err;
	struct str text = str_c(r->reply->tag + 1);
	json_t *item = d->detail.list_is_ids ? json_incref((json_t *)root) : json_read(text, &err);
	if (v->kind == VERDICT_REFUSED || v->kind == VERDICT_RESET) {
		r->host->skipped(r->host, "its detail: %s", v->text);
		json_decref(item);
		return 0;
	}
	struct scope scope = {
		.at = {[POINTER_ITEM] = item, [POINTER_ROOT] = root, [POINTER_DETAIL] = root}};
	int rc = 0;
	r->work.scope = &scope;
	if (json_is_object(item) && opts_out(r)) {
		rc = leave_out(r);
	} else if (json_is_object(item) && is_wanted(r) && !is_skipped(r, &d->detail.skip)) {
		r->mapped++;
		rc = d->is_profile ? emit_profile(r, CURSOR_NEW, true) : emit_post(r, item, true);
	}
	json_decref(item);
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
	bool is_detail = reply->tag != NULL && reply->tag[0] == 'd';
	struct hark_err err = {0};
	struct verdict v;
	enum item_format format = is_detail || is_stream(r) ? ITEMS_JSON : d->items.format;
	size_t bad = 0;
	json_t *root = NULL;
	struct buf room;
	struct str body = text_of_reply(r, format, &room, &err);
	if (is_stream(r) && reply->status >= 200 && reply->status < 300) {
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
	if (root == NULL && (v.kind == VERDICT_READ || v.kind == VERDICT_PARTIAL)) {
		snprintf(v.text, sizeof(v.text), "%s", err.text);
		v.kind = VERDICT_REFUSED;
	}
	int rc = is_detail                                              ? read_detail(r, root, &v)
		 : v.kind == VERDICT_REFUSED || v.kind == VERDICT_RESET ? refuse(r, &v)
		 : is_stream(r) && reply->is_opened                     ? fill_in(r)
		 : is_stream(r)                                         ? read_stream(r, root, bad)
									: read_page(r, root, &v);
	json_decref(root);
	return rc;
}

static int rest_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	struct rest *rest = ctx;
	struct reading r = {.rest = rest, .host = host, .reply = reply};
	arena_reset(&rest->arena);
	r.work = work_of(rest, host, reply->url);
	if (r.work.base.p == NULL) {
		r.work.base = form_text(&rest->d->request.url, &r.work);
	}
	if (reply->tag == NULL) {
		start_poll(rest, is_stream(&r) && !reply->is_opened);
	} else if (reply->tag[0] == 'p') {
		r.page.page = atol(reply->tag + 1);
	}
	int rc = rest->now.state != NULL ? read_reply(&r) : no_memory(host);
	for (size_t i = 0; i < LOOKUPS_MAX; i++) {
		json_decref((json_t *)r.lookups[i]);
	}
	json_decref(r.met);
	if (rc == 0 && rest->arena.rc != HARK_OK) {
		rc = host->fail(host, "the reply needs more memory than one poll may use");
	}
	return rc;
}

void rest_install(struct hark_connector *c)
{
	c->open = rest_open;
	c->plan = rest_plan;
	c->parse = rest_parse;
	c->close = rest_close;
}
