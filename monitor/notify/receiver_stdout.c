#include "monitor/notify/receiver.h"

#include "monitor/base/clock.h"
#include "monitor/notify/line.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#define TIMEOUT_MS 15000

/* Writes at most PIPE_BUF at a time, and only when there is room, so that a pipe nobody reads does
 * not hold the thread. 0, or an errno value. */
static int write_patiently(int fd, struct str text)
{
	int64_t until = clock_steady_ms() + TIMEOUT_MS;
	while (text.n > 0) {
		struct pollfd p = {.fd = fd, .events = POLLOUT};
		int64_t left = until - clock_steady_ms();
		if (left <= 0 || poll(&p, 1, (int)left) == 0) {
			return ETIMEDOUT;
		}
		ssize_t put = write(fd, text.p, text.n < PIPE_BUF ? text.n : PIPE_BUF);
		if (put < 0 && errno != EINTR && errno != EAGAIN) {
			return errno;
		}
		if (put > 0) {
			text = str_n(text.p + put, text.n - (size_t)put);
		}
	}
	return 0;
}

void receiver_stdout(struct delivery *d, bool json)
{
	struct hark_err err = {0};
	struct buf line;
	buf_init(&line, d->payload.n + 4096);
	if (json) {
		buf_add_str(&line, d->payload);
	} else if (line_of_alert(&line, d->payload, &err) != HARK_OK) {
		delivery_failed(d, 0, "%s", err.text);
		buf_release(&line);
		return;
	}
	buf_add_char(&line, '\n');
	int why = line.rc == HARK_OK ? write_patiently(STDOUT_FILENO, buf_str(&line)) : ENOMEM;
	if (why == 0) {
		delivery_sent(d, 0);
	} else {
		hark_err_errno(&err, HARK_EIO, why, "cannot write to standard output");
		delivery_failed(d, 0, "%s", err.text);
	}
	buf_release(&line);
}
