/* Leads as a table, and the timeline of one (monitor/leads/table.h, timeline.h). */
#include "monitor/api/api_in.h"

#include "monitor/leads/states.h"
#include "monitor/leads/table.h"
#include "monitor/leads/timeline.h"
#include "monitor/model/id.h"

void leads_export(struct call *c)
{
	struct lead_filter f;
	struct lead *leads;
	struct hark_err err = {0};
	struct arena row; /* of one lead */
	size_t n;
	const struct leads_profile *p = leads_profile(http_query(c->x, "profile"));
	if (p == NULL) {
		call_refuse(c, 400, "'profile' is " LEADS_PROFILES);
		return;
	}
	if (!leads_filter(c, LEADS_TABLE_DEFAULT, LEADS_TABLE_MAX, &f)) {
		return;
	}
	if (store_lead_list(c->store, &f, c->arena, &leads, &n, &err) != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	leads_table_head(p, &c->out);
	size_t shown = n < f.max ? n : f.max - 1;
	int rc = HARK_OK;
	arena_init(&row, 0);
	for (size_t i = 0; i < shown && rc == HARK_OK; i++) {
		lead_as_of(&leads[i], c->now_ms);
		rc = leads_table_row(p, c->store, &leads[i], c->now_ms, &row, &c->out, &err);
		arena_reset(&row);
	}
	arena_release(&row);
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	if (!call_note(c)) {
		return;
	}
	http_header(c->x, "Content-Disposition", "attachment; filename=\"leads.csv\"");
	call_answer_as(c, 200, "text/csv; charset=utf-8");
}

void leads_timeline(struct call *c)
{
	struct lead lead;
	struct timeline timeline;
	struct hark_err err = {0};
	int64_t id;
	if (!id_parse(ID_LEAD, c->arg, &id)) {
		call_refuse(c, 404, "there is no lead of that name");
		return;
	}
	int rc = leads_load_seen(c->store, c, id, &lead, &err);
	rc = rc == HARK_OK ? store_timeline(c->store, &lead, c->now_ms, TIMELINE_ROWS_MAX, c->arena,
				     &timeline, &err)
			   : rc;
	if (rc != HARK_OK) {
		call_fail(c, &err);
		return;
	}
	timeline_json(&lead, &timeline, &c->j);
	if (call_note(c)) {
		call_answer(c, 200);
	}
}
