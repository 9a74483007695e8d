/* Codes of offers in what people write. Pure. */
#ifndef HARK_LEADS_OFFER_H
#define HARK_LEADS_OFFER_H

#include "monitor/base/str.h"
#include "monitor/config/conf.h"

/* The first of the configuration's offers whose code the title or the text names, as a word of its own, in whatever
 * case; NULL: none. Borrowed from `conf`. */
const struct conf_offer *offer_named(const struct conf *conf, struct str title, struct str text);

#endif
