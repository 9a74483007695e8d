/* An export of 100,000 people compared with its predecessor: other order, other capitals, an added column,
 * a byte order mark, CRLF and line breaks in cells throughout, and a known number of real changes. One line:
 * median time of the comparison, peak memory of the whole program, and whether exactly the changes were told. */
#include "connectors/builtin.h"
#include "connectors/collect.h"
#include "monitor/base/clock.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define PEOPLE 100000
#define RUNS 5
#define EVERY 97 /* one in so many has another employer */

static void add_person(struct buf *out, int i, bool second)
{
	bool moves = second && i % EVERY == 0;
	buf_printf(out,
		second ? "First%d;LAST%d;https://www.linkedin.com/in/first%d-last%d/;;%s %d;\"Senior\n"
			 "manager of widgets %d\";12 Mar 2024;tag\r\n"
		       : "First%d,Last%d,https://www.linkedin.com/in/first%d-last%d,,\"%s, %d\","
			 "Senior Manager of Widgets %d,12 Mar 2024\n",
		i, i, i, i, moves ? "Globex Holding" : "Acme Sprockets", i % 5000, i % 800);
}

static void make_export(struct buf *out, bool second)
{
	buf_init(out, 64u << 20);
	buf_add_c(out,
		second ? "\xef\xbb\xbf"
			 "First Name;Last Name;URL;Email Address;Company;Position;Connected "
			 "On;Tags\r\n"
		       : "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n");
	for (int i = 0; i < PEOPLE; i++) {
		add_person(out, second ? (int)((i * 7919L + 13) % PEOPLE) : i, second);
	}
}

/* Reads an export behind `cursor`; returns the time it took in ms. */
static double read_export(void *ctx, const struct buf *text, const char *cursor, size_t *told,
	size_t *changed, char **next)
{
	struct arena arena;
	struct collected got;
	struct hark_request request;
	struct hark_err err;
	arena_init(&arena, 256u << 20);
	int64_t start = clock_steady_ms();
	if (collect_plan(&hark_connector_roster, ctx, cursor, 0, &request, &arena, &err) !=
		HARK_OK) {
		exit(1);
	}
	const struct hark_reply reply = {.status = 200, .body = buf_c(text), .body_bytes = text->n};
	if (collect(&got, &hark_connector_roster, ctx, STR("network"), &reply, &arena, &err) !=
		HARK_OK) {
		fprintf(stderr, "%s\n", err.text);
		exit(1);
	}
	int64_t end = clock_steady_ms();
	*told = got.profiles_n;
	*changed = 0;
	for (size_t i = 0; i < got.profiles_n; i++) {
		*changed += got.profiles[i].event == HARK_CHANGED;
	}
	if (next != NULL) {
		*next = strdup(got.cursor.p);
	}
	arena_release(&arena);
	return (double)(end - start);
}

static int by_number(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;
	return (x > y) - (x < y);
}

int main(void)
{
	const struct hark_pair folder = {"folder", "/rosters"};
	struct buf first, second;
	struct rusage usage;
	double ms[RUNS], first_ms;
	size_t told, changed;
	void *ctx = NULL;
	char *cursor = NULL;
	make_export(&first, false);
	make_export(&second, true);
	if (collect_open(&hark_connector_roster, &folder, 1, &ctx, NULL) != HARK_OK) {
		return 1;
	}
	first_ms = read_export(ctx, &first, NULL, &told, &changed, &cursor);
	for (int i = 0; i < RUNS; i++) {
		ms[i] = read_export(ctx, &second, cursor, &told, &changed, NULL);
	}
	qsort(ms, RUNS, sizeof(ms[0]), by_number);
	getrusage(RUSAGE_SELF, &usage);
	printf("roster: %d people, %.1f MB, first export %.0f ms, compared in %.0f ms (target 2000), "
	       "peak %.0f MiB (target 200), state %.1f MB, %zu of %d changes told, %zu invented\n",
		PEOPLE, (double)second.n / 1e6, first_ms, ms[RUNS / 2],
		(double)usage.ru_maxrss / 1024, (double)strlen(cursor) / 1e6, changed,
		(PEOPLE + EVERY - 1) / EVERY, told - changed);
	free(cursor);
	collect_close(&hark_connector_roster, ctx);
	buf_release(&first);
	buf_release(&second);
	return 0;
}
