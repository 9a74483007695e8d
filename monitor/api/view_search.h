/* Searches for the command line and the API alike: what was asked, as people write it, and what was found, as JSON. */
#ifndef HARK_API_VIEW_SEARCH_H
#define HARK_API_VIEW_SEARCH_H

#include "monitor/base/jsonout.h"
#include "monitor/store/search.h"

/* Each text may be absent. */
struct search_ask {
	struct str words, person, account, source, kind;
	struct str since, until; /* "7d", back from now, "2026-09-30" or a whole time */
	struct str seen_as;      /* an access class; absent: all of them */
	int64_t before;
	size_t max;
};

/* HARK_EINVAL and HARK_ENOENT: a sentence for whoever asked. What is found is in `arena`. */
int search_ask(struct store *s, const struct search_ask *ask, int64_t now_ms, struct arena *arena,
	struct search_page *out, struct hark_err *err);
/* One object. */
void view_search_hit(struct jsonout *j, const struct search_hit *h);

#endif
