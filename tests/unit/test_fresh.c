/* The C library's fdatasync() is stood in for, to count what waits for the disk. */
#include "tests/unit/unit.h"

#include "monitor/store/driver.h"
#include "monitor/store/fresh.h"
#include "monitor/store/schema.h"
#include "tests/unit/tmpstore.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

static int syncs;
static bool fails;

int fdatasync(int fd)
{
	(void)fd;
	syncs++;
	errno = EIO;
	return fails ? -1 : 0;
}

static size_t files_in(const char *path)
{
	DIR *dir = opendir(path);
	size_t n = 0;
	assert_non_null(dir);
	for (struct dirent *e; (e = readdir(dir)) != NULL;) {
		n += e->d_name[0] != '.';
	}
	closedir(dir);
	return n;
}

static void a_new_store_waits_for_the_disk_once(void **state)
{
	struct tmpstore *t = *state;
	syncs = 0;
	fails = false;
	struct store *s = tmpstore_open(t, 0);
	assert_int_equal(syncs, 1);
	store_close(s);
}

static void it_is_whole_its_owners_alone_and_leaves_nothing_beside_it(void **state)
{
	struct tmpstore *t = *state;
	struct stat st;
	struct db *db = NULL;
	fails = false;
	fresh_make(t->path);
	assert_int_equal(files_in(t->dir), 1);
	assert_int_equal(stat(t->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(db_open(&db, t->url, 0, NULL), HARK_OK);
	assert_int_equal(schema_check(db, NULL), HARK_OK);
	struct db_query *q = db_query(db, "PRAGMA journal_mode");
	assert_true(db_step(q));
	assert_str_is(db_col_text(q, 0), "wal");
	db_done(q);
	db_close(db);
}

static void one_that_is_there_stays_as_it_is(void **state)
{
	struct tmpstore *t = *state;
	struct stat before, after;
	fails = false;
	fresh_make(t->path);
	assert_int_equal(stat(t->path, &before), 0);
	fresh_make(t->path);
	assert_int_equal(stat(t->path, &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
	assert_int_equal(files_in(t->dir), 1);
}

static void what_is_not_on_the_disk_is_not_put_in_its_place(void **state)
{
	struct tmpstore *t = *state;
	fails = true;
	fresh_make(t->path);
	assert_int_equal(files_in(t->dir), 0);
	fails = false;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(a_new_store_waits_for_the_disk_once),
		TMPSTORE_TEST(it_is_whole_its_owners_alone_and_leaves_nothing_beside_it),
		TMPSTORE_TEST(one_that_is_there_stays_as_it_is),
		TMPSTORE_TEST(what_is_not_on_the_disk_is_not_put_in_its_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
