#include "monitor/pipeline/emit_referral.h"

#include "monitor/leads/offer.h"
#include "monitor/store/leads.h"
#include "monitor/store/references.h"
#include "monitor/store/referrals.h"
#include "monitor/store/repliers.h"
#include "monitor/store/unplaced.h"

#define EARLIER_MAX 64
#define REPLIES_MAX 64
#define TEXT_MAX 8192

static bool buys(const struct signal *g)
{
	return g->kind == SIGNAL_PURCHASE_INTENT || g->kind == SIGNAL_PURCHASE_ANNOUNCED ||
	       g->kind == SIGNAL_QUESTION;
}

/* Somebody who recommends, as far as they are known; a colleague is nobody's friend. */
struct recommender {
	int64_t author, person, post;
};

static struct recommender recommender_of(struct emitter *e, const struct said_post *said)
{
	bool is_staff;
	if (said->author == 0 || optouts_has(&e->optouts, &said->who)) {
		return (struct recommender){0};
	}
	int64_t person = store_replier_person(e->store, said->author, &said->who, &is_staff);
	if (is_staff || (person != 0 && optouts_has_person(&e->optouts, person))) {
		return (struct recommender){0};
	}
	return (struct recommender){said->author, person, said->post};
}

int64_t emit_recommends(struct emitter *e, const struct post *post, int64_t author, int64_t person)
{
	const struct said_post said = {.author = author, .who = post->author};
	if (e->conf->offers_n == 0 || post->visibility == VISIBILITY_PRIVATE ||
		offer_named(e->conf, post->title, post->text) == NULL) {
		return 0;
	}
	return person != 0 ? person : recommender_of(e, &said).person;
}

/* False: it was one by this offer before. */
static bool refer(struct emitter *e, int64_t lead, const struct conf_offer *offer,
	const struct recommender *by)
{
	const struct referral r = {.lead = lead,
		.author = by->author,
		.person = by->person,
		.post = by->post,
		.code = str_c(offer->code),
		.offer = str_c(offer->text),
		.disclosure = str_c(offer->disclosure)};
	bool is_new = store_referral_add(e->store, &r, e->now_ms);
	if (is_new && by->author != 0 && by->person == 0) {
		int64_t waiting = store_unplaced_praise(e->store, by->author);
		const struct author_task task = {.author = by->author,
			.post = by->post,
			.posts = waiting > 0 ? waiting : 1, /* what hands on an offer is praise */
			.tone = SAID_POSITIVE};
		store_author_task(e->store, &task, e->now_ms);
	}
	return is_new;
}

/* Who works on it has seen it without. */
static void note_late(struct emitter *e, int64_t lead, const struct conf_offer *offer,
	const struct recommender *by, const struct author *who)
{
	struct str name = str_empty(who->display_name) ? who->handle : who->display_name;
	struct buf note;
	buf_init(&note, TEXT_MAX);
	if (by->author != 0 && !str_empty(name)) {
		buf_printf(&note, "by %.*s ", STR_FMT(name));
	}
	buf_printf(&note, "with %s", offer->code);
	const struct step event = {.action = STR("referred"), .note = buf_str(&note)};
	store_lead_event(e->store, lead, e->now_ms, &event);
	buf_release(&note);
}

/* The offer that stands before the post, and by whom. NULL: none, or only they themselves handed it on. */
static const struct conf_offer *offer_before(struct emitter *e, const struct said_post *p,
	const struct said_place *at, struct recommender *by)
{
	struct said_post said[2];
	size_t n = store_said_before(
		e->store, at->source, at->in_reply_to, at->thread, &e->scratch, said);
	for (size_t i = 0; i < n; i++) {
		const struct conf_offer *offer = offer_named(e->conf, said[i].title, said[i].text);
		if (offer != NULL && said[i].post != p->post && said[i].author != p->author) {
			*by = recommender_of(e, &said[i]);
			return offer;
		}
	}
	return NULL;
}

static void refer_own(struct emitter *e, const struct said_post *said, const struct said_place *at,
	const struct conf_offer *own)
{
	struct recommender by = {0};
	const struct conf_offer *offer = NULL;
	bool looked = false;
	for (size_t i = 0; i < e->post_leads_n; i++) {
		const struct post_lead *l = &e->post_leads[i];
		if (l->lead <= 0 || !buys(&l->signal)) {
			continue;
		}
		if (!looked) {
			offer = offer_before(e, said, at, &by);
			offer = offer != NULL ? offer : own;
			looked = true;
		}
		if (offer != NULL) {
			refer(e, l->lead, offer, &by);
		}
	}
}

/* Leads that were there before the post that names the offer. */
static void refer_all(struct emitter *e, const int64_t *leads, size_t n,
	const struct said_post *said, const struct conf_offer *own)
{
	struct recommender by = n > 0 ? recommender_of(e, said) : (struct recommender){0};
	for (size_t i = 0; i < n; i++) {
		if (refer(e, leads[i], own, &by)) {
			note_late(e, leads[i], own, &by, &said->who);
		}
	}
}

static void refer_earlier(struct emitter *e, const struct said_post *said,
	const struct said_place *at, const struct conf_offer *own)
{
	int64_t leads[EARLIER_MAX];
	struct str asked = str_empty(at->in_reply_to) ? at->thread : at->in_reply_to;
	size_t n = store_referral_earlier(
		e->store, at->source, at->external_id, said->author, leads, EARLIER_MAX);
	refer_all(e, leads, n, said, own);
	n = str_empty(asked) ? 0
			     : store_referral_asked(e->store, at->source, asked, said->author,
				       leads, EARLIER_MAX);
	refer_all(e, leads, n, said, own);
}

void emit_referral(struct emitter *e, const struct second_post *p)
{
	const struct post *post = &p->bp->post;
	if (e->conf->offers_n == 0 || p->historic || post->visibility == VISIBILITY_PRIVATE) {
		return;
	}
	const struct conf_offer *own = offer_named(e->conf, post->title, post->text);
	const struct said_post said = {.post = p->post, .author = p->author, .who = post->author};
	const struct said_place at = {
		e->source, post->external_id, post->in_reply_to, post->thread};
	if (own != NULL) {
		refer_earlier(e, &said, &at, own);
	}
	refer_own(e, &said, &at, own);
}

void emit_referral_late(struct emitter *e, const struct signal *signal, int64_t post, int64_t lead)
{
	struct said_post said, after[REPLIES_MAX];
	struct said_place at;
	struct recommender by = {0};
	if (e->conf->offers_n == 0 || !buys(signal) ||
		!store_said_load(e->store, post, &e->scratch, &said, &at)) {
		return;
	}
	const struct conf_offer *offer = offer_before(e, &said, &at, &by);
	offer = offer != NULL ? offer : offer_named(e->conf, said.title, said.text);
	if (offer != NULL) {
		refer(e, lead, offer, &by);
	}
	size_t n = store_said_after(e->store, &said, &at, &e->scratch, after, REPLIES_MAX);
	for (size_t i = 0; i < n; i++) {
		offer = offer_named(e->conf, after[i].title, after[i].text);
		if (offer != NULL) {
			by = recommender_of(e, &after[i]);
			refer(e, lead, offer, &by);
		}
	}
}
