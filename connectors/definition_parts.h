/* The parts of a definition that have files of their own; definition.c puts them together. */
#ifndef HARK_CONNECTORS_DEFINITION_PARTS_H
#define HARK_CONNECTORS_DEFINITION_PARTS_H

#include "connectors/definition_read.h"

void read_def_vars(struct defread *r, const struct yaml_node *node, void *into);
void read_def_auth(struct defread *r, const struct yaml_node *node, void *into);
void read_def_request(struct defread *r, const struct yaml_node *node, void *into);
void read_def_stream(struct defread *r, const struct yaml_node *node, void *into);
void read_def_cursor(struct defread *r, const struct yaml_node *node, void *into);
void read_def_paging(struct defread *r, const struct yaml_node *node, void *into);
void read_def_lookups(struct defread *r, const struct yaml_node *node, void *into);
void read_def_items(struct defread *r, const struct yaml_node *node, void *into);
void read_def_detail(struct defread *r, const struct yaml_node *node, void *into);
void read_def_errors(struct defread *r, const struct yaml_node *node, void *into);
void read_def_rate(struct defread *r, const struct yaml_node *node, void *into);
/* What only shows when all of it is read. */
void check_def_request(struct defread *r, const struct yaml_node *root);
/* Fields and conditions that are read again with the detail need what is kept until it comes. */
void check_def_kept(struct defread *r, const struct yaml_node *root);
/* A page that asks the same as the one before would come for ever. */
void check_def_loop(struct defread *r, const struct yaml_node *root);

/* Whether a parameter has a blank for the i-th var. */
bool def_asks(const struct parameters *all, size_t var);

#endif
