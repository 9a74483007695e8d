#include "monitor/model/undo.h"

bool undo_takes(struct str action, struct str before, size_t *undone)
{
	if (str_eq_c(action, UNDO_ACTION)) {
		(*undone)++;
		return false;
	}
	if (before.p == NULL) {
		return false;
	}
	if (*undone > 0) {
		(*undone)--;
		return false;
	}
	return true;
}
