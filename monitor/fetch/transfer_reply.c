#include "monitor/fetch/transfer_parts.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/headers.h"
#include "monitor/fetch/url.h"

#include <stdlib.h>

#define HEADER_KEEP_MAX 4096      /* a longer validator is not worth echoing */
#define REDIRECT_BODY_MAX 65536   /* read to keep the connection, not more */
#define BOMB_FROM_BYTES (1 << 20) /* decoded bytes before the ratio counts */

void fetch_reply_free(struct fetch_reply *reply)
{
	if (reply == NULL) {
		return;
	}
	buf_release(&reply->body);
	buf_release(&reply->headers);
	buf_release(&reply->links);
	free(reply->url);
	free(reply->moved_to);
	free(reply->etag);
	free(reply->last_modified);
	free(reply->content_type);
	free(reply);
}

bool transfer_will_follow(const struct transfer *t)
{
	switch (t->status) {
	case 301:
	case 302:
	case 303:
	case 307:
	case 308:
		return t->location != NULL && t->redirects_max > 0;
	default:
		return false;
	}
}

/* What comes while libcurl is told to pause is kept by it. */
static void hand_out(struct transfer *t, struct str bytes)
{
	if (!t->closed && !t->stream->take(t->reply->user, bytes) && !t->paused) {
		t->paused = true;
		curl_easy_pause(t->slot->easy, CURLPAUSE_RECV);
	}
}

/* The next piece of the body, unpacked. */
static bool take_piece(void *transfer, struct str piece)
{
	struct transfer *t = transfer;
	t->body_bytes += piece.n;
	if (t->body_bytes > BOMB_FROM_BYTES && t->body_bytes / BOMB_RATIO > t->wire_bytes) {
		t->end = TRANSFER_BOMB;
		return false;
	}
	if (t->opened) {
		hand_out(t, piece);
		return true;
	}
	int rc = buf_add(&t->reply->body, piece.p, piece.n);
	if (rc != HARK_OK) {
		t->end = rc == HARK_ELIMIT ? TRANSFER_TOO_LARGE : TRANSFER_NO_MEMORY;
	}
	return rc == HARK_OK;
}

size_t transfer_on_body(char *bytes, size_t one, size_t n, void *user)
{
	struct transfer *t = user;
	(void)one;
	t->in_body = true;
	t->wire_bytes += n;
	t->heard_ms = clock_steady_ms();
	if (transfer_will_follow(t)) {
		if (t->wire_bytes > REDIRECT_BODY_MAX) {
			t->end = TRANSFER_REDIRECT_READ;
			return 0;
		}
		return n;
	}
	if (t->is_unasked) {
		t->end = TRANSFER_UNASKED;
		return 0;
	}
	if (t->unpack == NULL) {
		return take_piece(t, str_n(bytes, n)) ? n : 0;
	}
	int rc = unpack_feed(t->unpack, str_n(bytes, n), take_piece, t);
	if (rc != HARK_OK && rc != HARK_ELIMIT) {
		t->end = rc == HARK_ENOMEM ? TRANSFER_NO_MEMORY : TRANSFER_MISPACKED;
	}
	return rc == HARK_OK ? n : 0;
}

void transfer_forget_head(struct transfer *t)
{
	struct fetch_reply *r = t->reply;
	free(r->etag);
	free(r->last_modified);
	free(r->content_type);
	r->etag = r->last_modified = r->content_type = NULL;
	r->retry_after_ms = r->max_age_ms = 0;
	buf_clear(&r->headers);
	buf_clear(&r->links);
	r->headers_n = 0;
	free(t->location);
	t->location = NULL;
	unpack_free(t->unpack);
	t->unpack = NULL;
	t->has_head = t->is_unasked = false;
	t->status = 0;
}

static bool take_encoding(struct transfer *t, struct str value)
{
	unpack_free(t->unpack);
	int rc = unpack_new(&t->unpack, value);
	t->is_unasked = rc == HARK_EINVAL;
	return rc != HARK_ENOMEM;
}

/* "HTTP/1.1 304 Not Modified", "HTTP/1.1 200 "; with as many spaces and as little behind it as libcurl takes. 0: it is
 * no status line. */
static int status_of(struct str line)
{
	struct str version;
	int64_t status = 0;
	if (!str_starts(line, STR("HTTP/")) || !str_split(&line, ' ', &version)) {
		return 0;
	}
	line = str_trim(line);
	return line.n >= 3 && str_i64(str_n(line.p, 3), &status) && status > 0 ? (int)status : 0;
}

/* Not one of spaces, which goes on with the header before it. */
static bool is_head_end(struct str line)
{
	return line.n > 0 && (line.p[0] == '\r' || line.p[0] == '\n');
}

static bool keep(char **out, struct str value, size_t max)
{
	if (value.n == 0 || value.n > max || memchr(value.p, '\0', value.n) != NULL) {
		return true;
	}
	free(*out);
	*out = strndup(value.p, value.n);
	return *out != NULL;
}

/* With a NUL behind each; one that holds a NUL itself is none. */
static bool keep_header(struct fetch_reply *r, struct str name, struct str value)
{
	if (memchr(name.p, '\0', name.n) != NULL ||
		(value.n > 0 && memchr(value.p, '\0', value.n) != NULL)) {
		return true;
	}
	buf_add_str(&r->headers, name);
	buf_add_char(&r->headers, '\0');
	buf_add_str(&r->headers, value);
	if (buf_add_char(&r->headers, '\0') != HARK_OK) {
		return false;
	}
	r->headers_n++;
	return true;
}

/* Whole values only: half a link would lead elsewhere. */
static bool keep_links(struct fetch_reply *r, struct str value)
{
	if (r->links.n + value.n + 2 > LINKS_MAX) {
		return true;
	}
	if (r->links.n > 0) {
		buf_add_char(&r->links, ',');
	}
	return buf_add_str(&r->links, value) == HARK_OK;
}

static bool take_header(struct transfer *t, struct str name, struct str value)
{
	struct fetch_reply *r = t->reply;
	if (str_eq_nocase(name, STR("ETag"))) {
		return keep(&r->etag, value, HEADER_KEEP_MAX);
	}
	if (str_eq_nocase(name, STR("Last-Modified"))) {
		return keep(&r->last_modified, value, HEADER_KEEP_MAX);
	}
	if (str_eq_nocase(name, STR("Content-Type"))) {
		return keep(&r->content_type, value, HEADER_KEEP_MAX);
	}
	if (str_eq_nocase(name, STR("Content-Encoding"))) {
		return take_encoding(t, value);
	}
	if (str_eq_nocase(name, STR("Link"))) {
		return keep_links(r, value);
	}
	if (str_eq_nocase(name, STR("Retry-After"))) {
		r->retry_after_ms = header_retry_after_ms(value, clock_wall_ms());
	} else if (str_eq_nocase(name, STR("Cache-Control"))) {
		int64_t ms = header_max_age_ms(value);
		r->max_age_ms = ms > r->max_age_ms ? ms : r->max_age_ms;
	} else if (str_eq_nocase(name, STR("Location"))) {
		return keep(&t->location, value, URL_MAX);
	}
	return true;
}

/* The empty line behind the head of a stream that is one. */
static void note_opened(struct transfer *t, struct str line)
{
	if (is_head_end(line) && t->stream != NULL && !t->opened && t->status >= 200 &&
		t->status < 300) {
		t->opened = true;
		if (!t->closed) {
			t->stream->opened(t->reply->user);
		}
	}
}

bool transfer_head(struct transfer *t, struct str line)
{
	struct str name, value;
	t->header_bytes += line.n;
	t->header_lines++;
	t->heard_ms = clock_steady_ms();
	if (t->header_bytes > HEADER_BYTES_MAX || t->header_lines > HEADER_LINES_MAX) {
		t->end = TRANSFER_HEADERS;
		return false;
	}
	int status = status_of(line);
	if (t->in_body || (t->has_head && status == 0)) {
		return true; /* a trailer changes nothing */
	}
	if (status != 0) {
		transfer_forget_head(t);
		t->status = status;
	} else if (is_head_end(line)) {
		t->has_head = true;
	} else if (header_split(line, &name, &value) &&
		   (!take_header(t, name, value) ||
			   (t->keep_headers && !keep_header(t->reply, name, value)))) {
		t->end = TRANSFER_NO_MEMORY;
		return false;
	}
	return true;
}

/* A letter case that no word has is Base64: a capital or digit behind a small letter. */
static bool may_be_base64(struct str word)
{
	bool small = false, mixed = false;
	for (size_t i = 0; i < word.n; i++) {
		char c = word.p[i];
		mixed |= small && ((c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'));
		small = c >= 'a' && c <= 'z';
	}
	return mixed && word.n >= 8;
}

/* Servers quote the command they do not like: whether the words hold a secret, or may. */
static bool repeats_secret(const struct fetch_mailbox *m, struct str said)
{
	const char *const secrets[] = {m->password, m->token};
	for (size_t i = 0; i < 2; i++) {
		struct str secret = str_c(secrets[i]);
		if (secret.n > 0 && str_find(said, secret) != SIZE_MAX) {
			return true;
		}
	}
	struct str word;
	while (str_split(&said, ' ', &word)) {
		if (may_be_base64(word)) {
			return true;
		}
	}
	return false;
}

/* What a mailbox says to libcurl: "A002 NO [AUTHENTICATIONFAILED] wrong password", of which the end is kept. */
static void note_said(struct transfer *t, struct str line)
{
	struct str tag, result;
	if (!str_split(&line, ' ', &tag) || !str_split(&line, ' ', &result) || line.p == NULL) {
		return;
	}
	if (!str_eq_nocase(result, STR("NO")) && !str_eq_nocase(result, STR("BAD"))) {
		return;
	}
	struct str text = str_cut_utf8(str_trim(line), sizeof(t->said) - 1);
	if (repeats_secret(t->mailbox, text)) {
		text = STR("it repeats what was sent to log in, which is not shown");
	}
	memcpy(t->said, text.p, text.n);
	t->said[text.n] = '\0';
}

size_t transfer_on_header(char *bytes, size_t one, size_t n, void *user)
{
	struct transfer *t = user;
	struct str line = str_n(bytes, n);
	(void)one;
	if (t->mailbox != NULL) {
		bool is_greeting = t->header_lines++ == 0;
		t->heard_ms = clock_steady_ms();
		t->end = is_greeting && !str_starts(line, STR("* ")) ? TRANSFER_NO_IMAP : t->end;
		note_said(t, line);
		return t->end == TRANSFER_NO_IMAP ? 0 : n;
	}
	if (!transfer_head(t, line)) {
		return 0;
	}
	note_opened(t, line);
	return n;
}
