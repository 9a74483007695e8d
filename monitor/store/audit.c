#include "monitor/store/audit.h"

#include "monitor/base/buf.h"
#include "monitor/base/clock.h"
#include "monitor/store/driver.h"

#define ENTRY_MAX 16384
#define FIRST_BEFORE "hark audit" /* what the first entry follows */
#define COLUMNS "id, at_ms, actor, action, target, note, hash"

static void add_part(struct buf *out, struct str s)
{
	buf_printf(out, "%zu:", s.n); /* so that no text can pass for two */
	buf_add_str(out, s.p != NULL ? s : STR(""));
	buf_add_c(out, ";");
}

static void hash_entry(
	const struct audit_entry *e, struct str before, char out[CRYPTO_SHA256_HEX_MAX])
{
	struct buf text;
	buf_init(&text, ENTRY_MAX);
	add_part(&text, before);
	buf_printf(&text, "%lld;%lld;", (long long)e->id, (long long)e->at_ms);
	add_part(&text, e->actor);
	add_part(&text, e->action);
	add_part(&text, e->target);
	add_part(&text, e->note);
	crypto_sha256_hex(buf_str(&text), out);
	buf_release(&text);
}

void store_audit_add(struct store *s, const struct audit_entry *entry)
{
	struct db *db = store_db(s);
	struct audit_entry e = *entry;
	struct arena arena;
	char hash[CRYPTO_SHA256_HEX_MAX];
	arena_init(&arena, 0);
	struct str before = STR(FIRST_BEFORE);
	struct db_query *q = db_query(db, "SELECT id, hash FROM audit ORDER BY id DESC LIMIT 1");
	e.id = 1;
	if (db_step(q)) {
		e.id = db_col_i64(q, 0) + 1;
		before = db_col_copy(q, 1, &arena);
	}
	db_done(q);
	e.at_ms = e.at_ms != 0 ? e.at_ms : clock_wall_ms();
	hash_entry(&e, before, hash);
	q = db_query(db, "INSERT INTO audit (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7)");
	db_i64(q, e.id);
	db_i64(q, e.at_ms);
	db_text(q, e.actor.n > 0 ? e.actor : STR_NONE);
	db_text(q, e.action);
	db_text(q, e.target.n > 0 ? e.target : STR_NONE);
	db_text(q, e.note);
	db_text_c(q, hash);
	db_run(q);
	arena_release(&arena);
}

int store_audit_note(struct store *s, const struct audit_entry *entry, struct hark_err *err)
{
	int rc = store_begin(s, err);
	if (rc == HARK_OK) {
		store_audit_add(s, entry);
		rc = store_commit(s, err);
	}
	return rc;
}

static void read_entry(struct db_query *q, struct audit_entry *e)
{
	*e = (struct audit_entry){.id = db_col_i64(q, 0),
		.at_ms = db_col_i64(q, 1),
		.actor = db_col_text(q, 2),
		.action = db_col_text(q, 3),
		.target = db_col_text(q, 4),
		.note = db_col_text(q, 5),
		.hash = db_col_text(q, 6)};
}

int store_audit_list(struct store *s, int64_t before, size_t max, struct arena *arena,
	struct audit_entry **out, size_t *n, struct hark_err *err)
{
	struct db *db = store_db(s);
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	if (before > 0) {
		struct db_query *row = db_query(db, "SELECT 1 FROM audit WHERE id = $1");
		db_i64(row, before);
		if (db_run_i64(row, 0) == 0) {
			return hark_err_set(err, HARK_EINVAL, STORE_PAGE_GONE);
		}
	}
	struct db_query *q = db_query(
		db, "SELECT " COLUMNS " FROM audit WHERE id < $1 ORDER BY id DESC LIMIT $2");
	db_i64(q, before > 0 ? before : INT64_MAX);
	db_i64(q, (int64_t)max);
	while (db_step(q)) {
		struct audit_entry *v = arena_grow(arena, *out, *n, &cap, sizeof(*v));
		if (v == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the audit trail");
			break;
		}
		*out = v;
		read_entry(q, &v[*n]);
		v[*n].actor = db_col_copy(q, 2, arena);
		v[*n].action = db_col_copy(q, 3, arena);
		v[*n].target = db_col_copy(q, 4, arena);
		v[*n].note = db_col_copy(q, 5, arena);
		v[*n].hash = db_col_copy(q, 6, arena);
		(*n)++;
	}
	db_done(q);
	return db_check(db, err);
}

int store_audit_check(
	struct store *s, struct str head, struct audit_check *out, struct hark_err *err)
{
	char before[CRYPTO_SHA256_HEX_MAX] = FIRST_BEFORE, hash[CRYPTO_SHA256_HEX_MAX];
	struct db_query *q = db_query(store_db(s), "SELECT " COLUMNS " FROM audit ORDER BY id");
	*out = (struct audit_check){.found = head.n == 0};
	while (out->broken == 0 && db_step(q)) {
		struct audit_entry e;
		read_entry(q, &e);
		hash_entry(&e, str_c(before), hash);
		if (e.id != out->entries + 1 || !str_eq_c(e.hash, hash)) {
			out->broken = e.id;
			break;
		}
		out->entries++;
		out->found |= str_eq(e.hash, head);
		memcpy(before, hash, sizeof(before));
		memcpy(out->head, hash, sizeof(hash));
	}
	db_done(q);
	return db_check(store_db(s), err);
}
