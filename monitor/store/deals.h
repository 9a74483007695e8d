/* Opportunities as imports tell of them, with the company they are at: what a reference is asked for. */
#ifndef HARK_STORE_DEALS_H
#define HARK_STORE_DEALS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

/* Absent: not known. */
struct deal {
	int64_t id, account; /* account 0: none that is known */
	int64_t value_cents; /* -1: not known */
	struct str name, stage, state, currency, closes_on, owner, product, rival;
	struct str account_name, industry, segment, region;
};

/* By its id in the system it comes from, its name, or its number here. Strings in `arena`. HARK_ENOENT. */
int store_deal_find(struct store *s, struct str text, struct arena *arena, struct deal *out,
	struct hark_err *err);
/* HARK_ENOENT: it is gone. */
int store_deal_load(
	struct store *s, int64_t id, struct arena *arena, struct deal *out, struct hark_err *err);
/* Open opportunities of an account by the ids they have in `system`, as imports know them; the oldest first. */
int store_deals_open(struct store *s, int64_t account, const char *system, size_t max,
	struct arena *arena, struct str **out, size_t *n, struct hark_err *err);
/* The open ones at a stage where nobody has asked for a reference, at most `max`; with `untold` only those nobody was
 * told of. */
int store_deals_late(struct store *s, const char *const *stages, size_t stages_n, bool untold,
	size_t max, struct arena *arena, struct deal **out, size_t *n, struct hark_err *err);
/* Whether an account bought from us instead of a rival. */
bool store_deal_replaced(struct store *s, int64_t account, struct str rival);
void store_deal_told(struct store *s, const struct deal *d, int64_t now_ms);

#endif
