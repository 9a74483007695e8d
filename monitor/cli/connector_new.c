/* hark connector new: the skeleton of a definition, guessed from a reply: a saved one, or what an address
 * answers now. */
#include "monitor/cli/connector_cli.h"

#include "connectors/definition.h"
#include "connectors/document.h"
#include "connectors/registry.h"
#include "connectors/secret_parameter.h"
#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/base/json.h"
#include "monitor/cli/connector_guess.h"
#include "monitor/cli/connector_reply.h"
#include "monitor/config/values.h"
#include "monitor/fetch/host.h"

#include <stdio.h>
#include <unistd.h>

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

/* The query without secrets; their names go into `secrets`. */
static void write_query(struct str query, struct buf *secrets, struct buf *out)
{
	struct str whole, name, value;
	char before = '?';
	while (next_parameter(&query, &whole, &name, &value)) {
		if (parameter_is_secret(name, value)) {
			buf_printf(secrets, "%.*s\n", STR_FMT(name));
		} else {
			buf_printf(out, "%c%.*s", before, STR_FMT(whole));
			before = '&';
		}
	}
}

/* Everything behind the host, and the end of the line. */
static void write_rest(struct str url, size_t at, struct buf *secrets, struct buf *out)
{
	size_t end = at;
	while (end < url.n && url.p[end] != '?' && url.p[end] != '#') {
		end++;
	}
	buf_add(out, url.p + at, end - at);
	write_query(query_of(url), secrets, out);
	buf_add_c(out, "\"\n");
}

/* As auth spells the name of a secret. */
static void write_secret_name(struct str name, struct buf *out)
{
	bool written = false;
	for (size_t i = 0; i < name.n && i < 32; i++) {
		char c = (char)(name.p[i] | 0x20);
		bool is_letter = c >= 'a' && c <= 'z';
		if (is_letter || name.p[i] == '-' || name.p[i] == '_') {
			buf_add_char(out, is_letter ? c : name.p[i]);
			written = true;
		}
	}
	buf_add_c(out, written ? "" : "token");
}

static void write_auth(const struct buf *secrets, struct buf *out)
{
	struct str rest = buf_str(secrets), name;
	bool first = true;
	while (str_split(&rest, '\n', &name) && name.n > 0) {
		if (first) {
			buf_printf(out,
				"auth: { kind: query, name: \"%.*s\", secret: ", STR_FMT(name));
			write_secret_name(name, out);
			buf_add_c(out, " }  # it was in the address; its value belongs under\n"
				       "  # secret: of the source, as env:NAME or file:PATH\n");
		} else {
			buf_printf(out,
				"# %.*s was in the address too and is left out: auth sends one\n",
				STR_FMT(name));
		}
		first = false;
	}
}

/* The address; of a server in a private network only a source may name the host. */
static void write_address(const char *url, struct buf *out)
{
	struct buf secrets;
	buf_init(&secrets, 8192);
	if (url == NULL) {
		buf_add_c(out, "request:\n  url: \"https://board.example/api\"  # the address the "
			       "reply came from\n");
	} else if (!host_is_internal(url_host(str_c(url)))) {
		buf_add_c(out, "request:\n  url: \"");
		write_rest(str_c(url), 0, &secrets, out);
	} else {
		const char *slashes = strstr(url, "://");
		size_t at = slashes != NULL ? (size_t)(slashes + 3 - url) : 0;
		size_t n = strcspn(url + at, "/?#");
		buf_printf(out,
			"vars:\n  host: { about: the server, type: host, required: true, example: "
			"board.example }  # it is your own:\n"
			"  #   vars: { host: \"%.*s\" } and internal: yes at the source\n"
			"request:\n  url: \"%.*s{host}",
			(int)n, url + at, (int)at, url);
		write_rest(str_c(url), at + n, &secrets, out);
	}
	write_auth(&secrets, out);
	buf_release(&secrets);
}

/* A reply may repeat the address it was asked at, with the secret in it. */
static void hide_secrets(const char *url, struct buf *body)
{
	struct str query = query_of(str_c(url)), whole, name, value;
	while (next_parameter(&query, &whole, &name, &value)) {
		struct str rest = buf_str(body);
		size_t at;
		if (!parameter_is_secret(name, value) || value.n < 4) {
			continue;
		}
		while ((at = str_find(rest, value)) != SIZE_MAX) {
			memset((char *)rest.p + at, 'x', value.n);
			rest = str_n(rest.p + at + value.n, rest.n - at - value.n);
		}
	}
}

/* What the definition is made of. */
struct draft {
	const char *name, *url; /* url: NULL, not known */
	const char *file;       /* where it is written; NULL: standard output */
	const struct buf *link;
	json_t *root; /* owned */
	enum item_format format;
	struct guessed guessed;
	struct buf missing; /* of what a post should have */
};

/* What its sample is called behind the dot, and the format in the definition. */
static const char *suffix_of(const struct draft *d)
{
	return d->format == ITEMS_NDJSON ? "ndjson" : d->format == ITEMS_XML ? "xml" : "json";
}

static void write_about(const struct draft *d, struct buf *out)
{
	struct str host = d->url != NULL ? url_host(str_c(d->url)) : str_c(d->name);
	buf_printf(out, "about: \"what %.*s lists\"\n", STR_FMT(host));
}

static void write_items(const struct draft *d, struct buf *out)
{
	bool is_inner = strchr(d->guessed.pointer, '*') != NULL;
	buf_printf(out, "items:\n  pointer: \"%s\"  # %s\n", d->guessed.pointer,
		is_inner             ? "of the lists in it those whose items look most like posts"
		: !d->guessed.is_one ? "the list whose items look most like posts"
		: d->guessed.pointer[0] != '\0' ? "the one item of the reply"
						: "the reply itself is the one item");
	if (d->format != ITEMS_JSON) {
		buf_printf(out, "  format: %s\n", suffix_of(d));
	}
}

static void write_definition(struct draft *d, struct buf *out)
{
	buf_printf(out,
		"# A guess; hark-connectors(7) explains every line. Try it:\n"
		"#   hark connector check %s%s && hark parse --connector %s REPLY\n"
		"id: %s\n",
		d->file != NULL ? d->file : d->name, d->file != NULL ? "" : ".yaml", d->name,
		d->name);
	write_about(d, out);
	buf_add_c(out, "every: 15m  # or what its owner asks for\n");
	write_address(d->url, out);
	write_paging(d->root, d->link, out);
	write_items(d, out);
	guess_map(&d->guessed, d->url != NULL, out, &d->missing);
	char now[CLOCK_TEXT_MAX];
	buf_printf(out,
		"%stest: { sample: samples/%s.%s, expect: samples/%s.jsonl, now: \"%s\" }\n",
		d->file != NULL ? "" : "# ", d->name, suffix_of(d), d->name,
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
	const char *const suffixes[] = {suffix_of(d), "jsonl"};
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
	sample_path(d, suffix_of(d), &path);
	rc = rc == HARK_OK ? file_write(buf_c(&path), sample, 0644, err) : rc;
	rc = rc == HARK_OK ? file_write(d->file, text, 0644, err) : rc;
	rc = rc == HARK_OK ? accept_sample(d, text, err) : rc;
	if (rc == HARK_OK) {
		printf("%s is written, and %s with it.%s%s%s Look at both, then: hark connector "
		       "check %s. Sources find it in connectors/ beside hark.yaml.\n",
			d->file, buf_c(&path),
			d->missing.n > 0 ? " Nothing in it looks like: " : "", buf_c(&d->missing),
			d->missing.n > 0 ? "." : "", d->file);
	}
	buf_release(&path);
	return rc;
}

/* JSON, lines of it, or XML: what a definition reads. False: none of them, and `err` says what is wrong with it as
 * JSON. */
static bool read_document(struct draft *d, struct str body, struct hark_err *err)
{
	struct str rest = str_trim(body), line;
	d->format = ITEMS_JSON;
	d->root = json_read(body, err);
	if (d->root == NULL && rest.n > 0 && rest.p[0] == '<') {
		d->format = ITEMS_XML;
		d->root = document_read(body, d->format, err);
	} else if (d->root == NULL && str_split(&rest, '\n', &line)) {
		json_t *first = json_read(line, NULL);
		if (json_is_object(first)) {
			d->format = ITEMS_NDJSON;
			d->root = document_read(body, d->format, err);
		}
		json_decref(first);
	}
	return d->root != NULL;
}

/* What a reply says went wrong, in `room`; NULL: it says nothing of the kind. */
static const char *error_in(const json_t *root, char room[120])
{
	static const char *const names[] = {"error", "errors", "fault", "exception", "message",
		"detail", "error_description", "title", "code"};
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const json_t *value = json_object_get(root, names[i]);
		value = json_is_array(value) ? json_array_get(value, 0) : value;
		struct str text = str_n(json_string_value(value), json_string_length(value));
		if (text.n > 0) {
			text = str_cut_utf8(text, 100);
			snprintf(room, 120, "%.*s", STR_FMT(text));
			return room;
		}
		if (json_is_object(value)) {
			return error_in(value, room);
		}
	}
	return NULL;
}

/* No list but one of errors, and the one item has nothing that posts have but words. */
static int refuse_no_posts(const struct draft *d, const char *from, struct hark_err *err)
{
	char room[120];
	const char *error;
	if (d->guessed.is_one && !json_is_object(d->root)) {
		return hark_err_set(err, HARK_EPARSE, "%s holds no objects to make posts of", from);
	}
	if (!guess_finds_any(&d->guessed)) {
		return hark_err_set(err, HARK_EPARSE,
			"%s holds no item to guess from: save a reply that has some", from);
	}
	bool no_post = d->guessed.is_one && !guess_finds_id(&d->guessed);
	no_post |= str_starts(str_c(d->guessed.pointer), STR("/error"));
	if (no_post && (error = error_in(d->root, room)) != NULL) {
		return hark_err_set(err, HARK_EPARSE,
			"%s says that something went wrong (%s): save a reply that has posts", from,
			error);
	}
	return HARK_OK;
}

static int draft(struct draft *d, const char *from, const struct connector_reply *reply,
	struct hark_err *err)
{
	struct buf out;
	if (!read_document(d, buf_str(&reply->body), err)) {
		return err->code;
	}
	guess_items(d->root, &d->guessed);
	buf_init(&d->missing, 200);
	buf_init(&out, 1 << 20);
	int rc = refuse_no_posts(d, from, err);
	if (rc == HARK_OK) {
		write_definition(d, &out);
		rc = d->file != NULL ? write_files(d, buf_str(&out), buf_str(&reply->body), err)
				     : HARK_OK;
		fputs(d->file == NULL ? buf_c(&out) : "", stdout);
	}
	buf_release(&d->missing);
	buf_release(&out);
	guess_release(&d->guessed);
	json_decref(d->root);
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
	if (code == EXIT_DONE && d.url != NULL) {
		hide_secrets(d.url, &reply.body);
	}
	if (code == EXIT_DONE && draft(&d, argv[0], &reply, &err) != HARK_OK) {
		code = cli_fail(cli, &err);
	}
	connector_reply_release(&reply);
	return code;
}
