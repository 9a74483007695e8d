#include "tests/unit/unit.h"

#include "monitor/base/err.h"
#include "monitor/base/events.h"

#include <stdio.h>

#define MAX 64

/* Every event as "type|id|data;", so that two runs are compared as text. */
static int keep(void *ctx, const struct event *e)
{
	struct buf *out = ctx;
	buf_add_str(out, e->type.p != NULL ? e->type : STR("-"));
	buf_add_char(out, '|');
	buf_add_str(out, e->id.p != NULL ? e->id : STR("-"));
	buf_add_char(out, '|');
	buf_add_str(out, e->data);
	return buf_add_char(out, ';');
}

struct run {
	struct buf out;
	size_t left_out;
	int64_t retry_ms;
};

/* Pieces: the first `first` bytes, then `step` bytes each. */
static void run_pieces(
	struct run *r, enum events_format format, struct str text, size_t first, size_t step)
{
	struct events e;
	buf_init(&r->out, 1 << 16);
	events_init(&e, format, MAX);
	for (size_t at = 0, n = first; at < text.n; at += n, n = step) {
		n = n > text.n - at ? text.n - at : n;
		if (n > 0) {
			assert_int_equal(
				events_feed(&e, str_n(text.p + at, n), keep, &r->out), HARK_OK);
		}
	}
	r->left_out = e.left_out;
	r->retry_ms = e.retry_ms;
	events_release(&e);
}

/* However the bytes come, the events are these. */
static void expect(enum events_format format, struct str text, const char *events, size_t left_out)
{
	for (size_t split = 0; split <= text.n; split++) {
		struct run r;
		run_pieces(&r, format, text, split, text.n);
		assert_string_equal(buf_c(&r.out), events);
		assert_int_equal(r.left_out, left_out);
		buf_release(&r.out);
	}
	struct run r;
	run_pieces(&r, format, text, 1, 1);
	assert_string_equal(buf_c(&r.out), events);
	assert_int_equal(r.left_out, left_out);
	buf_release(&r.out);
}

static void the_examples_of_the_standard_give_its_events(void **state)
{
	(void)state;
	expect(EVENTS_SSE, STR("data: YHOO\ndata: +2\ndata: 10\n\n"), "-|-|YHOO\n+2\n10;", 0);
	expect(EVENTS_SSE,
		STR(": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n"),
		"-|1|first event;-||second event;-|| third event;", 0);
	/* Two events of an empty and a blank line; the block that has no end is none. */
	expect(EVENTS_SSE, STR("data\n\ndata\ndata\n\ndata:"), "-|-|;-|-|\n;", 0);
	expect(EVENTS_SSE, STR("data:test\n\ndata: test\n\n"), "-|-|test;-|-|test;", 0);
}

static void every_line_end_is_one_and_counts_once(void **state)
{
	(void)state;
	expect(EVENTS_SSE,
		STR("event: a\rdata: 1\r\rdata: 2\r\n\r\ndata: 3\n\ndata: 4\r\n\rdata: 5\n\r"),
		"a|-|1;-|-|2;-|-|3;-|-|4;-|-|5;", 0);
}

static void a_mark_at_the_start_is_dropped_and_none_elsewhere(void **state)
{
	(void)state;
	expect(EVENTS_SSE,
		STR("\xef\xbb\xbf"
		    "data: 1\n\n\xef\xbb\xbf"
		    "data: 2\n\ndata: 3\n\n"),
		"-|-|1;-|-|3;", 0);
	expect(EVENTS_LINES, STR("\xef\xbb\xbf{\"a\":1}\n\xef\xbb{}\n"),
		"-|-|{\"a\":1};-|-|\xef\xbb{};", 0);
	expect(EVENTS_LINES, STR("\xef\xbb{}\n"), "-|-|\xef\xbb{};", 0);
}

static void ids_last_until_the_next_and_one_with_a_nul_is_none(void **state)
{
	(void)state;
	expect(EVENTS_SSE,
		STR("id: 7\nevent: x\n\ndata: a\n\nid: 8\0 9\ndata: b\n\nid:\ndata: c\n\n"),
		"-|7|a;-|7|b;-||c;", 0);
}

static void unknown_fields_and_comments_are_passed_over(void **state)
{
	(void)state;
	expect(EVENTS_SSE,
		STR(":thump\nfoo: bar\ndata : no\n data: no\nevent: update\ndata: {}\n:\n\n:thump\n"),
		"update|-|{};", 0);
}

static void a_pause_for_reconnects_is_digits_or_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t ms;
	} cases[] = {{"retry: 1500\n", 1500}, {"retry: -1\n", -1}, {"retry: 10s\n", -1},
		{"retry:\n", -1}, {"retry: 99999999999\n", 86400000},
		{"retry: 99999999999999999999999\n", -1}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct run r;
		run_pieces(&r, EVENTS_SSE, str_c(cases[i].text), 3, 100);
		assert_int_equal(r.retry_ms, cases[i].ms);
		buf_release(&r.out);
	}
}

static void what_is_too_large_is_left_out_and_what_follows_is_not(void **state)
{
	(void)state;
	char text[1000];
	char big[200];
	memset(big, 'x', sizeof(big));
	big[sizeof(big) - 1] = '\0';
	snprintf(text, sizeof(text), "data: 1\n\nid: 3\ndata: %s\n\ndata: 2\n\n", big);
	expect(EVENTS_SSE, str_c(text), "-|-|1;-|3|2;", 1);
	/* Of many small lines too, and a comment of any length is none. */
	snprintf(text, sizeof(text), "data: %.40s\ndata: %.40s\n\n:%s\ndata: 2\n\n", big, big, big);
	expect(EVENTS_SSE, str_c(text), "-|-|2;", 1);
	snprintf(text, sizeof(text), "{1}\n%s\r\n{2}\n", big);
	expect(EVENTS_LINES, str_c(text), "-|-|{1};-|-|{2};", 1);
	snprintf(text, sizeof(text), "%.*s\n%.*s\n", MAX, big, MAX + 1, big);
	char want[200];
	snprintf(want, sizeof(want), "-|-|%.*s;", MAX, big);
	expect(EVENTS_LINES, str_c(text), want, 1);
}

static void lines_are_events_and_blank_ones_are_not(void **state)
{
	(void)state;
	expect(EVENTS_LINES, STR("\n{\"a\":1}\r\n \n\n{\"b\":\"\r\"}\n{half"),
		"-|-|{\"a\":1};-|-|{\"b\":\"\r\"};", 0);
}

static void bytes_that_are_no_text_pass_through(void **state)
{
	(void)state;
	expect(EVENTS_SSE, STR("data: \xff\xfe\xc3\n\n"), "-|-|\xff\xfe\xc3;", 0);
	struct str nul = STR("a\0b\n");
	struct run r;
	run_pieces(&r, EVENTS_LINES, nul, 1, 1);
	assert_int_equal(r.out.n, strlen("-|-|") + 3 + 1);
	buf_release(&r.out);
}

static void a_recording_may_end_in_the_middle(void **state)
{
	(void)state;
	static const struct {
		enum events_format format;
		const char *text, *events;
	} cases[] = {{EVENTS_SSE, "data: 1\n\ndata: 2", "-|-|1;-|-|2;"},
		{EVENTS_SSE, "data: 2\n", "-|-|2;"}, {EVENTS_LINES, "{1}\n{2}", "-|-|{1};-|-|{2};"},
		{EVENTS_LINES, "\xef\xbb", "-|-|\xef\xbb;"}, {EVENTS_SSE, "", ""}};
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct events e;
		struct buf out;
		buf_init(&out, 1000);
		events_init(&e, cases[i].format, MAX);
		events_feed(&e, str_c(cases[i].text), keep, &out);
		assert_int_equal(events_finish(&e, keep, &out), HARK_OK);
		assert_string_equal(buf_c(&out), cases[i].events);
		events_release(&e);
		buf_release(&out);
	}
}

static int write_again(void *ctx, const struct event *e)
{
	events_write(ctx, EVENTS_SSE, e);
	return HARK_OK;
}

static void what_is_written_is_read_the_same(void **state)
{
	(void)state;
	struct str text = STR(
		"event: x\ndata: 1\r\ndata\rid: 4\n\ndata\n\ndata:\ndata:\ndata\n\ndata: a\n\n");
	struct run first, second;
	struct events e;
	struct buf again;
	run_pieces(&first, EVENTS_SSE, text, 0, 5);
	buf_init(&again, 1000);
	events_init(&e, EVENTS_SSE, MAX);
	events_feed(&e, text, write_again, &again);
	events_release(&e);
	run_pieces(&second, EVENTS_SSE, buf_str(&again), 0, 3);
	assert_string_equal(buf_c(&first.out), buf_c(&second.out));
	buf_release(&again);
	buf_release(&first.out);
	buf_release(&second.out);
}

static int stop_at_second(void *ctx, const struct event *e)
{
	(void)e;
	return ++*(int *)ctx == 2 ? HARK_ELIMIT : HARK_OK;
}

static void whoever_takes_events_may_end_it(void **state)
{
	(void)state;
	struct events e;
	int n = 0;
	events_init(&e, EVENTS_LINES, MAX);
	assert_int_equal(events_feed(&e, STR("1\n2\n3\n"), stop_at_second, &n), HARK_ELIMIT);
	assert_int_equal(n, 2);
	events_release(&e);
}

static size_t empty_lines(enum events_format format, const char *text)
{
	struct events e;
	struct buf out;
	buf_init(&out, 1 << 16);
	events_init(&e, format, MAX);
	assert_int_equal(events_feed(&e, str_c(text), keep, &out), HARK_OK);
	size_t n = e.empty;
	events_release(&e);
	buf_release(&out);
	return n;
}

static void lines_that_say_nothing_are_counted(void **state)
{
	(void)state;
	assert_int_equal(empty_lines(EVENTS_LINES, "\n\n1\n{\"id\":1}\n[]\n"), 4);
	assert_int_equal(empty_lines(EVENTS_SSE, ": one\n:two\n\n"), 3);
	assert_int_equal(empty_lines(EVENTS_SSE, "event: x\nid: 1\ndata: {\"id\":1}\n\n"), 0);
	assert_int_equal(empty_lines(EVENTS_SSE, "event: x\nid: 1\ndata: 1\n\n"), 3);
	assert_int_equal(empty_lines(EVENTS_SSE, "x\nx\nx\n"), 3);
	assert_int_equal(empty_lines(EVENTS_SSE, "data: {\ndata:  \"id\": 1\ndata: }\n\n"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_examples_of_the_standard_give_its_events),
		cmocka_unit_test(every_line_end_is_one_and_counts_once),
		cmocka_unit_test(a_mark_at_the_start_is_dropped_and_none_elsewhere),
		cmocka_unit_test(ids_last_until_the_next_and_one_with_a_nul_is_none),
		cmocka_unit_test(unknown_fields_and_comments_are_passed_over),
		cmocka_unit_test(a_pause_for_reconnects_is_digits_or_nothing),
		cmocka_unit_test(what_is_too_large_is_left_out_and_what_follows_is_not),
		cmocka_unit_test(lines_are_events_and_blank_ones_are_not),
		cmocka_unit_test(bytes_that_are_no_text_pass_through),
		cmocka_unit_test(a_recording_may_end_in_the_middle),
		cmocka_unit_test(what_is_written_is_read_the_same),
		cmocka_unit_test(whoever_takes_events_may_end_it),
		cmocka_unit_test(lines_that_say_nothing_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
