/* The connector to copy. It is complete and tested (tests/unit/test_template.c), but in no list of
 * connectors: the message board it reads is made up.
 *
 * The board answers `GET https://board.example.com/messages?after=41` with one message a line, oldest
 * first; fields are separated by tabs, times are seconds since 1970, "+" alone says there is more:
 *
 *	#board Example board
 *	42	1772600767	ana	Acme moved to a new tool this week
 *	43	1772600799	ben	Which one?
 *	+
 *
 * To make a connector of your own: copy this file, give it a name, list it in connectors/local.mk and
 * connectors/registry.c, and put recorded replies under tests/fixtures/NAME/. A connector needs
 * nothing of hark but connector.h. It does no I/O and keeps nothing in globals: the host calls it
 * from many threads, one context at a time. */
#include "connectors/connector.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define URL_BYTES 2048

/* What .open makes of the settings. The strings are the host's and live until .close. */
struct board {
	const char *url;
	const char *token;       /* NULL: the board asks for none */
	char page[URL_BYTES];    /* what a request points to must live until the next call */
	char authorisation[512]; /* "Bearer …" */
	struct hark_pair headers[1];
};

/* One line of a reply; the fields are pieces of a copy we may write into. */
struct message {
	const char *id, *author, *text;
	long long seconds;
};

/* An admin sees these in `hark connector show`; the last entry ends the list. */
static const struct hark_setting settings[] = {
	{.name = "url", .about = "address of the board's list of messages", .required = 1},
	{.name = "token", .about = "what the board gave you to read with"},
	{.name = NULL},
};

static int template_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	struct board *board = calloc(1, sizeof(*board));
	if (board == NULL) {
		return host->fail(host, "no memory");
	}
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i].name, "url") == 0) {
			board->url = pairs[i].value;
		} else if (strcmp(pairs[i].name, "token") == 0) {
			board->token = pairs[i].value;
		}
	}
	/* A sentence that says what is wrong and what to do; fail() returns what we return. */
	if (board->url == NULL || strlen(board->url) > URL_BYTES - 100) {
		free(board);
		return host->fail(host, "a board needs its address, of less than %d letters: url",
			URL_BYTES - 100);
	}
	*ctx = board;
	return 0;
}

static void fill(struct board *board, const char *after, struct hark_request *request)
{
	char join = strchr(board->url, '?') != NULL ? '&' : '?';
	snprintf(board->page, sizeof(board->page), "%s%cafter=%.20s", board->url, join, after);
	*request = (struct hark_request){.transport = HARK_TRANSPORT_HTTP, .url = board->page};
	if (board->token != NULL) {
		snprintf(board->authorisation, sizeof(board->authorisation), "Bearer %s",
			board->token);
		board->headers[0] = (struct hark_pair){"Authorization", board->authorisation};
		request->headers = board->headers;
		request->headers_count = 1;
	}
}

/* The cursor is whatever text we gave set_cursor() last: here the id of the newest message. */
static int template_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	(void)host;
	fill(ctx, cursor != NULL ? cursor : "0", request);
	return 0;
}

/* Cuts a line into its fields; 0 if it is no message. */
static int read_message(char *line, struct message *m)
{
	char *end, *rest = line;
	m->id = strsep(&rest, "\t");
	const char *seconds = strsep(&rest, "\t");
	m->author = strsep(&rest, "\t");
	m->text = rest;
	if (m->text == NULL || m->id[0] == '\0') {
		return 0;
	}
	m->seconds = strtoll(seconds, &end, 10);
	return end != seconds && *end == '\0' && m->seconds >= 0 && m->seconds < 1LL << 40;
}

/* hark_post_init() sets every count and time to "not said"; fill in only what the source tells. */
static int emit(struct hark_host *host, const struct board *board, const struct message *m)
{
	char url[URL_BYTES + 64];
	struct hark_post post;
	hark_post_init(&post);
	snprintf(url, sizeof(url), "%.*s/%s", (int)strcspn(board->url, "?"), board->url, m->id);
	post.external_id = m->id; /* what makes the post the same one at the next poll */
	post.url = url;
	post.author.handle = m->author;
	post.published = (int64_t)m->seconds * 1000;
	post.text = m->text; /* plain text; the host cleans and cuts it */
	return host->emit_post(host, &post);
}

static int more(struct hark_host *host, struct board *board, const char *last)
{
	struct hark_request request;
	fill(board, last, &request);
	return host->request_more(host, &request); /* comes as another .parse */
}

/* One line at a time: a line we do not understand is damage to report, and no reason to lose the
 * others. */
static int read_lines(struct hark_host *host, struct board *board, char *text)
{
	const char *last = NULL;
	int rc = 0, wants_more = 0;
	long number = 1;
	for (char *line; rc == 0 && (line = strsep(&text, "\n")) != NULL; number++) {
		struct message m;
		if (line[0] == '#' || line[0] == '\0') {
			continue;
		}
		if (strcmp(line, "+") == 0) {
			wants_more = 1;
		} else if (read_message(line, &m)) {
			rc = emit(host, board, &m);
			last = m.id;
		} else {
			host->degraded(host, number, 1, "this line is no message");
		}
	}
	if (rc == 0 && last != NULL) {
		rc = host->set_cursor(host, last);
	}
	return rc == 0 && wants_more && last != NULL ? more(host, board, last) : rc;
}

static int template_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	static const char mark[] = "#board ";
	struct board *board = ctx;
	/* The status and the label may be wrong; what counts is what came. */
	if (reply->body_bytes < sizeof(mark) || memcmp(reply->body, mark, sizeof(mark) - 1) != 0) {
		return host->fail(host, "%s is no message board: it does not begin with \"#board\"",
			reply->url != NULL ? reply->url : board->url);
	}
	/* The body is borrowed and not ours to write into. The host frees what alloc() gives. */
	char *text = host->alloc(host, reply->body_bytes + 1);
	if (text == NULL) {
		return host->fail(host, "no memory for a reply of %zu bytes", reply->body_bytes);
	}
	memcpy(text, reply->body, reply->body_bytes);
	struct hark_feed feed = {.format = "board", .url = board->url, .updated = HARK_TIME_NONE};
	char *end = strchr(text, '\n');
	if (end != NULL) {
		*end = '\0';
		feed.title = text + sizeof(mark) - 1;
	}
	int rc = host->emit_feed(host, &feed);
	if (end != NULL) {
		*end = '\n';
	}
	return rc != 0 ? rc : read_lines(host, board, text);
}

static void template_close(void *ctx)
{
	free(ctx);
}

HARK_CONNECTOR(template) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "template",
	.about = "Message board of one line a message",
	.settings = settings,
	.open = template_open,
	.plan = template_plan,
	.parse = template_parse,
	.close = template_close,
};
