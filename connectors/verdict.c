#include "connectors/verdict.h"

#include "connectors/parse/date.h"
#include "connectors/parse/html.h"
#include "connectors/parse/xml.h"
#include "monitor/base/json.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#define WAIT_MAX_MS (INT64_C(31) * 86400000)
#define DAY_MS INT64_C(86400000)

struct str reply_header(const struct hark_reply *reply, const char *name)
{
	for (size_t i = 0; name != NULL && i < reply->headers_count; i++) {
		if (str_eq_nocase(str_c(reply->headers[i].name), str_c(name))) {
			return str_trim(str_c(reply->headers[i].value));
		}
	}
	return STR_NONE;
}

bool reply_is_page(const struct hark_reply *reply, enum item_format expected)
{
	struct str body = str_trim(str_n(reply->body, reply->body_bytes));
	if (body.n == 0 || body.p[0] != '<' || expected == ITEMS_CSV) {
		return false;
	}
	return expected != ITEMS_XML || str_eq_nocase(xml_root(body), STR("html"));
}

/* --- times to wait --- */

/* Seconds as written, perhaps with a fraction, infinite if no number holds them; negative: none. */
static double seconds_of(struct str s)
{
	char text[400], *end; /* the largest double has 309 digits */
	if (s.n == 0 || s.n >= sizeof(text) || s.p[0] < '0' || s.p[0] > '9') {
		return -1;
	}
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	double seconds = strtod(text, &end);
	return *end == '\0' ? seconds : -1;
}

/* A moment in the next month as it is. One behind it is a clock or a unit that is wrong: a day, as
 * pace_next() waits for a Retry-After, so that it is not ignored and stops nobody for ever. */
static int64_t believed(double wait_ms, int64_t now_ms)
{
	return wait_ms < 0 ? 0
			   : now_ms + (wait_ms > (double)WAIT_MAX_MS ? DAY_MS : (int64_t)wait_ms);
}

static int64_t after_seconds(struct str s, int64_t now_ms)
{
	return believed(seconds_of(s) * 1000, now_ms);
}

static int64_t reset_at(const struct rate_rule *rate, struct str reset, int64_t now_ms)
{
	int64_t ms;
	switch (rate->reset_kind) {
	case RESET_EPOCH:
		return believed(seconds_of(reset) * 1000 - (double)now_ms, now_ms);
	case RESET_DELTA:
		return after_seconds(reset, now_ms);
	default:
		return date_parse(reset, &ms) ? believed((double)ms - (double)now_ms, now_ms) : 0;
	}
}

static int64_t later(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static struct str text_at(const struct pointer *p, struct work *w)
{
	const json_t *node = p != NULL ? pointer_first(p, w->scope) : NULL;
	return node != NULL ? node_text(node, w->arena) : STR_NONE;
}

int64_t verdict_wait(const struct definition *d, const struct hark_reply *reply, const json_t *root,
	struct work *w)
{
	const struct rate_rule *rate = &d->rate;
	int64_t now = reply->received_ms, wait = 0, left;
	double remaining = seconds_of(reply_header(reply, rate->remaining));
	if (rate->remaining != NULL && remaining >= 0 && remaining < 1) {
		wait = later(wait, reset_at(rate, reply_header(reply, rate->reset), now));
	}
	wait = later(wait, after_seconds(reply_header(reply, rate->poll_interval), now));
	if (root == NULL) {
		return wait;
	}
	if (rate->backoff != NULL) {
		int64_t until = after_seconds(text_at(rate->backoff, w), now);
		wait = later(wait, until > now ? until + 1000 : 0); /* and one for the clocks */
	}
	if (rate->quota_remaining != NULL && str_i64(text_at(rate->quota_remaining, w), &left) &&
		left <= rate->quota_floor) {
		wait = later(wait, (now / DAY_MS + 1) * DAY_MS);
	}
	return wait;
}

/* --- rules --- */

static bool has_status(const struct error_rule *e, int status)
{
	for (size_t i = 0; i < e->statuses_n; i++) {
		if (e->statuses[i] == status) {
			return true;
		}
	}
	return e->statuses_n == 0;
}

static bool applies(const struct error_rule *e, const struct hark_reply *reply, const json_t *root,
	struct work *w)
{
	struct str body = str_n(reply->body, reply->body_bytes);
	if (!has_status(e, reply->status)) {
		return false;
	}
	if (e->content_type.p != NULL &&
		(reply->content_type == NULL ||
			strcasestr(reply->content_type, e->content_type.p) == NULL)) {
		return false;
	}
	if (e->when.n > 0 && (root == NULL || conditions_all(&e->when, w) != NULL)) {
		return false;
	}
	return e->body == NULL || work_matches(w, e->body, str_cut_utf8(body, 1 << 16));
}

static int64_t midnight(int64_t now_ms, int offset_s)
{
	int64_t local = now_ms + offset_s * INT64_C(1000);
	return (local / DAY_MS + 1) * DAY_MS - offset_s * INT64_C(1000);
}

static int64_t wait_of(const struct error_rule *e, const struct definition *d,
	const struct hark_reply *reply, struct work *w)
{
	int64_t now = reply->received_ms, wait = 0;
	if (e->seconds != NULL) {
		wait = after_seconds(text_at(e->seconds, w), now);
	}
	if (e->header.p != NULL) {
		wait = later(wait, after_seconds(reply_header(reply, e->header.p), now));
	}
	if (e->midnight_offset_s != INT_MAX) {
		wait = later(wait, midnight(now, e->midnight_offset_s));
	}
	if (wait == 0 && d->rate.reset != NULL) {
		wait = reset_at(&d->rate, reply_header(reply, d->rate.reset), now);
	}
	return wait == 0 && e->wait_ms > 0 ? now + e->wait_ms : wait;
}

static void say(struct verdict *v, const struct error_rule *e, const struct hark_reply *reply,
	struct work *w)
{
	struct str text = e->text.n > 0 ? e->text : text_at(e->message, w);
	char status[40] = "";
	if (reply->status < 200 || reply->status > 299) {
		snprintf(status, sizeof(status), "HTTP %d: ", reply->status);
	}
	if (text.n == 0) {
		text = STR("it answered with an error");
	}
	snprintf(v->text, sizeof(v->text), "%s%.*s", status, STR_FMT(str_cut_utf8(text, 300)));
}

static void act(struct verdict *v, const struct error_rule *e, const struct definition *d,
	const struct hark_reply *reply, struct work *w)
{
	static const enum hark_refusal refusals[] = {
		[ACTION_RETRY_LATER] = HARK_REFUSED,
		[ACTION_BACKOFF] = HARK_REFUSED_QUOTA,
		[ACTION_AUTH_FAILED] = HARK_REFUSED_AUTH,
		[ACTION_QUOTA] = HARK_REFUSED_QUOTA,
		[ACTION_DISABLE] = HARK_REFUSED_GONE,
		[ACTION_FAIL] = HARK_REFUSED,
	};
	say(v, e, reply, w);
	switch (e->action) {
	case ACTION_IGNORE:
		v->kind = VERDICT_READ;
		break;
	case ACTION_PARTIAL:
		v->kind = VERDICT_PARTIAL;
		break;
	case ACTION_EMPTY:
		v->kind = VERDICT_EMPTY;
		break;
	case ACTION_RESET_CURSOR:
		v->kind = VERDICT_RESET;
		break;
	default:
		v->kind = VERDICT_REFUSED;
		v->refusal = refusals[e->action];
		v->until_ms = wait_of(e, d, reply, w);
	}
}

/* What a status means where no rule says otherwise. */
static void judge_status(struct verdict *v, int status)
{
	static const struct {
		int status;
		enum hark_refusal refusal;
		const char *text;
	} known[] = {
		{401, HARK_REFUSED_AUTH,
			"it wants a log-in or refuses us: check the source's secret and terms"},
		{403, HARK_REFUSED_AUTH,
			"it wants a log-in or refuses us: check the source's secret and terms"},
		{404, HARK_REFUSED, "nothing is at that address: check the source's settings"},
		{410, HARK_REFUSED_GONE, "it is gone for good"},
		{429, HARK_REFUSED, "it asks us to come back later"},
		{503, HARK_REFUSED, "it asks us to come back later"},
	};
	const char *text = status >= 500 ? "its server has a problem" : "it answered with an error";
	v->kind = VERDICT_REFUSED;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		if (known[i].status == status) {
			v->refusal = known[i].refusal;
			text = known[i].text;
		}
	}
	snprintf(v->text, sizeof(v->text), "HTTP %d: %s", status, text);
}

static void judge_page(struct verdict *v, const struct hark_reply *reply, struct work *w)
{
	struct str title =
		str_cut_utf8(html_title(str_n(reply->body, reply->body_bytes), w->arena), 100);
	struct str body = str_trim(str_n(reply->body, reply->body_bytes));
	struct str root = str_starts(body, STR("<?xml")) ? xml_root(body) : STR_NONE;
	v->kind = VERDICT_REFUSED;
	if (root.n > 0 && !str_eq_nocase(root, STR("html"))) {
		snprintf(v->text, sizeof(v->text), "it answered with XML (<%.*s>) instead of data",
			STR_FMT(str_cut_utf8(root, 60)));
		return;
	}
	snprintf(v->text, sizeof(v->text),
		"it answered with a web page%s%.*s%s instead of data: it blocks us, or the address is "
		"wrong",
		title.n > 0 ? " (" : "", STR_FMT(title), title.n > 0 ? ")" : "");
}

/* A reply that does not say what it is may be anything. */
static bool is_expected(const struct definition *d, const struct hark_reply *reply)
{
	bool fits = d->expect_n == 0 || reply->content_type == NULL;
	for (size_t i = 0; i < d->expect_n && !fits; i++) {
		fits = strcasestr(reply->content_type, d->expect[i]) != NULL;
	}
	return fits;
}

void verdict_of(struct verdict *out, const struct definition *d, const struct hark_reply *reply,
	const json_t *root, struct work *w)
{
	*out = (struct verdict){.kind = VERDICT_READ, .refusal = HARK_REFUSED};
	for (size_t i = 0; i < d->errors_n; i++) {
		if (applies(&d->errors[i], reply, root, w)) {
			act(out, &d->errors[i], d, reply, w);
			return;
		}
	}
	if (reply->status < 200 || reply->status > 299) {
		judge_status(out, reply->status);
	} else if (!is_expected(d, reply)) {
		out->kind = VERDICT_REFUSED;
		snprintf(out->text, sizeof(out->text),
			"it answered with %.60s where %.60s was expected", reply->content_type,
			d->expect[0]);
	} else if (reply_is_page(reply, d->items.format)) {
		judge_page(out, reply, w);
	}
}

struct str verdict_error(const json_t *root)
{
	static const char *const keys[] = {
		"error_description", "error_message", "error", "errors", "message", "detail"};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		const json_t *v = json_object_get(root, keys[i]);
		const json_t *one = json_is_array(v) ? json_array_get(v, 0) : v;
		struct str text = json_str(one, "message");
		text = text.n > 0 ? text : json_str(one, "detail");
		text = text.n > 0 ? text : json_str(one, "error");
		if (json_is_string(one)) {
			text = str_n(json_string_value(one), json_string_length(one));
		}
		if (text.n > 0) {
			return text;
		}
	}
	return STR_NONE;
}
