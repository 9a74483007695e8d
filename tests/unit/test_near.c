#include "tests/unit/unit.h"

#include "monitor/pipeline/emit.h"
#include "tests/unit/keyed.h"
#include "monitor/store/driver.h"
#include "rules/copy.h"
#include "tests/unit/tmpstore.h"

#define NOW INT64_C(1800000000000)
#define STORY "Globex says it will move 14 warehouses to the new Acme platform by the end of spring"

static const size_t desk[] = {0};
static const struct conf_receiver receivers[] = {{.name = "desk"}};
static const struct conf_route routes[] = {
	{.receivers = desk, .receivers_n = 1, .score_min = 50, .end = 1}};
static const struct conf conf = {
	.receivers = receivers, .receivers_n = 1, .routes = routes, .routes_n = 1};

struct scene {
	struct store *store;
	struct emit_counts counts; /* of the last post */
	bool fails;                /* its transaction is taken back */
};

static struct scene scene_of(void **state)
{
	return (struct scene){.store = tmpstore_open(*state, 0)};
}

static void say_words(struct batch *b, struct str text, uint64_t keys[COPY_KEYS_MAX])
{
	struct copy *c = copy_new();
	assert_non_null(c);
	assert_int_equal(copy_read(c, STR_NONE, text), HARK_OK);
	b->posts[0].look = copy_look(c, keys);
	copy_free(c);
}

/* One post of a source, in which the rule finds something; each source is its own subject. */
static void hear(struct scene *sc, const char *source, const char *id, const char *text)
{
	struct batch b = {.source = str_c(source), .received_ms = NOW};
	struct batch_post bp = {0};
	struct signal g = {.rule = STR("r"),
		.kind = SIGNAL_MENTION,
		.level = LEVEL_NORMAL,
		.score = 70,
		.subject = {STR("account"), str_c(source), str_c(source)},
		.title = STR("Somebody spoke"),
		.lead_key = str_c(source),
		.explain = STR("because")};
	struct hark_err err = {0};
	uint64_t keys[COPY_KEYS_MAX];
	post_init(&bp.post);
	bp.post.source = str_c(source);
	bp.post.external_id = str_c(id);
	bp.post.text = str_c(text);
	bp.signals = &g;
	bp.signals_n = 1;
	b.posts = &bp;
	b.posts_n = 1;
	arena_init(&b.arena, 0);
	say_words(&b, bp.post.text, keys);
	assert_int_equal(post_keys(b.posts, 1, &b.arena), HARK_OK);
	sc->counts = (struct emit_counts){0};
	assert_int_equal(store_begin(sc->store, &err), HARK_OK);
	emit_batch(sc->store, &conf, &b, NOW, &sc->counts, NULL);
	if (sc->fails) {
		store_rollback(sc->store);
	} else if (store_commit(sc->store, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	arena_release(&b.arena);
}

static int64_t ask(const struct scene *sc, const char *sql)
{
	struct hark_err err;
	int64_t value = db_run_i64(db_query(store_db(sc->store), sql), -1);
	if (db_check(store_db(sc->store), &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	return value;
}

static void an_edited_copy_is_the_same_story_and_alerts_nobody(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1", STORY);
	assert_int_equal(sc.counts.alerts, 1);
	hear(&sc, "b", "1", "RT @courier: " STORY " https://b.example/x");
	hear(&sc, "c", "1",
		"Globex said it will move 14 warehouses to new Acme platform by the end of spring");
	assert_int_equal(sc.counts.posts_copies, 1);
	assert_int_equal(sc.counts.leads_new + sc.counts.alerts, 0);
	hear(&sc, "d", "1",
		"Globex says it will move 19 warehouses to the new Acme platform by the end of spring");
	assert_int_equal(sc.counts.leads_new, 1); /* another figure, another story */
	assert_int_equal(ask(&sc, "SELECT copies FROM stories"), 2);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM story_copies WHERE how = 'near'"), 2);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM posts WHERE original = 1"), 2);
	store_close(sc.store);
}

static void originals_are_known_after_a_restart(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1", STORY);
	store_close(sc.store);
	sc.store = tmpstore_open(*state, 0);
	hear(&sc, "b", "1", "Breaking: " STORY);
	assert_int_equal(sc.counts.posts_copies, 1);
	assert_int_equal(sc.counts.alerts, 0);
	store_close(sc.store);
}

static void a_copy_of_two_joins_them_and_folds_the_younger_lead(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1", "Morning Ledger: " STORY " #retail");
	hear(&sc, "b", "1", "MARDEN (Courier) - " STORY);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 2);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM outbox"), 2);
	hear(&sc, "c", "1", STORY);
	assert_int_equal(sc.counts.leads_new + sc.counts.alerts, 0);
	assert_int_equal(sc.counts.alerts_stopped, 1);
	assert_int_equal(ask(&sc, "SELECT copies FROM stories"), 2);
	assert_int_equal(
		ask(&sc, "SELECT id FROM leads WHERE state = 'new' AND signals = 2 AND posts = 1"),
		1);
	assert_int_equal(
		ask(&sc, "SELECT id FROM leads WHERE state = 'dismissed' AND signals = 0"), 2);
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM lead_events WHERE lead = 2 AND action = 'folded'"),
		1);
	hear(&sc, "b", "2", "Courier: " STORY); /* its subject's lead is the older one now */
	hear(&sc, "e", "1", "MARDEN (Courier) - " STORY);
	assert_int_equal(sc.counts.leads_new + sc.counts.alerts, 0);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 2);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM outbox"), 1);
	store_close(sc.store);
}

static void what_an_original_has_something_around_may_come_between(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1", "Morning Ledger: " STORY " #retail");
	hear(&sc, "b", "1", STORY);
	store_close(sc.store);
	sc.store = tmpstore_open(*state, 0);
	hear(&sc, "c", "1", "MARDEN (Courier) - " STORY); /* not a copy of the first */
	assert_int_equal(sc.counts.posts_copies, 1);
	assert_int_equal(sc.counts.leads_new + sc.counts.alerts, 0);
	assert_int_equal(ask(&sc, "SELECT copies FROM stories"), 2);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM posts WHERE original = 1"), 2);
	store_close(sc.store);
}

static void a_lead_somebody_works_on_is_not_folded(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1", "Morning Ledger: " STORY " #retail");
	hear(&sc, "b", "1", "MARDEN (Courier) - " STORY);
	db_exec(store_db(sc.store), "UPDATE leads SET state = 'claimed' WHERE id = 2");
	hear(&sc, "c", "1", STORY);
	assert_int_equal(sc.counts.leads_new + sc.counts.alerts, 0);
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM leads WHERE state = 'claimed' AND signals = 1"), 1);
	store_close(sc.store);
}

static void what_is_cut_joins_one_story_and_gives_way_to_the_whole(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1", "Globex says it will move 14 warehouses to the new Acme…");
	hear(&sc, "b", "1", STORY);
	assert_int_equal(sc.counts.posts_copies, 1);
	hear(&sc, "c", "1",
		"Globex says it will move 14 warehouses to the new Acme hall in Tarn before summer");
	assert_int_equal(
		sc.counts.posts_copies, 0); /* compared with the whole text, not with the cut one */
	hear(&sc, "d", "1", "RT @x: Globex says it will move 14 warehouses to the new …");
	assert_int_equal(sc.counts.posts_copies, 1);
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM stories"), 1); /* not joined by what fits both */
	assert_int_equal(ask(&sc, "SELECT copies FROM stories"), 2);
	store_close(sc.store);
}

static void what_was_taken_back_or_erased_has_no_copies(void **state)
{
	struct scene sc = scene_of(state);
	sc.fails = true;
	hear(&sc, "a", "1", STORY);
	sc.fails = false;
	hear(&sc, "b", "1", "Update: " STORY);
	assert_int_equal(sc.counts.posts_new, 1);
	hear(&sc, "c", "1", STORY " | Courier");
	assert_int_equal(sc.counts.posts_copies, 1);
	db_exec(store_db(sc.store), "DELETE FROM posts WHERE story IS NOT NULL");
	db_exec(store_db(sc.store), "DELETE FROM posts");
	hear(&sc, "d", "1", STORY " https://d.example/");
	assert_int_equal(sc.counts.posts_new, 1);
	store_close(sc.store);
}

static void an_edited_original_is_found_by_what_it_says_now(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1",
		"Globex has nothing to announce today and wishes all of its customers a good week");
	hear(&sc, "a", "1", STORY);
	assert_int_equal(sc.counts.posts_edited, 1);
	hear(&sc, "b", "1", "RT @courier: " STORY);
	assert_int_equal(sc.counts.posts_copies, 1);
	hear(&sc, "c", "1",
		"RT @a: Globex has nothing to announce today and wishes all of its customers a good week");
	assert_int_equal(sc.counts.posts_copies, 0);
	store_close(sc.store);
}

static void short_texts_are_alike_by_chance(void **state)
{
	struct scene sc = scene_of(state);
	hear(&sc, "a", "1", "We are looking for a CRM");
	hear(&sc, "b", "1", "We are looking for a CRM!");
	assert_int_equal(sc.counts.leads_new, 1);
	store_close(sc.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(an_edited_copy_is_the_same_story_and_alerts_nobody),
		TMPSTORE_TEST(originals_are_known_after_a_restart),
		TMPSTORE_TEST(a_copy_of_two_joins_them_and_folds_the_younger_lead),
		TMPSTORE_TEST(what_an_original_has_something_around_may_come_between),
		TMPSTORE_TEST(a_lead_somebody_works_on_is_not_folded),
		TMPSTORE_TEST(what_is_cut_joins_one_story_and_gives_way_to_the_whole),
		TMPSTORE_TEST(what_was_taken_back_or_erased_has_no_copies),
		TMPSTORE_TEST(an_edited_original_is_found_by_what_it_says_now),
		TMPSTORE_TEST(short_texts_are_alike_by_chance),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
