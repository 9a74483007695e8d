#include "monitor/notify/receiver.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/notify/sign.h"

#include <stdio.h>

#define ANSWER_BYTES_MAX 65536
#define SECRET_MAX 4096
#define TIMEOUT_MS 20000
#define BODY_MAX 65536

static int add_signature(struct webhook *w, const struct delivery *d,
	const struct conf_secret *from, struct hark_err *err)
{
	struct buf secret;
	if (from->from == SECRET_NONE) {
		return HARK_OK;
	}
	buf_init(&secret, SECRET_MAX);
	int rc = conf_secret(from, d->conf->base_dir, &secret, err);
	if (rc == HARK_OK) {
		rc = sign_add(&w->signature, buf_str(&secret), d->delivery_id, str_c(w->timestamp),
			d->payload, err);
	}
	crypto_wipe_buf(&secret);
	return rc;
}

static void add_header(struct webhook *w, const char *name, const char *value)
{
	w->headers[w->request.headers_n++] = (struct fetch_header){name, value};
}

bool receiver_posts(enum receiver_type type)
{
	return type >= RECEIVER_WEBHOOK && type <= RECEIVER_DISCORD;
}

static bool is_chat(const struct delivery *d)
{
	return d->receiver->type != RECEIVER_WEBHOOK;
}

static bool sign(struct webhook *w, struct delivery *d, int64_t now_ms)
{
	const struct conf_receiver *r = d->receiver;
	struct hark_err err = {0};
	snprintf(w->timestamp, sizeof(w->timestamp), "%lld", (long long)(now_ms / 1000));
	if (add_signature(w, d, &r->secret, &err) != HARK_OK ||
		add_signature(w, d, &r->old_secret, &err) != HARK_OK) {
		delivery_failed(d, 0, "%s", err.text);
		return false;
	}
	add_header(w, "webhook-id", d->delivery_id.p);
	add_header(w, "webhook-timestamp", w->timestamp);
	if (w->signature.n > 0) {
		add_header(w, "webhook-signature", buf_c(&w->signature));
	}
	return true;
}

bool webhook_init(struct webhook *w, struct delivery *d, int64_t now_ms)
{
	const struct conf_receiver *r = d->receiver;
	*w = (struct webhook){.request = {.url = r->url,
				      .headers = w->headers,
				      .body = d->payload,
				      .timeout_ms = r->timeout_ms > 0 ? r->timeout_ms : TIMEOUT_MS,
				      .max_bytes = ANSWER_BYTES_MAX,
				      .internal = r->internal,
				      .urgent = true,
				      .secret_url = true}};
	buf_init(&w->signature, 1024);
	buf_init(&w->address, SECRET_MAX);
	buf_init(&w->body, BODY_MAX);
	add_header(w, "Content-Type", "application/json");
	return is_chat(d) ? webhook_of_chat(w, d) : sign(w, d, now_ms);
}

void webhook_release(struct webhook *w)
{
	buf_release(&w->signature);
	crypto_wipe_buf(&w->address);
	buf_release(&w->body);
}

/* " and says: …", or nothing. */
static const char *said(const struct delivery *d)
{
	return d->answer[0] != '\0' ? ", saying: " : "";
}

/* An address of a chat that is not there any more does not come back. */
static bool is_gone(const struct delivery *d, int status)
{
	return status == 410 || (status == 404 && is_chat(d));
}

static void judge_status(struct delivery *d, int status)
{
	const char *what = is_chat(d) ? "chat" : "webhook";
	if (status >= 200 && status < 300) {
		delivery_sent(d, status);
	} else if (is_gone(d, status)) {
		delivery_failed(d, status, "the %s answered %d%s: it wants no more", what, status,
			status == 410 ? " Gone" : " Not Found");
		d->outcome = DELIVERY_GONE;
	} else if (status >= 300 && status < 400) {
		delivery_failed(d, status,
			"the %s answered %d: hark follows no redirects here, configure the new "
			"address",
			what, status);
	} else {
		delivery_failed(
			d, status, "the %s answered %d%s%s", what, status, said(d), d->answer);
	}
}

/* Receivers of a few lines say no more than their status line: they took it, and no header would change that (RFC 9112,
 * section 8). What comes again they would take again. */
static bool is_taken(const struct fetch_reply *reply)
{
	return reply->cut_status >= 200 && reply->cut_status < 300;
}

void webhook_judge(struct delivery *d, const struct fetch_reply *reply)
{
	d->took_ms = reply->took_ms;
	d->retry_after_ms = 0;
	if (reply->rc == HARK_EPIPE) {
		delivery_failed(d, 0, "%s", reply->error);
		d->outcome = DELIVERY_NOT_TRIED;
		return;
	}
	if (reply->rc == HARK_ELIMIT) {
		/* It has answered more than we read: what counts is that it took the message, which
		 * we do not know. */
		delivery_failed(d, 0, "%s", reply->error);
		return;
	}
	if (is_taken(reply)) {
		delivery_sent(d, reply->cut_status);
		return;
	}
	if (reply->rc != HARK_OK) {
		delivery_failed(d, 0, "%s", reply->error);
		return;
	}
	d->retry_after_ms = reply->retry_after_ms;
	delivery_first_line(buf_str(&reply->body), d->answer, sizeof(d->answer));
	judge_status(d, reply->status);
}
