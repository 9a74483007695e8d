/* A list of the reference desk (monitor/references/lists.h) as an answer: its columns and rows, or a table. */
#ifndef HARK_API_LIST_VIEW_H
#define HARK_API_LIST_VIEW_H

#include "monitor/api/call.h"
#include "monitor/references/lists.h"

/* Whoever asks. */
struct reader call_reader(const struct call *c);
/* What ?format= asks for. False: it is neither json nor csv, and the call is answered. */
bool call_wants_csv(struct call *c, bool *out);
/* c->out as a table to be handed on, with its entry in the audit trail. */
void call_answer_table(struct call *c, struct str name);

/* Reads the list and answers: a page of it by ?limit= and ?cursor=, or with `whole` all rows. */
void list_answer(
	struct call *c, const char *name, enum list list, const struct list_filter *f, bool whole);

#endif
