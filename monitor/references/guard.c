#include "monitor/references/guard.h"

#include "monitor/base/clock.h"
#include "monitor/base/recur.h"
#include "monitor/model/id.h"
#include "monitor/store/references.h"

#define CODE_MAX 40

const char *const guard_activities[] = {
	"call", "quote", "case-study", "speaker", "community", "survey", NULL};

static const struct {
	const char *name, *before, *between, *after; /* around value and threshold */
} causes[GUARD_CAUSES] = {
	[GUARD_OPTED_OUT] = {"opted-out", "they have asked to be left alone", "", ""},
	[GUARD_UNOWNED] = {"unowned", "nobody keeps the gate: hark references owner says why", "",
		""},
	[GUARD_ORPHANED] = {"orphaned", "", "", ", and nobody else keeps the gate"},
	[GUARD_WITHDRAWN] = {"withdrawn", "they have taken it back", "", ""},
	[GUARD_HELD] = {"held", "on hold (", ") by ", ""},
	[GUARD_RESTING] = {"resting", "they rest: tepid twice", "", ""},
	[GUARD_SERVICE] = {"service", "somebody of ", "", " is unhappy and with service"},
	[GUARD_CASE] = {"open-case", "a case is open: ", ", ", ""},
	[GUARD_DEAL] = {"open-deal", "an opportunity is open: ", ", closes ", ""},
	[GUARD_CAP_PERSON] = {"cap-person", "they were asked ", " times, the cap is ", ""},
	[GUARD_CAP_ACCOUNT] = {"cap-account", "people of the account were asked ",
		" times, the cap is ", ""},
	[GUARD_CAP_ACTIVITY] = {"cap-activity", "they were asked for this ", " times, the cap is ",
		""},
	[GUARD_REGULATED] = {"regulated", "compliance has not signed: ", "", ""},
	[GUARD_LEAD] = {"lead-claimed", "", " has claimed ", " about them"},
	[GUARD_IN_TOUCH] = {"in-touch", "", " is in touch with them: ", ""},
	[GUARD_SILENT] = {"silent", "nothing they said stands, and nobody nominated them", "", ""},
};

const char *guard_cause_name(enum guard_cause cause)
{
	return causes[cause].name;
}

bool guard_has(const struct guard_answer *answer, enum guard_cause cause)
{
	size_t i = 0;
	while (i < answer->n && answer->v[i].cause != cause) {
		i++;
	}
	return i < answer->n;
}

void guard_about(const struct guard_verdict *v, struct buf *out)
{
	buf_add_c(out, causes[v->cause].before);
	buf_add_str(out, v->value.p != NULL ? v->value : STR(""));
	if (!str_empty(v->threshold)) {
		buf_add_c(out, causes[v->cause].between);
		buf_add_str(out, v->threshold);
	}
	buf_add_c(out, causes[v->cause].after);
}

void guard_sentence(const struct guard_verdict *v, struct buf *out)
{
	char when[CLOCK_TEXT_MAX];
	guard_about(v, out);
	if (v->free_ms != 0) {
		buf_printf(out, ", until %s", clock_local(v->free_ms, when));
	}
}

/* One word, as "not-now". */
static bool is_code(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];
		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
			    c == '-' || c == '_')) {
			return false;
		}
	}
	return s.n > 0 && s.n <= CODE_MAX;
}

void guard_outside(const struct guard_verdict *v, struct buf *out)
{
	char when[RECUR_TEXT_MAX];
	if (v->cause != GUARD_HELD) {
		guard_about(v, out);
		return;
	}
	buf_add_c(out, "on hold");
	if (is_code(v->value)) {
		buf_printf(out, " (%.*s)", STR_FMT(v->value));
	}
	recur_text(NULL, v->free_ms, when);
	buf_printf(out, " until %s UTC", when); /* it goes to several places */
}

struct deciding {
	struct guard_answer *out;
	struct arena *arena;
	int rc;
};

static struct str number(struct deciding *d, int64_t n)
{
	struct str kept = arena_printf(d->arena, "%lld", (long long)n);
	d->rc = kept.p != NULL ? d->rc : HARK_ENOMEM;
	return kept;
}

static void say(struct deciding *d, enum guard_cause cause, bool blocks, struct str value,
	struct str threshold, int64_t free_ms)
{
	d->out->v[d->out->n++] = (struct guard_verdict){cause, blocks, value, threshold, free_ms};
}

/* When fewer than `cap` lie in the window again: the cap-th newest has to leave it. A cap of 0 is never free. */
static void check_cap(struct deciding *d, enum guard_cause cause, const struct moments *m,
	int64_t cap, int64_t window_ms)
{
	if ((int64_t)m->n >= cap) {
		int64_t free_ms = cap > 0 ? m->v[cap - 1] + window_ms : 0;
		say(d, cause, true, number(d, (int64_t)m->n), number(d, cap), free_ms);
	}
}

static void check_gate(struct deciding *d, const struct reference *r, int64_t now_ms)
{
	if (r->orphaned_ms != 0) {
		say(d, GUARD_ORPHANED, true, r->orphan_why, STR_NONE, 0);
	} else if (str_empty(r->gatekeeper)) {
		say(d, GUARD_UNOWNED, true, STR_NONE, STR_NONE, 0);
	}
	if (r->permission == PERMISSION_WITHDRAWN) {
		say(d, GUARD_WITHDRAWN, true, STR_NONE, STR_NONE, 0);
	}
	if (r->hold_until > now_ms) {
		say(d, GUARD_HELD, true, r->hold_reason, r->held_by, r->hold_until);
	}
	if (r->rest_until > now_ms) {
		say(d, GUARD_RESTING, true, STR_NONE, STR_NONE, r->rest_until);
	}
}

static void check_account(
	struct deciding *d, const struct conf_refs *refs, const struct reference_facts *f)
{
	if (f->service_until != 0) {
		say(d, GUARD_SERVICE, true, f->sales.name, STR_NONE, f->service_until);
	}
	if (!str_empty(f->open_case)) {
		say(d, GUARD_CASE, true, f->open_case, STR_NONE, 0);
	} else if (!str_empty(f->ok_case)) {
		say(d, GUARD_CASE, false, f->ok_case, STR("ok with progress"), 0);
	}
	if (!str_empty(f->deal)) {
		say(d, GUARD_DEAL, refs->open_deal == REFS_DEAL_BLOCK, f->deal, f->deal_closes, 0);
	}
}

/* Two of us do not speak with one person at the same time. */
static void check_lead(struct deciding *d, const struct worked_on *w)
{
	char id[ID_TEXT_MAX];
	if (w->lead == 0) {
		return;
	}
	struct str lead = arena_str(d->arena, str_c(id_text(ID_LEAD, w->lead, id)));
	d->rc = lead.p != NULL ? d->rc : HARK_ENOMEM;
	say(d, w->until_ms != 0 ? GUARD_LEAD : GUARD_IN_TOUCH, w->until_ms != 0, w->by, lead,
		w->until_ms);
}

/* All that blocks has to be over; what is not over by itself leaves no date. */
static void conclude(struct guard_answer *out)
{
	bool known = true;
	out->may_ask = true;
	for (size_t i = 0; i < out->n; i++) {
		const struct guard_verdict *v = &out->v[i];
		if (v->blocks) {
			out->may_ask = false;
			known = known && v->free_ms != 0;
			out->free_ms = v->free_ms > out->free_ms ? v->free_ms : out->free_ms;
		}
	}
	out->free_ms = known ? out->free_ms : 0;
}

int guard_decide(const struct conf_refs *refs, const struct reference *r,
	const struct reference_facts *facts, const struct conf_ref_regulated *regulated,
	int64_t now_ms, struct arena *arena, struct guard_answer *out)
{
	struct deciding d = {out, arena, HARK_OK};
	*out = (struct guard_answer){0};
	if (facts->opted_out) {
		say(&d, GUARD_OPTED_OUT, true, STR_NONE, STR_NONE, 0);
	}
	check_gate(&d, r, now_ms);
	check_account(&d, refs, facts);
	check_cap(&d, GUARD_CAP_PERSON, &facts->person, refs->cap_person, refs->cap_window_ms);
	check_cap(&d, GUARD_CAP_ACCOUNT, &facts->account, refs->cap_account, refs->cap_window_ms);
	if (facts->activity.n > 0 || refs->cap_activity == 0) {
		check_cap(&d, GUARD_CAP_ACTIVITY, &facts->activity, refs->cap_activity,
			refs->cap_window_ms);
	}
	check_lead(&d, &facts->worked_on);
	if (facts->unsigned_regulated > 0) {
		say(&d, GUARD_REGULATED, true,
			regulated != NULL ? str_c(regulated->why) : STR("a rule says so"), STR_NONE,
			0);
	}
	if (facts->standing == 0 && !str_eq_c(r->origin, "human")) {
		say(&d, GUARD_SILENT, true, STR_NONE, STR_NONE, 0);
	}
	conclude(out);
	return d.rc;
}

static bool is(const char *wanted, struct str value)
{
	return wanted == NULL || str_eq_nocase(str_c(wanted), value);
}

bool guard_regulates(const struct conf_ref_regulated *entry, const struct account_sales *sales,
	struct str product)
{
	return is(entry->industry, sales->industry) &&
	       (is(entry->product, product) || is(entry->product, sales->product));
}

const struct conf_ref_regulated *guard_regulated(
	const struct conf_refs *refs, const struct account_sales *sales, struct str product)
{
	for (size_t i = 0; i < refs->regulated_n; i++) {
		const struct conf_ref_regulated *g = &refs->regulated[i];
		if (is(g->region, sales->region) && guard_regulates(g, sales, product)) {
			return g;
		}
	}
	return NULL;
}

int guard_ask(struct store *s, const struct conf *conf, const struct reference *r,
	struct str activity, int64_t now_ms, struct arena *arena, struct guard_answer *out,
	struct hark_err *err)
{
	struct reference_facts facts;
	int rc = store_reference_facts(s, r, activity, now_ms - conf->references.cap_window_ms,
		now_ms, arena, &facts, err);
	if (rc == HARK_OK) {
		rc = guard_decide(&conf->references, r, &facts,
			guard_regulated(&conf->references, &facts.sales, facts.sales.product),
			now_ms, arena, out);
		rc = rc != HARK_OK ? hark_err_set(err, rc, "no memory for the guard") : rc;
	}
	return rc;
}
