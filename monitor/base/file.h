/* Whole files in and out. */
#ifndef HARK_BASE_FILE_H
#define HARK_BASE_FILE_H

#include "monitor/base/buf.h"
#include "monitor/base/err.h"

#include <limits.h>

/* Appends the whole file to `out`; "-" is standard input. The ceiling of `out` holds: a larger
 * file is HARK_ELIMIT. A pipe given by name may pause for 10 s at most. The sentence names the path. */
int file_read(struct buf *out, const char *path, struct hark_err *err);
/* Writes beside the target, syncs and renames over it: readers see the old or the new file, never
 * half of one. `mode`: permission bits of the new file; owner and group stay where the system lets. */
int file_write(const char *path, struct str content, unsigned mode, struct hark_err *err);
/* mkdir -p, with these permission bits for what is made. */
int file_mkdirs(const char *path, unsigned mode, struct hark_err *err);
/* The folder of files that hark was installed with: what the environment variable `variable` names, else
 * the first of `places` (ends with NULL) that is there, counted from the program's folder in a build or a
 * tree that was moved as a whole, else `installed`. */
void file_own_dir(
	char out[PATH_MAX], const char *variable, const char *const *places, const char *installed);

#endif
