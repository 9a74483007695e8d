/* A Reference: somebody at a customer who speaks well of us, with what they said as evidence; and a Statement, one
 * such post.
 *
 * Slices are borrowed and valid as long as whatever holds the record. Times are wall clock milliseconds, 0 when it
 * has not happened. */
#ifndef HARK_MODEL_REFERENCE_H
#define HARK_MODEL_REFERENCE_H

#include "monitor/base/jsonout.h"
#include "monitor/model/step.h"

/* How a post speaks of us; the further down, the more credible as a reference. */
enum statement_tone {
	SAID_NOTHING, /* nothing of us, or not any more */
	SAID_NEGATIVE,
	SAID_NEUTRAL,
	SAID_POSITIVE,
	SAID_MIXED, /* positive, with a limit stated */
};
#define STATEMENT_TONES 5

/* What a worker reads in a post. */
struct statement_read {
	enum statement_tone tone;
	struct str parts; /* JSON: limits, lessons, reasons for a choice, outcomes; absent: none */
	bool waits;       /* `parts` are not read yet, nor the tone where the post names nobody */
};

struct statement {
	int64_t id, reference, post; /* 0: none */
	int64_t person, account;
	enum statement_tone tone;
	struct str source, url, author, product, rules;
	struct str text;           /* as captured; absent: it was deleted where it stood */
	struct str hash, now_hash; /* SHA-256 of the text as captured, and of what it is now */
	struct str parts;
	int64_t said_ms, captured_ms, edited_ms, deleted_ms;
	bool is_private; /* read with one's own rights */
	bool opted_out;  /* who said it asks to be left alone; filled where lists are read */
	bool regulated;
	struct str signed_by; /* who let a regulated one through */
	bool historic;
};

enum permission {
	PERMISSION_FOUND,
	PERMISSION_ASKED,
	PERMISSION_INTERNAL,
	PERMISSION_NAMED,
	PERMISSION_WITHDRAWN,
	PERMISSION_EXPIRED,
};
#define PERMISSIONS 6

enum authority {
	AUTHORITY_UNKNOWN,
	AUTHORITY_SPEAK,
	AUTHORITY_AUTHORISE,
};

struct reference {
	int64_t id;
	int64_t version; /* counts every change; a writer names the one it has seen */
	int64_t person, account;
	struct str person_name, account_name;
	struct str origin;       /* "rule" or "human" */
	struct str nominated_by; /* of a human's */
	struct str title;
	enum authority authority;
	struct str authoriser; /* who can authorise, where the person cannot */
	struct str owner, gatekeeper, second;
	struct str assigned_by; /* of a gatekeeper by hand, whom no policy changes */
	int64_t orphaned_ms;    /* since when nobody keeps the gate */
	struct str orphan_why;
	enum permission permission;
	struct str scope;          /* what was agreed to: "quote call"; absent: nothing yet */
	int64_t consent;           /* the statement whose very text was agreed to, 0: none */
	int64_t expires_ms;        /* of what was agreed to; 0: no end */
	struct str ask_to;         /* who has to answer now */
	int64_t ask_due, ask_next; /* the end of their time, and when they are reminded */
	int64_t ask_level;         /* -1: to be asked again, 0: asked, 1: reminded, 2: somebody else is asked */
	int64_t stage_ms;          /* since when it stands there */
	enum statement_tone tone;
	int score; /* 0..100 */
	int64_t statements;
	int64_t rest_until;
	struct str hold_reason, held_by;
	int64_t hold_until;
	bool historic; /* only from first polls */
	int64_t joined; /* the one it went into when two people became one; 0: it stands for itself */
	int64_t created_ms, updated_ms;
};

const char *statement_tone_name(enum statement_tone tone);
bool statement_tone_parse(struct str name, enum statement_tone *out);
const char *permission_name(enum permission permission);
bool permission_parse(struct str name, enum permission *out);
const char *authority_name(enum authority authority);
bool authority_parse(struct str name, enum authority *out);

/* Whether what is said there now is what was captured. */
bool statement_stands(const struct statement *s);

/* Members of the open object. */
void reference_json(const struct reference *r, struct jsonout *j);
/* One whole object. */
void statement_json(const struct statement *s, struct jsonout *j);
/* As the array "statements". */
void statements_json(const struct statement *v, size_t n, struct jsonout *j);

#endif
