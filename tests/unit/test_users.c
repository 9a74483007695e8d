#include "tests/unit/unit.h"

#include "monitor/store/first_user.h"
#include "monitor/store/users.h"
#include "tests/unit/tmpstore.h"

#define NOW INT64_C(1800000000000)
#define DAY (24 * 3600 * INT64_C(1000))

static struct store *s;
static struct arena arena;
static struct hark_err err;

static void begin(void **state)
{
	arena_init(&arena, 0);
	err = (struct hark_err){0};
	s = tmpstore_open(*state, 0);
	assert_int_equal(store_begin(s, &err), HARK_OK);
}

static void end(void)
{
	assert_int_equal(store_commit(s, &err), HARK_OK);
	store_close(s);
	arena_release(&arena);
}

static int64_t add_user(const char *name, enum role role)
{
	struct user user = {.name = str_c(name), .role = role, .created_ms = NOW}, got;
	assert_int_equal(store_user_add(s, &user, &err), HARK_OK);
	assert_int_equal(store_user_load(s, str_c(name), &arena, &got, &err), HARK_OK);
	return got.id;
}

static int64_t add_token(int64_t user, const char *text, int64_t life_ms)
{
	unsigned char hash[CRYPTO_SHA256_BYTES];
	struct token t = {.user = user,
		.name = STR("nightly"),
		.scope = SCOPE_WRITE,
		.created_ms = NOW,
		.expires_ms = NOW + life_ms};
	crypto_sha256(str_c(text), hash);
	return store_token_add(s, &t, hash);
}

static int find(const char *text, int64_t now_ms, struct token *out)
{
	unsigned char hash[CRYPTO_SHA256_BYTES];
	crypto_sha256(str_c(text), hash);
	return store_token_find(s, hash, now_ms, &arena, out, &err);
}

static void a_name_is_given_once(void **state)
{
	begin(state);
	add_user("anna", ROLE_SALES);
	struct user again = {.name = STR("anna"), .role = ROLE_ADMIN};
	assert_int_equal(store_user_add(s, &again, &err), HARK_EBUSY);
	assert_string_equal(err.text, "there is a user 'anna' already");
	struct user got;
	assert_int_equal(store_user_load(s, STR("anna"), &arena, &got, &err), HARK_OK);
	assert_int_equal(got.role, ROLE_SALES);
	assert_null(got.password.p);
	assert_int_equal(store_user_load(s, STR("Anna"), &arena, &got, &err), HARK_ENOENT);
	end();
}

static void what_is_written_of_a_user_is_read_again(void **state)
{
	begin(state);
	struct user *v, got;
	size_t n;
	add_user("bob", ROLE_VIEWER);
	int64_t id = add_user("anna", ROLE_SALES);
	assert_int_equal(store_user_count(s), 2);
	got = (struct user){
		.id = id, .role = ROLE_ADMIN, .password = STR("$argon2id$x"), .disabled_ms = NOW};
	store_user_write(s, &got);
	add_token(id, "a", DAY);
	add_token(id, "b", 2 * DAY);
	assert_int_equal(store_user_count(s), 1);
	assert_int_equal(store_user_list(s, NOW + DAY, &arena, &v, &n, &err), HARK_OK);
	assert_int_equal(n, 2);
	assert_str_is(v[0].name, "anna");
	assert_int_equal(v[0].role, ROLE_ADMIN);
	assert_str_is(v[0].password, "$argon2id$x");
	assert_int_equal(v[0].disabled_ms, NOW);
	assert_int_equal(v[0].tokens, 1); /* the other one is over */
	assert_str_is(v[1].name, "bob");
	end();
}

static void a_token_is_found_by_what_it_is_until_it_ends(void **state)
{
	begin(state);
	struct token t;
	int64_t user = add_user("anna", ROLE_SALES), id = add_token(user, "hark_1", DAY);
	assert_true(id > 0);
	assert_int_equal(find("hark_1", NOW, &t), HARK_OK);
	assert_int_equal(t.id, id);
	assert_str_is(t.user_name, "anna");
	assert_int_equal(t.role, ROLE_SALES);
	assert_int_equal(t.scope, SCOPE_WRITE);
	assert_int_equal(find("hark_2", NOW, &t), HARK_ENOENT);
	assert_int_equal(find("", NOW, &t), HARK_ENOENT);
	assert_int_equal(find("hark_1", NOW + DAY - 1, &t), HARK_OK);
	assert_int_equal(find("hark_1", NOW + DAY, &t), HARK_ENOENT);
	assert_int_equal(store_token_revoke(s, id, NOW, &err), HARK_OK);
	assert_int_equal(find("hark_1", NOW, &t), HARK_ENOENT);
	assert_int_equal(store_token_revoke(s, id, NOW, &err), HARK_ENOENT);
	end();
}

static void tokens_of_who_is_disabled_are_good_for_nothing(void **state)
{
	begin(state);
	struct token t;
	int64_t id = add_user("anna", ROLE_SALES);
	add_token(id, "hark_1", DAY);
	struct user row = {.id = id, .role = ROLE_SALES, .disabled_ms = NOW};
	store_user_write(s, &row);
	assert_int_equal(find("hark_1", NOW, &t), HARK_ENOENT);
	row.disabled_ms = 0;
	store_user_write(s, &row);
	assert_int_equal(find("hark_1", NOW, &t), HARK_OK);
	end();
}

static void the_list_holds_those_in_force_or_all(void **state)
{
	begin(state);
	struct token *v;
	size_t n;
	int64_t user = add_user("anna", ROLE_SALES), first = add_token(user, "1", DAY);
	int64_t second = add_token(user, "2", 3 * DAY);
	store_token_used(s, second, NOW + 5);
	assert_int_equal(store_token_list(s, false, NOW + DAY, &arena, &v, &n, &err), HARK_OK);
	assert_int_equal(n, 1);
	assert_int_equal(v[0].id, second);
	assert_int_equal(v[0].used_ms, NOW + 5);
	assert_int_equal(store_token_list(s, true, NOW + DAY, &arena, &v, &n, &err), HARK_OK);
	assert_int_equal(n, 2);
	assert_int_equal(v[1].id, first);
	end();
}

static void a_token_is_random_and_long_enough(void **state)
{
	(void)state;
	char a[TOKEN_TEXT_MAX], b[TOKEN_TEXT_MAX];
	token_make(a);
	token_make(b);
	assert_int_equal(strlen(a), 5 + 64);
	assert_true(strncmp(a, "hark_", 5) == 0);
	assert_int_equal(strspn(a + 5, "0123456789abcdef"), 64);
	assert_string_not_equal(a, b);
}

static void roles_see_their_class_and_admins_all(void **state)
{
	(void)state;
	enum role role;
	assert_true(role_parse(STR("sales-head"), &role));
	assert_false(role_parse(STR("boss"), &role));
	assert_true(role_sees(ROLE_VIEWER, STR("all")));
	assert_false(role_sees(ROLE_VIEWER, STR("compliance")));
	assert_false(role_sees(ROLE_SALES_HEAD, STR("compliance")));
	assert_true(role_sees(ROLE_SALES_HEAD, STR("sales-head")));
	assert_false(role_sees(ROLE_SALES, STR("sales-head")));
	assert_true(role_sees(ROLE_COMPLIANCE, STR("compliance")));
	assert_true(role_sees(ROLE_ADMIN, STR("staff")));
	assert_false(role_sees(ROLE_SALES, STR("staff")));
	assert_false(role_works(ROLE_VIEWER));
	for (int i = 1; i < ROLES; i++) {
		assert_true(role_works((enum role)i));
	}
}

static void the_first_link_is_good_for_a_day_and_until_somebody_is_there(void **state)
{
	begin(state);
	char first[TOKEN_TEXT_MAX], second[TOKEN_TEXT_MAX];
	assert_int_equal(store_first_allows(s, STR("hark_1"), NOW, &err), HARK_EAUTH);
	assert_int_equal(store_first_link(s, NOW, first, &err), HARK_OK);
	assert_int_equal(store_first_allows(s, str_c(first), NOW + DAY - 1, &err), HARK_OK);
	assert_int_equal(store_first_allows(s, str_c(first), NOW + DAY, &err), HARK_EAUTH);
	assert_int_equal(store_first_allows(s, STR(""), NOW, &err), HARK_EAUTH);
	assert_int_equal(store_first_link(s, NOW + 1, second, &err), HARK_OK);
	assert_int_equal(store_first_allows(s, str_c(first), NOW + 1, &err), HARK_EAUTH);
	assert_int_equal(store_first_allows(s, str_c(second), NOW + 1, &err), HARK_OK);
	add_user("vi", ROLE_VIEWER);
	assert_int_equal(store_first_allows(s, str_c(second), NOW + 1, &err), HARK_ESTATE);
	assert_int_equal(store_first_link(s, NOW + 1, first, &err), HARK_ESTATE);
	end();
}

static void names_are_those_that_a_header_can_carry(void **state)
{
	(void)state;
	assert_true(user_name_fits(STR("anna.b+x@example.com")));
	assert_true(user_name_fits(STR("a")));
	assert_false(user_name_fits(STR("")));
	assert_false(user_name_fits(STR_NONE));
	assert_false(user_name_fits(STR("an na")));
	assert_false(user_name_fits(str_n("a\0b", 3)));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_name_is_given_once),
		TMPSTORE_TEST(what_is_written_of_a_user_is_read_again),
		TMPSTORE_TEST(a_token_is_found_by_what_it_is_until_it_ends),
		TMPSTORE_TEST(tokens_of_who_is_disabled_are_good_for_nothing),
		TMPSTORE_TEST(the_list_holds_those_in_force_or_all),
		TMPSTORE_TEST(the_first_link_is_good_for_a_day_and_until_somebody_is_there),
		cmocka_unit_test(names_are_those_that_a_header_can_carry),
		cmocka_unit_test(a_token_is_random_and_long_enough),
		cmocka_unit_test(roles_see_their_class_and_admins_all),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
