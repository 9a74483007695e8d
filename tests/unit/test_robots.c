#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/err.h"
#include "monitor/fetch/robots.h"

#include <stdlib.h>

static bool may(const char *text, const char *path)
{
	return robots_allow(str_c(text), STR("hark"), str_c(path));
}

static void without_rules_everything_is_allowed(void **state)
{
	(void)state;
	assert_true(may("", "/"));
	assert_true(may("<html>404</html>", "/x"));
	assert_true(may("User-agent: *\nDisallow:\n", "/x"));
	assert_true(may("Disallow: /\n", "/x")); /* belongs to nobody */
}

static void our_own_group_beats_the_one_for_all(void **state)
{
	(void)state;
	const char *text =
		"User-agent: *\nDisallow: /\n\nuser-agent: Hark/2.0\nDisallow: /private\n";
	assert_true(may(text, "/news"));
	assert_false(may(text, "/private/x"));
	assert_false(may("User-agent: *\nDisallow: /\n", "/news"));
	assert_true(may("User-agent: harkening\nDisallow: /\n", "/news"));
}

static void agents_in_a_row_share_a_group_and_groups_of_one_agent_add_up(void **state)
{
	(void)state;
	const char *text = "User-agent: hark\nUser-agent: other\nDisallow: /a\n"
			   "User-agent: third\nDisallow: /b\nUser-agent: HARK\nDisallow: /c\n";
	assert_false(may(text, "/a"));
	assert_true(may(text, "/b"));
	assert_false(may(text, "/c"));
}

static void the_longest_pattern_wins_and_allow_a_tie(void **state)
{
	(void)state;
	const char *text = "User-agent: *\r\nDisallow: /a # all of it\r\nAllow: /a/b\r\n"
			   "Disallow: /t\r\nAllow: /t\r\n";
	assert_false(may(text, "/a/c"));
	assert_true(may(text, "/a/b/c"));
	assert_true(may(text, "/t"));
}

static void patterns_know_star_and_end(void **state)
{
	(void)state;
	const char *text =
		"User-agent: *\nDisallow: /*.php$\nDisallow: /x/*/y\nDisallow: /*?print\n";
	assert_false(may(text, "/a/b.php"));
	assert_true(may(text, "/a/b.php?x"));
	assert_false(may(text, "/x/1/2/y/z"));
	assert_true(may(text, "/x/y"));
	assert_false(may(text, "/page?print=1"));
}

static void a_hostile_pattern_costs_no_more_than_its_length(void **state)
{
	(void)state;
	char *text = malloc(70000);
	char *path = malloc(4001);
	strcpy(text, "User-agent: *\nDisallow: /");
	for (size_t i = 0; i < 30000; i++) {
		strcat(text + 25 + 2 * i, "*a");
	}
	strcat(text, "b\n");
	memset(path, 'a', 4000);
	path[0] = '/';
	path[4000] = '\0';
	assert_true(may(text, path));
	free(text);
	free(path);
}

static void rules_that_cost_too_much_forbid(void **state)
{
	(void)state;
	struct buf text;
	char path[8001], part[1000];
	buf_init(&text, ROBOTS_MAX);
	memset(path, 'a', sizeof(path));
	memset(part, 'a', sizeof(part));
	path[0] = '/';
	path[8000] = '\0';
	buf_add_c(&text, "User-agent: *\nAllow: /\n");
	for (int i = 0; i < 400; i++) {
		buf_printf(&text, "Disallow: /*%.1000sb\n", part);
	}
	assert_int_equal(text.rc, HARK_OK);
	assert_false(may(buf_c(&text), path)); /* none of them matches */
	assert_true(may(buf_c(&text), "/short"));
	buf_release(&text);
}

static void many_rules_are_read_to_their_end(void **state)
{
	(void)state;
	struct buf text;
	char path[400];
	buf_init(&text, ROBOTS_MAX);
	memset(path, 'a', sizeof(path));
	path[0] = '/';
	path[399] = '\0';
	buf_add_c(&text, "User-agent: *\n");
	for (int i = 0; i < 18000; i++) {
		buf_printf(&text, "Disallow: /*?session=%d\n", i);
	}
	assert_int_equal(text.rc, HARK_OK);
	assert_true(may(buf_c(&text), path));
	buf_add_c(&text, "Disallow: /*aaa$\n");
	assert_int_equal(text.rc, HARK_OK);
	assert_false(may(buf_c(&text), path));
	buf_release(&text);
}

static void lines_end_with_cr_too(void **state)
{
	(void)state;
	const char *text = "# ours\rUser-agent: *\rDisallow: /a\r\rAllow: /a/b\r";
	assert_false(may(text, "/a/c"));
	assert_true(may(text, "/a/b"));
	assert_true(may(text, "/c"));
}

static void what_cannot_be_had_forbids_and_what_is_not_there_allows(void **state)
{
	(void)state;
	const struct str rules = STR("User-agent: *\nDisallow: /a\n"), own = STR("hark");
	static const int none[] = {400, 404, 410}, silent[] = {0, 302, 429, 500, 503};
	assert_false(robots_allow(robots_of(200, rules), own, STR("/a")));
	assert_true(robots_allow(robots_of(200, rules), own, STR("/b")));
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		assert_true(robots_allow(robots_of(none[i], rules), own, STR("/a")));
	}
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++) {
		assert_false(robots_allow(robots_of(silent[i], rules), own, STR("/b")));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_rules_everything_is_allowed),
		cmocka_unit_test(our_own_group_beats_the_one_for_all),
		cmocka_unit_test(agents_in_a_row_share_a_group_and_groups_of_one_agent_add_up),
		cmocka_unit_test(the_longest_pattern_wins_and_allow_a_tie),
		cmocka_unit_test(patterns_know_star_and_end),
		cmocka_unit_test(a_hostile_pattern_costs_no_more_than_its_length),
		cmocka_unit_test(rules_that_cost_too_much_forbid),
		cmocka_unit_test(many_rules_are_read_to_their_end),
		cmocka_unit_test(lines_end_with_cr_too),
		cmocka_unit_test(what_cannot_be_had_forbids_and_what_is_not_there_allows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
