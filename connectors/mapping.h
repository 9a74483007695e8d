/* One item of a reply as a record, by a definition's fields. Pure. */
#ifndef HARK_CONNECTORS_MAPPING_H
#define HARK_CONNECTORS_MAPPING_H

#include "connectors/definition.h"

/* What the first alternative with anything in it gives; of lists, what all of them give. */
void field_values(const struct field *f, struct work *w, struct values *out);
/* The first value as text, absent if there is none. */
struct str field_text(const struct field *f, struct work *w);

/* Fills the fields that are there; texts and lists live in the work's arena or the tree. A later
 * mapping goes over an earlier one. */
void mapping_post(const struct mapping *map, struct work *w, struct hark_post *out);
void mapping_profile(const struct mapping *map, struct work *w, struct hark_profile *out);

#endif
