/* Who answered an announced purchase in public. Inside the caller's transaction; failures are its commit's. */
#ifndef HARK_STORE_REPLIERS_H
#define HARK_STORE_REPLIERS_H

#include "monitor/base/arena.h"
#include "monitor/model/signal.h"
#include "monitor/store/store.h"

/* A public post in which a purchase was announced, and that still says so. */
struct announcement {
	int64_t post, author; /* author 0: not known */
	struct subject subject;
	struct str url, motion; /* motion: of the account it is about; each may be absent */
	bool is_company;        /* it is about a known account, or a company that is named */
};

/* A public reply. */
struct replier {
	int64_t post, story, author;
	struct author who;
	int64_t published;
	bool historic;
};

/* What the source has under that id. False: nothing, or no announcement. Strings in `arena`. */
bool store_announcement_find(struct store *s, int64_t source, struct str external_id,
	struct arena *arena, struct announcement *out);
/* Replies to it that came before it, the first first, at most `max`. */
size_t store_announcement_replies(struct store *s, int64_t source, struct str external_id,
	int64_t author, struct arena *arena, struct replier *out, size_t max);
/* Notes that the author is a lead because of it; false: there are `cap` already, or the author is one. */
bool store_announcement_take(
	struct store *s, int64_t announcement, int64_t author, int64_t cap, int64_t *nth);
/* Whose proven or imported address the author has, 0: nobody's, or several people's. *is_staff: one of them is a
 * colleague. */
int64_t store_replier_person(
	struct store *s, int64_t author, const struct author *who, bool *is_staff);

#endif
