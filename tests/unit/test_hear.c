/* What a worker reads of a post that may be a statement, and what waits until somebody needs it. */
#include "tests/unit/unit.h"

#include "monitor/pipeline/hear.h"

struct room {
	struct tone_model model;
	struct tone_reader *reader;
	struct batch batch;
	struct batch_post post;
	struct signal signal;
};

static void hear_one(struct room *room, const char *author, const char *text)
{
	struct hark_err err = {0};
	assert_int_equal(tone_model_open_own(&room->model, &err), HARK_OK);
	room->reader = tone_reader_new(&room->model);
	assert_non_null(room->reader);
	room->signal = (struct signal){.rule = STR("r"), .kind = SIGNAL_MENTION};
	post_init(&room->post.post);
	room->post.post.author.handle = str_c(author);
	room->post.post.text = str_c(text);
	room->post.signals = &room->signal;
	room->post.signals_n = 1;
	room->batch = (struct batch){.posts = &room->post, .posts_n = 1, .tone = &room->model};
	arena_init(&room->batch.arena, 0);
	hear(room->reader, &room->batch);
}

static void leave(struct room *room)
{
	arena_release(&room->batch.arena);
	tone_reader_free(room->reader);
	tone_model_close(&room->model);
}

#define GOOD "We love Acme, the planner is great. Next time we would export first."
#define PLAIN "Acme opens an office. Next time we would export first."

static void praise_is_read_at_once_with_what_it_tells(void **state)
{
	(void)state;
	struct room room = {0};
	hear_one(&room, "jo", GOOD);
	assert_true(room.post.read.tone >= SAID_POSITIVE);
	assert_false(room.post.read.waits);
	assert_true(str_find(room.post.read.parts, STR("\"lesson\"")) != SIZE_MAX);
	leave(&room);
}

static void praise_is_mixed_where_its_claims_say_so(void **state)
{
	(void)state;
	static const char *const texts[] = {"Acme has been a joy to use.",
		"Acme has been a joy to use, apart from the import wizard.",
		"Acme is great. Nobody else answers so fast.",
		"We love Acme, but the export is slow."};
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct room room = {0};
		struct tone tone;
		hear_one(&room, "jo", texts[i]);
		tone_read(room.reader, &room.post.post, false, &tone);
		tone_claim(room.reader, &tone);
		assert_int_equal(tone.label, TONE_POSITIVE);
		assert_int_equal(room.post.read.tone, tone.mixed ? SAID_MIXED : SAID_POSITIVE);
		leave(&room);
	}
}

static void what_says_nothing_of_us_tells_the_rest_when_it_is_needed(void **state)
{
	(void)state;
	struct room room = {0};
	hear_one(&room, "jo", PLAIN);
	assert_int_equal(room.post.read.tone, SAID_NOTHING);
	assert_true(room.post.read.waits);
	assert_int_equal(room.post.read.parts.n, 0);
	struct statement_read late = hear_late(&room.batch, &room.post, &room.batch.arena);
	assert_int_equal(late.tone, SAID_NOTHING);
	assert_false(late.waits);
	assert_true(str_find(late.parts, STR("\"lesson\"")) != SIZE_MAX);
	leave(&room);
}

static void the_words_of_nobody_wait(void **state)
{
	(void)state;
	struct room room = {0};
	hear_one(&room, NULL, GOOD);
	assert_int_equal(room.post.read.tone, SAID_NOTHING);
	assert_true(room.post.read.waits);
	struct statement_read late = hear_late(&room.batch, &room.post, &room.batch.arena);
	assert_true(late.tone >= SAID_POSITIVE);
	leave(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(praise_is_read_at_once_with_what_it_tells),
		cmocka_unit_test(praise_is_mixed_where_its_claims_say_so),
		cmocka_unit_test(what_says_nothing_of_us_tells_the_rest_when_it_is_needed),
		cmocka_unit_test(the_words_of_nobody_wait),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
