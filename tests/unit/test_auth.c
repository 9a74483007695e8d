#include "tests/unit/unit.h"

#include "monitor/pipeline/auth.h"
#include "monitor/pipeline/setup.h"

#include <stdlib.h>

#define MIN_MS (INT64_C(60) * 1000)

static const struct hark_auth login = {.kind = HARK_AUTH_LOGIN,
	.name = "identifier",
	.name2 = "password",
	.secret = "id",
	.secret2 = "key",
	.url = "https://pds.example/create",
	.token = "/accessJwt",
	.refresh = "/refreshJwt",
	.refresh_url = "https://pds.example/refresh",
	.expired = "ExpiredToken"};

static struct conf_source conf_source = {.name = "b",
	.secret_names = {"id", "key"},
	.secrets = {{SECRET_ENV, "HARK_TEST_ID"}, {SECRET_ENV, "HARK_TEST_KEY"}},
	.secrets_n = 2};
static const struct hark_connector connector = {.name = "board"};
static struct conf conf;
static struct setup setup = {.conf = &conf};

struct bench {
	struct auth *auth;
	struct source source;
	struct arena arena;
	struct hark_err err;
	struct fetch_request request;
};

static void start(struct bench *b)
{
	setenv("HARK_TEST_ID", "ada.example", 1);
	setenv("HARK_TEST_KEY", "pw", 1);
	*b = (struct bench){.auth = auth_new(),
		.source = {.setup = &setup,
			.conf = &conf_source,
			.connector = &connector,
			.auth = &login}};
	arena_init(&b->arena, 0);
	assert_non_null(b->auth);
}

static void end(struct bench *b)
{
	auth_free(b->auth);
	arena_release(&b->arena);
}

static enum auth_next ask(struct bench *b, int64_t now_ms)
{
	b->request = (struct fetch_request){.url = "https://pds.example/search"};
	return auth_complete(b->auth, &b->source, &b->request, &b->arena, now_ms, &b->err);
}

static int answer(struct bench *b, int status, const char *body, int64_t now_ms)
{
	struct fetch_reply reply = {.status = status};
	buf_init(&reply.body, 4096);
	buf_add_c(&reply.body, body);
	int rc = auth_logged_in(b->auth, &b->source, &reply, now_ms, &b->err);
	buf_release(&reply.body);
	return rc;
}

static const char *bearer(const struct bench *b)
{
	for (size_t i = 0; i < b->request.headers_n; i++) {
		if (strcmp(b->request.headers[i].name, "Authorization") == 0) {
			return b->request.headers[i].value;
		}
	}
	return "";
}

static void is_login(struct bench *b, int64_t now_ms)
{
	assert_int_equal(ask(b, now_ms), AUTH_LOG_IN);
	assert_string_equal(b->request.url, "https://pds.example/create");
	assert_str_is(b->request.body, "{\"identifier\":\"ada.example\",\"password\":\"pw\"}");
	assert_string_equal(bearer(b), "");
}

static void is_refresh(struct bench *b, int64_t now_ms, const char *token)
{
	assert_int_equal(ask(b, now_ms), AUTH_LOG_IN);
	assert_string_equal(b->request.url, "https://pds.example/refresh");
	assert_string_equal(b->request.method, "POST");
	assert_int_equal(b->request.body.n, 0);
	assert_string_equal(bearer(b), token);
}

static void is_ready(struct bench *b, int64_t now_ms, const char *token)
{
	assert_int_equal(ask(b, now_ms), AUTH_READY);
	assert_string_equal(b->request.url, "https://pds.example/search");
	assert_string_equal(bearer(b), token);
}

#define TOKENS(n) "{\"accessJwt\":\"a" #n "\",\"refreshJwt\":\"r" #n "\"}"

static void a_refresh_token_spares_the_log_in(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	is_login(&b, 0);
	assert_int_equal(ask(&b, 1), AUTH_WAIT);
	assert_int_equal(answer(&b, 200, TOKENS(1), 2), HARK_OK);
	is_ready(&b, 3, "Bearer a1");
	assert_false(auth_refused(b.auth, &b.source, 3)); /* a new one would be no better */
	assert_true(auth_refused(b.auth, &b.source, 2 * MIN_MS));
	is_refresh(&b, 2 * MIN_MS, "Bearer r1");
	assert_int_equal(answer(&b, 200, TOKENS(2), 2 * MIN_MS), HARK_OK);
	is_ready(&b, 3 * MIN_MS, "Bearer a2");
	is_refresh(&b, 90 * MIN_MS, "Bearer r2"); /* its time is over */
	assert_int_equal(answer(&b, 200, TOKENS(3), 90 * MIN_MS), HARK_OK);
	is_ready(&b, 91 * MIN_MS, "Bearer a3");
	end(&b);
}

static void a_refresh_token_that_is_not_taken_costs_one_log_in(void **state)
{
	(void)state;
	struct bench b;
	start(&b);
	is_login(&b, 0);
	assert_int_equal(answer(&b, 200, TOKENS(1), 0), HARK_OK);
	assert_true(auth_refused(b.auth, &b.source, 2 * MIN_MS));
	is_refresh(&b, 2 * MIN_MS, "Bearer r1");
	assert_int_equal(answer(&b, 503, "", 2 * MIN_MS), HARK_EAUTH);
	assert_int_equal(ask(&b, 2 * MIN_MS + 1), AUTH_FAILED);
	is_refresh(&b, 3 * MIN_MS, "Bearer r1"); /* the server had a problem, the token has none */
	assert_int_equal(answer(&b, 400, "{\"error\":\"ExpiredToken\"}", 3 * MIN_MS), HARK_OK);
	is_login(&b, 3 * MIN_MS);
	assert_int_equal(answer(&b, 200, TOKENS(2), 3 * MIN_MS), HARK_OK);
	is_ready(&b, 4 * MIN_MS, "Bearer a2");
	end(&b);
}

/* A server takes 300 log-ins a day and locks the account behind them. */
static void refused_log_ins_come_ever_less_often(void **state)
{
	(void)state;
	struct bench b;
	size_t log_ins = 0;
	start(&b);
	for (int64_t now = 0; now < 24 * 60 * MIN_MS; now += MIN_MS) {
		enum auth_next next = ask(&b, now);
		assert_true(next == AUTH_LOG_IN || next == AUTH_FAILED);
		if (next == AUTH_LOG_IN) {
			log_ins++;
			assert_int_equal(answer(&b, 401, "{}", now), HARK_EAUTH);
			assert_non_null(strstr(b.err.text, "check the source's secrets"));
		}
	}
	assert_in_range(log_ins, 10, 40);
	int64_t later = 30 * 60 * MIN_MS;
	is_login(&b, later);
	assert_int_equal(answer(&b, 200, TOKENS(1), later), HARK_OK);
	is_ready(&b, later, "Bearer a1");
	end(&b);
}

static void a_400_with_its_word_says_that_the_token_has_expired(void **state)
{
	(void)state;
	struct bench b;
	static const struct {
		int status;
		const char *body;
		bool expired;
	} replies[] = {{401, "", true}, {400, "{\"error\":\"ExpiredToken\"}", true},
		{400, "{\"error\":\"InvalidRequest\"}", false}, {400, "", false},
		{200, "ExpiredToken", false}};
	start(&b);
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		struct fetch_reply reply = {.status = replies[i].status};
		buf_init(&reply.body, 4096);
		buf_add_c(&reply.body, replies[i].body);
		assert_int_equal(auth_expired(&b.source, &reply), replies[i].expired);
		reply.rc = HARK_EIO;
		assert_false(auth_expired(&b.source, &reply));
		buf_release(&reply.body);
	}
	end(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_refresh_token_spares_the_log_in),
		cmocka_unit_test(a_refresh_token_that_is_not_taken_costs_one_log_in),
		cmocka_unit_test(refused_log_ins_come_ever_less_often),
		cmocka_unit_test(a_400_with_its_word_says_that_the_token_has_expired),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
