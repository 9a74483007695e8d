/* What follows from a job move, as a policy file says (hark-effects(5)). Pure once read.
 *
 * A policy belongs to the configuration it was read with. */
#ifndef HARK_CONFIG_EFFECTS_H
#define HARK_CONFIG_EFFECTS_H

#include "monitor/base/str.h"
#include "monitor/model/signal.h"

/* Bits. */
enum effect_who {
	MOVER_CONTACT = 1 << 0,
	MOVER_STAFF = 1 << 1,      /* one of us */
	MOVER_GATEKEEPER = 1 << 2, /* of a reference; a contact or one of us as well */
};

/* What a company is to us. Bits. */
enum effect_account {
	AT_CUSTOMER = 1 << 0,
	AT_PROSPECT = 1 << 1,
	AT_TARGET = 1 << 2,
	AT_COMPETITOR = 1 << 3,
	AT_PARTNER = 1 << 4,
	AT_OTHER = 1 << 5,   /* an account of another kind, or a company that is none */
	AT_UNKNOWN = 1 << 6, /* nobody says which */
};
#define AT_ANY (AT_CUSTOMER | AT_PROSPECT | AT_TARGET | AT_COMPETITOR | AT_PARTNER | AT_OTHER)

enum effect_make {
	MAKE_LEAD,
	MAKE_ALERT, /* a lead of a class of its own */
	MAKE_NOTE,
	MAKE_ORPHANS,
};
#define EFFECT_MAKES 4

enum effect_about {
	ABOUT_PERSON,
	ABOUT_NEW, /* the account that is joined */
	ABOUT_OLD,
};

enum effect_deal {
	DEAL_ANY,
	DEAL_NEW, /* one is open where they join */
	DEAL_OLD, /* … where they leave */
};

struct effect {
	const char *name;
	unsigned who, joins, leaves; /* bits; joins, leaves 0: not asked */
	enum effect_deal deal;
	bool client;     /* only clients */
	bool rival_plan; /* only where the plan of the old employer is with a competitor */
	enum effect_make make;
	enum effect_about about;
	enum signal_kind kind;
	enum signal_level level;
	int64_t score;
	int64_t window_ms;
	const char *class; /* access class of what it makes */
	const char *route; /* NULL: none */
	const char *title; /* with {person} {to} {from} {role} {was} {deal}; NULL: none */
	unsigned line;
};

/* What is known of one move. */
struct effect_case {
	unsigned who;    /* bits */
	unsigned joins;  /* one bit; 0: nobody joins anything */
	unsigned leaves; /* the same */
	bool deal_new, deal_old;
	bool client, rival_plan;
};

/* The row of `v` that makes `make` of this move; NULL: none. */
const struct effect *effect_find(
	const struct effect *v, size_t n, const struct effect_case *c, enum effect_make make);
/* The bit of an account's kind, as imports write it. */
unsigned effect_account_kind(struct str kind);
const char *effect_make_name(enum effect_make make);

#endif
