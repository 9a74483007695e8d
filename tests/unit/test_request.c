/* Requests for references: whether they may be made, how they end, and who fits. */
#include "tests/unit/unit.h"

#include "monitor/base/arena.h"
#include "monitor/references/peers.h"
#include "monitor/references/request.h"

#define HOUR INT64_C(3600000)

static const struct deal sound = {.state = {"open", 4},
	.stage = {"Negotiation", 11},
	.currency = {"EUR", 3},
	.value_cents = 1000000};

static const char *refused_by(const struct conf_refs *refs, const struct request_case *c)
{
	struct buf why;
	const char *rule = NULL;
	buf_init(&why, 2000);
	bool refused = request_is_refused(refs, c, &rule, &why);
	assert_true(refused == (why.n > 0));
	buf_release(&why);
	return refused ? rule : NULL;
}

static void without_a_policy_one_request_at_a_time_is_open(void **state)
{
	const struct conf_refs none = {0};
	(void)state;
	assert_null(refused_by(&none, &(struct request_case){.deal = &sound}));
	assert_string_equal(refused_by(&none, &(struct request_case){.deal = &sound, .open = 1}),
		"one-at-a-time");
}

static void what_is_not_known_of_the_deal_is_refused_in_any_case(void **state)
{
	const struct conf_refs none = {0};
	struct deal d = sound;
	const struct request_case c = {.deal = &d};
	(void)state;
	d.value_cents = -1;
	assert_string_equal(refused_by(&none, &c), "complete");
	d = sound;
	d.stage = STR_NONE;
	assert_string_equal(refused_by(&none, &c), "complete");
	d = sound;
	d.state = STR("won");
	assert_string_equal(refused_by(&none, &c), "complete");
}

static void an_entry_refuses_where_all_of_it_holds(void **state)
{
	static const char *const stages[] = {"negotiation"};
	const struct conf_ref_request v[] = {{.name = "small",
						     .stages = stages,
						     .stages_n = 1,
						     .below = 20000,
						     .currency = "EUR"},
		{.name = "debt", .owes = 2}};
	const struct conf_refs refs = {.requests = v, .requests_n = 2};
	struct deal d = sound;
	struct request_case c = {.deal = &d};
	(void)state;
	assert_string_equal(refused_by(&refs, &c), "small");
	d.currency = STR("JPY");
	assert_null(refused_by(&refs, &c));
	c.lending = (struct lending){.borrowed = 3, .lent = 2};
	assert_null(refused_by(&refs, &c));
	c.lending.borrowed = 4;
	assert_string_equal(refused_by(&refs, &c), "debt");
}

/* Every action from every state: what the table of the header says, and nothing else. */
static void only_legal_steps_are_taken(void **state)
{
	static const unsigned legal[REQUEST_ACTIONS] = {
		[REQUEST_NAME] = 1u << REQUEST_OPEN | 1u << REQUEST_NAMED,
		[REQUEST_FULFIL] = 1u << REQUEST_NAMED,
		[REQUEST_REFUSE] = 1u << REQUEST_OPEN | 1u << REQUEST_NAMED,
		[REQUEST_WITHDRAW] = 1u << REQUEST_OPEN | 1u << REQUEST_NAMED,
		[REQUEST_ESCALATE] = 1u << REQUEST_OPEN,
		[REQUEST_EXPIRE] = 1u << REQUEST_OPEN | 1u << REQUEST_NAMED,
	};
	(void)state;
	for (int a = 0; a < REQUEST_ACTIONS; a++) {
		for (int from = 0; from < REQUEST_STATES; from++) {
			struct request r = {.state = (enum request_state)from, .due_ms = 9};
			const struct request_step step = {.action = (enum request_action)a,
				.actor = STR("ana"),
				.now_ms = 5,
				.reason = STR("so")};
			bool may = (legal[a] & 1u << from) != 0;
			assert_int_equal(
				request_apply(&r, &step, NULL), may ? HARK_OK : HARK_ESTATE);
			assert_true(may || (int)r.state == from);
		}
	}
}

static void a_request_is_told_of_once_and_always_ends(void **state)
{
	struct request r = {.created_ms = 0, .due_ms = 100 * HOUR, .next_ms = 48 * HOUR};
	enum request_action action;
	(void)state;
	assert_false(request_is_due(&r, 47 * HOUR, &action));
	assert_true(request_is_due(&r, 48 * HOUR, &action));
	assert_int_equal(action, REQUEST_ESCALATE);
	const struct request_step told = {.action = action, .now_ms = 48 * HOUR};
	assert_int_equal(request_apply(&r, &told, NULL), HARK_OK);
	assert_false(request_is_due(&r, 99 * HOUR, &action));
	const struct request_step name = {
		.action = REQUEST_NAME, .actor = STR("bea"), .now_ms = 60 * HOUR};
	assert_int_equal(request_apply(&r, &name, NULL), HARK_OK);
	assert_int_equal(r.first_ms, 60 * HOUR);
	assert_true(request_is_due(&r, 100 * HOUR, &action));
	assert_int_equal(action, REQUEST_EXPIRE);
	const struct request_step over = {.action = action, .now_ms = 100 * HOUR};
	assert_int_equal(request_apply(&r, &over, NULL), HARK_OK);
	assert_int_equal(r.state, REQUEST_EXPIRED);
	assert_false(request_is_due(&r, 900 * HOUR, &action));
}

static void what_a_step_changed_can_be_brought_back(void **state)
{
	struct arena arena;
	struct buf before;
	struct request r = {.due_ms = 9, .next_ms = 5, .level = 1}, was = r;
	const struct request_step refuse = {
		.action = REQUEST_REFUSE, .actor = STR("bea"), .now_ms = 5, .reason = STR("no")};
	(void)state;
	arena_init(&arena, 0);
	buf_init(&before, 1000);
	request_before_write(&r, &before);
	assert_int_equal(request_apply(&r, &refuse, NULL), HARK_OK);
	assert_int_equal(request_before_read(&r, buf_str(&before), &arena, NULL), HARK_OK);
	assert_int_equal(r.state, was.state);
	assert_int_equal(r.next_ms, was.next_ms);
	assert_int_equal(r.level, was.level);
	assert_int_equal(r.ended_ms, 0);
	assert_true(str_empty(r.why) && str_empty(r.ended_by));
	assert_int_equal(request_before_read(&r, STR("{"), &arena, NULL), HARK_EPARSE);
	buf_release(&before);
	arena_release(&arena);
}

static void roles_are_alike_by_their_work_not_by_their_rank(void **state)
{
	(void)state;
	assert_true(peer_same_role(STR("Head of Operations"), STR("VP, operations")));
	assert_true(peer_same_role(STR("CTO"), STR("Chief Architect & CTO")));
	assert_false(peer_same_role(STR("Head of Sales"), STR("Head of Operations")));
	assert_false(peer_same_role(STR_NONE, STR("CTO")));
	assert_false(peer_same_role(STR("CTO"), STR_NONE));
}

static void points_have_reasons_and_use_takes_some_away(void **state)
{
	const struct deal d = {.industry = STR("Freight"), .region = STR("EMEA")};
	const struct request r = {.role = STR("CTO")};
	struct peer fresh = {0}, used = {0};
	struct peer_facts f = {.sales = {.industry = STR("freight"), .region = STR("APAC")},
		.title = STR("CTO"),
		.rival = STR("Rivalsoft"),
		.score = 85};
	(void)state;
	peer_score(&fresh, &d, &r, &f);
	assert_int_equal(fresh.points, 25 + 10 + 20 + 8);
	assert_int_equal(fresh.reasons_n, 4);
	f.uses = 2;
	peer_score(&used, &d, &r, &f);
	assert_int_equal(used.points, fresh.points - 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_a_policy_one_request_at_a_time_is_open),
		cmocka_unit_test(what_is_not_known_of_the_deal_is_refused_in_any_case),
		cmocka_unit_test(an_entry_refuses_where_all_of_it_holds),
		cmocka_unit_test(only_legal_steps_are_taken),
		cmocka_unit_test(a_request_is_told_of_once_and_always_ends),
		cmocka_unit_test(what_a_step_changed_can_be_brought_back),
		cmocka_unit_test(roles_are_alike_by_their_work_not_by_their_rank),
		cmocka_unit_test(points_have_reasons_and_use_takes_some_away),
	};
	return cmocka_run_group_tests_name("request", tests, NULL, NULL);
}
