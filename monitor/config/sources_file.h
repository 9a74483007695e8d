/* conf.d/sources.yaml, the file `hark sources` keeps beside the configuration. It is read, changed
 * and written whole; the configuration is checked with the new file in place, and when it is refused
 * the old one comes back. Commands that change it at once wait for each other. */
#ifndef HARK_CONFIG_SOURCES_FILE_H
#define HARK_CONFIG_SOURCES_FILE_H

#include "monitor/config/conf.h"

/* An entry to add; empty members are left out. Secrets are said by where they are, as in the configuration. */
struct source_entry {
	struct str name, url, connector, every;
	const struct hark_pair *vars, *secrets;
	size_t vars_n, secrets_n;
	bool internal, accepts_terms;
};

/* Its path, owned by the caller (free()); NULL: no memory. */
char *sources_file_path(const struct conf *c);
/* The entry as it stands in the file: one line, with its end. */
void sources_file_entry(struct buf *out, const struct source_entry *entry);
/* The source that has this URL, but for the one called `except` (absent: for none); NULL: there is none. */
const struct conf_source *sources_file_holder(
	const struct conf *c, struct str url, struct str except);
/* Adds entries and takes the one called `remove` out (NULL: none). HARK_EINVAL: the configuration
 * would not be accepted; HARK_EPARSE: the file is there but cannot be read; HARK_ESTATE: somebody else has
 * written it meanwhile, and theirs stays. */
int sources_file_change(const struct conf *c, const struct source_entry *add, size_t add_n,
	const char *remove, struct hark_err *err);

/* Whether the source stands in that file, and so may be taken out of it. */
bool sources_file_has(const struct conf *c, const struct conf_source *s);
/* Takes it out. HARK_ESTATE: it stands in a file that people keep, which the sentence names. */
int sources_file_remove(const struct conf *c, const struct conf_source *s, struct hark_err *err);

#endif
