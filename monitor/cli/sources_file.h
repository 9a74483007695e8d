/* conf.d/sources.yaml, the file `hark sources` keeps beside the configuration. It is read, changed
 * and written whole; the configuration is checked with the new file in place, and when it is refused
 * the old one comes back. Commands that change it at once wait for each other. */
#ifndef HARK_CLI_SOURCES_FILE_H
#define HARK_CLI_SOURCES_FILE_H

#include "monitor/config/conf.h"

/* An entry to add; empty members are left out. */
struct source_entry {
	struct str name, url, every;
	bool internal;
};

/* Its path, owned by the caller (free()); NULL: no memory. */
char *sources_file_path(const struct conf *c);
/* Adds entries and takes the one called `remove` out (NULL: none). HARK_EINVAL: the configuration
 * would not be accepted; HARK_EPARSE: the file is there but cannot be read. */
int sources_file_change(const struct conf *c, const struct source_entry *add, size_t add_n,
	const char *remove, struct hark_err *err);

#endif
