#include "monitor/notify/lane.h"

#include "monitor/base/log.h"

#include <stdio.h>
#include <stdlib.h>

#define JOBS_MAX 4   /* attempts at once at one receiver */
#define ROWS_MANY 64 /* rows claimed for a receiver that takes many at once */
#define ROWS_ONE_BY_ONE 16
#define NOT_TRIED_WAIT_MS 1000

bool lane_init(struct lane *l, const struct conf_receiver *receiver)
{
	*l = (struct lane){.receiver = receiver, .name = strdup(receiver->name)};
	l->ready_tail = &l->ready;
	return l->name != NULL;
}

void lane_release(struct lane *l)
{
	free(l->name);
}

bool lane_takes_many(const struct lane *l)
{
	return l->receiver->type == RECEIVER_FILE || l->receiver->type == RECEIVER_STDOUT;
}

static bool is_chat(const struct lane *l)
{
	return l->receiver->type > RECEIVER_WEBHOOK && l->receiver->type <= RECEIVER_DISCORD;
}

static size_t jobs_max(const struct lane *l)
{
	return lane_takes_many(l) || is_chat(l) ? 1 : JOBS_MAX;
}

/* When the next attempt may start, as far as the pace goes. A clock set back does not make it later. */
static int64_t pace_ms(const struct lane *l, int64_t now_ms)
{
	int64_t next = l->last_ms + (is_chat(l) ? LANE_CHAT_SPACING_MS : 0);
	return next - now_ms <= LANE_CHAT_SPACING_MS ? next : now_ms;
}

static size_t rows_max(const struct lane *l)
{
	return breaker_resting(&l->breaker) ? 1 : lane_takes_many(l) ? ROWS_MANY : ROWS_ONE_BY_ONE;
}

/* A clock set back must not keep a lane from looking for longer than it would anyway. */
static int64_t look_ms(const struct lane *l, int64_t now_ms)
{
	return l->look_ms - now_ms <= LANE_LOOK_MAX_MS ? l->look_ms : now_ms;
}

bool lane_looks(const struct lane *l, int64_t now_ms)
{
	return look_ms(l, now_ms) <= now_ms;
}

size_t lane_wants(const struct lane *l, int64_t now_ms)
{
	size_t have = l->ready_n + l->rows_out, most = rows_max(l);
	if (l->health == RECEIVER_DISABLED || !lane_looks(l, now_ms) || have >= most) {
		return 0;
	}
	return breaker_room(&l->breaker, 1, 0, now_ms) > 0 ? most - have : 0;
}

int64_t lane_next_ms(const struct lane *l, int64_t now_ms)
{
	int64_t next = breaker_next_ms(&l->breaker, now_ms), paced = pace_ms(l, now_ms);
	next = paced > next ? paced : next;
	if (l->ready_n > 0 && l->jobs == 0) {
		return next;
	}
	if (l->ready_n + l->rows_out >= rows_max(l)) {
		return INT64_MAX;
	}
	int64_t look = look_ms(l, now_ms);
	return look > next ? look : next;
}

void lane_put(struct lane *l, struct delivery *d)
{
	d->next = NULL;
	*l->ready_tail = d;
	l->ready_tail = &d->next;
	l->ready_n++;
}

struct delivery *lane_take_all(struct lane *l)
{
	struct delivery *list = l->ready;
	l->ready = NULL;
	l->ready_tail = &l->ready;
	l->ready_n = 0;
	return list;
}

static struct delivery *take_one(struct lane *l)
{
	struct delivery *d = l->ready;
	l->ready = d->next;
	if (l->ready == NULL) {
		l->ready_tail = &l->ready;
	}
	l->ready_n--;
	d->next = NULL;
	return d;
}

struct delivery *lane_take(struct lane *l, int64_t now_ms)
{
	if (l->ready == NULL || l->health == RECEIVER_DISABLED || l->jobs >= jobs_max(l) ||
		breaker_room(&l->breaker, jobs_max(l), l->jobs, now_ms) == 0 ||
		pace_ms(l, now_ms) > now_ms) {
		return NULL;
	}
	size_t before = l->ready_n;
	struct delivery *list = lane_takes_many(l) ? lane_take_all(l) : take_one(l);
	l->jobs++;
	l->rows_out += before - l->ready_n;
	breaker_started(&l->breaker, now_ms);
	l->last_ms = now_ms;
	return list;
}

static void note_health(struct lane *l, const struct delivery *d)
{
	enum receiver_health was = l->health;
	if (d->outcome == DELIVERY_GONE) {
		l->health = RECEIVER_DISABLED;
		l->look_ms = 0;
	} else if (l->health != RECEIVER_DISABLED) {
		l->health = breaker_resting(&l->breaker) ? RECEIVER_RESTING : RECEIVER_OK;
	}
	l->last_status = d->status;
	snprintf(l->last_error, sizeof(l->last_error), "%s", d->error);
	if (l->health == was) {
		return;
	}
	l->health_change = true;
	if (l->health == RECEIVER_DISABLED) {
		log_error("receiver %s is disabled: %s. Its alerts are kept; `hark notify replay "
			  "--receiver %s` tries again",
			l->name, d->error, l->name);
	} else if (l->health == RECEIVER_RESTING) {
		log_warn("receiver %s failed %d times in a row and is now tried once a minute: %s",
			l->name, BREAKER_FAILURES, d->error);
	} else {
		log_info("receiver %s takes alerts again", l->name);
	}
}

void lane_ended(struct lane *l, const struct delivery *list, int64_t now_ms)
{
	const struct delivery *worst = NULL; /* an attempt with many rows counts once */
	bool wait = false;
	l->jobs--;
	for (const struct delivery *d = list; d != NULL; d = d->next) {
		l->rows_out--;
		if (d->outcome == DELIVERY_NOT_TRIED) {
			wait = true;
		} else if (worst == NULL || worst->outcome == DELIVERY_SENT) {
			worst = d;
		}
	}
	if (worst != NULL) {
		breaker_ended(&l->breaker, worst->outcome == DELIVERY_SENT, worst->retry_after_ms,
			now_ms);
		note_health(l, worst);
	}
	if (wait) {
		l->look_ms = now_ms + NOT_TRIED_WAIT_MS;
	}
}
