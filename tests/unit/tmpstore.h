/* A store in a folder of its own that goes away with the test. */
#ifndef HARK_TESTS_TMPSTORE_H
#define HARK_TESTS_TMPSTORE_H

#include "tests/unit/unit.h"

#include "monitor/store/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

struct tmpstore {
	char dir[64], path[128], url[160];
};

static inline int tmpstore_setup(void **state)
{
	struct tmpstore *t = calloc(1, sizeof(*t));
	snprintf(t->dir, sizeof(t->dir), "/tmp/hark-test-XXXXXX");
	if (mkdtemp(t->dir) == NULL) {
		free(t);
		return -1;
	}
	snprintf(t->path, sizeof(t->path), "%s/hark.db", t->dir);
	snprintf(t->url, sizeof(t->url), "sqlite:%s", t->path);
	*state = t;
	return 0;
}

static inline int tmpstore_teardown(void **state)
{
	static const char *const suffixes[] = {"", "-wal", "-shm", ".lock", "-journal"};
	struct tmpstore *t = *state;
	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		char path[160];
		snprintf(path, sizeof(path), "%s%s", t->path, suffixes[i]);
		unlink(path);
	}
	rmdir(t->dir);
	free(t);
	return 0;
}

static inline struct store *tmpstore_open(struct tmpstore *t, unsigned flags)
{
	struct store *s = NULL;
	struct hark_err err = {0};
	if (store_open(&s, t->url, flags, &err) != HARK_OK) {
		fail_msg("%s", err.text);
	}
	return s;
}

#define TMPSTORE_TEST(f) cmocka_unit_test_setup_teardown(f, tmpstore_setup, tmpstore_teardown)

#endif
