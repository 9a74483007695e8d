/* Sources: how they go, and what an admin does with them. The daemon's main thread owns them, so it is asked, as
 * hark sources asks it. */
#include "monitor/api/api_in.h"
#include "monitor/api/source_view.h"

#include <stdio.h>

#define REPLY_MAX (4u << 20)
#define GAPS_SHOWN_MS (INT64_C(7) * 24 * 3600 * 1000)

static const struct conf_source *find(const struct call *c)
{
	const struct conf *conf = c->setup->conf;
	for (size_t i = 0; i < conf->sources_n; i++) {
		if (str_eq_c(c->arg, conf->sources[i].name)) {
			return &conf->sources[i];
		}
	}
	return NULL;
}

/* False: the store failed. */
static bool write_one(
	struct call *c, const struct conf_source *source, int64_t since_ms, struct hark_err *err)
{
	struct source_view v = {
		.conf = c->setup->conf, .source = source, .stream = {.source = source}};
	int rc = source_view_load(&v, c->store, since_ms, c->arena, err);
	if (rc == HARK_OK) {
		source_view_hours(&v, c->now_ms);
		source_view_json(&c->j, &v);
	}
	subscription_free(v.hub);
	return rc == HARK_OK;
}

void sources_list_all(struct call *c)
{
	const struct conf *conf = c->setup->conf;
	struct hark_err err = {0};
	bool well = true;
	call_items(c);
	for (size_t i = 0; i < conf->sources_n && well; i++) {
		well = write_one(c, &conf->sources[i], c->now_ms - GAPS_SHOWN_MS, &err);
	}
	call_items_end(c, 0);
	if (well) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

bool sources_named(struct call *c, const struct conf_source **source)
{
	*source = find(c);
	if (*source == NULL) {
		call_refuse(c, 404, "there is no source of that name");
	}
	return *source != NULL;
}

void sources_show_one(struct call *c)
{
	const struct conf_source *source;
	struct hark_err err = {0};
	if (!sources_named(c, &source)) {
		return;
	}
	if (write_one(c, source, 0, &err)) {
		call_answer(c, 200);
	} else {
		call_fail(c, &err);
	}
}

static void answer_reply(struct call *c, const struct buf *reply)
{
	struct hark_err err = {0};
	json_t *said = json_read(buf_str(reply), &err);
	if (said == NULL) {
		call_fail(c, &err);
	} else if (!json_bool(said, "ok", false)) {
		call_refuse(c, 409, "%.*s", STR_FMT(json_str(said, "error")));
	} else {
		buf_add_str(&c->out, str_trim(buf_str(reply)));
		call_answer(c, 200);
	}
	json_decref(said);
}

/* The same words as on the control socket. */
static void tell(struct call *c, const char *what, bool force)
{
	static const char *const nothing[] = {NULL}, *const polls[] = {"force", NULL};
	const struct conf_source *source;
	struct hark_err err = {0};
	struct buf reply;
	if (!call_knows(c, strcmp(what, "poll") == 0 ? polls : nothing) || !sources_named(c, &source)) {
		return;
	}
	buf_init(&reply, REPLY_MAX);
	if (call_ask_daemon(c, what, source->name, force, &reply, &err) == HARK_OK) {
		answer_reply(c, &reply);
	} else {
		call_fail(c, &err);
	}
	buf_release(&reply);
}

void sources_pause(struct call *c)
{
	tell(c, "pause", false);
}

void sources_resume(struct call *c)
{
	tell(c, "resume", false);
}

void sources_accept(struct call *c)
{
	tell(c, "accept", false);
}

void sources_poll(struct call *c)
{
	tell(c, "poll", json_bool(c->body, "force", false));
}
