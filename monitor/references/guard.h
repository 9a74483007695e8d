/* Whether somebody may be asked now, decided before asking is offered anywhere. Pure: time and facts come in.
 *
 * Every verdict is typed: what speaks against it, how much of it there is, where the limit lies, and when it is free
 * again. One that only warns leaves the asking to people. */
#ifndef HARK_REFERENCES_GUARD_H
#define HARK_REFERENCES_GUARD_H

#include "monitor/config/conf.h"
#include "monitor/store/reference_facts.h"

enum guard_cause {
	GUARD_OPTED_OUT, /* they ask to be left alone */
	GUARD_UNOWNED,   /* nobody keeps the gate */
	GUARD_ORPHANED,  /* the gatekeeper has left */
	GUARD_WITHDRAWN, /* they have taken it back */
	GUARD_HELD,      /* somebody has put it on hold */
	GUARD_RESTING,   /* tepid twice */
	GUARD_SERVICE,   /* somebody of the account is unhappy */
	GUARD_CASE,      /* a case is open without progress; with progress it is only said */
	GUARD_DEAL,      /* an opportunity is open */
	GUARD_CAP_PERSON,
	GUARD_CAP_ACCOUNT,
	GUARD_CAP_ACTIVITY,
	GUARD_REGULATED, /* compliance has not signed */
	GUARD_LEAD,      /* somebody has claimed a lead about them */
	GUARD_IN_TOUCH,  /* somebody has answered one: it only warns */
	GUARD_SILENT,    /* nothing they said stands, and nobody nominated them */
};
#define GUARD_CAUSES 16

struct guard_verdict {
	enum guard_cause cause;
	bool blocks; /* else it warns */
	struct str value, threshold;
	int64_t free_ms; /* when it is free again; 0: not by itself */
};

struct guard_answer {
	bool may_ask;
	int64_t free_ms; /* when nothing blocks any more by itself; 0: now, or not by itself */
	struct guard_verdict v[GUARD_CAUSES];
	size_t n;
};

/* Of calls and the like. */
extern const char *const guard_activities[]; /* ends with NULL */

/* Why an account's praise is for compliance; NULL: it is not. */
const struct conf_ref_regulated *guard_regulated(
	const struct conf_refs *refs, const struct account_sales *sales, struct str product);

/* Whether an entry is about their industry and product, in whatever region. */
bool guard_regulates(const struct conf_ref_regulated *entry, const struct account_sales *sales,
	struct str product);

/* `regulated`: as of guard_regulated() for anything they said. Strings in `arena`. HARK_ENOMEM. */
int guard_decide(const struct conf_refs *refs, const struct reference *r,
	const struct reference_facts *facts, const struct conf_ref_regulated *regulated,
	int64_t now_ms, struct arena *arena, struct guard_answer *out);

const char *guard_cause_name(enum guard_cause cause);
bool guard_has(const struct guard_answer *answer, enum guard_cause cause);
/* One sentence for people, and the same without when it is free again. */
void guard_about(const struct guard_verdict *v, struct buf *out);
void guard_sentence(const struct guard_verdict *v, struct buf *out);
/* As guard_about() for those who are told and do not sit at the desk: of a hold its code and when it ends. Who holds it,
 * and a reason that is no code but somebody's words, stay inside. */
void guard_outside(const struct guard_verdict *v, struct buf *out);

/* As above with what is stored. */
int guard_ask(struct store *s, const struct conf *conf, const struct reference *r,
	struct str activity, int64_t now_ms, struct arena *arena, struct guard_answer *out,
	struct hark_err *err);

#endif
