/* Who changed what: a trail that is only added to.
 *
 * Beside the changes it tells what was handed on or looked at of people, and when the daemon started, stopped and read
 * its configuration anew.
 *
 * An entry says when, who, with which command or request, and which record by its number, never what the record says:
 * so nothing in it has to be erased with a person. Each carries the hash of the one before, so an entry that was
 * changed, or taken out of the middle, is found. That the last ones were cut off, or that all were written anew, is
 * found only by whoever has noted the last hash somewhere else: `hark audit verify --head`. */
#ifndef HARK_STORE_AUDIT_H
#define HARK_STORE_AUDIT_H

#include "monitor/base/arena.h"
#include "monitor/base/crypto.h"
#include "monitor/store/store.h"

struct audit_entry {
	int64_t id, at_ms;
	struct str actor;  /* a user, or a login name; absent: hark itself */
	struct str action; /* "hark leads claim", "POST /api/v1/leads/{lead}/claim", "retention" */
	struct str target; /* "lead_12"; absent: none in particular */
	struct str note;   /* counts, or AUDIT_REFUSED; absent: none */
	struct str hash;
};

/* Somebody tried what is not allowed. Why is not said here, as reasons name people: the record's history has it. */
#define AUDIT_REFUSED "refused"

/* In the caller's transaction, which is what it tells of; failures are its commit's. id and hash are made here. */
void store_audit_add(struct store *s, const struct audit_entry *entry);
/* The same in a transaction of its own, for what changes nothing else. */
int store_audit_note(struct store *s, const struct audit_entry *entry, struct hark_err *err);
/* Every later commit of this store that changed something leaves such an entry; strings are copied. For commands. */
void store_audit_as(struct store *s, struct str actor, struct str action, struct str target);
/* Within a transaction: all it leaves is that this was refused, and its entry says so. */
void store_audit_refused(struct store *s);

/* Newest first, those before entry `before` (0: all), at most `max`. Strings in `arena`.
 * HARK_EINVAL: there is no such entry. */
int store_audit_list(struct store *s, int64_t before, size_t max, struct arena *arena,
	struct audit_entry **out, size_t *n, struct hark_err *err);

struct audit_check {
	int64_t entries;
	int64_t broken;                   /* the first entry that does not fit, 0: none */
	char head[CRYPTO_SHA256_HEX_MAX]; /* hash of the last one, "" without entries */
	bool found;                       /* the hash that was asked for is one of them */
};
/* `head`: a hash that was noted, or absent. */
int store_audit_check(
	struct store *s, struct str head, struct audit_check *out, struct hark_err *err);

#endif
