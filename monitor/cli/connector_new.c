/* hark connector new: the skeleton of a definition, guessed from a saved reply. */
#include "monitor/cli/connector_cli.h"

#include "connectors/value.h"
#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/base/json.h"
#include "monitor/config/values.h"
#include "monitor/fetch/host.h"

#include <stdio.h>

#define FILE_MAX (16u << 20)
#define DEPTH_MAX 5
#define POINTER_MAX 300

/* The names a field goes by, best first. */
static const struct guess {
	const char *field;
	const char *steps; /* NULL: none */
	const char *names[10];
} guesses[] = {
	{"external_id", NULL, {"id", "uri", "guid", "uuid", "node_id", "key", "shortcode", "slug"}},
	{"url", NULL, {"url", "html_url", "permalink", "link", "web_url", "absolute_url", "href"}},
	{"author.handle", NULL, {"username", "login", "handle", "acct", "author", "by", "user"}},
	{"author.display_name", NULL, {"display_name", "displayName", "full_name", "name"}},
	{"published", NULL,
		{"published_at", "publishedAt", "published", "created_at", "createdAt",
			"created_utc", "created", "date", "time", "timestamp"}},
	{"edited", NULL, {"updated_at", "updatedAt", "edited_at", "edited", "updated"}},
	{"title", NULL, {"title", "subject", "headline"}},
	{"text", "html_to_text",
		{"text", "body", "content", "message", "description", "comment", "html",
			"summary"}},
	{"lang", NULL, {"lang", "language"}},
	{"engagement.likes", NULL, {"likes", "like_count", "likeCount", "favourites_count"}},
	{"engagement.replies", NULL, {"replies", "reply_count", "comments_count", "num_comments"}},
	{"engagement.score", NULL, {"score", "points", "votes"}},
};

/* The longest array of objects. */
struct best {
	const json_t *array;
	char pointer[POINTER_MAX];
};

static void find_items(const json_t *node, const char *pointer, int depth, struct best *best)
{
	if (json_is_array(node) && json_is_object(json_array_get(node, 0)) &&
		(best->array == NULL || json_array_size(node) > json_array_size(best->array))) {
		best->array = node;
		snprintf(best->pointer, sizeof(best->pointer), "%s", pointer);
	}
	if (!json_is_object(node) || depth == DEPTH_MAX) {
		return;
	}
	json_t *object = (json_t *)node, *value;
	const char *key;
	json_object_foreach(object, key, value)
	{
		char deeper[POINTER_MAX];
		int n = snprintf(deeper, sizeof(deeper), "%s/%s", pointer, key);
		if (n < POINTER_MAX && strpbrk(key, "/~\"\\\n") == NULL) {
			find_items(value, deeper, depth + 1, best);
		}
	}
}

/* A scalar of that name in the item or one object below. */
static const json_t *find_member(const json_t *item, const char *name, char pointer[POINTER_MAX])
{
	const json_t *value = json_object_get(item, name);
	if (value != NULL && !json_is_object(value) && !json_is_array(value)) {
		snprintf(pointer, POINTER_MAX, "/%s", name);
		return value;
	}
	json_t *object = (json_t *)item, *below;
	const char *key;
	json_object_foreach(object, key, below)
	{
		value = json_is_object(below) ? json_object_get(below, name) : NULL;
		if (value != NULL && !json_is_object(value) && !json_is_array(value) &&
			strpbrk(key, "/~\"\\\n") == NULL) {
			snprintf(pointer, POINTER_MAX, "/%s/%s", key, name);
			return value;
		}
	}
	return NULL;
}

static void write_sample(const json_t *value, struct buf *out)
{
	struct arena arena;
	arena_init(&arena, 0);
	struct str text = node_text(value, &arena);
	buf_add_c(out, "  # ");
	text = str_cut_utf8(text, 50);
	for (size_t i = 0; i < text.n; i++) {
		buf_add_char(out, (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i]);
	}
	buf_add_char(out, '\n');
	arena_release(&arena);
}

static void write_map(const json_t *item, struct buf *out)
{
	char pointer[POINTER_MAX];
	bool has_id = false;
	buf_add_c(out, "map:\n");
	for (size_t i = 0; i < sizeof(guesses) / sizeof(guesses[0]); i++) {
		const struct guess *g = &guesses[i];
		const json_t *value = NULL;
		for (size_t k = 0; k < 10 && g->names[k] != NULL && value == NULL; k++) {
			value = find_member(item, g->names[k], pointer);
		}
		if (value == NULL) {
			continue;
		}
		has_id |= i == 0;
		if (g->steps != NULL) {
			buf_printf(out, "  %s: { pointer: \"%s\", do: [ %s ] }", g->field, pointer,
				g->steps);
		} else {
			buf_printf(out, "  %s: \"%s\"", g->field, pointer);
		}
		write_sample(value, out);
	}
	if (!has_id) {
		buf_add_c(out, "  external_id: /id  # nothing looks like an id: say what is one\n");
	}
}

/* The address; of a server in a private network only a source may name the host. */
static void write_address(const char *url, struct buf *out)
{
	if (url == NULL) {
		buf_add_c(out, "request:\n  url: \"https://board.example/api\"  # the address the "
			       "reply came from\n");
		return;
	}
	if (!host_is_internal(url_host(str_c(url)))) {
		buf_printf(out, "request:\n  url: \"%s\"\n", url);
		return;
	}
	const char *slashes = strstr(url, "://");
	const char *authority = slashes != NULL ? slashes + 3 : url;
	int n = (int)strcspn(authority, "/?#");
	buf_printf(out,
		"vars:\n  host: { about: the server, type: host, required: true, example: "
		"board.example }  # it is your own:\n"
		"  #   vars: { host: \"%.*s\" } and internal: yes at the source\n"
		"request:\n  url: \"%.*s{host}%s\"\n",
		n, authority, (int)(authority - url), url, authority + n);
}

static void write_definition(
	const struct cli *cli, const struct best *best, bool is_one, struct buf *out)
{
	const char *name = cli_value(cli, "name"), *url = cli_value(cli, "url");
	name = name != NULL ? name : "board";
	buf_printf(out,
		"# A guess; hark-connectors(7) explains every line. Try it:\n"
		"#   hark connector check %s.yaml && hark parse --connector %s REPLY\n"
		"id: %s\nabout: \"%s: say what it is\"\n"
		"every: 15m  # how often its owner would like to be asked\n",
		name, name, name, name);
	write_address(url, out);
	buf_printf(out, "items:\n  pointer: \"%s\"  # %s\n", best->pointer,
		is_one ? "the reply itself is the one item" : "the longest list in the reply");
	write_map(is_one ? best->array : json_array_get(best->array, 0), out);
	buf_printf(
		out, "# test: { sample: samples/%s.json, expect: samples/%s.jsonl }\n", name, name);
}

int run_connector_new(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	struct best best = {.array = NULL};
	struct buf text, out;
	if (argc != 1) {
		return cli_usage(cli, "which file? (- is standard input)");
	}
	buf_init(&text, FILE_MAX);
	buf_init(&out, 1 << 20);
	json_t *root = NULL;
	int rc = file_read(&text, argv[0], &err);
	if (rc == HARK_OK) {
		root = json_read(buf_str(&text), &err);
		rc = root != NULL ? HARK_OK : err.code;
	}
	if (rc == HARK_OK) {
		find_items(root, "", 0, &best);
		bool is_one = best.array == NULL;
		best.array = is_one ? root : best.array;
		if (is_one && !json_is_object(root)) {
			rc = hark_err_set(
				&err, HARK_EPARSE, "%s holds no objects to make posts of", argv[0]);
		} else {
			write_definition(cli, &best, is_one, &out);
			fputs(buf_c(&out), stdout);
		}
	}
	int code = rc == HARK_OK ? EXIT_DONE : cli_fail(cli, &err);
	json_decref(root);
	buf_release(&out);
	buf_release(&text);
	return code;
}
