/* From an opened table into the store: each row is a new record, a change of one that is known, nothing new, a
 * pair for somebody to look at, or refused with a reason. The same code looks (counts and writes nothing) and
 * writes, in one transaction: an import is there whole or not at all.
 *
 * A record is known by its id; else a person by profile, by e-mail address and name, by name and employer, and a
 * company by its name, as long as their web domains do not differ. Two people with one address stay two, and are
 * put up for review. Whoever asked to be left alone is not imported, here or in the system that the file is from, and
 * neither is what is deleted there. One thread. */
#ifndef HARK_PEOPLE_IMPORT_H
#define HARK_PEOPLE_IMPORT_H

#include "monitor/people/import_table.h"
#include "monitor/store/imports.h"

#define IMPORT_TYPES 4 /* words for accounts that are kept to be shown */

typedef char import_words[IMPORT_TYPES][80]; /* the first ones, cut; "" behind the last */

struct import_options {
	bool write;
	struct str file, hash, mapping, actor; /* for the ledger */
	int64_t now_ms;
	/* Both may be NULL. `row` is absent (n = 0) where the line could not be taken apart; `raw` is the line. */
	void (*rejected)(void *ctx, const struct csv_row *row, struct str raw, const char *reason);
	void (*progress)(void *ctx, int64_t rows);
	void *ctx;
};

struct import_result {
	int64_t id; /* of the ledger, 0: nothing was written, maybe because nothing is new */
	struct import_counts counts;
	int64_t unlinked;    /* people whose employer is named by an id that no account has */
	int64_t linked;      /* rows that were waiting for these accounts */
	int64_t orphaned;    /* references whose gatekeeper has left by it */
	int64_t deleted;     /* rows that the system they are from calls deleted */
	int64_t other_types; /* accounts that are neither customers nor one of the other usual types */
	import_words other_type;
	int64_t strangers; /* deals, cases and answers of an account that is named and not known */
	import_words stranger;
};

/* `store` NULL: there is none yet (only for looking). The table can be run again. */
int import_run(struct import_table *t, struct store *store, const struct import_options *options,
	struct import_result *out, struct hark_err *err);

/* The same in the caller's transaction, which a failure leaves to be taken back. */
int import_run_within(struct import_table *t, struct store *store,
	const struct import_options *options, struct import_result *out, struct hark_err *err);

#endif
