#include "monitor/pipeline/push.h"

#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/base/count.h"
#include "monitor/pipeline/poll.h"
#include "monitor/pipeline/poll_health.h"

#include <stdio.h>
#include <stdlib.h>

#define PING_MS (INT64_C(60) * 1000) /* after a poll, that a hub may ask for the next */

static char *copy_of(struct str s)
{
	char *copy = malloc(s.n + 1);
	if (copy != NULL) {
		memcpy(copy, s.n > 0 ? s.p : "", s.n);
		copy[s.n] = '\0';
	}
	return copy;
}

struct push *push_new(struct str source, struct str body, struct str content_type)
{
	struct push *p = calloc(1, sizeof(*p));
	if (p == NULL) {
		return NULL;
	}
	buf_init(&p->body, body.n);
	buf_add_str(&p->body, body);
	p->source = copy_of(source);
	p->content_type = content_type.p != NULL ? copy_of(content_type) : NULL;
	if (p->source == NULL || p->body.rc != HARK_OK ||
		(content_type.p != NULL && p->content_type == NULL)) {
		push_free(p);
		return NULL;
	}
	return p;
}

void push_free(struct push *p)
{
	if (p == NULL) {
		return;
	}
	for (size_t i = 0; i < p->skips_n; i++) {
		free(p->skips[i].why);
	}
	free(p->skips);
	free(p->left_out);
	buf_release(&p->body);
	free(p->content_type);
	free(p->topic);
	free(p->source);
	free(p);
}

void push_end(struct push *p)
{
	p->done(p->ctx, p);
}

void push_end_all(struct push **list, enum push_end end, const char *why)
{
	while (*list != NULL) {
		struct push *p = *list;
		*list = p->next;
		p->end = end;
		snprintf(p->why, sizeof(p->why), "%s", why);
		push_end(p);
	}
}

/* Without memory the sender hears of fewer. */
static void keep_skips(struct push *p, const struct collected *got)
{
	p->skipped = got->skipped;
	p->skips = calloc(got->rejects_n + 1, sizeof(*p->skips));
	for (size_t i = 0; p->skips != NULL && i < got->rejects_n; i++) {
		struct push_skip *s = &p->skips[p->skips_n];
		*s = (struct push_skip){got->rejects[i].item, copy_of(got->rejects[i].why)};
		p->skips_n += s->why != NULL;
	}
	p->left_out = got->degraded          ? copy_of(got->degraded_why)
		      : got->noted.p != NULL ? copy_of(got->noted)
					     : NULL;
}

/* As a reply without a request of ours. */
static int read_push(
	struct batch *b, struct source *src, struct collected *got, struct hark_err *err)
{
	const struct push *p = src->push;
	const struct definition *d = connector_definition(src->connector);
	struct hark_request planned = {0};
	const struct hark_reply reply = {
		.status = 200,
		.url = p->topic,
		.content_type = p->content_type,
		.charset = src->conf->charset,
		.body = buf_c(&p->body),
		.body_bytes = p->body.n,
		.received_ms = p->received_ms,
	};
	int rc = collect_plan(
		src->connector, src->ctx, NULL, p->received_ms, &planned, &b->arena, err);
	if (rc == HARK_OK) {
		rc = collect(got, src->connector, src->ctx, str_c(src->conf->name), &reply,
			&b->arena, err);
	}
	if (rc == HARK_OK && d != NULL && got->posts_n == 0) {
		rc = collect_moves(
			got, src->connector, str_c(src->conf->name), d->is_private, &b->arena, err);
	}
	return rc;
}

/* What is wrong with a message is its sender's to mend; it stands in the list of sources until a good one
 * comes, and makes nobody's failure. */
static void refuse(struct batch *b, struct push *p, const struct hark_err *err)
{
	p->end = PUSH_BAD;
	snprintf(p->why, sizeof(p->why), "%s", err->text);
	b->posts_n = 0;
	b->state.error = arena_str(&b->arena, str_c(err->text));
	b->state.error_ms = b->received_ms;
}

/* A source that its hub says has news is polled soon, but not in the middle of its failures. */
static void poll_soon(struct batch *b, const struct source *src, int64_t now_ms)
{
	int64_t least = src->conf->internal ? src->conf->spacing_ms : PING_MS;
	int64_t due = src->state->polled_ms + least;
	due = due > now_ms ? due : now_ms;
	if (src->state->failures == 0 && due < b->state.due_ms) {
		b->state.due_ms = due;
	}
}

static int take_content(struct batch *b, struct source *src, struct matcher *m, int64_t now_ms)
{
	struct collected got = {0};
	struct hark_err err = {0};
	int rc = read_push(b, src, &got, &err);
	if (rc == HARK_EPARSE || (rc == HARK_OK && got.posts_n + got.withdrawn_n == 0)) {
		poll_soon(
			b, src, now_ms); /* it is something else than its topic, or a part of it */
		return HARK_OK;
	}
	if (rc == HARK_OK) {
		rc = poll_take(b, src, &got, m);
	}
	if (rc == HARK_OK) {
		rc = poll_remember(b, src, true);
	}
	source_pages_reset(src);
	src->push->posts = got.posts_n;
	return rc;
}

/* What its hub sends of a source that is polled: the same as a poll of the page, as far as its posts go. What
 * the poll is to know next time, validators, pace and failures, is the poll's. */
static struct batch *hub_batch(struct source *src, struct matcher *m, int64_t now_ms)
{
	struct push *p = src->push;
	struct batch *b = poll_batch_new(src, now_ms);
	if (b == NULL) {
		return NULL;
	}
	b->state = *src->state;
	if (!src->state->baseline_done) {
		return b; /* nobody could tell what is new in it; PUSH_LATER */
	}
	p->end = PUSH_READ;
	if (p->is_ping) {
		poll_soon(b, src, now_ms);
	} else if (take_content(b, src, m, now_ms) != HARK_OK) {
		p->end = PUSH_LATER;
		batch_free(b);
		return NULL;
	}
	for (size_t i = 0; i < b->posts_n; i++) {
		b->state.posts_total += !b->posts[i].post.opted_out;
	}
	if (b->posts_n > 0) {
		b->state.changed_ms = now_ms;
		health_pushed(b, now_ms);
	}
	return b;
}

struct batch *push_batch(struct source *src, struct matcher *m, int64_t now_ms)
{
	struct push *p = src->push;
	if (p->topic != NULL) {
		return hub_batch(src, m, now_ms);
	}
	struct batch *b = poll_batch_new(src, now_ms);
	struct collected got = {0};
	struct hark_err err = {0};
	if (b == NULL) {
		return NULL;
	}
	b->historic = false;
	b->state.baseline_done = true;
	b->state.error = b->state.degraded = b->state.noted = STR_NONE;
	b->state.heard_ms = now_ms;
	int rc = read_push(b, src, &got, &err);
	if (rc == HARK_EPARSE) {
		refuse(b, p, &err);
		return b;
	}
	if (rc == HARK_OK) {
		rc = poll_take(b, src, &got, m);
		source_pages_reset(src); /* nothing of it is compared with the next message */
	}
	if (rc != HARK_OK) {
		batch_free(b);
		return NULL;
	}
	keep_skips(p, &got);
	p->posts = got.posts_n;
	p->profiles = got.profiles_n;
	if (got.posts_n + got.profiles_n + got.opted_out == 0 && got.skipped > 0) {
		hark_err_set(&err, HARK_EPARSE, "of its %s none is a record: %.*s",
			COUNT(got.skipped, "item"), STR_FMT(got.skips[0].why));
		refuse(b, p, &err);
		return b;
	}
	poll_mark_degraded(b, &got, NULL);
	p->end = PUSH_READ;
	b->counts_new = true; /* senders repeat themselves, and nothing is compared here */
	b->state.changed_ms = b->posts_n > 0 ? now_ms : b->state.changed_ms;
	return b;
}
