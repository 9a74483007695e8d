/* Runs a program to its end, on the calling thread: no shell, an environment that is given whole, only
 * the three standard files, default signals, and a process group of its own, so that what it starts ends
 * with it. Any thread; SIGPIPE must be blocked where there is input. */
#ifndef HARK_BASE_PROCESS_H
#define HARK_BASE_PROCESS_H

#include "monitor/base/buf.h"

#include <stdatomic.h>

#define PROCESS_SAID_MAX 4096

struct process_request {
	const char *const *argv; /* looked for on PATH; ends with NULL */
	const char *const *env;  /* "NAME=value", ends with NULL */
	const char *dir;         /* where it starts; NULL or "": where we are */
	struct str input;        /* on its standard input */
	struct buf *out;         /* takes its standard output; NULL: nobody does */
	int64_t timeout_ms;
	const atomic_bool *abandon; /* it is ended early when this becomes true; NULL: never */
	/* A variable of `env`; what has it in its environment is killed when the program ends, however it does.
	 * NULL: what it leaves running goes on, unless it was ended. */
	const char *mark;
	bool may_leave; /* what it leaves running when it ends by itself goes on all the same */
};

enum process_end {
	PROCESS_EXITED,    /* status: exit status */
	PROCESS_SIGNALLED, /* status: signal */
	PROCESS_TIMED_OUT,
	PROCESS_ABANDONED,
	PROCESS_TOO_MUCH, /* more output than `out` takes, or no memory for it */
};

struct process_result {
	enum process_end end;
	int status;
	int64_t took_ms;
	char said[PROCESS_SAID_MAX]; /* the end of its standard error */
	size_t said_n;
};

/* 0, or the errno value for which it could not be started. One that is not to go on is told so by
 * SIGTERM, and after two seconds by SIGKILL, both to its group. */
int process_run(const struct process_request *request, struct process_result *result);
/* The last line that is not empty; borrowed from the result. */
struct str process_last_line(const struct process_result *result);

/* What every program gets beside its own variables. */
#define PROCESS_ENV_PATH "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
#define PROCESS_ENV_LANG "LANG=C.UTF-8"

#endif
