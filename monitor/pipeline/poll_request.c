#include "monitor/pipeline/poll_parts.h"

#include "monitor/base/clock.h"
#include "monitor/pipeline/budget.h"
#include "monitor/pipeline/mailbox.h"

#define HTTP_REDIRECTS_MAX 5
#define EVENT_MAX (1u << 20) /* an event of a stream, where nobody says otherwise */

static int copy_headers(
	const struct hark_request *from, struct fetch_request *to, struct arena *arena)
{
	struct fetch_header *h = arena_alloc(arena, (from->headers_count + 1) * sizeof(*h));
	if (h == NULL) {
		return HARK_ENOMEM;
	}
	for (size_t i = 0; i < from->headers_count; i++) {
		h[i] = (struct fetch_header){from->headers[i].name, from->headers[i].value};
	}
	to->headers = h;
	to->headers_n = from->headers_count;
	return HARK_OK;
}

/* The connector's first request of a poll, or the next of those it asked for. */
static int next_request(
	struct source *source, struct hark_request *out, struct arena *arena, struct hark_err *err)
{
	if (source->more.first != NULL) {
		*out = source->more.first->request;
		return HARK_OK;
	}
	int rc = (source->called ? collect_plan_called : collect_plan)(source->connector,
		source->ctx, arena_c(arena, source->state->cursor), clock_wall_ms(), out, arena,
		err);
	if (rc == HARK_OK && !source_keep(&source->asked_url, out->url)) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for the request");
	}
	source->cost = out->cost;
	if (rc == HARK_OK && !budget_allows(&out->cost, budget_spent(source, clock_wall_ms()), 0)) {
		rc = hark_err_set(err, HARK_EAGAIN, "its budget of %lld for today (UTC) is spent",
			(long long)out->cost.per_day);
	}
	return rc;
}

static size_t smaller(size_t a, size_t b)
{
	return a != 0 && a < b ? a : b;
}

/* How a source is listened to, said by the first request of a poll. */
static void note_stream(
	struct source *source, const struct hark_request *planned, struct fetch_request *out)
{
	bool websocket = planned->transport == HARK_TRANSPORT_WEBSOCKET;
	if (source->more.first != NULL) {
		return;
	}
	source->listens = websocket || planned->transport == HARK_TRANSPORT_STREAM;
	source->is_events = planned->is_events != 0;
	source->tells_unchanged = planned->tells_unchanged;
	source->event_max = planned->body_max != 0 ? planned->body_max : EVENT_MAX;
	out->websocket = websocket;
	out->idle_ms = planned->idle_ms;
}

int poll_request(
	struct source *source, struct fetch_request *out, struct arena *arena, struct hark_err *err)
{
	const struct source_state *s = source->state;
	struct hark_request planned = {0};
	int rc = next_request(source, &planned, arena, err);
	if (rc != HARK_OK) {
		return rc;
	}
	*out = (struct fetch_request){
		.url = planned.url,
		.method = planned.method,
		.body = planned.body != NULL ? str_n(planned.body, planned.body_bytes) : STR_NONE,
		.max_bytes = smaller(planned.body_max, (size_t)source->conf->max_bytes),
		.spacing_ms = source->conf->spacing_ms,
		.redirects_max = planned.no_redirects == 1 ? 0 : HTTP_REDIRECTS_MAX,
		.same_host = planned.no_redirects == 2,
		.keep_headers = source->connector->judges_status,
		.internal = source->conf->internal,
	};
	source->transport = planned.transport;
	source->request_units = planned.cost.request;
	source->args = planned.args;
	source->args_n = planned.args_count;
	out->timeout_ms = planned.timeout_ms;
	note_stream(source, &planned, out);
	source->auth = planned.auth;
	source->buckets = planned.buckets;
	source->buckets_n = planned.buckets_count;
	rc = copy_headers(&planned, out, arena);
	if (rc != HARK_OK) {
		return hark_err_set(err, rc, "no memory for the request");
	}
	if (planned.transport == HARK_TRANSPORT_IMAP) {
		return mailbox_request(&planned, out, arena, err);
	}
	if (source->more.first != NULL || source->listens) {
		return HARK_OK;
	}
	if (poll_asks_new_place(source, planned.url)) {
		out->url = arena_c(arena, s->moved_to);
	}
	if (str_eq_c(s->url, planned.url) && !planned.whole) {
		out->etag = arena_c(arena, s->etag);
		out->last_modified = arena_c(arena, s->last_modified);
	}
	return HARK_OK;
}
