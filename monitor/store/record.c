#include "monitor/store/record.h"

static const char *const names[RECORD_KINDS] = {
	"contacts", "accounts", "staff", "opportunities", "cases", "surveys", "ties"};

const char *record_kind_name(enum record_kind kind)
{
	return names[kind];
}

bool record_kind_parse(struct str name, enum record_kind *out)
{
	for (size_t i = 0; i < RECORD_KINDS; i++) {
		if (str_eq_c(name, names[i])) {
			*out = (enum record_kind)i;
			return true;
		}
	}
	return false;
}
