/* How records are called outside: "lead_12", "sig_345". Inside they are numbers. */
#ifndef HARK_MODEL_ID_H
#define HARK_MODEL_ID_H

#include "monitor/base/str.h"

#define ID_LEAD "lead"
#define ID_REFERENCE "ref"
#define ID_REQUEST "req"
#define ID_PEEK "peek"
#define ID_SIGNAL "sig"
#define ID_CLUSTER "story"
#define ID_TEXT_MAX 32

/* Returns `out`. */
char *id_text(const char *kind, int64_t id, char out[ID_TEXT_MAX]);
/* Takes "lead_12" and, as people type it, "12". False: it is neither. */
bool id_parse(const char *kind, struct str text, int64_t *id);

#endif
