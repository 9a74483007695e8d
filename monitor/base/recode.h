/* Tables as people's programs save them: UTF-8, UTF-16 with a byte order mark, or else windows-1252. Pure. */
#ifndef HARK_BASE_RECODE_H
#define HARK_BASE_RECODE_H

#include "monitor/base/buf.h"
#include "monitor/base/diag.h"

/* UTF-8 into `out` if `text` is anything else; false: it is UTF-8 already. W076 says that windows-1252
 * was guessed, and where. What does not fit leaves its reason in out->rc. */
bool recode(struct buf *out, struct str text, const char *file, struct diags *diags);

#endif
