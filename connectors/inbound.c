/* Posts and profiles that any program sends to hark over HTTP: one JSON object, an array of them, or JSON
 * Lines, each a Post (monitor/model/post.h) or a Profile (connectors/profile.h).
 *
 * An item with a `person` is a profile, any other a post. What is wrong with an item costs that item only;
 * the sender hears which and why. The JSON of others becomes posts by a definition that is `pushed`. */
#include "connectors/builtin.h"
#include "connectors/move.h"
#include "connectors/profile.h"
#include "connectors/record.h"
#include "monitor/base/json.h"
#include "monitor/model/post.h"

#include <stdlib.h>

#define ITEM_BYTES_MAX (256u << 20)
#define RATE_MAX 60000 /* a minute */

const struct hark_pair push_accepts = {
	"Accept", "application/json, application/x-ndjson, application/jsonl, application/ndjson"};
const struct hark_bucket push_rate = {600, 60000, HARK_SCOPE_SOURCE};

struct inbound {
	struct hark_bucket rate;
	struct hark_auth auth; /* kind NONE: nothing is signed */
};

static const struct hark_setting settings[] = {
	{.name = "signature",
		.about =
			"webhook (Standard Webhooks), hub (X-Hub-Signature-256, as GitHub signs), or "
			"none; signed with the secret key",
		.otherwise = "none"},
	{.name = "rate",
		.about = "messages that are taken in a minute",
		.otherwise = "600",
		.type = HARK_SETTING_NUMBER},
	{.name = NULL},
};

static const struct hark_setting secrets[] = {
	{.name = "token", .about = PUSH_TOKEN_ABOUT, .required = 1},
	{.name = "key", .about = "what messages are signed with, where signature says so"},
	{.name = NULL},
};

/* --- settings --- */

static int set_signature(struct hark_host *host, struct inbound *in, const char *value)
{
	static const struct {
		const char *name;
		enum hark_auth_kind kind;
	} known[] = {
		{"none", HARK_AUTH_NONE}, {"webhook", HARK_AUTH_WEBHOOK}, {"hub", HARK_AUTH_HUB}};
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (strcmp(value, known[i].name) == 0) {
			in->auth = (struct hark_auth){.kind = known[i].kind, .secret = "key"};
			return 0;
		}
	}
	return host->fail(host, "there is no signature '%s': webhook, hub or none", value);
}

static int set(struct hark_host *host, struct inbound *in, const struct hark_pair *pair)
{
	int64_t n;
	if (strcmp(pair->name, "signature") == 0) {
		return set_signature(host, in, pair->value);
	}
	if (strcmp(pair->name, "rate") != 0) {
		return host->fail(
			host, "there is no setting '%s' for inbound: signature, rate", pair->name);
	}
	if (!str_i64(str_c(pair->value), &n) || n < 1 || n > RATE_MAX) {
		return host->fail(
			host, "rate must be a number of messages a minute, 1 to %d", RATE_MAX);
	}
	in->rate.n = (long)n;
	return 0;
}

static int inbound_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	struct inbound *in = calloc(1, sizeof(*in));
	if (in == NULL) {
		return host->fail(host, "no memory");
	}
	in->rate = push_rate;
	for (size_t i = 0; i < count; i++) {
		int rc = set(host, in, &pairs[i]);
		if (rc != 0) {
			free(in);
			return rc;
		}
	}
	*ctx = in;
	return 0;
}

static int inbound_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct inbound *in = ctx;
	(void)host;
	(void)cursor;
	*request = (struct hark_request){
		.transport = HARK_TRANSPORT_PUSH,
		.headers = &push_accepts,
		.headers_count = 1,
		.auth = in->auth.kind != HARK_AUTH_NONE ? &in->auth : NULL,
		.buckets = &in->rate,
		.buckets_count = 1,
		.body_max = PUSH_BODY_MAX,
	};
	return 0;
}

/* --- items --- */

struct reading {
	struct hark_host *host;
	struct record_place at;
	struct arena arena; /* of one item */
};

static int no_memory(struct hark_host *host)
{
	return host->fail(host, "no memory to read what was sent");
}

static int skip(struct reading *r, const char *why)
{
	r->host->skipped(r->host, "%s", why);
	return 0;
}

static int take_post(struct reading *r, struct str json)
{
	struct post post;
	struct str unknown;
	struct hark_err err;
	int rc = record_read_post(&post, json, &r->arena, &unknown, &err);
	if (rc == HARK_EPARSE) {
		return skip(r, err.text);
	}
	if (rc != HARK_OK) {
		return no_memory(r->host);
	}
	const char *lacks = record_post_lacks(&post);
	if (lacks != NULL) {
		return skip(r, lacks);
	}
	record_note_unknown(r->host, &r->at, "post", unknown.p);
	int emitted = record_emit_post(r->host, &r->at, &post, &r->arena);
	return r->arena.rc == HARK_OK ? emitted : no_memory(r->host);
}

static int take_profile(struct reading *r, const json_t *item)
{
	struct hark_profile p;
	struct hark_err err;
	int rc = profile_read_json(&p, item, &r->arena, &err);
	if (rc == HARK_EPARSE) {
		return skip(r, err.text);
	}
	if (rc != HARK_OK) {
		return no_memory(r->host);
	}
	record_note_unknown(r->host, &r->at, "profile", record_unknown_in_profile(item));
	record_note_profile_links(r->host, &r->at, &p);
	record_drop_profile_time(r->host, &r->at, &p);
	if (p.event == HARK_LISTED) {
		return r->host->emit_profile(r->host, &p);
	}
	const struct move move = {.profile = &p,
		.was_employer = p.was_employer,
		.was_title = p.was_title,
		.key = p.url != NULL ? p.url : p.person};
	return move_emit(r->host, &move);
}

static int take_item(struct reading *r, json_t *item)
{
	r->host->item++;
	arena_reset(&r->arena);
	if (!json_is_object(item)) {
		return skip(r, "it is no object");
	}
	if (record_has(item, "person")) {
		return take_profile(r, item);
	}
	char *text = json_dumps(item, JSON_COMPACT);
	int rc = text != NULL ? take_post(r, str_c(text)) : no_memory(r->host);
	free(text);
	return rc;
}

/* --- what was sent --- */

static int take_tree(struct reading *r, json_t *tree)
{
	int rc = 0;
	if (!json_is_array(tree)) {
		return take_item(r, tree);
	}
	for (size_t i = 0; rc == 0 && i < json_array_size(tree); i++) {
		rc = take_item(r, json_array_get(tree, i));
	}
	return rc;
}

static int take_line(struct reading *r, struct str line)
{
	struct hark_err err;
	json_t *item = json_read(line, &err);
	if (item == NULL) {
		r->host->item++;
		return skip(r, err.text);
	}
	int rc = take_item(r, item);
	json_decref(item);
	return rc;
}

static int take_lines(struct reading *r, struct str body)
{
	struct str line;
	int rc = 0;
	while (rc == 0 && str_split(&body, '\n', &line)) {
		line = str_trim(line);
		if (line.n > 0) {
			rc = take_line(r, line);
		}
	}
	return rc;
}

/* JSON Lines are what is no JSON as a whole, but begins with a line that is. */
static bool begins_with_json(struct str body)
{
	struct str line = STR_NONE;
	while (str_trim(line).n == 0 && str_split(&body, '\n', &line)) {
	}
	json_t *first = json_read(str_trim(line), NULL);
	json_decref(first);
	return first != NULL;
}

static int inbound_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	struct reading r = {.host = host, .at = {.reply = reply}};
	struct str body = str_n(reply->body, reply->body_bytes);
	struct hark_err err;
	int rc;
	(void)ctx;
	if (str_trim(body).n == 0) {
		return host->fail(host, "nothing was sent: a post, a profile, or several");
	}
	host->item = -1;
	arena_init(&r.arena, ITEM_BYTES_MAX);
	json_t *tree = json_read(body, &err);
	if (tree != NULL && (json_is_object(tree) || json_is_array(tree))) {
		rc = take_tree(&r, tree);
	} else if (tree == NULL && begins_with_json(body)) {
		rc = take_lines(&r, body);
	} else {
		rc = host->fail(host, "%s",
			tree == NULL ? err.text : "posts and profiles are JSON objects");
	}
	json_decref(tree);
	arena_release(&r.arena);
	return rc;
}

static void inbound_close(void *ctx)
{
	free(ctx);
}

static const struct hark_sample samples[] = {
	{.sample = "samples/inbound.json", .expect = "samples/inbound.jsonl"},
	{.sample = "samples/inbound.ndjson", .expect = "samples/inbound-lines.jsonl"},
	{.sample = NULL},
};

HARK_CONNECTOR(inbound) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "inbound",
	.about = "Posts and profiles that other programs send over HTTP",
	.settings = settings,
	.secrets = secrets,
	.open = inbound_open,
	.plan = inbound_plan,
	.parse = inbound_parse,
	.close = inbound_close,
	.samples = samples,
};
