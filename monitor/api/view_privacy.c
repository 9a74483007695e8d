#include "monitor/api/view_privacy.h"

#include "monitor/model/id.h"

#define EXAMPLE_MAX 300

void view_privacy_hits(struct jsonout *j, const struct privacy_hits *hits)
{
	if (hits->n == 0) {
		return;
	}
	jsonout_key(j, "by_name");
	jsonout_array(j);
	for (size_t i = 0; i < hits->n; i++) {
		const struct privacy_hit *hit = &hits->v[i];
		jsonout_object(j);
		jsonout_key_str(j, "name", hit->name);
		jsonout_key_str(j, "source", hit->source);
		jsonout_key_i64(j, "posts", hit->posts);
		jsonout_key(j, "examples");
		jsonout_array(j);
		for (size_t k = 0; k < hit->examples_n; k++) {
			jsonout_object(j);
			jsonout_key_time(j, "at", hit->examples[k].at_ms);
			jsonout_key_str(j, "url", hit->examples[k].url);
			jsonout_key_str(
				j, "text", str_cut_utf8(hit->examples[k].text, EXAMPLE_MAX));
			jsonout_key_bool(j, "private", hit->examples[k].is_private);
			jsonout_end_object(j);
		}
		jsonout_end_array(j);
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void view_privacy_counts(struct jsonout *j, const struct privacy_counts *counts,
	const struct privacy_hits *hits, bool look)
{
	jsonout_object(j);
	jsonout_key_bool(j, "dry_run", look);
	jsonout_key_i64(j, "people", counts->people);
	jsonout_key_i64(j, "accounts", counts->authors);
	jsonout_key_i64(j, "profiles", counts->profiles);
	jsonout_key_i64(j, "moves", counts->moves);
	jsonout_key_i64(j, "posts", counts->posts);
	jsonout_key_i64(j, "posts_of_others", counts->named);
	jsonout_key_i64(j, "leads", counts->leads);
	jsonout_key_i64(j, "leads_changed", counts->leads_changed);
	jsonout_key_i64(j, "alerts", counts->alerts);
	jsonout_key_i64(j, "other", counts->other);
	jsonout_key_i64(j, "opt_outs", counts->fingerprints);
	view_privacy_hits(j, hits);
	jsonout_end_object(j);
}

void view_privacy_opt_out(struct jsonout *j, const struct privacy_found *found,
	const struct privacy_counts *counts, const struct privacy_hits *hits, bool look)
{
	jsonout_object(j);
	if (look) {
		jsonout_key_bool(j, "dry_run", true);
	}
	jsonout_key_i64(j, "opt_outs", counts->fingerprints);
	jsonout_key_i64(j, "posts", (int64_t)found->posts.n);
	jsonout_key_i64(j, "leads", (int64_t)found->leads.n);
	view_privacy_hits(j, hits);
	jsonout_end_object(j);
}

void view_audit(struct jsonout *j, const struct audit_entry *entry)
{
	jsonout_object(j);
	jsonout_key_i64(j, "id", entry->id);
	jsonout_key_time(j, "at", entry->at_ms);
	jsonout_key_str(j, "actor", entry->actor);
	jsonout_key_str(j, "action", entry->action);
	jsonout_key_str(j, "target", entry->target);
	jsonout_key_str(j, "note", entry->note);
	jsonout_key_str(j, "hash", entry->hash);
	jsonout_end_object(j);
}

void view_privacy_due(struct jsonout *j, const struct privacy_due *due, const struct notice *notice)
{
	char lead[ID_TEXT_MAX];
	jsonout_object(j);
	if (due->person != 0) {
		jsonout_key_i64(j, "person", due->person);
	} else {
		jsonout_key_c(j, "lead", id_text(ID_LEAD, due->lead, lead));
	}
	jsonout_key_str(j, "name", due->name);
	jsonout_key_str(j, "kind", due->kind);
	jsonout_key_str(j, "origin", due->origin);
	jsonout_key_str(j, "address", due->address);
	jsonout_key_str(j, "language", due->lang);
	jsonout_key_time(j, "since", due->since_ms);
	jsonout_key_time(j, "due", due->due_ms);
	if (notice != NULL && notice->text.p == NULL) {
		jsonout_key_str(j, "missing", notice->missing);
	} else if (notice != NULL) {
		jsonout_key(j, "notice");
		jsonout_object(j);
		jsonout_key_str(j, "language", notice->lang);
		jsonout_key_str(j, "subject", notice->subject);
		jsonout_key_str(j, "text", notice->text);
		jsonout_end_object(j);
	}
	jsonout_end_object(j);
}

void view_privacy_start(struct view_export *e, struct jsonout *j, int64_t now_ms)
{
	*e = (struct view_export){.j = j};
	jsonout_object(j);
	jsonout_key_time(j, "made", now_ms);
	jsonout_key(j, "data");
	jsonout_object(j);
}

void view_privacy_row(
	void *view_export, const char *section, const struct privacy_cell *cells, size_t n)
{
	struct view_export *e = view_export;
	if (e->section == NULL || strcmp(e->section, section) != 0) {
		if (e->section != NULL) {
			jsonout_end_array(e->j);
		}
		e->section = section;
		jsonout_key(e->j, section);
		jsonout_array(e->j);
	}
	jsonout_object(e->j);
	for (size_t i = 0; i < n; i++) {
		jsonout_key_str(e->j, cells[i].name, cells[i].value);
	}
	jsonout_end_object(e->j);
}

void view_privacy_end(struct view_export *e)
{
	if (e->section != NULL) {
		jsonout_end_array(e->j);
	}
	jsonout_end_object(e->j);
	jsonout_end_object(e->j);
}

void view_audit_check(struct jsonout *j, const struct audit_check *check)
{
	jsonout_object(j);
	jsonout_key_bool(j, "whole", check->broken == 0 && check->found);
	jsonout_key_i64(j, "entries", check->entries);
	jsonout_key_i64(j, "broken", check->broken);
	jsonout_key_any(j, STR("head"));
	jsonout_str(j, str_c(check->head));
	jsonout_end_object(j);
}

void view_privacy_notices(struct jsonout *j, const struct conf *conf)
{
	jsonout_array(j);
	for (size_t i = 0; i < conf->notices_n; i++) {
		const struct conf_notice *n = &conf->notices[i];
		jsonout_object(j);
		jsonout_key_str(j, "language", str_c(n->lang));
		jsonout_key_str(j, "file", str_c(n->file));
		jsonout_key_str(j, "subject", str_c(n->subject));
		jsonout_key_str(j, "purpose", str_c(n->purpose));
		jsonout_key_str(j, "basis", str_c(n->basis));
		jsonout_key_str(j, "text", str_c(n->text));
		jsonout_end_object(j);
	}
	jsonout_end_array(j);
}

void view_privacy_retention(
	struct jsonout *j, const struct conf *conf, const struct retention_counts *due)
{
	jsonout_object(j);
	jsonout_key_i64(j, "unmatched_s", conf->keep_unmatched_ms / 1000);
	jsonout_key_i64(j, "leads_s", conf->keep_leads_ms / 1000);
	if (due != NULL) {
		jsonout_key(j, "due");
		jsonout_object(j);
		jsonout_key_i64(j, "posts", (int64_t)due->posts);
		jsonout_key_i64(j, "leads", (int64_t)due->leads);
		jsonout_end_object(j);
	}
	jsonout_end_object(j);
}
