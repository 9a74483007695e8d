/* Records that come from files: what they have in common, whichever they are. A record is a row of fields, all
 * texts in the form they are stored in; see monitor/people/import_row.h for how they get there. */
#ifndef HARK_STORE_RECORD_H
#define HARK_STORE_RECORD_H

#include "monitor/base/str.h"

enum record_kind {
	RECORD_CONTACT,
	RECORD_ACCOUNT,
	RECORD_STAFF,
	RECORD_OPPORTUNITY,
	RECORD_CASE,
	RECORD_SURVEY,
	RECORD_TIE, /* whom a colleague knows */
};
#define RECORD_KINDS 7

enum record_field {
	REC_ID,    /* "system:id" */
	REC_NAME,  /* of the record: a person, a company, a deal, a subject, who answered */
	REC_FIRST, /* in files only: a name in two parts */
	REC_LAST,
	REC_EMAIL,   /* several: one a line, in lower case */
	REC_LINK,    /* profile, as url_key() writes it */
	REC_HANDLE,  /* in lower case, without @ */
	REC_ACCOUNT, /* name of the employer, of the customer */
	REC_ACCOUNT_ID,
	REC_TITLE,
	REC_SINCE, /* dates are 2026, 2026-09 or 2026-09-30 */
	REC_LEFT,
	REC_ROLE,
	REC_LOCATION,
	REC_LANG, /* "de", "pt-BR", as the file has it */
	REC_OWNER,
	REC_TERRITORY,
	REC_PREFERRED,
	REC_TYPE,    /* customer, prospect, competitor, partner, target or another word */
	REC_ALIASES, /* one a line */
	REC_DOMAINS, /* one a line, in lower case */
	REC_REGION,
	REC_INDUSTRY,
	REC_PRODUCT,
	REC_SEGMENT,
	REC_RENEWAL,
	REC_MOTION,
	REC_CHANNEL,
	REC_PARTNER,
	REC_CLAUSE,
	REC_CONTRACT_END,
	REC_LIVE,
	REC_PARENT,
	REC_STAGE,
	REC_STATE,
	REC_WON,    /* in files only: yes or no */
	REC_CLOSED, /* the same */
	REC_VALUE,  /* hundredths */
	REC_CURRENCY,
	REC_CREATED,
	REC_CLOSES,
	REC_RIVAL,
	REC_PRIORITY,
	REC_SURVEY,
	REC_SCORE,     /* hundredths */
	REC_SCORE_MAX, /* hundredths */
	REC_DATE,
	REC_COLLEAGUE, /* whose tie it is: the row of one of the own staff */
	REC_COMMENT,
	REC_DELETED,   /* in files only: yes or no */
	REC_OPTED_OUT, /* the same */
	RECORD_FIELDS,
};

struct record {
	enum record_kind kind;
	struct str field[RECORD_FIELDS]; /* absent or empty: the file does not say */
	struct str attributes;           /* JSON object, or absent */
	uint64_t print; /* record_print(), 0: something is missing, compare it again next time */
	unsigned line;
};

/* "contacts", "accounts" …, as commands call them. */
const char *record_kind_name(enum record_kind kind);
bool record_kind_parse(struct str name, enum record_kind *out);
/* People have e-mail addresses, profiles and employers. */
static inline bool record_is_person(enum record_kind kind)
{
	return kind == RECORD_CONTACT || kind == RECORD_STAFF;
}

#endif
