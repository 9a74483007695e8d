/* Whether there is another page and what it is asked with. Pure. */
#ifndef HARK_CONNECTORS_PAGING_H
#define HARK_CONNECTORS_PAGING_H

#include "connectors/definition.h"

/* What a page turned out to be. */
struct page_facts {
	long page;           /* from 0 */
	size_t items;        /* in the document */
	size_t known;        /* of these, at or behind the cursor */
	struct str smallest; /* BEFORE_SMALLEST_ID */
	bool stopped;        /* the budget is spent */
};

struct next_page {
	bool any;
	bool cut;          /* there may be more before the cursor, and it is not asked for */
	struct str url;    /* absent: the request is filled anew */
	struct str cursor; /* CURSOR, BEFORE_SMALLEST_ID */
};

/* `w` has the scope of the document. */
void paging_next(struct next_page *out, const struct definition *d, const struct page_facts *page,
	const struct hark_reply *reply, struct work *w);

#endif
