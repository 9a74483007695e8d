/* Whom a lead is told to, as hark routes show says; alerts that were given up, kept back or withdrawn, and sending them
 * again, as hark notify does. */
#include "monitor/api/api_in.h"

#include "monitor/api/route_view.h"
#include "monitor/notify/replay.h"

#define PAGE_DEFAULT 50
#define PAGE_MAX 500
#define NAME_MAX 200

void alert_routes_list(struct call *c)
{
	const struct conf *conf = c->setup->conf;
	call_items(c);
	for (size_t i = 0; i < conf->routes_n; i++) {
		route_json(conf, i, &c->j);
	}
	call_items_end(c, 0);
	call_answer(c, 200);
}

void alerts_list(struct call *c)
{
	struct hark_err err = {0};
	struct outbox_row *v = NULL;
	struct str state = http_query(c->x, "state"),
		   receiver = str_trim(http_query(c->x, "receiver"));
	struct call_page page;
	size_t n = 0;
	state = state.p != NULL ? state : STR("dead");
	if (!str_eq_c(state, "dead") && !str_eq_c(state, "held") && !str_eq_c(state, "withdrawn")) {
		call_refuse(c, 400, "'state' is dead, held or withdrawn");
		return;
	}
	if (!call_page(c, PAGE_DEFAULT, PAGE_MAX, &page)) {
		return;
	}
	int rc = str_empty(receiver) ? HARK_OK
				     : alerts_check_receiver(c->store, c->setup->conf, receiver,
					       c->arena, &err);
	rc = rc == HARK_OK ? outbox_list(c->store, state, receiver, page.place, page.max,
				     c->arena, &v, &n, &err)
			   : rc;
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	size_t shown = n < page.max ? n : page.shown;
	call_items(c);
	for (size_t i = 0; i < shown; i++) {
		alert_json(&v[i], &c->j);
	}
	call_items_end(c, shown < n ? v[shown - 1].id : 0);
	call_answer(c, 200);
}

struct replaying {
	int64_t id;
	struct str receiver;
};

/* On the writer's thread. */
static int replay(struct store *s, struct call *c, struct hark_err *err)
{
	const struct replaying *r = c->write_arg;
	size_t n = 0;
	int rc = alerts_replay(s, c->setup->conf, r->id, r->receiver, c->now_ms, c->arena, &n, err);
	jsonout_object(&c->j);
	jsonout_key_i64(&c->j, "due", (int64_t)n);
	jsonout_end_object(&c->j);
	return rc;
}

void alerts_send_again(struct call *c)
{
	static const char *const members[] = {"id", "receiver", "all", NULL};
	struct replaying r = {0};
	bool all = false;
	if (!call_knows(c, members) || !call_id(c, "id", "alert", &r.id) ||
		!call_line(c, "receiver", NAME_MAX, &r.receiver) || !call_bool(c, "all", &all)) {
		return;
	}
	if ((r.id != 0) + !str_empty(r.receiver) + all != 1) {
		call_refuse(c, 422, "say one of: the 'id' of an alert, a 'receiver', or 'all'");
	} else {
		call_write(c, replay, &r);
	}
}
