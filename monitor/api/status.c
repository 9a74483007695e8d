/* The daemon itself: how it goes, and reading its configuration anew. */
#include "monitor/api/api_in.h"

#include <stdlib.h>

#define REPLY_MAX (4u << 20)

/* A daemon that says no: RFC 9457, with what it has found beside it. */
static void refuse(struct call *c, const json_t *said)
{
	json_t *found = json_object_get(said, "diagnostics");
	char *text = found != NULL ? json_dumps(found, JSON_COMPACT) : NULL;
	call_refuse_findings(c, json_str(said, "error"), str_c(text));
	free(text);
}

int status_reload(struct call *c, struct hark_err *err)
{
	struct buf reply;
	buf_init(&reply, REPLY_MAX);
	int rc = call_ask_daemon(c, "reload", NULL, false, &reply, err);
	json_t *said = rc == HARK_OK ? json_read(buf_str(&reply), err) : NULL;
	if (rc == HARK_OK && said == NULL) {
		rc = err->code;
	} else if (rc == HARK_OK && !json_bool(said, "ok", false)) {
		struct str why = str_cut_utf8(json_str(said, "error"), 400);
		rc = hark_err_set(err, HARK_ESTATE, "%.*s", STR_FMT(why));
	}
	json_decref(said);
	buf_release(&reply);
	return rc;
}

static void ask(struct call *c, const char *what)
{
	struct hark_err err = {0};
	struct buf reply;
	json_t *said = NULL;
	buf_init(&reply, REPLY_MAX);
	if (call_ask_daemon(c, what, NULL, false, &reply, &err) == HARK_OK) {
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
	ask(c, "status");
}

/* All that is wrong with a configuration is said; the one before stays in force. */
void config_reload(struct call *c)
{
	static const char *const nothing[] = {NULL};
	if (call_knows(c, nothing)) {
		ask(c, "reload");
	}
}
