/* Items that wait for their detail in the cursor, so that neither a restart nor a detail that cannot be had loses
 * them: those whose detail alone says whether their author opts out, of which nothing is told before, and ids
 * whose record did not come. They are asked for one after the other; when the source has trouble the rest waits
 * for the next poll. In the cursor's state:
 *
 *	waits  [{k: key, i: item as text, l: what its lookups found, u: address, h: print, n: failures,
 *	         t: not before, y: why, a: asked}]
 *	had    {key: [print, polls since it was listed]}, those whose detail came or was given up */
#include "connectors/rest_parts.h"

#include "connectors/asking.h"
#include "connectors/document.h"
#include "monitor/base/count.h"
#include "monitor/base/hash.h"
#include "monitor/base/json.h"
#include "monitor/base/utf8.h"

#include <stdio.h>
#include <stdlib.h>

#define WAITS_MAX 500
#define WAITS_BYTES_MAX ((size_t)1 << 20)
#define HAD_MAX (2 * DOCUMENT_ITEMS_MAX) /* all of a list, and what came in between */
#define HAD_POLLS_MAX 50
#define MINUTE_MS INT64_C(60000)
#define WHY_MAX 160
#define TAG_MAX ((size_t)64 << 10)

/* After the first failure, the second, … */
static const int64_t pauses_ms[] = {0, 15 * MINUTE_MS, 60 * MINUTE_MS, 360 * MINUTE_MS};
#define TRIES_MAX ((json_int_t)(sizeof(pauses_ms) / sizeof(pauses_ms[0])) + 1)

static json_t *member(struct rest *rest, const char *name, json_t *(*make)(void))
{
	json_t *is = json_object_get(rest->now.state, name);
	if (is == NULL) {
		is = make();
		json_object_set_new(rest->now.state, name, is);
	}
	return is;
}

static json_t *waits_of(const struct rest *rest)
{
	return json_object_get(rest->now.state, "waits");
}

static json_t *wait_of(struct rest *rest, const char *key)
{
	size_t i;
	json_t *wait;
	json_array_foreach(waits_of(rest), i, wait)
	{
		if (str_eq_c(json_str(wait, "k"), key)) {
			return wait;
		}
	}
	return NULL;
}

/* What the list has of an item, as JSON text. */
struct listed {
	const char *item, *lookups;
	json_int_t print;
};

static size_t bytes_of(const json_t *wait)
{
	return json_str(wait, "i").n + json_str(wait, "l").n;
}

static size_t bytes_waiting(const struct rest *rest)
{
	size_t i, bytes = 0;
	json_t *wait;
	json_array_foreach(waits_of(rest), i, wait)
	{
		bytes += bytes_of(wait);
	}
	return bytes;
}

static bool has_room(const struct rest *rest, size_t more)
{
	return json_array_size(waits_of(rest)) < WAITS_MAX &&
	       bytes_waiting(rest) + more <= WAITS_BYTES_MAX;
}

/* Of a list that is longer than can be remembered nothing more is taken: what is forgotten looks like news. */
static bool can_remember(struct rest *rest)
{
	json_t *had = json_object_get(rest->now.state, "had"), *one;
	const char *key;
	void *next;
	if (json_object_size(had) < HAD_MAX) {
		return true;
	}
	if (rest->is_full) {
		return false;
	}
	json_object_foreach_safe(had, next, key, one)
	{
		if (json_integer_value(json_array_get(one, 1)) > 1) { /* nor was in the last poll */
			json_object_del(had, key);
		}
	}
	rest->is_full = json_object_size(had) >= HAD_MAX;
	return !rest->is_full;
}

static void put_had(struct rest *rest, const char *key, json_int_t print)
{
	json_object_set_new(member(rest, "had", json_object), key, json_pack("[I,i]", print, 0));
}

/* Nothing of it will be told. */
static void lose(struct reading *r, const char *why)
{
	r->rest->lost++;
	snprintf(r->rest->lost_why, sizeof(r->rest->lost_why), "%s", why);
	r->host->skipped(r->host, "its detail: %s", why);
}

static void give_up(struct reading *r, const char *key, json_int_t print, const char *why)
{
	lose(r, why);
	if (r->rest->d->detail.decides) {
		put_had(r->rest, key, print);
	}
}

static char *dump(const json_t *node)
{
	return json_dumps(node, JSON_COMPACT | JSON_ENCODE_ANY);
}

static json_t *load(struct str text)
{
	return json_loadb(text.p, text.n, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
}

static char *dump_lookups(const struct reading *r)
{
	json_t *all = rest_lookups(r);
	char *text = dump(all);
	json_decref(all);
	return text;
}

static bool put_text(json_t *wait, const char *key, const char *text)
{
	return json_object_set_new(wait, key, json_string(text)) == 0;
}

/* False: a blank of its address stays empty, or no memory. */
static bool put_listed(struct reading *r, json_t *wait, const struct listed *l)
{
	struct hark_request request;
	return asking_detail(r->rest->d, &r->work, &request) && put_text(wait, "u", request.url) &&
	       put_text(wait, "i", l->item) && put_text(wait, "l", l->lookups) &&
	       json_object_set_new(wait, "h", json_integer(l->print)) == 0;
}

/* NULL: no memory, or no such address. */
static json_t *wait_new(struct reading *r, const char *key, const struct listed *l)
{
	json_t *wait = json_pack("{s:s,s:i,s:i}", "k", key, "n", 0, "t", 0);
	if (wait == NULL || !put_listed(r, wait, l) ||
		json_array_append(member(r->rest, "waits", json_array), wait) != 0) {
		json_decref(wait);
		return NULL;
	}
	json_decref(wait); /* the list has it */
	return wait;
}

/* Listed again: where it cannot be asked for as it is now, or there is no room, it stays as it was. */
static void renew(struct reading *r, json_t *wait, const struct listed *l)
{
	size_t others = bytes_waiting(r->rest) - bytes_of(wait);
	if (others + strlen(l->item) + strlen(l->lookups) <= WAITS_BYTES_MAX) {
		put_listed(r, wait, l);
	}
}

static json_int_t print_of(const struct hark_post *post)
{
	uint64_t h = hash64(str_c(post->title), (uint64_t)post->edited);
	h = hash64(str_c(post->quoted), hash64(str_c(post->text), h));
	return (json_int_t)(h >> 12);
}

/* Of what was there before we came nothing may look like news later: the first poll takes what it can get. */
static bool is_baseline(const struct rest *rest)
{
	return rest->before.first && !rest->d->stream.present;
}

static bool is_too_old(const struct rest *rest)
{
	return is_baseline(rest) && json_array_size(waits_of(rest)) >= (size_t)rest->d->detail.max;
}

static void begin_wait(struct reading *r, const char *key, const struct listed *l)
{
	struct rest *rest = r->rest;
	json_t *wait = wait_of(rest, key);
	if (wait != NULL) {
		renew(r, wait, l);
	} else if (!can_remember(rest)) {
		lose(r, "its list is longer than can be remembered");
	} else if (is_too_old(rest)) {
		put_had(rest, key, l->print);
		r->host->skipped(r->host, "its detail: the first poll asks for %s",
			COUNT(rest->d->detail.max, "of them"));
	} else if (!has_room(rest, strlen(l->item) + strlen(l->lookups))) {
		rest->fresh++;
		give_up(r, key, l->print, "too many wait for theirs");
	} else {
		rest->fresh++;
		r->fresh++;
		if (wait_new(r, key, l) == NULL) {
			give_up(r, key, l->print, "a blank of its address stays empty");
		}
	}
}

int rest_wait(struct reading *r, const json_t *item, const struct hark_post *post)
{
	struct rest *rest = r->rest;
	const char *key = post->external_id;
	json_int_t print = print_of(post);
	json_t *had = json_object_get(json_object_get(rest->now.state, "had"), key);
	rest->listed++;
	if (had != NULL && json_integer_value(json_array_get(had, 0)) == print) {
		json_array_set_new(had, 1, json_integer(0));
		r->host->skipped(r->host, "it is known");
		return 0;
	}
	char *text = dump(item), *lookups = dump_lookups(r);
	int rc = text != NULL && lookups != NULL ? 0 : rest_no_memory(r->host);
	if (rc == 0) {
		begin_wait(r, key, &(struct listed){text, lookups, print});
	}
	free(text);
	free(lookups);
	return rc;
}

/* --- asking --- */

static void remove_wait(struct rest *rest, const json_t *wait)
{
	size_t i;
	json_t *one;
	json_array_foreach(waits_of(rest), i, one)
	{
		if (one == wait) {
			json_array_remove(waits_of(rest), i);
			return;
		}
	}
}

/* What a wait's pointers start from. */
struct kept {
	json_t *item, *lookups; /* owned */
	struct scope scope;
};

static void keep(struct kept *k, struct reading *r, const json_t *wait)
{
	*k = (struct kept){.item = load(json_str(wait, "i")), .lookups = load(json_str(wait, "l"))};
	k->scope.at[POINTER_ITEM] = k->item;
	rest_put_lookups(r->rest, k->lookups, &k->scope);
	r->work.scope = &k->scope;
}

static void release(struct kept *k)
{
	json_decref(k->item);
	json_decref(k->lookups);
}

static int ask_for(struct reading *r, json_t *wait)
{
	struct rest *rest = r->rest;
	struct hark_request request;
	struct kept kept;
	struct buf tag;
	int rc = 0;
	buf_init(&tag, TAG_MAX);
	buf_add_char(&tag, 'w');
	buf_add_str(&tag, json_str(wait, "u"));
	keep(&kept, r, wait);
	if (tag.rc == HARK_OK) {
		asking_detail_at(rest->d, &r->work, buf_c(&tag) + 1, &request);
		rest_complete(rest, &request);
		request.tag = buf_c(&tag);
		request.more = HARK_MORE_ALWAYS;
		request.may_fail = 1;
		rest->details++;
		rest->ahead++;
		rc = r->host->request_more(r->host, &request);
	}
	release(&kept);
	buf_release(&tag);
	return rc;
}

int rest_ask_waits(struct reading *r)
{
	struct rest *rest = r->rest;
	size_t i;
	json_t *wait;
	json_array_foreach(waits_of(rest), i, wait)
	{
		if (rest->is_troubled || rest->details >= (size_t)rest->d->detail.max ||
			!rest_can_pay(r, 1)) {
			return 0;
		}
		if (json_i64(wait, "t", 0) <= r->host->now_ms && !json_bool(wait, "a", false)) {
			json_object_set_new(wait, "a", json_true());
			return ask_for(r, wait);
		}
	}
	return 0;
}

/* --- answers --- */

static void note_failure(struct reading *r, json_t *wait, const struct verdict *v)
{
	json_int_t n = json_i64(wait, "n", 0) + 1;
	int status = r->reply->status;
	bool is_last = n >= TRIES_MAX || status == 404 || status == 410 || is_baseline(r->rest);
	r->rest->is_troubled |= status == 0 || status == 429 || status >= 500;
	if (is_last) {
		give_up(r, json_str(wait, "k").p, json_i64(wait, "h", 0), v->text);
		remove_wait(r->rest, wait);
		return;
	}
	struct str why = str_cut_utf8(str_c(v->text), WHY_MAX);
	int64_t until = r->host->now_ms + pauses_ms[n - 1];
	r->host->skipped(r->host, "its detail: %s", v->text);
	json_object_set_new(wait, "n", json_integer(n));
	json_object_set_new(wait, "t", json_integer(v->until_ms > until ? v->until_ms : until));
	json_object_set_new(wait, "y", json_stringn(why.p, why.n));
}

static void give_up_all(struct reading *r, const char *why)
{
	for (json_t *wait; (wait = json_array_get(waits_of(r->rest), 0)) != NULL;) {
		give_up(r, json_str(wait, "k").p, json_i64(wait, "h", 0), why);
		remove_wait(r->rest, wait);
	}
}

static int take(struct reading *r, const json_t *root, json_t *wait)
{
	struct rest *rest = r->rest;
	struct kept kept;
	keep(&kept, r, wait);
	kept.scope.at[POINTER_ROOT] = kept.scope.at[POINTER_DETAIL] = root;
	if (rest->d->detail.list_is_ids) {
		kept.scope.at[POINTER_ITEM] = root;
	}
	const json_t *item = kept.scope.at[POINTER_ITEM];
	int rc = json_is_object(item) ? rest_take_detailed(r, item) : 0;
	if (rest->d->detail.decides) {
		put_had(rest, json_str(wait, "k").p, json_i64(wait, "h", 0));
	}
	remove_wait(rest, wait);
	release(&kept);
	return rc;
}

/* --- what a detail says --- */

/* What is at the places that decide. */
struct saying {
	struct reading *r;
	enum { WANT_TEXT, WANT_TEXTS, WANT_FLAG, WANT_SCALAR, WANT_ANY } want;
	bool any, is_wrong;
};

static bool fits(const struct saying *s, const json_t *value)
{
	switch (s->want) {
	case WANT_TEXT:
		return json_is_string(value);
	case WANT_TEXTS:
		return json_is_string(value) || json_is_array(value);
	case WANT_FLAG: {
		struct str text = node_text(value, s->r->work.arena);
		return str_eq(text, STR("true")) || str_eq(text, STR("false"));
	}
	case WANT_SCALAR:
		return !json_is_object(value) && !json_is_array(value);
	default:
		return true;
	}
}

static bool look_at(void *ctx, const json_t *value, const json_t *within)
{
	struct saying *s = ctx;
	(void)within;
	s->any |= !json_is_null(value);
	s->is_wrong |= !json_is_null(value) && !fits(s, value);
	return true;
}

static void look_behind(struct saying *s, const struct pointer *p)
{
	if (p->from == POINTER_DETAIL) {
		pointer_visit(p, s->r->work.scope, look_at, s);
	}
}

static void look_at_bio(struct saying *s, const struct mapping *map)
{
	for (size_t i = 0; i < map->n; i++) {
		const struct field *f = &map->fields[i];
		for (size_t k = 0; k < f->n && strcmp(f->target->name, "author.bio") == 0; k++) {
			const struct alternative *a = &f->alternatives[k];
			s->want = a->steps.n > 0 ? WANT_TEXTS : WANT_TEXT;
			for (size_t m = 0; m < a->pointers_n; m++) {
				look_behind(s, &a->pointers[m]);
			}
		}
	}
}

static void look_at_conditions(struct saying *s, const struct conditions *all)
{
	for (size_t i = 0; i < all->n; i++) {
		const struct condition *c = &all->v[i];
		size_t flags = 0;
		for (size_t k = 0; k < c->values_n; k++) {
			flags += str_eq(c->values[k], STR("true")) ||
				 str_eq(c->values[k], STR("false"));
		}
		s->want = c->op == CONDITION_EXISTS           ? WANT_ANY
			  : flags > 0 && flags == c->values_n ? WANT_FLAG
							      : WANT_SCALAR;
		look_behind(s, &c->pointer);
	}
}

/* Why it does not say whether its author opts out; NULL: it does. An object without a bio has an empty one. */
static const char *is_silent(struct reading *r, const json_t *root)
{
	struct saying s = {.r = r};
	struct scope scope = {
		.at = {[POINTER_ITEM] = root, [POINTER_ROOT] = root, [POINTER_DETAIL] = root}};
	r->work.scope = &scope;
	look_at_bio(&s, &r->rest->d->map);
	look_at_bio(&s, &r->rest->d->detail.map);
	look_at_conditions(&s, &r->rest->d->items.opt_out);
	return s.is_wrong ? "what it says of its author is of another kind than expected"
	       : s.any    ? NULL
	       : verdict_error(root).n > 0 ? "it is an error"
	       : json_is_object(root)      ? NULL
					   : "it says nothing of its author";
}

/* What one address says goes for all who wait for it. */
int rest_read_wait(struct reading *r, const json_t *root, const struct verdict *v)
{
	struct str url = str_c(r->reply->tag + 1);
	struct verdict failed = *v;
	bool is_read = (v->kind == VERDICT_READ || v->kind == VERDICT_PARTIAL) &&
		       (json_is_object(root) || json_is_array(root));
	int rc = 0;
	const char *silent = is_read && r->rest->d->detail.decides ? is_silent(r, root) : NULL;
	if (silent != NULL) {
		is_read = false;
		snprintf(failed.text, sizeof(failed.text), "%s", silent);
	}
	if (failed.text[0] == '\0') {
		snprintf(failed.text, sizeof(failed.text), "there is nothing in it");
	}
	for (size_t i = json_array_size(waits_of(r->rest)); i-- > 0 && rc == 0;) {
		json_t *wait = json_incref(json_array_get(waits_of(r->rest), i));
		if (str_eq(json_str(wait, "u"), url) && is_read) {
			rc = take(r, root, wait);
		} else if (str_eq(json_str(wait, "u"), url)) {
			json_object_set_new(wait, "a", json_true());
			note_failure(r, wait, &failed);
		}
		json_decref(wait);
	}
	if (is_baseline(r->rest) && r->rest->is_troubled) {
		give_up_all(r, failed.text);
	}
	return rc == 0 ? rest_ask_waits(r) : rc;
}

/* An id is behind the cursor already. */
void rest_wait_for_id(struct reading *r, const char *text, const struct verdict *v)
{
	struct listed l = {text, "[]", 0};
	json_t *id = load(str_c(text));
	struct scope scope = {.at = {[POINTER_ITEM] = id}};
	r->work.scope = &scope;
	json_t *wait = id != NULL && has_room(r->rest, strlen(text)) ? wait_new(r, text, &l) : NULL;
	if (wait != NULL) {
		json_object_set_new(wait, "a", json_true());
		note_failure(r, wait, v);
	} else {
		give_up(r, text, 0, v->text);
	}
	json_decref(id);
}

/* --- polls --- */

bool rest_is_due(const struct cursor *c, int64_t now_ms)
{
	size_t i;
	json_t *wait;
	json_array_foreach(json_object_get(c->state, "waits"), i, wait)
	{
		if (json_i64(wait, "t", 0) <= now_ms) {
			return true;
		}
	}
	return false;
}

void rest_start_waits(struct rest *rest)
{
	size_t i;
	json_t *wait;
	rest->details = rest->ahead = rest->listed = rest->fresh = rest->lost = 0;
	rest->is_troubled = rest->is_full = false;
	json_array_foreach(waits_of(rest), i, wait)
	{
		json_object_del(wait, "a");
	}
}

/* What is not listed any more is forgotten in the end. A list of which nothing is known does not reach back. */
void rest_end_waits(struct reading *r)
{
	struct rest *rest = r->rest;
	enum cursor_kind kind = rest->d->cursor.kind;
	json_t *had = json_object_get(rest->now.state, "had"), *one;
	const char *key;
	void *next;
	json_object_foreach_safe(had, next, key, one)
	{
		json_int_t polls = json_integer_value(json_array_get(one, 1)) + 1;
		if (polls > HAD_POLLS_MAX) {
			json_object_del(had, key);
		} else {
			json_array_set_new(one, 1, json_integer(polls));
		}
	}
	if ((kind <= CURSOR_SEEN_SET || kind == CURSOR_STOP_AT) && !rest->before.first &&
		rest->listed > 1 && rest->fresh == rest->listed) {
		r->host->missed(r->host);
	}
}

void rest_say_waits(struct reading *r)
{
	struct rest *rest = r->rest;
	size_t i, n = 0;
	const char *why = "";
	json_t *wait;
	json_array_foreach(waits_of(rest), i, wait)
	{
		bool has_failed = json_i64(wait, "n", 0) > 0;
		n += has_failed;
		why = has_failed ? json_str(wait, "y").p : why;
	}
	if (rest->lost > 0) {
		r->host->degraded(r->host, 0, 0, "no detail of %s, left out: %s",
			COUNT(rest->lost, "item"), rest->lost_why);
	} else if (n > 0) {
		r->host->degraded(r->host, 0, 0, "no detail yet of %s, asked for again: %s",
			COUNT(n, "item"), why);
	}
}
