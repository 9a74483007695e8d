#include "monitor/store/history.h"

#include "monitor/store/grow.h"

int history_read(struct db *db, struct db_query *q, struct arena *arena, struct step **out,
	size_t *n, struct hark_err *err)
{
	size_t cap = 0;
	*out = NULL;
	*n = 0;
	while (db_step(q) &&
		(*out = store_grow(db, arena, *out, *n, &cap, sizeof(**out))) != NULL) {
		(*out)[(*n)++] = (struct step){
			.id = db_col_i64(q, 0),
			.at_ms = db_col_i64(q, 1),
			.actor = db_col_copy(q, 2, arena),
			.action = db_col_copy(q, 3, arena),
			.from = db_col_copy(q, 4, arena),
			.to = db_col_copy(q, 5, arena),
			.note = db_col_copy(q, 6, arena),
			.before = db_col_copy(q, 7, arena),
		};
	}
	db_done(q);
	return db_check(db, err);
}

void history_bind(struct db_query *q, int64_t at_ms, const struct step *step)
{
	db_i64(q, at_ms);
	db_text(q, step->actor);
	db_text(q, step->action);
	db_text(q, step->from);
	db_text(q, step->to);
	db_text(q, step->note);
	db_text(q, step->before);
}
