#include "tests/unit/unit.h"

#include "monitor/config/values.h"

static int64_t duration(const char *text)
{
	int64_t ms = -1;
	struct hark_err err;
	return value_duration(str_c(text), &ms, &err) == HARK_OK ? ms : -1;
}

static void durations_take_every_unit_and_their_sum(void **state)
{
	(void)state;
	assert_int_equal(duration("0"), 0);
	assert_int_equal(duration("500ms"), 500);
	assert_int_equal(duration("15m"), 15 * 60000);
	assert_int_equal(duration("1h30m"), 90 * 60000);
	assert_int_equal(duration("14d"), INT64_C(14) * 86400000);
	assert_int_equal(duration("2w"), INT64_C(14) * 86400000);
	assert_int_equal(duration("100w"), INT64_C(700) * 86400000);
}

static void durations_that_could_mean_two_things_are_refused(void **state)
{
	(void)state;
	const char *const wrong[] = {"", "15", "m", "-5m", "1.5h", "30m1h", "1h1h", "1h 30m", "5y",
		"15 m", "9223372036854775807w", "99999999999999999999d", "20000w", "5m!"};
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_equal(duration(wrong[i]), -1);
	}
	struct hark_err err;
	int64_t ms;
	value_duration(STR("15"), &ms, &err);
	assert_string_equal(err.text, "'15' has no unit: write 15s, 15m, 15h or 15d");
}

static void durations_are_written_as_they_are_read(void **state)
{
	(void)state;
	const char *const texts[] = {"0", "500ms", "2s", "30m", "1h30m", "14d", "1d1h1m1s1ms"};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct buf out;
		buf_init(&out, 100);
		value_write_duration(&out, duration(texts[i]));
		assert_string_equal(buf_c(&out), texts[i]);
		buf_release(&out);
	}
}

static void sizes_take_both_families_of_units(void **state)
{
	(void)state;
	int64_t n = 0;
	struct hark_err err;
	assert_int_equal(value_size(STR("16MiB"), &n, &err), 0);
	assert_int_equal(n, 16 << 20);
	assert_int_equal(value_size(STR("500kB"), &n, &err), 0);
	assert_int_equal(n, 500000);
	assert_int_equal(value_size(STR("4096"), &n, &err), 0);
	assert_int_equal(n, 4096);
	assert_int_not_equal(value_size(STR("-1"), &n, &err), 0);
	assert_int_not_equal(value_size(STR("16 MiB"), &n, &err), 0);
	assert_int_not_equal(value_size(STR("16M"), &n, &err), 0);
	assert_int_not_equal(value_size(STR("99999999999GiB"), &n, &err), 0);
	struct buf out;
	buf_init(&out, 100);
	value_write_size(&out, 16 << 20);
	assert_string_equal(buf_c(&out), "16MiB");
	buf_release(&out);
}

static void yes_and_no_have_three_spellings(void **state)
{
	(void)state;
	bool b = false;
	struct hark_err err;
	assert_int_equal(value_bool(STR("yes"), &b, &err), 0);
	assert_true(b);
	assert_int_equal(value_bool(STR("off"), &b, &err), 0);
	assert_false(b);
	assert_int_equal(value_bool(STR("true"), &b, &err), 0);
	assert_true(b);
	assert_int_not_equal(value_bool(STR("1"), &b, &err), 0);
	assert_int_not_equal(value_bool(STR("YES"), &b, &err), 0);
}

static void urls_are_http_with_a_host_and_without_a_password(void **state)
{
	(void)state;
	struct hark_err err;
	const char *const good[] = {"https://news.example.com/rss", "http://127.0.0.1:8080/",
		"http://[::1]:80/x?y=z", "HTTPS://EXAMPLE.com", "https://bücher.example/feed"};
	const char *const wrong[] = {"", "news.example.com/rss", "ftp://example.com/x", "https://",
		"https:///x", "https://u:p@example.com/", "https://example.com:99999/",
		"https://example.com:x/", "https://exa mple.com/", "https://example.com/a b",
		"https://[::1/", "https://[zz]/", "javascript:alert(1)", "file:///etc/passwd",
		"https://example.com/<x>", "https://.com/"};
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		assert_int_equal(value_url(str_c(good[i]), &err), 0);
	}
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		assert_int_not_equal(value_url(str_c(wrong[i]), &err), 0);
	}
	value_url(STR("https://user:hunter2@example.com/"), &err);
	assert_null(strstr(err.text, "hunter2"));
}

static void a_contact_is_a_mail_address_or_a_page(void **state)
{
	(void)state;
	struct hark_err err;
	assert_int_equal(value_contact(STR("mailto:ops@example.com"), &err), 0);
	assert_int_equal(value_contact(STR("https://example.com/bot"), &err), 0);
	assert_int_not_equal(value_contact(STR("ops@example.com"), &err), 0);
	assert_string_equal(err.text, "write mailto:ops@example.com");
	assert_int_not_equal(value_contact(STR("mailto:ops"), &err), 0);
	assert_int_not_equal(value_contact(STR("mailto:a@b.example\r\nX: y"), &err), 0);
	assert_int_not_equal(value_contact(STR("me"), &err), 0);
}

static void listen_addresses_name_a_port(void **state)
{
	(void)state;
	struct hark_err err;
	assert_int_equal(value_listen(STR("127.0.0.1:8787"), &err), 0);
	assert_int_equal(value_listen(STR("[::1]:8787"), &err), 0);
	assert_int_equal(value_listen(STR("unix:/run/hark/api.sock"), &err), 0);
	assert_int_not_equal(value_listen(STR("127.0.0.1"), &err), 0);
	assert_int_not_equal(value_listen(STR(":8787"), &err), 0);
	assert_int_not_equal(value_listen(STR("127.0.0.1:0"), &err), 0);
}

static void only_a_place_is_taken_for_a_secret(void **state)
{
	(void)state;
	struct conf_secret s = {0};
	struct hark_err err;
	assert_int_equal(value_secret(STR("env:HARK_TOKEN"), &s, &err), 0);
	assert_int_equal(s.from, SECRET_ENV);
	assert_string_equal(s.name, "HARK_TOKEN");
	assert_int_equal(value_secret(STR("file:/etc/hark/hook.key"), &s, &err), 0);
	assert_int_equal(s.from, SECRET_FILE);
	assert_int_equal(value_secret(STR("credential:hook"), &s, &err), 0);
	assert_int_equal(s.from, SECRET_CREDENTIAL);
	assert_int_not_equal(value_secret(STR("credential:../hook"), &s, &err), 0);
	assert_int_not_equal(value_secret(STR("env:"), &s, &err), 0);
	assert_int_not_equal(value_secret(STR("whsec_CANARY"), &s, &err), 0);
	assert_null(strstr(err.text, "CANARY"));
}

static void hosts_nobody_else_can_reach_are_internal(void **state)
{
	(void)state;
	const char *const inside[] = {"localhost", "127.0.0.1", "10.1.2.3", "192.168.0.1",
		"172.31.0.1", "169.254.1.1", "100.64.0.1", "::1", "fd00::1", "fe80::1", "wiki",
		"wiki.corp.internal", "printer.LOCAL", "127.1", "0x7f.1", "10.1", "0.0.0.0",
		"localhost.", "wiki.local.", "::", "::ffff:127.0.0.1", "64:ff9b::7f00:1"};
	const char *const outside[] = {"example.com", "8.8.8.8", "172.32.0.1", "100.128.0.1",
		"2001:db8::1", "local.example", "", "8.1", "0x08.1", "example.com.",
		"::ffff:8.8.8.8", "64:ff9b::808:808"};
	for (size_t i = 0; i < sizeof(inside) / sizeof(*inside); i++) {
		assert_true(host_is_internal(str_c(inside[i])));
	}
	for (size_t i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		assert_false(host_is_internal(str_c(outside[i])));
	}
	assert_str_is(url_host(STR("http://[fd00::1]:80/x")), "fd00::1");
	assert_str_is(url_host(STR("https://a.example:8443/x:y")), "a.example");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations_take_every_unit_and_their_sum),
		cmocka_unit_test(durations_that_could_mean_two_things_are_refused),
		cmocka_unit_test(durations_are_written_as_they_are_read),
		cmocka_unit_test(sizes_take_both_families_of_units),
		cmocka_unit_test(yes_and_no_have_three_spellings),
		cmocka_unit_test(urls_are_http_with_a_host_and_without_a_password),
		cmocka_unit_test(a_contact_is_a_mail_address_or_a_page),
		cmocka_unit_test(listen_addresses_name_a_port),
		cmocka_unit_test(only_a_place_is_taken_for_a_secret),
		cmocka_unit_test(hosts_nobody_else_can_reach_are_internal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
