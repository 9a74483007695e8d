#include "monitor/fetch/transfer_parts.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/url.h"

#define CLOCKS_APART_MS 100 /* how far curl's clock and this one may be apart */

void transfer_say(struct transfer *t, int rc, const char *fmt, ...)
{
	struct fetch_reply *r = t->reply;
	struct buf shown;
	va_list ap;
	r->rc = rc;
	r->status = 0;
	buf_init(&shown, 160); /* leaves room for the reason */
	/* A peer may write into an address what it got from us, secrets too. */
	url_show(&shown, t->url, t->secret_url || t->hops > 0);
	int n = snprintf(r->error, sizeof(r->error), "%s: ", buf_c(&shown));
	buf_release(&shown);
	va_start(ap, fmt);
	vsnprintf(r->error + n, sizeof(r->error) - (size_t)n, fmt, ap);
	va_end(ap);
}

static void say_refused(struct transfer *t)
{
	transfer_say(t, HARK_EAUTH, "refused: %s is in %s%s", t->refused_address, t->refused,
		t->internal ? ""
			    : "; a source or receiver in your own network needs `internal: yes`");
}

/* For a connection that was kept, libcurl's time stays 0; a log-in and TLS come before on_connected() in
 * transfer_slot.c. */
static bool is_connected(const struct transfer *t)
{
	curl_off_t at_us = 0;
	curl_easy_getinfo(t->slot->easy, CURLINFO_CONNECT_TIME_T, &at_us);
	return t->is_connected || at_us > 0;
}

static void say_timeout(struct transfer *t, int64_t now_ms)
{
	char span[CLOCK_TEXT_MAX];
	clock_span(now_ms - t->hop_started_ms, span);
	if (!is_connected(t)) {
		t->reply->network = true;
		transfer_say(t, HARK_ENET, "no connection within %s", span);
	} else if (t->spent_ms + CLOCKS_APART_MS < t->timeout_ms) {
		transfer_say(t, HARK_ENET, "stalled: fewer than %ld bytes a second for %ld s",
			STALL_BYTES_S, STALL_TIME_S);
	} else {
		transfer_say(t, HARK_ENET, "no complete answer within %s", span);
	}
}

static void say_no_connection(struct transfer *t)
{
	long os_errno = 0;
	if (t->refused != NULL) {
		say_refused(t);
		return;
	}
	curl_easy_getinfo(t->slot->easy, CURLINFO_OS_ERRNO, &os_errno);
	t->reply->network = true;
	transfer_say(t, HARK_ENET, "cannot connect: %s",
		os_errno != 0 ? strerror((int)os_errno) : "no address answers");
}

/* We ended it ourselves. */
bool transfer_say_own_end(struct transfer *t)
{
	switch (t->end) {
	case TRANSFER_TOO_LARGE:
		transfer_say(
			t, HARK_ELIMIT, "the answer is larger than %zu bytes", t->reply->body.max);
		t->reply->status = t->status >= 400 ? t->status : 0;
		return true;
	case TRANSFER_BOMB:
		transfer_say(t, HARK_ELIMIT,
			"the answer unpacks to more than %d times its size: a compression bomb",
			BOMB_RATIO);
		return true;
	case TRANSFER_MISPACKED:
		transfer_say(t, HARK_ENET, "the answer is not compressed the way it says");
		return true;
	case TRANSFER_CUT:
		transfer_say(t, HARK_ENET,
			"the body ends in the middle of its compression, after %zu bytes",
			t->wire_bytes);
		return true;
	case TRANSFER_UNASKED:
		transfer_say(t, HARK_ENET,
			"the answer is compressed in a way that was not asked for (" UNPACK_ACCEPTED
			" was)");
		return true;
	case TRANSFER_HEADERS:
		transfer_say(t, HARK_ELIMIT, "the answer's headers exceed %d bytes or %d lines",
			HEADER_BYTES_MAX, HEADER_LINES_MAX);
		return true;
	case TRANSFER_NO_IMAP:
		transfer_say(t, HARK_ENET, "whoever answers there does not speak IMAP");
		return true;
	case TRANSFER_NO_MEMORY:
		transfer_say(t, HARK_ENOMEM, "no memory for the answer");
		return true;
	default:
		return false;
	}
}

void transfer_say_why(struct transfer *t, CURLcode code, int64_t now_ms)
{
	if (transfer_say_own_end(t)) {
		return;
	}
	switch (code) {
	case CURLE_COULDNT_RESOLVE_HOST:
		t->reply->network = true;
		transfer_say(t, HARK_ENET, "the host's name cannot be resolved");
		break;
	case CURLE_COULDNT_CONNECT:
		say_no_connection(t);
		break;
	case CURLE_ABORTED_BY_CALLBACK:
		t->refused != NULL ? say_refused(t)
				   : transfer_say(t, HARK_ENET, "%s", curl_easy_strerror(code));
		break;
	case CURLE_OPERATION_TIMEDOUT:
		say_timeout(t, now_ms);
		break;
	case CURLE_PARTIAL_FILE:
		transfer_say(
			t, HARK_ENET, "the answer ended early, after %zu bytes", t->wire_bytes);
		break;
	case CURLE_GOT_NOTHING:
		transfer_say(t, HARK_ENET, "the server closed the connection without an answer");
		break;
	case CURLE_OUT_OF_MEMORY:
		transfer_say(t, HARK_ENOMEM,
			t->in_body ? "no memory"
				   : "a header line of more than 100 KB, or no memory");
		break;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CONNECT_ERROR:
		transfer_say(t, HARK_ENET, "TLS: %s",
			t->slot->text[0] != '\0' ? t->slot->text : curl_easy_strerror(code));
		break;
	case CURLE_SSL_CACERT_BADFILE:
		transfer_say(t, HARK_ENET,
			"TLS: the certificates of the authorities cannot be read: install "
			"ca-certificates, or name a readable file in SSL_CERT_FILE");
		break;
	case CURLE_LOGIN_DENIED:
		transfer_say(
			t, HARK_EAUTH, "the server offers no way to log in that is safe and known");
		break;
	case CURLE_USE_SSL_FAILED:
		transfer_say(t, HARK_EAUTH,
			"the server has no TLS: only one of your own, with `internal: "
			"yes`, may be asked without");
		break;
	case CURLE_UNSUPPORTED_PROTOCOL: /* the URL's was looked at before: it is the answer's */
	case CURLE_WEIRD_SERVER_REPLY:
		transfer_say(t, HARK_ENET, "the answer is not %s as it should be",
			t->mailbox != NULL ? "IMAP" : "HTTP");
		break;
	case CURLE_RECV_ERROR:
		transfer_say(t, HARK_ENET, "the answer broke off: %s",
			t->slot->text[0] != '\0' ? t->slot->text : curl_easy_strerror(code));
		break;
	default:
		transfer_say(t, HARK_ENET, "%s", curl_easy_strerror(code));
	}
}
