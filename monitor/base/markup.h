/* Text as it stands in XML and HTML (XML 1.0 section 2.4): & < > and the quotation mark become references, so that
 * nothing in it is markup, in an element or between double quotes. Control characters but tab, newline and
 * carriage return go, which XML cannot hold. Pure. */
#ifndef HARK_BASE_MARKUP_H
#define HARK_BASE_MARKUP_H

#include "monitor/base/buf.h"

void markup_escape(struct buf *out, struct str text);

#endif
