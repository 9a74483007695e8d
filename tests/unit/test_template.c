#include "tests/unit/unit.h"

#include "connectors/collect.h"

extern const struct hark_connector hark_connector_template;

#define BOARD "https://board.example.com/messages"

struct board_run {
	struct arena arena;
	struct collected got;
	struct hark_err err;
	void *ctx;
};

static void open_board(struct board_run *run, const char *token)
{
	const struct hark_pair pairs[] = {{"url", BOARD}, {"token", token}};
	arena_init(&run->arena, 0);
	assert_int_equal(collect_open(&hark_connector_template, pairs, token != NULL ? 2 : 1,
				 &run->ctx, &run->err),
		HARK_OK);
}

static int read_board(struct board_run *run, const char *body)
{
	const struct hark_reply reply = {
		.url = BOARD, .status = 200, .body = body, .body_bytes = strlen(body)};
	return collect(&run->got, &hark_connector_template, run->ctx, STR("board"), &reply,
		&run->arena, &run->err);
}

static void close_board(struct board_run *run)
{
	collect_close(&hark_connector_template, run->ctx);
	arena_release(&run->arena);
}

static void a_line_becomes_a_post(void **state)
{
	(void)state;
	struct board_run run;
	open_board(&run, NULL);
	assert_int_equal(read_board(&run, "#board Example board\n"
					  "42\t1772600767\tana\tAcme moved to a new tool\n"
					  "43\t1772600799\tben\tWhich one?\n"),
		HARK_OK);
	assert_str_is(run.got.feed.title, "Example board");
	assert_int_equal(run.got.posts_n, 2);
	const struct post *p = &run.got.posts[0];
	assert_str_is(p->source, "board");
	assert_str_is(p->external_id, "42");
	assert_str_is(p->url, BOARD "/42");
	assert_str_is(p->author.handle, "ana");
	assert_str_is(p->text, "Acme moved to a new tool");
	assert_int_equal(p->published, INT64_C(1772600767000));
	assert_str_is(run.got.cursor, "43");
	assert_int_equal(run.got.more_n, 0);
	assert_false(run.got.degraded);
	close_board(&run);
}

static void the_cursor_and_the_token_travel_in_the_request(void **state)
{
	(void)state;
	struct board_run run;
	struct hark_request request;
	open_board(&run, "s3cret");
	assert_int_equal(collect_plan(&hark_connector_template, run.ctx, NULL, 0, &request, &run.arena,
				 &run.err),
		HARK_OK);
	assert_string_equal(request.url, BOARD "?after=0");
	assert_int_equal(collect_plan(&hark_connector_template, run.ctx, "43", 0, &request, &run.arena,
				 &run.err),
		HARK_OK);
	assert_string_equal(request.url, BOARD "?after=43");
	assert_int_equal(request.headers_count, 1);
	assert_string_equal(request.headers[0].name, "Authorization");
	assert_string_equal(request.headers[0].value, "Bearer s3cret");
	close_board(&run);
}

static void a_plus_asks_for_the_next_page(void **state)
{
	(void)state;
	struct board_run run;
	open_board(&run, NULL);
	assert_int_equal(read_board(&run, "#board B\n7\t1772600767\tana\tx\n+\n"), HARK_OK);
	assert_int_equal(run.got.more_n, 1);
	assert_string_equal(run.got.more[0].url, BOARD "?after=7");
	close_board(&run);
}

static void a_damaged_line_costs_only_itself(void **state)
{
	(void)state;
	struct board_run run;
	open_board(&run, NULL);
	assert_int_equal(read_board(&run, "#board B\n\n1\t5\tana\tfirst\n2\tsoon\tben\tsecond\n"
					  "3\t6\n\t\t\t\n4\t7\tcem\t\n"),
		HARK_OK);
	assert_int_equal(run.got.posts_n, 2);
	assert_str_is(run.got.posts[1].external_id, "4");
	assert_true(run.got.degraded);
	assert_int_equal(run.got.degraded_line, 4);
	assert_str_is(run.got.degraded_why, "this line is no message");
	close_board(&run);
}

static void what_is_no_board_is_refused_in_a_sentence(void **state)
{
	(void)state;
	static const char *const others[] = {"", "#board", "<html></html>", "42\t1\tana\tx\n"};
	struct board_run run;
	open_board(&run, NULL);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_int_equal(read_board(&run, others[i]), HARK_EPARSE);
		assert_string_equal(run.err.text,
			BOARD " is no message board: it does not begin with \"#board\"");
		assert_int_equal(run.got.posts_n, 0);
	}
	close_board(&run);
}

static void an_address_is_required(void **state)
{
	(void)state;
	struct hark_err err;
	void *ctx;
	assert_int_equal(collect_open(&hark_connector_template, NULL, 0, &ctx, &err), HARK_EINVAL);
	assert_non_null(strstr(err.text, "url"));
	assert_null(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_becomes_a_post),
		cmocka_unit_test(the_cursor_and_the_token_travel_in_the_request),
		cmocka_unit_test(a_plus_asks_for_the_next_page),
		cmocka_unit_test(a_damaged_line_costs_only_itself),
		cmocka_unit_test(what_is_no_board_is_refused_in_a_sentence),
		cmocka_unit_test(an_address_is_required),
	};
	return cmocka_run_group_tests_name("template", tests, NULL, NULL);
}
