/* The loop. Runs on the fetch thread; the lock guards only what other threads touch.
 *
 * DESIGN: two curl multi handles ("lanes"), one for public addresses and one for requests that may go
 * to internal ones, so that a kept connection never serves the other kind. Both are driven through
 * the socket interface and one epoll instead of curl_multi_poll(): a turn then costs what happened in
 * it and not the number of transfers, and one wait covers both lanes. Easy handles are pooled per
 * lane, as many as transfers at once, never one per source. */
#include "monitor/fetch/fetch.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/imap.h"
#include "monitor/fetch/stream.h"

#include <errno.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>
#include <utlist.h>

#define WAIT_MAX_MS 60000 /* no wait relies on a clock for longer */
#define EVENTS_MAX 64
#define URGENT_EXTRA 16 /* slots beyond `parallel` that only urgent requests may take */
#define WAKE_LANE 2
#define STREAM_LANE 3        /* connections of WebSockets and mailboxes, which are ours to read */
#define STREAM_LOOK_MS 1000  /* how often streams are looked at for silence */
#define STREAM_CONNECT_MS 10 /* … and what connects on a multi handle of its own */

struct lane {
	struct fetch *f;
	CURLM *multi;
	struct slot *idle;
	struct transfer *flying;
	int64_t deadline_ms; /* libcurl's timer; INT64_MAX: not set */
};

struct fetch {
	struct fetch_options options;
	char *user_agent;
	struct lane lanes[2]; /* 0: public only, 1: internal allowed */
	struct hosts *hosts;
	size_t in_flight;
	/* Under way, through stream_next: streams, which do not count as in flight, and mailboxes, which do. */
	struct transfer *streams;
	bool streams_wait;      /* something was asked of one of them */
	int64_t streams_due_ms; /* steady; when they are looked at next */
	unsigned generation;    /* of the options */
	int epoll_fd, wake_fd;
	int64_t away_since_ms; /* last return from the wait */

	pthread_mutex_t lock; /* guards all below to the atomics, and writing the options */
	struct fetch_options *next_options; /* owned; NULL: no change */
	struct transfer *inbox, **inbox_tail;
	bool closed;
	pthread_t loop_thread;
	bool looping;

	atomic_bool stop;
	atomic_size_t pending, shown_in_flight, shown_hosts;
	atomic_llong stall_max_ms;
};

/* Libcurl's wishes */

static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *known)
{
	struct lane *l = user;
	struct epoll_event ev = {
		.data.u64 = (uint64_t)(uint32_t)fd | (uint64_t)(l - l->f->lanes) << 32};
	(void)easy;
	if (what == CURL_POLL_REMOVE) {
		epoll_ctl(l->f->epoll_fd, EPOLL_CTL_DEL, fd, NULL); /* it may be closed already */
		return 0;
	}
	ev.events = (what & CURL_POLL_IN ? EPOLLIN : 0u) | (what & CURL_POLL_OUT ? EPOLLOUT : 0u);
	int op = known != NULL ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
	if (epoll_ctl(l->f->epoll_fd, op, fd, &ev) != 0 && (errno == EEXIST || errno == ENOENT)) {
		epoll_ctl(l->f->epoll_fd, op == EPOLL_CTL_ADD ? EPOLL_CTL_MOD : EPOLL_CTL_ADD, fd,
			&ev);
	}
	if (known == NULL) {
		curl_multi_assign(l->multi, fd, l);
	}
	return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
	struct lane *l = user;
	(void)multi;
	l->deadline_ms = timeout_ms < 0 ? INT64_MAX : clock_steady_ms() + timeout_ms;
	return 0;
}

/* Life */

void fetch_locale(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
}

static void global_init(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static bool lane_init(struct lane *l, struct fetch *f)
{
	l->f = f;
	l->deadline_ms = INT64_MAX;
	l->multi = curl_multi_init();
	if (l->multi == NULL) {
		return false;
	}
	curl_multi_setopt(l->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	curl_multi_setopt(l->multi, CURLMOPT_SOCKETDATA, l);
	curl_multi_setopt(l->multi, CURLMOPT_TIMERFUNCTION, on_timer);
	curl_multi_setopt(l->multi, CURLMOPT_TIMERDATA, l);
	curl_multi_setopt(
		l->multi, CURLMOPT_MAXCONNECTS, (long)(f->options.parallel + URGENT_EXTRA));
	return true;
}

static void wake(struct fetch *f)
{
	uint64_t one = 1;
	ssize_t put = write(f->wake_fd, &one, sizeof(one));
	(void)put; /* EAGAIN: it is awake already */
}

static void free_options(struct fetch_options *o)
{
	if (o != NULL) {
		free((char *)o->user_agent);
		free(o);
	}
}

/* Defaults for what is not given. */
static struct fetch_options complete(const struct fetch_options *o)
{
	struct fetch_options c = *o;
	c.user_agent = o->user_agent != NULL ? o->user_agent : "hark";
	c.parallel = o->parallel > 0 ? o->parallel : 50;
	c.per_host = o->per_host > 0 ? o->per_host : 1;
	c.timeout_ms = o->timeout_ms > 0 ? o->timeout_ms : 60000;
	c.connect_timeout_ms = o->connect_timeout_ms > 0 ? o->connect_timeout_ms : 10000;
	c.max_bytes = o->max_bytes > 0 ? o->max_bytes : 16u << 20;
	return c;
}

static void take_options(struct fetch *f, const struct fetch_options *o)
{
	f->options = complete(o);
	f->user_agent = strdup(f->options.user_agent);
	f->options.user_agent = f->user_agent;
}

int fetch_set_options(struct fetch *f, const struct fetch_options *options)
{
	struct fetch_options *next = malloc(sizeof(*next));
	char *agent = strdup(options->user_agent != NULL ? options->user_agent : "hark");
	if (next == NULL || agent == NULL) {
		free(next);
		free(agent);
		return HARK_ENOMEM;
	}
	*next = complete(options);
	next->user_agent = agent;
	pthread_mutex_lock(&f->lock);
	struct fetch_options *unused = f->next_options;
	f->next_options = next;
	pthread_mutex_unlock(&f->lock);
	free_options(unused);
	wake(f);
	return HARK_OK;
}

/* Only this thread writes the options, so it reads them without the lock. */
static void apply_options(struct fetch *f)
{
	pthread_mutex_lock(&f->lock);
	struct fetch_options *next = f->next_options;
	char *old_agent = f->user_agent;
	f->next_options = NULL;
	if (next != NULL) {
		f->user_agent = (char *)next->user_agent;
		f->options.user_agent = f->user_agent;
		f->options.parallel = next->parallel;
		f->options.per_host = next->per_host;
		f->options.timeout_ms = next->timeout_ms;
		f->options.connect_timeout_ms = next->connect_timeout_ms;
		f->options.max_bytes = next->max_bytes;
	}
	pthread_mutex_unlock(&f->lock);
	if (next != NULL) {
		f->generation++; /* slots made before hold the old agent and time-out */
		hosts_set_per_host(f->hosts, next->per_host);
		free(old_agent);
		free(next);
	}
}

struct fetch *fetch_new(const struct fetch_options *options, struct hark_err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, global_init);
	struct fetch *f = calloc(1, sizeof(*f));
	if (f == NULL) {
		hark_err_set(err, HARK_ENOMEM, "no memory for the fetcher");
		return NULL;
	}
	pthread_mutex_init(&f->lock, NULL);
	f->inbox_tail = &f->inbox;
	f->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	f->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	take_options(f, options);
	f->hosts = hosts_new(f->options.per_host);
	struct epoll_event ev = {.events = EPOLLIN, .data.u64 = (uint64_t)WAKE_LANE << 32};
	if (f->epoll_fd < 0 || f->wake_fd < 0 ||
		epoll_ctl(f->epoll_fd, EPOLL_CTL_ADD, f->wake_fd, &ev) != 0) {
		hark_err_errno(err, HARK_EIO, errno, "cannot set up the fetch loop");
		fetch_free(f);
		return NULL;
	}
	if (f->hosts == NULL || f->user_agent == NULL || !lane_init(&f->lanes[0], f) ||
		!lane_init(&f->lanes[1], f)) {
		hark_err_set(err, HARK_ENOMEM, "no memory for the fetcher");
		fetch_free(f);
		return NULL;
	}
	return f;
}

/* Submitting */

void fetch_wake(struct fetch *f)
{
	wake(f);
}

void fetch_stop(struct fetch *f)
{
	atomic_store(&f->stop, true);
	wake(f);
}

size_t fetch_pending(struct fetch *f)
{
	return atomic_load(&f->pending);
}

void fetch_get_stats(struct fetch *f, struct fetch_stats *out)
{
	*out = (struct fetch_stats){.pending = atomic_load(&f->pending),
		.in_flight = atomic_load(&f->shown_in_flight),
		.hosts = atomic_load(&f->shown_hosts),
		.stall_max_ms = atomic_load(&f->stall_max_ms)};
}

static int submit(struct fetch *f, const struct fetch_request *request, fetch_done_fn done,
	void *user, struct transfer **out, struct hark_err *err)
{
	struct transfer *t;
	pthread_mutex_lock(&f->lock);
	struct fetch_options options = f->options; /* its user agent is not looked at */
	pthread_mutex_unlock(&f->lock);
	int rc = transfer_new(&t, &options, request, done, user, err);
	if (rc != HARK_OK) {
		return rc;
	}
	*out = t;
	pthread_mutex_lock(&f->lock);
	bool closed = f->closed;
	bool call =
		f->inbox == NULL && !(f->looping && pthread_equal(f->loop_thread, pthread_self()));
	if (!closed) {
		*f->inbox_tail = t;
		f->inbox_tail = &t->next;
		atomic_fetch_add(&f->pending, 1);
	}
	pthread_mutex_unlock(&f->lock);
	if (closed) {
		transfer_free(t);
		return hark_err_set(err, HARK_EPIPE, "the fetcher has stopped");
	}
	if (call) {
		wake(f);
	}
	return HARK_OK;
}

int fetch_submit(struct fetch *f, const struct fetch_request *request, fetch_done_fn done,
	void *user, struct hark_err *err)
{
	struct transfer *t;
	return submit(f, request, done, user, &t, err);
}

int fetch_stream_open(struct fetch *f, const struct fetch_request *request, fetch_done_fn done,
	void *user, struct transfer **out, struct hark_err *err)
{
	return submit(f, request, done, user, out, err);
}

void fetch_stream_go_on(struct fetch *f, struct transfer *stream)
{
	stream->go_on = true;
	f->streams_wait = true;
}

void fetch_stream_close(struct fetch *f, struct transfer *stream)
{
	stream->closed = true;
	f->streams_wait = true;
}

static struct transfer *take_inbox(struct fetch *f)
{
	pthread_mutex_lock(&f->lock);
	struct transfer *t = f->inbox;
	f->inbox = NULL;
	f->inbox_tail = &f->inbox;
	pthread_mutex_unlock(&f->lock);
	return t;
}

/* Running transfers */

/* Hands the reply over; `t` is gone afterwards. */
static void answer(struct fetch *f, struct transfer *t)
{
	struct fetch_reply *reply = t->reply;
	fetch_done_fn done = t->done;
	t->reply = NULL;
	transfer_free(t);
	atomic_fetch_sub(&f->pending, 1);
	done(reply->user, reply);
}

static void drop(struct fetch *f, struct transfer *t)
{
	transfer_fail(t, HARK_EPIPE,
		t->closed ? "not finished, it is not wanted any more"
			  : "not finished, the program stops");
	answer(f, t);
}

static void enqueue(struct fetch *f, struct transfer *t, int64_t now_ms)
{
	if (hosts_add(f->hosts, buf_str(&t->key), &t->item, now_ms) != HARK_OK) {
		transfer_fail(t, HARK_ENOMEM, "no memory for a request");
		answer(f, t);
	}
}

static void sort_inbox(struct fetch *f)
{
	struct transfer *t = take_inbox(f), *next;
	if (t == NULL) {
		return;
	}
	int64_t now_ms = clock_steady_ms();
	for (; t != NULL; t = next) {
		next = t->next;
		t->next = NULL;
		enqueue(f, t, now_ms);
	}
}

static struct lane *lane_of(struct fetch *f, const struct transfer *t)
{
	return &f->lanes[t->internal ? 1 : 0];
}

static struct slot *take_slot(struct lane *l)
{
	struct slot *s;
	while ((s = l->idle) != NULL) {
		l->idle = s->next;
		if (s->generation == l->f->generation) {
			return s;
		}
		slot_free(s);
	}
	s = slot_new(&l->f->options);
	if (s != NULL) {
		s->generation = l->f->generation;
	}
	return s;
}

/* Its connection is ours to read, once libcurl has made it. */
static bool is_talk(const struct transfer *t)
{
	return t->websocket || t->mailbox != NULL;
}

static bool talks(const struct transfer *t)
{
	return t->ws != NULL || t->imap != NULL;
}

static void fly(struct lane *l, struct transfer *t)
{
	t->next = l->flying;
	t->prev = &l->flying;
	if (t->next != NULL) {
		t->next->prev = &t->next;
	}
	l->flying = t;
	if (t->stream != NULL || is_talk(t)) {
		LL_PREPEND2(l->f->streams, t, stream_next);
		l->f->streams_due_ms = 0;
	}
	l->f->in_flight += t->stream == NULL;
}

/* A stream has a slot of its own, and what we read ourselves a multi handle too. */
static struct slot *slot_for(struct lane *l, struct transfer *t)
{
	if (t->stream == NULL && !is_talk(t)) {
		return take_slot(l);
	}
	if (is_talk(t)) {
		t->multi = curl_multi_init();
	}
	return is_talk(t) && t->multi == NULL ? NULL : slot_new(&l->f->options);
}

/* Its connection goes with it. */
static void land_stream(struct fetch *f, struct transfer *t)
{
	LL_DELETE2(f->streams, t, stream_next);
	if (talks(t)) {
		epoll_ctl(f->epoll_fd, EPOLL_CTL_DEL, stream_socket(t), NULL);
	}
	websocket_free(t->ws);
	t->ws = NULL;
	imap_free(t->imap);
	t->imap = NULL;
	curl_multi_remove_handle(t->multi != NULL ? t->multi : lane_of(f, t)->multi, t->slot->easy);
	slot_free(t->slot);
	t->slot = NULL;
	if (t->multi != NULL) {
		curl_multi_cleanup(t->multi);
		t->multi = NULL;
	}
	t->opened = t->paused = t->go_on = t->pinged = false;
}

/* Takes a transfer off its lane and gives its slot and its place at the host back. */
static void land(struct fetch *f, struct transfer *t, int64_t now_ms)
{
	struct lane *l = lane_of(f, t);
	*t->prev = t->next;
	if (t->next != NULL) {
		t->next->prev = t->prev;
	}
	t->next = NULL;
	if (t->stream != NULL || is_talk(t)) {
		land_stream(f, t);
	} else {
		curl_multi_remove_handle(l->multi, t->slot->easy);
		t->slot->next = l->idle;
		l->idle = t->slot;
		t->slot = NULL;
	}
	if (t->stream == NULL) {
		f->in_flight--;
		hosts_done(f->hosts, &t->item, now_ms);
	}
}

static void start(struct fetch *f, struct transfer *t, int64_t now_ms)
{
	struct lane *l = lane_of(f, t);
	if (t->closed) {
		hosts_done(f->hosts, &t->item, now_ms);
		drop(f, t);
		return;
	}
	struct slot *s = slot_for(l, t);
	bool ready = s != NULL && transfer_prepare(t, s, now_ms) == HARK_OK;
	if (ready && curl_multi_add_handle(t->multi != NULL ? t->multi : l->multi, s->easy) ==
			     CURLM_OK) {
		fly(l, t);
		if (t->stream != NULL) {
			hosts_done(f->hosts, &t->item, now_ms);
		}
		return;
	}
	if (s != NULL) {
		slot_free(s);
		t->slot = NULL;
	}
	if (t->multi != NULL) {
		curl_multi_cleanup(t->multi);
		t->multi = NULL;
	}
	hosts_done(f->hosts, &t->item, now_ms);
	transfer_fail(t, HARK_ENOMEM, "no memory to start the transfer");
	answer(f, t);
}

static void start_ready(struct fetch *f)
{
	size_t parallel = (size_t)f->options.parallel;
	int64_t now_ms = clock_steady_ms();
	while (f->in_flight < parallel + URGENT_EXTRA) {
		struct host_item *item = hosts_next(f->hosts, f->in_flight >= parallel, now_ms);
		if (item == NULL) {
			return;
		}
		start(f, (struct transfer *)item, now_ms);
	}
}

/* The hop is over: off its lane, and on to the next or to whoever waits for it. */
static void leave(struct fetch *f, struct transfer *t, bool again, int64_t now_ms)
{
	land(f, t, now_ms);
	if (again) {
		enqueue(f, t, now_ms);
	} else {
		answer(f, t);
	}
}

static void collect(struct fetch *f, struct lane *l)
{
	CURLMsg *msg;
	int left;
	while ((msg = curl_multi_info_read(l->multi, &left)) != NULL) {
		struct transfer *t = NULL;
		if (msg->msg != CURLMSG_DONE) {
			continue;
		}
		CURLcode code = msg->data.result;
		curl_easy_getinfo(msg->easy_handle, CURLINFO_PRIVATE, &t);
		int64_t now_ms = clock_steady_ms();
		leave(f, t, transfer_ended(t, code, now_ms), now_ms);
	}
}

/* Streams */

static void watch_socket(struct fetch *f, struct transfer *t, int op)
{
	bool writes = t->ws != NULL ? websocket_wants_write(t->ws) : imap_wants_write(t->imap);
	struct epoll_event ev = {.events = (t->paused ? 0u : EPOLLIN) | (writes ? EPOLLOUT : 0u),
		.data.u64 = (uint64_t)(uint32_t)stream_socket(t) | (uint64_t)STREAM_LANE << 32};
	epoll_ctl(f->epoll_fd, op, stream_socket(t), &ev);
}

/* Lets a stream move. False: it has left. */
static bool move_stream(struct fetch *f, struct transfer *t, int64_t now_ms)
{
	bool was_open = talks(t), again = false;
	enum stream_state state = STREAM_GOES_ON;
	if (t->closed) {
		land(f, t, now_ms);
		drop(f, t);
		return false;
	}
	if (t->mailbox != NULL) {
		state = mailbox_move(t, now_ms);
	} else if (t->websocket) {
		state = stream_move(t, &f->options, now_ms, &again);
	} else if (t->go_on) {
		t->go_on = t->paused = false;
		curl_easy_pause(t->slot->easy, CURLPAUSE_CONT);
	}
	if (state == STREAM_GOES_ON &&
		(t->mailbox != NULL ? mailbox_is_dead(t, now_ms) : stream_is_dead(t, now_ms))) {
		state = STREAM_ENDED;
	}
	if (state == STREAM_ENDED) {
		leave(f, t, again, now_ms);
		return false;
	}
	f->streams_wait |= t->ws != NULL && websocket_wants_more(t->ws);
	if (talks(t)) {
		watch_socket(f, t, was_open ? EPOLL_CTL_MOD : EPOLL_CTL_ADD);
	}
	return true;
}

/* Now and then, and when something was asked of one of them. True: whoever listens may have work. */
static bool move_streams(struct fetch *f)
{
	int64_t now_ms = clock_steady_ms();
	bool connects = false;
	if (f->streams == NULL || (!f->streams_wait && f->streams_due_ms > now_ms)) {
		return false;
	}
	f->streams_wait = false;
	for (struct transfer *t = f->streams, *next; t != NULL; t = next) {
		next = t->stream_next;
		bool is_here = move_stream(f, t, now_ms);
		connects |= is_here && is_talk(t) && !talks(t);
	}
	f->streams_due_ms = now_ms + (connects ? STREAM_CONNECT_MS : STREAM_LOOK_MS);
	return true;
}

static void move_stream_of(struct fetch *f, curl_socket_t fd)
{
	for (struct transfer *t = f->streams; t != NULL; t = t->stream_next) {
		if (talks(t) && stream_socket(t) == fd) {
			move_stream(f, t, clock_steady_ms());
			return;
		}
	}
}

/* The loop */

static void drain_wakes(struct fetch *f)
{
	uint64_t n;
	ssize_t got = read(f->wake_fd, &n, sizeof(n));
	(void)got;
}

static void on_event(struct fetch *f, const struct epoll_event *ev)
{
	uint32_t lane = (uint32_t)(ev->data.u64 >> 32);
	int flags = 0, running;
	if (lane == WAKE_LANE) {
		drain_wakes(f);
		return;
	}
	if (lane == STREAM_LANE) {
		move_stream_of(f, (curl_socket_t)(uint32_t)ev->data.u64);
		return;
	}
	flags |= ev->events & (EPOLLIN | EPOLLHUP) ? CURL_CSELECT_IN : 0;
	flags |= ev->events & EPOLLOUT ? CURL_CSELECT_OUT : 0;
	flags |= ev->events & EPOLLERR ? CURL_CSELECT_ERR : 0;
	curl_multi_socket_action(
		f->lanes[lane].multi, (curl_socket_t)(uint32_t)ev->data.u64, flags, &running);
}

static void run_timers(struct fetch *f)
{
	for (int i = 0; i < 2; i++) {
		struct lane *l = &f->lanes[i];
		int running;
		if (l->deadline_ms <= clock_steady_ms()) {
			l->deadline_ms = INT64_MAX;
			curl_multi_socket_action(l->multi, CURL_SOCKET_TIMEOUT, 0, &running);
		}
		collect(f, l);
	}
}

static int wait_ms(struct fetch *f, int64_t due_ms)
{
	int64_t now_ms = clock_steady_ms();
	int64_t next = hosts_due(f->hosts);
	next = due_ms < next ? due_ms : next;
	next = f->lanes[0].deadline_ms < next ? f->lanes[0].deadline_ms : next;
	next = f->lanes[1].deadline_ms < next ? f->lanes[1].deadline_ms : next;
	next = f->streams != NULL && f->streams_due_ms < next ? f->streams_due_ms : next;
	if (next <= now_ms) {
		return 0;
	}
	return next - now_ms > WAIT_MAX_MS ? WAIT_MAX_MS : (int)(next - now_ms);
}

static void note_stall(struct fetch *f)
{
	int64_t away = clock_steady_ms() - f->away_since_ms;
	if (f->away_since_ms != 0 && away > atomic_load(&f->stall_max_ms)) {
		atomic_store(&f->stall_max_ms, away);
	}
}

/* One turn; `due_ms`: not to be waited beyond. */
static void turn(struct fetch *f, int64_t due_ms)
{
	struct epoll_event events[EVENTS_MAX];
	apply_options(f);
	sort_inbox(f);
	start_ready(f);
	bool moved = move_streams(f);
	atomic_store(&f->shown_in_flight, f->in_flight);
	atomic_store(&f->shown_hosts, hosts_count(f->hosts));
	note_stall(f);
	int n = epoll_wait(f->epoll_fd, events, EVENTS_MAX, moved ? 0 : wait_ms(f, due_ms));
	f->away_since_ms = clock_steady_ms();
	for (int i = 0; i < n; i++) {
		on_event(f, &events[i]);
	}
	run_timers(f);
}

static void set_looping(struct fetch *f, bool on)
{
	pthread_mutex_lock(&f->lock);
	f->loop_thread = pthread_self();
	f->looping = on;
	pthread_mutex_unlock(&f->lock);
}

/* A peer that closes while TLS writes must not kill the program. */
static void block_sigpipe(sigset_t *old)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &set, old);
}

static void unblock_sigpipe(const sigset_t *old)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	if (!sigismember(old, SIGPIPE)) {
		while (sigtimedwait(&set, NULL, &(struct timespec){0}) == SIGPIPE) {
			continue;
		}
	}
	pthread_sigmask(SIG_SETMASK, old, NULL);
}

/* Answers everything that is left. */
static void drop_all(struct fetch *f)
{
	struct transfer *t, *next;
	struct host_item *item;
	pthread_mutex_lock(&f->lock);
	f->closed = true;
	pthread_mutex_unlock(&f->lock);
	for (int i = 0; i < 2; i++) {
		while ((t = f->lanes[i].flying) != NULL) {
			land(f, t, clock_steady_ms());
			drop(f, t);
		}
	}
	while (f->hosts != NULL && (item = hosts_drain(f->hosts)) != NULL) {
		drop(f, (struct transfer *)item);
	}
	for (t = take_inbox(f); t != NULL; t = next) {
		next = t->next;
		drop(f, t);
	}
}

void fetch_run(struct fetch *f)
{
	sigset_t old;
	block_sigpipe(&old);
	set_looping(f, true);
	while (!atomic_load(&f->stop)) {
		int64_t due = INT64_MAX;
		sort_inbox(f);
		if (f->options.tick != NULL) {
			due = f->options.tick(f->options.tick_ctx, clock_steady_ms());
		}
		turn(f, due);
	}
	drop_all(f);
	set_looping(f, false);
	unblock_sigpipe(&old);
}

static void keep_reply(void *user, struct fetch_reply *reply)
{
	struct fetch_reply **out = user;
	*out = reply;
}

struct fetch_reply *fetch_once(
	struct fetch *f, const struct fetch_request *request, struct hark_err *err)
{
	struct fetch_reply *reply = NULL;
	sigset_t old;
	if (fetch_submit(f, request, keep_reply, &reply, err) != HARK_OK) {
		return NULL;
	}
	block_sigpipe(&old);
	set_looping(f, true);
	while (reply == NULL && !atomic_load(&f->stop)) {
		turn(f, INT64_MAX);
	}
	if (reply == NULL) {
		drop_all(f);
	}
	set_looping(f, false);
	unblock_sigpipe(&old);
	return reply;
}

void fetch_free(struct fetch *f)
{
	if (f == NULL) {
		return;
	}
	drop_all(f);
	for (int i = 0; i < 2; i++) {
		for (struct slot *s; (s = f->lanes[i].idle) != NULL;) {
			f->lanes[i].idle = s->next;
			slot_free(s);
		}
		curl_multi_cleanup(f->lanes[i].multi);
	}
	hosts_free(f->hosts);
	if (f->epoll_fd >= 0) {
		close(f->epoll_fd);
	}
	if (f->wake_fd >= 0) {
		close(f->wake_fd);
	}
	free_options(f->next_options);
	free(f->user_agent);
	pthread_mutex_destroy(&f->lock);
	free(f);
}
