#include "monitor/config/conf.h"

#include "config.h"
#include "monitor/base/file.h"

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

static char packs_dir[PATH_MAX];

static void find_packs_dir(void)
{
	static const char *const places[] = {
		"/../rules/packs", "/rules/packs", "/../share/hark/rules/packs", NULL};
	file_own_dir(packs_dir, "HARK_PACKS", places, HARK_PKGDATADIR "/rules/packs");
}

const char *conf_packs_dir(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, find_packs_dir);
	return packs_dir;
}

void conf_user_agent(const struct conf *c, char out[CONF_AGENT_MAX])
{
	snprintf(out, CONF_AGENT_MAX,
		c->contact != NULL ? "hark/" PACKAGE_VERSION " (+%s)" : "hark/" PACKAGE_VERSION,
		c->contact);
}
