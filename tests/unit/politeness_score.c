#include "tests/unit/politeness_score.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define DAY_MS (24 * 3600 * 1000LL)

static int64_t most(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static int64_t capped(int64_t ms)
{
	return ms < DAY_MS ? ms : DAY_MS;
}

__attribute__((format(printf, 3, 4))) static void note(
	struct score *s, enum breach kind, const char *fmt, ...)
{
	va_list args;
	if (s->breaches[kind]++ == 0) {
		va_start(args, fmt);
		vsnprintf(s->first[kind], sizeof(s->first[kind]), fmt, args);
		va_end(args);
	}
}

static void check_host(struct score *s, struct score_page *p, int64_t now_ms)
{
	struct score_host *h = p->host;
	if (h->started_ms != 0 && now_ms - h->started_ms < h->spacing_ms) {
		note(s, BREACH_SPACING, "%s: %lld ms after the last request to its host", p->url,
			(long long)(now_ms - h->started_ms));
	}
	h->started_ms = now_ms;
	if (++h->in_flight > h->most) {
		note(s, BREACH_IN_FLIGHT, "%s: %d at once", p->url, h->in_flight);
	}
}

static void check_quota(struct score *s, struct score_page *p, int64_t now_ms)
{
	struct score_quota *q = p->quota;
	if (q == NULL) {
		return;
	}
	if (q->daily) {
		q->today = now_ms / DAY_MS == q->day ? q->today + 1 : 1;
		q->day = now_ms / DAY_MS;
		q->asked++;
		if (q->today > q->n) {
			note(s, BREACH_QUOTA, "%s: %ld in a day", p->url, q->today);
		}
		return;
	}
	int64_t *slot = &q->at[q->asked % q->n];
	if (q->asked++ >= q->n && now_ms - *slot < q->per_ms) {
		note(s, BREACH_QUOTA, "%s: %ld in %lld ms", p->url, q->n + 1,
			(long long)(now_ms - *slot));
	}
	*slot = now_ms;
	if (now_ms < q->held_ms) {
		note(s, BREACH_HELD, "%s: %lld ms before its quota is back", p->url,
			(long long)(q->held_ms - now_ms));
	}
}

static bool same(const char *kept, const char *sent)
{
	return strcmp(kept, sent != NULL ? sent : "") == 0;
}

void score_ask(struct score *s, struct score_page *p, const char *etag, const char *modified,
	int64_t now_ms)
{
	s->requests++;
	p->asked++;
	p->asked_ms = now_ms;
	s->revalidations += p->revalidates;
	if (p->revalidates && (!same(p->etag, etag) || !same(p->modified, modified))) {
		note(s, BREACH_UNCONDITIONAL, "%s: '%s' and '%s' instead of '%s' and '%s'", p->url,
			etag != NULL ? etag : "", modified != NULL ? modified : "", p->etag,
			p->modified);
	}
	if (p->lapse_ms != 0 && now_ms > p->lapse_ms) {
		note(s, BREACH_LAPSED, "%s: %lld ms ago", p->url,
			(long long)(now_ms - p->lapse_ms));
	}
	if (p->host->rests && now_ms < p->host->not_before_ms) {
		note(s, BREACH_EARLY, "%s: %lld ms before its host may be asked", p->url,
			(long long)(p->host->not_before_ms - now_ms));
	}
	if (now_ms < p->not_before_ms) {
		note(s, BREACH_EARLY, "%s: %lld ms early after %d failures", p->url,
			(long long)(p->not_before_ms - now_ms), p->failures);
	}
	if (p->gone) {
		note(s, BREACH_GONE, "%s", p->url);
	}
	int64_t hour = now_ms % DAY_MS / (DAY_MS / 24);
	if (p->open_to_h != 0 && (hour < p->open_from_h || hour >= p->open_to_h)) {
		note(s, BREACH_CLOSED, "%s: at %lld h", p->url, (long long)hour);
	}
	check_host(s, p, now_ms);
	check_quota(s, p, now_ms);
}

/* The first failure costs the interval, each further one twice as much, a fifth less by chance. */
static int64_t back_off(const struct score_page *p)
{
	int64_t wait = p->every_ms;
	for (int i = 1; i < p->failures && wait < DAY_MS; i++) {
		wait *= 2;
	}
	return most(p->every_ms, capped(wait) * 8 / 10);
}

void score_answer(
	struct score *s, struct score_page *p, const struct score_answer *a, int64_t now_ms)
{
	(void)s;
	int64_t wait = p->every_ms;
	if (a->status == 200) {
		snprintf(p->etag, sizeof(p->etag), "%s", a->etag != NULL ? a->etag : "");
		snprintf(p->modified, sizeof(p->modified), "%s",
			a->modified != NULL ? a->modified : "");
		p->revalidates = p->etag[0] != '\0' || p->modified[0] != '\0';
		p->ttl_ms = a->ttl_ms;
	}
	p->moved = a->status == 301;
	if (p->moved) {
		p->revalidates = false; /* what was here is elsewhere */
	}
	if (a->status == 410) {
		p->gone = true;
	} else if (a->status == 401 || a->status == 403) {
		wait = DAY_MS;
		p->failures++;
	} else if (a->status >= 400) {
		p->failures++;
		wait = back_off(p);
	} else if (a->status != 0) {
		p->failures = 0;
	}
	wait = most(wait,
		most(capped(a->retry_after_ms), most(capped(a->max_age_ms), capped(p->ttl_ms))));
	p->not_before_ms = now_ms + wait;
	if (a->status >= 400 && a->retry_after_ms > 0) {
		p->host->not_before_ms = now_ms + capped(a->retry_after_ms);
	}
}

void score_lease(struct score_page *p, int64_t lease_ms, int64_t now_ms)
{
	p->not_before_ms = now_ms + lease_ms / 2;
	p->lapse_ms = now_ms + lease_ms;
}

void score_restart(struct score_page *p)
{
	int64_t anew = p->asked_ms + DAY_MS / 24;
	if (p->lapse_ms != 0 && p->failures == 0 && anew < p->not_before_ms) {
		p->not_before_ms = anew;
	}
}

void score_closed(struct score_page *p)
{
	p->host->in_flight--;
}

void score_end(struct score *s, const struct score_page *p, int64_t now_ms)
{
	/* a day, a twentieth more by chance, and a turn at its host */
	if (p->lapse_ms != 0) {
		if (now_ms > p->lapse_ms) {
			note(s, BREACH_LAPSED, "%s: for good", p->url);
		}
		return;
	}
	if (!p->gone && !p->moved && !p->once && now_ms - p->asked_ms > DAY_MS + DAY_MS / 8) {
		note(s, BREACH_STOPPED, "%s: asked %ld times, the last %lld h ago", p->url,
			p->asked, (long long)(now_ms - p->asked_ms) / 3600000);
	}
}

long score_breaches(const struct score *s)
{
	long all = 0;
	for (size_t i = 0; i < BREACHES; i++) {
		all += s->breaches[i];
	}
	return all;
}
