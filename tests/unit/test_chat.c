/* Alerts as chats get them: each against a file that shows the whole message, and what strangers wrote in it. */
#include "tests/unit/unit.h"

#include "monitor/base/file.h"
#include "monitor/base/json.h"
#include "monitor/notify/chat.h"
#include "tests/unit/zone_file.h"

#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name;
	void (*write)(struct buf *out, const struct message *m);
} chats[] = {{"slack", chat_slack}, {"teams", chat_teams}, {"discord", chat_discord}};
#define CHATS (sizeof(chats) / sizeof(chats[0]))

static struct buf alert_file(const char *name)
{
	struct buf b;
	char path[300];
	snprintf(path, sizeof(path), "%s/tests/fixtures/alerts/%s", getenv("top_srcdir"), name);
	buf_init(&b, 1 << 20);
	assert_int_equal(file_read(&b, path, NULL), HARK_OK);
	return b;
}

static json_t *message_of(struct str payload, size_t chat, size_t *bytes)
{
	struct message m;
	struct buf out;
	buf_init(&out, 1 << 20);
	assert_int_equal(message_read(&m, payload, MESSAGE_QUOTE_BYTES, NULL, NULL), HARK_OK);
	chats[chat].write(&out, &m);
	message_release(&m);
	assert_int_equal(out.rc, HARK_OK);
	json_t *got = json_read(buf_str(&out), NULL);
	assert_non_null(got);
	*bytes = out.n;
	buf_release(&out);
	return got;
}

/* Both as text with their keys in order, so that a difference can be read. */
static void is_as_in_file(json_t *got, const char *name)
{
	struct buf file = alert_file(name);
	json_t *want = json_read(buf_str(&file), NULL);
	assert_non_null(want);
	char *a = json_dumps(got, JSON_INDENT(1) | JSON_SORT_KEYS);
	char *b = json_dumps(want, JSON_INDENT(1) | JSON_SORT_KEYS);
	assert_non_null(a);
	assert_non_null(b);
	if (strcmp(a, b) != 0) {
		print_error("%s should be:\n", name);
		for (const char *line = a, *end; *line != '\0';
			line = *end != '\0' ? end + 1 : end) {
			end = strchrnul(line, '\n');
			print_error("%.*s\n", (int)(end - line), line);
		}
	}
	assert_string_equal(a, b);
	free(a);
	free(b);
	json_decref(want);
	buf_release(&file);
}

static void messages_are_as_their_files_show_them(void **state)
{
	(void)state;
	static const char *const alerts[] = {"lead", "alarm", "hostile", "digest"};
	for (size_t i = 0; i < 4; i++) {
		char name[100];
		snprintf(name, sizeof(name), "%s.json", alerts[i]);
		struct buf payload = alert_file(name);
		for (size_t k = 0; k < CHATS; k++) {
			size_t bytes;
			json_t *got = message_of(buf_str(&payload), k, &bytes);
			snprintf(name, sizeof(name), "%s.%s.json", alerts[i], chats[k].name);
			is_as_in_file(got, name);
			json_decref(got);
		}
		buf_release(&payload);
	}
}

/* The longest text anywhere in a value, in characters. */
static size_t longest(const json_t *v)
{
	size_t most = 0, i;
	const char *key;
	json_t *member;
	if (json_is_string(v)) {
		for (const char *p = json_string_value(v); *p != '\0'; p++) {
			most += ((unsigned char)*p & 0xc0) != 0x80;
		}
	}
	json_array_foreach(v, i, member)
	{
		size_t n = longest(member);
		most = n > most ? n : most;
	}
	json_object_foreach((json_t *)v, key, member)
	{
		size_t n = longest(member);
		most = n > most ? n : most;
	}
	return most;
}

/* An alert in which every text is as long as can be, of characters that are escaped. */
static void add_long_alert(struct buf *out, const char *unit, size_t evidence)
{
	struct buf text;
	buf_init(&text, 1 << 20);
	for (size_t i = 0; i < 2000; i++) {
		buf_add_c(&text, unit);
	}
	buf_add_c(out, "{\"type\":\"lead.raised\",\"data\":{\"id\":\"lead_1\",\"kind\":\"praise\"");
	static const char *const keys[] = {"title", "why", "owner", "level", "privacy_contact"};
	for (size_t i = 0; i < 5; i++) {
		buf_printf(out, ",\"%s\":\"%s\"", keys[i], buf_c(&text));
	}
	buf_printf(out, ",\"subject\":{\"name\":\"%s\"},\"evidence\":[", buf_c(&text));
	for (size_t i = 0; i < evidence; i++) {
		buf_printf(out, "%s{\"author\":\"%s\",\"source\":\"%s\",\"text\":\"%s\"}",
			i > 0 ? "," : "", buf_c(&text), buf_c(&text), buf_c(&text));
	}
	buf_add_c(out, "]}}");
	buf_release(&text);
}

static void long_alerts_stay_below_what_chats_take(void **state)
{
	(void)state;
	static const char *const units[] = {"*", "<", "x ", "\xf0\x9f\x98\x80", "\\u0001", "\\n"};
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		struct buf payload;
		buf_init(&payload, 4 << 20);
		add_long_alert(&payload, units[i], 12);
		assert_int_equal(payload.rc, HARK_OK);
		for (size_t k = 0; k < CHATS; k++) {
			size_t bytes;
			json_t *got = message_of(buf_str(&payload), k, &bytes);
			assert_true(bytes < 28000);
			assert_true(longest(got) <= (k == 2 ? 4096 : 3000));
			if (k == 0) {
				json_t *header = json_array_get(json_object_get(got, "blocks"), 0);
				assert_true(json_array_size(json_object_get(got, "blocks")) <= 50);
				assert_true(longest(json_object_get(header, "text")) <= 150);
			}
			json_decref(got);
		}
		buf_release(&payload);
	}
}

static void an_alert_with_nothing_in_it_is_a_message_still(void **state)
{
	(void)state;
	for (size_t k = 0; k < CHATS; k++) {
		size_t bytes;
		json_t *got = message_of(STR("{\"data\":{}}"), k, &bytes);
		json_decref(got);
	}
	struct message m;
	assert_int_equal(message_read(&m, STR("[1"), 100, NULL, NULL), HARK_EPARSE);
	message_release(&m);
}

/* Discord takes the shortest text of the three. */
static void a_digest_that_does_not_fit_says_how_many_leads_it_leaves_out(void **state)
{
	(void)state;
	struct buf file = alert_file("digest.json");
	json_t *digest = json_read(buf_str(&file), NULL);
	json_t *data = json_object_get(digest, "data"), *leads = json_object_get(data, "leads");
	char title[201];
	memset(title, 'x', 200);
	title[200] = '\0';
	json_object_set_new(json_array_get(leads, 2), "title", json_string(title));
	while (json_array_size(leads) < 40) {
		json_array_append_new(leads, json_deep_copy(json_array_get(leads, 2)));
	}
	json_object_set_new(data, "leads_count", json_integer(42));
	char *payload = json_dumps(digest, 0);
	size_t bytes, shown = 0;
	json_t *got = message_of(str_c(payload), 2, &bytes);
	const json_t *embed = json_array_get(json_object_get(got, "embeds"), 0);
	const char *text = json_string_value(json_object_get(embed, "description"));
	for (const char *p = text; (p = strstr(p, ", lead ")) != NULL; p++) {
		shown++;
	}
	assert_true(shown > 0);
	char want[60];
	snprintf(want, sizeof(want), "%zu more leads", 42 - shown);
	const char *footer = json_string_value(
		json_object_get(json_object_get(embed, "footer"), "text"));
	assert_non_null(footer);
	if (shown >= 40 || strstr(footer, want) == NULL) {
		fail_msg("%zu are shown: %s", shown, footer);
	}
	json_decref(got);
	free(payload);
	json_decref(digest);
	buf_release(&file);
}

static void praise_says_whether_they_may_be_asked(void **state)
{
	static const struct {
		const char *reference, *fact;
	} cases[] = {
		{"{\"id\":\"ref_1\",\"may_ask\":true,\"ask_through\":\"bea\"}", "ask them for more through bea"},
		{"{\"id\":\"ref_1\",\"may_ask\":false,\"why\":\"they rest\",\"next_free\":\"2027-02-18T00:00:00Z\"}",
			"do not ask them for more before 2027-02-18: they rest"},
		{"{\"id\":\"ref_1\",\"may_ask\":false,\"why\":\"a case is open\"}",
			"do not ask them for more: a case is open"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct message m;
		struct message_fact facts[MESSAGE_FACTS_MAX];
		char payload[400];
		snprintf(payload, sizeof(payload), "{\"data\":{\"kind\":\"praise\",\"reference\":%s}}",
			cases[i].reference);
		assert_int_equal(
			message_read(&m, str_c(payload), MESSAGE_QUOTE_BYTES, NULL, NULL), HARK_OK);
		size_t n = message_facts(&m, facts);
		assert_true(n > 0);
		assert_string_equal(facts[n - 1].name, "Reference");
		assert_string_equal(facts[n - 1].value, cases[i].fact);
		message_release(&m);
	}
}

static void a_day_is_that_of_the_place_of_whoever_reads_it(void **state)
{
	static const struct {
		const char *zone, *day;
	} cases[] = {
		{NULL, "2027-02-18"}, {ZONE_BERLIN, "2027-02-19"}, {ZONE_NEW_YORK, "2027-02-18"}};
	static const char lead[] = "{\"data\":{\"reference\":{\"why\":\"they rest\",\"next_free\":"
				   "\"2027-02-18T23:30:00Z\"}}}";
	static const char digest[] =
		"{\"data\":{\"leads\":[{\"id\":\"lead_1\",\"reference\":{\"why\":"
		"\"they rest\",\"next_free\":\"2027-02-18T23:30:00Z\"}}]}}";
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct message m;
		struct buf file;
		struct arena arena;
		const struct zone *zone = NULL;
		arena_init(&arena, 0);
		buf_init(&file, 4096);
		if (cases[i].zone != NULL) {
			zone_file(&file, cases[i].zone, NULL, 0, (const int32_t[]){0, 0});
			assert_int_equal(zone_read(&zone, buf_str(&file), &arena, NULL), HARK_OK);
		}
		assert_int_equal(message_read(&m, str_c(lead), 100, zone, NULL), HARK_OK);
		assert_string_equal(m.ask_from, cases[i].day);
		message_release(&m);
		assert_int_equal(message_read(&m, str_c(digest), 100, zone, NULL), HARK_OK);
		assert_string_equal(m.rows[0].ask_from, cases[i].day);
		message_release(&m);
		buf_release(&file);
		arena_release(&arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_day_is_that_of_the_place_of_whoever_reads_it),
		cmocka_unit_test(praise_says_whether_they_may_be_asked),
		cmocka_unit_test(messages_are_as_their_files_show_them),
		cmocka_unit_test(a_digest_that_does_not_fit_says_how_many_leads_it_leaves_out),
		cmocka_unit_test(long_alerts_stay_below_what_chats_take),
		cmocka_unit_test(an_alert_with_nothing_in_it_is_a_message_still),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
