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

#define USED ((size_t)12 << 20)

/* What is free at the end of a thread's heap, used before. */
static void *use_and_trim(void *arg)
{
	struct seen *s = arg;
	void *pieces[USED / 100000];
	size_t n = sizeof(pieces) / sizeof(*pieces);
	heap_reserve(RESERVED);
	for (size_t i = 0; i < n; i++) {
		pieces[i] = malloc(100000);
		memset(pieces[i], 1, 100000);
	}
	for (size_t i = 1; i < n; i++) {
		free(pieces[i]);
	}
	malloc_trim(0);
	s->heap_before = mallinfo2().arena;
	s->resident_before = resident_bytes();
	heap_trim();
	s->resident_after = resident_bytes();
	for (size_t i = 0; i < 100000; i++) {
		s->heap_used += ((unsigned char *)pieces[0])[i];
	}
	free(pieces[0]);
	return NULL;
}

static void what_is_free_at_the_end_of_a_threads_heap_is_given_back_and_nothing_else(void **state)
{
	(void)state;
	struct seen s = {0};
	pthread_t thread;
	heap_tune();
	assert_int_equal(pthread_create(&thread, NULL, use_and_trim, &s), 0);
	pthread_join(thread, NULL);
	assert_int_equal(s.heap_used, 100000);
	if (s.heap_before != 0) { /* else another allocator */
		assert_true(s.resident_after + USED / 2 < s.resident_before);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_reserved_is_there_at_once_and_takes_no_memory),
		cmocka_unit_test(
			what_is_free_at_the_end_of_a_threads_heap_is_given_back_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
