#include "tests/unit/unit.h"

#include "monitor/base/err.h"
#include "monitor/base/queue.h"

#include <pthread.h>

static int dropped;

static void drop(void *item)
{
	(void)item;
	dropped++;
}

static void a_full_queue_refuses_and_a_closed_one_drains(void **state)
{
	(void)state;
	int x[3] = {1, 2, 3};
	struct queue *q = queue_new(2, drop);
	void *all[] = {&x[0], &x[1], &x[2]};
	assert_int_equal(queue_try_push_all(q, all, 3), 2);
	assert_int_equal(queue_try_push_all(q, all, 3), 0);
	queue_close(q);
	assert_int_equal(queue_try_push_all(q, all, 3), 0);
	assert_int_equal(queue_push(q, &x[2]), HARK_EPIPE);
	assert_ptr_equal(queue_pop(q, -1), &x[0]);
	dropped = 0;
	queue_free(q);
	assert_int_equal(dropped, 1);
}

static void *pusher(void *arg)
{
	static int item;
	for (int i = 0; i < 10000; i++) {
		queue_push(arg, &item);
	}
	return NULL;
}

static void items_cross_threads_once(void **state)
{
	(void)state;
	struct queue *q = queue_new(4, NULL);
	pthread_t t[2];
	for (int i = 0; i < 2; i++) {
		pthread_create(&t[i], NULL, pusher, q);
	}
	for (int i = 0; i < 20000; i++) {
		assert_non_null(queue_pop(q, 10000));
	}
	assert_null(queue_pop(q, 1));
	for (int i = 0; i < 2; i++) {
		pthread_join(t[i], NULL);
	}
	queue_free(q);
}

static void plenty_is_waited_for_without_taking_any(void **state)
{
	(void)state;
	struct queue *q = queue_new(4, NULL);
	pthread_t t;
	assert_int_equal(queue_wait(q, 3, 1), 0);
	pthread_create(&t, NULL, pusher, q);
	assert_true(queue_wait(q, 3, 60000) >= 3);
	assert_int_equal(queue_wait(q, 9, 60000), 4); /* no more than it can hold */
	for (int i = 0; i < 10000; i++) {
		assert_non_null(queue_pop(q, 60000));
	}
	pthread_join(t, NULL);
	queue_close(q);
	assert_int_equal(queue_wait(q, 3, 60000), 0); /* nothing can come any more */
	queue_free(q);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_full_queue_refuses_and_a_closed_one_drains),
		cmocka_unit_test(items_cross_threads_once),
		cmocka_unit_test(plenty_is_waited_for_without_taking_any),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
