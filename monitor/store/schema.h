/* The tables of the store.
 *
 * DESIGN. Times are wall clock milliseconds, NULL when unknown; truth is 0 or 1; names of kinds and
 * states are text, so that a row explains itself. {id} keys are shown outside and never given out
 * twice; {serial} keys stay inside, or come from counters, a block a batch (posts, signals) or one by one (of
 * what is shown and comes often: store_new_id()), or are those of the rows that a table says more about. Tables
 * {by_key} have small rows, found by their key mostly.
 *
 * Everything about a person hangs on authors, people or identities, whose rows take what belongs to
 * them along when they go (ON DELETE CASCADE), so that erasing is a matter of keys. What must outlive
 * an erasure (that a post was seen, that somebody opted out) is a fingerprint, never a text.
 *
 * A CHANGE. Until hark is released a table is changed where it stands, and SCHEMA_FIRST in schema.c raised by
 * one: a store from before is refused then. From the first release on what is in these files stays as it is,
 * and a change is a step of its own in schema.c (steps.h), which brings the stores there are along. */
#ifndef HARK_STORE_SCHEMA_H
#define HARK_STORE_SCHEMA_H

#include "monitor/store/driver.h"

/* One text a file, in the order in which they can be run: what a table refers to is there before it. */
extern const char schema_sources[], schema_posts[], schema_leads[], schema_outbox[],
	schema_people[], schema_references[], schema_users[], schema_search[];

/* The version this program makes. */
int schema_version(void);
/* Makes the tables, or brings those that are there up to the version of this program; steps_run(). */
int schema_upgrade(struct db *db, int64_t now_ms, struct hark_err *err);
/* As above for a reader, who cannot upgrade; steps_check(). */
int schema_check(struct db *db, struct hark_err *err);

#endif
