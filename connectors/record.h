/* Records in hark's exchange format (JSON Lines) given on as a connector gives them. */
#ifndef HARK_CONNECTORS_RECORD_H
#define HARK_CONNECTORS_RECORD_H

#include "connectors/connector.h"
#include "monitor/base/json.h"
#include "monitor/model/post.h"

/* As post_read_noting(); an id that is a whole number is one all the same. */
int record_read_post(struct post *post, struct str json, struct arena *arena, struct str *unknown,
	struct hark_err *err);
/* The first member of a profile that no profile has; NULL: there is none. */
const char *record_unknown_in_profile(const json_t *object);
/* What it would need to be told, as a sentence; NULL: nothing. */
const char *record_post_lacks(const struct post *post);
/* Whether an object has the member, and not as null. */
bool record_has(const json_t *object, const char *member);

/* Where a record stands, for what is said of it. */
struct record_place {
	const struct hark_reply *reply;
	long line; /* from 1; 0: it is none of lines */
};
/* Says of a record that is taken that a member of it is left out, which no such record has (NULL: none is), or an
 * address, which is no link. */
void record_note_unknown(struct hark_host *host, const struct record_place *at, const char *what,
	const char *member);
void record_note_profile_links(
	struct hark_host *host, const struct record_place *at, const struct hark_profile *profile);
/* Takes the time it was observed from a profile if it cannot be, and says so. */
void record_drop_profile_time(
	struct hark_host *host, const struct record_place *at, struct hark_profile *profile);

/* Emits `post` through `host`, noting links that are none, and without times that cannot be; what is needed for it lives in `arena`. Returns what the
 * host does. */
int record_emit_post(struct hark_host *host, const struct record_place *at, const struct post *post,
	struct arena *arena);

#endif
