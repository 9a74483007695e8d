/* Lists: who and what the rules look for by name.
 *
 * From a CSV or JSON Lines file (`name` is the only required column; id, aliases, handles and
 * domains are known, the rest are free attributes), from imported records, or from the inline list
 * of a test. A row that cannot be used is reported with its place and left out; the rest counts.
 * Immutable once loaded.
 *
 * A name of one everyday word ("Apple") counts only with a capital first letter and near a context
 * word of its list; one that is in every other post ("the") is left out (frequency.h). A legal form
 * at the end of a name (Inc, GmbH) may be missing in a text. `class: off` takes names as they are. */
#ifndef HARK_RULES_LISTS_H
#define HARK_RULES_LISTS_H

#include "monitor/model/post.h"
#include "monitor/base/yaml.h"
#include "rules/names.h"
#include "rules/rules.h"

#define LIST_BYTES_MAX (256u << 20)
#define LIST_CONTEXT 10 /* words around a name in which a context word counts */

struct list_entry {
	struct str id, name;
	const char *cells; /* see lists_in.h */
	bool has_handle;
	uint32_t line; /* in its file, 0: inline */
};

struct list {
	struct str name;
	struct str *columns; /* as in the header, letters in lower case */
	size_t columns_n;
	struct list_entry *entries; /* owned */
	size_t n, cap;
	struct list_options options;
	uint64_t *context, *forbid; /* token hashes */
	size_t context_n, forbid_n;
	struct diag_at at;  /* its file, or where it is defined */
	const void *origin; /* where it is defined: the same list is loaded once */
	uint32_t index;     /* among the lists of its ruleset */
	bool used;          /* by some rule */
	bool wakes;   /* some rule waits for a name of it, so they are looked for in every post */
	size_t names; /* ways to write them, variants included */
	uint64_t version; /* fingerprint of its rows, in their order */
};

struct lists {
	struct arena arena;
	struct list **v;
	size_t n, cap;
	struct names names;
	struct text scratch;
	int rc; /* HARK_ENOMEM: incomplete */
};

void lists_init(struct lists *l);
void lists_release(struct lists *l);
/* A new, empty list. NULL: no memory. */
struct list *lists_add(struct lists *l, struct str name, const struct list_options *options);
/* Fills a list from CSV text; `file` is the name for messages. */
void list_read_csv(
	struct lists *l, struct list *list, struct str text, const char *file, struct diags *diags);
/* The same from lines of JSON objects. */
void list_read_jsonl(
	struct lists *l, struct list *list, struct str text, const char *file, struct diags *diags);
/* Whichever of the two it is, in UTF-8, UTF-16 or windows-1252. */
void list_read_file(
	struct lists *l, struct list *list, struct str text, const char *file, struct diags *diags);
/* Fills a list from imported records of a kind, those that pass `where` (may be absent). What is
 * wrong is reported at `at`, with its line. */
void list_read_records(struct lists *l, struct list *list, const struct rules_records *records,
	struct str kind, struct str where, struct diag_at at, struct str line, struct diags *diags);
/* False: there is no such kind of records; *near is one there is. */
bool list_kind_known(struct str kind, const char **near);
/* Fills a list from YAML: names, or mappings with the columns as keys. */
void list_read_yaml(
	struct lists *l, struct list *list, const struct yaml_node *items, struct diags *diags);
/* After the last list, once, when it is known which of them wake rules; tells which names too many entries share. */
int lists_build(struct lists *l, struct diags *diags);

/* "id", "name" or a column; absent if the entry has none. */
struct str list_attr(const struct list *list, const struct list_entry *e, struct str attr);
bool list_has_attr(const struct list *list, struct str attr);
/* The address of a profile without scheme, www. and a final slash, in lower case; appended to
 * `out`. */
void profile_address(struct str url, struct buf *out);
/* The handle a post's author is known by: the one given, else the last part of a profile's path that
 * begins with '@'; absent if there is neither. A slice of the author. */
struct str author_handle(const struct author *a);

#endif
