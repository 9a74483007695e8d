/* What was known before the first call: of whom, until when, for whose eyes, and as text. */
#include "tests/unit/tmpstore.h"

#include "monitor/leads/table.h"
#include "monitor/leads/timeline.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/optouts.h"

#define DAY INT64_C(86400000)
#define NOW (1000 * DAY)

/* Odalys works at Globex and was at Initech; person 3 is her, too. Lead 1 is hers, seen on day 999. */
static const char people[] =
	"INSERT INTO sources (id, name) VALUES (1, 'forum');"
	"INSERT INTO accounts (id, external_id, name, kind, origin, created_ms, updated_ms) VALUES"
	" (1, 'crm:A1', 'Globex', 'customer', 'import', 1, 1), (2, 'crm:A2', 'Initech', 'prospect', 'import', 1, 1);"
	"INSERT INTO people (id, external_id, name, kind, origin, merged_into, created_ms, updated_ms) VALUES"
	" (1, 'crm:C1', 'Odalys Merrick', 'contact', 'import', NULL, 1, 1),"
	" (2, 'crm:C2', 'Piet Sander', 'contact', 'import', NULL, 1, 1),"
	" (3, NULL, 'Odalys Merrick', 'contact', 'import', 1, 1, 1);"
	"INSERT INTO employments (person, account, employer, title, valid_from, observed_ms, ended_ms, origin,"
	" confidence) VALUES (1, 2, 'Initech', 'Buyer', '1971-03', 86400000, 90000000, 'import', 'a'),"
	" (1, 1, 'Globex', 'CTO', NULL, 172800000, NULL, 'import', 'a'),"
	" (2, 1, 'Globex', 'CFO', NULL, 172800000, NULL, 'import', 'a');"
	"INSERT INTO authors (id, key, handle, display_name, profile_hash, first_ms, changed_ms) VALUES"
	" (1, 'o', 'odalys', 'Odalys', 0, 1, 1), (2, 'p', 'piet', 'Piet', 0, 1, 1);"
	"INSERT INTO opportunities (external_id, name, account, state, created_ms, updated_ms) VALUES"
	" ('salesforce:006A', 'Pumps', 1, 'open', 1, 1), ('hubspot:77', 'Pumps', 1, 'open', 1, 1),"
	" ('salesforce:006B', 'Old', 1, 'won', 1, 1), ('salesforce:006C', 'Theirs', 2, 'open', 1, 1);";

static void add_lead(struct store *s, int64_t id, const char *subject, const char *kind,
	const char *visibility, int64_t day)
{
	char sql[1000];
	snprintf(sql, sizeof(sql),
		"INSERT INTO leads (id, kind, lead_key, visibility, subject_kind, subject_id, subject_name,"
		" title, score, score_max, level, rule, state, historic, signals, posts, seen_ms, created_ms,"
		" updated_ms) VALUES (%lld, '%s', 'k%lld', '%s', 'person', '%s', 'Odalys Merrick', 'Wants pumps',"
		" 60, 60, 'normal', 'asks', 'new', 0, 1, 1, %lld, 1, 1)",
		(long long)id, kind, (long long)id, visibility, subject, (long long)(day * DAY));
	db_exec(store_db(s), sql);
}

/* A post of an author with a signal in it. lead 0: of none; person 0: nobody is known to have written it. */
static void add_signal(struct store *s, int64_t id, int64_t author, int64_t lead, int64_t person,
	int64_t day, const char *text)
{
	char sql[2000];
	char lead_text[32];
	snprintf(lead_text, sizeof(lead_text), "%lld", (long long)lead);
	snprintf(sql, sizeof(sql),
		"INSERT INTO posts (id, source, external_id, author, words, type, visibility, url, published,"
		" seen_ms, received_ms, text) VALUES (%lld, 1, 'x%lld', %lld, 0, 'post', 'public',"
		" 'https://forum.example/%lld', %lld, 1, 1, '%s');"
		"INSERT INTO signals (id, post, story, lead, rule, kind, level, flags, score, visibility,"
		" lead_key, historic, created_ms) VALUES (%lld, %lld, %lld, %s, 'asks', 'purchase-intent',"
		" 'normal', 0, 60, 'all', 'k', 0, 1)",
		(long long)id, (long long)id, (long long)author, (long long)id,
		(long long)(day * DAY), text, (long long)id, (long long)id, (long long)id,
		lead != 0 ? lead_text : "NULL");
	db_exec(store_db(s), sql);
	if (person != 0) {
		snprintf(sql, sizeof(sql),
			"INSERT INTO encounters (post, person, author, known_by, grade, at_ms)"
			" VALUES (%lld, %lld, %lld, 'handle', 'A', 1)",
			(long long)id, (long long)person, (long long)author);
		db_exec(store_db(s), sql);
	}
}

static struct store *filled(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	db_exec(store_db(s), people);
	add_lead(s, 1, "crm:C1", "purchase-intent", "all", 999);
	add_signal(s, 1, 1, 1, 1, 999, "Which pump would you buy?");
	return s;
}

static struct timeline load(struct store *s, size_t max, struct arena *arena, struct lead *lead)
{
	struct timeline t = {0};
	struct hark_err err = {0};
	if (store_lead_load(s, 1, arena, lead, &err) != HARK_OK ||
		store_timeline(s, lead, NOW, max, arena, &t, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	return t;
}

/* All lines, with "|" between them. */
static void assert_lines(struct store *s, const char *want)
{
	struct arena arena;
	struct lead lead;
	struct buf out;
	arena_init(&arena, 0);
	buf_init(&out, 1 << 20);
	struct timeline t = load(s, 100, &arena, &lead);
	for (size_t i = 0; i < t.n; i++) {
		buf_add_c(&out, i > 0 ? "|" : "");
		timeline_line(&t.v[i], &out);
	}
	assert_string_equal(buf_c(&out), want);
	buf_release(&out);
	arena_release(&arena);
}

#define JOBS                                               \
	"1970-01-03 job of Odalys Merrick: CTO at Globex|" \
	"1971-03-01 job of Odalys Merrick: Buyer at Initech, since 1971-03"
#define ASKS                                                                          \
	"|1972-09-26 purchase-intent by Odalys in forum: Which pump would you buy?  " \
	"https://forum.example/1"

static void it_holds_all_of_the_person_and_their_account_as_it_came(void **state)
{
	struct store *s = filled(state);
	add_lead(s, 2, "crm:C1", "praise", "all", 500);
	add_signal(s, 2, 1, 2, 1, 500, "I like\nthe small one.");
	add_signal(s, 3, 1, 0, 3, 600, "A weak one."); /* as the person who is one with her */
	add_signal(s, 4, 2, 0, 2, 700, "A colleague has a budget.");
	add_signal(s, 5, 2, 0, 0, 700, "Nobody who is known.");
	db_exec(store_db(s),
		"INSERT INTO moves (id, person, name, name_key, event, to_employer, to_account, title, visibility,"
		" sources, pending, first_ms, last_ms) VALUES (4, 1, 'Odalys', '', 'joined', 'Globex', 1, 'CTO',"
		" 'all', 1, 0, 39744000000, 1);"
		"INSERT INTO move_evidence (move, source, kind, event, told_ms)"
		" VALUES (4, 1, 'roster', 'joined', 39744000000);"
		"INSERT INTO reference_candidates (id, person, account, origin, permission, authority, tone,"
		" stage_ms, statements, historic, score,"
		" created_ms, updated_ms) VALUES (6, 1, 1, 'rule', 'asked', 'speak', 'positive', 1,"
		" 1, 0, 1, 1, 1);"
		"INSERT INTO reference_events (reference, at_ms, action) VALUES (6, 69120000000, 'ask')");
	assert_lines(s, JOBS
		"|1971-04-06 move 4 of Odalys Merrick: joins Globex as CTO"
		"|1971-05-16 purchase-intent by Odalys in forum: I like the small one.  https://forum.example/2"
		"|1971-05-16 lead_2 praise of Odalys Merrick: new: Wants pumps"
		"|1971-08-24 purchase-intent by Odalys in forum: A weak one.  https://forum.example/3"
		"|1971-12-02 purchase-intent by Piet in forum: A colleague has a budget.  https://forum.example/4"
		"|1972-03-11 ref_6 ask of Odalys Merrick: now asked" ASKS);
	store_close(s);
}

static void what_several_rules_found_in_a_post_is_said_once(void **state)
{
	static const char *const found[] = {"'mentions', 'mention'", "'asks-too', 'purchase-intent'"};
	struct store *s = filled(state);
	for (int i = 0; i < 2; i++) {
		char sql[500];
		snprintf(sql, sizeof(sql),
			"INSERT INTO signals (id, post, story, lead, rule, kind, level, flags, score, visibility, lead_key,"
			" historic, created_ms) VALUES (%d, 1, 1, 1, %s, 'normal', 0, 60, 'all', 'k', 0, 1)",
			i + 2, found[i]);
		db_exec(store_db(s), sql);
	}
	assert_lines(s,
		JOBS ASKS "|1972-09-26 mention by Odalys in forum: Which pump would you buy?  https://forum.example/1");
	store_close(s);
}

static void colleagues_who_ask_to_be_left_alone_are_on_no_timeline(void **state)
{
	struct store *s = filled(state);
	struct optouts o;
	add_signal(s, 2, 2, 0, 2, 500, "Our pump is broken");
	assert_lines(s, JOBS "|1971-05-16 purchase-intent by Piet in forum: Our pump is broken"
			     "  https://forum.example/2" ASKS);
	assert_int_equal(store_begin(s, NULL), HARK_OK);
	assert_int_equal(optouts_init(&o, s, NULL), HARK_OK);
	assert_int_equal(optouts_add(&o, OPTOUT_RECORD, STR("crm:C2"), STR("asked"), NOW, NULL), HARK_OK);
	optouts_release(&o);
	assert_int_equal(store_commit(s, NULL), HARK_OK);
	assert_lines(s, JOBS ASKS);
	store_close(s);
}

static void whoever_may_see_the_lead_sees_no_more_by_its_timeline(void **state)
{
	struct store *s = filled(state);
	add_lead(s, 2, "crm:C1", "job-move", "sales-head", 500);
	add_signal(s, 2, 1, 2, 1, 500, "For the sales head alone.");
	add_signal(s, 3, 1, 0, 1, 501, "In a private group.");
	add_signal(s, 4, 1, 0, 1, 502, "Deleted since.");
	add_signal(s, 5, 1, 0, 1, 503, "Edited away.");
	add_signal(s, 6, 1, 0, 1, 504, "Of health.");
	db_exec(store_db(s),
		"UPDATE signals SET visibility = 'sales-head' WHERE id = 2;"
		"UPDATE posts SET visibility = 'private' WHERE id = 3;"
		"UPDATE posts SET deleted_ms = 1 WHERE id = 4;"
		"UPDATE signals SET gone_ms = 1 WHERE id = 5;"
		"UPDATE posts SET sensitive = 1 WHERE id = 6;"
		"INSERT INTO moves (id, person, name, name_key, event, to_employer, visibility, sources, pending,"
		" first_ms, last_ms) VALUES (4, 1, 'Odalys', '', 'joined', 'Umbrage', 'sales-head', 1, 0, 1, 1);"
		"INSERT INTO employments (person, employer, observed_ms, origin, confidence, move)"
		" VALUES (1, 'Umbrage', 1, 'move', 'a', 4)");
	assert_lines(s, JOBS "|1971-05-17 purchase-intent in forum: a private post" ASKS);
	db_exec(store_db(s), "UPDATE leads SET visibility = 'sales-head' WHERE id = 1");
	struct arena arena;
	struct lead lead;
	arena_init(&arena, 0);
	assert_int_equal(
		load(s, 100, &arena, &lead).n, 8); /* job, move, signal and lead of that class */
	arena_release(&arena);
	store_close(s);
}

static void it_ends_with_the_first_answer(void **state)
{
	struct arena arena;
	struct lead lead;
	struct buf out;
	struct store *s = filled(state);
	add_signal(s, 2, 1, 0, 1, 998, "Before.");
	add_signal(s, 3, 1, 0, 1, 900, "Long before.");
	db_exec(store_db(s),
		"UPDATE leads SET answered_ms = 86227200000 WHERE id = 1"); /* day 998 */
	arena_init(&arena, 0);
	buf_init(&out, 4096);
	struct timeline t = load(s, 100, &arena, &lead);
	assert_true(t.contacted);
	assert_int_equal(t.n, 4);
	assert_int_equal(t.signals, 2);
	timeline_head(&t, &out);
	assert_string_equal(buf_c(&out),
		"first signal 1972-06-19, 98 d before the first answer (1972-09-25); 2 signals");
	buf_release(&out);
	arena_release(&arena);
	store_close(s);
}

static void what_does_not_fit_is_counted_and_is_the_oldest(void **state)
{
	struct arena arena;
	struct lead lead;
	struct buf out;
	struct store *s = filled(state);
	for (int i = 2; i < 12; i++) {
		add_signal(s, i, 1, 0, 1, 600 + i, "One more.");
	}
	arena_init(&arena, 0);
	buf_init(&out, 4096);
	struct timeline t = load(s, 5, &arena, &lead);
	assert_int_equal(t.n, 5);
	assert_int_equal(t.left_out, 8);
	assert_int_equal(t.signals, 11);
	assert_int_equal(t.first_ms, 602 * DAY);
	timeline_text(&t, 400, &out);
	assert_true(out.n <= 400);
	assert_non_null(strstr(buf_c(&out), "11 signals\n(10 earlier left out)\n1971-09-03 "));
	assert_non_null(strstr(buf_c(&out), "Which pump"));
	buf_clear(&out);
	timeline_text(&t, 0, &out); /* the head is always there */
	assert_non_null(strstr(buf_c(&out), "11 signals\n(13 earlier left out)"));
	buf_release(&out);
	arena_release(&arena);
	store_close(s);
}

static void text_of_strangers_is_no_markup_and_no_formula(void **state)
{
	struct arena arena;
	struct lead lead;
	struct buf out;
	struct store *s = filled(state);
	db_exec(store_db(s),
		"UPDATE posts SET text = '=1+1 [x](https://evil.example) <b>', url = 'javascript:1'");
	arena_init(&arena, 0);
	buf_init(&out, 1 << 16);
	struct timeline t = load(s, 5, &arena, &lead);
	timeline_markdown(&lead, &t, &out);
	assert_non_null(strstr(
		buf_c(&out), "# lead_1 Wants pumps\n\nOdalys Merrick, Globex: first signal"));
	assert_non_null(
		strstr(buf_c(&out), "- **1972-09-26** purchase-intent by Odalys in forum: =1+1 "
				    "\\[x\\](https://evil.example) \\<b\\>\n"));
	buf_clear(&out);
	timeline_csv(&t, &out);
	assert_non_null(strstr(buf_c(&out), "forum,'=1+1 [x](https://evil.example) <b>,"));
	buf_release(&out);
	arena_release(&arena);
	store_close(s);
}

static void deals_have_a_row_each_in_their_own_system(void **state)
{
	static const struct {
		const char *profile, *begins;
	} cases[] = {{"salesforce-task",
			     "006A,hark lead_1: before the first call,\"first signal 1972-09-26, "},
		{"hubspot-note", "77,\"first signal 1972-09-26, "}};
	struct store *s = filled(state);
	for (size_t i = 0; i < 2; i++) {
		struct arena arena;
		struct lead lead;
		struct buf out;
		struct hark_err err = {0};
		arena_init(&arena, 0);
		buf_init(&out, 1 << 16);
		load(s, 1, &arena, &lead);
		assert_int_equal(leads_table_row(leads_profile(str_c(cases[i].profile)), s, &lead,
					 NOW, &arena, &out, &err),
			HARK_OK);
		assert_memory_equal(buf_c(&out), cases[i].begins, strlen(cases[i].begins));
		assert_null(strstr(buf_c(&out), "006B"));
		assert_null(strstr(buf_c(&out), "006C"));
		assert_int_equal(str_ends(buf_str(&out), STR("\r\n")), true);
		buf_release(&out);
		arena_release(&arena);
	}
	assert_null(leads_profile(STR("excel")));
	store_close(s);
}

/* A table asks for each of 10,000 leads. */
static void no_lead_goes_through_all_people_or_accounts(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	size_t statements = 0;
	for (; store_timeline_sql(statements) != NULL; statements++) {
		struct buf sql;
		int steps = 0;
		buf_init(&sql, 16384);
		buf_printf(&sql, "EXPLAIN QUERY PLAN %s", store_timeline_sql(statements));
		struct db_query *q = db_query(store_db(s), buf_c(&sql));
		for (; db_step(q); steps++) {
			char step[200];
			snprintf(step, sizeof(step), "%.*s", STR_FMT(db_col_text(q, 3)));
			if (strncmp(step, "SCAN ", 5) == 0) {
				assert_string_equal(step, "SCAN f"); /* what was found of theirs */
			}
			assert_null(strstr(step, "(kind=?)")); /* all profiles there are */
		}
		db_done(q);
		assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
		assert_true(steps > 0);
		buf_release(&sql);
	}
	assert_int_equal(statements, 9);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(it_holds_all_of_the_person_and_their_account_as_it_came),
		TMPSTORE_TEST(what_several_rules_found_in_a_post_is_said_once),
		TMPSTORE_TEST(colleagues_who_ask_to_be_left_alone_are_on_no_timeline),
		TMPSTORE_TEST(whoever_may_see_the_lead_sees_no_more_by_its_timeline),
		TMPSTORE_TEST(it_ends_with_the_first_answer),
		TMPSTORE_TEST(what_does_not_fit_is_counted_and_is_the_oldest),
		TMPSTORE_TEST(text_of_strangers_is_no_markup_and_no_formula),
		TMPSTORE_TEST(deals_have_a_row_each_in_their_own_system),
		TMPSTORE_TEST(no_lead_goes_through_all_people_or_accounts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
