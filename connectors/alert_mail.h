/* Mails of Google Alerts: one mail names several pages, each a link with a title and an excerpt. */
#ifndef HARK_CONNECTORS_ALERT_MAIL_H
#define HARK_CONNECTORS_ALERT_MAIL_H

#include "connectors/parse/mail.h"

#define ALERT_ITEMS_MAX 100

struct alert_item {
	struct str url; /* of the page itself */
	struct str title, text;
};

/* The pages a mail names, each once, in order; strings live in `arena`. 0: it is another mail, or it names none. */
size_t alert_mail_items(
	const struct mail *mail, struct arena *arena, struct alert_item items[ALERT_ITEMS_MAX]);

/* The address behind a link of Google's that leads on to another, https://www.google.com/url?…&url=…; any other
 * as it is. */
struct str alert_mail_unwrap(struct str link, struct arena *arena);

#endif
