/* A table of pairs: one, other, verdict and reason, with tabs between; lines that begin with # say why. */
#ifndef HARK_TESTS_NAMES_TABLE_H
#define HARK_TESTS_NAMES_TABLE_H

#include "tests/unit/unit.h"

#include "monitor/base/buf.h"
#include "monitor/base/file.h"

#include <stdio.h>

struct pair {
	struct str a, b, verdict, reason;
};

/* tests/fixtures/people/NAME into a buffer the caller releases. */
static inline void table_open(struct buf *table, const char *name)
{
	char path[4096];
	struct hark_err err = {0};
	snprintf(path, sizeof(path), "%s/tests/fixtures/people/%s", getenv("top_srcdir"), name);
	buf_init(table, 1 << 20);
	if (file_read(table, path, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
}

/* The next line that is no comment; `*rest` begins as the whole table. */
static inline bool table_next(struct str *rest, struct pair *pair)
{
	struct str line;
	while (str_split(rest, '\n', &line)) {
		if (line.n > 0 && line.p[0] != '#') {
			struct str *cells[] = {&pair->a, &pair->b, &pair->verdict, &pair->reason};
			for (size_t i = 0; i < 4; i++) {
				assert_true(str_split(&line, '\t', cells[i]));
			}
			return true;
		}
	}
	return false;
}

/* Says which pair is judged otherwise than the table says. */
static inline bool table_agrees(const struct pair *pair, const char *verdict, const char *reason)
{
	if (str_eq_c(pair->verdict, verdict) && str_eq_c(pair->reason, reason)) {
		return true;
	}
	print_message("# '%.*s' and '%.*s': %s, %s instead of %.*s, %.*s\n", STR_FMT(pair->a),
		STR_FMT(pair->b), verdict, reason, STR_FMT(pair->verdict), STR_FMT(pair->reason));
	return false;
}

#endif
