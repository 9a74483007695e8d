/* What is held about a person, as JSON, for the command line and the API alike. */
#ifndef HARK_API_VIEW_PRIVACY_H
#define HARK_API_VIEW_PRIVACY_H

#include "monitor/notify/notice.h"
#include "monitor/store/audit.h"
#include "monitor/store/privacy.h"
#include "monitor/store/retention.h"

/* One whole object. `look`: nothing was removed. */
void view_privacy_counts(struct jsonout *j, const struct privacy_counts *counts,
	const struct privacy_hits *hits, bool look);
/* One whole object: what was listed, or with `look` what would be left alone. */
void view_privacy_opt_out(struct jsonout *j, const struct privacy_found *found,
	const struct privacy_counts *counts, const struct privacy_hits *hits, bool look);
/* An array, under the key "by_name": what names alone hit. Nothing where there is none. */
void view_privacy_hits(struct jsonout *j, const struct privacy_hits *hits);
void view_audit(struct jsonout *j, const struct audit_entry *entry);
/* `notice`: what they are told; NULL: that is not asked. */
void view_privacy_due(
	struct jsonout *j, const struct privacy_due *due, const struct notice *notice);

/* The texts with which people are told, as an array. */
void view_privacy_notices(struct jsonout *j, const struct conf *conf);
/* How long what is kept. `due`: what is due now; NULL: that is not asked. One object. */
void view_privacy_retention(
	struct jsonout *j, const struct conf *conf, const struct retention_counts *due);

/* An access export: {"made": …, "data": {"person": [{…}], …}}; view_privacy_row() is for privacy_export(). */
struct view_export {
	struct jsonout *j;
	const char *section; /* of the last row, NULL at first */
};
void view_privacy_start(struct view_export *e, struct jsonout *j, int64_t now_ms);
void view_privacy_row(
	void *view_export, const char *section, const struct privacy_cell *cells, size_t n);
void view_privacy_end(struct view_export *e);

/* Whether the trail is whole. One object. */
void view_audit_check(struct jsonout *j, const struct audit_check *check);

#endif
