/* The connectors this program knows: those in C, those described by files, those in shared objects.
 *
 * Definitions are found by name, NAME.json or NAME.yaml, in the folders that were added, then in
 * $HARK_DEFINITIONS or with hark's own. One is read when it is first asked for, and again when its file
 * has changed; what was handed out stays valid until the program ends. NAME.so (shared.h) is looked for
 * beside them, where no definition has the name, and at last in $HARK_CONNECTORS or where hark was
 * built to look; it is loaded once. Any thread. */
#ifndef HARK_CONNECTORS_REGISTRY_H
#define HARK_CONNECTORS_REGISTRY_H

#include "connectors/connector.h"

/* How often other people's servers are asked at most, where a connector says nothing else. */
#define CONNECTOR_EVERY_MIN_S (15 * 60)
#include "monitor/base/diag.h"
#include "monitor/base/err.h"

struct definition;

#define CONNECTORS_MAX 512

/* NULL: no connector of that name, or its definition cannot be used. */
const struct hark_connector *connector_find(const char *name);
/* The same, saying why: HARK_ENOENT with a near name, HARK_EPARSE and what is wrong in `diags`
 * (NULL: the first of it stands in the sentence), or what shared_load() says. */
int connector_get(const struct hark_connector **out, const char *name, struct diags *diags,
	struct hark_err *err);
/* All names, sorted, at most `max`. They stay valid until the program ends. Returns how many. */
size_t connector_names(const char **names, size_t max);
/* HARK_EPARSE, said in `diags`: the id is not the name of the file, or a connector of the program has it. */
int connector_check_name(const struct definition *d, struct diags *diags, struct hark_err *err);
/* Whether `path` ends in NAME.yaml or NAME.json. */
bool connector_is_file_of(const char *path, const char *name);
/* Whether the connector of that name is part of the program: no file takes its place. */
bool connector_is_builtin(const char *name);
/* The definition behind a connector, NULL if it is one in C. */
const struct definition *connector_definition(const struct hark_connector *c);
/* The file behind a connector, NULL if it is part of the program. Valid until the program ends. */
const char *connector_file(const struct hark_connector *c);
/* By its name or, where that ends in .yaml, .json or .so, by its file, wherever that is. Errors as of connector_get(). */
int connector_load(const struct hark_connector **out, const char *what, struct hark_err *err);
/* Tells of every shared connector in the folders that cannot be used, and of definitions that never are:
 * HARK_EBUSY, its name is taken; else as shared_load() says. `say` is called with a lock held and asks
 * nothing here. */
void connector_report(void (*say)(void *ctx, const struct hark_err *why), void *ctx);
/* Where shared connectors are installed. */
const char *connector_shared_dir(void);
/* Where hark's own definitions are. */
const char *connector_dir(void);
/* Looks there for definitions too, before hark's own. Later folders go first. */
void connector_add_dir(const char *path);

#endif
