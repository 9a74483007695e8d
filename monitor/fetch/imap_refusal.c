#include "monitor/fetch/imap_refusal.h"

#include <stddef.h>

static bool has_nocase(struct str s, struct str word)
{
	while (s.n >= word.n && !str_starts_nocase(s, word)) {
		s = str_n(s.p + 1, s.n - 1);
	}
	return s.n >= word.n;
}

bool imap_is_passing(struct str said)
{
	static const char *const codes[] = {"[UNAVAILABLE]", "[SERVERBUG]", "[INUSE]", "[LIMIT]",
		"[THROTTLED]", "[EXPUNGEISSUED]"};
	static const char *const alerts[] = {"connections", "bandwidth", "temporar"};
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		if (str_starts_nocase(said, str_c(codes[i]))) {
			return true;
		}
	}
	bool is_alert = str_starts_nocase(said, STR("[ALERT]")) &&
			!has_nocase(said, STR("AUTHENTICATIONFAILED"));
	for (size_t i = 0; is_alert && i < sizeof(alerts) / sizeof(alerts[0]); i++) {
		if (has_nocase(said, str_c(alerts[i]))) {
			return true;
		}
	}
	return false;
}
