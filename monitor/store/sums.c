#include "monitor/store/sums.h"

#include "monitor/store/driver.h"

#include <stdlib.h>
#include <utlist.h>

#define SLOT_MS 900000

struct sum {
	struct sum *next;
	int64_t slot, n;
	struct str kind; /* absent: leads */
	struct str visibility;
	char text[]; /* both of them */
};

static void write_signals(struct db *db, const struct sum *sum)
{
	struct db_query *q = db_query(db,
		"INSERT INTO signal_sums (slot, kind, visibility, n) VALUES ($1, $2, $3, $4)"
		" ON CONFLICT (slot, kind, visibility) DO UPDATE SET n = signal_sums.n + excluded.n");
	db_i64(q, sum->slot);
	db_text(q, sum->kind);
	db_text(q, sum->visibility);
	db_i64(q, sum->n);
	db_run(q);
}

static void write_leads(struct db *db, const struct sum *sum)
{
	struct db_query *q = db_query(db,
		"INSERT INTO lead_sums (slot, visibility, raised, alerted, claimed, answered, won, lost,"
		" dismissed) VALUES ($1, $2, $3, 0, 0, 0, 0, 0, 0)"
		" ON CONFLICT (slot, visibility) DO UPDATE SET raised = lead_sums.raised + excluded.raised");
	db_i64(q, sum->slot);
	db_text(q, sum->visibility);
	db_i64(q, sum->n);
	db_run(q);
}

void sums_save(struct sum **sums, struct db *db)
{
	struct sum *sum;
	LL_FOREACH(*sums, sum)
	{
		if (sum->kind.p != NULL) {
			write_signals(db, sum);
		} else {
			write_leads(db, sum);
		}
	}
	sums_drop(sums);
}

void sums_drop(struct sum **sums)
{
	struct sum *sum, *next;
	LL_FOREACH_SAFE(*sums, sum, next)
	{
		free(sum);
	}
	*sums = NULL;
}

/* NULL: no memory. */
static struct sum *sum_new(int64_t slot, struct str kind, struct str visibility)
{
	struct sum *sum = calloc(1, sizeof(*sum) + kind.n + visibility.n);
	if (sum != NULL) {
		memcpy(sum->text, visibility.p, visibility.n);
		sum->slot = slot;
		sum->visibility = str_n(sum->text, visibility.n);
		if (kind.p != NULL) {
			memcpy(sum->text + visibility.n, kind.p, kind.n);
			sum->kind = str_n(sum->text + visibility.n, kind.n);
		}
	}
	return sum;
}

static void add(struct store *s, int64_t created_ms, struct str kind, struct str visibility)
{
	struct db *db = store_db(s);
	struct sum **sums = store_sums(s), *sum;
	int64_t slot = created_ms / SLOT_MS;
	LL_FOREACH(*sums, sum)
	{
		if (sum->slot == slot && str_eq(sum->kind, kind) && str_eq(sum->visibility, visibility)) {
			break;
		}
	}
	if (sum == NULL) {
		sum = sum_new(slot, kind, visibility);
		if (sum == NULL) {
			db_fail(db, HARK_ENOMEM, "no memory for the sums of an overview");
			return;
		}
		LL_PREPEND(*sums, sum);
	}
	sum->n++;
	if (!db_in_transaction(db)) {
		sums_save(sums, db);
	}
}

void store_sum_signal(struct store *s, int64_t created_ms, struct str kind, struct str visibility)
{
	add(s, created_ms, kind, visibility);
}

void store_sum_lead(struct store *s, int64_t created_ms, struct str visibility)
{
	add(s, created_ms, STR_NONE, visibility);
}
