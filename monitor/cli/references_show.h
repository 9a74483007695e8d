/* One reference as a card for people, or as JSON. */
#ifndef HARK_CLI_REFERENCES_SHOW_H
#define HARK_CLI_REFERENCES_SHOW_H

#include "monitor/cli/desk.h"

/* HARK_ENOENT: there is none. */
int references_show(struct desk *d, int64_t id);

#endif
