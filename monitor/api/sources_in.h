/* What the files share that change which sources there are. */
#ifndef HARK_API_SOURCES_IN_H
#define HARK_API_SOURCES_IN_H

#include "monitor/api/api_in.h"

/* What came of reading the configuration anew. */
struct reloaded {
	bool well;
	struct str error; /* absent: none */
};

void sources_reread(struct call *c, struct reloaded *r);
/* Two members of an object. */
void sources_write_reloaded(struct jsonout *j, const struct reloaded *r);
/* Says of a failure to write the file what that may come from. */
void sources_say_unwritable(struct hark_err *err);

#endif
