/* Fetching because somebody asks: one request at a time, under the name and limits of the configuration. */
#ifndef HARK_PIPELINE_BY_HAND_H
#define HARK_PIPELINE_BY_HAND_H

#include "monitor/config/conf.h"
#include "monitor/fetch/fetch.h"

/* HARK_ESTATE: nobody would be asked in a name that somebody stands behind. `internal`: the server is the operator's
 * own; `internal_word`: how whoever asks says so, "--internal". */
int by_hand_may_ask(
	const struct conf *c, bool internal, const char *internal_word, struct hark_err *err);
/* Owned, or NULL. `agent` is borrowed until fetch_free(). */
struct fetch *fetch_by_hand(const struct conf *c, char agent[CONF_AGENT_MAX], struct hark_err *err);

#endif
