/* Who owns a reference and keeps its gate: by the policy of the configuration, with every step told. Pure.
 *
 * The first entry that fits the account and names somebody who has not left decides. */
#ifndef HARK_REFERENCES_OWNERS_H
#define HARK_REFERENCES_OWNERS_H

#include "monitor/base/jsonout.h"
#include "monitor/config/conf.h"
#include "monitor/store/reference_facts.h"

struct owners_step {
	struct str place; /* "hark.yaml:12", or "built in 2" */
	struct str what;  /* one sentence */
};

#define OWNERS_STEPS_MAX 64

struct owners_answer {
	struct str owner, gatekeeper, second; /* absent: nobody */
	struct owners_step steps[OWNERS_STEPS_MAX];
	size_t steps_n;
};

/* Whether a colleague of that name has left; *when is empty where only a move says so, which not everybody may know. */
typedef bool (*has_left_fn)(void *ctx, struct str name, struct str *when);

/* Strings in `arena`. HARK_ENOMEM. */
int owners_decide(const struct conf_refs *refs, const struct account_sales *sales,
	has_left_fn has_left, void *ctx, struct arena *arena, struct owners_answer *out);

/* As above with what is stored. */
struct store;
int owners_of(struct store *s, const struct conf *conf, int64_t account, struct arena *arena,
	struct owners_answer *out, struct hark_err *err);
/* Gives a reference the owner that the policy names today, unless somebody was named by hand who has not left. True: it
 * changed, and is to be written; the event is logged. In the caller's transaction. */
bool owners_settle(struct store *s, const struct conf *conf, struct reference *r,
	struct arena *arena, int64_t now_ms);

/* One whole object, with every step. */
void owners_json(const struct owners_answer *a, struct jsonout *j);

#endif
