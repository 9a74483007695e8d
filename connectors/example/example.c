/* A connector outside hark's tree: the release notes that a maker of software keeps in a text file.
 *
 *	# Acme Sprockets
 *	2026-09-01 4.2 Import from other tools is four times faster
 *	2026-08-12 4.1 Sprockets may be painted now
 *
 * Every line is a post: a date, a version, what has changed. All of <hark/connector.h> that is needed for
 * a source that is read again and again is used here once; hark-connectors(7) says the rest. */
#define _POSIX_C_SOURCE 200809L
#include <hark/connector.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What .open makes of the settings; the host keeps it until .close. */
struct notes {
	char url[2048];
};

static const struct hark_setting settings[] = {
	{.name = "url",
		.about = "address of the file of release notes",
		.required = 1,
		.type = HARK_SETTING_URL,
		.example = "https://acme.example/releases.txt"},
	{.name = NULL},
};

static int example_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	const char *url = NULL;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(pairs[i].name, "url") != 0) {
			return host->fail(host, "there is no setting '%s': url", pairs[i].name);
		}
		url = pairs[i].value;
	}
	struct notes *notes = calloc(1, sizeof(*notes));
	if (notes == NULL) {
		return host->fail(host, "no memory");
	}
	if (url == NULL || strlen(url) >= sizeof(notes->url)) {
		free(notes);
		return host->fail(host, "release notes need the address of their file: url");
	}
	strcpy(notes->url, url);
	*ctx = notes;
	return 0;
}

static int example_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct notes *notes = ctx;
	(void)host;
	(void)cursor; /* the file is always whole; hark knows what it has seen */
	request->transport = HARK_TRANSPORT_HTTP;
	request->url = notes->url;
	return 0;
}

/* Days since 1970 of a date, by Howard Hinnant's days_from_civil. */
static int64_t days_of(int year, unsigned month, unsigned day)
{
	year -= month <= 2;
	int era = year / 400;
	unsigned of_era = (unsigned)(year - era * 400);
	unsigned of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * INT64_C(146097) + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* The line is ours to write into. 0: it is no release. */
static int read_line(char *line, const char *url, struct hark_post *post, char id[128])
{
	int year;
	unsigned month, day;
	char *version = NULL, *text = NULL, *rest = NULL;
	if (sscanf(line, "%4d-%2u-%2u", &year, &month, &day) != 3 || year < 1970 || month < 1 ||
		month > 12 || day < 1 || day > 31) {
		return 0;
	}
	strtok_r(line, " ", &rest);
	version = strtok_r(NULL, " ", &rest);
	text = rest;
	if (version == NULL || text == NULL || text[0] == '\0') {
		return 0;
	}
	hark_post_init(post);
	snprintf(id, 128, "release-%s", version);
	post->external_id = id; /* what makes it the same post at the next poll */
	post->url = url;
	post->published = days_of(year, month, day) * 86400000;
	post->title = version;
	post->text = text;
	return 1;
}

static int example_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	const struct notes *notes = ctx;
	const char *url = reply->url != NULL ? reply->url : notes->url;
	/* The body is borrowed and cannot be written; the host frees what alloc() gives. */
	char *text = host->alloc(host, reply->body_bytes + 1), *line, *next;
	if (text == NULL) {
		return host->fail(host, "no memory for %zu bytes", reply->body_bytes);
	}
	memcpy(text, reply->body, reply->body_bytes);
	if (text[0] != '#') {
		return host->fail(host, "%s has no release notes: it does not begin with '#'", url);
	}
	long number = 1;
	int rc = 0;
	for (line = text; line != NULL && rc == 0; line = next, number++) {
		struct hark_post post;
		char id[128], *end = strchr(line, '\n');
		next = end != NULL ? end + 1 : NULL;
		line[strcspn(line, "\r\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0') {
			continue;
		}
		if (read_line(line, url, &post, id)) {
			rc = host->emit_post(host, &post); /* copies what it keeps */
		} else {
			host->degraded(host, number, 1, "this line is no release");
		}
	}
	return rc;
}

static const struct hark_sample samples[] = {
	{.sample = "samples/example.txt",
		.expect = "samples/example.jsonl",
		.url = "https://acme.example/releases.txt"},
	{.sample = NULL},
};

HARK_CONNECTOR(example) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "example",
	.about = "release notes in a text file",
	.settings = settings,
	.every_s = 3600,
	.samples = samples,
	.open = example_open,
	.plan = example_plan,
	.parse = example_parse,
	.close = free,
};
