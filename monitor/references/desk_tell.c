#include "monitor/references/desk_tell.h"

#include "monitor/leads/owner.h"
#include "monitor/store/outbox.h"

#define PAYLOAD_MAX 20000

static void write_payload(const struct desk_news *news, int64_t now_ms, struct buf *out)
{
	struct jsonout j;
	jsonout_init(&j, out);
	jsonout_object(&j);
	jsonout_key_c(&j, "type", REFERENCE_DESK);
	jsonout_key_time(&j, "timestamp", now_ms);
	jsonout_key(&j, "data");
	jsonout_object(&j);
	jsonout_key_c(&j, "kind", CONF_KIND_REFERENCE_DESK);
	jsonout_key_c(&j, "event", news->event);
	jsonout_key_str(&j, "title", news->title);
	jsonout_key_str(&j, "owner", news->owner);
	if (news->more != NULL) {
		news->more(news->ctx, &j);
	}
	jsonout_end_object(&j);
	jsonout_end_object(&j);
}

/* A route without a kind is for leads. */
static bool wants_news(const struct conf_route *r)
{
	for (size_t i = 0; i < r->kinds_n; i++) {
		if (strcmp(r->kinds[i], CONF_KIND_REFERENCE_DESK) == 0) {
			return true;
		}
	}
	return false;
}

static bool reaches(const struct conf *c, size_t receiver, size_t owner)
{
	for (size_t i = 0; i < c->routes_n; i++) {
		const struct conf_route *r = &c->routes[i];
		if (r->to_owner && receiver == owner && wants_news(r)) {
			return true;
		}
		for (size_t k = 0; k < r->receivers_n && wants_news(r); k++) {
			if (r->receivers[k] == receiver) {
				return true;
			}
		}
	}
	return false;
}

int desk_tell(struct store *s, const struct conf *conf, const struct desk_news *news,
	int64_t now_ms, size_t *made, struct hark_err *err)
{
	struct buf payload;
	buf_init(&payload, PAYLOAD_MAX);
	write_payload(news, now_ms, &payload);
	int rc = payload.rc != HARK_OK
			 ? hark_err_set(err, payload.rc, "no room for what the desk is told")
			 : HARK_OK;
	size_t owner = owner_receiver(conf, news->owner);
	*made = 0;
	for (size_t i = 0; i < conf->receivers_n && rc == HARK_OK; i++) {
		size_t one = 0;
		if (reaches(conf, i, owner)) {
			rc = outbox_add(s, 0, str_c(conf->receivers[i].name), STR(REFERENCE_DESK),
				STR("normal"), buf_str(&payload), now_ms, &one, err);
		}
		*made += one;
	}
	buf_release(&payload);
	return rc;
}
