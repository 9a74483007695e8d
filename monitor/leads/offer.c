#include "monitor/leads/offer.h"

#include <strings.h>

/* Of a word that a code may be a part of. */
static bool goes_on(char c)
{
	return (c >= '0' && c <= '9') || ((c | 32) >= 'a' && (c | 32) <= 'z') || c == '_' ||
	       (c & 0x80) != 0;
}

static bool names(struct str text, struct str code)
{
	for (size_t i = 0; i + code.n <= text.n; i++) {
		bool begins = i == 0 || !goes_on(text.p[i - 1]);
		bool ends = i + code.n == text.n || !goes_on(text.p[i + code.n]);
		if (begins && ends && strncasecmp(text.p + i, code.p, code.n) == 0) {
			return true;
		}
	}
	return false;
}

const struct conf_offer *offer_named(const struct conf *conf, struct str title, struct str text)
{
	for (size_t i = 0; i < conf->offers_n; i++) {
		struct str code = str_c(conf->offers[i].code);
		if (names(title, code) || names(text, code)) {
			return &conf->offers[i];
		}
	}
	return NULL;
}
