/* Who may be asked now, and who keeps the gate: decided by facts alone. */
#include "tests/unit/unit.h"

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/references/gate.h"
#include "monitor/references/guard.h"
#include "monitor/references/outcomes.h"
#include "monitor/references/owners.h"

#define NOW INT64_C(1800000000000)
#define DAY (24 * 3600 * INT64_C(1000))

static const struct conf_refs policy = {
	.cap_person = 2, .cap_account = 3, .cap_activity = 1, .cap_window_ms = 90 * DAY};

static struct reference good(void)
{
	return (struct reference){
		.id = 1, .owner = STR("bea"), .gatekeeper = STR("bea"), .origin = STR("rule")};
}

static struct guard_answer decide(
	const struct conf_refs *refs, const struct reference *r, const struct reference_facts *f)
{
	static struct arena arena;
	struct guard_answer g;
	arena_init(&arena, 0);
	assert_int_equal(guard_decide(refs, r, f, NULL, NOW, &arena, &g), HARK_OK);
	for (size_t i = 0; i < g.n; i++) {
		struct buf b;
		buf_init(&b, 1000);
		guard_sentence(&g.v[i], &b);
		assert_true(b.n > 5);
		buf_release(&b);
		g.v[i].value = g.v[i].threshold = STR_NONE; /* they go with the arena */
	}
	arena_release(&arena);
	return g;
}

static void nothing_against_it_means_yes(void **state)
{
	struct reference r = good();
	struct reference_facts f = {.standing = 1};
	(void)state;
	struct guard_answer g = decide(&policy, &r, &f);
	assert_true(g.may_ask);
	assert_int_equal(g.n, 0);
}

static void a_cap_says_when_it_is_free_again(void **state)
{
	int64_t asked[] = {NOW - DAY, NOW - 10 * DAY, NOW - 80 * DAY};
	struct reference r = good();
	struct reference_facts f = {.standing = 1, .person = {asked, 1}};
	(void)state;
	assert_true(decide(&policy, &r, &f).may_ask);
	f.person.n = 3;
	struct guard_answer g = decide(&policy, &r, &f);
	assert_false(g.may_ask);
	assert_int_equal(g.v[0].cause, GUARD_CAP_PERSON);
	assert_int_equal(g.free_ms, NOW + 80 * DAY); /* 10 days ago leaves the window */
	f.account = (struct moments){asked, 3};
	g = decide(&policy, &r, &f);
	assert_int_equal(g.n, 2);
	assert_int_equal(g.free_ms, NOW + 80 * DAY);
	f.activity = (struct moments){asked, 1};
	g = decide(&policy, &r, &f);
	assert_int_equal(g.v[2].cause, GUARD_CAP_ACTIVITY);
	assert_int_equal(g.free_ms, NOW + 89 * DAY);
	struct conf_refs never = policy;
	never.cap_person = 0;
	g = decide(&never, &r, &f);
	assert_int_equal(g.free_ms, 0);
}

static void each_reason_stands_by_itself(void **state)
{
	static const struct {
		enum guard_cause cause;
		bool blocks;
	} wanted[] = {{GUARD_UNOWNED, true}, {GUARD_ORPHANED, true}, {GUARD_WITHDRAWN, true},
		{GUARD_HELD, true}, {GUARD_RESTING, true}, {GUARD_SERVICE, true},
		{GUARD_CASE, true}, {GUARD_CASE, false}, {GUARD_DEAL, false}, {GUARD_DEAL, true},
		{GUARD_REGULATED, true}, {GUARD_SILENT, true}, {GUARD_LEAD, true},
		{GUARD_IN_TOUCH, false}, {GUARD_OPTED_OUT, true}};
	(void)state;
	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++) {
		struct conf_refs refs = policy;
		struct reference r = good();
		struct reference_facts f = {.standing = i == 11 ? 0 : 1};
		r.gatekeeper = i == 0 ? STR_NONE : r.gatekeeper;
		r.orphaned_ms = i == 1;
		r.orphan_why = STR("bea has left");
		r.permission = i == 2 ? PERMISSION_WITHDRAWN : PERMISSION_FOUND;
		r.hold_until = i == 3 ? NOW + DAY : 0;
		r.rest_until = i == 4 ? NOW + DAY : 0;
		f.service_until = i == 5 ? NOW + DAY : 0;
		f.open_case = i == 6 ? STR("Slow export") : STR_NONE;
		f.ok_case = i == 7 ? STR("Slow export") : STR_NONE;
		f.deal = i == 8 || i == 9 ? STR("Renewal") : STR_NONE;
		refs.open_deal = i == 9 ? REFS_DEAL_BLOCK : REFS_DEAL_WARN;
		f.unsigned_regulated = i == 10;
		f.opted_out = i == 14;
		f.worked_on = (struct worked_on){.lead = i == 12 || i == 13 ? 3 : 0,
			.by = STR("ana"),
			.until_ms = i == 12 ? NOW + DAY : 0};
		struct guard_answer g = decide(&refs, &r, &f);
		assert_int_equal(g.n, 1);
		assert_int_equal(g.v[0].cause, wanted[i].cause);
		assert_true(guard_has(&g, wanted[i].cause));
		assert_false(guard_has(&g, GUARD_CAP_PERSON));
		assert_int_equal(g.v[0].blocks, wanted[i].blocks);
		assert_int_equal(g.may_ask, !wanted[i].blocks);
		assert_int_equal(g.free_ms, (i >= 3 && i <= 5) || i == 12 ? NOW + DAY : 0);
	}
}

static void one_reason_without_an_end_leaves_no_date(void **state)
{
	struct reference r = good();
	struct reference_facts f = {.standing = 1, .open_case = STR("Slow export")};
	(void)state;
	r.hold_until = NOW + DAY;
	assert_int_equal(decide(&policy, &r, &f).free_ms, 0);
	f.open_case = STR_NONE;
	assert_int_equal(decide(&policy, &r, &f).free_ms, NOW + DAY);
	r.hold_until = NOW;
	assert_true(decide(&policy, &r, &f).may_ask);
}

static void whoever_was_nominated_need_not_have_spoken(void **state)
{
	struct reference r = good();
	struct reference_facts f = {0};
	(void)state;
	r.origin = STR("human");
	assert_true(decide(&policy, &r, &f).may_ask);
}

static void the_table_of_what_is_regulated_wants_all_of_a_row(void **state)
{
	static const struct conf_ref_regulated rows[] = {
		{.industry = "Insurance", .region = "Ohio", .why = "solicitation"},
		{.product = "Cover Plus", .why = "advice"}};
	struct conf_refs refs = {.regulated = rows, .regulated_n = 2};
	struct account_sales sales = {.industry = STR("insurance"), .region = STR("ohio")};
	(void)state;
	assert_string_equal(guard_regulated(&refs, &sales, STR_NONE)->why, "solicitation");
	sales.region = STR("Maine");
	assert_null(guard_regulated(&refs, &sales, STR("Desk")));
	assert_string_equal(guard_regulated(&refs, &sales, STR("cover plus"))->why, "advice");
}

/* ---- what leaves the house ---- */

static struct statement in_public(void)
{
	return (struct statement){.id = 4,
		.tone = SAID_POSITIVE,
		.text = STR("good"),
		.hash = STR("h"),
		.url = STR("https://board.example/4")};
}

static void a_private_text_passes_no_gate_without_consent_to_it(void **state)
{
	struct statement s = in_public();
	(void)state;
	s.is_private = true;
	for (int p = 0; p < PERMISSIONS; p++) {
		for (int64_t consent = 0; consent < 6; consent++) {
			const struct gate_consent c = {(enum permission)p, consent, 0};
			bool agreed = p == PERMISSION_NAMED && consent == 4;
			assert_int_equal(gate_ask(GATE_LINK, &s, &c, NOW), GATE_PRIVATE);
			assert_int_equal(gate_ask(GATE_QUOTE, &s, &c, NOW),
				agreed ? GATE_OPEN : GATE_PRIVATE);
		}
	}
}

static void a_quote_wants_consent_to_this_very_text(void **state)
{
	struct statement s = in_public();
	struct gate_consent c = {PERMISSION_NAMED, 4, 0};
	(void)state;
	assert_int_equal(gate_ask(GATE_QUOTE, &s, &c, NOW), GATE_OPEN);
	c.expires_ms = NOW;
	assert_int_equal(gate_ask(GATE_QUOTE, &s, &c, NOW), GATE_NO_CONSENT);
	c = (struct gate_consent){PERMISSION_NAMED, 5, 0};
	assert_int_equal(gate_ask(GATE_QUOTE, &s, &c, NOW), GATE_OTHER_TEXT);
	c = (struct gate_consent){PERMISSION_INTERNAL, 4, 0};
	assert_int_equal(gate_ask(GATE_QUOTE, &s, &c, NOW), GATE_NO_CONSENT);
	assert_int_equal(gate_ask(GATE_LINK, &s, &c, NOW), GATE_OPEN);
	c.permission = PERMISSION_WITHDRAWN;
	assert_int_equal(gate_ask(GATE_QUOTE, &s, &c, NOW), GATE_WITHDRAWN);
	assert_int_equal(gate_ask(GATE_LINK, &s, &c, NOW), GATE_WITHDRAWN);
}

static void what_is_gone_edited_not_signed_or_opted_out_of_stays(void **state)
{
	const struct gate_consent c = {PERMISSION_NAMED, 4, 0};
	(void)state;
	for (int use = GATE_QUOTE; use <= GATE_LINK; use++) {
		struct statement s = in_public();
		s.deleted_ms = 1;
		assert_int_equal(gate_ask((enum gate_use)use, &s, &c, NOW), GATE_GONE);
		s = in_public();
		s.now_hash = STR("other");
		assert_int_equal(gate_ask((enum gate_use)use, &s, &c, NOW), GATE_EDITED);
		s = in_public();
		s.regulated = true;
		assert_int_equal(gate_ask((enum gate_use)use, &s, &c, NOW), GATE_REGULATED);
		s.signed_by = STR("vera");
		assert_int_equal(gate_ask((enum gate_use)use, &s, &c, NOW), GATE_OPEN);
	}
	for (int use = GATE_QUOTE; use <= GATE_LINK; use++) {
		struct statement s = in_public();
		s.opted_out = true;
		assert_int_equal(gate_ask((enum gate_use)use, &s, &c, NOW), GATE_OPTED_OUT);
		s.is_private = true;
		assert_int_equal(gate_ask((enum gate_use)use, &s, &c, NOW), GATE_OPTED_OUT);
	}
	for (int v = 0; v < GATE_VERDICTS; v++) {
		assert_true(strlen(gate_verdict_name((enum gate_verdict)v)) > 3);
		assert_true(strlen(gate_verdict_about((enum gate_verdict)v)) > 10);
	}
}

/* ---- outcomes ---- */

static void two_tepid_outcomes_in_a_row_tire(void **state)
{
	const struct activity good = {.done_ms = 1, .prospect_tone = STR("good")};
	const struct activity tepid = {.done_ms = 1, .customer_tone = STR("tepid")};
	const struct activity bad = {
		.done_ms = 1, .prospect_tone = STR("great"), .customer_tone = STR("bad")};
	const struct activity untold = {.prospect_tone = STR("tepid")};
	(void)state;
	assert_true(outcomes_tire((struct activity[]){tepid, bad}, 2));
	assert_true(outcomes_tire((struct activity[]){untold, tepid, bad, good}, 4));
	assert_false(outcomes_tire((struct activity[]){tepid, good, bad}, 3));
	assert_false(outcomes_tire((struct activity[]){tepid}, 1));
	assert_false(outcomes_tire((struct activity[]){tepid, untold}, 2));
	assert_false(outcomes_tire(NULL, 0));
}

/* ---- owners ---- */

static bool is_gone(void *ctx, struct str name, struct str *when)
{
	*when = STR("2026-11-01");
	return ctx != NULL && str_eq_nocase(name, str_c(ctx));
}

static void own(const struct conf_refs *refs, struct account_sales sales, const char *gone,
	const char *gatekeeper, const char *step)
{
	struct arena arena;
	struct owners_answer a;
	bool told = false;
	arena_init(&arena, 0);
	assert_int_equal(
		owners_decide(refs, &sales, is_gone, (void *)(uintptr_t)gone, &arena, &a), HARK_OK);
	if (gatekeeper == NULL) {
		assert_null(a.gatekeeper.p);
	} else {
		assert_str_is(a.gatekeeper, gatekeeper);
	}
	for (size_t i = 0; i < a.steps_n; i++) {
		told |= str_find(a.steps[i].what, str_c(step)) != SIZE_MAX;
	}
	assert_true(told);
	arena_release(&arena);
}

static void the_sales_model_says_who_keeps_the_gate(void **state)
{
	const struct conf_refs refs = {.marketing = "mark"};
	const struct account_sales sales = {.owner = STR("bea"), .motion = STR("B2LB")};
	struct account_sales partner = {
		.owner = STR("bea"), .channel = STR("Partner"), .partner = STR("dee")};
	(void)state;
	own(&refs, sales, NULL, "bea", "it fits: owner bea (account-owner)");
	own(&refs, partner, NULL, "dee", "owner dee (partner)");
	partner.partner = STR_NONE;
	own(&refs, partner, NULL, "bea", "nobody is known as partner");
	own(&refs, (struct account_sales){.motion = STR("b2c")}, NULL, "mark", "(marketing)");
	own(&refs, (struct account_sales){.motion = STR("B2LB")}, NULL, NULL,
		"nobody keeps the gate");
	own(&refs, sales, "Bea", NULL, "bea has left on 2026-11-01");
}

static void a_policy_of_ones_own_is_read_from_the_top(void **state)
{
	static const char *const north[] = {"north"};
	const struct conf_ref_owner rows[] = {
		{.regions = north, .regions_n = 1, .owner = "account-owner", .gatekeeper = "nora"},
		{.owner = "cy", .second = "deal-owner"}};
	const struct conf_refs refs = {.owners = rows, .owners_n = 2};
	const struct account_sales sales = {
		.owner = STR("bea"), .region = STR("North"), .deal_owner = STR("dee")};
	(void)state;
	own(&refs, sales, NULL, "nora", "owner bea (account-owner), gatekeeper nora");
	own(&refs, sales, "nora", "cy", "second dee");
	own(&refs, (struct account_sales){0}, NULL, "cy", "does not fit: region is not known");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_against_it_means_yes),
		cmocka_unit_test(a_cap_says_when_it_is_free_again),
		cmocka_unit_test(each_reason_stands_by_itself),
		cmocka_unit_test(one_reason_without_an_end_leaves_no_date),
		cmocka_unit_test(whoever_was_nominated_need_not_have_spoken),
		cmocka_unit_test(the_table_of_what_is_regulated_wants_all_of_a_row),
		cmocka_unit_test(a_private_text_passes_no_gate_without_consent_to_it),
		cmocka_unit_test(a_quote_wants_consent_to_this_very_text),
		cmocka_unit_test(what_is_gone_edited_not_signed_or_opted_out_of_stays),
		cmocka_unit_test(two_tepid_outcomes_in_a_row_tire),
		cmocka_unit_test(the_sales_model_says_who_keeps_the_gate),
		cmocka_unit_test(a_policy_of_ones_own_is_read_from_the_top),
	};
	return cmocka_run_group_tests_name("reference guard", tests, NULL, NULL);
}
