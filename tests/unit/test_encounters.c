/* From a post whose author may be known to rows: the worker's answer, what is stored, and what comes of it. */
#include "tests/unit/tmpstore.h"

#include "monitor/people/company_name.h"
#include "monitor/people/who_load.h"
#include "monitor/pipeline/emit.h"
#include "monitor/pipeline/introduce.h"
#include "tests/unit/keyed.h"
#include "monitor/store/driver.h"
#include "monitor/store/encounters.h"
#include "monitor/store/leads.h"
#include "monitor/store/optouts.h"
#include "monitor/store/posts.h"
#include "monitor/store/reviews.h"
#include "rules/fold.h"

#define NOW INT64_C(1700000000000)

static const struct conf conf = {.lawful_basis = "legitimate-interest"};

struct scene {
	struct store *store;
	struct who *who;
	struct who_scratch scratch;
	int posts;
};

static void look_again(struct scene *sc)
{
	struct hark_err err = {0};
	who_unref(sc->who);
	sc->who = NULL;
	if (who_load(&sc->who, sc->store, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
}

static void open_scene(struct scene *sc, void **state)
{
	*sc = (struct scene){.store = tmpstore_open(*state, 0)};
	assert_int_equal(fold_init(), HARK_OK);
	who_scratch_init(&sc->scratch);
	db_exec(store_db(sc->store),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'Globex Corporation', 'customer', 'import', 1, 1);"
		"INSERT INTO account_names (account, kind, value) VALUES (1, 'alias', 'Globex'),"
		" (1, 'domain', 'globex.example');"
		"INSERT INTO people (id, external_id, name, kind, origin, created_ms, updated_ms, location)"
		" VALUES (1, 'C1', 'Odalys Merrick', 'contact', 'import', 1, 1, 'Ghent'),"
		" (2, NULL, 'Bram Oakden', 'contact', 'import', 1, 1, NULL),"
		" (3, NULL, 'O. Merrick', 'contact', 'import', 1, 1, NULL);"
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms) VALUES"
		" (1, 'email', 'odalys@globex.example', 'imported', 'import', 1),"
		" (1, 'profile', 'https://board.example/odalys', 'imported', 'import', 1),"
		" (3, 'handle', '@om@social.example', 'imported', 'import', 1);"
		"INSERT INTO employments (person, account, employer, title, observed_ms, origin, confidence)"
		" VALUES (1, 1, 'Globex Corp.', 'CTO', 1, 'import', 'imported'),"
		" (2, NULL, 'Initech', 'VP Sales', 1, 'import', 'imported')");
	assert_int_equal(db_check(store_db(sc->store), NULL), HARK_OK);
	look_again(sc);
}

static void close_scene(struct scene *sc)
{
	who_unref(sc->who);
	who_scratch_release(&sc->scratch);
	store_close(sc->store);
}

/* One post with one finding about its author. `text`: of the same id, an edit. */
static void hear(struct scene *sc, int id, struct author author, const char *text)
{
	struct batch b = {.source = STR("board"), .received_ms = NOW};
	struct batch_post bp = {0};
	struct emit_counts counts = {0};
	struct hark_err err = {0};
	char key[20];
	arena_init(&b.arena, 0);
	snprintf(key, sizeof(key), "%d", id);
	post_init(&bp.post);
	bp.post.source = STR("board");
	bp.post.external_id = str_c(key);
	bp.post.text = str_c(text);
	bp.post.author = author;
	struct signal g = {.rule = STR("wants"),
		.kind = SIGNAL_PURCHASE_INTENT,
		.level = LEVEL_NORMAL,
		.score = 70,
		.subject = {STR("author"), STR("some|body"), STR("Somebody")},
		.title = STR("Wants one"),
		.lead_key = STR("author:some body|purchase-intent"),
		.explain = STR("because")};
	bp.signals = &g;
	bp.signals_n = 1;
	b.posts = &bp;
	b.posts_n = 1;
	assert_int_equal(post_keys(b.posts, 1, &b.arena), HARK_OK);
	introduce(sc->who, &sc->scratch, &b);
	assert_int_equal(store_begin(sc->store, &err), HARK_OK);
	emit_batch(sc->store, &conf, &b, NOW, &counts, NULL);
	if (store_commit(sc->store, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	arena_release(&b.arena);
}

static int64_t ask(struct scene *sc, const char *sql)
{
	int64_t n = db_run_i64(db_query(store_db(sc->store), sql), -1);
	assert_int_equal(db_check(store_db(sc->store), NULL), HARK_OK);
	return n;
}

#define IS(sc, sql, n) assert_int_equal(ask(sc, sql), n)
#define PROFILE                                                                        \
	(struct author)                                                                \
	{                                                                              \
		.display_name = STR("Odalys"), .handle = STR("@odalys@board.example"), \
		.profile_url = STR("https://board.example/odalys")                     \
	}
#define NAMESAKE                                                          \
	(struct author)                                                   \
	{                                                                 \
		.display_name = STR("Bram Oakden"), .handle = STR("bram") \
	}

static void a_finding_about_an_author_who_is_known_is_about_the_person(void **state)
{
	struct scene sc;
	struct lead lead = {0};
	struct arena arena;
	open_scene(&sc, state);
	arena_init(&arena, 0);
	hear(&sc, 1, PROFILE, "I want one of those things");
	IS(&sc, "SELECT count(*) FROM encounters WHERE person = 1 AND grade = 'A'", 1);
	IS(&sc,
		"SELECT count(*) FROM leads WHERE subject_kind = 'contact' AND subject_id = 'C1'"
		" AND lead_key = 'contact:C1|purchase-intent'",
		1);
	assert_int_equal(store_lead_load(sc.store, 1, &arena, &lead, NULL), HARK_OK);
	store_lead_known(sc.store, &lead, &arena);
	assert_string_equal(lead.known.name.p, "Odalys Merrick");
	assert_string_equal(lead.known.known_by.p, "profile + name");
	assert_string_equal(lead.known.account_name.p, "Globex Corporation");
	arena_release(&arena);
	close_scene(&sc);
}

static void what_comes_with_a_proven_address_is_learned_once(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, 1, PROFILE, "I want one of those things");
	hear(&sc, 2, PROFILE, "I want two of those things");
	IS(&sc, "SELECT count(*) FROM identities WHERE confidence = 'proven' AND person = 1", 1);
	look_again(&sc);
	hear(&sc, 3, (struct author){.handle = STR("@odalys@board.example")}, "me again");
	IS(&sc, "SELECT count(*) FROM encounters WHERE known_by = 'handle @odalys@board.example'",
		1);
	IS(&sc, "SELECT count(*) FROM leads", 1);
	close_scene(&sc);
}

static void another_name_beside_an_address_teaches_nothing(void **state)
{
	struct scene sc;
	struct author author = PROFILE;
	open_scene(&sc, state);
	author.display_name = STR("Somebody Else");
	hear(&sc, 1, author, "I want one of those things");
	IS(&sc, "SELECT count(*) FROM encounters WHERE person = 1 AND grade = 'B'", 1);
	IS(&sc, "SELECT count(*) FROM identities WHERE confidence = 'proven'", 0);
	close_scene(&sc);
}

static void a_namesake_is_put_up_once_a_pair(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, 1, NAMESAKE, "I want one of those things");
	hear(&sc, 2, NAMESAKE, "I want two of those things");
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	IS(&sc, "SELECT count(*) FROM reviews WHERE person = 2 AND author IS NOT NULL", 1);
	IS(&sc, "SELECT count(*) FROM leads WHERE subject_kind = 'author'", 1);
	hear(&sc, 3, (struct author){.display_name = STR("Bram Oakden"), .handle = STR("other")},
		"and me?");
	IS(&sc, "SELECT count(*) FROM reviews", 2);
	close_scene(&sc);
}

static void a_pair_that_was_rejected_stays_two_whatever_the_bio_says(void **state)
{
	struct scene sc;
	struct author author = NAMESAKE;
	open_scene(&sc, state);
	hear(&sc, 1, author, "I want one of those things");
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_REJECT, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	author.bio = STR("VP Sales at Initech");
	hear(&sc, 2, author, "I want two of those things");
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	IS(&sc, "SELECT count(*) FROM reviews WHERE state = 'open'", 0);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_REOPEN, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	hear(&sc, 3, author, "I want three of those things");
	IS(&sc, "SELECT count(*) FROM encounters WHERE known_by = 'name + employer' AND grade = 'B'",
		1);
	close_scene(&sc);
}

static void a_pair_that_was_accepted_is_known_at_once_and_undo_forgets_it(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, 1, NAMESAKE, "I want one of those things");
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_ACCEPT, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	hear(&sc, 2, NAMESAKE, "I want two of those things");
	IS(&sc, "SELECT count(*) FROM encounters WHERE person = 2 AND known_by = 'review 1'", 1);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_REOPEN, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	hear(&sc, 3, NAMESAKE, "I want three of those things");
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	close_scene(&sc);
}

static void who_opts_out_or_is_erased_is_known_no_more(void **state)
{
	struct scene sc;
	struct optouts o;
	struct hark_err err = {0};
	open_scene(&sc, state);
	assert_int_equal(optouts_init(&o, sc.store, &err), HARK_OK);
	assert_int_equal(store_begin(sc.store, &err), HARK_OK);
	assert_int_equal(
		optouts_add(&o, OPTOUT_EMAIL, STR("odalys@globex.example"), STR_NONE, NOW, &err),
		HARK_OK);
	assert_int_equal(store_commit(sc.store, &err), HARK_OK);
	optouts_release(&o);
	hear(&sc, 1, PROFILE, "I want one of those things"); /* the worker still knows her */
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	size_t faces = who_faces(sc.who);
	look_again(&sc);
	assert_int_equal(who_faces(sc.who), faces - 1);
	hear(&sc, 2, (struct author){.handle = STR("@om@social.example")},
		"I want two of those things");
	IS(&sc, "SELECT count(*) FROM encounters", 1);
	db_exec(store_db(sc.store), "DELETE FROM people WHERE id = 3");
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	hear(&sc, 3, (struct author){.handle = STR("@om@social.example")},
		"I want three of those things");
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	close_scene(&sc);
}

static void of_two_that_are_one_the_older_is_meant(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	db_exec(store_db(sc.store), "UPDATE people SET merged_into = 1 WHERE id = 3");
	hear(&sc, 1, (struct author){.handle = STR("@om@social.example")},
		"I want one of those things");
	look_again(&sc);
	hear(&sc, 2, (struct author){.handle = STR("@om@social.example")},
		"I want two of those things");
	IS(&sc, "SELECT count(*) FROM encounters WHERE person = 1", 2);
	store_post_delete(sc.store, 1, NOW);
	IS(&sc, "SELECT count(*) FROM encounters WHERE person = 1", 1);
	IS(&sc, "SELECT count(*) FROM leads WHERE subject_id = 'C1'", 1);
	close_scene(&sc);
}

static void an_edit_makes_nobody_somebody_else(void **state)
{
	struct scene sc;
	struct author author = NAMESAKE;
	open_scene(&sc, state);
	hear(&sc, 1, author, "I want one of those things");
	author.bio = STR("VP Sales at Initech");
	hear(&sc, 1, author, "I want one of those things, really");
	IS(&sc, "SELECT count(*) FROM encounters", 0);
	IS(&sc, "SELECT count(*) FROM signals WHERE gone_ms IS NULL", 1);
	hear(&sc, 2, PROFILE, "I want two of those things");
	hear(&sc, 2, PROFILE, "I want two of those things, really");
	IS(&sc, "SELECT count(*) FROM encounters", 1);
	IS(&sc, "SELECT count(*) FROM signals WHERE gone_ms IS NULL", 2);
	close_scene(&sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_finding_about_an_author_who_is_known_is_about_the_person),
		TMPSTORE_TEST(what_comes_with_a_proven_address_is_learned_once),
		TMPSTORE_TEST(another_name_beside_an_address_teaches_nothing),
		TMPSTORE_TEST(a_namesake_is_put_up_once_a_pair),
		TMPSTORE_TEST(a_pair_that_was_rejected_stays_two_whatever_the_bio_says),
		TMPSTORE_TEST(a_pair_that_was_accepted_is_known_at_once_and_undo_forgets_it),
		TMPSTORE_TEST(who_opts_out_or_is_erased_is_known_no_more),
		TMPSTORE_TEST(of_two_that_are_one_the_older_is_meant),
		TMPSTORE_TEST(an_edit_makes_nobody_somebody_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
