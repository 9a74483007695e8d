/* The bytes of a reply as a tree that pointers can walk: JSON as it is, JSON Lines as an array, CSV as
 * an array of objects by its first row, XML as objects ("@name" attributes, "#text" text, children
 * by local name, an array where a name repeats). Pure. */
#ifndef HARK_CONNECTORS_DOCUMENT_H
#define HARK_CONNECTORS_DOCUMENT_H

#include "connectors/definition.h"
#include "monitor/base/err.h"

/* An owned tree (json_decref()), or NULL with a sentence. The JSON literal null, alone, is an empty
 * array. */
json_t *document_read(struct str body, enum item_format format, struct hark_err *err);
/* A piece of a stream, or the recording of one: JSON Lines as an array, server-sent events as an array of
 * {"event", "id", "data"}, where data is JSON if it reads as that and text otherwise. A line that cannot be read
 * is left out and counted in *bad: what follows it has nothing to do with it. NULL: no memory. */
json_t *document_stream(struct str body, enum item_format format, size_t *bad);

#define DOCUMENT_ITEMS_MAX 20000

/* Calls `visit` for every item in the order of the document, with the scope filled in but for
 * lookups. Negative results of `visit` end it and are returned. *places: how many of the item
 * pointers led anywhere. *left_out: how many items behind DOCUMENT_ITEMS_MAX were not visited. */
int document_items(const struct items_rule *rule, const json_t *root,
	int (*visit)(void *ctx, struct scope *scope), void *ctx, size_t *places, size_t *left_out);

#endif
