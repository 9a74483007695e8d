/* Connectors in files of their own: NAME.so defines hark_connector_NAME ('_' for '-') of connector.h.
 *
 * A file is code that runs with all rights of the program, so it is loaded only where nobody but its
 * owner can have put or changed it: the owner is root or who runs hark, and neither the file nor its
 * folder may be written by others. One that was loaded stays until the program ends. */
#ifndef HARK_CONNECTORS_SHARED_H
#define HARK_CONNECTORS_SHARED_H

#include "connectors/connector.h"
#include "monitor/base/err.h"

#include <stdbool.h>

/* Loads `path`. HARK_ENOENT, HARK_EAUTH (whose file it is) or HARK_EPARSE with one sentence that names
 * the file and says what to do. Any thread; what is given stays valid until the program ends. */
int shared_load(const struct hark_connector **out, const char *path, struct hark_err *err);
/* Whether a connector may be called so: [a-z0-9-]+ */
bool shared_name_is_fine(const char *name);

#endif
