/* What somebody is told who is held here without having been asked (GDPR, article 14): a text for each language, of a
 * file with what has to be filled in. Immutable, part of the configuration. */
#ifndef HARK_CONFIG_NOTICE_H
#define HARK_CONFIG_NOTICE_H

#include "monitor/base/buf.h"

/* What stands in the text as {name}, {source} … */
enum notice_slot {
	NOTICE_NAME,
	NOTICE_SOURCE,  /* where the data is from, an origin a line */
	NOTICE_DATE,    /* since when it is here */
	NOTICE_PURPOSE,
	NOTICE_BASIS,
	NOTICE_CONTACT, /* of the operator */
	NOTICE_OBJECT,  /* where one objects */
	NOTICE_DAYS,    /* how long findings are kept */
	NOTICE_SLOTS,
	NOTICE_TEXT = NOTICE_SLOTS, /* no slot: of the text itself */
};

struct conf_notice {
	const char *lang; /* "de", "pt-BR" */
	const char *file;
	const char *subject, *text;
	const char *purpose; /* NULL: privacy.purpose is not said in this language */
	const char *basis;
};

/* "name", "source" …; ends with NULL. */
extern const char *const notice_slots[NOTICE_SLOTS + 1];

/* The next piece of a text, which moves on: text as it is, or what stands for a slot. False at the end.
 * NOTICE_TEXT with *piece starting with '{': a slot there is not. */
bool notice_next(struct str *rest, enum notice_slot *slot, struct str *piece);

/* The one for a language, or for what it is a kind of: pt-BR, then pt. NULL: there is none, and none is near enough. */
const struct conf_notice *notice_find(const struct conf_notice *v, size_t n, struct str lang);

#endif
