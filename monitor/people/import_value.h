/* Values as exports write them, into the one form they are stored in. Pure; results are slices of the input or
 * of `arena`. Functions that can refuse write into `err` what is wrong with the value, without its place. */
#ifndef HARK_PEOPLE_IMPORT_VALUE_H
#define HARK_PEOPLE_IMPORT_VALUE_H

#include "monitor/base/arena.h"
#include "monitor/base/err.h"

/* What 3/4/2026 means. */
enum date_order {
	DATES_UNKNOWN,
	DATES_DAY_FIRST,
	DATES_MONTH_FIRST,
};

/* What a column of dates tells of their order, for import_dates_look(). */
#define DATES_SEEN_DAY_FIRST 1u
#define DATES_SEEN_MONTH_FIRST 2u
#define DATES_SEEN_EITHER 4u

/* How a file is read, as people say it. False: it is none. "dmy", "mdy"; */
bool import_dates_parse(struct str s, enum date_order *out);
/* "comma", "semicolon", "tab", "pipe", or one character; */
bool import_separator_parse(struct str s, char *out);
/* whose ids these are: small letters, digits and hyphens. */
bool import_system_is_name(struct str s);

/* "-", "n/a", "[not provided]": there is no value. */
bool import_is_nothing(struct str s);

/* Addresses between ; , or white space, or "Name <address>"; one a line, lower case. */
int import_emails(struct str s, struct arena *arena, struct str *out, struct hark_err *err);
/* A profile's address as url_key() writes it; LinkedIn's without language and country. */
int import_link(struct str s, struct arena *arena, struct str *out, struct hark_err *err);
/* Lower case, without @. */
struct str import_handle(struct str s, struct arena *arena);
/* Hosts of web sites and bare domains between ; , | or white space; one a line, lower case, without www. */
int import_domains(struct str s, struct arena *arena, struct str *out, struct hark_err *err);
/* Names between ; or |, one a line. */
struct str import_names(struct str s, struct arena *arena);

/* 2026, 2026-09 or 2026-09-30. */
int import_date(struct str s, enum date_order order, struct arena *arena, struct str *out,
	struct hark_err *err);
/* Adds to `seen` what this date tells of the order of day and month. */
void import_dates_look(struct str s, unsigned *seen);

/* "1,234.50", "1.234,50 EUR", "$1234", in hundredths; *currency is set if it stands there as a code or as a sign
 * that only one has. */
int import_money(struct str s, int64_t *hundredths, struct str *currency, struct hark_err *err);
/* "9", "4,5", "9/10", in hundredths; *max is left as it is without the second number. */
int import_score(struct str s, int64_t *hundredths, int64_t *max, struct hark_err *err);

/* "Customer - Direct", "Kunde": customer. A word that is none of the five kinds stays, in lower case. */
struct str import_account_type(struct str s, struct arena *arena);
/* Whether it is one of the five. */
bool import_type_is_usual(struct str type);
/* The one of the five that `type` may be a slip of, or NULL. */
const char *import_type_near(struct str type);
/* What a stage means: open, won or lost. */
const char *import_deal_state(struct str stage);
/* What a status means: open, ok-with-progress or closed. */
const char *import_case_state(struct str status);
/* yes, true, 1, x …; false for anything else. */
bool import_truth(struct str s);
/* no, false, 0, nothing …; false for anything else. */
bool import_untruth(struct str s);
struct str import_lower(struct str s, struct arena *arena);

#endif
