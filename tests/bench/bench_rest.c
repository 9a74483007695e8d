/* How fast a page of 1,000 JSON items becomes posts through a definition, against the same mapping
 * written by hand over jansson. Both read the same bytes and emit the same posts; they take turns, and
 * the ratio is the median of the pairs. */
#include "connectors/collect.h"
#include "connectors/definition.h"
#include "connectors/parse/date.h"
#include "connectors/parse/html.h"
#include "monitor/base/json.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 25
#define TURNS 5
#define ITEMS 1000
#define NOW_MS INT64_C(1788307200000)

static const char definition[] =
	"id: bench\nabout: bench\nrequest: { url: \"https://board.example/list\" }\n"
	"items: { pointer: /items, skip_if: { pointer: /visibility, ne: public } }\n"
	"map:\n"
	"  external_id: /id\n"
	"  url: /url\n"
	"  author.handle: /account/acct\n"
	"  author.display_name: /account/display_name\n"
	"  author.followers: /account/followers\n"
	"  published: { pointer: /created_at, do: [ iso8601 ] }\n"
	"  text: { pointer: /content, do: [ html_to_text ] }\n"
	"  lang: /language\n"
	"  engagement.likes: /likes\n"
	"  engagement.replies: /replies\n"
	"  tags: \"/tags/*/name\"\n";

static void make_page(struct buf *out)
{
	buf_add_c(out, "{\"items\":[");
	for (int i = 0; i < ITEMS; i++) {
		buf_printf(out,
			"%s{\"id\":\"11500000000000%04d\",\"url\":\"https://board.example/@ana/%d\","
			"\"visibility\":\"public\",\"created_at\":\"2026-09-01T10:%02d:00.000Z\","
			"\"language\":\"en\",\"likes\":%d,\"replies\":2,\"sensitive\":false,\"poll\":null,"
			"\"content\":\"<p>Acme Widgets moved its whole team to a new tool this week, and "
			"the first reports are good: <a href=\\\"https://news.example/%d\\\">less "
			"waiting</a> &amp; fewer forms.</p><p>What comes next is open.</p>\","
			"\"account\":{\"id\":\"43\",\"acct\":\"ana@board.example\",\"display_name\":\"Ana "
			"Example\",\"followers\":1201,\"note\":\"<p>Head of widgets</p>\"},"
			"\"tags\":[{\"name\":\"tools\"},{\"name\":\"teams\"}]}",
			i > 0 ? "," : "", i, i, i % 60, i, i);
	}
	buf_add_c(out, "]}");
}

/* --- by hand --- */

struct scratch {
	struct buf text;
};

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int emit(struct hark_host *host, const json_t *item, struct scratch *s)
{
	const json_t *account = json_object_get(item, "account");
	const json_t *tags = json_object_get(item, "tags");
	const char *names[50];
	const char *visibility = text_of(item, "visibility");
	struct hark_post post;
	if (visibility != NULL && strcmp(visibility, "public") != 0) {
		return 0;
	}
	hark_post_init(&post);
	post.external_id = text_of(item, "id");
	post.url = text_of(item, "url");
	post.author.handle = text_of(account, "acct");
	post.author.display_name = text_of(account, "display_name");
	post.author.followers = json_i64(account, "followers", HARK_COUNT_NONE);
	date_parse_sane(str_c(text_of(item, "created_at")), NOW_MS, &post.published);
	buf_clear(&s->text);
	html_to_text(str_c(text_of(item, "content")), STR_NONE, 0, &s->text, NULL);
	post.text = buf_c(&s->text);
	post.lang = text_of(item, "language");
	post.likes = json_i64(item, "likes", HARK_COUNT_NONE);
	post.replies = json_i64(item, "replies", HARK_COUNT_NONE);
	for (size_t i = 0; i < json_array_size(tags) && i < 50; i++) {
		names[post.tags_count++] = text_of(json_array_get(tags, i), "name");
	}
	post.tags = names;
	return host->emit_post(host, &post);
}

static int hand_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	struct hark_err err;
	struct scratch s;
	(void)ctx;
	json_t *root = json_read(str_n(reply->body, reply->body_bytes), &err);
	const json_t *items = json_object_get(root, "items");
	buf_init(&s.text, 1 << 20);
	int rc = 0;
	for (size_t i = 0; i < json_array_size(items) && rc == 0; i++) {
		rc = emit(host, json_array_get(items, i), &s);
	}
	buf_release(&s.text);
	json_decref(root);
	return rc;
}

static const struct hark_connector by_hand = {
	.abi = HARK_CONNECTOR_ABI, .name = "hand", .parse = hand_parse};

/* --- measuring --- */

static double now(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static double pass(const struct hark_connector *c, void *ctx, const struct buf *page)
{
	const struct hark_reply reply = {.url = "https://board.example/list",
		.status = 200,
		.body = buf_c(page),
		.body_bytes = page->n,
		.received_ms = NOW_MS};
	double start = now();
	for (int i = 0; i < TURNS; i++) {
		struct collected got;
		struct hark_err err;
		struct arena arena;
		arena_init(&arena, 256u << 20);
		if (collect(&got, c, ctx, STR("bench"), &reply, &arena, &err) != HARK_OK ||
			got.posts_n != ITEMS) {
			fprintf(stderr, "%s: %zu posts\n", c->name, got.posts_n);
			exit(1);
		}
		arena_release(&arena);
	}
	return (now() - start) / TURNS;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(void)
{
	double ratios[ROUNDS], best = 1e9, best_hand = 1e9;
	struct definition *d = NULL;
	struct diags diags;
	struct hark_err err;
	struct buf page;
	void *ctx = NULL;
	diags_init(&diags);
	buf_init(&page, 16u << 20);
	make_page(&page);
	if (definition_read(&d, STR(definition), "bench.yaml", &diags, &err) != HARK_OK ||
		collect_open(&d->connector, NULL, 0, &ctx, &err) != HARK_OK) {
		diags_print(&diags, stderr, false);
		return 1;
	}
	for (int i = 0; i < ROUNDS; i++) {
		double hand = pass(&by_hand, NULL, &page), rest = pass(&d->connector, ctx, &page);
		ratios[i] = rest / hand;
		best = rest < best ? rest : best;
		best_hand = hand < best_hand ? hand : best_hand;
	}
	qsort(ratios, ROUNDS, sizeof(ratios[0]), by_size);
	printf("rest: %d JSON items (%zu KiB) through a definition: %.2f ms, by hand %.2f ms, ratio "
	       "%.2f (median of %d pairs)\n",
		ITEMS, page.n >> 10, best * 1e3, best_hand * 1e3, ratios[ROUNDS / 2], ROUNDS);
	collect_close(&d->connector, ctx);
	definition_free(d);
	diags_release(&diags);
	buf_release(&page);
	return 0;
}
