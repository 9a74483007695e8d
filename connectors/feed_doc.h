/* What the readers of feed formats (feed_xml.c, feed_json.c) fill in, and what becomes of it: the
 * rules by which fields of an item become a Post live here once for all formats. */
#ifndef HARK_CONNECTORS_FEED_DOC_H
#define HARK_CONNECTORS_FEED_DOC_H

#include "connectors/connector.h"
#include "connectors/parse/html.h"
#include "monitor/base/arena.h"
#include "monitor/base/buf.h"
#include "monitor/base/err.h"

/* So many items are read, then mapped and emitted: either is as much code as the processor has at hand, and taking
 * turns item by item would fetch all of it anew each time. */
#define FEED_WAITING_MAX 8

/* Raw bytes one text of an item may have; the rest is cut off. */
#define FEED_TEXT_MAX (2u << 20)

enum feed_slot {
	SLOT_ID,    /* guid, atom:id, rdf:about */
	SLOT_ABOUT, /* rdf:about, if the id is another */
	SLOT_LINK,
	SLOT_LINK_OTHER, /* an alternate that is no web page */
	SLOT_COMMENTS,
	SLOT_FILE, /* the enclosure */
	SLOT_TITLE,
	SLOT_TITLE_OTHER, /* dc:title, media:title, itunes:title */
	SLOT_ENCODED,     /* the body, in order of preference */
	SLOT_BODY,
	SLOT_CONTENT,
	SLOT_SUMMARY,
	SLOT_MEDIA_TEXT,
	SLOT_ITUNES_TEXT,
	SLOT_CREATOR,
	SLOT_AUTHOR, /* "mail (Name)" */
	SLOT_ITUNES_AUTHOR,
	SLOT_EDITOR,
	SLOT_PUB_DATE, /* dates, in order of preference for `published` */
	SLOT_DC_DATE,
	SLOT_ISSUED,
	SLOT_PUBLISHED,
	SLOT_CREATED,
	SLOT_UPDATED,
	SLOT_MODIFIED,
	SLOT_BUILD_DATE,
	SLOT_LANG,
	SLOT_REPLIES,
	SLOT_REPLY_TO,
	SLOT_REPLY_URL,
	SLOT_TTL,
	SLOT_SY_PERIOD,
	SLOT_SY_FREQUENCY,
	SLOT_GENERATOR,
	SLOT_HUB,
	SLOT_SELF,
	SLOT_NEXT,
	SLOTS,
};

enum feed_kind {
	FEED_PLAIN, /* what it says */
	FEED_HTML,
	FEED_MAYBE, /* HTML, or text that looks a little like it */
	FEED_TITLE, /* the same, and often escaped once too often */
};

struct feed_text {
	struct str s; /* absent: not there */
	enum feed_kind kind;
	struct str base, lang; /* may be absent */
};

struct feed_person {
	struct str name, url, email;
};

/* The feed itself, or one item of it. Everything lives in `arena`. */
struct feed_fields {
	struct arena arena;
	struct feed_text slot[SLOTS];
	uint64_t slots_set; /* a bit for each slot that may hold something */
	struct feed_person author, source_author;
	struct str *tags;
	size_t tags_n, tags_cap;
	struct html_links links;
	bool id_is_no_link;
	bool any; /* something was set */
};

struct feed_doc {
	struct hark_host *host; /* borrowed */
	struct feed_fields feed;
	struct feed_fields *item; /* that is read or mapped: one of `waiting` */
	char format[16];
	int64_t now_ms;
	struct str forced_lang; /* setting `lang` */
	struct str feed_lang;   /* of the element that holds the feed; valid until feed_end() */
	bool expired;
	size_t items;      /* seen so far */
	size_t items_skip; /* so many were handed over by an earlier pass */
	struct buf text;   /* scratch of the conversion */
	size_t waiting_n;  /* read and not mapped yet */
	size_t arenas;     /* of `waiting`, that were begun */
	struct feed_fields waiting[FEED_WAITING_MAX]; /* last: see feed_doc_init() */
};

void feed_doc_init(struct feed_doc *doc, struct hark_host *host, int64_t now_ms);
void feed_doc_release(struct feed_doc *doc);
/* For a second pass over the same document: items already handed over are not given again. */
void feed_doc_restart(struct feed_doc *doc);

/* Sets a slot to a copy of `s`, trimmed. An earlier value stays unless it is empty. */
void feed_set(struct feed_fields *f, enum feed_slot slot, enum feed_kind kind, struct str s,
	struct str base, struct str lang);
void feed_add_tag(struct feed_fields *f, struct str tag);
void feed_add_link(struct feed_fields *f, struct str base, struct str ref);

/* What a piece of work for these fields came to. That memory ran out is remembered until the item
 * ends, so that half an item is none. */
static inline void feed_saw(struct feed_fields *f, int rc)
{
	if (rc == HARK_ENOMEM && f->arena.rc == HARK_OK) {
		f->arena.rc = rc;
	}
}

/* Begins an item, and forgets what was read of one that did not end. */
void feed_item_begin(struct feed_doc *doc);
/* Keeps the item until feed_items_emit(), which it calls itself when there are many. The host's result. */
int feed_item_end(struct feed_doc *doc);
/* Maps and emits the items that wait, in order; nothing to do where there are none. Before anything of the feed itself
 * changes, as items take from it what they do not say. The host's result. */
int feed_items_emit(struct feed_doc *doc);
/* Emits what waits, then what the feed says about itself. */
int feed_end(struct feed_doc *doc);

/* The readers. HARK_EPARSE: the document is not of this format or beyond reading; nothing was said
 * to the host. Any other negative result is the host's. */
int feed_read_xml(struct feed_doc *doc, struct str text, struct str base, struct hark_err *err);
int feed_read_json(struct feed_doc *doc, struct str text, struct str base, struct hark_err *err);

#endif
