#include "monitor/pipeline/poll_health.h"

#include "connectors/definition.h"
#include "connectors/registry.h"
#include "monitor/base/clock.h"
#include "monitor/base/count.h"
#include "monitor/config/values.h"
#include "monitor/pipeline/coverage.h"

#include <stdio.h>
#include <stdlib.h>

#define UNREADABLE_MIN 3 /* answers in a row that are something else */
#define HABITS_SAVE_MS (INT64_C(3600) * 1000)
#define TEXT_MAX_BYTES 400

/* --- what was heard --- */

/* Whether a reply of this source lists what there is, new or not; else it asks only for what is new. */
static bool lists_known(const struct source *src)
{
	const struct definition *d = connector_definition(src->connector);
	bool waits = d != NULL && d->detail.decides; /* no post before its detail is there */
	return d != NULL ? !waits && (d->cursor.kind <= CURSOR_SEEN_SET ||
					     d->cursor.kind == CURSOR_STOP_AT)
			 : src->state->cursor.p == NULL;
}

/* Whether this poll, all its pages, goes back to what the last one had. A single item tells nothing: it may be
 * the same one, edited. */
static bool has_reached(const struct source *src)
{
	if (src->listens) {
		return !src->missed;
	}
	if (src->met_known || src->seen_n == 0) {
		return true;
	}
	bool turned_over =
		lists_known(src) && src->state->seen.n > sizeof(uint64_t) && src->seen_n > 1;
	return !turned_over && !src->missed;
}

/* Whether a stream begins where the one before ended shows when it is opened, when what was missed has been
 * asked for, or only with its first event. */
static void note_stream_gap(struct batch *b, struct source *src, bool good)
{
	if (good && src->missed && !src->opening && src->cut_ms > 0) {
		b->gap = (struct gap){.cause = GAP_STREAM,
			.from_ms = coverage_since_ms(
				src->conf->hours, src->cut_ms, src->conf->every_ms),
			.until_ms = b->received_ms};
	} else if (src->missed && b->gap.cause == GAP_OVERFLOW) {
		b->gap.cause = GAP_STREAM;
	}
	src->opening &= good && src->more.first != NULL;
}

static void note_gap(struct batch *b, struct source *src, enum poll_outcome outcome, int64_t now_ms)
{
	const struct coverage c = {
		.good = outcome == POLL_NEWS || outcome == POLL_SAME,
		.failed = outcome != POLL_NEWS && outcome != POLL_SAME && outcome != POLL_QUOTA,
		.reached = has_reached(src),
		.was_polled = src->polled,
		.hours = src->conf->hours,
	};
	struct gap gap;
	if (src->conf->stands_for != NULL) {
		b->state.heard_ms = c.good ? now_ms : src->state->heard_ms;
		return; /* it is not meant to be heard all the time */
	}
	coverage_gap(src->state, &c, src->conf->every_ms, now_ms, &gap);
	if (c.good && src->more.first != NULL) { /* its end is not known before the last page */
		src->gap = src->gap.cause != GAP_NONE || gap.cause == GAP_OVERFLOW ? src->gap : gap;
		return;
	}
	if (c.good && src->gap.cause != GAP_NONE) {
		gap.cause = src->gap.cause;
	}
	b->gap = gap;
	b->state.heard_ms = c.good ? now_ms : src->state->heard_ms;
	if (src->listens) {
		note_stream_gap(b, src, c.good);
	}
}

/* --- what is usual --- */

/* Reasons that say nothing of the item's form. */
static bool is_usual_skip(struct str why)
{
	return str_starts(why, STR("it is known")) || str_starts(why, STR("nothing about it")) ||
	       str_starts(why, STR("its id came")) || str_starts(why, STR("its detail"));
}

static void count_fields(const struct post *p, uint32_t *with)
{
	with[HABIT_TITLE] += p->title.n > 0;
	with[HABIT_TEXT] += p->text.n > 0;
	with[HABIT_AUTHOR] += p->author.handle.n > 0 || p->author.display_name.n > 0;
	with[HABIT_URL] += p->url.n > 0;
	with[HABIT_PUBLISHED] += p->published != 0;
}

void health_reply(struct batch *b, const struct source *src, const struct collected *got)
{
	struct habit_reply r = {.lists = src->page == 0 && lists_known(src),
		.damaged = got->degraded,
		.items = (uint32_t)(got->posts_n + got->profiles_n)};
	for (size_t i = 0; i < got->skips_n; i++) {
		r.skipped += is_usual_skip(got->skips[i].why) ? 0 : (uint32_t)got->skips[i].items;
	}
	for (size_t i = 0; i < got->posts_n; i++) {
		count_fields(&got->posts[i], r.with);
	}
	if (got->profiles_n == 0 && !src->connector->in_slices) { /* a person has none of these */
		habits_reply(&b->habits, &r);
	}
}

void health_same(struct batch *b, bool not_modified)
{
	habits_same(&b->habits, not_modified);
}

static void note_habits(
	struct batch *b, const struct source *src, enum poll_outcome outcome, int64_t now_ms)
{
	bool is_first = b->habits.since_ms == 0 && b->state.baseline_done;
	if (src->connector->in_slices) {
		return; /* every poll is of other things */
	}
	if (outcome == POLL_NEWS || is_first) {
		bool was_blind = b->gap.cause != GAP_NONE || src->gap.cause != GAP_NONE;
		habits_news(&b->habits, was_blind, now_ms);
	}
	/* News are stored at once; what replies look like may be a while old after a crash. */
	bool is_due = now_ms - b->habits.saved_ms >= HABITS_SAVE_MS;
	b->habits_changed =
		b->habits.since_ms != 0 && (outcome == POLL_NEWS || is_first || is_due ||
						   b->state.alarms != src->state->alarms);
	if (b->habits_changed) {
		b->habits.saved_ms = now_ms;
	}
}

/* --- what is to be said --- */

struct judging {
	struct batch *b;
	unsigned standing; /* bits of enum source_alarm */
	const char *texts[ALARMS];
};

static const char *keep(struct judging *j, const char *text)
{
	const char *copy = arena_c(&j->b->arena, str_cut_utf8(str_c(text), TEXT_MAX_BYTES));
	return copy != NULL ? copy : "";
}

static void stand(struct judging *j, enum source_alarm alarm, const char *text)
{
	j->standing |= 1U << alarm;
	j->texts[alarm] = keep(j, text);
}

static void judge_failure(
	struct judging *j, const struct source *src, enum poll_outcome outcome, bool unreadable)
{
	const struct source_state *s = &j->b->state;
	const char *error = s->error.p != NULL ? arena_c(&j->b->arena, s->error) : "it fails";
	char text[TEXT_MAX_BYTES];
	if (outcome == POLL_GONE) {
		stand(j, ALARM_GONE, error);
	} else if (outcome == POLL_REFUSED) {
		stand(j, ALARM_AUTH, error);
	} else if (unreadable && s->failures >= UNREADABLE_MIN && s->baseline_done) {
		snprintf(
			text, sizeof(text), "it answers something else than it used to: %s", error);
		stand(j, ALARM_DRIFT, text);
	} else if (src->conf->alarm_after > 0 && s->failures >= src->conf->alarm_after) {
		snprintf(text, sizeof(text), "%s in a row: %s", COUNT(s->failures, "failure"),
			error);
		stand(j, ALARM_FAILING, text);
	}
}

static void judge_quiet(struct judging *j, const struct hours *hours, int64_t now_ms)
{
	const struct habits *h = &j->b->habits;
	enum habits_quiet quiet = habits_quiet(h, hours, now_ms);
	char text[TEXT_MAX_BYTES], span[CLOCK_TEXT_MAX], every[CLOCK_TEXT_MAX], usual[80] = "";
	if (quiet == QUIET_USUAL) {
		return;
	}
	clock_span(now_ms - h->news_ms, span);
	if (habits_every_ms(h) > 0) {
		snprintf(usual, sizeof(usual), "; it used to have some every %s",
			clock_span(habits_every_ms(h), every));
	}
	snprintf(text, sizeof(text), "nothing new for %s%s%s", span,
		quiet == QUIET_STALE ? ", always the same page" : "", usual);
	stand(j, quiet == QUIET_STALE ? ALARM_STALE : ALARM_SILENT, text);
}

static void judge_drift(struct judging *j)
{
	char room[200];
	const char *what = habits_drift(&j->b->habits, room);
	if (what != NULL) {
		stand(j, ALARM_DRIFT, what);
	}
}

/* What changed between what stood before and now. */
static void note_changes(struct batch *b, const struct judging *j, unsigned before)
{
	for (int i = 0; i < ALARMS; i++) {
		unsigned bit = 1U << i;
		if (((before ^ j->standing) & bit) != 0) {
			b->alarms[b->alarms_n++] =
				(struct alarm_change){.alarm = (enum source_alarm)i,
					.stands = (j->standing & bit) != 0,
					.text = str_c(j->texts[i])};
		}
	}
	b->state.alarms = (int)j->standing;
}

static void note_alarms(struct batch *b, const struct source *src, enum poll_outcome outcome,
	bool unreadable, int64_t now_ms)
{
	unsigned before = (unsigned)src->state->alarms;
	struct judging j = {.b = b};
	if (outcome == POLL_NEWS || outcome == POLL_SAME) {
		judge_quiet(&j, src->conf->hours, now_ms);
		judge_drift(&j);
		/* A stream that has not held long enough yet ends no row of failures. */
		j.standing |= b->state.failures > 0 ? before & (1U << ALARM_FAILING) : 0;
	} else if (outcome == POLL_OFFLINE || outcome == POLL_QUOTA) {
		return; /* that says nothing of the source */
	} else {
		j.standing = before & ~(1U << ALARM_AUTH); /* it answers no question but this one */
		judge_failure(&j, src, outcome, unreadable);
	}
	note_changes(b, &j, before);
	b->host = arena_str(&b->arena, url_host(str_c(src->asked_url)));
}

void health_end(struct batch *b, struct source *src, enum poll_outcome outcome, bool unreadable,
	int64_t now_ms)
{
	if (src->transport == HARK_TRANSPORT_FILE) {
		return; /* a file waits until it is read */
	}
	note_gap(b, src, outcome, now_ms);
	note_alarms(b, src, outcome, unreadable, now_ms);
	note_habits(b, src, outcome, now_ms);
	b->state.habits = arena_str(&b->arena, str_n((const char *)&b->habits, sizeof(b->habits)));
}

void health_pushed(struct batch *b, int64_t now_ms)
{
	habits_news(&b->habits, false, now_ms);
	b->habits.saved_ms = now_ms;
	b->habits_changed = true;
	b->state.habits = arena_str(&b->arena, str_n((const char *)&b->habits, sizeof(b->habits)));
}
