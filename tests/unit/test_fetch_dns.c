/* Names that lie, change and never answer: this program brings its own getaddrinfo(), which libcurl
 * then calls. */
#include "tests/unit/unit.h"
#include "tests/unit/server.h"

#include "monitor/base/clock.h"
#include "monitor/fetch/fetch.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static atomic_int rebind_asked;
static atomic_bool black_hole_over;

static struct addrinfo *one_address(const char *text, int port, struct addrinfo *next)
{
	struct sockaddr_storage *sa = calloc(1, sizeof(*sa));
	struct addrinfo *ai = calloc(1, sizeof(*ai));
	struct sockaddr_in *v4 = (struct sockaddr_in *)sa;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)sa;
	ai->ai_socktype = SOCK_STREAM;
	ai->ai_addr = (struct sockaddr *)sa;
	ai->ai_next = next;
	if (inet_pton(AF_INET, text, &v4->sin_addr) == 1) {
		v4->sin_port = htons((uint16_t)port);
		ai->ai_family = v4->sin_family = AF_INET;
		ai->ai_addrlen = sizeof(*v4);
	} else {
		inet_pton(AF_INET6, text, &v6->sin6_addr);
		v6->sin6_port = htons((uint16_t)port);
		ai->ai_family = v6->sin6_family = AF_INET6;
		ai->ai_addrlen = sizeof(*v6);
	}
	return ai;
}

/* The same contract as the system's, for the names of these tests. */
int getaddrinfo(
	const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **out)
{
	int port = service != NULL ? atoi(service) : 0;
	(void)hints;
	if (strcmp(name, "inside.example") == 0) {
		*out = one_address("127.0.0.1", port, NULL);
	} else if (strcmp(name, "rebind.example") == 0) {
		*out = one_address(
			atomic_fetch_add(&rebind_asked, 1) == 0 ? "127.0.0.2" : "127.0.0.1", port,
			NULL);
	} else if (strcmp(name, "both.example") == 0) {
		*out = one_address("127.0.0.1", port, one_address("127.0.0.2", port, NULL));
	} else if (strcmp(name, "six.example") == 0) {
		*out = one_address("::1", port, one_address("::ffff:127.0.0.1", port, NULL));
	} else {
		for (int i = 0; i < 3000 && !atomic_load(&black_hole_over); i++) {
			usleep(10000);
		}
		return EAI_AGAIN;
	}
	return 0;
}

void freeaddrinfo(struct addrinfo *ai)
{
	while (ai != NULL) {
		struct addrinfo *next = ai->ai_next;
		free(ai->ai_addr);
		free(ai);
		ai = next;
	}
}

/* 127.0.0.2 plays the internet. */
static enum guard_class test_guard(const struct sockaddr *a, const char **range)
{
	const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)a;
	if (a->sa_family == AF_INET && in->sin_addr.s_addr == htonl(0x7f000002)) {
		return GUARD_PUBLIC;
	}
	return guard_address(a, range);
}

static void script(struct server_conn *c, const struct server_request *r, void *ctx)
{
	(void)r;
	(void)ctx;
	server_answer(c, "200 OK", "Connection: close\r\n", "hello");
	server_hang_up(c);
}

static struct fetch *new_fetch(void)
{
	struct fetch *f = fetch_new(&(struct fetch_options){.user_agent = "hark/test",
					    .parallel = 40,
					    .per_host = 4,
					    .timeout_ms = 3000,
					    .connect_timeout_ms = 1000,
					    .max_bytes = 1000,
					    .guard = test_guard},
		NULL);
	assert_non_null(f);
	return f;
}

static struct fetch_reply *ask(struct fetch *f, const char *host, const struct server *s)
{
	char url[200];
	snprintf(url, sizeof(url), "http://%s:%d/", host, server_port(s));
	struct fetch_reply *r = fetch_once(f, &(struct fetch_request){.url = url}, NULL);
	assert_non_null(r);
	return r;
}

static void a_name_that_leads_inside_is_refused(void **state)
{
	(void)state;
	struct server *s = server_new(NULL, script, NULL);
	struct fetch *f = new_fetch();
	struct fetch_reply *r = ask(f, "inside.example", s);
	assert_int_equal(r->rc, HARK_EAUTH);
	fetch_reply_free(r);
	r = ask(f, "six.example", s);
	assert_int_equal(r->rc, HARK_EAUTH);
	fetch_reply_free(r);
	assert_int_equal(server_accepts(s), 0);
	fetch_free(f);
	server_free(s);
}

static void a_name_that_changes_its_address_is_refused_the_second_time(void **state)
{
	(void)state;
	struct server *outside = server_new("127.0.0.2", script, NULL),
		      *inside = server_new("127.0.0.1", script, NULL);
	struct fetch *first = new_fetch(),
		     *second = new_fetch(); /* each with its own memory of names */
	atomic_store(&rebind_asked, 0);
	struct fetch_reply *r = ask(first, "rebind.example", outside);
	assert_int_equal(r->status, 200);
	fetch_reply_free(r);
	r = ask(second, "rebind.example", inside);
	assert_int_equal(r->rc, HARK_EAUTH);
	fetch_reply_free(r);
	assert_int_equal(server_accepts(inside), 0);
	fetch_free(first);
	fetch_free(second);
	server_free(outside);
	server_free(inside);
}

static void of_several_addresses_only_the_public_one_is_used(void **state)
{
	(void)state;
	struct server *s = server_new("127.0.0.2", script, NULL);
	struct fetch *f = new_fetch();
	struct fetch_reply *r = ask(f, "both.example", s);
	assert_int_equal(r->status, 200);
	fetch_reply_free(r);
	fetch_free(f);
	server_free(s);
}

struct count {
	struct fetch *f;
	atomic_int answers, network;
};

static void count_reply(void *user, struct fetch_reply *reply)
{
	struct count *c = user;
	atomic_fetch_add(&c->answers, 1);
	atomic_fetch_add(&c->network, reply->network ? 1 : 0);
	fetch_reply_free(reply);
}

static void *run(void *arg)
{
	fetch_run(arg);
	return NULL;
}

/* Thirty look-ups that never end: others are served meanwhile, time-outs and the stop do not wait. */
static void a_dead_resolver_holds_up_neither_the_loop_nor_the_end(void **state)
{
	(void)state;
	struct server *s = server_new("127.0.0.2", script, NULL);
	struct count lost = {.f = new_fetch()}, well = {0};
	pthread_t loop;
	char url[200];
	assert_int_equal(pthread_create(&loop, NULL, run, lost.f), 0);
	for (int i = 0; i < 30; i++) {
		snprintf(url, sizeof(url), "http://black-hole-%d.example/", i);
		fetch_submit(lost.f,
			&(struct fetch_request){.url = url, .timeout_ms = i < 10 ? 300 : 60000},
			count_reply, &lost, NULL);
	}
	snprintf(url, sizeof(url), "http://127.0.0.2:%d/", server_port(s));
	for (int i = 0; i < 50; i++) {
		fetch_submit(lost.f, &(struct fetch_request){.url = url}, count_reply, &well, NULL);
	}
	until(atomic_load(&well.answers) == 50 && atomic_load(&lost.answers) >= 10);
	assert_int_equal(atomic_load(&lost.answers), 10);
	assert_int_equal(atomic_load(&lost.network), 10);
	struct fetch_stats stats;
	fetch_get_stats(lost.f, &stats);
	assert_in_range(stats.stall_max_ms, 0, 15000); /* a look-up takes thirty seconds */
	int64_t start = clock_steady_ms();
	fetch_stop(lost.f);
	pthread_join(loop, NULL);
	fetch_free(lost.f);
	assert_in_range(clock_steady_ms() - start, 0, 15000);
	assert_int_equal(atomic_load(&lost.answers), 30);
	server_free(s);
	atomic_store(
		&black_hole_over, true); /* let the resolver threads end before the program does */
	usleep(200000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_that_leads_inside_is_refused),
		cmocka_unit_test(a_name_that_changes_its_address_is_refused_the_second_time),
		cmocka_unit_test(of_several_addresses_only_the_public_one_is_used),
		cmocka_unit_test(a_dead_resolver_holds_up_neither_the_loop_nor_the_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
