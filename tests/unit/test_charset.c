#include "tests/unit/unit.h"

#include "connectors/parse/charset.h"

static void check(const char *bytes, size_t n, const char *said, const char *want, const char *name,
	bool wrong)
{
	struct buf room;
	struct str text;
	struct charset used;
	buf_init(&room, 10000);
	assert_int_equal(charset_decode(str_n(bytes, n), said, &room, &text, &used, NULL), HARK_OK);
	assert_str_is(text, want);
	assert_string_equal(used.name, name);
	assert_int_equal(used.wrong, wrong);
	buf_release(&room);
}
#define CHECK(bytes, ...) check(bytes, sizeof(bytes) - 1, __VA_ARGS__)

static void a_byte_order_mark_decides(void **state)
{
	(void)state;
	CHECK("\xef\xbb\xbf<a>\xc3\xa9", "iso-8859-1", "<a>\xc3\xa9", "utf-8", false);
	CHECK("\xff\xfe<\0\xe9\0", "utf-8", "<\xc3\xa9", "utf-16le", false);
	CHECK("\xfe\xff\0<\0\xe9", NULL, "<\xc3\xa9", "utf-16be", false);
	CHECK("\xff\xfe\0\0<\0\0\0", NULL, "<", "utf-32le", false);
}

static void wide_letters_are_seen_without_a_mark(void **state)
{
	(void)state;
	CHECK("<\0?\0\xe9\0", NULL, "<?\xc3\xa9", "utf-16le", false);
	CHECK("\0<\0?\0\xe9", NULL, "<?\xc3\xa9", "utf-16be", false);
	CHECK("<\0\0\0a\0\0\0", NULL, "<a", "utf-32le", false);
}

static void the_transport_goes_before_the_declaration(void **state)
{
	(void)state;
	CHECK("<?xml version='1.0' encoding='koi8-r'?>\xe9", "iso-8859-1",
		"<?xml version='1.0' encoding='koi8-r'?>\xc3\xa9", "windows-1252", false);
	CHECK("<?xml encoding='ISO-8859-1'?>\x93\xe9\x94", NULL,
		"<?xml encoding='ISO-8859-1'?>\xe2\x80\x9c\xc3\xa9\xe2\x80\x9d", "windows-1252",
		false);
	CHECK("<?xml encoding=\"gb2312\"?>\xc4\xa3", NULL,
		"<?xml encoding=\"gb2312\"?>\xe6\xa8\xa1", "gb18030", false);
	CHECK("\x82\xa0", "Shift_JIS", "\xe3\x81\x82", "cp932", false);
}

static void a_wrong_label_loses_to_the_bytes(void **state)
{
	(void)state;
	CHECK("<?xml encoding='iso-8859-1'?>\xc3\xa9", NULL,
		"<?xml encoding='iso-8859-1'?>\xc3\xa9", "utf-8", true);
	CHECK("\xe9t\xe9", "utf-8", "\xc3\xa9t\xc3\xa9", "windows-1252", true);
	CHECK("a \xc3\xa9 b \x92", "utf-8", "a \xc3\xa9 b \xe2\x80\x99", "utf-8", true);
	CHECK("\xc3\xa9", "no-such-set", "\xc3\xa9", "utf-8", true);
	CHECK("<?xml encoding='utf-16'?>x", NULL, "<?xml encoding='utf-16'?>x", "utf-8", true);
}

static void a_truncated_sequence_loses_one_letter_only(void **state)
{
	(void)state;
	struct buf room;
	struct str text;
	struct charset used;
	buf_init(&room, 1000);
	assert_int_equal(
		charset_decode(str_n("\xfe\xff\0<\0\xe9\0", 7), NULL, &room, &text, &used, NULL),
		HARK_OK);
	assert_str_is(text, "<\xc3\xa9\xef\xbf\xbd");
	assert_true(used.wrong);
	buf_release(&room);
}

static void a_wide_letter_that_is_lost_takes_no_other_along(void **state)
{
	(void)state;
	CHECK("\xff\xfe"
	      "a\0\x3d\xd8"
	      "b\0c\0",
		NULL, "a\xef\xbf\xbd"
		      "bc",
		"utf-16le", true);
	CHECK("\xfe\xff\0a\xd8\x3d\0b", NULL,
		"a\xef\xbf\xbd"
		"b",
		"utf-16be", true);
	CHECK("\xff\xfe\0\0\0\xd8\0\0b\0\0\0", NULL,
		"\xef\xbf\xbd"
		"b",
		"utf-32le", true);
	CHECK("\xff\xfe"
	      "a\0b",
		NULL, "a\xef\xbf\xbd", "utf-16le", true);
}

static void a_set_is_called_by_its_name_alone(void **state)
{
	(void)state;
	assert_true(charset_is_known("koi8-r"));
	assert_false(charset_is_known("koi8-r//ignore"));
	assert_false(charset_is_known("utf-8//IGNORE"));
	assert_false(charset_is_known("//IGNORE"));
	assert_false(charset_is_known(""));
	CHECK("a\xff", "koi8-r//ignore", "a\xc3\xbf", "windows-1252", true);
}

static void the_ceiling_is_reported(void **state)
{
	(void)state;
	struct buf room;
	struct str text;
	struct charset used;
	struct hark_err err = {0};
	buf_init(&room, 10);
	assert_int_equal(charset_decode(STR("\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9\xe9"), NULL, &room,
				 &text, &used, &err),
		HARK_ELIMIT);
	assert_non_null(strstr(err.text, "larger"));
	buf_release(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_order_mark_decides),
		cmocka_unit_test(wide_letters_are_seen_without_a_mark),
		cmocka_unit_test(the_transport_goes_before_the_declaration),
		cmocka_unit_test(a_wrong_label_loses_to_the_bytes),
		cmocka_unit_test(a_truncated_sequence_loses_one_letter_only),
		cmocka_unit_test(a_wide_letter_that_is_lost_takes_no_other_along),
		cmocka_unit_test(a_set_is_called_by_its_name_alone),
		cmocka_unit_test(the_ceiling_is_reported),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
