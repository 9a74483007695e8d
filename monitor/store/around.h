/* Who else is in touch with the people of a lead: marketing, who has them asked for as a reference, rivals who speak in
 * the same thread, and the other way round whoever works on a lead about somebody. */
#ifndef HARK_STORE_AROUND_H
#define HARK_STORE_AROUND_H

#include "monitor/model/lead.h"
#include "monitor/store/store.h"

/* Fills lead->around, and for it lead->known, lead->ties and lead->referrals; everything is in `arena`.
 *
 * A thread is the posts of the lead's evidence, what they reply to, where that began, and the replies to any of these. A
 * rival is the author of one of its posts who works at an account of type competitor, whose handle is of its domain,
 * or who is called as it is. Ours are the handles of own staff. */
int store_lead_around(struct store *s, struct lead *lead, int64_t now_ms, struct arena *arena,
	struct hark_err *err);

/* The lead about a person, or about whoever is one with them, that somebody works on now. */
struct worked_on {
	int64_t lead; /* 0: none */
	struct str by;
	int64_t until_ms; /* of the claim; 0: it is answered, and they are in touch */
};
/* Of leads that everybody may see. A claim comes before an answer. Failures are the connection's. */
void store_person_worked_on(struct store *s, int64_t person, int64_t now_ms, struct arena *arena,
	struct worked_on *out);

#endif
