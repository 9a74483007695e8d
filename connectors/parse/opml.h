/* Lists of feeds as other readers keep them (OPML 1.0 and 2.0, https://opml.org/spec2.opml). Pure. */
#ifndef HARK_PARSE_OPML_H
#define HARK_PARSE_OPML_H

#include "connectors/parse/xml.h"
#include "monitor/base/arena.h"

#define OPML_FEEDS_MAX 20000

struct opml_feed {
	struct str url;
	struct str title, page, lang; /* may be absent */
	struct str folder; /* titles of the outlines around it with '/' between, or absent */
};

/* Reads leniently: attributes in any case, a missing type, damaged XML (*damage, may be NULL, says
 * where). Feeds come in the order of the document; everything lives in `arena`. HARK_EPARSE: this is
 * no OPML. */
int opml_read(struct str bytes, struct arena *arena, struct opml_feed **feeds, size_t *n,
	struct xml_damage *damage, struct hark_err *err);

/* Appends an OPML 2.0 document; feeds that follow each other in one folder share its outline. */
int opml_write(const struct opml_feed *feeds, size_t n, const char *title, int64_t now_ms,
	struct buf *out);

#endif
