#include "monitor/api/report_view.h"

static const char *const clocks_kinds[] = {
	[CLOCKS_ALL] = "all", [CLOCKS_SOURCE] = "source", [CLOCKS_REP] = "rep"};
static const char *const step_keys[CLOCK_STEPS] = {[CLOCK_SEEN] = "post_to_seen",
	[CLOCK_ALERT] = "seen_to_alert",
	[CLOCK_CLAIM] = "alert_to_claim",
	[CLOCK_ANSWER] = "claim_to_answer",
	[CLOCK_WHOLE] = "post_to_answer"};

void report_view_clocks(struct jsonout *j, const struct clocks_row *v, size_t n)
{
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_c(j, "by", clocks_kinds[v[i].by]);
		jsonout_key_str(j, "name", v[i].name);
		jsonout_key_i64(j, "leads", v[i].leads);
		for (size_t k = 0; k < CLOCK_STEPS; k++) {
			const struct clock_times *t = &v[i].steps[k];
			jsonout_key(j, step_keys[k]);
			jsonout_object(j);
			jsonout_key_i64(j, "n", (int64_t)t->n);
			if (t->n > 0) {
				jsonout_key_i64(j, "p50_ms", t->p50_ms);
				jsonout_key_i64(j, "p95_ms", t->p95_ms);
			}
			jsonout_end_object(j);
		}
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void report_view_blind(struct jsonout *j, const struct blind_row *v, size_t n)
{
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "source", v[i].source);
		jsonout_key_time(j, "from", v[i].from_ms);
		jsonout_key_time(j, "until", v[i].until_ms);
		jsonout_key_c(j, "cause", v[i].cause);
		jsonout_key(j, "leads_missed");
		jsonout_double(j, v[i].missed);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}
