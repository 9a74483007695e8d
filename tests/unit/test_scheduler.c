#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/base/queue.h"
#include "monitor/pipeline/poll.h"
#include "monitor/pipeline/scheduler.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

/* The wall clock is ahead of the one that waits are measured by. */
static atomic_int ahead_s;

int clock_gettime(clockid_t id, struct timespec *out)
{
	long rc = syscall(SYS_clock_gettime, id, out);
	out->tv_sec += id == CLOCK_REALTIME ? atomic_load(&ahead_s) : 0;
	return (int)rc;
}

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)

/* A connector that asks for nothing: its poll cannot start. */

static int no_open(
	struct hark_host *host, const struct hark_pair *settings, size_t count, void **ctx)
{
	(void)host;
	(void)settings;
	(void)count;
	*ctx = NULL;
	return 0;
}

static int no_plan(
	struct hark_host *host, void *ctx, const char *cursor, struct hark_request *request)
{
	(void)ctx;
	(void)cursor;
	(void)request;
	return (host->fail)(host, "there is nothing to ask for");
}

static int no_parse(struct hark_host *host, void *ctx, const struct hark_reply *reply)
{
	(void)host;
	(void)ctx;
	(void)reply;
	return 0;
}

static const struct hark_connector connector = {
	.abi = HARK_CONNECTOR_ABI,
	.name = "none",
	.about = "for this test",
	.open = no_open,
	.plan = no_plan,
	.parse = no_parse,
};

static struct conf_source conf = {.name = "news", .every_ms = HOUR};
static struct conf conf_all = {.http_per_host = 1};
static struct setup setup = {.refs = 1, .conf = &conf_all}; /* one count is ours for good */
static struct fetch *fetch;                                 /* its loop never runs */
static struct queue *jobs;
static struct scheduler *scheduler;
static struct source *source; /* the scheduler's */

static int64_t polled_ahead_ms; /* by a clock that was set back since */

/* `due_ms` and `plain_due_ms`: from now on. */
static void start(int64_t due_ms, int64_t plain_due_ms)
{
	const struct fetch_options how = {.user_agent = "hark", .parallel = 1, .per_host = 1};
	struct source **all = calloc(1, sizeof(struct source *));
	fetch = fetch_new(&how, NULL);
	jobs = queue_new(4, NULL);
	const struct scheduler_options options = {.jobs = jobs, .under_way_max = 4};
	scheduler = scheduler_new(&options);
	assert_true(fetch != NULL && jobs != NULL && scheduler != NULL && all != NULL);
	scheduler_set_fetch(scheduler, fetch);
	source = calloc(1, sizeof(*source));
	source->setup = setup_ref(&setup);
	source->conf = &conf;
	source->connector = &connector;
	source->state = calloc(1, sizeof(*source->state));
	source->state->due_ms = clock_wall_ms() + due_ms;
	source->state->plain_due_ms = plain_due_ms > 0 ? clock_wall_ms() + plain_due_ms : 0;
	source->state->polled_ms = polled_ahead_ms > 0 ? clock_wall_ms() + polled_ahead_ms : 0;
	all[0] = source;
	assert_int_equal(scheduler_install(scheduler, all, 1), HARK_OK);
}

static bool is_taken(void)
{
	struct poll_job *job = queue_pop(jobs, 0);
	if (job != NULL) {
		job->source = NULL;
		poll_job_free(job);
		scheduler_return(scheduler, source);
	}
	return job != NULL;
}

/* How long until something is due. */
static int64_t turn(void)
{
	int64_t now = clock_steady_ms();
	return scheduler_tick(scheduler, now) - now;
}

static void stop(void)
{
	scheduler_free(scheduler);
	queue_free(jobs);
	fetch_free(fetch);
}

static void a_poll_that_was_put_off_for_a_hub_comes_when_that_is_lost(void **state)
{
	(void)state;
	start(4 * HOUR, HOUR);
	assert_true(turn() > 3 * HOUR);
	assert_int_equal(scheduler_poll_plainly(scheduler, "other"), HARK_OK);
	assert_true(turn() > 3 * HOUR);
	assert_int_equal(scheduler_poll_plainly(scheduler, "news"), HARK_OK);
	int64_t wait = turn();
	assert_true(wait > HOUR / 2 && wait <= HOUR);
	assert_int_equal(source->state->plain_due_ms, 0);
	/* One that was not put off stays where it is. */
	assert_int_equal(scheduler_poll_plainly(scheduler, "news"), HARK_OK);
	assert_true(turn() > HOUR / 2);
	stop();
}

static void one_that_is_under_way_then_comes_home_to_its_plain_time(void **state)
{
	(void)state;
	start(0, 0);
	turn();
	struct poll_job *job = queue_pop(jobs, 0);
	assert_non_null(job);
	assert_int_equal(scheduler_poll_plainly(scheduler, "news"), HARK_OK);
	turn();
	/* A worker took the subscription for good still. */
	source->state->due_ms = clock_wall_ms() + 4 * HOUR;
	source->state->plain_due_ms = clock_wall_ms() + HOUR;
	job->source = NULL;
	poll_job_free(job);
	scheduler_return(scheduler, source);
	int64_t wait = turn();
	assert_true(wait > HOUR / 2 && wait <= HOUR);
	stop();
}

static void a_poll_that_cannot_start_is_judged_at_the_time_it_was(void **state)
{
	(void)state;
	int64_t before = clock_wall_ms();
	start(0, 0);
	turn();
	struct poll_job *job = queue_pop(jobs, 0);
	assert_non_null(job);
	assert_ptr_equal(job->source, source);
	assert_int_equal(job->reply->rc, HARK_EINVAL);
	assert_string_equal(job->reply->error, "there is nothing to ask for");
	assert_true(job->reply->received_ms >= before);
	job->source = NULL;
	poll_job_free(job);
	scheduler_return(scheduler, source);
	stop();
}

static void a_folder_with_a_refused_file_is_read_at_once_after_a_restart(void **state)
{
	(void)state;
	static const char *const marks[] = {"0123456789abcdef ", "0123456789abcdef!"};
	for (size_t i = 0; i < 2; i++) {
		start(4 * HOUR, 0);
		source->transport = HARK_TRANSPORT_FILE;
		source->state->etag = str_c(marks[i]);
		turn();
		assert_int_equal(is_taken(), i == 1);
		stop();
	}
}

static void a_clock_that_was_set_back_stops_no_source(void **state)
{
	(void)state;
	polled_ahead_ms = 10 * HOUR;
	start(11 * HOUR, 0);
	polled_ahead_ms = 0;
	assert_true(turn() <= HOUR);
	stop();
}

static void a_busy_loop_is_waited_for_as_long_whatever_the_clock_does(void **state)
{
	struct scheduler_counts counts;
	(void)state;
	start(HOUR, 0);
	atomic_store(&ahead_s, 20); /* set back after the time was taken until when to wait */
	int64_t from = clock_steady_ms();
	scheduler_counts(scheduler, &counts);
	atomic_store(&ahead_s, 0);
	assert_in_range(clock_steady_ms() - from, 1900, 15000);
	stop();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_poll_that_was_put_off_for_a_hub_comes_when_that_is_lost),
		cmocka_unit_test(one_that_is_under_way_then_comes_home_to_its_plain_time),
		cmocka_unit_test(a_poll_that_cannot_start_is_judged_at_the_time_it_was),
		cmocka_unit_test(a_clock_that_was_set_back_stops_no_source),
		cmocka_unit_test(a_busy_loop_is_waited_for_as_long_whatever_the_clock_does),
		cmocka_unit_test(a_folder_with_a_refused_file_is_read_at_once_after_a_restart),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
