/* What may happen to a reference, as one table. Pure: time and names come in as arguments.
 *
 *	found ──ask──▶ asked ──grant──▶ internal-only ──ask──▶ asked ──grant──▶ named
 *	  ▲              │ └──refuse──▶ found (on hold)
 *	  │              └──lapse──▶ expired ──ask──▶ asked
 *	  │   internal-only, named ──expire──▶ expired, ──void──▶ asked (the text was changed)
 *	  └──reopen── withdrawn ◀──withdraw── any other
 *
 * Somebody is asked through the gatekeeper alone. Every ask ends: granted, refused, or expired after a reminder and
 * after the second had their time. Consent is to one statement as it stands, by its SHA-256. */
#ifndef HARK_REFERENCES_PERMISSION_H
#define HARK_REFERENCES_PERMISSION_H

#include "monitor/base/err.h"
#include "monitor/model/reference.h"

#define PERMISSION_ASK_MS (7 * 24 * 3600 * INT64_C(1000))

enum reference_action {
	REFERENCE_ASK,
	REFERENCE_GRANT, /* to be quoted inside */
	REFERENCE_NAME,  /* to be quoted by name */
	REFERENCE_REFUSE,
	REFERENCE_WITHDRAW,
	REFERENCE_REOPEN,
	REFERENCE_HOLD,
	REFERENCE_UNHOLD,
	REFERENCE_ASSIGN,
	REFERENCE_USE,
	REFERENCE_ASK_AGAIN, /* from here on hark's own: the consent was voided */
	REFERENCE_REMIND,
	REFERENCE_ESCALATE,
	REFERENCE_LAPSE,
	REFERENCE_EXPIRE,
	REFERENCE_OVER, /* a hold */
};
#define REFERENCE_ACTIONS 16

struct reference_step {
	enum reference_action action;
	struct str actor; /* absent for hark's own */
	int64_t now_ms;
	int64_t until_ms; /* of a hold, or of a permission; 0: none */
	struct str reason;
	struct str scope;                /* of a permission, "quote call" */
	struct str granted_by;           /* of a permission: who agreed */
	struct str authoriser;           /* who authorised, where the person cannot */
	struct str gatekeeper;           /* of an assignment */
	struct str activity;             /* of a use */
	int64_t request;                 /* that it was for; 0: none */
	int64_t statement;               /* whose very text was agreed to; 0: none */
	struct str text_hash;            /* of that text, as it was read; absent: as it stands */
	const struct statement *consent; /* that, as it stands; reference_work() reads it */
	int64_t ask_ms;                  /* time whoever is asked has */
};

const char *reference_action_name(enum reference_action action);
bool permission_is_granted(const struct reference *r);

/* HARK_ESTATE: it went into another one, which stands for both. */
int permission_is_whole(const struct reference *r, struct hark_err *err);
/* Which of hark's own steps is due, if any. */
bool permission_is_due(const struct reference *r, int64_t now_ms, enum reference_action *action);
/* HARK_ESTATE: not from this state; HARK_EINVAL: the step lacks something. The reference is unchanged then. Strings are
 * borrowed from the step. */
int permission_apply(struct reference *r, const struct reference_step *step, struct hark_err *err);
/* Another one keeps the gate: they are asked now, if somebody was, and have the whole time. */
void permission_ask_anew(struct reference *r, int64_t ask_ms, int64_t now_ms);
/* The text that was agreed to has changed: it has to be asked for again, which is a step of its own, due at once. */
void permission_void(struct reference *r, int64_t ask_ms, int64_t now_ms);

/* What a step may change, as JSON, and back: an event keeps it for undo. */
void permission_before_write(const struct reference *r, struct buf *out);
struct arena;
int permission_before_read(
	struct reference *r, struct str json, struct arena *arena, struct hark_err *err);

#endif
