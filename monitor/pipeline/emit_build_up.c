#include "monitor/pipeline/emit_build_up.h"

#include "monitor/leads/build_up.h"
#include "monitor/leads/raise.h"
#include "monitor/store/driver.h"
#include "monitor/store/subjects.h"

#include <math.h>

#define TEXT_MAX 8192

static struct str keep(struct emitter *e, struct buf *b)
{
	struct str text = arena_str(&e->kept, buf_str(b));
	if (b->rc != HARK_OK || e->kept.rc != HARK_OK) {
		db_fail(store_db(e->store), HARK_ENOMEM, "no memory for what adds up");
	}
	buf_release(b);
	return text;
}

static struct str write(struct emitter *e, const char *before, struct str value)
{
	struct buf b;
	buf_init(&b, TEXT_MAX);
	buf_add_c(&b, before);
	buf_add_str(&b, value);
	return keep(e, &b);
}

static struct str number(struct emitter *e, const char *before, int64_t n)
{
	struct buf b;
	buf_init(&b, TEXT_MAX);
	buf_printf(&b, "%s%lld", before, (long long)n);
	return keep(e, &b);
}

/* What the account's lead is before it is known how much there is. */
static struct lead account_lead(struct emitter *e, const struct signal *signal,
	const struct signal_place *place, const struct subject_facts *facts, int64_t published)
{
	struct lead lead = emit_lead_of(e, signal, published, place->historic);
	lead.kind = str_c(signal_kind_name(SIGNAL_PURCHASE_INTENT));
	lead.key = number(e, EMIT_BUILD_UP "|", facts->account);
	lead.subject = (struct subject){STR("account"), number(e, "account_", facts->account),
		arena_str(&e->kept, facts->name)};
	lead.title = write(e, "Signals add up at ", facts->name);
	lead.level = str_c(signal_level_name(LEVEL_NORMAL));
	lead.rule = STR(EMIT_BUILD_UP);
	lead.owner = STR_NONE;
	return lead;
}

static void make(struct emitter *e, struct lead *lead, const struct signal_place *place,
	struct build_up_part *parts, size_t n, double sum)
{
	struct buf why;
	buf_init(&why, TEXT_MAX);
	build_up_why(&e->conf->build_up, parts, n, e->now_ms, &why);
	lead->why = keep(e, &why);
	lead->score = sum < 100 ? (int)floor(sum) : 100;
	for (size_t i = 0; i < n; i++) {
		if (lead->posted_ms == 0 || parts[i].said_ms < lead->posted_ms) {
			lead->posted_ms = parts[i].said_ms;
		}
	}
	emit_lead_make(e, lead, EMIT_WINDOW_MS, place, n);
	for (size_t i = 0; i < n; i++) {
		store_build_up_take(e->store, parts[i].signal, lead->id);
	}
}

void emit_build_up(struct emitter *e, const struct signal *signal, struct signal_place *place,
	int64_t published)
{
	const struct conf_build_up *policy = &e->conf->build_up;
	struct build_up_part parts[BUILD_UP_PARTS_MAX];
	struct subject_facts facts;
	double sum;
	if (policy->score == 0 || !build_up_counts(policy, signal->kind)) {
		return;
	}
	store_subject_facts(e->store, &signal->subject, &e->scratch, &facts);
	if (facts.account == 0 || str_eq_c(facts.kind, "competitor")) {
		return;
	}
	store_build_up_note(e->store, place->id, facts.account);
	if (place->historic) {
		return; /* counts later, raises nothing */
	}
	struct lead lead = account_lead(e, signal, place, &facts, published);
	place->lead = emit_lead_joins(e, &lead);
	if (place->lead != 0) {
		store_build_up_take(e->store, place->id, place->lead);
		emit_lead_join(e, &lead, place);
		return;
	}
	size_t n = store_build_up_parts(
		e->store, facts.account, raise_visibility(signal), &e->scratch, parts);
	n = build_up_sum(policy, parts, n, e->now_ms, &sum);
	if (sum >= (double)policy->score) {
		make(e, &lead, place, parts, n, sum);
		place->lead = lead.id;
	}
}
