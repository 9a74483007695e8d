#include "monitor/pipeline/emit_gone.h"

#include "connectors/move.h"
#include "monitor/store/changes.h"
#include "monitor/store/leads.h"
#include "monitor/store/outbox.h"
#include "monitor/store/posts.h"
#include "monitor/store/profiles.h"

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

static void take_post(struct emitter *e, int64_t post, const char *why)
{
	store_post_delete(e->store, post, e->now_ms);
	take_all_back(e, post, why);
	e->counts->posts_deleted++;
}

void emit_post_gone(
	struct store *s, int64_t post, const char *why, int64_t now_ms, struct emit_counts *counts)
{
	struct emitter e = {.store = s, .now_ms = now_ms, .counts = counts};
	arena_init(&e.scratch, 0);
	take_post(&e, post, why);
	arena_release(&e.scratch);
}

static void take_posts(struct emitter *e, int64_t source, struct str external_id, const char *why)
{
	int64_t *posts;
	size_t n;
	store_deleted_posts(e->store, source, external_id, &e->scratch, &posts, &n);
	for (size_t i = 0; i < n; i++) {
		take_post(e, posts[i], why);
	}
}

void emit_person_gone(struct emitter *e, int64_t source, struct str key, const char *why)
{
	char ids[MOVE_ID_MAX];
	store_profile_forget(e->store, source, key);
	move_ids(key, ids);
	take_posts(e, source, str_c(ids), why);
}

/* "did:plc:x" of "at://did:plc:x/"; absent: it is no account. */
static struct str account_of(struct str external_id)
{
	const struct str scheme = STR("at://");
	if (!str_starts(external_id, scheme) || !str_ends(external_id, STR("/"))) {
		return STR_NONE;
	}
	struct str did = str_n(external_id.p + scheme.n, external_id.n - scheme.n - 1);
	return str_find(did, STR("/")) == SIZE_MAX ? did : STR_NONE;
}

void emit_deleted(struct emitter *e, const struct post *post)
{
	struct str account = account_of(post->external_id);
	int64_t *sources;
	size_t n = 0;
	take_posts(e, e->source, post->external_id,
		post->opted_out ? "its author asks to be left alone"
		: account.n > 0 ? "its author's account is gone"
				: "the post was deleted at its source");
	if (account.n > 0) {
		store_sources_of_person(e->store, account, &e->scratch, &sources, &n);
	}
	for (size_t i = 0; i < n; i++) {
		emit_person_gone(e, sources[i], account, "the account is gone");
	}
}

void emit_edited_away(struct emitter *e, int64_t post)
{
	take_all_back(e, post, "the post was edited and does not say it any more");
}
