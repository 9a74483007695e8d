/* What is known around a move of somebody who is known, for the policy of what follows from it, and what did follow.
 * Within the caller's transaction; failures are its commit's where nothing else is said. */
#ifndef HARK_STORE_MOVE_EFFECTS_H
#define HARK_STORE_MOVE_EFFECTS_H

#include "monitor/store/moves.h"

/* Absent: not known. Lists of names are in one text, separated by ", ". */
struct move_facts {
	struct str person_kind;        /* "contact" or "staff" */
	bool gatekeeper;               /* of a reference */
	bool client;                   /* says an attribute or the role of the person */
	struct str new_kind, old_kind; /* of the accounts */
	bool deal_new, deal_old;
	struct str deal; /* of the deal that is open at the old account, else at the new one */
	struct str deal_new_name;
	struct str plan;     /* with whom the old account has its retirement plan */
	bool rival_plan;     /* that is a competitor */
	struct str accounts; /* that the person owns */
	size_t accounts_n;
	struct str external_id; /* as lists call the person */
};
void store_move_facts(struct store *s, const struct move_row *m, same_company_fn same,
	struct arena *arena, struct move_facts *out);

/* References that lose somebody: the person's own at what was left, and those whose gatekeeper or owner they are. */
struct orphan {
	int64_t reference;
	struct str text; /* "the gatekeeper of Bram Oakden at Globex" */
};
void store_move_orphans(struct store *s, const struct move_row *m, struct arena *arena,
	struct orphan **out, size_t *n);

/* Accounts where somebody praised whoever goes by name: `reference` is who did, the first. */
struct praised_at {
	int64_t account, reference;
	struct str name;
};
void store_move_praised(struct store *s, const struct move_row *m, struct arena *arena,
	struct praised_at **out, size_t *n);

struct move_effect {
	int64_t id, move, lead, account, reference; /* 0: none */
	struct str effect, make, text, class;
	struct str account_name, person_name;
	int64_t at_ms;
};
/* All there is to a move beside its row. */
struct move_story {
	struct move_source *told;
	size_t told_n;
	struct move_effect *effects;
	size_t effects_n;
};
/* HARK_ENOENT: there is no such move. Strings in `arena`. */
int store_move_story(struct store *s, int64_t id, struct arena *arena, struct move_row *m,
	struct move_story *out, struct hark_err *err);

/* False: it did follow before. `lead` of one that did is filled in. */
bool store_move_effect_add(struct store *s, const struct move_effect *e);
/* Of a move, in the order they came; or notes about an account, the last first. Strings in `arena`. */
int store_move_effects(struct store *s, int64_t move, int64_t account, struct arena *arena,
	struct move_effect **out, size_t *n, struct hark_err *err);

/* The post that tells of a move best: the last one that stands. */
struct move_post {
	int64_t post, story, published;
	bool historic;
};
bool store_move_best_post(struct store *s, int64_t move, struct move_post *out);

#endif
