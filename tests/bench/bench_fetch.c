/* The fetch loop alone: gets every URL of a list once, all submitted at the start, and prints how long
 * that took. tests/bench/bench_fetch.py starts it beside curl.
 *
 *	bench_fetch URLS-FILE PARALLEL */
#include "monitor/base/clock.h"
#include "monitor/base/file.h"
#include "monitor/fetch/fetch.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct tally {
	struct fetch *f;
	size_t want, answers, good, bytes;
};

static void on_reply(void *user, struct fetch_reply *reply)
{
	struct tally *t = user;
	t->good += reply->rc == HARK_OK && reply->status == 200;
	t->bytes += reply->body.n;
	fetch_reply_free(reply);
	if (++t->answers == t->want) {
		fetch_stop(t->f);
	}
}

static bool submit_all(struct tally *t, struct str list)
{
	struct str line;
	while (str_split(&list, '\n', &line)) {
		char url[512];
		snprintf(url, sizeof(url), "%.*s", STR_FMT(line));
		if (line.n == 0) {
			continue;
		}
		t->want++;
		if (fetch_submit(t->f, &(struct fetch_request){.url = url, .internal = true},
			    on_reply, t, NULL) != HARK_OK) {
			return false;
		}
	}
	return t->want > 0;
}

static double cpu_s(void)
{
	struct timespec ts;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	struct tally t = {0};
	struct buf list;
	struct fetch_stats stats;
	int64_t parallel = argc == 3 ? atoll(argv[2]) : 0;
	buf_init(&list, 64u << 20);
	if (parallel <= 0 || file_read(&list, argv[1], NULL) != HARK_OK) {
		fputs("bench_fetch URLS-FILE PARALLEL\n", stderr);
		return 2;
	}
	struct fetch_options o = {
		.user_agent = "hark/bench", .parallel = parallel, .per_host = parallel};
	int64_t began_ms = clock_steady_ms();
	t.f = fetch_new(&o, NULL);
	if (t.f == NULL || !submit_all(&t, buf_str(&list))) {
		return 2;
	}
	fetch_run(t.f);
	int64_t took_ms = clock_steady_ms() - began_ms;
	fetch_get_stats(t.f, &stats);
	printf("%zu of %zu answers, %zu bytes, %lld ms, %.2f s cpu, longest stall %lld ms\n",
		t.good, t.want, t.bytes, (long long)took_ms, cpu_s(),
		(long long)stats.stall_max_ms);
	fetch_free(t.f);
	buf_release(&list);
	return t.good == t.want ? 0 : 1;
}
