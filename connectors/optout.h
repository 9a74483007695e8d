/* What people write into their profile to be left alone by programs: "#nobot", "#NoIndex" … The hashtags
 * are a custom of the Fediverse (https://docs.joinmastodon.org, and the crawlers that honour them). Pure. */
#ifndef HARK_CONNECTORS_OPTOUT_H
#define HARK_CONNECTORS_OPTOUT_H

#include "monitor/base/str.h"

/* Whether one of the hashtags stands in a profile text, plain or HTML, as a whole word in any case. */
bool optout_in_bio(struct str bio);

#endif
