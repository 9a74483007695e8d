/* Stored records of one kind in memory, as an import looks for them: by the fingerprints of what tells them apart.
 * 24 bytes a record and at most 32 a key. Fingerprints are salted at random, so that nobody can make two that collide.
 *
 * One owner at a time. */
#ifndef HARK_STORE_RECORD_INDEX_H
#define HARK_STORE_RECORD_INDEX_H

#include "monitor/store/record.h"
#include "monitor/store/store.h"

enum record_key {
	KEY_ID,
	KEY_EMAIL,
	KEY_LINK,
	KEY_NAME,          /* of an account: also its aliases */
	KEY_NAME_EMPLOYER, /* of a person */
	KEY_DOMAIN,
	KEY_EMAIL_NAME, /* one address may be several people's */
};

#define RECORD_NONE UINT32_MAX

struct record_slot {
	int64_t id;     /* 0: not stored yet */
	uint64_t print; /* 0: none */
	uint32_t line;  /* of this file where it was met, 0: not yet */
	bool has_id, has_email, has_link, has_domain;
};

struct record_index;

/* What is stored of a kind. `s` NULL: nothing. Owned. */
int record_index_load(
	struct record_index **out, struct store *s, enum record_kind kind, struct hark_err *err);
void record_index_free(struct record_index *x); /* NULL is fine */

size_t record_index_count(const struct record_index *x);
/* Valid until the next record is added. */
struct record_slot *record_index_slot(struct record_index *x, uint32_t slot);
/* RECORD_NONE: no memory. */
uint32_t record_index_add(struct record_index *x, int64_t id);
/* HARK_ENOMEM. Adding a key twice is fine. Of many records with one key only the first few are kept. */
int record_index_key(struct record_index *x, uint32_t slot, enum record_key kind, struct str value);
/* The same for a key of two parts. */
int record_index_key2(
	struct record_index *x, uint32_t slot, enum record_key kind, struct str a, struct str b);

/* The first record with that key behind `after` (RECORD_NONE: from the start), or RECORD_NONE. */
uint32_t record_index_find(
	struct record_index *x, enum record_key kind, struct str value, uint32_t after);
uint32_t record_index_find2(
	struct record_index *x, enum record_key kind, struct str a, struct str b, uint32_t after);
#endif
