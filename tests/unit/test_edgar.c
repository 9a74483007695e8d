#include "tests/unit/unit.h"

#include "connectors/builtin.h"
#include "connectors/collect.h"

#define INDEX \
	"https://www.sec.gov/Archives/edgar/data/1/000000000126000042/0000000001-26-000042-index.htm"
#define DOCUMENT "https://www.sec.gov/Archives/edgar/data/1/000000000126000042/acme-8k.htm"

static const char feed[] =
	"<feed xmlns='http://www.w3.org/2005/Atom'><title>Latest Filings</title>"
	"<entry><title>8-K - ACME (NEW) SPROCKETS INC /DE/ (0000000001) (Filer)</title>"
	"<link rel='alternate' href='" INDEX "'/>"
	"<summary type='html'>&lt;br&gt;Item 5.02: Departure of Directors</summary>"
	"<updated>2026-09-01T17:28:18-04:00</updated>"
	"<id>urn:tag:sec.gov,2008:accession-number=0000000001-26-000042</id></entry>"
	"<entry><title>8-K - ACME FINANCE LLC (0000000002) (Filer)</title><link href='" INDEX "'/>"
	"<summary type='html'>Item 5.02: Departure of Directors</summary>"
	"<updated>2026-09-01T17:28:18-04:00</updated>"
	"<id>urn:tag:sec.gov,2008:accession-number=0000000001-26-000042</id></entry>"
	"<entry><title>8-K12B - GLOBEX (0000000003) (Filer)</title><link href='" INDEX "'/>"
	"<summary type='html'>Item 5.02: x</summary><updated>2026-09-01T17:28:18-04:00</updated>"
	"<id>urn:tag:sec.gov,2008:accession-number=0000000003-26-000001</id></entry>"
	"<entry><title>8-K - INITECH (0000000004) (Filer)</title><link href='" INDEX "'/>"
	"<summary type='html'>Item 8.01: Other</summary><updated>2026-09-01T17:28:18-04:00</updated>"
	"<id>urn:tag:sec.gov,2008:accession-number=0000000004-26-000001</id></entry></feed>";

static const char list[] =
	"<html><body><a href=\"/cgi-bin/browse-edgar?CIK=1\">ACME</a>"
	"<table><tr><td>1</td><td><a href=\"/ix?doc=/Archives/edgar/data/1/000000000126000042/"
	"acme-8k.htm\">acme-8k.htm</a></td><td>8-K</td></tr><tr><td><a href=\"/Archives/edgar/data/1/"
	"000000000126000042/ex99.htm\">ex99.htm</a></td></tr></table></body></html>";

static const char filing[] =
	"<html><body><p>Item&#160;5.02 Departure of Directors</p><p>On September 1, 2026, the Board "
	"appointed John Sample, 47, as Chief&nbsp;Financial Officer, effective October 1, 2026.</p>"
	"<p>SIGNATURE</p></body></html>";

struct run {
	struct arena arena;
	struct collected got;
	struct hark_err err;
	void *ctx;
};

static void edgar_open(struct run *run)
{
	*run = (struct run){0};
	arena_init(&run->arena, 0);
	assert_int_equal(
		collect_open(&hark_connector_edgar, NULL, 0, &run->ctx, &run->err), HARK_OK);
}

static int reply_with(struct run *run, const char *tag, const char *url, const char *body)
{
	const struct hark_reply reply = {.tag = tag,
		.url = url,
		.status = 200,
		.body = body,
		.body_bytes = strlen(body),
		.received_ms = INT64_C(1788307200000)};
	return collect(&run->got, &hark_connector_edgar, run->ctx, STR("sec"), &reply, &run->arena,
		&run->err);
}

static void edgar_close(struct run *run)
{
	collect_close(&hark_connector_edgar, run->ctx);
	arena_release(&run->arena);
}

static void a_filing_is_followed_from_the_feed_to_its_document(void **state)
{
	(void)state;
	struct run run;
	edgar_open(&run);
	assert_int_equal(
		reply_with(&run, NULL, "https://www.sec.gov/cgi-bin/browse-edgar", feed), HARK_OK);
	assert_int_equal(run.got.posts_n, 1);
	assert_str_is(run.got.posts[0].external_id, "0000000001-26-000042");
	assert_str_is(run.got.posts[0].title, "Acme (new) Sprockets Inc: 8-K, item 5.02");
	assert_int_equal(run.got.posts[0].type, POST_TYPE_FILING);
	assert_int_equal(run.got.more_n, 1);
	assert_string_equal(run.got.more[0].url, INDEX);
	assert_int_equal(run.got.more[0].more, HARK_MORE_IF_NEW);
	assert_string_equal(run.got.more[0].item, "0000000001-26-000042");
	assert_true(run.got.more[0].buckets_count == 1 && run.got.more[0].buckets->n <= 10);
	assert_int_equal(reply_with(&run, run.got.more[0].tag, INDEX, list), HARK_OK);
	assert_int_equal(run.got.more_n, 1);
	assert_string_equal(run.got.more[0].url, DOCUMENT);
	assert_int_equal(reply_with(&run, run.got.more[0].tag, DOCUMENT, filing), HARK_OK);
	assert_int_equal(run.got.profiles_n, 1);
	const struct hark_profile *p = &run.got.profiles[0];
	assert_string_equal(p->person, "John Sample");
	assert_string_equal(p->employer, "Acme (new) Sprockets Inc");
	assert_string_equal(p->title, "Chief Financial Officer");
	assert_string_equal(p->effective, "2026-10-01");
	assert_string_equal(p->evidence_url, DOCUMENT);
	assert_int_equal(p->event, HARK_JOINED);
	assert_true(p->observed == INT64_C(1788298098000));
	assert_str_is(run.got.posts[0].text, "John Sample joins Acme (new) Sprockets Inc as Chief "
					     "Financial Officer, effective 2026-10-01");
	edgar_close(&run);
}

static void no_document_of_another_host_is_asked_for(void **state)
{
	(void)state;
	struct run run;
	edgar_open(&run);
	assert_int_equal(
		reply_with(&run, "i\t1\t0\tAcme", INDEX,
			"<a href=\"https://evil.example/Archives/edgar/data/1/x.htm\">x</a>"),
		HARK_OK);
	assert_int_equal(run.got.more_n, 0);
	assert_int_equal(
		reply_with(&run, "i\t1\t0\tAcme", NULL, "<a href=\"\"><a href=\"x"), HARK_OK);
	assert_int_equal(run.got.more_n, 0);
	edgar_close(&run);
}

static void what_is_no_feed_is_refused(void **state)
{
	(void)state;
	struct run run;
	edgar_open(&run);
	assert_int_equal(reply_with(&run, NULL, INDEX, "Request rate exceeded"), HARK_EPARSE);
	assert_int_equal(reply_with(&run, NULL, INDEX, ""), HARK_EPARSE);
	assert_int_equal(
		reply_with(&run, NULL, INDEX,
			"<!DOCTYPE html><html><head><title>Denied</title></head><body>Your "
			"request comes from an undeclared tool.</body></html>"),
		HARK_EPARSE);
	assert_non_null(strstr(run.err.text, "neither the feed nor a filing"));
	assert_int_equal(reply_with(&run, NULL, DOCUMENT,
				 "<html><body><p>Item&#160;8.01 Other Events</p></body></html>"),
		HARK_OK);
	assert_int_equal(run.got.skipped, 1);
	assert_int_equal(reply_with(&run, "d\t1\t0\tAcme", DOCUMENT, ""), HARK_OK);
	assert_int_equal(run.got.profiles_n, 0);
	edgar_close(&run);
}

static void a_company_is_asked_for_by_its_number(void **state)
{
	(void)state;
	static const struct hark_pair good = {"cik", "320193"}, bad = {"cik", "acme"};
	struct hark_request request;
	struct run run;
	arena_init(&run.arena, 0);
	assert_int_equal(
		collect_open(&hark_connector_edgar, &bad, 1, &run.ctx, &run.err), HARK_EINVAL);
	assert_int_equal(
		collect_open(&hark_connector_edgar, &good, 1, &run.ctx, &run.err), HARK_OK);
	assert_int_equal(collect_plan(&hark_connector_edgar, run.ctx, NULL, 0, &request, &run.arena,
				 &run.err),
		HARK_OK);
	assert_non_null(strstr(request.url, "CIK=0000320193&"));
	edgar_close(&run);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_filing_is_followed_from_the_feed_to_its_document),
		cmocka_unit_test(no_document_of_another_host_is_asked_for),
		cmocka_unit_test(what_is_no_feed_is_refused),
		cmocka_unit_test(a_company_is_asked_for_by_its_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
