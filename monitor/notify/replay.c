#include "monitor/notify/replay.h"

#include "monitor/store/receivers.h"

void alert_json(const struct outbox_row *r, struct jsonout *j)
{
	jsonout_object(j);
	jsonout_key_i64(j, "id", r->id);
	jsonout_key_str(j, "delivery_id", r->delivery_id);
	if (r->lead != 0) {
		jsonout_key_i64(j, "lead", r->lead);
	}
	jsonout_key_str(j, "receiver", r->receiver);
	jsonout_key_str(j, "kind", r->kind);
	jsonout_key_str(j, "state", r->state);
	jsonout_key_i64(j, "attempts", r->attempt);
	jsonout_key_time(j, "created", r->created_ms);
	jsonout_key_i64(j, "last_status", r->last_status);
	jsonout_key_str(j, "last_error", r->last_error);
	jsonout_end_object(j);
}

static int enable(struct store *s, struct str name, int64_t now_ms, struct hark_err *err)
{
	return store_receiver_save(s,
		&(struct receiver_state){.name = name, .health = RECEIVER_OK, .changed_ms = now_ms},
		err);
}

/* The receivers whose rows were asked for are tried again, disabled or not. */
static int enable_all(struct store *s, struct str receiver, int64_t now_ms, struct arena *arena,
	struct hark_err *err)
{
	struct receiver_state *all;
	size_t n;
	if (!str_empty(receiver)) {
		return enable(s, receiver, now_ms, err);
	}
	int rc = store_receiver_each(s, arena, &all, &n, err);
	for (size_t i = 0; rc == HARK_OK && i < n; i++) {
		rc = enable(s, all[i].name, now_ms, err);
	}
	return rc;
}

/* The receiver of one row that is dead or held. HARK_ENOENT: there is no such row. */
static int receiver_of(
	struct store *s, int64_t id, struct arena *arena, struct str *name, struct hark_err *err)
{
	static const char *const states[] = {"dead", "held"};
	for (size_t i = 0; i < 2; i++) {
		struct outbox_row *rows;
		size_t n;
		int rc = outbox_list(
			s, str_c(states[i]), STR_NONE, id - 1, 1, arena, &rows, &n, err);
		if (rc != HARK_OK) {
			return rc;
		}
		if (n == 1 && rows[0].id == id) {
			*name = rows[0].receiver;
			return HARK_OK;
		}
	}
	return hark_err_set(err, HARK_ENOENT,
		"alert %lld was neither given up nor kept back; hark notify dead and hark notify "
		"held list those that were",
		(long long)id);
}

int alerts_check_receiver(struct store *s, const struct conf *conf, struct str name,
	struct arena *arena, struct hark_err *err)
{
	struct outbox_counts rows;
	struct receiver_state state;
	for (size_t i = 0; i < conf->receivers_n; i++) {
		if (str_eq_c(name, conf->receivers[i].name)) {
			return HARK_OK;
		}
	}
	int rc = store_receiver_load(s, name, arena, &state, err);
	if (rc != HARK_ENOENT) {
		return rc;
	}
	rc = outbox_count(s, name, &rows, err);
	return rc != HARK_OK || rows.dead + rows.held + rows.withdrawn > 0
		       ? rc
		       : hark_err_set(err, HARK_ENOENT,
				 "there is no receiver '%.*s': hark notify list shows all",
				 STR_FMT(str_cut_utf8(name, 100)));
}

int alerts_replay(struct store *s, const struct conf *conf, int64_t id, struct str receiver,
	int64_t now_ms, struct arena *arena, size_t *n, struct hark_err *err)
{
	struct str name = receiver;
	int rc = id != 0                ? receiver_of(s, id, arena, &name, err)
		 : str_empty(receiver) ? HARK_OK
				       : alerts_check_receiver(s, conf, receiver, arena, err);
	rc = rc == HARK_OK ? enable_all(s, name, now_ms, arena, err) : rc;
	return rc == HARK_OK ? outbox_replay(s, id, receiver, now_ms, n, err) : rc;
}
