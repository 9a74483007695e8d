#include "monitor/pipeline/emit_profile.h"

#include "connectors/collect.h"
#include "connectors/profile.h"
#include "monitor/pipeline/emit_gone.h"
#include "monitor/pipeline/emit_move.h"
#include "monitor/store/driver.h"
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
	return optouts_has(&e->optouts, &a) ||
	       optouts_lists(&e->optouts, OPTOUT_EMAIL, str_c(p->email));
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
			emit_move_profile(e, i, &row);
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
