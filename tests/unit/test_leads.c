#include "tests/unit/unit.h"

#include "monitor/base/json.h"
#include "monitor/leads/alert.h"
#include "monitor/model/excerpt.h"
#include "monitor/leads/raise.h"
#include "monitor/leads/score.h"
#include "monitor/leads/work.h"
#include "monitor/model/id.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/outbox.h"
#include "tests/unit/tmpstore.h"

#include <pthread.h>

#define NOW INT64_C(1800000000000)
#define HOUR (3600 * INT64_C(1000))

static struct lead lead_in(enum lead_state state)
{
	struct lead lead = {.id = 7, .state = state, .outcome_value = COUNT_NONE};
	if (state == LEAD_CLAIMED || state == LEAD_ANSWERED) {
		lead.claim_by = STR("ana");
		lead.claim_until = NOW + HOUR;
	}
	lead.snooze_until = state == LEAD_SNOOZED ? NOW + HOUR : 0;
	return lead;
}

static struct lead_step step_of(enum lead_action action, const char *actor)
{
	return (struct lead_step){
		.action = action,
		.actor = str_c(actor),
		.now_ms = NOW,
		.until_ms = NOW + 2 * HOUR,
		.reason = STR("a job advert"),
		.to = STR("bo"),
		.outcome_value = COUNT_NONE,
	};
}

static void every_pair_of_state_and_step_is_decided(void **state)
{
	(void)state;
	/* What comes of each step in each state; "-" is refused. Order: enum lead_state. */
	static const char *const want[LEAD_ACTIONS][LEAD_STATES] = {
		[LEAD_CLAIM] = {"claimed", "claimed", "-", "-", "-", "-", "claimed"},
		[LEAD_RELEASE] = {"-", "new", "-", "-", "-", "-", "-"},
		[LEAD_ANSWER] = {"-", "answered", "-", "-", "-", "-", "-"},
		[LEAD_WIN] = {"-", "-", "won", "-", "-", "-", "-"},
		[LEAD_LOSE] = {"-", "-", "lost", "-", "-", "-", "-"},
		[LEAD_DISMISS] = {"dismissed", "dismissed", "dismissed", "-", "-", "-",
			"dismissed"},
		[LEAD_SNOOZE] = {"snoozed", "snoozed", "snoozed", "-", "-", "-", "snoozed"},
		[LEAD_STAR] = {"new", "claimed", "answered", "won", "lost", "dismissed", "snoozed"},
		[LEAD_UNSTAR] = {"new", "claimed", "answered", "won", "lost", "dismissed",
			"snoozed"},
		[LEAD_ASSIGN] = {"new", "claimed", "answered", "-", "-", "-", "snoozed"},
		[LEAD_LAPSE] = {"-", "new", "-", "-", "-", "-", "-"},
		[LEAD_WAKE] = {"-", "-", "-", "-", "-", "-", "new"},
	};
	for (unsigned a = 0; a < LEAD_ACTIONS; a++) {
		for (unsigned f = 0; f < LEAD_STATES; f++) {
			struct lead lead = lead_in((enum lead_state)f);
			struct lead_step step = step_of((enum lead_action)a, "ana");
			struct hark_err err;
			int rc = lead_apply(&lead, &step, &err);
			if (want[a][f][0] == '-') {
				assert_int_equal(rc, HARK_ESTATE);
				assert_int_equal(lead.state, f);
			} else {
				assert_int_equal(rc, HARK_OK);
				assert_string_equal(lead_state_name(lead.state), want[a][f]);
			}
		}
	}
}

static void what_somebody_has_claimed_is_left_alone(void **state)
{
	(void)state;
	static const enum lead_action actions[] = {
		LEAD_CLAIM, LEAD_RELEASE, LEAD_ANSWER, LEAD_DISMISS, LEAD_SNOOZE};
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		struct lead lead = lead_in(LEAD_CLAIMED);
		struct lead_step step = step_of(actions[i], "bo");
		struct hark_err err;
		assert_int_equal(lead_apply(&lead, &step, &err), HARK_ESTATE);
		assert_non_null(strstr(err.text, "claimed by ana"));
	}
}

static void a_step_says_who_why_and_until_when(void **state)
{
	(void)state;
	struct lead lead = lead_in(LEAD_NEW);
	struct lead_step nobody = step_of(LEAD_CLAIM, NULL);
	struct lead_step past = step_of(LEAD_CLAIM, "ana");
	struct lead_step mute = step_of(LEAD_DISMISS, "ana");
	past.until_ms = NOW;
	mute.reason = STR_NONE;
	assert_int_equal(lead_apply(&lead, &nobody, NULL), HARK_EINVAL);
	assert_int_equal(lead_apply(&lead, &past, NULL), HARK_EINVAL);
	assert_int_equal(lead_apply(&lead, &mute, NULL), HARK_EINVAL);
	assert_int_equal(lead.state, LEAD_NEW);
}

static void scores_do_not_depend_on_order_and_stay_in_bounds(void **state)
{
	(void)state;
	struct score_weights w;
	score_weights_default(&w);
	static const struct {
		int max;
		int64_t stories;
		int want;
	} cases[] = {{47, 1, 47}, {47, 2, 52}, {47, 100, 67}, {95, 3, 100}, {47, 0, 47}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct lead lead = {.score_max = cases[i].max, .posts = cases[i].stories};
		assert_int_equal(score_total(&w, &lead), cases[i].want);
	}
}

static const char *urgency_of(const char *level, int score)
{
	struct lead lead = {.level = str_c(level), .score = score};
	return lead_urgency(&lead);
}

static void alerts_are_instant_from_sixty_unless_the_rule_says_otherwise(void **state)
{
	(void)state;
	assert_string_equal(urgency_of("normal", 60), "instant");
	assert_string_equal(urgency_of("normal", 59), "normal");
	assert_string_equal(urgency_of("instant", 20), "instant");
	assert_string_equal(urgency_of("digest", 99), "digest");
}

static void a_route_matches_when_all_its_conditions_do(void **state)
{
	(void)state;
	static const char *const kinds[] = {"praise", "job-move"}, *const rules[] = {"r1"},
				 *const names[] = {"inside"};
	struct conf_route any = {0};
	struct conf_route all = {.kinds = kinds,
		.kinds_n = 2,
		.rules = rules,
		.rules_n = 1,
		.routes = names,
		.routes_n = 1,
		.score_min = 40};
	assert_true(raise_route(&any, STR("pain"), STR("x"), STR_NONE, 20, NULL));
	assert_true(raise_route(&all, STR("job-move"), STR("r1"), STR("inside"), 40, NULL));
	assert_false(raise_route(&all, STR("job-move"), STR("r1"), STR("inside"), 39, NULL));
	assert_false(raise_route(&all, STR("pain"), STR("r1"), STR("inside"), 40, NULL));
	assert_false(raise_route(&all, STR("praise"), STR("r2"), STR("inside"), 40, NULL));
	assert_false(raise_route(&all, STR("praise"), STR("r1"), STR_NONE, 40, NULL));
}

static void only_new_live_and_free_leads_alert(void **state)
{
	(void)state;
	struct lead lead = lead_in(LEAD_NEW);
	assert_true(raise_alerts(&lead));
	lead.held = true;
	assert_false(raise_alerts(&lead));
	lead.held = false;
	lead.historic = true;
	assert_false(raise_alerts(&lead));
	lead = lead_in(LEAD_CLAIMED);
	assert_false(raise_alerts(&lead));
}

static void ids_are_read_as_they_are_written_and_as_people_type_them(void **state)
{
	(void)state;
	char text[ID_TEXT_MAX];
	int64_t id = 0;
	assert_string_equal(id_text(ID_LEAD, 12, text), "lead_12");
	assert_true(id_parse(ID_LEAD, STR("lead_12"), &id) && id == 12);
	assert_true(id_parse(ID_LEAD, STR("12"), &id) && id == 12);
	assert_false(id_parse(ID_LEAD, STR("sig_12"), &id));
	assert_false(id_parse(ID_LEAD, STR("lead_"), &id));
	assert_false(id_parse(ID_LEAD, STR("-1"), &id));
	assert_false(id_parse(ID_LEAD, STR("0"), &id));
	assert_false(id_parse(ID_LEAD, STR("1x"), &id));
}

static void excerpts_keep_the_match_and_whole_characters(void **state)
{
	(void)state;
	char text[2000];
	size_t from;
	for (size_t i = 0; i < sizeof(text); i += 2) {
		memcpy(text + i, "\xc3\xa9", 2);
	}
	memcpy(text + 1500, "MATCH!", 6);
	struct str got = excerpt_cut(str_n(text, sizeof(text)), 1500, 601, &from);
	assert_true(got.n <= 601 && from <= 1500 && from + got.n >= 1506);
	assert_true((unsigned char)got.p[0] == 0xc3 || got.p[0] == 'M');
	assert_memory_equal(got.p + (1500 - from), "MATCH!", 6);
	got = excerpt_cut(STR("short"), 3, 600, &from);
	assert_str_is(got, "short");
	assert_int_equal(from, 0);
}

static void a_payload_stays_below_its_limit_whatever_is_in_it(void **state)
{
	(void)state;
	static char noise[5000];
	struct lead lead = lead_in(LEAD_NEW);
	struct lead_evidence e[12];
	struct lead_referral referrals[40];
	struct buf out;
	for (int round = 0; round < 3; round++) {
		memset(noise, round == 0 ? 'x' : round == 1 ? '"' : 1, sizeof(noise));
		struct str s = str_n(noise, sizeof(noise));
		lead.kind = STR("praise");
		lead.title = lead.why = lead.rule = lead.owner = lead.subject.name =
			lead.lawful_basis = s;
		for (size_t i = 0; i < 40; i++) { /* in one round they are more than an alert holds */
			referrals[i] = (struct lead_referral){.code = STR("SPRING-20"),
				.offer = str_n(noise, 500),
				.disclosure = str_n(noise, 500)};
		}
		lead.referrals = referrals;
		lead.referrals_n = round > 0 ? 40 : 1;
		for (size_t i = 0; i < 12; i++) {
			e[i] = (struct lead_evidence){.rule = s,
				.explain = s,
				.source = s,
				.url = s,
				.author_name = s,
				.title = s,
				.text = s,
				.is_private = i == 0,
				.spans = STR("[{\"field\":\"text\",\"start\":2000,\"end\":2010}]")};
		}
		buf_init(&out, ALERT_BYTES_MAX);
		assert_int_equal(
			alert_write(&lead, e, 12, STR("mailto:privacy@example.com"), NOW, &out),
			HARK_OK);
		assert_true(out.n < ALERT_BYTES_MAX);
		json_t *tree = json_read(buf_str(&out), NULL);
		assert_non_null(tree);
		const json_t *data = json_object_get(tree, "data");
		assert_str_is(json_str(data, "id"), "lead_7");
		const json_t *list = json_object_get(data, "evidence");
		if (round == 0) { /* spans move with the excerpt */
			const json_t *first = json_array_get(list, 0);
			const json_t *span = json_array_get(json_object_get(first, "spans"), 0);
			assert_int_equal(json_i64(span, "end", 0) - json_i64(span, "start", 0), 10);
			assert_true(json_i64(span, "end", 0) <= (int64_t)json_str(first, "text").n);
			assert_true(json_is_true(json_object_get(first, "cut_before")));
			assert_true(json_is_true(json_object_get(first, "cut_after")));
			assert_true(str_ends(json_str(first, "title"), STR("xx…")));
			assert_true(json_is_true(json_object_get(first, "private")));
			assert_true(
				json_is_false(json_object_get(json_array_get(list, 1), "private")));
		}
		json_decref(tree);
		buf_release(&out);
	}
}

/* --- with a store --- */

static int64_t make_lead(struct store *s)
{
	struct lead lead = {.kind = STR("praise"),
		.key = STR("k"),
		.visibility = STR("all"),
		.level = STR("normal"),
		.rule = STR("r"),
		.title = STR("T"),
		.score = 50,
		.score_max = 40,
		.seen_ms = NOW,
		.created_ms = NOW};
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	int64_t id = store_lead_add(s, &lead, NOW + HOUR);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	return id;
}

static void add_lead(struct store *s)
{
	assert_int_equal(make_lead(s), 1);
}

static void a_claim_returns_and_undo_goes_back_step_by_step(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct lead lead;
	struct hark_err err;
	struct step *events;
	size_t n;
	arena_init(&arena, 0);
	add_lead(s);
	assert_int_equal(store_lead_load(s, 1, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead.score, 50);
	assert_int_equal(lead.score_max, 40); /* of its signal, without what the account gives */
	struct lead_step claim = step_of(LEAD_CLAIM, "ana"), other = step_of(LEAD_CLAIM, "bo");
	assert_int_equal(lead_work(s, 1, &claim, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead_work(s, 1, &other, &arena, &lead, &err), HARK_ESTATE);
	other.now_ms = claim.until_ms; /* ana's lease is over */
	other.until_ms = other.now_ms + HOUR;
	assert_int_equal(lead_work(s, 1, &other, &arena, &lead, &err), HARK_OK);
	assert_str_is(lead.claim_by, "bo");
	assert_int_equal(lead.claimed_ms, NOW); /* the clock runs from the first */
	assert_int_equal(lead_undo(s, 1, STR("bo"), NOW, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead.state, LEAD_NEW);
	assert_int_equal(lead_undo(s, 1, STR("bo"), NOW, &arena, &lead, &err), HARK_ESTATE);
	assert_int_equal(store_lead_events(s, 1, &arena, &events, &n, &err), HARK_OK);
	assert_int_equal(n, 4); /* claim, lapse, claim, undo */
	assert_str_is(events[1].action, "lapse");
	assert_str_is(events[3].note, "claim");

	struct lead_step dismiss = step_of(LEAD_DISMISS, "ana");
	assert_int_equal(lead_work(s, 1, &dismiss, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead_undo(s, 1, STR("ana"), NOW, &arena, &lead, &err), HARK_OK);
	assert_int_equal(store_lead_load(s, 1, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead.state, LEAD_NEW);
	assert_null(lead.reason.p);
	assert_int_equal(lead.closed_ms, 0);

	/* Again and again, each step before the one that was taken back. */
	claim.now_ms = dismiss.now_ms = other.now_ms;
	claim.until_ms = claim.now_ms + HOUR;
	assert_int_equal(lead_work(s, 1, &claim, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead_work(s, 1, &dismiss, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead_undo(s, 1, STR("ana"), claim.now_ms, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead.state, LEAD_CLAIMED);
	assert_int_equal(lead_undo(s, 1, STR("ana"), claim.now_ms, &arena, &lead, &err), HARK_OK);
	assert_int_equal(lead.state, LEAD_NEW);
	/* What came before is hark's own. */
	assert_int_equal(
		lead_undo(s, 1, STR("ana"), claim.now_ms, &arena, &lead, &err), HARK_ESTATE);
	assert_int_equal(lead_work(s, 99, &claim, &arena, &lead, &err), HARK_ENOENT);
	arena_release(&arena);
	store_close(s);
}

/* As the daemon's writer does it. */
static int return_due(struct store *s, int64_t now_ms, size_t *n)
{
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	int rc = leads_return_due(s, now_ms, n, NULL);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	return rc;
}

static void what_is_over_returns_by_itself(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct lead lead;
	size_t n;
	arena_init(&arena, 0);
	add_lead(s);
	struct lead_step claim = step_of(LEAD_CLAIM, "ana"), answer = step_of(LEAD_ANSWER, "ana");
	struct lead_step snooze = step_of(LEAD_SNOOZE, "ana");
	assert_int_equal(lead_work(s, 1, &claim, &arena, &lead, NULL), HARK_OK);
	assert_int_equal(return_due(s, claim.until_ms - 1, &n), HARK_OK);
	assert_int_equal(n, 0);
	assert_int_equal(return_due(s, claim.until_ms, &n), HARK_OK);
	assert_int_equal(n, 1);
	assert_int_equal(lead_work(s, 1, &claim, &arena, &lead, NULL), HARK_OK);
	assert_int_equal(lead_work(s, 1, &answer, &arena, &lead, NULL), HARK_OK);
	assert_int_equal(return_due(s, NOW + 1000 * HOUR, &n), HARK_OK);
	assert_int_equal(n, 0); /* what is answered stays the answerer's */
	assert_int_equal(lead_work(s, 1, &snooze, &arena, &lead, NULL), HARK_OK);
	assert_int_equal(return_due(s, snooze.until_ms, &n), HARK_OK);
	assert_int_equal(store_lead_load(s, 1, &arena, &lead, NULL), HARK_OK);
	assert_int_equal(lead.state, LEAD_ANSWERED);
	assert_str_is(lead.claim_by, "ana");
	arena_release(&arena);
	store_close(s);
}

static size_t listed(struct store *s, enum lead_state state, const char *by, int64_t now_ms)
{
	struct arena arena;
	struct lead *leads;
	size_t n;
	struct lead_filter f = {
		.max = 9, .states = 1u << state, .claim_by = str_c(by), .now_ms = now_ms};
	arena_init(&arena, 0);
	assert_int_equal(store_lead_list(s, &f, &arena, &leads, &n, NULL), HARK_OK);
	for (size_t i = 0; i < n; i++) { /* what is shown is what was asked for */
		lead_as_of(&leads[i], now_ms);
		assert_int_equal(leads[i].state, state);
	}
	arena_release(&arena);
	return n;
}

static void lists_say_what_is_over_before_it_is_written(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct lead lead;
	arena_init(&arena, 0);
	add_lead(s);
	struct lead_step claim = step_of(LEAD_CLAIM, "ana"), snooze = step_of(LEAD_SNOOZE, "ana");
	assert_int_equal(lead_work(s, 1, &claim, &arena, &lead, NULL), HARK_OK);
	assert_int_equal(listed(s, LEAD_CLAIMED, "ana", claim.until_ms - 1), 1);
	assert_int_equal(listed(s, LEAD_CLAIMED, NULL, claim.until_ms), 0);
	assert_int_equal(listed(s, LEAD_NEW, NULL, claim.until_ms), 1);
	assert_int_equal(listed(s, LEAD_NEW, "ana", claim.until_ms), 0);
	assert_int_equal(lead_work(s, 1, &snooze, &arena, &lead, NULL), HARK_OK);
	assert_int_equal(listed(s, LEAD_SNOOZED, NULL, snooze.until_ms - 1), 1);
	assert_int_equal(listed(s, LEAD_NEW, NULL, snooze.until_ms), 1);
	arena_release(&arena);
	store_close(s);
}

static void lists_are_filtered_and_paged_by_key(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct lead *leads;
	size_t n;
	arena_init(&arena, 0);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	for (int i = 0; i < 10; i++) {
		char key[8];
		snprintf(key, sizeof(key), "k%d", i);
		struct lead lead = {.kind = i % 2 ? STR("praise") : STR("pain"),
			.key = str_c(key),
			.visibility = STR("all"),
			.level = STR("normal"),
			.rule = STR("r"),
			.score = i * 10,
			.historic = i == 9};
		store_lead_add(s, &lead, 1);
	}
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	struct lead_filter f = {.max = 4};
	assert_int_equal(store_lead_list(s, &f, &arena, &leads, &n, NULL), HARK_OK);
	assert_int_equal(n, 4);
	assert_int_equal(leads[0].id, 9);
	f.before = leads[3].id;
	assert_int_equal(store_lead_list(s, &f, &arena, &leads, &n, NULL), HARK_OK);
	assert_int_equal(leads[0].id, 5);
	f = (struct lead_filter){
		.max = 100, .kind = STR("pain"), .score_min = 40, .states = 1u << LEAD_NEW};
	assert_int_equal(store_lead_list(s, &f, &arena, &leads, &n, NULL), HARK_OK);
	assert_int_equal(n, 3);
	f = (struct lead_filter){.max = 100, .historic = true};
	assert_int_equal(store_lead_list(s, &f, &arena, &leads, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	f = (struct lead_filter){.max = 100, .states = 1u << LEAD_WON};
	assert_int_equal(store_lead_list(s, &f, &arena, &leads, &n, NULL), HARK_OK);
	assert_int_equal(n, 0);
	arena_release(&arena);
	store_close(s);
}

/* SQLite takes such an index for a way to a few leads, and reads all of them for the sake of one. */
static void no_index_of_leads_begins_with_what_is_true_of_nearly_all(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct db_query *q = db_query(store_db(s),
		"SELECT count(*), sum(i.name IN ('historic','held','starred','visibility')) FROM sqlite_master m"
		" JOIN pragma_index_info(m.name) i ON i.seqno = 0 WHERE m.type = 'index' AND m.tbl_name = 'leads'");
	assert_true(db_step(q));
	assert_true(db_col_i64(q, 0) > 5);
	assert_int_equal(db_col_i64(q, 1), 0);
	db_done(q);
	store_close(s);
}

static void a_page_is_read_from_an_index_of_what_is_asked(void **state)
{
#define OPEN (1u << LEAD_NEW | 1u << LEAD_CLAIMED)
	static const struct {
		struct lead_filter filter;
		const char *index; /* that leads to the leads */
		int states;        /* in which they may be stored */
	} cases[] = {
		{{0}, "COVERING INDEX leads_list (state=? AND historic=? AND id<?)", LEAD_STATES},
		{{.states = 1u << LEAD_WON}, "COVERING INDEX leads_list (state=? AND historic=?", 1},
		{{.states = OPEN}, "COVERING INDEX leads_list (state=? AND historic=? AND id<?)", 3},
		{{.states = OPEN, .seen_as = STR("sales"), .score_min = LEAD_SCORE_HIGH - 1},
			"COVERING INDEX leads_list (state=? AND historic=? AND id<?)", 3},
		{{.states = OPEN, .score_min = LEAD_SCORE_HIGH},
			"COVERING INDEX leads_high (state=? AND historic=? AND id<?)", 3},
		{{.states = OPEN, .kind = STR("pain"), .score_min = 99},
			"INDEX leads_kind (kind=? AND historic=? AND state=? AND id<?)", 3},
		{{.states = OPEN, .kind = STR("pain"), .owner = STR("anna")},
			"INDEX leads_owner (owner=? AND historic=? AND state=? AND id<?)", 3},
		{{.rule = STR("r"), .kind = STR("pain"), .owner = STR("anna")},
			"INDEX leads_rule (rule=? AND historic=? AND state=? AND id<?)", LEAD_STATES},
		{{.states = OPEN, .claim_by = STR("anna"), .rule = STR("r")},
			"INDEX leads_claim (claim_by=? AND historic=? AND state=? AND id<?)", 3},
	};
	struct store *s = tmpstore_open(*state, 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct buf sql;
		int chosen = 0;
		buf_init(&sql, 16384);
		buf_add_c(&sql, "EXPLAIN QUERY PLAN ");
		store_lead_list_sql(&cases[i].filter, &sql);
		struct db_query *q = db_query(store_db(s), buf_c(&sql));
		while (db_step(q)) {
			char step[200];
			snprintf(step, sizeof(step), "%.*s", STR_FMT(db_col_text(q, 3)));
			assert_null(strstr(step, "SCAN leads"));
			chosen += strstr(step, cases[i].index) != NULL;
		}
		db_done(q);
		assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
		assert_int_equal(chosen, cases[i].states);
		buf_release(&sql);
	}
	store_close(s);
}

#define ROUNDS 50
#define RACERS 20

struct racer {
	const char *url;
	char name[16];
	pthread_barrier_t *start;
	int rc[ROUNDS];
};

static void *race(void *ctx)
{
	struct racer *r = ctx;
	struct store *s = NULL;
	struct arena arena;
	struct lead lead;
	struct hark_err err;
	arena_init(&arena, 0);
	int opened = store_open(&s, r->url, 0, &err);
	for (int i = 0; i < ROUNDS; i++) {
		struct lead_step step = step_of(LEAD_CLAIM, r->name);
		pthread_barrier_wait(r->start);
		r->rc[i] = opened == HARK_OK ? lead_work(s, i + 1, &step, &arena, &lead, &err)
					     : opened;
	}
	store_close(s);
	arena_release(&arena);
	return NULL;
}

static void of_twenty_who_claim_at_once_one_wins_fifty_times(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	static struct racer racers[RACERS];
	pthread_t threads[RACERS];
	pthread_barrier_t start;
	assert_int_equal(pthread_barrier_init(&start, NULL, RACERS), 0);
	for (int i = 0; i < ROUNDS; i++) {
		assert_int_equal(make_lead(s), i + 1);
	}
	for (int i = 0; i < RACERS; i++) {
		racers[i] = (struct racer){.url = t->url, .start = &start};
		snprintf(racers[i].name, sizeof(racers[i].name), "rep%d", i);
		assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
	}
	for (int i = 0; i < RACERS; i++) {
		pthread_join(threads[i], NULL);
	}
	pthread_barrier_destroy(&start);
	for (int round = 0; round < ROUNDS; round++) {
		int won = 0, told = 0;
		for (int i = 0; i < RACERS; i++) {
			won += racers[i].rc[round] == HARK_OK;
			told += racers[i].rc[round] == HARK_ESTATE;
		}
		assert_int_equal(won, 1);
		assert_int_equal(told, RACERS - 1);
	}
	assert_int_equal(
		db_run_i64(db_query(store_db(s), "SELECT count(*) FROM lead_events"), -1), ROUNDS);
	store_close(s);
}

/* ---- alerts that wait meanwhile ---- */

static void take(struct store *s, enum lead_action action)
{
	struct arena arena;
	struct lead lead;
	struct lead_step step = step_of(action, "ana");
	arena_init(&arena, 0);
	assert_int_equal(lead_work(s, 1, &step, &arena, &lead, NULL), HARK_OK);
	arena_release(&arena);
}

static void undo(struct store *s)
{
	struct arena arena;
	struct lead lead;
	arena_init(&arena, 0);
	assert_int_equal(lead_undo(s, 1, STR("ana"), NOW + 1, &arena, &lead, NULL), HARK_OK);
	arena_release(&arena);
}

static void wait_until_morning(struct store *s)
{
	size_t made;
	assert_int_equal(outbox_add_at(s, 1, STR("ana"), STR("lead.raised"), STR("normal"),
				 STR("{}"), NOW, NOW + HOUR, &made, NULL),
		HARK_OK);
	assert_int_equal(made, 1);
}

/* How many are to be sent, and how many were withdrawn. */
static void assert_waits(struct store *s, int due, int withdrawn)
{
	struct outbox_counts c;
	assert_int_equal(outbox_count(s, STR("ana"), &c, NULL), HARK_OK);
	assert_int_equal(c.due, due);
	assert_int_equal(c.withdrawn, withdrawn);
	assert_int_equal(outbox_count(s, STR_NONE, &c, NULL), HARK_OK);
	assert_int_equal(c.due, due);
	assert_int_equal(c.withdrawn, withdrawn);
	assert_int_equal(c.sent, 0);
}

static void an_alert_that_waits_goes_with_its_lead_and_comes_back_with_it(void **state)
{
	static const enum lead_action away[] = {LEAD_DISMISS, LEAD_SNOOZE};
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct outbox_row *rows;
	size_t n;
	arena_init(&arena, 0);
	add_lead(s);
	wait_until_morning(s);
	for (size_t i = 0; i < 2; i++) {
		take(s, away[i]);
		assert_waits(s, 0, 1);
		outbox_list(s, STR("withdrawn"), STR_NONE, 0, 10, &arena, &rows, &n, NULL);
		assert_int_equal(n, 1);
		assert_str_is(rows[0].last_error,
			i == 0 ? "its lead was dismissed" : "its lead is snoozed");
		assert_int_equal(outbox_replay(s, 0, STR_NONE, NOW, &n, NULL), HARK_OK);
		assert_int_equal(n, 0); /* nobody else sends it meanwhile */
		undo(s);
		assert_waits(s, 1, 0);
		outbox_list(s, STR("due"), STR_NONE, 0, 10, &arena, &rows, &n, NULL);
		assert_int_equal(rows[0].next_ms, NOW + HOUR);
		assert_true(str_empty(rows[0].last_error));
	}
	take(s, LEAD_SNOOZE);
	take(s, LEAD_DISMISS);
	assert_waits(s, 0, 1);
	outbox_list(s, STR("withdrawn"), STR_NONE, 0, 10, &arena, &rows, &n, NULL);
	assert_str_is(rows[0].last_error, "its lead was dismissed");
	arena_release(&arena);
	store_close(s);
}

static void an_alert_comes_back_when_its_leads_snooze_is_over(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	size_t n;
	add_lead(s);
	wait_until_morning(s);
	take(s, LEAD_SNOOZE);
	assert_waits(s, 0, 1);
	assert_int_equal(leads_return_due(s, NOW + 3 * HOUR, &n, NULL), HARK_OK);
	assert_int_equal(n, 1);
	assert_waits(s, 1, 0);
	store_close(s);
}

static void an_alert_of_a_claimed_lead_stays_on_its_way_and_one_of_a_won_does_not(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	add_lead(s);
	wait_until_morning(s);
	take(s, LEAD_CLAIM);
	take(s, LEAD_ANSWER);
	assert_waits(s, 1, 0);
	take(s, LEAD_WIN);
	assert_waits(s, 0, 1);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_pair_of_state_and_step_is_decided),
		cmocka_unit_test(what_somebody_has_claimed_is_left_alone),
		cmocka_unit_test(a_step_says_who_why_and_until_when),
		cmocka_unit_test(scores_do_not_depend_on_order_and_stay_in_bounds),
		cmocka_unit_test(alerts_are_instant_from_sixty_unless_the_rule_says_otherwise),
		cmocka_unit_test(a_route_matches_when_all_its_conditions_do),
		cmocka_unit_test(only_new_live_and_free_leads_alert),
		cmocka_unit_test(ids_are_read_as_they_are_written_and_as_people_type_them),
		cmocka_unit_test(excerpts_keep_the_match_and_whole_characters),
		cmocka_unit_test(a_payload_stays_below_its_limit_whatever_is_in_it),
		TMPSTORE_TEST(a_claim_returns_and_undo_goes_back_step_by_step),
		TMPSTORE_TEST(an_alert_that_waits_goes_with_its_lead_and_comes_back_with_it),
		TMPSTORE_TEST(an_alert_comes_back_when_its_leads_snooze_is_over),
		TMPSTORE_TEST(
			an_alert_of_a_claimed_lead_stays_on_its_way_and_one_of_a_won_does_not),
		TMPSTORE_TEST(what_is_over_returns_by_itself),
		TMPSTORE_TEST(no_index_of_leads_begins_with_what_is_true_of_nearly_all),
		TMPSTORE_TEST(a_page_is_read_from_an_index_of_what_is_asked),
		TMPSTORE_TEST(lists_say_what_is_over_before_it_is_written),
		TMPSTORE_TEST(lists_are_filtered_and_paged_by_key),
		TMPSTORE_TEST(of_twenty_who_claim_at_once_one_wins_fifty_times),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
