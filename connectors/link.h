/* What a record may lead a person to. */
#ifndef HARK_CONNECTORS_LINK_H
#define HARK_CONNECTORS_LINK_H

#include <stdbool.h>

/* http:, https: or mailto:. Nothing that is a program or data, or means something to one machine alone. False for
 * NULL. */
bool link_is_one(const char *text);
/* The same, or file: where the record is of a reply from this address (NULL: not said) that is a file. */
bool link_is_one_in(const char *text, const char *reply_url);

#endif
