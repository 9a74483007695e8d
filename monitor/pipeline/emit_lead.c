#include "monitor/pipeline/emit_lead.h"

#include "monitor/leads/alert.h"
#include "monitor/leads/raise.h"
#include "monitor/leads/score.h"
#include "monitor/model/id.h"
#include "monitor/pipeline/emit_build_up.h"
#include "monitor/pipeline/emit_route.h"
#include "monitor/references/lead_guard.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/subjects.h"
#include "monitor/store/rule_days.h"
#include "monitor/store/signals.h"

#include <stdlib.h>

#define WAITS -1
#define FORESEEN_POSTS 64

/* Remembers a lead for emit_alerts(). */
static void touch(struct emitter *e, int64_t lead)
{
	for (size_t i = e->touched_n; i-- > 0;) {
		if (e->touched[i] == lead) {
			return;
		}
	}
	if (e->touched_n == e->touched_cap) {
		size_t cap = e->touched_cap > 0 ? e->touched_cap * 2 : 16;
		int64_t *moved = realloc(e->touched, cap * sizeof(*moved));
		if (moved == NULL) {
			db_fail(store_db(e->store), HARK_ENOMEM,
				"no memory for the leads of a batch");
			return;
		}
		e->touched = moved;
		e->touched_cap = cap;
	}
	e->touched[e->touched_n++] = lead;
}

struct lead emit_lead_of(
	const struct emitter *e, const struct signal *signal, int64_t published, bool historic)
{
	return (struct lead){
		.kind = str_c(signal_kind_name(signal->kind)),
		.key = signal->lead_key.p != NULL ? signal->lead_key : STR(""),
		.visibility = raise_visibility(signal),
		.subject = signal->subject,
		.title = signal->title,
		.why = signal->explain,
		.level = str_c(signal_level_name(signal->level)),
		.rule = signal->rule,
		.owner = signal->owner,
		.route = signal->route,
		.score = signal->score,
		.flags = signal->flags,
		.state = LEAD_NEW,
		.historic = historic,
		.held = (signal->flags & FLAG_REGULATED) != 0,
		.posted_ms = published,
		.seen_ms = e->batch->received_ms > 0 ? e->batch->received_ms : e->now_ms,
		.lawful_basis = str_c(e->conf->lawful_basis),
		.created_ms = e->now_ms,
	};
}

static void log_event(struct emitter *e, int64_t lead, const char *action, int64_t signal_id)
{
	char id[ID_TEXT_MAX];
	struct step event = {
		.action = str_c(action), .note = str_c(id_text(ID_SIGNAL, signal_id, id))};
	store_lead_event(e->store, lead, e->now_ms, &event);
}

static void count_raised(struct emitter *e, int64_t lead, struct str rule, bool historic)
{
	if (historic) {
		e->counts->historic++;
		return;
	}
	e->counts->leads_new++;
	store_rule_count(e->store, rule, RULE_LEADS, 1, e->now_ms);
	touch(e, lead);
}

static bool is_key(struct str key, struct str of_lead)
{
	return key.p != NULL ? str_eq(key, of_lead) : str_empty(of_lead);
}

/* What a lead that rules make becomes if all that the batch goes on to say of the same joins it, so that its row is
 * mostly written once: emit_leads_save() looks what came of that. */
static struct lead foresee(const struct emitter *e, const struct lead *lead)
{
	struct lead row = *lead;
	size_t left = (size_t)(e->batch->posts + e->batch->posts_n - e->at);
	row.signals = 1;
	for (size_t n = 0, i = e->at_signal + 1; n < left && n < FORESEEN_POSTS; n++, i = 0) {
		const struct batch_post *bp = &e->at[n];
		bool new_story = n > 0;
		for (; i < bp->signals_n; i++) {
			const struct signal *s = &bp->signals[i];
			if (raise_what(s) != RAISE_LEAD || !is_key(s->lead_key, lead->key)) {
				continue;
			}
			struct lead by = emit_lead_of(e, s, bp->post.published, lead->historic);
			if (str_eq(by.kind, lead->kind) &&
				str_eq(by.visibility, lead->visibility)) {
				raise_join(&row, &by, new_story, &e->conf->score);
				new_story = false;
			}
		}
	}
	return row;
}

/* The lead that so many signals make, each of a story of its own. */
static void weigh(struct emitter *e, struct lead *lead, size_t stories)
{
	lead->score_max = lead->score;
	lead->posts = (int64_t)stories;
	lead->traits = store_subject_traits(e->store, &lead->subject);
	lead->score = score_total(&e->conf->score, lead);
}

static struct kept_lead *keep(struct emitter *e, const struct lead *lead)
{
	struct kept_lead *moved =
		arena_grow(&e->kept, e->leads, e->leads_n, &e->leads_cap, sizeof(*e->leads));
	if (moved == NULL) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory for the leads of a batch");
		return NULL;
	}
	e->leads = moved;
	e->leads[e->leads_n] = (struct kept_lead){.lead = *lead};
	return &e->leads[e->leads_n++];
}

/* The lead as it has become in this batch; NULL: a failure. */
static struct kept_lead *recall(struct emitter *e, int64_t id)
{
	struct lead lead;
	for (size_t i = e->leads_n; i-- > 0;) {
		if (e->leads[i].lead.id == id) {
			return &e->leads[i];
		}
	}
	return store_lead_load(e->store, id, &e->kept, &lead, NULL) == HARK_OK ? keep(e, &lead)
									       : NULL;
}

static bool same_text(struct str a, struct str b)
{
	return (a.p != NULL) == (b.p != NULL) && str_eq(a, b);
}

/* All that store_lead_update_evidence() would write. */
static bool same_evidence(const struct lead *a, const struct lead *b)
{
	return a->signals == b->signals && a->posts == b->posts && a->score == b->score &&
	       a->score_max == b->score_max && a->flags == b->flags && a->traits == b->traits &&
	       a->posted_ms == b->posted_ms && same_text(a->title, b->title) &&
	       same_text(a->why, b->why) && same_text(a->level, b->level) &&
	       same_text(a->rule, b->rule);
}

void emit_leads_save(struct emitter *e)
{
	for (size_t i = 0; i < e->leads_n; i++) {
		struct kept_lead *kept = &e->leads[i];
		if (kept->foreseen ? !same_evidence(&kept->lead, &kept->row) : kept->grown) {
			store_lead_update_evidence(e->store, &kept->lead, e->now_ms);
			kept->foreseen = false;
		}
		kept->grown = false;
		if (e->leads[i].woken) {
			store_lead_wake(e->store, e->leads[i].lead.id, e->leads[i].lead.seen_ms);
			e->leads[i].woken = false;
		}
	}
}

/* row: what it was stored as, NULL: with one signal. */
static void made(struct emitter *e, struct lead *lead, const struct lead *row,
	const struct signal_place *place, size_t signals)
{
	lead->signals = lead->posts = (int64_t)signals;
	struct kept_lead *kept = keep(e, lead);
	if (kept != NULL && row != NULL) {
		kept->row = *row;
		kept->foreseen = true;
	} else if (kept != NULL) {
		kept->grown = signals > 1;
	}
	log_event(e, lead->id, "raised", place->id);
	count_raised(e, lead->id, lead->rule, lead->historic);
}

/* Two stories were one: the stored rows say how many there are now. */
static void count_again(struct emitter *e, int64_t id)
{
	struct kept_lead *kept = recall(e, id);
	if (kept != NULL) {
		kept->lead.posts = store_lead_stories(e->store, id);
		kept->lead.signals = store_lead_signals(e->store, id);
		kept->lead.score = score_total(&e->conf->score, &kept->lead);
		kept->grown = true;
	}
}

void emit_story_merged(struct emitter *e, int64_t story)
{
	int64_t *ids;
	size_t n;
	if (store_lead_of_story(e->store, story, &e->scratch, &ids, &n, NULL) != HARK_OK) {
		return;
	}
	for (size_t i = 0; i < n; i++) {
		count_again(e, ids[i]);
	}
}

/* Whether evidence becomes what the lead is shown by. */
enum voice {
	VOICE_NEVER,
	VOICE_IF_STRONGER,
	VOICE_ALWAYS,
};

static void join(
	struct emitter *e, struct lead *by, const struct signal_place *place, enum voice voice)
{
	struct kept_lead *kept = recall(e, place->lead);
	if (kept == NULL) {
		return;
	}
	struct lead *lead = &kept->lead;
	if (voice == VOICE_NEVER && by->score > lead->score_max) {
		by->score = lead->score_max;
	}
	bool wakes = raise_wakes(lead, by);
	lead->traits = store_subject_traits(e->store, &lead->subject);
	raise_join(lead, by, store_signal_new_story(e->store, place), &e->conf->score);
	if (voice == VOICE_ALWAYS && lead->historic == by->historic) {
		raise_speak(lead, by);
	}
	kept->grown = true;
	kept->woken |= wakes;
	/* What was there before us has no history: its evidence says when it came. */
	if (wakes || !lead->historic) {
		log_event(e, lead->id, wakes ? "raised" : "evidence", place->id);
	}
	if (wakes || lead->historic) {
		count_raised(e, lead->id, by->rule, lead->historic);
	} else {
		e->counts->leads_joined += !by->historic;
		e->counts->historic += by->historic;
		touch(e, lead->id);
	}
}

int64_t emit_lead_joins(struct emitter *e, const struct lead *lead)
{
	int64_t until_ms;
	int64_t id = store_lead_slot(e->store, lead, &until_ms);
	return id != 0 && raise_joins(until_ms, e->now_ms) ? id : 0;
}

void emit_lead_make(struct emitter *e, struct lead *lead, int64_t window_ms,
	const struct signal_place *place, size_t signals)
{
	weigh(e, lead, signals);
	lead->id = store_lead_add(e->store, lead, e->now_ms + window_ms);
	made(e, lead, NULL, place, signals);
}

void emit_lead_join(struct emitter *e, struct lead *by, const struct signal_place *place)
{
	join(e, by, place, VOICE_NEVER);
}

void emit_signals_begin(struct emitter *e)
{
	e->post_leads_n = 0;
	e->moved = (struct move_lead){0};
}

/* `lead`: WAITS if there is none yet. */
static void note_lead(struct emitter *e, const struct signal *signal, int64_t lead)
{
	if (lead != 0 && e->post_leads_n < POST_LEADS_MAX) {
		e->post_leads[e->post_leads_n++] = (struct post_lead){*signal, lead};
	}
}

bool emit_names_account(const struct emitter *e, const struct signal *signal, int64_t *account)
{
	int64_t person;
	store_subject_rows(e->store, &signal->subject, &person, account);
	return person == 0 && *account != 0;
}

/* The lead of the strongest finding in the post that a mention accompanies, 0: none, or WAITS. */
static int64_t accompanies(const struct emitter *e, const struct signal *signal)
{
	int64_t account, person, employer;
	bool is_account = signal->kind == SIGNAL_MENTION && e->post_leads_n > 0 &&
			  emit_names_account(e, signal, &account);
	for (size_t i = 0; i < e->post_leads_n; i++) {
		const struct signal *other = &e->post_leads[i].signal;
		bool works_there = false;
		if (is_account) {
			store_subject_rows(e->store, &other->subject, &person, &employer);
			works_there = person != 0 && employer == account;
		}
		if (raise_accompanies(signal, other, works_there)) {
			return e->post_leads[i].lead;
		}
	}
	return 0;
}

bool emit_signal(struct emitter *e, const struct signal *signal, struct signal_place *place,
	int64_t published, bool first)
{
	bool strong = !place->waits && raise_what(signal) == RAISE_LEAD;
	struct lead lead = emit_lead_of(e, signal, published, place->historic);
	int64_t main = strong ? accompanies(e, signal) : 0;
	if (main == WAITS) {
		place->waits = true;
		strong = false;
		main = 0;
	}
	place->id = e->next_signal++;
	place->lead = main != 0 ? main : strong ? emit_lead_joins(e, &lead) : 0;
	bool makes = strong && place->lead == 0;
	if (makes && !first && store_signal_has(e->store, place->post, signal)) {
		return false; /* before there is a lead without evidence */
	}
	struct lead row = {0};
	if (makes) {
		weigh(e, &lead, 1);
		row = e->at != NULL ? foresee(e, &lead) : lead;
		lead.id = place->lead = store_lead_add(e->store, &row,
			e->now_ms + (signal->lead_window_ms > 0 ? signal->lead_window_ms
								: EMIT_WINDOW_MS));
	}
	if (!store_signal_add(e->store, signal, place)) {
		return false;
	}
	if (makes) {
		made(e, &lead, e->at != NULL ? &row : NULL, place, 1);
	} else if (strong) {
		join(e, &lead, place,
			main != 0            ? VOICE_NEVER
			: signal->supersedes ? VOICE_ALWAYS
					     : VOICE_IF_STRONGER);
	} else if (!place->waits) {
		emit_build_up(e, signal, place, published);
	}
	note_lead(e, signal, place->waits ? WAITS : place->lead);
	return true;
}

static void alert_lead(struct emitter *e, int64_t id)
{
	struct lead lead;
	struct lead_evidence *evidence;
	size_t n;
	struct route_answer answer;
	struct buf payload;
	arena_reset(&e->scratch);
	if (store_lead_load(e->store, id, &e->scratch, &lead, NULL) != HARK_OK ||
		!raise_alerts(&lead)) {
		return;
	}
	if (store_lead_news(e->store, id, ALERT_EVIDENCE_MAX, &e->scratch, &evidence, &n, NULL) !=
		HARK_OK) {
		return;
	}
	n = optouts_filter(&e->optouts, evidence, lead_evidence_standing(evidence, n));
	if (n == 0 || !emit_route(e, &lead, &answer)) {
		return;
	}
	lead_alert_facts(e->store, e->conf, &lead, e->now_ms, &e->scratch);
	buf_init(&payload, ALERT_BYTES_MAX);
	if (alert_write(&lead, evidence, n, str_c(e->conf->privacy_contact), e->now_ms, &payload) ==
		HARK_OK) {
		emit_route_send(e, &lead, &answer, buf_str(&payload));
	} else {
		db_fail(store_db(e->store), payload.rc, "lead_%lld: its alert cannot be written",
			(long long)id);
	}
	buf_release(&payload);
}

void emit_alerts(struct emitter *e)
{
	for (size_t i = 0; i < e->touched_n && e->conf->receivers_n > 0; i++) {
		alert_lead(e, e->touched[i]);
	}
}
