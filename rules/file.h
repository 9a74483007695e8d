/* One rule file: YAML to lists, definitions and rules, every mistake of the file reported at once
 * with its place. Names are not resolved here (link.h). */
#ifndef HARK_RULES_FILE_H
#define HARK_RULES_FILE_H

#include "rules/rule.h"

struct file_list {
	struct str name, path;
	struct str from, where; /* instead of a path */
	struct list_options options;
	const struct yaml_node *node;
	struct list *list; /* once loaded */
	bool tried;
};

struct define {
	struct str name;
	const struct yaml_node *node;
	struct query *query; /* NULL: broken */
	struct query *names; /* what a broken one names, or NULL */
	bool linking, ok;    /* being linked now; the outcome */
	unsigned generation; /* of the linking it was done in */
};

struct regex;

struct rule_file {
	const char *name; /* as written in the configuration */
	const char *path; /* where it was read */
	bool pack;
	struct arena *arena;    /* what its trees live in; borrowed */
	struct regex **regexes; /* owned: by whoever frees the file's ruleset */
	size_t regexes_n;
	struct file_list *lists;
	size_t lists_n, lists_cap;
	struct define *defines;
	size_t defines_n, defines_cap;
	unsigned generations; /* of linking */
	struct rule *rules;
	size_t rules_n, rules_cap;
};

/* `text` is copied. NULL: no memory, or not even YAML (reported). */
struct rule_file *rule_file_read(
	struct str text, const char *name, struct arena *arena, struct diags *diags);

/* Each id is of one rule, over all files that are loaded together. */
void rule_files_check_ids(
	struct rule_file *const *files, size_t n, struct arena *arena, struct diags *diags);

/* file_rule.c: one entry of `rules:`. */
void rule_read(
	struct rule *rule, const struct yaml_node *node, struct arena *arena, struct diags *diags);
/* Options of a list beside its file: variants, class, require, context. True if the key is one. */
bool list_option_read(struct list_options *o, const struct yaml_pair *pair, struct arena *arena,
	struct diags *diags);

/* Helpers of both. */
struct str scalar_text(const struct yaml_node *node, struct diags *diags); /* absent: reported */
bool read_strs(struct strs *out, const struct yaml_node *node, struct arena *arena,
	struct diags *diags); /* a scalar or a sequence of scalars */
void unknown_key(const struct yaml_node *key, const char *const *known, size_t n, const char *where,
	struct diags *diags);
/* "14d", "12h"; false if it is none. */
bool duration_parse(struct str s, int64_t *ms);
bool is_slug(struct str s);

#endif
