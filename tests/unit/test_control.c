#include "tests/unit/unit.h"

#include "monitor/base/clock.h"
#include "monitor/control.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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
	until((control_serve(listener, echo, NULL), pthread_tryjoin_np(c.thread, NULL) == 0));
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

static void large(void *ctx, struct str request, struct buf *reply)
{
	(void)ctx;
	(void)request;
	for (int i = 0; i < 100000; i++) {
		buf_add_c(reply, "a line of an answer that is never read\n");
	}
}

struct rude {
	pthread_t thread;
	const char *says; /* at once, */
	int dribbles;     /* then so many single bytes, one each 200 ms */
	atomic_bool over;
};

static void *be_rude(void *arg)
{
	struct rude *r = arg;
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(a.sun_path, path, strlen(path));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_true(send(fd, r->says, strlen(r->says), MSG_NOSIGNAL) >= 0);
	for (int i = 0; !atomic_load(&r->over); i++) {
		if (i < r->dribbles) {
			send(fd, " ", 1, MSG_NOSIGNAL);
		}
		usleep(200000);
	}
	close(fd);
	return NULL;
}

/* How long the daemon is held. */
static int64_t serve_rude(struct rude *r)
{
	int listener = control_listen(path, NULL);
	struct pollfd p = {.fd = listener, .events = POLLIN};
	pthread_create(&r->thread, NULL, be_rude, r);
	poll(&p, 1, 60000);
	int64_t began = clock_steady_ms();
	control_serve(listener, large, NULL);
	int64_t held = clock_steady_ms() - began;
	atomic_store(&r->over, true);
	pthread_join(r->thread, NULL);
	close(listener);
	unlink(path);
	return held;
}

static void nobody_can_hold_the_daemon(void **state)
{
	(void)state;
	struct rude slow = {.says = "{", .dribbles = 150}; /* half a minute's */
	assert_in_range(serve_rude(&slow), 900, 29000);
	struct rude deaf = {.says = "{}\n"};
	assert_in_range(serve_rude(&deaf), 900, 29000);
}

static void what_another_uses_or_is_no_socket_is_left_alone(void **state)
{
	(void)state;
	struct hark_err err = {0};
	int first = control_listen(path, &err);
	assert_true(first >= 0);
	assert_int_equal(control_listen(path, &err), HARK_EBUSY);
	assert_non_null(strstr(err.text, "another harkd"));
	assert_int_equal(access(path, F_OK), 0);
	close(first);
	unlink(path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(control_listen(path, &err), HARK_EINVAL);
	assert_non_null(strstr(err.text, "no socket"));
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_gets_its_answer),
		cmocka_unit_test(nobody_listening_is_said_with_the_way_out),
		cmocka_unit_test(nobody_can_hold_the_daemon),
		cmocka_unit_test(a_stale_socket_is_replaced_and_a_long_path_refused),
		cmocka_unit_test(what_another_uses_or_is_no_socket_is_left_alone),
	};
	snprintf(path, sizeof(path), "/tmp/hark-test-control-%d.sock", (int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
