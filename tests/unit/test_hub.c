#include "tests/unit/unit.h"

#include "monitor/pipeline/hub.h"

#define PAGE "https://blog.example.com/feed/"
#define HUB "https://hub.example.net/"

struct world {
	struct arena arena;
	struct fetch_reply reply;
	struct collected_feed feed;
	struct source_state state;
};

static void note(struct world *w, const char *links, const char *page)
{
	arena_init(&w->arena, 1 << 16);
	buf_init(&w->reply.links, 8192);
	buf_add_c(&w->reply.links, links);
	hub_note(&w->state, &w->reply, &w->feed, page, PAGE, &w->arena);
}

static void release(struct world *w)
{
	buf_release(&w->reply.links);
	arena_release(&w->arena);
}

static void assert_noted(const struct world *w, const char *hub, const char *topic)
{
	if (hub == NULL) {
		assert_null(w->state.hub.p);
		assert_null(w->state.topic.p);
		return;
	}
	assert_str_is(w->state.hub, hub);
	assert_str_is(w->state.topic, topic);
}

static void headers_go_before_the_document(void **state)
{
	(void)state;
	struct world w = {.feed = {.hub = STR("https://other.example.net/"),
				  .self = STR("https://a.example.com/")}};
	note(&w,
		"<" HUB ">; rel=\"hub\", <" PAGE
		">; rel=self, <https://second.example.net/>; rel=hub",
		PAGE);
	assert_noted(&w, HUB " https://second.example.net/ https://other.example.net/", PAGE);
	release(&w);
}

static void of_many_hubs_each_is_noted_once_and_follows_the_one_before(void **state)
{
	(void)state;
	bool is_first;
	struct world w = {.feed = {.hub = STR("https://e.example/")}};
	note(&w,
		"<https://a.example/>; rel=hub, <https://b.example/>; rel=hub, <https://a.example/>; "
		"rel=hub, <https://c.example/>; rel=hub, <https://d.example/>; rel=hub",
		PAGE);
	assert_noted(&w,
		"https://a.example/ https://b.example/ https://c.example/ https://d.example/",
		PAGE);
	assert_true(hub_is_named(w.state.hub, STR("https://d.example/")));
	assert_false(hub_is_named(w.state.hub, STR("https://e.example/")));
	assert_str_is(
		hub_after(w.state.hub, STR("https://a.example/"), &is_first), "https://b.example/");
	assert_false(is_first);
	assert_str_is(
		hub_after(w.state.hub, STR("https://d.example/"), &is_first), "https://a.example/");
	assert_true(is_first);
	assert_str_is(hub_after(w.state.hub, STR(""), &is_first), "https://a.example/");
	release(&w);
}

static void a_document_says_it_as_well_and_each_half_may_come_from_elsewhere(void **state)
{
	(void)state;
	struct world w = {.feed = {.hub = STR(HUB), .self = STR("https://a.example.com/?b=C")}};
	note(&w, "", PAGE);
	assert_noted(&w, HUB, "https://a.example.com/?b=C");
	release(&w);
	w = (struct world){.feed = {.self = STR("https://a.example.com/")}};
	note(&w, "<" HUB ">; rel=hub", PAGE);
	assert_noted(&w, HUB, "https://a.example.com/");
	release(&w);
}

static void a_page_without_an_address_of_its_own_is_known_by_the_one_it_was_asked_for(void **state)
{
	(void)state;
	struct world w = {.feed = {.hub = STR(HUB)}};
	note(&w, "", "https://moved.example.com/");
	assert_noted(&w, HUB, PAGE);
	release(&w);
}

static void what_names_no_hub_has_none_and_forgets_the_old_one(void **state)
{
	(void)state;
	struct world w = {
		.feed = {.self = STR(PAGE)}, .state = {.hub = STR(HUB), .topic = STR(PAGE)}};
	note(&w, "<" HUB ">; rel=hub; anchor=\"/x\", <" PAGE ">; rel=self", PAGE);
	assert_noted(&w, NULL, NULL);
	release(&w);
}

static void relative_addresses_start_at_the_page_and_whole_ones_stay_as_they_are(void **state)
{
	(void)state;
	struct world w = {.feed = {.self = STR("HTTPS://Blog.example.com:443#top")}};
	note(&w, "</hub>; rel=hub", PAGE);
	assert_noted(&w, "https://blog.example.com/hub", "HTTPS://Blog.example.com:443");
	release(&w);
}

static void what_cannot_be_asked_is_no_hub(void **state)
{
	(void)state;
	static const char *const none[] = {"ftp://hub.example.net/", "mailto:hub@example.net",
		"javascript:alert(1)", "file:///etc/passwd", "https://", "#x", "http://[::1/"};
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		struct world w = {.feed = {.hub = str_c(none[i]), .self = STR(PAGE)}};
		note(&w, "", PAGE);
		assert_noted(&w, NULL, NULL);
		release(&w);
	}
	char text[HUB_URL_MAX + 60] = HUB;
	memset(text + strlen(text), 'x', HUB_URL_MAX);
	struct world w = {.feed = {.hub = str_c(text), .self = STR(PAGE)}};
	note(&w, "", PAGE);
	assert_noted(&w, NULL, NULL);
	release(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(headers_go_before_the_document),
		cmocka_unit_test(of_many_hubs_each_is_noted_once_and_follows_the_one_before),
		cmocka_unit_test(a_document_says_it_as_well_and_each_half_may_come_from_elsewhere),
		cmocka_unit_test(
			a_page_without_an_address_of_its_own_is_known_by_the_one_it_was_asked_for),
		cmocka_unit_test(what_names_no_hub_has_none_and_forgets_the_old_one),
		cmocka_unit_test(
			relative_addresses_start_at_the_page_and_whole_ones_stay_as_they_are),
		cmocka_unit_test(what_cannot_be_asked_is_no_hub),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
