/* hark sources: which of them are heard over a stream just now, as the daemon says. */
#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/base/clock.h"
#include "monitor/base/json.h"
#include "monitor/cli/cli.h"
#include "monitor/cli/commands.h"
#include "monitor/cli/sources.h"

#define REPLY_MAX (4u << 20)

static bool may_stream(const struct conf_source *s)
{
	const struct hark_connector *c = s->connector != NULL ? connector_find(s->connector) : NULL;
	const struct definition *d = c != NULL ? connector_definition(c) : NULL;
	return d != NULL && d->stream.present;
}

static struct sources_stream *at(struct sources_stream *first, size_t step, size_t i)
{
	return (struct sources_stream *)(void *)((char *)first + i * step);
}

static int64_t time_of(const json_t *one, const char *key)
{
	int64_t ms = 0;
	struct str text = json_str(one, key);
	return text.p != NULL && clock_parse_rfc3339(text, &ms) ? ms : 0;
}

static void take(const json_t *one, struct sources_stream *first, size_t step, size_t n)
{
	struct str name = json_str(one, "source");
	for (size_t i = 0; name.p != NULL && i < n; i++) {
		struct sources_stream *s = at(first, step, i);
		if (str_eq_c(name, s->source->name)) {
			s->since_ms = time_of(one, "since");
			s->event_ms = time_of(one, "event");
			s->events = json_i64(one, "events", 0);
			s->per_min = json_i64(one, "per_min", 0);
		}
	}
}

void sources_load_streams(const struct conf *c, struct sources_stream *first, size_t step, size_t n)
{
	struct buf reply;
	struct hark_err err;
	bool any = false;
	for (size_t i = 0; i < n && !any; i++) {
		any = may_stream(at(first, step, i)->source);
	}
	if (!any) {
		return;
	}
	buf_init(&reply, REPLY_MAX);
	if (daemon_call(c, "{\"do\":\"streams\"}", &reply, &err) == HARK_OK) {
		json_t *answer = json_read(buf_str(&reply), &err);
		json_t *all = json_object_get(answer, "streams"), *one;
		size_t k;
		json_array_foreach(all, k, one)
		{
			take(one, first, step, n);
		}
		json_decref(answer);
	}
	buf_release(&reply);
}
