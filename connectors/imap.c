/* A mailbox: alert mails, newsletters and what else comes into a folder of its own. Every mail is a private post,
 * a mail of Google Alerts one for each page it names. Nothing in the mailbox changes.
 *
 * Cursor: "UIDVALIDITY UID", up to where the folder was read. The first poll reads back some days; so does the
 * one that finds another UIDVALIDITY, as after a move of the mailbox: a mail is known again by its Message-ID,
 * or where it has none, by what it says. */
#include "connectors/alert_mail.h"
#include "connectors/builtin.h"
#include "connectors/parse/date.h"
#include "connectors/parse/mail.h"
#include "connectors/parse/uri.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define MAIL_BYTES (1u << 20) /* what is read of a mail */
#define REPLY_BYTES (8u << 20)
#define MAILS_MAX 500
#define DAYS_MAX 3650
#define DAY_MS INT64_C(86400000)
#define FIRST_REPLIES_MAX 100 /* of the first poll; the host follows 150 */
#define SAID_MAX 200          /* of what the server says */
#define ARENA_MAX (64u << 20)

struct mailbox {
	const char *url, *user; /* borrowed settings */
	struct hark_auth auth;
	struct hark_pair headers[3];
	char mails[24], bytes[24], since[16];
	int64_t days;
	char *cursor; /* owned; of the poll under way, NULL: it is the first */
	unsigned replies;
};

static const struct hark_setting settings[] = {
	{.name = "mailbox",
		.about =
			"imaps://HOST/FOLDER; with imap: in place of imaps: TLS begins by STARTTLS",
		.required = 1,
		.example = "imaps://mail.example.com/Alerts"},
	{.name = "user",
		.about = "name to log in with",
		.required = 1,
		.example = "hark@example.org"},
	{.name = "login",
		.about = "password, or xoauth2 with the secret token",
		.otherwise = "password"},
	{.name = "mails",
		.about = "mails read at a time; more follow in the same poll",
		.otherwise = "50",
		.type = HARK_SETTING_NUMBER},
	{.name = "days",
		.about = "how far back the first poll looks",
		.otherwise = "30",
		.type = HARK_SETTING_NUMBER},
	{.name = NULL},
};

static const struct hark_setting secrets[] = {
	{.name = "password", .about = "for the mailbox"},
	{.name = "token", .about = "OAuth 2 access token, with login: xoauth2"},
	{.name = NULL},
};

/* --- settings --- */

static int set_count(
	struct hark_host *host, const struct hark_pair *pair, int64_t max, int64_t *out)
{
	return str_i64(str_c(pair->value), out) && *out >= 1 && *out <= max
		       ? 0
		       : host->fail(host, "%s: '%s' is no number from 1 to %lld", pair->name,
				 pair->value, (long long)max);
}

static int set_login(struct hark_host *host, struct mailbox *m, const char *value)
{
	bool by_token = strcmp(value, "xoauth2") == 0;
	m->auth.kind = by_token ? HARK_AUTH_BEARER : HARK_AUTH_BASIC;
	m->auth.secret = by_token ? "token" : "password";
	return by_token || strcmp(value, "password") == 0
		       ? 0
		       : host->fail(host, "login: '%s' is neither password nor xoauth2", value);
}

static bool is_of(char c, const char *more)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c != '\0' && strchr(more, c) != NULL);
}

/* Between "//" and the next '/': "mail.example.com:993", "[2001:db8::7]". What is wrong, or NULL. */
static const char *host_problem(struct str s)
{
	bool is_v6 = s.n > 0 && s.p[0] == '[';
	size_t end = is_v6 ? str_find(s, STR("]")) : 0;
	if (end == SIZE_MAX) {
		return "its host has no ']'";
	}
	size_t i = is_v6 ? 1 : 0, first = i;
	while (i < s.n && is_of(s.p[i], is_v6 ? ":." : "-._") && (!is_v6 || i < end)) {
		i++;
	}
	bool is_empty = i == first || (!is_v6 && (s.p[0] == '.' || s.p[0] == '-'));
	i += is_v6 && i == end;
	if (is_empty || (i < s.n && s.p[i] != ':')) {
		return "no host can be called so";
	}
	int64_t port = 0;
	bool has_port = i < s.n;
	if (has_port &&
		(!str_i64(str_n(s.p + i + 1, s.n - i - 1), &port) || port < 1 || port > 65535)) {
		return "its port is none, which is a number from 1 to 65535";
	}
	return NULL;
}

/* Behind the '/': as in an address, where what is special stands as %20 and the like. */
static const char *folder_problem(struct str s)
{
	size_t left = 0; /* of a %20 */
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool is_hex = (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'f');
		if (left > 0 && !is_hex) {
			break;
		}
		left = left > 0 ? left - 1 : c == '%' ? 2 : 0;
		if (c <= ' ' || c == 0x7f) {
			return "a space in its folder is written %20";
		}
		if (c == '?' || c == '#') {
			return "a '?' in its folder is written %3F, a '#' %23";
		}
	}
	return left > 0                              ? "a '%' in its folder is written %25"
	       : str_find(s, STR("%00")) != SIZE_MAX ? "no folder can be called so"
						     : NULL;
}

static int set_mailbox(struct hark_host *host, struct mailbox *m, const char *value)
{
	struct str url = str_c(value);
	bool is_mail = str_starts(url, STR("imaps://")) || str_starts(url, STR("imap://"));
	const char *host_at = is_mail ? strstr(value, "://") + 3 : NULL;
	const char *slash = host_at != NULL ? strchr(host_at, '/') : NULL;
	const char *at = strchr(value, '@');
	if (at != NULL && (slash == NULL || at < slash)) {
		return host->fail(
			host, "mailbox: the name to log in with stands in user, not here");
	}
	if (slash == NULL || slash[1] == '\0' || slash == host_at || url.n > URI_MAX) {
		return host->fail(host,
			"mailbox: '%.100s' is none: write imaps://HOST/FOLDER, as "
			"imaps://mail.example.com/Alerts",
			value);
	}
	const char *why = host_problem(str_n(host_at, (size_t)(slash - host_at)));
	why = why == NULL ? folder_problem(str_c(slash + 1)) : why;
	if (why != NULL) {
		return host->fail(host, "mailbox: '%.100s': %s", value, why);
	}
	m->url = value;
	return 0;
}

static int set(struct hark_host *host, struct mailbox *m, const struct hark_pair *pair)
{
	int64_t mails;
	if (strcmp(pair->name, "user") == 0) {
		m->user = pair->value;
		return pair->value[0] != '\0' ? 0 : host->fail(host, "user: it is empty");
	}
	if (strcmp(pair->name, "mails") == 0) {
		int rc = set_count(host, pair, MAILS_MAX, &mails);
		snprintf(m->mails, sizeof(m->mails), "%lld", rc == 0 ? (long long)mails : 0);
		return rc;
	}
	return strcmp(pair->name, "mailbox") == 0 ? set_mailbox(host, m, pair->value)
	       : strcmp(pair->name, "login") == 0 ? set_login(host, m, pair->value)
	       : strcmp(pair->name, "days") == 0
		       ? set_count(host, pair, DAYS_MAX, &m->days)
		       : host->fail(host,
				 "there is no setting '%s': mailbox, user, "
				 "login, mails, days",
				 pair->name);
}

static void imap_close(void *ctx)
{
	struct mailbox *m = ctx;
	free(m->cursor);
	free(m);
}

static int imap_open(
	struct hark_host *host, const struct hark_pair *pairs, size_t count, void **ctx)
{
	struct mailbox *m = calloc(1, sizeof(*m));
	if (m == NULL) {
		return host->fail(host, "no memory");
	}
	m->auth = (struct hark_auth){.kind = HARK_AUTH_BASIC, .secret = "password"};
	m->days = 30;
	snprintf(m->mails, sizeof(m->mails), "50");
	snprintf(m->bytes, sizeof(m->bytes), "%u", MAIL_BYTES);
	int rc = 0;
	for (size_t i = 0; i < count && rc == 0; i++) {
		rc = set(host, m, &pairs[i]);
	}
	if (rc == 0 && (m->url == NULL || m->user == NULL)) {
		rc = host->fail(host, "it needs an address and a name: mailbox, user");
	}
	if (rc != 0) {
		imap_close(m);
		return rc;
	}
	m->auth.name = m->user;
	*ctx = m;
	return 0;
}

/* --- requests --- */

/* "1-Feb-2026", as IMAP has it. */
static void write_day(int64_t ms, char out[16])
{
	static const char *const months[] = {
		"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t s = ms > 0 ? (time_t)(ms / 1000) : 0;
	struct tm tm = {0};
	gmtime_r(&s, &tm);
	snprintf(out, 16, "%02d-%s-%04d", tm.tm_mday % 32, months[tm.tm_mon % 12],
		(tm.tm_year + 1900) % 10000);
}

/* `place`: NULL at first; borrowed, as `tag` is. */
static void ask(struct mailbox *m, const char *place, const char *tag, struct hark_request *request)
{
	m->headers[0] = (struct hark_pair){"Since", m->since};
	m->headers[1] = (struct hark_pair){"Mails", m->mails};
	m->headers[2] = (struct hark_pair){"Bytes", m->bytes};
	*request = (struct hark_request){.transport = HARK_TRANSPORT_IMAP,
		.url = m->url,
		.headers = m->headers,
		.headers_count = 3,
		.body = place,
		.body_bytes = place != NULL ? strlen(place) : 0,
		.auth = &m->auth,
		.body_max = REPLY_BYTES,
		.whole = 1,
		.tag = tag,
		.more = HARK_MORE_ALWAYS};
}

static int imap_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	struct mailbox *m = ctx;
	char *copy = cursor != NULL ? strdup(cursor) : NULL;
	if (cursor != NULL && copy == NULL) {
		return host->fail(host, "no memory for the cursor");
	}
	free(m->cursor);
	m->cursor = copy;
	write_day(host->now_ms - m->days * DAY_MS, m->since);
	ask(m, copy, NULL, request);
	return 0;
}

/* --- mails --- */

/* Without NULs, which would end it. */
static const char *text_of(struct arena *arena, struct str s)
{
	char *text = s.n > 0 ? arena_c(arena, s) : NULL;
	size_t n = 0;
	for (size_t i = 0; text != NULL && i < s.n; i++) {
		if (text[i] != '\0') {
			text[n++] = text[i];
		}
	}
	if (text != NULL) {
		text[n] = '\0';
	}
	return n > 0 ? text : NULL;
}

/* When it was sent; a date that cannot be, for when the server got it. */
static int64_t published(struct hark_host *host, const struct mail *mail, const char *received)
{
	int64_t ms;
	if (mail->sent_ms > 0 && mail->sent_ms <= host->now_ms + DAY_MS) {
		return mail->sent_ms;
	}
	return date_parse_sane(str_c(received), host->now_ms, &ms) ? ms : HARK_TIME_NONE;
}

static int emit_mail(
	struct hark_host *host, const struct mail *mail, int64_t when, struct arena *arena)
{
	const char **links = arena_alloc(arena, (mail->links.n + 1) * sizeof(*links));
	struct hark_post post;
	hark_post_init(&post);
	for (size_t i = 0; links != NULL && i < mail->links.n; i++) {
		links[i] = arena_c(arena, alert_mail_unwrap(mail->links.v[i], arena));
	}
	post.external_id = text_of(arena, mail->id);
	post.url = text_of(arena, mail->archived_at);
	post.author.handle = text_of(arena, mail->from_address);
	post.author.display_name = text_of(arena, mail->from_name);
	post.type = mail->in_reply_to.n > 0 ? HARK_REPLY : HARK_POST;
	post.published = when;
	post.title = text_of(arena, mail->subject);
	post.text = text_of(arena, mail->text);
	post.in_reply_to = text_of(arena, mail->in_reply_to);
	post.thread = text_of(arena, mail->thread);
	post.links = links;
	post.links_count = links != NULL ? mail->links.n : 0;
	post.is_private = 1;
	return arena->rc == HARK_OK ? host->emit_post(host, &post)
				    : host->fail(host, "no memory for a mail");
}

/* The same page in two alerts is one post: it is known by its address. */
static int emit_item(
	struct hark_host *host, const struct alert_item *item, int64_t when, struct arena *arena)
{
	struct hark_post post;
	hark_post_init(&post);
	post.url = text_of(arena, item->url);
	post.published = when;
	post.title = text_of(arena, item->title);
	post.text = text_of(arena, item->text);
	post.is_private = 1;
	return arena->rc == HARK_OK ? host->emit_post(host, &post)
				    : host->fail(host, "no memory for a mail");
}

static int emit(
	struct hark_host *host, const struct mail *mail, const char *received, struct arena *arena)
{
	struct alert_item items[ALERT_ITEMS_MAX];
	int64_t when = published(host, mail, received);
	size_t n = alert_mail_items(mail, arena, items);
	if (n == 0) {
		return emit_mail(host, mail, when, arena);
	}
	int rc = arena->rc == HARK_OK ? 0 : host->fail(host, "no memory for a mail");
	for (size_t i = 0; i < n && rc == 0; i++) {
		rc = emit_item(host, &items[i], when, arena);
	}
	return rc;
}

struct listed {
	char uid[24]; /* "": it is a file */
	size_t at, bytes, size;
	const char *received;
};

/* A mail that is no mail is left out; where there is no other, nothing could be read. */
static int read_mail(struct hark_host *host, const struct listed *l, struct str bytes)
{
	struct arena arena;
	struct mail mail;
	struct hark_err err = {0};
	bool is_file = l->uid[0] == '\0';
	arena_init(&arena, ARENA_MAX);
	int rc = mail_read(&mail, bytes, &arena, &err);
	host->item++;
	if (rc == HARK_OK) {
		rc = emit(host, &mail, l->received, &arena);
	} else if (is_file) {
		rc = host->fail(host, "%s", err.text);
	} else {
		host->skipped(host, "%s", err.text);
		rc = 0;
	}
	if (rc == 0 && mail.damage != NULL && l->size <= l->bytes) {
		host->degraded(host, 0, 0, "%s%s%s%s", is_file ? "" : "mail ", l->uid,
			is_file ? "" : ": ", mail.damage);
	}
	arena_release(&arena);
	return rc;
}

/* "103 0 1180 1180 01-Sep-2026 12:02:03 +0200" */
static int read_listed(struct hark_host *host, const struct hark_reply *reply, const char *value)
{
	struct listed l = {.received = ""};
	int end = 0;
	if (sscanf(value, "%23s %zu %zu %zu %n", l.uid, &l.at, &l.bytes, &l.size, &end) < 4 ||
		l.at > reply->body_bytes || l.bytes > reply->body_bytes - l.at) {
		return host->fail(host, "the mailbox's answer is not what it says");
	}
	l.received = value + end;
	return read_mail(host, &l, str_n(reply->body + l.at, l.bytes));
}

/* --- replies --- */

static const char *header_of(const struct hark_reply *reply, const char *name)
{
	for (size_t i = 0; i < reply->headers_count; i++) {
		if (strcmp(reply->headers[i].name, name) == 0) {
			return reply->headers[i].value;
		}
	}
	return NULL;
}

/* A token is renewed by somebody else, perhaps in a minute: that is no matter for an admin, who is asked once a
 * day. */
static int refuse(struct hark_host *host, const struct mailbox *m, const struct hark_reply *reply)
{
	int n = reply->body_bytes < SAID_MAX ? (int)reply->body_bytes : SAID_MAX;
	switch (reply->status) {
	case 401:
		if (m->auth.kind == HARK_AUTH_BEARER) {
			return host->fail(host,
				"the mailbox refuses the token, which is read anew at the next poll: "
				"check user and what renews it (%.*s)",
				n, reply->body);
		}
		return host->refuse(host, HARK_REFUSED_AUTH, 0,
			"the mailbox refuses the log-in: check user and secret (%.*s)", n,
			reply->body);
	case 404:
		return host->fail(host, "the mailbox has no such folder: check mailbox (%.*s)", n,
			reply->body);
	default:
		return host->fail(host, "the mailbox is not to be had now (%.*s)", n, reply->body);
	}
}

/* Whether both are of one state of the folder: "UIDVALIDITY UID". */
static bool same_validity(const char *a, const char *b)
{
	size_t n = strcspn(a, " ");
	return strncmp(a, b, n) == 0 && b[n] == ' ';
}

static void tell(struct hark_host *host, const struct mailbox *m, const struct hark_reply *reply,
	const char *place)
{
	const char *lost = header_of(reply, "Lost");
	if (lost != NULL) {
		host->degraded(host, 0, 0, "a mail could not be had, UID %s", lost);
	}
	if (m->cursor != NULL && m->replies == 1 && !same_validity(m->cursor, place)) {
		host->degraded(host, 0, 0,
			"the folder was made anew (its UIDVALIDITY has changed): read again from "
			"%lld days back",
			(long long)m->days);
	}
}

/* Asks for what is left, and notes how far it is read. */
static int go_on(struct hark_host *host, struct mailbox *m, const struct hark_reply *reply,
	const char *place)
{
	const char *left = header_of(reply, "Left"), *end = header_of(reply, "End");
	struct hark_request more;
	int rc = 0;
	if (left == NULL || strcmp(left, "0") == 0) {
		return host->set_cursor(host, place);
	}
	if (m->cursor == NULL && m->replies >= FIRST_REPLIES_MAX && end != NULL) {
		/* What follows in a later poll would be taken for news. */
		host->degraded(host, 0, 0,
			"the folder is large: the first poll leaves out %s mails", left);
		return host->set_cursor(host, end);
	}
	ask(m, place, "more", &more);
	rc = host->request_more(host, &more);
	return rc == 0 ? host->set_cursor(host, place) : rc;
}

static int imap_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	struct mailbox *m = ctx;
	const char *place = header_of(reply, "Place");
	int rc = 0;
	host->item = -1;
	if (reply->status != 200) {
		return refuse(host, m, reply);
	}
	if (place == NULL) {
		const struct listed file = {.received = "", .bytes = reply->body_bytes};
		return read_mail(host, &file, str_n(reply->body, reply->body_bytes));
	}
	m->replies = reply->tag == NULL ? 1 : m->replies + 1;
	for (size_t i = 0; i < reply->headers_count && rc == 0; i++) {
		if (strcmp(reply->headers[i].name, "Mail") == 0) {
			rc = read_listed(host, reply, reply->headers[i].value);
		}
	}
	if (rc == 0) {
		tell(host, m, reply, place);
		rc = go_on(host, m, reply, place);
	}
	return rc;
}

static const struct hark_sample samples[] = {
	{.sample = "samples/imap-newsletter.eml", .expect = "samples/imap-newsletter.jsonl"},
	{.sample = "samples/imap-alert.eml", .expect = "samples/imap-alert.jsonl"},
	{.sample = NULL},
};

HARK_CONNECTOR(imap) = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "imap",
	.about = "A mailbox of alert mails and newsletters (private)",
	.settings = settings,
	.secrets = secrets,
	.terms = "your own mailbox: what people write to it is never quoted outside",
	.every_s = 300,
	.every_min_s = 60,
	.judges_status = 1,
	.samples = samples,
	.open = imap_open,
	.plan = imap_plan,
	.parse = imap_parse,
	.close = imap_close,
};
