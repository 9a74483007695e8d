/* What the resources of the reference desk share. */
#ifndef HARK_API_DESK_H
#define HARK_API_DESK_H

#include "monitor/api/api_in.h"
#include "monitor/api/desk_view.h"

/* The number in the path. False: the call is answered. */
bool desk_read_id(struct call *c, const char *kind, const char *what, int64_t *id);
/* An activity that counts for caps ("call", "quote" …), absent if it is not there. False: answered. */
bool desk_read_activity(struct call *c, const char *member, struct str *out);

/* Whoever changes one names the version they have seen; call_check_match() asks for no more. */
void reference_tag(struct call *c, const struct reference *r);
void request_tag(struct call *c, const struct request *r);

#endif
