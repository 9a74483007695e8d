#include "tests/unit/unit.h"

#include "monitor/base/hash.h"

#define BYTES_MAX 15000

/* As they are in stores: the same bytes must have the same fingerprint for ever, however they are read. `whole`: of one
 * piece; `pieces`: of its first third, nothing, and the rest. */
static const struct {
	size_t bytes;
	const char *whole, *pieces;
} known[] = {
	{0, "2c0a8a99dc147d5445c3b49d035665b2", "10e45c7ce2292320743df94ee4c78a2a"},
	{1, "fa3f5392c40387fb428516d12156e7b6", "1ea39c7c172a864aeb4adaaee9e54075"},
	{3, "cedddab0a267afece8c9657cbd688eb1", "6d294e968f88d8269fbb9c8925517ece"},
	{8, "f1686b78b32688c6377d6423ac2ba004", "7b8a05aa8284ae4bdf6c34721154641d"},
	{16, "50fc2a62a4c71b8a4dabb72fd8220e5a", "07ee68eaf930b9cf798cf11a9cdf56bd"},
	{100, "7a22acf0a02658b7bd8acbb734225502", "45be4dc5b3e9597335801d986e851358"},
	{127, "5e7f39d323b9fb271fb58a5b30b9522f", "2d1f7b3af7952c3fda1577b31b9495d5"},
	{128, "1861f75866acbf7ace74f936a150dc50", "bf31e9e4d81980374fe94d6d84008cca"},
	{129, "0657014f98f56b2f72ce61ec6f095e20", "2e0972eec0ab7f55b9a4f9ab27de2f0a"},
	{230, "50ac1c68fe6e20eeddf96128c0cdf2da", "4c37a1f089d68c4ceabbd2ddc7288220"},
	{240, "8dda4403f8cfb66080684ad1637f0eeb", "8130e208511d8836311f6b7e9814c1b9"},
	{241, "76254b72f05fedd402fcea377baa1439", "a118ebc65cd222c9f4213f59f93f6adb"},
	{1000, "290a2abe6d69a3ce171082ca1cefaf6c", "af212228d5db13321c95deb2ba81e8e3"},
	{2024, "830583a5914c7131d948f3a029361838", "e8f74728a7db4d7c1248bb8225ee7c1a"},
	{2032, "347206e2cb44a5656785632ac55a8bdf", "8925c6b1817b6e07e6c3ec881d750f67"},
	{2033, "37981c2e216ce850116fc5a723f178d2", "2ab5ebb5c10d52643ee6c1c0c66fd57f"},
	{2040, "db78818ab7ab18c3845d8e17bb69b35d", "b7d5f0ac4b32b28458e3f6a82c941949"},
	{2048, "900c3e186cea9ae1d40a10de46b2b3b3", "251f2fd36c7fe79bbfa8f1745d8f5966"},
	{2056, "df2c0839c8dadce0994aa94ee992d827", "f227824267be50825642126386f6d29e"},
	{5000, "cc71164bdad0e1f136c587a737cb7ea4", "333695f235f8c242f685255b89e3ae06"},
	{15000, "ab22ea48caa3f06b9f1eb6a143acca89", "2d78d821f670dae670311472b4a5641d"},
};

static void what_is_stored_is_known_again_whatever_its_length(void **state)
{
	char *bytes = test_malloc(BYTES_MAX), hex[33];
	(void)state;
	for (unsigned i = 0; i < BYTES_MAX; i++) {
		bytes[i] = (char)(i * 7 + i / 251);
	}
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t n = known[i].bytes;
		const struct str whole = str_n(bytes, n);
		const struct str pieces[] = {
			str_n(bytes, n / 3), STR_NONE, str_n(bytes + n / 3, n - n / 3)};
		assert_string_equal(hash128_hex(hash128(&whole, 1), hex), known[i].whole);
		assert_string_equal(hash128_hex(hash128(pieces, 3), hex), known[i].pieces);
	}
	assert_string_equal(hash128_hex(hash128(NULL, 0), hex), "99aa06d3014798d86001c324468d497f");
	test_free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_stored_is_known_again_whatever_its_length),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
