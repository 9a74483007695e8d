#include "tests/unit/unit.h"

#include "monitor/base/stats.h"
#include "monitor/config/conf.h"
#include "monitor/leads/clocks.h"
#include "monitor/leads/precision.h"
#include "monitor/leads/score.h"
#include "monitor/store/driver.h"
#include "monitor/store/near_misses.h"
#include "monitor/store/subjects.h"
#include "monitor/store/verdicts.h"
#include "tests/unit/tmpstore.h"

#include <math.h>

static void shares_have_wilsons_interval(void **state)
{
	(void)state;
	/* Reference values: Newcombe, Two-sided confidence intervals for the single proportion (1998), table I. */
	static const struct {
		int64_t k, n;
		double low, high;
	} cases[] = {{81, 263, 0.2553, 0.3662}, {15, 148, 0.0624, 0.1605}, {0, 20, 0, 0.1611},
		{1, 29, 0.0061, 0.1718}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct share s = share_of(cases[i].k, cases[i].n);
		assert_true(fabs(s.low - cases[i].low) < 0.0001);
		assert_true(fabs(s.high - cases[i].high) < 0.0001);
		struct share other = share_of(cases[i].n - cases[i].k, cases[i].n);
		assert_true(fabs(other.low - (1 - s.high)) < 1e-9);
	}
	struct share none = share_of(0, 0);
	assert_true(none.low == 0 && none.high == 1);
}

static void percentiles_are_of_the_nearest_rank(void **state)
{
	(void)state;
	int64_t v[] = {50, 15, 40, 20, 35}, one[] = {7};
	assert_int_equal(percentile(v, 5, 50), 35);
	assert_int_equal(percentile(v, 5, 30), 20);
	assert_int_equal(percentile(v, 5, 95), 50);
	assert_int_equal(percentile(one, 1, 95), 7);
	assert_int_equal(percentile(v, 0, 50), -1);
}

static void a_score_is_the_sum_of_its_symbols(void **state)
{
	(void)state;
	struct score_weights w;
	struct lead_score score;
	score_weights_default(&w);
	struct lead lead = {.score_max = 40,
		.posts = 3,
		.flags = FLAG_MIXED | FLAG_AMBIGUOUS,
		.traits = TRAIT_CONTACT | TRAIT_TARGET | TRAIT_DEAL | TRAIT_CASE};
	score_lead(&w, &lead, &score);
	static const struct score_part want[] = {{SCORE_FINDING, 40}, {SCORE_STORIES, 10},
		{SCORE_MIXED, 5}, {SCORE_AMBIGUOUS, -10}, {SCORE_CONTACT, 10}, {SCORE_TARGET, 10},
		{SCORE_DEAL, 10}};
	assert_int_equal(score.n, 7);
	for (size_t i = 0; i < score.n; i++) {
		assert_int_equal(score.parts[i].symbol, want[i].symbol);
		assert_int_equal(score.parts[i].points, want[i].points);
	}
	assert_int_equal(score.total, 75);
	lead.score_max = 90;
	assert_int_equal(score_total(&w, &lead), 100);
	w.v[SCORE_AMBIGUOUS] = -100;
	w.v[SCORE_DEAL] = -100;
	assert_int_equal(score_total(&w, &lead), 0);
}

static void the_defaults_of_the_configuration_are_those_of_the_program(void **state)
{
	struct tmpstore *t = *state;
	char path[128];
	struct conf *conf = NULL;
	struct diags diags;
	struct hark_err err = {0};
	struct score_weights want;
	snprintf(path, sizeof(path), "%s/hark.yaml", t->dir);
	for (int given = 0; given < 2; given++) {
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		fprintf(f, "store: %s\n%s", t->url,
			given ? "score: { stories: 1, ambiguous: -30 }\n" : "");
		fclose(f);
		diags_init(&diags);
		assert_int_equal(conf_load(&conf, path, &diags, &err), HARK_OK);
		diags_release(&diags);
		score_weights_default(&want);
		if (given) {
			want.v[SCORE_STORIES] = 1;
			want.v[SCORE_AMBIGUOUS] = -30;
		}
		assert_memory_equal(&conf->score, &want, sizeof(want));
		conf_unref(conf);
	}
	unlink(path);
}

/* --- with a store --- */

#define LEAD                                                                                       \
	"INSERT INTO leads (id, kind, lead_key, visibility, score, score_max, level, rule, state," \
	" historic, signals, posts, posted_ms, seen_ms, alerted_ms, claimed_ms, answered_ms,"      \
	" claim_by, created_ms, updated_ms) VALUES "

static void fill(struct store *s)
{
	struct db *db = store_db(s);
	db_exec(db, "INSERT INTO sources (id, name) VALUES (1, 'forum'), (2, 'news')");
	for (int i = 1; i <= 12; i++) {
		char sql[1200];
		/* Leads 1 to 8 score 60, the rest 20; all of source 2 are from 9 on. */
		snprintf(sql, sizeof(sql),
			"INSERT INTO posts (id, source, external_id, words, type, visibility, seen_ms,"
			" received_ms) VALUES (%d, %d, 'p%d', 1, 'post', 'public', 5, 5);" LEAD
			"(%d, 'praise', 'k%d', 'all', %d, %d, 'normal', '%s', 'new', 0, 1, 1, %d, %d,"
			" %d, %s, %s, %s, 5, 5);"
			"INSERT INTO signals (id, post, story, lead, rule, kind, level, flags, score,"
			" visibility, lead_key, entities, historic, created_ms) VALUES (%d, %d, %d, %d,"
			" '%s', 'praise', 'normal', 0, 50, 'all', 'k%d',"
			" '[{\"list\":\"customers\",\"name\":\"Globex\"}]', 0, 5)",
			i, i < 9 ? 1 : 2, i, i, i, i < 9 ? 60 : 20, i < 9 ? 60 : 20,
			i < 9 ? "likes" : "loves", 1000, 2000, 2000 + 100 * i,
			i % 2 ? "9000" : "NULL", i % 4 == 1 ? "19000" : "NULL",
			i % 2 ? "'ana'" : "NULL", i, i, i, i, i < 9 ? "likes" : "loves", i);
		db_exec(db, sql);
	}
	assert_int_equal(db_check(db, NULL), HARK_OK);
}

static void judge(struct store *s, int64_t lead, bool good)
{
	struct lead l = {.id = lead, .rule = STR("likes")};
	store_verdict_add(s, &l, good, STR("because"), STR("ana"), 7);
}

static const struct precision_row *row_of(
	const struct precision_row *v, size_t n, enum precision_by by, const char *name)
{
	for (size_t i = 0; i < n; i++) {
		if (v[i].by == by && str_eq_c(v[i].name, name)) {
			return &v[i];
		}
	}
	fail_msg("no row of %s", name);
	return NULL;
}

static void verdicts_give_the_precision_of_rules_entries_and_sources(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct score_weights w;
	struct precision_row *v;
	size_t n;
	arena_init(&arena, 0);
	score_weights_default(&w);
	assert_int_equal(precision_read(s, &w, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(n, 0);
	fill(s);
	for (int64_t i = 1; i <= 10; i++) {
		judge(s, i, false);
		judge(s, i, i <= 2 || i > 8); /* the last word counts */
	}
	assert_int_equal(precision_read(s, &w, &arena, &v, &n, NULL), HARK_OK);
	static const struct {
		enum precision_by by;
		const char *name;
		int n, good, scores;
	} want[] = {{PRECISION_ALL, "all leads", 10, 4, 8 * 60 + 2 * 20},
		{PRECISION_RULE, "likes", 8, 2, 480}, {PRECISION_RULE, "loves", 2, 2, 40},
		{PRECISION_ENTRY, "customers: Globex", 10, 4, 520},
		{PRECISION_SOURCE, "forum", 8, 2, 480}, {PRECISION_SOURCE, "news", 2, 2, 40}};
	assert_int_equal(n, sizeof(want) / sizeof(want[0]));
	for (size_t i = 0; i < n; i++) {
		const struct precision_row *row = row_of(v, n, want[i].by, want[i].name);
		assert_int_equal(row->n, want[i].n);
		assert_int_equal(row->good, want[i].good);
		assert_int_equal(row->scores, want[i].scores);
	}
	/* 200 - 480 over 8 + 10; 200 - 40 over 2 + 10. */
	assert_int_equal(precision_miss(row_of(v, n, PRECISION_RULE, "likes")), -16);
	assert_int_equal(precision_miss(row_of(v, n, PRECISION_RULE, "loves")), 13);
	arena_release(&arena);
	store_close(s);
}

static void proposed_weights_lie_between_what_is_and_what_was_judged(void **state)
{
	(void)state;
	/* Ten leads of score 70, of which the symbol gave 10: seven relevant would be right. */
	struct precision_row row = {
		.by = PRECISION_SYMBOL, .n = 10, .good = 7, .scores = 700, .points = 100};
	assert_int_equal(precision_weight(&row, 10), 10);
	row.good = 3;
	assert_int_equal(precision_weight(&row, 10), -10);
	row.good = 9;
	assert_int_equal(precision_weight(&row, 10), 20);
	/* A weight that is given several times a lead moves by its share. */
	row.points = 200;
	assert_int_equal(precision_weight(&row, 10), 15);
}

static void clocks_are_read_by_source_and_rep(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct clocks_row *v;
	size_t n;
	int64_t since = 0;
	arena_init(&arena, 0);
	fill(s);
	assert_int_equal(clocks_read(s, &since, SIZE_MAX, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(n, 4); /* all, forum, news, ana */
	assert_str_is(v[0].name, "all leads");
	assert_int_equal(v[0].leads, 12);
	assert_int_equal(v[0].steps[CLOCK_SEEN].n, 12);
	assert_int_equal(v[0].steps[CLOCK_SEEN].p50_ms, 1000);
	assert_int_equal(v[0].steps[CLOCK_ALERT].p50_ms, 600);
	assert_int_equal(v[0].steps[CLOCK_ALERT].p95_ms, 1200);
	assert_int_equal(v[0].steps[CLOCK_CLAIM].n, 6);
	assert_int_equal(v[0].steps[CLOCK_ANSWER].n, 3);
	assert_int_equal(v[0].steps[CLOCK_WHOLE].p95_ms, 18000);
	assert_str_is(v[1].name, "forum");
	assert_int_equal(v[1].leads, 8);
	assert_str_is(v[3].name, "ana");
	assert_int_equal(v[3].leads, 6);
	assert_int_equal(since, 0);
	/* Lead 1 went from ana, who let it lapse, to bo, lead 5 after its answer. */
	db_exec(store_db(s),
		"UPDATE leads SET claim_by = 'bo' WHERE id IN (1, 5);"
		"INSERT INTO lead_events (lead, at_ms, actor, action) VALUES (1, 9000, 'ana', 'claim'),"
		" (1, 11000, NULL, 'lapse'), (1, 11700, 'bo', 'claim'), (1, 12900, 'bo', 'claim'),"
		" (5, 9000, 'ana', 'claim'), (5, 19000, 'ana', 'answer'), (5, 20000, 'bo', 'claim')");
	assert_int_equal(clocks_read(s, &since, SIZE_MAX, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(v[0].steps[CLOCK_CLAIM].n, 6);
	assert_int_equal(v[0].steps[CLOCK_ANSWER].p95_ms, 10000);
	assert_int_equal(n, 5);
	assert_str_is(v[4].name, "bo");
	assert_int_equal(v[4].leads, 2);
	assert_int_equal(v[4].steps[CLOCK_ALERT].p50_ms, 100);
	assert_int_equal(v[4].steps[CLOCK_CLAIM].p50_ms, 700);
	assert_int_equal(v[4].steps[CLOCK_ANSWER].n, 1);
	assert_int_equal(v[4].steps[CLOCK_ANSWER].p50_ms, 19000 - 11700);
	assert_int_equal(v[4].steps[CLOCK_WHOLE].n, 1);
	/* Nor is a claim that was taken back anybody's: lead 12 is as it was. */
	db_exec(store_db(s),
		"INSERT INTO lead_events (lead, at_ms, actor, action, before) VALUES"
		" (12, 9000, 'cleo', 'claim', '{}'), (12, 9500, 'cleo', 'undo', '{}')");
	assert_int_equal(clocks_read(s, &since, SIZE_MAX, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(n, 5);
	assert_int_equal(clocks_read(s, &since, 5, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(v[0].leads, 5);
	assert_int_not_equal(since, 0); /* there are more */
	since = 2001;
	assert_int_equal(clocks_read(s, &since, SIZE_MAX, &arena, &v, &n, NULL), HARK_OK);
	assert_int_equal(n, 0);
	arena_release(&arena);
	store_close(s);
}

static void what_is_known_of_a_subject_comes_from_its_account(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct arena arena;
	struct subject_facts facts;
	arena_init(&arena, 0);
	db_exec(store_db(s),
		"INSERT INTO accounts (id, external_id, name, kind, owner, territory, preferred, channel,"
		" origin, created_ms, updated_ms) VALUES (1, 'crm:7', 'Globex', 'customer', 'ana',"
		" 'north', 'hoy', 'direct', 'file', 1, 1),"
		" (2, NULL, 'Initech', 'target', 'bo', NULL, NULL, NULL, 'file', 1, 1);"
		"INSERT INTO account_names (account, kind, value) VALUES (1, 'alias', 'Globex Corp');"
		"INSERT INTO opportunities (id, name, account, state, owner, created_ms, updated_ms) VALUES"
		" (1, 'Old', 1, 'won', 'x', 1, 1), (2, 'Renewal', 1, 'open', 'cy', 1, 1);"
		"INSERT INTO cases (id, name, account, state, created_ms, updated_ms) VALUES"
		" (1, 'Slow export', 2, 'ok-with-progress', 1, 1);"
		"INSERT INTO people (id, external_id, name, kind, preferred, origin, created_ms, updated_ms)"
		" VALUES (5, 'crm:p5', 'Bram Oakden', 'contact', 'dee', 'file', 1, 1);"
		"INSERT INTO employments (person, account, employer, observed_ms, origin, confidence)"
		" VALUES (5, 2, 'Initech', 1, 'file', 'A')");
	assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
	static const struct subject same[] = {{STR("account"), STR("crm:7"), STR("whatever")},
		{STR("account"), STR("account_1"), STR("")},
		{STR("account"), STR("row 3"), STR("Globex")},
		{STR("customers"), STR("globex"), STR("Globex Corp")}};
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		store_subject_facts(s, &same[i], &arena, &facts);
		assert_int_equal(facts.account, 1);
		assert_str_is(facts.preferred, "hoy");
		assert_str_is(facts.deal_owner, "cy");
		assert_int_equal(store_subject_traits(s, &same[i]), TRAIT_CUSTOMER | TRAIT_DEAL);
	}
	/* The kind is the name of the list they are in, whatever a rule file calls it. */
	static const struct subject person[] = {{STR("contact"), STR("crm:p5"), STR("Bram Oakden")},
		{STR("contacts"), STR("contact_5"), STR("Bram Oakden")},
		{STR("our-people"), STR("crm:p5"), STR("Bram Oakden")}};
	for (size_t i = 0; i < sizeof(person) / sizeof(person[0]); i++) {
		store_subject_facts(s, &person[i], &arena, &facts);
		assert_int_equal(facts.person, 5);
		assert_int_equal(facts.account, 2);
		assert_str_is(facts.preferred, "dee");
		assert_str_is(facts.owner, "bo");
		assert_false(facts.open_case); /* it makes progress */
		assert_int_equal(store_subject_traits(s, &person[i]), TRAIT_CONTACT | TRAIT_TARGET);
	}
	static const struct subject other = {STR("our-people"), STR("crm:p5"), STR("Globex")};
	assert_int_equal(store_subject_traits(s, &other), TRAIT_CUSTOMER | TRAIT_DEAL);
	static const struct subject author = {STR("author"), STR("crm:7"), STR("Globex")};
	assert_int_equal(
		store_subject_traits(s, &author), 0); /* a name says nothing of an author */
	arena_release(&arena);
	store_close(s);
}

static void near_misses_add_up_once_they_are_judged(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct near_totals totals;
	struct near_sample one = {.from_ms = 1, .until_ms = 9, .misses = 40, .found = 8};
	fill(s);
	int64_t first = store_near_sample_add(s, &one, 9);
	int64_t other = store_near_sample_add(s, &one, 10);
	for (int64_t post = 1; post <= 4; post++) {
		store_near_add(s, first, STR("likes"), post);
		store_near_add(s, other, STR("likes"), post + 4);
	}
	assert_int_equal(store_near_totals(s, &totals, NULL), HARK_OK);
	assert_int_equal(totals.samples, 0);
	assert_int_equal(store_near_judge(s, 1, true, STR_NONE, STR("ana"), 11, NULL), HARK_OK);
	assert_int_equal(store_near_judge(s, 3, false, STR("no"), STR("ana"), 11, NULL), HARK_OK);
	assert_int_equal(
		store_near_judge(s, 99, true, STR_NONE, STR("ana"), 11, NULL), HARK_ENOENT);
	assert_int_equal(store_near_totals(s, &totals, NULL), HARK_OK);
	assert_int_equal(totals.samples, 1); /* the other week is not judged */
	assert_int_equal(totals.judged, 2);
	assert_int_equal(totals.relevant, 1);
	assert_int_equal(totals.misses, 40);
	assert_int_equal(totals.found, 8);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_have_wilsons_interval),
		cmocka_unit_test(percentiles_are_of_the_nearest_rank),
		cmocka_unit_test(a_score_is_the_sum_of_its_symbols),
		cmocka_unit_test(proposed_weights_lie_between_what_is_and_what_was_judged),
		TMPSTORE_TEST(the_defaults_of_the_configuration_are_those_of_the_program),
		TMPSTORE_TEST(verdicts_give_the_precision_of_rules_entries_and_sources),
		TMPSTORE_TEST(clocks_are_read_by_source_and_rep),
		TMPSTORE_TEST(what_is_known_of_a_subject_comes_from_its_account),
		TMPSTORE_TEST(near_misses_add_up_once_they_are_judged),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
