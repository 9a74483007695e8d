/* The words filing.c knows, by what they mean there. Pure. */
#ifndef HARK_CONNECTORS_FILING_WORDS_H
#define HARK_CONNECTORS_FILING_WORDS_H

#include "monitor/base/str.h"

enum word_kind {
	WORD_ABBREVIATION, /* with a full stop that ends no sentence */
	WORD_HONORIFIC,
	WORD_PARTICLE, /* inside a name: "van", "de" */
	WORD_COMPANY,  /* behind a company's name: "Inc" */
	WORD_NO_NAME,  /* capital, yet no part of a person's name */
	WORD_MONTH,
	WORD_ARTICLE, /* before a title */
	WORD_TITLE,
	WORD_FIELD, /* what a title is of: "Finance" */
	WORD_JOINT, /* between two parts of a title: "and", "of" */
	WORD_BE,    /* makes the verb behind it passive */
	WORD_APPOINT,
	WORD_JOIN,
	WORD_LEAVE,
	WORD_STEP, /* with "down" */
	WORD_EFFECTIVE,
	WORD_NOT,
};

struct word {
	struct str s; /* without quotation marks and punctuation */
	char after;   /* the punctuation behind it, '\0': none */
	bool capital; /* begins with a capital letter, or one beyond ASCII */
	bool opens;   /* a bracket stands before it */
};

struct word word_make(struct str raw);
/* Letters without case, and without a possessive. */
bool word_is(enum word_kind kind, struct str word);
/* 1 to 12, 0 if it is none. */
int word_month(struct str word);

#endif
