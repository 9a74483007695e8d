/* The slice of a profile-watch is in: what it means for the accounts, and what the host is told. All of it is
 * told with the last reply, so that records and cursor are stored together: a poll that is cut short is
 * repeated, and nothing is told twice. */
#include "connectors/move.h"
#include "connectors/profile.h"
#include "connectors/watch.h"
#include "monitor/base/count.h"

#define CURSOR_MAX ((size_t)128 << 20)

static int tell_left(struct hark_host *host, const struct hark_profile *now)
{
	struct hark_profile p = *now;
	p.event = HARK_LEFT;
	p.employer = now->was_employer;
	p.title = now->was_title;
	p.was_employer = p.was_title = NULL;
	return host->emit_profile(host, &p);
}

static int tell_one(struct hark_host *host, struct watch_news *n)
{
	struct hark_profile *p = &n->profile;
	const struct move move = {.profile = p,
		.was_employer = p->was_employer,
		.was_title = p->was_title,
		.key = profile_key(p)};
	if (n->opted_out || n->event == WATCH_FIRST) {
		return host->emit_profile(host, p);
	}
	int rc = n->event == WATCH_JOINED ? tell_left(host, p) : 0;
	return rc == 0 ? move_emit(host, &move) : rc;
}

/* A host that lost all we asked for, and not only one, has a problem of its own. */
static bool is_doubtful(const struct watch_host *h)
{
	return h->lost >= 2 && h->oks == 0;
}

static void note_lost(struct watch *w, size_t index, int64_t now_ms)
{
	struct watch_seen *seen = &w->state.seen[index];
	struct watch_host *h = &w->state.hosts[w->accounts.v[index]->host];
	if (is_doubtful(h)) {
		if (!h->failed) {
			watch_host_fail(h, now_ms, 0);
		}
		return;
	}
	seen->seen_ms = now_ms;
	seen->misses++;
	if (seen->misses >= w->misses && seen->flag == '-') {
		seen->flag = 'g';
	}
}

static int keep_cursor(struct watch *w, struct hark_host *host)
{
	struct buf text;
	buf_init(&text, CURSOR_MAX);
	watch_state_write(&w->state, &text);
	int rc = text.rc == HARK_OK
			 ? host->set_cursor(host, buf_c(&text))
			 : host->fail(host, "no memory for what is known of the accounts");
	buf_release(&text);
	return rc;
}

/* The others go on meanwhile; an admin has to know as long as it lasts. */
static void tell_refused(struct watch *w, struct hark_host *host)
{
	for (size_t i = 0; i < w->accounts.hosts_n; i++) {
		if (w->state.hosts[i].refused) {
			host->refuse(host, HARK_REFUSED_AUTH, 0,
				"%s refuses the secret 'github', and its accounts wait: renew the "
				"token, or leave the secret away, and reload%s%s",
				w->state.hosts[i].name, w->why[0] != '\0' ? "; it said of " : "",
				w->why);
			return;
		}
	}
}

int watch_tell(struct watch *w, struct hark_host *host)
{
	int rc = 0;
	for (size_t i = 0; i < w->slice_n; i++) {
		struct watch_host *h = &w->state.hosts[w->accounts.v[w->slice[i]]->host];
		if (w->results[i] == WATCH_LOST) {
			note_lost(w, w->slice[i], host->now_ms);
		}
		if (w->results[i] == WATCH_HERE && !h->failed) {
			h->failures = 0;
			h->refused = false;
		}
	}
	for (size_t i = 0; i < w->news_n && rc == 0; i++) {
		rc = tell_one(host, &w->news[i]);
	}
	if (w->failures > 0) {
		host->degraded(host, 0, 0, "%zu of %s could not be read: %s", w->failures,
			COUNT(w->slice_n, "account"), w->why);
	}
	watch_tell_progress(w, host);
	host->again(host, watch_next(w, host->now_ms));
	rc = rc == 0 ? keep_cursor(w, host) : rc;
	if (rc == 0) {
		w->is_old = true;
		tell_refused(w, host);
	}
	return rc;
}
