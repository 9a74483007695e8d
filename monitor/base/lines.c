#include "monitor/base/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

void lines_init(struct lines *l, int fd, size_t bytes_max)
{
	l->fd = fd;
	l->bytes_max = bytes_max;
	l->number = l->from = l->to = 0;
	l->skips = false;
}

/* HARK_ENOENT: the end. */
static int fill(struct lines *l, struct hark_err *err)
{
	ssize_t got;
	do {
		got = read(l->fd, l->block, sizeof(l->block));
	} while (got < 0 && errno == EINTR);
	l->from = 0;
	l->to = got > 0 ? (size_t)got : 0;
	return got > 0 ? HARK_OK
	       : got == 0
		       ? HARK_ENOENT
		       : hark_err_errno(err, HARK_EIO, errno, "line %zu cannot be read", l->number);
}

/* Takes what the block holds of this line; true: its newline was there. */
static bool take(struct lines *l, struct str *piece)
{
	*piece = str_n(l->block + l->from, l->to - l->from);
	const char *end = piece->n > 0 ? memchr(piece->p, '\n', piece->n) : NULL;
	piece->n = end != NULL ? (size_t)(end - piece->p) : piece->n;
	l->from += piece->n + (end != NULL);
	return end != NULL;
}

static int skip(struct lines *l, struct hark_err *err)
{
	struct str piece;
	int rc = HARK_OK;
	while (l->skips && rc == HARK_OK) {
		l->skips = !take(l, &piece);
		rc = l->skips ? fill(l, err) : HARK_OK;
	}
	return rc;
}

int lines_refuse(size_t bytes_max, struct hark_err *err)
{
	return hark_err_set(err, HARK_ELIMIT,
		"longer than %zu bytes and left out: is a newline missing?", bytes_max);
}

int lines_next(struct lines *l, struct buf *out, struct hark_err *err)
{
	size_t begin = out->n;
	int rc = skip(l, err);
	l->number++;
	while (rc == HARK_OK) {
		struct str piece;
		bool ends = take(l, &piece);
		if (piece.n > l->bytes_max - (out->n - begin)) {
			buf_cut(out, begin);
			l->skips = !ends;
			return lines_refuse(l->bytes_max, err);
		}
		if (buf_add_str(out, piece) != HARK_OK) {
			return hark_err_set(err, out->rc, "no memory for line %zu", l->number);
		}
		if (ends) {
			return HARK_OK;
		}
		rc = fill(l, err);
	}
	/* The last line may have no newline. */
	return rc == HARK_ENOENT && out->n > begin ? HARK_OK : rc;
}
