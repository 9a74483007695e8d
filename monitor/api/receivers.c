/* Receivers, as hark notify shows, tries and subscribes them. */
#include "monitor/api/api_in.h"

#include "monitor/api/receiver_view.h"
#include "monitor/notify/try.h"
#include "monitor/store/leaves.h"

void receivers_list(struct call *c)
{
	const struct conf *conf = c->setup->conf;
	struct hark_err err = {0};
	int rc = HARK_OK;
	call_items(c);
	for (size_t i = 0; i < conf->receivers_n && rc == HARK_OK; i++) {
		struct receiver_view v;
		rc = receiver_view_load(
			&v, c->store, &conf->receivers[i], c->now_ms, c->arena, &err);
		if (rc == HARK_OK) {
			receiver_view_json(&v, &c->j);
		}
	}
	call_items_end(c, 0);
	if (rc == HARK_OK) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

/* The one in the path. NULL: there is none, and the call is answered. */
static const struct conf_receiver *find(struct call *c)
{
	const struct conf *conf = c->setup->conf;
	for (size_t i = 0; i < conf->receivers_n; i++) {
		if (str_eq_c(c->arg, conf->receivers[i].name)) {
			return &conf->receivers[i];
		}
	}
	call_refuse(c, 404, "there is no receiver of that name");
	return NULL;
}

/* ---- a test alert ---- */

/* False: harkd stops, or it cannot be asked at all. */
static bool send_held(struct call *c, struct delivery *d, struct hark_err *err)
{
	struct fetch *fetch = try_fetch(d->conf, err);
	bool held = fetch != NULL && api_hold_fetch(c->api, fetch);
	if (held) {
		try_send(d, fetch, c->now_ms);
		api_let_go(c->api, fetch);
	} else if (fetch != NULL) {
		hark_err_set(err, HARK_EPIPE, "harkd stops");
	}
	fetch_free(fetch);
	return held;
}

static void send_test(struct call *c, struct delivery *d)
{
	struct hark_err err = {0};
	d->abandon = api_stopping(c->api);
	if (receiver_posts(d->receiver->type)) {
		if (!send_held(c, d, &err)) {
			call_fail(c, &err);
			return;
		}
	} else {
		try_send(d, NULL, c->now_ms);
	}
	receiver_try_json(d, &c->j);
	call_answer(c, 200);
}

void receivers_test(struct call *c)
{
	static const char *const members[] = {NULL};
	const struct conf_receiver *r = call_knows(c, members) ? find(c) : NULL;
	char why[200];
	if (r == NULL) {
		return;
	}
	snprintf(why, sizeof(why), "%.*s asked for a test of this receiver",
		STR_FMT(str_cut_utf8(c->who.name, 100)));
	struct delivery *d = try_delivery(c->setup->conf, r, why, c->now_ms);
	if (d == NULL) {
		call_refuse(c, 500, "no memory for a test alert");
	} else if (call_note(c)) {
		send_test(c, d);
	}
	delivery_free(d);
}

/* ---- mails that were ended ---- */

/* On the writer's thread. */
static int subscribe(struct store *s, struct call *c, struct hark_err *err)
{
	struct outbox_counts rows = {0};
	int64_t ended = store_leave_end(s, c->arg);
	int rc = outbox_count(s, c->arg, &rows, err);
	receiver_subscribed_json(c->arg, ended > 0, rows.held, &c->j);
	return rc;
}

void receivers_subscribe(struct call *c)
{
	static const char *const members[] = {NULL};
	if (call_knows(c, members) && find(c) != NULL) {
		call_write(c, subscribe, NULL);
	}
}
