#include "monitor/config/source_name.h"

#include "monitor/base/hash.h"
#include "monitor/config/values.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Letters and digits of `text` as a name: "Acme News!" becomes "acme-news". */
static size_t slug(struct str text, char *out, size_t max)
{
	size_t n = 0;
	for (size_t i = 0; i < text.n && n < max; i++) {
		unsigned char c = (unsigned char)text.p[i];
		if (c < 0x80 && isalnum(c)) {
			out[n++] = (char)tolower(c);
		} else if (n > 0 && out[n - 1] != '-') {
			out[n++] = '-';
		}
	}
	while (n > 0 && out[n - 1] == '-') {
		n--;
	}
	out[n] = '\0';
	return n;
}

void source_name_make(struct str title, struct str url,
	bool (*is_taken)(void *ctx, const char *name), void *ctx, char out[65])
{
	struct str host = url_host(url);
	size_t n = slug(title, out, 40);
	if (n >= 2 && !is_taken(ctx, out)) {
		return;
	}
	if (n < 2) {
		bool is_www = str_starts_nocase(host, STR("www."));
		n = slug(is_www ? str_n(host.p + 4, host.n - 4) : host, out, 40);
	}
	if (n == 0) {
		strcpy(out, "source");
		n = strlen(out);
	}
	for (unsigned i = 2; is_taken(ctx, out) && i < 10; i++) {
		snprintf(out + n, 65 - n, "-%u", i);
	}
	if (is_taken(ctx, out)) { /* thousands of one title: no counting up for each */
		snprintf(out + n, 65 - n, "-%016llx", (unsigned long long)hash64(url, 0));
	}
}

bool source_name_is_taken(void *conf, const char *name)
{
	const struct conf *c = conf;
	for (size_t i = 0; i < c->sources_n; i++) {
		if (c->sources[i].name != NULL && strcmp(c->sources[i].name, name) == 0) {
			return true;
		}
	}
	return false;
}
