/* "skip_if": [{"pointer": "/visibility", "ne": "public"}]: whether something holds for an item.
 * Compiled once, then read by any thread. */
#ifndef HARK_CONNECTORS_CONDITION_H
#define HARK_CONNECTORS_CONDITION_H

#include "connectors/transform.h"
#include "monitor/base/buf.h"

enum condition_op {
	CONDITION_EXISTS, /* there and not null, "", [] or {} */
	CONDITION_EQ,
	CONDITION_NE, /* there and different */
	CONDITION_IN,
	CONDITION_REGEX,
	CONDITION_LT,
	CONDITION_GT,
};

struct condition {
	struct pointer pointer;
	enum condition_op op;
	bool wanted;         /* of EXISTS */
	struct str *values;  /* as written */
	struct form **forms; /* of those with blanks, as "{tag?}"; NULL in place of others */
	size_t values_n;
	int64_t number;
	const struct regex *regex;
};

struct conditions {
	struct condition *v;
	size_t n, cap;
};

/* With "*" in the pointer: whether it holds for any of the values. */
bool condition_holds(const struct condition *c, struct work *w);
/* The first that holds, NULL: none. One whose only value is a blank that stays empty is not asked. */
const struct condition *conditions_any(const struct conditions *all, struct work *w);
/* The first that does not hold, NULL: all do. */
const struct condition *conditions_all(const struct conditions *all, struct work *w);
/* "/visibility is not 'public'", for people. */
void condition_write(const struct condition *c, struct buf *out);

#endif
