/* Fetching for a command: one request at a time, under the name and limits of the configuration. */
#ifndef HARK_CLI_BY_HAND_H
#define HARK_CLI_BY_HAND_H

#include "monitor/config/conf.h"
#include "monitor/fetch/fetch.h"

/* Owned, or NULL. `agent` is borrowed until fetch_free(). */
struct fetch *fetch_by_hand(const struct conf *c, char agent[CONF_AGENT_MAX], struct hark_err *err);

#endif
