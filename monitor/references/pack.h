/* What customers said in public, for one deal. Every post has passed the gate (monitor/references/gate.h). A pack of
 * praise alone is not believed: without a critical voice there is none, unless somebody insists, and then it says so
 * itself. */
#ifndef HARK_REFERENCES_PACK_H
#define HARK_REFERENCES_PACK_H

#include "monitor/model/sheet.h"
#include "monitor/references/reader.h"
#include "monitor/store/deals.h"
#include "monitor/store/voices.h"

struct pack_ask {
	struct str deal; /* an opportunity's id, name or number, or a request such as "req_4" */
	struct str product, industry; /* absent: that of the deal; any */
	bool without_critical;        /* of praise alone, if there is nothing else */
};

struct pack {
	struct deal deal;
	int64_t request; /* 0: not for one */
	struct str product;
	struct voice *v; /* what may leave the house */
	size_t n, critical;
	size_t unlinked; /* left out, for there is no address to look them up at */
	int64_t now_ms;
};

/* What a pack says of what it leaves out, and of praise alone. */
#define PACK_UNLINKED "left out, for there is no public address to look it up at"
#define PACK_NO_CRITICAL "no critical voice: made with --without-critical"

/* Strings in the reader's arena. HARK_ENOENT: there is no such deal or request. HARK_ESTATE: there is nothing to show, or
 * praise alone. */
int pack_make(const struct reader *who, const struct pack_ask *ask, struct pack *out,
	struct hark_err *err);
/* The posts, those of the same industry first. `out` is initialised here. */
void pack_sheet(const struct pack *p, struct sheet *out);
/* One whole object with what pack_sheet() gave. */
void pack_json(const struct pack *p, const struct sheet *posts, struct jsonout *j);

#endif
