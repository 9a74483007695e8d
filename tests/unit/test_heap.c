#include "tests/unit/unit.h"

#include "monitor/base/heap.h"

#include <malloc.h>
#include <pthread.h>
#include <stdio.h>

#define RESERVED ((size_t)16 << 20)

static size_t resident_bytes(void)
{
	size_t all = 0, resident = 0;
	FILE *f = fopen("/proc/self/statm", "r");
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%zu %zu", &all, &resident), 2);
	fclose(f);
	return resident * (size_t)sysconf(_SC_PAGESIZE);
}

struct seen {
	size_t heap_before, heap_reserved, heap_used;
	size_t resident_before, resident_after;
};

static void *reserve_and_use(void *arg)
{
	struct seen *s = arg;
	free(malloc(1)); /* the thread's own heap is there */
	s->resident_before = resident_bytes();
	s->heap_before = mallinfo2().arena;
	heap_reserve(RESERVED);
	s->heap_reserved = mallinfo2().arena;
	s->resident_after = resident_bytes();
	void *pieces[64];
	for (size_t i = 0; i < 64; i++) {
		pieces[i] = malloc(100000);
	}
	s->heap_used = mallinfo2().arena;
	for (size_t i = 0; i < 64; i++) {
		free(pieces[i]);
	}
	return NULL;
}

static void what_is_reserved_is_there_at_once_and_takes_no_memory(void **state)
{
	(void)state;
	struct seen s = {0};
	pthread_t thread;
	heap_tune();
	assert_int_equal(pthread_create(&thread, NULL, reserve_and_use, &s), 0);
	pthread_join(thread, NULL);
	if (s.heap_before == 0) { /* another allocator, such as a sanitizer's */
		assert_int_equal(s.heap_reserved, 0);
		assert_int_equal(s.heap_used, 0);
		return;
	}
	assert_true(s.heap_before < RESERVED);
	assert_true(s.heap_reserved >= RESERVED);
	assert_int_equal(s.heap_used, s.heap_reserved);
	assert_true(s.resident_after < s.resident_before + RESERVED / 8);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_reserved_is_there_at_once_and_takes_no_memory),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
