/* The rules: load, check, match. What the daemon, `hark match` and the tests see of rules/.
 *
 * A ruleset is compiled once, immutable and counted: any number of threads may match against it,
 * each with a matcher of its own. It remembers the content of every file it came from, so nothing
 * on disk is read while matching. */
#ifndef HARK_RULES_RULES_H
#define HARK_RULES_RULES_H

#include "monitor/base/diag.h"
#include "monitor/base/err.h"
#include "monitor/base/hash.h"
#include "monitor/model/signal.h"
#include "rules/copy.h"

struct ruleset;
struct matcher;
struct rules_draft;

#define RULE_FILE_MAX (8u << 20)

/* How a list is used, from the configuration or a rule file. */
struct list_options {
	bool no_variants;                          /* `variants: off` or `class: off` */
	bool no_class;                             /* `class: off` */
	bool need_case, need_context, need_handle; /* `require:` */
	struct strs context, forbid;               /* words near which a name counts, or does not */
};

/* A list the configuration defines; rule files may define more of their own. */
struct rules_list {
	const char *name;
	const char *file;         /* CSV or JSON Lines; NULL: */
	const char *from, *where; /* imported records of this kind; those that pass, NULL: all */
	struct list_options options;
	struct diag_at at; /* where it was defined, for errors */
};

/* An imported record as a list sees it. */
struct rules_record {
	struct str name, id; /* id may be absent */
	/* Free attributes; aliases, handles and domains are known, several values between ; */
	struct {
		struct str name, value;
	} attrs[32];
	size_t attrs_n;
};

/* Whoever keeps imported records. */
struct rules_records {
	/* Calls `take` for every record of a kind ("contacts", "accounts", "staff", "products");
	 * what it gives is borrowed until `take` returns. HARK_ENOENT: none were imported. */
	int (*each)(void *ctx, const char *kind,
		void (*take)(void *to, const struct rules_record *record), void *to,
		struct hark_err *err);
	void *ctx;
};

struct rules_source {
	const char *const
		*paths; /* rule files or glob patterns; "packs/NAME" is looked up in packs_dir */
	size_t paths_n;
	const struct diag_at *paths_at; /* where each was written, or NULL */
	const struct rules_list *lists;
	size_t lists_n;
	const char *base_dir;                /* relative paths start here */
	const char *packs_dir;               /* the shipped packs */
	const struct rules_records *records; /* for lists with from:, or NULL */
	const struct rules_draft *draft;     /* one more file, or another text of one (draft.h), or NULL */
	/* Ids of rules of flag sensitive whose findings are like others: somebody answers for it. Written where opened_at
	 * says of each; one that no rule has is an error. */
	const char *const *opened;
	size_t opened_n;
	const struct diag_at *opened_at;
};

/* Loads and compiles everything. Errors and warnings go into `diags`, all of them at once; with any
 * error there is no ruleset (HARK_EPARSE). The caller owns one count of *out. */
int ruleset_load(struct ruleset **out, const struct rules_source *source, struct diags *diags,
	struct hark_err *err);
struct ruleset *ruleset_ref(struct ruleset *r);
void ruleset_unref(struct ruleset *r); /* NULL is fine */

size_t ruleset_count(const struct ruleset *r);      /* rules that are not retired */
size_t ruleset_list_count(const struct ruleset *r); /* entries of all lists */
/* A fingerprint of the lists' files: as they were when they were read (`now` false), and as they are
 * (size, time and number of each are looked at, nothing is read). Different: a list has changed. */
uint64_t ruleset_lists_mark(const struct ruleset *r, bool now);

/* Whether some list is of imported records. */
bool ruleset_uses_records(const struct ruleset *r);

/* The i-th rule of all files, whatever its status; strings live as long as the ruleset. False past the
 * end. */
struct rule_info {
	struct str id, title, file;
	const char *path; /* where that file was read; NULL but from ruleset_rule_at() */
	bool pack;        /* so is whether it comes with hark */
	unsigned line;
	enum signal_kind kind;
	enum signal_level level;
	const char
		*status; /* "live", "shadow", "retired", "inactive": a list it needs is not there */
	const char *hash;
};
bool ruleset_rule_at(const struct ruleset *r, size_t i, struct rule_info *out);
/* Its query in the form that is compared. */
int ruleset_query_at(const struct ruleset *r, size_t i, struct buf *out);
/* The i-th list that is loaded; its entries as "id name", one a line, up to the ceiling of `names`. */
struct list_info {
	struct str name;
	size_t entries;
};
bool ruleset_list_at(const struct ruleset *r, size_t i, struct list_info *out, struct buf *names);

/* Runs the tests inside the rule files. `report` (may be NULL) is called once a case, in order. */
struct rule_test_result {
	const char *file, *rule;
	unsigned line; /* of the case */
	bool ok;
	const char *what; /* the sample, shortened */
	const char *why;  /* what went wrong, NULL if ok */
};
typedef void (*rule_test_fn)(void *ctx, const struct rule_test_result *result);
int ruleset_test(const struct rules_source *source, rule_test_fn report, void *ctx, size_t *failed,
	struct diags *diags, struct hark_err *err);

/* Scratch for one thread. Keeps a count of the ruleset. NULL: no memory. */
struct matcher *matcher_new(struct ruleset *r);
void matcher_free(struct matcher *m);
/* Another count of its ruleset, which what it finds points into. Release it with ruleset_unref(). */
struct ruleset *matcher_ref(const struct matcher *m);
/* The time `age_days` counts from, wall clock; without it, the clock at each match. */
void matcher_set_now(struct matcher *m, int64_t wall_ms);

/* How many rules were looked at in the last post, for measuring: the rest slept. */
size_t matcher_tried(const struct matcher *m);
/* Whether it was searched for the names of lists that wake no rule: only a rule that needs one and is
 * awake has that done. */
bool matcher_looked_late(const struct matcher *m);

/* What the post that was matched last says (content.h). False: it was not read. */
bool matcher_content(struct matcher *m, struct hash128 *content, uint32_t *words);

/* What copies of the post that was matched last are looked for by (copy.h), in `arena`. Without keys: it has no
 * words, was not read, or no memory, which the arena says. */
struct copy_look matcher_look(struct matcher *m, struct arena *arena);

/* All findings in one post, strongest first. The array and what it points to live in `arena` and in
 * the post; strings of the ruleset live as long as it does. */
int matcher_match(struct matcher *m, const struct post *post, struct arena *arena,
	struct signal **out, size_t *n);

#endif
