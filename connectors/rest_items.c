/* One item of a reply: what of it is wanted, the record it becomes, and the request for its detail. */
#include "connectors/rest_parts.h"

#include "connectors/asking.h"
#include "connectors/mapping.h"
#include "connectors/optout.h"
#include "monitor/base/json.h"

#include <stdlib.h>

#define TAG_MAX \
	(256u << 10) /* an item larger than this, with what its lookups found, gets no detail */
#define IDS_MAX 20000

/* --- details --- */

static int ask_detail(struct reading *r, const json_t *item, const char *external_id)
{
	const struct detail_rule *detail = &r->rest->d->detail;
	struct hark_request request;
	if (r->details >= (size_t)detail->max || conditions_all(&detail->when, &r->work) != NULL ||
		!asking_detail(r->rest->d, &r->work, &request)) {
		return 0;
	}
	rest_complete(r->rest, &request);
	json_t *kept = json_pack("[O,o?]", item, rest_lookups(r));
	char *text = json_dumps(kept, JSON_COMPACT);
	struct buf tag;
	int rc = 0;
	buf_init(&tag, TAG_MAX);
	buf_add_char(&tag, 'd');
	buf_add_c(&tag, text != NULL ? text : "null");
	free(text);
	json_decref(kept);
	if (tag.rc == HARK_OK) {
		request.tag = buf_c(&tag);
		request.more = external_id != NULL ? HARK_MORE_IF_NEW : HARK_MORE_ALWAYS;
		request.item = external_id;
		r->details++;
		r->rest->ahead += external_id == NULL;
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

json_t *rest_lookups(const struct reading *r)
{
	json_t *all = json_array();
	for (size_t i = 0; i < r->rest->d->items.lookups_n; i++) {
		const json_t *one = r->work.scope->at[POINTER_LOOKUP + i];
		json_array_append_new(all, one != NULL ? json_incref((json_t *)one) : json_null());
	}
	return all;
}

void rest_put_lookups(const struct rest *rest, const json_t *found, struct scope *scope)
{
	for (size_t i = 0; i < rest->d->items.lookups_n; i++) {
		const json_t *one = json_array_get(found, i);
		scope->at[POINTER_LOOKUP + i] = json_is_null(one) ? NULL : one;
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
		const char *const said[CURSOR_SAID] = {p.person, p.employer, p.title, p.url, p.key};
		cursor_remember(&r->rest->now, &d->cursor, &r->work, said);
	}
	if (place == CURSOR_FULL) {
		r->host->skipped(r->host, "its list is longer than can be remembered");
		return 0;
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
	if (d->detail.decides && !with_detail && !post.is_deleted &&
		conditions_all(&d->detail.when, &r->work) == NULL) {
		return rest_wait(r, item, &post);
	}
	int rc = r->host->emit_post(r->host, &post);
	if (rc == 0 && d->detail.present && !d->detail.list_is_ids && !d->detail.decides &&
		!with_detail) {
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
		return rest_no_memory(r->host);
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

int rest_take_item(void *ctx, struct scope *scope)
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
	if (r->rest->listens && rest_is_stream(r)) {
		look_for_hole(r, json_i64(r->rest->now.state, "time", 0));
	}
	r->page.known += place == CURSOR_KNOWN && d->cursor.kind != CURSOR_SNAPSHOT;
	if (!is_wanted(r)) {
		return 0;
	}
	r->mapped++;
	return d->is_profile ? emit_profile(r, place, false) : emit_post(r, item, false);
}

int rest_take_detailed(struct reading *r, const json_t *item)
{
	const struct definition *d = r->rest->d;
	if (opts_out(r)) {
		return leave_out(r);
	}
	if (!is_wanted(r) || is_skipped(r, &d->detail.skip)) {
		return 0;
	}
	r->mapped++;
	return d->is_profile ? emit_profile(r, CURSOR_NEW, true) : emit_post(r, item, true);
}

static int newest_first(const void *a, const void *b)
{
	return value_compare_ids(((const struct id *)b)->text, ((const struct id *)a)->text);
}

/* Of the ids that are new the oldest go first, so that a cap loses nothing; the first poll takes the
 * newest. */
int rest_ask_ids(struct reading *r)
{
	const struct definition *d = r->rest->d;
	size_t max = 0, from = 0;
	int rc = 0;
	while (max < (size_t)d->detail.max && max < r->ids_n && rest_can_pay(r, max + 1)) {
		max++;
	}
	if (max == 0) {
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
