#include "monitor/notify/try.h"

#include "monitor/base/clock.h"
#include "monitor/base/crypto.h"
#include "monitor/base/jsonout.h"

#include <stdio.h>

#define ID_BYTES 12
#define ID_MAX 40
#define ID_START "msg_test_"

static void write_alert(struct buf *out, const char *receiver, const char *why, int64_t now_ms)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "type", "hark.test");
	jsonout_key_time(&j, "timestamp", now_ms);
	jsonout_key(&j, "data");
	jsonout_object(&j);
	jsonout_key_bool(&j, "test", true);
	jsonout_key_c(&j, "kind", "test");
	jsonout_key_c(&j, "title", "Test alert, not a lead");
	jsonout_key(&j, "subject");
	jsonout_object(&j);
	jsonout_key_c(&j, "name", "Test alert, not a lead");
	jsonout_end_object(&j);
	jsonout_key_c(&j, "why", why);
	jsonout_key_c(&j, "receiver", receiver);
	jsonout_key_i64(&j, "score", 0);
	jsonout_key(&j, "evidence");
	jsonout_array(&j);
	jsonout_end_array(&j);
	jsonout_end_object(&j);
	jsonout_end_object(&j);
}

static void make_id(char out[ID_MAX])
{
	unsigned char bytes[ID_BYTES];
	size_t at = strlen(ID_START);
	crypto_random(bytes, sizeof(bytes));
	snprintf(out, ID_MAX, ID_START);
	for (size_t i = 0; i < sizeof(bytes); i++, at += 2) {
		snprintf(out + at, ID_MAX - at, "%02x", bytes[i]);
	}
}

struct delivery *try_delivery(
	struct conf *conf, const struct conf_receiver *receiver, const char *why, int64_t now_ms)
{
	char id[ID_MAX];
	struct buf payload;
	buf_init(&payload, 4096);
	write_alert(&payload, receiver->name, why, now_ms);
	make_id(id);
	const struct outbox_row row = {.delivery_id = str_c(id),
		.kind = STR("hark.test"),
		.attempt = 1,
		.payload = buf_str(&payload)};
	struct delivery *d = payload.rc == HARK_OK ? delivery_new(conf, receiver, &row) : NULL;
	buf_release(&payload);
	return d;
}

struct fetch *try_fetch(const struct conf *conf, struct hark_err *err)
{
	char agent[CONF_AGENT_MAX];
	conf_user_agent(conf, agent);
	return fetch_new(&(struct fetch_options){.user_agent = agent,
				 .connect_timeout_ms = conf->http_connect_timeout_ms},
		err);
}

static bool post(struct delivery *d, struct fetch *fetch, int64_t now_ms)
{
	struct webhook w;
	struct hark_err err = {0};
	struct fetch_reply *reply = NULL;
	bool ready = webhook_init(&w, d, now_ms);
	if (ready) {
		reply = fetch_once(fetch, &w.request, &err);
	}
	if (reply != NULL) {
		webhook_judge(d, reply);
	} else if (ready) {
		delivery_failed(d, 0, "%s", err.text);
	}
	bool answered =
		!ready || (reply != NULL && (reply->rc != HARK_ENET || reply->cut_status > 0));
	webhook_release(&w);
	fetch_reply_free(reply);
	return answered;
}

bool try_send(struct delivery *d, struct fetch *fetch, int64_t now_ms)
{
	int64_t began_ms = clock_steady_ms();
	bool answered = true;
	switch (d->receiver->type) {
	case RECEIVER_STDOUT:
		receiver_stdout(d, false);
		break;
	case RECEIVER_FILE:
		receiver_file(d);
		break;
	case RECEIVER_EXEC:
		receiver_exec(d);
		break;
	case RECEIVER_MAIL:
		receiver_mail(d);
		break;
	default:
		answered = post(d, fetch, now_ms);
		break;
	}
	d->took_ms = clock_steady_ms() - began_ms;
	return answered;
}
