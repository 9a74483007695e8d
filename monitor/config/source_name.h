/* What to call a source that nobody has named. Pure. */
#ifndef HARK_CONFIG_SOURCE_NAME_H
#define HARK_CONFIG_SOURCE_NAME_H

#include "monitor/config/conf.h"

#define SOURCE_NAME_MAX 65 /* bytes, with the NUL */

/* A name of its own for a new source: from its title if there is one, else from its host. `is_taken`
 * decides. Writes a NUL-terminated name. */
void source_name_make(struct str title, struct str url,
	bool (*is_taken)(void *ctx, const char *name), void *ctx, char out[SOURCE_NAME_MAX]);
/* For source_name_make(): whether a source of the configuration, struct conf, has it. */
bool source_name_is_taken(void *conf, const char *name);

#endif
