#include "monitor/pipeline/emit_referral.h"

#include "monitor/leads/offer.h"
#include "monitor/store/references.h"
#include "monitor/store/referrals.h"
#include "monitor/store/repliers.h"

#define EARLIER_MAX 64

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

static void refer(struct emitter *e, int64_t lead, const struct conf_offer *offer,
	const struct recommender *by)
{
	const struct referral r = {.lead = lead,
		.author = by->author,
		.person = by->person,
		.post = by->post,
		.code = str_c(offer->code),
		.offer = str_c(offer->text),
		.disclosure = str_c(offer->disclosure)};
	if (store_referral_add(e->store, &r, e->now_ms) && by->author != 0 && by->person == 0) {
		const struct author_task task = {by->author, by->post, SAID_POSITIVE, false};
		store_author_task(e->store, &task, e->now_ms);
	}
}

/* The offer that stands before the post, and by whom. NULL: none, or only they themselves handed it on. */
static const struct conf_offer *offer_before(
	struct emitter *e, const struct second_post *p, struct recommender *by)
{
	struct said_post said[2];
	const struct post *post = &p->bp->post;
	size_t n = store_said_before(
		e->store, e->source, post->in_reply_to, post->thread, &e->scratch, said);
	for (size_t i = 0; i < n; i++) {
		const struct conf_offer *offer = offer_named(e->conf, said[i].title, said[i].text);
		if (offer != NULL && said[i].post != p->post && said[i].author != p->author) {
			*by = recommender_of(e, &said[i]);
			return offer;
		}
	}
	return NULL;
}

static void refer_own(struct emitter *e, const struct second_post *p, const struct conf_offer *own)
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
			offer = offer_before(e, p, &by);
			offer = offer != NULL ? offer : own;
			looked = true;
		}
		if (offer != NULL) {
			refer(e, l->lead, offer, &by);
		}
	}
}

static void refer_earlier(
	struct emitter *e, const struct second_post *p, const struct conf_offer *own)
{
	int64_t leads[EARLIER_MAX];
	const struct said_post said = {
		.post = p->post, .author = p->author, .who = p->bp->post.author};
	size_t n = store_referral_earlier(
		e->store, e->source, p->bp->post.external_id, p->author, leads, EARLIER_MAX);
	struct recommender by = n > 0 ? recommender_of(e, &said) : (struct recommender){0};
	for (size_t i = 0; i < n; i++) {
		refer(e, leads[i], own, &by);
	}
}

void emit_referral(struct emitter *e, const struct second_post *p)
{
	const struct post *post = &p->bp->post;
	if (e->conf->offers_n == 0 || p->historic || post->visibility == VISIBILITY_PRIVATE) {
		return;
	}
	const struct conf_offer *own = offer_named(e->conf, post->title, post->text);
	if (own != NULL) {
		refer_earlier(e, p, own);
	}
	refer_own(e, p, own);
}
