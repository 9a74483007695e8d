/* Signatures on what is sent to hark: the vectors are computed here, by the other half of the program. */
#include "tests/unit/unit.h"

#include "monitor/api/signature.h"
#include "monitor/base/crypto.h"
#include "monitor/notify/sign.h"

#include <stdio.h>

#define NOW_MS INT64_C(1800000000000)
#define NOW_S "1800000000"
#define BODY STR("{\"text\":\"Somebody wants a zebrafish\"}")
#define KEY STR("whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")

static void sign(struct buf *out, struct str key, const struct signature_message *m)
{
	assert_int_equal(sign_add(out, key, m->id, m->timestamp, m->body, NULL), HARK_OK);
}

static void hub_header(
	char out[200], const char *name, enum crypto_digest digest, struct str key, struct str body)
{
	unsigned char mac[CRYPTO_DIGEST_MAX];
	size_t n = crypto_hmac(digest, key, body, mac);
	int at = sprintf(out, "%s=", name);
	for (size_t i = 0; i < n; i++) {
		at += sprintf(out + at, "%02x", mac[i]);
	}
}

static void a_webhook_is_good_within_five_minutes_and_no_longer(void **state)
{
	(void)state;
	struct buf b;
	struct signature_message m = {.id = STR("msg_1"), .timestamp = STR(NOW_S), .body = BODY};
	buf_init(&b, 400);
	sign(&b, KEY, &m);
	m.signature = buf_str(&b);
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS), SIGNATURE_GOOD);
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS + 300000), SIGNATURE_GOOD);
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS - 300000), SIGNATURE_GOOD);
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS + 300001), SIGNATURE_OLD);
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS - 300001), SIGNATURE_OLD);
	buf_release(&b);
}

static void every_part_of_a_webhook_is_signed(void **state)
{
	(void)state;
	struct buf b;
	struct signature_message m = {.id = STR("msg_1"), .timestamp = STR(NOW_S), .body = BODY};
	buf_init(&b, 400);
	sign(&b, KEY, &m);
	m.signature = buf_str(&b);
	struct signature_message other = m;
	other.id = STR("msg_2");
	assert_int_equal(signature_webhook(&other, KEY, NOW_MS), SIGNATURE_WRONG);
	other = m;
	other.timestamp = STR("1800000001");
	assert_int_equal(signature_webhook(&other, KEY, NOW_MS), SIGNATURE_WRONG);
	other = m;
	other.body = str_n(BODY.p, BODY.n - 1);
	assert_int_equal(signature_webhook(&other, KEY, NOW_MS), SIGNATURE_WRONG);
	assert_int_equal(signature_webhook(&m, STR("another key"), NOW_MS), SIGNATURE_WRONG);
	other = m;
	other.signature = str_n(m.signature.p, m.signature.n - 1);
	assert_int_equal(signature_webhook(&other, KEY, NOW_MS), SIGNATURE_WRONG);
	other.signature = str_n(m.signature.p + 3, m.signature.n - 3); /* without "v1," */
	assert_int_equal(signature_webhook(&other, KEY, NOW_MS), SIGNATURE_WRONG);
	buf_release(&b);
}

static void one_of_the_signatures_of_a_rotation_is_enough(void **state)
{
	(void)state;
	struct buf b;
	struct signature_message m = {.id = STR("msg_1"), .timestamp = STR(NOW_S), .body = BODY};
	buf_init(&b, 400);
	buf_add_c(&b, "v1a,b2xk");
	sign(&b, STR("an older key"), &m);
	sign(&b, KEY, &m);
	m.signature = buf_str(&b);
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS), SIGNATURE_GOOD);
	assert_int_equal(signature_webhook(&m, STR("an older key"), NOW_MS), SIGNATURE_GOOD);
	buf_release(&b);
}

static void what_is_missing_is_said(void **state)
{
	(void)state;
	const struct signature_message whole = {
		.id = STR("a"), .timestamp = STR(NOW_S), .signature = STR("v1,AA=="), .body = BODY};
	struct signature_message m = whole;
	m.id = STR_NONE;
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS), SIGNATURE_LACKS);
	m = whole;
	m.timestamp = STR_NONE;
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS), SIGNATURE_LACKS);
	m = whole;
	m.signature = STR_NONE;
	assert_int_equal(signature_webhook(&m, KEY, NOW_MS), SIGNATURE_LACKS);
	assert_int_equal(signature_webhook(&whole, STR("whsec_!"), NOW_MS), SIGNATURE_NO_KEY);
	assert_int_equal(signature_webhook(&whole, STR_NONE, NOW_MS), SIGNATURE_NO_KEY);
}

static void times_that_are_none_are_refused_even_when_signed(void **state)
{
	(void)state;
	static const char *const times[] = {
		"soon", "-1", "99999999999999999999", "1800000000.5", " 1800000000", "0x6b49d200"};
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++) {
		struct buf b;
		struct signature_message m = {
			.id = STR("a"), .timestamp = str_c(times[i]), .body = BODY};
		buf_init(&b, 400);
		sign(&b, KEY, &m);
		m.signature = buf_str(&b);
		assert_int_equal(signature_webhook(&m, KEY, NOW_MS), SIGNATURE_OLD);
		buf_release(&b);
	}
}

static void a_hub_signs_with_any_digest_and_github_with_one(void **state)
{
	static const char *const names[] = {[CRYPTO_SHA1] = "sha1",
		[CRYPTO_SHA256] = "sha256",
		[CRYPTO_SHA384] = "sha384",
		[CRYPTO_SHA512] = "sha512"};
	char header[200];
	(void)state;
	for (int i = CRYPTO_SHA1; i <= CRYPTO_SHA512; i++) {
		hub_header(header, names[i], (enum crypto_digest)i, KEY, BODY);
		assert_int_equal(signature_hub(str_c(header), BODY, KEY, true), SIGNATURE_GOOD);
		assert_int_equal(signature_hub(str_c(header), BODY, KEY, false),
			i == CRYPTO_SHA256 ? SIGNATURE_GOOD : SIGNATURE_LACKS);
		assert_int_equal(
			signature_hub(str_c(header), STR("x"), KEY, true), SIGNATURE_WRONG);
		assert_int_equal(
			signature_hub(str_c(header), BODY, STR("k"), true), SIGNATURE_WRONG);
		assert_int_equal(signature_hub(str_n(header, strlen(header) - 1), BODY, KEY, true),
			SIGNATURE_WRONG);
	}
}

static void no_hub_signature_is_none(void **state)
{
	(void)state;
	static const char *const bad[] = {
		"", "sha256", "md5=d41d8cd98f00b204e9800998ecf8427e", "=", "sha", "sha2560=00"};
	assert_int_equal(signature_hub(STR_NONE, BODY, KEY, true), SIGNATURE_LACKS);
	assert_int_equal(signature_hub(STR("sha256="), BODY, KEY, true), SIGNATURE_WRONG);
	assert_int_equal(signature_hub(STR("sha1=zz"), BODY, KEY, true), SIGNATURE_WRONG);
	assert_int_equal(signature_hub(STR("sha1=00"), BODY, STR_NONE, true), SIGNATURE_NO_KEY);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(signature_hub(str_c(bad[i]), BODY, KEY, true), SIGNATURE_LACKS);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_webhook_is_good_within_five_minutes_and_no_longer),
		cmocka_unit_test(every_part_of_a_webhook_is_signed),
		cmocka_unit_test(one_of_the_signatures_of_a_rotation_is_enough),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(times_that_are_none_are_refused_even_when_signed),
		cmocka_unit_test(a_hub_signs_with_any_digest_and_github_with_one),
		cmocka_unit_test(no_hub_signature_is_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
