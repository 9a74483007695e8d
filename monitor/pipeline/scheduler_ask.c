/* Polls on their way: what is due asks its host, the disk or a program, and what comes back goes to a
 * worker. */
#include "monitor/pipeline/scheduler_parts.h"

#include "monitor/base/clock.h"
#include "monitor/pipeline/budget.h"

#include <stdio.h>
#include <stdlib.h>

#define ASIDE_WAIT_MS 500 /* until there is perhaps room for one more program */

struct flight {
	struct scheduler *scheduler;
	struct source *source;
};

/* Closing down, or no memory: the poll did not happen; it is due again after its interval. */
static void call_off(struct scheduler *s, struct source *src, struct fetch_reply *reply)
{
	fetch_reply_free(reply);
	if (src->push == NULL) {
		src->state->due_ms = clock_wall_ms() + src->conf->every_ms;
	}
	scheduler_return(s, src);
}

void scheduler_hand_over_all(struct scheduler *s)
{
	size_t taken = queue_try_push_all(s->options.jobs, (void **)s->answered, s->answered_n);
	for (size_t i = taken; i < s->answered_n; i++) {
		call_off(s, s->answered[i]->source, s->answered[i]->reply);
		free(s->answered[i]);
	}
	s->answered_n = 0;
}

void scheduler_hand_over(struct scheduler *s, struct source *src, struct fetch_reply *reply)
{
	struct poll_job *job = calloc(1, sizeof(*job));
	if (job == NULL) {
		call_off(s, src, reply);
		return;
	}
	bool is_here = reply == NULL || src->transport == HARK_TRANSPORT_FILE ||
		       src->transport == HARK_TRANSPORT_PROCESS;
	bool is_offline = !is_here && outage_note(&s->outage, str_c(reply->url),
					      reply->rc != HARK_OK && reply->network);
	*job = (struct poll_job){src, reply, is_offline};
	s->answered[s->answered_n++] = job;
	if (s->answered_n == SCHEDULER_ANSWERED_MAX) {
		scheduler_hand_over_all(s);
	}
}

void scheduler_set_out(struct scheduler *s, struct source *src)
{
	src->out = true;
	s->under_way++;
}

/* Back into the heap, to be asked after `wait_ms`. */
static void ask_again(struct scheduler *s, struct source *src, int64_t wait_ms)
{
	src->out = false;
	s->under_way--;
	due_add(&s->due, src, clock_steady_ms() + wait_ms);
}

void scheduler_tell_answer(
	const struct scheduler *s, const struct source *src, const struct fetch_reply *reply)
{
	if (s->options.watch != NULL) {
		s->options.watch->answers(s->options.watch->ctx, src, reply);
	}
}

void scheduler_tell_request(
	const struct scheduler *s, const struct fetch_request *planned, bool is_login)
{
	if (s->options.watch != NULL) {
		s->options.watch->asks(s->options.watch->ctx, planned, is_login);
	}
}

static void on_reply(void *user, struct fetch_reply *reply)
{
	struct flight *flight = user;
	struct scheduler *s = flight->scheduler;
	struct source *src = flight->source;
	free(flight);
	scheduler_tell_answer(s, src, reply);
	crowd_leave(s->crowds, src);
	if (reply->rc == HARK_EPIPE) {
		/* We are stopping: nobody's failure. */
		fetch_reply_free(reply);
		scheduler_return(s, src);
		return;
	}
	if (auth_expired(src, reply) && !src->orphan && src->heir == NULL &&
		auth_refused(s->auth, src, clock_steady_ms())) {
		fetch_reply_free(reply);
		ask_again(s, src, 0); /* once, with a new token */
		return;
	}
	rate_note(s->buckets, src);
	scheduler_hand_over(s, src, reply);
}

/* NULL: no memory, and the source is on its way home. */
static struct fetch_reply *reply_to_fill(struct scheduler *s, struct source *src)
{
	struct fetch_reply *reply = calloc(1, sizeof(*reply));
	if (reply == NULL) {
		src->state->due_ms = clock_wall_ms() + src->conf->every_ms;
		scheduler_return(s, src);
		return NULL;
	}
	buf_init(&reply->body, 0);
	buf_init(&reply->headers, 512);
	return reply;
}

/* The disk is read by the worker, so that transfers do not wait for it. */
static void start_file(struct scheduler *s, struct source *src)
{
	scheduler_set_out(s, src);
	struct fetch_reply *reply = reply_to_fill(s, src);
	if (reply != NULL) {
		scheduler_hand_over(s, src, reply);
	}
}

/* A poll that could not even start, of one that is out, is judged like any other failure, by a worker. */
static void fail_to_start(struct scheduler *s, struct source *src, const struct hark_err *err)
{
	crowd_leave(s->crowds, src);
	struct fetch_reply *reply = reply_to_fill(s, src);
	if (reply == NULL) {
		return;
	}
	reply->rc = err->code != HARK_OK ? err->code : HARK_EINVAL;
	reply->received_ms = clock_wall_ms();
	snprintf(reply->error, sizeof(reply->error), "%.*s", (int)sizeof(reply->error) - 1,
		err->text);
	scheduler_hand_over(s, src, reply);
}

/* A program runs on a thread of its own; of many the last wait for room. */
static void start_program(
	struct scheduler *s, struct source *src, const struct fetch_request *request)
{
	struct program *program = NULL;
	struct hark_err err = {0};
	if (!aside_has_room(s->aside)) {
		due_add(&s->due, src, clock_steady_ms() + ASIDE_WAIT_MS);
		return;
	}
	scheduler_set_out(s, src);
	if (program_new(&program, src, request, &err) != HARK_OK) {
		fail_to_start(s, src, &err);
		return;
	}
	struct fetch_reply *reply = reply_to_fill(s, src);
	if (reply == NULL || aside_start(s->aside, src, program, reply) != HARK_OK) {
		program_free(program);
		if (reply != NULL) {
			call_off(s, src, reply);
		}
	}
}

static void on_login(void *user, struct fetch_reply *reply)
{
	struct flight *flight = user;
	struct scheduler *s = flight->scheduler;
	struct source *src = flight->source;
	struct hark_err err = {0};
	free(flight);
	scheduler_tell_answer(s, src, reply);
	crowd_leave(s->crowds, src);
	if (reply->rc == HARK_EPIPE) {
		fetch_reply_free(reply);
		scheduler_return(s, src);
		return;
	}
	int rc = auth_logged_in(s->auth, src, reply, clock_steady_ms(), &err);
	fetch_reply_free(reply);
	if (rc != HARK_OK) {
		fail_to_start(s, src, &err);
	} else if (src->orphan || src->heir != NULL) {
		scheduler_return(s, src); /* somebody else goes on */
	} else {
		ask_again(s, src, 0);
	}
}

/* One request, for a page or for a token. `planned`: before the source's log-in was added. */
static void send_request(struct scheduler *s, struct source *src,
	const struct fetch_request *request, const struct fetch_request *planned, bool is_login)
{
	struct hark_err err = {0};
	struct flight *flight = malloc(sizeof(*flight));
	scheduler_set_out(s, src);
	if (flight == NULL) {
		hark_err_set(&err, HARK_ENOMEM, "no memory to poll it");
		fail_to_start(s, src, &err);
		return;
	}
	*flight = (struct flight){s, src};
	scheduler_tell_request(s, is_login ? request : planned, is_login);
	if (fetch_submit(s->fetch, request, is_login ? on_login : on_reply, flight, &err) !=
		HARK_OK) {
		free(flight);
		fail_to_start(s, src, &err);
		return;
	}
	if (!is_login) {
		rate_take(s->buckets, src, planned->url, &s->scratch);
		budget_send(src);
	}
}

static void listen_to(struct scheduler *s, struct source *src, const struct fetch_request *request,
	const struct fetch_request *planned)
{
	struct hark_err err = {0};
	if (scheduler_listen(s, src, request, &err) != HARK_OK) {
		scheduler_set_out(s, src);
		fail_to_start(s, src, &err);
		return;
	}
	scheduler_tell_request(s, planned, false);
	rate_take(s->buckets, src, planned->url, &s->scratch);
	budget_send(src);
}

/* Over the network: when its rates allow it, with its log-in, and when its host has a place. */
static void ask_host(struct scheduler *s, struct source *src, struct fetch_request *request)
{
	const struct fetch_request planned = *request;
	struct hark_err err = {0};
	enum auth_next next = AUTH_READY;
	int64_t wait = rate_wait(s->buckets, src, planned.url, &s->scratch);
	if (wait == 0) {
		next = auth_complete(s->auth, src, request, &s->scratch, clock_steady_ms(), &err);
		wait = next == AUTH_WAIT ? SCHEDULER_AUTH_WAIT_MS : 0;
	}
	if (wait > 0) {
		crowd_leave(s->crowds, src);
		due_add(&s->due, src, clock_steady_ms() + wait);
	} else if (next == AUTH_FAILED) {
		scheduler_set_out(s, src);
		fail_to_start(s, src, &err);
	} else if (next == AUTH_LOG_IN) {
		send_request(s, src, request, &planned, true);
	} else if (src->listens && src->more.first == NULL) {
		listen_to(s, src, request, &planned);
	} else if (crowd_enter(s->crowds, src, request->url)) {
		send_request(s, src, request, &planned, false);
	}
}

/* It came due, or its turn at its host, when its hours had closed: until they open, how long is that? */
static int64_t closed_ms(const struct source *src)
{
	int64_t wall_ms = clock_wall_ms();
	bool goes_on = src->called || src->more.first != NULL || src->listener != NULL;
	return goes_on ? 0 : pace_within(src->conf->hours, wall_ms, src->conf->every_ms) - wall_ms;
}

void scheduler_start(struct scheduler *s, struct source *src)
{
	if (src->pushes != NULL && src->more.first == NULL) {
		scheduler_start_push(s, src);
		return;
	}
	due_remove(&s->due, src);
	if (src->listener != NULL && src->more.first == NULL) {
		due_add(&s->due, src, SCHEDULER_NOT_DUE); /* an admin's wish: it is heard already */
		return;
	}
	int64_t wait = closed_ms(src);
	if (wait > 0) {
		crowd_leave(s->crowds, src);
		due_add(&s->due, src, clock_steady_ms() + wait);
		return;
	}
	struct fetch_request request;
	struct hark_err err = {0};
	arena_reset(&s->scratch);
	if (poll_request(src, &request, &s->scratch, &err) != HARK_OK) {
		scheduler_set_out(s, src);
		fail_to_start(s, src, &err);
	} else if (src->transport == HARK_TRANSPORT_FILE) {
		start_file(s, src);
	} else if (src->transport == HARK_TRANSPORT_PROCESS) {
		start_program(s, src, &request);
	} else {
		ask_host(s, src, &request);
	}
}
