/* Words to the service manager (sd_notify(3)); nothing happens without one. The only home of
 * libsystemd. Any thread. */
#ifndef HARK_BASE_NOTIFY_SYSTEMD_H
#define HARK_BASE_NOTIFY_SYSTEMD_H

#include <stdint.h>

/* "READY=1", "STATUS=…", "WATCHDOG=1", "STOPPING=1", "RELOADING=1"; lines as in sd_notify(3). */
void systemd_notify(const char *state);
/* How often WATCHDOG=1 is due, in milliseconds; 0: nobody watches. */
int64_t systemd_watchdog_ms(void);

#endif
