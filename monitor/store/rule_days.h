/* What each rule did on a day, also where nothing else is kept. The counts of a transaction wait in memory
 * until its end: a poll of many sources finds the same rules over and over, and their rows are written
 * once. The thread of the store's connection. */
#ifndef HARK_STORE_RULE_DAYS_H
#define HARK_STORE_RULE_DAYS_H

#include "monitor/base/str.h"
#include "monitor/store/store.h"

enum rule_count {
	RULE_SIGNALS,
	RULE_SHADOW,
	RULE_SENSITIVE,
	RULE_LEADS,
	RULE_UNDECIDED,   /* of the above: a limit was hit before the answer was known */
	RULE_LANG_PASSED, /* of the above: the scope asks for a language, the post says none */
};
#define RULE_COUNTS 6

/* Adds `n` on the day of `now_ms`; written by store_commit(), outside a transaction at once. */
void store_rule_count(
	struct store *s, struct str rule, enum rule_count what, int64_t n, int64_t now_ms);

/* For store.c: what waits, NULL when nothing does. */
struct rule_day;
struct db;
/* Writes it into the open transaction and forgets it; a failure is the connection's. */
void rule_days_save(struct rule_day **days, struct db *db);
void rule_days_drop(struct rule_day **days);

#endif
