#include "monitor/config/conf.h"

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

const char *conf_packs_dir(void)
{
	const char *named = getenv("HARK_PACKS");
	return named != NULL && named[0] != '\0' ? named : HARK_PKGDATADIR "/rules/packs";
}
