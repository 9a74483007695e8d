/* Pairs of people that may be one as JSON, for the command line and the API alike. */
#ifndef HARK_API_REVIEW_VIEW_H
#define HARK_API_REVIEW_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/people/review.h"

struct review_card {
	struct review r;
	struct review_line lines[REVIEW_LINES];
	struct str said, said_at; /* what the author has said last, as much as shows who speaks */
};

/* Strings in `arena`. HARK_ENOENT. */
int review_card_load(struct store *s, int64_t id, struct arena *arena, struct review_card *out,
	struct hark_err *err);
/* One whole object each: with both sides, and one of a list. */
void view_review_card(struct jsonout *j, const struct review_card *card);
void view_review(struct jsonout *j, const struct review *r);
/* What the other side is ("author", "move" or "other"; static), and its number. */
const char *review_other(const struct review *r, int64_t *id);

#endif
