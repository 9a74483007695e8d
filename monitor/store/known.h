/* Looking up people and accounts: rows for lists, lines for cards. */
#ifndef HARK_STORE_KNOWN_H
#define HARK_STORE_KNOWN_H

#include "monitor/store/store.h"

enum known_what {
	KNOWN_PEOPLE,
	KNOWN_ACCOUNTS,
};

/* Of people: name, title, employer, owner, kind, the number of the one they are; of accounts: name, type, domain,
 * owner, number of people, those that are one counted once. */
struct known_row {
	int64_t id;
	struct str cells[6]; /* borrowed until the callback returns */
};

/* In the order of names, at most `max`, after the one of the id `after` (0: the first); `words` (may be absent) are part of a name, an employer, an alias, an
 * address or a domain, ASCII letters without case; `seen_as` as in struct known_view. HARK_EINVAL: that row is gone, and nobody can tell what comes after. */
int store_known_list(struct store *s, enum known_what what, struct str words, struct str seen_as,
	int64_t after, size_t max,
	void (*take)(void *ctx, const struct known_row *row), void *ctx, struct hark_err *err);

/* How one is looked at. */
struct known_view {
	struct str
		as_of; /* a date, "2026", "2026-09" or whole: jobs as they were by the end of it; absent: all */
	struct str
		seen_as; /* a role: nothing of moves and posts of other classes is told; absent: whoever looks sees all */
};
/* False: it is no date. */
bool known_date(struct str text);

/* The number of the one that `words` mean: its number, its name, or a part of it that only one has. HARK_ENOENT: nobody;
 * HARK_EINVAL: several, and the sentence says which. */
int store_known_find(struct store *s, enum known_what what, struct str words, int64_t *out,
	struct hark_err *err);

/* A line of a card; its words last as long as the call. */
struct known_line {
	const char *section; /* NULL: of the record itself */
	const char *name;
	struct str value;
	int64_t at_ms; /* 0: it is of no time */
};

/* All that is known of one, line by line: first its own (section NULL), then what hangs on it. HARK_ENOENT. */
int store_known_show(struct store *s, enum known_what what, int64_t id,
	const struct known_view *view,
	void (*take)(void *ctx, const struct known_line *line), void *ctx, struct hark_err *err);

/* How many handles, profiles and e-mail addresses of a person are known. */
int64_t store_known_addresses(struct store *s, int64_t person);

#endif
