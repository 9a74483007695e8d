#include "monitor/pipeline/emit_profile.h"

#include "connectors/collect.h"
#include "connectors/profile.h"
#include "monitor/people/company_name.h"
#include "monitor/people/who.h"
#include "monitor/pipeline/emit_gone.h"
#include "monitor/store/driver.h"
#include "monitor/store/encounters.h"
#include "monitor/store/moves.h"
#include "monitor/store/profiles.h"

static struct profile_row row_of(const struct hark_profile *p, int64_t now_ms)
{
	return (struct profile_row){
		.key = str_c(profile_key(p)),
		.person = str_c(p->person),
		.handle = str_c(p->handle),
		.url = str_c(p->url),
		.employer = str_c(p->employer),
		.title = str_c(p->title),
		.location = str_c(p->location),
		.was_employer = str_c(p->was_employer),
		.was_title = str_c(p->was_title),
		.event = str_c(profile_event_name(p->event)),
		.effective = str_c(p->effective),
		.evidence_url = str_c(p->evidence_url),
		.observed_ms = p->observed != HARK_TIME_NONE ? p->observed : now_ms,
	};
}

static bool has_opted_out(const struct emitter *e, const struct hark_profile *p)
{
	const struct author a = {.handle = str_c(p->handle),
		.display_name = str_c(p->person),
		.profile_url = str_c(p->url)};
	return optouts_has(&e->optouts, &a);
}

static bool same_company(struct str a, struct str b)
{
	struct company_name x, y;
	return company_name_read(&x, a) && company_name_read(&y, b) &&
	       company_name_compare(&x, &y).verdict >= NAME_COMPATIBLE;
}

/* A change of somebody who is known is a move, or evidence of one. */
static void take_move(struct emitter *e, size_t i, const struct profile_row *row)
{
	const struct who_answer *who =
		e->batch->profiles_who != NULL ? e->batch->profiles_who[i] : NULL;
	struct met met;
	if (who == NULL || who->outcome != WHO_RESOLVED ||
		!store_person_met(e->store, &e->optouts, who->person, &e->kept, &met)) {
		return;
	}
	bool left = str_eq_c(row->event, "left");
	const struct move_told told = {.person = met.person,
		.source = e->source,
		.event = row->event,
		.to = left ? STR_NONE : row->employer,
		.from = left ? row->employer : row->was_employer,
		.title = left ? STR_NONE : row->title,
		.was_title = left ? row->title : row->was_title,
		.effective = row->effective,
		.url = str_empty(row->evidence_url) ? row->url : row->evidence_url,
		.key = row->key,
		.told_ms = row->observed_ms};
	store_move_take(e->store, &told, same_company, e->now_ms);
}

void emit_profiles(struct emitter *e)
{
	const struct batch *b = e->batch;
	for (size_t i = 0; i < b->profiles_n && db_check(store_db(e->store), NULL) == HARK_OK;
		i++) {
		const struct hark_profile *p = &b->profiles[i];
		if (p->person == NULL) {
			continue;
		}
		if (has_opted_out(e, p)) {
			e->counts->opted_out++;
			continue;
		}
		const struct profile_row row = row_of(p, b->received_ms);
		if (store_profile_add(e->store, e->source, &row, e->now_ms)) {
			e->counts->profiles++;
			take_move(e, i, &row);
		}
	}
}

void emit_withdrawn_people(struct emitter *e)
{
	const struct batch *b = e->batch;
	for (size_t i = 0; i < b->withdrawn_people_n; i++) {
		const struct hark_profile *who = &b->withdrawn_people[i];
		const struct profile_name name = {
			str_c(who->key), str_c(who->url), str_c(who->handle)};
		emit_person_gone(e, e->source, &name, "its author asks to be left alone");
	}
}
