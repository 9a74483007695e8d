#include "monitor/cli/connector_reply.h"

#include "connectors/collect.h"
#include "connectors/parse/html.h"
#include "connectors/registry.h"
#include "monitor/base/file.h"
#include "monitor/pipeline/by_hand.h"
#include "monitor/cli/sources.h"
#include "monitor/config/values.h"

#include <strings.h>

#define BODY_MAX (16u << 20)
#define REDIRECTS_MAX 5

static void keep_link(const struct fetch_reply *reply, struct buf *link)
{
	const char *at = buf_c(&reply->headers);
	for (size_t i = 0; i < reply->headers_n; i++) {
		const char *value = at + strlen(at) + 1;
		if (strcasecmp(at, "link") == 0) {
			buf_printf(link, "%s%s", link->n > 0 ? ", " : "", value);
		}
		at = value + strlen(value) + 1;
	}
}

static int ask(const struct conf *c, const char *url, bool internal, struct connector_reply *out,
	struct hark_err *err)
{
	char agent[CONF_AGENT_MAX];
	const struct fetch_request request = {.url = url,
		.redirects_max = REDIRECTS_MAX,
		.internal = internal,
		.keep_headers = true,
		.max_bytes = BODY_MAX};
	struct fetch *fetch = fetch_by_hand(c, agent, err);
	struct fetch_reply *reply = fetch != NULL ? fetch_once(fetch, &request, err) : NULL;
	int rc = reply != NULL ? HARK_OK : err->code;
	if (reply != NULL && reply->rc != HARK_OK) {
		rc = hark_err_set(err, HARK_ENET, "%s%s", reply->error,
			reply->rc == HARK_EAUTH ? ": say --internal" : "");
	} else if (reply != NULL && (reply->status < 200 || reply->status > 299)) {
		rc = hark_err_set(err, HARK_ENET, "%s answers %d%s", url, reply->status,
			reply->status == 401 || reply->status == 403
				? ": where a log-in is needed, save a reply and give its file"
				: "");
	} else if (reply != NULL) {
		rc = buf_add_str(&out->body, buf_str(&reply->body));
		keep_link(reply, &out->link);
	}
	fetch_reply_free(reply);
	fetch_free(fetch);
	return rc;
}

static int ask_as_operator(struct cli *cli, const char *url, struct connector_reply *out)
{
	struct hark_err err = {0};
	int code = EXIT_DONE;
	bool internal = cli_given(cli, "internal");
	if (value_url(str_c(url), &err) != HARK_OK) {
		return cli_usage(cli, "%s: %s", url, err.text);
	}
	struct conf *c = sources_conf(cli, &code);
	if (c == NULL) {
		return code;
	}
	if (by_hand_may_ask(c, internal, "--internal", &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	} else if (ask(c, url, internal, out, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	conf_unref(c);
	return code;
}

static bool is_feed(struct str body)
{
	const struct hark_connector *feed = connector_find("feed");
	const struct hark_pair settings[] = {{"url", "https://feed.example/"}};
	const struct hark_reply reply = {
		.url = settings[0].value, .status = 200, .body = body.p, .body_bytes = body.n};
	struct collected got = {0};
	struct arena arena;
	void *ctx = NULL;
	arena_init(&arena, 256u << 20);
	bool is = collect_open(feed, settings, 1, &ctx, NULL) == HARK_OK &&
		  collect(&got, feed, ctx, STR("preview"), &reply, &arena, NULL) == HARK_OK &&
		  got.feed.format.p != NULL;
	collect_close(feed, ctx);
	arena_release(&arena);
	return is;
}

/* What hark reads without a definition, or not at all. */
static int refuse_other(struct cli *cli, const char *from, const struct connector_reply *r)
{
	struct hark_err err;
	struct str body = buf_str(&r->body);
	const char *where = r->is_live ? from : "URL";
	if (is_feed(body)) {
		hark_err_set(&err, HARK_EPARSE,
			"%s is a feed, which needs no definition: hark sources add %s", from,
			where);
		return cli_fail(cli, &err);
	}
	if (html_is_page(body)) {
		hark_err_set(&err, HARK_EPARSE,
			"%s is a web page, no data: hark sources add %s looks for its feed; for a "
			"definition give the address of the site's API",
			from, where);
		return cli_fail(cli, &err);
	}
	return EXIT_DONE;
}

int connector_reply_get(struct cli *cli, const char *from, struct connector_reply *out)
{
	struct hark_err err = {0};
	*out = (struct connector_reply){.is_live = strstr(from, "://") != NULL};
	buf_init(&out->body, BODY_MAX);
	buf_init(&out->link, 1 << 16);
	int code = EXIT_DONE;
	if (out->is_live) {
		code = ask_as_operator(cli, from, out);
	} else if (file_read(&out->body, from, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	return code == EXIT_DONE ? refuse_other(cli, from, out) : code;
}

void connector_reply_release(struct connector_reply *r)
{
	buf_release(&r->body);
	buf_release(&r->link);
}
