/* What every unit test includes: cmocka and the headers it wants first. One group a program. */
#ifndef HARK_TESTS_UNIT_H
#define HARK_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* How much slower than usual this machine or build is: HARK_TEST_SLOW, 1 by default. For bounds on time. */
static inline int unit_slow(void)
{
	const char *text = getenv("HARK_TEST_SLOW");
	int slow = text != NULL ? atoi(text) : 1;
	return slow > 1 ? slow : 1;
}

/* A borrowed slice equals a C string. */
#define assert_str_is(slice, text)                         \
	do {                                               \
		struct str got_ = (slice);                 \
		assert_non_null(got_.p);                   \
		assert_int_equal(got_.n, strlen(text));    \
		assert_memory_equal(got_.p, text, got_.n); \
	} while (0)

#endif
