/* The connectors that are part of this program; registry.c lists them. */
#ifndef HARK_CONNECTORS_BUILTIN_H
#define HARK_CONNECTORS_BUILTIN_H

#include "connectors/connector.h"

extern const struct hark_connector hark_connector_edgar;
extern const struct hark_connector hark_connector_exec;
extern const struct hark_connector hark_connector_feed;
extern const struct hark_connector hark_connector_presswire;
extern const struct hark_connector hark_connector_roster;

#endif
