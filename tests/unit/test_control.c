#include "tests/unit/unit.h"

#include "monitor/control.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char path[64];

static void echo(void *ctx, struct str request, struct buf *reply)
{
	(void)ctx;
	buf_printf(reply, "{\"got\":%zu}", request.n);
}

struct caller {
	pthread_t thread;
	const char *request;
	struct buf reply;
	int rc;
};

static void *call(void *arg)
{
	struct caller *c = arg;
	c->rc = control_call(path, c->request, &c->reply, NULL);
	return NULL;
}

static void a_request_gets_its_answer(void **state)
{
	(void)state;
	int listener = control_listen(path, NULL);
	assert_true(listener >= 0);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	struct caller c = {.request = "{\"do\":\"status\"}"};
	buf_init(&c.reply, 1000);
	pthread_create(&c.thread, NULL, call, &c);
	for (int i = 0; i < 500 && c.reply.n == 0; i++) {
		control_serve(listener, echo, NULL);
		usleep(2000);
		if (pthread_tryjoin_np(c.thread, NULL) == 0) {
			break;
		}
	}
	assert_int_equal(c.rc, HARK_OK);
	assert_string_equal(buf_c(&c.reply), "{\"got\":15}");
	buf_release(&c.reply);
	close(listener);
}

static void nobody_listening_is_said_with_the_way_out(void **state)
{
	(void)state;
	struct hark_err err = {0};
	struct buf reply;
	buf_init(&reply, 1000);
	unlink(path);
	assert_int_equal(control_call(path, "{}", &reply, &err), HARK_ENET);
	assert_non_null(strstr(err.text, "harkd does not run"));
	buf_release(&reply);
}

static void a_stale_socket_is_replaced_and_a_long_path_refused(void **state)
{
	(void)state;
	char longer[200];
	struct hark_err err = {0};
	close(control_listen(path, NULL));
	int again = control_listen(path, &err);
	assert_true(again >= 0);
	close(again);
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(control_listen(longer, &err), HARK_EINVAL);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_gets_its_answer),
		cmocka_unit_test(nobody_listening_is_said_with_the_way_out),
		cmocka_unit_test(a_stale_socket_is_replaced_and_a_long_path_refused),
	};
	snprintf(path, sizeof(path), "/tmp/hark-test-control-%d.sock", (int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
