/* Leads as CSV: for spreadsheets and for what CRMs import. One thread. */
#ifndef HARK_LEADS_TABLE_H
#define HARK_LEADS_TABLE_H

#include "monitor/base/buf.h"
#include "monitor/store/leads.h"

struct leads_profile;
#define LEADS_PROFILES "plain, hubspot, salesforce-lead, hubspot-note or salesforce-task"
/* How many leads one table has, unless more are asked for, and the most. */
#define LEADS_TABLE_DEFAULT 1000
#define LEADS_TABLE_MAX 10000

/* The first of LEADS_PROFILES if absent; NULL: there is none of that name. Static. */
const struct leads_profile *leads_profile(struct str name);
void leads_table_head(const struct leads_profile *p, struct buf *out);
/* One row; of hubspot-note and salesforce-task one for each open opportunity of that system at the lead's account, so
 * perhaps none; none either of who asks to be left alone. Fills lead->known. */
int leads_table_row(const struct leads_profile *p, struct store *s, struct lead *lead,
	int64_t now_ms, struct arena *arena, struct buf *out, struct hark_err *err);

#endif
