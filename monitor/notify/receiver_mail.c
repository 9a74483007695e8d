/* Runs on the calling thread. */
#include "monitor/notify/receiver.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/fetch/smtp.h"
#include "monitor/notify/mail.h"

#include <stdio.h>

#define TIMEOUT_MS 20000
#define PASSWORD_MAX 4096
#define LINK_MAX 4096

static void judge(struct delivery *d, const struct smtp_reply *reply)
{
	d->took_ms = reply->took_ms;
	snprintf(d->answer, sizeof(d->answer), "%s", reply->said);
	if (reply->rc == HARK_OK) {
		delivery_sent(d, reply->status);
		return;
	}
	delivery_failed(d, reply->status, "%s", reply->error);
	if (reply->rc == HARK_EPIPE) {
		d->outcome = DELIVERY_NOT_TRIED;
	}
}

static void send_mail(struct delivery *d, const struct mail *mail, const char *password)
{
	const struct conf_receiver *r = d->receiver;
	struct smtp_reply reply;
	const struct smtp_mail request = {
		.server = r->server,
		.user = r->user,
		.password = password,
		.from = r->from,
		.to = r->to,
		.headers = mail->headers,
		.text = buf_c(&mail->text),
		.html = buf_c(&mail->html),
		.internal = r->internal,
		.timeout_ms = r->timeout_ms > 0 ? r->timeout_ms : TIMEOUT_MS,
		.abandon = d->abandon,
	};
	smtp_send(&request, &reply);
	judge(d, &reply);
}

/* Absent where hark cannot be reached. */
static const char *leave_link(const struct delivery *d, struct buf *link)
{
	struct str base = str_c(d->conf->http_public_url);
	if (str_empty(base) || d->leave[0] == '\0') {
		return NULL;
	}
	while (base.n > 0 && base.p[base.n - 1] == '/') {
		base.n--;
	}
	buf_add_str(link, base);
	buf_printf(link, "/unsubscribe/%s.%s", d->receiver->name, d->leave);
	return link->rc == HARK_OK ? buf_c(link) : NULL;
}

void receiver_mail(struct delivery *d)
{
	const struct conf_receiver *r = d->receiver;
	struct buf link;
	buf_init(&link, LINK_MAX);
	const struct mail_frame frame = {
		.from = r->from,
		.to = r->to,
		.receiver = r->name,
		.delivery_id = d->delivery_id.p,
		.leave = leave_link(d, &link),
		.now_ms = clock_wall_ms(),
	};
	struct hark_err err = {0};
	struct message m;
	struct mail mail = {0};
	struct buf password;
	buf_init(&password, PASSWORD_MAX);
	int rc = message_read(&m, d->payload, MESSAGE_QUOTE_BYTES, delivery_zone(d), &err);
	if (rc == HARK_OK && r->password.from != SECRET_NONE) {
		rc = conf_secret(&r->password, d->conf->base_dir, &password, &err);
	}
	if (rc == HARK_OK) {
		rc = mail_write(&mail, &m, &frame);
		if (rc != HARK_OK) {
			hark_err_set(&err, rc, "no memory for the mail");
		}
	}
	if (rc == HARK_OK) {
		send_mail(d, &mail, buf_c(&password));
	} else {
		delivery_failed(d, 0, "%s", err.text);
	}
	mail_release(&mail);
	message_release(&m);
	buf_release(&link);
	crypto_wipe_buf(&password);
}
