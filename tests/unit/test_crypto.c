#include "tests/unit/unit.h"

#include "monitor/base/crypto.h"

#include <stdio.h>

static void hex_of(const unsigned char *bytes, size_t n, char *out)
{
	for (size_t i = 0; i < n; i++) {
		sprintf(out + 2 * i, "%02x", bytes[i]);
	}
}

/* RFC 4231, test cases 1, 2 and 6 (a key longer than the block). */
static void signatures_are_those_of_rfc_4231(void **state)
{
	(void)state;
	unsigned char out[CRYPTO_HMAC_BYTES];
	char text[65], key1[20], key6[131];
	memset(key1, 0x0b, sizeof(key1));
	memset(key6, 0xaa, sizeof(key6));

	crypto_hmac_sha256(str_n(key1, sizeof(key1)), &STR("Hi There"), 1, out);
	hex_of(out, sizeof(out), text);
	assert_string_equal(
		text, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");

	const struct str parts[] = {STR("what do ya want "), STR_NONE, STR("for nothing?")};
	crypto_hmac_sha256(STR("Jefe"), parts, 3, out);
	hex_of(out, sizeof(out), text);
	assert_string_equal(
		text, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");

	crypto_hmac_sha256(str_n(key6, sizeof(key6)),
		&STR("Test Using Larger Than Block-Size Key - Hash Key First"), 1, out);
	hex_of(out, sizeof(out), text);
	assert_string_equal(
		text, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

/* RFC 2202 and RFC 4231, test cases 2 and 6, and nothing at all. */
static void every_digest_signs_as_its_rfc_says(void **state)
{
	(void)state;
	static const char *const jefe[] = {
		[CRYPTO_SHA1] = "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
		[CRYPTO_SHA256] =
			"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
		[CRYPTO_SHA384] = "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47"
				  "e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649",
		[CRYPTO_SHA512] =
			"164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
			"9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
	};
	for (int i = CRYPTO_SHA1; i <= CRYPTO_SHA512; i++) {
		unsigned char out[CRYPTO_DIGEST_MAX];
		char text[2 * CRYPTO_DIGEST_MAX + 1] = "";
		size_t n = crypto_hmac((enum crypto_digest)i, STR("Jefe"),
			STR("what do ya want for nothing?"), out);
		hex_of(out, n, text);
		assert_string_equal(text, jefe[i]);
	}
	unsigned char out[CRYPTO_DIGEST_MAX], other[CRYPTO_HMAC_BYTES];
	char text[2 * CRYPTO_DIGEST_MAX + 1], key6[131];
	memset(key6, 0xaa, sizeof(key6));
	crypto_hmac(CRYPTO_SHA256, str_n(key6, sizeof(key6)),
		STR("Test Using Larger Than Block-Size Key - Hash Key First"), out);
	hex_of(out, CRYPTO_HMAC_BYTES, text);
	assert_string_equal(
		text, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
	crypto_hmac(CRYPTO_SHA256, STR_NONE, STR_NONE, out);
	crypto_hmac_sha256(STR_NONE, NULL, 0, other);
	assert_memory_equal(out, other, sizeof(other));
}

static void base64_goes_both_ways(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="},
		{"foo", "Zm9v"}, {"foob", "Zm9vYg=="}, {"\xff\xfe", "//4="}};
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		struct buf text, back;
		buf_init(&text, 100);
		buf_init(&back, 100);
		assert_int_equal(crypto_base64(&text, pairs[i][0], strlen(pairs[i][0])), HARK_OK);
		assert_string_equal(buf_c(&text), pairs[i][1]);
		assert_int_equal(crypto_base64_decode(&back, buf_str(&text), NULL), HARK_OK);
		assert_string_equal(buf_c(&back), pairs[i][0]);
		buf_release(&text);
		buf_release(&back);
	}
}

static void missing_padding_is_fine_and_other_signs_are_not(void **state)
{
	(void)state;
	struct buf b;
	struct hark_err err = {0};
	buf_init(&b, 100);
	assert_int_equal(crypto_base64_decode(&b, STR("Zm8"), NULL), HARK_OK);
	assert_string_equal(buf_c(&b), "fo");
	static const char *const bad[] = {"Zm8!", "Z", "Zm 9v", "Zm9-", "Z=9v", "secret value"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(crypto_base64_decode(&b, str_c(bad[i]), &err), HARK_EPARSE);
		assert_null(strstr(err.text, bad[i]));
	}
	assert_string_equal(buf_c(&b), "fo");
	crypto_wipe_buf(&b);
	assert_int_equal(b.n, 0);
}

static void a_password_is_kept_as_argon2id_and_known_again(void **state)
{
	(void)state;
	char kept[CRYPTO_PASSWORD_MAX], again[CRYPTO_PASSWORD_MAX];
	assert_true(crypto_password_hash(STR("correct horse battery"), kept));
	assert_true(crypto_password_hash(STR("correct horse battery"), again));
	assert_string_not_equal(kept, again); /* salted */
	assert_non_null(strstr(kept, "$argon2id$v=19$m=19456,t=3,p=1$"));
	assert_true(crypto_password_check(kept, STR("correct horse battery")));
	assert_false(crypto_password_check(kept, STR("correct horse batterz")));
	assert_false(crypto_password_check(kept, STR("")));
	assert_false(crypto_password_check("no hash at all", STR("correct horse battery")));
	assert_false(crypto_password_check(NULL, STR("correct horse battery")));
}

static void sha_256_is_that_of_fips_180(void **state)
{
	(void)state;
	unsigned char sum[CRYPTO_SHA256_BYTES];
	crypto_sha256(STR("abc"), sum);
	assert_int_equal(sum[0], 0xba);
	assert_int_equal(sum[31], 0xad);
	crypto_sha256(STR_NONE, sum);
	assert_int_equal(sum[0], 0xe3);
}

static void random_bytes_differ_and_equality_sees_each_byte(void **state)
{
	(void)state;
	unsigned char a[32], b[32];
	crypto_random(a, sizeof(a));
	crypto_random(b, sizeof(b));
	assert_false(crypto_equal(a, b, sizeof(a)));
	memcpy(b, a, sizeof(a));
	assert_true(crypto_equal(a, b, sizeof(a)));
	b[31] ^= 1;
	assert_false(crypto_equal(a, b, sizeof(a)));
	crypto_wipe(a, sizeof(a));
	for (size_t i = 0; i < sizeof(a); i++) {
		assert_int_equal(a[i], 0);
	}
}

static void sha256_is_the_one_everybody_has(void **state)
{
	char hex[CRYPTO_SHA256_HEX_MAX];
	(void)state;
	/* FIPS 180-4, the examples "" and "abc". */
	assert_string_equal(crypto_sha256_hex(STR_NONE, hex),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	assert_string_equal(crypto_sha256_hex(STR("abc"), hex),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(signatures_are_those_of_rfc_4231),
		cmocka_unit_test(every_digest_signs_as_its_rfc_says),
		cmocka_unit_test(base64_goes_both_ways),
		cmocka_unit_test(missing_padding_is_fine_and_other_signs_are_not),
		cmocka_unit_test(a_password_is_kept_as_argon2id_and_known_again),
		cmocka_unit_test(sha_256_is_that_of_fips_180),
		cmocka_unit_test(random_bytes_differ_and_equality_sees_each_byte),
		cmocka_unit_test(sha256_is_the_one_everybody_has),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
