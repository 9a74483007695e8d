#include "tests/unit/unit.h"

#include "monitor/base/lines.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

/* A pipe that somebody fills, piece by piece. */
struct writer {
	int ends[2];
	const char *const *pieces;
	size_t repeats; /* of the whole */
	pthread_t thread;
};

static void *write_all(void *ctx)
{
	struct writer *w = ctx;
	for (size_t k = 0; k < w->repeats; k++) {
		for (const char *const *p = w->pieces; *p != NULL; p++) {
			if (write(w->ends[1], *p, strlen(*p)) < 0) {
				abort();
			}
		}
	}
	close(w->ends[1]);
	return NULL;
}

static void begin(struct writer *w, const char *const *pieces, size_t repeats)
{
	w->pieces = pieces;
	w->repeats = repeats;
	assert_int_equal(pipe(w->ends), 0);
	assert_int_equal(pthread_create(&w->thread, NULL, write_all, w), 0);
}

static void end(struct writer *w)
{
	pthread_join(w->thread, NULL);
	close(w->ends[0]);
}

static int next(struct lines *in, struct buf *line)
{
	buf_clear(line);
	return lines_next(in, line, NULL);
}

static void lines_are_whole_however_they_arrive(void **state)
{
	(void)state;
	static const char *const pieces[] = {"on", "e\n\ntw", "o\nthr", "ee", NULL};
	struct writer w;
	struct lines in;
	struct buf line;
	begin(&w, pieces, 1);
	lines_init(&in, w.ends[0], 5);
	buf_init(&line, 5);
	static const char *const wanted[] = {"one", "", "two", "three"};
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(next(&in, &line), HARK_OK);
		assert_string_equal(buf_c(&line), wanted[i]);
		assert_int_equal(in.number, i + 1);
	}
	assert_int_equal(next(&in, &line), HARK_ENOENT);
	buf_release(&line);
	end(&w);
}

static void a_line_too_long_is_named_and_the_next_one_read(void **state)
{
	(void)state;
	static const char *const pieces[] = {"12345\n123456", "789\n", "123456\n12345\n", NULL};
	struct hark_err err = {0};
	struct writer w;
	struct lines in;
	struct buf line;
	begin(&w, pieces, 1);
	lines_init(&in, w.ends[0], 5);
	buf_init(&line, 100);
	buf_add_c(&line, "kept:");
	assert_int_equal(lines_next(&in, &line, &err), HARK_OK);
	assert_int_equal(lines_next(&in, &line, &err), HARK_ELIMIT);
	assert_int_equal(in.number, 2);
	assert_string_equal(err.text, "longer than 5 bytes and left out: is a newline missing?");
	assert_int_equal(lines_next(&in, &line, &err), HARK_ELIMIT);
	assert_int_equal(in.number, 3);
	assert_int_equal(lines_next(&in, &line, &err), HARK_OK);
	assert_int_equal(in.number, 4);
	assert_string_equal(buf_c(&line), "kept:1234512345");
	assert_int_equal(lines_next(&in, &line, &err), HARK_ENOENT);
	buf_release(&line);
	end(&w);
}

static void a_line_across_many_blocks_costs_no_more_than_its_ceiling(void **state)
{
	(void)state;
	static const char *const pieces[] = {"0123456789abcdef", NULL};
	struct writer w;
	struct lines in;
	struct buf line;
	size_t whole = 5 * LINES_BLOCK;
	begin(&w, pieces, whole / 16);
	lines_init(&in, w.ends[0], whole);
	buf_init(&line, whole);
	assert_int_equal(next(&in, &line), HARK_OK);
	assert_int_equal(line.n, whole);
	assert_int_equal(next(&in, &line), HARK_ENOENT);
	end(&w);
	begin(&w, pieces, whole / 16);
	lines_init(&in, w.ends[0], whole - 1);
	assert_int_equal(next(&in, &line), HARK_ELIMIT);
	assert_int_equal(line.n, 0);
	assert_int_equal(next(&in, &line), HARK_ENOENT);
	buf_release(&line);
	end(&w);
}

static void what_cannot_be_read_is_no_end(void **state)
{
	(void)state;
	struct hark_err err = {0};
	struct lines in;
	struct buf line;
	int fd = open("/", O_RDONLY | O_CLOEXEC);
	lines_init(&in, fd, 5);
	buf_init(&line, 5);
	assert_int_equal(lines_next(&in, &line, &err), HARK_EIO);
	assert_non_null(strstr(err.text, "line 1 cannot be read"));
	close(fd);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_are_whole_however_they_arrive),
		cmocka_unit_test(a_line_too_long_is_named_and_the_next_one_read),
		cmocka_unit_test(a_line_across_many_blocks_costs_no_more_than_its_ceiling),
		cmocka_unit_test(what_cannot_be_read_is_no_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
