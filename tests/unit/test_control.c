#include "tests/unit/unit.h"

#include "monitor/base/owner.h"
#include "monitor/control.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define NOW INT64_C(5000)

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

/* Until the call has ended. */
static void serve(struct control *control, struct caller *c)
{
	buf_init(&c->reply, 1000);
	pthread_create(&c->thread, NULL, call, c);
	until((control_serve(control, echo, NULL, NOW), pthread_tryjoin_np(c->thread, NULL) == 0));
}

static void a_request_gets_its_answer(void **state)
{
	(void)state;
	struct control *control = NULL;
	assert_int_equal(control_listen(&control, path, NULL), HARK_OK);
	struct stat st;
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	struct caller c = {.request = "{\"do\":\"status\"}"};
	serve(control, &c);
	assert_int_equal(c.rc, HARK_OK);
	assert_string_equal(buf_c(&c.reply), "{\"got\":15}");
	buf_release(&c.reply);
	control_free(control);
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

static void who_may_not_ask_is_told_who_may(void **state)
{
	(void)state;
	struct control *control = NULL;
	struct hark_err err = {0};
	struct buf reply;
	bool is_root = geteuid() == 0;
	buf_init(&reply, 1000);
	assert_int_equal(control_listen(&control, path, NULL), HARK_OK);
	assert_int_equal(is_root ? seteuid(65534) : chmod(path, 0), 0);
	int rc = control_call(path, "{}", &reply, &err);
	assert_int_equal(is_root ? seteuid(0) : 0, 0);
	assert_int_equal(rc, HARK_EAUTH);
	assert_non_null(strstr(err.text, "harkd cannot be asked at"));
	assert_int_equal(strstr(err.text, "sudo -u root hark") != NULL, is_root);
	buf_release(&reply);
	control_free(control);
}

static void a_long_sentence_gets_the_whole_way_out_or_none(void **state)
{
	(void)state;
	bool is_root = geteuid() == 0, whole = true;
	assert_int_equal(is_root ? seteuid(65534) : 0, 0);
	for (size_t used = 400; used < sizeof(((struct hark_err *)NULL)->text); used++) {
		struct hark_err err = {0};
		memset(err.text, 'x', used);
		owner_say(&err, EACCES, "/");
		const char *told = err.text + used;
		whole &= *told == '\0' || strstr(told, " hark …") != NULL;
	}
	assert_int_equal(is_root ? seteuid(0) : 0, 0);
	assert_true(whole);
}

static void a_stale_socket_is_replaced_and_a_long_path_refused(void **state)
{
	(void)state;
	char longer[200];
	struct hark_err err = {0};
	struct control *control = NULL;
	assert_int_equal(control_listen(&control, path, NULL), HARK_OK);
	control_free(control);
	assert_int_equal(control_listen(&control, path, &err), HARK_OK);
	control_free(control);
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	assert_int_equal(control_listen(&control, longer, &err), HARK_EINVAL);
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

/* A caller that connects, says `says`, and then neither speaks nor listens. */
static int be_rude(const char *says)
{
	struct sockaddr_un a = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(a.sun_path, path, strlen(path));
	assert_int_equal(connect(fd, (struct sockaddr *)&a, sizeof(a)), 0);
	assert_int_equal(send(fd, says, strlen(says), MSG_NOSIGNAL), strlen(says));
	return fd;
}

static bool is_connected(int fd)
{
	char c;
	return recv(fd, &c, 1, MSG_PEEK | MSG_DONTWAIT) != 0;
}

/* The clock stands still: whoever waits for a caller that says nothing waits for ever. */
static void a_caller_that_says_nothing_keeps_nobody_waiting(void **state)
{
	(void)state;
	struct control *control = NULL;
	assert_int_equal(control_listen(&control, path, NULL), HARK_OK);
	int mute = be_rude(""), half = be_rude("{");
	control_serve(control, echo, NULL, NOW);
	struct caller c = {.request = "{\"do\":\"status\"}"};
	serve(control, &c);
	assert_int_equal(c.rc, HARK_OK);
	assert_true(is_connected(mute) && is_connected(half));
	control_serve(control, echo, NULL, NOW + 999);
	assert_true(is_connected(mute) && is_connected(half));
	control_serve(control, echo, NULL, NOW + 1000);
	assert_false(is_connected(mute) || is_connected(half));
	buf_release(&c.reply);
	close(mute);
	close(half);
	control_free(control);
	unlink(path);
}

static void a_caller_that_takes_nothing_of_its_answer_is_let_go(void **state)
{
	(void)state;
	struct control *control = NULL;
	struct pollfd p[CONTROL_POLLS_MAX];
	assert_int_equal(control_listen(&control, path, NULL), HARK_OK);
	int deaf = be_rude("{}\n");
	control_serve(control, large, NULL, NOW);
	assert_int_equal(control_polls(control, p, NOW), 2); /* it, and the listener */
	control_serve(control, large, NULL, NOW + 1000);
	assert_int_equal(control_polls(control, p, NOW + 1000), 1);
	close(deaf);
	control_free(control);
	unlink(path);
}

static void those_who_find_no_place_wait_for_one(void **state)
{
	(void)state;
	struct control *control = NULL;
	struct pollfd p[CONTROL_POLLS_MAX];
	int mute[CONTROL_POLLS_MAX - 1];
	const size_t places = CONTROL_POLLS_MAX - 1;
	assert_int_equal(control_listen(&control, path, NULL), HARK_OK);
	for (size_t i = 0; i < places; i++) {
		mute[i] = be_rude("");
		control_serve(control, echo, NULL, NOW);
	}
	assert_int_equal(
		control_polls(control, p, NOW), places); /* the listener is not waited for */
	int last = be_rude("{}\n");
	control_serve(control, echo, NULL, NOW);
	assert_true(recv(last, (char[1]){0}, 1, MSG_PEEK | MSG_DONTWAIT) < 0);
	control_serve(control, echo, NULL, NOW + 1000);
	control_serve(control, echo, NULL, NOW + 1000);
	assert_int_equal(recv(last, (char[1]){0}, 1, MSG_PEEK | MSG_DONTWAIT), 1);
	for (size_t i = 0; i < places; i++) {
		close(mute[i]);
	}
	close(last);
	control_free(control);
	unlink(path);
}

static void what_another_uses_or_is_no_socket_is_left_alone(void **state)
{
	(void)state;
	struct hark_err err = {0};
	struct control *first = NULL, *second = NULL;
	assert_int_equal(control_listen(&first, path, &err), HARK_OK);
	assert_int_equal(control_listen(&second, path, &err), HARK_EBUSY);
	assert_non_null(strstr(err.text, "another harkd"));
	assert_int_equal(access(path, F_OK), 0);
	control_free(first);
	unlink(path);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(control_listen(&second, path, &err), HARK_EINVAL);
	assert_non_null(strstr(err.text, "no socket"));
	assert_int_equal(access(path, F_OK), 0);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_gets_its_answer),
		cmocka_unit_test(nobody_listening_is_said_with_the_way_out),
		cmocka_unit_test(who_may_not_ask_is_told_who_may),
		cmocka_unit_test(a_long_sentence_gets_the_whole_way_out_or_none),
		cmocka_unit_test(a_caller_that_says_nothing_keeps_nobody_waiting),
		cmocka_unit_test(a_caller_that_takes_nothing_of_its_answer_is_let_go),
		cmocka_unit_test(those_who_find_no_place_wait_for_one),
		cmocka_unit_test(a_stale_socket_is_replaced_and_a_long_path_refused),
		cmocka_unit_test(what_another_uses_or_is_no_socket_is_left_alone),
	};
	snprintf(path, sizeof(path), "/tmp/hark-test-control-%d.sock", (int)getpid());
	return cmocka_run_group_tests(tests, NULL, NULL);
}
