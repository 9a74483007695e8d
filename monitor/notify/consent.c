#include "monitor/notify/consent.h"

#include "monitor/leads/alert.h"
#include "monitor/leads/states.h"
#include "monitor/references/lead_guard.h"
#include "monitor/store/changes.h"
#include "monitor/store/leads.h"
#include "monitor/store/optouts.h"

#define GIVEN_UP "not sent: who it is about has asked to be left alone"
#define TAKEN_BACK "not sent: its posts were deleted, or do not say it any more"

/* One consent_check(). */
struct check {
	struct store *store;
	struct optouts optouts;
	const struct conf *conf;
	int64_t now_ms;
	struct arena *arena;
};

/* Writes the row anew from the evidence that is left. */
static int rewrite(struct check *c, struct outbox_row *row, struct lead *lead,
	const struct lead_evidence *evidence, size_t n, struct hark_err *err)
{
	struct buf payload;
	lead_alert_facts(c->store, c->conf, lead, c->now_ms, c->arena);
	buf_init(&payload, ALERT_BYTES_MAX);
	int rc = alert_write(
		lead, evidence, n, str_c(c->conf->privacy_contact), row->created_ms, &payload);
	row->payload = arena_str(c->arena, buf_str(&payload));
	buf_release(&payload);
	if (rc != HARK_OK || row->payload.p == NULL) {
		return hark_err_set(err, rc != HARK_OK ? rc : HARK_ENOMEM,
			"alert %lld cannot be written anew", (long long)row->id);
	}
	return outbox_rewrite(c->store, row->id, row->lease_token, row->payload, err);
}

static int give_up(
	struct check *c, const struct outbox_row *row, struct str why, struct hark_err *err)
{
	int rc = outbox_rewrite(c->store, row->id, row->lease_token, STR("{}"), err);
	return rc != HARK_OK
		       ? rc
		       : outbox_dead(c->store, row->id, row->lease_token, c->now_ms, 0, why, err);
}

static int check_row(struct check *c, struct outbox_row *row, bool *keep, struct hark_err *err)
{
	struct lead lead;
	struct lead_evidence *evidence;
	size_t all;
	*keep = true;
	if (row->lead == 0) {
		return HARK_OK; /* about sources, and about nobody */
	}
	const char *untold = lead_untold(store_lead_state(c->store, row->lead, c->now_ms));
	if (untold != NULL) {
		*keep = false;
		return outbox_withdraw(c->store, row->id, row->lease_token, str_c(untold), err);
	}
	/* Emptied when somebody's data was erased (privacy.h), or words were taken back while it was withdrawn. */
	bool changed = str_eq_c(row->payload, "{}") ||
		       store_lead_changed(c->store, row->lead, row->created_ms);
	if (!c->optouts.any && !changed) {
		return HARK_OK;
	}
	int rc = store_lead_load(c->store, row->lead, c->arena, &lead, err);
	if (rc == HARK_OK) {
		rc = store_lead_news(
			c->store, row->lead, ALERT_EVIDENCE_MAX, c->arena, &evidence, &all, err);
	}
	if (rc != HARK_OK) {
		return rc;
	}
	size_t stands = lead_evidence_standing(evidence, all);
	size_t left = optouts_filter(&c->optouts, evidence, stands);
	if (left == all && !changed) {
		return HARK_OK;
	}
	*keep = left > 0 && !evidence[0].historic;
	return *keep ? rewrite(c, row, &lead, evidence, left, err)
		     : give_up(c, row, left < stands ? STR(GIVEN_UP) : STR(TAKEN_BACK), err);
}

int consent_check(struct store *s, struct outbox_row *rows, size_t *n, const struct conf *conf,
	int64_t now_ms, struct arena *arena, struct hark_err *err)
{
	struct check c = {.store = s, .conf = conf, .now_ms = now_ms, .arena = arena};
	size_t kept = 0;
	int rc = *n > 0 ? optouts_init(&c.optouts, s, err) : HARK_OK;
	if (*n == 0 || rc != HARK_OK) {
		return rc;
	}
	for (size_t i = 0; i < *n && rc == HARK_OK; i++) {
		bool keep;
		rc = check_row(&c, &rows[i], &keep, err);
		if (keep) {
			rows[kept++] = rows[i];
		}
	}
	optouts_release(&c.optouts);
	*n = kept;
	return rc;
}
