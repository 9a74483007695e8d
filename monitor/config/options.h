/* The option table: every key a configuration may hold, its type, default and bounds, what it is
 * for, and where it lands in struct conf. Parsing, defaults, `hark check`, the list in
 * hark.yaml(5) and the tests all come from it. Read-only, any thread. */
#ifndef HARK_CONFIG_OPTIONS_H
#define HARK_CONFIG_OPTIONS_H

#include "monitor/base/buf.h"

enum option_type {
	OPTION_TEXT,
	OPTION_NAME,     /* value_name() */
	OPTION_LANG,     /* "en", "pt-BR" */
	OPTION_CHARSET,  /* one iconv knows */
	OPTION_BOOL,     /* bool */
	OPTION_COUNT,    /* int64_t */
	OPTION_DURATION, /* int64_t, milliseconds */
	OPTION_SIZE,     /* int64_t, bytes */
	OPTION_HOURS,    /* const struct hours * */
	OPTION_RECUR,    /* const struct recur * */
	OPTION_CHOICE,   /* enum, the index into `choices` */
	OPTION_WORD,     /* one of `choices`, as text */
	OPTION_URL,
	OPTION_CONTACT,
	OPTION_MAIL,   /* name@host */
	OPTION_SERVER, /* smtp: or smtps: */
	OPTION_LISTEN,
	OPTION_STORE,
	OPTION_PATH,    /* joined with the configuration's folder */
	OPTION_FILE,    /* a path as written */
	OPTION_SECRET,  /* struct conf_secret */
	OPTION_SECRETS, /* a mapping of them, in struct conf_source */
	OPTION_WORDS,   /* OPTION_TEXTS, each one of `choices` */
	OPTION_TEXTS,   /* const char *const *, then its size_t; one text or a sequence */
	OPTION_PAIRS,   /* const struct hark_pair *, then its size_t */
	OPTION_COMMAND, /* const char *const *, ends with NULL */
	OPTION_NODE,    /* const struct yaml_node *: resolved when everything is read */
	OPTION_SECTION, /* a mapping whose keys are the section `sub`, into the same record */
	OPTION_MAP,     /* name: record of `sub` */
	OPTION_RECORDS, /* a sequence of records of `sub` */
	OPTION_RULES,   /* texts with their places */
};

enum option_section {
	SECTION_TOP,
	SECTION_OPERATOR,
	SECTION_HTTP,
	SECTION_RETENTION,
	SECTION_PRIVACY,
	SECTION_ALARMS,
	SECTION_SCORE,
	SECTION_CREDIT,
	SECTION_VALUE,
	SECTION_BUILD_UP,
	SECTION_SECOND,
	SECTION_UNANSWERED,
	SECTION_SENSITIVE,
	SECTION_REFERENCES,
	SECTION_REFERENCE_OWNER,
	SECTION_REGULATED,
	SECTION_REFERENCE_REQUEST,
	SECTION_OFFER,
	SECTION_LIST,
	SECTION_SOURCE,
	SECTION_RECEIVER,
	SECTION_ROUTE,
	SECTION_WHEN,
	SECTION_ROUTE_TEST,
	SECTION_TEST_LEAD,
	SECTION_INHIBIT,
	SECTIONS,
};

struct section {
	const char *name;  /* as people say it: "sources[]" */
	const char *about; /* for the man page */
};

struct option {
	enum option_section section;
	const char *key;
	enum option_type type;
	size_t offset;              /* of the field in the section's record */
	const char *otherwise;      /* default as one would write it, or NULL */
	int64_t min, max;           /* counts, durations, sizes; both 0: no bounds */
	const char *const *choices; /* ends with NULL */
	enum option_section sub;    /* of sections, maps and records */
	unsigned types;             /* receivers: bits of the types it goes with; 0: all */
	bool required;              /* where it goes with the type at all */
	bool shared;                /* may stand in conf.d as well */
	const char *about;          /* one sentence, for people */
};

extern const struct section sections[SECTIONS];
/* In the order of the man page; ends with a NULL key. */
extern const struct option options[];

/* NULL: no such key. */
const struct option *option_find(enum option_section section, struct str key);
/* The keys of a section, at most `max`. Returns how many. */
size_t option_keys(enum option_section section, const char **keys, size_t max);
/* What may be written there, for people: "duration from 15m to 30d". */
void option_write_type(const struct option *o, struct buf *out);

#endif
