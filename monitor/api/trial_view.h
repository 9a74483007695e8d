/* What came of a poll by hand, as the command line and the API show it. */
#ifndef HARK_API_TRIAL_VIEW_H
#define HARK_API_TRIAL_VIEW_H

#include "monitor/base/jsonout.h"
#include "monitor/pipeline/trial.h"

/* The records of all replies: of those with one id the last counts, as in the store. */
struct trial_records {
	const struct post **posts;
	size_t posts_n;
	const struct hark_profile **profiles;
	size_t profiles_n;
	struct collected_skip skips[COLLECT_SKIPS_MAX];
	size_t skips_n, dropped;
};

/* HARK_ENOMEM. Release them in any case; they point into the trial. */
int trial_records_gather(struct trial_records *all, const struct trial *t);
void trial_records_release(struct trial_records *all);

/* "source", "host" or "credential". */
const char *trial_scope_name(int scope);
/* Answered, though with nothing for now: no failure, in the daemon neither. */
bool trial_is_put_off(const struct trial *t);
/* What became of the poll: HARK_ENET, nobody answered; HARK_EPARSE, it failed otherwise. */
int trial_outcome(const struct trial *t, struct hark_err *err);
/* One object, with the first `records_max` posts and profiles; their numbers are those of all. */
void trial_view_json(struct jsonout *j, const struct trial *t, const struct trial_records *all,
	size_t records_max);

#endif
