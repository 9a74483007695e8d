/* The link with which the first admin names themselves in a browser: /setup#TOKEN. The token is behind the #, which no
 * browser sends along, so no log and no Referer has it; the page sends it as the body of POST /api/v1/setup. */
#ifndef HARK_API_FIRST_USER_H
#define HARK_API_FIRST_USER_H

#include "monitor/base/buf.h"
#include "monitor/config/conf.h"

#define FIRST_USER_PAGE "/setup"

/* HARK_ESTATE: with this configuration nobody can, says `err`. */
int first_user_possible(const struct conf *c, struct hark_err *err);
/* The whole link, or from its path on where hark does not know its own address. */
void first_user_link(const struct conf *c, const char *token, struct buf *out);

#endif
