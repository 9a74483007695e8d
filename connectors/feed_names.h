/* What an element of a feed means, whatever its prefix and version of the format. */
#ifndef HARK_CONNECTORS_FEED_NAMES_H
#define HARK_CONNECTORS_FEED_NAMES_H

#include "connectors/feed_doc.h"

enum feed_ns {
	NS_OTHER,
	NS_CORE, /* RSS of every version, or no namespace */
	NS_ATOM, /* 1.0 and 0.3 */
	NS_DC,
	NS_DCTERMS,
	NS_CONTENT,
	NS_MEDIA,
	NS_ITUNES,
	NS_SLASH,
	NS_SY,
	NS_THR,
	NS_XHTML,
	NS_RDF,
	NS_TOMBSTONE,
};

/* What to do with an element. */
enum feed_act {
	ACT_NONE,    /* neither it nor what it holds says anything to us */
	ACT_PASS,    /* a wrapper: its children count as its parent's */
	ACT_FEED,    /* holds what the feed says about itself */
	ACT_ITEM,    /* begins an item, wherever it stands */
	ACT_PERSON,  /* text, or children name, uri, email */
	ACT_SOURCE,  /* where an item was taken from */
	ACT_PLAIN,   /* text into the slot */
	ACT_URI,     /* text into the slot, resolved */
	ACT_HTML,    /* text or markup into the slot: HTML */
	ACT_MAYBE,   /* the same: HTML or not */
	ACT_TITLE,   /* the same, a title */
	ACT_TYPED,   /* the same: the type is said by attributes (Atom) */
	ACT_LINK,    /* RSS: address as text. Atom: attributes */
	ACT_ID,      /* guid or id */
	ACT_TAG,     /* text or attributes are a tag */
	ACT_TAGS,    /* text is a list of tags with commas */
	ACT_FILE,    /* an address in an attribute belongs to the links, and into the slot if any */
	ACT_REPLY,   /* thr:in-reply-to */
	ACT_DELETED, /* at:deleted-entry */
};

struct feed_meaning {
	enum feed_act act;
	enum feed_slot slot;
};

/* NS_OTHER for a namespace we know nothing of. `uri` may be NULL, then a well-known `prefix` is taken
 * at its word. */
enum feed_ns feed_ns_of(const char *uri, const char *prefix);
/* ACT_NONE for what we do not know. */
struct feed_meaning feed_meaning_of(enum feed_ns ns, const char *name);

#endif
