/* The C library's pread64(), by which SQLite reads, is stood in for, to count what is read. */
#include "tests/unit/unit.h"

#include "monitor/store/driver.h"
#include "tests/unit/tmpstore.h"

#include <sys/syscall.h>
#include <sys/types.h>

static size_t bytes_read;

ssize_t pread64(int fd, void *p, size_t n, off64_t at);

ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
	ssize_t got = syscall(SYS_pread64, fd, p, n, at);
	bytes_read += got > 0 ? (size_t)got : 0;
	return got;
}

static size_t bytes_to_read_it_all(struct db *db)
{
	bytes_read = 0;
	assert_int_equal(
		db_run_i64(db_query(db, "SELECT sum(length(value)) FROM settings"), 0), 1 << 20);
	return bytes_read;
}

static void pages_are_kept_until_they_are_to_be_forgotten(void **state)
{
	struct tmpstore *t = *state;
	struct store *s = tmpstore_open(t, 0);
	struct db *db = NULL;
	db_exec(store_db(s), "INSERT INTO settings (name, value) VALUES ('x', zeroblob(1048576))");
	store_close(s);
	assert_int_equal(db_open(&db, t->url, 0, NULL), HARK_OK);
	assert_true(bytes_to_read_it_all(db) > 0);
	assert_true(db_pages_read(db) > 0);
	assert_true(bytes_to_read_it_all(db) < 4096); /* has anybody written meanwhile? */
	assert_int_equal(db_pages_read(db), 0);
	db_forget_pages(db);
	assert_true(bytes_to_read_it_all(db) > 4096);
	assert_true(db_pages_read(db) > 0);
	db_close(db);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TMPSTORE_TEST(pages_are_kept_until_they_are_to_be_forgotten),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
