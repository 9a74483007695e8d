/* Which references fit a request: buyers want people like themselves. Points are fixed and every one has its reason; of
 * two that are alike the one that was used less comes first. */
#ifndef HARK_REFERENCES_PEERS_H
#define HARK_REFERENCES_PEERS_H

#include "monitor/references/guard.h"
#include "monitor/store/deals.h"
#include "monitor/store/requests.h"

struct peer_reason {
	const char *what;
	int points;
	struct str value; /* may be absent */
};
#define PEER_REASONS 10

/* What is known of a reference. */
struct peer_facts {
	struct account_sales sales;
	struct str title;
	struct str rival; /* that they replaced when they bought, absent: none that is known */
	struct str
		story; /* the words in which they told their choice between that and us; absent: none */
	struct str
		weighed; /* the first of what the prospect weighs that they spoke of; absent: none */
	struct str motive; /* an activity of the kind that was agreed to before; absent: none */
	int score;         /* as a reference, 0 to 100 */
	size_t uses;       /* within the window of caps */
};

struct peer {
	struct reference reference;
	struct guard_answer guard;
	bool same_account; /* works at the prospect: left out */
	int points;
	struct peer_reason reasons[PEER_REASONS];
	size_t reasons_n;
};

/* Pure; `role`, the deal's members and those of the facts may be absent. */
void peer_score(struct peer *p, const struct deal *deal, const struct request *r,
	const struct peer_facts *facts);
/* Whether a title says the same work as a role: a word of both that is not only of rank. */
bool peer_same_role(struct str role, struct str title);

/* What was in it for them when they were glad to do something of that kind, such as an activity; absent: of any kind.
 * Absent in *out: nothing says. */
int peer_motive(struct store *s, int64_t person, struct str activity, struct arena *arena,
	struct str *out, struct hark_err *err);

/* All references but who asks to be left alone, those that may be asked first, the best first. Strings in `arena`. */
int peers_rank(struct store *s, const struct conf *conf, const struct deal *deal,
	const struct request *r, int64_t now_ms, struct arena *arena, struct peer **out, size_t *n,
	struct hark_err *err);

#endif
