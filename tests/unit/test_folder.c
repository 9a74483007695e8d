#include "tests/unit/unit.h"

#include "monitor/base/file.h"
#include "monitor/base/hash.h"
#include "monitor/pipeline/folder.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define NOW_S INT64_C(1788307200)

struct drop {
	char path[64];
	char *seen;
	bool more, again, accept;
	uint64_t settings;
};

static void drop_open(struct drop *d)
{
	*d = (struct drop){.path = "/tmp/hark-folder-XXXXXX"};
	assert_non_null(mkdtemp(d->path));
}

/* A file as it was written `age_s` ago. */
static void put(const struct drop *d, const char *name, const char *text, int64_t age_s)
{
	char path[200];
	struct timespec times[2];
	snprintf(path, sizeof(path), "%s/%s", d->path, name);
	assert_int_equal(file_write(path, str_c(text), 0600, NULL), HARK_OK);
	times[0] = times[1] = (struct timespec){.tv_sec = (time_t)(NOW_S - age_s)};
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static struct fetch_reply *next(struct drop *d, const char *path)
{
	struct fetch_reply *r = calloc(1, sizeof(*r));
	const struct folder_request request = {.path = path,
		.seen = str_c(d->seen),
		.max_bytes = 100,
		.now_ms = NOW_S * 1000,
		.settings = d->settings,
		.again = d->again,
		.accept = d->accept};
	assert_non_null(r);
	buf_init(&r->headers, 512);
	folder_read(r, &request, &d->more);
	if (r->etag != NULL) {
		free(d->seen);
		d->seen = strdup(r->etag);
	}
	return r;
}

static void gives(struct drop *d, const char *name, const char *text)
{
	struct fetch_reply *r = next(d, d->path);
	assert_int_equal(r->rc, HARK_OK);
	assert_int_equal(r->status, name != NULL ? 200 : 304);
	if (name != NULL) {
		assert_string_equal(strrchr(r->url, '/') + 1, name);
		assert_str_is(buf_str(&r->body), text);
		assert_int_equal(r->headers_n, 1);
		assert_string_equal(buf_c(&r->headers), "Last-Modified");
	}
	fetch_reply_free(r);
}

static void drop_close(struct drop *d)
{
	char command[100];
	snprintf(command, sizeof(command), "rm -r %s", d->path);
	assert_int_equal(system(command), 0);
	free(d->seen);
}

/* What is not looked at may be new. */
static void too_many_files_are_said_so_when_nothing_else_is_new(void **state)
{
	(void)state;
	struct drop d;
	struct buf seen;
	drop_open(&d);
	buf_init(&seen, 1 << 20);
	int dir = open(d.path, O_RDONLY | O_DIRECTORY);
	const struct timespec old[2] = {{.tv_sec = NOW_S - 600}, {.tv_sec = NOW_S - 600}};
	for (int i = 0; i <= 4096; i++) {
		char name[20], what[80];
		snprintf(name, sizeof(name), "%d", i);
		int fd = openat(dir, name, O_WRONLY | O_CREAT, 0600);
		assert_true(fd >= 0);
		assert_int_equal(futimens(fd, old), 0);
		close(fd);
		snprintf(what, sizeof(what), "0 %lld000000000 %s", (long long)(NOW_S - 600), name);
		buf_printf(&seen, "%016llx ", (unsigned long long)hash64(str_c(what), 0));
	}
	struct fetch_reply *r = next(&d, d.path);
	assert_int_equal(r->rc, HARK_OK);
	assert_int_equal(r->status, 200);
	fetch_reply_free(r);
	free(d.seen);
	d.seen = buf_take(&seen);
	r = next(&d, d.path);
	assert_int_equal(r->rc, HARK_ELIMIT);
	assert_non_null(strstr(r->error, "more than 4096 files"));
	assert_null(r->etag);
	fetch_reply_free(r);
	assert_int_equal(unlinkat(dir, "0", 0), 0);
	close(dir);
	gives(&d, NULL, NULL);
	drop_close(&d);
}

static void files_come_in_order_of_time_and_once(void **state)
{
	(void)state;
	struct drop d;
	drop_open(&d);
	put(&d, "a.csv", "newer", 100);
	put(&d, "b.csv", "older", 200);
	gives(&d, "b.csv", "older");
	assert_true(d.more);
	gives(&d, "a.csv", "newer");
	assert_false(d.more);
	gives(&d, NULL, NULL);
	put(&d, "c.csv", "moved in later", 300);
	gives(&d, "c.csv", "moved in later");
	put(&d, "a.csv", "replaced", 50);
	gives(&d, "a.csv", "replaced");
	gives(&d, NULL, NULL);
	drop_close(&d);
}

static void what_is_no_whole_file_does_not_count(void **state)
{
	(void)state;
	struct drop d;
	char path[100];
	drop_open(&d);
	put(&d, ".hidden", "x", 100);
	put(&d, "a.csv.part", "x", 100);
	put(&d, "a.csv.crdownload", "x", 100);
	put(&d, "a.csv~", "x", 100);
	snprintf(path, sizeof(path), "%s/folder", d.path);
	assert_int_equal(mkdir(path, 0700), 0);
	snprintf(path, sizeof(path), "%s/pipe", d.path);
	assert_int_equal(mkfifo(path, 0600), 0);
	gives(&d, NULL, NULL);
	put(&d, "a.csv", "x", 100);
	gives(&d, "a.csv", "x");
	drop_close(&d);
}

static void what_cannot_be_read_is_said_once(void **state)
{
	(void)state;
	struct drop d;
	char large[200];
	drop_open(&d);
	memset(large, 'x', sizeof(large) - 1);
	large[sizeof(large) - 1] = '\0';
	put(&d, "large.csv", large, 200);
	put(&d, "small.csv", "x", 100);
	struct fetch_reply *r = next(&d, d.path);
	assert_int_equal(r->rc, HARK_ELIMIT);
	assert_non_null(strstr(r->error, "/large.csv: it is larger"));
	fetch_reply_free(r);
	gives(&d, "small.csv", "x");
	gives(&d, NULL, NULL);
	drop_close(&d);
}

static void refuses(struct drop *d, const char *name)
{
	gives(d, name, "x");
	folder_refuse(d->seen, d->settings);
	assert_true(folder_has_refused(str_c(d->seen)));
}

static void what_was_refused_is_read_again_under_other_settings(void **state)
{
	(void)state;
	struct drop d;
	drop_open(&d);
	put(&d, "a.csv", "x", 300);
	put(&d, "b.csv", "x", 200);
	put(&d, "c.csv", "x", 100);
	refuses(&d, "a.csv");
	gives(&d, "b.csv", "x");
	refuses(&d, "c.csv");
	gives(&d, NULL, NULL);
	d.settings = 1;
	gives(&d, "a.csv", "x");
	refuses(&d, "c.csv");
	gives(&d, NULL, NULL);
	d.again = true;
	gives(&d, "c.csv", "x");
	assert_false(folder_has_refused(str_c(d.seen)));
	gives(&d, NULL, NULL);
	drop_close(&d);
}

static void accepts(struct drop *d, const char *name)
{
	struct fetch_reply *r = next(d, d->path);
	assert_int_equal(r->status, name != NULL ? 200 : 304);
	if (name != NULL) {
		assert_string_equal(strrchr(r->url, '/') + 1, name);
		assert_int_equal(r->headers_n, 2);
		const char *date = buf_c(&r->headers) + sizeof("Last-Modified");
		assert_string_equal(date + strlen(date) + 1, "Accepted");
	}
	fetch_reply_free(r);
}

static void the_newest_that_was_refused_can_be_accepted(void **state)
{
	(void)state;
	struct drop d;
	drop_open(&d);
	put(&d, "a.csv", "x", 300);
	put(&d, "b.csv", "x", 200);
	put(&d, "c.csv", "x", 100);
	refuses(&d, "a.csv");
	refuses(&d, "b.csv");
	gives(&d, "c.csv", "x");
	d.accept = d.again = true;
	accepts(&d, "b.csv");
	accepts(&d, "a.csv");
	accepts(&d, NULL);
	drop_close(&d);
}

static void says_refused(const char *now, const char *before, const char *expected)
{
	struct buf out;
	buf_init(&out, 4096);
	folder_say_refused(str_c(now), str_c(before), &out);
	assert_string_equal(buf_c(&out), expected);
	buf_release(&out);
}

static void every_file_that_stands_refused_is_named(void **state)
{
	(void)state;
	char folder[200], before[300], now[300], all[600];
	struct drop d;
	drop_open(&d);
	put(&d, "a.csv", "x", 300);
	put(&d, "b.csv", "x", 200);
	assert_non_null(getcwd(folder, sizeof(folder)));
	assert_int_equal(chdir(d.path), 0);
	says_refused("b.csv: bad", "", "b.csv: bad");
	says_refused("b.csv: bad", "a.csv: row 2: a; b", "b.csv: bad; also a.csv: row 2: a; b");
	says_refused(
		"a.csv: worse", "b.csv: bad; also a.csv: bad", "a.csv: worse; also b.csv: bad");
	says_refused("a.csv: bad", "gone.csv: bad; also b.csv: bad", "a.csv: bad; also b.csv: bad");
	says_refused("a.csv: bad", "others, which the log names", "a.csv: bad");
	assert_int_equal(chdir(folder), 0);
	/* no more than a line of it */
	memset(all, 'x', sizeof(all) - 1);
	all[sizeof(all) - 1] = '\0';
	snprintf(before, sizeof(before), "%s/a.csv: ", d.path);
	snprintf(now, sizeof(now), "%s/b.csv: bad", d.path);
	struct buf out, first;
	buf_init(&out, 4096);
	buf_init(&first, 4096);
	buf_printf(&first, "%s%s%s%s%s", before, all, all, all, all);
	folder_say_refused(str_c(now), buf_str(&first), &out);
	snprintf(all, sizeof(all), "%s; also others, which the log names", now);
	assert_string_equal(buf_c(&out), all);
	buf_release(&first);
	buf_release(&out);
	drop_close(&d);
}

static void a_single_file_may_stand_for_a_folder(void **state)
{
	(void)state;
	struct drop d;
	char path[100];
	drop_open(&d);
	put(&d, "a.csv", "x", 100);
	snprintf(path, sizeof(path), "%s/a.csv", d.path);
	struct fetch_reply *r = next(&d, path);
	assert_int_equal(r->status, 200);
	fetch_reply_free(r);
	r = next(&d, path);
	assert_int_equal(r->status, 304);
	fetch_reply_free(r);
	drop_close(&d);
}

static void a_folder_that_is_not_there_is_named(void **state)
{
	(void)state;
	struct drop d = {0};
	struct fetch_reply *r = next(&d, "/nowhere/at/all");
	assert_int_equal(r->rc, HARK_EIO);
	assert_non_null(strstr(r->error, "/nowhere/at/all: "));
	assert_null(r->etag);
	fetch_reply_free(r);
}

static void what_is_gone_is_forgotten(void **state)
{
	(void)state;
	struct drop d;
	char path[100];
	drop_open(&d);
	for (int i = 0; i < 5; i++) {
		char name[20];
		snprintf(name, sizeof(name), "%d.csv", i);
		put(&d, name, "x", 100 - i);
		gives(&d, name, "x");
		snprintf(path, sizeof(path), "%s/%s", d.path, name);
		assert_int_equal(unlink(path), 0);
		assert_int_equal(strlen(d.seen), 17);
	}
	drop_close(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(files_come_in_order_of_time_and_once),
		cmocka_unit_test(too_many_files_are_said_so_when_nothing_else_is_new),
		cmocka_unit_test(what_is_no_whole_file_does_not_count),
		cmocka_unit_test(what_cannot_be_read_is_said_once),
		cmocka_unit_test(what_was_refused_is_read_again_under_other_settings),
		cmocka_unit_test(the_newest_that_was_refused_can_be_accepted),
		cmocka_unit_test(every_file_that_stands_refused_is_named),
		cmocka_unit_test(a_single_file_may_stand_for_a_folder),
		cmocka_unit_test(a_folder_that_is_not_there_is_named),
		cmocka_unit_test(what_is_gone_is_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
