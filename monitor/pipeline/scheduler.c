#include "monitor/pipeline/scheduler.h"

#include "monitor/base/clock.h"
#include "monitor/base/log.h"
#include "monitor/pipeline/aside.h"
#include "monitor/pipeline/auth.h"
#include "monitor/pipeline/bucket.h"
#include "monitor/pipeline/crowd.h"
#include "monitor/pipeline/listen.h"
#include "monitor/pipeline/rate.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
/* Without memory a hash gives up the entry instead of the program. */
#define HASH_NONFATAL_OOM 1
#include <uthash.h>
#include <utlist.h>

/* Sources of a host in fetch: what may be in flight, and as many to follow. */
#define PLACES(per_host) (2 * (size_t)(per_host))
#define ANSWERED_MAX 32
#define AUTH_WAIT_MS 1000
#define ASIDE_WAIT_MS 500       /* until there is perhaps room for one more program */
#define COUNT_WAIT_S 2          /* for a loop that is busy; then the last counts have to do */
#define NOT_DUE (INT64_MAX / 2) /* of one that is listened to, or has been polled once */
#define ONCE_LISTEN_MS 5000     /* `once`: each stream is heard for so long */
#define CLOCKS_MS (60 * 1000)   /* by which dates of others may be off */
#define RECENT 16 /* answers looked at to tell our own network's failure from a peer's */

struct named {
	UT_hash_handle hh;
	struct source *source;
};

enum message_kind {
	MESSAGE_INSTALL,
	MESSAGE_POLL,
	MESSAGE_PAUSE,
	MESSAGE_RESUME,
	MESSAGE_PUSH,
};

struct message {
	struct message *next;
	enum message_kind kind;
	struct source **sources; /* INSTALL: owned */
	size_t n;
	char *name; /* POLL, PAUSE, RESUME: owned */
	struct push *push;
};

struct recent {
	uint64_t host;
	bool failed;
};

struct scheduler {
	struct scheduler_options options;
	struct fetch *fetch;
	struct arena scratch;
	struct auth *auth;
	struct buckets *buckets;
	struct aside *aside;

	struct source **heap; /* by due_ms; slot is the index */
	size_t heap_n, heap_cap;
	struct crowds *crowds;
	struct source *listening; /* sources with a listener, through listen_next */
	struct rng rng;
	struct named *names; /* current sources by name */
	struct named *entries;
	size_t sources, under_way;
	bool installed, idle_told;
	bool is_restart; /* while the first sources are installed, and some were polled before */
	struct recent recent[RECENT];
	size_t recent_n;
	struct poll_job *answered[ANSWERED_MAX]; /* not handed to a worker yet, oldest first */
	size_t answered_n;

	pthread_cond_t counted;
	pthread_mutex_t lock;  /* guards those below */
	struct message *inbox; /* oldest first */
	struct source *homing; /* through home_next; a return needs no memory */
	struct scheduler_counts counts;
	bool is_asked;                    /* somebody waits for counts */
	struct scheduler_stream *streams; /* owned */
	size_t streams_n;
};

static void aside_ready(void *scheduler)
{
	fetch_wake(((struct scheduler *)scheduler)->fetch);
}

struct scheduler *scheduler_new(const struct scheduler_options *options)
{
	struct scheduler *s = calloc(1, sizeof(*s));
	struct crowds *crowds = crowds_new();
	struct auth *auth = auth_new();
	struct buckets *buckets = buckets_new();
	struct aside *aside = aside_new(aside_ready, s);
	if (s == NULL || crowds == NULL || auth == NULL || buckets == NULL || aside == NULL) {
		aside_free(aside);
		free(s);
		crowds_free(crowds);
		auth_free(auth);
		buckets_free(buckets);
		return NULL;
	}
	s->options = *options;
	s->crowds = crowds;
	s->auth = auth;
	s->buckets = buckets;
	s->aside = aside;
	s->rng.state = (uint64_t)clock_wall_ms();
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->counted, NULL);
	arena_init(&s->scratch, 0);
	return s;
}

void scheduler_restore(struct scheduler *s, const struct rate_fill *fill)
{
	int64_t now = clock_steady_ms();
	bucket_restore(s->buckets, fill, clock_wall_ms() - now, now);
}

void scheduler_set_fetch(struct scheduler *s, struct fetch *fetch)
{
	s->fetch = fetch;
}

/* --- the heap --- */

static void put(struct scheduler *s, size_t i, struct source *src)
{
	s->heap[i] = src;
	src->slot = i;
}

static void sift_up(struct scheduler *s, size_t i)
{
	struct source *src = s->heap[i];
	for (; i > 0 && s->heap[(i - 1) / 2]->due_ms > src->due_ms; i = (i - 1) / 2) {
		put(s, i, s->heap[(i - 1) / 2]);
	}
	put(s, i, src);
}

static void sift_down(struct scheduler *s, size_t i)
{
	struct source *src = s->heap[i];
	for (;;) {
		size_t child = 2 * i + 1;
		if (child + 1 < s->heap_n && s->heap[child + 1]->due_ms < s->heap[child]->due_ms) {
			child++;
		}
		if (child >= s->heap_n || s->heap[child]->due_ms >= src->due_ms) {
			break;
		}
		put(s, i, s->heap[child]);
		i = child;
	}
	put(s, i, src);
}

/* Room was made when the sources were installed. */
static void heap_add(struct scheduler *s, struct source *src)
{
	put(s, s->heap_n, src);
	sift_up(s, s->heap_n++);
}

static void heap_remove(struct scheduler *s, struct source *src)
{
	size_t i = src->slot;
	struct source *last = s->heap[--s->heap_n];
	if (last != src) {
		put(s, i, last);
		sift_up(s, i);
		sift_down(s, last->slot);
	}
}

/* Takes one that waits out of the heap, or out of the line of its host. */
static void take(struct scheduler *s, struct source *src)
{
	if (!src->in_line) {
		heap_remove(s, src);
	}
	crowd_leave(s->crowds, src);
}

/* --- waiting and starting --- */

static bool rests(const struct source *src)
{
	return src->state->paused || src->conf->paused;
}

static const struct source *named(struct scheduler *s, const char *name);
static void stop_listening(struct scheduler *s, struct source *src);

/* A fallback waits while the one it stands in for, or another before it, is well. */
static bool stands_by(struct scheduler *s, const struct source *src)
{
	const char *for_whom = src->conf->stands_for;
	const struct source *head = for_whom != NULL ? named(s, for_whom) : NULL;
	if (head == NULL || src->more.first != NULL) {
		return false;
	}
	bool is_needed = head->ails;
	for (size_t i = 0; i < src->conf->stands_at && i < head->conf->fallback_n; i++) {
		const struct source *before = named(s, head->conf->fallback[i]);
		is_needed = is_needed && (before == NULL || before->ails);
	}
	return !is_needed;
}

/* Puts a source that is at home where it belongs: into the heap, or aside. */
static void settle(struct scheduler *s, struct source *src, int64_t now_ms)
{
	int64_t wait = src->state->due_ms - clock_wall_ms();
	bool waits_for_peer = src->state->failures > 0 && wait > 0;
	bool is_pushed = src->transport == HARK_TRANSPORT_PUSH;
	if (rests(src)) {
		push_end_all(&src->pushes, PUSH_GONE, "the source is paused");
	}
	if (src->pushes != NULL) {
		src->due_ms = now_ms;
		heap_add(s, src);
		return;
	}
	if (src->more.first != NULL || src->files_left) {
		wait = 0;
	} else if (src->listener != NULL) {
		wait = NOT_DUE;
	} else if (s->options.once) {
		wait = src->polled || waits_for_peer ? NOT_DUE : 0;
	}
	/* The last request before a restart may have been a moment ago. */
	if (s->is_restart && wait < src->conf->spacing_ms) {
		wait = src->conf->spacing_ms;
	}
	/* A clock that jumped back must not stop a source for longer than the longest wait there is. */
	if (!s->options.once && wait != NOT_DUE && wait > PACE_DAY_MS + PACE_DAY_MS / 10) {
		wait = PACE_DAY_MS;
	}
	src->ails = source_state_ails(src->state);
	src->heard_ms = src->state->heard_ms;
	bool waits = stands_by(s, src);
	src->stood_by |= waits;
	src->due_ms = rests(src) || waits || is_pushed ? INT64_MAX : now_ms + (wait > 0 ? wait : 0);
	heap_add(s, src);
}

/* Those that stand in for `src`, or beside it for another, start or rest by how it is now. */
static void arrange(struct scheduler *s, const struct source *src, int64_t now_ms)
{
	const char *for_whom = src->conf->stands_for;
	const struct source *head = for_whom != NULL ? named(s, for_whom) : src;
	for (size_t i = 0; head != NULL && i < head->conf->fallback_n; i++) {
		struct source *in = (struct source *)named(s, head->conf->fallback[i]);
		if (in == NULL || in->out || in->elder != NULL) {
			continue;
		}
		bool waited = in->due_ms == INT64_MAX;
		take(s, in);
		settle(s, in, now_ms);
		if (in->listener != NULL && in->due_ms == INT64_MAX) {
			stop_listening(s, in);
		}
		bool begins = waited || (in->heard_ms == 0 && !in->stood_by);
		if (begins && in->due_ms != INT64_MAX) {
			in->stood_by = true;
			in->stands_since_ms = head->heard_ms - CLOCKS_MS;
			log_info("%s: polled in place of %s, which fails", in->conf->name,
				head->conf->name);
		} else if (!waited && in->due_ms == INT64_MAX && in->polled) {
			log_info("%s: rests, %s is well", in->conf->name, head->conf->name);
		}
	}
}

static void tell_when_all_polled(struct scheduler *s)
{
	bool waiting = s->heap_n > 0 && s->heap[0]->due_ms < INT64_MAX / 4;
	waiting |= s->listening != NULL;
	if (s->options.once && s->installed && !s->idle_told && s->under_way == 0 && !waiting) {
		s->idle_told = true;
		s->options.all_polled(s->options.ctx);
	}
}

/* Half of the last answers, from at least two hosts, say the network failed. */
static bool offline(struct scheduler *s, const struct fetch_reply *reply)
{
	struct str url = str_c(reply->url), host = STR_NONE;
	for (int part = 0; part < 3; part++) {
		str_split(&url, '/', &host); /* "https:", "", "host" */
	}
	s->recent[s->recent_n++ % RECENT] =
		(struct recent){hash64(host, 0), reply->rc != HARK_OK && reply->network};
	size_t n = s->recent_n < RECENT ? s->recent_n : RECENT, failed = 0;
	bool several = false;
	for (size_t i = 0; i < n; i++) {
		failed += s->recent[i].failed;
		several |= s->recent[i].failed && s->recent[i].host != s->recent[0].host;
	}
	return several && failed * 2 >= n;
}

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

/* What came in during a turn of the loop goes to the workers together, so that they wake once. */
static void hand_over_all(struct scheduler *s)
{
	size_t taken = queue_try_push_all(s->options.jobs, (void **)s->answered, s->answered_n);
	for (size_t i = taken; i < s->answered_n; i++) {
		call_off(s, s->answered[i]->source, s->answered[i]->reply);
		free(s->answered[i]);
	}
	s->answered_n = 0;
}

static void hand_over(struct scheduler *s, struct source *src, struct fetch_reply *reply)
{
	struct poll_job *job = calloc(1, sizeof(*job));
	if (job == NULL) {
		call_off(s, src, reply);
		return;
	}
	bool is_here = reply == NULL || src->transport == HARK_TRANSPORT_FILE ||
		       src->transport == HARK_TRANSPORT_PROCESS;
	*job = (struct poll_job){src, reply, !is_here && offline(s, reply)};
	s->answered[s->answered_n++] = job;
	if (s->answered_n == ANSWERED_MAX) {
		hand_over_all(s);
	}
}

/* Back into the heap, to be asked after `wait_ms`. */
static void ask_again(struct scheduler *s, struct source *src, int64_t wait_ms)
{
	src->out = false;
	s->under_way--;
	src->due_ms = clock_steady_ms() + wait_ms;
	heap_add(s, src);
}

static void tell_answer(
	const struct scheduler *s, const struct source *src, const struct fetch_reply *reply)
{
	if (s->options.watch != NULL) {
		s->options.watch->answers(s->options.watch->ctx, src, reply);
	}
}

static void on_reply(void *user, struct fetch_reply *reply)
{
	struct flight *flight = user;
	struct scheduler *s = flight->scheduler;
	struct source *src = flight->source;
	free(flight);
	tell_answer(s, src, reply);
	crowd_leave(s->crowds, src);
	if (reply->rc == HARK_EPIPE) {
		/* We are stopping: nobody's failure. */
		fetch_reply_free(reply);
		scheduler_return(s, src);
		return;
	}
	if (reply->rc == HARK_OK && reply->status == 401 && !src->orphan && src->heir == NULL &&
		auth_refused(s->auth, src, clock_steady_ms())) {
		fetch_reply_free(reply);
		ask_again(s, src, 0); /* once, with a new token */
		return;
	}
	rate_note(s->buckets, src);
	hand_over(s, src, reply);
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
	src->out = true;
	s->under_way++;
	struct fetch_reply *reply = reply_to_fill(s, src);
	if (reply != NULL) {
		hand_over(s, src, reply);
	}
}

/* A poll that could not even start is judged like any other failure, by a worker. */
static void fail_to_start(struct scheduler *s, struct source *src, const struct hark_err *err)
{
	struct fetch_reply *reply = reply_to_fill(s, src);
	if (reply == NULL) {
		return;
	}
	reply->rc = err->code != HARK_OK ? err->code : HARK_EINVAL;
	snprintf(reply->error, sizeof(reply->error), "%.*s", (int)sizeof(reply->error) - 1,
		err->text);
	hand_over(s, src, reply);
}

/* A program runs on a thread of its own; of many the last wait for room. */
static void start_program(
	struct scheduler *s, struct source *src, const struct fetch_request *request)
{
	struct program *program = NULL;
	struct hark_err err = {0};
	if (!aside_has_room(s->aside)) {
		src->due_ms = clock_steady_ms() + ASIDE_WAIT_MS;
		heap_add(s, src);
		return;
	}
	src->out = true;
	s->under_way++;
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
	tell_answer(s, src, reply);
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

static void tell_request(
	const struct scheduler *s, const struct fetch_request *planned, bool is_login)
{
	if (s->options.watch != NULL) {
		s->options.watch->asks(s->options.watch->ctx, planned, is_login);
	}
}

/* --- sources that are listened to --- */

static void park(struct scheduler *s, struct source *src, int64_t due_ms)
{
	src->due_ms = due_ms;
	heap_add(s, src);
}

/* It is out of the heap, and stays at home while it is listened to. */
static int start_listening(struct scheduler *s, struct source *src,
	const struct fetch_request *request, struct hark_err *err)
{
	enum events_format format = src->is_events ? EVENTS_SSE : EVENTS_LINES;
	int rc = listener_open(&src->listener, s->fetch, request, format, src->event_max, err);
	if (rc == HARK_OK) {
		DL_APPEND2(s->listening, src, listen_prev, listen_next);
		park(s, src, NOT_DUE);
	}
	return rc;
}

static void stop_listening(struct scheduler *s, struct source *src)
{
	if (src->listener != NULL) {
		DL_DELETE2(s->listening, src, listen_prev, listen_next);
		listener_free(src->listener);
		src->listener = NULL;
	}
}

/* A piece of the stream goes to the workers, with its source. */
static void send_piece(struct scheduler *s, struct source *src, struct fetch_reply *reply)
{
	take(s, src);
	src->out = true;
	src->stored = false;
	s->under_way++;
	rate_note(s->buckets, src);
	tell_answer(s, src, reply);
	hand_over(s, src, reply);
}

/* A second or two, or what the peer asks for, so that those it cut off do not come back together. */
static int64_t reconnect_ms(struct scheduler *s, int64_t wait_ms)
{
	return wait_ms + (int64_t)rng_below(&s->rng, (uint64_t)wait_ms + 500);
}

/* The connection has ended and what came over it is stored. */
static void end_listening(struct scheduler *s, struct source *src, int64_t now_ms)
{
	struct fetch_reply *end = listener_end(src->listener);
	int64_t wait = listener_wait(src->listener, now_ms);
	stop_listening(s, src);
	bool is_ours = end == NULL || end->rc == HARK_EPIPE;
	if (!is_ours && wait < 0) {
		if (end->rc == HARK_OK && end->status == 401 &&
			auth_refused(s->auth, src, now_ms)) {
			fetch_reply_free(end);
			take(s, src);
			park(s, src, now_ms);
			return;
		}
		send_piece(s, src, end);
		return;
	}
	if (!is_ours) {
		log_info("%s: connects again: %s", src->conf->name,
			end->rc != HARK_OK ? end->error : "the stream came to its end");
	}
	fetch_reply_free(end);
	take(s, src);
	if (is_ours || s->options.once || rests(src)) {
		settle(s, src, now_ms);
	} else {
		park(s, src, now_ms + reconnect_ms(s, wait));
	}
}

static void listen_to(struct scheduler *s, struct source *src, int64_t now_ms)
{
	struct listener_facts facts;
	listener_look(src->listener, now_ms, &facts);
	bool is_over = s->options.once && now_ms - facts.started_ms >= ONCE_LISTEN_MS;
	/* While a piece is under way the state is the writer's. */
	if ((!src->out && rests(src)) || is_over) {
		listener_close(src->listener);
	}
	if (src->out || src->more.first != NULL || s->under_way >= s->options.under_way_max) {
		return;
	}
	struct fetch_reply *reply = listener_take(src->listener, now_ms);
	if (reply != NULL) {
		send_piece(s, src, reply);
	} else if (listener_has_ended(src->listener)) {
		end_listening(s, src, now_ms);
	}
}

/* When there is more to do for those that are at home. */
static int64_t listen_to_all(struct scheduler *s, int64_t now_ms)
{
	int64_t due_ms = INT64_MAX;
	for (struct source *src = s->listening, *next; src != NULL; src = next) {
		next = src->listen_next;
		listen_to(s, src, now_ms);
		if (src->listener != NULL && !src->out && src->more.first == NULL) {
			int64_t at = listener_due(src->listener);
			due_ms = at < due_ms ? at : due_ms;
		}
	}
	return s->options.once && s->listening != NULL && due_ms > now_ms + AUTH_WAIT_MS
		       ? now_ms + AUTH_WAIT_MS
		       : due_ms;
}

/* The oldest of the messages that wait goes to a worker. */
static void start_push(struct scheduler *s, struct source *src)
{
	heap_remove(s, src);
	crowd_leave(s->crowds, src);
	src->push = src->pushes;
	src->pushes = src->push->next;
	src->push->next = NULL;
	src->out = true;
	s->under_way++;
	hand_over(s, src, NULL);
}

/* Out of the heap and on its way, or into the line of its host. */
static void start(struct scheduler *s, struct source *src)
{
	if (src->pushes != NULL) {
		start_push(s, src);
		return;
	}
	struct fetch_request request;
	struct hark_err err = {0};
	enum auth_next next = AUTH_READY;
	heap_remove(s, src);
	if (src->listener != NULL && src->more.first == NULL) {
		park(s, src, NOT_DUE); /* an admin's wish: it is heard already */
		return;
	}
	arena_reset(&s->scratch);
	int rc = poll_request(src, &request, &s->scratch, &err);
	if (rc == HARK_OK && src->transport == HARK_TRANSPORT_FILE) {
		start_file(s, src);
		return;
	}
	if (rc == HARK_OK && src->transport == HARK_TRANSPORT_PROCESS) {
		start_program(s, src, &request);
		return;
	}
	const struct fetch_request planned = request;
	const char *url = planned.url;
	int64_t wait = rc == HARK_OK ? rate_wait(s->buckets, src, url, &s->scratch) : 0;
	if (rc == HARK_OK && wait == 0) {
		next = auth_complete(s->auth, src, &request, &s->scratch, clock_steady_ms(), &err);
		wait = next == AUTH_WAIT ? AUTH_WAIT_MS : 0;
	}
	if (wait > 0) {
		crowd_leave(s->crowds, src);
		src->due_ms = clock_steady_ms() + wait;
		heap_add(s, src);
		return;
	}
	rc = next == AUTH_FAILED ? err.code : rc;
	if (rc == HARK_OK && next == AUTH_READY && src->listens && src->more.first == NULL) {
		rc = start_listening(s, src, &request, &err);
		if (rc == HARK_OK) {
			tell_request(s, &request, false);
			rate_take(s->buckets, src, url, &s->scratch);
			return;
		}
	}
	if (rc == HARK_OK && next == AUTH_READY && !crowd_enter(s->crowds, src, request.url)) {
		return;
	}
	struct flight *flight = malloc(sizeof(*flight));
	src->out = true;
	s->under_way++;
	if (flight == NULL) {
		rc = hark_err_set(&err, HARK_ENOMEM, "no memory to poll it");
	}
	if (rc == HARK_OK) {
		*flight = (struct flight){s, src};
		tell_request(s, next == AUTH_LOG_IN ? &request : &planned, next == AUTH_LOG_IN);
		rc = fetch_submit(s->fetch, &request, next == AUTH_LOG_IN ? on_login : on_reply,
			flight, &err);
	}
	if (rc != HARK_OK) {
		free(flight);
		crowd_leave(s->crowds, src);
		fail_to_start(s, src, &err);
	} else if (next == AUTH_READY) {
		rate_take(s->buckets, src, url, &s->scratch);
	}
}

/* --- messages from other threads --- */

static struct named *find(struct scheduler *s, const char *name)
{
	struct named *n = NULL;
	HASH_FIND_STR(s->names, name, n);
	return n;
}

static const struct source *named(struct scheduler *s, const char *name)
{
	const struct named *n = find(s, name);
	return n != NULL ? n->source : NULL;
}

/* The memory of `old` becomes that of `heir`, which is new. */
/* The connection goes on unless it leads elsewhere. The heir's connector has to know what was asked. */
static void inherit_stream(struct scheduler *s, struct source *heir, struct source *old)
{
	struct fetch_request request;
	bool same = heir->place == old->place && heir->connector == old->connector &&
		    heir->conf->internal == old->conf->internal;
	if (old->listener == NULL) {
		return;
	}
	arena_reset(&s->scratch);
	if (!same || poll_request(heir, &request, &s->scratch, NULL) != HARK_OK) {
		stop_listening(s, old);
		return;
	}
	DL_DELETE2(s->listening, old, listen_prev, listen_next);
	heir->listener = old->listener;
	old->listener = NULL;
	DL_APPEND2(s->listening, heir, listen_prev, listen_next);
}

static void inherit(struct scheduler *s, struct source *heir, struct source *old)
{
	struct source_state *given = heir->state;
	heir->state = old->state;
	old->state = given;
	heir->polled = old->polled;
	heir->cut_ms = old->cut_ms;
	heir->stood_by = old->stood_by;
	heir->stands_since_ms = old->stands_since_ms;
	LL_CONCAT(old->pushes, heir->pushes);
	heir->pushes = old->pushes;
	old->pushes = NULL;
	if (source_settle_in(heir)) {
		heir->polled = false;
		log_info("%s: polled at another place now, whose first poll is a baseline",
			heir->conf->name);
	}
	inherit_stream(s, heir, old);
}

static void adopt(struct scheduler *s, struct source *heir, struct source *old, int64_t now_ms)
{
	inherit(s, heir, old);
	source_free(old);
	settle(s, heir, now_ms);
}

static void wait_for(struct source *heir, struct source *elder)
{
	heir->elder = elder;
	heir->ails = elder->ails;
	heir->heard_ms = elder->heard_ms;
	elder->heir = heir;
}

/* One that is under way is waited for; of several heirs meanwhile only the last counts. */
static void replace(struct scheduler *s, struct source *old, struct source *heir, int64_t now_ms)
{
	if (old->out) {
		aside_abandon(s->aside, old);
		wait_for(heir, old);
	} else if (old->elder != NULL) {
		wait_for(heir, old->elder);
		heir->pushes = old->pushes;
		old->pushes = NULL;
		source_free(old);
	} else {
		take(s, old);
		adopt(s, heir, old, now_ms);
	}
}

static void drop(struct scheduler *s, struct source *src)
{
	stop_listening(s, src);
	if (src->out) {
		aside_abandon(s->aside, src);
		src->orphan = true;
		return;
	}
	if (src->elder != NULL) {
		stop_listening(s, src->elder);
		src->elder->heir = NULL;
		src->elder->orphan = true;
	} else {
		take(s, src);
	}
	source_free(src);
}

static bool make_room(struct scheduler *s, size_t n)
{
	if (n <= s->heap_cap) {
		return true;
	}
	struct source **grown = realloc(s->heap, n * sizeof(*grown));
	if (grown == NULL) {
		return false;
	}
	s->heap = grown;
	s->heap_cap = n;
	return true;
}

/* The new sources by name, in `entries`; false: no memory. */
static bool name_sources(const struct message *m, struct named *entries, struct named **fresh)
{
	for (size_t i = 0; i < m->n; i++) {
		const char *name = m->sources[i]->conf->name;
		entries[i].source = m->sources[i];
		HASH_ADD_KEYPTR(hh, *fresh, name, strlen(name), &entries[i]);
		if (entries[i].hh.tbl == NULL) {
			return false;
		}
	}
	return true;
}

static bool was_polled(const struct message *m)
{
	for (size_t i = 0; i < m->n; i++) {
		if (m->sources[i]->state->polled_ms > 0) {
			return true;
		}
	}
	return false;
}

static void install(struct scheduler *s, struct message *m, int64_t now_ms)
{
	struct named *entries = calloc(m->n + 1, sizeof(*entries)), *fresh = NULL, *old, *tmp;
	if (entries == NULL || !make_room(s, s->heap_n + m->n) ||
		!name_sources(m, entries, &fresh)) {
		log_error("no memory for %zu sources: the old ones stay", m->n);
		HASH_CLEAR(hh, fresh);
		free(entries);
		for (size_t i = 0; i < m->n; i++) {
			source_free(m->sources[i]);
		}
		return;
	}
	s->is_restart = !s->installed && was_polled(m);
	for (size_t i = 0; i < m->n; i++) {
		struct source *src = m->sources[i];
		old = find(s, src->conf->name);
		if (old != NULL) {
			HASH_DEL(s->names, old);
			replace(s, old->source, src, now_ms);
		} else {
			settle(s, src, now_ms);
		}
	}
	HASH_ITER (hh, s->names, old, tmp) {
		HASH_DEL(s->names, old);
		drop(s, old->source);
	}
	free(s->entries);
	s->entries = entries;
	s->names = fresh;
	s->sources = m->n;
	if (m->n > 0) {
		crowds_set_most(s->crowds, PLACES(m->sources[0]->setup->conf->http_per_host));
	}
	for (size_t i = 0; i < m->n; i++) {
		arrange(s, entries[i].source, now_ms);
	}
	s->installed = true;
	s->is_restart = false;
}

static void grant_wish(struct source *src)
{
	if (src->wish == WISH_NONE) {
		return;
	}
	src->state->paused = src->wish == WISH_PAUSE;
	if (src->wish == WISH_RESUME) {
		src->state->due_ms = 0;
		src->state->failures = 0;
	}
	src->wish = WISH_NONE;
}

static void come_home(struct scheduler *s, struct source *src, int64_t now_ms)
{
	s->under_way--;
	src->out = false;
	if (src->push != NULL) {
		push_end(src->push);
		src->push = NULL;
	} else {
		rate_hold(s->buckets, src, now_ms, &s->scratch);
		src->polled = true;
	}
	if (src->listener != NULL && (!src->stored || src->state->failures > 0)) {
		stop_listening(s, src); /* what is not stored is had again from the cursor */
	}
	src->stood_by = src->stood_by && (src->state->failures > 0 || src->more.first != NULL);
	grant_wish(src);
	if (src->heir != NULL) {
		struct source *heir = src->heir;
		heir->elder = NULL;
		adopt(s, heir, src, now_ms);
		arrange(s, heir, now_ms);
	} else if (src->orphan) {
		source_free(src);
	} else {
		settle(s, src, now_ms);
		arrange(s, src, now_ms);
	}
}

static void poll_named(struct scheduler *s, const char *name, int64_t now_ms)
{
	struct named *n = find(s, name);
	if (n != NULL && !n->source->out && n->source->elder == NULL &&
		n->source->transport != HARK_TRANSPORT_PUSH) {
		take(s, n->source);
		n->source->due_ms = now_ms;
		heap_add(s, n->source);
	}
}

static void push_named(struct scheduler *s, struct push *p, int64_t now_ms)
{
	struct named *n = find(s, p->source);
	if (n == NULL) {
		push_end_all(&p, PUSH_GONE, "there is no such source any more");
		return;
	}
	struct source *src = n->source;
	LL_APPEND(src->pushes, p);
	if (!src->out && src->elder == NULL) {
		take(s, src);
		settle(s, src, now_ms);
	}
}

static void pause_named(struct scheduler *s, const char *name, bool paused, int64_t now_ms)
{
	struct named *n = find(s, name);
	if (n == NULL) {
		return;
	}
	struct source *src = n->source->elder != NULL ? n->source->elder : n->source;
	src->wish = paused ? WISH_PAUSE : WISH_RESUME;
	if (!src->out) {
		grant_wish(src);
		take(s, src);
		settle(s, src, now_ms);
		arrange(s, src, now_ms);
	}
}

static void read_message(struct scheduler *s, struct message *m, int64_t now_ms)
{
	switch (m->kind) {
	case MESSAGE_INSTALL:
		install(s, m, now_ms);
		break;
	case MESSAGE_POLL:
		poll_named(s, m->name, now_ms);
		break;
	case MESSAGE_PAUSE:
	case MESSAGE_RESUME:
		pause_named(s, m->name, m->kind == MESSAGE_PAUSE, now_ms);
		break;
	case MESSAGE_PUSH:
		push_named(s, m->push, now_ms);
		break;
	}
	free(m->sources);
	free(m->name);
	free(m);
}

static void read_inbox(struct scheduler *s, int64_t now_ms)
{
	pthread_mutex_lock(&s->lock);
	struct message *m = s->inbox;
	struct source *home = s->homing;
	s->inbox = NULL;
	s->homing = NULL;
	pthread_mutex_unlock(&s->lock);
	while (home != NULL) {
		struct source *next = home->home_next;
		come_home(s, home, now_ms);
		home = next;
	}
	while (m != NULL) {
		struct message *next = m->next;
		read_message(s, m, now_ms);
		m = next;
	}
}

static int tell(struct scheduler *s, struct message *m)
{
	pthread_mutex_lock(&s->lock);
	LL_APPEND(s->inbox, m);
	pthread_mutex_unlock(&s->lock);
	fetch_wake(s->fetch);
	return HARK_OK;
}

int scheduler_install(struct scheduler *s, struct source **sources, size_t n)
{
	struct message *m = calloc(1, sizeof(*m));
	if (m == NULL) {
		return HARK_ENOMEM;
	}
	*m = (struct message){.kind = MESSAGE_INSTALL, .sources = sources, .n = n};
	return tell(s, m);
}

void scheduler_return(struct scheduler *s, struct source *source)
{
	pthread_mutex_lock(&s->lock);
	bool first = s->homing == NULL;
	source->home_next = s->homing;
	s->homing = source;
	pthread_mutex_unlock(&s->lock);
	if (first) { /* else the loop has been woken already and will find this one too */
		fetch_wake(s->fetch);
	}
}

static int tell_name(struct scheduler *s, enum message_kind kind, const char *name)
{
	struct message *m = calloc(1, sizeof(*m));
	char *copy = strdup(name);
	if (m == NULL || copy == NULL) {
		free(m);
		free(copy);
		return HARK_ENOMEM;
	}
	*m = (struct message){.kind = kind, .name = copy};
	return tell(s, m);
}

int scheduler_poll_now(struct scheduler *s, const char *name)
{
	return tell_name(s, MESSAGE_POLL, name);
}

int scheduler_push(struct scheduler *s, struct push *push)
{
	struct message *m = calloc(1, sizeof(*m));
	if (m == NULL) {
		return HARK_ENOMEM;
	}
	*m = (struct message){.kind = MESSAGE_PUSH, .push = push};
	return tell(s, m);
}

int scheduler_pause(struct scheduler *s, const char *name, bool paused)
{
	return tell_name(s, paused ? MESSAGE_PAUSE : MESSAGE_RESUME, name);
}

/* --- the turn of the loop --- */

static void count_in_line(void *counts, struct source *src)
{
	((struct scheduler_counts *)counts)->failing += src->state->failures > 0;
}

/* Without memory the last picture stays. */
static void show_streams(struct scheduler *s, int64_t now_ms)
{
	size_t n = 0, cap = 0;
	for (struct source *src = s->listening; src != NULL; src = src->listen_next) {
		cap++;
	}
	struct scheduler_stream *all = calloc(cap + 1, sizeof(*all));
	for (struct source *src = s->listening; all != NULL && src != NULL;
		src = src->listen_next) {
		struct listener_facts facts;
		listener_look(src->listener, now_ms, &facts);
		if (facts.is_open) {
			struct scheduler_stream *one = &all[n++];
			snprintf(one->source, sizeof(one->source), "%s", src->conf->name);
			one->since_ms = facts.since_ms;
			one->event_ms = facts.event_ms;
			one->events = facts.events;
			one->per_s = facts.per_s;
		}
	}
	pthread_mutex_lock(&s->lock);
	if (all != NULL) {
		struct scheduler_stream *old = s->streams;
		s->streams = all;
		s->streams_n = n;
		all = old;
	}
	pthread_mutex_unlock(&s->lock);
	free(all);
}

static void count(struct scheduler *s, int64_t now_ms)
{
	struct scheduler_counts c = {
		.sources = s->sources, .under_way = s->under_way, .next_due_ms = -1};
	pthread_mutex_lock(&s->lock);
	bool is_asked = s->is_asked;
	pthread_mutex_unlock(&s->lock);
	if (!is_asked) {
		return;
	}
	show_streams(s, now_ms);
	for (size_t i = 0; i < s->heap_n; i++) {
		c.failing += s->heap[i]->state->failures > 0;
		c.paused += rests(s->heap[i]);
	}
	crowds_each(s->crowds, count_in_line, &c);
	if (s->heap_n > 0 && s->heap[0]->due_ms < INT64_MAX / 4) {
		c.next_due_ms = s->heap[0]->due_ms > now_ms ? s->heap[0]->due_ms - now_ms : 0;
	}
	pthread_mutex_lock(&s->lock);
	s->counts = c;
	s->is_asked = false;
	pthread_cond_broadcast(&s->counted);
	pthread_mutex_unlock(&s->lock);
}

/* What was ended, for a reload or a stop, did not happen: nothing of the source changes. */
static void take_programs(struct scheduler *s, int64_t now_ms)
{
	struct fetch_reply *reply;
	struct source *src;
	while ((src = aside_take(s->aside, &reply)) != NULL) {
		if (reply->rc == HARK_EPIPE) {
			fetch_reply_free(reply);
			come_home(s, src, now_ms);
		} else {
			hand_over(s, src, reply);
		}
	}
}

int64_t scheduler_tick(void *scheduler, int64_t now_ms)
{
	struct scheduler *s = scheduler;
	struct source *src;
	take_programs(s, now_ms);
	hand_over_all(s);
	read_inbox(s, now_ms);
	while ((src = crowd_next(s->crowds)) != NULL) {
		heap_add(s, src);
	}
	while (s->heap_n > 0 && s->heap[0]->due_ms <= now_ms &&
		s->under_way < s->options.under_way_max) {
		start(s, s->heap[0]);
	}
	int64_t listen_ms = listen_to_all(s, now_ms);
	hand_over_all(s); /* those that could not even start, and pieces of streams */
	count(s, now_ms);
	tell_when_all_polled(s);
	bool full = s->under_way >= s->options.under_way_max;
	int64_t due_ms = s->heap_n > 0 ? s->heap[0]->due_ms : INT64_MAX;
	return full ? INT64_MAX : due_ms < listen_ms ? due_ms : listen_ms;
}

void scheduler_counts(struct scheduler *s, struct scheduler_counts *out)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += COUNT_WAIT_S;
	pthread_mutex_lock(&s->lock);
	s->is_asked = true;
	pthread_mutex_unlock(&s->lock);
	fetch_wake(s->fetch);
	pthread_mutex_lock(&s->lock);
	while (s->is_asked && pthread_cond_timedwait(&s->counted, &s->lock, &until) == 0) {
	}
	*out = s->counts;
	pthread_mutex_unlock(&s->lock);
}

int scheduler_streams(struct scheduler *s, struct scheduler_stream **out, size_t *n)
{
	struct scheduler_counts counts;
	scheduler_counts(s, &counts); /* they are taken together */
	pthread_mutex_lock(&s->lock);
	*n = s->streams_n;
	*out = calloc(*n + 1, sizeof(**out));
	if (*out != NULL && *n > 0) {
		memcpy(*out, s->streams, *n * sizeof(**out));
	}
	pthread_mutex_unlock(&s->lock);
	return *out != NULL ? HARK_OK : HARK_ENOMEM;
}

static void free_in_line(void *scheduler, struct source *src)
{
	crowd_leave(((struct scheduler *)scheduler)->crowds, src);
	source_free(src);
}

void scheduler_free(struct scheduler *s)
{
	if (s == NULL) {
		return;
	}
	hand_over_all(s);
	read_inbox(s, clock_steady_ms());
	aside_free(s->aside);
	while (s->listening != NULL) {
		stop_listening(s, s->listening);
	}
	crowds_each(s->crowds, free_in_line, s);
	while (s->heap_n > 0) {
		struct source *src = s->heap[--s->heap_n];
		crowd_leave(s->crowds, src);
		source_free(src);
	}
	crowds_free(s->crowds);
	HASH_CLEAR(hh, s->names);
	free(s->entries);
	free(s->heap);
	free(s->streams);
	arena_release(&s->scratch);
	auth_free(s->auth);
	buckets_free(s->buckets);
	pthread_cond_destroy(&s->counted);
	pthread_mutex_destroy(&s->lock);
	free(s);
}
