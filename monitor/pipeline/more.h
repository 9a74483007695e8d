/* The requests of a poll behind its first: pages and details, in the order they were asked for. They
 * belong to the source and are forgotten when the poll ends. One holder at a time, as the source. */
#ifndef HARK_PIPELINE_MORE_H
#define HARK_PIPELINE_MORE_H

#include "connectors/connector.h"
#include "monitor/pipeline/batch.h"

#define REQUESTS_MAX 150 /* of one poll */

struct more {
	struct more *next;
	struct hark_request
		request; /* its strings lie in the same block; auth and buckets do not */
};

struct more_list {
	struct more *first, *last;
	uint64_t *asked; /* owned; fingerprints of all requests of the poll: none is sent twice */
	size_t asked_n;
};

/* Notes the poll's first request. */
void more_first(struct more_list *l, const char *url);
/* Appends a copy, unless the same was asked for already or there are too many. False: it was left out. */
bool more_add(struct more_list *l, const struct hark_request *request);
/* Removes the one that has been answered. */
void more_done(struct more_list *l);
/* Units of the source's budget that all of them cost. */
int64_t more_units(const struct more_list *l);
/* Whether the cursor is enough to ask for all of them again. */
bool more_may_all_fail(const struct more_list *l);
void more_forget(struct more_list *l);

/* Whether a request is wanted after a reply: `posts` of its `all` were new. `historic`: this is the first
 * poll, of which nothing is raised. `page`: how many requests of this poll came before. */
bool more_is_wanted(const struct hark_request *request, const struct batch_post *posts,
	size_t posts_n, size_t all_n, bool historic, unsigned page);

#endif
