#include "tests/unit/rules_unit.h"

static struct folder dir;

static int setup(void **state)
{
	(void)state;
	folder_open(&dir);
	folder_write(
		&dir, "people.csv", "name,id,domains\nJane Doe,p1,jane.example\nJohn Smith,p2,\n");
	folder_write(&dir, "rivals.csv", "name,id\nGlobex,r1\nGlobex,r2\nInitech,r3\n");
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	folder_close(&dir);
	return 0;
}

static bool finds(const char *query, const char *text)
{
	return folder_finds(&dir, query, text);
}

static void near_tries_every_place_in_reach(void **state)
{
	(void)state;
	/* The first b crosses a line, the second does not. */
	assert_true(finds("x NEAR/1 (\"y z w\" OR z)", "x y z\nw"));
	/* A sign without words is no place; the word behind it is. */
	assert_true(finds("slow NEAR/2 (raw:\"+ \" OR crm)", "slow + crm"));
	assert_false(finds("slow NEAR/2 (raw:\"+ \" OR crm)", "slow + x"));
}

static void near_means_the_smallest_interval(void **state)
{
	(void)state;
	assert_true(finds("(a NEAR/1 b) NEAR/1 c", "c x a b"));
	assert_false(finds("(a NEAR/1 b) NEAR/1 c", "c x a a b")); /* "a b" is two away */
	assert_true(finds("ATLEAST/2 (a NEAR/3 b)", "a b c c c c a b"));
	assert_false(finds("ATLEAST/2 (a NEAR/3 b)", "a a b"));
}

static void a_branch_that_fails_takes_nothing_from_the_others(void **state)
{
	(void)state;
	assert_true(finds("(slow OR all:people) NEAR/1 crm", "slow crm by Jane Doe"));
	assert_true(finds("(slow OR ATLEAST/1 (crm)) NEAR/0 bad", "slow bad old crm"));
	assert_true(finds("(any:rivals OR all:people) NEAR/0 bad", "Globex bad"));
}

static void one_place_counts_once(void **state)
{
	(void)state;
	assert_false(finds("ATLEAST/2 (crash OR crash*)", "one crash"));
	assert_true(finds("ATLEAST/2 (crash OR crash*)", "crash and crashed"));
	assert_false(finds("ATLEAST/2 (any:rivals)", "Globex is two companies"));
	assert_true(finds("ATLEAST/2 (any:rivals)", "Globex and Initech"));
}

static void case_counts_for_patterns_too(void **state)
{
	(void)state;
	assert_true(finds("case:organi?ation", "an organisation"));
	assert_false(finds("case:organi?ation", "an ORGANISATION"));
	assert_true(finds("case:Organi?a*", "Organizations"));
	assert_false(finds("case:Organi?a*", "organizations"));
}

static void tags_of_the_author_are_not_those_of_the_post(void **state)
{
	(void)state;
	struct post p;
	post_init(&p);
	p.source = STR("test");
	p.external_id = STR("1");
	p.text = STR("hello");
	p.author.bio = STR("#crm all day");
	p.quoted = STR("they said #crm");
	assert_false(folder_matches(&dir, "tag:crm", &p));
	assert_false(folder_matches(&dir, "hello has:tag", &p));
	p.text = STR("hello #CRM");
	assert_true(folder_matches(&dir, "tag:crm", &p));
	assert_true(folder_matches(&dir, "hello has:tag", &p));
}

static void a_link_in_the_text_is_a_link(void **state)
{
	(void)state;
	assert_true(finds("link:any:people", "see www.jane.example/a"));
	assert_true(finds("link:any:people AS $who", "see https://blog.jane.example"));
	assert_false(finds("link:any:people", "see www.xjane.example/a"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(near_tries_every_place_in_reach, setup, teardown),
		cmocka_unit_test_setup_teardown(near_means_the_smallest_interval, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_branch_that_fails_takes_nothing_from_the_others, setup, teardown),
		cmocka_unit_test_setup_teardown(one_place_counts_once, setup, teardown),
		cmocka_unit_test_setup_teardown(case_counts_for_patterns_too, setup, teardown),
		cmocka_unit_test_setup_teardown(
			tags_of_the_author_are_not_those_of_the_post, setup, teardown),
		cmocka_unit_test_setup_teardown(a_link_in_the_text_is_a_link, setup, teardown),
	};
	return cmocka_run_group_tests_name("eval_find", tests, NULL, NULL);
}
