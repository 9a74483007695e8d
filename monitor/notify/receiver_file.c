#include "monitor/notify/receiver.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

/* -1: the deliveries have failed. A pipe or device could block for ever, so it is refused. */
static int open_log(const char *path, off_t *size, struct hark_err *err)
{
	struct stat st;
	int fd = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY, 0600);
	if (fd < 0) {
		hark_err_errno(err, HARK_EIO, errno, "%s: cannot open it", path);
		return -1;
	}
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode)) {
		hark_err_set(err, HARK_EIO, "%s: not a regular file", path);
		close(fd);
		return -1;
	}
	*size = st.st_size;
	return fd;
}

/* A crash may have left half a line: it gets its end, so that the next line stands alone. */
static bool ends_open(int fd, off_t size)
{
	char last = '\n';
	return size > 0 && pread(fd, &last, 1, size - 1) == 1 && last != '\n';
}

/* The payload with the delivery's id in front, by which a reader knows a repeat. */
static void add_line(struct buf *line, const struct delivery *d)
{
	struct str rest = str_n(d->payload.p + 1, d->payload.n - 1); /* an object, without its { */
	buf_printf(line, "{\"id\":\"%.*s\"%s", STR_FMT(d->delivery_id),
		str_starts(str_trim(rest), STR("}")) ? "" : ",");
	buf_add_str(line, rest);
	buf_add_char(line, '\n');
}

static int append_line(
	int fd, off_t *size, const struct delivery *d, const char *path, struct hark_err *err)
{
	struct buf line;
	int rc = HARK_OK;
	buf_init(&line, d->payload.n + d->delivery_id.n + 32);
	if (ends_open(fd, *size)) {
		buf_add_char(&line, '\n');
	}
	add_line(&line, d);
	if (line.rc != HARK_OK) {
		buf_release(&line);
		return hark_err_set(err, HARK_ENOMEM, "%s: no memory for a line", path);
	}
	ssize_t put = write(fd, line.p, line.n);
	if (put == (ssize_t)line.n) {
		*size += put;
	} else {
		int why = put < 0 ? errno : ENOSPC;
		rc = hark_err_errno(err, HARK_EIO, why, "%s: cannot append to it", path);
		if (put > 0 && ftruncate(fd, *size) != 0) {
			hark_err_wrap(err, "half a line is left");
		}
	}
	buf_release(&line);
	return rc;
}

static void fail_all(struct delivery *d, const char *sentence)
{
	for (; d != NULL; d = d->next) {
		delivery_failed(d, 0, "%s", sentence);
	}
}

void receiver_file(struct delivery *list)
{
	char path[PATH_MAX];
	struct hark_err err = {0};
	struct delivery *d = list;
	off_t size;
	if (delivery_path(list, list->receiver->path, path, sizeof(path)) != HARK_OK) {
		fail_all(list, "its path is too long");
		return;
	}
	int fd = open_log(path, &size, &err);
	if (fd < 0) {
		fail_all(list, err.text);
		return;
	}
	for (; d != NULL && append_line(fd, &size, d, path, &err) == HARK_OK; d = d->next) {
		delivery_sent(d, 0);
	}
	if (d != NULL) {
		fail_all(d, err.text);
	}
	if (fsync(fd) != 0) {
		hark_err_errno(&err, HARK_EIO, errno, "%s: cannot write it to the disk", path);
		fail_all(list, err.text);
	}
	close(fd);
}
