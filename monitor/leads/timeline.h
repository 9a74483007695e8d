/* The timeline of a lead (monitor/store/timeline.h) as text, Markdown, JSON and rows of CSV. Pure but for reading. */
#ifndef HARK_LEADS_TIMELINE_H
#define HARK_LEADS_TIMELINE_H

#include "monitor/base/jsonout.h"
#include "monitor/store/timeline.h"

#define TIMELINE_ROWS_MAX 200
/* Salesforce takes 32,768 letters in a long text area, HubSpot 65,536 in a property. */
#define TIMELINE_FIELD_MAX 30000

/* "first signal 2026-09-01, 84 d before the first answer (2026-11-24); 12 signals"; without a newline. */
void timeline_head(const struct timeline *t, struct buf *out);
/* "2026-09-01 praise by Ana Lopez in forum: …  https://…"; without a newline. */
void timeline_line(const struct timeline_row *r, struct buf *out);
/* Head and lines for a field of another system, at most `max` bytes: older lines go first, and it says how many. */
void timeline_text(const struct timeline *t, size_t max, struct buf *out);
void timeline_markdown(const struct lead *lead, const struct timeline *t, struct buf *out);
void timeline_json(const struct lead *lead, const struct timeline *t, struct jsonout *j);
/* One row a line, for a spreadsheet. */
void timeline_csv(const struct timeline *t, struct buf *out);

#endif
