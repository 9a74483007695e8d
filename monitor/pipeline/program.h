/* The process transport: a source that is a program, answered like a server. */
#ifndef HARK_PIPELINE_PROGRAM_H
#define HARK_PIPELINE_PROGRAM_H

#include "monitor/fetch/fetch.h"
#include "monitor/pipeline/source.h"

#include <stdatomic.h>

struct program;

/* What is to be run for a source whose request was planned: arguments, variables of the environment and
 * secrets, copied. HARK_ENOENT: a secret is not there; HARK_EINVAL: its name is none of a variable. Any
 * thread; owned, program_free() wipes the secrets. */
int program_new(struct program **out, const struct source *src, const struct fetch_request *request,
	struct hark_err *err);
void program_free(struct program *p); /* NULL is fine */

/* Runs it on the calling thread and fills a reply that is empty: status 200 and its output, headers
 * Exit-Status and Stderr where it did not end with 0. rc other than HARK_OK: it could not run or was
 * ended, and why; HARK_EPIPE: `abandon` became true. */
void program_run(struct program *p, const atomic_bool *abandon, struct fetch_reply *reply);

#endif
