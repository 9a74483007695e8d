/* Whose sale it is: the parts of a lead's credit by a policy, along the chain of talk that led to it.
 *
 * The chain is walked back from the authors of the lead's evidence, from each to those they spoke with before, until
 * own staff is met; public replies and mentions count, at most `within` before and so many steps long. The colleague
 * whose contact is the oldest began it; others who spoke with somebody on that chain, and who answered the lead,
 * have helped; whoever routing gives the lead to owns the territory. The same rows give the same split. */
#ifndef HARK_LEADS_CREDIT_H
#define HARK_LEADS_CREDIT_H

#include "monitor/config/conf.h"
#include "monitor/model/lead.h"
#include "monitor/store/talk.h"

enum credit_role {
	CREDIT_TERRITORY,
	CREDIT_ORIGINATOR,
	CREDIT_HELPER,
};
#define CREDIT_ROLES 3
/* "territory" …; static. */
const char *credit_role_name(enum credit_role role);

/* From where the chain begins to the lead: who, and how they met the one before. */
struct credit_step {
	struct talk_author author;
	int64_t person;   /* of own staff; 0: a stranger */
	struct str staff; /* the colleague's name */
	struct talk met;  /* .post 0: the first */
};

struct credit_part {
	enum credit_role role;
	struct str name;
	struct str reason; /* one sentence */
	int hundredths;    /* of a percent; all together 10000 */
	int64_t value;     /* of the lead's outcome; COUNT_NONE: it has none */
};

#define CREDIT_STEPS_MAX 12
#define CREDIT_PARTS_MAX 16

struct credit {
	struct credit_step chain[CREDIT_STEPS_MAX + 1];
	size_t chain_n; /* 0: nobody of ours spoke with them before */
	struct credit_part parts[CREDIT_PARTS_MAX];
	size_t parts_n;
};

/* Divides by the weights of the roles: a role that nobody has leaves its part to the others in proportion, several
 * helpers have equal parts. Pure. Roles, names and reasons are in. */
void credit_divide(
	const struct conf_credit *policy, int64_t value, struct credit_part *v, size_t n);

/* Reads the store; strings in `arena`. */
int credit_find(struct store *s, const struct conf_credit *policy, const struct lead *lead,
	struct arena *arena, struct credit *out, struct hark_err *err);

#endif
