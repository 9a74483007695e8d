#include "tests/unit/tmpstore.h"

#include "monitor/base/cell.h"
#include "monitor/people/import.h"
#include "monitor/people/import_columns.h"
#include "monitor/people/import_row.h"
#include "monitor/store/optouts.h"
#include "monitor/store/record_index.h"
#include "monitor/store/driver.h"
#include "monitor/store/references.h"

/* ---- values ---- */

static void addresses_are_found_in_what_people_write(void **state)
{
	(void)state;
	static const struct {
		const char *in, *out; /* NULL: refused */
	} cases[] = {{"Ada@Acme.Example", "ada@acme.example"},
		{"a@a.example; b@b.example,a@a.example", "a@a.example\nb@b.example"},
		{"Ada Example <ada@acme.example>", "ada@acme.example"},
		{"mailto:ada@acme.example", "ada@acme.example"}, {"ada", NULL},
		{"@acme.example", NULL}, {"ada@", NULL}, {"ada@acme", NULL},
		{"ada@acme..example", NULL}, {"ada@.example", NULL}, {"a@b@c.example", NULL},
		{"<>", NULL}, {"a(b)@c.example", NULL}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena;
		struct str out = STR_NONE;
		arena_init(&arena, 0);
		int rc = import_emails(str_c(cases[i].in), &arena, &out, NULL);
		assert_int_equal(rc, cases[i].out != NULL ? HARK_OK : HARK_EINVAL);
		if (cases[i].out != NULL) {
			assert_str_is(out, cases[i].out);
		}
		arena_release(&arena);
	}
}

static void dates_that_mean_two_things_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		enum date_order order;
		const char *out;
	} cases[] = {{"2026-09-30", DATES_UNKNOWN, "2026-09-30"}, {"2026", DATES_UNKNOWN, "2026"},
		{"2026-09", DATES_UNKNOWN, "2026-09"}, {"2026-13", DATES_UNKNOWN, NULL},
		{"2026-09-30T23:30:00-08:00", DATES_UNKNOWN, "2026-09-30"},
		{"2026-01-31 09:00", DATES_UNKNOWN, "2026-01-31"},
		{"12 Mar 2024", DATES_UNKNOWN, "2024-03-12"},
		{"30.9.2026", DATES_MONTH_FIRST, "2026-09-30"},
		{"3/14/2026", DATES_UNKNOWN, "2026-03-14"},
		{"14/3/26", DATES_UNKNOWN, "2026-03-14"}, {"3/4/2026", DATES_UNKNOWN, NULL},
		{"3/4/2026 2:30 PM", DATES_MONTH_FIRST, "2026-03-04"},
		{"3/4/2026", DATES_DAY_FIRST, "2026-04-03"},
		{"4/4/2026", DATES_UNKNOWN, "2026-04-04"}, {"14/14/2026", DATES_UNKNOWN, NULL},
		{"31/2/2026", DATES_UNKNOWN, NULL}, {"29/2/2024", DATES_UNKNOWN, "2024-02-29"},
		{"29/2/2023", DATES_UNKNOWN, NULL}, {"31/12/0000", DATES_UNKNOWN, NULL}, {"45678", DATES_UNKNOWN, NULL},
		{"2026-02-30", DATES_UNKNOWN, NULL}, {"2026-02-300", DATES_UNKNOWN, NULL},
		{"0/0/2026", DATES_UNKNOWN, NULL}, {"soon", DATES_UNKNOWN, NULL}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct arena arena;
		struct str out = STR_NONE;
		arena_init(&arena, 0);
		int rc = import_date(str_c(cases[i].in), cases[i].order, &arena, &out, NULL);
		if ((rc == HARK_OK) != (cases[i].out != NULL)) {
			fail_msg("%s: %d", cases[i].in, rc);
		}
		if (cases[i].out != NULL) {
			assert_str_is(out, cases[i].out);
		}
		arena_release(&arena);
	}
}

/* 13/45/2026 is no date, so it says nothing of the others. */
static void only_dates_tell_which_comes_first(void **state)
{
	static const struct {
		const char *in;
		unsigned seen;
	} cases[] = {{"14/3/2026", DATES_SEEN_DAY_FIRST}, {"3/14/2026", DATES_SEEN_MONTH_FIRST},
		{"3/4/2026", DATES_SEEN_EITHER}, {"4/4/2026", 0}, {"13/45/2026", 0},
		{"45/3/2026", 0}, {"3/32/2026", 0}, {"14/14/2026", 0}, {"14.3.2026", 0}};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		unsigned seen = 0;
		import_dates_look(str_c(cases[i].in), &seen);
		if (seen != cases[i].seen) {
			fail_msg("%s: %u", cases[i].in, seen);
		}
	}
}

static void amounts_are_read_in_any_notation(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		int64_t cents;
		const char *currency; /* NULL: refused */
	} cases[] = {{"1200", 120000, ""}, {"1,200.50", 120050, ""}, {"1.200,50", 120050, ""},
		{"1.200", 120000, ""}, {"1,200,300", 120030000, ""}, {"12.5", 1250, ""},
		{"12,5", 1250, ""}, {"1'200.50", 120050, ""}, {"1 200,50", 120050, ""},
		{"$1,200", 120000, ""}, {"1200 EUR", 120000, "EUR"}, {"EUR 1200", 120000, "EUR"},
		{"\xe2\x82\xac"
		 "5",
			500, "EUR"},
		{"-5", -500, ""}, {"1234.5678", 123456, ""}, {"12k", 0, NULL}, {"", 0, NULL},
		{".", 0, NULL}, {"5.", 0, NULL}, {"99999999999999999999", 0, NULL}, {"-", 0, NULL}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct str currency = STR_NONE;
		int64_t cents = 0;
		int rc = import_money(str_c(cases[i].in), &cents, &currency, NULL);
		if ((rc == HARK_OK) != (cases[i].currency != NULL)) {
			fail_msg("%s: %d", cases[i].in, rc);
		}
		if (cases[i].currency != NULL) {
			assert_int_equal(cents, cases[i].cents);
			assert_true(str_eq_c(currency, cases[i].currency));
		}
	}
}

static void words_of_others_become_ours(void **state)
{
	(void)state;
	struct arena arena;
	arena_init(&arena, 0);
	assert_str_is(import_account_type(STR("Customer - Direct"), &arena), "customer");
	assert_str_is(import_account_type(STR("Kunde"), &arena), "customer");
	assert_str_is(import_account_type(STR("Nordic customer"), &arena), "customer");
	assert_str_is(import_account_type(STR("Former Customer"), &arena), "former customer");
	assert_str_is(import_account_type(STR("Channel Partner / Reseller"), &arena), "partner");
	assert_str_is(import_account_type(STR("Press"), &arena), "press");
	arena_release(&arena);
	assert_string_equal(import_deal_state(STR("Closed Won")), "won");
	assert_string_equal(import_deal_state(STR("Closed Lost to rival")), "lost");
	assert_string_equal(import_deal_state(STR("Proposal")), "open");
	assert_string_equal(import_case_state(STR("Reopened")), "open");
	assert_string_equal(import_case_state(STR("Waiting on fix")), "ok-with-progress");
	assert_string_equal(import_case_state(STR("Closed")), "closed");
	assert_string_equal(import_case_state(STR("New")), "open");
}

/* ---- the index ---- */

static void a_key_that_many_share_stays_short(void **state)
{
	(void)state;
	struct record_index *x = NULL;
	assert_int_equal(record_index_load(&x, NULL, RECORD_CONTACT, NULL), HARK_OK);
	for (int i = 0; i < 5000; i++) {
		char own[32];
		uint32_t slot = record_index_add(x, i + 1);
		snprintf(own, sizeof(own), "id%d", i);
		assert_int_equal(
			record_index_key(x, slot, KEY_EMAIL, STR("all@acme.example")), HARK_OK);
		assert_int_equal(record_index_key(x, slot, KEY_ID, str_c(own)), HARK_OK);
	}
	int shared = 0;
	for (uint32_t at = RECORD_NONE; (at = record_index_find(x, KEY_EMAIL,
						 STR("all@acme.example"), at)) != RECORD_NONE;) {
		shared++;
	}
	assert_int_equal(shared, 4);
	assert_int_equal(record_index_find(x, KEY_ID, STR("id4999"), RECORD_NONE), 4999);
	assert_int_equal(record_index_find(x, KEY_ID, STR("id5000"), RECORD_NONE), RECORD_NONE);
	assert_int_equal(record_index_find(x, KEY_LINK, STR("id1"), RECORD_NONE), RECORD_NONE);
	record_index_free(x);
}

static void names_are_compared_as_words(void **state)
{
	(void)state;
	struct record_index *x = NULL;
	assert_int_equal(record_index_load(&x, NULL, RECORD_CONTACT, NULL), HARK_OK);
	uint32_t slot = record_index_add(x, 1);
	record_index_key2(x, slot, KEY_NAME_EMPLOYER, STR("Jürgen Müller"), STR("Acme, Inc."));
	assert_int_equal(record_index_find2(x, KEY_NAME_EMPLOYER, STR("JURGEN  MULLER"),
				 STR("acme inc"), RECORD_NONE),
		slot);
	assert_int_equal(record_index_find2(x, KEY_NAME_EMPLOYER, STR("Jürgen"),
				 STR("Müller Acme Inc"), RECORD_NONE),
		RECORD_NONE);
	record_index_free(x);
}

static bool is_known(const struct import_column *c, const char *name)
{
	for (size_t k = 0; k < IMPORT_NAMES_MAX && c->known[k] != NULL; k++) {
		if (cell_is_called(str_c(name), c->known[k])) {
			return true;
		}
	}
	return false;
}

static void a_column_that_is_called_like_its_field_is_known(void **state)
{
	(void)state;
	for (const struct import_column *c = import_columns; c->name != NULL; c++) {
		if (!is_known(c, c->name)) {
			fail_msg("%s", c->name);
		}
	}
}

static void a_line_of_nothing_but_commas_is_no_row(void **state)
{
	struct import_table t;
	struct hark_err err = {0};
	const struct import_wishes wishes = {0};
	(void)state;
	assert_int_equal(import_table_open(&t, RECORD_CONTACT,
				 STR("name,email\nAda Example,ada@acme.example\n , \n\nBob Sample,bob@acme.example\n"), 0,
				 DATES_UNKNOWN, &wishes, &err),
		HARK_OK);
	assert_int_equal(t.rows, 2);
	import_table_close(&t);
}

/* ---- importing ---- */

static struct import_result import(
	struct store *s, enum record_kind kind, const char *text, int64_t now_ms)
{
	struct import_table t;
	struct import_result out = {0};
	struct hark_err err = {0};
	const struct import_wishes wishes = {.system = "crm"};
	const struct import_options options = {
		.write = true, .file = STR("in.csv"), .hash = STR("0"), .now_ms = now_ms};
	if (import_table_open(&t, kind, str_c(text), 0, DATES_UNKNOWN, &wishes, &err) != HARK_OK ||
		import_run(&t, s, &options, &out, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	import_table_close(&t);
	return out;
}

static int64_t number(struct store *s, const char *sql)
{
	return db_run_i64(db_query(store_db(s), sql), -1);
}

static void who_asked_to_be_left_alone_is_left_out(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct optouts o;
	struct hark_err err;
	assert_int_equal(optouts_init(&o, s, &err), HARK_OK);
	optouts_add(&o, OPTOUT_EMAIL, STR("ada@acme.example"), STR_NONE, 1, &err);
	optouts_add(&o, OPTOUT_PROFILE, STR("https://www.linkedin.com/in/bob-sample/"), STR_NONE, 1,
		&err);
	optouts_release(&o);
	struct import_result r = import(s, RECORD_CONTACT,
		"id,name,email,linkedin\n1,Ada Example,x@acme.example;ADA@acme.example,\n"
		"2,Bob Sample,,linkedin.com/in/bob-sample\n3,Carla Muster,carla@acme.example,\n",
		1000);
	assert_int_equal(r.counts.opted_out, 2);
	assert_int_equal(r.counts.added, 1);
	assert_int_equal(number(s, "SELECT count(*) FROM people WHERE name <> 'Carla Muster'"), 0);
	r = import(s, RECORD_CONTACT,
		"id,name,email,Email Opt Out\n4,Dan Probe,dan@acme.example,Yes\n5,Eva Probe,eva@acme.example,No\n"
		"6,Finn Probe,finn@acme.example,perhaps\n7,Gil Probe,gil@acme.example,\n",
		2000);
	assert_int_equal(r.counts.opted_out, 1);
	assert_int_equal(r.counts.rejected, 1); /* whose word is not clear is not taken in by a guess */
	assert_int_equal(r.counts.added, 2);
	store_close(s);
}

/* Counts outlive it, texts do not. */
static int take_back(struct store *s, int64_t id, bool look, int64_t now_ms,
	struct import_undone *out, struct hark_err *err)
{
	struct arena arena;
	arena_init(&arena, 0);
	int rc = store_import_undo(s, id, STR("ada"), look, now_ms, &arena, out, err);
	arena_release(&arena);
	return rc;
}

static void a_new_employer_ends_a_job_and_begins_one(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	import(s, RECORD_CONTACT, "id,name,employer,title\n1,Ada Example,Acme Inc,CTO\n", 1000);
	import(s, RECORD_CONTACT, "id,name,employer,title\n1,Ada Example,ACME inc.,cto\n", 2000);
	assert_int_equal(number(s, "SELECT count(*) FROM employments"), 1); /* the same words */
	struct import_result r = import(s, RECORD_CONTACT,
		"id,name,employer,title,started on\n1,Ada Example,Globex,CEO,2026-09-01\n", 3000);
	assert_int_equal(r.counts.changed, 1);
	assert_int_equal(
		number(s, "SELECT count(*) FROM employments WHERE employer = 'Acme Inc' AND"
			  " ended_ms = 3000 AND valid_to = '2026-09-01'"),
		1);
	assert_int_equal(number(s, "SELECT count(*) FROM employments WHERE employer = 'Globex' AND"
				   " ended_ms IS NULL AND valid_from = '2026-09-01'"),
		1);
	struct import_undone undone;
	assert_int_equal(take_back(s, r.id, true, 4000, &undone, NULL), HARK_OK);
	assert_int_equal(undone.restored, 1);
	assert_int_equal(number(s, "SELECT count(*) FROM imports WHERE undone_ms IS NOT NULL"), 0);
	assert_int_equal(take_back(s, r.id, false, 4000, &undone, NULL), HARK_OK);
	assert_int_equal(undone.restored, 1);
	assert_int_equal(number(s, "SELECT count(*) FROM employments WHERE ended_ms IS NULL AND"
				   " valid_to IS NULL AND employer = 'Acme Inc'"),
		1);
	assert_int_equal(number(s, "SELECT count(*) FROM employments"), 1);
	store_close(s);
}

static void what_hangs_on_an_import_keeps_it(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct import_undone undone;
	struct hark_err err = {0};
	struct import_result r =
		import(s, RECORD_CONTACT, "id,name,email\n1,Ada Example,ada@acme.example\n", 1000);
	db_exec(store_db(s),
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms)"
		" VALUES (1, 'handle', 'ada', 'a', 'post', 2000)");
	assert_int_equal(take_back(s, r.id, false, 3000, &undone, &err), HARK_ESTATE);
	assert_string_equal(
		err.text, "1 identity learned later hangs on the people it added");
	db_exec(store_db(s), "DELETE FROM identities WHERE origin = 'post'");
	assert_int_equal(take_back(s, r.id, false, 3000, &undone, &err), HARK_OK);
	assert_int_equal(number(s, "SELECT count(*) FROM people"), 0);
	assert_int_equal(take_back(s, 7, false, 3000, &undone, &err), HARK_ENOENT);
	store_close(s);
}

static void an_employer_named_by_an_id_waits_for_its_account(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	static const char people[] = "id,name,account id\n1,Ada Example,A1\n";
	struct import_result r = import(s, RECORD_CONTACT, people, 1000);
	assert_int_equal(r.unlinked, 1);
	import(s, RECORD_ACCOUNT, "id,name,type\nA1,Acme,customer\n", 2000);
	r = import(s, RECORD_CONTACT, people, 3000);
	assert_int_equal(r.unlinked, 0);
	assert_int_equal(r.counts.changed, 1);
	assert_int_equal(number(s, "SELECT account FROM employments WHERE employer = 'Acme'"), 1);
	store_close(s);
}

static void rows_of_accounts_that_are_not_known_are_told(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	static const char cases[] =
		"id,subject,account,status\n1,Slow,Acme,open\n2,Slow,Acmee,open\n"
		"3,Slow,Globex,open\n4,Slow,Acmee,open\n";
	import(s, RECORD_ACCOUNT, "id,name,type\nA1,Acme,customer\n", 1000);
	struct import_result r = import(s, RECORD_CASE, cases, 2000);
	assert_int_equal(r.counts.added, 4);
	assert_int_equal(r.strangers, 3);
	assert_string_equal(r.stranger[0], "Acmee");
	assert_string_equal(r.stranger[1], "Globex");
	assert_string_equal(r.stranger[2], "");
	r = import(s, RECORD_CASE, cases, 3000); /* and as long as it is so */
	assert_int_equal(r.strangers, 3);
	store_close(s);
}

static void undo(struct store *s, int64_t id)
{
	struct import_undone undone;
	struct hark_err err = {0};
	if (take_back(s, id, false, 5000, &undone, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
}

static void an_account_that_comes_back_has_its_number_and_what_points_to_it(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct import_result r = import(
		s, RECORD_ACCOUNT, "id,name,type\nA1,Globex,customer\nA2,Initech,prospect\n", 1000);
	db_exec(store_db(s),
		"INSERT INTO moves (name, name_key, event, to_employer, to_account, visibility, sources,"
		" pending, first_ms, last_ms) VALUES ('Ada', '', 'joined', 'Initech', 2, 'all', 1, 0, 1, 1);"
		"INSERT INTO move_effects (move, effect, make, account, text, class, at_ms)"
		" VALUES (1, 'note', 'note', 2, 'Ada has joined', 'all', 1)");
	undo(s, r.id);
	assert_int_equal(number(s, "SELECT count(*) FROM accounts"), 0);
	assert_int_equal(number(s, "SELECT count(*) FROM moves WHERE to_account IS NOT NULL"), 0);
	/* Corrected, in another order, and with one more. */
	r = import(s, RECORD_ACCOUNT,
		"id,name,type\nA9,Umbrage,competitor\nA2,Initech Ltd,target\nA1,Globex,customer\n",
		2000);
	assert_int_equal(r.counts.added, 3);
	assert_int_equal(number(s, "SELECT id FROM accounts WHERE name = 'Globex'"), 1);
	assert_int_equal(number(s, "SELECT id FROM accounts WHERE name = 'Initech Ltd'"), 2);
	assert_int_equal(number(s, "SELECT id FROM accounts WHERE name = 'Umbrage'"), 3);
	assert_int_equal(number(s, "SELECT to_account FROM moves"), 2);
	assert_int_equal(number(s, "SELECT account FROM move_effects"), 2);
	assert_int_equal(number(s, "SELECT count(*) FROM removed_records"), 0);
	assert_int_equal(number(s, "SELECT count(*) FROM removed_links"), 0);
	store_close(s);
}

static void what_has_no_id_comes_back_by_what_it_says(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct import_result r =
		import(s, RECORD_ACCOUNT, "name,type\nGlobex,prospect\nInitech,prospect\n", 1000);
	undo(s, r.id);
	r = import(s, RECORD_ACCOUNT, "name,type\nInitech,customer\n", 2000);
	assert_int_equal(number(s, "SELECT id FROM accounts WHERE name = 'Initech'"), 2);
	static const char people[] = "name,email\nAda Example,ada@acme.example\n"
				     "Ada Example,ada@globex.example\n";
	r = import(s, RECORD_CONTACT, people, 3000);
	undo(s, r.id);
	/* A namesake is somebody else, and the numbers of others are not taken. */
	import(s, RECORD_CONTACT, "name,email\nAda Example,ada@initech.example\n", 4000);
	assert_int_equal(number(s, "SELECT max(id) FROM people"), 3);
	import(s, RECORD_CONTACT, people, 4500);
	assert_int_equal(number(s, "SELECT i.person FROM identities i WHERE i.value ="
				   " 'ada@globex.example'"),
		2);
	assert_int_equal(number(s, "SELECT count(*) FROM people"), 3);
	store_close(s);
}

static void a_complaint_that_is_not_cleared_keeps_its_account(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct import_undone undone;
	struct hark_err err = {0};
	struct import_result r =
		import(s, RECORD_ACCOUNT, "id,name,type\nA1,Globex,customer\n", 1000);
	db_exec(store_db(s),
		"INSERT INTO people (name, kind, origin, created_ms, updated_ms)"
		" VALUES ('Ada', 'contact', 'import', 1, 1);"
		"INSERT INTO statements (person, account, source, tone, hash, captured_ms, visibility,"
		" regulated, historic) VALUES (1, 1, 'x', 'negative', 'x', 1, 'public', 0, 0)");
	store_service_mark(s, 1, 1, 1500, 900000);
	assert_int_equal(take_back(s, r.id, false, 3000, &undone, &err), HARK_ESTATE);
	assert_string_equal(err.text,
		"1 complaint that service has not cleared hangs on the accounts it added");
	size_t n = 0;
	assert_int_equal(
		store_service_clear(s, 1, STR("ben"), STR("called"), 2000, &n, &err), HARK_OK);
	assert_int_equal(take_back(s, r.id, false, 3000, &undone, &err), HARK_OK);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_are_found_in_what_people_write),
		cmocka_unit_test(dates_that_mean_two_things_are_refused),
		cmocka_unit_test(only_dates_tell_which_comes_first),
		cmocka_unit_test(amounts_are_read_in_any_notation),
		cmocka_unit_test(words_of_others_become_ours),
		cmocka_unit_test(a_key_that_many_share_stays_short),
		cmocka_unit_test(names_are_compared_as_words),
		cmocka_unit_test(a_column_that_is_called_like_its_field_is_known),
		cmocka_unit_test(a_line_of_nothing_but_commas_is_no_row),
		TMPSTORE_TEST(who_asked_to_be_left_alone_is_left_out),
		TMPSTORE_TEST(a_new_employer_ends_a_job_and_begins_one),
		TMPSTORE_TEST(what_hangs_on_an_import_keeps_it),
		TMPSTORE_TEST(an_account_that_comes_back_has_its_number_and_what_points_to_it),
		TMPSTORE_TEST(what_has_no_id_comes_back_by_what_it_says),
		TMPSTORE_TEST(a_complaint_that_is_not_cleared_keeps_its_account),
		TMPSTORE_TEST(an_employer_named_by_an_id_waits_for_its_account),
		TMPSTORE_TEST(rows_of_accounts_that_are_not_known_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
