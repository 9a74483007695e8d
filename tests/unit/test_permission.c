/* What may happen to a reference: every transition that is legal, every one that is not, and that each ask ends. */
#include "tests/unit/tmpstore.h"

#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/base/crypto.h"
#include "monitor/references/orphans_tell.h"
#include "monitor/references/permission.h"
#include "monitor/references/work.h"
#include "monitor/store/driver.h"
#include "monitor/store/references.h"

#define NOW INT64_C(1800000000000)
#define DAY (24 * 3600 * INT64_C(1000))

static struct statement said = {.id = 4, .reference = 7, .text = STR("good"), .hash = STR("h")};

static struct reference reference_in(enum permission p)
{
	return (struct reference){.id = 7,
		.permission = p,
		.person_name = STR("Odalys Merrick"),
		.owner = STR("bea"),
		.gatekeeper = STR("bea"),
		.second = STR("mark"),
		.authority = AUTHORITY_AUTHORISE,
		.stage_ms = 1};
}

static struct reference_step step_of(enum reference_action action)
{
	return (struct reference_step){.action = action,
		.actor = STR("ana"),
		.now_ms = NOW,
		.reason = STR("big-deal"),
		.until_ms = NOW + 10 * DAY,
		.granted_by = STR("Odalys Merrick"),
		.gatekeeper = STR("cy"),
		.activity = STR("call"),
		.consent = &said,
		.ask_ms = 6 * DAY};
}

/* -1: not from there. */
static int after(enum reference_action action, enum permission from)
{
	struct reference r = reference_in(from), before = r;
	struct reference_step step = step_of(action);
	struct hark_err err = {0};
	if (permission_apply(&r, &step, &err) == HARK_OK) {
		return (int)r.permission;
	}
	assert_true(err.text[0] != '\0');
	assert_memory_equal(&r, &before, sizeof(r));
	return -1;
}

static void every_transition_is_legal_or_refused(void **state)
{
	enum {
		F = PERMISSION_FOUND,
		A = PERMISSION_ASKED,
		I = PERMISSION_INTERNAL,
		N = PERMISSION_NAMED,
		W = PERMISSION_WITHDRAWN,
		X = PERMISSION_EXPIRED
	};
	static const struct {
		enum reference_action action;
		int to[PERMISSIONS]; /* from found, asked, internal-only, named, withdrawn, expired */
	} table[] = {
		{REFERENCE_ASK, {A, -1, A, -1, -1, A}},
		{REFERENCE_GRANT, {-1, I, -1, -1, -1, -1}},
		{REFERENCE_NAME, {-1, N, -1, -1, -1, -1}},
		{REFERENCE_REFUSE, {-1, F, -1, -1, -1, -1}},
		{REFERENCE_WITHDRAW, {W, W, W, W, -1, W}},
		{REFERENCE_REOPEN, {-1, -1, -1, -1, F, -1}},
		{REFERENCE_HOLD, {F, A, I, N, W, X}},
		{REFERENCE_ASSIGN, {F, A, I, N, W, X}},
		{REFERENCE_USE, {-1, -1, I, N, -1, -1}},
		{REFERENCE_ASK_AGAIN, {-1, A, -1, -1, -1, -1}},
		{REFERENCE_LAPSE, {-1, X, -1, -1, -1, -1}},
		{REFERENCE_EXPIRE, {-1, -1, X, X, -1, -1}},
	};
	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		for (int from = 0; from < PERMISSIONS; from++) {
			int got = after(table[i].action, (enum permission)from);
			if (got != table[i].to[from]) {
				fail_msg("%s from %s gives %d",
					reference_action_name(table[i].action),
					permission_name((enum permission)from), got);
			}
		}
	}
}

static void named_wants_a_text_and_somebody_who_can_authorise(void **state)
{
	struct reference r = reference_in(PERMISSION_ASKED);
	struct reference_step step = step_of(REFERENCE_NAME);
	(void)state;
	step.consent = NULL;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_EINVAL);
	step = step_of(REFERENCE_NAME);
	step.granted_by = STR_NONE;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_EINVAL);
	step = step_of(REFERENCE_NAME);
	r.authority = AUTHORITY_SPEAK;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_EINVAL);
	step.authoriser = STR("Ines Farrow");
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
	assert_str_is(r.authoriser, "Ines Farrow");
	assert_int_equal(r.consent, 4);
	struct statement other = said;
	other.now_hash = STR("another");
	r = reference_in(PERMISSION_ASKED);
	step = step_of(REFERENCE_NAME);
	step.consent = &other;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_ESTATE);
}

static void nobody_is_asked_without_a_gatekeeper_or_used_outside_the_scope(void **state)
{
	struct reference r = reference_in(PERMISSION_FOUND);
	struct reference_step step = step_of(REFERENCE_ASK);
	(void)state;
	r.gatekeeper = STR_NONE;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_ESTATE);
	r = reference_in(PERMISSION_FOUND);
	r.orphaned_ms = 1;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_ESTATE);
	r = reference_in(PERMISSION_NAMED);
	r.scope = STR("quote case-study");
	step = step_of(REFERENCE_USE);
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_ESTATE);
	step.activity = STR("quote");
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
}

static void every_ask_ends_by_itself(void **state)
{
	static const enum reference_action with_second[] = {
		REFERENCE_REMIND, REFERENCE_ESCALATE, REFERENCE_REMIND, REFERENCE_LAPSE};
	static const enum reference_action alone[] = {REFERENCE_REMIND, REFERENCE_LAPSE};
	(void)state;
	for (int has_second = 0; has_second < 2; has_second++) {
		struct reference r = reference_in(PERMISSION_FOUND);
		struct reference_step step = step_of(REFERENCE_ASK);
		const enum reference_action *wanted = has_second ? with_second : alone;
		enum reference_action action;
		int64_t now = NOW;
		size_t n = 0;
		r.second = has_second ? STR("mark") : STR_NONE;
		assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
		assert_str_is(r.ask_to, "bea");
		while (r.permission == PERMISSION_ASKED) {
			assert_false(permission_is_due(&r, r.ask_next - 1, &action));
			now = r.ask_next;
			assert_true(permission_is_due(&r, now, &action));
			assert_int_equal(action, wanted[n++]);
			step = (struct reference_step){
				.action = action, .now_ms = now, .ask_ms = 6 * DAY};
			assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
		}
		assert_int_equal(r.permission, PERMISSION_EXPIRED);
		assert_int_equal(n, has_second ? 4 : 2);
		assert_int_equal(now, NOW + (has_second ? 12 : 6) * DAY);
	}
}

static void whoever_keeps_the_gate_now_is_asked(void **state)
{
	struct reference r = reference_in(PERMISSION_FOUND);
	struct reference_step step = step_of(REFERENCE_ASK);
	(void)state;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
	assert_str_is(r.ask_to, "bea");
	r.orphaned_ms = NOW;
	step = (struct reference_step){.action = REFERENCE_ASSIGN,
		.actor = STR("ana"),
		.gatekeeper = STR("cy"),
		.now_ms = NOW + DAY,
		.ask_ms = 6 * DAY};
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
	assert_str_is(r.ask_to, "cy");
	assert_int_equal(r.ask_due, NOW + 7 * DAY);
	r = reference_in(PERMISSION_FOUND);
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
	assert_true(r.ask_to.p == NULL); /* nobody was asked */
}

static void what_was_voided_is_asked_for_again_at_once(void **state)
{
	struct reference r = reference_in(PERMISSION_NAMED);
	enum reference_action action;
	(void)state;
	r.consent = 4;
	permission_void(&r, 6 * DAY, NOW);
	assert_int_equal(r.permission, PERMISSION_ASKED);
	assert_int_equal(r.consent, 0);
	assert_int_equal(r.ask_due, NOW + 6 * DAY);
	assert_true(permission_is_due(&r, NOW, &action));
	assert_int_equal(action, REFERENCE_ASK_AGAIN);
	struct reference_step step = {.action = action, .now_ms = NOW + DAY, .ask_ms = 6 * DAY};
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
	assert_str_is(r.ask_to, "bea");
	assert_int_equal(r.ask_due, NOW + 7 * DAY);
	assert_false(permission_is_due(&r, NOW + 4 * DAY - 1, &action));
	assert_true(permission_is_due(&r, NOW + 4 * DAY, &action));
	assert_int_equal(action, REFERENCE_REMIND);
}

static void holds_and_permissions_end_by_themselves(void **state)
{
	struct reference r = reference_in(PERMISSION_NAMED);
	struct reference_step step = step_of(REFERENCE_HOLD);
	enum reference_action action;
	(void)state;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
	assert_false(permission_is_due(&r, step.until_ms - 1, &action));
	assert_true(permission_is_due(&r, step.until_ms, &action));
	assert_int_equal(action, REFERENCE_OVER);
	step.action = action;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_OK);
	assert_int_equal(r.hold_until, 0);
	r.expires_ms = NOW;
	assert_true(permission_is_due(&r, NOW, &action));
	assert_int_equal(action, REFERENCE_EXPIRE);
	step = step_of(REFERENCE_HOLD);
	step.until_ms = NOW;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_EINVAL);
	step = step_of(REFERENCE_HOLD);
	step.reason = STR_NONE;
	assert_int_equal(permission_apply(&r, &step, NULL), HARK_EINVAL);
}

/* ---- stored ---- */

static const struct conf conf = {.references = {.ask_ms = 6 * DAY,
					 .cap_person = 9,
					 .cap_account = 9,
					 .cap_activity = 9,
					 .cap_window_ms = 90 * DAY}};

struct scene {
	struct store *store;
	struct arena arena;
	int64_t id;
};

static void open_scene(struct scene *sc, void **state)
{
	struct hark_err err = {0};
	sc->store = tmpstore_open(*state, 0);
	arena_init(&sc->arena, 0);
	db_exec(store_db(sc->store),
		"INSERT INTO accounts (id, name, kind, owner, origin, created_ms, updated_ms) VALUES"
		" (1, 'Globex', 'customer', 'bea', 'import', 1, 1);"
		"INSERT INTO people (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (1, 'Odalys Merrick', 'contact', 'import', 1, 1), (2, 'Bea', 'staff', 'import', 1, 1);"
		"INSERT INTO employments (person, account, employer, title, observed_ms, origin, confidence)"
		" VALUES (1, 1, 'Globex', 'CTO', 1, 'import', 'imported')");
	const struct nomination n = {.person = 1, .by = STR("bea")};
	if (reference_nominate(sc->store, &conf, &n, NOW, &sc->arena, &sc->id, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
}

static void close_scene(struct scene *sc)
{
	arena_release(&sc->arena);
	store_close(sc->store);
}

static int64_t ask(struct scene *sc, const char *sql)
{
	int64_t n = db_run_i64(db_query(store_db(sc->store), sql), -1);
	assert_int_equal(db_check(store_db(sc->store), NULL), HARK_OK);
	return n;
}

static int work(struct scene *sc, enum reference_action action, struct reference *r)
{
	struct reference_step step = step_of(action);
	step.consent = NULL;
	step.until_ms = 0;
	return reference_work(sc->store, &conf, sc->id, &step, &sc->arena, r, NULL);
}

static void what_is_refused_is_kept_in_its_history(void **state)
{
	struct scene sc;
	struct reference r;
	open_scene(&sc, state);
	assert_int_equal(work(&sc, REFERENCE_USE, &r), HARK_ESTATE);
	assert_int_equal(work(&sc, REFERENCE_GRANT, &r), HARK_ESTATE);
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM reference_events WHERE action LIKE 'refused: %'"
			 " AND actor = 'ana' AND note <> ''"),
		2);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM reference_activities"), 0);
	assert_int_equal(ask(&sc, "SELECT version FROM reference_candidates"), 2);
	close_scene(&sc);
}

static int undo(struct scene *sc, struct reference *r)
{
	struct step undone;
	return reference_undo(sc->store, sc->id, STR("ana"), NOW, &sc->arena, r, &undone, NULL);
}

static void each_undo_takes_back_the_step_before_and_each_step_once(void **state)
{
	struct scene sc;
	struct reference r;
	open_scene(&sc, state);
	assert_int_equal(work(&sc, REFERENCE_ASK, &r), HARK_OK);
	assert_int_equal(r.permission, PERMISSION_ASKED);
	assert_int_equal(work(&sc, REFERENCE_WITHDRAW, &r), HARK_OK);
	assert_int_equal(undo(&sc, &r), HARK_OK);
	assert_int_equal(r.permission, PERMISSION_ASKED);
	assert_int_equal(work(&sc, REFERENCE_REFUSE, &r), HARK_OK);
	assert_int_equal(undo(&sc, &r), HARK_OK);
	assert_int_equal(r.permission, PERMISSION_ASKED);
	assert_int_equal(undo(&sc, &r), HARK_OK);
	assert_int_equal(r.permission, PERMISSION_FOUND);
	assert_int_equal(r.ask_due, 0);
	assert_int_equal(undo(&sc, &r), HARK_ESTATE);
	close_scene(&sc);
}

static void nobody_is_nominated_where_they_do_not_work(void **state)
{
	struct scene sc;
	int64_t id;
	struct hark_err err = {0};
	open_scene(&sc, state);
	db_exec(store_db(sc.store),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (2, 'Hooli', 'customer', 'import', 1, 1)");
	const struct nomination n = {.person = 1, .account = 2, .by = STR("cy")};
	assert_int_equal(
		reference_nominate(sc.store, &conf, &n, NOW, &sc.arena, &id, &err), HARK_EINVAL);
	assert_string_equal(
		err.text, "Odalys Merrick works at Globex, so they speak for no other account");
	assert_int_equal(ask(&sc, "SELECT count(*) FROM reference_candidates"), 1);
	close_scene(&sc);
}

static void whoever_is_nominated_twice_is_one(void **state)
{
	struct scene sc;
	int64_t id;
	const struct nomination n = {.person = 1, .by = STR("cy")};
	open_scene(&sc, state);
	assert_int_equal(
		reference_nominate(sc.store, &conf, &n, NOW, &sc.arena, &id, NULL), HARK_ESTATE);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM reference_candidates"), 1);
	close_scene(&sc);
}

static void who_leaves_makes_orphans_until_somebody_is_found(void **state)
{
	struct scene sc;
	struct reference r;
	size_t n, made;
	open_scene(&sc, state);
	assert_int_equal(store_begin(sc.store, NULL), HARK_OK);
	assert_int_equal(store_references_orphan(sc.store, 2, false, NOW), 1);
	assert_int_equal(store_references_orphan(sc.store, 2, false, NOW), 0);
	assert_int_equal(store_commit(sc.store, NULL), HARK_OK);
	assert_int_equal(
		work(&sc, REFERENCE_ASK, &r), HARK_OK); /* nothing says that bea has left */
	assert_int_equal(r.orphaned_ms, 0);
	db_exec(store_db(sc.store),
		"UPDATE people SET left_on = '2026-11-01' WHERE id = 2;"
		"UPDATE reference_candidates SET orphaned_ms = 5, orphan_why = 'Bea has left',"
		" permission = 'found'");
	assert_int_equal(work(&sc, REFERENCE_ASK, &r), HARK_ESTATE);
	db_exec(store_db(sc.store), "UPDATE accounts SET owner = 'cy'");
	assert_int_equal(store_begin(sc.store, NULL), HARK_OK);
	assert_int_equal(references_return_due(sc.store, &conf, NOW, &n, &made, NULL), HARK_OK);
	assert_int_equal(store_commit(sc.store, NULL), HARK_OK);
	assert_int_equal(n, 1);
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM reference_candidates WHERE gatekeeper = 'cy' AND"
			 " orphaned_ms IS NULL"),
		1);
	close_scene(&sc);
}

/* One round of the daemon. Returns for how many receivers there was news of orphans. */
static size_t look_after(struct scene *sc)
{
	static const char *const kinds[] = {CONF_KIND_REFERENCE_DESK};
	const size_t to[] = {0};
	size_t n, asks, made = 0;
	const struct conf_receiver receiver = {.name = "desk"};
	const struct conf_route route = {
		.kinds = kinds, .kinds_n = 1, .receivers = to, .receivers_n = 1};
	struct conf c = conf;
	c.receivers = &receiver;
	c.routes = &route;
	c.receivers_n = c.routes_n = 1;
	assert_int_equal(store_begin(sc->store, NULL), HARK_OK);
	assert_int_equal(references_return_due(sc->store, &c, NOW, &n, &asks, NULL), HARK_OK);
	assert_int_equal(orphans_tell(sc->store, &c, NOW, &made, NULL), HARK_OK);
	assert_int_equal(store_commit(sc->store, NULL), HARK_OK);
	return made;
}

static void the_desk_hears_once_of_orphans_that_are_work(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	db_exec(store_db(sc.store), "UPDATE people SET left_on = '2026-11-01' WHERE id = 2;"
				    "UPDATE reference_candidates SET orphaned_ms = 5");
	assert_int_equal(look_after(&sc), 0); /* nothing says why */
	db_exec(store_db(sc.store),
		"UPDATE reference_candidates SET orphan_why = 'Bea has left', historic = 1");
	assert_int_equal(look_after(&sc), 0); /* only a first poll found it */
	db_exec(store_db(sc.store), "UPDATE reference_candidates SET permission = 'named'");
	assert_int_equal(look_after(&sc), 1);
	assert_int_equal(look_after(&sc), 0);
	close_scene(&sc);
}

static void those_who_never_had_a_keeper_do_not_hold_up_orphans(void **state)
{
	struct scene sc;
	open_scene(&sc, state);
	db_exec(store_db(sc.store),
		"INSERT INTO accounts (id, name, kind, origin, created_ms, updated_ms) VALUES"
		" (2, 'Hooli', 'customer', 'import', 1, 1);"
		"UPDATE accounts SET owner = 'cy' WHERE id = 1;"
		"WITH RECURSIVE k(n) AS (SELECT 10 UNION ALL SELECT n + 1 FROM k WHERE n < 300)"
		" INSERT INTO people (id, name, kind, origin, created_ms, updated_ms)"
		" SELECT n, 'P' || n, 'contact', 'import', 1, 1 FROM k;"
		"INSERT INTO reference_candidates (person, account, origin, authority, permission,"
		" stage_ms, tone, score, statements, historic, created_ms, updated_ms)"
		" SELECT id, 2, 'rules', 'unknown', 'found', 1, 'positive', 1, 1, 0, 1, 1 FROM people WHERE id >= 10;"
		"UPDATE reference_candidates SET id = -id WHERE person > 1;"
		"UPDATE reference_candidates SET orphaned_ms = 5, orphan_why = 'Bea has left'"
		" WHERE person = 1");
	assert_int_equal(db_check(store_db(sc.store), NULL), HARK_OK);
	assert_int_equal(look_after(&sc), 0);
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM reference_candidates WHERE gatekeeper = 'cy'"), 1);
	close_scene(&sc);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_transition_is_legal_or_refused),
		cmocka_unit_test(named_wants_a_text_and_somebody_who_can_authorise),
		cmocka_unit_test(nobody_is_asked_without_a_gatekeeper_or_used_outside_the_scope),
		cmocka_unit_test(every_ask_ends_by_itself),
		cmocka_unit_test(whoever_keeps_the_gate_now_is_asked),
		cmocka_unit_test(what_was_voided_is_asked_for_again_at_once),
		cmocka_unit_test(holds_and_permissions_end_by_themselves),
		TMPSTORE_TEST(what_is_refused_is_kept_in_its_history),
		TMPSTORE_TEST(each_undo_takes_back_the_step_before_and_each_step_once),
		TMPSTORE_TEST(nobody_is_nominated_where_they_do_not_work),
		TMPSTORE_TEST(whoever_is_nominated_twice_is_one),
		TMPSTORE_TEST(who_leaves_makes_orphans_until_somebody_is_found),
		TMPSTORE_TEST(the_desk_hears_once_of_orphans_that_are_work),
		TMPSTORE_TEST(those_who_never_had_a_keeper_do_not_hold_up_orphans),
	};
	return cmocka_run_group_tests_name("permission", tests, NULL, NULL);
}
