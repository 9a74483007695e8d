/* Fourteen days of polling in simulated time, judged by the peers. */
#include "tests/unit/politeness_world.h"

#include "connectors/registry.h"
#include "monitor/store/sources.h"

#include <stdio.h>

#define MINUTE_MS 60000LL
#define SPACING_MS 2000
#define CROWD 200
#define HOSTS 64
#define LISTS 32

static struct score_host hosts[HOSTS];
static struct score_quota quotas[2];
static struct peer_limit limit;
static char words[LISTS][8];
static struct hark_pair vars[WORLD_PAGES][2];

static struct world *world_new(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	w->place = *state;
	memset(hosts, 0, sizeof(hosts));
	memset(quotas, 0, sizeof(quotas));
	for (size_t i = 0; i < HOSTS; i++) {
		hosts[i] = (struct score_host){.spacing_ms = SPACING_MS, .most = 1};
	}
	return w;
}

static struct page *feed(struct world *w, const char *url, size_t host, int64_t every_ms)
{
	struct page *p = world_page(w, url, &hosts[host], every_ms);
	struct hark_pair *v = vars[w->conf.sources_n];
	v[0] = (struct hark_pair){"url", p->url};
	world_source(w, p, "feed", v, 1);
	return p;
}

/* Healthy feeds, each of its own kind. */
static void add_feeds(struct world *w)
{
	for (int i = 0; i < 24; i++) {
		char url[80];
		snprintf(url, sizeof(url), "https://blog%d.example/feed", i);
		struct page *p = feed(w, url, (size_t)i, (15 + 15 * (i % 4)) * MINUTE_MS);
		p->change_ms = i % 5 == 0 ? 0 : i % 5 * 5 * WORLD_HOUR_MS;
		p->no_etag = i % 6 == 1;
		p->no_modified = i % 6 == 2;
		p->ttl_min = i % 7 == 3 ? 90 : i % 7 == 4 ? 5 * 24 * 60 : 0;
		p->max_age_ms = i % 8 == 5 ? 2 * WORLD_HOUR_MS : i % 8 == 6 ? 3 * WORLD_DAY_MS : 0;
	}
}

static struct page *bad(
	struct world *w, const char *url, size_t host, int status, int from_h, int to_h)
{
	struct page *p = feed(w, url, host, 20 * MINUTE_MS);
	p->status = status;
	p->bad_from_ms = from_h * WORLD_HOUR_MS;
	p->bad_to_ms = to_h * WORLD_HOUR_MS;
	return p;
}

static void add_troubled(struct world *w)
{
	int for_ever = 24 * 365;
	bad(w, "https://busy.example/feed", 30, 429, 30, 90)->retry_after_ms = 6 * WORLD_HOUR_MS;
	bad(w, "https://long.example/feed", 31, 429, 40, 45)->retry_after_ms = 3 * WORLD_DAY_MS;
	bad(w, "https://closed.example/feed", 32, 503, 48, 72)->retry_after_ms = WORLD_HOUR_MS / 2;
	bad(w, "https://broken.example/feed", 33, 500, 24, for_ever);
	bad(w, "https://never.example/feed", 34, 500, 0, for_ever);
	bad(w, "https://refuses.example/feed", 35, 403, 60, for_ever);
	bad(w, "https://away.example/feed", 36, 404, 20, 200);
	bad(w, "https://gone.example/feed", 37, 410, 100, for_ever);
}

/* To another host at first, and from there once more; the other two, which come next, are no sources. */
static struct page *add_moved(struct world *w)
{
	struct page *a = feed(w, "https://old.example/feed", 40, 30 * MINUTE_MS);
	struct page *b = world_page(w, "https://new.example/b", &hosts[41], 30 * MINUTE_MS);
	struct page *c = world_page(w, "https://new.example/c", &hosts[41], 30 * MINUTE_MS);
	a->moved_to = b->url;
	a->moved_from_ms = 2 * WORLD_DAY_MS;
	b->moved_to = c->url;
	b->moved_from_ms = 8 * WORLD_DAY_MS;
	c->change_ms = 7 * WORLD_HOUR_MS;
	return a;
}

static void add_crowd(struct world *w)
{
	for (int i = 0; i < CROWD; i++) {
		char url[80];
		snprintf(url, sizeof(url), "https://crowd.example/%d/feed", i);
		feed(w, url, 50, 2 * WORLD_HOUR_MS)->change_ms = (i % 9) * WORLD_DAY_MS / 2;
	}
}

/* Two interfaces with more to ask than they allow: one counts by credential and tells what is left of less
 * than its documents say, the other by host. */
static void add_interfaces(struct world *w, const char *connector, const char *host, int n,
	size_t at, int64_t every_ms, struct score_quota *quota, struct peer_limit *its_limit)
{
	for (int i = 0; i < n; i++) {
		char url[400];
		snprintf(url, sizeof(url), "https://%s/items?q=%s", host, words[i]);
		struct page *p = world_page(w, url, &hosts[at], every_ms);
		struct hark_pair *v = vars[w->conf.sources_n];
		v[0] = (struct hark_pair){"host", host};
		v[1] = (struct hark_pair){"q", words[i]};
		p->is_json = true;
		p->no_etag = p->no_modified = true;
		p->change_ms = WORLD_HOUR_MS;
		p->score.quota = quota;
		p->limit = its_limit;
		struct conf_source *c = world_source(w, p, connector, v, 2);
		if (its_limit != NULL) {
			c->secrets_n = 1;
			c->secret_names[0] = "token";
			c->secrets[0] = (struct conf_secret){SECRET_ENV, "HARK_TEST_TOKEN"};
		}
	}
}

static void add_limited(struct world *w)
{
	limit = (struct peer_limit){.n = 14, .per_ms = WORLD_HOUR_MS};
	quotas[0] = (struct score_quota){.n = 20, .per_ms = WORLD_HOUR_MS};
	quotas[1] = (struct score_quota){.n = 6, .per_ms = 10 * MINUTE_MS};
	add_interfaces(w, "quota", "api1.example", 6, 60, 15 * MINUTE_MS, &quotas[0], &limit);
	add_interfaces(w, "quota", "api2.example", 4, 61, 15 * MINUTE_MS, &quotas[0], &limit);
	add_interfaces(w, "shared", "api3.example", 10, 62, 10 * MINUTE_MS, &quotas[1], NULL);
}

static void expect_none(const struct score *s)
{
	for (size_t i = 0; i < BREACHES; i++) {
		if (s->breaches[i] > 0) {
			print_message("# %ld of kind %zu, the first: %s\n", s->breaches[i], i,
				s->first[i]);
		}
	}
	assert_int_equal(score_breaches(s), 0);
}

static long least_asked(const struct world *w)
{
	long least = 1 << 30;
	for (size_t i = 0; i < w->pages_n; i++) {
		const struct score_page *p = &w->pages[i].score;
		least = !p->gone && p->asked < least ? p->asked : least;
	}
	return least;
}

static void fourteen_days_with_restarts_break_no_promise(void **state)
{
	struct world *w = world_new(state);
	add_feeds(w);
	add_troubled(w);
	const struct page *old = add_moved(w);
	add_crowd(w);
	add_limited(w);
	w->offline_from_ms = 6 * WORLD_DAY_MS;
	w->offline_to_ms = w->offline_from_ms + 3 * WORLD_HOUR_MS;
	w->restart_every_ms = 11 * WORLD_HOUR_MS;
	world_run(w, 14);
	print_message("# %ld requests, %ld could be conditional, %ld restarts\n", w->score.requests,
		w->score.revalidations, w->restarts);
	expect_none(&w->score);
	/* and politeness is not silence */
	assert_true(w->score.revalidations > 20000);
	assert_true(w->restarts > 25);
	assert_true(least_asked(w) >= 13); /* even what has failed from the first day on */
	assert_true(quotas[0].asked > 13 * 24 * 12 && quotas[1].asked > 13 * 24 * 20);
	/* an address that is left is asked for a day more each time, until the redirect is believed */
	assert_true(old[0].score.asked_ms < WORLD_START_MS + 10 * WORLD_DAY_MS);
	assert_true(old[1].score.asked_ms < WORLD_START_MS + 10 * WORLD_DAY_MS);
	assert_true(old[2].score.asked_ms > WORLD_START_MS + 13 * WORLD_DAY_MS);
	free(w);
}

/* --- what the judge is worth: each broken promise is found --- */

static void a_reader_without_memory_is_found_out(void **state)
{
	struct world *w = world_new(state);
	add_feeds(w);
	add_troubled(w);
	add_limited(w);
	w->restart_every_ms = 5 * WORLD_HOUR_MS;
	w->forgets = true;
	world_run(w, 5);
	assert_true(w->score.breaches[BREACH_UNCONDITIONAL] > 100);
	assert_true(w->score.breaches[BREACH_EARLY] > 100);
	assert_true(w->score.breaches[BREACH_QUOTA] > 0);
	assert_true(w->score.breaches[BREACH_HELD] > 0);
	free(w);
}

static void a_reader_that_leaves_no_pause_is_found_out(void **state)
{
	struct world *w = world_new(state);
	add_crowd(w);
	for (size_t i = 0; i < w->conf.sources_n; i++) {
		w->sources[i].spacing_ms = 0;
	}
	world_run(w, 1);
	assert_true(w->score.breaches[BREACH_SPACING] > CROWD - 2);
	free(w);
}

static void one_that_asks_faster_than_it_may_is_found_out(void **state)
{
	struct world *w = world_new(state);
	feed(w, "https://blog.example/feed", 0, WORLD_HOUR_MS);
	w->sources[0].every_ms -= MINUTE_MS * 10;
	world_run(w, 1);
	assert_true(w->score.breaches[BREACH_EARLY] > 10);
	assert_int_equal(w->score.breaches[BREACH_EARLY], score_breaches(&w->score));
	free(w);
}

static void each_single_breach_is_counted(void **state)
{
	(void)state;
	struct score s = {0};
	struct score_host host = {.spacing_ms = 2000, .most = 1};
	struct score_page a = {.url = "a", .host = &host, .every_ms = 60000};
	struct score_page b = {.url = "b", .host = &host, .every_ms = 60000};
	score_ask(&s, &a, NULL, NULL, 1000);
	score_ask(&s, &b, NULL, NULL, 3000);
	assert_int_equal(s.breaches[BREACH_IN_FLIGHT], 1);
	score_closed(&a);
	score_closed(&b);
	score_answer(&s, &a, &(struct score_answer){.status = 410}, 4000);
	score_answer(&s, &b, &(struct score_answer){.status = 200, .etag = "x"}, 4000);
	assert_int_equal(score_breaches(&s), 1);
	score_ask(&s, &a, NULL, NULL, WORLD_DAY_MS);
	assert_int_equal(s.breaches[BREACH_GONE], 1);
	score_closed(&a);
	score_ask(&s, &b, "y", NULL, WORLD_DAY_MS + 2000);
	assert_int_equal(s.breaches[BREACH_UNCONDITIONAL], 1);
	assert_int_equal(score_breaches(&s), 3);
	score_end(&s, &b, 2 * WORLD_DAY_MS);
	assert_int_equal(s.breaches[BREACH_STOPPED], 0);
	score_end(&s, &b, 3 * WORLD_DAY_MS);
	assert_int_equal(s.breaches[BREACH_STOPPED], 1);
}

/* --- our own network --- */

static bool add_failures(void *sum, struct str name, const struct source_state *state)
{
	(void)name;
	*(long *)sum += state->failures;
	return true;
}

static void a_failure_of_our_own_network_counts_against_no_source(void **state)
{
	struct world *w = world_new(state);
	struct hark_err err = {0};
	long failures = 0;
	add_feeds(w);
	w->offline_from_ms = 12 * WORLD_HOUR_MS;
	w->offline_to_ms = 2 * WORLD_DAY_MS;
	world_run(w, 1);
	struct store *s = tmpstore_open(w->place, 0);
	assert_int_equal(store_source_each(s, add_failures, &failures, &err), HARK_OK);
	store_close(s);
	/* the first, before half of the last answers say what is wrong; each costs no more than its interval */
	assert_true(failures <= 8);
	assert_int_equal(score_breaches(&w->score), 0);
	free(w);
}

int main(void)
{
	static char dir[4096];
	const char *top = getenv("top_srcdir");
	snprintf(dir, sizeof(dir), "%s/tests/fixtures/politeness", top != NULL ? top : ".");
	connector_add_dir(dir);
	setenv("HARK_TEST_TOKEN", "not-a-secret", 1);
	for (int i = 0; i < LISTS; i++) {
		snprintf(words[i], sizeof(words[i]), "w%d", i);
	}
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(fourteen_days_with_restarts_break_no_promise),
		TMPSTORE_TEST(a_reader_without_memory_is_found_out),
		TMPSTORE_TEST(a_reader_that_leaves_no_pause_is_found_out),
		TMPSTORE_TEST(one_that_asks_faster_than_it_may_is_found_out),
		cmocka_unit_test(each_single_breach_is_counted),
		TMPSTORE_TEST(a_failure_of_our_own_network_counts_against_no_source),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
