#include "monitor/api/import_view.h"

void import_view(struct jsonout *j, const struct import_entry *e)
{
	jsonout_object(j);
	jsonout_key_i64(j, "import", e->id);
	jsonout_key_str(j, "kind", e->kind);
	jsonout_key_str(j, "system", e->system);
	jsonout_key_str(j, "file", e->file);
	jsonout_key_str(j, "hash", e->hash);
	jsonout_key_time(j, "at", e->at_ms);
	jsonout_key_str(j, "by", e->actor);
	jsonout_key_time(j, "undone", e->undone_ms);
	jsonout_key_str(j, "undone_by", e->undone_by);
	jsonout_key_i64(j, "rows", e->counts.rows);
	jsonout_key_i64(j, "new", e->counts.added);
	jsonout_key_i64(j, "changed", e->counts.changed);
	jsonout_key_i64(j, "unchanged", e->counts.unchanged);
	jsonout_key_i64(j, "rejected", e->counts.rejected);
	jsonout_key_i64(j, "reviews", e->counts.reviews);
	jsonout_key_i64(j, "opted_out", e->counts.opted_out);
	jsonout_end_object(j);
}
