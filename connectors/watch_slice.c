/* Which accounts of a profile-watch are asked when. Pure.
 *
 * DESIGN. Each account once in the interval, those not looked at for longest first; so it does not matter
 * when hark was off, and no time of an account has to be stored. A poll takes one 96th of the list, a
 * quarter of an hour of a day, so that the work lies evenly over the interval; what was never looked at goes
 * first and faster. A host that has had its share, or does not answer, is passed over, and its accounts are
 * the first when it may be asked again. */
#include "connectors/watch.h"

#include "monitor/base/clock.h"
#include "monitor/base/count.h"

#include <stdio.h>
#include <stdlib.h>

#define SLICES 96         /* in an interval */
#define FIRST_SLICE 25    /* while some were never looked at, … */
#define FIRST_SLICES 1440 /* … so much later each */
#define RARELY 30         /* intervals between two looks at what is gone or asks to be left alone */

static int64_t due_of(const struct watch *w, const struct watch_seen *seen)
{
	if (seen->seen_ms == 0) {
		return 0;
	}
	return seen->seen_ms +
	       (seen->flag == '-' ? w->every_ms - w->every_ms / 10 : RARELY * w->every_ms);
}

struct candidate {
	int64_t due_ms;
	size_t index;
};

static int by_due(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;
	if (x->due_ms != y->due_ms) {
		return x->due_ms < y->due_ms ? -1 : 1;
	}
	return x->index < y->index ? -1 : 1;
}

struct counts {
	size_t unseen, active;
};

static struct counts count(const struct watch *w)
{
	struct counts c = {0};
	for (size_t i = 0; i < w->accounts.n; i++) {
		c.unseen += w->state.seen[i].seen_ms == 0;
		c.active += w->state.seen[i].flag == '-';
	}
	return c;
}

static size_t slice_size(struct counts c)
{
	size_t n = c.unseen > 0 ? FIRST_SLICE : (c.active + SLICES - 1) / SLICES;
	return n == 0 ? 1 : n > WATCH_SLICE_MAX ? WATCH_SLICE_MAX : n;
}

/* Those whose host may be asked, by when they are due. Returns how many. */
static size_t gather(struct watch *w, int64_t now_ms, struct candidate *all, int64_t *first_ms)
{
	size_t n = 0;
	*first_ms = INT64_MAX;
	for (size_t i = 0; i < w->accounts.n; i++) {
		struct watch_host *h = &w->state.hosts[w->accounts.v[i]->host];
		int64_t ready = watch_host_ready(h, now_ms);
		if (ready == 0) {
			all[n++] = (struct candidate){due_of(w, &w->state.seen[i]), i};
		} else if (ready < *first_ms) {
			*first_ms = ready;
		}
	}
	qsort(all, n, sizeof(*all), by_due);
	return n;
}

int64_t watch_choose(struct watch *w, int64_t now_ms)
{
	int64_t first_ms = now_ms + w->every_ms;
	struct candidate *all = arena_alloc(&w->arena, (w->accounts.n + 1) * sizeof(*all));
	w->slice_n = 0;
	if (all == NULL) {
		return first_ms;
	}
	size_t n = gather(w, now_ms, all, &first_ms), most = slice_size(count(w));
	bool any_due = n > 0 && all[0].due_ms <= now_ms; /* else somebody wants it now */
	for (size_t i = 0; i < n && w->slice_n < most; i++) {
		const struct watch_seen *seen = &w->state.seen[all[i].index];
		struct watch_host *h = &w->state.hosts[w->accounts.v[all[i].index]->host];
		if ((any_due || seen->flag != '-') && all[i].due_ms > now_ms) {
			continue;
		}
		if (watch_host_ready(h, now_ms) == 0) {
			watch_host_take(h);
			w->results[w->slice_n] = WATCH_UNASKED;
			w->slice[w->slice_n++] = all[i].index;
		}
	}
	return w->slice_n > 0 ? 0 : first_ms < INT64_MAX ? first_ms : now_ms + w->every_ms;
}

int64_t watch_next(struct watch *w, int64_t now_ms)
{
	struct counts c = count(w);
	int64_t first_ms = INT64_MAX;
	int64_t pace = c.unseen > 0   ? w->every_ms / FIRST_SLICES
		       : c.active > 0 ? w->every_ms / (int64_t)c.active * (int64_t)slice_size(c)
				      : w->every_ms;
	for (size_t i = 0; i < w->accounts.n; i++) {
		struct watch_host *h = &w->state.hosts[w->accounts.v[i]->host];
		int64_t ready = watch_host_ready(h, now_ms), due = due_of(w, &w->state.seen[i]);
		int64_t at = ready > due ? ready : due;
		first_ms = at < first_ms ? at : first_ms;
	}
	int64_t wait = first_ms != INT64_MAX && first_ms > now_ms + pace ? first_ms - now_ms : pace;
	return wait < 1 ? 1 : wait > w->every_ms ? w->every_ms : wait;
}

void watch_tell_progress(struct watch *w, struct hark_host *host)
{
	size_t seen = 0, gone = 0, opted_out = 0, resting = 0;
	char span[CLOCK_TEXT_MAX], more[120] = "";
	for (size_t i = 0; i < w->accounts.n; i++) {
		const struct watch_seen *s = &w->state.seen[i];
		seen += s->seen_ms > 0 && host->now_ms - s->seen_ms < w->every_ms;
		gone += s->flag == 'g';
		opted_out += s->flag == 'o';
	}
	for (size_t i = 0; i < w->accounts.hosts_n; i++) {
		resting += w->state.hosts[i].rest_ms > host->now_ms;
	}
	size_t n = 0;
	if (gone > 0) {
		n += (size_t)snprintf(more, sizeof(more), "; %zu gone", gone);
	}
	if (opted_out > 0) {
		n += (size_t)snprintf(
			more + n, sizeof(more) - n, "; %zu asking to be left alone", opted_out);
	}
	if (resting > 0) {
		snprintf(more + n, sizeof(more) - n, "; %s not asked for now",
			COUNT(resting, "host"));
	}
	host->progress(host, "%zu of %s seen in the last %s%s", seen,
		COUNT(w->accounts.n, "account"), clock_span(w->every_ms, span), more);
}
