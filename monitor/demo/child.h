/* Child processes of the demo: the real harkd, and hark itself. Main thread only: a child dies with
 * the thread that started it, so that killing the demo leaves nothing behind. */
#ifndef HARK_DEMO_CHILD_H
#define HARK_DEMO_CHILD_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#include <sys/types.h>

struct child {
	pid_t pid; /* 0: none */
	const char *name;
};

/* The program `name` beside the running one, else in HARK_SBINDIR, else on PATH. Owned; NULL with
 * a sentence that says where it was looked for. */
char *child_find(const char *name, struct hark_err *err);
/* The running program. Owned. */
char *child_self(struct hark_err *err);

/* Starts argv (NULL-terminated) with nothing on standard input. Output goes to the ends of the files
 * (NULL: where ours goes). Signals are as at the start of a program. */
int child_start(struct child *c, const char *const *argv, const char *out_path,
	const char *err_path, struct hark_err *err);
/* Whether it still runs; if not, *status is what waitpid() says, once. */
bool child_runs(struct child *c, int *status);
/* SIGTERM, `grace_ms` to end, then SIGKILL. Nothing to do without a process. */
void child_stop(struct child *c, int64_t grace_ms);

/* Runs a program to its end and appends its standard output; returns its exit status or a negative
 * code. */
int child_read(const char *const *argv, struct buf *out, struct hark_err *err);

#endif
