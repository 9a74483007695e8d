#include "tests/unit/unit.h"

#include "monitor/base/log.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

/* What a line looks like on a terminal, without its time. */
static void line_of(const char *text, char out[2048])
{
	int ends[2], old = dup(STDERR_FILENO);
	assert_int_equal(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	log_warn("%s", text);
	dup2(old, STDERR_FILENO);
	ssize_t n = read(ends[0], out, 2047);
	assert_true(n > 0);
	out[n] = '\0';
	close(ends[0]);
	close(ends[1]);
	close(old);
	const char *said = strstr(out, "warning: ");
	assert_non_null(said);
	memmove(out, said + 9, strlen(said + 9) + 1);
}

static void what_a_peer_says_stays_on_its_line(void **state)
{
	(void)state;
	char line[2048];
	line_of("one\r\ntwo\x1b[31m red", line);
	assert_string_equal(line, "one  two [31m red\n");
}

/* U+009B opens a command as ESC [ does, and DEL rubs out on some terminals. */
static void eight_bit_controls_are_blanks_and_letters_stay(void **state)
{
	(void)state;
	char line[2048];
	line_of("a\xc2\x9b"
		"31m b\x7f \xc3\x9b\xc2\xa0\xe2\x80\x9b",
		line);
	assert_string_equal(line, "a  31m b  \xc3\x9b\xc2\xa0\xe2\x80\x9b\n");
}

static void a_line_that_is_too_long_is_cut_between_letters(void **state)
{
	(void)state;
	char text[4000], line[2048];
	text[0] = 'x';
	for (size_t i = 1; i + 2 < sizeof(text); i += 2) {
		memcpy(text + i, "\xc3\xa4", 3);
	}
	line_of(text, line);
	size_t n = strlen(line);
	assert_true(n > 900);
	assert_memory_equal(line + n - 3, "\xc3\xa4\n", 3);
	line_of(text + 1, line);
	n = strlen(line);
	assert_memory_equal(line + n - 3, "\xc3\xa4\n", 3);
}

/* What is read while lines are held, and after they were released. */
static void lines_that_are_held_come_together_and_in_order(void **state)
{
	(void)state;
	int ends[2], old = dup(STDERR_FILENO);
	static char out[65536];
	ssize_t early, n = 0, got;
	assert_int_equal(pipe2(ends, O_NONBLOCK), 0);
	dup2(ends[1], STDERR_FILENO);
	log_hold();
	log_info("first");
	early = read(ends[0], out, sizeof(out));
	for (int i = 0; i < 300; i++) { /* more than is held at once */
		log_info("line %d of many", i);
	}
	log_release();
	log_info("last");
	dup2(old, STDERR_FILENO);
	while ((got = read(ends[0], out + n, sizeof(out) - 1 - (size_t)n)) > 0) {
		n += got;
	}
	out[n] = '\0';
	close(ends[0]);
	close(ends[1]);
	close(old);
	assert_int_equal(early, -1);
	const char *at = strstr(out, "first\n");
	assert_non_null(at);
	for (int i = 0; i < 300; i++) {
		char line[32];
		snprintf(line, sizeof(line), "line %d of many\n", i);
		at = strstr(at, line);
		assert_non_null(at);
	}
	assert_string_equal(out + n - 5, "last\n");
	assert_non_null(strstr(at, "last\n"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_peer_says_stays_on_its_line),
		cmocka_unit_test(eight_bit_controls_are_blanks_and_letters_stay),
		cmocka_unit_test(a_line_that_is_too_long_is_cut_between_letters),
		cmocka_unit_test(lines_that_are_held_come_together_and_in_order),
	};
	log_init(LOG_LEVEL_INFO);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
