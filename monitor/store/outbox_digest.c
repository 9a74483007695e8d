#include "monitor/store/outbox_digest.h"

#include "monitor/base/arena.h"
#include "monitor/base/json.h"
#include "monitor/model/id.h"

#include <stdlib.h>

#define ROWS 16 /* read at once; the statement has it, too */


struct row {
	int64_t id;
	struct str payload;
	bool is_sent;
};

static void write_payload(struct db *db, int64_t id, const char *payload)
{
	struct db_query *q = db_query(db, "UPDATE outbox SET payload = $2 WHERE id = $1");
	db_i64(q, id);
	db_text(q, str_c(payload));
	db_run(q);
}

/* True: it was among them. */
static bool drop(json_t *data, struct str lead)
{
	json_t *leads = json_object_get(data, "leads");
	for (size_t i = 0; i < json_array_size(leads); i++) {
		if (str_eq(json_str(json_array_get(leads, i), "id"), lead)) {
			json_array_remove(leads, i);
			json_object_set_new(data, "leads_count",
				json_integer(json_i64(data, "leads_count", 1) - 1));
			return true;
		}
	}
	return false;
}

static void forget_in(struct db *db, const struct row *row, struct str lead)
{
	json_t *root = json_read(row->payload, NULL);
	if (root != NULL && drop(json_object_get(root, "data"), lead)) {
		char *left = row->is_sent ? NULL : json_dumps(root, JSON_COMPACT);
		write_payload(db, row->id, left != NULL ? left : "{}");
		free(left);
	}
	json_decref(root);
}

void outbox_forget_lead(struct db *db, int64_t lead)
{
	struct arena arena;
	struct row rows[ROWS];
	char id[ID_TEXT_MAX];
	struct str name = str_c(id_text(ID_LEAD, lead, id));
	int64_t after = 0;
	size_t n;
	do {
		n = 0;
		arena_init(&arena, 0);
		struct db_query *q = db_query(db,
			"SELECT id, payload, state = 'sent' FROM outbox WHERE lead IS NULL AND id > $1"
			" AND instr(payload, $2) > 0 ORDER BY id LIMIT 16");
		db_i64(q, after);
		db_text(q, name);
		while (n < ROWS && db_step(q)) {
			rows[n++] = (struct row){db_col_i64(q, 0), db_col_copy(q, 1, &arena),
				db_col_i64(q, 2) != 0};
		}
		db_done(q);
		for (size_t i = 0; i < n; i++) {
			after = rows[i].id;
			forget_in(db, &rows[i], name);
		}
		arena_release(&arena);
	} while (n == ROWS);
}
