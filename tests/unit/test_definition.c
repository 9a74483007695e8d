#include "tests/unit/rest_unit.h"

/* The only error of a text, at its place. */
static void refuses(const char *text, unsigned line, unsigned col, const char *code,
	const char *message, const char *help)
{
	struct rest_run run;
	assert_int_equal(rest_read(&run, text), HARK_EPARSE);
	if (run.diags.n != 1) {
		diags_print(&run.diags, stderr, false);
	}
	assert_int_equal(run.diags.n, 1);
	const struct diag *d = &run.diags.v[0];
	assert_string_equal(d->code, code);
	assert_non_null(strstr(d->message, message));
	assert_int_equal(d->at.line, line);
	assert_int_equal(d->at.col, col);
	if (help != NULL) {
		assert_non_null(d->help);
		assert_non_null(strstr(d->help, help));
	}
	rest_end(&run);
}

static void an_unknown_key_has_a_place_and_a_near_name(void **state)
{
	(void)state;
	refuses(DEFINITION("map: { external_id: /id }\npagin: { kind: none }\n"), 6, 1, "D001",
		"has no key 'pagin'", "did you mean paging?");
	refuses(DEFINITION("map: { external_id: /id, titel: /t }\n"), 5, 26, "D001",
		"has no field 'titel'", "did you mean title?");
	refuses(DEFINITION("map: { external_id: /id }\nrate: { buckets: { n: 1, per: 1s, scope: "
			   "host, burst: 3 } }\n"),
		6, 48, "D001", "has no key 'burst'", NULL);
}

static void an_unknown_step_has_a_place_and_a_near_name(void **state)
{
	(void)state;
	refuses(DEFINITION("map: { external_id: { pointer: /id, do: [ strng ] } }\n"), 5, 43,
		"D007", "did you mean 'string'?", NULL);
	refuses(DEFINITION("map: { external_id: { pointer: /id, do: [ truncate ] } }\n"), 5, 43,
		"D007", "needs N", NULL);
	refuses(DEFINITION("map: { external_id: { pointer: /id, do: [ \"trim:x\" ] } }\n"), 5, 43,
		"D007", "takes nothing", NULL);
	refuses(DEFINITION("map: { external_id: { pointer: /id, do: [ [ regex, \"(\" ] ] } }\n"), 5,
		43, "D007", "", NULL);
}

static void what_is_missing_is_said(void **state)
{
	(void)state;
	refuses(DEFINITION("map: { url: /u }\n"), 5, 6, "D003", "lacks external_id", NULL);
	refuses("id: board\nabout: a board\nitems: { pointer: /items }\nmap: { external_id: /id }\n",
		1, 1, "D003", "lacks request", NULL);
	refuses(DEFINITION("map: { external_id: /id }\ncursor: { kind: max_id }\n"), 6, 9, "D003",
		"lacks from", NULL);
	refuses(DEFINITION(
			"map: { external_id: /id }\nvars: { q: { about: x, required: true } }\n"),
		6, 12, "D003", "example", NULL);
}

#define PUSHED(rest)                                     \
	"id: board\nabout: a board\npushed: true\n" rest \
	"items: { pointer: /items }\nmap: { external_id: /id }\n"

static void what_is_pushed_asks_nobody(void **state)
{
	(void)state;
	refuses(PUSHED("request: { url: https://board.example }\n"), 4, 10, "D002",
		"does not go with pushed", NULL);
	refuses(PUSHED("every: 5m\n"), 4, 8, "D002", "every does not go", NULL);
	refuses(PUSHED("auth: { kind: bearer, secret: token }\n"), 4, 7, "D002", "are signed",
		NULL);
	refuses(DEFINITION("map: { external_id: /id }\nauth: { kind: webhook, secret: key }\n"), 6,
		7, "D002", "goes with what is pushed", NULL);
}

static void a_pointer_and_a_blank_are_checked(void **state)
{
	(void)state;
	refuses(DEFINITION("map: { external_id: id }\n"), 5, 21, "D006", "begins with '/'", NULL);
	refuses(DEFINITION("map: { external_id: $usr/id }\n"), 5, 21, "D006", "no place", NULL);
	refuses("id: b\nabout: b\nrequest: { url: \"https://board.example/{tagg}\" }\n"
		"items: { pointer: \"\" }\nmap: { external_id: /id }\n",
		3, 17, "D008", "{tagg}", NULL);
}

static void paging_in_a_circle_is_refused(void **state)
{
	(void)state;
	refuses(DEFINITION("map: { external_id: /id }\npaging: { kind: page, size: 10 }\n"), 6, 9,
		"D010", "goes in a circle", NULL);
}

static void a_private_address_is_refused(void **state)
{
	(void)state;
	const char *const addresses[] = {"http://127.0.0.1/x", "http://[::1]/x",
		"http://10.1.2.3/x", "https://localhost/x", "http://192.168.0.1/x",
		"http://169.254.169.254/latest"};
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		char text[400];
		snprintf(text, sizeof(text),
			"id: b\nabout: b\nrequest: { url: \"%s\" }\nitems: { pointer: \"\" }\n"
			"map: { external_id: /id }\n",
			addresses[i]);
		refuses(text, 3, 17, "D009", "private", NULL);
	}
	/* The address is as it should be; its example is not. */
	refuses("id: b\nabout: b\nvars:\n"
		"  host: { about: h, type: host, required: true, example: \"127.0.0.1:8123\" }\n"
		"request: { url: \"http://{host}/x\" }\nitems: { pointer: \"\" }\n"
		"map: { external_id: /id }\n",
		4, 58, "D009", "this example", "board.example");
	refuses("id: b\nabout: b\nvars: { at: { about: h, type: url, default: "
		"\"http://10.0.0.1\" } }\n"
		"request: { url: \"{at}/x\" }\nitems: { pointer: \"\" }\n"
		"map: { external_id: /id }\n",
		3, 45, "D009", "this default", "board.example");
}

#define OAUTH2 "auth: { kind: oauth2_client, secret: id, secret2: key, url: "
#define LOGIN "auth: { kind: login_json, secret: id, secret2: key, name: n, name2: p, token: /t, "

static void every_address_that_is_asked_is_a_public_one(void **state)
{
	(void)state;
	static const struct {
		const char *more;
		unsigned col;
		const char *code;
	} cases[] = {
		{"detail: { url: \"http://192.168.1.1/{/id}\" }\n", 16, "D009"},
		{"detail: { url: \"http://localhost?{/id}\" }\n", 16, "D009"},
		{"detail: { url: \"ftp://x/{/id}\" }\n", 16, "D004"},
		{"detail: { url: \"ftp://{/host}/\" }\n", 16, "D004"},
		{OAUTH2 "\"http://[fd00::1]/token\" }\n", 61, "D009"},
		{OAUTH2 "\"http://169.254.169.254/token\" }\n", 61, "D009"},
		{OAUTH2 "\"https://10.0.0.1/token\" }\n", 61, "D009"},
		{LOGIN "url: \"http://localhost/token\" }\n", 88, "D009"},
		{LOGIN "url: \"https://b.example/t\", refresh: /r, refresh_url: "
		       "\"https://127.0.0.1/r\" }\n",
			137, "D009"},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[500];
		snprintf(text, sizeof(text), "%s%s", DEFINITION("map: { external_id: /id }\n"),
			cases[i].more);
		refuses(text, 6, cases[i].col, cases[i].code,
			strcmp(cases[i].code, "D009") == 0 ? "private" : "http", NULL);
	}
	/* An example that two addresses are checked with is said once. */
	refuses("id: b\nabout: b\nvars: { at: { about: h, type: url, default: "
		"\"http://10.0.0.1\" } }\n"
		"request: { url: \"{at}/x\" }\nitems: { pointer: \"\" }\n"
		"map: { external_id: /id }\ndetail: { url: \"{at}/{/id}\" }\n",
		3, 45, "D009", "this default", NULL);
}

static void an_address_that_the_reply_decides_is_not_refused(void **state)
{
	(void)state;
	static const char *const addresses[] = {"{/url|raw}", "https://{/host}/x",
		"https://{/sub}.board.example/", "https://board.example:{/port}/"};
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
		char text[300];
		struct rest_run run;
		snprintf(text, sizeof(text), "%sdetail: { url: \"%s\" }\n",
			DEFINITION("map: { external_id: /id }\n"), addresses[i]);
		rest_start(&run, text);
		rest_end(&run);
	}
}

static void secrets_go_where_a_setting_says_unless_it_is_in_the_open(void **state)
{
	(void)state;
	static const struct {
		const char *server;
		int rc;
	} cases[] = {
		{"https://board.example", HARK_OK},
		{"http://127.0.0.1:8123", HARK_OK}, /* needs internal: yes at the source */
		{"http://board.example", HARK_EINVAL},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct rest_run run;
		const struct hark_pair server = {"at", cases[i].server};
		assert_int_equal(
			rest_read(&run, "id: b\nabout: b\nvars: { at: { about: h, type: url, "
					"required: true, example: \"https://board.example\" } }\n"
					"request: { url: \"{at}/x\" }\nitems: { pointer: \"\" }\n"
					"map: { external_id: /id }\n" OAUTH2 "\"{at}/token\" }\n"),
			HARK_OK);
		int rc = collect_open(&run.d->connector, &server, 1, &run.ctx, &run.err);
		assert_int_equal(rc == HARK_OK, cases[i].rc == HARK_OK);
		if (rc != HARK_OK) {
			assert_non_null(strstr(run.err.text, "https"));
		}
		rest_end(&run);
	}
}

static void a_secret_does_not_stand_in_a_definition(void **state)
{
	(void)state;
	refuses(DEFINITION("map: { external_id: /id }\nauth: { kind: bearer, secret: \"s3cr3t "
			   "ABC\" }\n"),
		6, 31, "D011", "value elsewhere", NULL);
	refuses("id: b\nabout: b\nrequest: { url: \"https://b.example/\", headers: { authorization: "
		"\"Bearer x\" } }\nitems: { pointer: \"\" }\nmap: { external_id: /id }\n",
		3, 50, "D011", "no secret", "use auth");
	refuses("id: b\nabout: b\nrequest: { url: \"https://b.example/?n=2&Api_Key=abc#x\" }\n"
		"items: { pointer: \"\" }\nmap: { external_id: /id }\n",
		3, 17, "D011", "no Api_Key", "kind: query");
	refuses("id: b\nabout: b\nrequest: { url: \"https://b.example/\", query: { n: 2, key: "
		"0123456789abcdef } }\nitems: { pointer: \"\" }\nmap: { external_id: /id }\n",
		3, 54, "D011", "no key", "kind: query");
	static const char *const headers[] = {"X-API-Key", "api-key", "Ocp-Apim-Subscription-Key",
		"X-Auth-Token", "PRIVATE-TOKEN", "Proxy-Authorization", "X-Token",
		"Accept-Auth-Token", "Accept-Api-Key", "Accept-Signature"};
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
		char text[300];
		snprintf(text, sizeof(text),
			"id: b\nabout: b\nrequest: { url: \"https://b.example/\", headers: { %s: x1 } "
			"}\nitems: { pointer: \"\" }\nmap: { external_id: /id }\n",
			headers[i]);
		refuses(text, 3, 50, "D011", "no secret", "kind: header");
	}
}

static void a_switch_is_no_secret(void **state)
{
	(void)state;
	static const char *const requests[] = {
		"query: { include_signature: \"false\", show_password: \"0\" }",
		"query: { password: \"Yes\" }",
		"headers: { Accept-Signature: \"sig1=()\" }",
	};
	for (size_t i = 0; i < sizeof(requests) / sizeof(requests[0]); i++) {
		char text[300];
		snprintf(text, sizeof(text),
			"id: b\nabout: b\nrequest: { url: \"https://b.example/\", %s }\n"
			"items: { pointer: \"\" }\nmap: { external_id: /id }\n",
			requests[i]);
		struct rest_run run;
		assert_int_equal(rest_read(&run, text), HARK_OK);
		rest_end(&run);
	}
}

static void an_interval_that_sources_are_refused_for_is_said(void **state)
{
	(void)state;
	static const struct {
		const char *keys, *code;
		unsigned errors;
	} cases[] = {
		{"every: 5m\n", "D013", 0},
		{"every: 15m\n", NULL, 0},
		{"every: 5m\nevery_min: 1m\n", NULL, 0},
		{"every: 5m\nevery_min: 10m\n", "D004", 1},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[400];
		struct diags diags;
		struct definition *d = NULL;
		snprintf(text, sizeof(text), "%s%s", DEFINITION("map: { external_id: /id }\n"),
			cases[i].keys);
		diags_init(&diags);
		int rc = definition_read(&d, str_c(text), "d.yaml", &diags, NULL);
		assert_int_equal(rc, cases[i].errors == 0 ? HARK_OK : HARK_EPARSE);
		assert_int_equal(diags.errors, cases[i].errors);
		assert_int_equal(diags.n, cases[i].code != NULL);
		if (cases[i].code != NULL) {
			assert_string_equal(diags.v[0].code, cases[i].code);
			assert_int_equal(diags.v[0].at.line, 6);
		}
		definition_free(d);
		diags_release(&diags);
	}
}

static void what_only_looks_like_a_secret_may_stand_in_an_address(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"id: b\nabout: b\nvars: { token: { about: t, example: x } }\n"
		"request:\n  url: \"https://b.example/?key=colour&page_token=abc&token=\"\n"
		"  query: { token: \"{token}\", key: [ a-long-word-of-letters ], password: \"\" }\n"
		"items: { pointer: \"\" }\nmap: { external_id: /id }\n");
	rest_end(&run);
}

static void hours_are_read_and_checked(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run, DEFINITION("map: { external_id: /id }\nactive_hours: 07:00-20:00 UTC\n"));
	assert_true(hours_open(run.d->hours, NOW_MS + INT64_C(12) * 3600 * 1000));
	assert_false(hours_open(run.d->hours, NOW_MS)); /* midnight */
	assert_string_equal(run.d->hours_text, "07:00-20:00 UTC");
	rest_end(&run);
	refuses(DEFINITION("map: { external_id: /id }\nactive_hours: 7-20\n"), 6, 15, "D004",
		"07:00-20:00", NULL);
	refuses(DEFINITION("map: { external_id: /id }\nactive_hours: 07:00-20:00\n"), 6, 15, "D004",
		"time zone is missing", NULL);
	refuses(DEFINITION("map: { external_id: /id }\nactive_hours: [ a ]\n"), 6, 15, "D002", "",
		NULL);
	refuses(PUSHED("active_hours: 07:00-20:00 UTC\n"), 4, 15, "D002", "does not go", NULL);
}

#define HEADERS(headers)                                                               \
	"id: b\nabout: b\nrequest: { url: \"https://b.example/\", headers: { " headers \
	" } }\nitems: { pointer: \"\" }\nmap: { external_id: /id }\n"

static void a_header_cannot_break_the_request(void **state)
{
	(void)state;
	static const char *const owned[] = {
		"Host", "host", "Content-Length", "transfer-encoding", "Connection"};
	for (size_t i = 0; i < sizeof(owned) / sizeof(owned[0]); i++) {
		char text[300];
		snprintf(text, sizeof(text), HEADERS("%s: x"), owned[i]);
		refuses(text, 3, 50, "D004", "hark itself sends", NULL);
	}
	refuses(HEADERS("\"X\\r\\nY\": x"), 3, 50, "D004", "no name of a header", NULL);
	refuses(HEADERS("\"X: y\": x"), 3, 50, "D004", "no name of a header", NULL);
	refuses(HEADERS("\"\": x"), 3, 50, "D004", "no name of a header", NULL);
	refuses(HEADERS("X: \"a\\r\\nY: b\""), 3, 53, "D004", "no line break", NULL);
	refuses(HEADERS("X: \"a\\nb\""), 3, 53, "D004", "no line break", NULL);
	refuses(HEADERS("X: \"a\\x7fb\""), 3, 53, "D004", "no line break", NULL);
	refuses(HEADERS("X: [ a, b ]"), 3, 58, "D002", "one value", NULL);
	refuses(HEADERS("X: \"a\\0b\""), 3, 53, "Y006", "NUL", NULL);
}

static void all_errors_are_said_at_once(void **state)
{
	(void)state;
	struct rest_run run;
	assert_int_equal(rest_read(&run, DEFINITION("map: { external_id: id, texxt: /t }\n"
						    "every: often\nfoo: 1\n")),
		HARK_EPARSE);
	assert_int_equal(run.diags.errors, 4);
	rest_end(&run);
}

static void an_opt_out_that_the_detail_alone_knows_decides(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool decides, is_warned_of;
	} cases[] = {
		{"map: { external_id: /id, author.bio: $detail/bio }\ndetail: { url: "
		 "\"https://board.example/{/id}\" }\n",
			true, false},
		{"map: { external_id: /id }\ndetail: { url: \"https://board.example/{/id}\", map: { "
		 "author.bio: /bio } }\n",
			true, false},
		{"map: { external_id: /id, author.bio: /bio }\ndetail: { url: "
		 "\"https://board.example/{/id}\", map: { text: $detail/text } }\n",
			false, false},
		{"map: { external_id: /id, author.bio: $detail/bio }\ndetail: { url: "
		 "\"https://board.example/{$item}\", list_is_ids: true }\n",
			false, false},
		{"record: profile\nmap: { person: /name, bio: $detail/bio }\ndetail: { url: "
		 "\"https://board.example/{/id}\" }\n",
			false, true},
	};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[600];
		struct rest_run run;
		snprintf(text, sizeof(text), DEFINITION("%s"), cases[i].text);
		assert_int_equal(rest_read(&run, text), HARK_OK);
		assert_int_equal(run.d->detail.decides, cases[i].decides);
		assert_int_equal(run.diags.n, cases[i].is_warned_of);
		if (cases[i].is_warned_of) {
			assert_string_equal(run.diags.v[0].code, "D012");
			assert_int_equal(run.diags.v[0].level, DIAG_WARNING);
		}
		rest_end(&run);
	}
	struct rest_run run;
	assert_int_equal(
		rest_read(&run,
			"id: board\nabout: b\nrequest: { url: \"https://board.example/l\" }\n"
			"items: { pointer: /items, opt_out: { pointer: $detail/hidden } }\n"
			"map: { external_id: /id }\n"
			"detail: { url: \"https://board.example/{/id}\" }\n"),
		HARK_OK);
	assert_true(run.d->detail.decides);
	rest_end(&run);
}

/* Read with the detail they would mean its document, or nothing. */
static void what_is_gone_when_the_detail_comes_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *items, *map, *says; /* NULL: it may */
		unsigned line, col;
	} cases[] = {
		{"", "title: $root/name", "$root/name is gone", 5, 33},
		{"", "title: [ /t, { pointer: $parent/name } ]", "$parent/name is gone", 5, 50},
		{"", "title: { template: \"{/t} {$root/name}\" }", "$root/name is gone", 5, 45},
		{"", "title: { pointer: /t, if: { pointer: $root/x } }", "$root/x is gone", 5, 63},
		{", skip_if: { pointer: $root/x }", "title: /t", "$root/x is gone", 4, 47},
		{", keep_if: [ { pointer: $root/x } ]", "title: /t", "$root/x is gone", 4, 49},
		{", opt_out: { pointer: $root/x }", "title: /t", "$root/x is gone", 4, 47},
		{"", "title: $user/name", NULL, 0, 0},
		{"", "title: $detail/name", NULL, 0, 0},
	};
	char text[800];
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		struct rest_run run;
		bool has_ids = i % 2 == 1; /* whose detail is the item */
		const char *says = has_ids ? NULL : cases[i / 2].says;
		snprintf(text, sizeof(text),
			"id: b\nabout: b\nrequest: { url: \"https://b.example/\" }\n"
			"items: { pointer: /items%s }\nmap: { external_id: /id, %s }\n"
			"lookup: { user: { in: $root/users, key: /id, by: /by } }\n"
			"detail: { url: \"https://b.example/{$item}\", list_is_ids: %s,\n"
			"  map: { text: $root/x } }\n",
			cases[i / 2].items, cases[i / 2].map, has_ids ? "true" : "false");
		assert_int_equal(rest_read(&run, text), says != NULL ? HARK_EPARSE : HARK_OK);
		if (says != NULL) {
			assert_int_equal(run.diags.errors, 1);
			assert_non_null(strstr(run.diags.v[0].message, says));
			assert_non_null(strstr(run.diags.v[0].help, "write $detail"));
			assert_int_equal(run.diags.v[0].at.line, cases[i / 2].line);
			assert_int_equal(run.diags.v[0].at.col, cases[i / 2].col);
		}
		rest_end(&run);
	}
}

static void json_is_read_like_yaml(void **state)
{
	(void)state;
	struct rest_run run;
	rest_start(&run,
		"{\"id\": \"b\", \"about\": \"b\", \"request\": {\"url\": \"https://b.example/\"},\n"
		" \"items\": {\"pointer\": \"\"}, \"map\": {\"external_id\": [\"/id\"]}}");
	assert_int_equal(rest_body(&run, NULL, "[{\"id\": 7}]"), HARK_OK);
	assert_str_is(run.got.posts[0].external_id, "7");
	rest_end(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_key_has_a_place_and_a_near_name),
		cmocka_unit_test(an_unknown_step_has_a_place_and_a_near_name),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(what_is_pushed_asks_nobody),
		cmocka_unit_test(a_pointer_and_a_blank_are_checked),
		cmocka_unit_test(paging_in_a_circle_is_refused),
		cmocka_unit_test(a_private_address_is_refused),
		cmocka_unit_test(every_address_that_is_asked_is_a_public_one),
		cmocka_unit_test(an_address_that_the_reply_decides_is_not_refused),
		cmocka_unit_test(secrets_go_where_a_setting_says_unless_it_is_in_the_open),
		cmocka_unit_test(a_secret_does_not_stand_in_a_definition),
		cmocka_unit_test(a_switch_is_no_secret),
		cmocka_unit_test(an_interval_that_sources_are_refused_for_is_said),
		cmocka_unit_test(what_only_looks_like_a_secret_may_stand_in_an_address),
		cmocka_unit_test(hours_are_read_and_checked),
		cmocka_unit_test(a_header_cannot_break_the_request),
		cmocka_unit_test(all_errors_are_said_at_once),
		cmocka_unit_test(an_opt_out_that_the_detail_alone_knows_decides),
		cmocka_unit_test(what_is_gone_when_the_detail_comes_is_refused),
		cmocka_unit_test(json_is_read_like_yaml),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
