#include "tests/unit/rules_unit.h"

#include "rules/fold.h"
#include "rules/frequency.h"
#include "rules/lists.h"

static struct lists lists;
static struct list *list;
static struct diags diags;
static struct text text;
static struct arena options_arena;

static int setup(void **state)
{
	(void)state;
	assert_int_equal(fold_init(), HARK_OK);
	lists_init(&lists);
	diags_init(&diags);
	text_init(&text);
	arena_init(&options_arena, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	lists_release(&lists);
	diags_release(&diags);
	text_release(&text);
	arena_release(&options_arena);
	return 0;
}

static void read_bytes(struct str bytes, const char *file, const struct list_options *options)
{
	list = lists_add(&lists, STR("l"), options);
	assert_non_null(list);
	list_read_file(&lists, list, bytes, file, &diags);
}

static void read_text(const char *bytes, const char *file)
{
	read_bytes(str_c(bytes), file, NULL);
}

static const char *attr(size_t entry, const char *name)
{
	static char copy[200];
	assert_true(entry < list->n);
	struct str s = list_attr(list, &list->entries[entry], str_c(name));
	if (s.p == NULL) {
		return NULL;
	}
	snprintf(copy, sizeof(copy), "%.*s", (int)s.n, s.p);
	return copy;
}

static bool count_hit(void *ctx, const struct name_hit *hit)
{
	(void)hit;
	(*(size_t *)ctx)++;
	return true;
}

static size_t effort; /* of found(): words compared */

static size_t found(const char *s)
{
	size_t n = 0;
	if (lists.names.tables[NAMES_LATE].slots_n == 0) {
		assert_int_equal(lists_build(&lists, &diags), HARK_OK);
	}
	text_reset(&text);
	text_add(&text, TEXT_TEXT, str_c(s));
	effort = names_find(&lists.names, NAMES_LATE, &text, count_hit, &n);
	return n;
}

static bool said(const char *code, unsigned line)
{
	for (size_t i = 0; i < diags.n; i++) {
		if (strcmp(diags.v[i].code, code) == 0 && diags.v[i].at.line == line) {
			return true;
		}
	}
	print_findings(&diags);
	return false;
}

static void columns_stand_in_any_order(void **state)
{
	(void)state;
	read_text("\xef\xbb\xbf\r\nTier;ALIASES;Name;id\r\n\"gold; and \"\"more\"\"\";GBX|Globex "
		  "Corp;Globex;7\r\n;;\"Line\nbreak Ltd\";\r\n",
		"l.csv");
	assert_int_equal(diags.n, 0);
	assert_int_equal(list->n, 2);
	assert_string_equal(attr(0, "tier"), "gold; and \"more\"");
	assert_string_equal(attr(0, "id"), "7");
	assert_string_equal(attr(0, "aliases"), "GBX|Globex Corp");
	assert_null(attr(1, "tier"));
	assert_string_equal(attr(1, "id"), "line break ltd");
	assert_int_equal(list->entries[1].line, 4);
	assert_int_equal(found("gbx"), 1);
	assert_int_equal(found("line break"), 1);
}

static void json_lines_are_rows_too(void **state)
{
	(void)state;
	read_text("{\"name\":\"Globex\",\"id\":7,\"aliases\":[\"GBX\",\"Globex "
		  "Suite\"],\"handles\":\"@globex\",\"size\":12.5,\"own\":true,\"x\":null}\n\n"
		  "{\"name\":\" Initech \",\"tier\":\"a;b\"}\n[1]\n{\"id\":3}\n{\"name\":\n",
		"l.jsonl");
	assert_int_equal(list->n, 2);
	assert_string_equal(attr(0, "id"), "7");
	assert_string_equal(attr(0, "size"), "12.5");
	assert_string_equal(attr(0, "own"), "true");
	assert_string_equal(attr(0, "aliases"), "GBX;Globex Suite");
	assert_null(attr(0, "x"));
	assert_string_equal(attr(1, "name"), "Initech");
	assert_string_equal(attr(1, "tier"), "a;b");
	assert_true(list->entries[0].has_handle);
	assert_int_equal(found("globex suite"), 2); /* the alias, and the name in it */
	assert_int_equal(found("@globex"), 1);
	assert_true(said("W074", 4));
	assert_true(said("W073", 5));
	assert_true(said("W074", 6));
	assert_int_equal(diags.n, 3);
}

static void encodings_of_spreadsheets_are_read(void **state)
{
	(void)state;
	static const char little[] =
		"\xff\xfen\0a\0m\0e\0\n\0M\0\xfc\0l\0l\0e\0r\0 \0=\xd8\x00\xde";
	static const char big[] = "\xfe\xff\0n\0a\0m\0e\0\n\0M\0\xfc\0l\0l\0e\0r";
	read_bytes(str_n(little, sizeof(little) - 1), "a.csv", NULL);
	assert_string_equal(attr(0, "name"), "M\xc3\xbcller \xf0\x9f\x98\x80");
	read_bytes(str_n(big, sizeof(big) - 1), "b.csv", NULL);
	assert_string_equal(attr(0, "name"), "M\xc3\xbcller");
	assert_int_equal(diags.n, 0);
	read_text("name\nM\xfcller\n\x80uro\n", "c.csv");
	assert_string_equal(attr(0, "name"), "M\xc3\xbcller");
	assert_string_equal(attr(1, "name"), "\xe2\x82\xacuro");
	assert_true(said("W076", 2));
	assert_int_equal(diags.n, 1);
}

static void a_legal_form_may_be_missing(void **state)
{
	(void)state;
	read_text("name\nGlobex Inc.\n\"Initech Co., Ltd.\"\nWeyland M\xc3\xbcller GmbH & Co. KG\n"
		  "Inc\nTarget Corp\n",
		"l.csv");
	assert_int_equal(found("globex"), 1);
	assert_int_equal(found("globex inc"), 3); /* with Inc, which is a name here */
	assert_int_equal(found("initech"), 1);
	assert_int_equal(found("weyland mueller"), 1);
	assert_int_equal(found("inc"), 1);
	assert_int_equal(found("target"), 1); /* it asks for more than its letters, see below */
	lists_release(&lists);
	lists_init(&lists);
	struct list_options off = {.no_variants = true};
	read_bytes(STR("name\nSoylent GmbH\n"), "m.csv", &off);
	assert_int_equal(found("soylent"), 0);
}

static void everyday_words_are_names_only_in_context(void **state)
{
	(void)state;
	read_text("name\nApple\nThe\nGlobex\nApple Pie Works\nUn\n", "l.csv");
	assert_true(said("W070", 2));
	assert_true(said("W070", 3));
	assert_true(said("W070", 6));
	assert_int_equal(diags.n, 3);
	assert_int_equal(found("the"), 0);
	assert_int_equal(found("apple"), 1);
	lists_release(&lists);
	lists_init(&lists);
	struct list_options off = {.no_class = true, .no_variants = true};
	read_bytes(STR("name\nApple\nThe\n"), "m.csv", &off);
	assert_int_equal(diags.n, 3);
	assert_int_equal(found("the"), 1);
}

static void the_table_of_words_is_searched_right(void **state)
{
	(void)state;
	static const char *const everyday[] = {
		"able", "apple", "target", "square", "zoom", "monday"};
	static const char *const everywhere[] = {"a", "the", "de", "you", "und", "zu"};
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(word_frequency(str_c(everyday[i])), WORD_EVERYDAY);
	}
	for (size_t i = 0; i < 6; i++) {
		assert_int_equal(word_frequency(str_c(everywhere[i])), WORD_EVERYWHERE);
	}
	assert_int_equal(word_frequency(STR("globex")), WORD_RARE);
	assert_int_equal(word_frequency(STR("")), WORD_RARE);
}

static void a_million_bad_rows_say_so_a_thousand_times(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1 << 24);
	buf_add_c(&b, "name,x\n");
	for (size_t i = 0; i < 20000; i++) {
		buf_add_c(&b, ",x\nA,y\n");
	}
	read_bytes(buf_str(&b), "l.csv", NULL);
	buf_release(&b);
	assert_int_equal(list->n, 20000);
	assert_true(diags.n <= 1000);
}

/* `n` entries Jane Doe from line 2 on, and one more. */
static void read_namesakes(size_t n)
{
	struct buf b;
	buf_init(&b, 1 << 20);
	buf_add_c(&b, "name,aliases\n");
	for (size_t i = 0; i < n; i++) {
		buf_add_c(&b, "Jane Doe,\"jane doe; JANE DOE\"\n");
	}
	buf_add_c(&b, "Jane Doe Rivers,\n");
	read_bytes(buf_str(&b), "l.csv", NULL);
	list->at = (struct diag_at){.file = "l.csv", .line = 1, .col = 1};
	buf_release(&b);
}

static void people_share_names(void **state)
{
	(void)state;
	read_namesakes(NAMESAKES_TOLD);
	assert_int_equal(found("Jane Doe"), 3 * NAMESAKES_TOLD);
	assert_int_equal(diags.n, 0);
}

static void a_name_that_many_entries_share_is_told(void **state)
{
	(void)state;
	read_namesakes(NAMESAKES_TOLD + 1);
	assert_int_equal(found("Jane Doe"), 3 * (NAMESAKES_TOLD + 1));
	assert_int_equal(diags.n, 1);
	assert_true(said("W077", 2));
}

static void of_a_name_that_all_entries_share_the_first_are_found(void **state)
{
	(void)state;
	read_namesakes(5000);
	assert_int_equal(found("Jane Doe"), 3 * NAMESAKES_MAX);
	assert_int_equal(found("Jane Doe Rivers"), 3 * NAMESAKES_MAX + 1);
	assert_int_equal(diags.n, 1);
	assert_non_null(strstr(diags.v[0].message, "5000 entries"));
	assert_non_null(strstr(diags.v[0].message, "the first 1000"));
}

static void names_that_signs_alone_tell_apart_are_bounded_too(void **state)
{
	(void)state;
	struct buf b;
	char signs[1502];
	buf_init(&b, 1 << 22);
	memset(signs, '!', sizeof(signs));
	buf_add_c(&b, "name\n");
	for (int i = 1; i <= 1500; i++) {
		buf_printf(&b, "Globex%.*s\n", i, signs);
	}
	read_bytes(buf_str(&b), "l.csv", NULL);
	list->at = (struct diag_at){.file = "l.csv", .line = 1, .col = 1};
	buf_release(&b);
	assert_int_equal(found("Globex!!"), 2);
	assert_true(effort <= NAMESAKES_MAX);
	assert_true(said("W077", 2));
}

static void a_mention_costs_the_same_however_many_names_begin_alike(void **state)
{
	(void)state;
	struct buf b;
	buf_init(&b, 1 << 22);
	buf_add_c(&b, "name\nSchool of\n");
	for (size_t i = 0; i < 30000; i++) {
		buf_printf(&b, "School of Town%zu\nSchool of Town%zu and Lake%zu\n", i, i, i);
	}
	buf_add_c(&b, "School of \xec\x82\xbc\xec\x84\xb1\n");
	read_bytes(buf_str(&b), "l.csv", NULL);
	buf_release(&b);
	assert_int_equal(found("the School of Town29999 and its Lake"), 2);
	assert_true(effort < 50);
	assert_int_equal(found("School of Town300 and Lake300, School of Town4 and Lake5"), 5);
	assert_true(effort < 100);
	assert_int_equal(found("the School of Town30000 and Lake1. School of"), 2);
	assert_int_equal(found("School of \xec\x82\xbc\xec\x84\xb1\xec\x9d\x80"), 2);
	assert_int_equal(diags.n, 0);
}

static void a_name_too_long_to_be_one_is_left_out_and_said(void **state)
{
	(void)state;
	struct buf words, b;
	buf_init(&words, 1 << 16);
	buf_init(&b, 1 << 16);
	for (size_t i = 1; i <= NAME_WORDS_MAX; i++) {
		buf_printf(&words, "%sw%zu", i > 1 ? " " : "", i);
	}
	buf_printf(&b, "name\n%s\nand %s\n", buf_c(&words), buf_c(&words));
	read_bytes(buf_str(&b), "l.csv", NULL);
	assert_int_equal(found(buf_c(&words)), 1);
	assert_int_equal(found(buf_c(&words) + 3), 0);
	assert_int_equal(found(buf_c(&b) + 5), 2); /* the words twice, "and" between */
	assert_int_equal(diags.n, 1);
	assert_true(said("W075", 3));
	buf_release(&words);
	buf_release(&b);
}

/* Every place is a name of each length. */
static void names_inside_names_are_given_up_in_time(void **state)
{
	(void)state;
	struct buf b, post;
	buf_init(&b, 1 << 16);
	buf_init(&post, 1 << 22);
	buf_add_c(&b, "name\n");
	for (size_t n = 2; n <= NAME_WORDS_MAX; n++) {
		for (size_t i = 0; i < n; i++) {
			buf_add_c(&b, "xy ");
		}
		buf_add_char(&b, '\n');
	}
	read_bytes(buf_str(&b), "l.csv", NULL);
	for (size_t i = 0; i < 200000; i++) {
		buf_add_c(&post, "xy ");
	}
	assert_int_equal(found("xy xy xy"), 3);
	assert_true(found(buf_c(&post)) > 100000);
	assert_true(effort > NAMES_EFFORT_MAX && effort < NAMES_EFFORT_MAX + 1000);
	buf_release(&b);
	buf_release(&post);
}

static void odd_files_have_an_outcome(void **state)
{
	(void)state;
	static const char *const files[] = {"", "\n\n", "\xff\xfe", "\xfe\xff\xd8", "{", "name",
		"id\n1\n", "\xef\xbb\xbf", "name\n\"", "name\n\"a\"b\n", "\xff\xff\xff"};
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		list = lists_add(&lists, STR("l"), NULL);
		list_read_file(&lists, list, str_c(files[i]), "l.csv", &diags);
		assert_int_equal(lists.rc, HARK_OK);
		assert_int_equal(list->n, 0);
	}
	assert_true(diags.errors >= 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(columns_stand_in_any_order, setup, teardown),
		cmocka_unit_test_setup_teardown(json_lines_are_rows_too, setup, teardown),
		cmocka_unit_test_setup_teardown(
			encodings_of_spreadsheets_are_read, setup, teardown),
		cmocka_unit_test_setup_teardown(a_legal_form_may_be_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(
			everyday_words_are_names_only_in_context, setup, teardown),
		cmocka_unit_test_setup_teardown(
			the_table_of_words_is_searched_right, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_million_bad_rows_say_so_a_thousand_times, setup, teardown),
		cmocka_unit_test_setup_teardown(people_share_names, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_name_that_many_entries_share_is_told, setup, teardown),
		cmocka_unit_test_setup_teardown(
			of_a_name_that_all_entries_share_the_first_are_found, setup, teardown),
		cmocka_unit_test_setup_teardown(
			names_that_signs_alone_tell_apart_are_bounded_too, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_mention_costs_the_same_however_many_names_begin_alike, setup, teardown),
		cmocka_unit_test_setup_teardown(
			a_name_too_long_to_be_one_is_left_out_and_said, setup, teardown),
		cmocka_unit_test_setup_teardown(
			names_inside_names_are_given_up_in_time, setup, teardown),
		cmocka_unit_test_setup_teardown(odd_files_have_an_outcome, setup, teardown),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
