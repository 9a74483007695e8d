/* A post that was taken back, or says something else now: what follows for the leads it was evidence of. */
#ifndef HARK_PIPELINE_EMIT_GONE_H
#define HARK_PIPELINE_EMIT_GONE_H

#include "monitor/pipeline/emit_lead.h"
#include "monitor/store/profiles.h"

/* The source, or its author, wants the post gone: the copies go, leads say so, alerts that nobody has got
 * yet and that rest on it alone are not sent. An account that goes ("at://did:plc:x/") takes along what
 * sources of profiles have stored under its name. */
void emit_deleted(struct emitter *e, const struct post *post);
/* Nothing of a person may stay in a source: the rows of the profile go, under whichever name they were stored,
 * and the posts about its changes. `why`, for those who see a lead of it. */
void emit_person_gone(
	struct emitter *e, int64_t source, const struct profile_name *who, const char *why);
/* The same for one stored post, outside of a batch, within the caller's transaction. */
void emit_post_gone(
	struct store *s, int64_t post, const char *why, int64_t now_ms, struct emit_counts *counts);
/* The signals in doubt that an edited post did not raise again are lost. */
void emit_edited_away(struct emitter *e, int64_t post);

#endif
