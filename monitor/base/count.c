#include "monitor/base/count.h"

#include "monitor/base/str.h"

#include <stdio.h>

static const char *ending(struct str *one)
{
	struct str s = *one;
	char before = s.n > 1 ? s.p[s.n - 2] : '\0';
	if (str_ends(s, STR("person"))) {
		one->n -= strlen("rson");
		return "ople";
	}
	if (str_ends(s, STR("y")) && strchr("aeiou", before) == NULL) {
		one->n--;
		return "ies";
	}
	return str_ends(s, STR("ch")) || str_ends(s, STR("sh")) || str_ends(s, STR("s")) ||
			       str_ends(s, STR("x"))
		       ? "es"
		       : "s";
}

const char *count_text(int64_t n, const char *one, char out[COUNT_MAX])
{
	struct str stem = str_c(one);
	const char *end = n != 1 ? ending(&stem) : "";
	snprintf(out, COUNT_MAX, "%lld %.*s%s", (long long)n, STR_FMT(stem), end);
	return out;
}
