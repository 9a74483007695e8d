#include "tests/unit/unit.h"

#include "connectors/builtin.h"
#include "connectors/collect.h"
#include "connectors/watch_compare.h"
#include "monitor/base/file.h"

#include <stdio.h>

#define DAY INT64_C(86400000)
#define MINUTE INT64_C(60000)
#define START (20000 * DAY)

/* --- a run: one list, polls as the host would send them --- */

struct run {
	char path[64];
	struct arena arena;
	struct diags diags;
	struct hark_err err;
	struct collected got;
	struct hark_request request;
	void *ctx;
	char *cursor;
	int64_t now;
};

static int open_list(struct run *run, const char *list)
{
	const char *folder = getenv("TMPDIR");
	*run = (struct run){.now = START};
	snprintf(run->path, sizeof(run->path), "%s/hark-watch-XXXXXX",
		folder != NULL && strlen(folder) < 30 ? folder : "/tmp");
	int fd = mkstemp(run->path);
	assert_true(fd >= 0);
	close(fd);
	assert_int_equal(file_write(run->path, str_c(list), 0600, NULL), HARK_OK);
	arena_init(&run->arena, 0);
	diags_init(&run->diags);
	const struct hark_pair pairs[] = {{"accounts", run->path}, {"every_ms", "86400000"}};
	return collect_open_noting(
		&hark_connector_profile_watch, pairs, 2, &run->ctx, &run->diags, "C020", &run->err);
}

static void end(struct run *run)
{
	collect_close(&hark_connector_profile_watch, run->ctx);
	diags_release(&run->diags);
	arena_release(&run->arena);
	free(run->cursor);
	unlink(run->path);
}

static void start(struct run *run, const char *list)
{
	int rc = open_list(run, list);
	if (rc != HARK_OK) {
		fail_msg("%s", run->err.text);
	}
}

static int plan(struct run *run)
{
	return collect_plan(&hark_connector_profile_watch, run->ctx, run->cursor, run->now,
		&run->request, &run->arena, &run->err);
}

/* The answer to what was asked last; the next request follows. */
static void answer_with(struct run *run, int status, const char *body,
	const struct hark_pair *headers, size_t headers_n)
{
	struct hark_reply reply = {.status = status,
		.error = status == 0 ? "connection refused" : NULL,
		.tag = run->request.tag,
		.headers = headers,
		.headers_count = headers_n,
		.body = body,
		.body_bytes = strlen(body),
		.received_ms = run->now};
	assert_int_equal(collect(&run->got, &hark_connector_profile_watch, run->ctx, STR("w"),
				 &reply, &run->arena, &run->err),
		HARK_OK);
	assert_true(run->got.more_n <= 1);
	run->request = run->got.more_n > 0 ? run->got.more[0] : (struct hark_request){0};
	if (run->got.cursor.p != NULL) {
		free(run->cursor);
		run->cursor = strdup(run->got.cursor.p);
	}
}

static void answer(struct run *run, int status, const char *body)
{
	answer_with(run, status, body, NULL, 0);
}

/* One poll of a list of one account. */
static void poll_one(struct run *run, int status, const char *body)
{
	assert_int_equal(plan(run), HARK_OK);
	answer(run, status, body);
	assert_null(run->request.url);
	assert_true(run->got.again_ms > 0);
	run->now += DAY;
}

static const struct hark_profile *only(const struct run *run)
{
	assert_int_equal(run->got.profiles_n, 1);
	return &run->got.profiles[0];
}

#define USER(login, company, bio)                                                                  \
	"{\"login\":\"" login "\",\"id\":1001,\"html_url\":\"https://github.com/" login            \
	"\",\"name\":\"Ada Example\",\"company\":" company ",\"location\":\"Berlin\",\"bio\":" bio \
	"}"

/* --- what is told --- */

static void the_first_look_is_a_baseline_and_no_change_says_nothing(void **state)
{
	struct run run;
	(void)state;
	start(&run, "name,github\nAda E. Example,ada\n");
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""));
	const struct hark_profile *p = only(&run);
	assert_int_equal(p->event, HARK_LISTED);
	assert_string_equal(p->person, "Ada E. Example");
	assert_string_equal(p->employer, "acme");
	assert_string_equal(p->key, "github:1001");
	assert_int_equal(run.got.posts_n, 0);
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP  Sales \xf0\x9f\xa6\x8b\""));
	assert_int_equal(run.got.profiles_n + run.got.posts_n, 0);
	end(&run);
}

static void another_employer_is_a_move_a_text_alone_is_none(void **state)
{
	struct run run;
	(void)state;
	start(&run, "github:ada\n");
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""));
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"CRO\""));
	assert_int_equal(only(&run)->event, HARK_CHANGED);
	assert_string_equal(only(&run)->was_title, "VP Sales");
	assert_int_equal(run.got.posts_n, 1);
	poll_one(&run, 200, USER("ada", "\"@globex\"", "\"CRO, ex-Acme\""));
	assert_int_equal(run.got.profiles_n, 2);
	assert_int_equal(run.got.profiles[0].event, HARK_LEFT);
	assert_string_equal(run.got.profiles[0].employer, "acme");
	assert_string_equal(run.got.profiles[0].title, "CRO");
	assert_int_equal(run.got.profiles[1].event, HARK_JOINED);
	assert_string_equal(run.got.profiles[1].employer, "globex");
	assert_string_equal(run.got.profiles[1].was_employer, "acme");
	assert_int_equal(run.got.posts_n, 1);
	assert_str_is(run.got.posts[0].text,
		"Ada Example joins globex as CRO, ex-Acme (was: CRO at acme)");
	poll_one(&run, 200, USER("ada", "null", "\"taking time off\""));
	assert_int_equal(only(&run)->event, HARK_LEFT);
	assert_string_equal(only(&run)->employer, "globex");
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"back\""));
	assert_int_equal(only(&run)->event, HARK_CHANGED); /* where they were before is not known */
	end(&run);
}

static void an_unclear_employer_is_no_move_and_is_not_forgotten(void **state)
{
	struct run run;
	(void)state;
	start(&run, "github:ada\n");
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""));
	poll_one(&run, 200, USER("ada", "\"@acme @globex\"", "\"VP Sales\""));
	assert_int_equal(only(&run)->event, HARK_CHANGED);
	poll_one(&run, 200, USER("ada", "\"@acme @globex\"", "\"VP Sales\""));
	assert_int_equal(run.got.profiles_n, 0);
	poll_one(&run, 200, USER("ada", "\"@globex\"", "\"VP Sales\""));
	assert_int_equal(run.got.profiles_n, 2);
	assert_int_equal(run.got.profiles[1].event, HARK_JOINED);
	assert_string_equal(run.got.profiles[1].was_employer, "acme");
	end(&run);
}

static void a_renamed_account_stays_the_same_person(void **state)
{
	struct run run;
	(void)state;
	start(&run, "github:ada\n");
	assert_int_equal(plan(&run), HARK_OK);
	assert_string_equal(run.request.url, "https://api.github.com/users/ada");
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""));
	assert_int_equal(plan(&run), HARK_OK);
	assert_string_equal(run.request.url, "https://api.github.com/user/1001");
	poll_one(&run, 200, USER("ada-now", "\"@acme\"", "\"VP Sales\""));
	assert_int_equal(only(&run)->event, HARK_CHANGED);
	assert_string_equal(only(&run)->handle, "ada-now");
	assert_string_equal(only(&run)->key, "github:1001");
	/* The list is corrected: what was known of the account is that of the new name. */
	assert_int_equal(file_write(run.path, STR("github:Ada-Now\n"), 0600, NULL), HARK_OK);
	collect_close(&hark_connector_profile_watch, run.ctx);
	const struct hark_pair pairs[] = {{"accounts", run.path}};
	assert_int_equal(
		collect_open(&hark_connector_profile_watch, pairs, 1, &run.ctx, &run.err), HARK_OK);
	assert_int_equal(plan(&run), HARK_OK);
	assert_string_equal(run.request.url, "https://api.github.com/user/1001");
	poll_one(&run, 200, USER("ada-now", "\"@acme\"", "\"VP Sales\""));
	assert_int_equal(run.got.profiles_n, 0);
	end(&run);
}

static void gone_is_who_is_missing_again_and_again(void **state)
{
	struct run run;
	(void)state;
	start(&run, "github:ada\n");
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""));
	for (int i = 0; i < 3; i++) {
		assert_null(strstr(run.cursor, "\tg\t"));
		poll_one(&run, i == 1 ? 410 : 404, "{\"message\":\"Not Found\"}");
		assert_int_equal(run.got.profiles_n + run.got.posts_n, 0);
	}
	assert_non_null(strstr(run.cursor, "\tg\t"));
	assert_non_null(strstr(run.got.progress.p, "1 gone"));
	run.now += 31 * DAY; /* it is still looked at, rarely */
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""));
	assert_null(strstr(run.cursor, "\tg\t"));
	end(&run);
}

static void a_host_that_has_lost_everybody_has_a_problem_of_its_own(void **state)
{
	struct run run;
	(void)state;
	start(&run, "@ada@social.example\n@bo@social.example\nhn:cy-example\n");
	for (int day = 0; day < 5; day++) {
		assert_int_equal(plan(&run), HARK_OK);
		while (run.request.url != NULL) {
			bool hn = strstr(run.request.url, "hacker-news") != NULL;
			answer(&run, hn ? 200 : 404,
				hn ? "{\"id\":\"cy-example\",\"about\":\"hello\"}" : "{}");
		}
		run.now += DAY;
	}
	assert_null(strstr(run.cursor, "\tg\t"));
	end(&run);
}

static void nothing_is_known_of_who_asks_to_be_left_alone(void **state)
{
	struct run run;
	(void)state;
	start(&run, "github:ada\n");
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""));
	assert_non_null(strstr(run.cursor, "acme"));
	poll_one(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales #NoBot\""));
	assert_int_equal(run.got.profiles_n + run.got.posts_n, 0);
	assert_int_equal(run.got.withdrawn_people_n, 1);
	assert_string_equal(run.got.withdrawn_people[0].key, "github:1001");
	assert_null(strstr(run.cursor, "acme"));
	assert_null(strstr(run.cursor, "1001"));
	end(&run);
}

/* --- how it asks --- */

static void a_host_that_fails_does_not_stop_the_others(void **state)
{
	struct run run;
	size_t asked = 0, failed = 0;
	(void)state;
	start(&run, "@ada@down.example\n@bo@down.example\n@cy@up.example\nhn:di-example\n");
	assert_int_equal(plan(&run), HARK_OK);
	while (run.request.url != NULL) {
		bool down = strstr(run.request.url, "down.example") != NULL;
		bool hn = strstr(run.request.url, "hacker-news") != NULL;
		asked++;
		failed += down;
		answer(&run, down ? 0 : 200,
			hn ? "{\"id\":\"di-example\",\"about\":\"x\"}"
			   : "{\"uri\":\"https://up.example/users/cy\",\"acct\":\"cy\",\"note\":\"x\"}");
	}
	assert_int_equal(asked, 3);
	assert_int_equal(failed, 1); /* the second account there is spared */
	assert_int_equal(run.got.profiles_n, 2);
	assert_true(run.got.degraded);
	assert_non_null(
		strstr(run.got.degraded_why.p, "mastodon:ada@down.example: connection refused"));
	assert_non_null(strstr(run.got.progress.p, "2 of 4 accounts"));
	assert_non_null(strstr(run.got.progress.p, "1 host not asked for now"));
	run.now += 5 * MINUTE;
	assert_true(plan(&run) != HARK_OK || strstr(run.request.url, "down.example") == NULL);
	run.now += 11 * MINUTE;
	assert_int_equal(plan(&run), HARK_OK);
	assert_non_null(strstr(run.request.url, "down.example"));
	end(&run);
}

/* GitHub refuses the token; Hacker News answers. */
static void poll_refused(struct run *run, int github)
{
	assert_int_equal(plan(run), HARK_OK);
	while (run->request.url != NULL) {
		bool hn = strstr(run->request.url, "hacker-news") != NULL;
		answer(run, hn ? 200 : github,
			hn              ? "{\"id\":\"di-example\",\"about\":\"x\"}"
			: github == 200 ? USER("ada", "\"@acme\"", "\"CRO\"")
					: "{\"message\":\"Bad credentials\"}");
	}
}

static void a_refused_token_is_said_as_long_as_it_lasts_and_the_others_go_on(void **state)
{
	struct run run;
	(void)state;
	start(&run, "github:ada\nhn:di-example\n");
	poll_refused(&run, 401);
	assert_int_equal(run.got.profiles_n, 1);
	assert_int_equal(run.got.refusal, HARK_REFUSED_AUTH);
	assert_non_null(strstr(run.got.refused_why.p, "github refuses the secret 'github'"));
	assert_non_null(strstr(run.got.refused_why.p, "github:ada: "));
	assert_non_null(strstr(run.got.refused_why.p, "Bad credentials"));
	assert_true(run.got.again_ms > 0 && run.got.cursor.p != NULL);
	run.now += 10 * MINUTE; /* it rests: another slice without it changes nothing */
	poll_refused(&run, 401);
	assert_int_equal(run.got.refusal, HARK_REFUSED_AUTH);
	run.now += MINUTE; /* whoever asks for a poll may have renewed it */
	assert_int_equal(collect_plan_called(&hark_connector_profile_watch, run.ctx, run.cursor,
				 run.now, &run.request, &run.arena, &run.err),
		HARK_OK);
	assert_non_null(strstr(run.request.url, "github"));
	run.now += DAY;
	poll_refused(&run, 200);
	assert_int_equal(run.got.refusal, HARK_REFUSED);
	assert_null(run.got.refused_why.p);
	end(&run);
}

static void what_has_not_changed_is_not_read_again(void **state)
{
	static const struct hark_pair etag[] = {{"ETag", "\"v1\""}};
	struct run run;
	(void)state;
	start(&run, "github:ada\n");
	assert_int_equal(plan(&run), HARK_OK);
	for (size_t i = 0; i < run.request.headers_count; i++) {
		assert_string_not_equal(run.request.headers[i].name, "If-None-Match");
	}
	answer_with(&run, 200, USER("ada", "\"@acme\"", "\"VP Sales\""), etag, 1);
	run.now += DAY;
	assert_int_equal(plan(&run), HARK_OK);
	const struct hark_pair *last = &run.request.headers[run.request.headers_count - 1];
	assert_string_equal(last->name, "If-None-Match");
	assert_string_equal(last->value, "\"v1\"");
	assert_int_equal(run.request.auth->kind, HARK_AUTH_BEARER);
	answer(&run, 304, "");
	assert_int_equal(run.got.profiles_n, 0);
	assert_non_null(strstr(run.got.progress.p, "1 of 1 account"));
	end(&run);
}

/* No more than a tenth of what the owner allows, in any of his hours. */
static void requests_stay_below_a_tenth_of_the_limit(void **state)
{
	char list[2000] = "";
	struct run run;
	int64_t sent[2000];
	size_t n = 0;
	(void)state;
	for (int i = 0; i < 100; i++) {
		snprintf(list + strlen(list), sizeof(list) - strlen(list), "github:ada%d\n", i);
	}
	start(&run, list);
	for (int polls = 0; polls < 300; polls++) {
		int64_t wait = MINUTE;
		if (plan(&run) == HARK_OK) {
			while (run.request.url != NULL) {
				sent[n++] = run.now;
				answer(&run, 200, "{\"login\":\"x\",\"id\":1,\"name\":\"X\"}");
			}
			wait = run.got.again_ms;
		}
		run.now += wait;
	}
	assert_true(n > 100);
	for (size_t i = 6; i < n; i++) {
		assert_true(sent[i] - sent[i - 6] >= 60 * MINUTE);
	}
	end(&run);
}

/* A slice of each poll, each account once a day, nobody forgotten. */
static void two_thousand_accounts_are_seen_once_a_day(void **state)
{
	static char list[64000];
	static unsigned seen[2000];
	struct run run;
	size_t n = 0;
	(void)state;
	for (int i = 0; i < 2000; i++) {
		n += (size_t)snprintf(list + n, sizeof(list) - n, "bluesky:p%d.example\n", i);
	}
	start(&run, list);
	int64_t until = START + 11 * DAY;
	while (run.now < until) {
		size_t slice = 0;
		int64_t wait = MINUTE;
		if (plan(&run) == HARK_OK) {
			while (run.request.url != NULL) {
				char body[200];
				const char *at = strstr(run.request.url, "actor=");
				int i = atoi(strstr(at, "did") != NULL ? strstr(at, "x") + 1
								       : strchr(at, 'p') + 1);
				seen[i]++;
				snprintf(body, sizeof(body),
					"{\"did\":\"did:plc:x%d\",\"handle\":\"p%d.example\"}", i,
					i);
				answer(&run, 200, body);
				slice++;
			}
			wait = run.got.again_ms;
			assert_true(slice <= 100);
		}
		run.now += wait;
	}
	for (int i = 0; i < 2000; i++) {
		assert_in_range(seen[i], 10, 13);
	}
	assert_true(strlen(run.cursor) < 2000 * 250);
	end(&run);
}

/* --- the list --- */

static void has_finding(const struct run *run, unsigned line, unsigned col, const char *part)
{
	for (size_t i = 0; i < run->diags.n; i++) {
		const struct diag *d = &run->diags.v[i];
		if (d->at.line == line && d->at.col == col && strstr(d->message, part) != NULL) {
			assert_int_equal(d->level, DIAG_WARNING);
			assert_string_equal(d->at.file, run->path);
			return;
		}
	}
	fail_msg("nothing at %u:%u says '%s'", line, col, part);
}

static void a_server_has_a_port_that_there_is(void **state)
{
	static const char *const bad[] = {"127.0.0.1:99999", "social.example:65536",
		"social.example:0", "social.example:-1", "social.example:", "social.example:1:2",
		"localhost:1.5", "social.example:99999999999999999999"};
	char list[200];
	struct run run;
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		snprintf(
			list, sizeof(list), "mastodon\n@ada@social.example:65535\n@x@%s\n", bad[i]);
		start(&run, list);
		assert_int_equal(run.diags.n, 1);
		has_finding(&run, 3, 1, "is no account");
		end(&run);
	}
}

static void what_is_no_account_is_told_with_its_place(void **state)
{
	struct run run;
	(void)state;
	start(&run, "name,gihub,mastodon,hn\n"
		    "Ada,ada,@ada@social.example,\n"
		    "Bo,,bo,b o\n"
		    "Cy,,@Ada@Social.example,cy_example\n");
	assert_int_equal(run.diags.n, 4);
	has_finding(&run, 1, 6, "did you mean 'github'?");
	has_finding(
		&run, 3, 5, "'bo' is no account: a Mastodon account is written with its server");
	has_finding(&run, 3, 8, "a Hacker News name");
	has_finding(&run, 4, 5, "stands on line 2 already");
	end(&run);
	start(&run, "# people\nada\nhttps://github.com/Ada-Example\n\n"
		    "https://social.example/@bo\nhttps://news.ycombinator.com/user?id=cy_e\n"
		    "https://bsky.app/profile/di.example\ndid:plc:abcdefgh\n@ei@social.example\n");
	assert_int_equal(run.diags.n, 1);
	has_finding(&run, 2, 1, "nothing says on which network that is");
	assert_int_equal(plan(&run), HARK_OK);
	end(&run);
}

static void an_address_that_is_no_persons_is_not_asked_for_another(void **state)
{
	struct run run;
	(void)state;
	start(&run, "name,github\n"
		    "Ada,https://github.com/Ada-Example/?tab=stars\n"
		    "Bo,not/valid\n"
		    "Cy,https://github.com/acme/repo\n"
		    "Di,https://github.com/orgs/x\n"
		    "Ei,https://github.com/features\n");
	assert_int_equal(run.diags.n, 4);
	has_finding(&run, 3, 4, "there is more behind the name");
	has_finding(&run, 4, 4, "there is more behind the name");
	has_finding(&run, 5, 4, "that is a page of GitHub");
	has_finding(&run, 6, 4, "that is a page of GitHub");
	assert_int_equal(plan(&run), HARK_OK);
	assert_string_equal(run.request.url, "https://api.github.com/users/Ada-Example");
	end(&run);
}

static void refuses(const char *list, const char *part)
{
	struct run run;
	assert_int_equal(open_list(&run, list), HARK_EINVAL);
	if (strstr(run.err.text, part) == NULL) {
		fail_msg("'%s' does not say '%s'", run.err.text, part);
	}
	end(&run);
}

static void a_list_without_accounts_is_refused(void **state)
{
	void *ctx = NULL;
	struct hark_err err = {0};
	(void)state;
	refuses("name,company\nAda,Acme\n", ":1:1: the first line names no column with accounts");
	refuses("", "there is no account in it");
	refuses("name,github\nAda,\n", "there is no account in it");
	const struct hark_pair bad[][2] = {
		{{"accounts", "/nonexistent/people.csv"}, {"misses", "3"}},
		{{"accounts", "x"}, {"misses", "0"}},
		{{"misses", "3"}, {"misses", "3"}},
		{{"accounts", "x"}, {"account", "x"}},
	};
	static const char *const parts[] = {"/nonexistent/people.csv", "misses: '0'",
		"it needs accounts", "no setting 'account'"};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(collect_open(&hark_connector_profile_watch, bad[i], 2, &ctx, &err),
			HARK_EINVAL);
		assert_non_null(strstr(err.text, parts[i]));
	}
}

/* --- comparing --- */

static void events_follow_from_what_was_known(void **state)
{
	static const struct {
		const char *was, *bio, *employer;
		enum watch_event event;
	} all[] = {
		{NULL, "x", NULL, WATCH_CHANGED},
		{NULL, "x", "Acme", WATCH_CHANGED},
		{"Acme", "x", "acme inc", WATCH_CHANGED},
		{"Acme", "x", "Globex", WATCH_JOINED},
		{"Acme", "x", NULL, WATCH_LEFT},
		{"Acme", "engineer at Globex, board of Acme", "Globex", WATCH_CHANGED},
		{"Acme", "engineer at Globex, ex-Acme", "Globex", WATCH_JOINED},
		{"Acme", "Acme and Globex", NULL, WATCH_CHANGED},
		{"Acme", "formerly Acme", NULL, WATCH_LEFT},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		const struct watch_seen before = {.print = 1, .employer = str_c(all[i].was)};
		const struct hark_profile now = {.bio = all[i].bio, .employer = all[i].employer};
		assert_int_equal(watch_compare(&before, &now, 3), all[i].event);
		assert_int_equal(watch_compare(&before, &now, 1), WATCH_SAME);
		assert_int_equal(watch_compare(&(struct watch_seen){0}, &now, 3), WATCH_FIRST);
	}
	const struct hark_profile a = {.bio = "VP  Sales\n\xc3\xa0 Paris"},
				  b = {.bio = "vp sales \xf0\x9f\xa6\x8b A PARIS"};
	assert_true(watch_print(&a) == watch_print(&b));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_look_is_a_baseline_and_no_change_says_nothing),
		cmocka_unit_test(another_employer_is_a_move_a_text_alone_is_none),
		cmocka_unit_test(an_unclear_employer_is_no_move_and_is_not_forgotten),
		cmocka_unit_test(a_renamed_account_stays_the_same_person),
		cmocka_unit_test(gone_is_who_is_missing_again_and_again),
		cmocka_unit_test(a_host_that_has_lost_everybody_has_a_problem_of_its_own),
		cmocka_unit_test(nothing_is_known_of_who_asks_to_be_left_alone),
		cmocka_unit_test(a_host_that_fails_does_not_stop_the_others),
		cmocka_unit_test(a_refused_token_is_said_as_long_as_it_lasts_and_the_others_go_on),
		cmocka_unit_test(what_has_not_changed_is_not_read_again),
		cmocka_unit_test(requests_stay_below_a_tenth_of_the_limit),
		cmocka_unit_test(two_thousand_accounts_are_seen_once_a_day),
		cmocka_unit_test(a_server_has_a_port_that_there_is),
		cmocka_unit_test(what_is_no_account_is_told_with_its_place),
		cmocka_unit_test(an_address_that_is_no_persons_is_not_asked_for_another),
		cmocka_unit_test(a_list_without_accounts_is_refused),
		cmocka_unit_test(events_follow_from_what_was_known),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
