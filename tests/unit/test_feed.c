/* The feed connector beside its readers: what it asks the host for. */
#include "tests/unit/unit.h"

#include "connectors/collect.h"
#include "connectors/registry.h"
#include "monitor/base/buf.h"

#include <stdio.h>

static struct arena arena;
static struct collected got;

static int setup(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* The address of the page a document at `from` asks for, read by the source of `url`; NULL: none. */
static const char *next_page(const char *url, const char *from, const char *document)
{
	struct hark_pair settings[] = {{"url", url}};
	const struct hark_connector *feed = connector_find("feed");
	struct hark_reply reply = {
		.url = from, .status = 200, .body = document, .body_bytes = strlen(document)};
	struct hark_err err;
	void *ctx = NULL;
	assert_int_equal(collect_open(feed, settings, 1, &ctx, &err), HARK_OK);
	got = (struct collected){0};
	assert_int_equal(collect(&got, feed, ctx, STR("test"), &reply, &arena, &err), HARK_OK);
	collect_close(feed, ctx);
	assert_in_range(got.more_n, 0, 1);
	return got.more_n > 0 ? got.more[0].url : NULL;
}

static const char *json_page(const char *next)
{
	static char text[400];
	snprintf(text, sizeof(text),
		"{\"version\":\"https://jsonfeed.org/version/1.1\",\"title\":\"t\",\"next_url\":\"%s\","
		"\"items\":[{\"id\":\"1\",\"content_text\":\"one\"}]}",
		next);
	return text;
}

#define HERE "https://example.com/feed"

static void every_format_names_its_next_page(void **state)
{
	(void)state;
	assert_string_equal(next_page(HERE, HERE, json_page("https://example.com/feed?page=2")),
		"https://example.com/feed?page=2");
	assert_string_equal(
		next_page(HERE, HERE,
			"<feed xmlns='http://www.w3.org/2005/Atom'><title>t</title>"
			"<link rel='next' href='older.atom'/><entry><id>1</id></entry></feed>"),
		"https://example.com/older.atom");
	assert_string_equal(
		next_page(HERE, HERE,
			"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>"
			"<title>t</title><atom:link rel='next' href='/feed?paged=2'/>"
			"<item><guid>1</guid><title>one</title></item></channel></rss>"),
		"https://example.com/feed?paged=2");
}

static void a_document_without_one_asks_for_none(void **state)
{
	(void)state;
	assert_null(next_page(HERE, HERE, json_page("")));
	assert_null(next_page(HERE, HERE,
		"<rss version='2.0'><channel><title>t</title><item><title>x</title>"
		"<link rel='next'>/2</link></item></channel></rss>"));
}

static void the_feed_itself_is_no_next_page(void **state)
{
	(void)state;
	assert_null(next_page(HERE, HERE, json_page(HERE)));
	assert_null(next_page(HERE, HERE, json_page(HERE "#more")));
	/* Redirected, and pointing back at where it began. */
	assert_null(next_page(HERE, "https://example.com/moved", json_page(HERE)));
	assert_null(next_page(
		HERE, "https://example.com/moved", json_page("https://example.com/moved")));
}

static void a_feed_leads_to_no_other_site(void **state)
{
	(void)state;
	assert_null(next_page(HERE, HERE, json_page("https://example.org/feed?page=2")));
	assert_null(next_page(HERE, HERE, json_page("http://127.0.0.1:8787/api/v1/leads")));
	assert_null(next_page(HERE, HERE, json_page("file:///etc/passwd")));
}

static const char *read_posts(const struct buf *document)
{
	return next_page(HERE, HERE, buf_c(document));
}

/* What a post says of its author and its link, which it may have from the feed. */
static void assert_post(size_t i, const char *id, const char *author, const char *link)
{
	assert_in_range(i, 0, got.posts_n - 1);
	const struct post *p = &got.posts[i];
	assert_string_equal(p->external_id.p, id);
	assert_string_equal(
		author, p->author.display_name.p != NULL ? p->author.display_name.p : "");
	assert_string_equal(link, p->links.n > 0 ? p->links.v[0].p : "");
}

#define ITEMS 20 /* more than wait at once */

static void add_items(struct buf *to, int from)
{
	for (int i = from; i < from + ITEMS; i++) {
		buf_printf(to,
			"<entry><id>%d</id><title>t</title><content type='html'>&lt;a href='a'&gt;b"
			"&lt;/a&gt;</content></entry>",
			i);
	}
}

static void items_take_from_the_feed_what_stood_before_them(void **state)
{
	(void)state;
	struct buf text;
	char id[24];
	buf_init(&text, 1 << 16);
	buf_add_c(&text, "<feed xmlns='http://www.w3.org/2005/Atom'>");
	add_items(&text, 0);
	buf_add_c(&text,
		"<title>Example Notes</title><link rel='self' href='https://example.org/x/f'/>");
	buf_add_c(&text,
		"<deleted-entry xmlns='http://purl.org/atompub/tombstones/1.0' ref='gone'/>");
	add_items(&text, ITEMS);
	buf_add_c(&text, "</feed>");
	assert_null(read_posts(&text));
	assert_int_equal(got.posts_n, 2 * ITEMS + 1);
	for (size_t i = 0; i < 2 * ITEMS; i++) {
		snprintf(id, sizeof(id), "%zu", i);
		assert_post(i < ITEMS ? i : i + 1, id, i < ITEMS ? "" : "Example Notes",
			"https://example.com/a");
	}
	assert_true(got.posts[ITEMS].deleted);
	assert_string_equal(got.posts[ITEMS].external_id.p, "gone");
	buf_release(&text);
}

/* Those before it are read as they stand, those behind it from the repaired text, each once. */
static void damage_loses_no_item_and_gives_none_twice(void **state)
{
	(void)state;
	struct buf text;
	char id[24];
	buf_init(&text, 1 << 16);
	buf_add_c(&text,
		"<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://example.net/'>"
		"<title>Example Notes</title>");
	add_items(&text, 0);
	buf_add_c(&text, "<entry><id>20</id><title>a & b</title><content type='html'>&lt;a"
			 " href='a'&gt;b&lt;/a&gt;</content></entry>");
	add_items(&text, ITEMS + 1);
	buf_add_c(&text, "</feed>");
	assert_null(read_posts(&text));
	assert_true(got.degraded);
	assert_int_equal(got.posts_n, 2 * ITEMS + 1);
	for (size_t i = 0; i < got.posts_n; i++) {
		snprintf(id, sizeof(id), "%zu", i);
		assert_post(i, id, "Example Notes", "https://example.net/a");
	}
	assert_string_equal(got.posts[ITEMS].title.p, "a & b");
	buf_release(&text);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_format_names_its_next_page),
		T(a_document_without_one_asks_for_none),
		T(the_feed_itself_is_no_next_page),
		T(a_feed_leads_to_no_other_site),
		T(items_take_from_the_feed_what_stood_before_them),
		T(damage_loses_no_item_and_gives_none_twice),
	};
	return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
