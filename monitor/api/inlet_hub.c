/* What hubs ask and send (WebSub, W3C Recommendation of 23 January 2018, sections 5.3, 7 and 7.1). */
#include "monitor/api/inlet_in.h"
#include "monitor/api/signature.h"
#include "monitor/base/crypto.h"

#include <stdlib.h>

#define GONE_S 60 /* a source that rests is asked for again no sooner */

static bool is_get(const struct http_exchange *x)
{
	return str_eq_c(http_method(x), "GET");
}

bool inlet_hub_admit(struct inlet *in, struct http_exchange *x, struct str name, struct str id)
{
	struct websub_place place;
	if (in->options.websub == NULL || !websub_find(in->options.websub, name, id, &place)) {
		return false;
	}
	crypto_wipe(place.secret, sizeof(place.secret));
	if (is_get(x)) {
		http_body_max(x, 0);
	} else if (!str_eq_c(http_method(x), "POST")) {
		http_header(x, "Allow", "GET, POST");
		http_problem(x, 405, "a hub asks by GET and sends by POST");
	} else if (place.is_left) {
		http_problem(x, 410, "the subscription has ended");
	} else {
		char source[68];
		snprintf(source, sizeof(source), "%.*s", STR_FMT(name));
		if (inlet_has_room(in, source, x)) {
			http_body_max(x, place.body_max);
		}
	}
	return true;
}

/* Whether we meant it: the challenge comes back, as text and nothing else. */
static void answer_question(
	struct inlet *in, struct http_exchange *x, struct str name, struct str id)
{
	const struct subscription_question q = {
		.mode = http_query(x, "hub.mode"),
		.topic = http_query(x, "hub.topic"),
		.challenge = http_query(x, "hub.challenge"),
		.lease_seconds = http_query(x, "hub.lease_seconds"),
		.reason = http_query(x, "hub.reason"),
	};
	enum subscription_reply reply = websub_answer(in->options.websub, name, id, &q);
	if (reply == SUBSCRIPTION_NO) {
		http_problem(x, 404, "hark did not ask for that");
		return;
	}
	http_header(x, "Content-Type", "text/plain; charset=utf-8");
	http_header(x, "X-Content-Type-Options", "nosniff");
	http_header(x, "Cache-Control", "no-store");
	http_answer(x, 200, reply == SUBSCRIPTION_YES ? q.challenge : STR(""));
}

/* A hub repeats what is not taken; what is wrong with content is no business of its. */
static void answer_content(struct http_exchange *x, const struct push *p)
{
	if (p->end == PUSH_GONE) {
		inlet_later(x, 503, GONE_S, p->why);
	} else if (p->stored && p->end != PUSH_LATER) {
		http_answer(x, 204, STR(""));
	} else {
		inlet_later(
			x, 503, INLET_BUSY_S, "it could not be stored now: send it again later");
	}
}

static bool is_good(const struct http_exchange *x, const struct websub_place *place)
{
	return signature_hub(http_request_header(x, "X-Hub-Signature"), http_body(x),
		       str_c(place->secret), true) == SIGNATURE_GOOD;
}

/* NULL: it has been answered. */
static struct push *take_content(struct inlet *in, struct http_exchange *x, const char *source,
	const struct websub_place *place)
{
	char *topic = strdup(place->topic);
	struct push *p = topic != NULL ? inlet_make_push(in, source, x, answer_content) : NULL;
	if (p == NULL) {
		free(topic);
		inlet_later(x, 503, INLET_BUSY_S, "no memory for it: send it again later");
		return NULL;
	}
	p->topic = topic;
	p->is_ping = place->secret[0] == '\0';
	return p;
}

/* With the lock held. NULL: it has been answered. */
static struct push *take_message(struct inlet *in, struct http_exchange *x, struct str name,
	struct str id, const struct websub_place *place, bool good)
{
	struct websub *w = in->options.websub;
	char source[68];
	snprintf(source, sizeof(source), "%.*s", STR_FMT(name));
	if (!inlet_has_room(in, source, x)) {
		return NULL;
	}
	websub_count(w, name, id, good);
	if (!good) {
		inlet_count_refused(in, source);
		http_answer(x, 204, STR("")); /* whoever tries keys is told nothing */
		return NULL;
	}
	return take_content(in, x, source, place);
}

bool inlet_hub_take(struct inlet *in, struct http_exchange *x, struct str name, struct str id,
	struct push **out)
{
	struct websub *w = in->options.websub;
	struct websub_place place;
	*out = NULL;
	if (w == NULL || !websub_find(w, name, id, &place)) {
		return false;
	}
	if (is_get(x)) {
		answer_question(in, x, name, id);
	} else if (place.is_left) {
		http_problem(x, 410, "the subscription has ended");
	} else {
		bool good = place.secret[0] == '\0' || is_good(x, &place); /* megabytes perhaps */
		pthread_mutex_lock(&in->lock);
		*out = take_message(in, x, name, id, &place, good);
		pthread_mutex_unlock(&in->lock);
	}
	crypto_wipe(&place, sizeof(place));
	return true;
}
