/* Which of the names of a post is who moves, where to and where from, by what stands around each. Inside the move
 * finder.
 *
 * DESIGN. The phrase fits names to its roles by rules written by hand (fit.c); here that is one sign among others: the
 * words of a name, before and behind it, where it stands to the phrase, to its sentence and to a title, what it sounds
 * like. Each sign is hashed with the role, alone and with the event, and has a small weight in roles_table.c; a name
 * is worth the sum of its signs. Those who may have a role are all names, the author, and nobody: the one that is
 * worth most has it. The roles are given one after the other, so that a later one knows the earlier. */
#ifndef HARK_RULES_CLASSIFY_ROLES_H
#define HARK_RULES_CLASSIFY_ROLES_H

#include "rules/classify/wording.h"

enum move_role {
	MOVE_ROLE_PERSON,
	MOVE_ROLE_EMPLOYER,
	MOVE_ROLE_FORMER, /* employer; never the author */
	MOVE_ROLES,
};

#define ROLES_ROWS_LOG2 17
#define ROLES_ROWS (1u << ROLES_ROWS_LOG2)
#define ROLES_NAMES_MAX 64 /* names of a post that are looked at */

/* roles_table.c, made by tests/quality/train_moves.py. */
extern const int8_t roles_table[ROLES_ROWS];

/* Sets the names of `x`, whose title and event are known. */
void roles_choose(const struct move_finder *f, struct frame *x);

#endif
