/* Where people work, with dates. A row stands as long as nothing newer is known (ended_ms is NULL). */
#ifndef HARK_STORE_EMPLOYMENTS_H
#define HARK_STORE_EMPLOYMENTS_H

#include "monitor/base/arena.h"
#include "monitor/store/store.h"

struct employment {
	struct str employer, title; /* either may be absent: not known */
	struct str since, left;     /* dates as records have them; may be absent */
	int64_t account;            /* 0: none that is known */
	int64_t import;             /* which brought it; 0: none */
	int64_t move;               /* which told of it (moves.h); 0: none */
};

enum employment_change {
	EMPLOYMENT_SAME,
	EMPLOYMENT_FIRST,    /* nothing was known of this person */
	EMPLOYMENT_MOVED,    /* another employer: the row before has ended */
	EMPLOYMENT_RETITLED, /* another title there: the same */
	EMPLOYMENT_LEFT,     /* ended, and nothing follows */
};

/* Takes what an import or a move says of a person's work today: rows end and begin, none is lost. The one place where
 * a job move shows in imports. A file that still says what a move has ended is late, and changes nothing. With `look`
 * nothing is written. Failures are the transaction's. */
enum employment_change store_employment_observe(
	struct store *s, int64_t person, const struct employment *e, bool look, int64_t now_ms);
/* The first row of somebody new. */
void store_employment_add(
	struct store *s, int64_t person, const struct employment *e, int64_t now_ms);

/* Where somebody works today, as far as is known; texts in `arena`. */
struct job {
	int64_t row; /* 0: nothing is known */
	int64_t account;
	struct str employer, title, since;
};
void store_employment_today(struct store *s, int64_t person, struct arena *arena, struct job *out);
/* Whether an employer that `same` takes for this one is known to have ended. */
bool store_employment_ended(struct store *s, int64_t person, struct str employer,
	bool (*same)(struct str a, struct str b));
/* Takes back what a move has begun and ended. */
void store_employment_forget_move(struct store *s, int64_t move);

/* Without case, accents and punctuation. */
bool store_same_words(struct str a, struct str b);

#endif
