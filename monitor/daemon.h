/* harkd: puts the parts together, watches over them, takes them apart in order.
 *
 * The main thread holds signals, the control socket, reload and the watchdog; everything else runs
 * in the threads of fetch, workers, writer and notify. */
#ifndef HARK_DAEMON_H
#define HARK_DAEMON_H

#include "monitor/base/err.h"

#include <stdbool.h>

struct daemon_options {
	const char *config; /* path */
	bool once;          /* poll every source once, deliver, exit */
};

/* Runs until a signal or, with `once`, until all is done. Returns the exit code: 0; 1 the disk
 * failed or the work could not be finished; 2 it refused to start (said on stderr). */
int daemon_run(const struct daemon_options *options);

#endif
