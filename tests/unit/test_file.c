#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/base/file.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64];

static int make_pipe(void **state)
{
	(void)state;
	snprintf(path, sizeof(path), "/tmp/hark-test-pipe-%d", (int)getpid());
	unlink(path);
	return mkfifo(path, 0600);
}

static int remove_pipe(void **state)
{
	(void)state;
	return unlink(path);
}

static void *write_slowly(void *arg)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	(void)arg;
	for (int i = 0; i < 3 && write(fd, "line\n", 5) == 5; i++) {
		usleep(50000);
	}
	close(fd);
	return NULL;
}

static void a_pipe_is_read_to_its_end(void **state)
{
	(void)state;
	pthread_t writer;
	struct buf got;
	buf_init(&got, 1000);
	assert_int_equal(pthread_create(&writer, NULL, write_slowly, NULL), 0);
	assert_int_equal(file_read(&got, path, NULL), HARK_OK);
	assert_string_equal(buf_c(&got), "line\nline\nline\n");
	pthread_join(writer, NULL);
	buf_release(&got);
}

static void a_pipe_nobody_writes_into_is_given_up(void **state)
{
	(void)state;
	struct hark_err err = {0};
	struct buf got;
	int64_t began_ms = clock_steady_ms();
	buf_init(&got, 1000);
	assert_int_equal(file_read(&got, path, &err), HARK_EIO);
	assert_non_null(strstr(err.text, path));
	assert_non_null(strstr(err.text, "a pipe into which nobody wrote"));
	assert_in_range(clock_steady_ms() - began_ms, 5000, 30000);
	buf_release(&got);
}

static void a_file_that_is_replaced_keeps_its_owner_and_gets_the_mode(void **state)
{
	(void)state;
	struct stat st;
	char name[] = "/tmp/hark-test-file-XXXXXX";
	int fd = mkstemp(name);
	assert_true(fd >= 0);
	bool root = geteuid() == 0; /* who else may give a file away */
	uid_t owner = root ? 12345 : geteuid();
	gid_t group = root ? 12346 : getegid();
	assert_int_equal(fchown(fd, owner, group), 0);
	close(fd);
	assert_int_equal(file_write(name, STR("new"), 0640, NULL), HARK_OK);
	assert_int_equal(stat(name, &st), 0);
	assert_int_equal(unlink(name), 0);
	assert_int_equal(st.st_mode & 07777, 0640);
	assert_int_equal(st.st_uid, owner);
	assert_int_equal(st.st_gid, group);
	assert_int_equal(st.st_size, 3);
}

static void a_link_that_leads_nowhere_is_called_one(void **state)
{
	(void)state;
	struct buf got;
	struct hark_err err;
	char folder[] = "/tmp/hark-test-file-XXXXXX", name[64];
	assert_non_null(mkdtemp(folder));
	snprintf(name, sizeof(name), "%s/link", folder);
	buf_init(&got, 100);
	assert_int_equal(symlink("gone", name), 0);
	assert_int_equal(file_read(&got, name, &err), HARK_ENOENT);
	assert_non_null(strstr(err.text, "link that leads nowhere"));
	assert_int_equal(unlink(name), 0);
	assert_int_equal(file_read(&got, name, &err), HARK_ENOENT);
	assert_non_null(strstr(err.text, "No such file"));
	assert_int_equal(rmdir(folder), 0);
	buf_release(&got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_pipe_is_read_to_its_end, make_pipe, remove_pipe),
		cmocka_unit_test_setup_teardown(
			a_pipe_nobody_writes_into_is_given_up, make_pipe, remove_pipe),
		cmocka_unit_test(a_file_that_is_replaced_keeps_its_owner_and_gets_the_mode),
		cmocka_unit_test(a_link_that_leads_nowhere_is_called_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
