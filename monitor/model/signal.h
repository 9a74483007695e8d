/* A Signal: one rule's finding in one post, with everything needed to explain it.
 *
 * Slices are borrowed (from the post, the ruleset or an arena) and valid as long as those. */
#ifndef HARK_MODEL_SIGNAL_H
#define HARK_MODEL_SIGNAL_H

#include "monitor/base/jsonout.h"
#include "monitor/model/post.h"

enum signal_kind {
	SIGNAL_MENTION,
	SIGNAL_PRAISE,
	SIGNAL_COMPLAINT,
	SIGNAL_JOB_MOVE,
	SIGNAL_PURCHASE_INTENT,
	SIGNAL_PURCHASE_ANNOUNCED,
	SIGNAL_HIRING,
	SIGNAL_QUESTION,
	SIGNAL_PAIN,
};

enum signal_level {
	LEVEL_INSTANT,
	LEVEL_NORMAL,
	LEVEL_DIGEST,
};

enum signal_flag {
	FLAG_REGULATED = 1 << 0, /* held for compliance */
	FLAG_SENSITIVE = 1 << 1, /* not a lead, body not kept */
	FLAG_MIXED = 1 << 2,     /* praise with a stated limit */
	FLAG_AMBIGUOUS = 1 << 3, /* a name that belongs to several entities */
	FLAG_UNDECIDED = 1 << 4, /* a regular expression or the search for names hit its limit */
	FLAG_SHADOW = 1 << 5,    /* counted, never raised */
};

enum post_field {
	FIELD_TEXT,
	FIELD_TITLE,
	FIELD_QUOTED,
	FIELD_AUTHOR,
	FIELD_BIO,
	FIELD_URL,
	FIELD_TAGS,
	FIELD_LINKS,
	FIELD_OTHER,
};

/* UTF-8 bytes of the field, end exclusive. */
struct span {
	enum post_field field;
	uint32_t start, end;
};

/* A list entry found in the post. */
struct entity {
	struct str list, id, name;
	struct span span;
};

struct emit {
	struct str name, value;
};

struct subject {
	struct str kind; /* author | contact | account | the list's name for a $variable */
	struct str id;   /* what makes two subjects the same */
	struct str name; /* for people */
};

struct signal {
	struct str rule;      /* id */
	struct str rule_file; /* as written in the configuration */
	struct str rule_hash; /* 16 hexadecimal digits of the rule's content */
	struct str lists; /* it looked at, with their versions: "customers@1f0e2d3c words@0a1b2c3d" */
	enum signal_kind kind;
	enum signal_level level;
	unsigned flags;   /* enum signal_flag */
	int score;        /* 0..100 */
	bool lang_passed; /* its scope asks for a language, the post says none; not printed */
	struct subject subject;
	struct str title;
	struct str owner, route, visibility;
	struct emit *emit;
	size_t emit_n;
	struct span *spans;
	size_t spans_n;
	struct entity *entities;
	size_t entities_n;
	struct str lead_key;    /* the values of the rule's `lead.key`, joined */
	int64_t lead_window_ms; /* later evidence inside it joins the lead */
	bool supersedes;        /* what it says is so now: it is what the lead it joins is shown by */
	struct str explain;     /* one line: why */
};

#define SCORE_LEAD_MIN 20    /* below: the signal is only kept */
#define SCORE_INSTANT_MIN 60 /* from here: alert at once, unless the rule's level says otherwise */

const char *signal_kind_name(enum signal_kind kind);
bool signal_kind_parse(struct str name, enum signal_kind *out);
const char *signal_level_name(enum signal_level level);
bool signal_level_parse(struct str name, enum signal_level *out);
const char *post_field_name(enum post_field field);
/* The i-th flag name and bit, NULL past the end. */
const char *signal_flag_at(size_t i, unsigned *bit);

/* The members "flags" and "subject" of what is a finding, or made of some. */
void signal_flags_json(unsigned set, struct jsonout *j);
void subject_json(const struct subject *s, struct jsonout *j);

/* One JSON object without a newline, with the post's key and link under "post". */
void signal_write_json(const struct signal *s, const struct post *post, struct buf *out);
/* Its parts alone: arrays, and an object for emit. */
void signal_write_spans(const struct signal *s, struct jsonout *j);
void signal_write_entities(const struct signal *s, struct jsonout *j);
void signal_write_emit(const struct signal *s, struct jsonout *j);

#endif
