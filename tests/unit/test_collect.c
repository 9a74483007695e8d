#include "tests/unit/unit.h"

#include "connectors/collect.h"
#include "connectors/profile.h"

#include <stdio.h>

/* A connector whose .parse is the test's own. */
static int (*now_parse)(struct hark_host *host);

static int call_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	(void)ctx;
	(void)reply;
	return now_parse(host);
}

static const struct hark_connector puppet = {
	.abi = HARK_CONNECTOR_ABI, .name = "puppet", .parse = call_parse};

static int run(int (*parse)(struct hark_host *host), size_t arena_bytes, struct arena *arena,
	struct collected *got, struct hark_err *err)
{
	static const struct hark_reply reply = {.url = "https://example.com/", .body = ""};
	now_parse = parse;
	arena_init(arena, arena_bytes);
	*err = (struct hark_err){0};
	return collect(got, &puppet, NULL, STR("s"), &reply, arena, err);
}

static int emit_dirty(struct hark_host *host)
{
	const char *tags[] = {"one", "", "\x01\x02", NULL, "t\xffwo"};
	char id[] = "id-1";
	struct hark_post post;
	hark_post_init(&post);
	post.external_id = id;
	post.title = "bell\a and \xe9t\xe9";
	post.text = "clean";
	post.tags = tags;
	post.tags_count = 5;
	int rc = host->emit_post(host, &post);
	memset(id, 'x', 4); /* the host has its own copy */
	return rc;
}

static void texts_are_copied_and_cleaned(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_dirty, 0, &arena, &got, &err), HARK_OK);
	const struct post *p = &got.posts[0];
	assert_str_is(p->external_id, "id-1");
	assert_str_is(p->title, "bell and \xef\xbf\xbdt\xef\xbf\xbd");
	assert_str_is(p->text, "clean");
	assert_int_equal(p->text.p[p->text.n], '\0');
	assert_null(p->url.p);
	assert_int_equal(p->tags.n, 2);
	assert_str_is(p->tags.v[0], "one");
	assert_str_is(p->tags.v[1], "t\xef\xbf\xbdwo");
	arena_release(&arena);
}

#define LONG_ID (3 * COLLECT_FIELD_MAX)

static int emit_long_ids(struct hark_host *host)
{
	static const char *const ends[] = {"1", "2", "1"};
	for (size_t i = 0; i < 3; i++) {
		char id[LONG_ID + 2], url[LONG_ID + 40];
		struct hark_post post, nameless;
		memset(id, 'x', LONG_ID);
		strcpy(id + LONG_ID, ends[i]);
		snprintf(url, sizeof(url), "https://example.com/%s", id);
		struct hark_profile profile = {.person = "Ann Doe", .url = url};
		hark_post_init(&post);
		hark_post_init(&nameless);
		post.external_id = id;
		post.in_reply_to = post.thread = id;
		nameless.url = url;
		host->emit_post(host, &post);
		host->emit_post(host, &nameless);
		host->emit_profile(host, &profile);
		profile.opted_out = post.author.opted_out = 1;
		host->emit_post(host, &post);
		host->emit_profile(host, &profile);
		host->request_more(host, &(struct hark_request){.url = url, .item = id});
	}
	return 0;
}

static void long_ids_that_differ_stay_different(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_long_ids, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts_n, 6);
	for (size_t i = 0; i < 2; i++) { /* with an id, and with an address alone */
		struct str a = got.posts[i].external_id, b = got.posts[2 + i].external_id,
			   again = got.posts[4 + i].external_id;
		assert_in_range(a.n, 100, COLLECT_FIELD_MAX);
		assert_false(str_eq(a, b));
		assert_true(str_eq(a, again));
	}
	struct str id = got.posts[0].external_id;
	assert_true(str_eq(got.posts[0].in_reply_to, id) && str_eq(got.posts[0].thread, id));
	assert_true(str_eq(got.withdrawn[0], id));
	assert_true(str_eq_c(id, got.more[0].item));
	const char *person = profile_key(&got.profiles[0]);
	assert_string_not_equal(person, profile_key(&got.profiles[1]));
	assert_string_equal(person, profile_key(&got.profiles[2]));
	assert_true(strcmp(got.withdrawn_people[0].key, person) == 0);
	arena_release(&arena);
}

static int emit_links(struct hark_host *host)
{
	static const char *const links[] = {"https://example.com/a", "javascript:alert(1)",
		"JavaScript:alert(1)", "java\nscript:alert(1)", " javascript:x", "data:text/html,x",
		"vbscript:x", "file:///etc/passwd", "blob:x", "mailto:ann@example.com",
		"HTTP://example.com/b", "/relative", NULL, ""};
	struct hark_post post;
	hark_post_init(&post);
	post.external_id = "1";
	post.links = links;
	post.links_count = sizeof(links) / sizeof(links[0]);
	return host->emit_post(host, &post);
}

static void links_are_what_a_person_may_follow(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_links, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts[0].links.n, 3);
	assert_str_is(got.posts[0].links.v[0], "https://example.com/a");
	assert_str_is(got.posts[0].links.v[1], "mailto:ann@example.com");
	assert_str_is(got.posts[0].links.v[2], "HTTP://example.com/b");
	assert_int_equal(got.dropped, 0);
	arena_release(&arena);
}

static int emit_addresses(struct hark_host *host)
{
	static const char *const urls[] = {"javascript:alert(1)", "data:text/html,x",
		" https://example.com/c", "https://example.com/a"};
	int rc = 0;
	for (size_t i = 0; i < 4 && rc == 0; i++) {
		const struct hark_profile p = {
			.url = urls[i], .person = "Ann", .evidence_url = urls[i]};
		struct hark_post post;
		hark_post_init(&post);
		post.url = post.author.profile_url = urls[i];
		rc = host->emit_post(host, &post) != 0 || host->emit_profile(host, &p) != 0;
	}
	return rc;
}

static void an_address_that_is_no_link_is_an_id_alone(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_addresses, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts_n, 4);
	for (size_t i = 0; i < 3; i++) {
		assert_null(got.posts[i].url.p);
		assert_null(got.posts[i].author.profile_url.p);
		assert_null(got.profiles[i].url);
		assert_null(got.profiles[i].evidence_url);
	}
	assert_str_is(got.posts[0].external_id, "javascript:alert(1)");
	assert_string_equal(profile_key(&got.profiles[0]), "javascript:alert(1)");
	assert_str_is(got.posts[3].url, "https://example.com/a");
	assert_str_is(got.posts[3].author.profile_url, "https://example.com/a");
	assert_string_equal(got.profiles[3].url, "https://example.com/a");
	assert_null(got.profiles[3].key);
	arena_release(&arena);
}

static int emit_dirty_long(struct hark_host *host)
{
	static char id[COLLECT_FIELD_MAX + 1];
	struct hark_post post;
	hark_post_init(&post);
	memset(id, 0xff, COLLECT_FIELD_MAX); /* each becomes three bytes */
	post.external_id = id;
	host->emit_post(host, &post);
	id[COLLECT_FIELD_MAX - 1] = 'x';
	host->emit_post(host, &post);
	char *text = host->alloc(host, 6 << 20);
	memset(text, 'a', (6 << 20) - 1);
	text[0] = '\a';
	post.text = text;
	return host->emit_post(host, &post);
}

static void what_has_to_be_cleaned_is_bounded_too(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_dirty_long, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts_n, 3);
	assert_in_range(got.posts[0].external_id.n, 100, COLLECT_FIELD_MAX);
	assert_false(str_eq(got.posts[0].external_id, got.posts[1].external_id));
	assert_in_range(got.posts[2].text.n, COLLECT_TEXT_MAX - 1, COLLECT_TEXT_MAX);
	arena_release(&arena);
}

static int emit_long(struct hark_host *host)
{
	static char title[COLLECT_TITLE_MAX + 10];
	const char *tags[COLLECT_LIST_MAX + 3];
	struct hark_post post;
	hark_post_init(&post);
	memset(title, 'a', sizeof(title) - 1);
	memcpy(title + COLLECT_TITLE_MAX - 1, "\xc3\xa9", 2); /* a letter across the ceiling */
	for (size_t i = 0; i < COLLECT_LIST_MAX + 3; i++) {
		tags[i] = "t";
	}
	post.url = "https://example.com/1";
	post.title = title;
	post.tags = tags;
	post.tags_count = COLLECT_LIST_MAX + 3;
	return host->emit_post(host, &post);
}

static void what_is_too_long_is_cut_at_a_letter_and_counted(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_long, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts[0].title.n, COLLECT_TITLE_MAX - 1);
	assert_int_equal(got.posts[0].tags.n, COLLECT_LIST_MAX);
	assert_int_equal(got.dropped, 3);
	assert_str_is(got.posts[0].external_id, "https://example.com/1");
	arena_release(&arena);
}

static int emit_without_id(struct hark_host *host)
{
	struct hark_post post;
	hark_post_init(&post);
	for (int i = 0; i < 3; i++) {
		post.text = i < 2 ? "the same words" : "other words";
		int rc = host->emit_post(host, &post);
		if (rc != 0) {
			return rc;
		}
	}
	return 0;
}

static void a_post_without_id_is_known_by_what_it_says(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_without_id, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts_n, 3);
	assert_true(str_starts(got.posts[0].external_id, STR("hash:")));
	assert_true(str_eq(got.posts[0].external_id, got.posts[1].external_id));
	assert_false(str_eq(got.posts[0].external_id, got.posts[2].external_id));
	assert_int_equal(got.posts[0].likes, HARK_COUNT_NONE);
	assert_int_equal(got.posts[0].published, 0);
	arena_release(&arena);
}

static int emit_many(struct hark_host *host)
{
	struct hark_post post;
	int rc = 0;
	hark_post_init(&post);
	post.external_id = "x";
	for (int i = 0; i < COLLECT_RECORDS_MAX + 2 && rc == 0; i++) {
		rc = host->emit_post(host, &post);
	}
	return rc;
}

static void records_beyond_the_ceiling_are_counted(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_many, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts_n, COLLECT_RECORDS_MAX);
	assert_int_equal(got.dropped, 2);
	assert_str_is(got.degraded_why,
		"2 records are left out: one reply may hold 20000 posts and 250000 profiles");
	arena_release(&arena);
}

static void a_full_arena_ends_the_run_with_a_sentence(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_many, 100000, &arena, &got, &err), HARK_ELIMIT);
	assert_true(got.posts_n > 10 && got.posts_n < 1000);
	assert_string_equal(
		err.text, "the records of one reply need more memory than one poll may use");
	arena_release(&arena);
}

static int fail_badly(struct hark_host *host)
{
	host->degraded(host, 3, 7, "the %s damage", "first");
	host->degraded(host, 9, 9, "the second");
	return (host->fail)(/* cmocka has a macro of the name */ host, "no \xff%s", "use");
}

static void the_first_damage_and_the_connectors_sentence_are_kept(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(fail_badly, 0, &arena, &got, &err), HARK_EPARSE);
	assert_string_equal(err.text, "no \xef\xbf\xbduse");
	assert_true(got.degraded);
	assert_int_equal(got.degraded_line, 3);
	assert_int_equal(got.degraded_column, 7);
	assert_str_is(got.degraded_why, "the first damage");
	arena_release(&arena);
}

static int fail_silently(struct hark_host *host)
{
	(void)host;
	return -1;
}

static void a_connector_that_says_nothing_is_named(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(fail_silently, 0, &arena, &got, &err), HARK_EPARSE);
	assert_string_equal(err.text, "connector puppet failed and did not say why");
	arena_release(&arena);
}

static int ask_for_more(struct hark_host *host)
{
	char url[] = "https://example.com/2", value[] = "v";
	struct hark_pair headers[] = {{"X-Name", value}};
	struct hark_request request = {.transport = HARK_TRANSPORT_HTTP,
		.url = url,
		.method = "POST",
		.headers = headers,
		.headers_count = 1,
		.body = "a\0b",
		.body_bytes = 3};
	int rc = host->request_more(host, &request);
	memset(url, 'x', sizeof(url) - 1);
	value[0] = 'x';
	char *room = host->alloc(host, 1000);
	for (int i = 0; room != NULL && i < 1000; i++) {
		assert_int_equal(room[i], 0);
	}
	return rc != 0 ? rc : host->set_cursor(host, "c2");
}

static void pages_and_cursor_are_copied_whole(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(ask_for_more, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.more_n, 1);
	assert_string_equal(got.more[0].url, "https://example.com/2");
	assert_string_equal(got.more[0].method, "POST");
	assert_string_equal(got.more[0].headers[0].value, "v");
	assert_int_equal(got.more[0].body_bytes, 3);
	assert_memory_equal(got.more[0].body, "a\0b", 3);
	assert_str_is(got.cursor, "c2");
	arena_release(&arena);
}

static int emit_profile(struct hark_host *host)
{
	struct hark_profile profile = {.person = "Ana Example",
		.employer = "Acme\x01 Widgets",
		.effective = "2026-09",
		.observed = 5,
		.event = HARK_JOINED};
	return host->emit_profile(host, &profile);
}

static void profiles_are_kept_like_posts(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_profile, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.profiles_n, 1);
	assert_string_equal(got.profiles[0].employer, "Acme Widgets");
	assert_string_equal(got.profiles[0].effective, "2026-09");
	assert_null(got.profiles[0].url);
	assert_int_equal(got.profiles[0].event, HARK_JOINED);
	arena_release(&arena);
}

static int emit_changes(struct hark_host *host)
{
	static const struct hark_profile profiles[] = {
		{.person = "Ada Example", .employer = "Globex", .event = HARK_LISTED},
		{.person = "Ben Example", .employer = "Globex", .title = "CFO", .event = HARK_LEFT},
		{.person = "Eve Example",
			.employer = "Globex",
			.title = "Tinkers",
			.url = "https://social.example/eve",
			.event = HARK_CHANGED},
	};
	int rc = 0;
	for (size_t i = 0; i < 3 && rc == 0; i++) {
		rc = host->emit_profile(host, &profiles[i]);
	}
	return rc;
}

static void changes_of_profiles_can_be_told_as_posts(void **state)
{
	(void)state;
	struct arena arena;
	struct collected got;
	struct hark_err err;
	assert_int_equal(run(emit_changes, 0, &arena, &got, &err), HARK_OK);
	assert_int_equal(got.posts_n, 0);
	assert_int_equal(collect_moves(&got, &puppet, STR("s"), true, &arena, &err), HARK_OK);
	assert_int_equal(got.posts_n, 2);
	assert_str_is(got.posts[0].text, "Ben Example has left Globex (was: CFO)");
	assert_str_is(got.posts[0].source, "s");
	assert_int_equal(got.posts[0].visibility, VISIBILITY_PRIVATE);
	assert_str_is(got.posts[1].text, "Eve Example: Tinkers at Globex");
	assert_str_is(got.posts[1].url, "https://social.example/eve");
	arena_release(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(long_ids_that_differ_stay_different),
		cmocka_unit_test(what_has_to_be_cleaned_is_bounded_too),
		cmocka_unit_test(links_are_what_a_person_may_follow),
		cmocka_unit_test(an_address_that_is_no_link_is_an_id_alone),
		cmocka_unit_test(texts_are_copied_and_cleaned),
		cmocka_unit_test(what_is_too_long_is_cut_at_a_letter_and_counted),
		cmocka_unit_test(a_post_without_id_is_known_by_what_it_says),
		cmocka_unit_test(records_beyond_the_ceiling_are_counted),
		cmocka_unit_test(a_full_arena_ends_the_run_with_a_sentence),
		cmocka_unit_test(the_first_damage_and_the_connectors_sentence_are_kept),
		cmocka_unit_test(a_connector_that_says_nothing_is_named),
		cmocka_unit_test(pages_and_cursor_are_copied_whole),
		cmocka_unit_test(profiles_are_kept_like_posts),
		cmocka_unit_test(changes_of_profiles_can_be_told_as_posts),
	};
	return cmocka_run_group_tests_name("collect", tests, NULL, NULL);
}
