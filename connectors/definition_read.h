/* Reading a definition's YAML tree by tables of keys: unknown keys, wrong types and missing ones are
 * said with their place, all at once. One thread, while definition_read() runs. */
#ifndef HARK_CONNECTORS_DEFINITION_READ_H
#define HARK_CONNECTORS_DEFINITION_READ_H

#include "connectors/definition.h"
#include "monitor/base/yaml.h"

/* The codes of what definition_read() says; hark-connectors(7) lists them. */
#define D_UNKNOWN_KEY "D001"
#define D_SHAPE "D002"
#define D_MISSING "D003"
#define D_VALUE "D004"
#define D_CHOICE "D005"
#define D_POINTER "D006"
#define D_STEP "D007"
#define D_BLANK "D008"
#define D_PRIVATE "D009"
#define D_LOOP "D010"
#define D_SECRET "D011"
#define D_LATE "D012"
#define D_FLOOR "D013"

struct defread {
	struct definition *d;
	struct diags *diags;
	struct arena *arena; /* the definition's */
	bool no_memory;
};

struct defkey {
	const char *name;
	void (*read)(struct defread *r, const struct yaml_node *value, void *into);
	bool required;
};

/* A finding at a node. */
#define defread_say(r, node, code, help, ...) \
	yaml_error((r)->diags, (node), (code), (help), __VA_ARGS__)
/* Whether the node is of that kind, else says what it should be. */
bool defread_is(
	struct defread *r, const struct yaml_node *node, enum yaml_kind kind, const char *what);
/* Reads the keys in the table's order (ends with a NULL name); what the keys read into is `into`. */
void defread_keys(struct defread *r, const struct yaml_node *node, const char *what,
	const struct defkey *keys, void *into);

const char *defread_text(struct defread *r, const struct yaml_node *node); /* NULL: said */
int64_t defread_number(struct defread *r, const struct yaml_node *node, int64_t min, int64_t max);
bool defread_bool(struct defread *r, const struct yaml_node *node);
/* The index of a choice (list ends with NULL), 0 after saying what there is. */
size_t defread_choice(struct defread *r, const struct yaml_node *node, const char *const *choices);
/* A duration as "90s" or "1h30m", in milliseconds. */
int64_t defread_duration(struct defread *r, const struct yaml_node *node);
bool defread_pointer(struct defread *r, const struct yaml_node *node, struct pointer *out);
const struct pointer *defread_new_pointer(struct defread *r, const struct yaml_node *node);
bool defread_form(
	struct defread *r, const struct yaml_node *node, enum form_use use, struct form *out);
/* One condition or a sequence of them. */
void defread_conditions(struct defread *r, const struct yaml_node *node, struct conditions *out);
/* Alternatives of a field: a pointer, a mapping, or a sequence of them. */
void defread_field(struct defread *r, const struct yaml_node *node, struct field *out);
void defread_mapping(struct defread *r, const struct yaml_node *node, struct mapping *out);

/* Defines a reader of a key whose text is all there is to it. */
#define TEXT_READER(function, record, member)                                             \
	static void function(struct defread *r, const struct yaml_node *node, void *into) \
	{                                                                                 \
		((struct record *)into)->member = defread_text(r, node);                  \
	}

/* Iterates over a sequence, or over the node itself if it is none. */
#define DEFREAD_EACH(node, i, one)                                                         \
	for (size_t i = 0; i < ((node)->kind == YAML_SEQUENCE ? (node)->n : 1); i++)       \
		for (const struct yaml_node *one =                                         \
				(node)->kind == YAML_SEQUENCE ? (node)->items[i] : (node); \
			one != NULL; one = NULL)

#endif
