/* Feeds of other readers as sources, and sources as a list for them: for hark sources and the API. Pure. */
#ifndef HARK_CONFIG_OPML_SOURCES_H
#define HARK_CONFIG_OPML_SOURCES_H

#include "connectors/parse/opml.h"
#include "monitor/config/sources_file.h"

#define OPML_LEFT_OUT_MAX 10 /* are kept to be shown */

/* A list, sorted. Everything lives in the arena it was read into. */
struct opml_sources {
	size_t feeds_n;               /* in the list */
	struct source_entry *entries; /* the new ones, each with a name of its own */
	size_t entries_n, known_n;    /* known: there already, here or earlier in the list */
	size_t left_out_n;
	struct {
		struct str url, why;
	} left_out
		[OPML_LEFT_OUT_MAX]; /* the first of them; of an address with a password the host alone */
};

/* `every`: how often the new ones are asked; absent: nothing is said. `progress` may be NULL. HARK_EPARSE: this is no
 * OPML. */
int opml_sources_read(struct opml_sources *out, const struct conf *c, struct str text,
	struct str every, struct arena *arena,
	void (*progress)(void *ctx, size_t done, size_t total), void *ctx, struct hark_err *err);
/* The feeds of the configuration, appended. */
int opml_sources_write(const struct conf *c, int64_t now_ms, struct buf *out, struct hark_err *err);

#endif
