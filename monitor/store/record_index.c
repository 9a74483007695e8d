/* DESIGN. Keys are in an open table of (fingerprint, slot) with at most two thirds in use; several records may have
 * one key (two people with one address), so a search goes on to the first free place. "After" is by number of the
 * slot: of those with the key, the one with the least number above it. */
#include "monitor/store/record_index.h"

#include "monitor/base/crypto.h"
#include "monitor/base/fold.h"
#include "monitor/base/hash.h"
#include "monitor/store/driver.h"

#include <stdlib.h>

struct key {
	uint64_t hash;
	uint32_t slot;
	bool used;
};

struct record_index {
	struct record_slot *slots; /* owned */
	size_t n, cap;
	struct key *keys; /* owned; a power of two */
	size_t keys_n, keys_cap;
	uint64_t salt;
	struct buf words; /* scratch */
	bool no_memory;
};

#define WORDS_MAX (64u << 10)
#define SHARED_MAX 4 /* records with one key */

static uint64_t folded(struct record_index *x, struct str name)
{
	buf_clear(&x->words);
	fold_words(&x->words, name);
	/* a name of signs alone still differs from another */
	struct str words = x->words.n > 0 ? buf_str(&x->words) : name;
	return hash64(words, x->salt);
}

/* Names are compared as words, the rest as it is. */
static uint64_t key_hash(struct record_index *x, enum record_key kind, struct str a, struct str b)
{
	bool fold_a = kind == KEY_NAME || kind == KEY_NAME_EMPLOYER;
	bool fold_b = kind == KEY_EMAIL_NAME || kind == KEY_NAME_EMPLOYER;
	const uint64_t parts[] = {(uint64_t)kind, fold_a ? folded(x, a) : hash64(a, x->salt),
		fold_b ? folded(x, b) : hash64(b, x->salt)};
	return hash64(str_n((const char *)parts, sizeof(parts)), x->salt);
}

static void place(struct key *keys, size_t cap, struct key key)
{
	size_t i = key.hash & (cap - 1);
	while (keys[i].used) {
		i = (i + 1) & (cap - 1);
	}
	keys[i] = key;
}

static bool grow_keys(struct record_index *x)
{
	size_t cap = x->keys_cap > 0 ? x->keys_cap * 2 : 1024;
	struct key *keys = calloc(cap, sizeof(*keys));
	if (keys == NULL) {
		return false;
	}
	for (size_t i = 0; i < x->keys_cap; i++) {
		if (x->keys[i].used) {
			place(keys, cap, x->keys[i]);
		}
	}
	free(x->keys);
	x->keys = keys;
	x->keys_cap = cap;
	return true;
}

static uint32_t find(const struct record_index *x, uint64_t hash, uint32_t after)
{
	uint32_t best = RECORD_NONE;
	if (x->keys_cap == 0) {
		return RECORD_NONE;
	}
	for (size_t i = hash & (x->keys_cap - 1); x->keys[i].used;
		i = (i + 1) & (x->keys_cap - 1)) {
		uint32_t slot = x->keys[i].slot;
		bool later = after == RECORD_NONE || slot > after;
		if (x->keys[i].hash == hash && later && slot < best) {
			best = slot;
		}
	}
	return best;
}

/* Whether the very slot has it, or so many others that one more tells nothing. */
static bool is_enough(const struct record_index *x, uint64_t hash, uint32_t slot)
{
	size_t n = 0;
	for (size_t i = hash & (x->keys_cap - 1); x->keys_cap > 0 && x->keys[i].used;
		i = (i + 1) & (x->keys_cap - 1)) {
		if (x->keys[i].hash == hash && (x->keys[i].slot == slot || ++n == SHARED_MAX)) {
			return true;
		}
	}
	return false;
}

static int add_key(struct record_index *x, uint32_t slot, uint64_t hash)
{
	if (is_enough(x, hash, slot)) {
		return HARK_OK;
	}
	if (x->keys_n * 3 >= x->keys_cap * 2 && !grow_keys(x)) {
		x->no_memory = true;
		return HARK_ENOMEM;
	}
	place(x->keys, x->keys_cap, (struct key){hash, slot, true});
	x->keys_n++;
	return HARK_OK;
}

int record_index_key(struct record_index *x, uint32_t slot, enum record_key kind, struct str value)
{
	return record_index_key2(x, slot, kind, value, STR_NONE);
}

int record_index_key2(
	struct record_index *x, uint32_t slot, enum record_key kind, struct str a, struct str b)
{
	x->slots[slot].has_id |= kind == KEY_ID;
	x->slots[slot].has_email |= kind == KEY_EMAIL;
	x->slots[slot].has_link |= kind == KEY_LINK;
	x->slots[slot].has_domain |= kind == KEY_DOMAIN;
	return add_key(x, slot, key_hash(x, kind, a, b));
}

uint32_t record_index_find(
	struct record_index *x, enum record_key kind, struct str value, uint32_t after)
{
	return find(x, key_hash(x, kind, value, STR_NONE), after);
}

uint32_t record_index_find2(
	struct record_index *x, enum record_key kind, struct str a, struct str b, uint32_t after)
{
	return find(x, key_hash(x, kind, a, b), after);
}

size_t record_index_count(const struct record_index *x)
{
	return x->n;
}

struct record_slot *record_index_slot(struct record_index *x, uint32_t slot)
{
	return &x->slots[slot];
}

uint32_t record_index_add(struct record_index *x, int64_t id)
{
	if (x->n == x->cap) {
		size_t cap = x->cap > 0 ? x->cap * 2 : 1024;
		struct record_slot *moved = realloc(x->slots, cap * sizeof(*moved));
		if (moved == NULL || cap >= RECORD_NONE) {
			x->slots = moved != NULL ? moved : x->slots;
			x->no_memory = true;
			return RECORD_NONE;
		}
		x->slots = moved;
		x->cap = cap;
	}
	x->slots[x->n] = (struct record_slot){.id = id};
	return (uint32_t)x->n++;
}

/* ---- what is stored ---- */

/* Rows come in the order of their ids, so slots are. */
static uint32_t slot_of(const struct record_index *x, int64_t id)
{
	size_t lo = 0, hi = x->n;
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		if (x->slots[mid].id < id) {
			lo = mid + 1;
		} else {
			hi = mid;
		}
	}
	return lo < x->n && x->slots[lo].id == id ? (uint32_t)lo : RECORD_NONE;
}

/* Columns: id, external id, print. */
static void load_rows(struct record_index *x, struct db_query *q)
{
	while (!x->no_memory && db_step(q)) {
		uint32_t slot = record_index_add(x, db_col_i64(q, 0));
		if (slot == RECORD_NONE) {
			break;
		}
		x->slots[slot].print = (uint64_t)db_col_i64(q, 2);
		if (!db_is_null(q, 1)) {
			record_index_key(x, slot, KEY_ID, db_col_text(q, 1));
		}
	}
	db_done(q);
}

static void load_people(struct record_index *x, struct db *db, enum record_kind kind)
{
	struct db_query *q = db_query(
		db, "SELECT id, external_id, print FROM people WHERE kind = $1 ORDER BY id");
	db_text_c(q, kind == RECORD_STAFF ? "staff" : "contact");
	load_rows(x, q);
	q = db_query(db, "SELECT i.person, i.kind, i.value, p.name FROM identities i"
			 " JOIN people p ON p.id = i.person WHERE i.kind IN ('email', 'profile')");
	while (!x->no_memory && db_step(q)) {
		uint32_t slot = slot_of(x, db_col_i64(q, 0));
		bool email = str_eq_c(db_col_text(q, 1), "email");
		if (slot == RECORD_NONE) {
			continue;
		}
		record_index_key(x, slot, email ? KEY_EMAIL : KEY_LINK, db_col_text(q, 2));
		if (email) {
			record_index_key2(
				x, slot, KEY_EMAIL_NAME, db_col_text(q, 2), db_col_text(q, 3));
		}
	}
	db_done(q);
	q = db_query(db,
		"SELECT e.person, p.name, e.employer FROM employments e JOIN people p ON p.id = e.person"
		" WHERE e.ended_ms IS NULL");
	while (!x->no_memory && db_step(q)) {
		uint32_t slot = slot_of(x, db_col_i64(q, 0));
		if (slot != RECORD_NONE) {
			record_index_key2(
				x, slot, KEY_NAME_EMPLOYER, db_col_text(q, 1), db_col_text(q, 2));
		}
	}
	db_done(q);
}

static void load_accounts(struct record_index *x, struct db *db)
{
	load_rows(x, db_query(db, "SELECT id, external_id, print FROM accounts ORDER BY id"));
	struct db_query *q = db_query(db,
		"SELECT account, 'name', name FROM (SELECT id AS account, name FROM accounts)"
		" UNION ALL SELECT account, kind, value FROM account_names");
	while (!x->no_memory && db_step(q)) {
		uint32_t slot = slot_of(x, db_col_i64(q, 0));
		if (slot != RECORD_NONE) {
			record_index_key(x, slot,
				str_eq_c(db_col_text(q, 1), "domain") ? KEY_DOMAIN : KEY_NAME,
				db_col_text(q, 2));
		}
	}
	db_done(q);
}

static void load(struct record_index *x, struct db *db, enum record_kind kind)
{
	static const char *const plain[RECORD_KINDS] = {
		[RECORD_OPPORTUNITY] =
			"SELECT id, external_id, print FROM opportunities ORDER BY id",
		[RECORD_CASE] = "SELECT id, external_id, print FROM cases ORDER BY id",
		[RECORD_SURVEY] = "SELECT id, external_id, print FROM surveys ORDER BY id",
		[RECORD_TIE] = "SELECT id, external_id, print FROM ties ORDER BY id",
	};
	if (record_is_person(kind)) {
		load_people(x, db, kind);
	} else if (kind == RECORD_ACCOUNT) {
		load_accounts(x, db);
	} else {
		load_rows(x, db_query(db, plain[kind]));
	}
}

int record_index_load(
	struct record_index **out, struct store *s, enum record_kind kind, struct hark_err *err)
{
	struct record_index *x = calloc(1, sizeof(*x));
	int rc = HARK_OK;
	if (x == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for what is stored");
	}
	buf_init(&x->words, WORDS_MAX);
	crypto_random(&x->salt, sizeof(x->salt));
	if (s != NULL) {
		load(x, store_db(s), kind);
		rc = db_check(store_db(s), err);
	}
	if (x->no_memory) {
		rc = hark_err_set(err, HARK_ENOMEM, "no memory for what is stored");
	}
	if (rc != HARK_OK) {
		record_index_free(x);
		return rc;
	}
	*out = x;
	return HARK_OK;
}

void record_index_free(struct record_index *x)
{
	if (x == NULL) {
		return;
	}
	buf_release(&x->words);
	free(x->slots);
	free(x->keys);
	free(x);
}
