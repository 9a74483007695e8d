#include "connectors/registry.h"

#include "connectors/builtin.h"

#include <string.h>

/* In order of name. */
static const struct hark_connector *const builtin[] = {
	&hark_connector_feed,
};
#define BUILTIN (sizeof(builtin) / sizeof(builtin[0]))

const struct hark_connector *connector_find(const char *name)
{
	for (size_t i = 0; i < BUILTIN; i++) {
		if (strcmp(builtin[i]->name, name) == 0) {
			return builtin[i];
		}
	}
	return NULL;
}

const struct hark_connector *connector_at(size_t i)
{
	return i < BUILTIN ? builtin[i] : NULL;
}
