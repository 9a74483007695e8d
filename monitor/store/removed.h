/* Numbers of records whose import was taken back, so that the same record gets its number again when it comes back,
 * and what pointed to an account points to it again. Within the caller's transaction, whose failures are its commit's.
 *
 * DESIGN. A record is the same by its id in the other system; without one an account by its name, anything else by all
 * it says. Only fingerprints of these are kept, so that nothing of a person outlives the import. */
#ifndef HARK_STORE_REMOVED_H
#define HARK_STORE_REMOVED_H

#include "monitor/store/record_table.h"
#include "monitor/store/store.h"

/* Keeps the numbers of what an import added, before that is deleted. */
void store_removed_keep(struct store *s, enum record_kind kind, int64_t import);
/* Whether there are any of that kind. */
bool store_removed_any(struct store *s, enum record_kind kind);
/* Gives the row `id` of a record that was just added the number it had before, if it had one and nobody has it.
 * Returns the number it has now. */
int64_t store_removed_take(struct store *s, const struct record *r, int64_t id);

#endif
