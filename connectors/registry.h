/* The connectors this program knows. The built-in table is read-only: any thread. */
#ifndef HARK_CONNECTORS_REGISTRY_H
#define HARK_CONNECTORS_REGISTRY_H

#include "connectors/connector.h"

/* NULL: no connector of that name. */
const struct hark_connector *connector_find(const char *name);
/* The i-th connector in order of name, NULL past the end. */
const struct hark_connector *connector_at(size_t i);

#endif
