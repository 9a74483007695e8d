/* Pages for people who follow a link without the inbox: plain HTML, no script, no style. */
#ifndef HARK_API_PAGE_H
#define HARK_API_PAGE_H

#include "monitor/api/call.h"

/* Answers with a page of that title. `html` goes in as it is: what comes from outside is escaped by the caller
 * (base/markup.h). */
void page_answer(struct call *c, int status, const char *title, struct str html);

#endif
