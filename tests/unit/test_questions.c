/* Findings that wait for an answer: what ends the waiting, and what it comes to. */
#include "tests/unit/unit.h"

#include "monitor/pipeline/emit_question.h"
#include "tests/unit/keyed.h"
#include "monitor/store/driver.h"
#include "monitor/store/questions.h"
#include "tests/unit/tmpstore.h"

#define NOW INT64_C(1800000000000)
#define HOUR (3600 * INT64_C(1000))

static const char *const from_forum[] = {"forum"};
static const char *const by_wants[] = {"wants"};
static const char *const of_customers[] = {"customer"};
static const struct conf_unanswered plain = {.after_ms = 24 * HOUR, .score = 30};

/* A post of a test. */
struct said {
	const char *id, *author, *text;
	const char *rule; /* that finds something in it; NULL: none does */
	const char *reply_to, *thread;
	int64_t hours_ago;
	bool mention, deleted; /* mention: another rule finds its author named */
	enum signal_kind kind;
};

struct scene {
	struct store *store;
	struct conf conf;
	int64_t now_ms;
	const char *source;
	bool historic;
};

static struct scene scene_of(void **state)
{
	struct scene sc = {.store = tmpstore_open(*state, 0),
		.conf = {.unanswered = plain, .lawful_basis = "legitimate-interest"},
		.now_ms = NOW,
		.source = "forum"};
	return sc;
}

static struct signal finding(const struct said *s, const char *rule, enum signal_kind kind)
{
	return (struct signal){.rule = str_c(rule),
		.kind = kind,
		.level = LEVEL_NORMAL,
		.score = 25,
		.subject = {STR("author"), str_c(s->author), str_c(s->author)},
		.title = STR("A question"),
		.lead_key = str_c(s->author),
		.explain = STR("because")};
}

static void fill(struct batch_post *bp, const struct said *s, struct signal v[2])
{
	post_init(&bp->post);
	bp->post.source = STR("forum");
	bp->post.external_id = str_c(s->id);
	bp->post.text = str_c(s->text != NULL ? s->text : s->id);
	bp->post.author.handle = str_c(s->author);
	bp->post.in_reply_to = str_c(s->reply_to);
	bp->post.type = s->reply_to != NULL ? POST_TYPE_REPLY : POST_TYPE_POST;
	bp->post.thread = str_c(s->thread);
	bp->post.published = NOW - s->hours_ago * HOUR;
	bp->post.deleted = s->deleted;
	bp->signals = v;
	if (s->rule != NULL) {
		v[bp->signals_n++] =
			finding(s, s->rule, s->kind != SIGNAL_MENTION ? s->kind : SIGNAL_QUESTION);
	}
	if (s->mention) {
		v[bp->signals_n++] = finding(s, "named", SIGNAL_MENTION);
	}
}

static void hear(struct scene *sc, const struct said *says, size_t n)
{
	struct batch b = {
		.source = str_c(sc->source), .historic = sc->historic, .received_ms = sc->now_ms};
	struct emit_counts counts = {0};
	struct hark_err err = {0};
	arena_init(&b.arena, 0);
	b.posts = arena_alloc(&b.arena, n * sizeof(*b.posts));
	b.posts_n = n;
	for (size_t i = 0; i < n; i++) {
		fill(&b.posts[i], &says[i], arena_alloc(&b.arena, 2 * sizeof(struct signal)));
	}
	assert_int_equal(post_keys(b.posts, n, &b.arena), HARK_OK);
	assert_int_equal(store_begin(sc->store, &err), HARK_OK);
	emit_batch(sc->store, &sc->conf, &b, sc->now_ms, &counts, NULL);
	if (store_commit(sc->store, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	arena_release(&b.arena);
}

#define HEAR(sc, ...)                                \
	hear(sc, (const struct said[]){__VA_ARGS__}, \
		sizeof((const struct said[]){__VA_ARGS__}) / sizeof(struct said))

/* How many leads came of it. */
static size_t look(struct scene *sc, bool keep)
{
	struct emit_counts counts = {0};
	struct hark_err err = {0};
	assert_int_equal(store_begin(sc->store, &err), HARK_OK);
	assert_false(emit_due_questions(sc->store, &sc->conf, sc->now_ms, &counts));
	if (!keep) {
		store_rollback(sc->store);
	} else if (store_commit(sc->store, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	return counts.leads_new;
}

static int64_t ask(const struct scene *sc, const char *sql)
{
	return db_run_i64(db_query(store_db(sc->store), sql), -1);
}

static void say_is_staff(const struct scene *sc)
{
	db_exec(store_db(sc->store),
		"INSERT INTO people (name, kind, origin, created_ms, updated_ms)"
		" VALUES ('Ana', 'staff', 'import', 1, 1);"
		"INSERT INTO identities (person, kind, value, confidence, origin, created_ms)"
		" VALUES (1, 'handle', '@ana@social.example', 'sure', 'import', 1)");
}

static void a_question_is_a_lead_once_nobody_has_answered_in_time(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 23, .mention = true});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 0);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM signals"), 2);
	assert_false(store_questions_are_due(sc.store, sc.now_ms));
	assert_int_equal(look(&sc, true), 0);
	sc.now_ms += HOUR;
	assert_true(store_questions_are_due(sc.store, sc.now_ms));
	assert_int_equal(look(&sc, false), 1); /* killed before it was committed */
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 0);
	assert_int_equal(look(&sc, true), 1);
	assert_int_equal(look(&sc, true), 0);
	assert_int_equal(ask(&sc, "SELECT score FROM leads WHERE kind = 'question' AND"
				  " title = 'Unanswered for 24 h: A question' AND signals = 1"),
		30);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM signals WHERE lead = 1"), 1);
	assert_false(store_questions_are_due(sc.store, sc.now_ms));
	store_close(sc.store);
}

static void an_answer_in_time_ends_it_whatever_comes_first(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 30});
	HEAR(&sc, {"2", "@bo", NULL, NULL, "1", .hours_ago = 29},
		{"4", "@bo", NULL, NULL, "3", .hours_ago = 28},
		{"3", "@al", NULL, "asks", .hours_ago = 30},
		{"6", "@bo", NULL, NULL, NULL, "t", .hours_ago = 28},
		{"5", "@ed", NULL, "asks", NULL, "t", .hours_ago = 30});
	assert_int_equal(look(&sc, true), 0);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM questions WHERE outcome = 'answered'"), 3);
	store_close(sc.store);
}

static void what_is_no_answer_ends_nothing(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", "0", "t", .hours_ago = 30});
	HEAR(&sc, {"2", "@jo", NULL, NULL, "1", "t", .hours_ago = 29}, /* by himself */
		{"3", "@bo", NULL, NULL, "0", "t", .hours_ago = 29},   /* to another */
		{"4", "@bo", NULL, NULL, NULL, "t", .hours_ago = 31},  /* before */
		{"5", "@bo", NULL, NULL, NULL, "u", .hours_ago = 29}); /* elsewhere */
	assert_int_equal(look(&sc, true), 1);
	store_close(sc.store);
}

static void an_answer_that_is_taken_back_counts_no_more(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 20},
		{"3", "@al", NULL, "asks", .hours_ago = 20});
	HEAR(&sc, {"2", "@bo", NULL, NULL, "1", .hours_ago = 19},
		{"4", "@bo", NULL, NULL, "3", .hours_ago = 19},
		{"5", "@cy", NULL, NULL, "3", .hours_ago = 18});
	HEAR(&sc, {"2", "@bo", .deleted = true}, {"4", "@bo", .deleted = true});
	sc.now_ms += 5 * HOUR;
	assert_int_equal(look(&sc, true), 1); /* the other has a second answer */
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads WHERE lead_key = '@jo'"), 1);
	store_close(sc.store);
}

static void a_question_that_is_gone_is_no_lead(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 30},
		{"2", "@bo", "who asks?", "asks", .hours_ago = 30});
	HEAR(&sc, {"1", "@jo", .deleted = true}, {"2", "@bo", "nobody asks", .hours_ago = 30});
	assert_int_equal(look(&sc, true), 0);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM questions WHERE outcome = 'gone'"), 2);
	store_close(sc.store);
}

static void only_colleagues_answer_where_the_policy_says_so(void **state)
{
	struct scene sc = scene_of(state);
	say_is_staff(&sc);
	sc.conf.unanswered.answered_by = ANSWERED_BY_STAFF;
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 30},
		{"2", "@bo", NULL, NULL, "1", .hours_ago = 29},
		{"3", "@al", NULL, "asks", .hours_ago = 30},
		{"4", "@bo", NULL, NULL, "3", .hours_ago = 29},
		{"5", "@ana@social.example", NULL, NULL, "3", .hours_ago = 28},
		{"6", "@ana@social.example", NULL, "asks", .hours_ago = 30});
	assert_int_equal(look(&sc, true), 1);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads WHERE lead_key = '@jo' AND"
				  " why = 'because; no colleague has answered in 30 h'"),
		1);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM questions WHERE outcome = 'own'"), 1);
	store_close(sc.store);
}

static void a_late_answer_is_noted_on_the_lead_once(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 30});
	assert_int_equal(look(&sc, true), 1);
	HEAR(&sc, {"2", "@bo", NULL, NULL, "1", .hours_ago = 1},
		{"3", "@cy", NULL, NULL, "1", .hours_ago = 0});
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM lead_events WHERE action = 'late-answer' AND"
			 " note = '@bo answered after 29 h'"),
		1);
	assert_int_equal(
		ask(&sc, "SELECT count(*) FROM lead_events WHERE action = 'late-answer'"), 1);
	store_close(sc.store);
}

static void the_policy_says_what_waits(void **state)
{
	struct scene sc = scene_of(state);
	sc.conf.unanswered.sources = from_forum;
	sc.conf.unanswered.sources_n = 1;
	sc.source = "news";
	HEAR(&sc, {"1", "@a", NULL, "asks"});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 1);
	sc.source = "forum";
	HEAR(&sc, {"2", "@b", NULL, "asks"}, {"3", "@c", "Which?", "wants", .kind = SIGNAL_PAIN});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 2);
	sc.conf.unanswered.rules = by_wants;
	sc.conf.unanswered.rules_n = 1;
	HEAR(&sc, {"4", "@d", NULL, "asks"}, {"5", "@e", "Which?", "wants", .kind = SIGNAL_PAIN},
		{"6", "@f", "This.", "wants", .kind = SIGNAL_PAIN});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 4);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM questions"), 2);
	sc.conf.unanswered.accounts = of_customers;
	sc.conf.unanswered.accounts_n = 1;
	HEAR(&sc, {"7", "@g", "Who?", "wants", .kind = SIGNAL_PAIN});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 5);
	sc.conf.unanswered = (struct conf_unanswered){0};
	HEAR(&sc, {"8", "@h", NULL, "asks"});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM leads"), 6);
	store_close(sc.store);
}

static void what_a_source_that_fails_may_have_said_is_waited_for(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 30});
	db_exec(store_db(sc.store), "UPDATE sources SET failures = 1");
	assert_int_equal(look(&sc, true), 0);
	db_exec(store_db(sc.store), "UPDATE sources SET failures = 0");
	assert_int_equal(look(&sc, true), 1);
	store_close(sc.store);
}

static void a_first_poll_and_a_copy_wait_for_nothing(void **state)
{
	static const char text[] = "How do we move all of our exports to the other place in spring";
	struct scene sc = scene_of(state);
	sc.historic = true;
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 30});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM questions"), 0);
	sc.historic = false;
	HEAR(&sc, {"2", "@al", text, "asks", .hours_ago = 30},
		{"3", "@bo", text, "asks", .hours_ago = 30});
	assert_int_equal(ask(&sc, "SELECT count(*) FROM questions"), 1);
	assert_int_equal(look(&sc, true), 1);
	store_close(sc.store);
}

static void a_question_joins_the_lead_there_is(void **state)
{
	struct scene sc = scene_of(state);
	HEAR(&sc, {"1", "@jo", NULL, "asks", .hours_ago = 30},
		{"2", "@jo", "and how", "asks", .hours_ago = 29});
	assert_int_equal(look(&sc, true), 1);
	assert_int_equal(ask(&sc, "SELECT signals FROM leads"), 2);
	assert_int_equal(ask(&sc, "SELECT count(*) FROM questions WHERE lead = 1"), 2);
	store_close(sc.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_question_is_a_lead_once_nobody_has_answered_in_time),
		TMPSTORE_TEST(an_answer_in_time_ends_it_whatever_comes_first),
		TMPSTORE_TEST(what_is_no_answer_ends_nothing),
		TMPSTORE_TEST(an_answer_that_is_taken_back_counts_no_more),
		TMPSTORE_TEST(a_question_that_is_gone_is_no_lead),
		TMPSTORE_TEST(only_colleagues_answer_where_the_policy_says_so),
		TMPSTORE_TEST(a_late_answer_is_noted_on_the_lead_once),
		TMPSTORE_TEST(the_policy_says_what_waits),
		TMPSTORE_TEST(what_a_source_that_fails_may_have_said_is_waited_for),
		TMPSTORE_TEST(a_first_poll_and_a_copy_wait_for_nothing),
		TMPSTORE_TEST(a_question_joins_the_lead_there_is),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
