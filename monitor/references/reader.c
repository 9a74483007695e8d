#include "monitor/references/reader.h"

#include "monitor/store/references.h"

bool reader_is_told(struct store *s, enum role role, const struct statement *what)
{
	bool waits = what->regulated && str_empty(what->signed_by);
	return (!waits || role_sees(role, str_c(role_name(ROLE_COMPLIANCE)))) &&
	       store_statement_is_for(s, what, str_c(role_class(role)));
}
