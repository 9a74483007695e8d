/* What every unit test includes: cmocka and the headers it wants first. One group a program. */
#ifndef HARK_TESTS_UNIT_H
#define HARK_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

/* Waits for what another thread or process does. No bound on time: a minute in vain is a broken program,
 * on the busiest machine too. */
#define until(cond)                                             \
	do {                                                    \
		for (int tries_ = 0; !(cond); tries_++) {       \
			if (tries_ == 12000) {                  \
				fail_msg("in vain: %s", #cond); \
			}                                       \
			usleep(5000);                           \
		}                                               \
	} while (0)

/* A borrowed slice equals a C string. */
#define assert_str_is(slice, text)                         \
	do {                                               \
		struct str got_ = (slice);                 \
		assert_non_null(got_.p);                   \
		assert_int_equal(got_.n, strlen(text));    \
		assert_memory_equal(got_.p, text, got_.n); \
	} while (0)

#endif
