/* profile-watch: what the people on a list say of themselves on GitHub, Mastodon, Bluesky and Hacker News,
 * compared over time.
 *
 * DESIGN. One source for thousands of accounts: a poll is a slice of them (watch_slice.c), one request after
 * the other, each made and read by the network's own definition (watch_look.c). What is known of every
 * account is the cursor (watch_state.h). Records and cursor leave with the last reply of a slice
 * (watch_tell.c). */
#include "connectors/builtin.h"
#include "connectors/registry.h"
#include "connectors/watch.h"

#include <stdio.h>
#include <stdlib.h>

#define POLL_BYTES_MAX ((size_t)64 << 20)
#define MISSES_DEFAULT 3
#define DAY_MS INT64_C(86400000)

static const struct hark_setting settings[] = {
	{.name = "accounts",
		.about =
			"a list under lists:, or a file: CSV with columns github, mastodon, bluesky, hn and "
			"name, or one account a line",
		.required = 1,
		.type = HARK_SETTING_LIST,
		.example = "samples/profile-watch.csv"},
	{.name = "misses",
		.about = "how many answers in a row must lack an account before it is gone",
		.otherwise = "3",
		.type = HARK_SETTING_NUMBER},
	{.name = NULL},
};

static const struct hark_setting secrets[] = {
	{.name = "github",
		.about = "token of a GitHub account, which may ask 80 times as often as without"},
	{.name = NULL},
};

/* --- settings --- */

static int set(struct hark_host *host, struct watch *w, const struct hark_pair *pair,
	const char **accounts)
{
	int64_t n;
	bool is_number = str_i64(str_c(pair->value), &n);
	if (strcmp(pair->name, "accounts") == 0) {
		*accounts = pair->value;
		return 0;
	}
	if (strcmp(pair->name, "misses") == 0) {
		w->misses = (unsigned)n;
		return is_number && n >= 1 && n <= 100
			       ? 0
			       : host->fail(host, "misses: '%s' is no number from 1 to 100",
					 pair->value);
	}
	if (strcmp(pair->name, "every_ms") == 0) {
		w->every_ms = n;
		return is_number && n >= 1
			       ? 0
			       : host->fail(host, "every_ms: '%s' is no interval", pair->value);
	}
	return host->fail(
		host, "there is no setting '%s' for profile-watch: accounts, misses", pair->name);
}

static int find_readers(struct hark_host *host, struct watch *w)
{
	for (int i = 0; i < WATCH_NETWORKS; i++) {
		struct hark_err err = {0};
		if (connector_get(&w->readers[i], watch_rules[i].definition, NULL, &err) !=
			HARK_OK) {
			return host->fail(host, "it reads %s by a definition: %s",
				watch_rules[i].name, err.text);
		}
	}
	return 0;
}

static void watch_close(void *ctx)
{
	struct watch *w = ctx;
	watch_end_request(w);
	watch_state_release(&w->state);
	watch_accounts_release(&w->accounts);
	arena_release(&w->arena);
	free(w);
}

static int watch_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	const char *accounts = NULL;
	struct watch *w = calloc(1, sizeof(*w));
	if (w == NULL) {
		return host->fail(host, "no memory");
	}
	w->every_ms = DAY_MS;
	w->misses = MISSES_DEFAULT;
	arena_init(&w->arena, POLL_BYTES_MAX);
	watch_accounts_init(&w->accounts);
	watch_state_init(&w->state, &w->accounts);
	int rc = 0;
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = set(host, w, &pairs[i], &accounts);
	}
	if (rc == 0 && (accounts == NULL || accounts[0] == '\0')) {
		rc = host->fail(
			host, "it needs accounts: the name of a list under lists:, or of a file");
	}
	rc = rc == 0 ? find_readers(host, w) : rc;
	rc = rc == 0 ? watch_accounts_read(&w->accounts, host, accounts) : rc;
	if (rc != 0) {
		watch_close(w);
		return rc;
	}
	*ctx = w;
	return 0;
}

/* --- a poll --- */

/* 0, or when there is something to ask. Negative: no memory, which has been said. */
static int64_t begin(struct watch *w, struct hark_host *host, const char *cursor)
{
	watch_end_request(w);
	arena_reset(&w->arena);
	w->news = NULL;
	w->news_n = w->news_cap = 0;
	w->failures = w->first = 0;
	w->why[0] = '\0';
	if (!watch_state_read(&w->state, cursor)) {
		return host->fail(host, "no memory for what is known of the accounts");
	}
	if (!w->is_old || host->is_called) {
		watch_state_try_again(&w->state);
	}
	return watch_choose(w, host->now_ms);
}

static int watch_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct watch *w = ctx;
	int64_t at = begin(w, host, cursor);
	if (at > 0) {
		return host->refuse(host, HARK_REFUSED_QUOTA, at,
			"its share of what the hosts allow is spent for now");
	}
	if (at < 0) {
		return (int)at;
	}
	w->first = watch_ask(w, host, 0, request);
	return w->first < w->slice_n ? 0 : host->fail(host, "%s", w->why);
}

/* Of the slice. */
static size_t place_of(const struct watch *w, const struct hark_reply *reply)
{
	int64_t n = 0;
	if (reply->tag == NULL) {
		return w->first;
	}
	return str_i64(str_c(reply->tag + 1), &n) && n > 0 ? (size_t)n : 0;
}

static int watch_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	struct watch *w = ctx;
	struct hark_request request = {.transport = HARK_TRANSPORT_HTTP};
	if (w->slice_n == 0 && begin(w, host, NULL) < 0) {
		return HARK_ENOMEM;
	}
	size_t at = place_of(w, reply);
	if (at >= w->slice_n) {
		return host->fail(host, "a reply nobody asked for");
	}
	int rc = watch_read(w, host, at, reply);
	if (rc != 0) {
		return rc;
	}
	if (watch_ask(w, host, at + 1, &request) < w->slice_n) {
		return host->request_more(host, &request);
	}
	rc = watch_tell(w, host);
	w->slice_n = w->first = 0;
	return rc;
}

static const struct hark_sample samples[] = {
	{.sample = "samples/github-user.json",
		.expect = "samples/profile-watch.jsonl",
		.url = "https://api.github.com/users/ada-example"},
	{.sample = "samples/profile-watch-2.json",
		.expect = "samples/profile-watch-2.jsonl",
		.url = "https://api.github.com/user/1001",
		.before = "samples/github-user.json"},
	{.sample = NULL},
};

HARK_CONNECTOR(profile_watch) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "profile-watch",
	.about = "what people on a list say of themselves (GitHub, Mastodon, Bluesky, Hacker News)",
	.settings = settings,
	.secrets = secrets,
	.samples = samples,
	.terms = "personal data; keep to people you have a reason to follow",
	.every_s = 86400,
	.every_min_s = 3600,
	.judges_status = 1,
	.judges_failures = 1,
	.in_slices = 1,
	.open = watch_open,
	.plan = watch_plan,
	.parse = watch_parse,
	.close = watch_close,
};
