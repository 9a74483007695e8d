/* How a store gets its tables, and a store of an earlier version those that came since.
 *
 * A version is a number. The first makes all there was then; each step after it is a change of its own, which
 * never changes again, so that whatever version a store has, the steps it lacks bring it to the last. Those run
 * in one transaction, and each leaves its number in schema_steps: a step that fails, or a program that is killed
 * meanwhile, leaves the store as it was. */
#ifndef HARK_STORE_STEPS_H
#define HARK_STORE_STEPS_H

#include "monitor/store/driver.h"

/* SQL, in which {id} and {serial} stand for a key (schema.h). Both lists end with NULL. */
struct steps {
	int first;                /* the version that `whole` makes */
	const char *const *whole; /* texts that make a store of the first version */
	const char *const *later; /* [i] changes version first + i into the next */
};

/* The version that the last step makes. */
int steps_version(const struct steps *steps);
/* Whether it is a store that has no tables yet. */
bool steps_none(struct db *db);
/* Makes the tables of a store that has none, or runs the steps that it lacks.
 * HARK_ESTATE: it was written by a newer program, or by one from before the first version. */
int steps_run(const struct steps *steps, struct db *db, int64_t now_ms, struct hark_err *err);
/* As above for a reader, who cannot change it: HARK_ESTATE when its version is not the last, too. */
int steps_check(const struct steps *steps, struct db *db, struct hark_err *err);

#endif
