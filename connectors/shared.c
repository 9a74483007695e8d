#include "connectors/shared.h"

#include "monitor/base/str.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME_MAX_BYTES 64

bool shared_name_is_fine(const char *name)
{
	size_t n = strlen(name);
	return n > 0 && n <= NAME_MAX_BYTES &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == n;
}

/* --- whose it is --- */

static int refuse_owner(const char *path, const struct stat *st, struct hark_err *err)
{
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		return hark_err_set(err, HARK_EAUTH,
			"%.200s: not loaded, it belongs to neither root nor you: chown root it",
			path);
	}
	bool by_group = (st->st_mode & S_IWGRP) != 0 && st->st_gid != 0 && st->st_gid != getegid();
	if (by_group || (st->st_mode & S_IWOTH) != 0) {
		return hark_err_set(err, HARK_EAUTH,
			"%.200s: not loaded, others may write it: chmod go-w it", path);
	}
	return HARK_OK;
}

/* The file itself, and the folder in which another could take its place. */
static int check_owner(const char *path, struct hark_err *err)
{
	char folder[PATH_MAX];
	struct stat st;
	if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
		return hark_err_set(err, HARK_ENOENT, "%.200s: there is no such file", path);
	}
	int rc = refuse_owner(path, &st, err);
	const char *slash = strrchr(path, '/');
	snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path + (slash == path)), path);
	if (rc == HARK_OK && stat(folder, &st) == 0) {
		rc = refuse_owner(folder, &st, err);
	}
	return rc;
}

/* --- what it is --- */

/* "/x/my-board.so" as "my-board". */
static void stem(const char *path, char out[NAME_MAX_BYTES + 2])
{
	const char *slash = strrchr(path, '/');
	struct str name = str_c(slash != NULL ? slash + 1 : path);
	name.n -= str_ends(name, STR(".so")) ? 3 : 0;
	snprintf(out, NAME_MAX_BYTES + 2, "%.*s", STR_FMT(name));
}

static const void *find_symbol(void *handle, const char *name, char symbol[NAME_MAX_BYTES + 32])
{
	snprintf(symbol, NAME_MAX_BYTES + 32, "hark_connector_%s", name);
	for (char *p = symbol; *p != '\0'; p++) {
		*p = *p == '-' ? '_' : *p;
	}
	return dlsym(handle, symbol);
}

/* Of another ABI nothing but its number may be looked at. */
static int check(
	const struct hark_connector *c, const char *path, const char *name, struct hark_err *err)
{
	if (c->abi != HARK_CONNECTOR_ABI) {
		return hark_err_set(err, HARK_EPARSE,
			"%.200s: not loaded, it was built for connector ABI %d and this hark has %d: "
			"build it again with this hark's connector.h",
			path, c->abi, HARK_CONNECTOR_ABI);
	}
	if (c->name == NULL || strcmp(c->name, name) != 0) {
		return hark_err_set(err, HARK_EPARSE,
			"%.200s: not loaded, it calls itself '%.70s': the file and .name must be one",
			path, c->name != NULL ? c->name : "");
	}
	if (c->about == NULL || c->plan == NULL || c->parse == NULL) {
		return hark_err_set(err, HARK_EPARSE,
			"%.200s: not loaded, it lacks .about, .plan or .parse: a connector needs all",
			path);
	}
	return HARK_OK;
}

static int cannot_load(const char *path, struct hark_err *err)
{
	const char *why = dlerror();
	size_t n = strlen(path);
	if (why != NULL && strncmp(why, path, n) == 0 && strncmp(why + n, ": ", 2) == 0) {
		why += n + 2;
	}
	return hark_err_set(err, HARK_EPARSE,
		"%.200s: not loaded: %.200s; a connector is built with -shared -fPIC", path,
		why != NULL ? why : "no reason given");
}

int shared_load(const struct hark_connector **out, const char *given, struct hark_err *err)
{
	char path[PATH_MAX], name[NAME_MAX_BYTES + 2], symbol[NAME_MAX_BYTES + 32];
	if (realpath(given, path) == NULL) {
		return hark_err_errno(err, HARK_ENOENT, errno, "%.200s: cannot find it", given);
	}
	int rc = check_owner(path, err);
	if (rc != HARK_OK) {
		return rc;
	}
	stem(path, name);
	if (!shared_name_is_fine(name)) {
		return hark_err_set(err, HARK_EPARSE,
			"%.200s: not loaded, a connector's name has only a-z, 0-9 and '-': rename it",
			path);
	}
	void *handle = dlopen(path, RTLD_NOW | RTLD_LOCAL);
	if (handle == NULL) {
		return cannot_load(path, err);
	}
	const struct hark_connector *c = find_symbol(handle, name, symbol);
	rc = c != NULL
		     ? check(c, path, name, err)
		     : hark_err_set(err, HARK_EPARSE,
			       "%.200s: not loaded, it defines no %s: name HARK_CONNECTOR(…) as the "
			       "file, with '_' for '-'",
			       path, symbol);
	if (rc != HARK_OK) {
		dlclose(handle);
		return rc;
	}
	*out = c;
	return HARK_OK;
}
