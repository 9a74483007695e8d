#include "monitor/api/judged_view.h"

const char *near_verdict_name(const struct near_row *row)
{
	static const char *const names[] = {[NEAR_OPEN] = "",
		[NEAR_RELEVANT] = "relevant",
		[NEAR_NOT_RELEVANT] = "not-relevant"};
	return names[row->verdict];
}

void near_sample_json(
	const struct near_sample *sample, const struct near_row *v, size_t n, struct jsonout *j)
{
	jsonout_object(j);
	if (sample->id == 0) {
		jsonout_key_c(
			j, "empty", "none was taken yet: hark rules near-misses takes the week's");
	}
	jsonout_key_time(j, "from", sample->from_ms);
	jsonout_key_time(j, "until", sample->until_ms);
	jsonout_key_i64(j, "near_misses", sample->misses);
	jsonout_key_i64(j, "found", sample->found);
	jsonout_key(j, "sample");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_i64(j, "id", v[i].id);
		jsonout_key_str(j, "rule", v[i].rule);
		jsonout_key_str(j, "url", v[i].url);
		jsonout_key_str(j, "title", v[i].title);
		jsonout_key_str(j, "text", v[i].text);
		jsonout_key_bool(j, "private", v[i].is_private);
		jsonout_key_c(
			j, "verdict", v[i].verdict != NEAR_OPEN ? near_verdict_name(&v[i]) : NULL);
		jsonout_key_str(j, "reason", v[i].reason);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	jsonout_end_object(j);
}

bool tuning_counts(const struct precision_row *row)
{
	return row->by == PRECISION_RULE || row->by == PRECISION_SYMBOL;
}

void tuning_json(
	const struct precision_row *v, size_t n, const struct score_weights *w, struct jsonout *j)
{
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		if (!tuning_counts(&v[i])) {
			continue;
		}
		bool rule = v[i].by == PRECISION_RULE;
		jsonout_object(j);
		jsonout_key_str(j, rule ? "rule" : "symbol", v[i].name);
		jsonout_key_i64(j, "n", v[i].n);
		jsonout_key_i64(j, "relevant", v[i].good);
		jsonout_key_i64(j, "score", v[i].scores / v[i].n);
		jsonout_key_bool(j, "enough", v[i].n >= TUNE_MIN);
		if (rule) {
			jsonout_key_i64(j, "change", precision_miss(&v[i]));
		} else {
			int weight = (int)w->v[v[i].symbol];
			jsonout_key_i64(j, "weight", weight);
			jsonout_key_i64(j, "proposed", precision_weight(&v[i], weight));
		}
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}
