#include "monitor/pipeline/overflow_tell.h"

#include "monitor/pipeline/digest.h"
#include "monitor/references/lead_guard.h"
#include "monitor/store/encounters.h"
#include "monitor/store/leads.h"
#include "monitor/store/outbox.h"
#include "monitor/store/receivers.h"
#include "monitor/store/subjects.h"

/* Standard Webhooks asks for less than 20 KB. */
#define PAYLOAD_MAX 20000
#define ROWS_MAX 10000

/* As of now: what was against asking them when it was found may be over. */
static struct lead_guard guard_of(
	struct store *s, const struct conf *conf, int64_t id, int64_t now_ms, struct arena *arena)
{
	struct lead lead;
	if (store_lead_load(s, id, arena, &lead, NULL) != HARK_OK) {
		return (struct lead_guard){0};
	}
	store_lead_known(s, &lead, arena);
	lead_guard_outside(s, conf, &lead, now_ms, arena, NULL);
	return lead.around.guard;
}

static int read_leads(struct store *s, const struct conf *conf, struct digest *d,
	struct arena *arena, struct hark_err *err)
{
	struct overflow_row *v;
	const struct conf_receiver *r = d->receiver;
	int rc = store_overflow_list(s, str_c(r->name), ROWS_MAX, arena, &v, &d->all, err);
	if (rc != HARK_OK) {
		return rc;
	}
	d->leads_n = d->all < (size_t)r->digest_max ? d->all : (size_t)r->digest_max;
	struct digest_lead *leads = arena_alloc(arena, (d->leads_n + 1) * sizeof(*leads));
	if (leads == NULL) {
		return hark_err_set(err, HARK_ENOMEM, "no memory for a digest");
	}
	for (size_t i = 0; i < d->leads_n; i++) {
		struct subject_facts facts;
		store_subject_facts(s, &v[i].subject, arena, &facts);
		leads[i] = (struct digest_lead){
			v[i], facts.name, guard_of(s, conf, v[i].lead, d->now_ms, arena)};
	}
	d->leads = leads;
	return HARK_OK;
}

static bool is_wanted(const struct digest *d)
{
	const struct conf_receiver *r = d->receiver;
	return d->all > 0 ||
	       (r->digest != NULL && (r->when_empty == DIGEST_EMPTY_TELL ||
					     (r->when_empty == DIGEST_EMPTY_DAILY &&
						     r->digest->every != RECUR_HOURLY)));
}

/* Names fewer leads where their texts are long. */
static int send(struct store *s, struct digest *d, size_t *made, struct hark_err *err)
{
	struct buf payload;
	size_t one = 0;
	buf_init(&payload, PAYLOAD_MAX);
	digest_write(d, &payload);
	while (payload.rc == HARK_ELIMIT && d->leads_n > 0) {
		d->leads_n -= d->leads_n / 4 + 1;
		buf_clear(&payload);
		digest_write(d, &payload);
	}
	int rc = payload.rc != HARK_OK
			 ? hark_err_set(err, payload.rc, "no room for a digest")
			 : outbox_add(s, 0, str_c(d->receiver->name), STR(LEADS_DIGEST),
				   STR("digest"), buf_str(&payload), d->now_ms, &one, err);
	*made += one;
	buf_release(&payload);
	return rc;
}

static int tell(struct store *s, const struct conf *conf, struct digest *d, size_t *made,
	struct hark_err *err)
{
	struct arena arena;
	struct blind_row *blind;
	struct str name = str_c(d->receiver->name);
	arena_init(&arena, 0);
	int rc = read_leads(s, conf, d, &arena, err);
	if (rc == HARK_OK && is_wanted(d)) {
		store_kept_quiet(s, d->since_ms, &d->silenced, &d->inhibited);
		rc = blind_read(s, d->since_ms, d->now_ms, &arena, &blind, &d->blind_n, err);
		d->blind = blind;
		rc = rc == HARK_OK ? send(s, d, made, err) : rc;
	}
	if (rc == HARK_OK) {
		store_overflow_told(s, name, d->now_ms);
	}
	arena_release(&arena);
	return rc;
}

/* A digest that is new begins with the first look at it, and so does one whose last is yet to come by a clock that was
 * set back. */
static int look_at_digest(struct store *s, const struct conf *conf, struct digest *d, size_t *made,
	struct hark_err *err)
{
	struct str name = str_c(d->receiver->name);
	d->since_ms = store_receiver_digest(s, name);
	if (d->since_ms > d->now_ms) {
		d->since_ms = 0;
	}
	if (d->since_ms != 0 && recur_next_ms(d->receiver->digest, d->since_ms) > d->now_ms) {
		return HARK_OK;
	}
	int rc = d->since_ms != 0 ? tell(s, conf, d, made, err) : HARK_OK;
	if (rc == HARK_OK) {
		store_receiver_set_digest(s, name, d->now_ms);
	}
	return rc;
}

static int look_at(struct store *s, const struct conf *conf, const struct conf_receiver *r,
	int64_t now_ms, size_t *made, struct hark_err *err)
{
	struct digest d = {.receiver = r, .now_ms = now_ms};
	if (r->quiet != NULL && hours_open(r->quiet, now_ms)) {
		return HARK_OK;
	}
	if (r->digest != NULL) {
		return look_at_digest(s, conf, &d, made, err);
	}
	d.since_ms = store_overflow_first(s, str_c(r->name));
	bool is_set_back = d.since_ms > now_ms;
	bool is_due = is_set_back || (d.since_ms != 0 && d.since_ms + r->budget_per_ms <= now_ms);
	return is_due ? tell(s, conf, &d, made, err) : HARK_OK;
}

int overflow_tell(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err)
{
	int rc = HARK_OK;
	*made = 0;
	for (size_t i = 0; i < conf->receivers_n && rc == HARK_OK; i++) {
		rc = look_at(s, conf, &conf->receivers[i], now_ms, made, err);
	}
	return rc;
}
