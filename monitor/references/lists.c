#include "monitor/references/lists.h"

#include "monitor/references/lists_in.h"

static const struct list_kind *const kinds[LISTS] = {
	[LIST_TASKS] = &list_tasks,
	[LIST_SERVICE] = &list_service,
	[LIST_PEEKS] = &list_peeks,
	[LIST_VALUES] = &list_values,
	[LIST_VALUE_SUMS] = &list_value_sums,
	[LIST_CLOCK] = &list_clock,
	[LIST_LATE] = &list_late,
	[LIST_LENT] = &list_lent,
	[LIST_QUOTES] = &list_quotes,
	[LIST_PROOF] = &list_proof,
	[LIST_PROSPECT] = &list_prospect,
	[LIST_COACH] = &list_coach,
};

int list_read(enum list list, const struct reader *who, const struct list_filter *f,
	struct sheet *out, struct hark_err *err)
{
	const struct list_kind *k = kinds[list];
	sheet_init(out, k->columns, k->columns_n);
	if (who->store == NULL && f->reference != 0) {
		return hark_err_set(err, HARK_ENOENT, "there are no references yet");
	}
	int rc = who->store != NULL ? k->fill(who, f, out, err) : HARK_OK;
	return rc == HARK_OK && out->rc != HARK_OK
		       ? hark_err_set(err, out->rc, "no memory for the list")
		       : rc;
}

const char *list_empty(enum list list)
{
	return kinds[list]->empty;
}

bool list_leaves(enum list list)
{
	return kinds[list]->leaves;
}
