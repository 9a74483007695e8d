/* Whom a lead is about, as far as imported records know: the person, the account, and what is open there.
 * Inside the caller's transaction or outside of one. */
#ifndef HARK_STORE_SUBJECTS_H
#define HARK_STORE_SUBJECTS_H

#include "monitor/base/arena.h"
#include "monitor/model/signal.h"
#include "monitor/store/store.h"

/* Absent: not known. */
struct subject_facts {
	int64_t person, account; /* rows, 0: none */
	struct str
		preferred; /* whom the customer has chosen: the person's choice, else the account's */
	struct str name, kind; /* of the account; kind: customer, prospect, target … */
	struct str person_name;
	struct str owner, territory, region, industry, product, segment;
	struct str channel, partner; /* channel: direct, partner, agent */
	bool deal, open_case;        /* an open opportunity; a case that is open without progress */
	struct str deal_name, deal_owner, case_name;
};

/* Strings in `arena`. A subject that is nobody known leaves *out empty; a failure is the store's. */
void store_subject_facts(struct store *s, const struct subject *subject, struct arena *arena,
	struct subject_facts *out);
/* The rows alone: of a person also the account where they work; 0: none. */
void store_subject_rows(
	struct store *s, const struct subject *subject, int64_t *person, int64_t *account);
/* Those that count for a score: bits of enum lead_trait. */
unsigned store_subject_traits(struct store *s, const struct subject *subject);

#endif
