#include "connectors/cursor.h"

#include "connectors/id.h"
#include "monitor/base/hash.h"
#include "monitor/base/json.h"

#include <stdlib.h>

#define ANCHORS_MAX 10
#define ANCHOR_EMPTY_MAX 5 /* so many empty polls, and the anchor may be gone: ask without */
#define KNOWN_MAX 20000
#define KNOWN_BYTES_MAX ((size_t)10 << 20) /* of keys */
#define ID_BYTES_MAX 1000 /* goes into a request, so one that is longer would end them all */

void cursor_open(struct cursor *c, const char *text)
{
	json_error_t bad;
	*c = (struct cursor){.state = text != NULL ? json_loads(text, 0, &bad) : NULL};
	if (!json_is_object(c->state)) {
		json_decref(c->state);
		c->state = json_object();
	}
	if (json_str(c->state, "id").n > ID_BYTES_MAX) { /* by an older hark */
		json_object_del(c->state, "id");
	}
	c->first = json_object_size(c->state) == 0;
}

void cursor_close(struct cursor *c)
{
	json_decref(c->state);
	json_decref(c->met);
	json_decref(c->order);
	*c = (struct cursor){0};
}

char *cursor_write(const struct cursor *c)
{
	return c->state != NULL ? json_dumps(c->state, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
}

static void put(struct cursor *c, const char *key, struct str text)
{
	if (c->state != NULL) {
		json_object_set_new(
			c->state, key, json_stringn(text.p != NULL ? text.p : "", text.n));
	}
}

static void put_number(struct cursor *c, const char *key, int64_t number)
{
	if (c->state != NULL) {
		json_object_set_new(c->state, key, json_integer(number));
	}
}

struct str cursor_id(const struct cursor *c, const struct cursor_rule *rule)
{
	if (rule->kind == CURSOR_ANCHOR) {
		const json_t *anchors = json_object_get(c->state, "anchors");
		const json_t *newest = json_array_get(anchors, 0);
		bool doubtful = json_i64(c->state, "empty", 0) >= ANCHOR_EMPTY_MAX;
		return json_is_string(newest) && !doubtful ? str_c(json_string_value(newest))
							   : STR_NONE;
	}
	return json_str(c->state, "id");
}

int64_t cursor_since(const struct cursor *c, const struct cursor_rule *rule, int64_t now_ms)
{
	int64_t time = json_i64(c->state, "time", 0);
	if (time > 0 && time <= now_ms) {
		return time > rule->overlap_ms ? time - rule->overlap_ms : 0;
	}
	return rule->initial_ms > 0 && now_ms > rule->initial_ms ? now_ms - rule->initial_ms : 0;
}

bool cursor_has_misses(const struct cursor *c)
{
	const char *key;
	json_t *old;
	json_object_foreach(json_object_get(c->state, "known"), key, old)
	{
		if (json_integer_value(json_array_get(old, 1)) > 0) {
			return true;
		}
	}
	return false;
}

/* Digits, base 36, or digits with a fraction: what else there is has no order. */
static bool is_number(struct str id)
{
	size_t dots = 0;
	for (size_t i = 0; i < id.n; i++) {
		char c = id.p[i];
		bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
		dots += c == '.';
		if (!is_letter && !(c >= '0' && c <= '9') && !(c == '.' && dots == 1)) {
			return false;
		}
	}
	return true;
}

static enum cursor_place note_id(struct cursor *c, const struct cursor *before, struct str id)
{
	struct str newest = json_str(c->state, "id"), old = json_str(before->state, "id");
	if (!is_number(id)) {
		c->unfit = "neither digits nor base 36";
		return CURSOR_NEW;
	}
	if (newest.n == 0 || value_compare_ids(id, newest) > 0) {
		put(c, "id", id);
	}
	return old.n > 0 && value_compare_ids(id, old) <= 0 ? CURSOR_KNOWN : CURSOR_NEW;
}

/* An item dated ahead counts as one of now, so that what comes before its time is asked for; so does a time that
 * was remembered under a clock since set back. */
static enum cursor_place note_time(struct cursor *c, const struct cursor *before,
	const struct cursor_rule *rule, int64_t ms, int64_t now_ms)
{
	int64_t newest = json_i64(c->state, "time", 0), old = json_i64(before->state, "time", 0);
	int64_t at = ms < now_ms ? ms : now_ms;
	if (at > newest || newest > now_ms) {
		put_number(c, "time", at);
	}
	return old > 0 && old <= now_ms && ms < old - rule->overlap_ms ? CURSOR_KNOWN : CURSOR_NEW;
}

static enum cursor_place note_anchor(struct cursor *c, const struct cursor *before, struct str id)
{
	const json_t *anchors = json_object_get(before->state, "anchors");
	if (c->order == NULL) {
		c->order = json_array();
	}
	if (json_array_size(c->order) < ANCHORS_MAX) {
		json_array_append_new(c->order, json_stringn(id.p, id.n));
	}
	for (size_t i = 0; i < json_array_size(anchors); i++) {
		if (str_eq_c(id, json_string_value(json_array_get(anchors, i)))) {
			return CURSOR_KNOWN;
		}
	}
	return CURSOR_NEW;
}

/* Of the watched fields. */
static json_int_t fingerprint(const struct cursor_rule *rule, struct work *w)
{
	uint64_t h = 1;
	for (size_t i = 0; i < rule->watch.n; i++) {
		const struct field one = {.alternatives = &rule->watch.alternatives[i], .n = 1};
		struct str text = field_text(&one, w);
		h = hash64(text, h);
	}
	return (json_int_t)(h >> 12);
}

/* As the host keeps an id, so that what is gone is found there. */
static const char *key_of(struct str text, struct work *w)
{
	const char *key = id_fit(text.p, w->arena);
	return key != NULL ? key : "";
}

static void start_snapshot(struct cursor *c, const json_t *known)
{
	if (c->met != NULL) {
		return;
	}
	c->met = json_object();
	c->kept = json_object_size(known);
	for (void *at = json_object_iter((json_t *)known); at != NULL;
		at = json_object_iter_next((json_t *)known, at)) {
		c->kept_bytes += strlen(json_object_iter_key(at));
	}
}

/* What is known stays so: it must not look like news when there is room for it again. */
static bool take_room(struct cursor *c, const char *name)
{
	size_t n = strlen(name);
	if (c->kept >= KNOWN_MAX || c->kept_bytes + n > KNOWN_BYTES_MAX) {
		return false;
	}
	c->kept++;
	c->kept_bytes += n;
	return true;
}

static enum cursor_place note_key(struct cursor *c, const struct cursor *before,
	const struct cursor_rule *rule, struct work *w, struct str key)
{
	const char *name = key_of(key, w);
	json_int_t now = fingerprint(rule, w);
	const json_t *known = json_object_get(before->state, "known");
	const json_t *old = json_array_get(json_object_get(known, name), 0);
	start_snapshot(c, known);
	if (old == NULL && json_object_get(c->met, name) == NULL && !take_room(c, name)) {
		c->left_out++;
		return CURSOR_FULL;
	}
	json_object_set_new(c->met, name, json_pack("[I,i]", now, 0));
	return old == NULL                      ? CURSOR_NEW
	       : json_integer_value(old) == now ? CURSOR_KNOWN
						: CURSOR_CHANGED;
}

enum cursor_place cursor_note(struct cursor *c, const struct cursor *before,
	const struct cursor_rule *rule, struct work *w)
{
	struct values vs;
	int64_t ms;
	if (rule->kind <= CURSOR_SEEN_SET || rule->kind == CURSOR_TOKEN) {
		return CURSOR_NEW;
	}
	field_values(&rule->from, w, &vs);
	if (vs.n == 0) {
		return CURSOR_NEW;
	}
	if (rule->is_time) {
		return value_time(&vs.v[0], w->now_ms, &ms)
			       ? note_time(c, before, rule, ms, w->now_ms)
			       : CURSOR_NEW;
	}
	struct str text = value_text(&vs.v[0], w->arena);
	if (text.n == 0) {
		return CURSOR_NEW;
	}
	if (text.n > ID_BYTES_MAX && rule->kind != CURSOR_SNAPSHOT) {
		c->unfit = "too long";
		return CURSOR_NEW;
	}
	return rule->kind == CURSOR_SNAPSHOT ? note_key(c, before, rule, w, text)
	       : rule->kind == CURSOR_ANCHOR ? note_anchor(c, before, text)
					     : note_id(c, before, text);
}

void cursor_remember(struct cursor *c, const struct cursor_rule *rule, struct work *w,
	const char *const said[CURSOR_SAID])
{
	const char *name = key_of(field_text(&rule->from, w), w);
	json_t *known = json_object_get(c->met, name);
	for (size_t i = 0; known != NULL && i < CURSOR_SAID; i++) {
		json_t *text = said[i] != NULL ? json_string(said[i]) : NULL;
		json_array_append_new(known, text != NULL ? text : json_null());
	}
}

const char *cursor_said(const json_t *known, size_t i)
{
	return json_string_value(json_array_get(known, 2 + i));
}

void cursor_forget(struct cursor *c, const struct cursor_rule *rule, struct work *w)
{
	const char *name = key_of(field_text(&rule->from, w), w);
	json_object_del(json_object_get(c->state, "known"), name);
}

/* Keys that were not met have one more miss; after too many they are gone. Of a list that is cut they stand where
 * they stood. */
static void end_snapshot(struct cursor *c, const struct cursor_rule *rule,
	void (*gone)(void *ctx, const char *key, const json_t *known), void *ctx)
{
	json_t *known = json_object_get(c->state, "known");
	json_t *met = c->met != NULL ? c->met : json_object();
	c->met = NULL;
	for (void *at = json_object_iter(known); at != NULL;
		at = json_object_iter_next(known, at)) {
		const char *key = json_object_iter_key(at);
		const json_t *old = json_object_iter_value(at);
		if (json_object_get(met, key) != NULL) {
			continue;
		}
		json_int_t misses = json_integer_value(json_array_get(old, 1)) + !c->cut;
		if (misses >= rule->misses) {
			gone(ctx, key, old);
		} else {
			json_t *kept = json_copy((json_t *)old);
			json_array_set_new(kept, 1, json_integer(misses));
			json_object_set_new(met, key, kept);
		}
	}
	json_object_set_new(c->state, "known", met);
}

static void end_anchor(struct cursor *c)
{
	const json_t *anchors = json_object_get(c->state, "anchors");
	if (c->order == NULL) {
		put_number(c, "empty", json_i64(c->state, "empty", 0) % (ANCHOR_EMPTY_MAX + 1) + 1);
		return;
	}
	for (size_t i = 0; json_array_size(c->order) < ANCHORS_MAX && i < json_array_size(anchors);
		i++) {
		json_array_append(c->order, json_array_get(anchors, i));
	}
	json_object_set_new(c->state, "anchors", c->order);
	c->order = NULL;
	put_number(c, "empty", 0);
}

void cursor_end(struct cursor *c, const struct cursor_rule *rule,
	void (*gone)(void *ctx, const char *key, const json_t *known), void *ctx)
{
	if (c->state != NULL && rule->kind == CURSOR_SNAPSHOT) {
		end_snapshot(c, rule, gone, ctx);
	} else if (c->state != NULL && rule->kind == CURSOR_ANCHOR) {
		end_anchor(c);
	}
}
