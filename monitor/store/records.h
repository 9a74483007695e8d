/* Writing imported records: one row each, with the rows that hang on it (identities, names and domains,
 * employments). Inside the caller's transaction, whose failure a failure is. What changes is kept as it was, so
 * that the import can be taken back (imports.h).
 *
 * An empty field leaves what is known; identities, aliases and domains are added to, never taken away. */
#ifndef HARK_STORE_RECORDS_H
#define HARK_STORE_RECORDS_H

#include "monitor/base/arena.h"
#include "monitor/store/record.h"
#include "monitor/store/store.h"

struct records;

/* `import`: the ledger's number, 0 for a look that writes nothing. Owned. */
int records_open(struct records **out, struct store *s, enum record_kind kind, int64_t import,
	int64_t now_ms, struct hark_err *err);
void records_close(struct records *w); /* NULL is fine */

/* What a record hangs on: rows that are known, 0 for none. */
struct record_links {
	int64_t account, person;
	bool emailed, profiled; /* its addresses, its profile are stored as this person's already */
};

/* A fingerprint of all the record says; never 0. */
uint64_t record_print(const struct record *r);
/* References that have lost who kept their gate by what was written so far. */
int64_t records_orphaned(const struct records *w);
/* A new row; returns its id, 0 in a look. */
int64_t records_add(struct records *w, const struct record *r, const struct record_links *links);
/* True: the row differs from what the record says, and is written unless this is a look. */
bool records_change(
	struct records *w, int64_t id, const struct record *r, const struct record_links *links);
/* Rows of all kinds that name an account that was not known yet: `find` gives its id, or 0. Returns how many were
 * linked. */
int64_t records_link_accounts(
	struct store *s, int64_t (*find)(void *ctx, struct str ref, struct str name), void *ctx);
/* A copy; absent: there is no such account. */
struct str records_account_name(struct store *s, int64_t account, struct arena *arena);
/* A pair for somebody to look at; false: it was named before. With `look` nothing is written. */
bool records_review(struct store *s, const char *kind, int64_t person, int64_t other,
	struct str detail, int64_t import, bool look, int64_t now_ms);

#endif
