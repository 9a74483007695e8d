/* A change of job, told to the host twice: as a Profile record, and as a Post in one plain English
 * sentence, "Jane Doe joins Globex as VP Sales (was: Director at Initech)".
 *
 * Why a Post: rules read posts, lists of names and all, and lead, alert and `hark why` follow from it; a
 * second way from Profiles to leads would need its own of each. The sentence is in the third person and
 * the post has no author, because the one it tells of did not write it; it is what the job-move pack
 * expects of a company's announcement. */
#ifndef HARK_CONNECTORS_MOVE_H
#define HARK_CONNECTORS_MOVE_H

#include "connectors/connector.h"
#include "monitor/base/str.h"

struct move {
	const struct hark_profile *profile;   /* employer and title: of the job joined, or left */
	const char *was_employer, *was_title; /* before; NULL: not known, or nothing to say */
	const char *key;                      /* tells persons of one source apart */
	const char
		*said; /* the source's own sentence, given as the post's quoted text; NULL: none */
	enum hark_post_type type;
	int is_private; /* seen only with the operator's own rights */
};

/* The name that the sentence begins with: what people hang onto it ("(she/her)", ", PMP") belongs to no list of names. */
struct str move_name(const char *person);

#define MOVE_ID_MAX 48
/* What the id of every such post begins with. */
#define MOVE_IDS "move:"
/* What the ids of all posts about one person of a source begin with: "move:0123456789abcdef/". */
void move_ids(struct str key, char out[MOVE_ID_MAX]);
/* Emits both. The host's result. */
int move_emit(struct hark_host *host, const struct move *m);
/* Emits the post alone, for a profile that was emitted before. */
int move_emit_post(struct hark_host *host, const struct move *m);

#endif
