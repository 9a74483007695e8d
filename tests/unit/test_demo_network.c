/* The demo's mock network: what each host says, and how it says it. */
#include "monitor/demo/network.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "tests/unit/unit.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

static struct story story;
static struct network *network;

static int setup(void **state)
{
	struct hark_err err;
	(void)state;
	if (story_load(&story, STR_NONE, &err) != HARK_OK ||
		network_new(&network, &story, 0, &err) != HARK_OK) {
		fprintf(stderr, "# %s\n", err.text);
		return 1;
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	network_free(network);
	story_release(&story);
	return 0;
}

static size_t host_of(const char *name)
{
	for (size_t i = 0; i < story.hosts_n; i++) {
		if (strcmp(story.hosts[i].name, name) == 0) {
			return i;
		}
	}
	fail_msg("no host %s", name);
	return 0;
}

/* The whole answer, head and body. */
static const char *ask(size_t host, const char *path, const char *header)
{
	static char got[65536];
	char address[32], request[512];
	int port;
	size_t n = 0;
	ssize_t k;
	assert_int_equal(
		sscanf(network_base(network, host), "http://%31[0-9.]:%d", address, &port), 2);
	struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
	inet_pton(AF_INET, address, &to.sin_addr);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	int len = snprintf(request, sizeof(request),
		"GET %s HTTP/1.1\r\nHost: h\r\nConnection: close\r\n%s\r\n", path, header);
	assert_int_equal(send(fd, request, (size_t)len, 0), len);
	while (n < sizeof(got) - 1 && (k = recv(fd, got + n, sizeof(got) - 1 - n, 0)) > 0) {
		n += (size_t)k;
	}
	got[n] = '\0';
	close(fd);
	return got;
}

static const char *read_host(const char *name)
{
	size_t i = host_of(name);
	return ask(i, story.hosts[i].path, "");
}

static size_t count(const char *text, const char *part)
{
	size_t n = 0;
	for (text = strstr(text, part); text != NULL; text = strstr(text + 1, part)) {
		n++;
	}
	return n;
}

static void the_shipped_story_is_whole(void **state)
{
	(void)state;
	assert_int_equal(story_baseline_count(&story), 39);
	assert_int_equal(story.leads_n, 5);
	assert_true(story.hosts_n >= 9);
	size_t copies = 0;
	for (size_t i = 0; i < story.hosts_n; i++) {
		for (size_t k = 0; k < story.hosts[i].later_n; k++) {
			copies += strstr(story.hosts[i].later[k].text, "Quillon Foods announced") !=
				  NULL;
		}
	}
	assert_int_equal(copies, 6);
}

static void a_broken_story_names_line_and_column(void **state)
{
	struct story s;
	struct hark_err err;
	(void)state;
	assert_int_equal(
		story_load(&s, STR("hosts: []\nfiles: {}\nleads:\n  - { kind: x }\n"), &err),
		HARK_EPARSE);
	assert_non_null(strstr(err.text, "story.yaml:4:"));
	story_release(&s);
}

static void every_format_carries_the_items_and_none_of_the_story(void **state)
{
	(void)state;
	assert_int_equal(count(read_host("harbour-courier"), "<item>"), 5);
	assert_int_equal(count(read_host("northshore-news"), "<item rdf"), 5);
	assert_int_equal(count(read_host("ask-ops"), "<entry>"), 6);
	assert_int_equal(count(read_host("ledger-weekly"), "\"content_text\""), 5);
	assert_null(strstr(read_host("ask-ops"), "Odalys"));
}

static void json_feeds_are_json(void **state)
{
	struct hark_err err;
	(void)state;
	const char *body = strstr(read_host("shoptalk"), "\r\n\r\n");
	assert_non_null(body);
	json_t *tree = json_read(str_c(body + 4), &err);
	assert_non_null(tree);
	assert_int_equal(json_array_size(json_object_get(tree, "items")), 5);
	json_decref(tree);
}

static void validators_are_answered_304_until_the_story_is_out(void **state)
{
	size_t i = host_of("ask-ops");
	const char *mark = "If-None-Match: W/\"ask-ops-1\"\r\n";
	(void)state;
	assert_non_null(strstr(read_host("ask-ops"), "ETag: W/\"ask-ops-1\""));
	assert_non_null(strstr(ask(i, story.hosts[i].path, mark), "HTTP/1.1 304"));
	network_publish(network, clock_wall_ms());
	assert_non_null(strstr(ask(i, story.hosts[i].path, mark), "HTTP/1.1 200"));
	assert_non_null(strstr(read_host("ask-ops"), "Odalys"));
}

static void the_limited_host_says_when_to_come_back(void **state)
{
	(void)state;
	const char *first = read_host("tradewire");
	assert_non_null(strstr(first, "HTTP/1.1 429"));
	assert_non_null(strstr(first, "Retry-After: 1"));
	assert_non_null(strstr(read_host("tradewire"), "HTTP/1.1 200"));
}

static void the_slow_host_is_slow_and_the_failing_one_fails(void **state)
{
	int64_t from = clock_steady_ms();
	(void)state;
	assert_non_null(strstr(read_host("northshore-news"), "HTTP/1.1 200"));
	assert_true(clock_steady_ms() - from >= 600);
	assert_non_null(strstr(read_host("gone-fishing"), "HTTP/1.1 500"));
}

static void pages_follow_one_another(void **state)
{
	size_t i = host_of("market-notes");
	char next[64];
	(void)state;
	network_publish(network, clock_wall_ms());
	const char *first = read_host("market-notes");
	assert_int_equal(count(first, "\"content_text\""), 3);
	assert_null(strstr(first, "Quillon"));
	snprintf(next, sizeof(next), "%s?page=2", story.hosts[i].path);
	assert_non_null(strstr(first, next));
	const char *second = ask(i, next, "");
	assert_int_equal(count(second, "\"content_text\""), 3);
	assert_non_null(strstr(second, "Quillon"));
	snprintf(next, sizeof(next), "%s?page=3", story.hosts[i].path);
	assert_non_null(strstr(second, next));
	const char *third = ask(i, next, "");
	assert_int_equal(count(third, "\"content_text\""), 3);
	assert_null(strstr(third, "next_url"));
	assert_int_equal(network_count(network).hosts_read, 1);
}

static void the_damaged_host_is_ill_formed_but_complete(void **state)
{
	(void)state;
	const char *got = read_host("the-pilot");
	assert_int_equal(count(got, "<item>"), 5);
	assert_non_null(strstr(got, "Salt & pepper"));
	assert_null(strstr(got, "</rss>"));
}

static void the_network_knows_when_all_was_read(void **state)
{
	(void)state;
	for (int part = 0; part < 2; part++) {
		assert_false(network_is_read(network));
		for (size_t i = 0; i < story.hosts_n; i++) {
			const struct story_host *h = &story.hosts[i];
			ask(i, h->path, "");
			ask(i, h->path, "");
			for (int page = 2; h->page != 0 && page < 5; page++) {
				char path[64];
				snprintf(path, sizeof(path), "%s?page=%d", h->path, page);
				ask(i, path, "");
			}
		}
		assert_true(network_is_read(network));
		network_publish(network, clock_wall_ms());
	}
}

static void a_post_has_a_page_of_its_own(void **state)
{
	(void)state;
	assert_non_null(strstr(ask(host_of("ask-ops"), "/posts/q1", ""), "freezer hall"));
	assert_non_null(strstr(ask(host_of("ask-ops"), "/posts/q7", ""), "HTTP/1.1 404"));
	network_publish(network, clock_wall_ms());
	assert_non_null(strstr(ask(host_of("ask-ops"), "/posts/q7", ""), "Corvane"));
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_shipped_story_is_whole),
		T(a_broken_story_names_line_and_column),
		T(every_format_carries_the_items_and_none_of_the_story),
		T(json_feeds_are_json),
		T(validators_are_answered_304_until_the_story_is_out),
		T(the_limited_host_says_when_to_come_back),
		T(the_slow_host_is_slow_and_the_failing_one_fails),
		T(pages_follow_one_another),
		T(the_damaged_host_is_ill_formed_but_complete),
		T(the_network_knows_when_all_was_read),
		T(a_post_has_a_page_of_its_own),
	};
	return cmocka_run_group_tests_name("demo network", tests, NULL, NULL);
}
