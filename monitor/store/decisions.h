/* What was decided about telling people of a lead, stage by stage, and what waits for the end of a budget's
 * time. Inside the caller's transaction; failures are its commit's. */
#ifndef HARK_STORE_DECISIONS_H
#define HARK_STORE_DECISIONS_H

#include "monitor/base/arena.h"
#include "monitor/model/signal.h"
#include "monitor/store/store.h"

struct decision {
	struct str stage, cause; /* "budget", "over-budget" */
	struct str receiver;     /* absent: all */
	struct str value, threshold;
	int64_t at_ms;
};

/* The last decision takes the place of the one before: clear, then add. */
void store_decisions_clear(struct store *s, int64_t lead);
void store_decision_add(struct store *s, int64_t lead, const struct decision *d);
/* In the order of the stages. */
int store_decision_list(struct store *s, int64_t lead, struct arena *arena, struct decision **out,
	size_t *n, struct hark_err *err);
void store_lead_set_owner(struct store *s, int64_t lead, struct str owner);

/* Alerts for a receiver made after `since_ms` until `until_ms` (later ones are of a clock that was set back), and
 * whether there is or was one for this lead. */
int64_t store_alerts_made(
	struct store *s, struct str receiver, int64_t since_ms, int64_t until_ms);
bool store_alert_has(struct store *s, int64_t lead, struct str receiver);

/* A lead that came when the budget was used up. Once for each receiver. */
void store_overflow_add(
	struct store *s, int64_t lead, struct str receiver, int score, int64_t now_ms);
struct overflow_row {
	int64_t lead;
	int score;
	struct str kind, title; /* of the lead */
	struct subject subject;
	int64_t at_ms;
};
/* When the first of those that wait came, but for snoozed ones; 0: none waits. */
int64_t store_overflow_first(struct store *s, struct str receiver);
/* Those that wait and are still open, the strongest first. */
int store_overflow_list(struct store *s, struct str receiver, size_t max, struct arena *arena,
	struct overflow_row **out, size_t *n, struct hark_err *err);
/* Leads that everybody may see and nobody was told of since, by a silence and because something is open at the
 * account. */
void store_kept_quiet(struct store *s, int64_t since_ms, int64_t *silenced, int64_t *inhibited);
/* They were told, but for those that are snoozed. */
void store_overflow_told(struct store *s, struct str receiver, int64_t now_ms);

#endif
