#include "monitor/api/why_not.h"

#include "monitor/api/explain_view.h"
#include "monitor/leads/decided.h"
#include "monitor/leads/raise.h"
#include "monitor/store/driver.h"
#include "monitor/store/leads.h"
#include "monitor/store/sources.h"
#include "rules/explain.h"

#define SIGNALS_MAX 1000

/* ---- which post ---- */

/* "SOURCE:ID" is no link. Of a post that whoever asks may not see the same is said as of one that is not there. */
static int not_stored(struct why_not *a, struct hark_err *err)
{
	struct str link = str_cut_utf8(a->asked.p != NULL ? a->asked : a->post.post.url, 300);
	struct str id = link, source;
	struct source_state state;
	if (str_find(link, STR("://")) != SIZE_MAX || !str_split(&id, ':', &source)) {
		return hark_err_set(err, HARK_ENOENT,
			"no stored post has the link '%.*s': its source has not said it, or it is "
			"forgotten (hark sources list)",
			STR_FMT(link));
	}
	int rc = store_source_load(a->view.store, source, a->view.arena, &state, err);
	if (rc == HARK_ENOENT) {
		return hark_err_set(err, rc,
			"no post '%.*s' is stored: there is no source '%.*s', or nothing came from it yet "
			"(hark sources list)",
			STR_FMT(link), STR_FMT(source));
	}
	return rc != HARK_OK
		       ? rc
		       : hark_err_set(err, HARK_ENOENT,
				 "no post '%.*s' is stored: source '%.*s' has not said it, or it is "
				 "forgotten",
				 STR_FMT(link), STR_FMT(source));
}

int why_not_find(struct why_not *a, struct str link, struct hark_err *err)
{
	struct store *s = a->view.store;
	a->asked = link;
	int64_t id = store_post_look_up(s, link);
	int rc = db_check(store_db(s), err);
	if (rc == HARK_OK && id == 0) {
		rc = not_stored(a, err);
	}
	return rc == HARK_OK ? store_post_load(s, id, a->view.arena, &a->post, err) : rc;
}

/* Of those that whoever asks may see. */
static const struct stored_signal *first_seen(
	const struct why_not *a, const struct stored_signal *v, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (lead_class_seen(v[i].visibility, a->seen_as)) {
			return &v[i];
		}
	}
	return NULL;
}

int why_not_find_lead(struct why_not *a, int64_t lead, struct str *rule, struct hark_err *err)
{
	const struct signal_filter filter = {.lead = lead, .max = SIGNALS_MAX};
	struct stored_signal *v = NULL;
	size_t n = 0;
	int rc = store_signal_list(a->view.store, &filter, a->view.arena, &v, &n, err);
	if (rc != HARK_OK) {
		return rc;
	}
	const struct stored_signal *first = first_seen(a, v, n);
	if (first == NULL) {
		return hark_err_set(err, HARK_ENOENT, "there is no lead_%lld, or it has no finding",
			(long long)lead);
	}
	*rule = first->rule;
	return store_post_load(a->view.store, first->post, a->view.arena, &a->post, err);
}

/* ---- what is known ---- */

static void add_flip(void *ctx, const char *change)
{
	struct why_not *a = ctx;
	if (a->flips_n < WHY_NOT_FLIPS_MAX) {
		a->flips[a->flips_n++] = arena_c(a->view.arena, str_c(change));
	}
}

/* Keeps those of the rule. False: whoever asks may not see one of them. */
static bool keep_of_rule(struct why_not *a, struct str rule)
{
	size_t kept = 0;
	for (size_t i = 0; i < a->own_n; i++) {
		if (str_eq(a->own[i].rule, rule)) {
			a->own[kept++] = a->own[i];
			if (!lead_class_seen(a->own[i].visibility, a->seen_as)) {
				return false;
			}
		}
	}
	a->own_n = kept;
	return true;
}

static void keep_seen(struct why_not *a)
{
	size_t kept = 0;
	for (size_t i = 0; i < a->story_n; i++) {
		if (lead_class_seen(a->story[i].visibility, a->seen_as)) {
			a->story[kept++] = a->story[i];
		}
	}
	a->story_n = kept;
}

/* As a search does, it shows a post in which nothing was found, or something that whoever asks may see. */
static int load_signals(struct why_not *a, struct str rule, struct hark_err *err)
{
	const struct why_view *w = &a->view;
	const struct signal_filter own = {.post = a->post.id, .max = SIGNALS_MAX};
	const struct signal_filter story = {
		.story = a->post.story, .rule = rule, .max = SIGNALS_MAX};
	int rc = store_signal_list(w->store, &own, w->arena, &a->own, &a->own_n, err);
	rc = rc == HARK_OK
		     ? store_signal_list(w->store, &story, w->arena, &a->story, &a->story_n, err)
		     : rc;
	if (rc != HARK_OK) {
		return rc;
	}
	bool shown = a->own_n == 0 || first_seen(a, a->own, a->own_n) != NULL;
	if (!keep_of_rule(a, rule) || !shown) {
		return not_stored(a, err);
	}
	keep_seen(a);
	return HARK_OK;
}

static int load_lead(struct why_not *a, int64_t now_ms, struct hark_err *err)
{
	const struct why_view *w = &a->view;
	int64_t id = a->own_n > 0 ? a->own[0].lead : a->story_n > 0 ? a->story[0].lead : 0;
	if (id == 0) {
		return HARK_OK;
	}
	int rc = store_lead_load(w->store, id, w->arena, &a->lead, err);
	if (rc == HARK_OK && !lead_class_seen(a->lead.visibility, a->seen_as)) {
		rc = not_stored(a, err);
	}
	a->has_lead = rc == HARK_OK;
	rc = rc == HARK_OK ? store_alert_list(w->store, id, w->arena, &a->alerts, &a->alerts_n, err)
			   : rc;
	rc = rc == HARK_OK ? store_decision_list(
				     w->store, id, w->arena, &a->decisions, &a->decisions_n, err)
			   : rc;
	if (rc == HARK_OK && a->alerts_n == 0 && raise_alerts(&a->lead)) {
		rc = decided_flips(w->store, a->conf, &a->lead, now_ms, w->arena, add_flip, a, err);
	}
	return rc == HARK_OK ? decided_delays(w->store, a->conf, &a->lead, a->decisions,
				       a->decisions_n, w->arena, add_flip, a, err)
			     : rc;
}

int why_not_tell(struct why_not *a, struct str rule, int64_t now_ms, struct hark_err *err)
{
	const struct why_view *w = &a->view;
	int rc = w->matcher != NULL ? matcher_explain(w->matcher, &a->post.post, rule, STR_NONE,
					      w->arena, &a->now, err)
				    : HARK_OK;
	rc = rc == HARK_OK ? load_signals(a, rule, err) : rc;
	rc = rc == HARK_OK ? load_lead(a, now_ms, err) : rc;
	if (rc == HARK_OK) {
		why_not_reasons(a, now_ms);
	}
	return rc;
}

/* ---- as JSON ---- */

static void reasons_json(const struct why_not *a, struct jsonout *j)
{
	jsonout_key(j, "reasons");
	jsonout_array(j);
	for (size_t i = 0; i < a->reasons_n; i++) {
		const struct reason *r = &a->reasons[i];
		jsonout_object(j);
		jsonout_key_c(j, "stage", r->stage);
		jsonout_key_c(j, "code", r->code);
		jsonout_key_str(j, "receiver", r->receiver);
		jsonout_key_str(j, "value", r->value);
		jsonout_key_str(j, "threshold", r->threshold);
		jsonout_key_str(j, "text", r->text);
		jsonout_key_str(j, "flip", r->flip);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

static void found_json(const struct why_not *a, struct jsonout *j)
{
	jsonout_key(j, "signals");
	jsonout_array(j);
	for (size_t i = 0; i < a->own_n; i++) {
		jsonout_object(j);
		why_signal_json(&a->own[i], j);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
	why_alerts_json(a->alerts, a->alerts_n, j);
}

static void flips_json(const struct why_not *a, struct jsonout *j)
{
	jsonout_key(j, "would_tell");
	jsonout_array(j);
	for (size_t i = 0; i < a->flips_n; i++) {
		jsonout_str(j, str_c(a->flips[i]));
	}
	jsonout_end_array(j);
}

void why_not_json(const struct why_not *a, struct jsonout *j)
{
	bool is_post = a->post.id != 0;
	jsonout_object(j);
	if (is_post) {
		why_post_json(&a->post, j);
	}
	reasons_json(a, j);
	if (is_post) {
		found_json(a, j);
	}
	flips_json(a, j);
	if (a->now != NULL && !a->post.gone && !a->post.sensitive) {
		jsonout_key(j, "explanation");
		explain_json(a->now, &a->post.post, j);
	}
	jsonout_end_object(j);
}
