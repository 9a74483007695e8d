#include "monitor/api/receiver_view.h"

#include "monitor/notify/delivery.h"
#include "monitor/store/leaves.h"

static int64_t next_digest(struct store *s, const struct conf_receiver *r, int64_t now_ms)
{
	int64_t told = store_receiver_digest(s, str_c(r->name));
	return r->digest == NULL ? 0 : recur_next_ms(r->digest, told != 0 ? told : now_ms);
}

int receiver_view_load(struct receiver_view *v, struct store *s, const struct conf_receiver *r,
	int64_t now_ms, struct arena *arena, struct hark_err *err)
{
	struct str name = str_c(r->name);
	struct receiver_state state = {.health = RECEIVER_OK};
	char mark[LEAVE_MARK_MAX];
	int rc = store_receiver_load(s, name, arena, &state, err);
	*v = (struct receiver_view){.receiver = r,
		.health = rc == HARK_OK ? state.health : RECEIVER_OK,
		.digest_ms = next_digest(s, r, now_ms)};
	if (r->type == RECEIVER_MAIL && store_leave_mark(s, name, str_c(r->to), false, mark)) {
		v->left_ms = store_leave_since(s, name, str_c(mark));
	}
	struct outbox_counts n = {0};
	if (rc == HARK_OK || rc == HARK_ENOENT) {
		rc = outbox_count(s, name, &n, err);
	}
	v->held = n.held;
	v->dead = n.dead;
	v->withdrawn = n.withdrawn;
	v->waiting = n.due + n.failed;
	int64_t due_ms = 0;
	if (rc == HARK_OK && v->waiting > 0) {
		rc = outbox_next_due(s, name, now_ms, &due_ms, err);
	}
	v->waiting_ms = due_ms > now_ms && due_ms < INT64_MAX ? due_ms : 0;
	return rc;
}

const char *receiver_view_state(const struct receiver_view *v)
{
	return v->left_ms != 0                  ? "unsubscribed"
	       : v->health == RECEIVER_DISABLED ? "disabled"
	       : v->health == RECEIVER_RESTING  ? "resting"
						: "ok";
}

const char *receiver_view_type(const struct receiver_view *v)
{
	static const char *const types[] = {
		"stdout", "file", "exec", "webhook", "slack", "teams", "discord", "mail"};
	return types[v->receiver->type];
}

void receiver_view_json(const struct receiver_view *v, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_c(j, "receiver", v->receiver->name);
	jsonout_key_c(j, "type", receiver_view_type(v));
	jsonout_key_c(j, "state", receiver_view_state(v));
	jsonout_key_time(j, "unsubscribed", v->left_ms);
	jsonout_key_time(j, "next_digest", v->digest_ms);
	jsonout_key_i64(j, "waiting", v->waiting);
	jsonout_key_time(j, "waiting_until", v->waiting_ms);
	jsonout_key_i64(j, "held", v->held);
	jsonout_key_i64(j, "dead", v->dead);
	jsonout_key_i64(j, "withdrawn", v->withdrawn);
	jsonout_end_object(j);
}

void receiver_try_json(const struct delivery *d, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_c(j, "receiver", d->receiver->name);
	jsonout_key_str(j, "delivery_id", d->delivery_id);
	jsonout_key_bool(j, "sent", d->outcome == DELIVERY_SENT);
	jsonout_key_i64(j, "status", d->status);
	jsonout_key_i64(j, "took_ms", d->took_ms);
	jsonout_key_c(j, "answer", d->answer[0] != '\0' ? d->answer : NULL);
	jsonout_key_c(j, "error", d->outcome != DELIVERY_SENT ? d->error : NULL);
	jsonout_end_object(j);
}

void receiver_subscribed_json(struct str name, bool ended, int64_t held, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_str(j, "receiver", name);
	jsonout_key_bool(j, "subscribed", ended);
	jsonout_key_i64(j, "held", held);
	jsonout_end_object(j);
}
