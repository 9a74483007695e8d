#include "monitor/pipeline/emit_gone.h"

#include "connectors/move.h"
#include "monitor/references/candidates.h"
#include "monitor/store/changes.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/moves.h"
#include "monitor/store/outbox.h"
#include "monitor/store/posts.h"

#include <stdio.h>

#define NAMES_MAX 64 /* of one person */

static void log_event(struct emitter *e, int64_t lead, const char *action, const char *note)
{
	const struct step event = {.action = str_c(action), .note = str_c(note)};
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
	store_move_retract(e->store, post, NULL);
	candidates_gone(e->store, e->conf, post, e->now_ms);
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

/* Names of one person, each once. */
struct names {
	struct profile_name *v;
	size_t n, cap;
};

static bool is_known(const struct names *names, const struct profile_name *name)
{
	for (size_t i = 0; i < names->n; i++) {
		const struct profile_name *known = &names->v[i];
		if (str_eq(known->key, name->key) && str_eq(known->url, name->url) &&
			str_eq(known->handle, name->handle)) {
			return true;
		}
	}
	return false;
}

static bool add_name(struct emitter *e, struct names *names, const struct profile_name *name)
{
	if (names->n == NAMES_MAX || is_known(names, name)) {
		return true;
	}
	struct profile_name *grown =
		arena_grow(&e->scratch, names->v, names->n, &names->cap, sizeof(*grown));
	if (grown == NULL) {
		return false;
	}
	names->v = grown;
	grown[names->n++] = *name;
	return true;
}

/* Whoever was renamed is found by the names of before, and by those of before that. An address or handle may be
 * somebody else's by now, or have been: who has another key of their own is. */
static bool find_names(struct emitter *e, int64_t source, struct names *names)
{
	struct str own = profile_name_has_own_key(&names->v[0]) ? names->v[0].key : STR_NONE;
	bool ok = true;
	for (size_t i = 0; i < names->n && ok; i++) {
		const struct profile_name name = names->v[i];
		struct profile_name *alike;
		size_t n;
		store_profile_alike(e->store, source, &name, &e->scratch, &alike, &n);
		for (size_t k = 0; k < n && ok; k++) {
			bool has_own = profile_name_has_own_key(&alike[k]);
			own = has_own && own.n == 0 ? alike[k].key : own;
			ok = (has_own && !str_eq(alike[k].key, own)) ||
			     add_name(e, names, &alike[k]);
		}
	}
	return ok;
}

static void forget_key(struct emitter *e, int64_t source, struct str key, const char *why)
{
	char ids[MOVE_ID_MAX];
	if (key.n > 0) {
		store_profile_forget(e->store, source, key);
		store_move_forget(e->store, source, key);
		move_ids(key, ids);
		take_posts(e, source, str_c(ids), why);
	}
}

void emit_person_gone(
	struct emitter *e, int64_t source, const struct profile_name *who, const char *why)
{
	struct names names = {0};
	if (!add_name(e, &names, who) || !find_names(e, source, &names)) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory to forget a person");
		return;
	}
	/* Posts outlive the rows, so they are looked for under every name there could be. */
	for (size_t i = 0; i < names.n; i++) {
		forget_key(e, source, names.v[i].key, why);
	}
	forget_key(e, source, who->url, why);
	forget_key(e, source, who->handle, why);
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
		const struct profile_name who = {.key = account};
		emit_person_gone(e, sources[i], &who, "the account is gone");
	}
}

void emit_edited_away(struct emitter *e, int64_t post)
{
	take_all_back(e, post, "the post was edited and does not say it any more");
}
