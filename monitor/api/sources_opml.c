/* Feeds from and for other readers, as hark sources import-opml and export-opml have them. */
#include "monitor/api/sources_in.h"

#include "monitor/config/opml_sources.h"
#include "monitor/config/values.h"

#include <stdlib.h>

#define EVERY_MAX 40

void sources_opml(struct call *c)
{
	struct hark_err err = {0};
	if (opml_sources_write(c->setup->conf, c->now_ms, &c->out, &err) == HARK_OK) {
		call_answer_as(c, 200, SOURCES_OPML);
	} else {
		call_fail(c, &err);
	}
}

struct bringing {
	struct opml_sources list;
	bool look;
	struct reloaded reloaded;
};

static void write_brought(struct jsonout *j, const struct bringing *b)
{
	const struct opml_sources *l = &b->list;
	jsonout_object(j);
	jsonout_key_bool(j, "dry_run", b->look);
	jsonout_key_i64(j, "feeds", (int64_t)l->feeds_n);
	jsonout_key_i64(j, "known", (int64_t)l->known_n);
	jsonout_key_i64(j, "left_out", (int64_t)l->left_out_n);
	jsonout_key(j, "sources");
	jsonout_array(j);
	for (size_t i = 0; i < l->entries_n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "name", l->entries[i].name);
		jsonout_key_str(j, "url", l->entries[i].url);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_key(j, "reasons");
	jsonout_array(j);
	for (size_t i = 0; i < l->left_out_n && i < OPML_LEFT_OUT_MAX; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "url", l->left_out[i].url);
		jsonout_key_str(j, "reason", l->left_out[i].why);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	sources_write_reloaded(j, &b->reloaded);
	jsonout_end_object(j);
}

/* On the writer's thread. */
static int note_brought(struct store *s, struct call *c, struct hark_err *err)
{
	(void)s;
	(void)err;
	write_brought(&c->j, c->write_arg);
	return HARK_OK;
}

/* The file is changed before the answer is kept: a change that is there is never denied. */
static void bring(struct call *c, struct bringing *b)
{
	struct hark_err err = {0};
	const struct conf *conf = c->setup->conf;
	if (b->list.entries_n > 0) {
		int rc =
			conf->contact != NULL
				? sources_file_change(
					  conf, b->list.entries, b->list.entries_n, NULL, &err)
				: hark_err_set(&err, HARK_ESTATE,
					  "the configuration does not say who asks: add operator: { contact: "
					  "\"mailto:you@your.domain\" }");
		if (rc != HARK_OK) {
			sources_say_unwritable(&err);
			call_fail(c, &err);
			return;
		}
		sources_reread(c, &b->reloaded);
	}
	call_write(c, note_brought, b);
}

void sources_bring_opml(struct call *c)
{
	struct bringing b = {0};
	struct hark_err err = {0};
	struct str every = str_trim(http_query(c->x, "every"));
	int64_t span_ms;
	if (!call_flag(c, "dry_run", &b.look)) {
		return;
	}
	if (!str_empty(every) &&
		(every.n > EVERY_MAX || value_duration(every, &span_ms, NULL) != HARK_OK)) {
		call_refuse(c, 400, "'every' is a time such as 30m or 1h");
		return;
	}
	if (!b.look && call_replayed(c)) {
		return;
	}
	int rc = opml_sources_read(&b.list, c->setup->conf, http_body(c->x),
		str_empty(every) ? STR_NONE : every, c->arena, NULL, NULL, &err);
	if (rc != HARK_OK) {
		call_fail(c, &err);
	} else if (b.look) {
		write_brought(&c->j, &b);
		call_answer(c, 200);
	} else {
		bring(c, &b);
	}
}
