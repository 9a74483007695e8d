#include "monitor/base/owner.h"

#include <errno.h>
#include <limits.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define RECORD_MAX 4096

/* Of the nearest folder where a closed one lies in the way. */
static bool find_owner(const char *path, uid_t *owner)
{
	char at[PATH_MAX];
	struct stat st;
	size_t n = strlen(path);
	if (n == 0 || n >= sizeof(at)) {
		return false;
	}
	memcpy(at, path, n + 1);
	while (stat(at, &st) != 0) {
		char *slash = strrchr(at, '/');
		if (errno != EACCES || slash == NULL || slash == at) {
			return false;
		}
		*slash = '\0';
	}
	*owner = st.st_uid;
	return true;
}

void owner_say(struct hark_err *err, int errnum, const char *path)
{
	uid_t owner;
	char record[RECORD_MAX];
	struct passwd user, *found = NULL;
	if (err == NULL || (errnum != EACCES && errnum != EPERM) || !find_owner(path, &owner) ||
		owner == geteuid() ||
		getpwuid_r(owner, &user, record, sizeof(record), &found) != 0 || found == NULL) {
		return;
	}
	size_t used = strlen(err->text), room = sizeof(err->text) - used;
	int n = snprintf(err->text + used, room, "; it is for the user %s: sudo -u %s hark …",
		user.pw_name, user.pw_name);
	if (n < 0 || (size_t)n >= room) {
		err->text[used] = '\0'; /* half a command helps nobody */
	}
}
