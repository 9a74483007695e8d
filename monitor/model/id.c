#include "monitor/model/id.h"

#include <stdio.h>

char *id_text(const char *kind, int64_t id, char out[ID_TEXT_MAX])
{
	snprintf(out, ID_TEXT_MAX, "%s_%lld", kind, (long long)id);
	return out;
}

bool id_parse(const char *kind, struct str text, int64_t *id)
{
	size_t n = strlen(kind);
	if (str_starts(text, str_n(kind, n)) && text.n > n && text.p[n] == '_') {
		text = str_n(text.p + n + 1, text.n - n - 1);
	}
	return text.n > 0 && text.p[0] >= '0' && text.p[0] <= '9' && str_i64(text, id) && *id > 0;
}
