#include "monitor/notify/receiver.h"

#include "monitor/config/values.h"
#include "monitor/notify/chat.h"

/* Whoever reads the sentence must not learn the address. */
static bool take_address(struct webhook *w, struct delivery *d)
{
	const struct conf_receiver *r = d->receiver;
	struct hark_err err = {0};
	int rc = conf_secret(&r->address, d->conf->base_dir, &w->address, &err);
	struct str url = buf_str(&w->address);
	if (rc == HARK_OK) {
		rc = value_url(url, &err);
		hark_err_wrap(&err, "what stands in %.100s as the chat's address", r->address.name);
	}
	if (rc == HARK_OK && !r->internal && !str_starts_nocase(url, STR("https://"))) {
		rc = hark_err_set(&err, HARK_EINVAL,
			"the chat's address begins with http://: only https:// keeps it secret");
	}
	if (rc != HARK_OK) {
		delivery_failed(d, 0, "%s", err.text);
		return false;
	}
	w->request.url = buf_c(&w->address);
	return true;
}

static bool write_body(struct webhook *w, struct delivery *d)
{
	static void (*const write[])(struct buf * out, const struct message *m) = {
		[RECEIVER_SLACK] = chat_slack,
		[RECEIVER_TEAMS] = chat_teams,
		[RECEIVER_DISCORD] = chat_discord,
	};
	struct message m;
	struct hark_err err = {0};
	int rc = message_read(&m, d->payload, MESSAGE_QUOTE_BYTES, delivery_zone(d), &err);
	if (rc == HARK_OK) {
		write[d->receiver->type](&w->body, &m);
		rc = w->body.rc != HARK_OK
			     ? hark_err_set(&err, w->body.rc, "no room for the message")
			     : HARK_OK;
	}
	message_release(&m);
	if (rc != HARK_OK) {
		delivery_failed(d, 0, "%s", err.text);
	}
	w->request.body = buf_str(&w->body);
	return rc == HARK_OK;
}

bool webhook_of_chat(struct webhook *w, struct delivery *d)
{
	return take_address(w, d) && write_body(w, d);
}
