/* Runs on the calling thread. */
#include "monitor/notify/receiver.h"

#include "monitor/base/clock.h"
#include "monitor/base/process.h"

#include <stdio.h>

#define TIMEOUT_MS 20000

/* Environment: what a program needs to run, and what it may want to know. */
struct env {
	char text[4][256];
	const char *list[7];
};

static void env_init(struct env *e, const struct delivery *d)
{
	snprintf(e->text[0], sizeof(e->text[0]), "HARK_RECEIVER=%s", d->receiver->name);
	snprintf(e->text[1], sizeof(e->text[1]), "HARK_DELIVERY_ID=%s", d->delivery_id.p);
	snprintf(e->text[2], sizeof(e->text[2]), "HARK_ATTEMPT=%d", d->attempt);
	snprintf(e->text[3], sizeof(e->text[3]), "HARK_KIND=%s", d->kind.p);
	for (int i = 0; i < 4; i++) {
		e->list[i] = e->text[i];
	}
	e->list[4] = PROCESS_ENV_LANG;
	e->list[5] = PROCESS_ENV_PATH;
	e->list[6] = NULL;
}

static void judge(struct delivery *d, const struct process_result *r, int64_t timeout_ms)
{
	const char *program = d->receiver->command[0];
	char span[CLOCK_TEXT_MAX];
	delivery_first_line(process_last_line(r), d->answer, sizeof(d->answer));
	const char *says = d->answer[0] != '\0' ? ", saying: " : "";
	switch (r->end) {
	case PROCESS_ABANDONED:
		delivery_failed(d, 0, "%.100s: ended because the daemon stops", program);
		d->outcome = DELIVERY_NOT_TRIED;
		break;
	case PROCESS_TIMED_OUT:
	case PROCESS_TOO_MUCH:
		delivery_failed(d, 0, "%.100s: not done within %s, ended%s%.100s", program,
			clock_span(timeout_ms, span), says, d->answer);
		break;
	case PROCESS_SIGNALLED:
		delivery_failed(d, 128 + r->status, "%.100s: killed by signal %d%s%.100s", program,
			r->status, says, d->answer);
		break;
	case PROCESS_EXITED:
		if (r->status != 0) {
			delivery_failed(d, r->status, "%.100s: exit status %d%s%.100s", program,
				r->status, says, d->answer);
		} else {
			delivery_sent(d, 0);
		}
		break;
	}
}

void receiver_exec(struct delivery *d)
{
	struct env env;
	struct process_result result;
	env_init(&env, d);
	struct buf line; /* a shell's read fails on a line without its end */
	buf_init(&line, d->payload.n + 2);
	buf_add_str(&line, d->payload);
	buf_add_char(&line, '\n');
	if (line.rc != HARK_OK) {
		delivery_failed(d, 0, "no memory for the alert");
		buf_release(&line);
		return;
	}
	const struct process_request request = {
		.argv = d->receiver->command,
		.env = env.list,
		.dir = d->conf->base_dir,
		.input = buf_str(&line),
		.timeout_ms = d->receiver->timeout_ms > 0 ? d->receiver->timeout_ms : TIMEOUT_MS,
		.abandon = d->abandon,
		.mark = env.text[1], /* unlike any other delivery's */
		.may_leave = true,
	};
	int rc = process_run(&request, &result);
	buf_release(&line);
	if (rc != 0) {
		struct hark_err err = {0};
		hark_err_errno(
			&err, HARK_EIO, rc, "%.100s: cannot run it", d->receiver->command[0]);
		delivery_failed(d, 0, "%s", err.text);
		return;
	}
	judge(d, &result, request.timeout_ms);
	d->took_ms = result.took_ms;
}
