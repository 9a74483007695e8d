/* The connector that runs definitions: the functions behind every source that is described by a file
 * (definition.h). It plans requests and reads replies; like all connectors it does no I/O. */
#ifndef HARK_CONNECTORS_REST_H
#define HARK_CONNECTORS_REST_H

#include "connectors/connector.h"

/* Sets the functions of a connector whose `data` is a struct definition. */
void rest_install(struct hark_connector *c);

#endif
