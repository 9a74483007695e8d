/* Values in files that people go on to edit: plain where YAML takes them plain, else in double
 * quotes. Pure. */
#ifndef HARK_CONFIG_YAMLOUT_H
#define HARK_CONFIG_YAMLOUT_H

#include "monitor/base/buf.h"
#include "monitor/base/yaml.h"

/* One text, fit for a flow mapping. */
void yamlout_text(struct buf *out, struct str text);
/* A whole node in flow style: { a: b, c: [d, e] }. Comments are gone. */
void yamlout_node(struct buf *out, const struct yaml_node *node);

#endif
