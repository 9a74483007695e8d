/* The file transport: a folder that files are dropped into, answered like a server.
 *
 * A request to it gets the oldest file that was not read before, by the time it was last written; what was
 * read is remembered by name, size and time, so a file is never read twice and one that was replaced is
 * another. A file that is still being written, or began less than two seconds ago, is left for
 * later; hidden and half-downloaded ones (.part, .crdownload, .tmp) do not count. What cannot be read is
 * remembered too, as refused under the settings of then: it is said once, and the next one has its turn;
 * under other settings, or when somebody asks for a poll, it is read again. The newest that was refused can be
 * accepted by an admin: it is read once more, and the connector is told. Runs on a worker; reads the
 * disk. */
#ifndef HARK_PIPELINE_FOLDER_H
#define HARK_PIPELINE_FOLDER_H

#include "monitor/fetch/fetch.h"
#include "monitor/pipeline/source.h"

struct folder_request {
	const char *path; /* of the folder, or of one file */
	struct str seen;  /* what the last reply said in `etag`; absent at first */
	size_t max_bytes;
	int64_t now_ms;    /* wall clock */
	uint64_t settings; /* fingerprint of what may decide whether a file can be read */
	bool again;        /* what was refused is read once more, whatever the settings */
	bool accept;       /* only the newest that was refused is read, and is right */
};

/* Fills a reply that is empty. Status 200: `url` is the file's path, `etag` what is to be given back as
 * `seen`, and its headers say Last-Modified, of one that is accepted Accepted as well. Status 304: nothing is new. rc other than HARK_OK: the
 * sentence names the path; `etag` is set if it was one file. HARK_ELIMIT without it: nothing is new, but there are more
 * files than are looked at (4096). `*more`: others wait. */
void folder_read(struct fetch_reply *reply, const struct folder_request *request, bool *more);
/* Writes into `etag`, as folder_read gave it, that the file it was for was refused. */
void folder_refuse(char *etag, uint64_t settings);
/* `seen` holds a file that was refused. */
bool folder_has_refused(struct str seen);
/* Writes what is wrong with all files that stand refused: `now`, which was refused last, and of `before`, as this
 * wrote it, what is about other files that are still there. Each is "PATH: SENTENCE". */
void folder_say_refused(struct str now, struct str before, struct buf *out);
/* Whether one of those files is refused for something else than its size, which no admin can take for right. `said`
 * as written by that. */
bool folder_may_accept(struct str said);
/* As folder_read(), for a source whose request was planned. */
void folder_poll(struct source *src, struct fetch_reply *reply);
uint64_t folder_settings(const struct source *src);

#endif
