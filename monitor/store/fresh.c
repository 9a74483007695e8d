#include "monitor/store/fresh.h"

#include "monitor/base/clock.h"
#include "monitor/store/driver.h"
#include "monitor/store/schema.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static bool is_synced(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	bool ok = fd >= 0 && fdatasync(fd) == 0;
	if (fd >= 0) {
		close(fd);
	}
	return ok;
}

static bool is_filled(const char *path)
{
	char url[PATH_MAX + 8];
	struct db *db = NULL;
	snprintf(url, sizeof(url), "sqlite:%s", path);
	bool ok = db_open(&db, url, DB_MAKE, NULL) == HARK_OK &&
		  schema_upgrade(db, clock_wall_ms(), NULL) == HARK_OK;
	db_close(db);
	return ok;
}

bool fresh_make(const char *path)
{
	char aside[PATH_MAX];
	if (access(path, F_OK) == 0 ||
		snprintf(aside, sizeof(aside), "%s.XXXXXX", path) >= (int)sizeof(aside)) {
		return false;
	}
	int fd = mkostemp(aside, O_CLOEXEC); /* its owner's alone, as the store is to be */
	if (fd < 0) {
		return false;
	}
	close(fd);
	bool made = is_filled(aside) && is_synced(aside) && link(aside, path) == 0;
	unlink(aside);
	return made;
}
