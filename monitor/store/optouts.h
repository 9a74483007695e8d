/* Who asked to be left alone. Only keyed fingerprints are stored (HMAC-SHA256 of the normalised
 * handle, e-mail address or profile link; the key is this store's own), so the list names nobody. */
#ifndef HARK_STORE_OPTOUTS_H
#define HARK_STORE_OPTOUTS_H

#include "monitor/base/arena.h"
#include "monitor/model/lead.h"
#include "monitor/store/store.h"

enum optout_kind {
	OPTOUT_HANDLE, /* "@jdoe", on whatever network */
	OPTOUT_EMAIL,
	OPTOUT_PROFILE, /* a link */
	OPTOUT_ACCOUNT, /* "@jdoe@social.example": the handle on one host */
	OPTOUT_RECORD,  /* what the operator's own system calls the person */
	OPTOUT_ROW,     /* of an imported person: optouts_row() */
	OPTOUT_NAME,    /* "name:Jane Doe": what authors are called who have neither handle nor profile */
};
#define OPTOUT_KINDS 7
/* Before a name where people write who is meant: without it a name is nobody. */
#define OPTOUT_NAME_MARK "name:"
#define OPTOUT_KEY_BYTES 32
#define OPTOUT_ROW_MAX 48
/* The reason of those who were erased; it takes the place of another. */
#define OPTOUT_ERASED "erased"

/* "handle", "email" …; static. */
const char *optout_kind_name(enum optout_kind kind);
/* What people write: a link, "@handle", "@handle@host", an e-mail address, or "name:" and a name. False: it is none of
 * them. */
bool optout_kind_guess(struct str text, enum optout_kind *out);

/* Some people, as they are compared: whom one command is about. */
struct optout_set {
	struct optout_value {
		enum optout_kind kind;
		struct str value; /* normalised */
	} * v;
	size_t n, cap;
};

/* The list as one piece of work sees it. Holds a secret: release it. */
struct optouts {
	struct store *store;           /* borrowed */
	bool erased_only;              /* those who were erased count, and nobody else */
	bool any;                      /* false: nobody has opted out, nothing to look up */
	const struct optout_set *only; /* NULL, or these are asked instead of the list; borrowed */
	unsigned char key[OPTOUT_KEY_BYTES];
};

/* The key of this store's fingerprints, for those of other kinds of things; wipe it. False: there is none, and `make` does
 * not make one (in the caller's transaction). */
bool optouts_key(struct store *s, bool make, unsigned char key[OPTOUT_KEY_BYTES]);

/* The key of the store that this one takes the place of; in the caller's transaction. One that is there stays. */
void optouts_set_key(struct store *s, const unsigned char key[OPTOUT_KEY_BYTES]);

/* Failures are also the transaction's. */
int optouts_init(struct optouts *o, struct store *s, struct hark_err *err);
void optouts_release(struct optouts *o);
/* Whether the author has opted out, by handle, profile link or an address used as a handle or name; by another name
 * only who has none of them. */
bool optouts_has(const struct optouts *o, const struct author *author);
/* Whether a person is listed, or who is one with them: by an address, by the record they are imported as, or by an
 * author who is them, or who said what is kept as theirs. */
bool optouts_has_person(const struct optouts *o, int64_t person);
/* Whether an author is listed, by what is stored of them or as a person they are known to be. */
bool optouts_has_author(const struct optouts *o, int64_t author);
/* Whether a lead is about somebody who is listed, or made of what one of them wrote. */
bool optouts_has_lead(const struct optouts *o, int64_t lead, struct str subject_id);
/* The same for one question; a failure is also the transaction's. */
bool store_person_opted_out(struct store *s, int64_t person);
bool store_lead_opted_out(struct store *s, const struct lead *lead);
/* Whether such a value is listed; false for an absent one. */
bool optouts_lists(const struct optouts *o, enum optout_kind kind, struct str value);
/* Takes what they said out of a list of evidence; returns how many are left. */
size_t optouts_filter(const struct optouts *o, struct lead_evidence *evidence, size_t n);
/* A row of people, by its number and when it was made: it keeps nobody from being imported, but tells who of a copy of
 * this store was erased since, be it somebody without an address. */
struct str optouts_row(char text[OPTOUT_ROW_MAX], int64_t person, int64_t created_ms);
/* How the kinds of identities, of imported people, are called here. */
enum optout_kind optout_kind_of_identity(struct str kind, struct str value);

/* HARK_EINVAL: nothing is left of `value` once it is normalised; HARK_ENOMEM. Texts in `arena`. */
int optouts_gather(struct optout_set *set, enum optout_kind kind, struct str value,
	struct arena *arena, struct hark_err *err);
/* HARK_EINVAL: nothing is left of `value` once it is normalised. Doing it twice is fine. */
int optouts_add(struct optouts *o, enum optout_kind kind, struct str value, struct str reason,
	int64_t now_ms, struct hark_err *err);

#endif
