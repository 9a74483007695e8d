#include "tests/unit/unit.h"

#include "monitor/base/yaml.h"

#include <stdio.h>

static struct arena arena;
static struct diags diags;

static int set_up(void **state)
{
	(void)state;
	arena_init(&arena, 0);
	diags_init(&diags);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	diags_release(&diags);
	arena_release(&arena);
	return 0;
}

static void every_scalar_is_text_and_every_node_knows_its_place(void **state)
{
	(void)state;
	struct yaml_node *root =
		yaml_read(STR("a: yes\nb:\n  - 1\n  - {c: ~}\n"), "x.yaml", &arena, &diags);
	assert_non_null(root);
	assert_str_is(yaml_get(root, "a")->text, "yes");
	struct yaml_node *list = yaml_get(root, "b");
	assert_int_equal(list->n, 2);
	assert_str_is(list->items[0]->text, "1");
	assert_int_equal(list->items[0]->at.line, 3);
	assert_int_equal(list->items[0]->at.col, 5);
	assert_str_is(yaml_get(list->items[1], "c")->text, "~");
	assert_null(yaml_get(root, "z"));
}

static void refused(const char *text, const char *code, unsigned line, unsigned col)
{
	diags_release(&diags);
	diags_init(&diags);
	assert_null(yaml_read(str_c(text), "x.yaml", &arena, &diags));
	assert_true(diags.n > 0);
	assert_string_equal(diags.v[0].code, code);
	assert_int_equal(diags.v[0].at.line, line);
	assert_int_equal(diags.v[0].at.col, col);
}

static void a_byte_order_mark_is_no_part_of_the_text(void **state)
{
	(void)state;
	struct yaml_node *root = yaml_read(STR("\xef\xbb\xbf"
					       "a: 1\nb: 2\n"),
		"x.yaml", &arena, &diags);
	assert_non_null(root);
	assert_str_is(root->pairs[0].key->text, "a");
	assert_int_equal(root->pairs[0].key->at.col, 1);
	assert_str_is(yaml_get(root, "b")->text, "2");
	assert_int_equal(yaml_read(STR("\xef\xbb\xbf"), "x.yaml", &arena, &diags)->n, 0);
	assert_int_equal(diags.n, 0);
}

static void wide_letters_are_refused_in_one_sentence(void **state)
{
	(void)state;
	static const char *const texts[] = {"\xff\xfe"
					    "a\0:\0 \0001\0",
		"\xfe\xff\0a\0:\0 \0001"};
	static const char wide[] = "\0\0\xfe\xff\0\0\0a";
	for (size_t i = 0; i < 3; i++) {
		struct str text = i < 2 ? str_n(texts[i], 10) : str_n(wide, 8);
		diags_release(&diags);
		diags_init(&diags);
		assert_null(yaml_read(text, "x.yaml", &arena, &diags));
		assert_int_equal(diags.n, 1);
		assert_string_equal(diags.v[0].code, "Y009");
		assert_non_null(strstr(diags.v[0].message, "UTF-16"));
	}
}

static void what_surprises_people_is_refused(void **state)
{
	(void)state;
	refused("a: 1\na: 2\n", "Y002", 2, 1);
	refused("a: &x 1\n", "Y003", 1, 4);
	refused("a: *x\n", "Y003", 1, 4);
	refused("a: !!int 1\n", "Y004", 1, 4);
	refused("[a]: 1\n", "Y005", 1, 1);
	refused("a: 1\n---\nb: 2\n", "Y008", 2, 1);
	refused("a: \"x\n", "Y001", 2, 1);
	refused("ok: 1\n\xff\xfe: 1\n", "Y001", 2, 1);
	refused("a: \"\\0\"\n", "Y006", 1, 4);
}

static void assert_help(const char *text, const char *part)
{
	diags_release(&diags);
	diags_init(&diags);
	assert_null(yaml_read(str_c(text), "x.yaml", &arena, &diags));
	assert_string_equal(diags.v[0].code, "Y001");
	assert_non_null(diags.v[0].help);
	assert_non_null(strstr(diags.v[0].help, part));
}

static void what_is_no_yaml_says_what_to_do(void **state)
{
	(void)state;
	assert_help("a: x\n b: y\n", "one column");
	assert_help("a: 1\nb: c: d\n", "single quotes");
	assert_help("a:\n\tb: 1\n", "spaces");
	assert_help("- a: x\n\tb: 1\n", "spaces");
	assert_help("a: 1\nb: \"c\" d\n", "single quotes");
	assert_help("- a: 1\n   b: 2\n", "one column");
	assert_help("- a: 1\n b: 2\n", "one column");
}

/* Of few keys each is compared, of many a table is made. */
static void a_key_that_stands_twice_is_seen_among_any_number(void **state)
{
	(void)state;
	for (unsigned n = 1; n < 40; n++) {
		char text[1000] = "", help[32];
		for (unsigned i = 0; i < n; i++) {
			sprintf(text + strlen(text), "key%u: 1\n", i);
		}
		diags_release(&diags);
		diags_init(&diags);
		assert_int_equal(yaml_read(str_c(text), "x.yaml", &arena, &diags)->n, n);
		assert_int_equal(diags.n, 0);
		sprintf(text + strlen(text), "key%u: 2\n", n / 2);
		sprintf(help, "first on line %u", n / 2 + 1);
		assert_null(yaml_read(str_c(text), "x.yaml", &arena, &diags));
		assert_int_equal(diags.n, 1);
		assert_string_equal(diags.v[0].code, "Y002");
		assert_int_equal(diags.v[0].at.line, n + 1);
		assert_string_equal(diags.v[0].help, help);
	}
}

static void deep_nesting_is_refused_not_followed(void **state)
{
	(void)state;
	char deep[4001];
	memset(deep, '[', 4000);
	deep[4000] = '\0';
	assert_null(yaml_read(str_c(deep), "x.yaml", &arena, &diags));
	assert_true(diags.errors > 0);
}

static void an_offset_in_a_scalar_is_found_in_the_file(void **state)
{
	(void)state;
	struct yaml_node *root = yaml_read(
		STR("m: |\n    \xc3\xa9t\xc3\xa9 OR\n    foo bar\nq: 'it''s x'\np: one two\n"),
		"x.yaml", &arena, &diags);
	struct diag_at at = yaml_place(yaml_get(root, "m"), 6, 2);
	assert_int_equal(at.line, 2);
	assert_int_equal(at.col, 9);
	assert_int_equal(at.byte_col, 11);
	assert_int_equal(at.col_end, 11);
	at = yaml_place(yaml_get(root, "m"), 13, 3);
	assert_int_equal(at.line, 3);
	assert_int_equal(at.col, 9);
	at = yaml_place(yaml_get(root, "q"), 5, 1);
	assert_int_equal(at.col, 11);
	at = yaml_place(yaml_get(root, "p"), 4, 3);
	assert_int_equal(at.col, 8);
	assert_int_equal(at.col_end, 11);
}

static void json_is_read_too_and_an_empty_file_is_an_empty_mapping(void **state)
{
	(void)state;
	struct yaml_node *root = yaml_read(
		STR("{\"a\": [1, \"x\\u00e9\"], \"b\": {\"c\": null}}"), "d.json", &arena, &diags);
	assert_str_is(yaml_get(root, "a")->items[1]->text, "x\xc3\xa9");
	root = yaml_read(STR("# nothing\n"), "e.yaml", &arena, &diags);
	assert_int_equal(root->kind, YAML_MAPPING);
	assert_int_equal(root->n, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(every_scalar_is_text_and_every_node_knows_its_place),
		TEST(a_byte_order_mark_is_no_part_of_the_text),
		TEST(wide_letters_are_refused_in_one_sentence),
		TEST(what_surprises_people_is_refused),
		TEST(what_is_no_yaml_says_what_to_do),
		TEST(a_key_that_stands_twice_is_seen_among_any_number),
		TEST(deep_nesting_is_refused_not_followed),
		TEST(an_offset_in_a_scalar_is_found_in_the_file),
		TEST(json_is_read_too_and_an_empty_file_is_an_empty_mapping),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
