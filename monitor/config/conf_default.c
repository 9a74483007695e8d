#include "monitor/config/conf.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const char *conf_default_path(void)
{
	const char *named = getenv("HARK_CONFIG");
	if (named != NULL && named[0] != '\0') {
		return named;
	}
	return access("hark.yaml", R_OK) == 0 ? "hark.yaml" : HARK_SYSCONFDIR "/hark.yaml";
}

/* Beside the program in a build folder or a tree that was moved as a whole. */
static bool beside_program(char out[PATH_MAX])
{
	static const char *const places[] = {
		"/../rules/packs", "/rules/packs", "/../share/hark/rules/packs"};
	char self[PATH_MAX];
	ssize_t n = readlink("/proc/self/exe", self, sizeof(self) - 1);
	if (n <= 0) {
		return false;
	}
	self[n] = '\0';
	*strrchr(self, '/') = '\0';
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		int len = snprintf(out, PATH_MAX, "%s%s", self, places[i]);
		if (len > 0 && len < PATH_MAX && access(out, R_OK | X_OK) == 0) {
			return true;
		}
	}
	return false;
}

static char packs_dir[PATH_MAX];

static void find_packs_dir(void)
{
	const char *named = getenv("HARK_PACKS");
	if (named != NULL && named[0] != '\0') {
		snprintf(packs_dir, sizeof(packs_dir), "%s", named);
	} else if (!beside_program(packs_dir)) {
		snprintf(packs_dir, sizeof(packs_dir), "%s", HARK_PKGDATADIR "/rules/packs");
	}
}

const char *conf_packs_dir(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, find_packs_dir);
	return packs_dir;
}
