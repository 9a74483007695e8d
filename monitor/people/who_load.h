/* Makes `struct who` from what is stored. */
#ifndef HARK_PEOPLE_WHO_LOAD_H
#define HARK_PEOPLE_WHO_LOAD_H

#include "monitor/people/who.h"
#include "monitor/store/store.h"

/* Needs fold_init(). The caller has the one count of *out. HARK_ENOMEM, or what the store says. */
int who_load(struct who **out, struct store *s, struct hark_err *err);

#endif
