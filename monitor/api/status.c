/* The daemon itself: how it goes, and reading its configuration anew. */
#include "monitor/api/api_in.h"

#include <stdlib.h>

#define REPLY_MAX (4u << 20)

/* A daemon that says no: RFC 9457, with what it has found beside it. */
static void refuse(struct call *c, const json_t *said)
{
	json_t *found = json_object_get(said, "diagnostics");
	char *text = found != NULL ? json_dumps(found, JSON_COMPACT) : NULL;
	jsonout_object(&c->j);
	jsonout_key_c(&c->j, "title", "Unprocessable Content");
	jsonout_key_i64(&c->j, "status", 422);
	jsonout_key_str(&c->j, "detail", json_str(said, "error"));
	if (text != NULL) {
		jsonout_key(&c->j, "diagnostics");
		jsonout_raw(&c->j, str_c(text));
	}
	jsonout_end_object(&c->j);
	free(text);
	call_answer_as(c, 422, "application/problem+json");
}

static void ask(struct call *c, const char *words)
{
	struct hark_err err = {0};
	struct buf reply;
	json_t *said = NULL;
	buf_init(&reply, REPLY_MAX);
	if (api_ask(c->api, words, &reply, &err) == HARK_OK) {
		said = json_read(buf_str(&reply), &err);
	}
	if (said == NULL) {
		call_fail(c, &err);
	} else if (!json_bool(said, "ok", false)) {
		refuse(c, said);
	} else {
		buf_add_str(&c->out, str_trim(buf_str(&reply)));
		call_answer(c, 200);
	}
	json_decref(said);
	buf_release(&reply);
}

void status_show(struct call *c)
{
	ask(c, "{\"do\":\"status\"}");
}

/* All that is wrong with a configuration is said; the one before stays in force. */
void config_reload(struct call *c)
{
	static const char *const nothing[] = {NULL};
	if (call_knows(c, nothing)) {
		ask(c, "{\"do\":\"reload\"}");
	}
}
