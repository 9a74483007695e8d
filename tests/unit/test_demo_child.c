/* Child processes of the demo. */
#include "monitor/demo/child.h"

#include "tests/unit/unit.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void output_and_status_come_back(void **state)
{
	struct buf out;
	struct hark_err err;
	const char *argv[] = {"/bin/sh", "-c", "echo hello; cat; exit 3", NULL};
	(void)state;
	buf_init(&out, 1000);
	assert_int_equal(child_read(argv, &out, &err), 3);
	assert_str_is(buf_str(&out), "hello\n");
	buf_release(&out);
}

static off_t size_of(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 ? st.st_size : 0;
}

static void a_child_is_stopped_by_sigterm(void **state)
{
	struct child c = {0};
	struct hark_err err;
	int status;
	char said[] = "/tmp/hark-child-XXXXXX";
	const char *argv[] = {"/bin/sh", "-c",
		"trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.01; done", NULL};
	(void)state;
	close(mkstemp(said));
	assert_int_equal(child_start(&c, argv, said, NULL, &err), HARK_OK);
	until(size_of(said) > 0);
	assert_true(child_runs(&c, &status));
	child_stop(&c, 60000);
	assert_false(child_runs(&c, &status));
	assert_int_equal(size_of(said), strlen("ready\nbye\n"));
	unlink(said);
}

static void a_child_that_will_not_end_is_killed(void **state)
{
	struct child c = {0};
	struct hark_err err;
	char ready[] = "/tmp/hark-child-XXXXXX";
	const char *argv[] = {
		"/bin/sh", "-c", "trap '' TERM; echo ready; while :; do sleep 1; done", NULL};
	(void)state;
	close(mkstemp(ready));
	assert_int_equal(child_start(&c, argv, ready, NULL, &err), HARK_OK);
	pid_t pid = c.pid;
	until(size_of(ready) > 0);
	child_stop(&c, 200);
	assert_int_equal(kill(pid, 0), -1);
	unlink(ready);
}

static void a_program_that_is_not_there_is_one_sentence(void **state)
{
	struct hark_err err;
	(void)state;
	assert_null(child_find("no-such-program-of-hark", &err));
	assert_int_equal(err.code, HARK_ENOENT);
	assert_non_null(strstr(err.text, "no-such-program-of-hark"));
	char *sh = child_find("sh", &err);
	assert_non_null(sh);
	free(sh);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(output_and_status_come_back),
		cmocka_unit_test(a_child_is_stopped_by_sigterm),
		cmocka_unit_test(a_child_that_will_not_end_is_killed),
		cmocka_unit_test(a_program_that_is_not_there_is_one_sentence),
	};
	return cmocka_run_group_tests_name("demo child", tests, NULL, NULL);
}
