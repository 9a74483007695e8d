#include "monitor/pipeline/emit_gone.h"

#include "monitor/store/changes.h"
#include "monitor/store/leads.h"
#include "monitor/store/outbox.h"
#include "monitor/store/posts.h"

#include <stdio.h>

static void log_event(struct emitter *e, int64_t lead, const char *action, const char *note)
{
	const struct lead_event event = {.action = str_c(action), .note = str_c(note)};
	store_lead_event(e->store, lead, e->now_ms, &event);
}

/* What is on its way at this moment is looked at again before its next attempt (consent.h). */
static void take_back(struct emitter *e, int64_t lead, const char *why)
{
	log_event(e, lead, "evidence lost", why);
	outbox_wipe(e->store, lead);
	if (store_lead_stands(e->store, lead)) {
		return;
	}
	size_t stopped = outbox_stop(e->store, lead, e->now_ms);
	if (stopped > 0) {
		char note[80];
		snprintf(note, sizeof(note), "%zu not sent yet: nothing is left to tell", stopped);
		log_event(e, lead, "alert stopped", note);
		e->counts->alerts_stopped += stopped;
	}
}

static void take_all_back(struct emitter *e, int64_t post, const char *why)
{
	int64_t *leads;
	size_t n;
	store_leads_bereft(e->store, post, e->now_ms, &e->scratch, &leads, &n);
	for (size_t i = 0; i < n; i++) {
		take_back(e, leads[i], why);
	}
}

void emit_deleted(struct emitter *e, const struct post *post)
{
	const char *why = post->opted_out ? "its author asks to be left alone"
					  : "the post was deleted at its source";
	int64_t *posts;
	size_t n;
	store_deleted_posts(e->store, e->source, post->external_id, &e->scratch, &posts, &n);
	for (size_t i = 0; i < n; i++) {
		store_post_delete(e->store, posts[i], e->now_ms);
		take_all_back(e, posts[i], why);
	}
	e->counts->posts_deleted += n;
}

void emit_edited_away(struct emitter *e, int64_t post)
{
	take_all_back(e, post, "the post was edited and does not say it any more");
}
