#include "monitor/api/why_view.h"

#include "monitor/api/explain_view.h"
#include "monitor/model/id.h"
#include "monitor/model/lead.h"
#include "monitor/model/step.h"
#include "rules/explain.h"

#define OUTPUT_MAX ((size_t)64 << 20)

struct explanation *why_explain(
	const struct why_view *w, const struct post *post, struct str rule, struct str file)
{
	struct explanation *x = NULL;
	if (w->matcher == NULL) {
		return NULL;
	}
	if (matcher_explain(w->matcher, post, rule, file, w->arena, &x, NULL) != HARK_OK &&
		file.n > 0) {
		matcher_explain(w->matcher, post, rule, STR_NONE, w->arena, &x, NULL);
	}
	return x;
}

/* ---- parts ---- */

static void json_id(struct jsonout *j, const char *key, const char *kind, int64_t id)
{
	char text[ID_TEXT_MAX];
	if (id != 0) {
		jsonout_key_c(j, key, id_text(kind, id, text));
	}
}

void why_signal_json(const struct stored_signal *s, struct jsonout *j)
{
	unsigned bit;
	json_id(j, "id", ID_SIGNAL, s->id);
	json_id(j, "lead", ID_LEAD, s->lead);
	json_id(j, "story", ID_CLUSTER, s->story);
	jsonout_key_str(j, "rule", s->rule);
	jsonout_key_str(j, "rule_file", s->rule_file);
	jsonout_key_str(j, "rule_hash", s->rule_hash);
	jsonout_key_str(j, "lists", s->lists);
	jsonout_key_str(j, "kind", s->kind);
	jsonout_key_i64(j, "score", s->score);
	jsonout_key(j, "flags");
	jsonout_array(j);
	for (size_t i = 0; signal_flag_at(i, &bit) != NULL; i++) {
		if ((s->flags & bit) != 0) {
			jsonout_str(j, str_c(signal_flag_at(i, &bit)));
		}
	}
	jsonout_end_array(j);
	jsonout_key_bool(j, "historic", s->historic);
	jsonout_key_str(j, "visibility", s->visibility);
	jsonout_key_str(j, "explain", s->explain);
	jsonout_key(j, "spans");
	jsonout_raw(j, s->spans.n > 0 ? s->spans : STR("[]"));
	jsonout_key(j, "entities");
	jsonout_raw(j, s->entities.n > 0 ? s->entities : STR("[]"));
	jsonout_key_time(j, "created", s->created_ms);
	jsonout_key_time(j, "gone", s->gone_ms);
}

void why_alerts_json(const struct stored_alert *v, size_t n, struct jsonout *j)
{
	jsonout_key(j, "alerts");
	jsonout_array(j);
	for (size_t i = 0; i < n; i++) {
		jsonout_object(j);
		jsonout_key_str(j, "receiver", v[i].receiver);
		jsonout_key_str(j, "state", v[i].state);
		jsonout_key_i64(j, "attempt", v[i].attempt);
		jsonout_key_time(j, "done", v[i].done_ms);
		jsonout_key_str(j, "error", v[i].error);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void why_post_json(const struct stored_post *p, struct jsonout *j)
{
	struct buf b;
	buf_init(&b, OUTPUT_MAX);
	post_write_json(&p->post, &b);
	jsonout_key(j, "post");
	jsonout_raw(j, b.rc == HARK_OK ? buf_str(&b) : STR("null"));
	jsonout_key_bool(j, "private", p->post.visibility == VISIBILITY_PRIVATE);
	jsonout_key_bool(j, "historic_post", p->historic);
	jsonout_key_bool(j, "gone_post", p->gone);
	jsonout_key_time(j, "seen", p->seen_ms);
	buf_release(&b);
}

/* ---- one signal ---- */

int why_look_up(const struct why_view *w, const struct stored_signal *signal, struct why_told *t,
	struct hark_err *err)
{
	*t = (struct why_told){.signal = *signal};
	struct hark_err gone = {0};
	int rc = store_post_load(w->store, signal->post, w->arena, &t->post, &gone);
	t->has_post = rc == HARK_OK;
	t->of_policy = signal->rule_hash.n == 0;
	if (t->has_post && !t->of_policy) {
		t->now = why_explain(w, &t->post.post, signal->rule, signal->rule_file);
	}
	t->same_rule = t->now != NULL && str_eq_c(signal->rule_hash, t->now->rule.hash);
	int rc_change = store_post_change(w->store, signal->post, &t->change, err);
	if (rc_change != HARK_OK) {
		return rc_change;
	}
	/* What a lead of a first poll is alerted about later is not this one's. */
	bool is_told = signal->lead != 0 && !signal->historic;
	return is_told ? store_alert_list(
				 w->store, signal->lead, w->arena, &t->alerts, &t->alerts_n, err)
		       : HARK_OK;
}

static const char *rule_now(const struct why_told *t)
{
	return t->of_policy     ? "policy"
	       : t->same_rule   ? "same"
	       : t->now != NULL ? "changed"
	       : t->has_post    ? "gone"
				: "unknown";
}

static void change_json(const struct post_change *c, struct jsonout *j)
{
	const struct step_edits edits = {c->edits, c->edited_ms, c->before, c->after};
	jsonout_key_time(j, "post_deleted", c->deleted_ms);
	if (c->edits > 0) {
		step_edits_json("post_edits", &edits, j);
	}
}

void why_told_json(const struct why_told *t, struct jsonout *j)
{
	jsonout_object(j);
	why_signal_json(&t->signal, j);
	jsonout_key_c(j, "rule_now", rule_now(t));
	if (t->has_post) {
		why_post_json(&t->post, j);
	}
	change_json(&t->change, j);
	why_alerts_json(t->alerts, t->alerts_n, j);
	if (t->same_rule && !t->post.gone) {
		jsonout_key(j, "explanation");
		explain_json(t->now, &t->post.post, j);
	}
	jsonout_end_object(j);
}
