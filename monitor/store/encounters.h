/* Who wrote a post, where evidence says so: one row a post, for posts in which something was found. Within the
 * caller's transaction, whose failures are the commit's, where nothing else is said. */
#ifndef HARK_STORE_ENCOUNTERS_H
#define HARK_STORE_ENCOUNTERS_H

#include "monitor/model/lead.h"
#include "monitor/store/optouts.h"
#include "monitor/store/store.h"

/* A person as rules and leads call them: by the id of a list made of imports. */
struct met {
	int64_t person; /* 0: nobody that is known */
	struct str kind, id, name;
	struct str known_by; /* "handle @anna@social.example", "name + employer" */
	char grade;          /* as of struct who_answer */
};

/* Who person `id` is today, after merges. False: erased, or asks to be left alone. Strings in `arena`. */
bool store_person_met(
	struct store *s, const struct optouts *o, int64_t id, struct arena *arena, struct met *out);
/* Whom an author was proven to be before, as this row (0: none) or by an address that was learned; 0: nobody, or not
 * one. *how: "review 7", "handle @x". */
int64_t store_author_person(
	struct store *s, int64_t row, const struct author *a, struct arena *arena, struct str *how);
/* Whether somebody decided that the author is not the person. */
bool store_author_is_other(struct store *s, int64_t author, int64_t person);

void store_encounter_add(
	struct store *s, int64_t post, int64_t author, const struct met *met, int64_t now_ms);
enum encounter {
	ENCOUNTER_NONE,  /* nobody was asked yet: nothing was found in the post before */
	ENCOUNTER_KNOWN, /* *out says who */
	ENCOUNTER_UNKNOWN,
};
/* What a stored post was found to be; its author's row in *author. */
enum encounter store_encounter_of(struct store *s, const struct optouts *o, int64_t post,
	struct arena *arena, struct met *out, int64_t *author);

/* An address that was proven to be the person's. Doing it twice is fine. */
struct learned {
	const char *kind; /* of identities */
	struct str value;
	int64_t person, author, post;
};
void store_identity_learn(struct store *s, const struct learned *l, int64_t now_ms);

/* Fills lead->known from its evidence. */
void store_lead_known(struct store *s, struct lead *lead, struct arena *arena);

#endif
