/* Who knows whom: what colleagues' own exports say (`hark import ties`), for whoever works on a lead.
 *
 * A tie is to a person where both have the same profile or the same address, or the same name and employer; the other
 * ties of its colleague count for the employer. Colleagues who have left are asked for nothing. */
#ifndef HARK_STORE_TIES_H
#define HARK_STORE_TIES_H

#include "monitor/model/lead.h"
#include "monitor/store/store.h"

#define TIES_TOLD_MAX 5

/* One of the own staff by name, address, id or row. HARK_ENOENT: nobody; HARK_EINVAL: several. `s` may be NULL. */
int store_tie_colleague(struct store *s, struct str who, int64_t *out, struct hark_err *err);

/* Fills lead->ties: who knows the person, then who knows most people at the account. After store_lead_known(); in
 * `arena`. Failures are the connection's. */
void store_lead_ties(struct store *s, struct lead *lead, int64_t now_ms, struct arena *arena);

#endif
