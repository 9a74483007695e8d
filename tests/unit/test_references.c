/* What customers say, from a post to the reference it makes: how it speaks, how it ranks, and what is stored. */
#include "tests/unit/tmpstore.h"

#include "monitor/pipeline/emit.h"
#include "monitor/pipeline/hear.h"
#include "monitor/pipeline/introduce.h"
#include "tests/unit/keyed.h"
#include "monitor/people/company_name.h"
#include "monitor/people/who_load.h"
#include "monitor/pipeline/emit_unplaced.h"
#include "monitor/references/candidates.h"
#include "monitor/references/rank.h"
#include "monitor/references/statement.h"
#include "monitor/references/work.h"
#include "monitor/store/driver.h"
#include "monitor/store/references.h"
#include "monitor/store/reviews.h"
#include "rules/fold.h"

#define NOW INT64_C(1800000000000)
#define DAY (24 * 3600 * INT64_C(1000))

static const struct conf conf = {.lawful_basis = "consent",
	.references = {.service_ms = 30 * DAY,
		.cap_person = 9,
		.cap_account = 9,
		.cap_activity = 9,
		.cap_window_ms = DAY}};

/* ---- how it speaks ---- */

static struct signal finding(enum signal_kind kind, unsigned flags)
{
	return (struct signal){.rule = STR("r"), .kind = kind, .flags = flags, .score = 50};
}

static enum statement_tone speaks(
	enum signal_kind kind, unsigned flags, enum tone_label label, bool mixed)
{
	struct signal g = finding(kind, flags);
	struct tone tone = {.label = label, .mixed = mixed};
	return statement_tone_of(&g, 1, &tone);
}

static void rules_and_tone_say_together_how_a_post_speaks(void **state)
{
	(void)state;
	assert_int_equal(speaks(SIGNAL_PRAISE, 0, TONE_POSITIVE, false), SAID_POSITIVE);
	assert_int_equal(speaks(SIGNAL_PRAISE, 0, TONE_NEUTRAL, false), SAID_POSITIVE);
	assert_int_equal(speaks(SIGNAL_PRAISE, 0, TONE_POSITIVE, true), SAID_MIXED);
	assert_int_equal(speaks(SIGNAL_PRAISE, FLAG_MIXED, TONE_NEGATIVE, false), SAID_MIXED);
	assert_int_equal(speaks(SIGNAL_PRAISE, 0, TONE_NEGATIVE, false), SAID_NEUTRAL);
	assert_int_equal(speaks(SIGNAL_COMPLAINT, 0, TONE_POSITIVE, false), SAID_NEGATIVE);
	assert_int_equal(speaks(SIGNAL_MENTION, 0, TONE_POSITIVE, false), SAID_POSITIVE);
	assert_int_equal(speaks(SIGNAL_MENTION, 0, TONE_NEGATIVE, false), SAID_NEGATIVE);
	assert_int_equal(speaks(SIGNAL_MENTION, 0, TONE_NEUTRAL, false), SAID_NOTHING);
	assert_int_equal(speaks(SIGNAL_MENTION, 0, TONE_UNKNOWN, false), SAID_NOTHING);
	assert_int_equal(speaks(SIGNAL_JOB_MOVE, 0, TONE_POSITIVE, false), SAID_NOTHING);
	assert_int_equal(speaks(SIGNAL_PRAISE, FLAG_SHADOW, TONE_POSITIVE, false), SAID_NOTHING);
}

static void a_complaint_beside_praise_is_mixed_unless_it_sounds_bad(void **state)
{
	struct signal both[] = {finding(SIGNAL_PRAISE, 0), finding(SIGNAL_COMPLAINT, 0)};
	struct tone tone = {.label = TONE_POSITIVE};
	(void)state;
	assert_int_equal(statement_tone_of(both, 2, &tone), SAID_MIXED);
	tone.label = TONE_NEGATIVE;
	assert_int_equal(statement_tone_of(both, 2, &tone), SAID_NEGATIVE);
	assert_int_equal(statement_tone_of(both, 2, NULL), SAID_MIXED);
}

static void what_is_sensitive_or_somebody_elses_is_no_statement(void **state)
{
	struct signal g[] = {finding(SIGNAL_PRAISE, 0), finding(SIGNAL_MENTION, FLAG_SENSITIVE)};
	struct post p;
	(void)state;
	post_init(&p);
	assert_true(statement_may_be(&p, g, 1));
	assert_false(statement_may_be(&p, g, 2));
	p.type = POST_TYPE_REPOST;
	assert_false(statement_may_be(&p, g, 1));
	p.type = POST_TYPE_REVIEW;
	p.deleted = true;
	assert_false(statement_may_be(&p, g, 1));
}

/* ---- how it ranks ---- */

static int score_of(enum statement_tone tone, const char *parts, size_t n)
{
	struct statement v[8];
	for (size_t i = 0; i < n; i++) {
		v[i] = (struct statement){.tone = tone, .parts = str_c(parts), .text = STR("x")};
	}
	return rank_of(v, n).score;
}

static void bands_never_overlap(void **state)
{
	static const char all[] =
		"[{\"part\":\"outcome\"},{\"part\":\"selection\"},{\"part\":\"lesson\"}]";
	(void)state;
	assert_true(score_of(SAID_MIXED, "[]", 1) > score_of(SAID_POSITIVE, all, 8));
	assert_true(score_of(SAID_POSITIVE, "[]", 1) > score_of(SAID_NEUTRAL, all, 8));
	assert_true(score_of(SAID_NEUTRAL, "[]", 1) > score_of(SAID_NEGATIVE, all, 8));
	assert_int_equal(score_of(SAID_NEGATIVE, all, 8), 0);
	assert_true(score_of(SAID_MIXED, all, 8) <= 100);
	assert_true(score_of(SAID_POSITIVE, all, 1) > score_of(SAID_POSITIVE, "[]", 1));
	assert_true(score_of(SAID_POSITIVE, "[]", 2) > score_of(SAID_POSITIVE, "[]", 1));
}

static void what_was_deleted_does_not_count(void **state)
{
	struct statement v[] = {{.tone = SAID_MIXED, .deleted_ms = 5}, {.tone = SAID_POSITIVE}};
	(void)state;
	struct rank r = rank_of(v, 2);
	assert_int_equal(r.tone, SAID_POSITIVE);
	assert_int_equal(r.statements, 1);
	r = rank_of(v, 1);
	assert_int_equal(r.score, 0);
	assert_int_equal(r.tone, SAID_NOTHING);
}

static void titles_say_who_can_authorise(void **state)
{
	static const char *const high[] = {"CTO", "Chief Financial Officer", "VP Sales",
		"Vice President, Operations", "Director of IT", "Head of Product",
		"Managing Director", "General Manager", "Co-Founder & CEO", "Owner"};
	static const char *const low[] = {"Systems Analyst", "Product Owner", "Account Manager",
		"Executive Assistant to the CEO", "Assistant Director", "Engineer", "Art Director",
		"Former CEO", "Headhunter"};
	(void)state;
	for (size_t i = 0; i < sizeof(high) / sizeof(high[0]); i++) {
		if (authority_of_title(str_c(high[i])) != AUTHORITY_AUTHORISE) {
			fail_msg("%s cannot authorise", high[i]);
		}
	}
	for (size_t i = 0; i < sizeof(low) / sizeof(low[0]); i++) {
		if (authority_of_title(str_c(low[i])) != AUTHORITY_SPEAK) {
			fail_msg("%s can authorise", low[i]);
		}
	}
	assert_int_equal(authority_of_title(STR("  ")), AUTHORITY_UNKNOWN);
	assert_int_equal(authority_of_title(STR_NONE), AUTHORITY_UNKNOWN);
}

/* ---- what is stored ---- */

struct scene {
	struct store *store;
	struct who *who;
	struct who_scratch scratch;
	bool historic;
};

static void open_scene(struct scene *sc, void **state)
{
	struct hark_err err = {0};
	*sc = (struct scene){.store = tmpstore_open(*state, 0)};
	assert_int_equal(fold_init(), HARK_OK);
	who_scratch_init(&sc->scratch);
	db_exec(store_db(sc->store),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'Globex', 'Customer', 'import', 1, 1), (2, 'Hooli', 'prospect', 'import', 1, 1);"
		"INSERT INTO people (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'Odalys Merrick', 'contact', 'import', 1, 1),"
		" (2, 'Joss Tarley', 'contact', 'import', 1, 1),"
		" (3, 'Own Rep', 'staff', 'import', 1, 1);"
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms) VALUES"
		" (1, 'profile', 'https://board.example/odalys', 'imported', 'import', 1),"
		" (2, 'profile', 'https://board.example/joss', 'imported', 'import', 1),"
		" (3, 'profile', 'https://board.example/rep', 'imported', 'import', 1);"
		"INSERT INTO employments (person, account, employer, title, observed_ms, origin, confidence)"
		" VALUES (1, 1, 'Globex', 'CTO', 1, 'import', 'imported'),"
		" (2, 2, 'Hooli', 'CEO', 1, 'import', 'imported'),"
		" (3, 1, 'Globex', 'CEO', 1, 'import', 'imported')");
	assert_int_equal(db_check(store_db(sc->store), NULL), HARK_OK);
	if (who_load(&sc->who, sc->store, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
}

static void close_scene(struct scene *sc)
{
	who_unref(sc->who);
	who_scratch_release(&sc->scratch);
	store_close(sc->store);
}

struct say {
	const char *id, *who, *text;
	enum signal_kind kind;
	unsigned flags;
	bool deleted, is_private, silent; /* silent: no rule finds anything */
	bool nobody;                      /* the post does not say whose it is */
};

static size_t hear_one(struct scene *sc, struct say say)
{
	struct batch b = {.source = STR("board"), .received_ms = NOW, .historic = sc->historic};
	struct batch_post bp = {0};
	struct emit_counts counts = {0};
	struct hark_err err = {0};
	char url[100];
	arena_init(&b.arena, 0);
	snprintf(url, sizeof(url), "https://board.example/%s", say.who);
	post_init(&bp.post);
	bp.post.source = STR("board");
	bp.post.external_id = str_c(say.id);
	bp.post.text = str_c(say.text);
	bp.post.deleted = say.deleted;
	bp.post.visibility = say.is_private ? VISIBILITY_PRIVATE : VISIBILITY_PUBLIC;
	bp.post.author = (struct author){.display_name = str_c(say.who), .profile_url = str_c(url)};
	if (say.nobody) {
		bp.post.author = (struct author){0};
	}
	struct signal g = finding(say.kind, say.flags);
	g.subject = (struct subject){STR("author"), str_c(say.who), str_c(say.who)};
	g.title = STR("Somebody speaks");
	g.lead_key = str_c(say.who);
	g.explain = STR("because");
	bp.signals = &g;
	bp.signals_n = say.deleted || say.silent ? 0 : 1;
	b.posts = &bp;
	b.posts_n = 1;
	assert_int_equal(post_keys(b.posts, 1, &b.arena), HARK_OK);
	introduce(sc->who, &sc->scratch, &b);
	hear(NULL, &b);
	assert_int_equal(bp.read.waits, say.nobody && bp.signals_n > 0);
	assert_int_equal(store_begin(sc->store, &err), HARK_OK);
	emit_batch(sc->store, &conf, &b, NOW, &counts, NULL);
	if (store_commit(sc->store, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	arena_release(&b.arena);
	return counts.references;
}

static int64_t ask(struct scene *sc, const char *sql)
{
	int64_t n = db_run_i64(db_query(store_db(sc->store), sql), -1);
	assert_int_equal(db_check(store_db(sc->store), NULL), HARK_OK);
	return n;
}

#define IS(sc, sql, n) assert_int_equal(ask(sc, sql), n)
#define PRAISE SIGNAL_PRAISE

static void a_customer_is_one_reference_however_much_they_say(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	assert_int_equal(hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE}), 1);
	assert_int_equal(hear_one(&sc, (struct say){"2", "odalys", "it is better", PRAISE}), 0);
	assert_int_equal(
		hear_one(&sc, (struct say){"3", "odalys", "good, but", PRAISE, FLAG_MIXED}), 0);
	IS(&sc, "SELECT count(*) FROM reference_candidates", 1);
	IS(&sc,
		"SELECT count(*) FROM reference_candidates WHERE person = 1 AND account = 1"
		" AND tone = 'mixed' AND statements = 3 AND authority = 'can authorise'"
		" AND permission = 'found' AND historic = 0",
		1);
	IS(&sc, "SELECT count(*) FROM statements WHERE length(hash) = 64 AND text IS NOT NULL", 3);
	hear_one(&sc, (struct say){"3", "odalys", "good, but", PRAISE, FLAG_MIXED});
	IS(&sc, "SELECT count(*) FROM reference_events", 4);
	close_scene(&sc);
}

static void prospects_and_own_people_are_no_references(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "joss", "it is good", PRAISE});
	hear_one(&sc, (struct say){"2", "rep", "it is good, buy it", PRAISE});
	IS(&sc, "SELECT count(*) FROM reference_candidates", 0);
	IS(&sc, "SELECT count(*) FROM reference_tasks", 0);
	close_scene(&sc);
}

static void strangers_are_one_task_each_and_only_for_praise(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "zed", "it is good", PRAISE});
	hear_one(&sc, (struct say){"2", "zed", "it is very good", PRAISE});
	hear_one(&sc, (struct say){"3", "yan", "it is bad", SIGNAL_COMPLAINT});
	IS(&sc, "SELECT count(*) FROM reference_tasks", 1);
	IS(&sc, "SELECT posts FROM reference_tasks WHERE done_ms IS NULL", 2);
	IS(&sc, "SELECT count(*) FROM statements", 0);
	close_scene(&sc);
}

/* With a step of ana's, about the first statement. */
static int work(struct scene *sc, enum reference_action action, struct reference *out)
{
	static struct arena arena;
	const struct reference_step step = {.action = action,
		.actor = STR("ana"),
		.now_ms = NOW,
		.until_ms = action == REFERENCE_HOLD ? NOW + DAY : 0,
		.reason = STR("big-deal"),
		.gatekeeper = STR("bea"),
		.granted_by = STR("Odalys Merrick"),
		.statement = action == REFERENCE_NAME ? 1 : 0,
		.ask_ms = DAY};
	arena_init(&arena, 0);
	int rc = reference_work(sc->store, &conf, 1, &step, &arena, out, NULL);
	arena_release(&arena);
	return rc;
}

/* What waits is placed, of the people there are now. */
static void place(struct scene *sc)
{
	struct emit_unplaced_at at = {0};
	struct emit_counts counts = {0};
	struct hark_err err = {0};
	who_unref(sc->who);
	assert_int_equal(who_load(&sc->who, sc->store, &err), HARK_OK);
	assert_int_equal(store_begin(sc->store, &err), HARK_OK);
	emit_unplaced(sc->store, &conf, sc->who, NOW, &at, &counts);
	assert_int_equal(store_commit(sc->store, &err), HARK_OK);
}

static void review(struct scene *sc, enum review_step step)
{
	struct hark_err err = {0};
	if (store_review_decide(sc->store, 1, step, STR("ana"), company_name_same, candidates_recount,
		    NOW, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
}

#define OPEN_TASKS "SELECT count(*) FROM reference_tasks WHERE done_ms IS NULL"

static void what_was_somebody_elses_waits_again_and_is_asked_of_nobody(void **state)
{
	struct scene sc;
	struct reference r;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	hear_one(&sc, (struct say){"2", "zed", "it is very good", PRAISE});
	assert_true(store_review_author(
		sc.store, 1, ask(&sc, "SELECT author FROM posts WHERE external_id = '2'"),
		STR("name"), NOW));
	review(&sc, REVIEW_ACCEPT);
	place(&sc);
	hear_one(&sc, (struct say){"3", "zed", "it is great", PRAISE});
	IS(&sc, "SELECT statements FROM reference_candidates", 3);
	IS(&sc, OPEN_TASKS, 0);
	assert_int_equal(work(&sc, REFERENCE_ASSIGN, &r), HARK_OK);
	assert_int_equal(work(&sc, REFERENCE_ASK, &r), HARK_OK);
	db_exec(store_db(sc.store), "UPDATE reference_candidates SET permission = 'named',"
				    " consent = (SELECT id FROM statements WHERE text ="
				    " 'it is very good')");
	hear_one(&sc, (struct say){"4", "zed", "it is bad", SIGNAL_COMPLAINT});
	review(&sc, REVIEW_REOPEN);
	IS(&sc, "SELECT count(*) FROM statements WHERE text = 'it is good'", 1);
	IS(&sc, "SELECT count(*) FROM statements", 1);
	IS(&sc, "SELECT statements FROM reference_candidates WHERE permission = 'asked'", 1);
	IS(&sc, "SELECT count(*) FROM reference_events WHERE action = 'given back'", 1);
	IS(&sc, "SELECT count(*) FROM service_marks", 0);
	IS(&sc, "SELECT count(*) FROM unplaced", 3);
	IS(&sc, OPEN_TASKS " AND posts = 2", 1);
	review(&sc, REVIEW_ACCEPT);
	place(&sc);
	IS(&sc, "SELECT statements FROM reference_candidates", 3);
	IS(&sc, "SELECT count(*) FROM unplaced", 0);
	close_scene(&sc);
}

static void who_is_nobody_again_is_to_be_found_out_again(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "zed", "it is good", PRAISE});
	hear_one(&sc, (struct say){"2", "yan", "it is good", PRAISE});
	db_exec(store_db(sc.store), "UPDATE reference_tasks SET done_ms = 1, done_by = 'ana' WHERE"
				    " author = (SELECT id FROM authors WHERE display_name = 'yan')");
	db_exec(store_db(sc.store),
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms)"
		" VALUES (2, 'profile', 'https://board.example/zed', 'imported', 'import', 1)");
	place(&sc);
	IS(&sc, OPEN_TASKS, 0);
	db_exec(store_db(sc.store),
		"DELETE FROM identities WHERE value = 'https://board.example/zed'");
	place(&sc);
	IS(&sc, OPEN_TASKS, 1);
	IS(&sc, "SELECT count(*) FROM reference_tasks WHERE done_by = 'ana'", 1);
	close_scene(&sc);
}

static void bad_words_of_a_customer_go_to_service(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is bad", SIGNAL_COMPLAINT});
	IS(&sc, "SELECT count(*) FROM reference_candidates", 0);
	IS(&sc, "SELECT until_ms - at_ms FROM service_marks WHERE account = 1", 30 * DAY);
	IS(&sc, "SELECT count(*) FROM statements WHERE tone = 'negative' AND reference IS NULL", 1);
	sc.historic = true;
	hear_one(&sc, (struct say){"2", "odalys", "it was bad", SIGNAL_COMPLAINT});
	IS(&sc, "SELECT count(*) FROM service_marks", 1);
	close_scene(&sc);
}

static void an_edit_changes_what_was_said_and_back(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	IS(&sc, "SELECT count(*) FROM statements WHERE edited_ms IS NULL", 1);
	hear_one(&sc,
		(struct say){"1", "odalys", "it is good.", PRAISE}); /* by as little as a mark */
	IS(&sc, "SELECT count(*) FROM statements WHERE now_hash <> hash AND tone = 'positive'", 1);
	hear_one(&sc, (struct say){"1", "odalys", "it is bad", SIGNAL_COMPLAINT});
	IS(&sc, "SELECT count(*) FROM statements WHERE now_hash <> hash AND tone = 'negative'", 1);
	IS(&sc, "SELECT count(*) FROM service_marks", 1);
	IS(&sc, "SELECT score FROM reference_candidates", 0);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	IS(&sc, "SELECT count(*) FROM statements WHERE edited_ms IS NULL AND tone = 'positive'", 1);
	hear_one(&sc,
		(struct say){.id = "1", .who = "odalys", .text = "never mind", .silent = true});
	IS(&sc, "SELECT count(*) FROM statements WHERE edited_ms IS NOT NULL AND tone = 'none'", 1);
	IS(&sc, "SELECT score FROM reference_candidates", 0);
	close_scene(&sc);
}

static void consent_is_to_the_text_as_it_stands_when_it_is_given(void **state)
{
	struct scene sc;
	struct reference r;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	assert_int_equal(work(&sc, REFERENCE_ASSIGN, &r), HARK_OK);
	assert_int_equal(work(&sc, REFERENCE_ASK, &r), HARK_OK);
	hear_one(&sc, (struct say){"1", "odalys", "it is better", PRAISE});
	assert_int_equal(work(&sc, REFERENCE_NAME, &r), HARK_OK);
	IS(&sc,
		"SELECT count(*) FROM statements t JOIN permissions p ON p.statement = t.id AND"
		" p.text_hash = t.hash WHERE t.text = 'it is better' AND t.edited_ms IS NULL",
		1);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	IS(&sc, "SELECT count(*) FROM reference_candidates WHERE permission = 'asked' AND consent IS NULL",
		1);
	/* Nobody can agree to what is not there to be read. */
	db_exec(store_db(sc.store), "UPDATE posts SET title = NULL, text = NULL, purged_ms = 1");
	assert_int_equal(work(&sc, REFERENCE_NAME, &r), HARK_ESTATE);
	IS(&sc, "SELECT count(*) FROM statements WHERE text = 'it is better'", 1);
	close_scene(&sc);
}

static void no_undo_brings_back_a_consent_to_another_text(void **state)
{
	struct step undone;
	struct scene sc;
	struct reference r;
	struct arena arena;
	open_scene(&sc, state);
	arena_init(&arena, 0);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	assert_int_equal(work(&sc, REFERENCE_ASSIGN, &r), HARK_OK);
	assert_int_equal(work(&sc, REFERENCE_ASK, &r), HARK_OK);
	assert_int_equal(work(&sc, REFERENCE_NAME, &r), HARK_OK);
	assert_int_equal(work(&sc, REFERENCE_WITHDRAW, &r), HARK_OK);
	hear_one(&sc, (struct say){"1", "odalys", "it is worse", PRAISE});
	assert_int_equal(reference_undo(sc.store, 1, STR("ana"), NOW, &arena, &r, &undone, NULL),
		HARK_ESTATE);
	IS(&sc, "SELECT count(*) FROM reference_candidates WHERE permission = 'withdrawn'", 1);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	assert_int_equal(reference_undo(sc.store, 1, STR("ana"), NOW, &arena, &r, &undone, NULL),
		HARK_OK);
	IS(&sc, "SELECT count(*) FROM reference_candidates WHERE permission = 'named'", 1);
	arena_release(&arena);
	close_scene(&sc);
}

static void words_of_nobody_are_read_only_if_they_change_a_statement(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	hear_one(&sc, (struct say){"2", "odalys", "it is fine", PRAISE, .nobody = true});
	IS(&sc, "SELECT count(*) FROM statements", 1);
	IS(&sc, "SELECT count(*) FROM reference_tasks", 0);
	hear_one(&sc, (struct say){"1", "odalys", "it is bad", SIGNAL_COMPLAINT, .nobody = true});
	IS(&sc, "SELECT count(*) FROM statements WHERE now_hash <> hash AND tone = 'negative'", 1);
	IS(&sc, "SELECT count(*) FROM service_marks", 1);
	close_scene(&sc);
}

static void a_deleted_post_leaves_a_hash_and_no_text(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	hear_one(&sc, (struct say){.id = "1", .who = "odalys", .text = "", .deleted = true});
	IS(&sc, "SELECT count(*) FROM statements WHERE text IS NULL AND deleted_ms IS NOT NULL", 1);
	IS(&sc, "SELECT length(hash) FROM statements", 64);
	IS(&sc, "SELECT score FROM reference_candidates", 0);
	IS(&sc, "SELECT count(*) FROM reference_events WHERE action = 'deleted'", 1);
	close_scene(&sc);
}

static void what_first_polls_find_is_historic_until_something_new_is_said(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	sc.historic = true;
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	IS(&sc, "SELECT historic FROM reference_candidates", 1);
	sc.historic = false;
	hear_one(&sc, (struct say){"2", "odalys", "it is still good", PRAISE});
	IS(&sc, "SELECT historic FROM reference_candidates", 0);
	close_scene(&sc);
}

static void a_sensitive_text_is_not_kept_and_an_edit_to_one_takes_it_away(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc,
		(struct say){"1", "odalys", "on chemo, and it is good", PRAISE, FLAG_SENSITIVE});
	IS(&sc, "SELECT count(*) FROM statements", 0);
	hear_one(&sc, (struct say){"2", "odalys", "it is good", PRAISE});
	hear_one(&sc, (struct say){"2", "odalys", "on chemo", PRAISE, FLAG_SENSITIVE});
	IS(&sc, "SELECT count(*) FROM statements WHERE text IS NOT NULL", 0);
	close_scene(&sc);
}

static bool is_for(struct scene *sc, const char *class)
{
	struct arena arena;
	struct statement w;
	arena_init(&arena, 0);
	assert_true(store_statement_load(sc->store, 1, &arena, &w));
	bool shown = store_statement_is_for(sc->store, &w, str_c(class));
	arena_release(&arena);
	return shown;
}

static void what_few_may_read_stays_so_when_its_post_is_edited_or_gone(void **state)
{
	static const char *const losses[] = {"UPDATE signals SET gone_ms = 1",
		"DELETE FROM signals", "DELETE FROM posts"};
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE, FLAG_REGULATED});
	for (size_t i = 0; i <= 3; i++) {
		assert_false(is_for(&sc, "sales"));
		assert_true(is_for(&sc, "compliance"));
		assert_true(is_for(&sc, ""));
		if (i < 3) {
			db_exec(store_db(sc.store), losses[i]);
		}
	}
	IS(&sc, "SELECT count(*) FROM statements WHERE post IS NULL", 1);
	close_scene(&sc);
}

static void what_everybody_may_read_stays_so(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	assert_true(is_for(&sc, "sales"));
	db_exec(store_db(sc.store), "DELETE FROM posts");
	assert_true(is_for(&sc, "sales"));
	close_scene(&sc);
}

static void erasing_a_person_takes_all_of_it_along(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	hear_one(&sc, (struct say){"1", "odalys", "it is good", PRAISE});
	hear_one(&sc, (struct say){"2", "odalys", "it is bad", SIGNAL_COMPLAINT});
	db_exec(store_db(sc.store), "DELETE FROM people WHERE id = 1");
	IS(&sc,
		"SELECT (SELECT count(*) FROM reference_candidates) + (SELECT count(*) FROM statements) +"
		" (SELECT count(*) FROM reference_events) + (SELECT count(*) FROM service_marks)",
		0);
	close_scene(&sc);
}

static void the_board_is_read_from_its_index(void **state)
{
	const struct reference_filter all = {.max = 50};
	struct store *s = tmpstore_open(*state, 0);
	struct buf sql;
	bool by_index = false;
	buf_init(&sql, 8192);
	buf_add_c(&sql, "EXPLAIN QUERY PLAN ");
	store_reference_list_sql(&all, &sql);
	struct db_query *q = db_query(store_db(s), buf_c(&sql));
	while (db_step(q)) {
		struct str step = db_col_text(q, 3);
		assert_true(str_find(step, STR("TEMP B-TREE")) == SIZE_MAX);
		by_index |= str_find(step, STR("references_board (historic=? AND score<?)")) != SIZE_MAX;
	}
	db_done(q);
	assert_int_equal(db_check(store_db(s), NULL), HARK_OK);
	assert_true(by_index);
	buf_release(&sql);
	store_close(s);
}

static void an_account_is_found_by_indexes(void **state)
{
	struct store *s = tmpstore_open(*state, 0);
	struct buf sql;
	int indexes = 0;
	int64_t id = 0;
	buf_init(&sql, 8192);
	buf_printf(&sql, "EXPLAIN QUERY PLAN %s", store_account_find_sql());
	struct db_query *q = db_query(store_db(s), buf_c(&sql));
	while (db_step(q)) {
		struct str step = db_col_text(q, 3);
		assert_true(str_find(step, STR("SCAN")) == SIZE_MAX);
		indexes += str_find(step, STR("INDEX")) != SIZE_MAX ||
			   str_find(step, STR("PRIMARY KEY")) != SIZE_MAX;
	}
	db_done(q);
	assert_int_equal(indexes, 4);
	db_exec(store_db(s),
		"INSERT INTO accounts (id, external_id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'A1', 'Globex Corporation', 'customer', 'import', 1, 1),"
		" (2, 'initech', 'Initech', 'customer', 'import', 1, 1),"
		" (3, 'A3', 'Hooli', 'customer', 'import', 1, 1)");
	db_exec(store_db(s),
		"INSERT INTO account_names (account, kind, value) VALUES (1, 'alias', 'Hooli'),"
		" (2, 'domain', 'initech.example')");
	static const struct {
		const char *name;
		int64_t id;
	} cases[] = {{"globex CORPORATION", 1}, {"A1", 1}, {"account_2", 2}, {"2", 2},
		{"INITECH.example", 2}, {"hooli", 3}, {"Globex", 1}, {"The Initech", 2},
		{"nobody", 0}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int rc = store_account_find(s, str_c(cases[i].name), &id, NULL);
		assert_int_equal(rc, cases[i].id != 0 ? HARK_OK : HARK_ENOENT);
		assert_int_equal(rc == HARK_OK ? id : 0, cases[i].id);
	}
	buf_release(&sql);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rules_and_tone_say_together_how_a_post_speaks),
		cmocka_unit_test(a_complaint_beside_praise_is_mixed_unless_it_sounds_bad),
		cmocka_unit_test(what_is_sensitive_or_somebody_elses_is_no_statement),
		cmocka_unit_test(bands_never_overlap),
		cmocka_unit_test(what_was_deleted_does_not_count),
		cmocka_unit_test(titles_say_who_can_authorise),
		TMPSTORE_TEST(a_customer_is_one_reference_however_much_they_say),
		TMPSTORE_TEST(prospects_and_own_people_are_no_references),
		TMPSTORE_TEST(strangers_are_one_task_each_and_only_for_praise),
		TMPSTORE_TEST(what_was_somebody_elses_waits_again_and_is_asked_of_nobody),
		TMPSTORE_TEST(who_is_nobody_again_is_to_be_found_out_again),
		TMPSTORE_TEST(bad_words_of_a_customer_go_to_service),
		TMPSTORE_TEST(an_edit_changes_what_was_said_and_back),
		TMPSTORE_TEST(consent_is_to_the_text_as_it_stands_when_it_is_given),
		TMPSTORE_TEST(no_undo_brings_back_a_consent_to_another_text),
		TMPSTORE_TEST(words_of_nobody_are_read_only_if_they_change_a_statement),
		TMPSTORE_TEST(a_deleted_post_leaves_a_hash_and_no_text),
		TMPSTORE_TEST(what_first_polls_find_is_historic_until_something_new_is_said),
		TMPSTORE_TEST(a_sensitive_text_is_not_kept_and_an_edit_to_one_takes_it_away),
		TMPSTORE_TEST(what_few_may_read_stays_so_when_its_post_is_edited_or_gone),
		TMPSTORE_TEST(what_everybody_may_read_stays_so),
		TMPSTORE_TEST(erasing_a_person_takes_all_of_it_along),
		TMPSTORE_TEST(the_board_is_read_from_its_index),
		TMPSTORE_TEST(an_account_is_found_by_indexes),
	};
	return cmocka_run_group_tests_name("references", tests, NULL, NULL);
}
