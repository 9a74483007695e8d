/* A write-ahead log needs shared memory and locks that work; over a network they do not, and the
 * database breaks in silence. So hark refuses such places at start. */
#ifndef HARK_STORE_NETWORK_FS_H
#define HARK_STORE_NETWORK_FS_H

#include "monitor/base/err.h"
#include "monitor/base/str.h"

/* HARK_EINVAL with a sentence if the folder of `path` is on a network file system. */
int network_fs_refuse(const char *path, struct hark_err *err);

/* The decision: `magic` is statfs' f_type, `fstype` the name in mountinfo (it tells apart what FUSE
 * hides; may be absent). Returns the file system's name, or NULL if it is a local one. */
const char *network_fs_name(unsigned long magic, struct str fstype);

#endif
