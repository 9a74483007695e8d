/* Tells the receivers that want to hear of sources which need somebody, and which do no more: one message for
 * all there is, so that a host or a network that is down is one message, not hundreds. */
#ifndef HARK_PIPELINE_ALARM_TELL_H
#define HARK_PIPELINE_ALARM_TELL_H

#include "monitor/config/conf.h"
#include "monitor/store/store.h"

#define SOURCE_ALARM "source.alarm" /* the type of the message */

/* Makes the outbox rows for what nobody was told of and that has waited for company. Inside the caller's
 * transaction. *made: messages; 0: there was nothing to say, or nobody to say it to. Alarms of sources that are
 * not in the configuration any more are closed in silence. */
int alarms_tell(struct store *s, const struct conf *conf, int64_t now_ms, size_t *made,
	struct hark_err *err);

#endif
