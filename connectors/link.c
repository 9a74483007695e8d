#include "connectors/link.h"

#include "monitor/base/str.h"

bool link_is_one(const char *text)
{
	struct str s = str_c(text);
	return str_starts_nocase(s, STR("http://")) || str_starts_nocase(s, STR("https://")) ||
	       str_starts_nocase(s, STR("mailto:"));
}

bool link_is_one_in(const char *text, const char *reply_url)
{
	struct str from = str_c(reply_url);
	bool is_file = str_starts(from, STR("/")) || str_starts(from, STR("file:"));
	return link_is_one(text) || (is_file && str_starts(str_c(text), STR("file:")));
}
