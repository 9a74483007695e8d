#include "config.h"

#include "monitor/base/notify_systemd.h"

#ifdef HAVE_SYSTEMD

#include <systemd/sd-daemon.h>

void systemd_notify(const char *state)
{
	sd_notify(0, state);
}

int64_t systemd_watchdog_ms(void)
{
	uint64_t usec = 0;
	return sd_watchdog_enabled(0, &usec) > 0 ? (int64_t)(usec / 2000) : 0;
}

#else

void systemd_notify(const char *state)
{
	(void)state;
}

int64_t systemd_watchdog_ms(void)
{
	return 0;
}

#endif
