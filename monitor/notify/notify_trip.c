/* The trip to the store: what came back is recorded and the next rows are claimed, in one transaction. */
#include "monitor/base/count.h"
#include "monitor/notify/notify_in.h"

#include "monitor/base/clock.h"
#include "monitor/base/log.h"
#include "monitor/fetch/retry.h"
#include "monitor/notify/consent.h"

#include <stdio.h>

#define LEASE_MS 600000 /* far beyond any time-out and queue in front of it */
#define STORE_WAIT_MAX_MS 60000
#define CLOCK_MOVED_MS 60000 /* less is no matter for waits and leases */
#define ROW_WAIT_MAX_MS (RETRY_DAY_MS + RETRY_DAY_MS / 10) /* of a row that failed */

struct claim {
	size_t want, n;
	struct outbox_row *rows;
	int64_t due_ms;
	bool saw_health;
	struct receiver_state state;
	bool left;                  /* its reader wants no more mails */
	char leave[LEAVE_MARK_MAX]; /* of its address; "": not looked at */
};

struct trip {
	struct notify *n;
	struct arena arena;
	struct claim *claims; /* one a lane */
	int64_t now_ms;
	int64_t ahead_ms; /* of the clock before the steady one */
	bool closing;     /* claim nothing */
};

static int record_failure(
	struct trip *t, struct store *s, const struct delivery *d, struct hark_err *err)
{
	int64_t wait_ms = retry_webhook_ms(d->attempt, &t->n->rng);
	struct str error = str_c(d->error);
	if (wait_ms < 0) {
		log_error("alert %s to %s is given up after %s: %s (`hark notify dead`)",
			d->delivery_id.p, d->receiver->name, COUNT(d->attempt, "attempt"),
			d->error);
		return outbox_dead(s, d->id, d->lease_token, t->now_ms, d->status, error, err);
	}
	wait_ms = d->retry_after_ms > wait_ms ? d->retry_after_ms : wait_ms;
	return outbox_retry(s, d->id, d->lease_token, t->now_ms + wait_ms, d->status, error, err);
}

static int record(struct trip *t, struct store *s, const struct delivery *d, struct hark_err *err)
{
	switch (d->outcome) {
	case DELIVERY_SENT:
		return outbox_sent(s, d->id, d->lease_token, t->now_ms, d->status, err);
	case DELIVERY_GONE:
		return outbox_hold(s, d->id, d->lease_token, str_c(d->error), err);
	case DELIVERY_NOT_TRIED:
		return outbox_release(s, d->id, d->lease_token, err);
	default:
		return record_failure(t, s, d, err);
	}
}

static int record_all(struct trip *t, struct store *s, struct hark_err *err)
{
	for (const struct delivery *d = t->n->results; d != NULL; d = d->next) {
		int rc = record(t, s, d, err);
		if (rc == HARK_ESTATE) {
			log_info("%s: its result is dropped",
				d->delivery_id.p); /* another owner has it */
		} else if (rc != HARK_OK) {
			return rc;
		}
	}
	return HARK_OK;
}

static int hold_orphans(struct trip *t, struct store *s, struct hark_err *err)
{
	struct str *names;
	size_t n, held;
	int rc = outbox_receivers(s, &t->arena, &names, &n, err);
	for (size_t i = 0; rc == HARK_OK && i < n; i++) {
		char name[256];
		snprintf(name, sizeof(name), "%.*s", STR_FMT(names[i]));
		if (notify_lane(t->n->lanes, t->n->lanes_n, name) != NULL) {
			continue;
		}
		rc = outbox_hold_all(s, names[i],
			STR("its receiver is no longer in the configuration"), t->now_ms, &held,
			err);
		if (rc == HARK_OK) {
			log_warn("%s kept back: there is no receiver '%s' any more "
				 "(`hark notify held`)",
				COUNT(held, "alert"), name);
		}
	}
	return rc;
}

static int save_health(struct trip *t, struct store *s, const struct lane *l, struct hark_err *err)
{
	struct receiver_state state = {.name = str_c(l->name),
		.health = l->health,
		.failures = l->breaker.failures,
		.last_status = l->last_status,
		.last_error = l->last_error[0] != '\0' ? str_c(l->last_error) : STR_NONE,
		.changed_ms = t->now_ms};
	return store_receiver_save(s, &state, err);
}

static int load_health(struct trip *t, struct store *s, const struct lane *l, struct claim *c,
	struct hark_err *err)
{
	int rc = store_receiver_load(s, str_c(l->name), &t->arena, &c->state, err);
	if (rc == HARK_ENOENT) {
		c->state.health = RECEIVER_OK;
		rc = HARK_OK;
	}
	c->saw_health = rc == HARK_OK;
	return rc;
}

static int hold_disabled(
	struct trip *t, struct store *s, const struct lane *l, struct hark_err *err)
{
	size_t held;
	return outbox_hold_all(s, str_c(l->name),
		STR("its receiver is disabled: it answered 410 Gone"), t->now_ms, &held, err);
}

/* Whether whoever reads its mails wants no more. */
static bool is_left(struct store *s, const struct lane *l, struct claim *c)
{
	struct str name = str_c(l->receiver->name);
	return store_leave_mark(s, name, str_c(l->receiver->to), true, c->leave) &&
	       store_leave_has(s, name, str_c(c->leave));
}

static int hold_left(struct trip *t, struct store *s, const struct lane *l, struct hark_err *err)
{
	size_t held;
	return outbox_hold_all(s, str_c(l->name),
		STR("its reader wants no more mails: hark notify subscribe, then hark notify replay"),
		t->now_ms, &held, err);
}

/* What was due before, or failed, may be claimed in quiet hours: they end first. News of sources is not kept back. */
static int keep_quiet(struct trip *t, struct store *s, const struct lane *l, struct claim *c,
	struct hark_err *err)
{
	const struct hours *quiet = l->receiver->quiet;
	size_t kept = 0;
	int rc = HARK_OK;
	bool is_quiet = quiet != NULL && hours_open(quiet, t->now_ms);
	for (size_t i = 0; i < c->n && rc == HARK_OK; i++) {
		const struct outbox_row *row = &c->rows[i];
		if (is_quiet && row->lead != 0) {
			rc = outbox_put_off(s, row->id, row->lease_token,
				hours_close_ms(quiet, t->now_ms), err);
		} else {
			c->rows[kept++] = *row;
		}
	}
	c->n = kept;
	return rc;
}

static int serve_lane(struct trip *t, struct store *s, const struct lane *l, struct claim *c,
	struct hark_err *err)
{
	enum receiver_health health = l->health;
	int rc = HARK_OK;
	if (l->health_change) {
		rc = save_health(t, s, l, err);
	} else if (!l->health_known || (health == RECEIVER_DISABLED && lane_looks(l, t->now_ms))) {
		rc = load_health(t, s, l, c, err);
		health = c->saw_health ? c->state.health : health;
	}
	if (rc == HARK_OK && health == RECEIVER_DISABLED) {
		return hold_disabled(t, s, l, err);
	}
	c->want = t->closing ? 0 : lane_wants(l, t->now_ms);
	if (rc == HARK_OK && c->want > 0 && l->receiver->type == RECEIVER_MAIL) {
		c->left = is_left(s, l, c);
		rc = c->left ? hold_left(t, s, l, err) : HARK_OK;
	}
	if (rc == HARK_OK && c->want > 0 && !c->left) {
		rc = outbox_claim(s, str_c(l->name), t->now_ms, LEASE_MS, c->want, &t->arena,
			&c->rows, &c->n, err);
	}
	rc = rc == HARK_OK ? keep_quiet(t, s, l, c, err) : rc;
	if (rc == HARK_OK) {
		rc = consent_check(s, c->rows, &c->n, t->n->conf, t->now_ms, &t->arena, err);
	}
	c->due_ms = INT64_MAX;
	if (rc == HARK_OK && c->n < c->want) {
		rc = outbox_next_due(s, str_c(l->name), t->now_ms, &c->due_ms, err);
	}
	return rc;
}

static int follow_clock(struct trip *t, struct store *s, struct hark_err *err)
{
	int64_t moved_ms = t->n->knows_clock ? t->ahead_ms - t->n->ahead_ms : 0;
	if (t->n->knows_clock && moved_ms < CLOCK_MOVED_MS && moved_ms > -CLOCK_MOVED_MS) {
		return HARK_OK;
	}
	return outbox_follow_clock(s, moved_ms, t->now_ms, ROW_WAIT_MAX_MS, err);
}

static int in_transaction(struct store *s, void *arg, struct hark_err *err)
{
	struct trip *t = arg;
	int rc = follow_clock(t, s, err);
	rc = rc == HARK_OK ? record_all(t, s, err) : rc;
	if (rc == HARK_OK && t->n->check_orphans) {
		rc = hold_orphans(t, s, err);
	}
	for (size_t i = 0; rc == HARK_OK && i < t->n->lanes_n; i++) {
		rc = serve_lane(t, s, &t->n->lanes[i], &t->claims[i], err);
	}
	return rc;
}

static void count(struct notify *n, const struct delivery *d)
{
	if (d->outcome == DELIVERY_SENT) {
		atomic_fetch_add(&n->sent, 1);
	} else if (d->outcome == DELIVERY_FAILED) {
		atomic_fetch_add(&n->failed, 1);
		atomic_fetch_add(&n->dead, d->attempt >= RETRY_WEBHOOK_TRIES ? 1 : 0);
	}
}

/* A row that failed comes due again, perhaps before the time its lane wanted to look next. */
static void look_again(struct notify *n, const struct delivery *d)
{
	struct lane *l = notify_lane(n->lanes, n->lanes_n, d->receiver->name);
	if (l != NULL && d->outcome == DELIVERY_FAILED) {
		l->look_ms = 0;
	}
}

static void forget_results(struct notify *n)
{
	while (n->results != NULL) {
		struct delivery *d = n->results;
		n->results = d->next;
		count(n, d);
		look_again(n, d);
		atomic_fetch_sub(&n->on_the_way, 1);
		delivery_free(d);
	}
}

static void take_rows(struct notify *n, struct lane *l, const struct claim *c)
{
	for (size_t i = 0; i < c->n; i++) {
		struct delivery *d = delivery_new(n->conf, l->receiver, &c->rows[i]);
		if (d == NULL) {
			log_error("no memory for alert %.*s: it is repeated when its lease ends",
				STR_FMT(c->rows[i].delivery_id));
			continue;
		}
		memcpy(d->leave, c->leave, sizeof(d->leave));
		atomic_fetch_add(&n->on_the_way, 1);
		lane_put(l, d);
	}
}

/* What the transaction found becomes true once it is committed. */
static void after_commit(struct trip *t)
{
	struct notify *n = t->n;
	forget_results(n);
	n->knows_clock = true;
	n->ahead_ms = t->ahead_ms;
	n->check_orphans = false;
	for (size_t i = 0; i < n->lanes_n; i++) {
		struct lane *l = &n->lanes[i];
		const struct claim *c = &t->claims[i];
		if (c->saw_health && c->state.health == RECEIVER_OK &&
			l->health == RECEIVER_DISABLED) {
			l->breaker = (struct breaker){0};
			log_info("receiver %s is tried again", l->name);
		}
		l->health = c->saw_health && c->state.health != RECEIVER_RESTING ? c->state.health
										 : l->health;
		l->health_known = true;
		l->health_change = false;
		if (l->health == RECEIVER_DISABLED) {
			l->look_ms = t->now_ms + LANE_LOOK_MAX_MS;
		} else if (c->want > 0) {
			l->look_ms = c->n == c->want ? 0
				     : c->due_ms < t->now_ms + LANE_LOOK_MAX_MS
					     ? c->due_ms
					     : t->now_ms + LANE_LOOK_MAX_MS;
		}
		take_rows(n, l, c);
	}
}

bool notify_needs_trip(const struct notify *n, int64_t now_ms)
{
	if (n->results != NULL || n->check_orphans) {
		return true;
	}
	for (size_t i = 0; i < n->lanes_n; i++) {
		const struct lane *l = &n->lanes[i];
		if (!l->health_known || l->health_change || lane_wants(l, now_ms) > 0 ||
			(l->health == RECEIVER_DISABLED && lane_looks(l, now_ms))) {
			return true;
		}
	}
	return false;
}

static void store_failed(struct notify *n, const struct hark_err *err)
{
	if (n->store_wait_ms == 0) {
		log_warn("alerts wait for the store: %s", err->text);
	}
	n->store_wait_ms = n->store_wait_ms == 0 ? 500 : n->store_wait_ms * 2;
	if (n->store_wait_ms > STORE_WAIT_MAX_MS) {
		n->store_wait_ms = STORE_WAIT_MAX_MS;
	}
	n->store_again_ms = clock_steady_ms() + n->store_wait_ms;
}

void notify_go_to_store(struct notify *n, bool closing)
{
	struct trip t = {.n = n, .now_ms = notify_now(n), .closing = closing};
	struct hark_err err = {0};
	t.ahead_ms = t.now_ms - clock_steady_ms();
	arena_init(&t.arena, 0);
	t.claims = arena_alloc(&t.arena, (n->lanes_n + 1) * sizeof(*t.claims));
	int rc = t.claims == NULL
			 ? hark_err_set(&err, HARK_ENOMEM, "no memory")
			 : n->options.write(n->options.write_ctx, in_transaction, &t, &err);
	if (rc == HARK_OK) {
		n->store_wait_ms = 0;
		after_commit(&t);
	} else {
		store_failed(n, &err);
	}
	arena_release(&t.arena);
}

bool notify_may_ask_store(const struct notify *n)
{
	return n->store_wait_ms == 0 || clock_steady_ms() >= n->store_again_ms;
}
