#include "monitor/references/lead_guard.h"

#include "monitor/references/guard.h"
#include "monitor/references/statement.h"
#include "monitor/store/encounters.h"
#include "monitor/store/references.h"
#include "monitor/store/referrals.h"
#include "monitor/store/ties.h"

#define WHY_MAX 2000

static bool is_of_leads(const struct guard_verdict *v)
{
	return v->cause == GUARD_LEAD || v->cause == GUARD_IN_TOUCH;
}

typedef void (*verdict_fn)(const struct guard_verdict *v, struct buf *out);

static void take(struct lead_guard *out, const struct reference *r, const struct guard_answer *g,
	verdict_fn says, struct arena *arena)
{
	struct buf why;
	bool by_itself = true;
	buf_init(&why, WHY_MAX);
	for (size_t i = 0; i < g->n; i++) {
		const struct guard_verdict *v = &g->v[i];
		if (!v->blocks || is_of_leads(v)) {
			continue;
		}
		buf_add_c(&why, why.n > 0 ? "; " : "");
		says(v, &why);
		by_itself = by_itself && v->free_ms != 0;
		out->free_ms = v->free_ms > out->free_ms ? v->free_ms : out->free_ms;
	}
	out->reference = r->id;
	out->permission = str_c(permission_name(r->permission));
	out->may_ask = why.n == 0;
	out->why = out->may_ask ? STR_NONE : arena_str(arena, buf_str(&why));
	out->through = out->may_ask ? r->gatekeeper : STR_NONE;
	out->free_ms = by_itself ? out->free_ms : 0;
	buf_release(&why);
}

static int ask(struct store *s, const struct conf *conf, struct lead *lead, verdict_fn says,
	int64_t now_ms, struct arena *arena, struct hark_err *err)
{
	struct reference r;
	struct guard_answer g;
	enum signal_kind kind;
	lead->around.guard = (struct lead_guard){0};
	if (!signal_kind_parse(lead->kind, &kind) || !statement_is_made_by(kind) ||
		lead->known.person == 0 || lead->known.account == 0) {
		return HARK_OK;
	}
	int64_t id = store_reference_of(s, lead->known.person, lead->known.account);
	if (id == 0) {
		return HARK_OK;
	}
	int rc = store_reference_load(s, id, arena, &r, err);
	rc = rc == HARK_OK ? guard_ask(s, conf, &r, STR_NONE, now_ms, arena, &g, err) : rc;
	if (rc == HARK_OK) {
		take(&lead->around.guard, &r, &g, says, arena);
	}
	return rc;
}

int lead_guard(struct store *s, const struct conf *conf, struct lead *lead, int64_t now_ms,
	struct arena *arena, struct hark_err *err)
{
	return ask(s, conf, lead, guard_about, now_ms, arena, err);
}

int lead_guard_outside(struct store *s, const struct conf *conf, struct lead *lead, int64_t now_ms,
	struct arena *arena, struct hark_err *err)
{
	return ask(s, conf, lead, guard_outside, now_ms, arena, err);
}

void lead_alert_facts(struct store *s, const struct conf *conf, struct lead *lead, int64_t now_ms,
	struct arena *arena)
{
	store_lead_known(s, lead, arena);
	store_lead_ties(s, lead, now_ms, arena);
	store_lead_referrals(s, lead, arena);
	lead_guard_outside(s, conf, lead, now_ms, arena, NULL);
}
