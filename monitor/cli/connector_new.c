/* hark connector new: the skeleton of a definition, guessed from a reply: a saved one, or what an address
 * answers now. */
#include "monitor/cli/connector_cli.h"

#include "connectors/definition.h"
#include "connectors/registry.h"
#include "connectors/value.h"
#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/base/json.h"
#include "monitor/cli/connector_reply.h"
#include "monitor/config/values.h"
#include "monitor/fetch/host.h"

#include <stdio.h>
#include <unistd.h>

#define DEPTH_MAX 5
#define POINTER_MAX 300
#define NAMES_MAX 12

/* The names a field goes by, best first. */
static const struct guess {
	const char *field;
	const char *steps; /* NULL: none */
	const char *names[NAMES_MAX];
} guesses[] = {
	{"external_id", NULL, {"id", "uri", "guid", "uuid", "node_id", "key", "shortcode", "slug"}},
	{"url", NULL, {"html_url", "web_url", "permalink", "absolute_url", "link", "url", "href"}},
	{"author.handle", NULL, {"username", "login", "handle", "acct", "author", "by", "user"}},
	{"author.display_name", NULL, {"display_name", "displayName", "full_name", "name"}},
	{"published", NULL,
		{"published_at", "publishedAt", "published", "created_at", "createdAt",
			"created_utc", "creation_date", "created", "date", "time", "timestamp"}},
	{"edited", NULL, {"updated_at", "updatedAt", "edited_at", "edited", "updated"}},
	{"title", NULL, {"title", "subject", "headline"}},
	{"text", "html_to_text",
		{"text", "body", "content", "selftext", "cooked", "raw", "message", "description",
			"comment", "html", "summary"}},
	{"lang", NULL, {"lang", "language"}},
	{"engagement.likes", NULL, {"likes", "like_count", "likeCount", "favourites_count"}},
	{"engagement.replies", NULL, {"replies", "reply_count", "comments_count", "num_comments"}},
	{"engagement.score", NULL, {"score", "points", "votes"}},
};

#define URL_GUESS (&guesses[1])

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

/* What an API says of itself, as "/r/x", is no address. */
static bool may_be(const struct guess *g, const json_t *value)
{
	const char *text = json_string_value(value);
	bool is_scalar = value != NULL && !json_is_object(value) && !json_is_array(value);
	return is_scalar && (g != URL_GUESS || (text != NULL && strstr(text, "://") != NULL));
}

/* The best name that `object`, reached by `prefix`, has a scalar of. */
static const json_t *find_name(
	const struct guess *g, const json_t *object, const char *prefix, char pointer[POINTER_MAX])
{
	for (size_t k = 0; k < NAMES_MAX && g->names[k] != NULL; k++) {
		const json_t *value = json_object_get(object, g->names[k]);
		int n = snprintf(pointer, POINTER_MAX, "%s/%s", prefix, g->names[k]);
		if (may_be(g, value) && n < POINTER_MAX) {
			return value;
		}
	}
	return NULL;
}

/* In the item, else in one object below: what an author is called is no name of the post. */
static const json_t *find_member(
	const struct guess *g, const json_t *item, char pointer[POINTER_MAX])
{
	const json_t *value = find_name(g, item, "", pointer);
	json_t *object = (json_t *)item, *below;
	const char *key;
	if (value != NULL) {
		return value;
	}
	json_object_foreach(object, key, below)
	{
		char prefix[POINTER_MAX];
		int n = snprintf(prefix, sizeof(prefix), "/%s", key);
		bool is_plain = n < POINTER_MAX && strpbrk(key, "/~\"\\\n") == NULL;
		value = is_plain && json_is_object(below) ? find_name(g, below, prefix, pointer)
							  : NULL;
		if (value != NULL) {
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
		const json_t *value = find_member(g, item, pointer);
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
	if (!has_id && find_member(URL_GUESS, item, pointer) != NULL) {
		buf_printf(out, "  external_id: \"%s\"  # nothing looks like an id\n", pointer);
	} else if (!has_id) {
		buf_add_c(out, "  external_id: /id  # nothing looks like an id: say what is one\n");
	}
}

/* How the next page is had, as far as the reply says so. */
static void write_paging(const json_t *root, const struct buf *link, struct buf *out)
{
	static const char *const parents[] = {NULL, "links", "paging", "pagination", "meta"};
	static const char *const names[] = {
		"next", "next_url", "next_page", "next_cursor", "nextPageToken", "cursor"};
	if (link->n > 0 && strstr(buf_c(link), "rel=\"next\"") != NULL) {
		buf_add_c(out, "paging: { kind: link_header, rel: next, max_pages: 5 }  # it sends "
			       "a Link header\n");
		return;
	}
	for (size_t i = 0; i < sizeof(parents) / sizeof(*parents) * 6; i++) {
		const char *parent = parents[i / 6], *name = names[i % 6];
		const json_t *in = parent != NULL ? json_object_get(root, parent) : root;
		struct str next = json_str(in, name);
		if (next.n == 0) {
			continue;
		}
		bool is_url = str_find(next, STR("://")) != SIZE_MAX;
		const char *slash = parent != NULL ? "/" : "";
		buf_printf(out,
			is_url ? "paging: { kind: url_in_body, next: %s%s/%s, max_pages: 5 }\n"
			       : "# Perhaps: paging: { kind: cursor, next: %s%s/%s, "
				 "max_pages: 5 },\n"
				 "# with the parameter that takes it under query, as "
				 "cursor: \"{page_cursor?}\"\n",
			slash, parent != NULL ? parent : "", name);
		return;
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
		buf_printf(out, "request:\n  url: \"%.*s\"\n", (int)strcspn(url, "#"), url);
		return;
	}
	const char *slashes = strstr(url, "://");
	const char *authority = slashes != NULL ? slashes + 3 : url;
	int n = (int)strcspn(authority, "/?#");
	buf_printf(out,
		"vars:\n  host: { about: the server, type: host, required: true, example: "
		"board.example }  # it is your own:\n"
		"  #   vars: { host: \"%.*s\" } and internal: yes at the source\n"
		"request:\n  url: \"%.*s{host}%.*s\"\n",
		n, authority, (int)(authority - url), url, (int)strcspn(authority + n, "#"),
		authority + n);
}

/* What the definition is made of. */
struct draft {
	const char *name, *url; /* url: NULL, not known */
	const char *file;       /* where it is written; NULL: standard output */
	const struct buf *link;
	const json_t *root;
	struct best best;
	bool is_one;
};

static void write_definition(const struct draft *d, struct buf *out)
{
	buf_printf(out,
		"# A guess; hark-connectors(7) explains every line. Try it:\n"
		"#   hark connector check %s.yaml && hark parse --connector %s REPLY\n"
		"id: %s\nabout: \"%s: say what it is\"\n"
		"every: 15m  # how often its owner would like to be asked\n",
		d->name, d->name, d->name, d->name);
	write_address(d->url, out);
	write_paging(d->root, d->link, out);
	buf_printf(out, "items:\n  pointer: \"%s\"  # %s\n", d->best.pointer,
		d->is_one ? "the reply itself is the one item" : "the longest list in the reply");
	write_map(d->is_one ? d->best.array : json_array_get(d->best.array, 0), out);
	char now[CLOCK_TEXT_MAX];
	buf_printf(out,
		"%stest: { sample: samples/%s.json, expect: samples/%s.jsonl, now: \"%s\" }\n",
		d->file != NULL ? "" : "# ", d->name, d->name,
		clock_rfc3339(clock_wall_ms() / 1000 * 1000, now));
}

/* --- files --- */

/* "FOLDER OF FILE/samples/NAME.SUFFIX" */
static void sample_path(const struct draft *d, const char *suffix, struct buf *out)
{
	const char *slash = strrchr(d->file, '/');
	buf_clear(out);
	buf_printf(out, "%.*ssamples", slash != NULL ? (int)(slash - d->file) + 1 : 0, d->file);
	if (suffix != NULL) {
		buf_printf(out, "/%s.%s", d->name, suffix);
	}
}

static int refuse_present(const char *path, struct hark_err *err)
{
	return access(path, F_OK) == 0
		       ? hark_err_set(err, HARK_EINVAL,
				 "%s is there already and stays as it is: choose another name",
				 path)
		       : HARK_OK;
}

/* Before the first of the three is written. */
static int refuse_any(const struct draft *d, struct buf *path, struct hark_err *err)
{
	static const char *const suffixes[] = {"json", "jsonl"};
	int rc = refuse_present(d->file, err);
	for (size_t i = 0; i < 2 && rc == HARK_OK; i++) {
		sample_path(d, suffixes[i], path);
		rc = refuse_present(buf_c(path), err);
	}
	return rc;
}

/* What comes of the sample now is what its test expects from now on. */
static int accept_sample(const struct draft *d, struct str text, struct hark_err *err)
{
	struct diags diags;
	struct definition *made = NULL;
	struct buf why;
	size_t failed = 0;
	diags_init(&diags);
	buf_init(&why, 1 << 20);
	int rc = definition_read(&made, text, d->file, &diags, err);
	if (rc == HARK_OK) {
		connector_run_tests(&made->connector, true, &failed, &why);
		rc = failed > 0 ? hark_err_set(err, HARK_EPARSE, "%s", buf_c(&why)) : HARK_OK;
	}
	definition_free(made);
	buf_release(&why);
	diags_release(&diags);
	return rc;
}

/* The definition, its sample and what the sample gives; none of the three replaces a file. */
static int write_files(
	const struct draft *d, struct str text, struct str sample, struct hark_err *err)
{
	struct buf path;
	buf_init(&path, 8192);
	int rc = refuse_any(d, &path, err);
	sample_path(d, NULL, &path);
	rc = rc == HARK_OK ? file_mkdirs(buf_c(&path), 0755, err) : rc;
	sample_path(d, "json", &path);
	rc = rc == HARK_OK ? file_write(buf_c(&path), sample, 0644, err) : rc;
	rc = rc == HARK_OK ? file_write(d->file, text, 0644, err) : rc;
	rc = rc == HARK_OK ? accept_sample(d, text, err) : rc;
	if (rc == HARK_OK) {
		printf("%s is written, and %s with it. Look at both, then: hark connector check "
		       "%s\n",
			d->file, buf_c(&path), d->file);
	}
	buf_release(&path);
	return rc;
}

static int draft(struct draft *d, const char *from, const struct connector_reply *reply,
	struct hark_err *err)
{
	struct buf out;
	json_t *root = json_read(buf_str(&reply->body), err);
	if (root == NULL) {
		return err->code;
	}
	find_items(root, "", 0, &d->best);
	d->is_one = d->best.array == NULL;
	d->best.array = d->is_one ? root : d->best.array;
	d->root = root;
	buf_init(&out, 1 << 20);
	int rc = HARK_OK;
	if (d->is_one && !json_is_object(root)) {
		rc = hark_err_set(err, HARK_EPARSE, "%s holds no objects to make posts of", from);
	} else {
		write_definition(d, &out);
		rc = d->file != NULL ? write_files(d, buf_str(&out), buf_str(&reply->body), err)
				     : HARK_OK;
		fputs(d->file == NULL ? buf_c(&out) : "", stdout);
	}
	buf_release(&out);
	json_decref(root);
	return rc;
}

/* That of the file, if it could be one. */
static const char *name_of_file(const char *path, char name[80])
{
	const char *slash = path != NULL ? strrchr(path, '/') : NULL;
	snprintf(name, 80, "%s", slash != NULL ? slash + 1 : path != NULL ? path : "");
	char *dot = strrchr(name, '.');
	if (dot != NULL) {
		*dot = '\0';
	}
	return path != NULL && connector_is_file_of(path, name) ? name : "board";
}

static int check_names(struct cli *cli, const struct draft *d)
{
	struct hark_err err;
	if (value_name(str_c(d->name), &err) != HARK_OK) {
		return cli_usage(cli, "--name: %s", err.text);
	}
	if (connector_is_builtin(d->name)) {
		return cli_usage(
			cli, "--name: '%s' is a connector of the program: choose another", d->name);
	}
	if (d->file != NULL && !connector_is_file_of(d->file, d->name)) {
		return cli_usage(cli,
			"--output: a connector is found by the name of its file: call it %s.yaml",
			d->name);
	}
	return EXIT_DONE;
}

int run_connector_new(struct cli *cli, int argc, char **argv)
{
	struct hark_err err = {0};
	struct connector_reply reply;
	if (argc != 1) {
		return cli_usage(cli, "which address or file? (- is standard input)");
	}
	const char *name = cli_value(cli, "name");
	char of_file[80];
	struct draft d = {
		.name = name != NULL ? name : name_of_file(cli_value(cli, "output"), of_file),
		.url = cli_value(cli, "url"),
		.file = cli_given(cli, "dry-run") ? NULL : cli_value(cli, "output"),
		.link = &reply.link};
	int code = check_names(cli, &d);
	if (code != EXIT_DONE) {
		return code;
	}
	if (d.url != NULL && value_url(str_c(d.url), &err) != HARK_OK) {
		return cli_usage(cli, "--url: %s", err.text);
	}
	code = connector_reply_get(cli, argv[0], &reply);
	d.url = d.url == NULL && reply.is_live ? argv[0] : d.url;
	if (code == EXIT_DONE && draft(&d, argv[0], &reply, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	connector_reply_release(&reply);
	return code;
}
