/* Every definition's sample, damaged in every place: each field nulled, taken away, of another type or
 * huge, the document cut anywhere. Nothing crashes, whatever comes has an id or an address, no word is
 * made up, and numbers beyond 2^53 stay exact. */
#include "tests/unit/unit.h"

#include "connectors/collect.h"
#include "connectors/definition.h"
#include "connectors/profile.h"
#include "connectors/registry.h"
#include "monitor/base/file.h"
#include "monitor/base/json.h"

#include <stdio.h>
#include <stdlib.h>

#define NOW_MS INT64_C(1788307200000) /* 2026-09-02 */
#define HUGE_BYTES 20000
#define CUTS 60
#define BIG "9007199254740993" /* 2^53 + 1 */

struct sample {
	const struct hark_connector *connector;
	const struct definition_test *test;
	void *ctx;
	json_t *root;
	struct buf text, records;
	size_t variants;
	bool big_seen;  /* a number that was made big came out */
	struct buf ids; /* of the undamaged records, each between newlines */
	int64_t *known; /* every number and time of the undamaged records */
	size_t known_n;
	bool only_less; /* the damage is that something is missing */
};

static void open_sample(struct sample *s)
{
	struct hark_pair pairs[64];
	struct hark_err err;
	size_t n = 0;
	for (const struct hark_setting *v = s->connector->settings; v->name != NULL && n < 64;
		v++) {
		if (v->example != NULL && v->required) {
			pairs[n++] = (struct hark_pair){v->name, v->example};
		}
	}
	assert_int_equal(collect_open(s->connector, pairs, n, &s->ctx, &err), HARK_OK);
}

static bool has(const char *text, const char *word)
{
	return strstr(text, word) != NULL;
}

/* What only a printer of nothing writes. */
static void check_words(const struct sample *s, const char *records, const char *body)
{
	static const char *const made_up[] = {"null", "(nil)", "undefined", "[object", "NaN"};
	for (size_t i = 0; i < sizeof(made_up) / sizeof(*made_up); i++) {
		if (has(records, made_up[i]) && !has(buf_c(&s->text), made_up[i]) &&
			!has(body, "\""
				   "null")) {
			print_message("%s made up '%s' of %.300s:\n%.2000s\n", s->connector->name,
				made_up[i], body, records);
			fail();
		}
	}
}

#define NUMBERS 10

static void numbers_of(const struct post *p, int64_t out[NUMBERS])
{
	const int64_t all[NUMBERS] = {p->published, p->edited, p->likes, p->replies, p->shares,
		p->views, p->score, p->rating, p->author.followers, p->author.following};
	memcpy(out, all, sizeof(all));
}

static void learn_numbers(struct sample *s, const struct collected *got)
{
	s->known = calloc(got->posts_n * NUMBERS + 2, sizeof(*s->known));
	assert_non_null(s->known);
	s->known[s->known_n++] = COUNT_NONE;
	s->known[s->known_n++] = 0;
	buf_add_char(&s->ids, '\n');
	for (size_t i = 0; i < got->posts_n; i++) {
		buf_printf(&s->ids, "%.*s\n", STR_FMT(got->posts[i].external_id));
		numbers_of(&got->posts[i], s->known + s->known_n);
		s->known_n += NUMBERS;
	}
}

static bool is_known_id(const struct sample *s, struct str id)
{
	char line[COLLECT_FIELD_MAX + 3];
	snprintf(line, sizeof(line), "\n%.*s\n", STR_FMT(id));
	return has(buf_c(&s->ids), line);
}

/* Where something is missing, the other numbers stay what they were or are absent; only a time of
 * publication may give way to another of the item's times. */
static void check_numbers(const struct sample *s, const struct collected *got, const char *body)
{
	for (size_t i = 0; i < got->posts_n; i++) {
		int64_t numbers[NUMBERS];
		if (!is_known_id(s, got->posts[i].external_id)) {
			continue; /* one that was left out before */
		}
		numbers_of(&got->posts[i], numbers);
		for (size_t k = 1; k < NUMBERS; k++) {
			size_t at = 0;
			while (at < s->known_n && s->known[at] != numbers[k]) {
				at++;
			}
			if (at == s->known_n) {
				print_message("%s made up %lld (%zu) in %.*s:\n%.3000s\n",
					s->connector->name, (long long)numbers[k], k,
					STR_FMT(got->posts[i].external_id), body);
				fail();
			}
		}
	}
}

static void check_records(struct sample *s, const struct collected *got, const char *body)
{
	buf_clear(&s->records);
	for (size_t i = 0; i < got->posts_n; i++) {
		const struct post *p = &got->posts[i];
		assert_true(p->external_id.n > 0 || p->url.n > 0);
		assert_true(
			p->external_id.n <= COLLECT_FIELD_MAX && p->title.n <= COLLECT_TITLE_MAX);
		post_write_json(p, &s->records);
		buf_add_char(&s->records, '\n');
	}
	for (size_t i = 0; i < got->profiles_n; i++) {
		assert_true(got->profiles[i].person != NULL || got->profiles[i].handle != NULL ||
			    got->profiles[i].url != NULL);
		profile_write_json(&got->profiles[i], STR_NONE, &s->records);
		buf_add_char(&s->records, '\n');
	}
	if (s->records.n > 0) {
		check_words(s, buf_c(&s->records), body);
		s->big_seen |= has(buf_c(&s->records), BIG);
		assert_false(has(buf_c(&s->records), "9007199254740992"));
	}
}

static void run_bytes(struct sample *s, const char *body, size_t bytes)
{
	struct collected got;
	struct arena arena;
	struct hark_err err = {.text = ""};
	arena_init(&arena, 0);
	const struct hark_reply reply = {.url = s->test->url,
		.status = 200,
		.body = body,
		.body_bytes = bytes,
		.received_ms = s->test->now_ms != 0 ? s->test->now_ms : NOW_MS};
	int rc = collect(&got, s->connector, s->ctx, STR("s"), &reply, &arena, &err);
	if (rc == HARK_OK) {
		check_records(s, &got, body);
		if (s->known == NULL) {
			learn_numbers(s, &got);
		} else if (s->only_less) {
			check_numbers(s, &got, body);
		}
	} else {
		assert_true(err.text[0] != '\0');
	}
	arena_release(&arena);
	s->variants++;
}

static void run_tree(struct sample *s)
{
	char *text = json_dumps(s->root, JSON_COMPACT | JSON_ENCODE_ANY);
	assert_non_null(text);
	run_bytes(s, text, strlen(text));
	free(text);
}

static json_t *huge_text(void)
{
	char *text = malloc(HUGE_BYTES + 1);
	assert_non_null(text);
	for (size_t i = 0; i < HUGE_BYTES; i++) {
		text[i] = "<b>&amp;a\"[x](y) "[i % 17];
	}
	text[HUGE_BYTES] = '\0';
	json_t *value = json_string(text);
	free(text);
	return value;
}

/* Everything a value may turn out to be. */
static json_t *wrong_value(size_t i)
{
	switch (i) {
	case 0:
		return json_null();
	case 1:
		return json_true();
	case 2:
		return json_integer(-1);
	case 3:
		return json_integer(INT64_C(9007199254740993));
	case 4:
		return json_integer(INT64_MAX);
	case 5:
		return json_real(1.5e300);
	case 6:
		return json_string("");
	case 7:
		return json_string("\xf0\x9f\x98\x80 <i>&#0;&nbsp;</i> 1970-13-45T99:99:99Z");
	case 8:
		return json_array();
	case 9:
		return json_object();
	case 10:
		return json_pack("[[[{s:n}]]]", "id");
	case 11:
		return json_pack("{s:{s:[n,i,s]}}", "id", "name", 7, "x");
	case 12:
		return huge_text();
	default:
		return NULL;
	}
}

static void damage_object(struct sample *s, json_t *node);

static void damage_below(struct sample *s, json_t *value)
{
	json_t *element;
	size_t i;
	if (json_is_object(value)) {
		damage_object(s, value);
	} else if (json_is_array(value)) {
		json_array_foreach(value, i, element)
		{
			damage_below(s, element);
		}
	}
}

static void damage_object(struct sample *s, json_t *node)
{
	size_t n = json_object_size(node), at = 0;
	const char **keys = calloc(n + 1, sizeof(*keys));
	json_t *value;
	const char *key;
	assert_non_null(keys);
	json_object_foreach(node, key, value)
	{
		keys[at++] = strdup(key);
	}
	for (at = 0; at < n; at++) {
		json_t *good = json_incref(json_object_get(node, keys[at])), *bad;
		for (size_t i = 0; (bad = wrong_value(i)) != NULL; i++) {
			json_object_set_new(node, keys[at], bad);
			s->only_less = json_is_null(bad);
			run_tree(s);
		}
		json_object_del(node, keys[at]);
		s->only_less = true;
		run_tree(s);
		s->only_less = false;
		json_object_set_new(node, keys[at], json_deep_copy(good));
		json_decref(good);
		damage_below(s, json_object_get(node, keys[at]));
		free((char *)keys[at]);
	}
	free(keys);
}

/* A copy of its own size, so that a reader behind the end is seen. */
static void cut_anywhere(struct sample *s)
{
	size_t step = s->text.n / CUTS + 1;
	for (size_t n = 0; n < s->text.n; n += step) {
		char *copy = malloc(n + 1);
		assert_non_null(copy);
		memcpy(copy, s->text.p, n);
		copy[n] = '\0';
		run_bytes(s, copy, n);
		free(copy);
	}
}

static void run_sample(const struct hark_connector *c, const struct definition *d,
	const struct definition_test *test)
{
	struct sample s = {.connector = c, .test = test};
	char path[4096];
	const char *slash = strrchr(d->path, '/');
	snprintf(path, sizeof(path), "%.*s/%s", (int)(slash - d->path), d->path, test->sample);
	buf_init(&s.text, 16u << 20);
	buf_init(&s.records, 64u << 20);
	buf_init(&s.ids, 1u << 20);
	assert_int_equal(file_read(&s.text, path, NULL), HARK_OK);
	open_sample(&s);
	run_bytes(&s, buf_c(&s.text), s.text.n);
	assert_true(s.records.n > 0 || test->detail != NULL || d->cursor.kind == CURSOR_SNAPSHOT);
	cut_anywhere(&s);
	s.root = json_read(buf_str(&s.text), NULL);
	if (s.root != NULL) {
		damage_below(&s, s.root);
		assert_true(s.variants > 100);
		assert_true(s.big_seen);
	}
	json_decref(s.root);
	free(s.known);
	collect_close(c, s.ctx);
	buf_release(&s.text);
	buf_release(&s.records);
	buf_release(&s.ids);
}

static void every_definition_survives_its_sample_damaged_in_every_place(void **state)
{
	const char *names[CONNECTORS_MAX];
	size_t n = connector_names(names, CONNECTORS_MAX), definitions = 0;
	(void)state;
	for (size_t i = 0; i < n; i++) {
		const struct hark_connector *c = connector_find(names[i]);
		const struct definition *d = c != NULL ? connector_definition(c) : NULL;
		for (size_t k = 0; d != NULL && k < d->tests_n; k++) {
			run_sample(c, d, &d->tests[k]);
		}
		definitions += d != NULL;
	}
	assert_true(definitions >= 30);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_definition_survives_its_sample_damaged_in_every_place),
	};
	return cmocka_run_group_tests_name("hostile", tests, NULL, NULL);
}
