/* The connectors that are part of this program; registry.c lists them. */
#ifndef HARK_CONNECTORS_BUILTIN_H
#define HARK_CONNECTORS_BUILTIN_H

#include "connectors/connector.h"

extern const struct hark_connector hark_connector_edgar;
extern const struct hark_connector hark_connector_exec;
extern const struct hark_connector hark_connector_feed;
extern const struct hark_connector hark_connector_imap;
extern const struct hark_connector hark_connector_inbound;
extern const struct hark_connector hark_connector_presswire;
extern const struct hark_connector hark_connector_profile_watch;
extern const struct hark_connector hark_connector_roster;

/* What all that is pushed has in common. */
#define PUSH_TOKEN_ABOUT "the end of the address it is pushed to: 16 letters and digits at least"
extern const struct hark_pair push_accepts; /* JSON, and JSON Lines */
extern const struct hark_bucket push_rate;  /* where nothing else is said */
#define PUSH_BODY_MAX (1u << 20)

#endif
