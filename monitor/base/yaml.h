/* YAML text to a tree whose every node knows its place, through libyaml's events.
 *
 * Every scalar is text; types are the reader's business. Anchors, aliases, tags, several documents
 * and duplicate keys are refused, each with file:line:col. JSON is YAML, so definitions written as
 * JSON come through here too. Nodes live in the caller's arena, as long as that. */
#ifndef HARK_BASE_YAML_H
#define HARK_BASE_YAML_H

#include "monitor/base/diag.h"

enum yaml_kind {
	YAML_SCALAR,
	YAML_SEQUENCE,
	YAML_MAPPING,
};

enum yaml_style {
	YAML_PLAIN,
	YAML_SINGLE_QUOTED,
	YAML_DOUBLE_QUOTED,
	YAML_LITERAL, /* | */
	YAML_FOLDED,  /* > */
};

struct yaml_node {
	enum yaml_kind kind;
	enum yaml_style style;    /* of a scalar */
	struct diag_at at;        /* where it starts; col_end is set for scalars of one line */
	struct str text;          /* of a scalar, NUL-terminated */
	struct yaml_pair *pairs;  /* of a mapping, in the order written */
	struct yaml_node **items; /* of a sequence */
	size_t n;                 /* pairs or items */
	struct yaml_file *file;
};

struct yaml_pair {
	struct yaml_node *key; /* always a scalar */
	struct yaml_node *value;
};

struct yaml_file {
	const char *name;
	struct str text; /* the whole file */
	/* The line asked for last and where it starts: errors come in order, so the next one is
	 * found from there. Hence one thread at a time. */
	unsigned last_line;
	size_t last_at;
};

/* Returns the root, or NULL with at least one error in `diags`. An empty document is an empty
 * mapping. `name` and `text` are copied. */
struct yaml_node *yaml_read(
	struct str text, const char *name, struct arena *arena, struct diags *diags);

/* The value of a key, or NULL. */
struct yaml_node *yaml_get(const struct yaml_node *mapping, const char *key);

/* Place of byte `offset` of a scalar's text in the file, exact for plain, single-quoted and literal
 * scalars, the scalar's start for the others; `bytes` more are marked (at least one column). */
struct diag_at yaml_place(const struct yaml_node *scalar, size_t offset, size_t bytes);
/* The text of a line of the node's file, without its newline; lines from 1. */
struct str yaml_line(const struct yaml_node *node, unsigned line);

/* diags_add() at a node, with its line as source. */
void yaml_error(struct diags *d, const struct yaml_node *node, const char *code, const char *help,
	const char *fmt, ...) __attribute__((format(printf, 5, 6)));

#endif
