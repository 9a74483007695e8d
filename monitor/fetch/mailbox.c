/* DESIGN: libcurl connects, checks certificates, starts TLS and logs in (CURLOPT_CONNECT_ONLY, which for IMAP ends
 * behind the log-in), and then only moves the bytes of imap.c. As in stream.c the handle keeps a multi handle of
 * its own. */
#include "monitor/base/clock.h"
#include "monitor/fetch/imap.h"
#include "monitor/fetch/imap_folder.h"
#include "monitor/fetch/imap_refusal.h"
#include "monitor/fetch/stream.h"
#include "monitor/fetch/url.h"

#include <stdio.h>
#include <stdlib.h>

#define SILENCE_MS 30000

static bool begin(struct transfer *t, struct hark_err *err)
{
	const struct fetch_mailbox *m = t->mailbox;
	const struct imap_io io = {stream_read, stream_write, t};
	struct buf key, folder;
	buf_init(&key, URL_MAX);
	buf_init(&folder, IMAP_FOLDER_MAX);
	int rc = url_mailbox(&key, &folder, t->url, err);
	if (rc == HARK_OK) {
		const struct imap_ask ask = {.folder = buf_str(&folder),
			.validity = m->validity,
			.after = m->after,
			.since = str_c(m->since),
			.mails = m->mails,
			.mail_max = m->mail_max};
		rc = imap_new(&t->imap, &io, &ask, err);
	}
	buf_release(&key);
	buf_release(&folder);
	return rc == HARK_OK;
}

/* Why there is no log-in, if it is the server that does not want it. */
static bool is_refusal(const struct transfer *t, CURLcode code, int *status)
{
	*status = imap_is_passing(str_c(t->said)) ? 503 : 401;
	return code == CURLE_LOGIN_DENIED && t->said[0] != '\0';
}

static enum stream_state end(struct transfer *t, int rc, const char *sentence)
{
	transfer_fail(t, rc, sentence);
	return STREAM_ENDED;
}

static enum stream_state take_all(struct transfer *t)
{
	struct fetch_reply *r = t->reply;
	r->headers_n = imap_headers(t->imap, &r->headers);
	if (r->headers.rc != HARK_OK) {
		return end(t, HARK_ENOMEM, "no memory for its mails");
	}
	transfer_answer(t, 200, NULL);
	return STREAM_ENDED;
}

enum stream_state mailbox_move(struct transfer *t, int64_t now_ms)
{
	struct hark_err err = {0};
	CURLcode code = CURLE_OK;
	int status;
	t->reply->took_ms = now_ms - t->started_ms;
	if (t->imap == NULL) {
		if (!stream_connected(t, &code)) {
			return STREAM_GOES_ON;
		}
		if (code != CURLE_OK && is_refusal(t, code, &status)) {
			transfer_answer(t, status, t->said);
			return STREAM_ENDED;
		}
		if (code != CURLE_OK) {
			transfer_ended(t, code, now_ms);
			return STREAM_ENDED;
		}
		if (!begin(t, &err)) {
			return end(t, err.code, err.text);
		}
	}
	switch (imap_step(t->imap, &t->reply->body, &err)) {
	case IMAP_WAITS:
		return STREAM_GOES_ON;
	case IMAP_DONE:
		return take_all(t);
	case IMAP_NO_FOLDER:
		transfer_answer(t, 404, err.text);
		return STREAM_ENDED;
	default:
		return end(t, err.code, err.text);
	}
}

bool mailbox_is_dead(struct transfer *t, int64_t now_ms)
{
	char text[100], span[CLOCK_TEXT_MAX];
	int64_t silent_ms = now_ms - t->heard_ms, all_ms = now_ms - t->started_ms;
	if (silent_ms < SILENCE_MS && all_ms < t->timeout_ms) {
		return false;
	}
	if (silent_ms >= SILENCE_MS) {
		snprintf(text, sizeof(text), "nothing was heard of it for %s",
			clock_span(silent_ms, span));
	} else {
		snprintf(text, sizeof(text), "no complete answer within %s",
			clock_span(all_ms, span));
	}
	transfer_fail(t, HARK_ENET, text);
	return true;
}
