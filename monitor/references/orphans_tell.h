/* References that have lost whoever kept their gate are told to the desk through the outbox, once for each who left.
 * Only ids and the name of the colleague: a message outlives what may have to be forgotten. */
#ifndef HARK_REFERENCES_ORPHANS_TELL_H
#define HARK_REFERENCES_ORPHANS_TELL_H

#include "monitor/config/conf.h"
#include "monitor/store/store.h"

#include <stddef.h>
#include <stdint.h>

/* *made: for how many receivers. In the caller's transaction. */
int orphans_tell(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err);

#endif
