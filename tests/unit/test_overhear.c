/* From what people and companies announce to records of job moves: the worker's part and the writer's. */
#include "tests/unit/tmpstore.h"

#include "monitor/people/company_name.h"
#include "monitor/people/who_load.h"
#include "monitor/pipeline/emit.h"
#include "monitor/pipeline/emit_effects.h"
#include "monitor/pipeline/introduce.h"
#include "tests/unit/keyed.h"
#include "monitor/pipeline/overhear.h"
#include "monitor/store/driver.h"
#include "monitor/store/optouts.h"
#include "monitor/store/reviews.h"
#include "rules/fold.h"

#define NOW INT64_C(1700000000000)

/* What follows from a move: a lead, a note, an orphan check, an alert. */
static const struct effect effects[] = {
	{.name = "gain",
		.who = MOVER_CONTACT | MOVER_GATEKEEPER,
		.joins = AT_PROSPECT,
		.leaves = AT_CUSTOMER,
		.make = MAKE_LEAD,
		.kind = SIGNAL_JOB_MOVE,
		.level = LEVEL_INSTANT,
		.score = 70,
		.class = "all",
		.title = "{person}, {role} at {to}"},
	{.name = "loss",
		.who = MOVER_CONTACT,
		.leaves = AT_CUSTOMER,
		.make = MAKE_NOTE,
		.about = ABOUT_OLD,
		.class = "all",
		.title = "{person} has left {from}"},
	{.name = "orphans",
		.who = MOVER_CONTACT | MOVER_STAFF,
		.leaves = AT_ANY,
		.make = MAKE_ORPHANS,
		.class = "all"},
	{.name = "rival",
		.who = MOVER_STAFF,
		.joins = AT_ANY,
		.make = MAKE_ALERT,
		.kind = SIGNAL_JOB_MOVE,
		.score = 90,
		.class = "sales-head",
		.title = "{person} joins {to} as {role} of"},
};
static const struct conf conf = {.lawful_basis = "legitimate-interest",
	.effects = effects,
	.effects_n = sizeof(effects) / sizeof(effects[0]),
	.effects_path = "effects.yaml"};
static struct move_finder *finder;

struct scene {
	struct store *store;
	struct who *who;
	struct who_scratch scratch;
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
	who_scratch_init(&sc->scratch);
	db_exec(store_db(sc->store),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'Globex Corporation', 'customer', 'import', 1, 1), (2, 'Initech', 'prospect', 'import', 1, 1);"
		"INSERT INTO people (id, external_id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'C1', 'Odalys Merrick', 'contact', 'import', 1, 1),"
		" (2, NULL, 'Bram Oakden', 'contact', 'import', 1, 1);"
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms) VALUES"
		" (1, 'profile', 'https://board.example/odalys', 'imported', 'import', 1),"
		" (2, 'email', 'bram@initech.example', 'imported', 'import', 1);"
		"INSERT INTO employments (person, account, employer, title, observed_ms, origin, confidence)"
		" VALUES (1, 1, 'Globex Corp.', 'CTO', 1, 'import', 'imported'),"
		" (2, 2, 'Initech', 'VP Sales', 1, 'import', 'imported')");
	assert_int_equal(db_check(store_db(sc->store), NULL), HARK_OK);
	look_again(sc);
}

static void close_scene(struct scene *sc)
{
	who_unref(sc->who);
	who_scratch_release(&sc->scratch);
	store_close(sc->store);
}

/* One post. `source` NULL: the board; `id` heard before: an edit. */
static void hear(
	struct scene *sc, const char *source, int id, struct author author, const char *text)
{
	struct batch b = {.source = str_c(source != NULL ? source : "board"), .received_ms = NOW};
	struct batch_post bp = {0};
	struct emit_counts counts = {0};
	struct hark_err err = {0};
	char key[20];
	arena_init(&b.arena, 0);
	snprintf(key, sizeof(key), "%d", id);
	post_init(&bp.post);
	bp.post.source = b.source;
	bp.post.external_id = str_c(key);
	bp.post.text = str_c(text);
	bp.post.author = author;
	b.posts = &bp;
	b.posts_n = 1;
	assert_int_equal(post_keys(b.posts, 1, &b.arena), HARK_OK);
	overhear(finder, sc->who, &sc->scratch, &b);
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
#define ODALYS                                                                                    \
	(struct author)                                                                           \
	{                                                                                         \
		.display_name = STR("Odalys"), .profile_url = STR("https://board.example/odalys") \
	}
#define SOMEBODY                                                           \
	(struct author)                                                    \
	{                                                                  \
		.display_name = STR("Trade Paper"), .handle = STR("paper") \
	}
#define NAMESAKE                                                          \
	(struct author)                                                   \
	{                                                                 \
		.display_name = STR("Bram Oakden"), .handle = STR("bram") \
	}
#define JOINS "Thrilled to be joining Initech as Chief Operating Officer!"

static void who_writes_of_himself_is_the_author_if_evidence_says_who_that_is(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, NULL, 1, ODALYS, JOINS);
	IS(&sc, "SELECT person FROM moves WHERE event = 'joined' AND to_employer = 'Initech'", 1);
	IS(&sc, "SELECT from_account * 10 + to_account FROM moves", 12);
	IS(&sc, "SELECT count(*) FROM move_evidence WHERE kind = 'announcement' AND known_by = 'profile + name'",
		1);
	IS(&sc,
		"SELECT count(*) FROM employments WHERE person = 1 AND ended_ms IS NULL AND account = 2"
		" AND origin = 'move' AND title = 'Chief Operating Officer'",
		1);
	IS(&sc, "SELECT count(*) FROM encounters", 1);
	hear(&sc, NULL, 1, ODALYS, JOINS);
	hear(&sc, NULL, 2, ODALYS,
		"So happy: I have joined Initech as Chief Operating Officer. First week done.");
	IS(&sc, "SELECT count(*) FROM moves", 1);
	IS(&sc, "SELECT sources FROM moves", 1);
	close_scene(&sc);
}

static void a_name_with_the_employer_of_before_or_now_is_the_person(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, NULL, 1, SOMEBODY,
		"Hooli appoints Bram Oakden, formerly of Initech, as chief revenue officer");
	IS(&sc, "SELECT person FROM moves WHERE to_employer = 'Hooli'", 2);
	look_again(&sc);
	hear(&sc, "other", 1, SOMEBODY,
		"Bram Oakden joins Hooli as CRO, the company said on Tuesday morning.");
	IS(&sc, "SELECT sources FROM moves", 2);
	IS(&sc, "SELECT count(*) FROM move_evidence WHERE known_by = 'name + employer'", 2);
	IS(&sc, "SELECT count(*) FROM reviews", 0);
	close_scene(&sc);
}

static void a_name_alone_is_a_stranger_and_put_up_for_review(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, NULL, 1, SOMEBODY, "Hooli names Bram Oakden as chief revenue officer");
	hear(&sc, NULL, 2, SOMEBODY, "Vandelay names Wren Halloway as chief financial officer");
	IS(&sc, "SELECT count(*) FROM moves WHERE person IS NULL", 2);
	IS(&sc, "SELECT count(*) FROM reviews WHERE person = 2 AND move = 1 AND state = 'open'", 1);
	IS(&sc, "SELECT count(*) FROM reviews", 1);
	IS(&sc, "SELECT count(*) FROM employments", 2);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_ACCEPT, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT person FROM moves WHERE id = 1", 2);
	IS(&sc, "SELECT count(*) FROM employments WHERE person = 2 AND employer = 'Hooli' AND ended_ms IS NULL",
		1);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_REOPEN, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM moves WHERE person IS NULL", 2);
	IS(&sc, "SELECT count(*) FROM employments", 2);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_REJECT, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM people_events", 3);
	close_scene(&sc);
}

static void an_author_who_is_accepted_has_made_the_move_he_told_of(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, NULL, 1, NAMESAKE, JOINS);
	hear(&sc, NULL, 2, NAMESAKE, "Thrilled to be joining Hooli as Chief Operating Officer!");
	IS(&sc, "SELECT count(*) FROM moves WHERE person IS NULL", 2);
	IS(&sc, "SELECT count(*) FROM reviews WHERE author IS NOT NULL", 1);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_ACCEPT, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM moves WHERE person = 2", 2);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_REOPEN, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM moves WHERE person IS NULL", 2);
	close_scene(&sc);
}

static void an_edit_takes_back_what_it_says_no_more(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, NULL, 1, ODALYS, JOINS);
	hear(&sc, NULL, 1, ODALYS, JOINS " More soon.");
	IS(&sc, "SELECT count(*) FROM moves WHERE id = 1", 1);
	hear(&sc, NULL, 1, ODALYS, "Thrilled to be joining Hooli as Chief Operating Officer!");
	IS(&sc, "SELECT count(*) FROM moves WHERE to_employer = 'Hooli'", 1);
	IS(&sc, "SELECT count(*) FROM moves", 1);
	hear(&sc, NULL, 1, ODALYS, "April fools. I stay where I am.");
	IS(&sc, "SELECT count(*) FROM moves", 0);
	IS(&sc, "SELECT count(*) FROM employments WHERE person = 1 AND ended_ms IS NULL AND account = 1",
		1);
	IS(&sc, "SELECT count(*) FROM employments", 2);
	close_scene(&sc);
}

static void a_copy_of_the_same_words_is_no_second_witness(void **state)
{
	static const char text[] =
		"Hooli today announced that it has appointed Bram Oakden, formerly of Initech, as its"
		" chief revenue officer, to lead sales in all markets from spring on.";
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, NULL, 1, SOMEBODY, text);
	hear(&sc, "copycat", 1, SOMEBODY, text);
	IS(&sc, "SELECT count(*) FROM posts", 2);
	IS(&sc, "SELECT sources FROM moves", 1);
	close_scene(&sc);
}

static void who_asks_to_be_left_alone_has_no_moves(void **state)
{
	struct scene sc;
	struct optouts o;
	open_scene(&sc, state);
	assert_int_equal(store_begin(sc.store, NULL), HARK_OK);
	optouts_init(&o, sc.store, NULL);
	assert_int_equal(
		optouts_add(&o, OPTOUT_EMAIL, STR("bram@initech.example"), STR_NONE, 1, NULL),
		HARK_OK);
	optouts_release(&o);
	assert_int_equal(store_commit(sc.store, NULL), HARK_OK);
	hear(&sc, NULL, 1, SOMEBODY,
		"Hooli appoints Bram Oakden, formerly of Initech, as chief revenue officer");
	look_again(&sc);
	hear(&sc, NULL, 2, SOMEBODY,
		"Hooli appoints Bram Oakden, formerly of Initech, as its chief revenue officer");
	IS(&sc, "SELECT count(*) FROM moves", 0);
	close_scene(&sc);
}

static void where_nobody_is_known_nothing_is_looked_for(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	db_exec(store_db(sc.store), "DELETE FROM people");
	look_again(&sc);
	hear(&sc, NULL, 1, SOMEBODY, "Hooli names Bram Oakden as chief revenue officer");
	IS(&sc, "SELECT count(*) FROM moves", 0);
	close_scene(&sc);
}

static void one_event_has_its_effects_once_and_more_evidence_joins_the_lead(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear(&sc, NULL, 1, ODALYS, JOINS);
	IS(&sc, "SELECT count(*) FROM move_effects", 2);
	IS(&sc,
		"SELECT count(*) FROM move_effects e JOIN leads l ON l.id = e.lead WHERE make = 'lead' AND"
		" l.rule = 'effects/gain' AND l.title = 'Odalys Merrick, Chief Operating Officer at Initech'",
		1);
	IS(&sc,
		"SELECT count(*) FROM move_effects WHERE make = 'note' AND account = 1 AND"
		" text = 'Odalys Merrick has left Globex Corp.'",
		1);
	hear(&sc, NULL, 1, ODALYS, JOINS " More soon.");
	look_again(&sc);
	hear(&sc, "other", 1, SOMEBODY,
		"Odalys Merrick joins Initech as COO, the company said on Tuesday morning.");
	IS(&sc, "SELECT count(*) FROM move_effects", 2);
	IS(&sc, "SELECT count(*) FROM leads", 1);
	IS(&sc, "SELECT signals FROM leads", 2);
	IS(&sc, "SELECT count(*) FROM signals WHERE gone_ms IS NULL AND explain LIKE '%2 sources, grade B'",
		1);
	hear(&sc, NULL, 1, ODALYS, "April fools. I stay where I am.");
	hear(&sc, "other", 1, SOMEBODY,
		"A correction: nothing has changed at all, the company said on Tuesday.");
	IS(&sc, "SELECT count(*) FROM move_effects", 0);
	IS(&sc, "SELECT count(*) FROM signals WHERE gone_ms IS NULL", 0);
	close_scene(&sc);
}

static void one_of_us_who_goes_is_for_the_class_the_policy_names_alone(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	db_exec(store_db(sc.store),
		"UPDATE people SET kind = 'staff', name = 'Odalys Reeve' WHERE id = 1;"
		"UPDATE accounts SET owner = 'Odalys Reeve' WHERE id = 2");
	hear(&sc, NULL, 1, ODALYS,
		"Some personal news: I've joined Initech! First week done, and it is a joy.");
	IS(&sc,
		"SELECT count(*) FROM leads WHERE visibility = 'sales-head' AND title ="
		" 'Odalys Reeve joins Initech as of' AND why LIKE '%; 1 account at risk: Initech'",
		1);
	IS(&sc, "SELECT count(*) FROM leads", 1);
	IS(&sc, "SELECT count(*) FROM moves WHERE visibility = 'sales-head'", 1);
	close_scene(&sc);
}

static void who_praised_one_of_us_by_name_is_at_risk_once_they_go(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	db_exec(store_db(sc.store),
		"UPDATE people SET kind = 'staff', name = 'Odalys Reeve' WHERE id = 1;"
		"UPDATE accounts SET kind = 'customer' WHERE id = 2;"
		"INSERT INTO reference_candidates (id, person, account, origin, authority, permission, stage_ms,"
		" tone, score, statements, historic, created_ms, updated_ms) VALUES (7, 2, 2, 'rule', 'speak',"
		" 'found', 1, 'positive', 45, 1, 0, 1, 1);"
		"INSERT INTO statements (reference, person, account, source, tone, text, hash, parts, praised,"
		" captured_ms, visibility, regulated, historic) VALUES (7, 2, 2, 'board', 'positive',"
		" 'Kudos to Odalys', 'h', NULL, 'Odalys', 1, 'public', 0, 0)");
	hear(&sc, NULL, 1, ODALYS,
		"Some personal news: I've joined Hooli! First week done, and it is a joy.");
	IS(&sc,
		"SELECT count(*) FROM leads WHERE visibility = 'sales-head' AND why LIKE"
		" '%; 1 account at risk: Initech%'",
		1);
	IS(&sc,
		"SELECT count(*) FROM move_effects WHERE make = 'note' AND account = 2 AND class ="
		" 'sales-head' AND text = 'At risk: Odalys Reeve, whom they praise at Initech, has left'",
		1);
	close_scene(&sc);
}

static void what_somebody_decides_of_a_name_has_its_effects_and_loses_them(void **state)
{
	struct scene sc;
	struct emit_counts counts = {0};
	open_scene(&sc, state);
	db_exec(store_db(sc.store),
		"UPDATE employments SET employer = 'Globex', account = 1 WHERE person = 2");
	look_again(&sc);
	hear(&sc, NULL, 1, SOMEBODY, "Initech names Bram Oakden as chief revenue officer");
	IS(&sc, "SELECT count(*) FROM move_effects", 0);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_ACCEPT, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM moves WHERE pending", 1);
	assert_int_equal(store_begin(sc.store, NULL), HARK_OK);
	assert_false(emit_pending_moves(sc.store, &conf, NOW, &counts));
	assert_int_equal(store_commit(sc.store, NULL), HARK_OK);
	IS(&sc, "SELECT count(*) FROM moves WHERE pending", 0);
	IS(&sc, "SELECT count(*) FROM move_effects", 2);
	IS(&sc, "SELECT count(*) FROM leads", 1);
	assert_int_equal(store_review_decide(sc.store, 1, REVIEW_REOPEN, STR("ana"),
				 company_name_same, NULL, NOW, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM move_effects", 0);
	IS(&sc, "SELECT count(*) FROM signals WHERE gone_ms IS NULL", 0);
	close_scene(&sc);
}

static int setup(void **state)
{
	(void)state;
	finder = fold_init() == HARK_OK ? move_finder_new() : NULL;
	return finder != NULL ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	move_finder_free(finder);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(who_writes_of_himself_is_the_author_if_evidence_says_who_that_is),
		TMPSTORE_TEST(a_name_with_the_employer_of_before_or_now_is_the_person),
		TMPSTORE_TEST(a_name_alone_is_a_stranger_and_put_up_for_review),
		TMPSTORE_TEST(an_author_who_is_accepted_has_made_the_move_he_told_of),
		TMPSTORE_TEST(an_edit_takes_back_what_it_says_no_more),
		TMPSTORE_TEST(a_copy_of_the_same_words_is_no_second_witness),
		TMPSTORE_TEST(who_asks_to_be_left_alone_has_no_moves),
		TMPSTORE_TEST(one_event_has_its_effects_once_and_more_evidence_joins_the_lead),
		TMPSTORE_TEST(one_of_us_who_goes_is_for_the_class_the_policy_names_alone),
		TMPSTORE_TEST(who_praised_one_of_us_by_name_is_at_risk_once_they_go),
		TMPSTORE_TEST(what_somebody_decides_of_a_name_has_its_effects_and_loses_them),
		TMPSTORE_TEST(where_nobody_is_known_nothing_is_looked_for),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
