/* One reference as a card for people, or as JSON. */
#ifndef HARK_CLI_REFERENCES_SHOW_H
#define HARK_CLI_REFERENCES_SHOW_H

#include "monitor/cli/desk.h"
#include "monitor/model/reference.h"

/* HARK_ENOENT: there is none. */
int references_show(struct desk *d, int64_t id);
/* What they may be used for and until when, in one line; nothing where they have not agreed. */
void references_print_agreed(const struct reference *r);

#endif
