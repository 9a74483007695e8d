/* The other kinds of sources in simulated time, judged by their peers: filings with a page each, people on a
 * list, a mailbox, feeds with a hub, interfaces that count by the day, and links that are looked at again. */
#include "tests/unit/politeness_world.h"

#include "connectors/registry.h"
#include "monitor/base/file.h"

#include <stdio.h>

#define MINUTE_MS 60000LL
#define SPACING_MS 2000
#define PEOPLE 40 /* on each network */
#define FOR_EVER (24 * 365)

enum { SEC, GITHUB, MASTODON, BLUESKY, MAIL, BLOG, HUB, API, SITE, BUSY, OPEN, GONE, HOSTS };
static struct score_host hosts[HOSTS];
static struct score_quota quotas[3];
static struct hark_pair vars[WORLD_PAGES][3];
static char accounts[200];

static struct world *world_new(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	w->place = *state;
	memset(quotas, 0, sizeof(quotas));
	for (size_t i = 0; i < HOSTS; i++) {
		hosts[i] = (struct score_host){.spacing_ms = SPACING_MS, .most = 1};
	}
	w->restart_every_ms = 11 * WORLD_HOUR_MS;
	return w;
}

static struct conf_source *source(struct world *w, const struct page *p, const char *connector,
	const char *name, const char *value)
{
	struct hark_pair *v = vars[w->conf.sources_n];
	v[0] = (struct hark_pair){name, value};
	return world_source(w, p, connector, v, 1);
}

static void goes_bad(struct page *p, int status, int from_h, int to_h, int64_t retry_after_ms)
{
	p->status = status;
	p->bad_from_ms = from_h * WORLD_HOUR_MS;
	p->bad_to_ms = to_h * WORLD_HOUR_MS;
	p->retry_after_ms = retry_after_ms;
}

static void expect_none(const struct world *w)
{
	for (size_t i = 0; i < BREACHES; i++) {
		if (w->score.breaches[i] > 0) {
			print_message("# %ld of kind %zu, the first: %s\n", w->score.breaches[i], i,
				w->score.first[i]);
		}
	}
	print_message("# %ld requests, %ld could be conditional, %ld restarts\n", w->score.requests,
		w->score.revalidations, w->restarts);
	assert_int_equal(score_breaches(&w->score), 0);
	assert_true(w->restarts > 25);
}

/* --- filings: a feed, and of each that is new an index page and a document --- */

#define ARCHIVE "https://www.sec.gov/Archives/edgar/data/1/"

static void write_filings(const struct page *p, struct buf *out)
{
	long newest = world_version(p);
	buf_add_c(out, "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>Latest Filings</title>");
	for (long n = newest; n >= 0 && n > newest - 20; n--) {
		buf_printf(out,
			"<entry><title>8-K - ACME %ld INC (0000000001) (Filer)</title>"
			"<link rel=\"alternate\" href=\"" ARCHIVE "%ld/a-%ld-index.htm\"/>"
			"<summary type=\"html\">Item 5.02: Departure</summary>"
			"<updated>2026-09-22T10:00:00Z</updated>"
			"<id>urn:tag:sec.gov,2008:accession-number=0000000001-26-%06ld</id></entry>",
			n, n, n, n);
	}
	buf_add_c(out, "</feed>");
}

static void write_index(const struct page *p, struct buf *out)
{
	const char *n = p->url + strlen(ARCHIVE);
	buf_printf(out,
		"<html><body><a href=\"/Archives/edgar/data/1/%.*s/8k.htm\">8k</a></body></html>",
		(int)strcspn(n, "/"), n);
}

static void write_filing(const struct page *p, struct buf *out)
{
	(void)p;
	buf_add_c(out,
		"<html><body><p>Item 5.02 Departure of Directors</p><p>On September 1, 2026, Jane "
		"Example resigned as Chief Executive Officer.</p></body></html>");
}

static struct page *filing(struct world *w, const char *url)
{
	assert_memory_equal(url, ARCHIVE, strlen(ARCHIVE));
	struct page *p = world_page(w, url, &hosts[SEC], 400 * WORLD_DAY_MS);
	p->write = strstr(url, "-index") != NULL ? write_index : write_filing;
	p->score.once = true;
	return p;
}

static void filings_are_read_once_each(void **state)
{
	struct world *w = world_new(state);
	struct page *p = world_page(w,
		"https://www.sec.gov/cgi-bin/browse-edgar?action=getcompany&CIK=0000000001&type=8-K&output=atom",
		&hosts[SEC], 15 * MINUTE_MS);
	p->write = write_filings;
	p->change_ms = 4 * WORLD_HOUR_MS;
	goes_bad(p, 503, 50, 60, 5 * WORLD_HOUR_MS);
	w->make = filing;
	source(w, p, "edgar", "cik", "1");
	world_run(w, 14);
	expect_none(w);
	assert_true(w->pages_n > 1 + 2 * 80); /* of 84 filings */
	assert_true(p->score.asked > 900);
	free(w);
}

/* --- people on a list --- */

/* Asked for by name first, then by the number that stays. */
static void write_github(const struct page *p, struct buf *out)
{
	const char *number = strrchr(p->url, '/') + 1;
	number += *number == 'p';
	buf_printf(out,
		"{\"id\":%s,\"login\":\"p%s\",\"name\":\"P %s\",\"bio\":\"Engineer at Acme %ld\"}",
		number, number, number, world_version(p));
}

static void write_mastodon(const struct page *p, struct buf *out)
{
	const char *name = strrchr(p->url, '=') + 1;
	buf_printf(out,
		"{\"uri\":\"https://social.example/users/%s\",\"acct\":\"%s\",\"display_name\":\"%s\","
		"\"url\":\"https://social.example/@%s\",\"note\":\"<p>Engineer at Acme %ld</p>\","
		"\"indexable\":true,\"discoverable\":true,\"noindex\":false}",
		name, name, name, name, world_version(p));
}

static struct page *person(struct world *w, const char *url)
{
	bool is_github = strncmp(url, "https://api.github.com/", 23) == 0;
	/* Each once a day, a tenth of it early at most; a server that rests is asked sooner behind it. */
	struct page *p = world_page(w, url, &hosts[is_github ? GITHUB : MASTODON],
		is_github ? 21 * WORLD_HOUR_MS : WORLD_HOUR_MS);
	p->write = is_github ? write_github : write_mastodon;
	p->is_json = true;
	p->score.once = strstr(url, "/users/p") != NULL;
	p->no_etag = !is_github;
	p->no_modified = true;
	p->change_ms = 6 * WORLD_DAY_MS;
	p->score.quota = &quotas[is_github];
	if (!is_github) {
		goes_bad(p, 429, 100, 118, 6 * WORLD_HOUR_MS);
	}
	return p;
}

static void people_are_looked_at_once_a_day(void **state)
{
	struct world *w = world_new(state);
	struct buf list;
	buf_init(&list, 1 << 16);
	buf_add_c(&list, "account\n");
	for (int i = 0; i < PEOPLE; i++) {
		buf_printf(&list, "github:p%d\n@p%d@social.example\n", i + 1, i + 1);
	}
	snprintf(accounts, sizeof(accounts), "%s/accounts.csv", w->place->dir);
	assert_int_equal(file_write(accounts, buf_str(&list), 0600, NULL), HARK_OK);
	buf_release(&list);
	quotas[0] = (struct score_quota){.n = 60, .per_ms = 5 * MINUTE_MS};
	quotas[1] = (struct score_quota){.n = 60, .per_ms = WORLD_HOUR_MS};
	hosts[MASTODON].rests = true;
	w->make = person;
	const struct page none = {
		.score = {.host = &hosts[GITHUB], .every_ms = WORLD_DAY_MS}, .url = "people"};
	source(w, &none, "profile-watch", "accounts", accounts);
	world_run(w, 14);
	expect_none(w);
	assert_int_equal(w->pages_n, 3 * PEOPLE);
	for (size_t i = 0; i < w->pages_n; i++) {
		const struct score_page *p = &w->pages[i].score;
		assert_in_range(p->asked, p->once ? 1 : 12, p->once ? 1 : 20);
	}
	assert_true(w->score.revalidations > PEOPLE * 6);
	unlink(accounts);
	free(w);
}

/* --- mailboxes --- */

static struct page *mailbox(struct world *w, const char *url)
{
	struct page *p = world_page(w, url, &hosts[MAIL], 15 * MINUTE_MS);
	struct conf_source *c = source(w, p, "imap", "mailbox", p->url);
	vars[w->conf.sources_n - 1][1] = (struct hark_pair){"user", "desk"};
	c->vars_n = 2;
	c->secrets_n = 1;
	c->secret_names[0] = "password";
	c->secrets[0] = (struct conf_secret){SECRET_ENV, "HARK_TEST_TOKEN"};
	p->is_mailbox = p->no_etag = p->no_modified = true;
	return p;
}

static void a_mailbox_that_refuses_is_left_alone_for_a_day(void **state)
{
	struct world *w = world_new(state);
	const struct page *well = mailbox(w, "imaps://mail.example/Alerts");
	struct page *refused = mailbox(w, "imaps://mail.example/Old");
	struct page *full = mailbox(w, "imaps://mail.example/Busy");
	goes_bad(refused, 401, 30, FOR_EVER, 0);
	goes_bad(full, 503, 30, FOR_EVER, 0);
	world_run(w, 14);
	expect_none(w);
	assert_true(well->score.asked > 14 * 12); /* never a mail: ever less often */
	assert_in_range(refused->score.asked, 30, 60);
	assert_in_range(full->score.asked, 30, 70);
	free(w);
}

/* --- hubs --- */

static void write_with_hub(const struct page *p, struct buf *out)
{
	long v = world_version(p);
	const char *name = strrchr(p->url, '/') + 1;
	buf_printf(out,
		"<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>t</title>"
		"<link rel=\"hub\" href=\"https://hub.example/%s\"/><link rel=\"self\" href=\"%s\"/>"
		"<entry><id>%ld</id><title>item %ld</title></entry></feed>",
		name, p->url, v, v);
}

/* A feed with a hub of its own. */
static struct page *hub(struct world *w, const char *name, int64_t every_ms, int64_t lease_ms)
{
	char url[100];
	snprintf(url, sizeof(url), "https://blog.example/%s", name);
	struct page *p = world_page(w, url, &hosts[BLOG], 30 * MINUTE_MS);
	p->write = write_with_hub;
	p->change_ms = 3 * WORLD_HOUR_MS;
	struct conf_source *c = source(w, p, "feed", "url", p->url);
	c->name = name;
	c->websub = true;
	snprintf(url, sizeof(url), "https://hub.example/%s", name);
	p = world_page(w, url, &hosts[HUB], every_ms);
	p->no_etag = p->no_modified = true;
	p->said = 202;
	p->lease_ms = lease_ms;
	p->score.once = true;
	return p;
}

static void leases_are_renewed_in_their_second_half(void **state)
{
	struct world *w = world_new(state);
	w->conf.http_public_url = "https://me.example/";
	const struct page *days = hub(w, "days", MINUTE_MS, 5 * WORLD_DAY_MS);
	const struct page *hours = hub(w, "hours", MINUTE_MS, 6 * WORLD_HOUR_MS);
	const struct page *silent = hub(w, "silent", 9 * MINUTE_MS, 0);
	struct page *down = hub(w, "down", MINUTE_MS, 0);
	struct page *busy = hub(w, "busy", MINUTE_MS, 5 * WORLD_DAY_MS);
	goes_bad(down, 500, 0, FOR_EVER, 0);
	/* refuses to renew for longer than hark ever runs, and less than the lease */
	goes_bad(busy, 503, 60, 80, 30 * WORLD_HOUR_MS);
	world_run(w, 14);
	expect_none(w);
	/* and behind every restart */
	assert_in_range(days->score.asked, 3, 5 + w->restarts);
	assert_in_range(hours->score.asked, 14 * 4, 14 * 8 + w->restarts);
	assert_in_range(silent->score.asked, 10, 30);
	assert_in_range(down->score.asked, 15, 35);
	assert_true(busy->score.asked > 3 && w->renewals > 60);
	free(w);
}

/* --- by the day --- */

static void what_is_counted_by_the_day_is_not_overdrawn(void **state)
{
	struct world *w = world_new(state);
	struct page *p =
		world_page(w, "https://api.example/items?q=w", &hosts[API], 15 * MINUTE_MS);
	p->is_json = p->no_etag = p->no_modified = true;
	p->change_ms = WORLD_HOUR_MS;
	quotas[2] = (struct score_quota){.n = 40, .daily = true};
	p->score.quota = &quotas[2];
	struct conf_source *c = source(w, p, "daily", "host", "api.example");
	vars[0][1] = (struct hark_pair){"q", "w"};
	c->vars_n = 2;
	world_run(w, 14);
	expect_none(w);
	assert_in_range(p->score.asked, 14 * 38, 15 * 40);
	free(w);
}

/* --- links that are looked at again --- */

static const char *const sites[] = {"site", "busy", "open", "gone"};

static void write_linked(const struct page *p, struct buf *out)
{
	long v = world_version(p);
	int site = (int)(strlen(p->url) - strlen("feed"));
	buf_printf(out,
		"<rss version=\"2.0\"><channel><title>t</title><item><guid>%ld</guid>"
		"<title>item %ld</title><link>%.*spost/%ld</link></item></channel></rss>",
		v, v, site, p->url, v);
}

static struct page *linked(struct world *w, size_t site)
{
	char url[100];
	snprintf(url, sizeof(url), "https://%s.example/feed", sites[site]);
	struct page *p = world_page(w, url, &hosts[SITE + site], 30 * MINUTE_MS);
	p->write = write_linked;
	p->change_ms = 12 * WORLD_HOUR_MS;
	source(w, p, "feed", "url", p->url);
	return p;
}

/* A robots.txt, which is kept for a day, or a page that never changes; one in four is not there. */
static struct page *make_link(struct world *w, const char *url)
{
	size_t site = 0;
	while (strstr(url, sites[site]) == NULL) {
		site++;
	}
	if (SITE + site == GONE) {
		fail_msg("%s: its source is gone", url);
	}
	bool is_robots = strstr(url, "/robots.txt") != NULL;
	struct page *p = world_page(
		w, url, &hosts[SITE + site], is_robots ? WORLD_DAY_MS : 6 * WORLD_HOUR_MS);
	p->no_etag = p->no_modified = is_robots;
	p->score.once = true;
	p->said = !is_robots && strlen(url) % 2 == 0 && url[strlen(url) - 1] % 2 == 0 ? 404 : 200;
	if (SITE + site == OPEN) {
		p->score.open_from_h = 8;
		p->score.open_to_h = 18;
	}
	return p;
}

static void links_are_looked_at_again_when_their_source_may_be(void **state)
{
	struct world *w = world_new(state);
	struct arena arena;
	arena_init(&arena, 0);
	w->rechecks = true;
	w->make = make_link;
	w->conf.http_spacing_ms = SPACING_MS;
	hosts[BUSY].rests = true;
	linked(w, 0);
	goes_bad(linked(w, 1), 429, 30, 100, 20 * WORLD_HOUR_MS);
	struct page *open = linked(w, 2);
	open->score.open_from_h = 8;
	open->score.open_to_h = 18;
	assert_int_equal(
		hours_parse(&w->sources[2].hours, STR("08:00-18:00 UTC"), &arena, NULL), HARK_OK);
	goes_bad(linked(w, 3), 410, 20, FOR_EVER, 0);
	world_run(w, 14);
	expect_none(w);
	long links = 0, asked = 0, robots = 0;
	for (size_t i = 0; i < w->pages_n; i++) {
		const struct page *p = &w->pages[i];
		bool is_robots = strstr(p->url, "/robots.txt") != NULL;
		links += strstr(p->url, "/post/") != NULL;
		asked += strstr(p->url, "/post/") != NULL ? p->score.asked : 0;
		robots += is_robots ? p->score.asked : 0;
	}
	print_message("# %ld looks at %ld links, %ld for robots.txt\n", asked, links, robots);
	assert_in_range(links, 60, 3 * 28);
	assert_in_range(asked, links * 3 / 2 - 15, 2 * links);
	assert_in_range(robots, 3 * 10, 3 * 14);
	assert_true(w->score.revalidations > 25);
	arena_release(&arena);
	free(w);
}

/* --- what the judge is worth --- */

static void each_single_breach_is_counted(void **state)
{
	(void)state;
	struct score s = {0};
	struct score_host host = {.most = 1, .rests = true};
	struct score_quota day = {.n = 2, .daily = true};
	struct score_page a = {.url = "a", .host = &host, .every_ms = 1000};
	struct score_page b = {.url = "b", .host = &host, .every_ms = 1000, .quota = &day};
	int64_t now = 100 * WORLD_DAY_MS;
	score_answer(&s, &a, &(struct score_answer){.status = 429, .retry_after_ms = WORLD_HOUR_MS},
		now);
	score_ask(&s, &b, NULL, NULL, now + WORLD_HOUR_MS - 1);
	assert_int_equal(s.breaches[BREACH_EARLY], 1);
	score_closed(&b);
	score_ask(&s, &b, NULL, NULL, now + WORLD_HOUR_MS);
	score_closed(&b);
	assert_int_equal(score_breaches(&s), 1);
	score_ask(&s, &b, NULL, NULL, now + WORLD_DAY_MS - 1);
	score_closed(&b);
	assert_int_equal(s.breaches[BREACH_QUOTA], 1);
	score_ask(&s, &b, NULL, NULL, now + WORLD_DAY_MS);
	score_closed(&b);
	assert_int_equal(score_breaches(&s), 2);
	score_answer(&s, &b, &(struct score_answer){.status = 202}, now + WORLD_DAY_MS);
	score_lease(&b, WORLD_DAY_MS, now + WORLD_DAY_MS);
	score_ask(&s, &b, NULL, NULL, now + WORLD_DAY_MS + WORLD_HOUR_MS);
	score_closed(&b);
	assert_int_equal(s.breaches[BREACH_EARLY], 2);
	score_restart(&b);
	score_ask(&s, &b, NULL, NULL, now + WORLD_DAY_MS + 2 * WORLD_HOUR_MS);
	score_closed(&b);
	assert_int_equal(s.breaches[BREACH_EARLY], 2);
	score_end(&s, &b, now + 2 * WORLD_DAY_MS);
	assert_int_equal(s.breaches[BREACH_LAPSED], 0);
	score_ask(&s, &b, NULL, NULL, now + 2 * WORLD_DAY_MS + 1);
	assert_int_equal(s.breaches[BREACH_LAPSED], 1);
	score_end(&s, &b, now + 2 * WORLD_DAY_MS + 1);
	assert_int_equal(s.breaches[BREACH_LAPSED], 2);
	a.open_from_h = 8;
	a.open_to_h = 18;
	score_closed(&b);
	for (int hour = 7; hour <= 18; hour++) {
		score_ask(&s, &a, NULL, NULL, now + 3 * WORLD_DAY_MS + hour * WORLD_HOUR_MS);
		score_closed(&a);
		assert_int_equal(s.breaches[BREACH_CLOSED], hour == 18 ? 2 : 1);
	}
}

int main(void)
{
	static char dir[4096], shipped[4096];
	const char *top = getenv("top_srcdir");
	snprintf(dir, sizeof(dir), "%s/tests/fixtures/politeness", top != NULL ? top : ".");
	snprintf(shipped, sizeof(shipped), "%s/connectors/definitions", top != NULL ? top : ".");
	connector_add_dir(dir);
	connector_add_dir(shipped);
	setenv("HARK_TEST_TOKEN", "not-a-secret", 1);
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(filings_are_read_once_each),
		TMPSTORE_TEST(people_are_looked_at_once_a_day),
		TMPSTORE_TEST(a_mailbox_that_refuses_is_left_alone_for_a_day),
		TMPSTORE_TEST(leases_are_renewed_in_their_second_half),
		TMPSTORE_TEST(what_is_counted_by_the_day_is_not_overdrawn),
		TMPSTORE_TEST(links_are_looked_at_again_when_their_source_may_be),
		cmocka_unit_test(each_single_breach_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
