/* Fallbacks: sources that rest while the one they stand in for is well. */
#include "monitor/pipeline/scheduler_parts.h"

#include "monitor/base/log.h"

#define CLOCKS_MS (60 * 1000) /* by which dates of others may be off */

bool scheduler_stands_by(struct scheduler *s, const struct source *src)
{
	const char *for_whom = src->conf->stands_for;
	const struct source *head = for_whom != NULL ? scheduler_find(s, for_whom) : NULL;
	if (head == NULL || src->more.first != NULL) {
		return false;
	}
	bool is_needed = head->ails;
	for (size_t i = 0; i < src->conf->stands_at && i < head->conf->fallback_n; i++) {
		const struct source *before = scheduler_find(s, head->conf->fallback[i]);
		is_needed = is_needed && (before == NULL || before->ails);
	}
	return !is_needed;
}

void scheduler_arrange(struct scheduler *s, const struct source *src, int64_t now_ms)
{
	const char *for_whom = src->conf->stands_for;
	const struct source *head = for_whom != NULL ? scheduler_find(s, for_whom) : src;
	for (size_t i = 0; head != NULL && i < head->conf->fallback_n; i++) {
		struct source *in = scheduler_find(s, head->conf->fallback[i]);
		if (in == NULL || in->out || in->elder != NULL) {
			continue;
		}
		bool waited = in->due_ms == INT64_MAX;
		scheduler_take(s, in);
		scheduler_settle(s, in, now_ms);
		if (in->listener != NULL && in->due_ms == INT64_MAX) {
			scheduler_stop_listening(s, in);
		}
		bool begins = waited || (in->heard_ms == 0 && !in->stood_by);
		bool stood = in->stands;
		in->stands = in->due_ms != INT64_MAX;
		if (begins && in->stands) {
			in->stood_by = true;
			in->stands_since_ms = head->heard_ms - CLOCKS_MS;
			log_info("%s: polled in place of %s, which fails", in->conf->name,
				head->conf->name);
		} else if (stood && !in->stands && in->polled) {
			log_info("%s: rests, %s is well", in->conf->name, head->conf->name);
		}
	}
}
