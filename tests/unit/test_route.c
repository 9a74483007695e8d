#include "tests/unit/unit.h"

#include "monitor/leads/route.h"

#define NOW INT64_C(1800000000000) /* 2027-01-15 08:00 UTC */
#define HOUR (3600 * INT64_C(1000))

/* Receivers: ana, bo (gets the leads of cy), desk. */
static const char *const bos[] = {"cy", "Dee Partner"};
static struct conf_receiver receivers[3];
static struct conf_route routes[5];
static struct conf_territory territories[3];
static struct conf_inhibit inhibits[2];
static struct conf conf;
static struct subject_facts facts;
static struct lead lead;
static struct route_rule rules[1];
static struct silence silences[2];
static struct route_question question;
static struct route_receiver heard[3];
static struct route_answer answer;
static struct arena arena;

static const size_t to_ana[] = {0}, to_desk[] = {2}, to_both[] = {0, 2};

static int set_up(void **state)
{
	(void)state;
	memset(receivers, 0, sizeof(receivers));
	memset(routes, 0, sizeof(routes));
	memset(heard, 0, sizeof(heard));
	memset(inhibits, 0, sizeof(inhibits));
	receivers[0].name = "ana";
	receivers[1] = (struct conf_receiver){.name = "bo", .owners = bos, .owners_n = 2};
	receivers[2].name = "desk";
	routes[0] = (struct conf_route){.receivers = to_desk, .receivers_n = 1, .goes_on = true};
	territories[0] = (struct conf_territory){
		.region = "south", .industry = "retail", .owner = "ana", .line = 2};
	territories[1] = (struct conf_territory){.territory = "North", .owner = "cy", .line = 3};
	territories[2] = (struct conf_territory){.owner = "desk", .line = 4};
	conf = (struct conf){
		.receivers = receivers, .receivers_n = 3, .routes = routes, .routes_n = 1};
	facts = (struct subject_facts){0};
	lead = (struct lead){.kind = STR("praise"),
		.subject = {STR("account"), STR("a1"), STR("Globex")},
		.score = 50};
	rules[0] = (struct route_rule){STR("likes"), STR_NONE};
	question = (struct route_question){.conf = &conf,
		.lead = &lead,
		.facts = &facts,
		.rules = rules,
		.rules_n = 1,
		.now_ms = NOW};
	answer.receivers = heard;
	arena_init(&arena, 0);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_release(&arena);
	return 0;
}

/* Those without an end have nothing below them. */
static void decide(void)
{
	for (size_t i = 0; i < conf.routes_n; i++) {
		routes[i].end = routes[i].end == 0 ? i + 1 : routes[i].end;
	}
	assert_int_equal(route_decide(&question, &arena, &answer), HARK_OK);
}

/* "ana desk": who is told; "(ana)": later with others. */
static void told(const char *want)
{
	char got[100] = "";
	for (size_t i = 0; i < 3; i++) {
		if (heard[i].fate != FATE_NONE) {
			snprintf(got + strlen(got), sizeof(got) - strlen(got),
				heard[i].fate == FATE_SEND ? "%s%s" : "%s(%s)", got[0] ? " " : "",
				receivers[i].name);
		}
	}
	assert_string_equal(got, want);
}

static const struct route_note *noted(enum route_stage stage, const char *cause)
{
	for (size_t i = 0; i < answer.notes_n; i++) {
		if (answer.notes[i].stage == stage) {
			assert_string_equal(answer.notes[i].cause, cause);
			return &answer.notes[i];
		}
	}
	fail_msg("nothing is noted of %s", cause);
	return NULL;
}

static void owned(const char *owner, const char *cause)
{
	struct owner_choice o;
	owner_choose(&conf, &facts, lead.owner, &o);
	assert_string_equal(o.cause, cause);
	if (owner == NULL) {
		assert_true(str_empty(o.owner));
	} else {
		assert_str_is(o.owner, owner);
	}
}

static void the_owner_is_whom_the_customer_chose_before_all_others(void **state)
{
	(void)state;
	conf.territories = territories;
	conf.territories_n = 2;
	owned(NULL, "nobody");
	facts.account = 1;
	facts.name = STR("Globex");
	owned(NULL, "nobody");
	facts.territory = STR("north");
	owned("cy", "territory");
	facts.region = STR("South");
	facts.industry = STR("Retail");
	owned("ana", "territory"); /* the first row that fits */
	facts.kind = STR("prospect");
	facts.owner = STR("Ed");
	owned("Ed", "account-owner");
	lead.owner = STR("Flo");
	owned("Flo", "rule");
	facts.kind = STR("customer");
	owned("Ed", "account-manager");
	facts.channel = STR("direct");
	owned("Ed", "account-manager");
	facts.channel = STR("agent");
	owned(NULL, "partner-missing"); /* never both, never a guess */
	facts.partner = STR("Dee Partner");
	owned("Dee Partner", "partner");
	facts.preferred = STR("Gus");
	owned("Gus", "customer-chosen");
}

static void a_row_without_conditions_takes_the_rest_of_those_who_are_known(void **state)
{
	(void)state;
	conf.territories = territories;
	conf.territories_n = 3;
	owned(NULL, "nobody"); /* an author who is nobody known has no territory */
	facts.account = 1;
	owned("desk", "territory");
}

static void routes_go_on_until_one_says_no(void **state)
{
	(void)state;
	static const char *const praise[] = {"praise"}, *const customers[] = {"customer"};
	conf.routes_n = 3;
	routes[0] = (struct conf_route){.kinds = praise,
		.kinds_n = 1,
		.types = customers,
		.types_n = 1,
		.receivers = to_ana,
		.receivers_n = 1};
	routes[1] = (struct conf_route){.kinds = praise,
		.kinds_n = 1,
		.receivers = to_both,
		.receivers_n = 2,
		.goes_on = true};
	routes[2] = (struct conf_route){.to_owner = true, .goes_on = true};
	decide();
	told("ana desk");
	lead.owner = STR("CY");
	decide();
	told("ana bo desk");
	facts.account = 1;
	facts.kind = STR("Customer");
	decide();
	told("ana"); /* the first takes it and does not go on */
}

static void a_route_to_an_owner_without_receiver_is_not_taken(void **state)
{
	(void)state;
	conf.routes_n = 2;
	routes[0] = (struct conf_route){.to_owner = true};
	routes[1] = (struct conf_route){.receivers = to_desk, .receivers_n = 1};
	lead.owner = STR("Nemo");
	decide();
	told("desk");
	conf.routes_n = 1;
	decide();
	told("");
	assert_str_is(noted(STAGE_ROUTE, "owner-without-receiver")->value, "Nemo");
	lead.owner = STR_NONE;
	decide();
	assert_str_is(noted(STAGE_ROUTE, "owner-without-receiver")->value, "nobody");
}

static void a_lead_that_no_route_takes_says_what_it_lacks(void **state)
{
	(void)state;
	static const char *const pain[] = {"pain"};
	conf.routes_n = 3;
	routes[0] = (struct conf_route){.score_min = 80, .receivers = to_ana, .receivers_n = 1};
	routes[1] = (struct conf_route){.score_min = 60, .receivers = to_ana, .receivers_n = 1};
	routes[2] = (struct conf_route){.kinds = pain,
		.kinds_n = 1,
		.score_min = 55,
		.receivers = to_ana,
		.receivers_n = 1};
	decide();
	told("");
	const struct route_note *n = noted(STAGE_ROUTE, "score-below-route");
	assert_str_is(n->value, "50");
	assert_str_is(n->threshold, "60");
	routes[0] = routes[1] = routes[2];
	decide();
	noted(STAGE_ROUTE, "no-route");
}

/* praise: to desk, below it customers to ana, targets to the owner, and a last one for strong leads that goes on. */
static void make_tree(void)
{
	static const char *const praise[] = {"praise"}, *const customers[] = {"customer"},
				 *const targets[] = {"target"};
	conf.routes_n = 5;
	routes[0] = (struct conf_route){.kinds = praise,
		.kinds_n = 1,
		.receivers = to_desk,
		.receivers_n = 1,
		.goes_on = true,
		.end = 4};
	routes[1] = (struct conf_route){.types = customers,
		.types_n = 1,
		.receivers = to_ana,
		.receivers_n = 1,
		.depth = 1,
		.end = 2};
	routes[2] = (struct conf_route){
		.types = targets, .types_n = 1, .to_owner = true, .depth = 1, .end = 3};
	routes[3] = (struct conf_route){
		.score_min = 90, .receivers = to_ana, .receivers_n = 1, .depth = 1, .end = 4};
	routes[4] = (struct conf_route){
		.score_min = 70, .receivers = to_both, .receivers_n = 2, .goes_on = true, .end = 5};
}

static void what_is_below_a_route_goes_before_it(void **state)
{
	(void)state;
	make_tree();
	decide();
	told("desk"); /* nothing below fits */
	assert_int_equal(answer.taken_n, 1);
	assert_int_equal(answer.taken[0], 0);
	facts.account = 1;
	facts.kind = STR("customer");
	decide();
	told("ana");
	assert_int_equal(answer.taken_n, 2);
	assert_int_equal(answer.taken[0], 0); /* the one above it, then it */
	assert_int_equal(answer.taken[1], 1);
	facts.kind = STR("target");
	lead.owner = STR("cy");
	decide();
	told("bo");
	lead.owner = STR_NONE; /* the route to nobody is not taken: what is above it is */
	decide();
	told("desk");
	lead.score = 90;
	decide();
	told("ana desk"); /* the last below, and the one after it at the top */
	lead.kind = STR("pain");
	decide();
	told("ana desk");
	assert_int_equal(answer.taken_n, 1);
}

static void a_route_below_goes_on_only_if_it_says_so(void **state)
{
	(void)state;
	make_tree();
	facts.account = 1;
	facts.kind = STR("target");
	lead.owner = STR("cy");
	lead.score = 95;
	conf.routes_n = 4;
	decide();
	told("bo");
	routes[2].goes_on = true;
	decide();
	told("ana bo");
}

static void a_route_that_only_leads_to_others_is_none_itself(void **state)
{
	(void)state;
	make_tree();
	routes[0].receivers_n = 0;
	decide();
	told("");
	const struct route_note *n = noted(STAGE_ROUTE, "score-below-route");
	assert_str_is(n->threshold, "70");
	routes[4].score_min = 95;
	decide();
	assert_str_is(noted(STAGE_ROUTE, "score-below-route")->threshold, "90");
	lead.kind = STR("pain"); /* the one above it shuts it out */
	decide();
	assert_str_is(noted(STAGE_ROUTE, "score-below-route")->threshold, "95");
	routes[0].score_min = 97;
	lead.kind = STR("praise");
	routes[4].score_min = 99;
	decide();
	assert_str_is(
		noted(STAGE_ROUTE, "score-below-route")->threshold, "97"); /* both must hold */
}

static void a_silence_is_for_what_it_names_and_ends(void **state)
{
	(void)state;
	static const struct {
		const char *what, *value;
		bool quiet;
	} cases[] = {{"rule", "LIKES", true}, {"rule", "loves", false}, {"kind", "praise", true},
		{"kind", "pain", false}, {"who", "globex", true}, {"who", "A1", true},
		{"who", "Initech", false}, {"account", "Globex", true}, {"account", "Glob", false},
		{"owner", "ana", true}, {"owner", "bo", false}};
	facts.account = 1;
	facts.name = STR("Globex");
	lead.owner = STR("ana");
	question.silences = silences;
	question.silences_n = 1;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		silences[0] = (struct silence){.id = 7,
			.what = str_c(cases[i].what),
			.value = str_c(cases[i].value),
			.from_ms = NOW - HOUR,
			.until_ms = NOW + HOUR};
		decide();
		told(cases[i].quiet ? "" : "desk");
		assert_int_equal(answer.silenced_by, cases[i].quiet ? 7 : 0);
		silences[0].until_ms = NOW;
		decide();
		told("desk");
	}
	silences[0] = (struct silence){
		.id = 7, .what = STR("rule"), .value = STR("likes"), .until_ms = NOW + HOUR};
	decide();
	const struct route_note *n = noted(STAGE_SILENCE, "silenced");
	assert_str_is(n->value, "silence 7: rule=likes");
	assert_str_is(n->threshold, "2027-01-15T09:00:00Z");
	struct route_rule two[] = {{STR("likes"), STR_NONE}, {STR("loves"), STR_NONE}};
	question.rules = two;
	question.rules_n = 2;
	decide();
	told("desk"); /* another rule says so, too */
}

static void what_is_open_at_the_account_inhibits(void **state)
{
	(void)state;
	static const char *const praise[] = {"praise"}, *const pain[] = {"pain"};
	conf.inhibits = inhibits;
	conf.inhibits_n = 2;
	inhibits[0] = (struct conf_inhibit){.kinds = praise,
		.kinds_n = 1,
		.while_open = INHIBIT_CASE,
		.at = {.file = "hark.yaml", .line = 9}};
	inhibits[1] = (struct conf_inhibit){.while_open = INHIBIT_DEAL};
	decide();
	told("desk");
	facts.deal = true;
	facts.deal_name = STR("Renewal");
	facts.deal_owner = STR("Cy");
	decide();
	told("bo"); /* its owner hears, nobody else */
	assert_str_is(noted(STAGE_INHIBITION, "open-deal")->value, "Renewal");
	assert_str_is(noted(STAGE_INHIBITION, "open-deal")->threshold, "Cy");
	facts.deal_owner = STR("Nemo");
	decide();
	told("");
	facts.open_case = true;
	facts.case_name = STR("Slow export");
	decide();
	told("");
	assert_str_is(noted(STAGE_INHIBITION, "open-case")->value, "Slow export");
	inhibits[0].kinds = pain;
	facts.deal = false;
	decide();
	told("desk");
}

static void beyond_the_budget_comes_later_and_is_told_once(void **state)
{
	(void)state;
	receivers[2].budget = 3;
	for (int64_t n = 0; n < 5; n++) {
		heard[2].told = n;
		decide();
		told(n < 3 ? "desk" : "(desk)");
	}
	const struct route_note *n = noted(STAGE_BUDGET, "over-budget");
	assert_string_equal(n->receiver, "desk");
	assert_str_is(n->value, "4");
	assert_str_is(n->threshold, "3");
	heard[2].heard = true;
	decide();
	told("");
}

static void quiet_hours_hold_and_never_drop(void **state)
{
	(void)state;
	struct hark_err err;
	assert_int_equal(
		hours_parse(&receivers[2].quiet, STR("19:00-09:30 Europe/Berlin"), &arena, &err),
		HARK_OK);
	decide(); /* 09:00 in Berlin */
	told("desk");
	assert_int_equal(heard[2].due_ms, NOW + HOUR / 2);
	const struct route_note *n = noted(STAGE_QUIET, "quiet-hours");
	assert_str_is(n->threshold, "2027-01-15T08:30:00Z");
	question.now_ms = NOW + HOUR;
	decide();
	assert_int_equal(heard[2].due_ms, NOW + HOUR);
	/* The night in which the clocks go forward: 09:30 comes an hour earlier. */
	question.now_ms = INT64_C(1806184800000); /* 2027-03-27 22:00 UTC, 23:00 in Berlin */
	decide();
	assert_int_equal(heard[2].due_ms, question.now_ms + 9 * HOUR + HOUR / 2);
}

static void a_lead_of_a_class_reaches_only_who_may_see_it(void **state)
{
	static const char *const classes[] = {"compliance", "sales-head"};
	(void)state;
	routes[0].receivers = to_both;
	routes[0].receivers_n = 2;
	lead.visibility = STR("sales-head");
	receivers[2].sees = classes;
	receivers[2].sees_n = 2;
	decide();
	assert_int_equal(heard[0].fate, FATE_NONE);
	assert_int_equal(heard[2].fate, FATE_SEND);
	noted(STAGE_ROUTE, "not-allowed");
	lead.visibility = STR("all");
	decide();
	assert_int_equal(heard[0].fate, FATE_SEND);
}

static void who_has_a_digest_waits_for_it_unless_it_is_urgent(void **state)
{
	(void)state;
	static const struct recur hourly = {RECUR_HOURLY, 0, NULL, "UTC"};
	static const struct {
		int takes;
		const char *level;
		int score;
		const char *want;
	} cases[] = {
		{DIGEST_TAKES_NORMAL, "normal", 50, "(desk)"},
		{DIGEST_TAKES_NORMAL, "normal", 60, "desk"},
		{DIGEST_TAKES_NORMAL, "instant", 20, "desk"},
		{DIGEST_TAKES_NORMAL, "digest", 90, "(desk)"},
		{DIGEST_TAKES_DIGEST, "normal", 50, "desk"},
		{DIGEST_TAKES_DIGEST, "digest", 50, "(desk)"},
		{DIGEST_TAKES_ALL, "instant", 90, "(desk)"},
	};
	receivers[2].digest = &hourly;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		receivers[2].digest_takes = cases[i].takes;
		lead.level = str_c(cases[i].level);
		lead.score = cases[i].score;
		decide();
		told(cases[i].want);
	}
	const struct route_note *n = noted(STAGE_DIGEST, "next-digest");
	assert_string_equal(n->receiver, "desk");
	assert_true(str_eq_c(n->value, "instant"));
	assert_true(str_eq_c(n->threshold, "2027-01-15T09:00:00Z"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)
		T(the_owner_is_whom_the_customer_chose_before_all_others),
		T(a_lead_of_a_class_reaches_only_who_may_see_it),
		T(a_row_without_conditions_takes_the_rest_of_those_who_are_known),
		T(routes_go_on_until_one_says_no),
		T(a_route_to_an_owner_without_receiver_is_not_taken),
		T(a_lead_that_no_route_takes_says_what_it_lacks),
		T(what_is_below_a_route_goes_before_it),
		T(a_route_below_goes_on_only_if_it_says_so),
		T(a_route_that_only_leads_to_others_is_none_itself),
		T(a_silence_is_for_what_it_names_and_ends),
		T(what_is_open_at_the_account_inhibits),
		T(beyond_the_budget_comes_later_and_is_told_once),
		T(quiet_hours_hold_and_never_drop),
		T(who_has_a_digest_waits_for_it_unless_it_is_urgent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
